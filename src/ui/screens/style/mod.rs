//! Style: one picture of where the user stands on every axis, and what is behind it; two sources compared, and change over time.

mod parts;
mod state;
mod view;

use ratatui::Frame;
use ratatui::layout::Rect;

pub use state::{MeasureParts, Style};

use crate::app::profile::By;
use crate::ui::shell::data::Measure;
use crate::ui::shell::keys::{ESC, LEFT, RIGHT, char, quiet, row};
use crate::ui::shell::{Binding, Effect, Event, Job, Kind, Message, Screen, ScreenId, Shared, View};

impl Screen for Style {
    const ID: ScreenId = ScreenId::STYLE;
    const ABOUT: &'static str = "Style: where you stand between pairs of poles, measured on your texts and compared with the base model's \
                                 own writing and with other writers. Each axis has an interval, the features behind it, and sentences of \
                                 your own that show it. Two sources of your texts can be compared, and what you wrote earlier with what you \
                                 wrote later.";
    const SUMMARY: &'static str = "how you write, measured";
    const KEYS: &'static [Binding<Self>] = &[
        row("next-pair", &[RIGHT], "next pair", "compare the next two sources")
            .runs_if(Self::has_pairs, |style, shared| style.turn(1, shared)),
        quiet("previous-pair", &[LEFT], "previous pair", "compare the previous two sources")
            .runs_if(Self::has_pairs, |style, shared| style.turn(-1, shared)),
        row("close-pane", &[ESC], "close", "back to all your texts together")
            .runs_if(|style, shared| style.has_axes(shared) && style.by.is_some(), Self::close),
        row("compare-sources", &[char('c')], "compare sources", "compare two sources of your texts, axis by axis")
            .runs_if(
                |style: &Self, shared| style.may_open(By::Source, shared),
                |style, shared| style.open(By::Source, shared),
            ),
        row("over-time", &[char('t')], "over time", "how you wrote, from your oldest texts to your newest")
            .also("history dates periods change")
            .runs_if(
                |style: &Self, shared| style.may_open(By::Time, shared),
                |style, shared| style.open(By::Time, shared),
            ),
        row("show-numbers", &[char('#')], "numbers", "show or hide the numbers behind the picture")
            .also("coefficients percentiles intervals")
            .changes_if(Self::has_axes, |style| style.numbers = !style.numbers),
    ];
    const JOBS: &'static [&'static Kind] = &[&MeasureParts::KIND, &Measure::KIND];

    fn update(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect> {
        if let Some(parts) = message.report::<MeasureParts>() {
            return self.take(parts, shared);
        }
        match message {
            Message::Shown => self.needs(shared),
            Message::Select(row) => self.select(row, shared),
            Message::Event(Event::TextsChanged) => self.forget(),
            // Stopped: there is nothing to compare.
            Message::Ended(kind) if shared.failure(kind).is_none() => self.close(shared),
            _ => Vec::new(),
        }
    }

    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        if self.by.is_some() && self.has_axes(view.shared) {
            parts::draw(self, view, frame, area);
        } else {
            view::draw(self, view, frame, area);
        }
    }

    /// The picture, what explains the axis, and what concerns no single axis.
    fn panels(&self, shared: &Shared) -> usize {
        if self.order(shared).is_empty() { 1 } else { 3 }
    }

    fn cursor(&self, shared: &Shared, focus: usize) -> Option<(usize, usize)> {
        let order = self.order(shared);
        (focus == 0 && !order.is_empty()).then(|| (self.row(&order), order.len()))
    }
}
