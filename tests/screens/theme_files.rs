//! Theme files: what a theme inherits, what is wrong with a file and on which line, and reading it again when it changes.

use std::fs;
use std::path::Path;

use ratatui::style::{Color, Modifier, Style};

use crate::harness::load_theme;
use xpert::ui::theme::{Abilities, DEFAULT, Depth, Theme, Watched};

/// Loads `name` where the user's folder holds these themes.
fn load_from(themes: &[(&str, &str)], name: &str) -> Result<Theme, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (stem, text) in themes {
        fs::write(folder.path().join(format!("{stem}.toml")), text).expect("writable");
    }
    load_theme(name, folder.path())
}

#[test]
fn a_theme_takes_what_it_does_not_say_from_its_parent() {
    let text = "name = 'Mine'\ninherits = 'dark'\n[palette]\nred = '#123456'\n[styles]\n\
                bad = { fg = 'red', italic = true }\ngood = { fg = 214, bg = 'lightblue' }\n";
    let (mine, dark) = (load_from(&[("mine", text)], "mine").unwrap(), load_from(&[], "dark").unwrap());
    assert_eq!(mine.name, "Mine");
    assert_eq!(mine.background, dark.background);
    assert_eq!(mine.styles.text, dark.styles.text);
    // A name of the palette comes before the terminal's own of that name.
    assert_eq!(mine.styles.bad, Style::new().fg(Color::Rgb(0x12, 0x34, 0x56)).add_modifier(Modifier::ITALIC));
    assert_eq!(mine.styles.good, Style::new().fg(Color::Indexed(214)).bg(Color::LightBlue));
}

#[test]
fn another_colour_in_the_palette_changes_the_inherited_styles() {
    let text = "name = 'x'\ninherits = 'dark'\n[palette]\nink = '#ffffff'\nground = '#000000'\n";
    let theme = load_from(&[("x", text)], "x").unwrap();
    assert_eq!(theme.styles.text.fg, Some(Color::Rgb(255, 255, 255)));
    assert_eq!(theme.background, Some(Color::Rgb(0, 0, 0)));
}

#[test]
fn a_theme_may_take_the_place_of_the_shipped_one_and_inherit_it() {
    let text = "name = 'dark'\ninherits = 'dark'\n[styles]\ntext = { fg = 'white' }\n";
    let theme = load_from(&[("dark", text)], "dark").unwrap();
    assert_eq!(theme.styles.text.fg, Some(Color::White));
    // So do the themes that inherit it.
    assert_eq!(load_from(&[("dark", text)], "colour-blind").unwrap().styles.text.fg, Some(Color::White));
}

#[test]
fn errors_name_the_file_the_line_and_what_to_do() {
    let dark = "name = 'x'\ninherits = 'dark'\n";
    let cases = [
        ("inherits = 'dark'\n", 1, "begin the file with name = \"x\""),
        ("name = 'x'\ninherits = 'midnight'\n", 2, "no theme called `midnight`: choose one of default, dark"),
        ("name = 'x'\ninherits = 'x'\n", 2, "`x` inherits from itself"),
        ("name = 'x'\n\n[styles]\ntext = {}\n", 3, "missing in [styles]: dim, heading"),
        ("name = 'x'\ncolour = 'red'\n", 2, "unknown field `colour`, expected one of `name`"),
        ("name = 'x'\n[styles\n", 2, "expected `]`"),
        (&format!("{dark}[styles]\ntext = {{}}\ntitle = {{}}\n"), 5, "no role `title`: the roles are text, dim"),
        (&format!("{dark}[styles]\n\nbad = {{ fg = 'inkk' }}\n"), 5, "`inkk` is neither in [palette] nor a colour"),
        (
            &format!("{dark}[styles]\nbad = {{ fg = 256 }}\n"),
            4,
            "`256` is neither in [palette] nor a colour: add it there, or write #rrggbb",
        ),
        (&format!("{dark}[styles]\nbad = {{ fg = true }}\n"), 4, "`true` is neither in [palette] nor a colour"),
        (&format!("{dark}[styles]\nbad = {{ blink = true }}\n"), 4, "unknown field `blink`, expected one of `fg`"),
        (&format!("{dark}[palette]\nink = '#12345'\n"), 4, "`ink` of the palette is not a colour: write #rrggbb"),
        ("name = 'x'\nbackground = 'nought'\ninherits = 'dark'\n", 2, "`nought` is neither"),
    ];
    for (text, line, what) in cases {
        let error = load_from(&[("x", text)], "x").unwrap_err();
        assert!(error.contains("x.toml") && error.contains(&format!(", line {line}: ")), "{text:?}: {error}");
        assert!(error.contains(what), "{text:?}: {error}");
    }
}

#[test]
fn a_fault_in_a_parent_is_told_of_the_parent() {
    let themes = [("child", "name = 'c'\ninherits = 'parent'\n"), ("parent", "name = 'p'\n\n[palette]\na = 'b'\n")];
    let error = load_from(&themes, "child").unwrap_err();
    assert!(error.contains("parent.toml, line 4: "), "{error}");
}

#[test]
fn a_circle_is_found_and_shown() {
    let themes = [
        ("a", "name = 'a'\ninherits = 'b'\n"),
        ("b", "name = 'b'\ninherits = 'c'\n"),
        ("c", "name = 'c'\n\ninherits = 'b'\n"),
    ];
    let error = load_from(&themes, "a").unwrap_err();
    assert!(error.contains("c.toml, line 3: ") && error.contains("(b from c from b)"), "{error}");
}

#[test]
fn a_name_never_leads_out_of_the_folder() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("outside.toml"), "name = 'o'\ninherits = 'dark'\n").expect("writable");
    let themes = folder.path().join("themes");
    fs::create_dir(&themes).expect("writable");
    for name in ["../outside", "", ".", "/etc/passwd"] {
        let error = load_theme(name, &themes).unwrap_err();
        assert!(error.contains("there is no theme called") && error.contains("themes"), "{name}: {error}");
    }
}

const ALL: Abilities = Abilities { depth: Depth::True, unicode: true, light: false };

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(format!("{name}.toml")), text).expect("writable");
}

fn with_text(parent: &str, colour: &str) -> String {
    format!("name = 'x'\ninherits = '{parent}'\n[styles]\ntext = {{ fg = '{colour}' }}\n")
}

#[test]
fn a_changed_file_is_seen_and_read_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), "mine", &with_text("dark", "red"));
    let mut watched = Watched::open(Some("mine"), folder.path(), ALL).unwrap();
    assert!(watched.refresh().is_none());
    write(folder.path(), "mine", &with_text("dark", "green").replace("'x'", "'My own'"));
    assert_eq!(watched.refresh().unwrap().unwrap(), "My own");
    assert_eq!(watched.theme.styles.text.fg, Some(Color::Green));
    assert!(watched.refresh().is_none());
}

#[test]
fn a_change_of_the_same_length_is_seen_by_its_time() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), "mine", &with_text("dark", "red"));
    let mut watched = Watched::open(Some("mine"), folder.path(), ALL).unwrap();
    let file = fs::File::options().append(true).open(folder.path().join("mine.toml")).expect("there");
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("settable");
    assert!(watched.refresh().is_some());
}

#[test]
fn parents_are_watched_also_those_that_are_not_there_yet() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), "mine", "name = 'm'\ninherits = 'parent'\n");
    write(folder.path(), "parent", &with_text("dark", "red"));
    let mut watched = Watched::open(Some("mine"), folder.path(), ALL).unwrap();
    write(folder.path(), "parent", &with_text("dark", "green"));
    watched.refresh().unwrap().unwrap();
    assert_eq!(watched.theme.styles.text.fg, Some(Color::Green));
    // Takes the place of the shipped one.
    write(folder.path(), "dark", "name = 'd'\ninherits = 'light'\n");
    watched.refresh().unwrap().unwrap();
    assert_eq!(watched.theme.background, load_theme("light", folder.path()).unwrap().background);
}

#[test]
fn a_broken_file_leaves_the_old_theme_and_is_told_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), "mine", &with_text("dark", "red"));
    let mut watched = Watched::open(Some("mine"), folder.path(), ALL).unwrap();
    write(folder.path(), "mine", &with_text("dark", "reddish"));
    let error = watched.refresh().unwrap().unwrap_err().to_string();
    assert!(error.contains("mine.toml, line 4: `reddish`"), "{error}");
    assert_eq!(watched.theme.styles.text.fg, Some(Color::Red));
    assert!(watched.refresh().is_none());
    write(folder.path(), "mine", &with_text("dark", "blue"));
    watched.refresh().unwrap().unwrap();
    assert_eq!(watched.theme.styles.text.fg, Some(Color::Blue));
}

#[test]
fn without_a_choice_the_theme_suits_the_terminal() {
    let chosen = |set: &[(&str, &str)]| {
        let variable = |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Watched::open(None, Path::new("/nonexistent"), Abilities::of(variable)).unwrap().wished
    };
    let colour = ("COLORTERM", "truecolor");
    assert_eq!(chosen(&[("TERM", "xterm-256color")]), DEFAULT);
    assert_eq!(chosen(&[colour]), "dark");
    assert_eq!(chosen(&[colour, ("COLORFGBG", "15;0")]), "dark");
    assert_eq!(chosen(&[colour, ("COLORFGBG", "0;default;15")]), "light");
}

#[test]
fn another_theme_is_taken_only_if_it_can_be_used() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut watched = Watched::open(None, folder.path(), ALL).unwrap();
    assert_eq!(watched.wished.as_str(), "dark");
    assert!(watched.choose("nowhere").is_err());
    assert_eq!((watched.wished.as_str(), watched.theme.name.as_str()), ("dark", "dark"));
    watched.choose("light").unwrap();
    assert_eq!((watched.wished.as_str(), watched.theme.name.as_str()), ("light", "light"));
}
