//! How Write looks: the conversation with its responses side by side, the field below it, and the list of kept conversations.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::conversation::{Progress, Response, Turn};
use super::kept::List;
use super::state::{Place, Write, waits_for};
use crate::app::present::words::capitalised;
use crate::app::write::Voice;
use crate::engine::StopReason;
use crate::store::Found;
use crate::ui::format::{count, day, fit, lines, one_line, pad};
use crate::ui::shell::data::{FetchBase, Select};
use crate::ui::shell::screen::View;
use crate::ui::theme::Theme;
use crate::ui::widgets::{ListPlace, Page, Panel, WIDE, draw_field};

/// Columns between two responses.
const GAP: usize = 3;
/// Columns of a terminal that are not a page's: margins, borders, and air.
const AROUND: usize = 6;
/// From this height on the field for prompts has a border, which takes two rows.
const TALL: u16 = 18;

pub fn conversation(write: &Write, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let typing = write.prompt.typing;
    let [above, below] = places(write, area);
    let kept = match write.talk.kept {
        _ if write.talk.turns.is_empty() => String::new(),
        Some(id) => format!(" · kept as {id}"),
        None => " · not kept".to_owned(),
    };
    let title = format!("Conversation{kept}");
    let panel = Panel::new(view.theme, &title).focused(!typing);
    view.page_in(&panel, frame, above, 0, |page| {
        write_fetch(view, page);
        if write.talk.turns.is_empty() {
            view.write_failures(page);
            explain(write, view, page);
            return;
        }
        for (place, turn) in write.talk.turns.iter().enumerate() {
            if place > 0 {
                page.blank();
            }
            view.newest_at(page.height());
            page.indented("> ", "  ", view.theme.styles.heading, &turn.prompt);
            let looked_at = write.looked_at().filter(|(last, _)| std::ptr::eq(*last, turn)).map(|(_, place)| place);
            responses(view, page, turn, looked_at);
        }
        if !view.failures().is_empty() {
            page.blank();
            view.write_failures(page);
        }
    });
    prompt(write, view, frame, below);
}

/// The places of the conversation and, below it, of the field, which grows with what is typed.
fn places(write: &Write, area: Rect) -> [Rect; 2] {
    let (least, around) = if area.height >= TALL { (5, 2) } else { (2, 1) };
    let room = Panel::inner(Rect { height: least, ..area }).width;
    let text = u16::try_from(write.prompt.field.height(usize::from(room))).unwrap_or(u16::MAX);
    let rows = text.saturating_add(around).clamp(least, (area.height / 2).max(least));
    Layout::vertical([Constraint::Fill(1), Constraint::Length(rows.min(area.height))]).areas(area)
}

/// The field, or what the user can do instead of typing; in the title, what the next responses will be like.
fn prompt(write: &Write, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let typing = write.prompt.typing;
    let inner = Panel::inner(area);
    view.field_of(inner.width);
    let hidden = if typing { write.prompt.field.hidden(inner) } else { (0, 0) };
    Panel::new(view.theme, &title(write, view)).focused(typing).draw(frame, area, hidden);
    if typing || !write.prompt().is_empty() {
        write.prompt.field.draw(view.theme, frame, inner, typing);
        return;
    }
    let mut page = Page::new(view.theme, inner);
    if write.may_judge(view.shared) {
        page.plain("Which response is better?");
        let choices = [("prefer-first", "A"), ("prefer-second", "B"), ("prefer-neither", "cannot tell")];
        let spans = choices.map(|(action, choice)| {
            [Span::styled(view.key(action), view.theme.styles.key), Span::raw(format!(" {choice}   "))]
        });
        page.line(spans.into_iter().flatten().collect());
    } else {
        page.hint(&view.key("edit-prompt"), "type what is to be written");
        if view.can("edit-prompt") {
            page.hint(&view.key("edit-in-editor"), "write it in your editor");
        }
    }
    page.draw(frame, inner, 0);
}

fn title(write: &Write, view: &View<'_>) -> String {
    let mut parts = vec![match write.prompt.place {
        Place::New => "Prompt".to_owned(),
        Place::InsteadOf { turn, .. } => format!("Prompt instead of number {}", turn + 1),
    }];
    if write.blind.on {
        parts.push(match write.standing(view.shared) {
            Some((base, other)) => format!("blind test, base preferred {base}, other {other}"),
            None => "blind test".to_owned(),
        });
    }
    parts.push(match write.second_voice(view.shared) {
        Some(voice) => format!("base and {}", short(&voice)),
        None => "base model".to_owned(),
    });
    parts.push(format!("temperature {}", write.sampling.temperature));
    parts.push(format!("up to {}", count(write.sampling.max_tokens, "token")));
    parts.join(" · ")
}

/// A voice in a word or two.
fn short(voice: &Voice) -> String {
    match voice {
        Voice::Base => "base model".to_owned(),
        Voice::Mine => "your model".to_owned(),
        Voice::Run(number) => format!("run {number}"),
        Voice::Library(id) => one_line(id),
    }
}

/// The base model on its way.
fn write_fetch(view: &View<'_>, page: &mut Page<'_>) {
    let Some(fetch) = view.shared.fetch.as_ref().filter(|_| view.shared.runs::<FetchBase>()) else { return };
    view.write_working(page, &format!("Downloading the base model from {}", one_line(&fetch.source)));
    page.hint(&view.key("stop"), "stop");
    page.blank();
}

/// What can be done before anything is asked.
fn explain(write: &Write, view: &View<'_>, page: &mut Page<'_>) {
    let shared = view.shared;
    let second = write.second_voice(shared);
    match &second {
        Some(voice) => page.plain(&format!("The base model and {} answer your prompt.", one_line(&voice.spoken()))),
        None if shared.runs::<Select>() => {
            view.write_working(page, "Ranking the library, to find who answers beside the base model")
        }
        None => page.plain("Without a model of your own, the base model answers alone."),
    }
    if shared.run_in_use().is_none() && shared.status.is_some() {
        page.dim("You have no model of your own yet: Train makes one.");
    }
    if let Some(title) = waits_for(shared) {
        page.dim(&format!("{title} is running: the models answer when it is done or stopped."));
    }
    page.blank();
    if view.can("fetch-base") {
        page.hint(&view.key("fetch-base"), "download the base model: the only time that XPerT uses the network");
    }
    page.hint(&view.key("edit-prompt"), "type a prompt; Enter asks, Ctrl-J begins a new line");
    page.hint(&view.key("next-voice"), "choose who answers beside the base model");
    page.hint(&view.key("blind-test"), "blind test: no names until you say which response is better");
    page.hint(&view.key("conversations"), "the conversations you kept; nothing is kept unless you ask for it");
    page.hint(&view.key("bring-back"), "bring the conversation before back");
    if shared.run_in_use().is_none() && shared.keymap.knows("show-train") {
        page.hint(&shared.key("show-train"), "go to Train");
    }
}

/// The responses of a turn: side by side where there is room, else one below the other. One of the last turn is `looked_at`.
fn responses(view: &View<'_>, page: &mut Page<'_>, turn: &Turn, looked_at: Option<usize>) {
    let width = page.width();
    if width + AROUND >= usize::from(WIDE) && turn.responses.len() == 2 {
        let widths = [(width - GAP).div_ceil(2), (width - GAP) / 2];
        let columns = widths.into_iter().enumerate();
        page.beside(columns.map(|(place, width)| response(view, turn, place, width, looked_at)).collect(), GAP);
        return;
    }
    for place in 0..turn.responses.len() {
        page.beside(vec![response(view, turn, place, width, looked_at)], GAP);
    }
}

/// A response under its name, with how it came.
fn response<'t>(view: &View<'t>, turn: &Turn, place: usize, width: usize, looked_at: Option<usize>) -> Page<'t> {
    let (response, styles) = (&turn.responses[place], &view.theme.styles);
    let mut page = Page::new(view.theme, Rect::new(0, 0, u16::try_from(width).unwrap_or(u16::MAX), 1));
    let mut name = vec![Span::styled(
        fit(&capitalised(&one_line(&turn.name(place))), width),
        colour(view.theme, turn, &response.voice),
    )];
    let key = view.key("copy-answer");
    if looked_at == Some(place) && turn.responses.len() > 1 && !key.is_empty() {
        name.extend([Span::styled(format!("  {key}"), styles.key), Span::styled(" copies it", styles.dim)]);
    }
    page.line(name);
    if !response.text.is_empty() {
        page.plain(lines(&response.text).trim_end());
    }
    page.dim(&state(view, response, turn.hidden));
    page
}

fn colour(theme: &Theme, turn: &Turn, voice: &Voice) -> Style {
    match voice {
        _ if turn.hidden => theme.styles.heading,
        Voice::Base => theme.styles.base,
        Voice::Mine | Voice::Run(_) => theme.styles.user,
        Voice::Library(_) => theme.styles.other,
    }
}

/// How far a response is. Its speed would give its author away in a blind test.
fn state(view: &View<'_>, response: &Response, hidden: bool) -> String {
    match response.progress {
        Progress::Waiting => "waiting for its turn".to_owned(),
        Progress::Writing if response.text.is_empty() => format!("{} reading", view.spinner()),
        Progress::Writing => format!("{} writing", view.spinner()),
        Progress::Done { stop, omitted, .. } if hidden => ended(String::new(), stop, omitted),
        Progress::Done { tokens, tokens_per_s, stop, omitted } => {
            ended(format!("{}, {tokens_per_s:.1} tokens/s", count(tokens, "token")), stop, omitted)
        }
        Progress::Broken if response.text.is_empty() => "not answered".to_owned(),
        Progress::Broken => "stopped".to_owned(),
        Progress::Kept { tokens } => format!("{}, kept", count(tokens, "token")),
    }
}

fn ended(how: String, stop: StopReason, omitted: usize) -> String {
    let cut = match stop {
        StopReason::Length => Some("cut at the limit".to_owned()),
        StopReason::Cancelled => Some("stopped".to_owned()),
        StopReason::End => None,
    };
    let omitted =
        (omitted > 0).then(|| format!("without the oldest {}: it reads no further back", count(omitted, "message")));
    let how = Some(how).filter(|how| !how.is_empty());
    [how, cut, omitted].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The conversations that are kept.
pub fn kept(list: &List, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let inner = Panel::inner(area);
    let [row, _, below] =
        Layout::vertical([Constraint::Length(1), Constraint::Length(1), Constraint::Fill(1)]).areas(inner);
    let found = list.found.as_deref().unwrap_or_default();
    let place = ListPlace::around(view.list, found.len(), list.cursor, below);
    let shown =
        place.rows().next().zip(place.rows().last()).map(|((first, _), (last, _))| (first, found.len() - last - 1));
    let title = if list.found.is_some() {
        format!("Kept conversations · {}", found.len())
    } else {
        "Kept conversations".into()
    };
    Panel::new(view.theme, &title).focused(true).draw(frame, area, shown.unwrap_or_default());
    let hint = format!("{} finds words of what was said", view.key("find-conversation"));
    draw_field(view.theme, frame, row, "Find", &hint, &list.words, list.finding);
    if found.is_empty() || !view.failures().is_empty() {
        let mut page = Page::new(view.theme, below);
        view.write_failures(&mut page);
        if list.found.is_none() {
            view.write_working(&mut page, "Looking for conversations");
        } else if list.words.value().trim().is_empty() {
            page.plain("No conversation is kept. A conversation is kept only when you ask for it.");
        } else {
            page.plain("No conversation has these words.");
        }
        page.hint(&view.key("close-pane"), "back to the conversation");
        view.scrolls(0, page.draw(frame, below, view.scroll(0)));
        return;
    }
    for (index, row) in place.rows() {
        frame.render_widget(summary(view.theme, &found[index], index == list.cursor, usize::from(row.width)), row);
    }
    view.list_at(place);
}

/// A kept conversation on a line: when it changed last, how many prompts, and its title with what was found.
fn summary(theme: &Theme, found: &Found, here: bool, width: usize) -> Line<'static> {
    let styles = &theme.styles;
    let before = format!("{} {} ", day(found.summary.changed), pad(&count(found.summary.prompts, "prompt"), 11));
    let room = width.saturating_sub(2 + before.len());
    let said = found.excerpt.as_ref().map(|excerpt| format!("{}: {excerpt}", found.summary.title));
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
    fn how_a_response_ended_fits_one_line() {
        assert_eq!(ended("12 tokens".into(), StopReason::Length, 0), "12 tokens, cut at the limit");
        assert_eq!(ended(String::new(), StopReason::End, 2), "without the oldest 2 messages: it reads no further back");
        assert_eq!(ended(String::new(), StopReason::End, 0), "");
    }
}
