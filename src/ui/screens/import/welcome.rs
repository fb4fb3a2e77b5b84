//! What a newcomer is told before anything happens: what stays here, what is fetched, and what comes next.

use crate::ui::guide;
use crate::ui::model::Model;
use crate::ui::widgets::Page;

pub fn tell(model: &Model, page: &mut Page<'_>) {
    page.plain(
        "XPerT makes a language model that writes like you, from things you wrote: mail, notes, chats, letters.",
    );
    page.blank();
    page.fact("Your words", "stay on this machine. Nothing is sent anywhere, now or later.");
    let base = match &model.status {
        Some(status) => match &status.base {
            Some((name, _)) => format!("{name} is here already."),
            None => format!(
                "{}. It is fetched once, when you ask for it, from the Hugging Face hub or a package registry: the only thing that comes over the network.",
                guide::base(model)
            ),
        },
        None => "Looking at what is there ...".into(),
    };
    page.fact("The base model", &base);
    page.fact(
        "What happens",
        "your style is measured, the library's model that writes most like you is found and the choice explained, that model learns from your texts, and writes.",
    );
    page.fact("How long", "a few key presses, and some minutes of training that can be paused and stopped.");
}
