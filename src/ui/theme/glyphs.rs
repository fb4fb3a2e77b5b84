//! The characters that plots and marks are made of, in Unicode and in ASCII. It knows no colours.

use ratatui::symbols::Marker;
use ratatui::symbols::border;

#[derive(Clone, Debug)]
pub struct Glyphs {
    pub user: &'static str,
    pub base: &'static str,
    pub other: &'static str,
    pub span: &'static str,
    pub centre: &'static str,
    pub full: &'static str,
    pub empty: &'static str,
    pub cursor: &'static str,
    pub chosen: &'static str,
    /// A step that is done.
    pub done: &'static str,
    /// Beside the heading of the column that is sorted by.
    pub falling: &'static str,
    pub rising: &'static str,
    pub rule: &'static str,
    /// Between two facts in a line.
    pub dot: &'static str,
    /// Columns of one cell, from the lowest to the highest.
    pub levels: &'static [&'static str],
    pub spinner: &'static [&'static str],
    pub marker: Marker,
    pub border: border::Set<'static>,
}

impl Glyphs {
    /// The set for a terminal that reads UTF-8, or for one that does not.
    pub fn of(unicode: bool) -> Self {
        if unicode { Self::UNICODE } else { Self::ASCII }
    }

    pub const UNICODE: Self = Self {
        user: "●",
        base: "○",
        other: "◆",
        span: "━",
        centre: "┼",
        full: "█",
        empty: "░",
        cursor: "▸",
        chosen: "★",
        done: "✓",
        falling: "▼",
        rising: "▲",
        rule: "─",
        dot: "·",
        levels: &["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
        spinner: &["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
        marker: Marker::Braille,
        border: border::ROUNDED,
    };

    pub const ASCII: Self = Self {
        user: "#",
        base: "o",
        other: "x",
        span: "=",
        centre: "|",
        full: "#",
        empty: ".",
        cursor: ">",
        chosen: "*",
        done: "v",
        falling: "v",
        rising: "^",
        rule: "-",
        dot: "|",
        levels: &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        spinner: &["|", "/", "-", "\\"],
        marker: Marker::Dot,
        border: PLAIN,
    };
}

const PLAIN: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

/// Whether the terminal that the environment tells of shows Unicode.
pub(super) fn shows_unicode(variable: impl Fn(&str) -> Option<String>) -> bool {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    // The first that is set decides, as in setlocale(3). Where none is set, terminals of today read UTF-8.
    let locale = variable("LC_ALL").or_else(|| variable("LC_CTYPE")).or_else(|| variable("LANG"));
    let encoded = locale.is_none_or(|locale| locale.to_lowercase().replace('-', "").contains("utf8"));
    // The Linux console reads UTF-8, but its font lacks most of the characters.
    encoded && variable("TERM").as_deref() != Some("linux")
}
