//! Where the texts of themes come from: the user's folder, then the files that are shipped. It does not know what is in them.

use std::fs;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

/// Why a theme cannot be used, where that is, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ThemeError(pub(super) String);

/// In the order in which they are offered.
const SHIPPED: [(&str, &str); 6] = [
    ("default", include_str!("../../../themes/default.toml")),
    ("dark", include_str!("../../../themes/dark.toml")),
    ("light", include_str!("../../../themes/light.toml")),
    ("high-contrast", include_str!("../../../themes/high-contrast.toml")),
    ("colour-blind", include_str!("../../../themes/colour-blind.toml")),
    ("mono", include_str!("../../../themes/mono.toml")),
];

const EXTENSION: &str = "toml";

/// A theme's text and what to call it in a message.
pub(super) struct Source {
    pub name: String,
    /// None for a shipped one.
    pub path: Option<PathBuf>,
    pub text: String,
}

impl Source {
    /// What is wrong at this place of the text.
    pub fn error(&self, place: &Range<usize>, what: impl Into<String>) -> ThemeError {
        let shown = self.path.as_ref().map(|path| path.display().to_string());
        let file = shown.unwrap_or_else(|| format!("the shipped theme {}", self.name));
        let line = 1 + self.text.as_bytes().iter().take(place.start).filter(|byte| **byte == b'\n').count();
        ThemeError(format!("{file}, line {line}: {}", what.into()))
    }
}

/// A file as it was when it was looked at; one that is not there may come to be.
#[derive(PartialEq)]
pub(super) struct Stamp {
    path: PathBuf,
    state: Option<(SystemTime, u64)>,
}

impl Stamp {
    fn of(path: PathBuf) -> Self {
        let state = fs::metadata(&path).and_then(|found| Ok((found.modified()?, found.len()))).ok();
        Self { path, state }
    }

    pub fn is_outdated(&self) -> bool {
        *self != Self::of(self.path.clone())
    }
}

/// The places to look at, and what was looked at so far.
pub(super) struct Shelf<'f> {
    folder: Option<&'f Path>,
    pub looked_at: Vec<Stamp>,
}

impl<'f> Shelf<'f> {
    /// With the user's own themes in `folder`; without one, only the shipped ones.
    pub fn new(folder: Option<&'f Path>) -> Self {
        Self { folder, looked_at: Vec::new() }
    }

    /// The user's theme of this name, or else the shipped one. A theme that inherits its own name means the shipped one.
    pub fn find(&mut self, name: &str, heir: Option<&Source>) -> Result<Option<Source>, ThemeError> {
        let inherits_itself = heir.is_some_and(|heir| heir.path.is_some() && heir.name == name);
        if !inherits_itself && let Some(own) = self.own(name)? {
            return Ok(Some(own));
        }
        let shipped = SHIPPED.iter().find(|(known, _)| *known == name);
        Ok(shipped.map(|(name, text)| Source { name: (*name).into(), path: None, text: (*text).into() }))
    }

    fn own(&mut self, name: &str) -> Result<Option<Source>, ThemeError> {
        let mut parts = Path::new(name).components();
        let is_plain = matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == name);
        let Some(folder) = self.folder.filter(|_| is_plain) else { return Ok(None) };
        let path = folder.join(format!("{name}.{EXTENSION}"));
        // Before it is read: what is written meanwhile is then seen as a change, at worst once too often.
        self.looked_at.push(Stamp::of(path.clone()));
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(Source { name: name.into(), path: Some(path), text })),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(ThemeError(format!(
                "the theme {} cannot be read ({e}): make it readable, or choose another theme",
                path.display()
            ))),
        }
    }

    /// Every theme there is: the shipped ones, then the user's by name.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = SHIPPED.iter().map(|(name, _)| (*name).to_owned()).collect();
        let entries = self.folder.and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
        let paths = entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == EXTENSION));
        let mut own: Vec<String> = paths.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
        own.retain(|name| !names.contains(name));
        own.sort();
        names.extend(own);
        names
    }

    /// Says which there are instead.
    pub fn unknown(&self, name: &str) -> String {
        let place = self.folder.map(|folder| format!("; your own go into {}", folder.display())).unwrap_or_default();
        format!("there is no theme called `{name}`: choose one of {}{place}", self.names().join(", "))
    }
}
