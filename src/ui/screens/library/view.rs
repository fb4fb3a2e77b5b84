//! How Library looks: the recommended start with what each start costs, the user beside a model, and the table of all models; or why
//! there is nothing to show.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::state::{CONCLUSION, Library, MODELS, PANE, Pane};
use super::{panes, table};
use crate::app::present::forecast::HEADS;
use crate::app::present::words::{count, duration};
use crate::app::present::{self, CandidateView, ForecastView, SelectionView, StartView};
use crate::app::train::StartPoint;
use crate::training::SCRATCH;
use crate::training::plan::{EPOCHS, MAX_STEPS, MIN_STEPS};
use crate::ui::format::{one_line, pad, pad_left};
use crate::ui::shell::View;
use crate::ui::shell::data::Select;
use crate::ui::widgets::{NARROW, Page, Room, WIDE, cells, halves, top};

/// Below this height one panel is shown at a time, beside the conclusion.
const LOW: u16 = 16;
/// Below this height the conclusion has the fewest rows.
const TALL: u16 = 30;
/// The fewest rows of the conclusion and of the table, with their borders.
const LEAST: (u16, u16) = (5, 6);
/// Columns of a start point's name at least, and of each cell after it.
const NAME: usize = 13;
const CELLS: [usize; 5] = [15, 7, 12, 11, 9];

const TITLE: &str = "Recommended start";

pub fn draw(library: &Library, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let Some(ranking) = library.ranking.as_ref().filter(|ranking| !ranking.candidates.is_empty()) else {
        return view.page(frame, area, MODELS, TITLE, |page| nothing_to_show(library, view, page));
    };
    let whole = |page: &mut Page<'_>| {
        conclusion(view, ranking, page);
        page.blank();
        costs(library, view, ranking, page);
    };
    if area.width < NARROW || area.height < LOW {
        return match view.focus {
            CONCLUSION => view.page(frame, area, CONCLUSION, TITLE, whole),
            _ => one_at_a_time(library, view, ranking, frame, area),
        };
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
        view.page(frame, above, CONCLUSION, TITLE, |page| conclusion(view, ranking, page));
    }
    match view.focus {
        PANE => panes::draw(library, view, frame, below),
        _ => table::draw(library, view, frame, below, true),
    }
}

/// What to start from, how sure that is, and why, each in a line; what makes it doubtful, and what the user chose instead.
fn conclusion(view: &View<'_>, ranking: &SelectionView, page: &mut Page<'_>) {
    let styles = &view.theme.styles;
    view.write_failures(page);
    headline(view, ranking, page);
    let proposed = ranking.proposed();
    let chosen = view.shared.start_written().unwrap_or_else(|| SCRATCH.to_owned());
    if view.shared.start != StartPoint::Auto && proposed.is_none_or(|proposed| proposed.id != chosen) {
        page.text(styles.key, &format!("You chose to start from {}.", one_line(&chosen)));
        page.hint(&view.key("start-automatic"), "go back to the recommended start");
    }
    let blend = proposed.filter(|proposed| proposed.blend);
    page.plain(&one_line(blend.map_or_else(|| ranking.sentence(), |blend| blend.reason.as_str())));
    cautions(view, ranking, page);
}

fn cautions(view: &View<'_>, ranking: &SelectionView, page: &mut Page<'_>) {
    for caution in &ranking.cautions {
        page.text(view.theme.styles.bad, &one_line(caution));
    }
}

/// Name, score and how sure it is, in one line where there is room. Where there is none, the verdict is left to the
/// sentence below.
fn headline(view: &View<'_>, ranking: &SelectionView, page: &mut Page<'_>) {
    let styles = &view.theme.styles;
    let proposed = ranking.proposed();
    let name = proposed.map_or("From scratch", |proposed| &proposed.name);
    let mut line = Line::from_iter([
        Span::styled(format!("{} ", view.theme.glyphs.chosen), styles.key),
        Span::styled(one_line(name), styles.heading),
    ]);
    let mut facts = Line::default();
    if let Some(CandidateView { score_text, probability, probability_text, .. }) = proposed {
        facts.extend([Span::styled("  score ", styles.dim), Span::styled(score_text.clone(), styles.other)]);
        if probability.is_some() {
            facts.extend([Span::styled("  prob. ", styles.dim), Span::styled(probability_text.clone(), styles.text)]);
        }
    }
    let verdict = Line::from(Span::styled(format!("  {}", ranking.verdict.to_lowercase()), styles.good));
    for (piece, needed) in [(facts, true), (verdict, false)] {
        if line.width() + piece.width() <= page.width() {
            line.extend(piece);
        } else if needed {
            page.line(std::mem::replace(&mut line, piece).spans);
        }
    }
    page.line(line.spans);
}

/// What each start takes: as far as it is known before the base model is loaded, or as it was estimated since.
fn costs(library: &Library, view: &View<'_>, ranking: &SelectionView, page: &mut Page<'_>) {
    page.heading("What each start costs");
    match &view.shared.forecast {
        Some(forecast) => measured(view, &present::forecast(forecast), page),
        None => expected(library, view, ranking, page),
    }
    if let Some((_, record)) = view.shared.status.as_ref().and_then(|status| status.in_use.as_ref()) {
        let (steps, took) = (count(record.steps, "step"), duration(record.seconds));
        page.fact("Last run", &format!("{steps} from {} took {took} here", one_line(&record.started_from)));
    }
    page.dim(&ranking.basis);
}

fn expected(library: &Library, view: &View<'_>, ranking: &SelectionView, page: &mut Page<'_>) {
    page.fact(
        "Steps",
        &format!("{EPOCHS} epochs over your texts, {MIN_STEPS} to {MAX_STEPS} steps, unless set otherwise on Train"),
    );
    let load = |candidate: &CandidateView| format!("{} to load, built in", candidate.size);
    if let Some(proposed) = ranking.proposed() {
        page.fact("Recommended", &load(proposed));
    }
    page.fact("Highlighted", &library.highlighted().map_or_else(|| "-".to_owned(), load));
    page.fact("From scratch", "no adapter to load");
    let key = view.shared.key("look-ahead");
    page.fact("Time and energy", &format!("{key} on Train estimates them for each start"));
}

/// A row for each start point; columns give way from the least important on.
fn measured(view: &View<'_>, forecast: &ForecastView, page: &mut Page<'_>) {
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

fn nothing_to_show(library: &Library, view: &View<'_>, page: &mut Page<'_>) {
    if view.write_why_empty(page) {
        return;
    }
    if let Some(ranking) = &library.ranking {
        page.plain(&ranking.choice);
        if let Some(refusal) = ranking.refusal {
            page.plain(refusal);
        }
        cautions(view, ranking, page);
        page.blank();
        page.hint(&view.key("show-import"), "Import: add more of your writing");
        page.hint(&view.key("show-train"), "Train: it will start from scratch");
    } else if view.shared.runs::<Select>() {
        view.write_working(page, "Comparing your style with the library");
    }
}
