//! A key binding of a screen: a row of the table, when it makes sense and what it does. Knows no particular screen.

use super::effect::Effect;
use super::keys::Row;
use super::shared::Shared;

/// A row with what it does to a screen of type `S`.
pub struct Binding<S: 'static> {
    pub row: Row,
    pub enabled: fn(&S, &Shared) -> bool,
    pub run: Run<S>,
}

/// What a key does to a screen of type `S`.
pub enum Run<S> {
    /// Changes it, and nothing else.
    Change(fn(&mut S)),
    /// Changes it, and has effects elsewhere.
    Effects(fn(&mut S, &Shared) -> Vec<Effect>),
}

impl Row {
    /// The row as a binding that always makes sense.
    pub const fn runs<S>(self, run: fn(&mut S, &Shared) -> Vec<Effect>) -> Binding<S> {
        self.runs_if(|_, _| true, run)
    }

    /// One that makes sense only where `enabled` holds.
    pub const fn runs_if<S>(
        self,
        enabled: fn(&S, &Shared) -> bool,
        run: fn(&mut S, &Shared) -> Vec<Effect>,
    ) -> Binding<S> {
        Binding { row: self, enabled, run: Run::Effects(run) }
    }

    /// One that only changes the screen.
    pub const fn changes_if<S>(self, enabled: fn(&S, &Shared) -> bool, change: fn(&mut S)) -> Binding<S> {
        Binding { row: self, enabled, run: Run::Change(change) }
    }
}
