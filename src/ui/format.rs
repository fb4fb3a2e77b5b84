//! Numbers and untrusted text as they are shown: with units, within a width, and safe for the terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub use crate::app::present::words::{count, day, duration, measured, mebibytes, megabytes, thousands};
use crate::platform::text::escape_for_terminal;

/// Foreign text for a place where it must stay on one line.
pub fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    escape_for_terminal(&words.join(" ")).into_owned()
}

/// Foreign text whose lines stay lines; tabs, whose width no one knows, become spaces.
pub fn lines(text: &str) -> String {
    escape_for_terminal(&text.replace("\r\n", "\n").replace('\t', "    ")).into_owned()
}

/// `text` within `width` columns, with an ellipsis at the end where it had to be cut.
pub fn fit(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 0;
    let kept = text.chars().take_while(|character| {
        used += character.width().unwrap_or(0);
        used < width
    });
    kept.chain((width > 0).then_some('…')).collect()
}

/// As [`fit`], but the end, which tells paths apart, is what stays.
pub fn fit_end(text: &str, width: usize) -> String {
    let turned = |text: &str| -> String { text.chars().rev().collect() };
    turned(&fit(&turned(text), width))
}

/// `text` in exactly `width` columns.
pub fn pad(text: &str, width: usize) -> String {
    let text = fit(text, width);
    let missing = width.saturating_sub(text.width());
    text + &" ".repeat(missing)
}

/// As [`pad`], to the right.
pub fn pad_left(text: &str, width: usize) -> String {
    let text = fit(text, width);
    " ".repeat(width.saturating_sub(text.width())) + &text
}
