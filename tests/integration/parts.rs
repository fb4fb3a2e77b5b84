//! The user's style in parts: by source and over time, from texts in a store to what differs more than by chance.

use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use tempfile::TempDir;
use xpert::app::profile::{By, Part, Parts, Verdict, by, differences, differing_first};
use xpert::app::{AppError, Context};
use xpert::platform::cancel::Cancel;
use xpert::store::{Document, Format};

const DAY: i64 = 86_400;
const NEW_YEAR: i64 = 1_704_067_200;

struct Home {
    context: Context,
    _folder: TempDir,
}

/// A data folder with these texts.
fn home(documents: &[Document]) -> Home {
    let folder = tempfile::tempdir().unwrap();
    let context = Context::new(Some(folder.path()), None, Some(1)).unwrap();
    context.store().unwrap().add(documents, &Cancel::new()).unwrap();
    Home { context, _folder: folder }
}

impl Home {
    fn sources(&self) -> Parts {
        by(&self.context, By::Source, &Cancel::new()).unwrap()
    }

    fn spans(&self) -> Parts {
        by(&self.context, By::Time, &Cancel::new()).unwrap()
    }
}

fn document(source: &str, format: Format, timestamp: Option<i64>, text: String) -> Document {
    Document { timestamp, ..Document::new(source, format, text) }
}

/// What is said in the text of this number: no two are alike.
fn matter(number: usize) -> String {
    let places = ["station", "library", "kitchen", "garden", "office", "market", "harbour"];
    let things = ["letter", "bicycle", "report", "lamp", "ticket", "window"];
    let (place, thing) = (places[number % places.len()], things[number % things.len()]);
    format!("the {thing} number {number} that was left in the {place} belongs to one of the people who work there")
}

fn formal(number: usize) -> String {
    let opening =
        ["I am writing to inform you that", "It is my understanding that", "Please be advised that"][number % 3];
    format!(
        "Dear Sir or Madam, {opening} {}. We should be grateful for your reply, and remain yours faithfully.",
        matter(number)
    )
}

fn chatty(number: usize) -> String {
    let opening = ["hey!!", "omg", "lol ok", "yeah so"][number % 4];
    format!(
        "{opening} i'm so glad you asked, thanks!! gonna say {} :) hope you're doing great, love ya",
        matter(number)
    )
}

fn mail(numbers: std::ops::Range<usize>, style: fn(usize) -> String) -> Vec<Document> {
    let dated = |number: usize| Some(NEW_YEAR + number as i64 * DAY);
    numbers.map(|number| document("/home/ann/sent.mbox", Format::Mbox, dated(number), style(number))).collect()
}

fn notes(numbers: std::ops::Range<usize>, style: fn(usize) -> String) -> Vec<Document> {
    let path = |number| format!("/home/ann/notes/{number}.md");
    numbers.map(|number| document(&path(number), Format::Markdown, None, style(number))).collect()
}

fn axis<'p>(parts: &'p Parts, id: &str) -> &'p xpert::app::profile::Difference {
    parts.differences[0].axes.iter().find(|difference| difference.axis == id).unwrap()
}

#[test]
fn two_sources_of_two_styles_are_told_apart() {
    let parts = home(&[mail(0..60, formal), notes(60..110, chatty)].concat()).sources();
    let labels: Vec<&str> = parts.parts.iter().map(|part| part.label.as_str()).collect();
    assert_eq!(labels, ["sent.mbox", "notes/"]);
    let [sent, notes] = &parts.parts[..] else { panic!("two parts") };
    assert_eq!((sent.texts, sent.files, notes.texts, notes.files), (60, 1, 50, 50));
    assert_eq!((sent.first, sent.last, notes.first), (Some(NEW_YEAR), Some(NEW_YEAR + 59 * DAY), None));
    assert_eq!(sent.days().unwrap(), "2024-01-01 to 2024-02-29");
    let formality = axis(&parts, "casual-formal");
    assert_eq!(formality.verdict, Verdict::Differs);
    let sentence = formality.sentence(By::Source, sent, notes);
    assert!(sentence.starts_with("In sent.mbox you are more formal than in notes/ ("), "{sentence}");
    let other = differences(notes, sent)[1].sentence(By::Source, notes, sent);
    assert!(
        other.starts_with("In notes/ you are more casual than in sent.mbox (")
            && other.ends_with("where 0 is casual).")
    );
    let order = differing_first(&parts.differences[0].axes);
    assert!(parts.differences[0].axes[order[0]].differs() && order.len() == sent.axes.len());
    assert!(parts.lacks().is_empty());
}

#[test]
fn a_source_that_is_too_small_says_what_it_lacks_and_is_not_scored() {
    let parts = home(&[mail(0..60, formal), notes(60..65, chatty)].concat()).sources();
    // Five notes are no few files: they are one folder.
    let small = &parts.parts[1];
    assert!(small.axes.is_empty() && small.missing_words > 0 && parts.differences.is_empty());
    assert_eq!(small.words + small.missing_words, xpert::style::MIN_WORDS);
    let lacks = parts.lacks();
    assert!(lacks.len() == 1 && lacks[0].starts_with("notes/: "), "{lacks:?}");
    let alone = home(&mail(0..60, formal)).sources().lacks();
    assert!(alone.len() == 1 && alone[0].contains("one place, sent.mbox"), "{alone:?}");
}

#[test]
fn a_change_over_time_is_found_and_said() {
    let early = mail(0..120, formal);
    let parts = home(&[early, mail(120..240, chatty), notes(240..250, formal)].concat()).spans();
    assert_eq!((parts.parts.len(), parts.undated, parts.differences.len()), (6, 10, 1));
    let words: Vec<usize> = parts.parts.iter().map(|part| part.words).collect();
    assert!(words.iter().max().unwrap() - words.iter().min().unwrap() < 100, "{words:?}");
    assert!(parts.parts.windows(2).all(|two| two[0].last < two[1].first));
    assert_eq!(parts.parts.iter().map(|part| part.texts).sum::<usize>(), 240);
    let (first, last) = (&parts.parts[0], &parts.parts[5]);
    let sentence = axis(&parts, "casual-formal").sentence(By::Time, first, last);
    assert!(sentence.starts_with("You have become more casual: from "), "{sentence}");
    assert!(first.label.starts_with("2024-01-01 to "), "{}", first.label);
}

#[test]
fn too_few_dates_are_said() {
    let none = home(&notes(0..60, formal)).spans();
    assert!(none.parts.is_empty() && none.undated == 60);
    assert_eq!(none.lacks(), ["None of your 60 texts has a date."]);
    let few = home(&mail(0..15, formal)).spans().lacks();
    assert!(few[0].contains("too few for two periods"), "{few:?}");
    let mut one_day = mail(0..60, formal);
    one_day.iter_mut().for_each(|document| document.timestamp = Some(NEW_YEAR));
    let one_day = home(&one_day).spans().lacks();
    assert!(one_day[0].contains("have the same timestamp, on 2024-01-01"), "{one_day:?}");
}

#[test]
fn a_few_long_texts_are_measured_but_nothing_is_claimed_of_them() {
    let long = |source: &str, numbers: std::ops::Range<usize>, style: fn(usize) -> String| {
        let text = numbers.map(style).collect::<Vec<_>>().join(" ");
        document(source, Format::Text, None, text)
    };
    let parts = home(&[long("essay.txt", 0..40, formal), long("diary.txt", 40..80, chatty)]).sources();
    let all = &parts.differences[0].axes;
    assert!(all.iter().all(|difference| difference.verdict == Verdict::TooFewTexts));
    let sentence = all[1].sentence(By::Source, &parts.parts[0], &parts.parts[1]);
    assert!(sentence.contains("there are 1 and 1"), "{sentence}");
}

#[test]
fn without_texts_or_when_stopped_there_is_an_error() {
    let empty = home(&[]);
    assert!(matches!(by(&empty.context, By::Source, &Cancel::new()), Err(AppError::NoTexts)));
    assert!(matches!(by(&empty.context, By::Time, &Cancel::new()), Err(AppError::NoTexts)));
    let cancel = Cancel::new();
    cancel.request();
    assert!(matches!(by(&home(&mail(0..30, formal)).context, By::Source, &cancel), Err(AppError::Cancelled(_))));
}

/// The invented person's own answers, dealt into two halves at random: what differs there is chance.
#[test]
fn halves_of_one_person_hardly_ever_differ() {
    const DEALS: usize = 6;
    let pairs = xpert::app::demo::pairs().unwrap();
    let mut answers: Vec<String> = pairs.into_iter().map(|pair| pair.answer).collect();
    let random = &mut StdRng::seed_from_u64(11);
    let (mut apart, mut all) = (0, 0);
    for _ in 0..DEALS {
        answers.shuffle(random);
        let half = answers.len() / 2;
        let file = |at: usize| if at < half { "one.jsonl" } else { "other.jsonl" };
        let documents = answers.iter().enumerate();
        let documents = documents.map(|(at, text)| document(file(at), Format::Jsonl, None, text.clone()));
        let parts = home(&documents.collect::<Vec<_>>()).sources();
        apart += parts.differences[0].axes.iter().filter(|difference| difference.differs()).count();
        all += parts.differences[0].axes.len();
    }
    assert!(apart * 20 <= all, "{apart} of {all} axes differ between halves of one person's texts");
}

#[test]
fn fifty_thousand_texts_take_seconds() {
    let random = &mut StdRng::seed_from_u64(3);
    let documents: Vec<Document> = (0..50_000)
        .map(|number| {
            let style = if random.random_bool(0.5) { formal } else { chatty };
            document("/home/ann/sent.mbox", Format::Mbox, Some(NEW_YEAR + number as i64), style(number))
        })
        .collect();
    let home = home(&documents);
    let begun = Instant::now();
    let parts = home.spans();
    let taken = begun.elapsed();
    assert_eq!(parts.parts.iter().map(|part: &Part| part.texts).sum::<usize>(), 50_000);
    eprintln!("50,000 texts of {} words by time: {taken:?}", parts.parts.iter().map(|part| part.words).sum::<usize>());
    // Without optimisation, and beside other tests.
    assert!(taken < Duration::from_mins(10), "{taken:?}");
}
