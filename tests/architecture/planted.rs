//! Small made-up crates with one fault each, which the rules must find, and with what looks like a fault but is none.

use std::fs;

use super::rules::{Violation, violations};

/// What the rules find in a crate of these files.
fn found_in(files: &[(&str, &str)]) -> Vec<Violation> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, format!("//! Planted.\n{text}")).expect("a new file");
    }
    violations(folder.path())
}

/// Expects one violation and gives its text.
fn only(files: &[(&str, &str)], rule: &str) -> String {
    let found = found_in(files);
    let all: Vec<_> = found.iter().map(|violation| format!("{}: {}", violation.rule, violation.text)).collect();
    assert!(found.len() == 1 && found[0].rule == rule, "expected only `{rule}`, found {all:#?}");
    found[0].text.clone()
}

fn nothing(files: &[(&str, &str)]) {
    let all: Vec<_> =
        found_in(files).iter().map(|violation| format!("{}: {}", violation.rule, violation.text)).collect();
    assert!(all.is_empty(), "found {all:#?}");
}

const CYCLE: &str = "no cycle between files";

#[test]
fn a_cycle_is_found_and_told_file_by_file() {
    let text = only(
        &[
            ("lib.rs", "pub mod store;"),
            ("store/mod.rs", "mod a; mod b; mod c; pub use a::A; pub use b::B;"),
            ("store/a.rs", "use super::{B, c::C}; pub struct A(B, C);"),
            ("store/b.rs", "use super::c::C; pub struct B(C);"),
            ("store/c.rs", "pub struct C; impl C { fn go(&self) -> crate::store::A { todo() } }"),
        ],
        CYCLE,
    );
    assert!(text.starts_with("3 files in a ring: store/a.rs, store/b.rs, store/c.rs\n"), "{text}");
    assert!(text.contains("store/a.rs:2 names store::c::C, of store/c.rs"), "{text}");
    assert!(text.contains("store/c.rs:2 names store::A, of store/a.rs"), "{text}");
}

#[test]
fn a_parent_that_uses_its_child_and_the_other_way_round_is_a_cycle() {
    let parent = "mod child; pub struct Parent; pub fn run() { child::run() }";
    let files =
        [("lib.rs", "mod store;"), ("store/mod.rs", parent), ("store/child.rs", "use super::Parent; pub fn run() {}")];
    only(&files, CYCLE);
    only(
        &[
            files[0],
            (
                "store/mod.rs",
                &parent.replace("mod child;", "mod child; use child as other;").replace("child::run", "other::run"),
            ),
            files[2],
        ],
        CYCLE,
    );
}

#[test]
fn a_cycle_through_a_glob_or_a_macro_is_found() {
    only(
        &[
            ("lib.rs", "mod store;"),
            ("store/mod.rs", "mod a; mod b; pub use a::*;"),
            ("store/a.rs", "pub struct A; fn f() { println(format!(\"{}\", super::b::B)) }"),
            ("store/b.rs", "use crate::store::A as Other; pub struct B(Other);"),
        ],
        CYCLE,
    );
}

#[test]
fn what_rust_needs_to_join_modules_is_no_cycle() {
    nothing(&[
        ("lib.rs", "mod store;"),
        // Declares, passes on, and takes part in nothing.
        ("store/mod.rs", "mod a; mod b; mod tests_only; pub use a::A; pub use b::{B, self as second};"),
        ("store/a.rs", "use super::{B, second::C}; pub struct A(B, C);"),
        (
            "store/b.rs",
            "//! Not [`super::A`].\npub struct B; pub struct C; // super::A\n#[cfg(test)] mod tests { use super::super::A; }",
        ),
        ("store/tests_only.rs", "#[cfg(test)] use super::A; #[cfg(test)] fn f() -> super::A { super::A }"),
    ]);
}

#[test]
fn modules_for_tests_are_not_read() {
    nothing(&[
        ("lib.rs", "mod store;"),
        ("store/mod.rs", "#[cfg(test)] mod tests; pub struct Store;"),
        ("store/tests.rs", "use crate::app::App; const FLAG: &str = \"--flag\";"),
        ("app/mod.rs", "pub struct App;"),
    ]);
}

#[test]
fn an_upward_import_is_found_however_it_is_written() {
    let upward = "no layer names one above it";
    for line in [
        "use crate::app::App;",
        "use crate::{app::App, platform::{self, lock}};",
        "use super::app;",
        "fn f() -> Option<crate::app::App> { None }",
        "use crate as root; fn f(_: root::app::App) {}",
    ] {
        let files = [("lib.rs", "mod app; mod store;"), ("app/mod.rs", "pub struct App;"), ("store/mod.rs", line)];
        let text = only(&files, upward);
        assert!(text.contains("store/mod.rs:2 names app"), "{text}");
        nothing(&[files[0], files[1], ("store/mod.rs", "use crate::platform::apple; fn f() { other::app::run() }")]);
    }
    only(
        &[("lib.rs", "mod platform; mod store;"), ("platform/mod.rs", "use crate::store;"), ("store/mod.rs", "")],
        upward,
    );
    nothing(&[
        ("lib.rs", "mod platform; mod store;"),
        ("platform/mod.rs", ""),
        ("store/mod.rs", "use crate::platform;"),
    ]);
}

#[test]
fn a_layer_cannot_be_reached_through_another_ones_re_export() {
    let files = [
        ("lib.rs", "mod app; mod store; mod import;"),
        ("app/mod.rs", "pub struct App;"),
        ("store/mod.rs", "pub use crate::app::App;"),
        ("import/mod.rs", "use crate::store::App;"),
    ];
    let found = found_in(&files);
    let upward = found.iter().filter(|violation| violation.rule == "no layer names one above it");
    assert_eq!(upward.flat_map(|violation| &violation.files).collect::<Vec<_>>(), ["import/mod.rs", "store/mod.rs"]);
}

const TYPED: &str = "what to type is said in cli and ui";

#[test]
fn a_flag_or_a_command_in_a_lower_layer_is_found() {
    for line in [
        "const HELP: &str = \"name another with --data-dir\";",
        "const HELP: &str = \"`--map` does it\";",
        "const HELP: &str = r#\"run `xpert train`\"#;",
        "fn f() -> String { format!(\"(--rank {})\", 1) }",
        "#[error(\"leave out --rank\")] struct E;",
    ] {
        let text = only(&[("lib.rs", "mod store;"), ("store/mod.rs", line)], TYPED);
        assert!(text.starts_with("store/mod.rs:2 says "), "{text}");
        nothing(&[("lib.rs", "mod cli;"), ("cli/mod.rs", line)]);
    }
    nothing(&[
        ("lib.rs", "mod store;"),
        (
            "store/mod.rs",
            "//! `xpert train --rank`.\nconst SQL: &str = \"-- no flag\"; const LINE: &str = \"a --- b<!--c-->, expert xperts\";",
        ),
    ]);
}

const LIST: (&str, &str) = ("ui/screens/mod.rs", "mod train; mod write; pub fn all() { train::draw(); write::draw() }");
const UI: (&str, &str) = ("ui/mod.rs", "mod screens; mod shell; mod widgets; mod theme; fn run() { screens::all() }");
const SHELL: (&str, &str) = ("ui/shell/mod.rs", "use crate::ui::widgets::Bar; pub trait Screen { fn draw(_: Bar) {} }");
const WIDGETS: (&str, &str) = ("ui/widgets/mod.rs", "use crate::ui::theme::Theme; pub struct Bar(Theme);");
const THEME: (&str, &str) = ("ui/theme/mod.rs", "pub struct Theme;");
const TRAIN: (&str, &str) = ("ui/screens/train/mod.rs", "mod view; use crate::ui::shell::Screen; pub use view::draw;");
const TRAIN_VIEW: (&str, &str) =
    ("ui/screens/train/view.rs", "use super::super::super::widgets::Bar; pub fn draw() {}");
const WRITE: (&str, &str) = ("ui/screens/write.rs", "pub fn draw() {}");

/// The crate above with one file in another's place.
fn with<'a>(replaced: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    let files = [("lib.rs", "mod ui;"), UI, LIST, SHELL, WIDGETS, THEME, TRAIN, TRAIN_VIEW, WRITE];
    files.into_iter().map(|file| if file.0 == replaced.0 { replaced } else { file }).collect()
}

#[test]
fn inside_the_screens_each_part_knows_only_what_it_may() {
    nothing(&with(TRAIN));
    let screen = "a screen is named by itself and the list of screens only";
    only(&with((WRITE.0, "use super::train::draw as other; pub fn draw() {}")), screen);
    only(&with((WRITE.0, "pub fn draw() { crate::ui::screens::train::draw() }")), screen);
    only(&with((WIDGETS.0, "use super::screens::write; pub struct Bar;")), screen);
    only(&with((SHELL.0, "use super::{screens::write::draw, widgets::Bar}; pub trait Screen {}")), screen);
    only(&with((UI.0, "mod screens; mod shell; mod widgets; mod theme; use screens::write;")), screen);
    only(
        &with((SHELL.0, "use super::screens::all; pub trait Screen {}")),
        "the list of screens is named by ui/mod.rs only",
    );
    for (file, rule) in [(WIDGETS.0, "widgets know no shell"), (THEME.0, "the theme knows no shell and no widgets")] {
        let found = found_in(&with((file, "use crate::ui::shell::Screen; pub struct Bar; pub struct Theme;")));
        assert!(found.iter().any(|violation| violation.rule == rule && violation.files == [file]), "{rule}");
    }
}

#[test]
fn terminals_and_prints_below_the_top_are_found() {
    let with = |line| [("lib.rs", "mod store;"), ("store/mod.rs", line)];
    only(&with("use ratatui::Frame;"), "only the top knows the terminal");
    only(&with("fn f() -> crossterm::Key { todo() }"), "only the top knows the terminal");
    only(&with("fn f() { println!(\"a\") }"), "only the top prints");
    nothing(&with("fn f() { print(1); let ratatui = 2; }"));
}

#[test]
fn a_file_without_a_folder_a_first_line_or_an_end_is_found() {
    only(&[("lib.rs", "mod loose;"), ("loose.rs", "")], "every file lies in a folder that has a rule");
    only(&[("lib.rs", "mod store;"), ("store/mod.rs", &"\n".repeat(520))], "a file has at most 520 lines");
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("lib.rs"), "pub struct Nothing;").expect("a new file");
    assert_eq!(violations(folder.path())[0].rule, "a file opens by saying its job");
}
