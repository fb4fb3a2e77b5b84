//! The palette: every command that makes sense now, found by a few letters of its name, its synonyms or its description. Matches by
//! name come first, and destructive commands last. Knows rows of the table, not what they do.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;
use unicode_width::UnicodeWidthStr;

use super::popup::Popup;
use crate::ui::format::{fit, pad, pad_left};
use crate::ui::fuzzy::Finder;
use crate::ui::shell::keys::{Entry, Key, Row};
use crate::ui::shell::screen::View;
use crate::ui::theme::Theme;
use crate::ui::values::moved;
use crate::ui::widgets::{draw_field, top};

/// Columns of the longest key and name that the table has.
const KEY: usize = 9;
const NAME: usize = 18;

/// What is typed, and the commands there are.
#[derive(Debug, Default)]
pub struct Palette {
    pub input: Input,
    pub cursor: usize,
    /// Those that make sense now, those of the screen first.
    pub commands: Vec<(Entry, Key)>,
}

impl Palette {
    /// What matches, the best first: by name, then by synonym, then by description; where nothing is typed, all in their order.
    pub fn matches(&self) -> Vec<&(Entry, Key)> {
        let typed = self.input.value().trim();
        if typed.is_empty() {
            return self.commands.iter().collect();
        }
        let mut finder = Finder::new(typed);
        let mut rank = |row: &Row| {
            let fields = [(0, row.name), (1, row.synonyms), (2, row.description)];
            let found = fields.into_iter().find_map(|(field, text)| Some((field, finder.score(text)?)));
            found.map(|(field, score)| (row.destructive, field, u32::MAX - score))
        };
        let commands = self.commands.iter();
        let mut ranked: Vec<_> = commands.filter_map(|command| Some((rank(&command.0.row)?, command))).collect();
        // Stable: what ranks alike stays in the table's order.
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.into_iter().map(|(_, command)| command).collect()
    }

    /// The highlighted command; what is typed makes the list shorter, and the cursor stays within it.
    pub fn highlighted(&self) -> Option<Entry> {
        let found = self.matches();
        found.get(self.cursor.min(found.len().saturating_sub(1))).map(|(entry, _)| *entry)
    }

    pub fn step(&mut self, by: isize) {
        let last = self.matches().len().saturating_sub(1);
        self.cursor = moved(self.cursor, last, by);
    }

    pub fn draw(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        let popup = Popup::new(view, frame, area, (76, 20));
        let [row, below] = top(popup.inside, 1);
        draw_field(view.theme, frame, row, "Find", "a few letters of what you want to do", &self.input, true);
        let found = self.matches();
        let width = usize::from(below.width);
        popup.draw_rows(frame, "Commands", below, (self.cursor, found.len()), "No command matches.", |index, here| {
            command(view.theme, found[index], here, width)
        });
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
