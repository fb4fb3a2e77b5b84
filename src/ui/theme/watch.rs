//! A theme that is read again when one of its files changes. It does not look by itself: whoever draws asks now and then.

use std::path::{Path, PathBuf};

use super::error::ThemeError;
use super::inherit;
use super::load::{Abilities, DEFAULT};
use super::look::Theme;
use super::shelf::{Shelf, Stamp};

/// The theme in use and the files it was read from.
pub struct Watched {
    wished: String,
    folder: PathBuf,
    abilities: Abilities,
    theme: Theme,
    files: Vec<Stamp>,
}

impl Watched {
    /// The theme of the wished name, or the default one, as this terminal can show it. The user's own are in `folder`, which
    /// need not exist.
    ///
    /// # Errors
    /// When there is no such theme, or a file of it cannot be used.
    pub fn open(wished: Option<&str>, folder: &Path, abilities: Abilities) -> Result<Self, ThemeError> {
        let wished = wished.unwrap_or(DEFAULT).to_owned();
        let (theme, files) = read(&wished, folder, abilities);
        Ok(Self { theme: theme?, wished, folder: folder.to_path_buf(), abilities, files })
    }

    #[must_use]
    pub fn theme(&self) -> &Theme {
        &self.theme
    }

    /// The name it is chosen by, as in the settings.
    #[must_use]
    pub fn wished(&self) -> &str {
        &self.wished
    }

    /// Whether a file of the theme is other than when it was last read, be it well formed or not. A few calls of stat(2).
    #[must_use]
    pub fn changed(&self) -> bool {
        self.files.iter().any(Stamp::is_outdated)
    }

    /// Reads the theme again.
    ///
    /// # Errors
    /// When it is broken now. The old one stays in use, and [`Watched::changed`] is silent until a file changes again.
    pub fn reload(&mut self) -> Result<(), String> {
        let (theme, files) = read(&self.wished, &self.folder, self.abilities);
        self.files = files;
        self.theme = theme.map_err(|error| error.to_string())?;
        Ok(())
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

/// The theme and what was looked at for it, which is also known where it is broken.
fn read(name: &str, folder: &Path, abilities: Abilities) -> (Result<Theme, ThemeError>, Vec<Stamp>) {
    let mut shelf = Shelf::new(Some(folder));
    let theme = inherit::load(name, &mut shelf).map(|theme| theme.fit(abilities));
    (theme, shelf.looked_at)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use ratatui::style::Color;

    use super::*;
    use crate::ui::theme::Depth;

    const ALL: Abilities = Abilities { depth: Depth::True, unicode: true };

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
        assert!(!watched.changed());
        write(folder.path(), "mine", &with_text("dark", "green"));
        assert!(watched.changed());
        watched.reload().unwrap();
        assert_eq!(watched.theme().styles.text.fg, Some(Color::Green));
        assert!(!watched.changed());
    }

    #[test]
    fn a_change_of_the_same_length_is_seen_by_its_time() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(folder.path(), "mine", &with_text("dark", "red"));
        let watched = Watched::open(Some("mine"), folder.path(), ALL).unwrap();
        let file = fs::File::options().append(true).open(folder.path().join("mine.toml")).expect("there");
        file.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("settable");
        assert!(watched.changed());
    }

    #[test]
    fn parents_are_watched_also_those_that_are_not_there_yet() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(folder.path(), "mine", "name = 'm'\ninherits = 'parent'\n");
        write(folder.path(), "parent", &with_text("dark", "red"));
        let mut watched = Watched::open(Some("mine"), folder.path(), ALL).unwrap();
        write(folder.path(), "parent", &with_text("dark", "green"));
        assert!(watched.changed());
        watched.reload().unwrap();
        assert_eq!(watched.theme().styles.text.fg, Some(Color::Green));
        // Takes the place of the shipped one.
        write(folder.path(), "dark", "name = 'd'\ninherits = 'light'\n");
        assert!(watched.changed());
        watched.reload().unwrap();
        assert_eq!(watched.theme().background, Theme::load("light", folder.path()).unwrap().background);
    }

    #[test]
    fn a_broken_file_leaves_the_old_theme_and_is_told_once() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(folder.path(), "mine", &with_text("dark", "red"));
        let mut watched = Watched::open(Some("mine"), folder.path(), ALL).unwrap();
        write(folder.path(), "mine", &with_text("dark", "reddish"));
        assert!(watched.changed());
        let error = watched.reload().unwrap_err();
        assert!(error.contains("mine.toml, line 4: `reddish`"), "{error}");
        assert_eq!(watched.theme().styles.text.fg, Some(Color::Red));
        assert!(!watched.changed());
        write(folder.path(), "mine", &with_text("dark", "blue"));
        assert!(watched.changed());
        watched.reload().unwrap();
        assert_eq!(watched.theme().styles.text.fg, Some(Color::Blue));
    }

    #[test]
    fn another_theme_is_taken_only_if_it_can_be_used() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut watched = Watched::open(None, folder.path(), ALL).unwrap();
        assert_eq!(watched.wished(), DEFAULT);
        assert!(watched.choose("nowhere").is_err());
        assert_eq!((watched.wished(), watched.theme().name.as_str()), (DEFAULT, DEFAULT));
        watched.choose("light").unwrap();
        assert_eq!((watched.wished(), watched.theme().name.as_str()), ("light", "light"));
    }
}
