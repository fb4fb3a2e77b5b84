//! Write: a conversation with the base model and another voice, side by side.

mod jobs;
mod kept;
mod measured;
mod state;
mod view;
mod voices;

use ratatui::Frame;
use ratatui::layout::Rect;

pub use jobs::{Delete, Find, Judge, Keep, Open, Save, Score};
pub use state::Write;

use crate::app::answers::Answer;
use crate::app::conversation::Conversation;
use crate::app::history::PromptPlace;
use crate::ui::format::one_line;
use crate::ui::shell::data::{FetchBase, may_fetch};
use crate::ui::shell::keys::{DOWN, ENTER, ESC, Key, LEFT, RIGHT, UP, char, quiet, row, typing};
use crate::ui::shell::{
    Binding, Effect, Event, Job, Kind, Message, Need, Request, Screen, ScreenId, Shared, View, move_cursor,
};
use state::{LENGTHS, Pane, TEMPERATURES, step};

const EDITOR: &str = "write the prompt in your editor ($VISUAL or $EDITOR)";
const CLOSE: &str = "back to the conversation";
const OPEN: &str = "continue the highlighted conversation";
const EARLIER: &str = "from the first row: edit the previous prompt; asking replaces the original";
const REVISE: &str = "edit the last prompt; asking replaces the original; Up: earlier ones";
const STYLE: &str = "where each model's responses, taken together, are on your style axes";
const BLIND: &str = "show the next responses without names, so that you can judge them, or with names again";

impl Screen for Write {
    const ID: ScreenId = ScreenId::WRITE;
    const ABOUT: &'static str = "Write: a conversation in which the base model and your own, or one from the library, answer side by side. Each \
                                 reads its own earlier responses. Nothing is saved unless you ask for it.";
    const SUMMARY: &'static str = "ask the base model and yours, side by side";
    const KEYS: &'static [Binding<Self>] = &[
        // While a prompt is typed.
        typing("submit-prompt", &[ENTER], "ask", "have both models respond")
            .runs_if(|write, _| write.typing, Self::submit),
        typing("new-line", &[Key::control('j')], "new line", "begin a new line in the prompt")
            .changes_if(|write, _| write.typing, |write| write.field.insert("\n")),
        typing("edit-in-editor", &[Key::control('o')], "editor", EDITOR)
            .runs_if(|write, _| write.typing, Self::edit_elsewhere),
        typing("earlier-prompt", &[UP], "earlier prompt", EARLIER)
            .changes_if(Self::may_go_earlier, Self::earlier_prompt),
        typing("later-prompt", &[DOWN], "later", "from the last row: the next prompt, and finally a new one")
            .changes_if(Self::may_go_later, Self::later_prompt),
        // While words to find are typed.
        typing("open-conversation", &[ENTER], "open", OPEN)
            .runs_if(|write, shared| write.is_finding(shared) && write.has_one(shared), Self::open),
        typing("filter-down", &[DOWN], "next", "the next conversation")
            .quiet()
            .runs_if(Self::is_finding, |write, shared| move_cursor(write, shared, 1)),
        typing("filter-up", &[UP], "previous", "the previous conversation")
            .quiet()
            .runs_if(Self::is_finding, |write, shared| move_cursor(write, shared, -1)),
        // The list of kept conversations.
        row("open-conversation", &[ENTER], "open", OPEN).runs_if(Self::has_one, Self::open),
        row("find-conversation", &[char('/')], "find", "find saved conversations by the words in them")
            .also("search history")
            .changes_if(
                |write, _| write.list().is_some(),
                |write| write.list_mut().into_iter().for_each(|list| list.finding = true),
            ),
        row("delete-conversation", &[char('D')], "delete", "delete the highlighted conversation; asks first")
            .destructive()
            .runs_if(Self::has_one, Self::ask_to_delete),
        row("close-pane", &[ESC], "close", CLOSE).runs_if(|write, _| !write.is_talking(), Self::close_pane),
        quiet("close-pane", &[char('s')], "close", CLOSE)
            .runs_if(|write, _| matches!(write.pane, Pane::Style(_)), Self::close_pane),
        // The blind test.
        row("prefer-first", &[char('a')], "A is better", "in a blind test: the first response is better")
            .runs_if(Self::may_judge, |write, _| write.prefer(0)),
        row("prefer-second", &[char('b')], "B is better", "in a blind test: the second response is better")
            .runs_if(Self::may_judge, |write, _| write.prefer(1)),
        row("prefer-neither", &[char('u')], "cannot tell", "in a blind test: show who wrote which, and count nothing")
            .runs_if(Self::may_judge, Self::prefer_neither),
        // The conversation.
        row("fetch-base", &[char('b')], "download model", "download the base model (uses the network)")
            .runs_if(|_, shared| may_fetch(shared), |_, _| vec![Effect::FetchBase]),
        row("edit-prompt", &[ENTER, char('e')], "type a prompt", "type the next prompt")
            .changes_if(Self::may_type, |write| write.typing = true),
        quiet("edit-in-editor", &[Key::control('o')], "editor", EDITOR).runs_if(Self::may_type, Self::edit_elsewhere),
        row("ask-again", &[char('w')], "ask again", "have both models respond to the last prompt again")
            .also("retry regenerate")
            .runs_if(Self::has_talk, Self::ask_again),
        row("revise-prompt", &[char('E')], "edit prompt", REVISE).changes_if(Self::has_talk, Self::earlier_prompt),
        row("next-voice", &[char('v')], "other model", "choose who responds beside the base model")
            .also("voice library run")
            .runs_if(Self::may_change_voice, Self::next_voice),
        row("keep-conversation", &[char('K')], "save", "save this conversation on this machine")
            .also("keep")
            .runs_if(|write, shared| write.has_answers(shared) && write.talk.kept.is_none(), Self::keep),
        row("copy-answer", &[char('y')], "copy", "copy the response, also over SSH (OSC 52)")
            .also("clipboard yank")
            .runs_if(Self::may_copy, Self::copy),
        row("answer-style", &[char('s')], "style", STYLE)
            .also("measure score axes")
            .runs_if(Self::has_answers, Self::open_style),
        row("blind-test", &[char('B')], "blind test", BLIND)
            .also("compare a/b")
            .runs_if(Self::may_test, Self::toggle_blind_test),
        row("conversations", &[char('o')], "saved", "the saved conversations: find, open and delete them")
            .also("history")
            .runs_if(Self::may_type, Self::open_list),
        row("new-conversation", &[char('n')], "new", "begin a new conversation; this one can be brought back")
            .runs_if(Self::has_talk, Self::begin_new),
        row("bring-back", &[char('u')], "bring back", "bring back the previous conversation")
            .runs_if(|write, shared| write.may_type(shared) && write.put_away.is_some(), Self::bring_back),
        quiet("save-conversation", &[char('f')], "export", "export this conversation as Markdown; asks for the file")
            .also("save as file transcript")
            .runs_if(Self::has_answers, Self::save),
        quiet("other-pane", &[RIGHT, LEFT], "other response", "choose the response that is copied")
            .changes_if(Self::has_two, |write| write.looked_at = 1 - write.looked_at.min(1)),
        quiet("hotter", &[char('+'), char('=')], "hotter", "a higher temperature: more varied words")
            .changes_if(Self::may_type, |write| step(&mut write.sampling.temperature, &TEMPERATURES, true)),
        quiet("cooler", &[char('-')], "cooler", "a lower temperature: more likely words; 0 always takes the likeliest")
            .changes_if(Self::may_type, |write| step(&mut write.sampling.temperature, &TEMPERATURES, false)),
        quiet("longer", &[char('>')], "longer", "double the maximum length of responses")
            .changes_if(Self::may_type, |write| step(&mut write.sampling.max_tokens, &LENGTHS, true)),
        quiet("shorter", &[char('<')], "shorter", "halve the maximum length of responses")
            .changes_if(Self::may_type, |write| step(&mut write.sampling.max_tokens, &LENGTHS, false)),
    ];
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
            Message::Key(_) | Message::Paste(_) if self.is_finding(shared) => {
                let Some(list) = self.list_mut() else { return Vec::new() };
                message.type_into(&mut list.words);
                return vec![list.find()];
            }
            Message::Key(key) if self.typing => self.field.handle(key, shared.field),
            Message::Paste(text) if self.may_type(shared) => {
                self.typing = true;
                self.field.insert(text);
            }
            Message::Edited(text) if self.may_type(shared) => {
                (self.field, self.typing) = (text.trim_end().into(), true)
            }
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
            Message::Request(Request::EditPrompt) if self.may_type(shared) => self.typing = true,
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
        self.list().is_some_and(|list| list.finding) || (self.typing && self.is_talking())
    }

    fn cursor(&self, _: &Shared, _: usize) -> Option<(usize, usize)> {
        let list = self.list()?;
        Some((list.cursor, list.found.as_ref()?.len()))
    }

    /// What quitting would lose.
    fn unsaved(&self) -> Option<String> {
        let lost = |talk: &Conversation| talk.is_answered() && talk.kept.is_none();
        match std::iter::once(&self.talk).chain(&self.put_away).filter(|talk| lost(talk)).count() {
            0 => None,
            1 => Some("A conversation on Write is not saved and would be lost.".into()),
            _ => Some("Two conversations on Write are not saved and would be lost.".into()),
        }
    }

    fn follows_end(&self) -> bool {
        self.is_talking() && !self.talk.turns.is_empty()
    }
}

impl Write {
    fn report(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect> {
        if let Some(answering) = message.report::<Answer>() {
            return self.answering(answering);
        } else if let (Some(scores), Pane::Style(shown)) = (message.report::<Score>(), &mut self.pane) {
            shown.clone_from(scores);
        } else if let Some(tally) = message.report::<Judge>() {
            (self.tally, self.pending) = (tally.clone(), None);
        } else if let (Some(found), Pane::Kept(list)) = (message.report::<Find>(), &mut self.pane) {
            list.cursor = list.cursor.min(found.len().saturating_sub(1));
            list.found = Some(found.clone());
        } else if let Some(id) = message.report::<Keep>() {
            self.talk.kept = Some(*id);
            let say = format!("Saved on this machine as conversation {id}; what follows is saved too.");
            return vec![Effect::say_good(say)];
        } else if let Some(conversation) = message.report::<Open>() {
            return self.opened(conversation, shared);
        } else if let Some((id, title)) = message.report::<Delete>() {
            return self.deleted(*id, title);
        } else if let Some(path) = message.report::<Save>() {
            let path = one_line(&path.display().to_string());
            return vec![Effect::say_good(format!("Exported to {path}. It holds your words: share it with care."))];
        }
        Vec::new()
    }
}
