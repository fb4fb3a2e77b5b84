//! Dates as people's exports write them, to unix seconds. It knows nothing of files.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::TimeZone};

/// Above this a bare number is milliseconds: as seconds it would be in the year 5138.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// Unix seconds of a date in RFC 3339, RFC 2822 or plain `YYYY-MM-DD[ HH:MM[:SS]]` (taken as UTC), or a bare unix time.
pub(super) fn parse_text(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        // "2024" alone is a year, not 34 minutes past the epoch.
        return (text.len() > 6).then(|| from_number(number));
    }
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(timestamp.as_second());
    }
    if let Ok(timestamp) = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text) {
        return Some(timestamp.as_second());
    }
    let civil = text.parse::<DateTime>().ok().or_else(|| text.parse::<Date>().ok().map(|date| date.at(0, 0, 0, 0)))?;
    TimeZone::UTC.to_timestamp(civil).ok().map(Timestamp::as_second)
}

/// Unix seconds of a number that is seconds or milliseconds.
pub(super) fn from_number(number: i64) -> i64 {
    if number.abs() >= MILLISECONDS_FROM { number / 1000 } else { number }
}
