//! The conversations that are kept: keeping the one on the screen, and the list of all, to find, open and delete them.

use super::jobs::{Delete, Find, Keep, Open, Save};
use super::state::{List, Pane, Write, is_idle};
use crate::app::conversation::Conversation;
use crate::app::transcript::FILE_NAME;
use crate::app::write::Voice;
use crate::store::Conversation as Kept;
use crate::ui::format::one_line;
use crate::ui::shell::{Answer, Effect, Scroll, Shared};

impl Write {
    pub(super) fn list(&self) -> Option<&List> {
        if let Pane::Kept(list) = &self.pane { Some(list) } else { None }
    }

    pub(super) fn list_mut(&mut self) -> Option<&mut List> {
        if let Pane::Kept(list) = &mut self.pane { Some(list) } else { None }
    }

    pub(super) fn is_finding(&self, _: &Shared) -> bool {
        self.list().is_some_and(|list| list.finding)
    }

    /// Keeps the conversation on this machine, and whatever is still said in it. Names come with it.
    pub(super) fn keep(&mut self, _: &Shared) -> Vec<Effect> {
        self.reveal();
        vec![Effect::start(Keep(self.talk.to_keep()))]
    }

    pub(super) fn open_list(&mut self, _: &Shared) -> Vec<Effect> {
        let list = List::default();
        let find = list.find();
        self.pane = Pane::Kept(list);
        vec![Effect::Scroll(Scroll::Top), find]
    }

    pub(super) fn has_one(&self, shared: &Shared) -> bool {
        is_idle(shared) && !shared.runs::<Find>() && self.list().is_some_and(|list| list.highlighted().is_some())
    }

    /// Ends typing, and opens the highlighted conversation.
    pub(super) fn open(&mut self, _: &Shared) -> Vec<Effect> {
        let Some(list) = self.list_mut() else { return Vec::new() };
        list.finding = false;
        list.highlighted().map(|found| Effect::start(Open(found.summary.id))).into_iter().collect()
    }

    pub(super) fn ask_to_delete(&mut self, _: &Shared) -> Vec<Effect> {
        let Some(found) = self.list().and_then(List::highlighted) else { return Vec::new() };
        let summary = &found.summary;
        let question = format!("\"{}\" will be deleted permanently, with all its responses.", one_line(&summary.title));
        let answer = Answer::Word("delete", vec![Effect::start(Delete(summary.id))]);
        vec![Effect::ask("Delete this conversation?", question, answer)]
    }

    /// Whoever still looks at a deleted conversation can keep it again.
    pub(super) fn deleted(&mut self, id: i64, title: &str) -> Vec<Effect> {
        for talk in std::iter::once(&mut self.talk).chain(&mut self.put_away) {
            talk.kept = talk.kept.filter(|kept| *kept != id);
        }
        let say = Effect::say_good(format!("Deleted: {}.", one_line(title).trim_end_matches('.')));
        [say].into_iter().chain(self.list().map(List::find)).collect()
    }

    /// Continues a kept conversation, with the voice and the sampling that it was written with.
    pub(super) fn opened(&mut self, kept: &Kept, shared: &Shared) -> Vec<Effect> {
        let talk = Conversation::from(kept);
        let responses = talk.turns.iter().rev().flat_map(|turn| &turn.responses);
        let other = responses.map(|response| response.voice.clone()).find(|voice| *voice != Voice::Base);
        if let Some(answered) = talk.turns.iter().rev().find(|turn| !turn.responses.is_empty()) {
            self.sampling = answered.sampling.clone();
        }
        self.turn_to(talk);
        self.pane = Pane::Talk;
        self.looked_at = usize::MAX;
        self.leave_prompt();
        if let Some(other) = other {
            self.continue_with(other, shared);
        }
        vec![Effect::Scroll(Scroll::Top)]
    }

    pub(super) fn save(&mut self, _: &Shared) -> Vec<Effect> {
        let transcript = self.talk.transcript();
        let then = move |path| vec![Effect::start(Save { transcript: transcript.clone(), path })];
        let question =
            "Exports the conversation as Markdown that only you can read. An existing file is never replaced.";
        let suggestion = self.folder.join(FILE_NAME).display().to_string();
        vec![Effect::ask("Export the conversation", question, Answer::text("File", suggestion, then))]
    }
}
