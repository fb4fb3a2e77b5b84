//! What Library shows and what its keys change. Knows neither keys nor how it is drawn.

use tui_input::Input;

use super::draft::Draft;
use super::order::Order;
use crate::app::present::{self, CandidateView, SelectionView};
use crate::app::train::StartPoint;
use crate::selection::blend_notation;
use crate::ui::fuzzy::Finder;
use crate::ui::shell::data::Select;
use crate::ui::shell::{Effect, Job, Scroll, Shared};

/// As many as are compared side by side, and as a blend has parts.
pub(super) const MAX_MARKED: usize = 3;

/// The panels, as they are numbered for the focus.
pub(super) const MODELS: usize = 0;
pub(super) const PANE: usize = 1;
pub(super) const CONCLUSION: usize = 2;

#[derive(Debug, Default)]
pub struct Library {
    /// The ranking as it is shown; absent until there is one.
    pub(super) ranking: Option<SelectionView>,
    /// The highlighted model's place among the candidates, whatever the order; where the filter hides it, the first shown counts.
    pub(super) cursor: usize,
    pub(super) order: Order,
    pub(super) filter: Input,
    pub(super) typing: bool,
    /// The ids of the marked models, in the order of marking.
    pub marked: Vec<String>,
    pub pane: Pane,
}

/// What stands beside the table.
#[derive(Debug, Default)]
pub enum Pane {
    #[default]
    Model,
    Comparison,
    Blend(Draft),
}

impl Library {
    pub fn candidates(&self) -> &[CandidateView] {
        self.ranking.as_ref().map_or(&[], |ranking| &ranking.candidates)
    }

    pub(super) fn candidate(&self, id: &str) -> Option<&CandidateView> {
        self.candidates().iter().find(|candidate| candidate.id == id)
    }

    /// The places among the candidates of those that are shown, in their order.
    pub fn rows(&self) -> Vec<usize> {
        let candidates = self.candidates();
        let mut rows: Vec<usize> = (0..candidates.len()).collect();
        if !self.filter.value().is_empty() {
            let mut finder = Finder::new(self.filter.value());
            rows.retain(|&at| finder.score(&format!("{} {}", candidates[at].name, candidates[at].id)).is_some());
        }
        rows.sort_by(|&a, &b| self.order.compare(&candidates[a], &candidates[b]));
        rows
    }

    pub(super) fn row(&self, rows: &[usize]) -> usize {
        rows.iter().position(|&at| at == self.cursor).unwrap_or(0)
    }

    pub fn highlighted(&self) -> Option<&CandidateView> {
        let rows = self.rows();
        rows.get(self.row(&rows)).map(|&at| &self.candidates()[at])
    }

    pub(super) fn compared(&self) -> Vec<&CandidateView> {
        self.marked.iter().filter_map(|id| self.candidate(id)).collect()
    }

    /// Whether the filter has a row of its own.
    pub(super) fn filters(&self) -> bool {
        self.typing || !self.filter.value().is_empty()
    }

    pub(super) fn is_ranked(&self, _: &Shared) -> bool {
        !self.candidates().is_empty()
    }

    pub(super) fn draft(&mut self) -> Option<&mut Draft> {
        if let Pane::Blend(draft) = &mut self.pane { Some(draft) } else { None }
    }

    pub(super) fn is_blending(&self, _: &Shared) -> bool {
        matches!(self.pane, Pane::Blend(_))
    }

    pub(super) fn may_choose(&self, shared: &Shared) -> bool {
        !self.is_blending(shared) && self.highlighted().is_some()
    }

    pub(super) fn may_compare(&self, _: &Shared) -> bool {
        self.compared().len() > 1 && !matches!(self.pane, Pane::Comparison)
    }

    pub(super) fn may_blend(&self, shared: &Shared) -> bool {
        !self.is_blending(shared) && self.new_draft(shared).is_some()
    }

    /// Something is marked, and no message waits for the same key.
    pub(super) fn may_unmark(&self, shared: &Shared) -> bool {
        !self.compared().is_empty() && shared.failure(&Select::KIND).is_none()
    }

    /// A new ranking closes what is open and keeps the marks of models that are in it.
    pub(super) fn show_ranking(&mut self, shared: &Shared) {
        self.ranking = shared.selected.as_ref().map(|selected| present::selection(selected));
        (self.cursor, self.typing, self.pane) = (0, false, Pane::Model);
        self.marked = self.compared().iter().map(|candidate| candidate.id.clone()).collect();
    }

    /// Highlights a row: of the blend where one is built, else of the models that are shown.
    pub(super) fn select(&mut self, row: usize) -> Vec<Effect> {
        if let Some(draft) = self.draft() {
            draft.cursor = row.min(draft.parts.len().saturating_sub(1));
        } else if let Some(&at) = self.rows().get(row) {
            self.cursor = at;
            return vec![Effect::Scroll(Scroll::Top)];
        }
        Vec::new()
    }

    pub(super) fn filter(&mut self, _: &Shared) -> Vec<Effect> {
        self.typing = true;
        vec![Effect::Focus(MODELS)]
    }

    /// Ends typing; what is shown stays, and the highlight with it.
    pub(super) fn keep_filter(&mut self) {
        let rows = self.rows();
        self.cursor = rows.get(self.row(&rows)).copied().unwrap_or(self.cursor);
        self.typing = false;
    }

    pub(super) fn clear_filter(&mut self) {
        (self.filter, self.typing) = (Input::default(), false);
    }

    pub(super) fn mark(&mut self, shared: &Shared) -> Vec<Effect> {
        let Some(id) = self.highlighted().map(|candidate| candidate.id.clone()) else { return Vec::new() };
        if let Some(at) = self.marked.iter().position(|marked| *marked == id) {
            self.marked.remove(at);
        } else if self.marked.len() < MAX_MARKED {
            self.marked.push(id);
        } else {
            let key = shared.key("mark");
            return vec![Effect::say(format!("At most {MAX_MARKED} can be marked: {key} on one of them unmarks it."))];
        }
        if self.marked.len() < 2 { self.close_pane(shared) } else { Vec::new() }
    }

    pub(super) fn unmark(&mut self, shared: &Shared) -> Vec<Effect> {
        self.marked.clear();
        self.close_pane(shared)
    }

    pub(super) fn open(&mut self, pane: Pane) -> Vec<Effect> {
        self.pane = pane;
        vec![Effect::Scroll(Scroll::Top), Effect::Focus(PANE)]
    }

    pub(super) fn close_pane(&mut self, _: &Shared) -> Vec<Effect> {
        self.pane = Pane::Model;
        vec![Effect::Scroll(Scroll::Top), Effect::Focus(MODELS)]
    }

    /// A blend of the marked models, or the one that selection proposes.
    fn new_draft(&self, shared: &Shared) -> Option<Draft> {
        shared.basis.as_ref()?;
        let single: Vec<String> =
            self.compared().iter().filter(|candidate| !candidate.blend).map(|candidate| candidate.id.clone()).collect();
        if single.len() > 1 {
            return Some(Draft::equal(&single));
        }
        let blend = shared.selected.as_ref()?.choice.blend.as_ref()?;
        Some(Draft { parts: blend.parts.clone(), cursor: 0 })
    }

    pub(super) fn open_blend(&mut self, shared: &Shared) -> Vec<Effect> {
        self.new_draft(shared).map_or_else(Vec::new, |draft| self.open(Pane::Blend(draft)))
    }

    pub(super) fn best_weights(&mut self, shared: &Shared) -> Vec<Effect> {
        let (Pane::Blend(draft), Some(basis)) = (&mut self.pane, &shared.basis) else { return Vec::new() };
        let ids: Vec<&str> = draft.parts.iter().map(|part| part.id.as_str()).collect();
        let Some(weights) = basis.best_weights(&ids) else {
            return vec![Effect::say_bad(
                "None of these models differs from the base model in your direction, so the best weights are all 0.",
            )];
        };
        for (part, weight) in draft.parts.iter_mut().zip(weights) {
            part.weight = weight;
        }
        Vec::new()
    }

    pub(super) fn take_blend(&mut self, shared: &Shared) -> Vec<Effect> {
        let Pane::Blend(draft) = &self.pane else { return Vec::new() };
        let parts = draft.counted();
        let name = blend_notation(&parts);
        let start = match &parts[..] {
            [] => {
                let key = shared.key("more-weight");
                return vec![Effect::say_bad(format!("This blend has no weight: {key} adds to the highlighted part."))];
            }
            [only] if only.weight == 1.0 => StartPoint::Library(only.id.clone()),
            _ => StartPoint::Blend(parts),
        };
        [self.close_pane(shared), choose(start, &name, shared)].concat()
    }

    pub(super) fn choose_start(&mut self, shared: &Shared) -> Vec<Effect> {
        let Some(candidate) = self.highlighted() else { return Vec::new() };
        let start = if candidate.blend { StartPoint::Auto } else { StartPoint::Library(candidate.id.clone()) };
        choose(start, &candidate.name, shared)
    }
}

/// Says so, unless there is a stopped training: then Train says what the choice is for.
pub(super) fn choose(start: StartPoint, name: &str, shared: &Shared) -> Vec<Effect> {
    let key = shared.key("show-train");
    let said = Effect::say_good(format!("Training will start from {name}. {key} goes to Train."));
    std::iter::once(Effect::ChooseStart(start)).chain(shared.unfinished().is_none().then_some(said)).collect()
}
