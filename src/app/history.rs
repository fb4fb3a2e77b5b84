//! Conversations kept on this machine, and which voice was preferred. Nothing is kept here that the user did not ask to keep: the
//! caller decides that. Knows no model.
//!
//! Everything here fails if the database cannot be used, or has no conversation with that id.

use super::context::Context;
use super::error::AppError;
use crate::store::{Conversation, ConversationSummary, Found, Tally, Verdict, Written};

/// A conversation with all of its exchanges.
pub fn show(context: &Context, id: i64) -> Result<Conversation, AppError> {
    Ok(context.store()?.conversation(id)?)
}

/// The conversation to continue: the one named, or the one that was changed last.
///
/// # Errors
/// When there is none at all.
pub fn to_continue(context: &Context, id: Option<i64>) -> Result<Conversation, AppError> {
    match id {
        Some(id) => show(context, id),
        None => context.store()?.last_conversation()?.ok_or(AppError::NoConversations),
    }
}

/// The conversations that have these words, or all where there are none.
pub fn find(context: &Context, words: &str) -> Result<Vec<Found>, AppError> {
    // Merely looking makes no database.
    if !context.paths.database().exists() {
        return Ok(Vec::new());
    }
    if !words.trim().is_empty() {
        return Ok(context.store()?.search_conversations(words)?);
    }
    let all = context.store()?.conversations()?.into_iter();
    Ok(all.map(|summary| Found { summary, matches: 0, excerpt: None }).collect())
}

/// Gives a conversation another title, and returns it.
pub fn rename(context: &Context, id: i64, title: &str) -> Result<ConversationSummary, AppError> {
    let mut store = context.store()?;
    store.rename_conversation(id, title)?;
    Ok(store.conversation(id)?.summary)
}

/// Deletes a conversation for good, and returns what it was.
pub fn delete(context: &Context, id: i64) -> Result<ConversationSummary, AppError> {
    let mut store = context.store()?;
    let summary = store.conversation(id)?.summary;
    store.delete_conversation(id)?;
    Ok(summary)
}

/// Keeps a prompt, in a new conversation or at the end of one: the conversation's id.
pub fn ask(context: &Context, conversation: Option<i64>, prompt: &str) -> Result<i64, AppError> {
    let mut store = context.store()?;
    match conversation {
        Some(id) => Ok(store.ask(id, prompt).map(|_| id)?),
        None => Ok(store.begin_conversation(prompt)?),
    }
}

/// Where in a conversation a prompt goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptPlace {
    /// At its end.
    Next,
    /// The last prompt again; its present answer becomes an alternative.
    Again,
    /// Instead of the prompt of this index; everything after it is removed.
    InsteadOf(usize),
}

/// Keeps a prompt at its place. Where the conversation lacks the prompt that should be there, it goes to the end.
pub fn place(context: &Context, conversation: i64, asked: PromptPlace, prompt: &str) -> Result<(), AppError> {
    let exchanges = show(context, conversation)?.exchanges;
    match asked {
        PromptPlace::Again if exchanges.last().is_some_and(|last| last.prompt.text == prompt) => {}
        PromptPlace::InsteadOf(turn) if turn < exchanges.len() => {
            context.store()?.edit(conversation, exchanges[turn].prompt.id, prompt)?;
        }
        PromptPlace::Next | PromptPlace::Again | PromptPlace::InsteadOf(_) => {
            ask(context, Some(conversation), prompt)?;
        }
    }
    Ok(())
}

/// Keeps a whole conversation, each prompt with its answers, the one that counts last: the conversation's id.
///
/// # Errors
/// Then nothing is kept.
pub fn keep(context: &Context, turns: &[(String, Vec<Written>)]) -> Result<i64, AppError> {
    Ok(context.store()?.keep_conversation(turns)?)
}

/// Makes the latest answer of this voice to the last prompt the one that counts; nothing where it gave none.
pub fn prefer(context: &Context, conversation: i64, voice: &str) -> Result<(), AppError> {
    let exchanges = show(context, conversation)?.exchanges;
    let Some(last) = exchanges.last() else { return Ok(()) };
    let own = last.alternatives.iter().chain(&last.answer).filter(|answer| answer.written.voice == voice);
    match own.max_by_key(|answer| answer.id) {
        Some(answer) if last.answer.as_ref() != Some(answer) => Ok(context.store()?.choose(conversation, answer.id)?),
        _ => Ok(()),
    }
}

/// Keeps the answer to the last prompt: the answer's id. One that is there already becomes an alternative to it.
pub fn answer(context: &Context, conversation: i64, written: &Written) -> Result<i64, AppError> {
    Ok(context.store()?.answer(conversation, written)?)
}

/// Keeps which of two voices was preferred.
///
/// # Errors
/// When a voice is compared with itself.
pub fn judge(context: &Context, verdict: &Verdict) -> Result<(), AppError> {
    Ok(context.store()?.judge(verdict)?)
}

/// How often each voice was preferred to each other.
pub fn tally(context: &Context) -> Result<Vec<Tally>, AppError> {
    if !context.paths.database().exists() {
        return Ok(Vec::new());
    }
    Ok(context.store()?.tally()?)
}
