//! A theme as it is used: one style per role, and the characters of plots; and as a terminal can show it. Knows no files.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Style};

use super::depth::{Depth, contrast};
use super::glyphs::{Glyphs, shows_unicode};

#[derive(Clone, Debug)]
pub struct Theme {
    pub name: String,
    /// What the theme is made for; none where it is the terminal's own.
    pub background: Option<Color>,
    pub styles: Styles,
    pub glyphs: Glyphs,
}

/// What a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    pub depth: Depth,
    pub unicode: bool,
    /// Its background is light, as far as it says.
    pub light: bool,
}

impl Abilities {
    /// Those of the terminal the environment tells of. `variable` gives the value of a variable that is set.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        // "foreground;background", as numbers of the sixteen colours; 7 and from 9 on are light.
        let background = variable("COLORFGBG").and_then(|pair| pair.rsplit(';').next()?.parse::<u8>().ok());
        let light = background.is_some_and(|colour| colour == 7 || (9..16).contains(&colour));
        Self { depth: Depth::of(&variable), unicode: shows_unicode(&variable), light }
    }
}

macro_rules! roles {
    ($($(#[$note:meta])* $role:ident),+ $(,)?) => {
        /// One style a role.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Styles { $($(#[$note])* pub $role: Style,)+ }

        impl Styles {
            /// The names of the roles, as a theme file writes them.
            pub const ROLES: &'static [&'static str] = &[$(stringify!($role)),+];

            /// Asks for the style of each role.
            pub(super) fn of(style: impl Fn(&str) -> Style) -> Self {
                Self { $($role: style(stringify!($role))),+ }
            }

            /// Each role's name and style.
            pub fn each(&self) -> impl Iterator<Item = (&'static str, Style)> {
                [$((stringify!($role), self.$role)),+].into_iter()
            }

            fn map(&self, change: impl Fn(Style) -> Style) -> Self {
                Self { $($role: change(self.$role)),+ }
            }
        }
    };
}

roles! {
    text,
    dim,
    heading,
    key,
    tab,
    tab_here,
    selected,
    /// The person.
    user,
    /// The base model.
    base,
    /// A model of the library.
    other,
    good,
    bad,
    guide,
    field,
    rule,
    /// The border of the panel with the focus.
    focus,
}

impl Theme {
    /// With no more colours than a terminal of this depth has; without any it is the mono theme.
    ///
    /// # Panics
    /// When the shipped mono theme is malformed, which a test rules out.
    pub fn at(&self, depth: Depth) -> Self {
        if depth == Depth::None {
            let mono = Self::shipped(false, true).expect("shipped themes are tested");
            return Self { glyphs: self.glyphs.clone(), ..mono };
        }
        let background = self.background.map(|colour| depth.nearest(colour));
        let lowered = |style: Style| {
            let (fg, bg) = (style.fg.map(|colour| depth.nearest(colour)), style.bg.map(|colour| depth.nearest(colour)));
            // What was told apart from its ground only by a shade must not vanish in it.
            let vanished = fg.is_some() && fg == bg.or(background) && style.fg != style.bg.or(self.background);
            let fg = if vanished { fg.map(legible_on) } else { fg };
            Style { fg, bg, ..style }
        };
        Self { background, styles: self.styles.map(lowered), ..self.clone() }
    }

    /// Gives the cells that have no colours of their own the theme's, where it is made for a background.
    pub fn paint(&self, buffer: &mut Buffer) {
        let Some(background) = self.background else { return };
        for cell in &mut buffer.content {
            if cell.bg == Color::Reset {
                cell.bg = background;
            }
            if cell.fg == Color::Reset {
                cell.fg = self.styles.text.fg.unwrap_or(Color::Reset);
            }
        }
    }
}

/// Black or white, whichever stands out.
fn legible_on(ground: Color) -> Color {
    let against = |colour| contrast(colour, ground).unwrap_or_default();
    if against(Color::Black) > against(Color::White) { Color::Black } else { Color::White }
}
