//! Library: which model fits, and why; the choice of another start point, compared with others or blended from several.

mod chart;
mod draft;
mod order;
mod panes;
mod state;
mod table;
mod view;

use ratatui::Frame;
use ratatui::layout::Rect;

pub use draft::{Draft, MAX_WEIGHT};
pub use state::{Library, Pane};

use crate::app::train::StartPoint;
use crate::ui::shell::data::Select;
use crate::ui::shell::keys::{DOWN, ENTER, ESC, LEFT, RIGHT, UP, char, quiet, row, typing};
use crate::ui::shell::{Binding, Effect, Event, Job, Kind, Message, Need, Screen, ScreenId, Shared, View, move_cursor};
use state::{MODELS, PANE};

impl Screen for Library {
    const ID: ScreenId = ScreenId::LIBRARY;
    const ABOUT: &'static str = "Library: models already adapted to a style. The score (-1 to 1) says how similar their difference from the \
                                 base model is to yours; training from a close one takes less time. Mark up to three to compare or blend \
                                 them.";
    const SUMMARY: &'static str = "which model fits, and why";
    const KEYS: &'static [Binding<Self>] = &[
        typing("keep-filter", &[ENTER], "keep", "keep the filter").changes_if(|_, _| true, Self::keep_filter),
        typing("clear-filter", &[ESC], "show all", "clear the filter and show all models")
            .changes_if(|_, _| true, Self::clear_filter),
        typing("filter-down", &[DOWN], "next", "the next match")
            .runs(|library, shared| move_cursor(library, shared, 1)),
        typing("filter-up", &[UP], "previous", "the previous match")
            .quiet()
            .runs(|library, shared| move_cursor(library, shared, -1)),
        row("take-blend", &[ENTER, char('c')], "start from it", "train from the blend that is being built")
            .runs_if(Self::is_blending, Self::take_blend),
        row("less-weight", &[LEFT, char('-')], "less", "in a blend: less of the highlighted part")
            .changes_if(Self::is_blending, |library| library.draft().into_iter().for_each(|draft| draft.change(false))),
        row("more-weight", &[RIGHT, char('+'), char('=')], "more", "in a blend: more of the highlighted part")
            .changes_if(Self::is_blending, |library| library.draft().into_iter().for_each(|draft| draft.change(true))),
        row("best-weights", &[char('w')], "best weights", "in a blend: the recommended weights")
            .runs_if(Self::is_blending, Self::best_weights),
        row("close-pane", &[ESC], "close", "back from a comparison or a blend to the highlighted model")
            .runs_if(|library, _| !matches!(library.pane, Pane::Model), Self::close_pane),
        row("choose-start", &[ENTER, char('c')], "start from it", "train from the highlighted model")
            .also("choose select")
            .runs_if(Self::may_choose, Self::choose_start),
        row("compare", &[char('v')], "compare", "the marked models side by side")
            .runs_if(Self::may_compare, |library, _| library.open(Pane::Comparison)),
        row("open-blend", &[char('b')], "blend", "build a blend of the marked models, or open the recommended one")
            .also("mix merge weights")
            .runs_if(Self::may_blend, Self::open_blend),
        row("mark", &[char(' ')], "mark", "mark a model (up to three) to compare or blend")
            .runs_if(Self::may_choose, Self::mark),
        row("clear-filter", &[ESC], "show all", "clear the filter and show all models")
            .changes_if(|library, shared| library.is_ranked(shared) && library.filters(), Self::clear_filter),
        quiet("unmark", &[ESC], "unmark", "unmark all models").runs_if(Self::may_unmark, Self::unmark),
        row("filter", &[char('/')], "find", "show only models with these letters in their names")
            .also("search filter")
            .runs_if(Self::is_ranked, Self::filter),
        row("start-automatic", &[char('a')], "recommended start", "go back to the recommended start")
            .also("best automatic")
            .runs_if(
                |library, shared| library.is_ranked(shared) && shared.start != StartPoint::Auto,
                |_, shared| state::choose(StartPoint::Auto, "the recommended start", shared),
            ),
        row("start-from-scratch", &[char('s')], "from scratch", "train without a library model")
            .runs_if(Self::is_ranked, |_, shared| state::choose(StartPoint::Scratch, "scratch", shared)),
        quiet("next-order", &[char('>')], "sort", "sort by the next column")
            .also("order")
            .changes_if(Self::is_ranked, |library| library.order = library.order.next()),
        quiet("reverse-order", &[char('<')], "reverse", "sort in the reverse order")
            .changes_if(Self::is_ranked, |library| library.order = library.order.reversed()),
    ];
    const JOBS: &'static [&'static Kind] = &[&Select::KIND];
    const CLICK_AGAIN: Option<&'static str> = Some("choose-start");

    fn update(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect> {
        match message {
            Message::Shown => return vec![Effect::Need(Need::Selection)],
            Message::Event(Event::Selected) => self.show_ranking(shared),
            Message::Event(Event::TextsChanged) => (self.ranking, self.pane) = (None, Pane::Model),
            Message::Select(row) => return self.select(row),
            Message::LeaveField => self.keep_filter(),
            _ if self.typing => message.type_into(&mut self.filter),
            _ => {}
        }
        Vec::new()
    }

    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        view::draw(self, view, frame, area);
    }

    fn panels(&self, shared: &Shared) -> usize {
        if self.is_ranked(shared) { 3 } else { 1 }
    }

    fn is_typing(&self) -> bool {
        self.typing && !self.candidates().is_empty()
    }

    fn cursor(&self, shared: &Shared, focus: usize) -> Option<(usize, usize)> {
        match &self.pane {
            // Where a blend is built, what moves is its parts.
            Pane::Blend(draft) => (focus == PANE).then_some((draft.cursor, draft.parts.len())),
            Pane::Model | Pane::Comparison if focus == MODELS && self.is_ranked(shared) => {
                let rows = self.rows();
                Some((self.row(&rows), rows.len()))
            }
            Pane::Model | Pane::Comparison => None,
        }
    }
}
