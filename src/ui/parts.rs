//! What the screens have in common: widths that they go by, and pieces of their pages.

use ratatui::layout::{Constraint, Layout, Rect};

use super::action::{Action, key_for};
use super::model::Model;
use super::screens::Screen;
use super::theme::Theme;
use super::widgets::Page;

/// From this width on there is room for a margin, and for full names.
pub const ROOMY: u16 = 60;
/// Below this, lists make do with the least.
pub const NARROW: u16 = 50;
/// From this width on a list and its explanation stand side by side.
pub const WIDE: u16 = 110;

/// A place for a list of so many rows, and one for what is to be said of the row with the cursor.
pub fn split(area: Rect, rows: usize) -> (Rect, Rect) {
    if area.width >= WIDE {
        let [list, _, detail] =
            Layout::horizontal([Constraint::Percentage(50), Constraint::Length(3), Constraint::Fill(1)]).areas(area);
        return (list, detail);
    }
    // The explanation gets a third where not everything fits.
    let most = area.height - area.height / 3;
    let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(most);
    let air = u16::from(area.height >= rows + 6);
    let list = Rect { height: rows, ..area };
    let taken = (rows + air).min(area.height);
    (list, Rect { y: area.y + taken, height: area.height - taken, ..area })
}

pub fn spinner(model: &Model, theme: &Theme) -> &'static str {
    theme.glyphs.spinner[model.tick % theme.glyphs.spinner.len()]
}

/// What went wrong on this screen, before anything else.
pub fn failure(model: &Model, theme: &Theme, page: &mut Page<'_>) {
    let Some(why) = model.failure() else { return };
    page.text(theme.styles.bad, why);
    page.hint(&key_for(model, Action::Retry), "tries again; Esc takes this message away");
    page.blank();
}

/// How much of a style the axes do not name.
pub fn outside_axes(share: f64) -> String {
    format!("{:.0} % of the difference from the base model lies outside these axes.", share * 100.0)
}

/// What every screen but Import says where there are no texts.
pub fn no_texts(model: &Model, page: &mut Page<'_>) -> bool {
    if model.status.is_none() {
        page.dim("Looking at what is there ...");
        return true;
    }
    if !model.has_texts() {
        page.plain("There are no texts of yours yet.");
        page.blank();
        page.hint(
            &key_for(model, Action::Show(Screen::Import)),
            "goes to Import: name a file or a folder with things you wrote (mail, notes, chats)",
        );
    }
    !model.has_texts()
}
