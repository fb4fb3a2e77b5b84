//! A training run as it is watched: what its events add up to. Knows no keys and no drawing.

use crate::app::runs::Curve;
use crate::training::Event;
use crate::ui::format::count;

/// A training that runs, or is over.
#[derive(Debug, Default)]
pub struct Run {
    /// What it does before the first step.
    pub phase: String,
    /// How it trains and what that was expected to take; absent for a resumed run.
    pub plan: Option<RunPlan>,
    pub from: String,
    pub train_texts: usize,
    pub held_out_texts: usize,
    pub parameters: usize,
    pub step: usize,
    pub steps: usize,
    pub curve: Curve,
    /// The held-out losses of an earlier training from scratch, where there was one.
    pub reference: Vec<(usize, f64)>,
    pub checkpoint: Option<usize>,
    /// Tokens of all texts to learn from, and of the steps that were watched from the first on.
    tokens_in_texts: usize,
    tokens_learned: Option<usize>,
    pub tokens_per_s: Option<f64>,
    pub memory_mb: u64,
    pub left_s: Option<f64>,
    pub temperature_c: Option<f64>,
    pub samples: Samples,
    pub notes: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct RunPlan {
    pub method: String,
    pub why: String,
    pub memory_mb: u64,
    pub seconds: f64,
}

impl Run {
    /// One that begins; a resumed one keeps what is known of it.
    pub fn begin(before: Option<Self>) -> Self {
        let Self { curve, samples, .. } = before.unwrap_or_default();
        Self { phase: "starting".into(), curve, samples, ..Self::default() }
    }

    /// How often every text has been learned from, on average.
    pub fn epochs(&self) -> Option<f64> {
        let learned = self.tokens_learned? as f64;
        (self.tokens_in_texts > 0).then(|| learned / self.tokens_in_texts as f64)
    }

    /// How far it is, for the status line: `12/40, 1:31 left`.
    pub fn progress(&self) -> String {
        let clock = |seconds: f64| format!("{}:{:02}", seconds as u64 / 60, seconds as u64 % 60);
        let left = self.left_s.map(|left| format!(", {} left", clock(left))).unwrap_or_default();
        format!("{}/{}{left}", self.step, self.steps)
    }

    pub fn record(&mut self, event: &Event) {
        self.curve.record(event);
        match event.clone() {
            Event::Planned { method, why, memory_mb, seconds, .. } => {
                self.plan = Some(RunPlan { method, why, memory_mb, seconds });
            }
            Event::RolledBack { step, to, learning_rate } => self.notes.push(format!(
                "The loss diverged after step {step}: back to the adapter of step {to}, with a learning rate of {learning_rate:.1e}."
            )),
            Event::Started {
                from, steps, done, train_texts, held_out_texts, train_tokens, cut, moved, learned, ..
            } => {
                // What a resumed run learned before is not reported.
                (self.tokens_in_texts, self.tokens_learned) = (train_tokens, (done == 0).then_some(0));
                (self.from, self.steps, self.step) = (from, steps, done);
                (self.train_texts, self.held_out_texts, self.parameters) = (train_texts, held_out_texts, learned);
                if moved > 0 {
                    let moved = count(moved, "text");
                    self.notes.push(format!("{moved} not held out: nearly identical to texts that are trained on."));
                }
                if cut > 0 {
                    self.notes.push(format!("{} cut to fit in one sequence.", count(cut, "long text")));
                }
            }
            Event::Sample { step, prompt, text } => self.samples.add(step, prompt, text),
            Event::Step { step, steps, tokens, tokens_per_s, rss_mb, eta_s, temperature_c, .. } => {
                self.tokens_learned = self.tokens_learned.map(|before| before + tokens);
                (self.step, self.steps, self.memory_mb) = (step, steps, rss_mb);
                (self.left_s, self.temperature_c) = (eta_s, temperature_c);
                self.tokens_per_s = Some(tokens_per_s);
            }
            Event::Validation { .. } => {}
            Event::Checkpoint { step } => self.checkpoint = Some(step),
            Event::Note { text } => self.notes.push(text),
        }
    }
}

/// Responses to the same prompt, at one step and another.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    pub prompt: String,
    pub base: Option<String>,
    /// (step, text), the newest last.
    pub written: Vec<(usize, String)>,
}

impl Samples {
    fn add(&mut self, step: Option<usize>, prompt: String, text: String) {
        if self.prompt != prompt {
            *self = Self { prompt, ..Self::default() };
        }
        match step {
            None => self.base = Some(text),
            Some(step) => {
                // Steps after the checkpoint that it continues from are taken again.
                self.written.retain(|(earlier, _)| *earlier < step);
                self.written.push((step, text));
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.base.is_none() && self.written.is_empty()
    }
}
