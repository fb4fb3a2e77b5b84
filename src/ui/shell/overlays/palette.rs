//! The palette: every command that makes sense now, found by a few letters of its name, its synonyms or its description. Names come
//! first, and what destroys something last. Knows rows of the table, not what they do.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;
use unicode_width::UnicodeWidthStr;

use super::popup::popup;
use crate::ui::format::{fit, pad, pad_left};
use crate::ui::fuzzy::Finder;
use crate::ui::shell::keys::{Entry, Key};
use crate::ui::theme::Theme;
use crate::ui::widgets::{ListPlace, draw_field};

/// Columns of the longest key and name that the table has.
const KEY: usize = 9;
const NAME: usize = 18;

/// What is typed, and the commands there are.
#[derive(Debug, Default)]
pub struct Palette {
    pub input: Input,
    pub cursor: usize,
    commands: Vec<(Entry, Key)>,
}

impl Palette {
    /// With the commands that make sense now, those of the screen first.
    #[must_use]
    pub fn new(commands: Vec<(Entry, Key)>) -> Self {
        Self { input: Input::default(), cursor: 0, commands }
    }

    /// What matches, the best first: by name, then by synonym, then by description; where nothing is typed, all in their order.
    #[must_use]
    pub fn matches(&self) -> Vec<&(Entry, Key)> {
        let typed = self.input.value().trim();
        if typed.is_empty() {
            return self.commands.iter().collect();
        }
        let mut finder = Finder::new(typed);
        let mut scored: Vec<(bool, u8, u32, &(Entry, Key))> = Vec::new();
        for command in &self.commands {
            let row = &command.0.row;
            let fields = [(0, row.name), (1, row.synonyms), (2, row.description)];
            let found = fields.into_iter().find_map(|(rank, text)| Some((rank, finder.score(text)?)));
            if let Some((rank, score)) = found {
                scored.push((row.destructive, rank, u32::MAX - score, command));
            }
        }
        // Stable: what scores alike stays in the table's order.
        scored.sort_by_key(|(destructive, rank, badness, _)| (*destructive, *rank, *badness));
        scored.into_iter().map(|(.., command)| command).collect()
    }

    /// The highlighted command; what is typed makes the list shorter, and the cursor stays within it.
    #[must_use]
    pub fn highlighted(&self) -> Option<Entry> {
        let found = self.matches();
        found.get(self.cursor.min(found.len().saturating_sub(1))).map(|(entry, _)| *entry)
    }

    pub fn step(&mut self, by: isize) {
        let last = self.matches().len().saturating_sub(1);
        self.cursor = self.cursor.min(last).saturating_add_signed(by).min(last);
    }

    /// Draws it; returns where its rows stand.
    pub fn draw(
        &self,
        before: Option<&ListPlace>,
        theme: &Theme,
        frame: &mut Frame<'_>,
        area: Rect,
    ) -> Option<ListPlace> {
        let inside = popup(theme, frame, area, "Commands", (76, area.height.min(20)));
        let row = Rect { height: inside.height.min(1), ..inside };
        draw_field(theme, frame, row, "Find", "a few letters of what you want to do", &self.input, true);
        let found = self.matches();
        let width = usize::from(inside.width);
        let below = Rect { y: inside.y + row.height, height: inside.height - row.height, ..inside };
        if found.is_empty() {
            frame.render_widget(Line::styled(fit("No command matches.", width), theme.styles.dim), below);
            return None;
        }
        let cursor = self.cursor.min(found.len() - 1);
        let place = ListPlace::around(before, found.len(), cursor, below);
        for (index, row) in place.rows() {
            frame.render_widget(command(theme, found[index], index == cursor, width), row);
        }
        Some(place)
    }
}

fn command(theme: &Theme, (entry, key): &(Entry, Key), here: bool, width: usize) -> Line<'static> {
    let (styles, row) = (&theme.styles, &entry.row);
    let before = [
        Span::styled(if here { theme.glyphs.cursor } else { " " }, styles.key),
        Span::styled(format!("{} ", pad_left(&key.to_string(), KEY)), styles.key),
        Span::styled(pad(row.name, NAME), if here { styles.selected } else { styles.text }),
        Span::raw(" "),
    ];
    let used: usize = before.iter().map(|span| span.content.width()).sum();
    let described = Span::styled(fit(row.description, width.saturating_sub(used)), styles.dim);
    Line::from_iter(before.into_iter().chain([described]))
}
