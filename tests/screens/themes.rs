//! The shipped themes as they are seen: told apart, readable, at every colour depth, also with colour blindness.

use std::fs;
use std::path::Path;

use palette::color_difference::Ciede2000;
use palette::white_point::D65;
use palette::{IntoColor, Lab, LinSrgb, Srgb};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use crate::harness::load_theme;
use xpert::ui::theme::{Abilities, DEFAULT, Depth, Styles, Theme, contrast};

const MONO: &str = "mono";

const COLOURED: [(Depth, &str); 3] = [(Depth::Sixteen, "16"), (Depth::TwoFiftySix, "256"), (Depth::True, "true")];

/// Roles whose difference says something.
const APART: [(&str, &str); 8] = [
    ("tab", "tab_here"),
    ("selected", "text"),
    ("user", "base"),
    ("user", "other"),
    ("base", "other"),
    ("good", "bad"),
    ("key", "dim"),
    ("field", "text"),
];

fn shipped() -> impl Iterator<Item = Theme> {
    Theme::names(Path::new("/nowhere")).into_iter().map(|name| {
        let theme = named(&name);
        assert_eq!(theme.name, name);
        theme
    })
}

fn named(name: &str) -> Theme {
    load_theme(name, Path::new("/nowhere")).unwrap_or_else(|error| panic!("{error}"))
}

fn role(theme: &Theme, name: &str) -> Style {
    theme.styles.each().find(|(role, _)| *role == name).map(|(_, style)| style).unwrap()
}

/// A theme as documentation: one line a role.
fn described(theme: &Theme) -> String {
    let colour = |colour: Option<Color>| colour.map_or("-".to_owned(), |colour| colour.to_string());
    let mut text = format!("background {}\n\n", colour(theme.background));
    text += &format!("{:<10}{:<14}{:<14}{:<10}modifiers\n", "role", "fg", "bg", "contrast");
    for (role, style) in theme.styles.each() {
        let ground = style.bg.or(theme.background);
        let contrast = style.fg.zip(ground).and_then(|(fg, ground)| contrast(fg, ground));
        let contrast = contrast.map_or("-".to_owned(), |contrast| format!("{contrast:.1}"));
        let modifiers: Vec<String> = style.add_modifier.iter_names().map(|(name, _)| name.to_lowercase()).collect();
        let line =
            format!("{role:<10}{:<14}{:<14}{contrast:<10}{}", colour(style.fg), colour(style.bg), modifiers.join(" "));
        text += line.trim_end();
        text += "\n";
    }
    text
}

#[test]
fn every_theme_at_every_depth() {
    for theme in shipped().filter(|theme| theme.name != MONO) {
        for (depth, label) in COLOURED {
            insta::assert_snapshot!(format!("{}_{label}", theme.name), described(&theme.at(depth)));
        }
    }
    insta::assert_snapshot!(MONO, described(&named(MONO)));
}

#[test]
fn without_colours_every_theme_is_the_mono_theme() {
    let mono = named(MONO);
    assert!(mono.styles.each().all(|(_, style)| style.fg.is_none() && style.bg.is_none()));
    for theme in shipped() {
        let colourless = theme.at(Depth::None);
        assert_eq!((&colourless.styles, colourless.background), (&mono.styles, None));
    }
    for (depth, _) in COLOURED {
        assert_eq!(mono.at(depth).styles, mono.styles);
    }
}

#[test]
fn the_default_theme_is_the_terminal_s_own_sixteen_colours_at_every_depth() {
    let default = named(DEFAULT);
    assert_eq!(default.background, None);
    for colour in default.styles.each().flat_map(|(_, style)| [style.fg, style.bg]).flatten() {
        assert!(!matches!(colour, Color::Rgb(..) | Color::Indexed(_)), "{colour:?}");
    }
    for (depth, _) in COLOURED {
        assert_eq!(default.at(depth).styles, default.styles);
    }
}

#[test]
fn what_must_differ_differs_at_every_depth() {
    for theme in shipped() {
        for depth in [Depth::None, Depth::Sixteen, Depth::TwoFiftySix, Depth::True] {
            let theme = theme.at(depth);
            for (one, other) in APART {
                assert_ne!(role(&theme, one), role(&theme, other), "{}, {depth:?}: {one}, {other}", theme.name);
            }
            for (name, style) in theme.styles.each().filter(|(_, style)| style.fg.is_some()) {
                assert_ne!(style.fg, style.bg.or(theme.background), "{}, {depth:?}: {name}", theme.name);
            }
        }
    }
}

#[test]
fn text_is_readable_on_the_background_the_theme_is_made_for() {
    let grounded: Vec<Theme> = shipped().filter(|theme| theme.background.is_some()).collect();
    let names: Vec<&str> = grounded.iter().map(|theme| theme.name.as_str()).collect();
    assert_eq!(names, ["dark", "light", "high-contrast", "colour-blind"]);
    for theme in &grounded {
        let text = if theme.name == "high-contrast" { 7.0 } else { 4.5 };
        for depth in [Depth::True, Depth::TwoFiftySix] {
            let theme = theme.at(depth);
            for (name, style) in theme.styles.each() {
                // Lines have to be seen, not read.
                let least = if name == "rule" { 2.0 } else { text };
                let ground = style.bg.or(theme.background).unwrap();
                let found = contrast(style.fg.expect("a theme with a background leaves none out"), ground).unwrap();
                assert!(found >= least, "{}, {depth:?}: {name} has {found:.2}:1", theme.name);
            }
        }
    }
}

/// Linear RGB as it is seen without one kind of cone (Machado, Oliveira and Fernandes 2009, severity 1).
const BLINDNESSES: [(&str, [[f32; 3]; 3]); 3] = [
    (
        "protan",
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
    ),
    (
        "deutan",
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
    ),
    (
        "tritan",
        [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    ),
];

/// The least CIEDE2000 difference of two roles over all kinds of colour blindness.
fn least_difference(theme: &Theme, one: &str, other: &str) -> f32 {
    let seen = |name: &str, eye: &[[f32; 3]; 3]| -> Lab<D65, f32> {
        let Some(Color::Rgb(red, green, blue)) = role(theme, name).fg else { panic!("{name} has no colour") };
        let light: LinSrgb<f32> = Srgb::new(red, green, blue).into_format::<f32>().into_linear();
        let cone = |row: &[f32; 3]| (row[0] * light.red + row[1] * light.green + row[2] * light.blue).clamp(0.0, 1.0);
        LinSrgb::new(cone(&eye[0]), cone(&eye[1]), cone(&eye[2])).into_color()
    };
    let differences = BLINDNESSES.iter().map(|(_, eye)| seen(one, eye).difference(seen(other, eye)));
    differences.fold(f32::INFINITY, f32::min)
}

#[test]
fn the_colour_blind_theme_keeps_its_roles_apart_for_the_colour_blind() {
    const CLEARLY: f32 = 15.0;
    let pairs = [("user", "base"), ("user", "other"), ("base", "other"), ("good", "bad"), ("key", "dim")];
    let theme = named("colour-blind");
    for (one, other) in pairs {
        let found = least_difference(&theme, one, other);
        assert!(found >= CLEARLY, "{one} and {other} are {found:.1} apart");
    }
    // The measure sees what the theme is there for.
    assert!(least_difference(&named("dark"), "good", "bad") < CLEARLY);
}

#[test]
fn what_only_a_shade_told_from_its_ground_does_not_vanish_in_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = "name = 'x'\ninherits = 'dark'\nbackground = '#101010'\n[styles]\ndim = { fg = '#202020' }\n\
                text = { fg = '#fefefe', bg = '#ffffff' }\nrule = { fg = '#101010' }\n";
    fs::write(folder.path().join("x.toml"), text).expect("writable");
    let theme = load_theme("x", folder.path()).unwrap().at(Depth::Sixteen);
    assert_eq!(theme.styles.dim.fg, Some(Color::White));
    assert_eq!(theme.styles.text.fg, Some(Color::Black));
    // Hidden on purpose.
    assert_eq!((theme.styles.rule.fg, theme.background), (Some(Color::Black), Some(Color::Black)));
}

#[test]
fn the_background_is_painted_where_nothing_else_is() {
    let theme = named("light");
    let mut buffer = Buffer::empty(Rect::new(0, 0, 2, 1));
    buffer.set_string(1, 0, "x", theme.styles.tab_here);
    theme.paint(&mut buffer);
    assert_eq!((buffer[(0, 0)].fg, buffer[(0, 0)].bg), (theme.styles.text.fg.unwrap(), theme.background.unwrap()));
    assert_eq!(buffer[(1, 0)].bg, theme.styles.tab_here.bg.unwrap());
    let mut untouched = Buffer::empty(Rect::new(0, 0, 2, 1));
    named(DEFAULT).paint(&mut untouched);
    assert_eq!(untouched, Buffer::empty(Rect::new(0, 0, 2, 1)));
}

/// Or a theme that inherits it could no longer write the terminal's own colour of that name.
#[test]
fn no_shipped_palette_takes_the_name_of_a_colour() {
    for theme in shipped().map(|theme| theme.name) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("themes/{theme}.toml"));
        let table: toml::Table = fs::read_to_string(file).expect("a shipped theme").parse().unwrap();
        let palette = table.get("palette").and_then(toml::Value::as_table).into_iter().flatten();
        for (name, _) in palette {
            assert!(name.parse::<Color>().is_err(), "{theme}: {name}");
        }
    }
}

#[test]
fn the_user_s_themes_are_offered_after_the_shipped_ones() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for file in ["dusk.toml", "autumn.toml", "dark.toml", "notes.txt"] {
        fs::write(folder.path().join(file), "").expect("writable");
    }
    let names = Theme::names(folder.path());
    assert_eq!(names[..2], [DEFAULT, "dark"]);
    assert_eq!(names[6..], ["autumn", "dusk"]);
    assert_eq!(Theme::names(Path::new("/nonexistent")).len(), 6);
}

#[test]
fn the_examples_of_the_documentation_are_themes() {
    let page = include_str!("../../docs/themes.md");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let examples: Vec<&str> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= 2, "{}", examples.len());
    for example in examples {
        fs::write(folder.path().join("example.toml"), example).expect("writable");
        let theme = load_theme("example", folder.path()).unwrap_or_else(|error| panic!("{error}"));
        assert_ne!(theme.styles, named("dark").styles);
    }
    for role in Styles::ROLES {
        assert!(page.contains(&format!("`{role}`")), "{role} is not explained");
    }
    for name in shipped().map(|theme| theme.name) {
        assert!(page.contains(&format!("`{name}`")), "{name} is not explained");
    }
}

fn rgb(text: &str) -> Color {
    text.parse().expect("a colour")
}

fn abilities(set: &[(&str, &str)]) -> Abilities {
    Abilities::of(|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
}

#[test]
fn the_environment_tells_the_depth() {
    let cases: [(&[(&str, &str)], Depth); 10] = [
        (&[], Depth::Sixteen),
        (&[("TERM", "xterm")], Depth::Sixteen),
        (&[("TERM", "screen-256color")], Depth::TwoFiftySix),
        (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], Depth::True),
        (&[("TERM", "xterm"), ("COLORTERM", "24bit")], Depth::True),
        (&[("TERM", "xterm"), ("COLORTERM", "yes")], Depth::Sixteen),
        (&[("TERM", "dumb"), ("COLORTERM", "truecolor")], Depth::None),
        (&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")], Depth::None),
        // An empty one does not count: https://no-color.org
        (&[("NO_COLOR", ""), ("COLORTERM", "truecolor")], Depth::True),
        (&[("NO_COLOR", "")], Depth::Sixteen),
    ];
    for (set, expected) in cases {
        assert_eq!(abilities(set).depth, expected, "{set:?}");
    }
}

#[test]
fn a_colour_that_is_there_is_its_own_nearest() {
    // Of the table of 256: the cube of six steps a side, and the greys.
    let step = |index: u8, place: u8| [0, 95, 135, 175, 215, 255][usize::from((index - 16) / place % 6)];
    let cube = (16..=231).map(|index| (index, [step(index, 36), step(index, 6), step(index, 1)]));
    let table: Vec<(u8, [u8; 3])> = cube.chain((232..=255).map(|index| (index, [8 + 10 * (index - 232); 3]))).collect();
    for (_, [red, green, blue]) in &table {
        let found = Depth::TwoFiftySix.nearest(Color::Rgb(*red, *green, *blue));
        // The cube and the greys have a few values in common.
        let Color::Indexed(found) = found else { panic!("{red} {green} {blue}: {found:?}") };
        assert!(table.contains(&(found, [*red, *green, *blue])));
    }
    for (text, name) in [("#000000", Color::Black), ("#808000", Color::Yellow), ("#ff00ff", Color::LightMagenta)] {
        assert_eq!(Depth::Sixteen.nearest(rgb(text)), name);
        assert_eq!(Depth::Sixteen.nearest(name), name);
    }
}

#[test]
fn a_hue_survives_sixteen_colours() {
    let cases = [
        ("#86d08a", Color::LightGreen),
        ("#1f6b2c", Color::Green),
        ("#79b4ff", Color::LightBlue),
        ("#ff7d7a", Color::LightRed),
        ("#f2cf63", Color::LightYellow),
        ("#a0abb8", Color::Gray),
        ("#22272e", Color::Black),
        ("#fcf9f2", Color::White),
    ];
    for (colour, expected) in cases {
        assert_eq!(Depth::Sixteen.nearest(rgb(colour)), expected, "{colour}");
    }
    assert_eq!(Depth::Sixteen.nearest(Color::Indexed(196)), Color::LightRed);
    assert_eq!(Depth::None.nearest(Color::Red), Color::Reset);
    assert_eq!(Depth::True.nearest(rgb("#123456")), rgb("#123456"));
}

#[test]
fn contrast_is_that_of_the_guidelines() {
    assert!((contrast(Color::Black, Color::White).unwrap() - 21.0).abs() < 0.01);
    // The lightest grey that the guidelines let stand on white.
    assert!((contrast(rgb("#767676"), Color::White).unwrap() - 4.54).abs() < 0.01);
    assert_eq!(contrast(Color::Reset, Color::White), None);
}

#[test]
fn the_first_locale_that_is_set_decides() {
    let cases: [(&[(&str, &str)], bool); 6] = [
        (&[], true),
        (&[("LANG", "de_DE.UTF-8")], true),
        (&[("LANG", "C")], false),
        (&[("LC_ALL", "C"), ("LANG", "en_GB.utf8")], false),
        (&[("LC_ALL", ""), ("LC_CTYPE", "en_GB.utf8"), ("LANG", "C")], true),
        (&[("LANG", "en_GB.UTF-8"), ("TERM", "linux")], false),
    ];
    for (set, expected) in cases {
        assert_eq!(abilities(set).unicode, expected, "{set:?}");
    }
}
