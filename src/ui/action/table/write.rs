//! The rows of Write: its conversation, the style of the answers, and the list of what is kept.

use super::{A, DOWN, ENTER, ESC, Entry, Key, LEFT, Place, RIGHT, UP, char, row};
use crate::ui::message::Effect;
use crate::ui::model::Model;
use crate::ui::screens::write::{self, Showing, blind, kept, measured};
use crate::ui::screens::{Screen, train};
use crate::ui::update;

/// A row of this screen.
const fn here(
    action: A,
    keys: &'static [Key],
    words: (&'static str, &'static str),
    run: fn(&mut Model) -> Vec<Effect>,
) -> Entry {
    row(Place::On(Screen::Write), action, keys, words, run)
}

pub(super) const ROWS: &[Entry] = &[
    here(A::OpenConversation, &[ENTER], ("open", "go on with the highlighted conversation"), kept::open)
        .when(kept::has_one),
    here(A::FindConversation, &[char('/')], ("find", "find conversations by words said in them"), kept::begin_finding)
        .when(kept::listing),
    here(
        A::DeleteConversation,
        &[char('D')],
        ("delete", "delete the highlighted conversation, after a question"),
        kept::ask_to_delete,
    )
    .when(kept::has_one),
    here(A::Down, &[DOWN, char('j')], ("next", "the next conversation"), update::down).when(kept::has_one),
    here(A::Up, &[UP, char('k')], ("previous", "the conversation before"), update::up).when(kept::has_one).quiet(),
    here(A::ClosePane, &[ESC], ("close", "back to the conversation"), write::close_pane).when(|m| !write::talking(m)),
    here(A::ClosePane, &[char('s')], ("close", "back to the conversation"), write::close_pane)
        .when(|m| m.screens.write.showing == Showing::Style)
        .quiet(),
    here(
        A::PreferFirst,
        &[char('a')],
        ("A is better", "in a blind test: the first answer is better"),
        blind::prefer_first,
    )
    .when(blind::may_judge),
    here(
        A::PreferSecond,
        &[char('b')],
        ("B is better", "in a blind test: the second answer is better"),
        blind::prefer_second,
    )
    .when(blind::may_judge),
    here(
        A::PreferNeither,
        &[char('u')],
        ("cannot tell", "in a blind test: show who wrote which, and count nothing"),
        blind::prefer_neither,
    )
    .when(blind::may_judge),
    here(A::EditPrompt, &[ENTER, char('e')], ("type a prompt", "say what is to be written next"), write::edit)
        .when(write::may_type),
    here(A::AskAgain, &[char('w')], ("same again", "let both models answer the last prompt again"), write::ask_again)
        .when(write::has_talk),
    here(
        A::RevisePrompt,
        &[char('E')],
        ("edit prompt", "change the last prompt and ask it in its place; Up goes to those before"),
        write::revise,
    )
    .when(write::has_talk),
    here(A::NextVoice, &[char('v')], ("other model", "choose who answers beside the base model"), write::next_voice)
        .when(|m| write::may_type(m) && write::may_change(m)),
    here(A::CopyAnswer, &[char('y')], ("copy", "copy the answer, also over SSH (OSC 52)"), write::copy)
        .when(write::may_copy),
    here(
        A::BlindTest,
        &[char('B')],
        ("blind test", "let the next answers come without names, to say which is better; or with names again"),
        blind::toggle,
    )
    .when(blind::may_toggle),
    here(
        A::AnswerStyle,
        &[char('s')],
        ("style", "where the answers stand on your style axes, all of a model together"),
        measured::open,
    )
    .when(write::has_answers),
    here(A::KeepConversation, &[char('K')], ("keep", "keep this conversation on this machine"), kept::keep)
        .when(kept::may_keep),
    here(
        A::NewConversation,
        &[char('n')],
        ("new", "begin a new conversation; this one can be brought back until you ask something"),
        write::begin_anew,
    )
    .when(write::has_talk),
    here(A::BringBack, &[char('u')], ("bring back", "bring the conversation before back"), write::bring_back)
        .when(write::may_bring_back),
    here(
        A::Conversations,
        &[char('o')],
        ("kept ones", "the conversations that are kept: find, open and delete them"),
        kept::open_list,
    )
    .when(kept::may_list),
    here(
        A::SaveConversation,
        &[char('f')],
        ("save as file", "write this conversation as Markdown, into the folder you started in"),
        write::save,
    )
    .when(|m| write::has_answers(m) && kept::may_list(m))
    .quiet(),
    here(
        A::OtherPane,
        &[RIGHT, LEFT],
        ("other answer", "the other answer, where only one fits; and the one that is copied"),
        write::other_pane,
    )
    .when(|m| write::talking(m) && m.screens.write.talk.turns.last().is_some_and(|turn| turn.answers.len() > 1))
    .quiet(),
    here(A::Hotter, &[char('+'), char('=')], ("warmer", "a higher temperature: more varied words"), write::hotter)
        .when(write::may_type)
        .quiet(),
    here(A::Cooler, &[char('-')], ("cooler", "a lower temperature: likelier words; 0 draws none"), write::cooler)
        .when(write::may_type)
        .quiet(),
    here(A::Longer, &[char('>')], ("longer", "let answers be twice as long"), write::longer)
        .when(write::may_type)
        .quiet(),
    here(A::Shorter, &[char('<')], ("shorter", "let answers be half as long"), write::shorter)
        .when(write::may_type)
        .quiet(),
    here(A::FetchBase, &[char('b')], ("fetch base model", "fetch the base model (uses the network)"), train::fetch)
        .when(train::base_missing),
];
