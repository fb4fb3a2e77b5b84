//! Numbers and foreign text as they are shown: with units, within a width, and unable to harm the terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub use crate::app::present::words::{count, day, duration, measured, megabytes, thousands};
use crate::platform::text::escape_for_terminal;

/// Foreign text for a place where it must stay on one line.
#[must_use]
pub fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    escape_for_terminal(&words.join(" ")).into_owned()
}

/// Foreign text whose lines stay lines; tabs, whose width no one knows, become spaces.
#[must_use]
pub fn lines(text: &str) -> String {
    escape_for_terminal(&text.replace("\r\n", "\n").replace('\t', "    ")).into_owned()
}

/// `text` within `width` columns, with an ellipsis at the end where it had to be cut.
#[must_use]
pub fn fit(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let (mut shown, mut used) = (String::new(), 0);
    for character in text.chars() {
        let columns = character.width().unwrap_or(0);
        if used + columns >= width {
            break;
        }
        shown.push(character);
        used += columns;
    }
    if width > 0 {
        shown.push('…');
    }
    shown
}

/// As [`fit`], but the end, which tells paths apart, is what stays.
#[must_use]
pub fn fit_end(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let (mut kept, mut used) = (Vec::new(), 0);
    for character in text.chars().rev() {
        let columns = character.width().unwrap_or(0);
        if used + columns >= width {
            break;
        }
        kept.push(character);
        used += columns;
    }
    let start = if width > 0 { "…" } else { "" };
    start.chars().chain(kept.into_iter().rev()).collect()
}

/// `text` in exactly `width` columns.
#[must_use]
pub fn pad(text: &str, width: usize) -> String {
    let text = fit(text, width);
    let missing = width.saturating_sub(text.width());
    text + &" ".repeat(missing)
}

/// As [`pad`], to the right.
#[must_use]
pub fn pad_left(text: &str, width: usize) -> String {
    let text = fit(text, width);
    " ".repeat(width.saturating_sub(text.width())) + &text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn foreign_text_cannot_leave_its_line() {
        assert_eq!(one_line("a\n\tb\x1b[2J"), "a b\u{241b}[2J");
        assert_eq!(lines("a\r\nb\tc\x07"), "a\nb    c\u{2407}");
    }

    proptest! {
        #[test]
        fn what_is_fitted_fits(text in any::<String>(), width in 0usize..30) {
            let text = one_line(&text);
            prop_assert!(fit(&text, width).width() <= width);
            prop_assert!(fit_end(&text, width).width() <= width);
            prop_assert_eq!(pad(&text, width).width(), width);
        }
    }
}
