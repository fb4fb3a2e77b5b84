//! The last steps: the choice, in one sentence and one chart, and what would change it.

use super::ranking;
use super::sheet::Sheet;
use super::state::Told;
use crate::app::present::SelectionView;
use crate::app::present::selection::NO_CAUTIONS;
use crate::app::present::words::{probability, thousands};
use crate::selection::ChoiceKind;
use crate::ui::format::one_line;
use crate::ui::shell::View;
use crate::ui::widgets::{AxisRow, Bar};

/// Models whose scores are compared.
const MODELS: usize = 3;

/// What a model of the library is called, by its id.
fn name(selection: &SelectionView, id: &str) -> String {
    let candidate = selection.candidates.iter().find(|candidate| candidate.id == id);
    one_line(candidate.map_or(id, |candidate| candidate.name.as_str()))
}

pub(super) fn choice(sheet: &mut Sheet<'_>, told: &Told<'_>) {
    let (selection, styles) = (&told.selection, &sheet.theme.styles);
    sheet.page.text(if selection.refused { styles.bad } else { styles.good }, selection.verdict);
    sheet.page.blank();
    let sentence = selection.short.as_ref().filter(|_| selection.kind == ChoiceKind::Library);
    sheet.page.text(styles.heading, sentence.unwrap_or(&selection.choice));
    sheet.page.blank();
    chart(sheet, told);
    if let Some(refusal) = selection.refusal {
        sheet.page.blank();
        sheet.page.plain(refusal);
    }
    if sheet.numbers {
        numbers(sheet, told, sentence.is_some());
    }
}

/// What the choice rests on, as bars: of a tie how sure each is, of too little text how much there is, else the highest scores.
fn chart(sheet: &mut Sheet<'_>, told: &Told<'_>) {
    let styles = &sheet.theme.styles;
    let names = sheet.names();
    let choice = &told.selected.choice;
    if let Some(tie) = &choice.tie {
        sheet.page.dim("How likely it is that no other model is closer:");
        for (id, share) in [(&tie.one, tie.one_probability), (&tie.other, tie.other_probability)] {
            let (name, value) = (name(&told.selection, id), probability(share));
            sheet.chart(&Bar { name: &name, names, share, lowest: 0.0, value: &value, style: styles.good });
        }
    } else if choice.kind == ChoiceKind::TooLittleText {
        let needed = told.selected.words + choice.missing_words;
        let value = format!("{} of {} words", thousands(told.selected.words), thousands(needed));
        sheet.bar("so far", told.selected.words as f64 / needed.max(1) as f64, &value, styles.user);
    } else if !told.selection.candidates.is_empty() {
        sheet.page.dim("Score: 1 would be exactly your style, 0 that of the base model.");
        let shown = &told.selection.candidates[..told.selection.candidates.len().min(MODELS)];
        let lowest = shown.iter().map(|candidate| candidate.score).fold(0.0, f64::min);
        for candidate in shown {
            let style = if candidate.proposed { styles.good } else { styles.other };
            let (name, share, value) = (ranking::name(candidate), candidate.score, &candidate.score_text);
            sheet.chart(&Bar { name, names, share, lowest, value, style });
        }
    }
}

fn numbers(sheet: &mut Sheet<'_>, told: &Told<'_>, with_choice: bool) {
    sheet.page.blank();
    if with_choice {
        sheet.page.plain(&told.selection.choice);
    }
    let styles = &sheet.theme.styles;
    if let Some(blend) = &told.selected.choice.blend {
        let heaviest = blend.parts.iter().map(|part| part.weight).fold(1.0, f64::max);
        sheet.page.dim("Weights in the blend:");
        for part in &blend.parts {
            let name = name(&told.selection, &part.id);
            sheet.bar(&name, part.weight / heaviest, &format!("{:.2}", part.weight), styles.other);
        }
        sheet.page.blank();
    }
    if let Some(proposed) = told.selection.candidates.iter().find(|one| one.proposed) {
        sheet.page.plain(&proposed.reason);
    }
    if let Some(explanation) = &told.selection.explanation {
        sheet.page.plain(explanation);
    }
    sheet.page.dim(&told.selection.scale);
}

pub(super) fn change(sheet: &mut Sheet<'_>, view: &View<'_>, selection: &SelectionView) {
    let heading = sheet.theme.styles.heading;
    // How far the first is ahead was the sentence of the step before.
    let turn_only = selection.kind == ChoiceKind::Library && selection.turn.is_some();
    if !turn_only {
        sheet.page.text(heading, &selection.change);
        sheet.page.blank();
    }
    if let Some(turn) = &selection.turn {
        sheet.page.text(if turn_only { heading } else { sheet.theme.styles.text }, &turn.sentence);
        sheet.page.blank();
        let row = AxisRow::from(&turn.pair);
        let picture = sheet.picture(&[row]);
        sheet.page.line(picture.row(&row, sheet.theme.styles.text));
        sheet.page.line(picture.legend("you", "the turning point"));
        sheet.page.blank();
    }
    sheet.page.heading("Cautions");
    if selection.cautions.is_empty() {
        sheet.page.dim(NO_CAUTIONS);
    }
    for caution in &selection.cautions {
        sheet.page.text(sheet.theme.styles.bad, caution);
    }
    sheet.page.blank();
    let train = if selection.refused { "Train: start from scratch" } else { "Train: start from this choice" };
    for (key, does) in [
        (view.shared.key("show-import"), "Import: add more of your writing"),
        (view.shared.key("show-library"), "Library: look at the models and choose another start"),
        (view.shared.key("show-train"), train),
        (view.key("export-report"), "save all of this as a web page"),
        (view.key("open-report"), "open that page in a browser"),
    ] {
        sheet.page.hint(&key, does);
    }
}
