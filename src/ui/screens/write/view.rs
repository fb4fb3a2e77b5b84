//! How Write looks: the conversation with its responses side by side, the field below it, and the list of kept conversations.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::state::{List, Write, waits_for};
use super::voices::short;
use crate::app::answers::Ending;
use crate::app::conversation::{Progress, Response, Turn};
use crate::app::present::words::capitalised;
use crate::app::write::Voice;
use crate::engine::StopReason;
use crate::store::Found;
use crate::ui::format::{count, day, fit, lines, one_line, pad};
use crate::ui::shell::View;
use crate::ui::shell::data::Select;
use crate::ui::theme::Theme;
use crate::ui::widgets::{NARROW, Page, Panel, ROOMY, WIDE, cells, draw_field, top};

/// Columns between two responses.
const GAP: usize = 3;
/// Columns of a terminal that are not a screen's, and of a panel that are not its page's.
const MARGINS: u16 = 2;
const BORDERS: u16 = 4;
/// From this height on the field for prompts has a border, which takes two rows.
const TALL: u16 = 18;
/// Columns and rows of the panel that says how the next responses will be; of its keys, and of its names.
const SETTINGS: (u16, u16) = (52, 6);
const KEY: usize = 8;
const SETTING: usize = 13;

pub fn conversation(write: &Write, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let [above, below] = places(write, area);
    let kept = match write.talk.kept {
        _ if write.talk.turns.is_empty() => String::new(),
        Some(id) => format!(" · saved as {id}"),
        None if area.width >= ROOMY && view.can("keep-conversation") => {
            format!(" · not saved: {} saves it", view.key("keep-conversation"))
        }
        None => " · not saved".to_owned(),
    };
    let title = format!("Conversation{kept}");
    let panel = Panel::new(view.theme, &title).focused(!write.typing);
    view.page_in(&panel, frame, above, 0, |page| {
        view.write_fetch(page);
        if write.talk.turns.is_empty() {
            view.write_failures(page);
            explain(write, view, page);
            return;
        }
        for (place, turn) in write.talk.turns.iter().enumerate() {
            if place > 0 {
                page.blank();
            }
            view.hits.borrow_mut().newest = Some(page.height());
            page.indented("> ", "  ", view.theme.styles.heading, &turn.prompt);
            let looked_at = write.looked_at().filter(|(last, _)| std::ptr::eq(*last, turn)).map(|(_, place)| place);
            responses(view, page, turn, looked_at);
        }
        if !view.failures.is_empty() {
            page.blank();
            view.write_failures(page);
        }
    });
    prompt(write, view, frame, below);
}

/// The places of the conversation and, below it, of the field, which grows with what is typed.
fn places(write: &Write, area: Rect) -> [Rect; 2] {
    let (least, around) = match area.height {
        TALL.. if is_wide(area) => (6, 2),
        TALL.. => (5, 2),
        _ => (2, 1),
    };
    let room = Panel::inner(field_and_settings(Rect { height: least, ..area }).0).width;
    let rows =
        cells(write.field.height(usize::from(room))).saturating_add(around).clamp(least, (area.height / 2).max(least));
    Layout::vertical([Constraint::Fill(1), Constraint::Length(rows.min(area.height))]).areas(area)
}

fn is_wide(area: Rect) -> bool {
    area.width + MARGINS >= WIDE
}

/// The places of the field and, where there is room, of how the next responses will be.
fn field_and_settings(area: Rect) -> (Rect, Option<Rect>) {
    if !is_wide(area) || area.height < SETTINGS.1 {
        return (area, None);
    }
    let [left, right] = Layout::horizontal([Constraint::Fill(1), Constraint::Length(SETTINGS.0)]).areas(area);
    (left, Some(right))
}

/// The field, or what the user can do instead of typing.
fn prompt(write: &Write, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let (area, beside) = field_and_settings(area);
    if let Some(beside) = beside {
        settings(write, view, frame, beside);
    }
    let inner = Panel::inner(area);
    view.hits.borrow_mut().field = usize::from(inner.width);
    let hidden = if write.typing { write.field.hidden(inner) } else { (0, 0) };
    let title = title(write, view, area.width, beside.is_some());
    Panel::new(view.theme, &title).focused(write.typing).draw(frame, area, hidden);
    if write.typing || !write.prompt().is_empty() {
        write.field.draw(view.theme, frame, inner, write.typing);
    } else {
        offers(write, view, frame, inner);
    }
}

/// What is typed, and what the next responses will be like where no panel of its own says so.
fn title(write: &Write, view: &View<'_>, width: u16, told: bool) -> String {
    let what = match &write.revises {
        _ if write.may_judge(view.shared) => "Which response is better?".to_owned(),
        Some((turn, _)) => format!("Replacing prompt {}", turn + 1),
        None => "Prompt".to_owned(),
    };
    let (temperature, tokens) = (write.sampling.temperature, count(write.sampling.max_tokens, "token"));
    match write.standing(view.shared) {
        _ if told => what,
        _ if width < NARROW && what != "Prompt" => what,
        _ if width < NARROW => {
            let who = if write.blind { "blind test".to_owned() } else { voices(write, view).replace(" and ", ", ") };
            format!("{who} · temp. {temperature} · {tokens}")
        }
        Some(standing) => format!("{what} · blind test, {standing}"),
        None if write.blind => format!("{what} · blind test, {} · temperature {temperature}", voices(write, view)),
        None => format!("{what} · {} · temperature {temperature} · {tokens}", voices(write, view)),
    }
}

fn offers(write: &Write, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let low = area.height < 3;
    let new_line = format!("type a prompt; {} begins a new line in it", view.shared.key("new-line"));
    let offers: &[(&str, &str)] = if write.may_judge(view.shared) && low {
        &[("prefer-first", "A"), ("prefer-second", "B"), ("prefer-neither", "cannot tell")]
    } else if write.may_judge(view.shared) {
        &[
            ("prefer-first", "A is better"),
            ("prefer-second", "B is better"),
            ("prefer-neither", "cannot tell: shows the names, counts nothing"),
        ]
    } else if !view.can("edit-prompt") {
        &[("stop", "stop")]
    } else if area.width < NARROW {
        &[("edit-prompt", "type a prompt")]
    } else {
        &[
            ("edit-prompt", &new_line),
            ("edit-in-editor", "write it in your editor"),
            ("ask-again", "ask the last prompt again"),
        ]
    };
    let lines = offers.iter().filter(|(action, _)| view.can(action)).map(|(action, what)| {
        let key = if low { view.key(action) } else { pad(&view.key(action), KEY) };
        let what = if low { format!(" {what}   ") } else { (*what).to_owned() };
        [Span::styled(key, view.theme.styles.key), Span::raw(what)]
    });
    let mut page = Page::new(view.theme, area);
    if low {
        page.line(lines.flatten().collect())
    } else {
        lines.for_each(|line| page.line(line.into()))
    }
    page.draw(frame, area, 0);
}

/// What the next responses will be like, with the keys that change it.
fn settings(write: &Write, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let keys = |actions: [&str; 2]| actions.map(|action| view.key(action)).join(" ");
    let on = if write.blind { "on" } else { "off" };
    let blind = write.standing(view.shared).map_or(on.to_owned(), |standing| format!("on; {standing}"));
    let rows = [
        (view.key("next-voice"), "Who answers", voices(write, view)),
        (keys(["cooler", "hotter"]), "Temperature", write.sampling.temperature.to_string()),
        (keys(["shorter", "longer"]), "Length", format!("up to {}", count(write.sampling.max_tokens, "token"))),
        (view.key("blind-test"), "Blind test", blind),
    ];
    view.page_in(&Panel::new(view.theme, "Next responses"), frame, area, 1, |page| {
        for (key, name, value) in rows {
            let room = page.width().saturating_sub(KEY + SETTING);
            page.line(vec![
                Span::styled(pad(&key, KEY), view.theme.styles.key),
                Span::styled(pad(name, SETTING), view.theme.styles.dim),
                Span::styled(fit(&value, room), view.theme.styles.text),
            ]);
        }
    });
}

fn voices(write: &Write, view: &View<'_>) -> String {
    match write.second_voice(view.shared) {
        Some(voice) => format!("base and {}", short(&voice)),
        None => "base model".to_owned(),
    }
}

fn explain(write: &Write, view: &View<'_>, page: &mut Page<'_>) {
    let shared = view.shared;
    match write.second_voice(shared) {
        Some(voice) => page.plain(&format!("The base model and {} answer your prompt.", one_line(&voice.spoken()))),
        None if shared.runs::<Select>() => view.write_working(page, "Ranking the library"),
        None => page.plain("Without a model of your own, the base model answers alone."),
    }
    if let Some(title) = waits_for(shared) {
        page.dim(&format!("{title} is running: the models answer when it is done or stopped."));
    }
    page.blank();
    page.hint(&view.key("next-voice"), "choose who responds beside the base model");
    page.hint(&view.key("blind-test"), "blind test: no names until you say which response is better");
    page.hint(&view.key("conversations"), "your saved conversations; nothing is saved unless you ask for it");
    page.hint(&view.key("bring-back"), "bring back the previous conversation");
    if shared.status.is_some() && !shared.has_texts() {
        page.hint(&shared.key("show-import"), "Import: with your texts, the closest library model answers too");
    } else if shared.has_texts() && shared.run_in_use().is_none() {
        page.hint(&shared.key("show-train"), "Train: make your own model");
    }
}

/// The responses of a turn: side by side where there is room, else one below the other. One of the last turn is `looked_at`.
fn responses(view: &View<'_>, page: &mut Page<'_>, turn: &Turn, looked_at: Option<usize>) {
    let width = page.width();
    if width + usize::from(MARGINS + BORDERS) >= usize::from(WIDE) && turn.responses.len() == 2 {
        let widths = [(width - GAP).div_ceil(2), (width - GAP) / 2];
        let columns = widths.into_iter().enumerate();
        page.beside(columns.map(|(place, width)| response(view, turn, place, width, looked_at)).collect(), GAP);
        return;
    }
    for place in 0..turn.responses.len() {
        if place > 0 && width >= usize::from(NARROW) {
            page.blank();
        }
        page.beside(vec![response(view, turn, place, width, looked_at)], GAP);
    }
}

/// A response under its name, with how it came.
fn response<'t>(view: &View<'t>, turn: &Turn, place: usize, width: usize, looked_at: Option<usize>) -> Page<'t> {
    let (response, styles) = (&turn.responses[place], &view.theme.styles);
    let mut page = Page::new(view.theme, Rect::new(0, 0, cells(width), 1));
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
        Voice::Auto | Voice::Library(_) => theme.styles.other,
    }
}

/// How far a response is. Its speed would give its author away in a blind test.
fn state(view: &View<'_>, response: &Response, hidden: bool) -> String {
    match response.progress {
        Progress::Waiting => "waiting for its turn".to_owned(),
        Progress::Writing if response.text.is_empty() => format!("{} reading", view.spinner()),
        Progress::Writing => format!("{} writing", view.spinner()),
        Progress::Done(Ending { tokens, tokens_per_s, stop, omitted }) => {
            let how = format!("{}, {tokens_per_s:.1} tokens/s", count(tokens, "token"));
            let cut = match stop {
                StopReason::Length => Some("cut off at the limit"),
                StopReason::Cancelled => Some("stopped"),
                StopReason::End => None,
            };
            let without = format!("without the oldest {}, which no longer fit", count(omitted, "message"));
            let said = [(!hidden).then_some(&*how), cut, (omitted > 0).then_some(&*without)];
            said.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
        Progress::Broken if response.text.is_empty() => "no response".to_owned(),
        Progress::Broken => "stopped".to_owned(),
        Progress::Kept { tokens } => format!("{}, saved", count(tokens, "token")),
    }
}

pub fn kept(list: &List, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let inner = Panel::inner(area);
    let [row, rest] = top(inner, 1);
    let [_, below] = top(rest, 1);
    let found = list.found.as_deref().unwrap_or_default();
    let number = list.found.as_ref().map(|found| format!(" · {}", found.len())).unwrap_or_default();
    let title = format!("Saved conversations{number}");
    let panel = Panel::new(view.theme, &title).focused(true);
    let hint = format!("{} searches every message", view.key("find-conversation"));
    draw_field(view.theme, frame, row, "Find", &hint, &list.words, list.finding);
    if found.is_empty() || !view.failures.is_empty() {
        let mut page = Page::new(view.theme, below);
        view.write_failures(&mut page);
        if list.found.is_none() {
            view.write_working(&mut page, "Looking for conversations");
        } else if list.words.value().trim().is_empty() {
            page.plain("There are no saved conversations. One is saved only when you ask for it.");
        } else {
            page.plain("No conversation contains these words.");
        }
        page.hint(&view.key("close-pane"), "back to the conversation");
        panel.draw(frame, area, (0, 0));
        return view.scrolls(0, page.draw(frame, below, view.scroll(0)));
    }
    let place = view.rows(frame, below, (list.cursor, found.len()), |index, here| {
        summary(view.theme, &found[index], here, usize::from(below.width))
    });
    panel.draw(frame, area, place.hidden(found.len()));
    view.list_at(place);
}

/// A kept conversation on a line: when it changed last, how many prompts, and its title with what was found.
fn summary(theme: &Theme, found: &Found, here: bool, width: usize) -> Line<'static> {
    let styles = &theme.styles;
    let prompts =
        if width < usize::from(ROOMY) { String::new() } else { pad(&count(found.summary.prompts, "prompt"), 12) };
    let before = format!("{} {prompts}", day(found.summary.changed));
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
