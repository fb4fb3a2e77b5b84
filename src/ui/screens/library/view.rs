//! The Library screen: the table, and what stands beside it; or why there is nothing to show.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::{Pane, blend, compare, detail, table};
use crate::ui::action::{Action, key_for};
use crate::ui::message::JobKind;
use crate::ui::model::Model;
use crate::ui::parts::{WIDE, failure, no_texts, spinner, split};
use crate::ui::screens::Screen;
use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, Seen};

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
    let library = &model.screens.library;
    let ranked = library.selected.as_ref().filter(|selected| !selected.candidates.is_empty());
    let Some(selected) = ranked else {
        let mut page = Page::new(theme, area);
        nothing_to_show(model, theme, &mut page);
        return page.draw(frame, area, model.scroll).into();
    };
    // As if nothing were filtered, so that the page beside does not jump while a filter is typed.
    let mut rows = selected.candidates.len() + 1 + usize::from(library.filters());
    if area.width < WIDE && !matches!(library.pane, Pane::Detail) {
        rows = rows.min(usize::from(area.height / 3));
    }
    let (list, beside) = split(area, rows);
    let place = table::draw(model, theme, frame, list, &library.rows());
    let mut page = Page::new(theme, beside);
    failure(model, theme, &mut page);
    match &library.pane {
        Pane::Detail => detail::write(model, theme, selected, &mut page),
        Pane::Comparison => compare::write(theme, &library.compared(), &mut page),
        Pane::Blend(draft) => blend::write(model, theme, draft, &mut page),
    }
    Seen::with_list(page.draw(frame, beside, model.scroll), place)
}

fn nothing_to_show(model: &Model, theme: &Theme, page: &mut Page<'_>) {
    failure(model, theme, page);
    if no_texts(model, page) {
        return;
    }
    if let Some(selected) = &model.screens.library.selected {
        page.plain(&format!("{}.", selected.choice.reason));
        for caution in &selected.cautions {
            page.text(theme.styles.bad, &caution.message);
        }
        page.blank();
        page.hint(&key_for(model, Action::Show(Screen::Import)), "goes to Import, to add more of your writing");
        page.hint(&key_for(model, Action::Show(Screen::Train)), "goes to Train, which then starts from scratch");
    } else if model.jobs.is_running(JobKind::Select) {
        page.line(vec![
            Span::styled(spinner(model, theme), theme.styles.key),
            Span::raw(" Comparing your style with the library's ..."),
        ]);
    }
}
