//! How Import looks: the fields, what is read, what is saved. The list of files and the preview are drawn by `picker_view` and
//! `preview`.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::form::{FIELDS, Form};
use super::jobs::Preview;
use super::state::{Import, Stage};
use super::{picker_view, preview};
use crate::app::demo::{ABOUT, NAME};
use crate::ui::format::{count, megabytes, one_line, thousands};
use crate::ui::shell::View;
use crate::ui::shell::shared::Status;
use crate::ui::widgets::{Page, draw_field, top};

pub fn draw(import: &Import, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    if let Some(picker) = &import.picker {
        return picker_view::draw(picker, view, frame, area);
    }
    let below = import.form.editing.map_or(area, |typed| draw_form(&import.form, typed, view, frame, area));
    if let Some(found) = import.found() {
        return preview::draw(found, view, frame, below);
    }
    let title = if view.shared.has_texts() { "Texts" } else { "Start here" };
    view.page(frame, below, 0, title, |page| {
        view.write_failures(page);
        if view.shared.runs::<Preview>() { reading(import, view, page) } else { texts(import, view, page) }
    });
}

/// Draws the fields and what the one that is typed into is for; returns what is left of the area.
fn draw_form(form: &Form, typed: usize, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) -> Rect {
    let mut rest = area;
    for (field, (label, hint)) in FIELDS.into_iter().enumerate() {
        draw_field(view.theme, frame, rest, label, hint, &form.inputs[field], field == typed);
        [_, rest] = top(rest, 1);
    }
    let mut page = Page::new(view.theme, rest);
    page.dim(FIELDS[typed].1);
    page.draw_above(frame, rest)
}

fn reading(import: &Import, view: &View<'_>, page: &mut Page<'_>) {
    match &import.progress {
        Some(progress) => {
            let done = thousands(progress.files_done + 1);
            let total = thousands(progress.files_total);
            let texts = count(progress.texts, "text");
            view.write_working(page, &format!("Reading file {done} of {total}, {texts} so far"));
            page.dim(&one_line(&progress.file.to_string_lossy()));
        }
        None => view.write_working(page, "Looking for files"),
    }
    page.blank();
    page.hint(&view.shared.key("stop"), "stop; nothing has been saved");
}

fn texts(import: &Import, view: &View<'_>, page: &mut Page<'_>) {
    if let Stage::Kept(added) = &import.stage {
        let there = match added.already_there {
            0 => String::new(),
            number => format!("; {} already saved", count(number, "text")),
        };
        page.text(view.theme.styles.good, &format!("{} saved{there}.", count(added.added, "text")));
        page.blank();
    }
    let Some(status) = &view.shared.status else {
        return view.write_working(page, "Checking the data folder");
    };
    let texts = &status.texts;
    if texts.texts == 0 {
        return welcome(status, view, page);
    }
    page.plain(&format!("{}, {}", count(texts.texts, "text"), count(texts.words, "word")));
    for source in &texts.sources {
        let (format, amount) = (source.format.as_str(), count(source.texts, "text"));
        preview::file_row(view.theme, page, format, &amount, &source.source);
    }
    page.blank();
    page.hint(&view.shared.key("show-style"), "see how you write");
    page.hint(&view.key("choose-file"), "add another file or folder");
    let last = status.last_import.as_ref().map_or(0, |import| import.texts);
    page.hint(&view.key("undo-import"), &format!("undo the last import ({})", count(last, "text")));
}

fn welcome(status: &Status, view: &View<'_>, page: &mut Page<'_>) {
    if view.shared.in_demo {
        page.plain(&format!("{NAME} {ABOUT}. Her mail becomes a model that writes like her; every step is real."));
    } else {
        page.plain(
            "XPerT makes a language model that writes like you, from things you wrote: mail, notes, chats, letters.",
        );
    }
    page.blank();
    page.fact("Your words", "stay on this machine. Nothing is sent anywhere, now or later.");
    let base = match &status.base {
        Some((name, _)) => format!("{} is already on this machine.", one_line(name)),
        None => {
            let (name, licence, bytes) = &status.wanted;
            let size = megabytes(*bytes);
            format!("{name} ({licence}, {size}) is downloaded once, when you ask for it: the only use of the network.")
        }
    };
    page.fact("Base model", &base);
    page.fact(
        "File types",
        "plain text, Markdown, mail (mbox, .eml), JSON lines and CSV; you see what was found before anything is saved.",
    );
    page.fact("How long", "a few key presses and a few minutes of training, which you can pause or stop.");
    page.blank();
    page.hint(&view.key("choose-file"), "choose a file or folder from a list");
    page.hint(&view.key("edit-path"), "type a path");
    page.hint(&view.key("open-demo"), "first see the whole process with a fictional person's texts");
}
