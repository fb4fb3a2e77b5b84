//! Conversations with models, and which voice was preferred. Does not know what a voice is or how an answer is generated.
//!
//! A conversation is a list of exchanges: a prompt, the chosen answer, and its alternatives. An answer that is replaced becomes
//! an alternative; editing a prompt removes it and everything after it.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};
use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

use super::database::{Store, count_of_row};
use super::error::StoreError;
use super::find::{Wanted, excerpt};

const MAX_TITLE_LENGTH: usize = 60;
/// The title of a conversation without words.
const UNTITLED: &str = "untitled";

/// A conversation in a list. Times are Unix seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConversationSummary {
    pub id: i64,
    pub title: String,
    pub created: i64,
    /// The time of the last prompt or answer.
    pub changed: i64,
    pub prompts: usize,
    /// Chosen answers.
    pub answers: usize,
    /// Answers that were not chosen.
    pub alternatives: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conversation {
    #[serde(flatten)]
    pub summary: ConversationSummary,
    /// Oldest first.
    pub exchanges: Vec<Exchange>,
}

impl Conversation {
    pub fn last_voice(&self) -> Option<&str> {
        self.exchanges.iter().rev().find_map(|exchange| Some(exchange.answer.as_ref()?.written.voice.as_str()))
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exchange {
    pub prompt: Prompt,
    /// The chosen one; none if the prompt was never answered.
    pub answer: Option<Answer>,
    /// Oldest first.
    pub alternatives: Vec<Answer>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Prompt {
    pub id: i64,
    pub text: String,
    pub created: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    pub id: i64,
    pub created: i64,
    #[serde(flatten)]
    pub written: Written,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Written {
    pub text: String,
    /// The voice of the model that wrote it.
    pub voice: String,
    pub temperature: f64,
    /// The limit on its tokens.
    pub max_tokens: usize,
    pub tokens: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    #[serde(flatten)]
    pub summary: ConversationSummary,
    /// The number of prompts and answers that match; 0 if only the title does.
    pub matches: usize,
    /// The text around the first match.
    pub excerpt: Option<String>,
}

/// One voice's answer preferred to another's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    pub preferred: String,
    pub against: String,
    pub blind: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// In alphabetical order.
    pub voices: [String; 2],
    pub blind: bool,
    /// How often the first was preferred, and the second.
    pub preferred: [usize; 2],
    /// The time of the last one, in Unix seconds.
    pub last: i64,
}

impl Store {
    /// Starts a conversation with its first prompt, which becomes its title, and returns its id.
    pub fn begin_conversation(&mut self, prompt: &str) -> Result<i64, StoreError> {
        self.keep_conversation(&[(prompt.to_owned(), Vec::new())])
    }

    /// Saves a whole conversation, each prompt with its answers, the chosen one last, and returns its id. All of it or nothing.
    pub fn keep_conversation(&mut self, turns: &[(String, Vec<Written>)]) -> Result<i64, StoreError> {
        let title = turns.first().map_or(UNTITLED.to_owned(), |(prompt, _)| title_of(prompt));
        let kept = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).and_then(|transaction| {
            let query = "INSERT INTO conversations (title) VALUES (?1) RETURNING id";
            let id = transaction.query_row(query, [title], |row| row.get(0))?;
            for (prompt, answers) in turns {
                let prompt = insert_prompt(&transaction, id, prompt)?;
                for written in answers {
                    insert_answer(&transaction, prompt, written)?;
                }
            }
            transaction.commit()?;
            Ok(id)
        });
        kept.map_err(|cause| StoreError::from_sql(&self.path, cause))
    }

    /// Adds a prompt to a conversation and returns its id. Replaces a last prompt that was never answered.
    ///
    /// # Errors
    /// When there is no such conversation, or the database cannot be written.
    pub fn ask(&mut self, conversation: i64, prompt: &str) -> Result<i64, StoreError> {
        self.change(StoreError::NoConversation { id: conversation }, |transaction| {
            let Some(last) = last_prompt(transaction, conversation)? else { return Ok(None) };
            transaction.execute(
                "DELETE FROM prompts WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM answers WHERE prompt_id = ?1)",
                [last],
            )?;
            insert_prompt(transaction, conversation, prompt).map(Some)
        })
    }

    /// Replaces a prompt, removes everything after it, and returns the new prompt's id.
    ///
    /// # Errors
    /// When the conversation has no such prompt, or the database cannot be written.
    pub fn edit(&mut self, conversation: i64, prompt: i64, text: &str) -> Result<i64, StoreError> {
        self.change(StoreError::NoTurn { conversation }, |transaction| {
            let here = "SELECT 1 FROM prompts WHERE id = ?1 AND conversation_id = ?2";
            if !transaction.prepare(here)?.exists([prompt, conversation])? {
                return Ok(None);
            }
            transaction
                .execute("DELETE FROM prompts WHERE conversation_id = ?1 AND id >= ?2", [conversation, prompt])?;
            insert_prompt(transaction, conversation, text).map(Some)
        })
    }

    /// Adds an answer to the last prompt and returns its id. An earlier one becomes an alternative.
    ///
    /// # Errors
    /// When there is no such conversation, or the database cannot be written.
    pub fn answer(&mut self, conversation: i64, written: &Written) -> Result<i64, StoreError> {
        self.change(StoreError::NoConversation { id: conversation }, |transaction| {
            let Some(prompt) = last_prompt(transaction, conversation)? else { return Ok(None) };
            let id = insert_answer(transaction, prompt, written)?;
            touch(transaction, conversation)?;
            Ok(Some(id))
        })
    }

    /// Chooses an alternative of the last prompt's answer. Only the last: later prompts refer to earlier answers.
    ///
    /// # Errors
    /// When the last prompt has no such answer, or the database cannot be written.
    pub fn choose(&mut self, conversation: i64, answer: i64) -> Result<(), StoreError> {
        self.change(StoreError::NoTurn { conversation }, |transaction| {
            let Some(prompt) = last_prompt(transaction, conversation)? else { return Ok(None) };
            transaction.execute("UPDATE answers SET chosen = 0 WHERE prompt_id = ?1", [prompt])?;
            let chosen = transaction
                .execute("UPDATE answers SET chosen = 1 WHERE id = ?1 AND prompt_id = ?2", [answer, prompt])?;
            touch(transaction, conversation)?;
            Ok((chosen > 0).then_some(()))
        })
    }

    /// All conversations, the last changed first.
    pub fn conversations(&self) -> Result<Vec<ConversationSummary>, StoreError> {
        // Times are whole seconds, and prompts of later ones have higher ids.
        self.read(|connection| {
            connection
                .prepare(&format!("{SUMMARY} GROUP BY c.id ORDER BY c.changed_at DESC, max(p.id) DESC"))?
                .query_map([], summary_of_row)?
                .collect()
        })
    }

    pub fn last_conversation(&self) -> Result<Option<Conversation>, StoreError> {
        let last = self.conversations()?.into_iter().next();
        last.map(|summary| self.with_exchanges(summary)).transpose()
    }

    /// # Errors
    /// When there is no such conversation, or the database cannot be read.
    pub fn conversation(&self, id: i64) -> Result<Conversation, StoreError> {
        let found = self.read(|connection| {
            let query = format!("{SUMMARY} WHERE c.id = ?1 GROUP BY c.id");
            connection.query_row(&query, [id], summary_of_row).optional()
        })?;
        self.with_exchanges(found.ok_or(StoreError::NoConversation { id })?)
    }

    /// The conversations with these words, in any case, in their title, a prompt, or a chosen answer; in the order of
    /// [`Self::conversations`]. White space alone matches none.
    pub fn search_conversations(&self, words: &str) -> Result<Vec<Found>, StoreError> {
        let Some(wanted) = Wanted::new(words) else { return Ok(Vec::new()) };
        let mut found: Vec<Found> = Vec::new();
        for summary in self.conversations()? {
            let in_title = wanted.place(&summary.title).is_some();
            let (matches, excerpt) = self.read(|connection| matches_in(connection, summary.id, &wanted))?;
            if in_title || matches > 0 {
                found.push(Found { summary, matches, excerpt });
            }
        }
        Ok(found)
    }

    /// Renames a conversation; the title is shortened like the first one.
    ///
    /// # Errors
    /// When there is no such conversation, or the database cannot be written.
    pub fn rename_conversation(&mut self, id: i64, title: &str) -> Result<(), StoreError> {
        self.change(StoreError::NoConversation { id }, |transaction| {
            let query = "UPDATE conversations SET title = ?2 WHERE id = ?1";
            let renamed = transaction.execute(query, params![id, title_of(title)])?;
            Ok((renamed > 0).then_some(()))
        })
    }

    /// Deletes a conversation and its texts. Verdicts, which contain no text, stay.
    ///
    /// # Errors
    /// When there is no such conversation, or the database cannot be written.
    pub fn delete_conversation(&mut self, id: i64) -> Result<(), StoreError> {
        self.change(StoreError::NoConversation { id }, |transaction| {
            let deleted = transaction.execute("DELETE FROM conversations WHERE id = ?1", [id])?;
            Ok((deleted > 0).then_some(()))
        })
    }

    /// Saves a verdict.
    ///
    /// # Errors
    /// When a voice is compared with itself, or the database cannot be written.
    pub fn judge(&mut self, verdict: &Verdict) -> Result<(), StoreError> {
        let Verdict { preferred, against, blind } = verdict;
        if preferred == against {
            return Err(StoreError::SameVoice { voice: preferred.clone() });
        }
        let query = "INSERT INTO verdicts (preferred, against, blind) VALUES (?1, ?2, ?3)";
        let kept = self.connection.execute(query, params![preferred, against, blind]);
        kept.map(drop).map_err(|cause| StoreError::from_sql(&self.path, cause))
    }

    /// The number of verdicts per pair of voices, blind ones separately.
    pub fn tally(&self) -> Result<Vec<Tally>, StoreError> {
        self.read(|connection| {
            connection
                .prepare(
                    "SELECT min(preferred, against) AS one, max(preferred, against) AS other, blind,
                            sum(preferred < against), sum(preferred > against), max(created_at)
                     FROM verdicts GROUP BY one, other, blind ORDER BY one, other, blind DESC",
                )?
                .query_map([], |row| {
                    Ok(Tally {
                        voices: [row.get(0)?, row.get(1)?],
                        blind: row.get(2)?,
                        preferred: [count_of_row(row, 3)?, count_of_row(row, 4)?],
                        last: row.get(5)?,
                    })
                })?
                .collect()
        })
    }

    fn with_exchanges(&self, summary: ConversationSummary) -> Result<Conversation, StoreError> {
        let exchanges = self.read(|connection| exchanges(connection, summary.id))?;
        Ok(Conversation { summary, exchanges })
    }
}

/// Adds the chosen answer to a prompt and returns its id.
fn insert_answer(transaction: &Transaction<'_>, prompt: i64, written: &Written) -> rusqlite::Result<i64> {
    transaction.execute("UPDATE answers SET chosen = 0 WHERE prompt_id = ?1", [prompt])?;
    transaction.query_row(
        "INSERT INTO answers (prompt_id, text, voice, temperature, max_tokens, tokens) VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
        params![
            prompt,
            written.text,
            written.voice,
            written.temperature,
            i64::try_from(written.max_tokens).unwrap_or(i64::MAX),
            i64::try_from(written.tokens).unwrap_or(i64::MAX),
        ],
        |row| row.get(0),
    )
}

const SUMMARY: &str = "SELECT c.id, c.title, c.created_at, c.changed_at, count(DISTINCT p.id), count(a.id),
                             coalesce(sum(a.chosen), 0)
                      FROM conversations c LEFT JOIN prompts p ON p.conversation_id = c.id
                                           LEFT JOIN answers a ON a.prompt_id = p.id";

fn summary_of_row(row: &Row<'_>) -> rusqlite::Result<ConversationSummary> {
    let (all, answers) = (count_of_row(row, 5)?, count_of_row(row, 6)?);
    Ok(ConversationSummary {
        id: row.get(0)?,
        title: row.get(1)?,
        created: row.get(2)?,
        changed: row.get(3)?,
        prompts: count_of_row(row, 4)?,
        answers,
        alternatives: all - answers,
    })
}

fn exchanges(connection: &Connection, conversation: i64) -> rusqlite::Result<Vec<Exchange>> {
    let mut answers = connection.prepare(
        "SELECT id, created_at, text, voice, temperature, max_tokens, tokens, chosen FROM answers
         WHERE prompt_id = ?1 ORDER BY id",
    )?;
    let prompt = |row: &Row<'_>| Ok(Prompt { id: row.get(0)?, text: row.get(1)?, created: row.get(2)? });
    let prompts: Vec<Prompt> = connection
        .prepare("SELECT id, text, created_at FROM prompts WHERE conversation_id = ?1 ORDER BY id")?
        .query_map([conversation], prompt)?
        .collect::<rusqlite::Result<_>>()?;
    let mut exchanges = Vec::with_capacity(prompts.len());
    for prompt in prompts {
        let all: Vec<(Answer, bool)> =
            answers.query_map([prompt.id], answer_of_row)?.collect::<rusqlite::Result<_>>()?;
        let (chosen, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, chosen)| *chosen);
        let alternatives = others.into_iter().map(|(answer, _)| answer).collect();
        let answer = chosen.into_iter().map(|(answer, _)| answer).next();
        exchanges.push(Exchange { prompt, answer, alternatives });
    }
    Ok(exchanges)
}

/// An answer, and whether it is the chosen one.
fn answer_of_row(row: &Row<'_>) -> rusqlite::Result<(Answer, bool)> {
    let written = Written {
        text: row.get(2)?,
        voice: row.get(3)?,
        temperature: row.get(4)?,
        max_tokens: count_of_row(row, 5)?,
        tokens: count_of_row(row, 6)?,
    };
    Ok((Answer { id: row.get(0)?, created: row.get(1)?, written }, row.get(7)?))
}

/// The number of texts of a conversation that match, and an excerpt of the first.
fn matches_in(connection: &Connection, id: i64, wanted: &Wanted) -> rusqlite::Result<(usize, Option<String>)> {
    let mut texts = connection.prepare_cached(
        "SELECT id, 0 AS part, text FROM prompts WHERE conversation_id = ?1
         UNION ALL
         SELECT p.id, 1, a.text FROM answers a JOIN prompts p ON p.id = a.prompt_id
         WHERE p.conversation_id = ?1 AND a.chosen = 1
         ORDER BY 1, 2",
    )?;
    let (mut matches, mut first) = (0, None);
    let mut rows = texts.query([id])?;
    while let Some(row) = rows.next()? {
        let text: String = row.get(2)?;
        if let Some(place) = wanted.place(&text) {
            matches += 1;
            first.get_or_insert_with(|| excerpt(&text, place));
        }
    }
    Ok((matches, first))
}

fn last_prompt(transaction: &Transaction<'_>, conversation: i64) -> rusqlite::Result<Option<i64>> {
    let query = "SELECT max(id) FROM prompts WHERE conversation_id = ?1";
    transaction.query_row(query, [conversation], |row| row.get(0))
}

fn insert_prompt(transaction: &Transaction<'_>, conversation: i64, text: &str) -> rusqlite::Result<i64> {
    touch(transaction, conversation)?;
    let query = "INSERT INTO prompts (conversation_id, text) VALUES (?1, ?2) RETURNING id";
    transaction.query_row(query, params![conversation, text], |row| row.get(0))
}

fn touch(transaction: &Transaction<'_>, conversation: i64) -> rusqlite::Result<usize> {
    transaction.execute("UPDATE conversations SET changed_at = unixepoch() WHERE id = ?1", [conversation])
}

/// The first line with words, shortened.
fn title_of(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or(UNTITLED);
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.grapheme_indices(true).nth(MAX_TITLE_LENGTH) {
        Some((at, _)) => format!("{}\u{2026}", line[..at].trim_end()),
        None => line,
    }
}
