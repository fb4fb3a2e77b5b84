//! Explain: the choice in steps, from the texts to the model, large and calm, for a projector. Computes nothing: it shows what Style
//! and Library show, in an order that can be followed.

mod sheet;
mod state;
mod steps;
mod view;

use ratatui::Frame;
use ratatui::layout::Rect;

pub use state::{Explain, WritePage};

use crate::ui::shell::data::{Measure, Select};
use crate::ui::shell::keys::{BACKSPACE, Command, END, HOME, LEFT, PAGE_DOWN, PAGE_UP, RIGHT, char, quiet, row};
use crate::ui::shell::{Binding, Effect, Job, Kind, Message, Need, Screen, ScreenId, Shared, View};

impl Screen for Explain {
    const ID: ScreenId = ScreenId::EXPLAIN;
    const ABOUT: &'static str = "Explain: the choice step by step, from your text to the model, for an audience. Style and Library show the \
                                 same numbers.";
    const SUMMARY: &'static str = "the choice explained step by step";
    const KEYS: &'static [Binding<Self>] = &[
        row("next-step", &[RIGHT, char('n')], "next", "the next step")
            .runs_if(Self::has_next, |explain, shared| explain.turn(1, shared)),
        // The keys of paging, which presenters' remote controls send, go through a long step first.
        quiet("next-step", &[char(' '), PAGE_DOWN], "next", "the next step, once all of this one has been shown")
            .unless(Command::PageDown)
            .runs_if(Self::has_next, |explain, shared| explain.turn(1, shared)),
        row("previous-step", &[LEFT, char('p'), BACKSPACE], "back", "the previous step")
            .runs_if(Self::has_previous, |explain, shared| explain.turn(-1, shared)),
        quiet("previous-step", &[PAGE_UP], "back", "the previous step, from the top of this one")
            .unless(Command::PageUp)
            .runs_if(Self::has_previous, |explain, shared| explain.turn(-1, shared)),
        row("show-numbers", &[char('#')], "numbers", "show or hide the numbers behind a step")
            .also("coefficients details")
            .changes_if(
                |explain, shared| explain.place(shared).is_some(),
                |explain| explain.numbers = !explain.numbers,
            ),
        quiet("first-step", &[HOME], "first step", "back to the first step")
            .runs_if(Self::has_previous, |explain, _| explain.go(0)),
        quiet("last-step", &[END], "last step", "to the last step")
            .runs_if(Self::has_next, |explain, _| explain.go(usize::MAX)),
        row("export-report", &[char('h')], "HTML page", "save all steps as a web page; asks where")
            .also("report export save browser")
            .runs_if(Self::may_write, Self::ask_where),
        row("open-report", &[char('o')], "open the page", "open the saved page in a browser")
            .also("report html")
            .runs_if(|explain, _| explain.written().is_some(), Self::open_page),
    ];
    const JOBS: &'static [&'static Kind] = &[&WritePage::KIND, &Measure::KIND, &Select::KIND];

    fn update(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect> {
        if let Some(path) = message.report::<WritePage>() {
            return self.page_written(path);
        }
        match message {
            Message::Shown if shared.profile.is_none() => vec![Effect::Need(Need::Profile)],
            Message::Shown => vec![Effect::Need(Need::Selection)],
            Message::Retry => self.retry(shared),
            Message::Ended(kind) if shared.failure(kind).is_some() => self.page_failed(),
            _ => Vec::new(),
        }
    }

    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        view::draw(self, view, frame, area);
    }
}
