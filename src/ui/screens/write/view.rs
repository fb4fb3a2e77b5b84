//! The Write screen: the conversation with its answers side by side, the list of those that are kept, and the field below.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{Answer, Progress, Showing, Turn, blind, may_change, measured, second_voice};
use crate::app::write::Voice;
use crate::engine::StopReason;
use crate::store::Found;
use crate::ui::action::{Action, key_for};
use crate::ui::format::{count, day, fit, lines, one_line, pad};
use crate::ui::message::JobKind;
use crate::ui::model::Model;
use crate::ui::parts::{ROOMY, failure, spinner};
use crate::ui::screens::{Screen, train::fetching};
use crate::ui::theme::Theme;
use crate::ui::widgets::{ListPlace, Page, Seen, draw_field};

/// Columns between two answers.
const GAP: usize = 3;

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
    match model.screens.write.showing {
        Showing::Talk => talk(model, theme, frame, area),
        Showing::Style => measured::draw(model, theme, frame, area).into(),
        Showing::Kept => list(model, theme, frame, area),
    }
}

fn talk(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
    let write = &model.screens.write;
    let [above, below] = prompt_below(area);
    prompt(model, theme, frame, below);
    let mut page = Page::new(theme, above);
    fetching(model, theme, &mut page);
    if write.talk.turns.is_empty() {
        failure(model, theme, &mut page);
        explain(model, theme, &mut page);
        return page.draw(frame, above, model.scroll).into();
    }
    let mut newest = 0;
    for (place, turn) in write.talk.turns.iter().enumerate() {
        let last = place + 1 == write.talk.turns.len();
        newest = page.height();
        page.indented("> ", "  ", theme.styles.heading, &turn.prompt);
        answers(model, theme, &mut page, turn, last);
        page.blank();
    }
    failure(model, theme, &mut page);
    let limit = page.draw(frame, above, if model.is_at_end() { usize::MAX } else { model.scroll });
    Seen { newest: Some(newest), ..limit.into() }
}

/// The place of the conversation, and below it that of the field with how words are drawn.
fn prompt_below(area: Rect) -> [Rect; 2] {
    let rows = if area.height > 6 { 2 } else { 1 }.min(area.height);
    let height = area.height - rows;
    [Rect { height, ..area }, Rect { y: area.y + height, height: rows, ..area }]
}

fn prompt(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let write = &model.screens.write;
    let row = Rect { y: area.y + area.height.saturating_sub(1), height: area.height.min(1), ..area };
    let key = key_for(model, Action::EditPrompt);
    let hint = if key.is_empty() { String::new() } else { format!("{key}, then say what is to be written") };
    let label = match write.revising {
        Some(turn) => format!("Instead of {}", turn + 1),
        None => "Prompt".to_owned(),
    };
    draw_field(theme, frame, row, &label, &hint, &write.prompt, write.editing);
    if area.height > 1 {
        let text = fit(&settings(model), usize::from(area.width));
        frame.render_widget(Line::styled(text, theme.styles.dim), Rect { height: 1, ..area });
    }
}

/// What the next answers will be like, the most telling first.
fn settings(model: &Model) -> String {
    let write = &model.screens.write;
    let mut parts = Vec::new();
    if blind::may_judge(model) {
        let key = |action| key_for(model, action);
        return format!(
            "Which is better? {}: A, {}: B, {}: cannot tell",
            key(Action::PreferFirst),
            key(Action::PreferSecond),
            key(Action::PreferNeither)
        );
    }
    if write.blind.on {
        parts.push(match blind::standing(model) {
            Some((base, other)) => format!("blind test, so far base {base}, other {other}"),
            None => "blind test".to_owned(),
        });
    }
    parts.push(match second_voice(model) {
        Some(voice) => format!("base and {}", one_line(&voice.spoken())),
        None => "the base model".to_owned(),
    });
    parts.push(format!("temperature {}", write.sampling.temperature));
    parts.push(format!("up to {}", count(write.sampling.max_tokens, "token")));
    if let Some(id) = write.talk.kept {
        parts.push(format!("kept as {id}"));
    }
    parts.join("; ")
}

fn explain(model: &Model, theme: &Theme, page: &mut Page<'_>) {
    let Some(status) = &model.status else {
        page.dim("Looking at what is there ...");
        return;
    };
    if status.base.is_none() && !model.jobs.is_running(JobKind::Pull) {
        page.plain("The base model is not on this machine yet.");
        page.hint(&key_for(model, Action::FetchBase), "fetches it: the only time anything comes over the network");
        page.blank();
    }
    let train = key_for(model, Action::Show(Screen::Train));
    match second_voice(model) {
        Some(voice) => page.plain(&format!(
            "The base model and {} answer your prompt, one after the other; then go on talking.",
            one_line(&voice.spoken())
        )),
        None => {
            page.plain("Without a model of your own, only the base model answers.");
            page.hint(&train, "goes to Train, to make one");
        }
    }
    if !model.has_personal_model() && second_voice(model).is_some() {
        page.text(theme.styles.dim, &format!("You have no model of your own yet: {train} goes to Train, to make one."));
    }
    if model.jobs.is_running(JobKind::Train) {
        page.dim("A training is at work: answers wait until it is done, or stopped.");
    }
    page.blank();
    page.hint(&key_for(model, Action::EditPrompt), "then type what is to be written, and Enter again");
    if may_change(model) {
        page.hint(&key_for(model, Action::NextVoice), "chooses who answers beside the base model");
    }
    if second_voice(model).is_some() {
        page.hint(&key_for(model, Action::BlindTest), "hides who writes which, until you have said which is better");
    }
    page.hint(&key_for(model, Action::Conversations), "shows the conversations you kept; nothing is kept unasked");
    if super::may_bring_back(model) {
        page.hint(&key_for(model, Action::BringBack), "brings the conversation before back");
    }
}

/// The answers of a turn, side by side where there is room.
fn answers(model: &Model, theme: &Theme, page: &mut Page<'_>, turn: &Turn, last: bool) {
    let width = page.width();
    if width + 2 >= usize::from(ROOMY) && turn.answers.len() == 2 {
        let columns = (0..2).map(|place| {
            let width = (width - GAP + 1 - place) / 2;
            answer(model, theme, turn, place, width, last && place == model.screens.write.pane.min(1), false)
        });
        page.beside(columns.collect(), GAP);
        return;
    }
    if let Some(most) = turn.answers.len().checked_sub(1) {
        let place = model.screens.write.pane.min(most);
        page.beside(vec![answer(model, theme, turn, place, width, false, most > 0 && last)], GAP);
    }
}

fn colour(theme: &Theme, turn: &Turn, voice: &Voice) -> Style {
    match voice {
        _ if turn.hidden => theme.styles.heading,
        Voice::Base => theme.styles.base,
        Voice::Mine | Voice::Run(_) => theme.styles.user,
        Voice::Library(_) | Voice::Auto => theme.styles.other,
    }
}

/// One answer with its name and how it came; `here` where it is the one looked at, `more` where another is hidden.
fn answer<'t>(
    model: &Model,
    theme: &'t Theme,
    turn: &Turn,
    place: usize,
    width: usize,
    here: bool,
    more: bool,
) -> Page<'t> {
    let answer = &turn.answers[place];
    let mut page = Page::new(theme, Rect::new(0, 0, u16::try_from(width).unwrap_or(u16::MAX), 1));
    let key = key_for(model, Action::OtherPane);
    let after = if more { format!(" ({} of {}: {key})", place + 1, turn.answers.len()) } else { String::new() };
    let mark = if here { format!("{} ", theme.glyphs.cursor) } else { String::new() };
    let name = fit(&format!("{mark}{}{after}", one_line(&turn.name(place))), width);
    page.line(vec![Span::styled(name, colour(theme, turn, &answer.voice))]);
    if !answer.text.is_empty() {
        page.plain(lines(&answer.text).trim_end());
    }
    page.dim(&state(model, theme, answer, turn.hidden));
    page
}

/// How far an answer is; who writes faster would be told by more in a blind test.
fn state(model: &Model, theme: &Theme, answer: &Answer, hidden: bool) -> String {
    match answer.progress {
        Progress::Waiting => "waits for its turn".to_owned(),
        Progress::Writing if answer.text.is_empty() => format!("{} reading", spinner(model, theme)),
        Progress::Writing => format!("{} writing", spinner(model, theme)),
        Progress::Done { stop, left_out, .. } if hidden => ended(String::new(), stop, left_out),
        Progress::Done { tokens, tokens_per_s, stop, left_out } => {
            ended(format!("{}, {tokens_per_s:.1} tokens/s", count(tokens, "token")), stop, left_out)
        }
        Progress::Broken if answer.text.is_empty() => "not answered".to_owned(),
        Progress::Broken => "stopped".to_owned(),
        Progress::Kept { tokens } => format!("{}, kept", count(tokens, "token")),
    }
}

fn ended(how: String, stop: StopReason, left_out: usize) -> String {
    let cut = match stop {
        StopReason::Length => Some("cut at the limit".to_owned()),
        StopReason::Cancelled => Some("stopped".to_owned()),
        StopReason::End => None,
    };
    let left_out =
        (left_out > 0).then(|| format!("the oldest {} too long ago for it to read", count(left_out, "message")));
    let how = Some(how).filter(|how| !how.is_empty());
    [how, cut, left_out].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The conversations that are kept.
fn list(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
    let list = &model.screens.write.list;
    let row = Rect { height: area.height.min(1), ..area };
    let hint = format!("{}, then words of what was said", key_for(model, Action::FindConversation));
    draw_field(theme, frame, row, "Find", &hint, &list.words, list.finding);
    let below = Rect { y: area.y + row.height, height: area.height - row.height, ..area };
    let Some(found) = list.found.as_ref().filter(|found| !found.is_empty() && model.failure().is_none()) else {
        let mut page = Page::new(theme, below);
        failure(model, theme, &mut page);
        if list.found.is_none() {
            page.dim("Looking for conversations ...");
        } else if list.words.value().trim().is_empty() {
            page.plain("No conversation is kept. Nothing is, unless you ask for it in the conversation itself.");
        } else {
            page.plain("No conversation has these words.");
        }
        page.hint(&key_for(model, Action::ClosePane), "back to the conversation");
        return page.draw(frame, below, model.scroll).into();
    };
    let here = list.highlighted().map_or(0, |(place, _)| place);
    let place = ListPlace::around(model.list.as_ref(), found.len(), here, below);
    for (index, row) in place.rows() {
        frame.render_widget(conversation(theme, &found[index], index == here, usize::from(row.width)), row);
    }
    Seen::with_list(0, place)
}

fn conversation(theme: &Theme, found: &Found, here: bool, width: usize) -> Line<'static> {
    let styles = &theme.styles;
    let prompts = count(found.summary.prompts, "prompt");
    let before = format!("{} {} ", day(found.summary.changed), pad(&prompts, 11));
    let room = width.saturating_sub(2 + before.len());
    let said = found.excerpt.as_ref().map(|excerpt| format!("{}: {}", found.summary.title, excerpt));
    let title = fit(&one_line(said.as_ref().unwrap_or(&found.summary.title)), room);
    Line::from(vec![
        Span::styled(if here { theme.glyphs.cursor } else { " " }, styles.key),
        Span::raw(" "),
        Span::styled(before, styles.dim),
        Span::styled(title, if here { styles.selected } else { styles.text }),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_an_answer_ended_is_said_in_one_line() {
        assert_eq!(ended("12 tokens".into(), StopReason::Length, 0), "12 tokens, cut at the limit");
        assert_eq!(ended(String::new(), StopReason::End, 2), "the oldest 2 messages too long ago for it to read");
        assert_eq!(ended(String::new(), StopReason::End, 0), "");
    }
}
