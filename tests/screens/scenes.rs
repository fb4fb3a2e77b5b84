//! Scenes that several tests begin with: the program after its first look, with a profile, with a ranking.

use std::path::Path;
use std::sync::Arc;

use super::made_up::{library, profile, selected, status};
use crate::harness::Harness;
use xpert::app::Context;
use xpert::app::demo::Demo;
use xpert::ui::screens;
use xpert::ui::shell::data::{Look, Measure, Select};
use xpert::ui::shell::guide::Guide;

/// The sizes at which every screen is looked at.
pub const SIZES: [(u16, u16); 4] = [(80, 24), (120, 40), (40, 15), (200, 50)];

/// Compares the screen at every size with its pictures.
pub fn pictures(name: &str, mut harness: impl FnMut(u16, u16) -> Harness) {
    for (width, height) in SIZES {
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), harness(width, height).screen());
    }
}

/// The screen as one line, however it was wrapped and framed.
pub fn words(harness: &mut Harness) -> String {
    let screen = harness.screen().replace(['│', '╭', '╮', '╰', '╯', '─'], " ");
    screen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A data folder that is never written to.
pub fn context() -> Context {
    let mut context = Context::new(Some(Path::new("/data")), None, Some(1)).expect("a context");
    context.interface.keys.clear();
    context
}

/// All screens, just started.
pub fn open(width: u16, height: u16) -> Harness {
    Harness::new(screens::all(&context(), "default"), None, (width, height))
}

pub fn open_demo(demo: &Demo, width: u16, height: u16) -> Harness {
    Harness::new(screens::all(&context(), "default"), Some(Guide::demo(demo)), (width, height))
}

pub fn open_first_run(width: u16, height: u16) -> Harness {
    Harness::new(screens::all(&context(), "default"), Some(Guide::first_run()), (width, height))
}

/// After its first look: there are texts and a base model.
pub fn looked(width: u16, height: u16) -> Harness {
    let mut harness = open(width, height);
    harness.finish::<Look>(status());
    harness.started();
    harness
}

/// On Style, with a profile.
pub fn profiled(width: u16, height: u16) -> Harness {
    let mut harness = looked(width, height);
    harness.press(":");
    harness.type_text("style");
    harness.press("Enter");
    harness.finish::<Measure>(Arc::new(profile()));
    harness
}

/// On Library, with a ranking.
pub fn ranked(width: u16, height: u16) -> Harness {
    let mut harness = looked(width, height);
    harness.press(":");
    harness.type_text("library");
    harness.press("Enter");
    harness.finish::<Select>((Arc::new(selected()), Arc::new(library().1)));
    harness.started();
    harness
}
