//! Separates a message's own words from quotations, forwards and signatures. Knows nothing of headers.

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    /// What the sender wrote, greeting and sign-off included: they are style.
    pub own: String,
    /// What it answers.
    pub quoted: String,
    /// Whether it passes on someone else's message.
    pub forwarded: bool,
}

/// A lone `--` begins a signature only this near the end; elsewhere it separates the writer's own parts.
const SIGNATURE_LINES: usize = 8;
/// An attribution ("On ... wrote:") may be wrapped over this many lines.
const ATTRIBUTION_LINES: usize = 3;

/// Sorts the lines of `text`, whose newlines are `\n` and whose trailing spaces are still there.
pub(super) fn take_apart(text: &str) -> Body {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut body = Body::default();
    let mut quoted: Vec<(usize, &str)> = Vec::new();
    let mut in_signature = false;
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        let trimmed = line.trim();
        let rest = &lines[at..];
        if trimmed.starts_with('>') {
            quoted.push(strip_marks(trimmed));
        } else if is_forward(trimmed) {
            body.forwarded = true;
            break;
        } else if let Some(skip) = header_block(rest) {
            // A copy of the other message below ours; everything from here on is theirs.
            quoted.extend(
                rest[skip..].iter().map(|line| strip_marks(line.trim())).map(|(depth, line)| (depth + 1, line)),
            );
            break;
        } else if let Some(taken) = attribution(rest) {
            let below = &rest[taken..];
            if !below.iter().any(|line| line.trim_start().starts_with('>')) {
                quoted.extend(below.iter().map(|line| (1, line.trim())));
                break;
            }
            at += taken;
            continue;
        } else if is_signature(line, rest) || is_list_footer(rest) || trimmed == "-----BEGIN PGP SIGNATURE-----" {
            in_signature = true;
        } else if !in_signature && !is_mobile_footer(trimmed) && !is_pgp_head(trimmed) {
            body.own.push_str(line);
            body.own.push('\n');
        }
        at += 1;
    }
    body.quoted = outermost(&quoted);
    body
}

/// The quoted lines of the message directly answered, without what that one quoted in turn.
fn outermost(quoted: &[(usize, &str)]) -> String {
    let shallow: Vec<&str> = quoted.iter().filter(|(depth, _)| *depth == 1).map(|(_, line)| *line).collect();
    let mut kept = Vec::new();
    let mut at = 0;
    while at < shallow.len() {
        if is_signature(shallow[at], &shallow[at..]) || header_block(&shallow[at..]).is_some() {
            break;
        }
        if let Some(taken) = attribution(&shallow[at..]) {
            at += taken;
        } else {
            kept.push(shallow[at]);
            at += 1;
        }
    }
    kept.join("\n")
}

/// How many quotation marks a line begins with, and the line without them.
fn strip_marks(line: &str) -> (usize, &str) {
    let (mut depth, mut rest) = (0, line);
    while let Some(inner) = rest.trim_start().strip_prefix('>') {
        depth += 1;
        rest = inner;
    }
    // Only the one space that mail programs put after the mark: the rest may be indentation.
    (depth, rest.strip_prefix(' ').unwrap_or(rest))
}

/// Openings and closings of "On DATE, SOMEONE wrote:" in the languages mail programs speak most.
const ATTRIBUTIONS: [(&str, &str); 10] = [
    ("on ", "wrote"),
    ("am ", "schrieb"),
    ("le ", "crit"),
    ("el ", "escribi\u{f3}"),
    ("il ", "scritto"),
    ("op ", "schreef"),
    ("em ", "escreveu"),
    ("den ", "skrev"),
    ("w dniu ", "napisa\u{142}"),
    ("dne ", "napsal"),
];

/// How many of the first lines are an attribution, if they are one.
fn attribution(lines: &[&str]) -> Option<usize> {
    let first = lines.first()?.trim();
    if first.is_empty() {
        return None;
    }
    let mut joined = String::new();
    for (index, line) in lines.iter().take(ATTRIBUTION_LINES).enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('>') {
            return None;
        }
        joined.push_str(&line.to_lowercase());
        joined.push(' ');
        let said = joined.trim_end();
        if said.ends_with(':') && said.chars().count() <= 300 {
            let dated = said.contains(|c: char| c.is_ascii_digit()) || said.contains('@');
            let known = ATTRIBUTIONS.iter().any(|(open, close)| said.starts_with(open) && said.contains(close));
            let quote_follows = lines[index + 1..]
                .iter()
                .find(|line| !line.trim().is_empty())
                .is_some_and(|line| line.trim_start().starts_with('>'));
            let bare = said.ends_with(" wrote:") && quote_follows;
            let address = said.ends_with(">:") && said.contains('@') && said.starts_with(|c: char| c.is_ascii_digit());
            return ((known && dated) || bare || address).then_some(index + 1);
        }
    }
    None
}

fn is_forward(line: &str) -> bool {
    let inner = line.trim_matches(['-', ' ', ':']).to_lowercase();
    let dashed = line.starts_with("--");
    (dashed
        && matches!(
            inner.as_str(),
            "forwarded message" | "weitergeleitete nachricht" | "message transf\u{e9}r\u{e9}" | "forwarded by"
        ))
        || matches!(
            inner.as_str(),
            "begin forwarded message"
                | "anfang der weitergeleiteten nachricht"
                | "d\u{e9}but du message r\u{e9}exp\u{e9}di\u{e9}"
        )
        || (dashed && inner.starts_with("forwarded by "))
}

/// How many lines introduce a copy of the answered message ("-----Original Message-----", or "From: ... Sent: ..."), if any do.
fn header_block(lines: &[&str]) -> Option<usize> {
    let first = lines.first()?.trim();
    let inner = first.trim_matches(['-', '_', ' ']).to_lowercase();
    let marked = first.starts_with("--")
        && matches!(
            inner.as_str(),
            "original message" | "urspr\u{fc}ngliche nachricht" | "message d'origine" | "mensaje original"
        );
    let ruled = first.len() >= 10 && first.chars().all(|c| c == '_');
    let start = usize::from(marked || ruled);
    let fields: Vec<String> = lines[start..]
        .iter()
        .map(|line| line.trim().trim_matches('*').to_lowercase())
        .skip_while(String::is_empty)
        .take_while(|line| !line.is_empty())
        .take(8)
        .collect();
    let has = |names: &[&str]| fields.iter().any(|field| names.iter().any(|name| field.starts_with(name)));
    let from = fields.first().is_some_and(|field| FROM.iter().any(|name| field.starts_with(name)));
    let is_block = from && has(&SENT) && has(&TO_OR_SUBJECT);
    if !is_block {
        return marked.then_some(1);
    }
    let blank = lines[start..].iter().take_while(|line| line.trim().is_empty()).count();
    Some((start + blank + fields.len()).min(lines.len()))
}

const FROM: [&str; 4] = ["from:", "von:", "de:", "van:"];
const SENT: [&str; 8] = ["sent:", "date:", "gesendet:", "datum:", "envoy\u{e9}", "enviado", "verzonden:", "data:"];
const TO_OR_SUBJECT: [&str; 8] = ["to:", "subject:", "an:", "betreff:", "\u{e0}", "objet", "asunto:", "para:"];

fn is_signature(line: &str, rest: &[&str]) -> bool {
    line == "-- "
        || (line.trim_end() == "--"
            && rest.iter().take_while(|line| !line.trim_start().starts_with('>')).count() <= SIGNATURE_LINES)
}

/// "_____" and then the name of a list.
fn is_list_footer(lines: &[&str]) -> bool {
    let ruled = lines.first().is_some_and(|line| line.trim().len() >= 10 && line.trim().chars().all(|c| c == '_'));
    ruled && lines.get(1).is_some_and(|line| line.to_lowercase().contains("mailing list"))
}

fn is_mobile_footer(line: &str) -> bool {
    const OPENINGS: [&str; 9] = [
        "sent from my ",
        "sent from mail for ",
        "sent from yahoo",
        "sent from outlook",
        "sent via ",
        "get outlook for ",
        "von meinem ",
        "envoy\u{e9} de mon ",
        "enviado desde mi ",
    ];
    let line = line.to_lowercase();
    line.chars().count() <= 70
        && OPENINGS.iter().any(|opening| line.starts_with(opening))
        && !line.ends_with(',')
        && (!line.starts_with("von meinem ") || line.ends_with("gesendet"))
}

fn is_pgp_head(line: &str) -> bool {
    line == "-----BEGIN PGP SIGNED MESSAGE-----" || (line.starts_with("Hash: SHA") && line.len() <= 14)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(text: &str) -> (String, String, bool) {
        let body = take_apart(text);
        (body.own.trim().to_owned(), body.quoted.trim().to_owned(), body.forwarded)
    }

    fn is(text: &str, own: &str, quoted: &str) {
        assert_eq!(parts(text), (own.to_owned(), quoted.to_owned(), false));
    }

    #[test]
    fn quotes_are_context() {
        is(
            "Yes.\n\nOn Mon, Jan 1, 2024 at 9:00 AM Bo Ek <bo@example.org>\nwrote:\n\n> Coming?\n> \n> > Earlier.\n",
            "Yes.",
            "Coming?",
        );
        is("> First?\nYes.\n\n> Second?\nNo.\n", "Yes.\n\nNo.", "First?\nSecond?");
        is("Ja.\n\nAm 1. Januar 2024 um 9:00 schrieb Bo:\n> Kommst du?\n", "Ja.", "Kommst du?");
        is("Yes.\n\nOn 1 Jan 2024, Bo wrote:\n\nComing?\nBo\n", "Yes.", "Coming?\nBo");
        is("2024-01-01 9:00 GMT+01:00 Bo <bo@example.org>:\n> Coming?\n\nYes.", "Yes.", "Coming?");
    }

    #[test]
    fn copies_below_are_context_and_forwards_are_nothing() {
        is(
            "Fine.\n\n-----Original Message-----\nFrom: Bo\nSent: Monday\nTo: Ann\nSubject: Hm\n\nIs it?\n",
            "Fine.",
            "Is it?",
        );
        is("Fine.\n\n________________________________\nFrom: Bo\nSent: Monday\nTo: Ann\n\nIs it?\n", "Fine.", "Is it?");
        is("Fine.\n\n*From:* Bo\n*Date:* Monday\n*To:* Ann\n\nIs it?\n", "Fine.", "Is it?");
        assert_eq!(
            parts("---------- Forwarded message ---------\nFrom: Bo\n\nLook.\n"),
            (String::new(), String::new(), true)
        );
        assert_eq!(parts("FYI, see below.\n\nBegin forwarded message:\n\nLook.\n").0, "FYI, see below.");
    }

    #[test]
    fn signatures_go_and_sign_offs_stay() {
        is("Done.\n\nBest,\nAnn\n\n-- \nAnn Lee\n+1 555 0100\n", "Done.\n\nBest,\nAnn", "");
        is("Done.\n--\nAnn Lee\n> Is it?\n", "Done.", "Is it?");
        is("Done.\n\nSent from my iPhone\n\nOn 1 Jan 2024, Bo wrote:\n> Is it?\n", "Done.", "Is it?");
        is(
            "Done.\n_______________________________________________\nTalk mailing list\nhttp://example.org\n",
            "Done.",
            "",
        );
        is(
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nDone.\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n",
            "Done.",
            "",
        );
    }

    #[test]
    fn ordinary_sentences_are_no_markers() {
        let text = "On Monday I wrote three letters.\nFrom: that day on I was happy\nThis is what she wrote:\n\nnothing.\nSent from my heart, of course, to you and to all of the others who came along.";
        is(text, text, "");
        let long = format!("First part.\n--\n{}", "Second part goes on.\n".repeat(12));
        assert!(parts(&long).0.ends_with("goes on."));
    }

    proptest! {
        #[test]
        fn plain_prose_is_all_own(text in "([a-z]{1,8}[ \n]){0,60}") {
            let body = take_apart(&text);
            prop_assert_eq!(body.own.trim_end_matches('\n'), text.trim_end_matches('\n'));
            prop_assert!(body.quoted.is_empty() && !body.forwarded);
        }

        #[test]
        fn wild_input_is_read_without_panic(text in "[->_ \nFromSent:Oonwrte@0-9]{0,300}") {
            let _ = take_apart(&text);
        }
    }
}
