//! `write`.

use serde_json::json;

use super::arguments::WriteArguments;
use super::output::Output;
use crate::app::present::words::count;
use crate::app::write::{Voice, Writer, messages, resolve, written};
use crate::app::{AppError, Context, history, runs};
use crate::engine::{Generated, SamplingParams, StopReason};
use crate::platform::cancel::{Cancel, Cancelled};
use crate::store::Conversation;

pub fn run(context: &Context, arguments: &WriteArguments, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    let before = arguments.continued.map(|id| history::to_continue(context, id)).transpose()?;
    let exchanges = before.as_ref().map_or(&[][..], |conversation| &conversation.exchanges);
    let messages = messages(exchanges, &arguments.prompt);
    let voice = voice(context, arguments, before.as_ref())?;
    let writer = Writer::open(context)?;
    let sampling = SamplingParams {
        max_tokens: arguments.max_tokens,
        temperature: arguments.temperature,
        seed: arguments.seed,
        ..SamplingParams::default()
    };
    let generated = writer.write(&messages, &voice, &sampling, cancel, &mut |piece| {
        if !output.json {
            output.piece(piece);
        }
    })?;
    // An answer that was stopped is kept as far as it came; one that never began is not an answer.
    let wanted =
        (arguments.keep || before.is_some()) && (generated.stop != StopReason::Cancelled || generated.tokens > 0);
    let keep = || {
        let conversation = history::ask(context, before.as_ref().map(|b| b.summary.id), &arguments.prompt)?;
        history::answer(context, conversation, &written(&voice, &sampling, &generated)).map(|_| conversation)
    };
    // Where it cannot be kept, the answer is shown all the same.
    let kept: Option<Result<i64, AppError>> = wanted.then(keep);
    let conversation = kept.as_ref().and_then(|kept| kept.as_ref().ok().copied());
    let answered = json!({
        "adapter": voice.to_string(),
        "prompt": arguments.prompt,
        "text": generated.text,
        "tokens": generated.tokens,
        "tokens_per_s": generated.tokens_per_second(),
        "prefill_s": generated.prefill.as_secs_f64(),
        "stop": generated.stop,
        "left_out": generated.omitted,
        "conversation": conversation,
    });
    output.result("xpert.write/1", &answered, || summary(&generated, conversation, output));
    kept.transpose()?;
    if generated.stop == StopReason::Cancelled { Err(Cancelled.into()) } else { Ok(()) }
}

/// Who is asked for; else who wrote last in this conversation; else the user's own.
fn voice(context: &Context, arguments: &WriteArguments, before: Option<&Conversation>) -> Result<Voice, AppError> {
    let last = before.and_then(Conversation::last_voice).map(Voice::kept);
    match (&arguments.adapter, last) {
        (None, Some(Voice::Run(number))) if !runs::numbers(context)?.contains(&number) => {
            Err(AppError::LastVoiceGone { number })
        }
        (named, last) => resolve(context, named.clone().or(last).unwrap_or(Voice::Mine)),
    }
}

/// How it went, for people.
fn summary(generated: &Generated, conversation: Option<i64>, output: &Output) {
    output.line("");
    let kept = conversation.map(|id| format!(", kept in conversation {id}")).unwrap_or_default();
    output.status(format!(
        "[{}, {:.1} tokens/s{kept}]",
        count(generated.tokens, "token"),
        generated.tokens_per_second()
    ));
    if generated.omitted > 0 {
        output.status(format!(
            "[the conversation is longer than the model can read: omitted from its start: {}]",
            count(generated.omitted, "turn")
        ));
    }
}
