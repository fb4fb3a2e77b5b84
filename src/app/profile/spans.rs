//! How time is divided: spans with about the same number of words, in the order of writing, each of whole texts
//! and large enough to be measured.
//! Knows no styles.

use super::differences::LEAST_TEXTS;
use crate::store::Text;
use crate::style::MIN_WORDS;

/// More cannot be distinguished at a glance.
const MOST: usize = 6;

/// Words of a span at the least. A third more than a profile needs, because the style space counts words in another way than the store.
pub(super) const LEAST_WORDS: usize = MIN_WORDS + MIN_WORDS / 3;

/// The texts with a date in spans, the oldest first, and how many have none. Where not even two spans are large enough, all are one.
pub(super) fn spans(texts: &[Text]) -> (Vec<Vec<&Text>>, usize) {
    let mut dated: Vec<(i64, &Text)> = texts.iter().filter_map(|text| Some((text.timestamp?, text))).collect();
    dated.sort_by_key(|(moment, text)| (*moment, text.id));
    let undated = texts.len() - dated.len();
    if dated.is_empty() {
        return (Vec::new(), undated);
    }
    let cuts = best_cuts(&dated);
    let ends = cuts.iter().skip(1).copied().chain([dated.len()]);
    let spans = cuts.iter().zip(ends).map(|(&from, to)| dated[from..to].iter().map(|(_, text)| *text).collect());
    (spans.collect(), undated)
}

/// Where each span begins: as many spans as possible. Spans whose differences can be told from chance come first.
fn best_cuts(dated: &[(i64, &Text)]) -> Vec<usize> {
    let before = words_before(dated);
    let most = MOST.min(before[dated.len()] / LEAST_WORDS);
    let tries = [LEAST_TEXTS, 1].into_iter().flat_map(|texts| (2..=most).rev().map(move |spans| (spans, texts)));
    let large = |cuts: &[usize], texts: usize| {
        let ends = cuts.iter().skip(1).copied().chain([dated.len()]);
        cuts.iter().zip(ends).all(|(&from, to)| to >= from + texts && before[to] >= before[from] + LEAST_WORDS)
    };
    tries
        .map(|(spans, texts)| (cuts(dated, &before, spans), texts))
        .find(|(cuts, texts)| large(cuts, *texts))
        .map_or_else(|| vec![0], |(cuts, _)| cuts)
}

/// The words before each text, and all of them.
fn words_before(dated: &[(i64, &Text)]) -> Vec<usize> {
    let sums = dated.iter().scan(0, |sum, (_, text)| {
        *sum += text.words;
        Some(*sum)
    });
    std::iter::once(0).chain(sums).collect()
}

/// Where so many spans begin when each cut lies as close as can be to its share of the words. What was written at one moment stays
/// together: files often know the day alone.
fn cuts(dated: &[(i64, &Text)], before: &[usize], spans: usize) -> Vec<usize> {
    let places: Vec<usize> = (1..dated.len()).filter(|&at| dated[at - 1].0 < dated[at].0).collect();
    let all = before[dated.len()];
    let closest = |share: usize| {
        let wanted = all * share / spans;
        let above = places.partition_point(|&at| before[at] < wanted);
        let near = places[above.saturating_sub(1)..places.len().min(above + 1)].iter();
        near.min_by_key(|&&at| before[at].abs_diff(wanted)).copied()
    };
    std::iter::once(0).chain((1..spans).filter_map(closest)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::{Document, Format};

    fn text(timestamp: Option<i64>, words: usize) -> Text {
        let document = Document { timestamp, ..Document::new("notes.txt", Format::Text, "") };
        Text { id: 0, words, document }
    }

    fn sizes(texts: &[Text]) -> Vec<usize> {
        spans(texts).0.iter().map(|span| span.iter().map(|text| text.words).sum()).collect()
    }

    #[test]
    fn spans_are_equal_in_words_whatever_the_gaps_between_them() {
        let texts: Vec<Text> = (0..120).map(|at| text(Some(at * at), 50)).rev().collect();
        assert_eq!(sizes(&texts), [1000; 6]);
        assert_eq!(sizes(&texts[..20]), [500, 500], "no more spans than the words allow");
        assert_eq!(sizes(&texts[..15]), [750], "one where two are too small");
    }

    #[test]
    fn what_has_no_date_is_counted_and_what_is_of_one_moment_stays_together() {
        let mut texts: Vec<Text> = (0..40).map(|at| text(Some(if at < 30 { 1 } else { 2 }), 50)).collect();
        assert_eq!(sizes(&texts), [1500, 500]);
        texts.iter_mut().for_each(|text| text.document.timestamp = Some(7));
        assert_eq!(sizes(&texts), [2000]);
        texts.iter_mut().for_each(|text| text.document.timestamp = None);
        let (spans, undated) = spans(&texts);
        assert_eq!((spans.len(), undated), (0, 40));
    }

    #[test]
    fn spans_of_enough_texts_come_before_more_spans_of_few() {
        let essays: Vec<Text> = (0..6).map(|at| text(Some(at), 1000)).collect();
        assert_eq!(sizes(&essays).len(), 6, "of a few long texts each is a span");
        let letters: Vec<Text> = (0..3 * LEAST_TEXTS).map(|at| text(Some(at as i64), 400)).collect();
        assert_eq!(sizes(&letters).len(), 3);
    }

    proptest! {
        #[test]
        fn no_text_is_lost_and_every_span_is_large_enough(
            texts in prop::collection::vec((prop::option::of(0i64..30), 0usize..900), 0..80),
        ) {
            let texts: Vec<Text> = texts.into_iter().map(|(moment, words)| text(moment, words)).collect();
            let (spans, undated) = spans(&texts);
            prop_assert_eq!(spans.iter().map(Vec::len).sum::<usize>() + undated, texts.len());
            prop_assert!(spans.len() <= MOST);
            for span in &spans {
                let words: usize = span.iter().map(|text| text.words).sum();
                prop_assert!(spans.len() == 1 || words >= LEAST_WORDS);
            }
            for pair in spans.windows(2) {
                prop_assert!(pair[0].last().unwrap().timestamp < pair[1].first().unwrap().timestamp);
            }
        }
    }
}
