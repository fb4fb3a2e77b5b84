//! What selection says when the text gets worse: shorter, misspelt, quoted, mixed with another person's, or of one subject. Accuracy
//! alone is not enough: what is called certain has to be right.

use std::collections::BTreeMap;
use std::path::Path;

use rand::prelude::*;
use rand::rngs::StdRng;
use xpert::selection::{Card, Signature, assess};
use xpert::style::{Measured, Sample, StyleSpace};

use super::data::{Response, problem, styles};
use super::error::EvaluationError;
use super::report::{Report, Row, Value};
use super::shared::UNSTYLED;

/// Texts of a simulated model.
const MODEL_TEXTS: usize = 100;
/// Users of each style, and the words that each has written unless the condition is about that.
const USERS: usize = 10;
const WORDS: usize = 600;
const SEED: u64 = 11;

/// A way in which text is worse, and by how much.
#[derive(Clone, Copy)]
enum Condition {
    /// Words.
    Short(usize),
    /// Share of the words with two letters swapped or one left out.
    Typos(f64),
    /// Share of the lines that are quoted from others.
    Quoted(f64),
    /// Share of the texts that another person wrote.
    Another(f64),
    /// All texts answer prompts with such words in them.
    Domain(&'static str, &'static [&'static str]),
}

const CONDITIONS: &[Condition] = &[
    Condition::Short(1200),
    Condition::Short(600),
    Condition::Short(300),
    Condition::Short(200),
    Condition::Short(100),
    Condition::Typos(0.05),
    Condition::Typos(0.1),
    Condition::Typos(0.2),
    Condition::Typos(0.4),
    Condition::Quoted(0.25),
    Condition::Quoted(0.5),
    Condition::Quoted(0.75),
    Condition::Another(0.1),
    Condition::Another(0.25),
    Condition::Another(0.5),
    Condition::Domain(
        "technical",
        &["software", "program", "code", "computer", "algorithm", "data", "network", "circuit", "python", "internet"],
    ),
    Condition::Domain(
        "medical",
        &[
            "health",
            "disease",
            "medical",
            "doctor",
            "symptom",
            "diet",
            "medicine",
            "patient",
            "sleep",
            "exercise",
            "nutrition",
            "vitamin",
            "stress",
            "blood",
            "brain",
            "pain",
            "mental",
            "healthy",
            "body",
            "weight",
            "heart",
            "drug",
            "virus",
            "covid",
        ],
    ),
];

/// Accuracy, and how honest what is claimed is, on a folder of `STYLE.jsonl` files; models simulated by texts of one half of the prompts,
/// wholly in their style.
///
/// # Errors
/// When a file is missing or malformed, or has too few texts.
pub fn noise(space: &StyleSpace, folder: &Path, progress: &mut dyn FnMut(&str)) -> Result<Report, EvaluationError> {
    let styles = styles(folder)?;
    let prompts = styles.values().map(Vec::len).min().unwrap_or(0);
    if prompts < 2 * MODEL_TEXTS || !styles.contains_key(UNSTYLED) {
        let needed = 2 * MODEL_TEXTS;
        return Err(problem(folder, format!("default.jsonl and {needed} prompts answered in every style are needed")));
    }
    let mut order: Vec<usize> = (0..prompts).collect();
    order.shuffle(&mut StdRng::seed_from_u64(SEED));
    let users = order.split_off(MODEL_TEXTS);
    let unstyled: Vec<&str> = order.iter().map(|&at| styles[UNSTYLED][at].response.as_str()).collect();
    let base = space.measure(&unstyled);
    let mut field = Field { space, styles: &styles, cards: Vec::new(), users, base };
    field.cards = field.cards(&order)?;
    let mut rows = Vec::new();
    for condition in CONDITIONS {
        let (name, amount) = condition.named();
        progress(&format!("{name} {amount}"));
        rows.extend(field.row(*condition)?);
    }
    let about = format!(
        "Choosing among {} styles with {WORDS} words unless said otherwise. `chosen`: share of users for whom a model is chosen; \
         `right`: of these, the share of the own style; `claimed`: the mean probability that was claimed for it; `warned`: share of all \
         users who are told of something wrong with their text.",
        field.cards.len()
    );
    Ok(Report { suite: "noise".into(), space: space.version().into(), about, rows })
}

impl Condition {
    fn named(self) -> (String, String) {
        let percent = |share: f64| format!("{:.0} %", 100.0 * share);
        match self {
            Self::Short(words) => ("words".into(), words.to_string()),
            Self::Typos(share) => ("misspelt words".into(), percent(share)),
            Self::Quoted(share) => ("quoted lines".into(), percent(share)),
            Self::Another(share) => ("texts of another person".into(), percent(share)),
            Self::Domain(name, _) => ("subject".into(), name.into()),
        }
    }
}

struct Field<'a> {
    space: &'a StyleSpace,
    styles: &'a BTreeMap<String, Vec<Response>>,
    cards: Vec<Card>,
    /// Prompts of the users.
    users: Vec<usize>,
    base: Measured,
}

impl Field<'_> {
    fn cards(&self, prompts: &[usize]) -> Result<Vec<Card>, EvaluationError> {
        let names = self.styles.keys().filter(|style| *style != UNSTYLED);
        names
            .map(|style| {
                let texts: Vec<&str> = prompts.iter().map(|&at| self.styles[style][at].response.as_str()).collect();
                let estimate = Sample::of(self.space, &texts).estimate(&self.base)?;
                let (id, signature) = (style.clone(), Signature::new(self.space, estimate));
                Ok(Card { name: id.clone(), id, signature, ..Card::default() })
            })
            .collect()
    }

    fn row(&self, condition: Condition) -> Result<Option<Row>, EvaluationError> {
        let prompts = match condition {
            Condition::Domain(_, words) => self.about(words),
            _ => self.users.clone(),
        };
        if prompts.len() < 2 * USERS {
            return Ok(None);
        }
        let mut random = StdRng::seed_from_u64(SEED);
        let (mut users, mut chosen, mut right, mut warned, mut claimed) = (0_usize, 0_usize, 0_usize, 0_usize, 0.0);
        for own in 0..self.cards.len() {
            for _ in 0..USERS {
                let texts = self.user(own, condition, &prompts, &mut random);
                let found = assess(self.space, &texts, &self.base, &self.cards)?;
                users += 1;
                warned += usize::from(!found.cautions.is_empty());
                if let Some(id) = &found.selection.choice.id {
                    chosen += 1;
                    right += usize::from(id == &self.cards[own].id);
                    let best = found.selection.candidates.iter().find(|candidate| &candidate.id == id);
                    claimed += best.map_or(0.0, |best| best.probability);
                }
            }
        }
        let share = |count: usize, of: usize| {
            if of == 0 { Value::Word("-".into()) } else { Value::Number(count as f64 / of as f64, 2) }
        };
        let (name, amount) = condition.named();
        Ok(Some(Row(vec![
            ("condition", Value::Word(name)),
            ("amount", Value::Word(amount)),
            ("users", Value::Count(users)),
            ("chosen", share(chosen, users)),
            ("right", share(right, chosen)),
            ("claimed", if chosen == 0 { Value::Word("-".into()) } else { Value::Number(claimed / chosen as f64, 2) }),
            ("warned", share(warned, users)),
        ])))
    }

    fn about(&self, words: &[&str]) -> Vec<usize> {
        let about = |at: &usize| {
            let prompt = self.styles[UNSTYLED][*at].prompt().to_lowercase();
            prompt.split(|c: char| !c.is_alphabetic()).any(|word| words.contains(&word.trim_end_matches('s')))
        };
        self.users.iter().copied().filter(about).collect()
    }

    /// Texts of a style until there are enough words, made worse.
    fn user(&self, own: usize, condition: Condition, prompts: &[usize], random: &mut StdRng) -> Vec<String> {
        let wanted = if let Condition::Short(words) = condition { words } else { WORDS };
        let other = (own + random.random_range(1..self.cards.len())) % self.cards.len();
        let mut shuffled = prompts.to_vec();
        shuffled.shuffle(random);
        let (mut texts, mut words) = (Vec::new(), 0);
        for at in shuffled {
            if words >= wanted {
                break;
            }
            let theirs = matches!(condition, Condition::Another(share) if random.random_bool(share));
            let style = &self.cards[if theirs { other } else { own }].id;
            let left = wanted - words;
            let whole = &self.styles[style][at].response;
            let text = if condition.is_short() { first_words(whole, left) } else { whole.clone() };
            words += text.split_whitespace().count();
            texts.push(match condition {
                Condition::Typos(share) => misspelt(&text, share, random),
                Condition::Quoted(share) => quoted(&text, &self.styles[UNSTYLED][at].response, share),
                _ => text,
            });
        }
        texts
    }
}

impl Condition {
    fn is_short(self) -> bool {
        matches!(self, Self::Short(_))
    }
}

/// The text up to this many words, with its lines.
fn first_words(text: &str, count: usize) -> String {
    let mut seen = 0;
    let mut within = false;
    for (at, character) in text.char_indices() {
        if character.is_whitespace() {
            within = false;
        } else if !within {
            within = true;
            seen += 1;
            if seen > count {
                return text[..at].trim_end().to_owned();
            }
        }
    }
    text.to_owned()
}

/// Two letters swapped, or one left out, in a share of the words.
fn misspelt(text: &str, share: f64, random: &mut StdRng) -> String {
    let word = |word: &str, random: &mut StdRng| {
        let mut letters: Vec<char> = word.chars().collect();
        if letters.len() >= 4 && random.random_bool(share) {
            let at = random.random_range(1..letters.len() - 1);
            if random.random_bool(0.5) {
                letters.swap(at, at + 1);
            } else {
                letters.remove(at);
            }
        }
        letters.into_iter().collect::<String>()
    };
    let line = |line: &str, random: &mut StdRng| line.split(' ').map(|w| word(w, random)).collect::<Vec<_>>().join(" ");
    text.split('\n').map(|l| line(l, random)).collect::<Vec<_>>().join("\n")
}

/// Quoted lines of another text before it, so that they make up a share of both.
fn quoted(text: &str, other: &str, share: f64) -> String {
    let wanted = (text.len() as f64 * share / (1.0 - share)) as usize;
    let mut lines = Vec::new();
    let mut length = 0;
    for sentence in other.split_inclusive(['.', '!', '?']).cycle().map(str::trim).filter(|s| !s.is_empty()) {
        if length >= wanted {
            break;
        }
        length += sentence.len();
        lines.push(format!("> {sentence}"));
    }
    lines.push(text.to_owned());
    lines.join("\n")
}
