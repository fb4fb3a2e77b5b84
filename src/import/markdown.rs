//! Markdown to drafts: prose only, one or more texts per section. Of a file, it knows only the name, which may become a title.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::clean::clean;
use super::dates;
use super::draft::{Author, Draft};
use super::plain::{Paragraph, pack};

/// Splits a whole file. `name` (the file's, without extension) stands in where the text before the first heading has no title.
pub(super) fn drafts(text: &str, name: &str) -> Vec<Draft> {
    let text = super::clean::visible(text);
    let mut reader = Reader::default();
    for event in Parser::new_ext(&text, options()) {
        reader.event(event);
    }
    reader.end_paragraph();
    let front = reader.front_matter;
    let first_title = front.title.clone().or_else(|| title_from_name(name));
    let mut drafts = Vec::new();
    for (title, paragraphs) in reader.sections {
        let paragraphs: Vec<Paragraph<'_>> = paragraphs.iter().map(|text| Paragraph::new(text)).collect();
        drafts.extend(pack(title.as_deref().or(first_title.as_deref()), &paragraphs));
    }
    for draft in &mut drafts {
        draft.author = front.author.clone().map(|name| Author { name: Some(name), address: None });
        draft.timestamp = front.date;
    }
    drafts
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_WIKILINKS
}

/// `my-trip_to Rome` says something; `2024-05-01` and `README` do not.
fn title_from_name(name: &str) -> Option<String> {
    let title = name.replace(['-', '_'], " ");
    let words = title.split_whitespace().filter(|word| word.chars().all(char::is_alphabetic)).count();
    (words >= 2).then(|| title.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[derive(Default)]
struct FrontMatter {
    title: Option<String>,
    author: Option<String>,
    date: Option<i64>,
}

impl FrontMatter {
    /// The plain `key: value` lines are all that is needed of YAML here.
    fn read(block: &str) -> Self {
        let mut front = Self::default();
        for line in block.lines() {
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = clean(value.trim().trim_matches(['"', '\'']));
            if value.is_empty() || value.starts_with(['[', '{', '|', '>']) {
                continue;
            }
            match key.to_ascii_lowercase().as_str() {
                "title" => front.title = Some(value),
                "author" => front.author = Some(value),
                "date" | "created" => front.date = dates::parse_text(&value).or(front.date),
                _ => {}
            }
        }
        front
    }
}

/// Follows the parser's events and keeps the prose.
#[derive(Default)]
struct Reader {
    sections: Vec<(Option<String>, Vec<String>)>,
    paragraph: String,
    heading: Option<String>,
    /// How deep we are in things that are not the writer's prose.
    skipping: usize,
    metadata: Option<String>,
    front_matter: FrontMatter,
    /// The open lists: the next number, or none for bullets.
    lists: Vec<Option<u64>>,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            // A sentence with a hole in it is worse prose than one with a name of code in it.
            Event::Code(code) => self.text(&code),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.text("\n"),
            Event::Rule => self.end_paragraph(),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            _ if is_skipped(tag.to_end()) => {
                if !matches!(tag, Tag::Image { .. }) {
                    self.end_block();
                }
                self.skipping += 1;
                if matches!(tag, Tag::MetadataBlock(_)) {
                    self.metadata = Some(String::new());
                }
            }
            _ if self.skipping > 0 => {}
            Tag::Heading { .. } => {
                self.end_paragraph();
                self.heading = Some(String::new());
            }
            Tag::List(first) => {
                self.end_line();
                self.lists.push(*first);
            }
            Tag::Item => {
                self.end_line();
                let depth = self.lists.len().saturating_sub(1);
                self.paragraph.push_str(&"  ".repeat(depth));
                match self.lists.last_mut() {
                    Some(Some(number)) => {
                        self.paragraph.push_str(&number.to_string());
                        self.paragraph.push_str(". ");
                        *number = number.saturating_add(1);
                    }
                    _ => self.paragraph.push_str("- "),
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        if is_skipped(tag) {
            self.skipping = self.skipping.saturating_sub(1);
            if let (TagEnd::MetadataBlock(_), Some(block)) = (tag, self.metadata.take()) {
                self.front_matter = FrontMatter::read(&block);
            }
            return;
        }
        if self.skipping > 0 {
            return;
        }
        match tag {
            TagEnd::Heading(_) => {
                let title = self.heading.take().map(|heading| clean(heading.trim())).filter(|title| !title.is_empty());
                self.sections.push((title, Vec::new()));
            }
            TagEnd::Item => self.end_line(),
            TagEnd::List(_) => {
                self.lists.pop();
                self.end_block();
            }
            TagEnd::Paragraph | TagEnd::FootnoteDefinition => self.end_block(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(block) = &mut self.metadata {
            block.push_str(text);
        } else if self.skipping == 0 {
            self.heading.as_mut().unwrap_or(&mut self.paragraph).push_str(text);
        }
    }

    /// The end of a paragraph, which inside a list is only a new line.
    fn end_block(&mut self) {
        if self.lists.is_empty() { self.end_paragraph() } else { self.end_line() }
    }

    fn end_line(&mut self) {
        if !self.paragraph.is_empty() && !self.paragraph.ends_with('\n') {
            self.paragraph.push('\n');
        }
    }

    fn end_paragraph(&mut self) {
        let paragraph = clean(&std::mem::take(&mut self.paragraph));
        // Bullets whose items were all code or pictures.
        if !paragraph.contains(char::is_alphanumeric) {
            return;
        }
        if self.sections.is_empty() {
            self.sections.push((None, Vec::new()));
        }
        if let Some((_, paragraphs)) = self.sections.last_mut() {
            paragraphs.push(paragraph);
        }
    }
}

/// What is not the writer's own prose.
fn is_skipped(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::CodeBlock
            | TagEnd::BlockQuote(_)
            | TagEnd::Table
            | TagEnd::Image
            | TagEnd::HtmlBlock
            | TagEnd::MetadataBlock(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn wild_input_is_read_without_panic(text in "[-#>*`|<a-z\\[\\]()!\n \t0-9.:]{0,400}") {
            for draft in drafts(&text, "x") {
                prop_assert!(!draft.text.trim().is_empty());
            }
        }
    }
}
