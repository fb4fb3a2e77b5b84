//! Causal attention of one sequence, head by head and in blocks of rows: the score matrix never exists as a whole,
//! and most of what the causal mask hides is not computed. Probabilities are recomputed for the backward pass. Knows
//! no weights.
//!
//! Queries are (T, H w), keys and values (T, K w), with T rows, H heads, K key heads and head width w.

use super::arena::Arena;
use super::kernels::{causal_softmax, softmax_backward};
use super::product::{Accumulate, View, product};
use crate::engine::config::Config;

/// Rows of scores computed at a time.
pub const BLOCK: usize = 128;

/// The attention of one head over one block of rows.
struct Tile<'a> {
    q: View<'a>,
    k: View<'a>,
    v: View<'a>,
    first: usize,
    /// Rows of this block, and number of keys they may see.
    rows: usize,
    seen: usize,
    factor: f32,
    window: usize,
}

impl Tile<'_> {
    fn probabilities(&self, to: &mut [f32]) {
        product(to, self.seen, self.q, self.k.transposed(), 1.0, Accumulate::No);
        causal_softmax(to, self.seen, self.first, self.window, self.factor);
    }
}

/// The inputs of attention, and how many tokens a row may see.
pub struct Attention<'a> {
    pub config: &'a Config,
    pub q: &'a [f32],
    pub k: &'a [f32],
    pub v: &'a [f32],
    pub window: usize,
}

impl<'a> Attention<'a> {
    fn length(&self) -> usize {
        self.k.len() / self.kv_width()
    }

    fn width(&self) -> usize {
        self.config.heads * self.config.head_dim
    }

    fn kv_width(&self) -> usize {
        self.config.kv_heads * self.config.head_dim
    }

    /// Number of scores in the block of rows that starts at `first`.
    fn scores(&self, first: usize) -> usize {
        BLOCK.min(self.length() - first) * (first + BLOCK).min(self.length())
    }

    fn tile(&self, head: usize, first: usize) -> Tile<'a> {
        let w = self.config.head_dim;
        let rows = BLOCK.min(self.length() - first);
        let seen = first + rows;
        let kv = head / self.config.group() * w;
        Tile {
            q: View::strided(&self.q[first * self.width() + head * w..], rows, w, self.width()),
            k: View::strided(&self.k[kv..], seen, w, self.kv_width()),
            v: View::strided(&self.v[kv..], seen, w, self.kv_width()),
            first,
            rows,
            seen,
            factor: self.config.score_factor() as f32,
            window: self.window,
        }
    }

    /// The output before the output projection, (T, H w).
    pub fn forward(&self, arena: &mut Arena, to: &mut [f32]) {
        let (w, length) = (self.config.head_dim, self.length());
        for first in (0..length).step_by(BLOCK) {
            let mut whole = arena.take_rows(length, BLOCK);
            let scores = &mut whole[..self.scores(first)];
            for head in 0..self.config.heads {
                let tile = self.tile(head, first);
                tile.probabilities(scores);
                let to = &mut to[first * self.width() + head * w..];
                product(to, self.width(), View::new(scores, tile.rows, tile.seen), tile.v, 1.0, Accumulate::No);
            }
            arena.give(whole);
        }
    }

    /// From the gradient of the output, (T, H w), to those of queries, keys and values, which are overwritten.
    pub fn backward(&self, arena: &mut Arena, d_out: &[f32], d_q: &mut [f32], d_k: &mut [f32], d_v: &mut [f32]) {
        let (w, length) = (self.config.head_dim, self.length());
        d_k.fill(0.0);
        d_v.fill(0.0);
        for first in (0..length).step_by(BLOCK) {
            let (mut whole_p, mut whole_d) = (arena.take_rows(length, BLOCK), arena.take_rows(length, BLOCK));
            let (p, d) = (&mut whole_p[..self.scores(first)], &mut whole_d[..self.scores(first)]);
            for head in 0..self.config.heads {
                let tile = self.tile(head, first);
                let kv = head / self.config.group() * w;
                let at = first * self.width() + head * w;
                let d_out = View::strided(&d_out[at..], tile.rows, w, self.width());
                tile.probabilities(p);
                let probabilities = View::new(p, tile.rows, tile.seen);
                product(&mut d_v[kv..], self.kv_width(), probabilities.transposed(), d_out, 1.0, Accumulate::Yes);
                product(d, tile.seen, d_out, tile.v.transposed(), 1.0, Accumulate::No);
                softmax_backward(d, p, tile.seen, tile.factor);
                let d = View::new(d, tile.rows, tile.seen);
                product(&mut d_q[at..], self.width(), d, tile.k, 1.0, Accumulate::No);
                product(&mut d_k[kv..], self.kv_width(), d.transposed(), tile.q, 1.0, Accumulate::Yes);
            }
            arena.give(whole_p);
            arena.give(whole_d);
        }
    }
}
