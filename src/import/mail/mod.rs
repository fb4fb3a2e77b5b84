//! Mailboxes and single messages to drafts. Does not know who the user is: the drafts include every sender's mail.

mod body;
mod html;

use std::borrow::Cow;

use mail_parser::{HeaderName, Message, MessageParser, MimeHeaders, PartType};

use super::clean::{clean, reflow};
use super::draft::{Author, Draft, Pace, Parsed};
use super::options::ImportOptions;
use super::report::{DropReason, ImportError};

/// Whether a line separates two messages of an mbox: `From ADDRESS ... HH:MM... YEAR`.
///
/// Own rather than the mail library's, which takes every line that begins with "From " for one, even in mid-sentence.
pub(super) fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let Ok(rest) = std::str::from_utf8(&rest[..rest.len().min(200)]) else { return false };
    let is_time =
        |word: &str| word.len() >= 4 && word.contains(':') && word.chars().all(|c| c.is_ascii_digit() || c == ':');
    let is_year =
        |word: &str| word.len() == 4 && word.starts_with(['1', '2']) && word.chars().all(|c| c.is_ascii_digit());
    let words: Vec<&str> = rest.split_whitespace().collect();
    words.len() >= 4 && words.iter().any(|word| is_time(word)) && words.iter().any(|word| is_year(word))
}

pub(super) fn mbox(bytes: &[u8], options: &ImportOptions, pace: &mut Pace<'_>) -> Result<Parsed, ImportError> {
    let mut parsed = Parsed::default();
    for message in split(bytes) {
        pace.step(parsed.drafts.len())?;
        parsed.drafts.push(read_message(&message, options, &mut parsed.long_lines));
    }
    Ok(parsed)
}

pub(super) fn eml(bytes: &[u8], options: &ImportOptions) -> Parsed {
    let bytes = without_length(bytes.trim_ascii_start());
    let mut parsed = Parsed::default();
    parsed.drafts.push(read_message(bytes, options, &mut parsed.long_lines));
    parsed
}

/// Apple's `.emlx` is a line with the message's length in bytes, the message, and a property list, which is cut off.
pub(super) fn without_length(bytes: &[u8]) -> &[u8] {
    let Some(end) = bytes.iter().take(20).position(|byte| *byte == b'\n') else { return bytes };
    let length = std::str::from_utf8(&bytes[..end]).ok().and_then(|line| line.trim().parse::<usize>().ok());
    length.map_or(bytes, |length| &bytes[end + 1..(end + 1).saturating_add(length).min(bytes.len())])
}

/// The messages of an mbox, with `>From ` turned back into `From `.
fn split(bytes: &[u8]) -> impl Iterator<Item = Cow<'_, [u8]>> {
    let mut starts = Vec::new();
    let (mut at, mut after_blank) = (0, true);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if after_blank && is_separator(line) {
            starts.push((at, at + line.len()));
        }
        after_blank = line.trim_ascii().is_empty();
        at += line.len();
    }
    let ends: Vec<usize> = starts.iter().skip(1).map(|(separator, _)| *separator).chain([bytes.len()]).collect();
    starts.into_iter().zip(ends).map(|((_, start), end)| unescape(&bytes[start..end]))
}

fn unescape(message: &[u8]) -> Cow<'_, [u8]> {
    let is_escaped = |line: &[u8]| {
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        marks > 0 && line[marks..].starts_with(b"From ")
    };
    let lines = || message.split_inclusive(|byte| *byte == b'\n');
    if !lines().any(is_escaped) {
        return Cow::Borrowed(message);
    }
    Cow::Owned(lines().flat_map(|line| if is_escaped(line) { &line[1..] } else { line }).copied().collect())
}

fn read_message(raw: &[u8], options: &ImportOptions, long_lines: &mut usize) -> Draft {
    let Some(message) = MessageParser::default().parse(raw).filter(|message| !message.headers().is_empty()) else {
        return Draft { dropped: Some(DropReason::Broken), ..Draft::default() };
    };
    let subject = message.subject().map(clean).filter(|subject| !subject.is_empty());
    let (text, long) = super::draft::without_long_lines(body_of(&message), options.max_line_bytes);
    *long_lines += long;
    let body = body::take_apart(&text);
    let own = reflow(&clean(&body.own));
    let quoted = reflow(&clean(&body.quoted));
    let references = ids(&message, &HeaderName::References);
    let parent = ids(&message, &HeaderName::InReplyTo).into_iter().next().or_else(|| references.last().cloned());
    let message_id = message.message_id().map(str::to_owned);
    let dropped = if is_automatic(&message, subject.as_deref()) {
        Some(DropReason::Automatic)
    } else if own.is_empty() {
        Some(if body.forwarded { DropReason::Forward } else { DropReason::NothingOwn })
    } else {
        None
    };
    Draft {
        thread: references.first().or(parent.as_ref()).or(message_id.as_ref()).cloned(),
        message_id,
        parent_id: parent,
        author: sender(&message),
        timestamp: message.date().filter(|date| date.is_valid()).map(mail_parser::DateTime::to_timestamp),
        title: subject,
        context: (!quoted.is_empty()).then_some(quoted),
        text: own,
        dropped,
    }
}

fn sender(message: &Message<'_>) -> Option<Author> {
    let from =
        message.from().and_then(|from| from.first()).or_else(|| message.sender().and_then(|sender| sender.first()))?;
    let tidy =
        |text: &str| Some(clean(text).trim_matches(['"', '\'']).trim().to_owned()).filter(|text| !text.is_empty());
    Some(Author {
        name: from.name().and_then(tidy),
        address: from.address().and_then(tidy).map(|address| address.to_lowercase()),
    })
}

fn ids(message: &Message<'_>, header: &HeaderName<'static>) -> Vec<String> {
    let value = message.header(header.clone());
    value.and_then(|value| value.as_text_list()).unwrap_or_default().iter().map(|id| id.trim().to_owned()).collect()
}

/// The text the sender wrote: the plain part where there is one, else the HTML one, attachments left out.
fn body_of(message: &Message<'_>) -> String {
    let mut body = String::new();
    for part in message.text_bodies() {
        if part.content_disposition().is_some_and(mail_parser::ContentType::is_attachment)
            || part.attachment_name().is_some()
        {
            continue;
        }
        let text = match &part.body {
            PartType::Text(text) if is_flowed(part) => Cow::Owned(unflow(text)),
            PartType::Text(text) => Cow::Borrowed(text.as_ref()),
            PartType::Html(html) => Cow::Owned(html::to_text(html)),
            _ => continue,
        };
        if !body.is_empty() {
            body.push('\n');
        }
        body.push_str(&text);
    }
    super::clean::visible(&body)
}

fn is_flowed(part: &mail_parser::MessagePart<'_>) -> bool {
    part.content_type()
        .and_then(|kind| kind.attribute("format"))
        .is_some_and(|format| format.eq_ignore_ascii_case("flowed"))
}

/// Joins the lines that RFC 3676 says were broken by the sending program: those that end in a space.
fn unflow(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for line in text.lines() {
        // A stuffed space keeps "From" and ">" at the start of a line from being taken for something else.
        let line = line.strip_prefix(' ').unwrap_or(line);
        joined.push_str(line);
        if !line.ends_with(' ') || line == "-- " || line.starts_with('>') {
            joined.push('\n');
        }
    }
    joined
}

/// Mail that no person wrote for this occasion.
fn is_automatic(message: &Message<'_>, subject: Option<&str>) -> bool {
    let raw = |name: &'static str| message.header_raw(name).map(|value| value.trim().to_ascii_lowercase());
    let submitted = raw("Auto-Submitted").is_some_and(|value| !value.starts_with("no"));
    let bulk = raw("Precedence").is_some_and(|value| matches!(value.as_str(), "bulk" | "junk" | "auto_reply"));
    let replied =
        ["X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress-Reply"].iter().any(|name| raw(name).is_some());
    // People write to discussion lists, which can be posted to; newsletters can only be left.
    let newsletter = raw("List-Unsubscribe").is_some() && raw("List-Post").is_none();
    let report = message.content_type().is_some_and(|kind| {
        kind.ctype().eq_ignore_ascii_case("multipart")
            && kind.subtype().is_some_and(|sub| sub.eq_ignore_ascii_case("report"))
    });
    let robot = sender(message).and_then(|author| author.address).is_some_and(|address| {
        let local = address.split('@').next().unwrap_or_default().replace(['-', '_', '.'], "");
        local.starts_with("noreply")
            || local.starts_with("donotreply")
            || local == "mailerdaemon"
            || local == "postmaster"
    });
    let said = subject.is_some_and(|subject| {
        let subject = subject.to_lowercase();
        AUTOMATIC_SUBJECTS.iter().any(|opening| subject.starts_with(opening))
    });
    submitted || bulk || replied || newsletter || report || robot || said
}

const AUTOMATIC_SUBJECTS: [&str; 14] = [
    "automatic reply:",
    "auto reply:",
    "autoreply:",
    "out of office",
    "abwesenheitsnotiz",
    "automatische antwort",
    "r\u{e9}ponse automatique",
    "accepted:",
    "declined:",
    "tentative:",
    "canceled event",
    "updated invitation:",
    "undelivered mail",
    "delivery status notification",
];
