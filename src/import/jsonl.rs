//! JSON records to drafts, by a mapping of fields that is given or guessed. It knows nothing of what the texts are.

use serde_json::{Map, Value};

use super::clean::{clean, reflow};
use super::dates;
use super::draft::{Author, Draft, Pace, Parsed};
use super::options::{FieldMap, ImportOptions};
use super::report::{DropReason, Hint, ImportError};

type Record = Map<String, Value>;

/// How many records are looked at to guess a mapping.
const SAMPLE: usize = 200;
/// How many field names an error lists.
const LISTED: usize = 30;

/// What a field may be called, likelier names first.
const TEXT: &str = "text body email message content response completion output answer reply comment post note entry";
const CONTEXT: &str = "prompt instruction question input context in_reply_to parent subject title topic";
const AUTHOR: &str = "author from sender user username speaker name author_name";
const DATE: &str = "date timestamp created_at time datetime created sent created_utc";

/// Why no draft could be made of any record.
pub(super) enum RecordError {
    Stopped(ImportError),
    NoRecords,
    /// No mapping was given, and no field is obviously the text.
    CannotGuess {
        existing: String,
    },
    /// A field of the mapping is in no record.
    NoSuchField {
        role: &'static str,
        field: String,
        existing: String,
    },
}

/// Reads lines of objects, or (`array`) one array of them.
pub(super) fn drafts(
    text: &str,
    array: bool,
    options: &ImportOptions,
    pace: &mut Pace<'_>,
) -> Result<Parsed, RecordError> {
    if array {
        let values: Vec<Value> = serde_json::from_str(text).map_err(|_| RecordError::NoRecords)?;
        read(|| values.iter().map(|value| Ok(value.as_object().cloned())), options, pace)
    } else {
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
        read(|| lines().map(|line| parse_line(line, options.max_line_bytes)), options, pace)
    }
}

pub(super) struct TooLong;

fn parse_line(line: &str, limit: usize) -> Result<Option<Record>, TooLong> {
    if line.len() > limit {
        return Err(TooLong);
    }
    Ok(serde_json::from_str(line).ok())
}

/// Goes through the records twice: for their fields, then for their texts. Large files are thus never held as JSON.
pub(super) fn read<I>(
    records: impl Fn() -> I,
    options: &ImportOptions,
    pace: &mut Pace<'_>,
) -> Result<Parsed, RecordError>
where
    I: Iterator<Item = Result<Option<Record>, TooLong>>,
{
    let sample: Vec<Record> = records().filter_map(|record| record.ok().flatten()).take(SAMPLE).collect();
    if sample.is_empty() {
        return Err(RecordError::NoRecords);
    }
    let mut parsed = Parsed::default();
    let map = if let Some(map) = &options.map {
        map.clone()
    } else {
        let map = guess(&sample).ok_or_else(|| RecordError::CannotGuess { existing: fields_of(&sample) })?;
        parsed.notes.push(format!("the fields were guessed: {map}"));
        parsed.hint = Some(Hint::FieldMap);
        map
    };
    let mut present = [false; 4];
    for record in records() {
        pace.step(parsed.drafts.len()).map_err(RecordError::Stopped)?;
        match record {
            Err(TooLong) => parsed.long_lines += 1,
            Ok(None) => parsed.drafts.push(Draft { dropped: Some(DropReason::Broken), ..Draft::default() }),
            Ok(Some(record)) => {
                for (seen, (_, field)) in present.iter_mut().zip(map.roles()) {
                    *seen |= lookup(&record, field).is_some();
                }
                parsed.drafts.push(draft(&record, &map));
            }
        }
    }
    if let Some((_, (role, field))) = present.iter().zip(map.roles()).find(|(seen, _)| !**seen) {
        return Err(RecordError::NoSuchField { role, field: field.to_owned(), existing: fields_of(&sample) });
    }
    Ok(parsed)
}

fn draft(record: &Record, map: &FieldMap) -> Draft {
    let string =
        |field: &str| lookup(record, field).and_then(Value::as_str).map(clean).filter(|value| !value.is_empty());
    let text = string(&map.text).map(|text| reflow(&text));
    Draft {
        dropped: text.is_none().then_some(DropReason::NoText),
        text: text.unwrap_or_default(),
        context: map.context.as_deref().and_then(string).map(|context| reflow(&context)),
        author: map.author.as_deref().and_then(|field| author(lookup(record, field)?)),
        timestamp: map.date.as_deref().and_then(|field| date(lookup(record, field)?)),
        ..Draft::default()
    }
}

fn author(value: &Value) -> Option<Author> {
    let shown = match value {
        Value::String(shown) => clean(shown),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let bare = |text: &str| text.trim().trim_matches('"').to_owned();
    let (name, address) = match shown.split_once('<') {
        Some((name, address)) if address.contains('@') => (bare(name), bare(address.trim_end().trim_end_matches('>'))),
        _ if shown.contains('@') && !shown.contains(' ') => (String::new(), shown),
        _ => (shown, String::new()),
    };
    let some = |text: String| (!text.is_empty()).then_some(text);
    let author = Author { name: some(name), address: some(address.to_lowercase()) };
    (author != Author::default()).then_some(author)
}

fn date(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => dates::parse_text(text),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "fractions of a second do not matter, and the cast saturates"
        )]
        Value::Number(number) => {
            number.as_i64().or_else(|| number.as_f64().map(|float| float as i64)).map(dates::from_number)
        }
        _ => None,
    }
}

/// The value of a field: by its whole name, else along the dots of it. A null is no value.
fn lookup<'a>(record: &'a Record, field: &str) -> Option<&'a Value> {
    let direct = record.get(field).or_else(|| {
        let (head, rest) = field.split_once('.')?;
        lookup(record.get(head)?.as_object()?, rest)
    });
    direct.filter(|value| !value.is_null())
}

fn guess(sample: &[Record]) -> Option<FieldMap> {
    let (strings, scalars) = (Value::is_string, |value: &Value| value.is_string() || value.is_number());
    let text = find(sample, TEXT, strings, None)?;
    let text = text.as_str();
    Some(FieldMap {
        context: find(sample, CONTEXT, strings, Some(text)),
        author: find(sample, AUTHOR, scalars, Some(text)),
        date: find(sample, DATE, scalars, Some(text)),
        text: text.to_owned(),
    })
}

/// The first of `names`, in any case, that at least half of the records have with a value of the wanted type.
fn find(sample: &[Record], names: &str, fits: impl Fn(&Value) -> bool, taken: Option<&str>) -> Option<String> {
    let has =
        |field: &str| sample.iter().filter(|record| record.get(field).is_some_and(&fits)).count() * 2 >= sample.len();
    let fields = field_names(sample);
    names
        .split(' ')
        .find_map(|name| {
            fields.iter().find(|field| field.eq_ignore_ascii_case(name) && Some(**field) != taken && has(field))
        })
        .map(|field| (*field).to_owned())
}

fn field_names(sample: &[Record]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for field in sample.iter().flat_map(Map::keys) {
        if !names.contains(&field.as_str()) {
            names.push(field);
        }
    }
    names
}

/// The names of the fields, for a message.
fn fields_of(sample: &[Record]) -> String {
    let names = field_names(sample);
    let more = names.len().saturating_sub(LISTED);
    let listed: Vec<String> =
        names.iter().take(LISTED).map(|name| super::clean::shorten(name, 60).to_owned()).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", listed.join(", "))
}
