//! What stands beside the table: the user and the highlighted model, the marked models, or a blend that is being built.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use super::chart::{Likeness, side_by_side};
use super::details;
use super::draft::{Draft, MAX_WEIGHT};
use super::state::{Library, PANE, Pane};
use crate::app::present::words::signed;
use crate::app::present::{PairView, selection};
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
            side_by_side(view.theme, &library.compared(), page);
            page.hint(&view.key("close-pane"), "back to the highlighted model");
        }),
        Pane::Blend(draft) => {
            let mut lines = Vec::new();
            view.page(frame, area, PANE, "Your own blend", |page| blend(library, view, draft, page, &mut lines));
            view.list_at(ListPlace::on_page(&lines, view.scroll(PANE), Panel::inner(area)));
        }
    }
}

fn model(library: &Library, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let candidate = library.highlighted();
    let (title, who) = match candidate {
        Some(candidate) if candidate.proposed => ("You and the recommended start".to_owned(), "this start"),
        Some(candidate) => (format!("You and {}", one_line(&candidate.name)), "this model"),
        None => (String::new(), ""),
    };
    view.page(frame, area, PANE, &title, |page| {
        let Some(candidate) = candidate else { return page.dim("No model has that name.") };
        let lines = usize::from(Panel::inner(area).height).saturating_sub(BELOW);
        let spacing = AxisPicture::spacing(candidate.pairs.len(), lines).min(2);
        if !candidate.pairs.is_empty() {
            Likeness::of(candidate).write(view.theme, page, who, spacing);
            page.blank();
        }
        details::known(view, candidate, page);
    });
}

/// The parts with their weights, whose lines go into `lines`, the score that is predicted, and the blend beside the user.
fn blend(library: &Library, view: &View<'_>, draft: &Draft, page: &mut Page<'_>, lines: &mut Vec<usize>) {
    let styles = &view.theme.styles;
    for (at, part) in draft.parts.iter().enumerate() {
        lines.push(page.height());
        page.line(weight(library, view, part, at == draft.cursor, page.width()));
    }
    let fit = view.shared.basis.as_ref().and_then(|basis| basis.predicted(&draft.parts));
    let (Some(fit), Some(selected)) = (fit, &view.shared.selected) else { return };
    let alone = library.candidates().iter().filter(|candidate| !candidate.blend);
    let best = alone.max_by(|a, b| a.score.total_cmp(&b.score));
    let score = format!("{:.2}", fit.score);
    let beside = best.map(|best| format!("   best model alone {}", best.score_text)).unwrap_or_default();
    page.line(vec![
        Span::styled("score ", styles.dim),
        Span::styled(score.clone(), styles.good),
        Span::styled(beside, styles.dim),
    ]);
    page.blank();
    let pairs: Vec<PairView> = fit.axes.iter().map(|axis| selection::pair(selected, axis)).collect();
    // On a scale on which any part alone has room, so that the marks move and not the scale.
    let others = draft.parts.iter().filter_map(|part| library.candidate(&part.id)).flat_map(|part| &part.pairs);
    let (others, rest) = (others.collect(), signed(fit.rest, 2));
    Likeness { pairs: &pairs, others, rest: &rest, score: &score }.write(view.theme, page, "this blend", 1);
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
