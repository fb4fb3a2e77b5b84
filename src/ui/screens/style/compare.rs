//! Two sources side by side: a mark for each on every axis, and in words what differs.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::pane::Shown;
use super::view::{coefficient, mark, nothing_to_compare, place, rows, told_apart};
use crate::app::profile::{By, Part, RULE};
use crate::ui::format::{count, fit, one_line};
use crate::ui::model::Model;
use crate::ui::parts::{ROOMY, failure, split};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, Seen, beside, pole};

const ADVICE: &str = "goes to Import, to add more of your writing, from another place too: mail, notes, chats";

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
    let style = &model.screens.style;
    let Some(shown) = style.shown() else {
        let mut page = Page::new(theme, area);
        page.heading("Two sources compared");
        nothing_to_compare(model, theme, &mut page, ADVICE);
        return page.draw(frame, area, model.scroll).into();
    };
    let order = style.order();
    let (list, detail) = split(area, order.len() + 2);
    let head = [Line::styled(summary(model, &shown, list.width), theme.styles.text), legend(theme, &shown, list.width)];
    let place = rows(model, theme, frame, list, head, |axis, width, name| {
        let scores = (&shown.first.axes[axis], &shown.second.axes[axis]);
        (mark(theme, shown.compared.axes.get(axis)), beside(theme, scores, width, pole(width), name))
    });
    let mut page = Page::new(theme, detail);
    failure(model, theme, &mut page);
    if let Some(&axis) = order.get(style.row(&order)) {
        explain(theme, &shown, axis, &mut page);
    }
    rest(model, &mut page);
    Seen::with_list(page.draw(frame, detail, model.scroll), place)
}

/// How many axes differ, and which of the pairs this is.
fn summary(model: &Model, shown: &Shown<'_>, width: u16) -> String {
    let differing =
        told_apart(&shown.compared.axes, if width < ROOMY { "differ" } else { "differ more than by chance" });
    let style = &model.screens.style;
    let pairs = style.parts().map_or(0, |parts| parts.differences.len());
    let pair = style.pane.map_or(0, |pane| pane.pair.min(pairs.saturating_sub(1)));
    let which = if pairs > 1 { format!("; pair {} of {pairs}", pair + 1) } else { String::new() };
    fit(&format!("{differing}{which}"), usize::from(width))
}

/// Which mark is which source.
fn legend(theme: &Theme, shown: &Shown<'_>, width: u16) -> Line<'static> {
    let (glyphs, styles) = (&theme.glyphs, &theme.styles);
    let marked = if width < ROOMY { " differs" } else { " more than by chance" };
    // Three marks, each with a space before its words, and two gaps.
    let each = usize::from(width).saturating_sub(marked.len() + 7) / 2;
    let name = |part: &Part| format!(" {}  ", fit(&one_line(&part.label), each));
    Line::from(vec![
        Span::styled(glyphs.user, styles.user),
        Span::styled(name(shown.first), styles.dim),
        Span::styled(glyphs.other, styles.other),
        Span::styled(name(shown.second), styles.dim),
        Span::styled(glyphs.chosen, styles.good),
        Span::styled(marked, styles.dim),
    ])
}

fn explain(theme: &Theme, shown: &Shown<'_>, axis: usize, page: &mut Page<'_>) {
    let styles = &theme.styles;
    let Some(difference) = shown.compared.axes.get(axis) else { return };
    page.heading(&format!("{} or {}", difference.low, difference.high));
    page.plain(&one_line(&difference.sentence(By::Source, shown.first, shown.second)));
    let both = [(shown.first, theme.glyphs.user, styles.user), (shown.second, theme.glyphs.other, styles.other)];
    for (part, glyph, style) in both {
        let Some(score) = part.axes.get(axis) else { continue };
        let from = page.height();
        page.indented(
            "  ",
            "  ",
            styles.dim,
            &format!("{}: {}, {}", one_line(&part.label), place(score), coefficient(score)),
        );
        page.mark(from, glyph, style);
    }
    for (part, _, style) in both {
        let Some(quote) = part.axes.get(axis).and_then(|score| score.quotes.first()) else { continue };
        page.blank();
        page.dim(&format!("In {}, most typical:", one_line(&part.label)));
        page.indented("  | ", "  | ", style, &one_line(quote));
    }
}

/// What the sources are, those that are too small to be compared, and what the mark means.
fn rest(model: &Model, page: &mut Page<'_>) {
    let Some(parts) = model.screens.style.parts() else { return };
    page.blank();
    page.heading("The sources");
    for part in &parts.parts {
        let files = if part.files > 1 { format!(" of {}", count(part.files, "file")) } else { String::new() };
        let days = part.days().map(|days| format!(", {days}")).unwrap_or_default();
        let size = format!("{}{files}, {}{days}", count(part.texts, "text"), count(part.words, "word"));
        let lack = match part.missing_words {
            0 => String::new(),
            missing => format!(": too little, {} needed", count(missing, "more word")),
        };
        page.plain(&format!("{}: {size}{lack}", one_line(&part.label)));
    }
    page.blank();
    let rule = format!("Marked is what differs more than by chance: {RULE}.");
    page.dim(&format!("{rule} A mark that is missing lies under the other."));
}
