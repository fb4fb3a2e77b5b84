//! The user's texts as examples to learn from: each with what it replies to, or a prompt that it could reply to.

use crate::store::Text;
use crate::training::Example;

/// The user's texts as what to learn from.
#[must_use]
pub fn examples(texts: &[Text]) -> Vec<Example> {
    texts
        .iter()
        .map(|text| Example {
            key: text.document.hash.clone(),
            prompt: prompt(text),
            reply: text.document.text.clone(),
        })
        .collect()
}

/// What the text replies to, or a prompt that it could reply to; none for a text of which nothing is known but itself.
fn prompt(text: &Text) -> Option<String> {
    let document = &text.document;
    let context = document.context.as_deref().map(str::trim).filter(|c| !c.is_empty());
    let title = document.title.as_deref().map(str::trim).filter(|t| !t.is_empty());
    match (context, title, document.format.is_mail()) {
        (Some(context), ..) => Some(context.to_owned()),
        (None, Some(title), true) => Some(format!("Write an email with the subject \"{title}\".")),
        (None, Some(title), false) => Some(format!("Write a text with the title \"{title}\".")),
        (None, None, true) => Some("Write an email.".to_owned()),
        (None, None, false) => None,
    }
}
