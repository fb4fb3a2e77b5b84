//! The fields that name what is to be imported. Knows no files.

use std::path::PathBuf;

use tui_input::Input;

use crate::import::{FieldMap, ImportOptions};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Path,
    Mapping,
    Me,
}

impl Field {
    pub const ALL: [Self; 3] = [Self::Path, Self::Mapping, Self::Me];

    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }

    pub fn label(self) -> &'static str {
        ["File or folder", "JSON fields", "My addresses"][self as usize]
    }

    pub fn hint(self) -> &'static str {
        match self {
            Self::Path => "for example ~/Documents/letters or ~/mail/sent.mbox",
            Self::Mapping => "only for JSON lines: text=FIELD,context=FIELD (guessed if empty)",
            Self::Me => "for mail and chats: your addresses or names, separated by commas (guessed if empty)",
        }
    }
}

#[derive(Debug, Default)]
pub struct Form {
    inputs: [Input; 3],
    pub editing: Option<Field>,
    /// What was chosen last in the list of files. A name that is not Unicode cannot be typed: it counts as long as the field shows it.
    chosen: Option<PathBuf>,
}

impl Form {
    pub fn input(&self, field: Field) -> &Input {
        &self.inputs[field as usize]
    }

    pub fn typed(&mut self) -> Option<&mut Input> {
        self.editing.map(|field| &mut self.inputs[field as usize])
    }

    /// What the first field names; none where it is empty.
    pub fn path(&self) -> Option<PathBuf> {
        let typed = self.input(Field::Path).value().trim();
        let chosen = self.chosen.clone().filter(|chosen| chosen.to_string_lossy() == typed);
        let path = chosen.unwrap_or_else(|| PathBuf::from(typed));
        (!path.as_os_str().is_empty()).then_some(path)
    }

    pub fn set_path(&mut self, path: PathBuf) {
        self.inputs[Field::Path as usize] = Input::new(path.to_string_lossy().into_owned());
        self.chosen = Some(path);
    }

    /// How the other fields want it read, or what is wrong with the mapping of JSON fields.
    pub fn options(&self) -> Result<ImportOptions, String> {
        let mapping = self.input(Field::Mapping).value().trim();
        let parsed = (!mapping.is_empty()).then(|| mapping.parse::<FieldMap>().map_err(|error| error.to_string()));
        let map = parsed.transpose()?;
        let names = self.input(Field::Me).value().split(',').map(str::trim);
        let me = names.filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Ok(ImportOptions { map, me, ..ImportOptions::default() })
    }
}
