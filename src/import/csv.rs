//! Comma-separated records to drafts: the first row names the fields, and a mapping says which of them are what. It knows nothing of what
//! the texts are.

use csv::ReaderBuilder;
use serde_json::{Map, Value};

use super::draft::{Pace, Parsed};
use super::jsonl::{self, RecordError, TooLong};
use super::options::ImportOptions;

/// What stands between two fields, depending on the program and the country.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Reads rows below a row of names. An empty field is none.
pub(super) fn drafts(text: &str, options: &ImportOptions, pace: &mut Pace<'_>) -> Result<Parsed, RecordError> {
    let names = text.lines().next().unwrap_or_default();
    let count = |delimiter: &u8| names.bytes().filter(|byte| byte == delimiter).count();
    let delimiter = DELIMITERS.into_iter().rev().max_by_key(count).unwrap_or(b',');
    let rows = || {
        let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
        let names = reader.headers().cloned().unwrap_or_default();
        reader.into_records().map(move |row| {
            let Ok(row) = row else { return Ok(None) };
            if row.as_slice().len() > options.max_line_bytes {
                return Err(TooLong);
            }
            let fields = names.iter().zip(&row).filter(|(_, value)| !value.trim().is_empty());
            Ok(Some(fields.map(|(name, value)| (name.trim().to_owned(), Value::from(value))).collect::<Map<_, _>>()))
        })
    };
    jsonl::read(rows, options, pace)
}
