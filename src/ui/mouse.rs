//! What a click does: what stands on the tab or in the command bar under it, or a row of a list gets the cursor. What was drawn last says
//! what is where.

use super::action::perform;
use super::message::Effect;
use super::model::Model;
use super::overlays;
use super::view::action_at;

#[must_use]
pub fn click(model: &mut Model, column: u16, row: u16) -> Vec<Effect> {
    if let Some(action) = action_at(model, model.area, column, row) {
        return perform(model, action);
    }
    let list = if model.overlay.is_some() { &model.list_above } else { &model.list };
    match list.as_ref().and_then(|list| list.row_at(column, row)) {
        Some(row) => point(model, row),
        None => Vec::new(),
    }
}

/// Moves the cursor to a row of what lies on top. Where it is already, a screen may have something more to do; what lies over a screen
/// never has: its rows begin, stop and delete things.
fn point(model: &mut Model, row: usize) -> Vec<Effect> {
    if let Some(overlay) = model.overlay {
        overlays::go_to(model, overlay, row);
        return Vec::new();
    }
    let behaviour = model.screen.behaviour();
    match behaviour.cursor(model) {
        Some((here, length)) if here == row && row < length => {
            behaviour.click_again().map_or_else(Vec::new, |action| perform(model, action))
        }
        Some((_, length)) if row < length => {
            behaviour.go_to(model, row);
            model.scroll = 0;
            Vec::new()
        }
        _ => Vec::new(),
    }
}
