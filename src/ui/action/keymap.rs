//! Which keys stand for which row of the table: the shipped ones, or the user's. Knows no screen.

use std::collections::BTreeMap;

use super::{Entry, Key, NoKey, Place, TABLE};

/// The keys of every row, in the order of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap(Vec<Vec<Key>>);

/// What is wrong with a user's keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    #[error("no action is called `{name}`{}; docs/keys.md lists them", .near.as_ref().map(|near| format!(" (is `{near}` meant?)")).unwrap_or_default())]
    NoAction { name: String, near: Option<String> },
    #[error("`{name}`: {key}")]
    NoKey { name: String, key: NoKey },
    #[error("`{name}` has no key: give it one, or leave the line out for the shipped one")]
    Empty { name: String },
    #[error("{key} would stand for both `{one}` and `{other}` ({place}): change one of them")]
    Conflict { key: Key, one: String, other: String, place: &'static str },
}

impl Default for Keymap {
    fn default() -> Self {
        Self(TABLE.iter().map(|entry| entry.keys.to_vec()).collect())
    }
}

impl Keymap {
    /// The shipped keys with the user's in their place: for an action's name, its keys.
    ///
    /// # Errors
    /// When a name or a key does not exist, or a key of the user's would stand for two things in one place.
    pub fn with(user: &BTreeMap<String, Vec<String>>) -> Result<Self, KeymapError> {
        let mut map = Self::default();
        for (name, keys) in user {
            let parsed: Result<Vec<Key>, NoKey> = keys.iter().map(|key| key.parse()).collect();
            let keys = parsed.map_err(|key| KeymapError::NoKey { name: name.clone(), key })?;
            if keys.is_empty() {
                return Err(KeymapError::Empty { name: name.clone() });
            }
            let mut known = false;
            for (_, row) in TABLE.iter().zip(&mut map.0).filter(|(entry, _)| entry.action.id() == *name) {
                row.clone_from(&keys);
                known = true;
            }
            if !known {
                return Err(KeymapError::NoAction { name: name.clone(), near: nearest(name) });
            }
        }
        map.conflict().map_or(Ok(map), Err)
    }

    /// The keys of each row, in the table's order.
    pub fn rows(&self) -> impl Iterator<Item = &[Key]> {
        self.0.iter().map(Vec::as_slice)
    }

    /// The keys of each row with the row.
    pub fn entries(&self) -> impl Iterator<Item = (&'static Entry, &[Key])> {
        TABLE.iter().zip(self.rows())
    }

    /// Two actions under one key in one place, which the shipped table does not have there. (That has some: rows that never make
    /// sense at the same time, such as pausing and going on.)
    fn conflict(&self) -> Option<KeymapError> {
        let shipped = |one: &Entry, other: &Entry| one.keys.iter().any(|key| other.keys.contains(key));
        let rows: Vec<(&Entry, &[Key])> = self.entries().collect();
        for (at, (one, keys)) in rows.iter().enumerate() {
            for (other, others) in &rows[at + 1..] {
                let apart = one.action == other.action || !meet(one.place, other.place) || shipped(one, other);
                if let (Some(key), false) = (keys.iter().find(|key| others.contains(key)), apart) {
                    let (one, other) = (one.action.id(), other.action.id());
                    let place = rows[at].0.place.title();
                    return Some(KeymapError::Conflict { key: *key, one, other, place });
                }
            }
        }
        None
    }
}

/// Whether rows of both places can be listened to at the same time.
fn meet(one: Place, other: Place) -> bool {
    let on_screens = |place: Place| matches!(place, Place::Everywhere | Place::On(_));
    match (one, other) {
        (Place::Always, _) | (_, Place::Always) => true,
        (Place::On(one), Place::On(other)) => one == other,
        (one, other) => one == other || (on_screens(one) && on_screens(other)),
    }
}

/// The name that is most like what was written, by the letter pairs that both have, if they share half of them.
fn nearest(written: &str) -> Option<String> {
    let pairs = |text: &str| -> Vec<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let wanted = pairs(written);
    // Twice the shared pairs over all pairs of both, in thousandths.
    let likeness = |id: &String| {
        let own = pairs(id);
        2000 * own.iter().filter(|pair| wanted.contains(pair)).count() / (own.len() + wanted.len()).max(1)
    };
    let best = TABLE.iter().map(|entry| entry.action.id()).max_by_key(likeness)?;
    (likeness(&best) >= 500).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &[&str])]) -> Result<Keymap, KeymapError> {
        let own = |(name, keys): &(&str, &[&str])| ((*name).to_owned(), keys.iter().map(ToString::to_string).collect());
        Keymap::with(&pairs.iter().map(own).collect())
    }

    #[test]
    fn the_shipped_keys_have_no_conflict_of_their_own_making() {
        assert_eq!(Keymap::default().conflict(), None);
        assert_eq!(map(&[]), Ok(Keymap::default()));
    }

    #[test]
    fn an_action_takes_the_users_keys_in_every_place() {
        let map = map(&[("page-down", &["Ctrl-F", "PgDn"])]).unwrap();
        let rows: Vec<_> = map.entries().filter(|(entry, _)| entry.action.id() == "page-down").collect();
        assert!(rows.len() > 1);
        assert!(rows.iter().all(|(_, keys)| *keys == [Key::control('f'), "PgDn".parse().unwrap()]));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let said = |pairs: &[(&str, &[&str])]| map(pairs).unwrap_err().to_string();
        assert!(said(&[("start-trainin", &["t"])]).contains("is `start-training` meant?"));
        assert!(said(&[("zzz", &["t"])]).contains("no action is called `zzz`;"));
        assert!(said(&[("help", &["Ctrl-"])]).contains("`help`: `Ctrl-` is no key"));
        assert!(said(&[("help", &[])]).contains("`help` has no key"));
        let conflict = said(&[("stop", &["q"])]);
        assert!(conflict.contains("q would stand for both `stop` and `quit`"), "{conflict}");
        assert!(said(&[("suspend", &["Enter"])]).contains("Enter would stand for both `suspend`"));
    }

    #[test]
    fn one_key_may_mean_different_things_on_different_screens() {
        assert!(map(&[("edit-path", &["z"]), ("choose-start", &["z"])]).is_ok());
    }
}
