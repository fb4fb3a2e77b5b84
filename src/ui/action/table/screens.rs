//! The rows of each screen that has no file of its own.

use crossterm::event::KeyCode;

use super::{
    A, DOWN, ENTER, ESC, Entry, Key, LEFT, PAGE_DOWN, PAGE_UP, Place, RIGHT, UP, char, more_below, row, scrolled,
};
use crate::ui::message::JobKind;
use crate::ui::screens::{Screen, explain, import, library, settings, train};
use crate::ui::update;

pub(super) const ROWS: &[Entry] = {
    use Place::On;
    use Screen::{Explain, Import, Library, Settings, Train};
    &[
        row(On(Import), A::Keep, &[ENTER], ("keep these texts", "keep what the preview shows"), import::keep)
            .when(import::previewing),
        row(On(Import), A::Discard, &[ESC], ("discard", "forget the preview; nothing is kept"), import::discard)
            .when(import::previewing),
        row(
            On(Import),
            A::ChooseFile,
            &[char('o')],
            ("choose a file", "choose a file or folder with your writing from a list"),
            import::files::open,
        )
        .when(import::may_pick),
        row(
            On(Import),
            A::EditPath,
            &[ENTER, char('e')],
            ("type a path", "name a file or folder with your writing"),
            import::edit,
        )
        .when(|m| !import::previewing(m) && !m.jobs.is_running(JobKind::Keep)),
        row(On(Import), A::EditPath, &[char('e')], ("other path", "name another file or folder"), import::edit)
            .when(import::previewing)
            .quiet(),
        row(
            On(Import),
            A::UndoImport,
            &[char('u')],
            ("undo import", "remove the texts that the last import added; importing again brings them back"),
            import::undo,
        )
        .when(import::may_undo),
        row(
            On(Library),
            A::TakeBlend,
            &[ENTER, char('c')],
            ("start from it", "train from the blend that is being built"),
            library::take_blend,
        )
        .when(library::blending),
        row(
            On(Library),
            A::LessWeight,
            &[Key::plain(KeyCode::Left), char('-')],
            ("less", "in a blend: less of the highlighted part"),
            library::less_weight,
        )
        .when(library::blending),
        row(
            On(Library),
            A::MoreWeight,
            &[Key::plain(KeyCode::Right), char('+'), char('=')],
            ("more", "in a blend: more of the highlighted part"),
            library::more_weight,
        )
        .when(library::blending),
        row(
            On(Library),
            A::BestWeights,
            &[char('w')],
            ("best weights", "in a blend: the weights that selection would choose"),
            library::best_weights,
        )
        .when(library::blending),
        row(
            On(Library),
            A::ClosePane,
            &[ESC],
            ("close", "back from comparison or blend to the highlighted model"),
            library::close_pane,
        )
        .when(library::is_open),
        row(
            On(Library),
            A::ChooseStart,
            &[ENTER, char('c')],
            ("start from it", "train from the highlighted model"),
            library::choose_start,
        )
        .when(library::may_choose),
        row(On(Library), A::Down, &[DOWN, char('j')], ("next", "the next model"), library::down)
            .when(library::has_candidates),
        row(On(Library), A::Up, &[UP, char('k')], ("previous", "the previous model"), library::up)
            .when(library::has_candidates)
            .quiet(),
        row(On(Library), A::Compare, &[char('v')], ("compare", "the marked models side by side"), library::compare)
            .when(library::may_compare),
        row(
            On(Library),
            A::OpenBlend,
            &[char('b')],
            ("blend", "build a blend of the marked models, or look at the suggested one"),
            library::open_blend,
        )
        .when(library::may_blend),
        row(
            On(Library),
            A::Mark,
            &[char(' ')],
            ("mark", "mark a model, up to three, to compare or to blend them"),
            library::mark,
        )
        .when(library::may_choose),
        row(
            On(Library),
            A::ClearFilter,
            &[ESC],
            ("show all", "forget what is typed and show all models"),
            library::clear_filter,
        )
        .when(library::is_filtered),
        row(On(Library), A::Unmark, &[ESC], ("unmark", "take all marks away"), library::unmark)
            .when(library::may_unmark)
            .quiet(),
        row(On(Library), A::Filter, &[char('/')], ("find", "show only models of a name"), library::filter)
            .when(library::has_candidates),
        row(On(Library), A::NextOrder, &[char('>')], ("sort", "sort by the next column"), library::next_order)
            .when(library::has_candidates),
        row(
            On(Library),
            A::ReverseOrder,
            &[char('<')],
            ("turn round", "sort the other way round"),
            library::reverse_order,
        )
        .when(library::has_candidates)
        .quiet(),
        row(On(Train), A::StartTraining, &[ENTER, char('t')], ("train", "start training"), train::begin)
            .when(train::may_start),
        row(
            On(Train),
            A::TrainAgain,
            &[ENTER, char('t')],
            ("train again", "set another training up; the model now is kept until that is done"),
            train::set_up_again,
        )
        .when(train::may_train_again),
        row(
            On(Train),
            A::ResumeTraining,
            &[ENTER, char('r')],
            ("resume", "go on from the checkpoint of the stopped training"),
            train::resume,
        )
        .when(train::may_resume),
        row(
            On(Train),
            A::RestartTraining,
            &[char('n')],
            ("start anew", "give up the stopped training and begin a new one"),
            train::restart,
        )
        .when(train::may_resume),
        row(
            On(Train),
            A::DiscardTraining,
            &[char('D')],
            ("discard it", "delete the checkpoint of the stopped training, after a question"),
            train::ask_to_discard,
        )
        .when(train::may_resume)
        .quiet(),
        row(On(Train), A::PauseTraining, &[char('p')], ("pause", "let the training wait where it is"), train::pause)
            .when(train::may_pause),
        row(On(Train), A::ContinueTraining, &[char('p')], ("go on", "let the waiting training go on"), train::go_on)
            .when(train::paused),
        row(
            On(Train),
            A::FetchBase,
            &[char('b')],
            ("fetch base model", "fetch the base model (uses the network)"),
            train::fetch,
        )
        .when(train::base_missing),
        row(
            On(Train),
            A::MoreSteps,
            &[char('+'), char('=')],
            ("more steps", "train for more steps"),
            train::more_steps,
        )
        .when(train::may_start),
        row(On(Train), A::FewerSteps, &[char('-')], ("fewer", "train for fewer steps"), train::fewer_steps)
            .when(train::may_start),
        row(
            On(Train),
            A::LookAhead,
            &[char('c')],
            ("cost of starts", "measure what a training from each start would take, and where it would begin"),
            train::costs::look_ahead,
        )
        .when(train::costs::may_look_ahead),
        row(
            On(Train),
            A::ToggleSamples,
            &[char('v')],
            ("curve or samples", "what the model writes by now, or the curve, where only one fits"),
            train::toggle_samples,
        )
        .when(train::has_samples),
        row(
            On(Train),
            A::StartAutomatic,
            &[char('a')],
            ("best start", "start from the model that fits best"),
            train::start_automatic,
        )
        .when(train::may_start),
        row(
            On(Train),
            A::StartFromScratch,
            &[char('s')],
            ("from scratch", "start from no model of the library"),
            train::start_from_scratch,
        )
        .when(train::may_start),
        row(
            On(Library),
            A::StartAutomatic,
            &[char('a')],
            ("best start", "start from the model that fits best"),
            train::start_automatic,
        )
        .when(library::has_candidates),
        row(
            On(Library),
            A::StartFromScratch,
            &[char('s')],
            ("from scratch", "start from no model of the library"),
            train::start_from_scratch,
        )
        .when(library::has_candidates),
        // Before the steps, so that a small command bar says that this one goes on.
        row(
            On(Explain),
            A::PageDown,
            &[PAGE_DOWN, char(' ')],
            ("more", "more of this step, where it is longer than the window"),
            update::page_down,
        )
        .when(more_below),
        row(On(Explain), A::NextStep, &[RIGHT, char('n')], ("next", "the next step"), explain::next)
            .when(explain::has_next),
        // The keys of paging, which presenters' remote controls send, go through a long step first.
        row(
            On(Explain),
            A::NextStep,
            &[char(' '), PAGE_DOWN],
            ("next", "the next step, where all of this one was seen"),
            explain::next,
        )
        .when(|m| explain::has_next(m) && !more_below(m))
        .quiet(),
        row(
            On(Explain),
            A::PreviousStep,
            &[LEFT, char('p'), Key::plain(KeyCode::Backspace)],
            ("back", "the step before"),
            explain::previous,
        )
        .when(explain::has_previous),
        row(
            On(Explain),
            A::PreviousStep,
            &[PAGE_UP],
            ("back", "the step before, from the top of this one"),
            explain::previous,
        )
        .when(|m| explain::has_previous(m) && !scrolled(m))
        .quiet(),
        row(
            On(Explain),
            A::FirstStep,
            &[Key::plain(KeyCode::Home)],
            ("first step", "back to the first step"),
            explain::first,
        )
        .when(explain::has_previous)
        .quiet(),
        row(On(Explain), A::LastStep, &[Key::plain(KeyCode::End)], ("last step", "to the last step"), explain::last)
            .when(explain::has_next)
            .quiet(),
        row(
            On(Explain),
            A::ExportReport,
            &[char('h')],
            ("HTML report", "write all steps as a page for a browser, into the folder you started in"),
            explain::export,
        )
        .when(explain::may_export),
        row(
            On(Settings),
            A::NextValue,
            &[Key::plain(KeyCode::Right), ENTER],
            ("change", "the next value; seen at once, and kept"),
            settings::next_value,
        ),
        row(
            On(Settings),
            A::PreviousValue,
            &[Key::plain(KeyCode::Left)],
            ("change back", "the value before"),
            settings::previous_value,
        )
        .quiet(),
        row(On(Settings), A::Down, &[DOWN, char('j')], ("next", "the next setting"), update::down),
        row(On(Settings), A::Up, &[UP, char('k')], ("previous", "the setting before"), update::up).quiet(),
        row(
            On(Settings),
            A::CheckAgain,
            &[char('c')],
            ("check again", "look at this machine again"),
            settings::check_again,
        )
        .when(|m| !m.jobs.is_running(JobKind::Check)),
    ]
};
