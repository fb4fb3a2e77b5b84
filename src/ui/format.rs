//! Numbers and foreign text as they are shown: with units, within a width, and unable to harm the terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub use crate::app::present::words::day;
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

#[must_use]
pub fn duration(seconds: f64) -> String {
    let seconds = seconds.round().max(0.0) as u64;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// `1:31`, `2:01:00`: for where there is little room.
#[must_use]
pub fn clock(seconds: f64) -> String {
    let seconds = seconds.round().max(0.0) as u64;
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    if minutes < 60 {
        format!("{minutes}:{seconds:02}")
    } else {
        format!("{}:{:02}:{seconds:02}", minutes / 60, minutes % 60)
    }
}

#[must_use]
pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// A measured value: small numbers with decimals, large ones with one.
#[must_use]
pub fn measured(value: f64) -> String {
    if value.abs() < 10.0 { format!("{value:.2}") } else { format!("{value:.1}") }
}

/// `1 text`, `2 texts`, `12 345 texts`.
#[must_use]
pub fn count(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", thousands(number))
}

/// Digits in groups of three.
#[must_use]
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_readable() {
        assert_eq!(thousands(1_234_567), "1 234 567");
        assert_eq!(thousands(999), "999");
        assert_eq!(count(1, "text"), "1 text");
        assert_eq!(count(2000, "text"), "2 000 texts");
        assert_eq!((day(1_715_883_956), day(i64::MAX)), ("2024-05-16".into(), "no date".into()));
        assert_eq!(duration(59.6), "1 min 00 s");
        assert_eq!(duration(7260.0), "2 h 01 min");
        assert_eq!((clock(91.2), clock(7260.0)), ("1:31".into(), "2:01:00".into()));
        assert_eq!(megabytes(98_362_432), "98.4 MB");
        assert_eq!((measured(9.4), measured(18.24)), ("9.40".into(), "18.2".into()));
    }

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
