//! A key binding of a screen: a row of the table, when it makes sense and what it does. Knows no particular screen.

use super::effect::Effect;
use super::keys::Row;
use super::shared::Shared;

/// A row with what it does to a screen of type `S`.
pub struct Binding<S: 'static> {
    pub row: Row,
    pub enabled: fn(&S, &Shared) -> bool,
    pub run: fn(&mut S, &Shared) -> Vec<Effect>,
}

impl Row {
    /// The row as a binding that always makes sense.
    pub const fn runs<S>(self, run: fn(&mut S, &Shared) -> Vec<Effect>) -> Binding<S> {
        Binding { row: self, enabled: |_, _| true, run }
    }
}

impl<S> Binding<S> {
    /// Only where this holds.
    pub const fn when(mut self, enabled: fn(&S, &Shared) -> bool) -> Self {
        self.enabled = enabled;
        self
    }
}
