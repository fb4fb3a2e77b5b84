//! The Import screen's part of `update`.

use std::path::PathBuf;

use super::Effect;
use crate::import::{FieldMap, ImportOptions};
use crate::store::count_words;
use crate::ui::guide;
use crate::ui::message::{Job, JobKind, Report};
use crate::ui::model::{Field, Model, Screen, Tone};

pub fn edit(model: &mut Model) {
    model.import.editing = Some(Field::Path);
    model.notice = None;
}

/// Looks at what the fields name.
#[must_use]
pub fn preview(model: &mut Model) -> Vec<Effect> {
    let text = |field: Field| model.import.fields[field as usize].value().trim().to_owned();
    let (path, mapping, me) = (text(Field::Path), text(Field::Mapping), text(Field::Me));
    if path.is_empty() {
        model.import.editing = Some(Field::Path);
        model.say(Tone::Plain, "Type the path of a file or folder with your writing, then Enter.");
        return Vec::new();
    }
    let map = if mapping.is_empty() { Ok(None) } else { mapping.parse::<FieldMap>().map(Some) };
    let map = match map {
        Ok(map) => map,
        Err(error) => {
            model.import.editing = Some(Field::Mapping);
            model.say(Tone::Bad, error.to_string());
            return Vec::new();
        }
    };
    let me = me.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    model.import.editing = None;
    (model.import.preview, model.import.kept, model.import.progress) = (None, None, None);
    (model.failures[Screen::Import.index()], model.notice) = (None, None);
    let options = ImportOptions { map, me, ..ImportOptions::default() };
    model.jobs.start(Job::Preview { path: PathBuf::from(path), options })
}

/// Keeps what the preview shows.
#[must_use]
pub fn keep(model: &mut Model) -> Vec<Effect> {
    let Some(scan) = model.import.preview.clone() else { return Vec::new() };
    if model.jobs.is_running(JobKind::Keep) {
        return Vec::new();
    }
    model.failures[Screen::Import.index()] = None;
    model.jobs.start(Job::Keep(scan))
}

pub fn discard(model: &mut Model) {
    model.import.preview = None;
    model.scroll = 0;
    guide::discarded(model);
    model.say(Tone::Plain, "Nothing was kept.");
}

#[must_use]
pub fn hear(model: &mut Model, report: Report) -> Vec<Effect> {
    match report {
        Report::Reading(progress) => model.import.progress = Some(progress),
        Report::Found(scan) => {
            model.import.preview_words = scan.documents.iter().map(|document| count_words(&document.text)).sum();
            (model.import.preview, model.import.progress) = (Some(scan), None);
            model.scroll = 0;
        }
        Report::Kept(added) => {
            (model.import.preview, model.import.kept) = (None, Some(added));
            model.scroll = 0;
            // Everything known of the texts is out of date.
            (model.style.profile, model.library.selected) = (None, None);
            model.failures[Screen::Style.index()] = None;
            model.failures[Screen::Library.index()] = None;
            return model.jobs.start(Job::Look);
        }
        _ => {}
    }
    Vec::new()
}
