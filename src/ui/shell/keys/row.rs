//! A row of the table of keys, without whom it belongs to: which keys, and what they are called.

use super::{Command, Key};

/// Keys with their name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name in the user's key settings and in documents: `start-training`. Several rows may share one.
    pub id: &'static str,
    /// The shipped keys; the first is the one shown.
    pub keys: &'static [Key],
    /// For the command bar: a word or two.
    pub name: &'static str,
    /// For help and palette: a sentence.
    pub description: &'static str,
    /// Counts while text is typed, and only then.
    pub typing: bool,
    /// The command bar names it.
    pub in_bar: bool,
    /// Something is lost by it: the palette ranks it last.
    pub destructive: bool,
    /// Other words that the palette finds it by.
    pub synonyms: &'static str,
    /// Counts only where this command of the shell makes no sense now.
    pub unless: Option<Command>,
}

/// A row that the command bar names.
#[must_use]
pub const fn row(id: &'static str, keys: &'static [Key], name: &'static str, description: &'static str) -> Row {
    Row { id, keys, name, description, typing: false, in_bar: true, destructive: false, synonyms: "", unless: None }
}

/// One that the command bar does not name.
#[must_use]
pub const fn quiet(id: &'static str, keys: &'static [Key], name: &'static str, description: &'static str) -> Row {
    row(id, keys, name, description).quiet()
}

/// One that counts while text is typed, and only then.
#[must_use]
pub const fn typing(id: &'static str, keys: &'static [Key], name: &'static str, description: &'static str) -> Row {
    row(id, keys, name, description).while_typing()
}

impl Row {
    #[must_use]
    pub const fn while_typing(mut self) -> Self {
        self.typing = true;
        self
    }

    /// Not named in the command bar.
    #[must_use]
    pub const fn quiet(mut self) -> Self {
        self.in_bar = false;
        self
    }

    #[must_use]
    pub const fn destructive(mut self) -> Self {
        self.destructive = true;
        self
    }

    /// Only where this command makes no sense, as where a page was read to its end.
    #[must_use]
    pub const fn unless(mut self, command: Command) -> Self {
        self.unless = Some(command);
        self
    }

    #[must_use]
    pub const fn also(mut self, synonyms: &'static str) -> Self {
        self.synonyms = synonyms;
        self
    }
}
