//! The fields that name what is to be imported. Knows no files.

use std::path::PathBuf;

use tui_input::Input;

use crate::import::{FieldMap, ImportOptions};

/// What each field is called, and what goes into it.
pub const FIELDS: [(&str, &str); 3] = [
    ("File or folder", "for example ~/Documents/letters or ~/mail/sent.mbox"),
    ("Fields", "only for JSON lines and CSV: text=FIELD,context=FIELD (guessed if empty)"),
    ("My addresses", "for mail and chats: your addresses or names, separated by commas (guessed if empty)"),
];
pub const PATH: usize = 0;
pub const MAPPING: usize = 1;
pub const ME: usize = 2;

#[derive(Debug, Default)]
pub struct Form {
    pub inputs: [Input; 3],
    /// The field that is typed into.
    pub editing: Option<usize>,
    /// What was chosen last in the list of files. A name that is not Unicode cannot be typed: it counts as long as the field shows it.
    chosen: Option<PathBuf>,
}

impl Form {
    /// What the first field names; none where it is empty.
    pub fn path(&self) -> Option<PathBuf> {
        let typed = self.inputs[PATH].value().trim();
        let chosen = self.chosen.clone().filter(|chosen| chosen.to_string_lossy() == typed);
        let path = chosen.unwrap_or_else(|| PathBuf::from(typed));
        (!path.as_os_str().is_empty()).then_some(path)
    }

    pub fn set_path(&mut self, path: PathBuf) {
        self.inputs[PATH] = Input::new(path.to_string_lossy().into_owned());
        self.chosen = Some(path);
    }

    /// How the other fields want it read, or what is wrong with the mapping of JSON fields.
    pub fn options(&self) -> Result<ImportOptions, String> {
        let mapping = self.inputs[MAPPING].value().trim();
        let parsed = (!mapping.is_empty()).then(|| mapping.parse::<FieldMap>().map_err(|error| error.to_string()));
        let map = parsed.transpose()?;
        let names = self.inputs[ME].value().split(',').map(str::trim);
        let me = names.filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Ok(ImportOptions { map, me, ..ImportOptions::default() })
    }
}
