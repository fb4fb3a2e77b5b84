//! A theme as it is used: one style a role, and the characters of plots. Knows no files.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Style};

use super::glyphs::Glyphs;

#[derive(Clone, Debug)]
pub struct Theme {
    pub name: String,
    /// What the theme is made for; none where it is the terminal's own.
    pub background: Option<Color>,
    pub styles: Styles,
    pub glyphs: Glyphs,
}

macro_rules! roles {
    ($($(#[$note:meta])* $role:ident),+ $(,)?) => {
        /// One style a role.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Styles { $($(#[$note])* pub $role: Style,)+ }

        impl Styles {
            /// The names of the roles, as a theme file writes them.
            pub const ROLES: &'static [&'static str] = &[$(stringify!($role)),+];

            /// Asks for the style of each role.
            pub(super) fn of<E>(mut style: impl FnMut(&str) -> Result<Style, E>) -> Result<Self, E> {
                Ok(Self { $($role: style(stringify!($role))?),+ })
            }

            pub(super) fn map(&self, change: impl Fn(Style) -> Style) -> Self {
                Self { $($role: change(self.$role)),+ }
            }

            /// Each role's name and style.
            pub fn each(&self) -> impl Iterator<Item = (&'static str, Style)> {
                [$((stringify!($role), self.$role)),+].into_iter()
            }
        }
    };
}

roles! {
    text,
    dim,
    heading,
    key,
    tab,
    tab_here,
    selected,
    /// The person.
    user,
    /// The base model.
    base,
    /// A model of the library.
    other,
    good,
    bad,
    guide,
    field,
    rule,
    /// The border of the panel with the focus.
    focus,
}

impl Theme {
    /// Gives the cells that have no colours of their own the theme's, where it is made for a background.
    pub fn paint(&self, buffer: &mut Buffer) {
        let Some(background) = self.background else { return };
        for cell in &mut buffer.content {
            if cell.bg == Color::Reset {
                cell.bg = background;
            }
            if cell.fg == Color::Reset {
                cell.fg = self.styles.text.fg.unwrap_or(Color::Reset);
            }
        }
    }
}
