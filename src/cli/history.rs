//! `history`: the saved conversations.

use std::path::Path;

use serde_json::json;

use super::arguments::HistoryCommand;
use super::output::Output;
use crate::app::present::words::{count, moment};
use crate::app::transcript::Transcript;
use crate::app::write::Voice;
use crate::app::{AppError, Context, history};
use crate::store::{Answer, Conversation, ConversationSummary, Exchange, Found, Tally};

pub fn run(context: &Context, command: &HistoryCommand, output: &Output) -> Result<(), AppError> {
    match command {
        HistoryCommand::List => list(&context.store()?.conversations()?, output),
        HistoryCommand::Show { id } => show(&history::show(context, *id)?, output),
        HistoryCommand::Search { words } => search(words, &context.store()?.search_conversations(words)?, output),
        HistoryCommand::Rename { id, title } => {
            changed("xpert.renamed/1", "Renamed", &history::rename(context, *id, title)?, output);
        }
        HistoryCommand::Delete { id } => {
            changed("xpert.deleted/1", "Deleted", &history::delete(context, *id)?, output);
        }
        HistoryCommand::Save { id, folder } => save(context, *id, folder, output)?,
        HistoryCommand::Tally => tally(&history::tally(context)?, output),
    }
    Ok(())
}

fn list(conversations: &[ConversationSummary], output: &Output) {
    output.result("xpert.history/1", &json!({ "conversations": conversations }), || {
        if conversations.is_empty() {
            output.line("There are no saved conversations. Start one with `xpert write PROMPT --keep`.");
        }
        conversations.iter().for_each(|summary| output.line(line(summary)));
    });
}

fn line(summary: &ConversationSummary) -> String {
    let ConversationSummary { id, title, changed, prompts, .. } = summary;
    format!("{id:>4}  {}  {:>11}  {title}", moment(*changed), count(*prompts, "prompt"))
}

fn show(conversation: &Conversation, output: &Output) {
    output.result("xpert.conversation/1", conversation, || {
        output.line(line(&conversation.summary));
        conversation.exchanges.iter().for_each(|exchange| show_exchange(exchange, output));
    });
}

fn show_exchange(exchange: &Exchange, output: &Output) {
    let Exchange { prompt, answer, alternatives } = exchange;
    output.line(format!("\n--- you, {} ---\n{}", moment(prompt.created), prompt.text));
    match answer {
        Some(Answer { written, created, .. }) => output.line(format!(
            "\n--- {}, {}, {} at temperature {} ---\n{}",
            Voice::kept(&written.voice).spoken(),
            moment(*created),
            count(written.tokens, "token"),
            written.temperature,
            written.text
        )),
        None => output.line("\n--- no response ---"),
    }
    if !alternatives.is_empty() {
        output.line(format!("\n[{} to this prompt; see --json]", count(alternatives.len(), "other response")));
    }
}

fn search(words: &str, found: &[Found], output: &Output) {
    output.result("xpert.found/1", &json!({ "words": words, "found": found }), || {
        if found.is_empty() {
            output.line(format!("No conversation contains \u{201c}{words}\u{201d}."));
        }
        for Found { summary, matches, excerpt } in found {
            output.line(line(summary));
            if let Some(excerpt) = excerpt {
                output.paragraph("      ", &format!("{}: {excerpt}", count(*matches, "hit")));
            }
        }
    });
}

fn changed(schema: &str, done: &str, summary: &ConversationSummary, output: &Output) {
    output.result(schema, summary, || {
        output.line(format!("{done} conversation {}: {}", summary.id, summary.title));
    });
}

fn save(context: &Context, id: Option<i64>, folder: &Path, output: &Output) -> Result<(), AppError> {
    let conversation = history::to_continue(context, id)?;
    let path = Transcript::from(&conversation).write_into(folder)?;
    let id = conversation.summary.id;
    output.result("xpert.saved/1", &json!({ "conversation": id, "path": path }), || {
        output.line(format!("Conversation {id} was saved as {}.", path.display()));
    });
    Ok(())
}

fn tally(tally: &[Tally], output: &Output) {
    output.result("xpert.tally/1", &json!({ "tally": tally }), || {
        if tally.is_empty() {
            output.line("No responses have been compared yet.");
        }
        for Tally { voices, blind, preferred: [first, second], .. } in tally {
            let [one, other] = voices.each_ref().map(|voice| Voice::kept(voice).spoken());
            let blind = if *blind { "blind" } else { "not blind" };
            output.line(format!("preferred: {first} for {one}, {second} for {other}; {blind}"));
        }
        if tally.iter().flat_map(|row| &row.voices).any(|voice| Voice::kept(voice) == Voice::Mine) {
            output.line("Entries for \"your model\" are from an earlier version, which did not record the run.");
        }
    });
}
