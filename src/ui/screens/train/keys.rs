//! The keys of Train.

use super::jobs::Training;
use super::state::Train;
use crate::app::train::StartPoint;
use crate::ui::shell::binding::Binding;
use crate::ui::shell::data::FetchBase;
use crate::ui::shell::effect::Effect;
use crate::ui::shell::job::Job;
use crate::ui::shell::jobs::State;
use crate::ui::shell::keys::{ENTER, LEFT, RIGHT, char, row};

pub const KEYS: &[Binding<Train>] = &[
    row("start-training", &[ENTER, char('t')], "train", "start training").runs(Train::start).when(Train::may_set_up),
    row(
        "train-again",
        &[ENTER, char('t')],
        "train again",
        "set up another training; the model you have is kept until that is done",
    )
    .runs(Train::set_up_again)
    .when(Train::is_done),
    row("resume-training", &[ENTER, char('r')], "resume", "continue the stopped training from its checkpoint")
        .also("continue")
        .runs(Train::resume)
        .when(Train::is_stopped),
    row("restart-training", &[char('n')], "start over", "delete the stopped training and start a new one")
        .also("restart retrain")
        .destructive()
        .runs(Train::ask_to_restart)
        .when(Train::is_stopped),
    row("discard-training", &[char('D')], "discard it", "delete the checkpoint of the stopped training")
        .destructive()
        .quiet()
        .runs(Train::ask_to_discard)
        .when(Train::is_stopped),
    row("pause-training", &[char('p')], "pause", "let the training wait where it is")
        .runs(|_, _| vec![Effect::Pause(&Training::KIND, true)])
        .when(|_, shared| shared.jobs.state(&Training::KIND) == Some(State::Running)),
    row("continue-training", &[char('p')], "continue", "continue the paused training")
        .runs(|_, _| vec![Effect::Pause(&Training::KIND, false)])
        .when(|_, shared| shared.jobs.state(&Training::KIND) == Some(State::Paused)),
    row("fetch-base", &[char('b')], "download model", "download the base model (uses the network)")
        .also("fetch base model")
        .runs(|_, _| vec![Effect::FetchBase])
        .when(|_, shared| shared.status.is_some() && !shared.has_base() && !shared.runs::<FetchBase>()),
    row("look-ahead", &[char('c')], "estimate", "estimate what a training from each start point would take")
        .also("forecast cost time memory energy")
        .runs(Train::estimate)
        .when(Train::may_estimate),
    row("next-value", &[RIGHT], "change", "the next start point, or more effort")
        .also("effort quick thorough")
        .runs(|train: &mut Train, shared| train.change(1, shared))
        .when(Train::may_set_up),
    row("previous-value", &[LEFT], "change back", "the previous start point, or less effort")
        .quiet()
        .runs(|train: &mut Train, shared| train.change(-1, shared))
        .when(Train::may_set_up),
    row("more-steps", &[char('+'), char('=')], "more steps", "train for a fixed number of steps, or for more")
        .quiet()
        .runs(Train::more_steps)
        .when(Train::may_set_up),
    row("fewer-steps", &[char('-')], "fewer", "train for fewer steps")
        .quiet()
        .runs(Train::fewer_steps)
        .when(Train::may_set_up),
    row("toggle-samples", &[char('v')], "curve or samples", "what the model writes, or the curve, where only one fits")
        .runs(Train::toggle_samples)
        .when(Train::has_samples),
    row("start-automatic", &[char('a')], "best start", "start from the model that fits best")
        .quiet()
        .runs(|_, _| vec![Effect::ChooseStart(StartPoint::Auto)])
        .when(Train::may_set_up),
    row("start-from-scratch", &[char('s')], "from scratch", "start from no library model")
        .quiet()
        .runs(|_, _| vec![Effect::ChooseStart(StartPoint::Scratch)])
        .when(Train::may_set_up),
];
