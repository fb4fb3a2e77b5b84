//! A theme from its file and those it inherits from. Palettes are merged before any style is looked up, so that changing a palette
//! colour also changes the inherited styles. It does not know terminals.

use std::collections::BTreeMap;
use std::path::Path;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use toml::{Spanned, Value};

use super::glyphs::Glyphs;
use super::look::{Styles, Theme};
use super::shelf::{Shelf, Source, ThemeError};

/// The theme where none is wished.
pub const DEFAULT: &str = "default";
/// The theme where there are no colours.
const MONO: &str = "mono";

/// How a colour is written without a palette.
const COLOURS: &str = "#rrggbb, a name such as lightblue, or a number from 0 to 255";

type Palette<'f> = BTreeMap<&'f str, Color>;

/// What may stand in a file. (The serialized styles of ratatui know neither palettes nor lines, and write modifiers as one text.)
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Option<String>,
    /// The theme that has what is not written here.
    inherits: Option<Spanned<String>>,
    /// What the theme is made for, and paints where it can.
    background: Option<Spanned<Value>>,
    #[serde(default)]
    palette: BTreeMap<String, Spanned<Value>>,
    styles: Option<Spanned<BTreeMap<Spanned<String>, WrittenStyle>>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WrittenStyle {
    fg: Option<Spanned<Value>>,
    bg: Option<Spanned<Value>>,
    bold: bool,
    dim: bool,
    italic: bool,
    underlined: bool,
    reversed: bool,
}

impl Theme {
    /// The names there are to choose from: the shipped ones, then the user's in `folder`.
    pub fn names(folder: &Path) -> Vec<String> {
        Shelf::new(Some(folder)).names()
    }

    /// The shipped theme that needs least of a terminal.
    ///
    /// # Errors
    /// When a shipped theme is malformed.
    pub fn shipped(colour: bool, unicode: bool) -> Result<Self, ThemeError> {
        let theme = load(if colour { DEFAULT } else { MONO }, &mut Shelf::new(None))?;
        Ok(Self { glyphs: Glyphs::of(unicode), ..theme })
    }
}

/// The theme of this name, in full colour: the user's `NAME.toml`, or else a shipped one. The shelf remembers what was looked at.
pub(super) fn load(name: &str, shelf: &mut Shelf<'_>) -> Result<Theme, ThemeError> {
    let files = line_of_descent(name, shelf)?;
    let shown = files[0].1.name.clone().unwrap_or_default();
    let palette = palette(&files)?;
    let mut background = None;
    let mut styles: BTreeMap<&str, Style> = BTreeMap::new();
    // Ancestors first: who comes later overrides.
    for (source, written) in files.iter().rev() {
        if let Some(own) = &written.background {
            background = Some(colour(source, own, &palette)?);
        }
        for (role, style) in written.styles.iter().flat_map(Spanned::get_ref) {
            if !Styles::ROLES.contains(&role.get_ref().as_str()) {
                let what = format!("there is no role `{role}`: the roles are {}", Styles::ROLES.join(", "));
                return Err(source.error(&role.span(), what));
            }
            let side = |side: &Option<Spanned<Value>>| {
                side.as_ref().map(|written| colour(source, written, &palette)).transpose()
            };
            let (fg, bg) = (side(&style.fg)?, side(&style.bg)?);
            styles.insert(role.get_ref(), Style { fg, bg, ..Style::new().add_modifier(modifiers(style)) });
        }
    }
    let missing: Vec<&str> = Styles::ROLES.iter().copied().filter(|role| !styles.contains_key(role)).collect();
    if let (false, Some((source, written))) = (missing.is_empty(), files.last()) {
        let place = written.styles.as_ref().map(Spanned::span).unwrap_or_default();
        let missing = missing.join(", ");
        let what = format!(
            "missing in [styles]: {missing}. Add what is missing, or inherit it with inherits = \"dark\" at the top"
        );
        return Err(source.error(&place, what));
    }
    Ok(Theme { name: shown, background, styles: Styles::of(|role| styles[role]), glyphs: Glyphs::UNICODE })
}

/// The theme's file, its parent's, and so on to one that inherits nothing; each with its text, for messages.
fn line_of_descent(name: &str, shelf: &mut Shelf<'_>) -> Result<Vec<(Source, Written)>, ThemeError> {
    let mut source = shelf.find(name, None)?.ok_or_else(|| ThemeError(shelf.unknown(name)))?;
    let mut files: Vec<(Source, Written)> = Vec::new();
    loop {
        let written = parse(&source)?;
        let inherits = written.inherits.clone();
        files.push((source, written));
        let Some(inherits) = inherits else { return Ok(files) };
        let (heir, parent) = (&files[files.len() - 1].0, inherits.get_ref());
        let fault = |what: String| heir.error(&inherits.span(), what);
        source = shelf.find(parent, Some(heir))?.ok_or_else(|| {
            fault(if *parent == heir.name {
                format!("`{parent}` inherits from itself: inherit from another theme, or remove `inherits`")
            } else {
                shelf.unknown(parent)
            })
        })?;
        if files.iter().any(|(file, _)| (&file.name, &file.path) == (&source.name, &source.path)) {
            let names = files.iter().map(|(file, _)| &*file.name);
            let circle: Vec<&str> = names.skip_while(|name| name != parent).chain([&**parent]).collect();
            let circle = circle.join(" from ");
            return Err(fault(format!(
                "the themes inherit from each other in a circle ({circle}): remove one `inherits`"
            )));
        }
    }
}

fn parse(source: &Source) -> Result<Written, ThemeError> {
    let written: Written = toml::from_str(&source.text)
        .map_err(|error| source.error(&error.span().unwrap_or_default(), error.message()))?;
    if written.name.is_none() {
        let what = format!("the theme has no name: begin the file with name = \"{}\"", source.name);
        return Err(source.error(&(0..0), what));
    }
    Ok(written)
}

/// The palettes of all files together.
fn palette(files: &[(Source, Written)]) -> Result<Palette<'_>, ThemeError> {
    let mut palette = Palette::new();
    for (source, written) in files.iter().rev() {
        for (name, value) in &written.palette {
            let colour = plain(value.get_ref()).ok_or_else(|| {
                source.error(&value.span(), format!("`{name}` of the palette is not a colour: write {COLOURS}"))
            })?;
            palette.insert(name, colour);
        }
    }
    Ok(palette)
}

/// A colour as a style names it: an entry of the palette, or a colour itself.
fn colour(source: &Source, written: &Spanned<Value>, palette: &Palette<'_>) -> Result<Color, ThemeError> {
    let value = written.get_ref();
    let known = value.as_str().and_then(|name| palette.get(name)).copied();
    known.or_else(|| plain(value)).ok_or_else(|| {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let what = format!("`{shown}` is neither in [palette] nor a colour: add it there, or write {COLOURS}");
        source.error(&written.span(), what)
    })
}

/// The colour, where it needs no palette.
fn plain(value: &Value) -> Option<Color> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Integer(index) => u8::try_from(*index).ok().map(Color::Indexed),
        _ => None,
    }
}

fn modifiers(style: &WrittenStyle) -> Modifier {
    let all = [
        (style.bold, Modifier::BOLD),
        (style.dim, Modifier::DIM),
        (style.italic, Modifier::ITALIC),
        (style.underlined, Modifier::UNDERLINED),
        (style.reversed, Modifier::REVERSED),
    ];
    all.into_iter().filter(|(wanted, _)| *wanted).map(|(_, modifier)| modifier).collect()
}
