//! The Style screen: all texts together, and what its panes have in common with that.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{Pane, compare, time};
use crate::app::profile::{By, Difference};
use crate::style::{AxisScore, Profile};
use crate::ui::action::{Action, key_for};
use crate::ui::format::{count, fit, measured, one_line};
use crate::ui::message::JobKind;
use crate::ui::model::Model;
use crate::ui::parts::{failure, no_texts, outside_axes, spinner, split};
use crate::ui::screens::Screen;
use crate::ui::theme::Theme;
use crate::ui::widgets::{ListPlace, Page, Seen, placed, placed_legend, pole};

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
    let scored = model.screens.style.profile.as_ref().filter(|profile| !profile.axes.is_empty());
    let Some(profile) = scored else {
        let mut page = Page::new(theme, area);
        nothing_to_show(model, theme, &mut page);
        return page.draw(frame, area, model.scroll).into();
    };
    match model.screens.style.pane {
        Some(Pane { by: By::Source, .. }) => return compare::draw(model, theme, frame, area),
        Some(Pane { by: By::Time, .. }) => return time::draw(model, theme, frame, area),
        None => {}
    }
    let (list, detail) = split(area, profile.axes.len() + 2);
    let width = usize::from(list.width);
    let head = [Line::styled(fit(&summary(profile), width), theme.styles.text), placed_legend(theme, width)];
    let place = rows(model, theme, frame, list, head, |axis, width, style| {
        (" ", placed(theme, &profile.axes[axis], width, pole(width), style))
    });
    let mut page = Page::new(theme, detail);
    failure(model, theme, &mut page);
    if let Some(score) = profile.axes.get(model.screens.style.cursor) {
        explain(theme, score, &mut page);
    }
    whole(theme, profile, &mut page);
    Seen::with_list(page.draw(frame, detail, model.scroll), place)
}

fn nothing_to_show(model: &Model, theme: &Theme, page: &mut Page<'_>) {
    failure(model, theme, page);
    if no_texts(model, page) {
        return;
    }
    if let Some(profile) = &model.screens.style.profile {
        page.plain(&format!(
            "{} with {}: too little to score a style. About {} are needed.",
            count(profile.texts, "text"),
            count(profile.words, "word"),
            count(profile.missing_words, "more word")
        ));
        page.blank();
        page.hint(&key_for(model, Action::Show(Screen::Import)), "goes to Import, to add more of your writing");
    } else if model.jobs.is_running(JobKind::Profile) {
        page.line(vec![
            Span::styled(spinner(model, theme), theme.styles.key),
            Span::raw(" Measuring how you write ..."),
        ]);
    }
}

fn summary(profile: &Profile) -> String {
    let steady = match profile.stability {
        Some(stability) if stability >= 0.9 => ", steady",
        Some(stability) if stability < 0.7 => ", not steady yet: more texts would help",
        _ => "",
    };
    format!("{}, {}{steady}", count(profile.texts, "text"), count(profile.words, "word"))
}

/// Two lines, and under them a row for each axis: `row` draws one in so many columns with its poles in this style, and says what stands
/// before it. Returns where they stand.
pub(super) fn rows(
    model: &Model,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
    head: [Line<'static>; 2],
    row: impl Fn(usize, usize, Style) -> (&'static str, Vec<Span<'static>>),
) -> ListPlace {
    let style = &model.screens.style;
    let mut line = Rect { height: area.height.min(1), ..area };
    for text in head {
        frame.render_widget(text, line);
        line.y += line.height;
    }
    let order = style.order();
    let here = style.row(&order);
    let below = Rect { y: line.y, height: area.height.saturating_sub(2), ..area };
    let place = ListPlace::around(model.list.as_ref(), order.len(), here, below);
    for (at, line) in place.rows() {
        let (cursor, name) =
            if at == here { (theme.glyphs.cursor, theme.styles.selected) } else { (" ", theme.styles.text) };
        let (mark, drawn) = row(order[at], usize::from(area.width).saturating_sub(2), name);
        let mut spans = vec![Span::styled(cursor, theme.styles.key), Span::styled(mark, theme.styles.good)];
        spans.extend(drawn);
        frame.render_widget(Line::from(spans), line);
    }
    place
}

/// A pane that has nothing to compare: it is worked at, it failed, or there is too little, and what to do then.
pub(super) fn nothing_to_compare(model: &Model, theme: &Theme, page: &mut Page<'_>, advice: &str) {
    failure(model, theme, page);
    if let Some(parts) = model.screens.style.parts() {
        for lack in parts.lacks() {
            page.plain(&one_line(&lack));
        }
        page.blank();
        page.hint(&key_for(model, Action::Show(Screen::Import)), advice);
    } else if model.jobs.is_running(JobKind::Parts) {
        let text = " Measuring your texts part by part ...";
        page.line(vec![Span::styled(spinner(model, theme), theme.styles.key), Span::raw(text)]);
        page.blank();
    }
    // What failed says itself what Esc does.
    if model.failure().is_none() {
        page.hint(&key_for(model, Action::ClosePane), "goes back to all your texts together");
    }
}

/// How many axes differ, in words.
pub(super) fn told_apart(differences: &[Difference], what: &str) -> String {
    if differences.iter().all(Difference::is_unknown) {
        return "too few texts to tell from chance".into();
    }
    let differing = differences.iter().filter(|difference| difference.differs()).count();
    format!("{differing} of {} axes {what}", differences.len())
}

/// What stands before the row of an axis.
pub(super) fn mark(theme: &Theme, difference: Option<&Difference>) -> &'static str {
    if difference.is_some_and(Difference::differs) { theme.glyphs.chosen } else { " " }
}

/// Where texts stand among writers, with the interval.
pub(super) fn place(score: &AxisScore) -> String {
    let [low, high] = score.user_interval;
    format!("{:.0} ({low:.0} to {high:.0}) of 100", score.user_percentile)
}

/// How far they are from the base model's own writing, with the interval.
pub(super) fn coefficient(score: &AxisScore) -> String {
    let [low, high] = score.interval;
    format!("coefficient {:+.2} ({low:+.2} to {high:+.2})", score.coefficient)
}

fn explain(theme: &Theme, score: &AxisScore, page: &mut Page<'_>) {
    let styles = &theme.styles;
    page.heading(&format!("{} or {}", score.axis.low, score.axis.high));
    page.plain(&score.sentence);
    page.dim(&format!(
        "You {:.0} ({:.0} to {:.0}), the base model {:.0} of 100. Difference {:+.2} ({:+.2} to {:+.2}).",
        score.user_percentile,
        score.user_interval[0],
        score.user_interval[1],
        score.base_percentile,
        score.coefficient,
        score.interval[0],
        score.interval[1]
    ));
    if !score.drivers.is_empty() {
        page.blank();
        page.dim("What moves you there:");
        for driver in &score.drivers {
            let values = format!("{}: you {}, base {}", driver.unit, measured(driver.user), measured(driver.base));
            page.indented("  ", "    ", styles.text, &one_line(&values));
        }
    }
    if !score.quotes.is_empty() {
        page.blank();
        page.dim("In your own words:");
        for quote in &score.quotes {
            page.indented("  | ", "  | ", styles.user, &one_line(quote));
        }
    }
    if let Some(evidence) = &score.axis.evidence {
        page.blank();
        page.dim(&format!("How far to trust this axis: {evidence}"));
    }
}

/// What concerns no single axis.
fn whole(theme: &Theme, profile: &Profile, page: &mut Page<'_>) {
    let words = |more: bool| {
        let words = profile.contrast_words.iter().filter(|word| (word.z > 0.0) == more);
        let words: Vec<String> = words.take(8).map(|word| one_line(&word.word)).collect();
        words.join(", ")
    };
    let (more, less) = (words(true), words(false));
    page.blank();
    page.heading("Beside the axes");
    if !more.is_empty() {
        page.indented("You use more:  ", "  ", theme.styles.text, &more);
    }
    if !less.is_empty() {
        page.indented("You use less:  ", "  ", theme.styles.text, &less);
    }
    if let Some(share) = profile.unexplained {
        page.dim(&outside_axes(share));
    }
}
