//! How Library looks: the recommended start, the user beside it, and the table of all models; or why there is nothing to show.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use super::state::{CONCLUSION, Library, MODELS, PANE, Pane};
use super::{details, panes, table};
use crate::app::present::SelectionView;
use crate::app::train::StartPoint;
use crate::selection::ChoiceKind;
use crate::ui::format::one_line;
use crate::ui::shell::View;
use crate::ui::shell::data::Select;
use crate::ui::widgets::{NARROW, Page, WIDE, cells, halves, top};

/// Below this height one panel is shown at a time, beside the conclusion.
const LOW: u16 = 16;
/// Below this height the conclusion has the fewest rows.
const TALL: u16 = 30;
/// The fewest rows of the conclusion and of the table, with their borders.
const LEAST: (u16, u16) = (5, 6);

const TITLE: &str = "Recommended start";

pub fn draw(library: &Library, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let ranking = library.ranking.as_ref().filter(|ranking| !ranking.candidates.is_empty());
    let Some(ranking) = ranking else {
        return view.page(frame, area, MODELS, TITLE, |page| nothing_to_show(library, view, page));
    };
    let whole = |page: &mut Page<'_>| {
        conclusion(library, view, ranking, page);
        page.blank();
        details::costs(library, view, page);
    };
    if (area.width < NARROW || area.height < LOW) && view.focus == CONCLUSION {
        return view.page(frame, area, CONCLUSION, TITLE, whole);
    }
    if area.width < NARROW || area.height < LOW {
        return one_at_a_time(library, view, ranking, frame, area);
    }
    let full = |width: u16| {
        let mut page = Page::new(view.theme, Rect { width: width.saturating_sub(4), ..area });
        whole(&mut page);
        cells(page.height() + 2)
    };
    let table = table::height(library);
    let [above, picture, below] = if area.width >= WIDE {
        let [left, right] = halves(area);
        let height = full(left.width).min(area.height.saturating_sub(table.min(area.height / 2)));
        let [above, below] = top(left, height);
        [above, right, below]
    } else {
        let height = if area.height < TALL { LEAST.0 } else { full(area.width).min(area.height / 3) };
        let table = table.min((area.height / 4).max(LEAST.1));
        Layout::vertical([Constraint::Length(height), Constraint::Fill(1), Constraint::Length(table)]).areas(area)
    };
    view.page(frame, above, CONCLUSION, TITLE, whole);
    panes::draw(library, view, frame, picture);
    table::draw(library, view, frame, below, false);
}

/// The conclusion above the panel with the focus.
fn one_at_a_time(library: &Library, view: &View<'_>, ranking: &SelectionView, frame: &mut Frame<'_>, area: Rect) {
    let height = if matches!(library.pane, Pane::Model) { (area.height / 3).min(4) } else { 0 };
    let [above, below] = top(area, height);
    if height > 0 {
        view.page(frame, above, CONCLUSION, TITLE, |page| conclusion(library, view, ranking, page));
    }
    match view.focus {
        PANE => panes::draw(library, view, frame, below),
        _ => table::draw(library, view, frame, below, true),
    }
}

/// What to start from, how sure that is, and why, each in a line; what makes it doubtful, and what the user chose instead.
fn conclusion(library: &Library, view: &View<'_>, ranking: &SelectionView, page: &mut Page<'_>) {
    let styles = &view.theme.styles;
    view.write_failures(page);
    headline(library, view, ranking, page);
    let proposed = library.proposed();
    let chosen = view.shared.start_written();
    let instead = match &view.shared.start {
        StartPoint::Auto => None,
        _ if proposed.is_some_and(|proposed| chosen.as_ref() == Some(&proposed.id)) => None,
        StartPoint::Scratch => Some("You chose to start from scratch.".to_owned()),
        _ => chosen.map(|start| format!("You chose to start from {}.", one_line(&start))),
    };
    if let Some(instead) = instead {
        page.text(styles.key, &instead);
        page.hint(&view.key("start-automatic"), "go back to the recommended start");
    }
    let why = match proposed {
        Some(blend) if blend.blend => &blend.reason,
        _ if ranking.kind == ChoiceKind::Library => ranking.short.as_ref().unwrap_or(&ranking.choice),
        _ => &ranking.choice,
    };
    page.plain(&one_line(why));
    for caution in &ranking.cautions {
        page.text(styles.bad, &one_line(caution));
    }
}

/// Name, score and how sure it is, in one line where there is room. Where there is none, the verdict is left to the
/// sentence below.
fn headline(library: &Library, view: &View<'_>, ranking: &SelectionView, page: &mut Page<'_>) {
    let styles = &view.theme.styles;
    let proposed = library.proposed();
    let name = proposed.map_or("From scratch", |proposed| &proposed.name);
    let mut line = vec![
        Span::styled(format!("{} ", view.theme.glyphs.chosen), styles.key),
        Span::styled(one_line(name), styles.heading),
    ];
    let mut facts = Vec::new();
    if let Some(proposed) = proposed {
        facts.extend([Span::styled("  score ", styles.dim), Span::styled(proposed.score_text.clone(), styles.other)]);
    }
    if let Some(proposed) = proposed.filter(|proposed| proposed.probability.is_some()) {
        facts.extend([
            Span::styled("  prob. ", styles.dim),
            Span::styled(proposed.probability_text.clone(), styles.text),
        ]);
    }
    let verdict = vec![Span::styled(format!("  {}", ranking.verdict.to_lowercase()), styles.good)];
    let width = |spans: &[Span<'_>]| spans.iter().map(|span| span.content.width()).sum::<usize>();
    for (piece, needed) in [(facts, true), (verdict, false)] {
        if width(&line) + width(&piece) <= page.width() {
            line.extend(piece);
        } else if needed {
            page.line(std::mem::replace(&mut line, piece));
        }
    }
    page.line(line);
}

fn nothing_to_show(library: &Library, view: &View<'_>, page: &mut Page<'_>) {
    if view.write_why_empty(page) {
        return;
    }
    if let Some(ranking) = &library.ranking {
        page.plain(&ranking.choice);
        if let Some(refusal) = ranking.refusal {
            page.plain(refusal);
        }
        for caution in &ranking.cautions {
            page.text(view.theme.styles.bad, &one_line(caution));
        }
        page.blank();
        page.hint(&view.key("show-import"), "Import: add more of your writing");
        page.hint(&view.key("show-train"), "Train: it will start from scratch");
    } else if view.shared.runs::<Select>() {
        view.write_working(page, "Comparing your style with the library");
    }
}
