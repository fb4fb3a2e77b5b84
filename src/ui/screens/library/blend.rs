//! A blend of the user's own making: its weights, the keys that change them, and how it is predicted to fit.

use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use super::{Pane, State, bars, hint, start_from};
use crate::app::train::StartPoint as Start;
use crate::selection::{BlendPart, blend_notation};
use crate::ui::action::{Action, key_for};
use crate::ui::format::{one_line, pad};
use crate::ui::message::Effect;
use crate::ui::model::{Model, Tone};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, gauge, largest};

/// A key changes a weight by this much.
const STEP: f64 = 0.05;
/// No key raises a weight above this; selection may.
const MOST: f64 = 2.0;

/// A blend that is being built. A part whose weight is 0 does not count yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub parts: Vec<BlendPart>,
    /// The part whose weight the keys change.
    pub cursor: usize,
}

impl Draft {
    /// Parts of about the same weight, together about 1.
    fn equal(ids: &[String]) -> Self {
        let weight = on_grid(1.0 / ids.len().max(1) as f64 / STEP);
        Self { parts: ids.iter().map(|id| BlendPart { id: id.clone(), weight }).collect(), cursor: 0 }
    }

    pub(super) fn step(&mut self, by: isize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(self.parts.len().saturating_sub(1));
    }

    /// Raises or lowers the highlighted part's weight to the next multiple of [`STEP`].
    fn change(&mut self, more: bool) {
        /// A weight this near a multiple is one, whatever its last bits.
        const NEAR: f64 = 1e-6;
        let Some(part) = self.parts.get_mut(self.cursor) else { return };
        let steps = part.weight / STEP;
        let next = on_grid(if more { (steps + NEAR).floor() + 1.0 } else { (steps - NEAR).ceil() - 1.0 });
        part.weight = if more { next.min(MOST.max(part.weight)) } else { next.max(0.0) };
    }

    /// The parts that count.
    fn counted(&self) -> Vec<BlendPart> {
        self.parts.iter().filter(|part| part.weight > 0.0).cloned().collect()
    }
}

/// So many steps as a weight, without the dust of repeated sums.
fn on_grid(steps: f64) -> f64 {
    const PER_UNIT: f64 = 1.0 / STEP;
    steps.round() / PER_UNIT
}

#[must_use]
pub fn blending(model: &Model) -> bool {
    super::has_candidates(model) && matches!(model.screens.library.pane, Pane::Blend(_))
}

/// Whether there is something to blend: two or three marked, or a blend that selection suggests.
#[must_use]
pub fn may_blend(model: &Model) -> bool {
    !blending(model) && proposed(&model.screens.library).is_some()
}

fn proposed(library: &State) -> Option<Draft> {
    library.basis.as_ref()?;
    if library.compared().len() > 1 {
        return Some(Draft::equal(&library.marked));
    }
    let blend = library.selected.as_ref()?.choice.blend.as_ref()?;
    Some(Draft { parts: blend.parts.clone(), cursor: 0 })
}

pub fn open(model: &mut Model) -> Vec<Effect> {
    match proposed(&model.screens.library) {
        Some(draft) => super::show(model, Pane::Blend(draft)),
        None => Vec::new(),
    }
}

pub fn more_weight(model: &mut Model) -> Vec<Effect> {
    change(model, true)
}

pub fn less_weight(model: &mut Model) -> Vec<Effect> {
    change(model, false)
}

fn change(model: &mut Model, more: bool) -> Vec<Effect> {
    if let Pane::Blend(draft) = &mut model.screens.library.pane {
        draft.change(more);
    }
    Vec::new()
}

/// Sets the weights that selection would choose for these models.
pub fn best_weights(model: &mut Model) -> Vec<Effect> {
    let library = &mut model.screens.library;
    let (Pane::Blend(draft), Some(basis)) = (&mut library.pane, &library.basis) else { return Vec::new() };
    let ids: Vec<&str> = draft.parts.iter().map(|part| part.id.as_str()).collect();
    let Some(weights) = basis.best_weights(&ids) else {
        model.say(Tone::Bad, "None of these models points your way, so selection would give none of them any weight.");
        return Vec::new();
    };
    for (part, weight) in draft.parts.iter_mut().zip(weights) {
        part.weight = weight;
    }
    Vec::new()
}

/// Takes the blend as the start.
pub fn take(model: &mut Model) -> Vec<Effect> {
    let Pane::Blend(draft) = &model.screens.library.pane else { return Vec::new() };
    let parts = draft.counted();
    let name = blend_notation(&parts);
    let start = match &parts[..] {
        [] => {
            let key = key_for(model, Action::MoreWeight);
            model.say(Tone::Bad, format!("This blend has no weight: {key} gives the highlighted part some."));
            return Vec::new();
        }
        [only] if only.weight == 1.0 => Start::Library(only.id.clone()),
        _ => Start::Blend(parts),
    };
    super::show(model, Pane::Detail);
    start_from(model, start, &name)
}

/// The parts with their weights, the score that is predicted, and the blend's bars beside the user's.
pub fn write(model: &Model, theme: &Theme, draft: &Draft, page: &mut Page<'_>) {
    let library = &model.screens.library;
    page.heading("A blend of your own");
    for (at, part) in draft.parts.iter().enumerate() {
        page.line(weight(theme, library, part, at == draft.cursor, page.width()));
    }
    let fit = library.basis.as_ref().and_then(|basis| basis.predicted(&draft.parts));
    let Some(fit) = fit else { return };
    let best = library.candidates().iter().max_by(|a, b| a.score.total_cmp(&b.score));
    let alone =
        best.map_or_else(String::new, |best| format!("; the best alone, {}, scores {:.2}", best.id, best.score));
    page.text(theme.styles.good, &format!("It would score {:.2}{alone}.", fit.score));
    // As far as any part reaches by itself, so that bars move and not the scale.
    let alone = draft.parts.iter().filter_map(|part| library.candidate(&part.id)).flat_map(|candidate| &candidate.axes);
    let values = alone.chain(&fit.axes).flat_map(|axis| [axis.user, axis.model]);
    bars::against(theme, page, "this blend", (&fit.axes, fit.rest, fit.score), largest(values));
    page.blank();
    page.dim(
        "The bars are what the cards predict: differences from the base that add up as the weights say. Only what the blend \
         writes could tell.",
    );
    hint(model, page, &[Action::LessWeight, Action::MoreWeight], "less or more of the highlighted part");
    hint(model, page, &[Action::BestWeights], "the weights that selection would choose");
    let counted = draft.counted();
    if !counted.is_empty() {
        hint(model, page, &[Action::TakeBlend], &format!("starts from {}", blend_notation(&counted)));
    }
}

fn weight(theme: &Theme, library: &State, part: &BlendPart, here: bool, width: usize) -> Vec<Span<'static>> {
    let styles = &theme.styles;
    let number = format!(" {:.2}", part.weight);
    let name = library.candidate(&part.id).map_or(part.id.as_str(), |candidate| &candidate.name);
    let names = (width / 2).min(26);
    let mut spans = vec![
        Span::styled(if here { theme.glyphs.cursor } else { " " }, styles.key),
        Span::raw(" "),
        Span::styled(pad(&one_line(name), names), if here { styles.selected } else { styles.text }),
        Span::raw(" "),
    ];
    let bar = width.saturating_sub(names + 3 + number.width()).min(24);
    spans.extend(gauge(theme, bar, part.weight / MOST, styles.other));
    spans.push(Span::styled(number, styles.text));
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(weight: f64) -> Draft {
        Draft { parts: vec![BlendPart { id: "a".into(), weight }], cursor: 0 }
    }

    #[test]
    fn weights_go_by_steps_and_stay_within_bounds() {
        let mut draft = draft(0.437);
        draft.change(true);
        assert_eq!(draft.parts[0].weight, 0.45);
        for _ in 0..9 {
            draft.change(false);
        }
        assert_eq!((draft.parts[0].weight, draft.counted().len()), (0.0, 0));
        draft.change(false);
        assert_eq!(draft.parts[0].weight, 0.0);
        for _ in 0..60 {
            draft.change(true);
        }
        assert_eq!(draft.parts[0].weight, MOST);
    }

    #[test]
    fn what_selection_sets_above_the_bound_is_not_lowered_by_asking_for_more() {
        let mut draft = draft(2.63);
        draft.change(true);
        assert_eq!(draft.parts[0].weight, 2.63);
        draft.change(false);
        assert_eq!(draft.parts[0].weight, 2.6);
    }

    #[test]
    fn a_new_blend_has_parts_of_the_same_weight() {
        let ids = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
        let weights = |ids: &[String]| Draft::equal(ids).parts.iter().map(|part| part.weight).collect::<Vec<_>>();
        assert_eq!(weights(&ids[..2]), [0.5, 0.5]);
        assert_eq!(weights(&ids), [0.35, 0.35, 0.35]);
    }
}
