//! The whole job on the real base model by keys alone, on a real (pseudo) terminal: the demo, from its first screen to an answer of the
//! personal model.

use std::time::Duration;

use crate::base_model;
use crate::pty::Program;

/// A training step is a second or two, and other tests may want the machine, too.
const PATIENCE: Duration = Duration::from_mins(30);

#[test]
fn the_demo_is_gone_through_by_one_key() {
    base_model::path();
    let mut program = Program::start(&["demo", "--steps", "2"], &[]);
    let steps = [
        "read the demo's files",
        "save these texts",
        "see how you write",
        "see which model fits",
        "set up training",
        "start training",
        "go to Write",
        "ask both models",
        "tokens/s",
    ];
    for (at, shown) in steps.into_iter().enumerate() {
        if at > 0 {
            program.press("\r");
        }
        program.expect_drawn(shown, PATIENCE);
    }
    // The conversation is not kept, so quitting asks first.
    program.press("q");
    program.expect_drawn("Quit?", PATIENCE);
    program.press("y");
    assert_eq!(program.exit_code(), 0);
    program.expect_terminal_given_back();
}
