//! The keys of Library.

use super::state::Library;
use crate::app::train::StartPoint;
use crate::ui::shell::binding::Binding;
use crate::ui::shell::keys::{DOWN, ENTER, ESC, LEFT, RIGHT, UP, char, row};

pub const KEYS: &[Binding<Library>] = &[
    row("keep-filter", &[ENTER], "keep", "keep what is found").while_typing().runs(Library::keep_filter),
    row("clear-filter", &[ESC], "show all", "clear the filter and show all models")
        .while_typing()
        .runs(Library::clear_filter),
    row("filter-down", &[DOWN], "next", "the next match").while_typing().runs(Library::filter_down),
    row("filter-up", &[UP], "previous", "the previous match").while_typing().quiet().runs(Library::filter_up),
    row("take-blend", &[ENTER, char('c')], "start from it", "train from the blend that is being built")
        .runs(Library::take_blend)
        .when(|library, _| library.is_blending()),
    row("less-weight", &[LEFT, char('-')], "less", "in a blend: less of the highlighted part")
        .runs(Library::less_weight)
        .when(|library, _| library.is_blending()),
    row("more-weight", &[RIGHT, char('+'), char('=')], "more", "in a blend: more of the highlighted part")
        .runs(Library::more_weight)
        .when(|library, _| library.is_blending()),
    row("best-weights", &[char('w')], "best weights", "in a blend: the weights that selection would choose")
        .runs(Library::best_weights)
        .when(|library, _| library.is_blending()),
    row("close-pane", &[ESC], "close", "back from a comparison or a blend to the highlighted model")
        .runs(Library::close_pane)
        .when(|library, _| library.is_open()),
    row("choose-start", &[ENTER, char('c')], "start from it", "train from the highlighted model")
        .also("choose select")
        .runs(Library::choose_start)
        .when(|library, _| library.may_choose()),
    row("compare", &[char('v')], "compare", "the marked models side by side")
        .runs(Library::compare)
        .when(|library, _| library.may_compare()),
    row("open-blend", &[char('b')], "blend", "build a blend of the marked models, or open the recommended one")
        .also("mix merge weights")
        .runs(Library::open_blend)
        .when(Library::may_blend),
    row("mark", &[char(' ')], "mark", "mark a model, up to three, to compare or to blend them")
        .runs(Library::mark)
        .when(|library, _| library.may_choose()),
    row("clear-filter", &[ESC], "show all", "clear the filter and show all models")
        .runs(Library::clear_filter)
        .when(|library, _| library.is_filtered()),
    row("unmark", &[ESC], "unmark", "unmark all models").quiet().runs(Library::unmark).when(Library::may_unmark),
    row("filter", &[char('/')], "find", "show only models with these letters in their names")
        .also("search filter")
        .runs(Library::filter)
        .when(|library, _| library.has_candidates()),
    row("start-automatic", &[char('a')], "recommended start", "train from the recommended start again")
        .also("best automatic")
        .runs(Library::start_automatic)
        .when(|library, shared| library.has_candidates() && shared.start != StartPoint::Auto),
    row("start-from-scratch", &[char('s')], "from scratch", "train from no model of the library")
        .runs(Library::start_from_scratch)
        .when(|library, _| library.has_candidates()),
    row("next-order", &[char('>')], "sort", "sort by the next column")
        .also("order")
        .quiet()
        .runs(Library::next_order)
        .when(|library, _| library.has_candidates()),
    row("reverse-order", &[char('<')], "reverse", "sort in the reverse order")
        .quiet()
        .runs(Library::reverse_order)
        .when(|library, _| library.has_candidates()),
];
