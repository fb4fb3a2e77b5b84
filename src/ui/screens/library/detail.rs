//! All about the highlighted model: why it ranks where it does, its bars, its card, and what a start costs.

use super::{State, bars, hint, table};
use crate::app::select::Selected;
use crate::app::train::StartPoint as Start;
use crate::selection::{Candidate, ChoiceKind};
use crate::training::plan::{EPOCHS, MAX_STEPS, MIN_STEPS};
use crate::ui::action::{Action, key_of};
use crate::ui::format::{count, duration, megabytes, one_line};
use crate::ui::model::Model;
use crate::ui::screens::train::costs;
use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, largest};

pub fn write(model: &Model, theme: &Theme, selected: &Selected, page: &mut Page<'_>) {
    let library = &model.screens.library;
    choice(model, theme, selected, page);
    if let Some(candidate) = library.highlighted() {
        page.blank();
        page.heading(&candidate.name);
        page.plain(&candidate.reason);
        let values = candidate.axes.iter().flat_map(|axis| [axis.user, axis.model]);
        let parts = (&candidate.axes[..], candidate.rest, candidate.score);
        bars::against(theme, page, "this model", parts, largest(values));
        card(library, candidate, page);
    }
    cost(model, theme, selected, page);
    page.blank();
    page.dim(&format!("Ranked in {:.0} ms from the cards alone; no model was loaded.", selected.elapsed_ms));
}

/// What selection came to, what makes it doubtful, and what the user chose instead.
fn choice(model: &Model, theme: &Theme, selected: &Selected, page: &mut Page<'_>) {
    page.text(theme.styles.good, &format!("{}.", selected.choice.reason));
    match selected.choice.kind {
        ChoiceKind::Tie if model.screens.library.marked.len() < 2 => {
            hint(model, page, &[Action::Mark], "marks a model; two or three that are marked can be compared");
        }
        ChoiceKind::Blend => {
            hint(model, page, &[Action::OpenBlend], "opens the blend: its bars, and other weights for it");
        }
        _ => {}
    }
    for caution in &selected.cautions {
        page.text(theme.styles.bad, &caution.message);
    }
    let chosen = match &model.screens.train.from {
        Start::Auto => return,
        Start::Scratch => "from scratch".to_owned(),
        Start::Library(_) | Start::Blend(_) => format!("from {}", model.start().unwrap_or_default()),
    };
    page.text(theme.styles.key, &format!("You chose to start {chosen}."));
    hint(model, page, &[Action::StartAutomatic], "takes the best start again");
}

/// What is known of the model without loading it.
fn card(library: &State, candidate: &Candidate, page: &mut Page<'_>) {
    page.blank();
    page.heading("What is known of it");
    let card = library.basis.as_ref().and_then(|basis| basis.card(&candidate.id));
    if let Some(card) = card {
        page.plain(&one_line(&card.summary));
        page.fact(
            "Trained",
            &format!(
                "on {} of its style in {}; held-out loss {:.2} -> {:.2}",
                count(card.training_texts, "text"),
                count(card.training_steps, "step"),
                card.held_out_before,
                card.held_out_after
            ),
        );
        page.fact(
            "Measured",
            &format!("on {} that it wrote to {}", count(card.probe_words, "word"), count(card.probes, "prompt")),
        );
        page.fact("Base", &one_line(&card.base));
        page.fact("Licence", &one_line(&card.licence));
    }
    page.fact("Size", &format!("{}, {}", megabytes(candidate.adapter_bytes), table::PLACE));
}

/// What can honestly be said of the work that each start means before the base model is loaded; or what was measured since.
fn cost(model: &Model, theme: &Theme, selected: &Selected, page: &mut Page<'_>) {
    page.blank();
    if model.screens.train.costs.forecast.is_some() {
        return costs::tell(model, theme, page);
    }
    page.heading("What each start costs");
    let by_default = || format!("{EPOCHS} passes over your texts, at least {MIN_STEPS} and at most {MAX_STEPS} steps");
    let chosen = |steps| format!("{}, as you chose on Train", count(steps, "step"));
    let steps = model.screens.train.steps.map_or_else(by_default, chosen);
    page.fact("Any start", &format!("{steps}; fewer where the held-out loss no longer falls"));
    let bytes = |ids: &[&str]| -> u64 {
        ids.iter().filter_map(|id| model.screens.library.candidate(id)).map(|candidate| candidate.adapter_bytes).sum()
    };
    let suggested = selected.choice.parts();
    let ids: Vec<&str> = suggested.iter().map(|part| part.id.as_str()).collect();
    if !ids.is_empty() {
        page.fact("Suggested", &adapter(&ids.join(" + "), bytes(&ids)));
    }
    if let Some(here) = model.screens.library.highlighted().filter(|here| ids != [here.id.as_str()]) {
        page.fact("Highlighted", &adapter(&here.id, here.adapter_bytes));
    }
    page.fact("From scratch", "no adapter to load");
    let key = key_of(model, Action::LookAhead);
    page.fact("Time and energy", &format!("measured for each start by {key} on Train, and where each begins"));
    if let Some((_, record)) = model.status.as_ref().and_then(|status| status.in_use.as_ref()) {
        let took = duration(record.seconds);
        page.fact(
            "Last training",
            &format!("{} from {} took {took} here", count(record.steps, "step"), record.started_from),
        );
    }
}

fn adapter(name: &str, bytes: u64) -> String {
    format!("{}: {} to load, already here", one_line(name), megabytes(bytes))
}
