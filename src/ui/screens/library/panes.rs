//! What stands beside the table: the user and the highlighted model, the marked models, or a blend that is being built.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use super::chart::{likeness, side_by_side};
use super::draft::{Draft, MAX_WEIGHT};
use super::state::{Library, PANE, Pane};
use crate::app::present::words::{count, signed};
use crate::app::present::{CandidateView, selection};
use crate::selection::{BlendPart, blend_notation};
use crate::ui::format::{one_line, pad};
use crate::ui::shell::View;
use crate::ui::widgets::{AxisPicture, ListPlace, Page, Panel, gauge};

/// Rows that stand below the axes at most; where there are more, the axes are drawn with air between them.
const BELOW: usize = 18;

pub(super) fn draw(library: &Library, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    match &library.pane {
        Pane::Model => model(library, view, frame, area),
        Pane::Comparison => view.page(frame, area, PANE, "Side by side", |page| {
            side_by_side(view.theme, page, &library.compared());
            page.hint(&view.key("close-pane"), "back to the highlighted model");
        }),
        Pane::Blend(draft) => {
            view.page(frame, area, PANE, "Your own blend", |page| blend(library, view, draft, page));
            let lines: Vec<usize> = (0..draft.parts.len()).collect();
            view.list_at(ListPlace::on_page(&lines, view.scroll(PANE), Panel::inner(area)));
        }
    }
}

fn model(library: &Library, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let Some(candidate) = library.highlighted() else {
        return view.page(frame, area, PANE, "", |page| page.dim("No model has that name."));
    };
    let (title, who) = if candidate.proposed {
        ("You and the recommended start".to_owned(), "this start")
    } else {
        (format!("You and {}", one_line(&candidate.name)), "this model")
    };
    view.page(frame, area, PANE, &title, |page| {
        let lines = usize::from(Panel::inner(area).height).saturating_sub(BELOW);
        let spacing = AxisPicture::spacing(candidate.pairs.len(), lines).min(2);
        if !candidate.pairs.is_empty() {
            likeness(view.theme, page, candidate, &[], who, spacing);
            page.blank();
        }
        about(view, candidate, page);
    });
}

/// What its card, or those of its parts, tells of a model, without loading it.
fn about(view: &View<'_>, candidate: &CandidateView, page: &mut Page<'_>) {
    page.heading("About this model");
    if let Some(selected) = view.shared.selected.as_ref().filter(|_| candidate.blend) {
        for part in selected.choice.parts() {
            page.fact(&format!("Weight {:.2}", part.weight), &one_line(selected.name(&part.id)));
        }
    }
    if let Some(card) = view.shared.basis.as_ref().and_then(|basis| basis.card(&candidate.id)) {
        page.plain(&one_line(&candidate.reason));
        page.plain(&one_line(&card.summary));
        let (texts, steps) = (count(card.training_texts, "text"), count(card.training_steps, "step"));
        page.fact("Trained", &format!("on {texts} in its style, {steps}"));
        page.fact("Held-out loss", &format!("{:.2}, {:.2} before", card.held_out_after, card.held_out_before));
        let (words, prompts) = (count(card.probe_words, "word"), count(card.probes, "prompt"));
        page.fact("Measured", &format!("on {words} it wrote in response to {prompts}"));
        page.fact("Base model", &one_line(&card.base));
        page.fact("Licence", &one_line(&card.licence));
    }
    page.fact("Size", &format!("{}, built in", candidate.size));
}

/// The parts with their weights, a line each, the score that is predicted, and the blend beside the user.
fn blend(library: &Library, view: &View<'_>, draft: &Draft, page: &mut Page<'_>) {
    let styles = &view.theme.styles;
    for (at, part) in draft.parts.iter().enumerate() {
        page.line(weight(library, view, part, at == draft.cursor, page.width()));
    }
    let fit = view.shared.basis.as_ref().and_then(|basis| basis.predicted(&draft.parts));
    let (Some(fit), Some(selected)) = (fit, &view.shared.selected) else { return };
    let blended = CandidateView {
        pairs: fit.axes.iter().map(|axis| selection::pair(selected, axis)).collect(),
        rest_text: signed(fit.rest, 2),
        score_text: format!("{:.2}", fit.score),
        ..CandidateView::default()
    };
    let best = library.candidates().iter().find(|candidate| !candidate.blend);
    let beside = best.map(|best| format!("   best single model {}", best.score_text)).unwrap_or_default();
    page.line(vec![
        Span::styled("score ", styles.dim),
        Span::styled(blended.score_text.clone(), styles.good),
        Span::styled(beside, styles.dim),
    ]);
    page.blank();
    // On a scale on which any part alone has room, so that the marks move and not the scale.
    let parts: Vec<&CandidateView> = draft.parts.iter().filter_map(|part| library.candidate(&part.id)).collect();
    likeness(view.theme, page, &blended, &parts, "this blend", 1);
    page.blank();
    for (actions, text) in [
        (&["less-weight", "more-weight"][..], "less or more of the highlighted part".to_owned()),
        (&["best-weights"], "the recommended weights".to_owned()),
        (&["take-blend"], format!("train from {}", blend_notation(&draft.counted()))),
        (&["close-pane"], "close without choosing".to_owned()),
    ] {
        let keys: Vec<String> = actions.iter().map(|action| view.key(action)).collect();
        page.hint(&keys.join(" "), &text);
    }
    page.dim("The bars are estimates from the cards of the parts: the weighted sum of their differences from the base model.");
}

fn weight(library: &Library, view: &View<'_>, part: &BlendPart, here: bool, width: usize) -> Vec<Span<'static>> {
    let (theme, styles) = (view.theme, &view.theme.styles);
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
    spans.extend(gauge(theme, bar, part.weight / MAX_WEIGHT, styles.other));
    spans.push(Span::styled(number, styles.text));
    spans
}
