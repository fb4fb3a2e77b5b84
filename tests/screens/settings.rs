//! Settings: a value changes at once and is saved; the machine is checked when it is looked at.

use super::scenes::{looked, pictures};
use crate::harness::Harness;
use xpert::app::doctor::{Check, Health, Remedy};
use xpert::ui::screens::settings::Examine;
use xpert::ui::shell::data::Save;
use xpert::ui::shell::state::Act;

fn checks() -> Vec<Check> {
    vec![
        Check { name: "Data folder", health: Health::Good, found: "/data, private".into(), remedy: None },
        Check {
            name: "Base model",
            health: Health::Open,
            found: "not on this machine yet".into(),
            remedy: Some(Remedy::DownloadModel),
        },
        Check { name: "Memory", health: Health::Bad, found: "300 MiB free: training needs more".into(), remedy: None },
    ]
}

fn settings(width: u16, height: u16) -> Harness {
    let mut harness = looked(width, height);
    harness.press(":");
    harness.type_text("settings");
    harness.press("Enter");
    harness.finish::<Examine>(checks());
    harness.started();
    harness
}

#[test]
fn settings_show_values_and_what_was_found() {
    pictures("settings", settings);
}

#[test]
fn a_value_changes_at_once_and_is_saved() {
    let mut harness = settings(80, 24);
    harness.acts.clear();
    harness.press("Right");
    assert!(matches!(&harness.acts[0], Act::Theme(name) if name != "default"), "{:?}", harness.acts);
    harness.expect_started(&["save-setting"]);
    harness.finish::<Save>(());
    harness.press("Down");
    harness.press("Down");
    harness.press("Right");
    assert_eq!(harness.shell.shared.budget.memory_mb, Some(400));
    assert!(harness.screen().contains("at most 400 MiB"));
    harness.press("Left");
    assert_eq!(harness.shell.shared.budget.memory_mb, None);
}

#[test]
fn a_setting_that_cannot_be_saved_is_reported_where_it_is_changed() {
    let mut harness = settings(80, 24);
    harness.press("Right");
    harness.fail::<Save>("the disk is full");
    assert!(harness.screen().contains("the disk is full"));
    harness.press("Esc");
    assert!(!harness.screen().contains("the disk is full"));
}
