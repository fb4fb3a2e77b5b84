//! Which texts come from one place, as a person sees it: a mailbox, a folder of notes, a chat. Knows no styles.

use std::collections::BTreeMap;
use std::path::Path;

use crate::store::{Format, Text};

/// Up to this many files, or folders, of one kind are a place each; more of them are one place.
const FEW: usize = 4;

/// Texts from one place.
pub(super) struct Group<'t> {
    pub label: String,
    pub texts: Vec<&'t Text>,
}

/// What a group is named after.
enum Place<'t> {
    File(&'t Path),
    Folder(&'t Path),
    Kind(&'static str),
}

/// The texts by where they come from, most words first.
///
/// Files of a kind (mail, notes, JSON lines) are a place each where they are a [`FEW`]: two mailboxes are two places. Where there
/// are more, their folders do; and where those are many, too, the kind is one place: nobody compares three hundred notes with one another.
pub(super) fn groups(texts: &[Text]) -> Vec<Group<'_>> {
    let mut kinds: BTreeMap<&str, Vec<&Text>> = BTreeMap::new();
    for text in texts {
        kinds.entry(kind(text.format)).or_default().push(text);
    }
    let mut places: Vec<(Place<'_>, Vec<&Text>)> = Vec::new();
    for (kind, texts) in kinds {
        let files = together(&texts, |text| Path::new(text.source.as_str()));
        if files.len() <= FEW {
            places.extend(files.into_iter().map(|(file, texts)| (Place::File(file), texts)));
            continue;
        }
        let folders = together(&texts, |text| Path::new(text.source.as_str()).parent().unwrap_or(Path::new("")));
        let named = folders.keys().all(|folder| folder.file_name().is_some());
        if named && folders.len() <= FEW {
            places.extend(folders.into_iter().map(|(folder, texts)| (Place::Folder(folder), texts)));
        } else {
            places.push((Place::Kind(kind), texts));
        }
    }
    let labels = labels(&places.iter().map(|(place, _)| place).collect::<Vec<_>>());
    let mut groups: Vec<Group<'_>> =
        labels.into_iter().zip(places).map(|(label, (_, texts))| Group { label, texts }).collect();
    let words = |group: &Group<'_>| group.texts.iter().map(|text| text.words).sum::<usize>();
    groups.sort_by(|a, b| words(b).cmp(&words(a)).then_with(|| a.label.cmp(&b.label)));
    groups
}

/// What people call files of this format.
fn kind(format: Format) -> &'static str {
    match format {
        Format::Mbox | Format::Eml => "mail",
        Format::Text | Format::Markdown => "notes",
        Format::Jsonl => "JSON lines",
        Format::Csv => "tables",
    }
}

fn together<'t>(texts: &[&'t Text], place: impl Fn(&'t Text) -> &'t Path) -> BTreeMap<&'t Path, Vec<&'t Text>> {
    let mut together: BTreeMap<&Path, Vec<&Text>> = BTreeMap::new();
    for text in texts {
        together.entry(place(text)).or_default().push(text);
    }
    together
}

/// As short as tells them apart: the last name of a path, with as many folders before it as are needed.
fn labels(places: &[&Place<'_>]) -> Vec<String> {
    let label = |place: &Place<'_>, names: usize| match place {
        Place::File(path) => ending(path, names),
        Place::Folder(path) => ending(path, names) + "/",
        Place::Kind(kind) => (*kind).to_owned(),
    };
    let names = |place: &Place<'_>| match place {
        Place::File(path) | Place::Folder(path) => path.components().count(),
        Place::Kind(_) => 1,
    };
    let unique = |at: usize, shown: usize| {
        let own = label(places[at], shown);
        places.iter().enumerate().all(|(other, place)| other == at || label(place, shown) != own)
    };
    let shortest = |at: usize| (1..names(places[at])).find(|&shown| unique(at, shown)).unwrap_or(names(places[at]));
    (0..places.len()).map(|at| label(places[at], shortest(at))).collect()
}

/// The last so many names of a path.
fn ending(path: &Path, names: usize) -> String {
    let skipped = path.components().count().saturating_sub(names);
    path.components().skip(skipped).collect::<std::path::PathBuf>().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Document;

    fn text(source: &str, format: Format, words: usize) -> Text {
        let document = Document::new(source, format, "word ".repeat(words));
        Text { id: 0, words, document }
    }

    fn shown(texts: &[Text]) -> Vec<(String, usize)> {
        groups(texts).into_iter().map(|group| (group.label, group.texts.len())).collect()
    }

    #[test]
    fn mailboxes_stand_for_themselves_and_notes_for_their_folder() {
        let mut texts = vec![
            text("/home/ann/mail/work.mbox", Format::Mbox, 900),
            text("/home/ann/mail/home.mbox", Format::Mbox, 800),
            text("/home/ann/mail/home.mbox", Format::Mbox, 800),
        ];
        texts.extend((0..20).map(|at| text(&format!("/home/ann/notes/{at}.md"), Format::Markdown, 10)));
        let expected = [("home.mbox".into(), 2), ("work.mbox".into(), 1), ("notes/".into(), 20)];
        assert_eq!(shown(&texts), expected);
    }

    #[test]
    fn many_folders_are_one_kind() {
        let texts: Vec<Text> = (0..20).map(|at| text(&format!("/home/ann/{at}/note.txt"), Format::Text, 10)).collect();
        assert_eq!(shown(&texts), [("notes".into(), 20)]);
        let texts: Vec<Text> = (0..20).map(|at| text(&format!("{at}.txt"), Format::Text, 10)).collect();
        assert_eq!(shown(&texts), [("notes".into(), 20)], "files without a folder");
    }

    #[test]
    fn names_are_as_long_as_tells_them_apart() {
        let texts = [
            text("/home/ann/work/sent.mbox", Format::Mbox, 30),
            text("/home/ann/home/sent.mbox", Format::Mbox, 20),
            text("/home/ann/chat.jsonl", Format::Jsonl, 10),
        ];
        assert_eq!(
            shown(&texts),
            [("work/sent.mbox".into(), 1), ("home/sent.mbox".into(), 1), ("chat.jsonl".into(), 1)]
        );
        let twins = [text("sent", Format::Mbox, 3), text("/sent", Format::Mbox, 2), text("sent", Format::Text, 1)];
        assert_eq!(shown(&twins).len(), 3, "whatever they are called, they stay apart");
    }
}
