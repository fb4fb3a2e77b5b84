//! Computes a reference from other writers' texts. Only statistics leave this module, never a text.

use std::collections::{HashMap, HashSet};

use nalgebra::DMatrix;
use sha2::{Digest, Sha256};
use xpert::style::Counts;
use xpert::style::space::counter::{Counter, definitions, shape};
use xpert::style::space::features::{FeatureList, Transform};
use xpert::style::space::reference::{Description, Reference, Source};
use xpert::style::space::tokens::{Token, normalise, sentences, words};

use super::covariance::{inverse_root, typical, within_author};
use super::error::LearningError;
use super::texts::Domain;
use super::windows::windows;

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
/// [`LearningError::Reference`] where there are too few authors or words to estimate anything.
pub fn build_reference(domains: &[Domain], options: &BuildOptions) -> Result<Reference, LearningError> {
    if domains.is_empty() {
        return Err(LearningError::reference("no texts were given"));
    }
    let features = choose_features(domains, options);
    if features.words.len() < options.words.min(20) {
        return Err(LearningError::reference("too few words are common to all kinds of text"));
    }
    let counter = Counter::new(&features)?;
    let windows: Vec<Vec<Vec<Counts>>> =
        domains.iter().map(|domain| windows(domain, &counter, options.window)).collect();
    let typical = typical(&windows, features.slots());
    let (mean, covariance) = within_author(&windows, features.count(), |window| {
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
        made_by: "xpert-lab reference".to_owned(),
        definitions: definitions(),
        sources,
        window_words: options.window,
        shrinkage: options.shrinkage,
        scale_floor: options.scale_floor,
        smoothing_words: options.smoothing,
        features,
    };
    Ok(Reference::new(description, typical, mean, scale, whitening)?)
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

/// The within-author standard deviations, none finer than the floor: the sampling error of the root of a rate over n things is
/// 1 / (2 sqrt n) whatever the rate.
fn scales(covariance: &DMatrix<f64>, features: &FeatureList, typical: &Counts, options: &BuildOptions) -> Vec<f64> {
    let words = options.window as f64 + options.smoothing;
    (0..features.count())
        .map(|feature| {
            let own = covariance[(feature, feature)].max(1e-10).sqrt();
            let (_, denominator, transform) = features.ratio_of(feature);
            // How much of the denominator there is per word of typical text.
            let per_word = typical.0[denominator];
            if transform == Transform::Root && per_word > 0.0 {
                own.max(options.scale_floor * 0.5 / (per_word * words).sqrt())
            } else {
                own
            }
        })
        .collect()
}

fn digest(features: &FeatureList, mean: &[f64], scale: &[f64], whitening: &DMatrix<f64>) -> String {
    let mut hash = Sha256::new();
    hash.update(definitions().as_bytes());
    for name in features.words.iter().chain(&features.trigrams) {
        hash.update(name.as_bytes());
        hash.update([0]);
    }
    for value in mean.iter().chain(scale).chain(whitening.iter()) {
        hash.update((*value as f32).to_le_bytes());
    }
    hex::encode(&hash.finalize()[..6])
}
