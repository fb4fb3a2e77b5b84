//! Looks for everything that makes texts doubtful, in an order in which nothing is reported twice. A caution is a hint and never stops
//! anything.

use std::collections::HashSet;

use strum::VariantArray;

use super::authors::two_groups;
use super::kinds::Caution;
use super::language::{Languages, languages};
use super::noise::{NoiseKind, Sifted, sift};
use super::repetition::{Repetition, repetition};
use super::typing;
use crate::style::space::StyleSpace;

/// Reported where more of the words than this are in other languages; none of the people below is over it.
pub const FOREIGN_SHARE: f64 = 0.1;
/// Reported where more of the visible characters than this are not prose. Of the 171 people and styles on which this was tried
/// four are over it, whose commit messages are mostly pasted output and lists of files.
pub const NOISE_SHARE: f64 = 0.25;
/// Reported where more of the words than this are garbled; none of the same people is over it.
pub const GARBLED_SHARE: f64 = 0.15;
/// Reported where more of the words than this are repeats. One of the same people is over it, with commit messages made
/// from one pattern.
pub const REPEATED_SHARE: f64 = 0.3;
/// Fewer words (or their letters) of noise or repeats are not worth a caution.
const FEW_WORDS: usize = 50;
const LETTERS_IN_A_WORD: usize = 5;

/// The cautions about `texts` before a style is measured on them; empty where nothing was found.
///
/// Seven milliseconds for fifty messages of fifty words, 0.2 s for five thousand (one core). The order of the texts matters to
/// [`Caution::MultipleAuthors`]: texts of one source should stand together.
pub fn cautions<T: AsRef<str>>(space: &StyleSpace, texts: &[T]) -> Vec<Caution> {
    let sifted: Vec<Sifted> = texts.iter().map(|text| sift(text.as_ref())).collect();
    let prose: Vec<&str> = sifted.iter().map(|sifted| sifted.prose.as_str()).collect();
    let mut found = other_languages(space, &prose);
    // Texts that are not English are reported above; the rest concerns those that can be measured.
    let foreign: HashSet<usize> = found.iter().flat_map(Caution::texts).copied().collect();
    found.extend(noisy(&sifted));
    let english: Vec<(usize, &str)> =
        prose.iter().copied().enumerate().filter(|(index, _)| !foreign.contains(index)).collect();
    found.extend(garbled(&english));
    let repeats = repetition(&english);
    let repeated: HashSet<usize> = repeats.texts.iter().copied().collect();
    found.extend(repetitive(repeats));
    // Repeats of one text would be a group of their own.
    let unique: Vec<(usize, &str)> = english.into_iter().filter(|(index, _)| !repeated.contains(index)).collect();
    found.extend(multiple_authors(space, &unique));
    found
}

/// The languages other than English that texts are in, each with their number, the commonest first. Short texts are judged together,
/// and count as English where the language is unclear.
pub fn foreign_languages<T: AsRef<str>>(space: &StyleSpace, texts: &[T]) -> Vec<(&'static str, usize)> {
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    let found = in_languages(space, &texts).foreign.into_iter();
    let mut found: Vec<(&'static str, usize)> = found.map(|(language, texts)| (language, texts.len())).collect();
    found.sort_by_key(|(_, texts)| std::cmp::Reverse(*texts));
    found
}

fn in_languages(space: &StyleSpace, texts: &[&str]) -> Languages {
    let common = space.reference.features().words.iter().map(String::as_str).collect();
    languages(texts, &common)
}

fn other_languages(space: &StyleSpace, prose: &[&str]) -> Vec<Caution> {
    let found = in_languages(space, prose);
    let all: usize = found.words.iter().sum();
    let share = |texts: &[usize]| texts.iter().map(|&text| found.words[text]).sum::<usize>() as f64 / all.max(1) as f64;
    if found.foreign.values().map(|texts| share(texts)).sum::<f64>() <= FOREIGN_SHARE {
        return Vec::new();
    }
    let mut cautions: Vec<(f64, Caution)> = found
        .foreign
        .iter()
        .map(|(language, texts)| {
            let share_of_words = share(texts);
            let caution =
                Caution::OtherLanguage { language: (*language).to_owned(), texts: texts.clone(), share_of_words };
            (share_of_words, caution)
        })
        .collect();
    cautions.sort_by(|a, b| b.0.total_cmp(&a.0));
    cautions.into_iter().map(|(_, caution)| caution).collect()
}

fn noisy(sifted: &[Sifted]) -> Option<Caution> {
    let noise_of = |sifted: &Sifted| sifted.noise.iter().sum::<usize>();
    let all: usize = sifted.iter().map(|sifted| sifted.characters).sum();
    let noise: usize = sifted.iter().map(noise_of).sum();
    let share = noise as f64 / all.max(1) as f64;
    if share <= NOISE_SHARE || noise < FEW_WORDS * LETTERS_IN_A_WORD {
        return None;
    }
    let mut kinds: Vec<(usize, NoiseKind)> = NoiseKind::VARIANTS
        .iter()
        .map(|&kind| (sifted.iter().map(|sifted| sifted.noise[kind as usize]).sum(), kind))
        .collect();
    kinds.sort_by_key(|(characters, _)| std::cmp::Reverse(*characters));
    let kinds = kinds.into_iter().filter(|(characters, _)| 5 * characters >= noise).map(|(_, kind)| kind).collect();
    let over = |sifted: &Sifted| noise_of(sifted) as f64 > NOISE_SHARE * sifted.characters as f64;
    let texts = (0..sifted.len()).filter(|&index| over(&sifted[index])).collect();
    Some(Caution::Noisy { share, kinds, texts })
}

fn garbled(texts: &[(usize, &str)]) -> Option<Caution> {
    let counts: Vec<(usize, usize)> = texts.iter().map(|(_, text)| typing::garbled(text)).collect();
    let (bad, all) = counts.iter().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    let over = |(bad, all): (usize, usize)| bad as f64 > GARBLED_SHARE * all as f64;
    if !over((bad, all)) || all < FEW_WORDS {
        return None;
    }
    let texts = texts.iter().zip(counts).filter(|(_, count)| over(*count)).map(|((index, _), _)| *index).collect();
    Some(Caution::Garbled { share_of_words: bad as f64 / all as f64, texts })
}

fn repetitive(found: Repetition) -> Option<Caution> {
    let share = found.repeated as f64 / found.words.max(1) as f64;
    let much = share > REPEATED_SHARE && found.repeated >= FEW_WORDS;
    much.then_some(Caution::Repetitive { share, texts: found.texts })
}

fn multiple_authors(space: &StyleSpace, texts: &[(usize, &str)]) -> Option<Caution> {
    let found = two_groups(space, texts).filter(|found| found.separation > 1.0)?;
    let [mut larger, mut apart] = found.groups;
    if larger.len() < apart.len() {
        std::mem::swap(&mut larger, &mut apart);
    }
    Some(Caution::MultipleAuthors { separation: found.separation, texts_each: [larger.len(), apart.len()], apart })
}
