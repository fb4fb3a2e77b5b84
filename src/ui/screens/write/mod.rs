//! Write: a conversation with the base model and another voice, side by side.

mod blind;
mod conversation;
mod jobs;
mod kept;
mod keys;
mod measured;
mod parts;
mod state;
mod view;
mod voices;

use crossterm::event::Event as TerminalEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::InputRequest;
use tui_input::backend::crossterm::to_input_request;

pub use conversation::{Conversation, Progress, Response, Turn};
pub use jobs::{Answer, Answering, Delete, Find, Judge, Judgement, Keep, Open, Save, Score};
pub use state::Write;

use crate::app::history::PromptPlace;
use crate::ui::format::one_line;
use crate::ui::shell::binding::Binding;
use crate::ui::shell::data::FetchBase;
use crate::ui::shell::effect::{Effect, Event, Need, Request, ScreenId};
use crate::ui::shell::job::{Job, Kind};
use crate::ui::shell::screen::{Message, Screen, View};
use crate::ui::shell::shared::Shared;
use parts::Pane;

impl Screen for Write {
    const ID: ScreenId = ScreenId::WRITE;
    const NAME: &'static str = "Write";
    const ABOUT: &'static str = "Write: a conversation in which the base model and your own, or one of the library, answer side by side. Each \
                                 reads its own earlier responses. Nothing of it is kept unless you ask for it.";
    const SUMMARY: &'static str = "ask the base model and yours, side by side";
    const KEYS: &'static [Binding<Self>] = keys::KEYS;
    const JOBS: &'static [&'static Kind] = &[
        &Answer::KIND,
        &Score::KIND,
        &Judge::KIND,
        &Find::KIND,
        &Keep::KIND,
        &Open::KIND,
        &Delete::KIND,
        &Save::KIND,
        &FetchBase::KIND,
    ];
    const CLICK_AGAIN: Option<&'static str> = Some("open-conversation");

    fn update(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect> {
        match message {
            Message::Shown => return vec![Effect::Need(Need::Selection)],
            Message::Retry => return self.retry(shared),
            Message::Report(_) => return self.report(message, shared),
            Message::Ended(kind) => return self.ended(kind, shared),
            Message::Key(key) if self.is_finding() => {
                return to_input_request(&TerminalEvent::Key(*key))
                    .map_or_else(Vec::new, |request| self.find([request]));
            }
            Message::Key(key) if self.prompt.typing => self.prompt.field.handle(key, shared.field),
            Message::Paste(text) if self.is_finding() => {
                let words = one_line(text);
                return self.find(words.chars().map(InputRequest::InsertChar));
            }
            Message::Paste(text) if self.may_type(shared) => {
                self.prompt.typing = true;
                self.prompt.field.insert(text);
            }
            Message::Edited(text) if self.may_type(shared) => self.edited(text),
            Message::LeaveField => match self.list_mut() {
                Some(list) => list.finding = false,
                None => self.leave_prompt(),
            },
            Message::Select(row) => self.list_mut().into_iter().for_each(|list| list.cursor = row),
            // The responses were compared with texts that are not what they were.
            Message::Event(Event::TextsChanged) if matches!(self.pane, Pane::Style(_)) => {
                return self.close_pane(shared);
            }
            Message::Request(Request::WriteWith(voice)) => {
                self.answer_with(voice.clone(), shared);
                self.pane = Pane::Talk;
                return vec![Effect::Show(ScreenId::WRITE)];
            }
            Message::Request(Request::Ask(prompt)) => return self.put(prompt.clone(), PromptPlace::Next, shared),
            Message::Request(Request::EditPrompt) if self.may_type(shared) => self.prompt.typing = true,
            _ => {}
        }
        Vec::new()
    }

    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        match &self.pane {
            Pane::Talk => view::conversation(self, view, frame, area),
            Pane::Style(scores) => measured::draw(scores, view, frame, area),
            Pane::Kept(list) => view::kept(list, view, frame, area),
        }
    }

    fn is_typing(&self) -> bool {
        self.is_finding() || (self.prompt.typing && self.is_talking())
    }

    fn cursor(&self, _: &Shared, _: usize) -> Option<(usize, usize)> {
        let list = self.list()?;
        Some((list.cursor, list.found.as_ref()?.len()))
    }

    fn unsaved(&self) -> Option<String> {
        self.at_stake()
    }

    fn follows_end(&self) -> bool {
        self.is_talking() && !self.talk.turns.is_empty()
    }
}

impl Write {
    fn report(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect> {
        if let Some(answering) = message.report::<Answer>() {
            return self.answering(answering);
        } else if let Some(scores) = message.report::<Score>() {
            if let Pane::Style(shown) = &mut self.pane {
                shown.clone_from(scores);
            }
        } else if let Some(tally) = message.report::<Judge>() {
            self.judge_done(tally);
        } else if let Some(found) = message.report::<Find>() {
            self.list_mut().into_iter().for_each(|list| list.found(found));
        } else if let Some(id) = message.report::<Keep>() {
            return self.kept(*id);
        } else if let Some(conversation) = message.report::<Open>() {
            return self.opened(conversation, shared);
        } else if let Some((id, title)) = message.report::<Delete>() {
            return self.deleted(*id, title);
        } else if let Some(path) = message.report::<Save>() {
            let path = one_line(&path.display().to_string());
            return vec![Effect::say_good(format!("Saved in {path}. It holds your words: share it with care."))];
        }
        Vec::new()
    }

    /// Types into the words to find, and looks for them.
    fn find(&mut self, typed: impl IntoIterator<Item = InputRequest>) -> Vec<Effect> {
        let Some(list) = self.list_mut() else { return Vec::new() };
        for request in typed {
            list.words.handle(request);
        }
        vec![list.find()]
    }
}
