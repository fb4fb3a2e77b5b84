//! The fields that name what is to be imported, and the preview that they begin. Knows no files.

use std::path::PathBuf;

use tui_input::Input;

use super::picker;
use crate::import::{FieldMap, ImportOptions};
use crate::ui::message::{Effect, Job};
use crate::ui::model::{Model, Tone};
use crate::ui::screens::Screen;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Path,
    Mapping,
    Me,
}

impl Field {
    pub const ALL: [Self; 3] = [Self::Path, Self::Mapping, Self::Me];

    #[must_use]
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Path => "File or folder",
            Self::Mapping => "JSON fields",
            Self::Me => "My addresses",
        }
    }

    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::Path => "for example ~/Documents/letters or ~/mail/sent.mbox",
            Self::Mapping => "only for JSON lines: text=FIELD,context=FIELD (guessed when empty)",
            Self::Me => "for mail and chats: your addresses or names, with commas (guessed when empty)",
        }
    }
}

/// Whether a field is typed into, rather than the search among files.
#[must_use]
pub fn editing(model: &Model) -> bool {
    model.screen == Screen::Import && model.screens.import.editing.is_some() && !picker::picking(model)
}

pub fn edit(model: &mut Model) -> Vec<Effect> {
    model.screens.import.editing = Some(Field::Path);
    model.notice = None;
    Vec::new()
}

pub fn next_field(model: &mut Model) -> Vec<Effect> {
    model.screens.import.editing = model.screens.import.editing.map(Field::next);
    Vec::new()
}

/// Looks at what the fields name; where they name nothing, there is a list to choose from.
pub fn preview(model: &mut Model) -> Vec<Effect> {
    let import = &model.screens.import;
    let typed = import.fields[Field::Path as usize].value().trim();
    // A name that is not Unicode cannot be typed: what was chosen counts as long as the field shows it.
    let chosen = import.chosen.clone().filter(|chosen| chosen.to_string_lossy() == typed);
    let path = chosen.unwrap_or_else(|| PathBuf::from(typed));
    if !path.as_os_str().is_empty() {
        return begin(model, path);
    }
    if picker::may_pick(model) {
        return picker::open(model);
    }
    model.screens.import.editing = Some(Field::Path);
    model.say(Tone::Plain, "Type the path of a file or folder with your writing, then Enter.");
    Vec::new()
}

/// Looks at a file or folder that was chosen, and shows it in the field.
pub(super) fn preview_path(model: &mut Model, path: PathBuf) -> Vec<Effect> {
    let import = &mut model.screens.import;
    import.fields[Field::Path as usize] = Input::new(path.to_string_lossy().into_owned());
    import.chosen = Some(path.clone());
    begin(model, path)
}

fn begin(model: &mut Model, path: PathBuf) -> Vec<Effect> {
    let text = |field: Field| model.screens.import.fields[field as usize].value().trim().to_owned();
    let (mapping, me) = (text(Field::Mapping), text(Field::Me));
    let map = if mapping.is_empty() { Ok(None) } else { mapping.parse::<FieldMap>().map(Some) };
    let map = match map {
        Ok(map) => map,
        Err(error) => {
            model.screens.import.editing = Some(Field::Mapping);
            model.say(Tone::Bad, error.to_string());
            return Vec::new();
        }
    };
    let me = me.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let import = &mut model.screens.import;
    (import.editing, import.preview, import.kept, import.progress) = (None, None, None, None);
    (model.failures[Screen::Import.index()], model.notice) = (None, None);
    let options = ImportOptions { map, me, ..ImportOptions::default() };
    model.jobs.start(Job::Preview { path, options })
}
