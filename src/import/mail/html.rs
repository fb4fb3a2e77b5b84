//! HTML mail to text, with quotations marked by ">" as in plain mail. Does not know whose words they are.
//!
//! The mail library's own converter drops what marks quotations. The crate `html2text` keeps that, but trims the space of the
//! signature delimiter "-- " (so that signatures would become text), draws the borders of layout tables and brackets links.

/// Elements whose content is never displayed.
const HIDDEN: [&str; 5] = ["head", "style", "script", "template", "title"];
/// Elements that are paragraphs of their own.
const PARAGRAPHS: [&str; 12] = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "hr"];
/// Elements on lines of their own.
const LINES: [&str; 8] = ["div", "tr", "li", "section", "article", "header", "footer", "center"];

pub(super) fn to_text(html: &str) -> String {
    let mut page = Page::default();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        page.text(&rest[..open]);
        rest = &rest[open..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let is_tag = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        if !is_tag {
            page.text("<");
            rest = &rest[1..];
            continue;
        }
        let end = end_of_tag(rest);
        let tag = &rest[1..end];
        rest = rest.get(end + 1..).unwrap_or_default();
        let closing = tag.starts_with('/');
        let name = tag
            .trim_start_matches('/')
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if !closing && HIDDEN.contains(&name.as_str()) {
            rest = after_closing(rest, &name);
        } else {
            page.tag(&name, closing);
        }
    }
    page.text(rest);
    page.end_line();
    page.lines.join("\n")
}

/// Where the `>` of the tag that starts `text` is; one inside a quoted attribute does not count.
fn end_of_tag(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') if text.as_bytes()[at - 1] == b'=' => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    // An unclosed quote: the first `>` is the better guess.
    text.find('>').unwrap_or(text.len())
}

fn after_closing<'a>(text: &'a str, name: &str) -> &'a str {
    let mut at = 0;
    while let Some(found) = text[at..].find("</") {
        at += found + 2;
        if text.as_bytes().get(at..at + name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes())) {
            return text[at..].find('>').map_or("", |end| &text[at + end + 1..]);
        }
    }
    ""
}

#[derive(Default)]
struct Page {
    lines: Vec<String>,
    line: String,
    /// The depth of quotation.
    quoted: usize,
    preformatted: usize,
}

impl Page {
    fn tag(&mut self, name: &str, closing: bool) {
        match name {
            "br" => self.break_line(),
            "blockquote" => {
                self.end_line();
                self.quoted = if closing { self.quoted.saturating_sub(1) } else { self.quoted + 1 };
            }
            _ if PARAGRAPHS.contains(&name) => {
                self.end_line();
                if name == "pre" {
                    self.preformatted =
                        if closing { self.preformatted.saturating_sub(1) } else { self.preformatted + 1 };
                }
                if self.lines.last().is_some_and(|line| !is_blank(line)) {
                    self.break_line();
                }
            }
            _ if LINES.contains(&name) => {
                self.end_line();
                if name == "li" && !closing {
                    self.line.push_str("- ");
                }
            }
            "td" | "th" if closing && !self.line.is_empty() => self.line.push(' '),
            _ => {}
        }
    }

    fn text(&mut self, raw: &str) {
        let text = decode_entities(raw);
        if self.preformatted > 0 {
            for (index, line) in text.split('\n').enumerate() {
                if index > 0 {
                    self.break_line();
                }
                self.line.push_str(line);
            }
            return;
        }
        let mut space = text.starts_with(|c: char| c.is_ascii_whitespace());
        for word in text.split_ascii_whitespace() {
            if space && !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
            self.line.push_str(word);
            space = true;
        }
        let ends_open = text.ends_with(|c: char| c.is_ascii_whitespace());
        if ends_open && !self.line.is_empty() && !self.line.ends_with(' ') {
            self.line.push(' ');
        }
    }

    /// Ends the line, even if it is empty.
    fn break_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let marks = "> ".repeat(self.quoted.min(8));
        // Two dashes and a space delimit a signature.
        let line = if line == "-- " { line.as_str() } else { line.trim_end() };
        self.lines.push(format!("{marks}{line}"));
    }

    /// Ends the line unless it is empty.
    fn end_line(&mut self) {
        if self.line.trim().is_empty() {
            self.line.clear();
        } else {
            self.break_line();
        }
    }
}

fn is_blank(line: &str) -> bool {
    line.trim_matches(['>', ' ']).is_empty()
}

/// The maximum length of an entity.
const MAX_ENTITY_BYTES: usize = 32;

fn decode_entities(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(MAX_ENTITY_BYTES).position(|byte| byte == b';');
        let is_name =
            |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#');
        if let Some(end) = end.filter(|end| is_name(&rest[1..*end])) {
            // The mail library has the table of names.
            text.push_str(&mail_parser::decoders::html::html_to_text(&rest[..=end]));
            rest = &rest[end + 1..];
        } else {
            text.push('&');
            rest = &rest[1..];
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn blocks_become_lines_and_quotes_are_marked() {
        let html = "<p>One &lt;two&gt;<br>three</p>\n<p title=\"a>b\">four</p><ul><li>five<li>six</ul>\
                    <BLOCKQUOTE>seven<blockquote>eight</blockquote></BLOCKQUOTE>nine &copy AT&T";
        assert_eq!(to_text(html), "One <two>\nthree\n\nfour\n\n- five\n- six\n\n> seven\n> > eight\nnine &copy AT&T");
    }

    #[test]
    fn hidden_elements_are_omitted() {
        assert_eq!(
            to_text("<head><title>x</title></head><script>if (a<b) {}</script><!-- c > d -->shown<style>p{}</STYLE>"),
            "shown"
        );
        assert_eq!(to_text("1 < 2 and <b>bold</b> words"), "1 < 2 and bold words");
        assert_eq!(to_text("cut <a href=\"x"), "cut");
    }

    proptest! {
        #[test]
        fn wild_input_is_read_without_panic(html in "[<>/a-z\"'=&;#!\\- \n\u{e9}0-9]{0,300}") {
            let _ = to_text(&html);
        }

        #[test]
        fn any_text_is_read_without_panic(html in any::<String>()) {
            let _ = to_text(&format!("<p {html}</p>&{html};<blockquote>{html}"));
        }
    }
}
