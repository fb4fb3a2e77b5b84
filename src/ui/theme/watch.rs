//! A theme that is reloaded when one of its files changes. It does not check by itself: the code that draws asks now and then.

use std::path::{Path, PathBuf};

use super::depth::Depth;
use super::file::{DEFAULT, load};
use super::glyphs::Glyphs;
use super::look::{Abilities, Theme};
use super::shelf::{Shelf, Stamp, ThemeError};

/// The theme in use and the files it was read from.
pub struct Watched {
    pub theme: Theme,
    /// The name it is chosen by, as in the settings.
    pub wished: String,
    folder: PathBuf,
    abilities: Abilities,
    files: Vec<Stamp>,
}

impl Watched {
    /// The theme of the wished name, or the default one, as this terminal can show it. The user's own are in `folder`, which
    /// need not exist.
    ///
    /// # Errors
    /// When there is no such theme, or a file of it cannot be used.
    pub fn open(wished: Option<&str>, folder: &Path, abilities: Abilities) -> Result<Self, ThemeError> {
        let wished = wished.unwrap_or_else(|| default_for(abilities)).to_owned();
        let (theme, files) = read(&wished, folder, abilities);
        Ok(Self { theme: theme?, wished, folder: folder.to_path_buf(), abilities, files })
    }

    /// Reads the theme again where a file of it is other than when it was last read: a few calls of stat(2). Gives its name, or why
    /// the old one stays in use; says neither again until a file changes.
    pub fn refresh(&mut self) -> Option<Result<String, ThemeError>> {
        if !self.files.iter().any(Stamp::is_outdated) {
            return None;
        }
        let (theme, files) = read(&self.wished, &self.folder, self.abilities);
        self.files = files;
        Some(theme.map(|theme| {
            self.theme = theme;
            self.theme.name.clone()
        }))
    }

    /// Takes another theme.
    ///
    /// # Errors
    /// When it cannot be used. The old one stays in use and is watched as before.
    pub fn choose(&mut self, name: &str) -> Result<(), ThemeError> {
        let (theme, files) = read(name, &self.folder, self.abilities);
        (self.theme, self.files, self.wished) = (theme?, files, name.to_owned());
        Ok(())
    }
}

/// The theme where none is chosen. The sixteen colours of a terminal can look like anything, so others are preferred.
fn default_for(abilities: Abilities) -> &'static str {
    match abilities.depth {
        Depth::True if abilities.light => "light",
        Depth::True => "dark",
        _ => DEFAULT,
    }
}

/// The theme and what was looked at for it, which is also known where it is broken.
fn read(name: &str, folder: &Path, abilities: Abilities) -> (Result<Theme, ThemeError>, Vec<Stamp>) {
    let mut shelf = Shelf::new(Some(folder));
    let theme = load(name, &mut shelf);
    let shown = |theme: Theme| Theme { glyphs: Glyphs::of(abilities.unicode), ..theme.at(abilities.depth) };
    (theme.map(shown), shelf.looked_at)
}
