//! Cosine-Delta, the usual way to tell authors apart (Smith and Aldridge, 2011, after Burrows, 2002): the baseline. Estimated on the
//! tested authors themselves, as it always is.

use std::collections::HashMap;

use unicode_segmentation::UnicodeSegmentation;

const TOKENS: usize = 150;

pub(super) struct Delta {
    tokens: HashMap<String, usize>,
    mean: Vec<f64>,
    deviation: Vec<f64>,
    authors: Vec<Vec<f64>>,
}

impl Delta {
    pub(super) fn new<'a>(authors: impl Iterator<Item = &'a [String]>) -> Self {
        let counts: Vec<HashMap<String, f64>> = authors.map(count).collect();
        let mut total: HashMap<&str, f64> = HashMap::new();
        for author in &counts {
            for (token, count) in author {
                *total.entry(token).or_default() += count;
            }
        }
        let mut ranked: Vec<(&str, f64)> = total.into_iter().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        let tokens: HashMap<String, usize> =
            ranked.iter().take(TOKENS).enumerate().map(|(index, (token, _))| ((*token).to_owned(), index)).collect();
        let rates: Vec<Vec<f64>> = counts.iter().map(|author| rates(&tokens, author)).collect();
        let over = |of: &dyn Fn(&Vec<f64>) -> f64| rates.iter().map(of).sum::<f64>() / rates.len().max(1) as f64;
        let mean: Vec<f64> = (0..tokens.len()).map(|j| over(&|rate| rate[j])).collect();
        let deviation: Vec<f64> =
            (0..tokens.len()).map(|j| over(&|rate| (rate[j] - mean[j]).powi(2)).sqrt().max(1e-9)).collect();
        let mut delta = Self { tokens, mean, deviation, authors: Vec::new() };
        delta.authors = rates.iter().map(|rates| delta.scores(rates)).collect();
        delta
    }

    pub(super) fn nearest(&self, texts: &[&str]) -> Option<usize> {
        let user = self.scores(&rates(&self.tokens, &count(texts)));
        let similarity = self.authors.iter().map(|author| cosine(&user, author));
        similarity.enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(best, _)| best)
    }

    fn scores(&self, rates: &[f64]) -> Vec<f64> {
        rates
            .iter()
            .zip(&self.mean)
            .zip(&self.deviation)
            .map(|((rate, mean), deviation)| (rate - mean) / deviation)
            .collect()
    }
}

/// Words in lower case, and punctuation marks.
fn count<T: AsRef<str>>(texts: &[T]) -> HashMap<String, f64> {
    let mut counts = HashMap::new();
    for text in texts {
        for token in text.as_ref().split_word_bounds().filter(|token| !token.trim().is_empty()) {
            *counts.entry(token.to_lowercase()).or_default() += 1.0;
        }
    }
    counts
}

fn rates(tokens: &HashMap<String, usize>, counts: &HashMap<String, f64>) -> Vec<f64> {
    let total: f64 = counts.values().sum::<f64>().max(1.0);
    let mut rates = vec![0.0; tokens.len()];
    for (token, &index) in tokens {
        rates[index] = counts.get(token).copied().unwrap_or(0.0) / total;
    }
    rates
}

fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let inner = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    inner(a, b) / (inner(a, a) * inner(b, b)).sqrt().max(1e-12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authors_with_habits_of_their_own_are_told_apart() {
        let one: Vec<String> = (0..9).map(|n| format!("well, I never saw {n} of them; not once, well.")).collect();
        let other: Vec<String> =
            (0..9).map(|n| format!("The count is {n}. The sum is the count of the rows.")).collect();
        let delta = Delta::new([&one[..], &other[..]].into_iter());
        assert_eq!(delta.nearest(&["well, not one of them; never"]), Some(0));
        assert_eq!(delta.nearest(&["The rows of the sum."]), Some(1));
    }
}
