//! Library: which model fits, and why; and the choice of another start.

mod view;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Behaviour, train};
use crate::app::select::Selected;
use crate::app::train::From as Start;
use crate::ui::message::{Effect, Job, JobKind, Report};
use crate::ui::model::{Model, Tone};
use crate::ui::theme::Theme;

#[derive(Debug, Default)]
pub struct State {
    pub selected: Option<Box<Selected>>,
    pub cursor: usize,
}

/// The screen.
pub struct Library;

impl Behaviour for Library {
    fn name(&self) -> &'static str {
        "Library"
    }

    fn about(&self) -> &'static str {
        "Library: models already adapted to a style. The score (-1 to 1) says how alike their difference from the \
         base model and yours are; training from a close one takes less time."
    }

    fn draw(&self, model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> usize {
        view::draw(model, theme, frame, area)
    }

    fn jobs(&self) -> &'static [JobKind] {
        &[JobKind::Select]
    }

    fn missing(&self, model: &Model) -> Option<Job> {
        lacks_ranking(model)
    }

    fn forget(&self, model: &mut Model) {
        model.screens.library.selected = None;
    }

    fn list<'m>(&self, model: &'m mut Model) -> Option<(&'m mut usize, usize)> {
        let library = &mut model.screens.library;
        let length = library.selected.as_ref().map_or(0, |selected| selected.candidates.len());
        Some((&mut library.cursor, length))
    }
}

/// The ranking, where it is not there yet: other screens build on it, too.
#[must_use]
pub fn lacks_ranking(model: &Model) -> Option<Job> {
    model.screens.library.selected.is_none().then_some(Job::Select)
}

#[must_use]
pub fn has_candidates(model: &Model) -> bool {
    model.screens.library.selected.as_ref().is_some_and(|selected| !selected.candidates.is_empty())
}

pub fn choose_start(model: &mut Model) -> Vec<Effect> {
    let library = &model.screens.library;
    let candidates = library.selected.as_ref().map(|selected| &selected.candidates);
    let Some(candidate) = candidates.and_then(|candidates| candidates.get(library.cursor)) else { return Vec::new() };
    let (id, name) = (candidate.id.clone(), candidate.name.clone());
    train::set_start(model, Start::Library(id));
    model.say(Tone::Good, format!("Training will start from {name}. 4 goes to training."));
    Vec::new()
}

pub fn hear(model: &mut Model, report: Report) -> Vec<Effect> {
    if let Report::Selected(selected) = report {
        model.screens.library.cursor = 0;
        model.screens.library.selected = Some(selected);
    }
    Vec::new()
}
