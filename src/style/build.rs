//! Computes a reference from other writers' texts. Only statistics leave this module, never a text.

use std::collections::{BTreeMap, HashMap, HashSet};

use nalgebra::DMatrix;
use sha2::{Digest, Sha256};

use super::StyleError;
use super::counter::{Counter, shape};
use super::counts::Counts;
use super::features::FeatureList;
use super::reference::{Description, Reference, Source};
use super::tokens::{Token, normalise, sentences, words};

/// One kind of writing (mail, chat, novels) by several authors. Each domain counts alike, whatever its size.
#[derive(Clone, Debug)]
pub struct Domain {
    /// What it is and where it comes from; kept in the description.
    pub name: String,
    /// Whether its authors are people, who make up the reference population, or styles of written-to-order answers, which only
    /// teach how much an answer's topic moves the features.
    pub people: bool,
    pub authors: BTreeMap<String, Vec<String>>,
}

impl Domain {
    /// Leaves each author the first texts of an equal share of so many words.
    pub fn keep_words(&mut self, words: usize) {
        let share = words / self.authors.len().max(1);
        for texts in self.authors.values_mut() {
            let mut before = 0;
            texts.retain(|text| {
                let keep = before < share;
                before += text.split_whitespace().count();
                keep
            });
        }
    }
}

/// What can be tuned; [`Default`] is what measured best (see `docs/style.md`).
#[derive(Clone, Debug)]
pub struct BuildOptions {
    pub words: usize,
    pub trigrams: usize,
    /// Words in a window over which features are computed for the covariance.
    pub window: usize,
    /// Weight of the identity in the within-author correlation.
    pub shrinkage: f64,
    /// No root of a rate is measured by a finer scale than this many times its sampling error in one window. Without it the
    /// things reference authors hardly ever do (emphasis marks, emoji, rare words) drown everything else.
    pub scale_floor: f64,
    /// Words of the prior mixed into every measurement.
    pub smoothing: f64,
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self { words: 250, trigrams: 120, window: 100, shrinkage: 0.3, scale_floor: 1.6, smoothing: 30.0 }
    }
}

/// Builds the reference from texts grouped by kind and author.
///
/// # Errors
/// [`StyleError::Reference`] where there are too few authors or words to estimate anything.
pub fn build_reference(domains: &[Domain], options: &BuildOptions) -> Result<Reference, StyleError> {
    if domains.is_empty() {
        return Err(StyleError::reference("no texts were given"));
    }
    let features = choose_features(domains, options);
    if features.words.len() < options.words.min(20) {
        return Err(StyleError::reference("too few words are common to all kinds of text"));
    }
    let counter = Counter::new(&features)?;
    let windows: Vec<Vec<Vec<Counts>>> =
        domains.iter().map(|domain| windows(domain, &counter, options.window)).collect();
    let typical = typical(&windows, features.slots());
    let (mean, covariance) = within_author(&windows, features.len(), |window| {
        let mut sums = window.clone();
        sums.add(&typical, options.smoothing.max(0.5));
        features.values(&sums)
    })?;
    let scale = scales(&covariance, &features, &typical, options);
    let mut whitening = inverse_root(&covariance, &scale, options.shrinkage);
    // What is written is single precision; computing with the same numbers makes a built space and a loaded one equal.
    let single = |value: &mut f64| *value = f64::from(*value as f32);
    let (mut mean, mut scale, mut typical) = (mean, scale, typical);
    mean.iter_mut().chain(&mut scale).chain(&mut typical.0).chain(whitening.iter_mut()).for_each(single);
    let sources = domains
        .iter()
        .zip(&windows)
        .map(|(domain, windows)| Source {
            name: domain.name.clone(),
            authors: domain.authors.len(),
            texts: domain.authors.values().map(Vec::len).sum(),
            words: windows.iter().flatten().map(Counts::words).sum::<f64>() as usize,
        })
        .collect();
    let description = Description {
        schema: "xpert.style-reference/1".to_owned(),
        version: digest(&features, &mean, &scale, &whitening),
        made_by: "xpert library reference".to_owned(),
        definitions: super::counter::definitions(),
        sources,
        window_words: options.window,
        shrinkage: options.shrinkage,
        scale_floor: options.scale_floor,
        smoothing_words: options.smoothing,
        features,
    };
    Reference::new(description, typical, mean, scale, whitening)
}

/// The commonest words and shape trigrams that every kind of text shares: ranked by the geometric mean of their rates over
/// the domains, which keeps one domain's topic words ("commit", "ubuntu") out.
fn choose_features(domains: &[Domain], options: &BuildOptions) -> FeatureList {
    let mut word_rates: HashMap<String, Vec<f64>> = HashMap::new();
    let mut trigram_rates: HashMap<[char; 3], Vec<f64>> = HashMap::new();
    for (index, domain) in domains.iter().enumerate() {
        for texts in domain.authors.values() {
            let share = 1.0 / domain.authors.len() as f64;
            let (words, trigrams) = raw_counts(texts);
            tally(&mut word_rates, words, index, domains.len(), share);
            tally(&mut trigram_rates, trigrams, index, domains.len(), share);
        }
    }
    let words = commonest(word_rates, options.words, 1e-5);
    let trigrams = commonest(trigram_rates, options.trigrams, 1e-5);
    FeatureList { words, trigrams: trigrams.into_iter().map(|key| key.iter().collect()).collect() }
}

fn raw_counts(texts: &[String]) -> (HashMap<String, f64>, HashMap<[char; 3], f64>) {
    let mut found_words = HashMap::new();
    let mut found_trigrams = HashMap::new();
    for text in texts {
        let normal = normalise(text);
        for sentence in sentences(&normal, &HashSet::new()) {
            words(sentence, |token| {
                if let Token::Word(word) = token
                    && word.chars().all(|c| c.is_alphabetic() || c == '\'')
                {
                    *found_words.entry(word.to_lowercase()).or_insert(0.0) += 1.0;
                }
            });
        }
        let mut last = ['\n'; 3];
        for character in normal.chars() {
            last = [last[1], last[2], shape(character)];
            *found_trigrams.entry(last).or_insert(0.0) += 1.0;
        }
    }
    (found_words, found_trigrams)
}

fn tally<K: std::hash::Hash + Eq>(
    rates: &mut HashMap<K, Vec<f64>>,
    counts: HashMap<K, f64>,
    domain: usize,
    domains: usize,
    share: f64,
) {
    let total: f64 = counts.values().sum();
    for (key, count) in counts {
        rates.entry(key).or_insert_with(|| vec![0.0; domains])[domain] += share * count / total;
    }
}

fn commonest<K: Ord + Clone>(rates: HashMap<K, Vec<f64>>, wanted: usize, floor: f64) -> Vec<K> {
    let score = |rates: &[f64]| rates.iter().map(|rate| (rate + floor).ln()).sum::<f64>();
    let mut ranked: Vec<(f64, K)> = rates.iter().map(|(key, rates)| (score(rates), key.clone())).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    ranked.into_iter().take(wanted).map(|(_, key)| key).collect()
}

/// Per author, the sums of consecutive windows of about `size` words: long texts are cut between sentences, short ones joined.
pub(crate) fn windows(domain: &Domain, counter: &Counter, size: usize) -> Vec<Vec<Counts>> {
    domain.authors.values().map(|texts| author_windows(texts, counter, size)).collect()
}

pub(crate) fn author_windows(texts: &[String], counter: &Counter, size: usize) -> Vec<Counts> {
    let size = size as f64;
    joined(texts.iter().flat_map(|text| pieces(text, size)).map(|piece| counter.count(&piece)), size)
}

/// Sums of consecutive pieces of `size` words or more each.
pub(crate) fn joined(pieces: impl IntoIterator<Item = Counts>, size: f64) -> Vec<Counts> {
    let mut done = Vec::new();
    let mut open: Option<Counts> = None;
    for counts in pieces {
        let sums = match open.take() {
            Some(mut sums) => {
                sums.add(&counts, 1.0);
                sums
            }
            None => counts,
        };
        if sums.words() >= size {
            done.push(sums);
        } else {
            open = Some(sums);
        }
    }
    // A rest too small for a window of its own joins the last one.
    if let Some(rest) = open {
        match done.last_mut() {
            Some(last) if rest.words() < size / 2.0 => last.add(&rest, 1.0),
            _ => done.push(rest),
        }
    }
    done
}

/// Words of one author in a member of the reference population.
const MEMBER_WORDS: usize = 350;

/// The reference population that percentiles are taken in: members of some 350 words, as many of each domain as of the others.
#[must_use]
pub fn population(domains: &[Domain], reference: &Reference) -> Vec<Counts> {
    let members: Vec<Vec<Counts>> = domains
        .iter()
        .filter(|domain| domain.people)
        .map(|domain| windows(domain, &reference.counter, MEMBER_WORDS).concat())
        .collect();
    let most = members.iter().map(Vec::len).max().unwrap_or(0);
    // Smaller domains are repeated evenly up to the size of the largest.
    members
        .iter()
        .filter(|domain| !domain.is_empty())
        .flat_map(|domain| (0..most).map(|index| domain[index * domain.len() / most].clone()))
        .collect()
}

/// Cuts a text of more than one and a half windows between its lines or sentences.
pub(crate) fn pieces(text: &str, size: f64) -> Vec<String> {
    let total = text.split_whitespace().count() as f64;
    if total < 1.5 * size {
        return vec![text.to_owned()];
    }
    let normal = normalise(text);
    let mut pieces = vec![String::new()];
    let mut filled = 0.0;
    for chunk in normal.split_inclusive(['.', '!', '?', '\n']) {
        if filled >= size && chunk.starts_with(char::is_whitespace) {
            pieces.push(String::new());
            filled = 0.0;
        }
        filled += chunk.split_whitespace().count() as f64;
        if let Some(last) = pieces.last_mut() {
            last.push_str(chunk);
        }
    }
    pieces
}

/// Sums per word, averaged over authors, then over domains.
pub(crate) fn typical(windows: &[Vec<Vec<Counts>>], slots: usize) -> Counts {
    let mut typical = Counts::zero(slots);
    for domain in windows {
        for author in domain {
            let mut sums = Counts::zero(slots);
            for window in author {
                sums.add(window, 1.0);
            }
            typical.add(&sums.per_word(), 1.0 / (domain.len() * windows.len()) as f64);
        }
    }
    typical
}

/// The mean of `width` values of each window (each domain alike) and their covariance around each author's own mean.
pub(crate) fn within_author(
    windows: &[Vec<Vec<Counts>>],
    width: usize,
    values: impl Fn(&Counts) -> Vec<f64>,
) -> Result<(Vec<f64>, DMatrix<f64>), StyleError> {
    let mut mean = vec![0.0; width];
    let mut covariance = DMatrix::<f64>::zeros(width, width);
    for domain in windows {
        let mut deviations: Vec<f64> = Vec::new();
        let mut degrees = 0_usize;
        for author in domain {
            let rows: Vec<Vec<f64>> = author.iter().map(&values).collect();
            let own: Vec<f64> =
                (0..width).map(|j| rows.iter().map(|row| row[j]).sum::<f64>() / rows.len().max(1) as f64).collect();
            for (sum, value) in mean.iter_mut().zip(&own) {
                *sum += value / (domain.len() * windows.len()) as f64;
            }
            if rows.len() < 2 {
                continue;
            }
            degrees += rows.len() - 1;
            for row in &rows {
                deviations.extend(row.iter().zip(&own).map(|(value, own)| value - own));
            }
        }
        if degrees < 20 {
            return Err(StyleError::reference("an author needs several hundred words, a kind of text several authors"));
        }
        let deviations = DMatrix::from_vec(width, deviations.len() / width, deviations);
        covariance += (&deviations * deviations.transpose()) / (degrees * windows.len()) as f64;
    }
    Ok((mean, covariance))
}

/// The within-author standard deviations, none finer than the floor: the sampling error of the root of a rate over n things is
/// 1 / (2 sqrt n) whatever the rate.
fn scales(covariance: &DMatrix<f64>, features: &FeatureList, typical: &Counts, options: &BuildOptions) -> Vec<f64> {
    let words = options.window as f64 + options.smoothing;
    (0..features.len())
        .map(|feature| {
            let own = covariance[(feature, feature)].max(1e-10).sqrt();
            match features.sampled_over(feature, typical) {
                Some(per_word) if per_word > 0.0 => own.max(options.scale_floor * 0.5 / (per_word * words).sqrt()),
                _ => own,
            }
        })
        .collect()
}

/// `((1 - s) R + s I)^(-1/2)` with R the correlation matrix: symmetric, so that every coordinate stays close to its feature.
pub(crate) fn inverse_root(covariance: &DMatrix<f64>, scale: &[f64], shrinkage: f64) -> DMatrix<f64> {
    let width = scale.len();
    let shrunk = DMatrix::from_fn(width, width, |i, j| {
        let correlation = covariance[(i, j)] / (scale[i] * scale[j]);
        (1.0 - shrinkage) * correlation + if i == j { shrinkage } else { 0.0 }
    });
    let decomposed = shrunk.symmetric_eigen();
    let vectors = &decomposed.eigenvectors;
    let mut scaled = vectors.clone();
    for (mut column, &value) in scaled.column_iter_mut().zip(decomposed.eigenvalues.iter()) {
        column /= value.max(shrinkage.max(1e-6) * 0.5).sqrt();
    }
    let root = scaled * vectors.transpose();
    (&root + root.transpose()) * 0.5
}

fn digest(features: &FeatureList, mean: &[f64], scale: &[f64], whitening: &DMatrix<f64>) -> String {
    let mut hash = Sha256::new();
    hash.update(super::counter::definitions().as_bytes());
    for name in features.words.iter().chain(&features.trigrams) {
        hash.update(name.as_bytes());
        hash.update([0]);
    }
    for value in mean.iter().chain(scale).chain(whitening.iter()) {
        hash.update((*value as f32).to_le_bytes());
    }
    hex::encode(&hash.finalize()[..6])
}
