//! Which keys stand for which row of the table: the shipped ones, or the user's. Knows no screen.

use std::collections::BTreeMap;

use super::{Entry, InvalidKey, Key, Place};

/// The table with the keys of every row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keymap(Vec<(Entry, Vec<Key>)>);

/// What is wrong with a user's keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    #[error("no action is called `{name}`{}; docs/keys.md lists them", .near.as_ref().map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default())]
    NoAction { name: String, near: Option<String> },
    #[error("`{name}`: {key}")]
    InvalidKey { name: String, key: InvalidKey },
    #[error("`{name}` has no key: give it one, or remove the line to use the default")]
    Empty { name: String },
    #[error("{key} would stand for both `{one}` and `{other}` ({place}): change one of them")]
    Conflict { key: Key, one: String, other: String, place: String },
}

impl Keymap {
    /// The table with its shipped keys.
    pub fn shipped(entries: Vec<Entry>) -> Self {
        Self(entries.into_iter().map(|entry| (entry, entry.row.keys.to_vec())).collect())
    }

    /// The user's keys in place of the shipped ones: for an action's name, its keys.
    ///
    /// # Errors
    /// When a name or a key does not exist, or a key of the user's would stand for two things in one place.
    pub fn with(entries: Vec<Entry>, user: &BTreeMap<String, Vec<String>>) -> Result<Self, KeymapError> {
        let mut map = Self::shipped(entries);
        for (name, keys) in user {
            let parsed: Result<Vec<Key>, InvalidKey> = keys.iter().map(|key| key.parse()).collect();
            let keys = parsed.map_err(|key| KeymapError::InvalidKey { name: name.clone(), key })?;
            if keys.is_empty() {
                return Err(KeymapError::Empty { name: name.clone() });
            }
            if !map.knows(name) {
                return Err(KeymapError::NoAction { name: name.clone(), near: map.nearest(name) });
            }
            for (_, shipped) in map.0.iter_mut().filter(|(entry, _)| entry.row.id == *name) {
                shipped.clone_from(&keys);
            }
        }
        map.conflict().map_or(Ok(map), Err)
    }

    /// Every row with its keys, in the order in which they count.
    pub fn entries(&self) -> impl Iterator<Item = (&Entry, &[Key])> {
        self.0.iter().map(|(entry, keys)| (entry, keys.as_slice()))
    }

    pub fn knows(&self, action: &str) -> bool {
        self.0.iter().any(|(entry, _)| entry.row.id == action)
    }

    /// The key of an action, whether it makes sense now or not; empty where there is no such action.
    pub fn key(&self, action: &str) -> String {
        let mut found = self.entries().filter(|(entry, keys)| entry.row.id == action && !keys.is_empty());
        found.next().map(|(_, keys)| keys[0].to_string()).unwrap_or_default()
    }

    /// Two actions under one key in one place, which the shipped table does not have there. (That has some: rows that never make
    /// sense at the same time, such as pausing and continuing.)
    fn conflict(&self) -> Option<KeymapError> {
        let shipped = |one: &Entry, other: &Entry| one.row.keys.iter().any(|key| other.row.keys.contains(key));
        for (at, (one, keys)) in self.0.iter().enumerate() {
            for (other, others) in &self.0[at + 1..] {
                let apart = one.row.id == other.row.id || !meet(one.place, other.place) || shipped(one, other);
                if let (Some(key), false) = (keys.iter().find(|key| others.contains(key)), apart) {
                    let (place, one, other) = (one.place.title(), one.row.id.to_owned(), other.row.id.to_owned());
                    return Some(KeymapError::Conflict { key: *key, one, other, place });
                }
            }
        }
        None
    }

    /// The name that is most like what was written, by the letter pairs that both have, if they share half of them.
    fn nearest(&self, written: &str) -> Option<String> {
        let pairs = |text: &str| -> Vec<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
        let wanted = pairs(written);
        // Twice the shared pairs over all pairs of both, in thousandths.
        let likeness = |id: &str| {
            let own = pairs(id);
            2000 * own.iter().filter(|pair| wanted.contains(pair)).count() / (own.len() + wanted.len()).max(1)
        };
        let best = self.0.iter().map(|(entry, _)| entry.row.id).max_by_key(|id| likeness(id))?;
        (likeness(best) >= 500).then(|| best.to_owned())
    }
}

/// Whether rows of both places can count at the same time.
fn meet(one: Place, other: Place) -> bool {
    use Place::{Always, Everywhere, On, Typing, TypingOn};
    match (one, other) {
        (Always, _) | (_, Always) => true,
        (Everywhere, On(_)) | (On(_), Everywhere) | (Typing, TypingOn(_)) | (TypingOn(_), Typing) => true,
        (one, other) => one == other,
    }
}
