//! Library: which model fits, and why; the choice of another start, compared with others or blended of several.

mod bars;
mod blend;
mod compare;
mod detail;
mod order;
mod table;
mod view;

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use super::{Behaviour, Screen, train};
use crate::app::basis::Basis;
use crate::app::select::Selected;
use crate::app::train::StartPoint as Start;
use crate::selection::Candidate;
use crate::ui::action::{Action, key_for};
use crate::ui::message::{Effect, Job, JobKind, Report};
use crate::ui::model::{Model, Tone};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, Seen};

pub use blend::{
    Draft, best_weights, blending, less_weight, may_blend, more_weight, open as open_blend, take as take_blend,
};
pub use order::{Column, Order};

/// As many as are compared side by side, and as a blend has parts.
pub const MOST_MARKED: usize = 3;

#[derive(Debug, Default)]
pub struct State {
    pub selected: Option<Box<Selected>>,
    /// What blends are worked out from, and the cards.
    pub basis: Option<Arc<Basis>>,
    /// The highlighted model's place among the candidates, whatever the order; where the filter hides it, the first shown counts.
    pub cursor: usize,
    pub order: Order,
    pub filter: Input,
    /// Whether the filter is typed into.
    pub typing: bool,
    /// The ids of the marked models, in the order of marking.
    pub marked: Vec<String>,
    pub pane: Pane,
}

/// What stands beside the table.
#[derive(Debug, Default)]
pub enum Pane {
    /// All about the highlighted model.
    #[default]
    Detail,
    /// The marked models beside each other.
    Comparison,
    Blend(Draft),
}

impl State {
    #[must_use]
    pub fn candidates(&self) -> &[Candidate] {
        self.selected.as_ref().map_or(&[], |selected| &selected.candidates)
    }

    #[must_use]
    pub fn candidate(&self, id: &str) -> Option<&Candidate> {
        self.candidates().iter().find(|candidate| candidate.id == id)
    }

    #[must_use]
    pub fn highlighted(&self) -> Option<&Candidate> {
        let rows = self.rows();
        rows.get(self.row(&rows)).map(|&at| &self.candidates()[at])
    }

    /// The marked models, in the order of marking.
    #[must_use]
    pub fn compared(&self) -> Vec<&Candidate> {
        self.marked.iter().filter_map(|id| self.candidate(id)).collect()
    }

    /// Whether the filter has a row of its own.
    #[must_use]
    pub fn filters(&self) -> bool {
        self.typing || !self.filter.value().is_empty()
    }
}

/// The screen.
pub struct Library;

impl Behaviour for Library {
    fn name(&self) -> &'static str {
        "Library"
    }

    fn about(&self) -> &'static str {
        "Library: models already adapted to a style. The score (-1 to 1) says how alike their difference from the \
         base model and yours are; training from a close one takes less time. Up to three can be marked, to be compared or \
         blended."
    }

    fn draw(&self, model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
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

    fn cursor(&self, model: &mut Model) -> Option<(usize, usize)> {
        // Where a blend is built, what moves is its parts.
        if blending(model) {
            return None;
        }
        let library = &model.screens.library;
        let rows = library.rows();
        Some((library.row(&rows), rows.len()))
    }

    fn go_to(&self, model: &mut Model, row: usize) {
        let library = &mut model.screens.library;
        if let Some(&at) = library.rows().get(row) {
            library.cursor = at;
        }
    }

    fn click_again(&self) -> Option<Action> {
        Some(Action::ChooseStart)
    }

    fn field<'m>(&self, model: &'m Model) -> Option<&'m Input> {
        is_typing(model).then_some(&model.screens.library.filter)
    }

    fn field_mut<'m>(&self, model: &'m mut Model) -> Option<&'m mut Input> {
        is_typing(model).then_some(&mut model.screens.library.filter)
    }

    fn leave_field(&self, model: &mut Model) {
        model.screens.library.typing = false;
    }
}

/// The ranking, where it is not there yet: other screens build on it, too.
#[must_use]
pub fn lacks_ranking(model: &Model) -> Option<Job> {
    model.screens.library.selected.is_none().then_some(Job::Select)
}

#[must_use]
pub fn has_candidates(model: &Model) -> bool {
    !model.screens.library.candidates().is_empty()
}

#[must_use]
pub fn is_typing(model: &Model) -> bool {
    model.screens.library.typing && has_candidates(model)
}

#[must_use]
pub fn may_choose(model: &Model) -> bool {
    !blending(model) && model.screens.library.shows_any()
}

#[must_use]
pub fn may_compare(model: &Model) -> bool {
    let library = &model.screens.library;
    library.compared().len() > 1 && !matches!(library.pane, Pane::Comparison)
}

/// Whether something other than the details stands beside the table.
#[must_use]
pub fn is_open(model: &Model) -> bool {
    has_candidates(model) && !matches!(model.screens.library.pane, Pane::Detail)
}

#[must_use]
pub fn is_filtered(model: &Model) -> bool {
    has_candidates(model) && model.screens.library.filters()
}

/// Something is marked, and no message waits for the same key.
#[must_use]
pub fn may_unmark(model: &Model) -> bool {
    has_candidates(model) && !model.screens.library.marked.is_empty() && model.failure().is_none()
}

pub fn down(model: &mut Model) -> Vec<Effect> {
    step(model, 1)
}

pub fn up(model: &mut Model) -> Vec<Effect> {
    step(model, -1)
}

/// Moves the highlight: among the parts of a blend where one is built, else among the models that are shown.
fn step(model: &mut Model, by: isize) -> Vec<Effect> {
    let library = &mut model.screens.library;
    if let Pane::Blend(draft) = &mut library.pane {
        draft.step(by);
        return Vec::new();
    }
    let rows = library.rows();
    let row = library.row(&rows).saturating_add_signed(by).min(rows.len().saturating_sub(1));
    if let Some(&at) = rows.get(row) {
        library.cursor = at;
        model.scroll = 0;
    }
    Vec::new()
}

pub fn filter(model: &mut Model) -> Vec<Effect> {
    model.screens.library.typing = true;
    Vec::new()
}

/// Ends typing; what is shown stays, and the highlight with it.
pub fn keep_filter(model: &mut Model) -> Vec<Effect> {
    let library = &mut model.screens.library;
    let rows = library.rows();
    if let Some(&at) = rows.get(library.row(&rows)) {
        library.cursor = at;
    }
    library.typing = false;
    Vec::new()
}

pub fn clear_filter(model: &mut Model) -> Vec<Effect> {
    let library = &mut model.screens.library;
    (library.filter, library.typing) = (Input::default(), false);
    Vec::new()
}

pub fn next_order(model: &mut Model) -> Vec<Effect> {
    let order = &mut model.screens.library.order;
    *order = order.next();
    Vec::new()
}

pub fn reverse_order(model: &mut Model) -> Vec<Effect> {
    let order = &mut model.screens.library.order;
    *order = order.reversed();
    Vec::new()
}

/// Marks the highlighted model, or takes its mark away.
pub fn mark(model: &mut Model) -> Vec<Effect> {
    let library = &mut model.screens.library;
    let Some(id) = library.highlighted().map(|candidate| candidate.id.clone()) else { return Vec::new() };
    if let Some(at) = library.marked.iter().position(|marked| *marked == id) {
        library.marked.remove(at);
    } else if library.marked.len() < MOST_MARKED {
        library.marked.push(id);
    } else {
        let key = key_for(model, Action::Mark);
        model.say(
            Tone::Plain,
            format!("{MOST_MARKED} models are marked, which is the most: {key} on one of them frees a place."),
        );
        return Vec::new();
    }
    if library.marked.len() < 2 {
        library.pane = Pane::Detail;
    }
    Vec::new()
}

pub fn unmark(model: &mut Model) -> Vec<Effect> {
    model.screens.library.marked.clear();
    show(model, Pane::Detail)
}

pub fn compare(model: &mut Model) -> Vec<Effect> {
    show(model, Pane::Comparison)
}

pub fn close_pane(model: &mut Model) -> Vec<Effect> {
    show(model, Pane::Detail)
}

fn show(model: &mut Model, pane: Pane) -> Vec<Effect> {
    model.screens.library.pane = pane;
    model.scroll = 0;
    Vec::new()
}

pub fn choose_start(model: &mut Model) -> Vec<Effect> {
    let Some(candidate) = model.screens.library.highlighted() else { return Vec::new() };
    let (id, name) = (candidate.id.clone(), candidate.name.clone());
    start_from(model, Start::Library(id), &name)
}

fn start_from(model: &mut Model, start: Start, name: &str) -> Vec<Effect> {
    let effects = train::set_start(model, start);
    // Otherwise something stands in the way, and was said.
    if model.notice.is_none() {
        let key = key_for(model, Action::Show(Screen::Train));
        model.say(Tone::Good, format!("Training will start from {name}. {key} goes to training."));
    }
    effects
}

/// What a key does, where one does it now.
fn hint(model: &Model, page: &mut Page<'_>, actions: &[Action], text: &str) {
    let keys: Vec<String> = actions.iter().map(|&action| key_for(model, action)).collect();
    if keys.iter().all(|key| !key.is_empty()) {
        page.hint(&keys.join(" "), text);
    }
}

pub fn hear(model: &mut Model, report: Report) -> Vec<Effect> {
    let library = &mut model.screens.library;
    match report {
        Report::Basis(basis) => library.basis = Some(basis),
        Report::Selected(selected) => {
            library.selected = Some(selected);
            (library.cursor, library.typing, library.pane) = (0, false, Pane::Detail);
            let known: Vec<String> = library.compared().iter().map(|candidate| candidate.id.clone()).collect();
            library.marked = known;
        }
        _ => {}
    }
    Vec::new()
}
