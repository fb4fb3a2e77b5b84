//! Library under any keys at any size: it is always drawn, and its state stays sound.

use super::library::{shown, state};
use super::made_up::library;
use proptest::prelude::*;
use xpert::ui::screens::library::Pane;

const KEYS: [&str; 24] = [
    "Down",
    "Up",
    "Space",
    "Enter",
    "Esc",
    "/",
    "w",
    "a",
    "r",
    "m",
    "Backspace",
    ">",
    "<",
    "v",
    "b",
    "+",
    "-",
    "Left",
    "Right",
    "s",
    "PgDn",
    "PgUp",
    "Tab",
    "Shift-Tab",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn no_keys_and_no_size_break_it(
        keys in prop::collection::vec(prop::sample::select(KEYS.to_vec()), 1..60),
        size in (1u16..180, 1u16..45),
    ) {
        let mut harness = shown(size.0, size.1, library());
        for key in keys {
            harness.press(key);
            prop_assert!(!harness.screen().trim().is_empty());
            let library = state(&harness);
            prop_assert!(library.marked.len() <= 3 && library.highlighted().is_none() == library.rows().is_empty());
            if let Pane::Blend(draft) = &library.pane {
                prop_assert!(draft.parts.iter().all(|part| part.weight >= 0.0));
            }
        }
    }
}
