//! What the model being trained writes by now, beside what the base wrote.

use ratatui::style::Style;

use super::Run;
use crate::ui::format::{lines, one_line};
use crate::ui::theme::Theme;
use crate::ui::widgets::Page;

/// Answers to the same prompt, at one time and another.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    pub prompt: String,
    pub base: Option<String>,
    /// (step, text), the newest last.
    pub written: Vec<(usize, String)>,
}

impl Samples {
    pub fn hear(&mut self, step: Option<usize>, prompt: String, text: String) {
        if self.prompt != prompt {
            *self = Self { prompt, ..Self::default() };
        }
        match step {
            None => self.base = Some(text),
            Some(step) => {
                // Steps after the checkpoint that is gone on from are taken again.
                self.written.retain(|(earlier, _)| *earlier < step);
                self.written.push((step, text));
            }
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.base.is_none() && self.written.is_empty()
    }
}

/// Puts the samples on a page, the newest first after the base's.
pub fn tell(run: &Run, theme: &Theme, page: &mut Page<'_>) {
    let samples = &run.samples;
    page.heading("What it writes by now");
    page.dim(&format!("to: {}", one_line(&samples.prompt)));
    if let Some(base) = &samples.base {
        sample(page, "base", base, theme.styles.base);
    }
    for (step, text) in samples.written.iter().rev() {
        sample(page, &format!("step {step}"), text, theme.styles.user);
    }
    if samples.written.is_empty() {
        page.dim("Its own answer comes with the first held-out loss that is better.");
    }
}

fn sample(page: &mut Page<'_>, who: &str, text: &str, style: Style) {
    page.indented(&format!("{who}: "), "  ", style, lines(text).trim());
}
