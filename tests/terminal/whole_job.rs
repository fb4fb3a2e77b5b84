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
        "Enter reads her files",
        "Enter keeps the",
        "Enter measures how she writes",
        "Enter ranks the library",
        "for 2 steps",
        "Enter gives base and personal model the same prompt",
        "Done: Nell's model is trained and has written",
    ];
    for (at, shown) in steps.into_iter().enumerate() {
        if at > 0 {
            program.press("\r");
        }
        program.expect_drawn(shown, PATIENCE);
    }
    program.press("q");
    assert_eq!(program.exit_code(), 0);
    program.expect_terminal_given_back();
}
