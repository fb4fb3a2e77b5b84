//! How things look: styles by their role, read from TOML, and the characters that plots are made of.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::Marker;
use ratatui::symbols::border;
use serde::{Deserialize, Deserializer};

const DEFAULT: &str = include_str!("../../themes/default.toml");
const MONO: &str = include_str!("../../themes/mono.toml");

/// Why a theme cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the theme cannot be used: {0}")]
pub struct ThemeError(#[from] toml::de::Error);

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    pub name: String,
    pub styles: Styles,
    #[serde(skip)]
    pub glyphs: Glyphs,
}

/// One style a role.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Styles {
    #[serde(deserialize_with = "style")]
    pub text: Style,
    #[serde(deserialize_with = "style")]
    pub dim: Style,
    #[serde(deserialize_with = "style")]
    pub heading: Style,
    #[serde(deserialize_with = "style")]
    pub key: Style,
    #[serde(deserialize_with = "style")]
    pub tab: Style,
    #[serde(deserialize_with = "style")]
    pub tab_here: Style,
    #[serde(deserialize_with = "style")]
    pub selected: Style,
    /// The person.
    #[serde(deserialize_with = "style")]
    pub user: Style,
    /// The base model.
    #[serde(deserialize_with = "style")]
    pub base: Style,
    /// A model of the library.
    #[serde(deserialize_with = "style")]
    pub other: Style,
    #[serde(deserialize_with = "style")]
    pub good: Style,
    #[serde(deserialize_with = "style")]
    pub bad: Style,
    #[serde(deserialize_with = "style")]
    pub guide: Style,
    #[serde(deserialize_with = "style")]
    pub field: Style,
    #[serde(deserialize_with = "style")]
    pub rule: Style,
}

/// A style as it is written in a theme.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    fg: Option<String>,
    bg: Option<String>,
    #[serde(default)]
    bold: bool,
    #[serde(default)]
    dim: bool,
    #[serde(default)]
    italic: bool,
    #[serde(default)]
    underlined: bool,
    #[serde(default)]
    reversed: bool,
}

fn style<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Style, D::Error> {
    let written = Written::deserialize(deserializer)?;
    let colour = |name: Option<String>| {
        name.map(|name| {
            name.parse::<Color>().map_err(|_| {
                serde::de::Error::custom(format!("`{name}` is no colour; there are black, red, lightblue and the like"))
            })
        })
        .transpose()
    };
    let mut style = Style { fg: colour(written.fg)?, bg: colour(written.bg)?, ..Style::default() };
    for (wanted, modifier) in [
        (written.bold, Modifier::BOLD),
        (written.dim, Modifier::DIM),
        (written.italic, Modifier::ITALIC),
        (written.underlined, Modifier::UNDERLINED),
        (written.reversed, Modifier::REVERSED),
    ] {
        if wanted {
            style = style.add_modifier(modifier);
        }
    }
    Ok(style)
}

/// The characters of plots and marks.
#[derive(Clone, Debug)]
pub struct Glyphs {
    pub user: &'static str,
    pub base: &'static str,
    pub other: &'static str,
    pub track: &'static str,
    pub span: &'static str,
    pub centre: &'static str,
    pub full: &'static str,
    pub empty: &'static str,
    pub cursor: &'static str,
    pub chosen: &'static str,
    /// Beside the heading of the column that is sorted by.
    pub falling: &'static str,
    pub rising: &'static str,
    pub rule: &'static str,
    pub spinner: &'static [&'static str],
    pub marker: Marker,
    pub border: border::Set<'static>,
}

impl Glyphs {
    #[must_use]
    pub fn unicode() -> Self {
        Self {
            user: "●",
            base: "○",
            other: "◆",
            track: "─",
            span: "━",
            centre: "┼",
            full: "█",
            empty: "░",
            cursor: "▸",
            chosen: "★",
            falling: "▼",
            rising: "▲",
            rule: "─",
            spinner: &["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
            marker: Marker::Braille,
            border: border::ROUNDED,
        }
    }

    #[must_use]
    pub fn ascii() -> Self {
        let line = border::Set {
            top_left: "+",
            top_right: "+",
            bottom_left: "+",
            bottom_right: "+",
            vertical_left: "|",
            vertical_right: "|",
            horizontal_top: "-",
            horizontal_bottom: "-",
        };
        Self {
            user: "#",
            base: "o",
            other: "x",
            track: "-",
            span: "=",
            centre: "|",
            full: "#",
            empty: ".",
            cursor: ">",
            chosen: "*",
            falling: "v",
            rising: "^",
            rule: "-",
            spinner: &["|", "/", "-", "\\"],
            marker: Marker::Dot,
            border: line,
        }
    }
}

impl Default for Glyphs {
    fn default() -> Self {
        Self::unicode()
    }
}

impl Theme {
    /// # Errors
    /// When the text is no theme; the message says where.
    pub fn parse(text: &str) -> Result<Self, ThemeError> {
        Ok(toml::from_str(text)?)
    }

    /// The shipped theme for this terminal.
    ///
    /// # Errors
    /// When a shipped theme is malformed.
    pub fn shipped(colour: bool, unicode: bool) -> Result<Self, ThemeError> {
        let mut theme = Self::parse(if colour { DEFAULT } else { MONO })?;
        if !unicode {
            theme.glyphs = Glyphs::ascii();
        }
        Ok(theme)
    }

    /// The theme for the terminal the environment tells of.
    ///
    /// # Errors
    /// When a shipped theme is malformed.
    pub fn for_terminal() -> Result<Self, ThemeError> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let colour = variable("NO_COLOR").is_none();
        // The first that is set decides, as in setlocale(3). Where none is set, terminals of today read UTF-8.
        let locale = variable("LC_ALL").or_else(|| variable("LC_CTYPE")).or_else(|| variable("LANG"));
        let encoded = locale.is_none_or(|locale| locale.to_lowercase().replace('-', "").contains("utf8"));
        let console = variable("TERM").as_deref() == Some("linux");
        Self::shipped(colour, encoded && !console)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(theme: &Theme) -> Vec<Style> {
        let s = &theme.styles;
        vec![
            s.text, s.dim, s.heading, s.key, s.tab, s.tab_here, s.selected, s.user, s.base, s.other, s.good, s.bad,
            s.guide, s.field, s.rule,
        ]
    }

    #[test]
    fn the_default_theme_keeps_to_the_sixteen_colours() {
        for style in roles(&Theme::shipped(true, true).unwrap()) {
            for colour in [style.fg, style.bg].into_iter().flatten() {
                assert!(!matches!(colour, Color::Rgb(..) | Color::Indexed(_)), "{colour:?}");
            }
        }
    }

    #[test]
    fn the_mono_theme_has_no_colour_and_still_tells_the_tab_apart() {
        let theme = Theme::shipped(false, true).unwrap();
        assert!(roles(&theme).iter().all(|style| style.fg.is_none() && style.bg.is_none()));
        assert_ne!(theme.styles.tab, theme.styles.tab_here);
    }

    #[test]
    fn a_bad_theme_says_what_is_wrong() {
        let wrong = DEFAULT.replace("\"cyan\"", "\"cyanish\"");
        assert!(Theme::parse(&wrong).unwrap_err().to_string().contains("`cyanish` is no colour"));
        assert!(Theme::parse("name = 'x'").is_err());
    }
}
