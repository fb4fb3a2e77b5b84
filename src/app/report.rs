//! The explanation of a selection as one page for a browser, to be projected: no script, nothing fetched, bars drawn as SVG. It quotes
//! the user's texts, so only the user can read the file.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::error::AppError;
use super::select::Selected;
use super::verify::Verification;
use crate::platform::paths::{write_private, write_private_new};
use crate::selection::{AxisPair, Candidate, short_percent};
use crate::style::AxisScore;

const STYLE: &str = include_str!("../../assets/report.css");

/// Width and height of a bar, in its own units.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 44.0;
/// Models that are drawn beside the user.
const MODELS: usize = 3;
/// The file's name where nobody chose one.
const NAME: &str = "xpert-explanation";

/// Writes the page, readable by the user alone.
///
/// # Errors
/// When the file cannot be written.
pub fn write(selected: &Selected, verification: Option<&Verification>, path: &Path) -> Result<(), AppError> {
    write_private(path, page(selected, verification).as_bytes()).map_err(AppError::file(path))
}

/// The same into this folder, under a name that no file there has yet. Returns the file.
///
/// # Errors
/// When the file cannot be written.
pub fn write_into(selected: &Selected, folder: &Path) -> Result<PathBuf, AppError> {
    write_private_new(folder, NAME, "html", page(selected, None).as_bytes()).map_err(AppError::file(folder))
}

/// The page.
#[must_use]
pub fn page(selected: &Selected, verification: Option<&Verification>) -> String {
    let mut page = Page::default();
    page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Which model writes like you</title>\n");
    page.raw("<style>\n");
    page.raw(STYLE);
    page.raw("</style>\n</head>\n<body>\n<main>\n");
    page.element("h1", "Which model writes like you");
    page.classed("p", "choice", &format!("{}.", capitalised(&selected.choice.reason)));
    if let Some(explanation) = &selected.explanation {
        page.element("p", &explanation.paragraph);
    }
    for caution in &selected.cautions {
        page.classed("p", "caution", &caution.message);
    }
    ranking(&mut page, &selected.candidates);
    axes(&mut page, selected);
    words(&mut page, selected);
    if let Some(verification) = verification {
        verified(&mut page, verification);
    }
    page.element(
        "footer",
        &format!(
            "Measured on {} texts of {} words, on this machine; no model was loaded to choose. Style space {}. Numbers on axes are \
             coefficients of the difference from the base model, in units of what writers usually differ by.",
            selected.texts, selected.words, selected.space
        ),
    );
    page.raw("</main>\n</body>\n</html>\n");
    page.0
}

/// A reason, which begins small, as the sentence that it is.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// HTML in the making.
#[derive(Default)]
struct Page(String);

impl Page {
    fn raw(&mut self, html: &str) {
        self.0.push_str(html);
    }

    fn element(&mut self, name: &str, text: &str) {
        self.classed(name, "", text);
    }

    fn classed(&mut self, name: &str, class: &str, text: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(self.0, "<{name}{class}>{}</{name}>", escape(text));
    }
}

/// Text as HTML shows it, control characters left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(' '),
            character if character.is_control() => {}
            character => escaped.push(character),
        }
    }
    escaped
}

fn ranking(page: &mut Page, candidates: &[Candidate]) {
    if candidates.is_empty() {
        return;
    }
    page.element("h2", "The library, closest first");
    page.raw("<table>\n<tr><th>model</th><th>probability of being the closest</th><th>score, -1 to 1</th></tr>\n");
    for candidate in candidates {
        let _ = writeln!(
            page.0,
            "<tr><td>{}</td><td>{}<span>{}</span></td><td>{:+.2}</td></tr>",
            escape(&candidate.name),
            share(candidate.probability),
            escape(&short_percent(candidate.probability)),
            candidate.score
        );
    }
    page.raw("</table>\n");
}

/// A bar from 0 to 1.
fn share(value: f64) -> String {
    format!(
        "<svg class=\"share\" viewBox=\"0 0 200 16\" role=\"img\" aria-label=\"{}\"><rect class=\"track\" width=\"200\" height=\"16\"/>\
         <rect class=\"model\" width=\"{:.1}\" height=\"16\"/></svg>",
        escape(&short_percent(value)),
        200.0 * value.clamp(0.0, 1.0)
    )
}

/// Every axis: the user's bar over the models', and what shows it in the user's texts.
fn axes(page: &mut Page, selected: &Selected) {
    let Some(best) = selected.candidates.first() else { return };
    page.element("h2", "You and the first models, axis by axis");
    let models: Vec<&Candidate> = selected.candidates.iter().take(MODELS).collect();
    let mut legend = "<p class=\"legend\"><span class=\"user\">you, with the interval of 90 %</span>".to_owned();
    for (at, model) in models.iter().enumerate() {
        let _ = write!(legend, " <span class=\"model m{at}\">{}</span>", escape(&model.name));
    }
    page.raw(&legend);
    page.raw(" <span class=\"base\">the middle is the base model</span></p>\n");
    let values = models.iter().flat_map(|model| &model.axes);
    let largest = values.flat_map(|axis| [axis.user, axis.model, axis.user_interval[0], axis.user_interval[1]]);
    let scale = largest.fold(1.0, |most: f64, value| most.max(value.abs()));
    let mut order: Vec<usize> = (0..best.axes.len()).collect();
    order.sort_by(|&a, &b| best.axes[b].contribution.abs().total_cmp(&best.axes[a].contribution.abs()));
    for at in order {
        let pairs: Vec<&AxisPair> = models.iter().filter_map(|model| model.axes.get(at)).collect();
        axis(page, &pairs, scale, selected.evidence(&best.axes[at].name));
    }
    let sum: f64 = best.axes.iter().map(|axis| axis.contribution).sum();
    page.element(
        "p",
        &format!(
            "Together the axes make up {sum:+.2} of the first model's score of {:+.2}; likeness that no axis names makes up {:+.2}.",
            best.score, best.rest
        ),
    );
}

fn axis(page: &mut Page, pairs: &[&AxisPair], scale: f64, evidence: Option<&AxisScore>) {
    let Some(first) = pairs.first() else { return };
    let place = |value: f64| WIDTH * (0.5 + value / scale * 0.48);
    page.raw("<section>\n");
    let _ = writeln!(
        page.0,
        "<div class=\"axis\"><b>{}</b>{}<b>{}</b></div>",
        escape(&first.low),
        bars(pairs, &place),
        escape(&first.high)
    );
    let said: Vec<String> =
        pairs.iter().map(|pair| format!("{:+.1} (adds {:+.2})", pair.model, pair.contribution)).collect();
    let [low, high] = first.user_interval;
    page.classed(
        "p",
        "numbers",
        &format!("you {:+.1} ({low:+.1} to {high:+.1}); models {}", first.user, said.join(", ")),
    );
    if let Some(score) = evidence {
        page.element("p", &score.sentence);
        for quote in &score.quotes {
            page.element("blockquote", quote);
        }
        if let Some(evidence) = &score.axis.evidence {
            page.classed("p", "numbers", &format!("How far to trust this axis: {evidence}"));
        }
    }
    page.raw("</section>\n");
}

/// The user's interval and place over the models' bars, from the base in the middle.
fn bars(pairs: &[&AxisPair], place: &dyn Fn(f64) -> f64) -> String {
    let middle = place(0.0);
    let label = format!(
        "you {:+.1}, models {}",
        pairs[0].user,
        pairs.iter().map(|pair| format!("{:+.1}", pair.model)).collect::<Vec<_>>().join(", ")
    );
    let mut svg = format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{label}\">");
    let height = (HEIGHT - 20.0) / pairs.len() as f64;
    for (at, pair) in pairs.iter().enumerate() {
        let (from, to) = (middle.min(place(pair.model)), middle.max(place(pair.model)));
        let _ = write!(
            svg,
            "<rect class=\"model m{at}\" x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
            18.0 + at as f64 * height,
            (to - from).max(1.0),
            height - 1.0
        );
    }
    let [low, high] = pairs[0].user_interval.map(place);
    let _ = write!(
        svg,
        "<rect class=\"interval\" x=\"{low:.1}\" y=\"6\" width=\"{:.1}\" height=\"6\"/><circle class=\"user\" cx=\"{:.1}\" cy=\"9\" r=\"7\"/>\
         <line class=\"base\" x1=\"{middle}\" x2=\"{middle}\" y1=\"0\" y2=\"{HEIGHT}\"/></svg>",
        (high - low).max(1.0),
        place(pairs[0].user)
    );
    svg
}

fn words(page: &mut Page, selected: &Selected) {
    if selected.contrast_words.is_empty() {
        return;
    }
    page.element("h2", "Words used differently from the base");
    page.raw("<table>\n<tr><th>word</th><th>you, in 1000 words</th><th>base</th></tr>\n");
    for word in &selected.contrast_words {
        let _ = writeln!(
            page.0,
            "<tr><td>{}</td><td>{:.1}</td><td>{:.1}</td></tr>",
            escape(&word.word),
            word.user,
            word.base
        );
    }
    page.raw("</table>\n");
}

fn verified(page: &mut Page, verification: &Verification) {
    page.element("h2", "Checked on texts of yours");
    page.raw("<table>\n<tr><th>model</th><th>held-out loss, nats a token</th></tr>\n");
    let _ = writeln!(page.0, "<tr><td>base</td><td>{:.3}</td></tr>", verification.base_loss);
    for model in &verification.models {
        let _ = writeln!(page.0, "<tr><td>{}</td><td>{:.3}</td></tr>", escape(&model.id), model.held_out_loss);
    }
    page.raw("</table>\n");
    let agrees = if verification.agrees { "agrees" } else { "does not agree" };
    page.element("p", &format!("The loss {agrees} with the choice: {} has the lowest.", verification.lowest));
}

#[cfg(test)]
mod tests {
    use super::{capitalised, escape, write_into};
    use crate::app::select;
    use crate::library::Library;

    #[test]
    fn an_export_takes_no_file_away() {
        let folder = tempfile::tempdir().unwrap();
        let selected = select::of(&["Back at noon."], &Library::shipped().unwrap()).unwrap();
        let names = ["xpert-explanation.html", "xpert-explanation-2.html", "xpert-explanation-3.html"];
        for name in names {
            let path = write_into(&selected, folder.path()).unwrap();
            assert_eq!(path, folder.path().join(name));
            assert!(std::fs::read_to_string(&path).unwrap().contains("Too little text to tell"));
        }
        let nowhere = folder.path().join("nowhere");
        let error = write_into(&selected, &nowhere).unwrap_err().to_string();
        assert!(error.contains("nowhere"), "{error}");
    }

    #[test]
    fn a_sentence_may_begin_with_any_letter() {
        assert_eq!(capitalised("\u{e9}mile fits best"), "\u{c9}mile fits best");
        assert_eq!(capitalised(""), "");
    }

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(escape("<script>a&b\"\u{1b}[2J\n"), "&lt;script&gt;a&amp;b&quot;[2J ");
    }
}
