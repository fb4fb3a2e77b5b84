//! Whether texts read as if two people had written them. Knows the style space, not where texts come from.

use std::collections::BTreeMap;

use nalgebra::DMatrix;

use super::clusters::{contrast, cut, products, two_means};
use crate::style::space::{Counts, StyleSpace};

/// Words in a block, the unit whose places are compared. Shorter texts are joined to one, longer ones cut between sentences.
const BLOCK_WORDS: usize = 75;
/// Fewer blocks say nothing.
const MIN_BLOCKS: usize = 8;
/// Of more blocks as many are looked at, evenly taken.
const MAX_BLOCKS: usize = 400;
/// Blocks that are grouped whatever their order.
const GROUPED: usize = 48;
/// Parts that a sequence is cut between.
const PARTS: usize = 24;
/// Places further out than this, in one writer's spreads, are brought in.
const FURTHEST: f64 = 3.0;

/// The limit at [`MIN_BLOCKS`]; with what it grows by it is about the 98th percentile of single writers, each genre and length
/// alike.
///
/// Rates measured (`xpert-lab study caution-rates ../shared`; chat, commit messages and novels are also what
/// the space was built from, IRC, the mail of three people and these answers in our styles are not). Single writers taken for
/// two: 5 of 171 with all their texts (3 %), 2 % of stretches of 700 to 6000 words (chat 0, commits 6, novels 2, IRC 3, mail 1,
/// styles 1 %; the most are 16 % of 3000 words of commit messages, by the three who wrote so many). Two found, half the words
/// each, one after the other / shuffled text by text:
///
/// | words | two genres | chat | IRC | commits | novels | mail | our styles |
/// |---|---|---|---|---|---|---|---|
/// | 700 | .90 / .81 | .82 / .03 | .65 / .02 | .05 / .06 | .05 / .04 | .14 / .09 | .64 / .61 |
/// | 1400 | 1.0 / .88 | 1.0 / .01 | .79 / .00 | .32 / .12 | .16 / .10 | .32 / .10 | .70 / .59 |
/// | 3000 | 1.0 / .96 | | .79 / .00 | .58 / .22 | .26 / .05 | .45 / .15 | .81 / .60 |
/// | 6000 | 1.0 / 1.0 | | | 1.0 / .78 | .55 / .10 | .92 / .19 | .96 / .78 |
///
/// The limit was set on these very texts (and so that `tests/integration/caution.rs` finds one author in each of our styles); there was no
/// second set: expect a little worse elsewhere. Two people who write alike are seldom told apart, and hardly ever where short
/// messages of theirs alternate.
const LIMIT: f64 = 0.2375;
/// What the limit grows by with the logarithm of the blocks, where they are grouped by likeness.
const GROWTH_ALIKE: f64 = 0.04;
/// The same where they are cut in their order: there are fewer ways to cut than to group, so one writer's texts reach less.
const GROWTH_APART: f64 = 0.0275;

/// The [`contrast`] that one writer's texts hardly ever reach, by the blocks it was measured on: with more of them smaller
/// differences show, and every writer has some.
fn limit(blocks: usize, growth: f64) -> f64 {
    LIMIT + growth * (blocks as f64 / MIN_BLOCKS as f64).ln()
}

/// Two groups of texts, by index, and how far apart they stand.
pub(super) struct Groups {
    /// In units of what one writer's texts hardly ever reach, see [`limit`].
    pub(super) separation: f64,
    pub(super) groups: [Vec<usize>; 2],
}

/// Consecutive prose of about [`BLOCK_WORDS`] words, as pieces of texts.
#[derive(Default)]
struct Block<'t> {
    pieces: Vec<Piece<'t>>,
    words: usize,
}

struct Piece<'t> {
    index: usize,
    text: &'t str,
    words: usize,
}

/// Parts the texts in two, by likeness or by a cut in their order, whichever shows more; nothing where there is too little.
pub(super) fn two_groups(space: &StyleSpace, texts: &[(usize, &str)]) -> Option<Groups> {
    let blocks = blocks(texts);
    if blocks.len() < MIN_BLOCKS {
        return None;
    }
    let blocks = evenly(&blocks, MAX_BLOCKS);
    let counter = &space.reference.counter;
    let counts: Vec<Counts> = blocks
        .iter()
        .map(|block| counter.pool(&block.pieces.iter().map(|piece| piece.text).collect::<Vec<_>>()))
        .collect();
    let mut whole = Counts::zero(space.reference.slots());
    counts.iter().for_each(|counts| whole.add(counts, 1.0));

    let grouped: Vec<Counts> = evenly(&counts, GROUPED).into_iter().cloned().collect();
    let grouped = places(space, &grouped, &whole);
    let alike = contrast(&grouped, two_means) / limit(grouped.nrows(), GROWTH_ALIKE);

    let part_of = |block: usize| block * PARTS.min(blocks.len()) / blocks.len();
    let mut parts = vec![Counts::zero(whole.0.len()); PARTS.min(blocks.len())];
    for (block, counts) in counts.iter().enumerate() {
        parts[part_of(block)].add(counts, 1.0);
    }
    let parts = places(space, &parts, &whole);
    let apart = contrast(&parts, cut) / limit(blocks.len(), GROWTH_APART);

    let groups = if alike >= apart {
        let sides = two_means(&products(&grouped))?;
        groups(evenly(&blocks, GROUPED).into_iter().zip(sides))
    } else {
        let sides = cut(&products(&parts))?;
        groups(blocks.iter().enumerate().map(|(index, block)| (block, sides[part_of(index)])))
    };
    Some(Groups { separation: alike.max(apart), groups })
}

/// Gives every text to the group that holds more of its words.
fn groups<'a, 't: 'a>(blocks: impl Iterator<Item = (&'a &'a Block<'t>, bool)>) -> [Vec<usize>; 2] {
    let mut words: BTreeMap<usize, [usize; 2]> = BTreeMap::new();
    for (block, side) in blocks {
        for piece in &block.pieces {
            words.entry(piece.index).or_default()[usize::from(side)] += piece.words;
        }
    }
    let (second, first) = words.iter().partition::<Vec<_>, _>(|(_, words)| words[1] > words[0]);
    [first, second].map(|group| group.into_iter().map(|(index, _)| *index).collect())
}

fn evenly<T>(all: &[T], most: usize) -> Vec<&T> {
    let count = all.len().min(most);
    (0..count).map(|index| &all[index * all.len() / count]).collect()
}

/// Cuts long texts into blocks and joins short ones, in their order; a text of half a block is never joined with another, since
/// that may be someone else's.
fn blocks<'t>(texts: &[(usize, &'t str)]) -> Vec<Block<'t>> {
    let mut done: Vec<Block> = Vec::new();
    let mut open = Block::default();
    for &(index, text) in texts {
        let pieces = pieces(text).into_iter().map(|(text, words)| Piece { index, text, words });
        for piece in pieces {
            let words = piece.words;
            if words >= BLOCK_WORDS / 2 {
                done.push(Block { pieces: vec![piece], words });
                continue;
            }
            open.words += words;
            open.pieces.push(piece);
            if open.words >= BLOCK_WORDS {
                done.push(std::mem::take(&mut open));
            }
        }
    }
    match done.last_mut() {
        Some(last) if open.words < BLOCK_WORDS / 2 => last.pieces.extend(open.pieces),
        _ => done.push(open),
    }
    done
}

/// A text in pieces of about a block, each with its words, cut behind sentences (or anywhere, where none ends).
fn pieces(text: &str) -> Vec<(&str, usize)> {
    let mut left = text.split_whitespace().count();
    let mut pieces = Vec::new();
    let (mut start, mut end, mut words) = (0, 0, 0);
    for token in text.split_inclusive(char::is_whitespace) {
        // A rest too small for a block stays with the last.
        if words + left < BLOCK_WORDS * 3 / 2 {
            break;
        }
        end += token.len();
        if token.trim().is_empty() {
            continue;
        }
        (words, left) = (words + 1, left - 1);
        let sentence = token.trim_end().ends_with(['.', '!', '?']);
        if words >= BLOCK_WORDS && (sentence || words >= 2 * BLOCK_WORDS) {
            pieces.push((&text[start..end], words));
            (start, words) = (end, 0);
        }
    }
    if words + left > 0 {
        pieces.push((&text[start..], words + left));
    }
    pieces
}

/// Whitened places `[blocks, features]` around the mean of all. The prior of the smoothing is the writer's own whole, so that
/// a small block is drawn to the middle and to nothing else.
fn places(space: &StyleSpace, counts: &[Counts], whole: &Counts) -> DMatrix<f64> {
    let reference = &space.reference;
    let prior = space.prior(whole);
    let mut standard = DMatrix::zeros(reference.features().count(), counts.len());
    for (mut column, counts) in standard.column_iter_mut().zip(counts) {
        column.copy_from_slice(&reference.standardised(&reference.smoothed(counts, &prior)));
    }
    let white = &reference.whitening * standard;
    let mean = white.column_mean();
    let mut places = white.transpose();
    for (mut column, &mean) in places.column_iter_mut().zip(mean.iter()) {
        column.iter_mut().for_each(|value| *value = (*value - mean).clamp(-FURTHEST, FURTHEST));
    }
    places
}
