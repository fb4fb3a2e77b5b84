//! Numbers, sizes and times as people read them, the same everywhere.

use crate::selection::short_percent;

/// A text with a capital at its start.
pub fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// A text as a sentence: begins with a capital and ends with a full stop.
pub fn sentence(text: &str) -> String {
    let text = capitalised(text);
    if text.is_empty() || text.ends_with(['.', '!', '?']) { text } else { text + "." }
}

/// `1 text`, `2 texts`, `12,345 texts`.
pub fn count(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", thousands(number))
}

/// Digits in groups of three: `12,345`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

pub fn duration(seconds: f64) -> String {
    let seconds = seconds.round().max(0.0) as u64;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}

pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

pub fn mebibytes(number: u64) -> String {
    format!("{} MiB", thousands(usize::try_from(number).unwrap_or(usize::MAX)))
}

/// A measured value: small numbers with two decimals, large ones with one.
pub fn measured(value: f64) -> String {
    if value.abs() < 10.0 { format!("{value:.2}") } else { format!("{value:.1}") }
}

/// A number with its sign, unless it is zero when rounded.
pub fn signed(value: f64, decimals: usize) -> String {
    let number = format!("{value:+.decimals$}");
    let is_zero = !number.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    number.get(usize::from(is_zero)..).unwrap_or_default().to_owned()
}

/// A probability in a table: nothing is ever certain.
pub fn probability(value: f64) -> String {
    short_percent(value)
}

/// `a`, `a and b`, `a, b and c`.
pub fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The day of a text, in universal time: a text says its place less often than its date.
pub fn day(seconds: i64) -> String {
    let day = jiff::Timestamp::from_second(seconds).map(|time| time.to_zoned(jiff::tz::TimeZone::UTC).date());
    day.map_or_else(|_| "no date".to_owned(), |day| day.to_string())
}

/// Unix seconds as the user's clock shows them, to the minute.
pub fn moment(seconds: i64) -> String {
    let time = jiff::Timestamp::from_second(seconds).map(|time| time.to_zoned(jiff::tz::TimeZone::system()));
    time.map_or_else(|_| "at an unknown time".to_owned(), |time| time.strftime("%Y-%m-%d %H:%M").to_string())
}
