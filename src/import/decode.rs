//! Bytes to text: byte order marks, UTF-8, UTF-16, Windows-1252; and recognizes what is not text. Knows no text formats.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Decoded text and what it was decoded from.
pub(super) struct Decoded {
    pub text: String,
    /// The encoding's standard name.
    pub charset: &'static str,
    /// Something to tell the user, where the encoding was not plain UTF-8.
    pub note: Option<&'static str>,
}

/// Why bytes are not text: what the file seems to be, and what to do.
pub(super) struct NotText {
    pub what: &'static str,
    pub advice: &'static str,
}

const SAVE_AS_TEXT: &str = "save it as plain text or Markdown and import that";

/// Files that are known by their first bytes.
const SIGNATURES: [(&[u8], &str, &str); 11] = [
    (b"%PDF-", "a PDF", SAVE_AS_TEXT),
    (b"PK\x03\x04", "a zip archive or an office document", "unpack it, or save it as plain text, and import that"),
    (b"\xd0\xcf\x11\xe0", "an office document or an Outlook file", SAVE_AS_TEXT),
    (b"!BDN", "an Outlook mail store", "export it as mbox and import that"),
    (b"{\\rtf", "a rich-text document", SAVE_AS_TEXT),
    (b"\x1f\x8b", "a compressed file", "unpack it and import its contents"),
    (b"BZh", "a compressed file", "unpack it and import its contents"),
    (b"\x89PNG", "a picture", "import texts only"),
    (b"\xff\xd8\xff", "a picture", "import texts only"),
    (b"GIF8", "a picture", "import texts only"),
    (b"SQLite format 3\0", "a database", "export its texts as JSON lines and import those"),
];

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, NotText> {
    if let Some((_, what, advice)) = SIGNATURES.iter().find(|(signature, _, _)| bytes.starts_with(signature)) {
        return Err(NotText { what, advice });
    }
    let (text, charset, note) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => {
            let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
            let note = (encoding != UTF_8).then_some("read as UTF-16");
            (text, encoding, note)
        }
        None => without_mark(bytes),
    };
    if looks_binary(&text) {
        return Err(NotText {
            what: "not text",
            advice: "import plain text, Markdown, mail (mbox, .eml), JSON lines or CSV",
        });
    }
    Ok(Decoded { text: text.into_owned(), charset: charset.name(), note })
}

fn without_mark(bytes: &[u8]) -> (Cow<'_, str>, &'static Encoding, Option<&'static str>) {
    if let Some(encoding) = utf16_without_mark(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        return (text, encoding, Some("read as UTF-16 (it has no byte order mark)"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), UTF_8, None),
        Err(_) if mostly_utf8(bytes) => {
            (String::from_utf8_lossy(bytes), UTF_8, Some("read as UTF-8; some invalid bytes were omitted"))
        }
        Err(_) => {
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            (text, WINDOWS_1252, Some("read as Windows-1252 (Latin-1), because it is not UTF-8"))
        }
    }
}

/// Western text in UTF-16 has a zero in nearly every second byte, always on the same side.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096) & !1];
    let units = sample.len() / 2;
    if units < 4 {
        return None;
    }
    let zeros = |side: usize| sample.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    match (zeros(0), zeros(1)) {
        (0, low) if low * 10 > units * 7 => Some(UTF_16LE),
        (high, 0) if high * 10 > units * 7 => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether far more non-ASCII characters are valid UTF-8 than are broken: a damaged UTF-8 file rather than another encoding.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    valid > broken * 4
}

fn looks_binary(text: &str) -> bool {
    let mut controls = 0_usize;
    let mut total = 0_usize;
    for character in text.chars().take(64 * 1024) {
        total += 1;
        if character == '\0' {
            controls += 20;
        } else if character == '\u{fffd}'
            || (character.is_control() && !character.is_whitespace() && character != '\x1b')
        {
            controls += 1;
        }
    }
    controls * 20 > total
}
