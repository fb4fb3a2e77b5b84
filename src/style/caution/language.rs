//! Which texts are not in English, the one language the style space measures. Knows no styles.

use std::collections::{BTreeMap, HashSet};

use unicode_segmentation::UnicodeSegmentation;
use whatlang::Lang;

/// Shorter texts are too few letters to tell a language by; they are judged together.
const MIN_WORDS: usize = 20;
/// Words of a text that are looked at; more add nothing.
const MAX_WORDS: usize = 200;
/// English where this share of the words is among its commonest: English texts have 30 to 60 %, other languages under 20 %.
const COMMON: f64 = 0.25;
/// Where this share of the words begins with a capital, it is a list of names (German prose has four in ten).
const NAMES: f64 = 0.6;

/// The texts of each language but English, by its English name, and the words of every text.
pub(super) struct Languages {
    pub(super) foreign: BTreeMap<&'static str, Vec<usize>>,
    pub(super) words: Vec<usize>,
}

/// Judges the prose of texts; `common` are English's commonest words, in lower case.
pub(super) fn languages(texts: &[&str], common: &HashSet<&str>) -> Languages {
    let words: Vec<usize> = texts.iter().map(|text| count_words(text)).collect();
    let mut foreign: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
    let mut judge = |text: &str, members: &[usize]| {
        if let Some(language) = foreign_language(text, common) {
            foreign.entry(language.eng_name()).or_default().extend(members);
        }
    };
    let (mut pool, mut pooled, mut filled) = (String::new(), Vec::new(), 0);
    for (index, text) in texts.iter().enumerate() {
        if words[index] >= MIN_WORDS {
            judge(text, &[index]);
            continue;
        }
        pool.push_str(text);
        pool.push('\n');
        pooled.push(index);
        filled += words[index];
        if filled >= MIN_WORDS {
            judge(&pool, &pooled);
            pool.clear();
            pooled.clear();
            filled = 0;
        }
    }
    foreign.values_mut().for_each(|texts| texts.sort_unstable());
    Languages { foreign, words }
}

/// Words between spaces; in scripts without spaces what Unicode takes for words.
pub(super) fn count_words(text: &str) -> usize {
    if text.is_ascii() { text.split_ascii_whitespace().count() } else { text.unicode_words().count() }
}

fn foreign_language(text: &str, common: &HashSet<&str>) -> Option<Lang> {
    let tokens = text.split_whitespace().filter(|token| !token.contains("://"));
    let sample = tokens.take(MAX_WORDS).collect::<Vec<_>>().join(" ");
    let (mut words, mut listed, mut capitals) = (0_usize, 0_usize, 0_usize);
    for word in sample.unicode_words().filter(|word| word.contains(char::is_alphabetic)) {
        words += 1;
        capitals += usize::from(word.starts_with(char::is_uppercase));
        listed += usize::from(common.contains(word.to_lowercase().as_str()));
    }
    let share = |count: usize| count as f64 / words.max(1) as f64;
    if words == 0 || share(listed) >= COMMON || share(capitals) >= NAMES {
        return None;
    }
    let found = whatlang::detect(&sample).filter(whatlang::Info::is_reliable)?;
    Some(found.lang()).filter(|&language| language != Lang::Eng)
}
