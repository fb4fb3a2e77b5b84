//! What is known of a model without loading it, and what each start costs.

use ratatui::text::Span;

use super::state::Library;
use crate::app::present::forecast::HEADS;
use crate::app::present::words::{count, duration};
use crate::app::present::{self, CandidateView, StartView};
use crate::selection::Card;
use crate::training::plan::{EPOCHS, MAX_STEPS, MIN_STEPS};
use crate::ui::format::{one_line, pad, pad_left};
use crate::ui::shell::View;
use crate::ui::widgets::{Page, Room};

/// Columns of a start point's name at least, and of each cell after it.
const NAME: usize = 13;
const CELLS: [usize; 5] = [15, 7, 12, 11, 9];

/// What its card, or those of its parts, tells of a model.
pub(super) fn known(view: &View<'_>, candidate: &CandidateView, page: &mut Page<'_>) {
    page.heading("About this model");
    let basis = view.shared.basis.as_ref();
    if candidate.blend {
        let parts = view.shared.selected.as_ref().map_or_else(Vec::new, |selected| selected.choice.parts());
        for part in parts {
            let name =
                basis.and_then(|basis| basis.card(&part.id)).map_or(part.id.clone(), |card| one_line(&card.name));
            page.fact(&format!("Weight {:.2}", part.weight), &name);
        }
    } else if let Some(card) = basis.and_then(|basis| basis.card(&candidate.id)) {
        page.plain(&one_line(&candidate.reason));
        of_card(card, page);
    }
    page.fact("Size", &format!("{}, built in", candidate.size));
}

fn of_card(card: &Card, page: &mut Page<'_>) {
    page.plain(&one_line(&card.summary));
    let (texts, steps) = (count(card.training_texts, "text"), count(card.training_steps, "step"));
    page.fact("Trained", &format!("on {texts} in its style, {steps}"));
    page.fact("Held-out loss", &format!("{:.2}, {:.2} before", card.held_out_after, card.held_out_before));
    let (words, prompts) = (count(card.probe_words, "word"), count(card.probes, "prompt"));
    page.fact("Measured", &format!("on {words} it wrote in response to {prompts}"));
    page.fact("Base model", &one_line(&card.base));
    page.fact("Licence", &one_line(&card.licence));
}

/// What each start takes: as far as it is known before the base model is loaded, or as it was estimated since.
pub(super) fn costs(library: &Library, view: &View<'_>, page: &mut Page<'_>) {
    page.heading("What each start costs");
    match &view.shared.forecast {
        Some(forecast) => measured(view, &present::forecast(forecast), page),
        None => expected(library, view, page),
    }
    if let Some((_, record)) = view.shared.status.as_ref().and_then(|status| status.in_use.as_ref()) {
        let (steps, took) = (count(record.steps, "step"), duration(record.seconds));
        page.fact("Last run", &format!("{steps} from {} took {took} here", one_line(&record.started_from)));
    }
    if let Some(ranking) = &library.ranking {
        page.dim(&ranking.basis);
    }
}

fn expected(library: &Library, view: &View<'_>, page: &mut Page<'_>) {
    page.fact(
        "Steps",
        &format!("{EPOCHS} epochs over your texts, {MIN_STEPS} to {MAX_STEPS} steps, unless set otherwise on Train"),
    );
    let load = |candidate: Option<&CandidateView>| {
        candidate.map_or_else(|| "-".to_owned(), |candidate| format!("{} to load, built in", candidate.size))
    };
    if let Some(proposed) = library.proposed() {
        page.fact("Recommended", &load(Some(proposed)));
    }
    page.fact("Highlighted", &load(library.highlighted()));
    page.fact("From scratch", "no adapter to load");
    let key = view.shared.key("look-ahead");
    page.fact("Time and energy", &format!("{key} on Train estimates them for each start"));
}

/// A row for each start point; columns give way from the least important on.
fn measured(view: &View<'_>, forecast: &present::ForecastView, page: &mut Page<'_>) {
    let styles = &view.theme.styles;
    let mut room = Room::new(page.width().saturating_sub(NAME + 2));
    // Loss, time, memory, energy, steps.
    let mut widths = [0; CELLS.len()];
    for at in [0, 2, 3, 4, 1] {
        widths[at] = room.take(CELLS[at]);
    }
    let name = NAME + room.left();
    let line =
        |cells: [&str; 5]| -> String { cells.iter().zip(widths).map(|(cell, width)| pad_left(cell, width)).collect() };
    let [from, heads @ ..] = HEADS;
    page.line(vec![Span::styled(format!("  {}{}", pad(from, name), line(heads)), styles.dim)]);
    for StartView { name: from, proposed, loss, steps, time, memory, energy, .. } in &forecast.starts {
        let cells = line([loss, steps, time, memory, energy.as_deref().unwrap_or("-")]);
        page.line(vec![
            Span::styled(if *proposed { view.theme.glyphs.chosen } else { " " }, styles.key),
            Span::raw(" "),
            Span::styled(pad(&one_line(from), name), if *proposed { styles.selected } else { styles.text }),
            Span::styled(cells, styles.text),
        ]);
    }
    if let Some(scratch) = &forecast.scratch {
        page.dim(&one_line(scratch));
    }
    page.dim("Estimates. Train shows what they are based on.");
}
