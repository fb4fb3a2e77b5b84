//! What the guide says at each step, to the user and about the demo's person.

use super::Step;
use crate::app::demo::{ABOUT, NAME};
use crate::ui::action::{Action, key_for};
use crate::ui::format::{count, megabytes};
use crate::ui::model::Model;
use crate::ui::screens::Screen;

/// In the demo, which trains for so many steps. `ready` says whether Enter goes on.
pub fn invented(step: Step, ready: bool, model: &Model, steps: usize) -> String {
    let first = NAME.split(' ').next().unwrap_or(NAME);
    if step == Step::Finished {
        return format!(
            "Done: {first}'s model is trained and has written. Look around by the screens' numbers; `xpert` alone does this for your own writing."
        );
    }
    if !ready {
        return match (step, model.status.is_some()) {
            (_, false) => format!("{NAME} {ABOUT}. Looking at what is on this machine."),
            (Step::Train, _) => {
                format!("Training on {first}'s texts. Watch the held-out loss: texts the model never trains on.")
            }
            _ => at_work(step),
        };
    }
    match step {
        Step::Welcome | Step::FetchBase => format!(
            "{NAME} {ABOUT}; her mail becomes a model that writes like her. First, Enter fetches the base model ({}).",
            base(model)
        ),
        Step::Preview => {
            format!("{NAME} {ABOUT}; her mail becomes a model that writes like her. Enter reads her files; nothing is kept yet.")
        }
        Step::Keep => {
            format!("This is what her files hold, and what was left out, and why. Enter keeps the {}.", found(model))
        }
        Step::Style => {
            "Her texts are kept, on this machine only. Enter measures how she writes, against the base model's own writing.".into()
        }
        Step::Library => {
            "Where she stands apart from the base model is her style. Enter ranks the library by it: who already writes like her?".into()
        }
        Step::Train if model.unfinished().is_some() => resumed(),
        Step::Train => {
            format!("The closest model is the best start, and the screen says why. Enter trains {} for {steps} steps.", start(model))
        }
        Step::Write => {
            "The adapter with the lowest held-out loss is kept. Enter gives base and personal model the same prompt.".into()
        }
        Step::Finished => String::new(),
    }
}

/// On the user's first run.
pub fn own(step: Step, ready: bool, model: &Model) -> String {
    let key = |action| key_for(model, action);
    if step == Step::Finished {
        return format!(
            "Done: this model is yours, and it stays on this machine. {} hides this line.",
            key(Action::EndGuide)
        );
    }
    if !ready {
        return match (step, model.status.is_some()) {
            (_, false) => "Looking at what is on this machine.".into(),
            (Step::Train, _) => {
                "Training on your texts. Watch the held-out loss: texts the model never trains on. You can look around meanwhile.".into()
            }
            _ => at_work(step),
        };
    }
    match step {
        Step::Welcome => format!(
            "Welcome. Enter goes on, {} shows it all on an invented person, {} leaves this guide.",
            key(Action::OpenDemo),
            key(Action::EndGuide)
        ),
        Step::FetchBase => format!(
            "First the base model, which yours will be made of: {}. Enter fetches it, the only thing that comes over the network.",
            base(model)
        ),
        Step::Preview => {
            "Now your writing: mail, notes, chats, letters. Enter shows your files, to choose from or to type a path. You see what is in them before anything is kept.".into()
        }
        Step::Keep => {
            format!("This is what was found, and what was left out, and why. Enter keeps the {}, on this machine only.", found(model))
        }
        Step::Style => "Your texts are kept. Enter measures how you write, against the base model's own writing.".into(),
        Step::Library => {
            "Where you stand apart from the base model is your style. Enter ranks the library by it: who already writes like you?".into()
        }
        Step::Train if model.unfinished().is_some() => resumed(),
        Step::Train => format!(
            "The closest model is the best start, and the screen says why ({} tells it in steps). Enter trains {}.",
            key(Action::Show(Screen::Explain)),
            start(model)
        ),
        Step::Write => "Your model is there. Enter, then say what is to be written: the base model and yours both answer.".into(),
        Step::Finished => String::new(),
    }
}

fn at_work(step: Step) -> String {
    match step {
        Step::FetchBase => "Fetching the base model, the one thing that comes over the network.".into(),
        Step::Write => "Both models answer the same prompt, one after the other.".into(),
        _ => "Working.".into(),
    }
}

fn resumed() -> String {
    "The training was stopped and kept a checkpoint. Enter resumes it.".into()
}

/// The base model that would be fetched.
pub fn base(model: &Model) -> String {
    let (name, licence, bytes) = model.status.as_ref().map(|status| status.wanted.clone()).unwrap_or_default();
    format!("{name}, {}, {licence}", megabytes(bytes))
}

fn found(model: &Model) -> String {
    count(model.screens.import.preview.as_ref().map_or(0, |scan| scan.documents.len()), "text")
}

fn start(model: &Model) -> String {
    model.start().map_or_else(|| "from scratch".to_owned(), |id| format!("from `{id}`"))
}
