//! What a suite found: rows of named values, for JSON and for a table.

use std::fmt::Write;

use serde::{Serialize, Serializer};

/// A cell: a number with the decimals it is shown with, a count, or a word.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Number(f64, usize),
    Count(usize),
    Word(String),
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number, _) => serializer.serialize_f64(*number),
            Self::Count(count) => serializer.serialize_u64(*count as u64),
            Self::Word(word) => serializer.serialize_str(word),
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number, decimals) => write!(f, "{number:.decimals$}"),
            Self::Count(count) => write!(f, "{count}"),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// One line: the columns by name, in the order they are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Row(pub Vec<(&'static str, Value)>);

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl Row {
    /// The value of a column.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| *name == column).map(|(_, value)| value)
    }
}

/// All rows of a suite, with what is needed to read them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub suite: String,
    /// Version of the style space.
    pub space: String,
    /// What was compared, in a sentence or two.
    pub about: String,
    pub rows: Vec<Row>,
}

impl Report {
    /// A Markdown table of the rows.
    #[must_use]
    pub fn table(&self) -> String {
        let mut table = String::new();
        let Some(first) = self.rows.first() else { return table };
        let names: Vec<&str> = first.0.iter().map(|(name, _)| *name).collect();
        let _ = writeln!(table, "| {} |", names.join(" | "));
        let _ = writeln!(table, "|{}", "---|".repeat(names.len()));
        for row in &self.rows {
            let cells: Vec<String> = row.0.iter().map(|(_, value)| value.to_string()).collect();
            let _ = writeln!(table, "| {} |", cells.join(" | "));
        }
        table
    }
}
