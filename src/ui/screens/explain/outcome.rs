//! The last steps: the choice, for every kind of it, and what would change it.

use super::is_refused;
use super::view::Sheet;
use crate::app::present::words::sentence;
use crate::app::select::Selected;
use crate::selection::{AxisPair, Blend, ChoiceKind, RunnerUp, Tie, short_percent};
use crate::ui::action::{Action, key_for};
use crate::ui::format::{one_line, thousands};
use crate::ui::model::Model;
use crate::ui::parts::ROOMY;
use crate::ui::screens::Screen;
use crate::ui::widgets::{common_scale, paired, paired_legend};

/// The choice in as few words as can be read from afar.
fn verdict(kind: ChoiceKind) -> &'static str {
    match kind {
        ChoiceKind::Library => "A clear match",
        ChoiceKind::Tie => "Two models that cannot be told apart",
        ChoiceKind::Blend => "Several models together",
        ChoiceKind::Scratch => "No model is close enough",
        ChoiceKind::TooLittleText => "Too little text",
        ChoiceKind::Unmeasurable => "Not measurable",
    }
}

/// What a model of the library is called, by its id.
fn name(selected: &Selected, id: &str) -> String {
    let candidate = selected.candidates.iter().find(|candidate| candidate.id == id);
    one_line(candidate.map_or(id, |candidate| candidate.name.as_str()))
}

pub(super) fn choice(sheet: &mut Sheet<'_>, selected: &Selected) {
    let (choice, styles) = (&selected.choice, &sheet.theme.styles);
    let refused = is_refused(choice.kind);
    sheet.page.text(if refused { styles.bad } else { styles.good }, verdict(choice.kind));
    sheet.page.blank();
    sheet.page.plain(&sentence(&choice.reason));
    if let Some(blend) = &choice.blend {
        sheet.page.blank();
        weights(sheet, selected, blend);
    }
    if let Some(tie) = &choice.tie {
        sheet.page.blank();
        for (id, probability) in [(&tie.one, tie.one_probability), (&tie.other, tie.other_probability)] {
            let name = name(selected, id);
            sheet.bar((&name, styles.text), probability, &short_percent(probability), styles.good);
        }
    }
    if choice.kind == ChoiceKind::TooLittleText {
        sheet.page.blank();
        let needed = selected.words + choice.missing_words;
        let value = format!("{} of {} words", thousands(selected.words), thousands(needed));
        sheet.bar(("there is", styles.text), selected.words as f64 / needed.max(1) as f64, &value, styles.user);
    }
    if refused {
        sheet.page.blank();
        sheet.page.plain("No model is chosen rather than a wrong one. Training from here starts from scratch.");
    }
    if let Some(explanation) = &selected.explanation {
        sheet.page.blank();
        sheet.page.plain(&explanation.paragraph);
    }
}

/// How much of each model is in a blend, and what that gains.
fn weights(sheet: &mut Sheet<'_>, selected: &Selected, blend: &Blend) {
    let styles = &sheet.theme.styles;
    let heaviest = blend.parts.iter().map(|part| part.weight).fold(1.0, f64::max);
    for part in &blend.parts {
        let name = name(selected, &part.id);
        sheet.bar((&name, styles.other), part.weight / heaviest, &format!("{:.2}", part.weight), styles.other);
    }
    sheet.page.blank();
    let alone = format!("{} alone", name(selected, &blend.best_single));
    for (name, score) in [("score of the blend", blend.similarity), (alone.as_str(), blend.single_similarity)] {
        sheet.bar((name, styles.text), score, &format!("{score:.2}"), styles.good);
    }
}

pub(super) fn change(sheet: &mut Sheet<'_>, model: &Model, selected: &Selected) {
    let choice = &selected.choice;
    match choice.kind {
        ChoiceKind::TooLittleText => sheet.opening(&format!(
            "More of your writing: with about {} more words the library can be compared with you.",
            thousands(choice.missing_words)
        )),
        ChoiceKind::Unmeasurable => {
            sheet.opening("Other texts: running English that you wrote yourself. What is wrong with these is said below.");
        }
        ChoiceKind::Scratch => sheet.opening(
            "A library with a model nearer to you. Of the models in this one none is, so the order among them changes nothing.",
        ),
        ChoiceKind::Library | ChoiceKind::Tie | ChoiceKind::Blend => {
            if let Some(tie) = &choice.tie {
                sheet.opening(&more_text(selected, tie));
            }
            if let Some(runner) = selected.explanation.as_ref().and_then(|explanation| explanation.runner_up.as_ref()) {
                turn(sheet, selected, runner);
            }
        }
    }
    sheet.page.heading("Cautions");
    if selected.cautions.is_empty() {
        sheet.page.dim(
            "None: the texts were searched for other languages, quoted matter, garbled words, repeats and other hands.",
        );
    }
    for caution in &selected.cautions {
        sheet.page.text(sheet.theme.styles.bad, &caution.message);
    }
    sheet.page.blank();
    hints(sheet, model, choice.id.is_some());
}

fn more_text(selected: &Selected, tie: &Tie) -> String {
    let (one, other) = (name(selected, &tie.one), name(selected, &tie.other));
    match tie.more_words {
        Some(words) => {
            format!("About {} more words of yours would tell {one} and {other} apart (an estimate).", thousands(words))
        }
        None => format!("{one} and {other} are too much alike for more text to tell them apart: try both."),
    }
}

/// How far the second is behind, and the smallest step of the user's that would put it first.
fn turn(sheet: &mut Sheet<'_>, selected: &Selected, runner: &RunnerUp) {
    let Some(first) = selected.candidates.first() else { return };
    let second = name(selected, &runner.id);
    let alone = if selected.choice.kind == ChoiceKind::Blend { "Of the models alone, " } else { "" };
    sheet.opening(&format!("{alone}{} is ahead of {second} by {:.2}.", one_line(&first.name), runner.margin));
    let Some(change) = &runner.change else {
        sheet.opening("No step on a single axis would turn that.");
        return;
    };
    sheet.opening(&format!(
        "Were your texts more {} ({:+.1} instead of {:+.1} on {}) and all else the same, {second} would come first.",
        change.pole, change.needed, change.user, change.axis
    ));
    if let Some(axis) = first.axes.iter().find(|axis| axis.name == change.axis) {
        let axis = AxisPair { model: change.needed, ..axis.clone() };
        let (width, pole) = (sheet.width(), sheet.pole());
        let turning = if width < usize::from(ROOMY) { "the turn" } else { "where the order turns" };
        sheet.page.line(paired_legend(sheet.theme, turning, ""));
        sheet.page.line(paired(sheet.theme, &axis, common_scale([&axis]), width, pole));
        sheet.page.blank();
    }
}

/// Where one goes from here; `chosen` where there is a model to start from.
fn hints(sheet: &mut Sheet<'_>, model: &Model, chosen: bool) {
    let train =
        if chosen { "goes to Train, to start from this choice" } else { "goes to Train, to start from scratch" };
    for (action, does) in [
        (Action::Show(Screen::Import), "goes to Import, to add more of your writing"),
        (Action::Show(Screen::Library), "goes to Library, to look at the models and choose another start"),
        (Action::Show(Screen::Train), train),
        (Action::ExportReport, "writes all of this as a page for a browser"),
    ] {
        sheet.page.hint(&key_for(model, action), does);
    }
}
