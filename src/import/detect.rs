//! Recognizes a file's format from its content; the name only decides between formats that the content allows.

use std::path::Path;

use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Markdown,
    Mbox,
    Eml,
    /// One object a line.
    JsonLines,
    JsonArray,
    /// Rows of values below a row of names.
    Csv,
    /// JSON in some other shape.
    OtherJson,
    Html,
}

/// How many lines are looked at to recognise JSON lines.
const SAMPLE_LINES: usize = 20;

/// What mail `bytes` are, if they are: read before decoding, as each message has its own encoding.
pub(super) fn mail_kind(bytes: &[u8]) -> Option<Kind> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let bytes = &bytes[start..];
    let first_line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if super::mail::is_separator(first_line) && starts_with_headers(&bytes[(first_line.len() + 1).min(bytes.len())..]) {
        return Some(Kind::Mbox);
    }
    starts_with_headers(super::mail::without_length(bytes)).then_some(Kind::Eml)
}

/// Headers that only mail has; a note may well begin with "To:" and "Subject:" lines.
const MAIL_HEADERS: [&str; 8] =
    ["received", "message-id", "mime-version", "return-path", "delivered-to", "date", "content-type", "dkim-signature"];
const COMMON_HEADERS: [&str; 6] = ["from", "to", "cc", "subject", "sender", "reply-to"];

fn starts_with_headers(bytes: &[u8]) -> bool {
    let (mut sure, mut common) = (0, 0);
    for (index, line) in bytes.split(|byte| *byte == b'\n').take(200).enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if line[0] == b' ' || line[0] == b'\t' {
            if index == 0 {
                return false;
            }
            continue;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { return false };
        let name = &line[..colon];
        if name.is_empty() || !name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-' || *byte == b'_') {
            return false;
        }
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        sure += usize::from(MAIL_HEADERS.contains(&name.as_str()));
        common += usize::from(COMMON_HEADERS.contains(&name.as_str()));
    }
    (sure >= 1 && common >= 1) || sure >= 3
}

pub(super) fn text_kind(text: &str, path: &Path) -> Kind {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let start = text.trim_start();
    if start.starts_with(['{', '['])
        && let Some(kind) = json_kind(start, &extension)
    {
        return kind;
    }
    let opening = start.get(..start.len().min(256)).unwrap_or_default().to_ascii_lowercase();
    if opening.starts_with("<!doctype html")
        || opening.starts_with("<html")
        || extension == "html"
        || extension == "htm"
    {
        return Kind::Html;
    }
    if matches!(extension.as_str(), "csv" | "tsv") {
        return Kind::Csv;
    }
    if matches!(extension.as_str(), "md" | "markdown" | "mdown" | "mkd" | "mdx" | "qmd" | "rmd") || is_markdown(text) {
        return Kind::Markdown;
    }
    Kind::Text
}

fn json_kind(start: &str, extension: &str) -> Option<Kind> {
    let lines: Vec<&str> = start.lines().map(str::trim).filter(|line| !line.is_empty()).take(SAMPLE_LINES).collect();
    let objects =
        lines.iter().filter(|line| serde_json::from_str::<Value>(line).is_ok_and(|value| value.is_object())).count();
    // A damaged line here and there is still JSON lines.
    if objects > 0 && objects * 2 >= lines.len() {
        return Some(Kind::JsonLines);
    }
    let named_json = matches!(extension, "json" | "jsonl" | "ndjson");
    if start.starts_with('[') && (named_json || start[1..].trim_start().starts_with('{')) {
        return match serde_json::from_str::<Vec<serde::de::IgnoredAny>>(start) {
            Ok(_) => Some(Kind::JsonArray),
            Err(_) => named_json.then_some(Kind::OtherJson),
        };
    }
    let whole = serde_json::from_str::<serde::de::IgnoredAny>(start).is_ok();
    (whole || (objects > 0 && named_json) || (named_json && start[1..].trim_start().starts_with('"')))
        .then_some(if objects > 0 { Kind::JsonLines } else { Kind::OtherJson })
}

/// Front matter, or headings together with another mark of Markdown.
fn is_markdown(text: &str) -> bool {
    let mut lines = text.lines().take(400);
    if text.starts_with("---\n") || text.starts_with("---\r\n") {
        let block: Vec<&str> = lines.by_ref().skip(1).take_while(|line| line.trim_end() != "---").collect();
        let is_setting = |line: &&str| line.split_once(':').is_some_and(|(key, _)| !key.contains(' '));
        if !block.is_empty() && block.iter().filter(|line| is_setting(line)).count() * 2 > block.len() {
            return true;
        }
    }
    let (mut headings, mut marks) = (0, 0);
    for line in text.lines().take(400) {
        let hashes = line.len() - line.trim_start_matches('#').len();
        headings += usize::from((1..=6).contains(&hashes) && line[hashes..].starts_with(' '));
        let marked =
            line.starts_with("```") || line.contains("](") || line.matches("**").count() >= 2 || line.starts_with("> ");
        marks += usize::from(marked || line.starts_with("- ") || line.starts_with("* "));
    }
    headings >= 1 && marks >= 1 || headings >= 3
}

/// Files of a folder that are no one's prose, by extension. A file that the user names is read whatever it is called.
pub(super) fn is_prose_by_name(path: &Path) -> bool {
    const OTHER: [&str; 74] = [
        "c", "h", "cc", "cpp", "hpp", "cs", "go", "rs", "py", "pyi", "ipynb", "js", "mjs", "cjs", "jsx", "ts", "tsx",
        "java", "kt", "swift", "m", "rb", "php", "pl", "pm", "lua", "r", "jl", "hs", "ml", "scala", "clj", "ex", "erl",
        "sh", "bash", "zsh", "fish", "ps1", "bat", "sql", "css", "scss", "less", "html", "htm", "xml", "xsl", "svg",
        "csv", "tsv", "toml", "yaml", "yml", "ini", "cfg", "conf", "lock", "log", "map", "proto", "cmake", "mk",
        "gradle", "tf", "vim", "el", "lisp", "asm", "s", "diff", "patch", "ics", "vcf",
    ];
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    !OTHER.contains(&extension.as_str())
}
