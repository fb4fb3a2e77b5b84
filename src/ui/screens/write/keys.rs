//! The keys of Write: its conversation, the style of the responses, and the list of what is kept.

use super::parts::{Pane, Place};
use super::state::{LENGTHS, TEMPERATURES, Write, step};
use crate::ui::shell::binding::Binding;
use crate::ui::shell::data::FetchBase;
use crate::ui::shell::effect::Effect;
use crate::ui::shell::keys::{DOWN, ENTER, ESC, Key, LEFT, RIGHT, UP, char, row};
use crate::ui::shell::shared::Shared;

const EDITOR: &str = "write the prompt in your editor ($VISUAL or $EDITOR)";
const CLOSE: &str = "back to the conversation";
const OPEN: &str = "continue the highlighted conversation";

pub const KEYS: &[Binding<Write>] = &[
    // While a prompt is typed.
    row("submit-prompt", &[ENTER], "ask", "let both models answer").while_typing().runs(Write::submit).when(typing),
    row("new-line", &[Key::control('j')], "new line", "begin a new line in the prompt")
        .while_typing()
        .runs(Write::new_line)
        .when(typing),
    row("edit-in-editor", &[Key::control('o')], "editor", EDITOR)
        .while_typing()
        .runs(Write::edit_elsewhere)
        .when(typing),
    row(
        "earlier-prompt",
        &[UP],
        "earlier prompt",
        "from the first row: change the prompt before, and ask it in its place",
    )
    .while_typing()
    .runs(Write::earlier_prompt)
    .when(may_go_earlier),
    row("later-prompt", &[DOWN], "later", "from the last row: the prompt after it, at last a new one")
        .while_typing()
        .runs(Write::later_prompt)
        .when(may_go_later),
    // While words to find are typed.
    row("open-conversation", &[ENTER], "open", OPEN)
        .while_typing()
        .runs(Write::open)
        .when(|write, shared| write.is_finding() && write.has_one(shared)),
    row("filter-down", &[DOWN], "next", "the next conversation")
        .while_typing()
        .quiet()
        .runs(Write::next_found)
        .when(|write, _| write.is_finding()),
    row("filter-up", &[UP], "previous", "the conversation before")
        .while_typing()
        .quiet()
        .runs(Write::previous_found)
        .when(|write, _| write.is_finding()),
    // The list of kept conversations.
    row("open-conversation", &[ENTER], "open", OPEN).runs(Write::open).when(Write::has_one),
    row("find-conversation", &[char('/')], "find", "find kept conversations by words said in them")
        .also("search history")
        .runs(Write::begin_finding)
        .when(|write, _| write.list().is_some()),
    row("delete-conversation", &[char('D')], "delete", "delete the highlighted conversation, after a question")
        .destructive()
        .runs(Write::ask_to_delete)
        .when(Write::has_one),
    row("close-pane", &[ESC], "close", CLOSE).runs(Write::close_pane).when(|write, _| !write.is_talking()),
    row("close-pane", &[char('s')], "close", CLOSE)
        .quiet()
        .runs(Write::close_pane)
        .when(|write, _| matches!(write.pane, Pane::Style(_))),
    // The blind test.
    row("prefer-first", &[char('a')], "A is better", "in a blind test: the first response is better")
        .runs(Write::prefer_first)
        .when(Write::may_judge),
    row("prefer-second", &[char('b')], "B is better", "in a blind test: the second response is better")
        .runs(Write::prefer_second)
        .when(Write::may_judge),
    row("prefer-neither", &[char('u')], "cannot tell", "in a blind test: show who wrote which, and count nothing")
        .runs(Write::prefer_neither)
        .when(Write::may_judge),
    // The conversation.
    row("fetch-base", &[char('b')], "download model", "download the base model (uses the network)")
        .runs(fetch_base)
        .when(lacks_base),
    row("edit-prompt", &[ENTER, char('e')], "type a prompt", "type what is to be written next")
        .runs(Write::edit)
        .when(Write::may_type),
    row("edit-in-editor", &[Key::control('o')], "editor", EDITOR)
        .quiet()
        .runs(Write::edit_elsewhere)
        .when(Write::may_type),
    row("ask-again", &[char('w')], "same again", "let both models answer the last prompt again")
        .also("retry regenerate")
        .runs(Write::ask_again)
        .when(Write::has_talk),
    row(
        "revise-prompt",
        &[char('E')],
        "edit prompt",
        "change the last prompt and ask it in its place; Up: those before",
    )
    .runs(Write::revise)
    .when(Write::has_talk),
    row("next-voice", &[char('v')], "other model", "choose who answers beside the base model")
        .also("voice library run")
        .runs(Write::next_voice)
        .when(Write::may_change_voice),
    row("keep-conversation", &[char('K')], "keep", "keep this conversation on this machine")
        .also("save")
        .runs(Write::keep)
        .when(Write::may_keep),
    row("copy-answer", &[char('y')], "copy", "copy the response, also over SSH (OSC 52)")
        .also("clipboard yank")
        .runs(Write::copy)
        .when(Write::may_copy),
    row("answer-style", &[char('s')], "style", "where the responses are on your style axes, all of a model together")
        .also("measure score axes")
        .runs(Write::open_style)
        .when(Write::has_answers),
    row(
        "blind-test",
        &[char('B')],
        "blind test",
        "let the next responses come without names and judge them, or with names",
    )
    .also("compare a/b")
    .runs(Write::toggle_blind_test)
    .when(Write::may_test),
    row("conversations", &[char('o')], "kept ones", "the conversations that are kept: find, open and delete them")
        .also("history")
        .runs(Write::open_list)
        .when(Write::may_type),
    row("new-conversation", &[char('n')], "new", "begin a new conversation; this one can be brought back")
        .runs(Write::begin_new)
        .when(Write::has_talk),
    row("bring-back", &[char('u')], "bring back", "bring the conversation before back")
        .runs(Write::bring_back)
        .when(Write::may_bring_back),
    row("save-conversation", &[char('f')], "save as file", "save this conversation as Markdown; asks for the file")
        .also("export transcript")
        .quiet()
        .runs(Write::save)
        .when(Write::has_answers),
    row("other-pane", &[RIGHT, LEFT], "other response", "choose the response that is copied")
        .quiet()
        .runs(Write::other_response)
        .when(Write::has_two),
    row("hotter", &[char('+'), char('=')], "warmer", "a higher temperature: more varied words")
        .quiet()
        .runs(|write: &mut Write, _| step(&mut write.sampling.temperature, &TEMPERATURES, true))
        .when(Write::may_type),
    row("cooler", &[char('-')], "cooler", "a lower temperature: likelier words; 0 always takes the likeliest")
        .quiet()
        .runs(|write: &mut Write, _| step(&mut write.sampling.temperature, &TEMPERATURES, false))
        .when(Write::may_type),
    row("longer", &[char('>')], "longer", "let responses be twice as long")
        .quiet()
        .runs(|write: &mut Write, _| step(&mut write.sampling.max_tokens, &LENGTHS, true))
        .when(Write::may_type),
    row("shorter", &[char('<')], "shorter", "let responses be half as long")
        .quiet()
        .runs(|write: &mut Write, _| step(&mut write.sampling.max_tokens, &LENGTHS, false))
        .when(Write::may_type),
];

fn typing(write: &Write, _: &Shared) -> bool {
    write.prompt.typing
}

fn may_go_earlier(write: &Write, shared: &Shared) -> bool {
    write.prompt.typing && !write.talk.turns.is_empty() && write.prompt.field.is_on_first_row(shared.field)
}

fn may_go_later(write: &Write, shared: &Shared) -> bool {
    let revises = matches!(write.prompt.place, Place::InsteadOf { .. });
    write.prompt.typing && revises && write.prompt.field.is_on_last_row(shared.field)
}

fn lacks_base(_: &Write, shared: &Shared) -> bool {
    shared.status.is_some() && !shared.has_base() && !shared.runs::<FetchBase>()
}

fn fetch_base(_: &mut Write, _: &Shared) -> Vec<Effect> {
    vec![Effect::FetchBase]
}
