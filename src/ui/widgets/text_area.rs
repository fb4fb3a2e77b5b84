//! A field of several lines: text with a cursor, wrapped by display width. Knows keys, no screen. (The crate `ratatui-textarea` knows
//! how many rows a text takes only once it is drawn, moves by characters rather than graphemes, and draws text unescaped.)

use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Text};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::cells;
use crate::platform::text::escape_for_terminal;
use crate::ui::format::pad;
use crate::ui::theme::Theme;

/// Bytes that can be inserted at once: more than any model reads.
const MAX_INSERTED: usize = 64 * 1024;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextArea {
    text: String,
    /// A byte of `text` where a character begins, or its end.
    cursor: usize,
    /// The column that Up and Down keep to.
    column: Option<usize>,
}

impl From<&str> for TextArea {
    /// With the cursor at the end.
    fn from(text: &str) -> Self {
        let mut area = Self::default();
        area.insert(text);
        area
    }
}

impl TextArea {
    pub fn value(&self) -> &str {
        &self.text
    }

    /// Inserts text of any number of lines at the cursor. Line breaks of other systems become ours, tabs become blanks, and other
    /// control characters go.
    pub fn insert(&mut self, text: &str) {
        let end = text.floor_char_boundary(MAX_INSERTED);
        let text = text[..end].replace("\r\n", "\n").replace('\r', "\n").replace('\t', "    ");
        let text: String = text.chars().filter(|character| *character == '\n' || !character.is_control()).collect();
        self.text.insert_str(self.cursor, &text);
        self.cursor += text.len();
        self.column = None;
    }

    /// Does what a key means to a field `width` columns wide; ignores keys that mean nothing to it.
    pub fn handle(&mut self, key: &KeyEvent, width: usize) {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let column = self.column.take();
        match key.code {
            KeyCode::Char('j') if control => self.insert("\n"),
            KeyCode::Char('w') if control => self.delete(self.word_before()..self.cursor),
            KeyCode::Backspace if control || alt => self.delete(self.word_before()..self.cursor),
            KeyCode::Char('u') if control => self.delete(self.line().start..self.cursor),
            KeyCode::Char('k') if control => self.delete(self.cursor..self.line().end),
            KeyCode::Char('a') if control => self.cursor = self.line().start,
            KeyCode::Char('e') if control => self.cursor = self.line().end,
            KeyCode::Char('h') if control => self.delete(self.before()..self.cursor),
            KeyCode::Char('d') if control => self.delete(self.cursor..self.after()),
            KeyCode::Char('b') if control => self.cursor = self.before(),
            KeyCode::Char('f') if control => self.cursor = self.after(),
            KeyCode::Char('b') if alt => self.cursor = self.word_before(),
            KeyCode::Char('f') if alt => self.cursor = self.word_after(),
            KeyCode::Char(character) if !control && !alt => self.insert(character.encode_utf8(&mut [0; 4])),
            KeyCode::Enter => self.insert("\n"),
            KeyCode::Backspace => self.delete(self.before()..self.cursor),
            KeyCode::Delete => self.delete(self.cursor..self.after()),
            KeyCode::Left if control || alt => self.cursor = self.word_before(),
            KeyCode::Right if control || alt => self.cursor = self.word_after(),
            KeyCode::Left => self.cursor = self.before(),
            KeyCode::Right => self.cursor = self.after(),
            KeyCode::Home => self.cursor = self.line().start,
            KeyCode::End => self.cursor = self.line().end,
            KeyCode::Up => self.move_by(-1, width, column),
            KeyCode::Down => self.move_by(1, width, column),
            _ => {}
        }
    }

    /// Whether the cursor is in the first of the rows that `width` columns allow.
    pub fn is_on_first_row(&self, width: usize) -> bool {
        self.row(&self.rows(width)) == 0
    }

    /// The same of the last.
    pub fn is_on_last_row(&self, width: usize) -> bool {
        let rows = self.rows(width);
        self.row(&rows) + 1 == rows.len()
    }

    /// Rows that the text takes in a field `width` columns wide.
    pub fn height(&self, width: usize) -> usize {
        self.rows(width).len()
    }

    /// Rows above and below those around the cursor that fit into this place.
    pub fn hidden(&self, area: Rect) -> (usize, usize) {
        let rows = self.rows(usize::from(area.width));
        let shown = self.shown(&rows, usize::from(area.height));
        (shown.start, rows.len() - shown.end)
    }

    /// Draws the part around the cursor, and the cursor where it is typed into.
    pub fn draw(&self, theme: &Theme, frame: &mut Frame<'_>, area: Rect, typing: bool) {
        let width = usize::from(area.width);
        let rows = self.rows(width);
        let shown = self.shown(&rows, usize::from(area.height));
        let style = if typing { theme.styles.field } else { theme.styles.text };
        // The blanks that a row was broken at may reach beyond it.
        let seen = |row: &Range<usize>| pad(escape_for_terminal(&self.text[row.clone()]).trim_end_matches(' '), width);
        let lines = rows[shown.clone()].iter().map(|row| Line::styled(seen(row), style));
        frame.render_widget(Text::from_iter(lines), area);
        if typing && !area.is_empty() {
            let here = self.row(&rows);
            let column = columns(&self.text[rows[here].start..self.cursor]).min(width.saturating_sub(1));
            let [x, y] = [column, here - shown.start].map(cells);
            frame.set_cursor_position(Position::new(area.x.saturating_add(x), area.y.saturating_add(y)));
        }
    }

    fn delete(&mut self, range: Range<usize>) {
        self.cursor = range.start;
        self.text.replace_range(range, "");
    }

    fn before(&self) -> usize {
        let last = self.text[..self.cursor].grapheme_indices(true).next_back();
        last.map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        self.cursor + self.text[self.cursor..].graphemes(true).next().map_or(0, str::len)
    }

    fn word_before(&self) -> usize {
        let before = self.text[..self.cursor].trim_end();
        before.rfind(char::is_whitespace).map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8))
    }

    fn word_after(&self) -> usize {
        let after = &self.text[self.cursor..];
        let word = after.len() - after.trim_start().len();
        self.cursor + after[word..].find(char::is_whitespace).map_or(after.len(), |end| word + end)
    }

    /// The line of the text that has the cursor, without its line breaks.
    fn line(&self) -> Range<usize> {
        let start = self.text[..self.cursor].rfind('\n').map_or(0, |at| at + 1);
        let end = self.text[self.cursor..].find('\n').map_or(self.text.len(), |at| self.cursor + at);
        start..end
    }

    /// Up or down by rows as they are shown, as near to the column as can be.
    fn move_by(&mut self, by: isize, width: usize, column: Option<usize>) {
        let rows = self.rows(width);
        let here = self.row(&rows);
        let column = column.unwrap_or_else(|| columns(&self.text[rows[here].start..self.cursor]));
        let there = here.saturating_add_signed(by).min(rows.len() - 1);
        let row = rows[there].clone();
        // Behind the last character of a row that was wrapped begins the next one.
        let is_wrapped = rows.get(there + 1).is_some_and(|next| next.start == row.end);
        let mut graphemes = self.text[row.clone()].grapheme_indices(true);
        let last = graphemes.clone().next_back().filter(|_| is_wrapped).map_or(row.end, |(at, _)| row.start + at);
        let mut used = 0;
        let covers = |(_, grapheme): &(usize, &str)| {
            used += columns(grapheme);
            used > column
        };
        self.cursor = graphemes.find(covers).map_or(last, |(at, _)| row.start + at).min(last);
        self.column = Some(column);
    }

    /// The bytes of each row as it is shown, without its line break. The last column is kept for the cursor.
    fn rows(&self, width: usize) -> Vec<Range<usize>> {
        let room = width.saturating_sub(1).max(2);
        let mut rows = Vec::new();
        let mut start = 0;
        for line in self.text.split('\n') {
            rows.extend(wrap(line, room).into_iter().map(|row| start + row.start..start + row.end));
            start += line.len() + 1;
        }
        rows
    }

    /// The row that has the cursor.
    fn row(&self, rows: &[Range<usize>]) -> usize {
        rows.iter().rposition(|row| row.start <= self.cursor).unwrap_or(0)
    }

    /// Which rows are shown where there is room for so many.
    fn shown(&self, rows: &[Range<usize>], room: usize) -> Range<usize> {
        let start = self.row(rows).saturating_sub(room / 2).min(rows.len().saturating_sub(room));
        start..(start + room).min(rows.len())
    }
}

/// Columns of a text as it is shown.
fn columns(text: &str) -> usize {
    escape_for_terminal(text).width()
}

/// Breaks a line after blanks, or inside a word that is too long for a row. Blanks at the end of a row may stand out.
fn wrap(line: &str, room: usize) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let (mut start, mut used, mut blank) = (0, 0, None);
    for (at, grapheme) in line.grapheme_indices(true) {
        let needed = columns(grapheme);
        while used + needed > room && at > start && grapheme != " " {
            let end = blank.take().unwrap_or(at);
            rows.push(start..end);
            (start, used) = (end, columns(&line[end..at]));
        }
        used += needed;
        if grapheme == " " {
            blank = Some(at + 1);
        }
    }
    rows.push(start..line.len());
    rows
}
