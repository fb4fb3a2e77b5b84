//! A theme from its file and those it inherits from. Palettes are joined before any style is looked up, so that another colour
//! of a palette also changes the inherited styles. It does not know terminals.

use std::collections::BTreeMap;

use ratatui::style::{Color, Style};
use toml::Spanned;

use super::error::ThemeError;
use super::glyphs::Glyphs;
use super::look::{Styles, Theme};
use super::parse::{COLOURS, File, WrittenColour, WrittenStyle};
use super::shelf::{Shelf, Source};

/// Reads the theme of this name.
///
/// # Errors
/// When there is none, or one of its files cannot be used.
pub(super) fn load(name: &str, shelf: &mut Shelf<'_>) -> Result<Theme, ThemeError> {
    let files = line_of_descent(name, shelf)?;
    let joined = Joined::of(&files)?;
    let shown = files.iter().find_map(|file| file.written.name.clone()).unwrap_or_else(|| name.to_owned());
    let background = joined.background.map(|(file, colour)| joined.colour(file, colour)).transpose()?;
    Ok(Theme { name: shown, background, styles: joined.styles(&files)?, glyphs: Glyphs::default() })
}

/// The theme's file, its parent's, and so on to one that inherits nothing.
fn line_of_descent(name: &str, shelf: &mut Shelf<'_>) -> Result<Vec<File>, ThemeError> {
    let first = shelf.find(name, None)?.ok_or_else(|| ThemeError::Unknown(shelf.unknown(name)))?;
    let mut heir = File::parse(first)?;
    let mut files = Vec::new();
    loop {
        let Some(inherits) = heir.written.inherits.clone() else {
            files.push(heir);
            return Ok(files);
        };
        let parent = inherits.get_ref();
        let fault = |what: String| heir.source.error(&inherits.span(), what);
        let Some(source) = shelf.find(parent, Some(&heir.source))? else {
            return Err(fault(if *parent == heir.source.name {
                format!("`{parent}` inherits from itself: name another theme, or leave `inherits` away")
            } else {
                shelf.unknown(parent)
            }));
        };
        if files.iter().any(|file: &File| file.source.is_same(&source)) {
            return Err(fault(circle(&files, &heir.source, parent)));
        }
        let next = File::parse(source)?;
        files.push(std::mem::replace(&mut heir, next));
    }
}

fn circle(files: &[File], heir: &Source, parent: &str) -> String {
    let names = files.iter().map(|file| &file.source).chain([heir]).map(|source| source.name.as_str());
    let around: Vec<&str> = names.skip_while(|name| *name != parent).chain([parent]).collect();
    format!("the themes inherit from each other in a circle ({}): leave one `inherits` away", around.join(" from "))
}

/// What the files say together. Each entry keeps its file, for messages.
struct Joined<'f> {
    palette: BTreeMap<&'f str, Color>,
    background: Option<(&'f File, &'f Spanned<WrittenColour>)>,
    styles: BTreeMap<&'f str, (&'f File, &'f WrittenStyle)>,
}

impl<'f> Joined<'f> {
    fn of(files: &'f [File]) -> Result<Self, ThemeError> {
        let mut joined = Self { palette: BTreeMap::new(), background: None, styles: BTreeMap::new() };
        // Ancestors first: who comes later overrides.
        for file in files.iter().rev() {
            for (name, colour) in &file.written.palette {
                let plain = colour.get_ref().plain().ok_or_else(|| {
                    let what = format!("`{name}` of the palette is no colour: write {COLOURS}");
                    file.source.error(&colour.span(), what)
                })?;
                joined.palette.insert(name, plain);
            }
            if let Some(background) = &file.written.background {
                joined.background = Some((file, background));
            }
            for (role, style) in file.written.styles.iter().flat_map(Spanned::get_ref) {
                if !Styles::ROLES.contains(&role.get_ref().as_str()) {
                    let what = format!("there is no role `{role}`: the roles are {}", Styles::ROLES.join(", "));
                    return Err(file.source.error(&role.span(), what));
                }
                joined.styles.insert(role.get_ref(), (file, style));
            }
        }
        Ok(joined)
    }

    fn colour(&self, file: &File, written: &Spanned<WrittenColour>) -> Result<Color, ThemeError> {
        let from_palette = match written.get_ref() {
            WrittenColour::Text(name) => self.palette.get(name.as_str()).copied(),
            WrittenColour::Index(_) => None,
        };
        from_palette.or_else(|| written.get_ref().plain()).ok_or_else(|| {
            let WrittenColour::Text(name) = written.get_ref() else { unreachable!("every index is a colour") };
            let what = format!("`{name}` is neither in [palette] nor a colour: add it there, or write {COLOURS}");
            file.source.error(&written.span(), what)
        })
    }

    fn styles(&self, files: &[File]) -> Result<Styles, ThemeError> {
        let missing: Vec<&str> = Styles::ROLES.iter().copied().filter(|role| !self.styles.contains_key(role)).collect();
        if let (false, Some(root)) = (missing.is_empty(), files.last()) {
            let place = root.written.styles.as_ref().map(Spanned::span).unwrap_or_default();
            let what = format!(
                "no style for {}: add them to [styles], or inherit them with inherits = \"dark\" at the top",
                missing.join(", ")
            );
            return Err(root.source.error(&place, what));
        }
        Styles::of(|role| {
            let (file, written) = self.styles[role];
            let colour =
                |one: &Option<Spanned<WrittenColour>>| one.as_ref().map(|one| self.colour(file, one)).transpose();
            Ok(Style { fg: colour(&written.fg)?, bg: colour(&written.bg)?, ..Style::default() }
                .add_modifier(written.modifiers()))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use ratatui::style::Modifier;

    use super::*;

    /// Loads `name` where the user's folder holds these themes.
    fn load_from(themes: &[(&str, &str)], name: &str) -> Result<Theme, String> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (stem, text) in themes {
            fs::write(folder.path().join(format!("{stem}.toml")), text).expect("writable");
        }
        load(name, &mut Shelf::new(Some(folder.path()))).map_err(|error| error.to_string())
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
            ("name = 'x'\n\n[styles]\ntext = {}\n", 3, "no style for dim, heading"),
            ("name = 'x'\ncolour = 'red'\n", 2, "unknown field `colour`, expected one of `name`"),
            ("name = 'x'\n[styles\n", 2, "expected `]`"),
            (&format!("{dark}[styles]\ntext = {{}}\ntitle = {{}}\n"), 5, "no role `title`: the roles are text, dim"),
            (&format!("{dark}[styles]\n\nbad = {{ fg = 'inkk' }}\n"), 5, "`inkk` is neither in [palette] nor a colour"),
            (&format!("{dark}[styles]\nbad = {{ fg = 256 }}\n"), 4, "256 is no colour: write #rrggbb"),
            (&format!("{dark}[styles]\nbad = {{ fg = true }}\n"), 4, "expected a colour"),
            (&format!("{dark}[styles]\nbad = {{ blink = true }}\n"), 4, "unknown field `blink`, expected one of `fg`"),
            (&format!("{dark}[palette]\nink = '#12345'\n"), 4, "`ink` of the palette is no colour: write #rrggbb"),
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
            let error = load(name, &mut Shelf::new(Some(&themes))).unwrap_err().to_string();
            assert!(error.contains("there is no theme called") && error.contains("themes"), "{name}: {error}");
        }
    }
}
