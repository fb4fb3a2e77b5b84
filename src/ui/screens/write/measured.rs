//! Where the responses are on the user's axes: measured as the user's own texts are, all of one voice together.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::jobs::Score;
use super::voices::short;
use crate::app::present::words::capitalised;
use crate::app::write::{Score as Measured, Standing, Voice};
use crate::ui::format::{count, one_line, pad};
use crate::ui::shell::View;
use crate::ui::theme::Theme;
use crate::ui::widgets::{Mark, Page, ROOMY, gauge, marked, pole};

/// Columns of a voice's name, of its words, and of its bar.
const NAME: usize = 24;
const WORDS: usize = 13;
const BAR: usize = 10;

pub fn draw(scores: &[(Voice, Measured)], view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    view.page(frame, area, 0, "Style of the responses", |page| {
        view.write_failures(page);
        if scores.is_empty() && view.shared.runs::<Score>() {
            view.write_working(page, "Measuring how the responses are written");
        }
        scores.iter().for_each(|(voice, score)| voice_row(view.theme, page, voice, score));
        let drawn = drawn(scores);
        if let Some((_, first)) = drawn.first() {
            page.blank();
            page.line(legend(view.theme, &drawn, page.width()));
            (0..first.axes.len()).for_each(|axis| page.line(axis_row(view.theme, &drawn, axis, page.width())));
            page.blank();
            page.dim("Nearer: closer to your style than the base model usually is. All of a model's responses are measured together.");
        }
        page.hint(&view.key("close-pane"), "back to the conversation");
    });
}

/// Whose places are drawn: the base model's, and those of the voice that came last.
fn drawn(scores: &[(Voice, Measured)]) -> Vec<&(Voice, Measured)> {
    let scored = || scores.iter().filter(|(_, score)| !score.axes.is_empty());
    let base = scored().find(|(voice, _)| *voice == Voice::Base);
    base.into_iter().chain(scored().rfind(|(voice, _)| *voice != Voice::Base)).collect()
}

/// How many words a voice wrote, and on how many axes it is nearer to the user than the base model usually is.
fn voice_row(theme: &Theme, page: &mut Page<'_>, voice: &Voice, score: &Measured) {
    let who = capitalised(&one_line(&voice.spoken()));
    let (nearer, axes) = score.nearer();
    let said = if score.missing_words > 0 {
        format!("needs {}", count(score.missing_words, "more word"))
    } else if axes == 0 {
        "too little of your own text to compare".to_owned()
    } else {
        format!("nearer on {nearer} of {axes} axes")
    };
    let (words, style) = (count(score.words, "word"), look(theme, voice).1);
    if page.width() < usize::from(ROOMY) {
        page.text(style, &who);
        page.indented("  ", "  ", theme.styles.text, &format!("{words}, {said}"));
        return;
    }
    let mut spans = vec![Span::styled(pad(&who, NAME), style), Span::styled(pad(&words, WORDS), theme.styles.text)];
    if axes > 0 && score.missing_words == 0 {
        spans.extend(gauge(theme, BAR, nearer as f64 / axes as f64, style));
        spans.push(Span::raw("  "));
    }
    spans.push(Span::styled(said, theme.styles.text));
    page.line(spans);
}

/// The base model's responses and the others' have marks of their own; the user's lie over both.
fn look(theme: &Theme, voice: &Voice) -> (&'static str, ratatui::style::Style) {
    let (glyphs, styles) = (&theme.glyphs, &theme.styles);
    if *voice == Voice::Base { (glyphs.base, styles.base) } else { (glyphs.other, styles.other) }
}

fn legend(theme: &Theme, drawn: &[&(Voice, Measured)], width: usize) -> Vec<Span<'static>> {
    let mut spans = vec![Span::styled(theme.glyphs.user, theme.styles.user), Span::styled(" you  ", theme.styles.dim)];
    for (voice, _) in drawn {
        let (glyph, style) = look(theme, voice);
        spans.push(Span::styled(glyph, style));
        spans.push(Span::styled(format!(" {}  ", short(voice)), theme.styles.dim));
    }
    if width >= usize::from(ROOMY) {
        spans.push(Span::styled(" percentile among writers, 0 to 100", theme.styles.dim));
    }
    spans
}

fn axis_row(theme: &Theme, drawn: &[&(Voice, Measured)], axis: usize, width: usize) -> Vec<Span<'static>> {
    let Standing { axis: poles, user, .. } = &drawn[0].1.axes[axis];
    let mark = |(voice, score): &&(Voice, Measured)| -> Option<Mark> {
        let (glyph, style) = look(theme, voice);
        Some((score.axes.get(axis)?.percentile, glyph, style))
    };
    let user = user.map(|user| (user, theme.glyphs.user, theme.styles.user));
    let marks: Vec<Mark> = drawn.iter().filter_map(mark).chain(user).collect();
    marked(theme, (&poles.low, &poles.high), &marks, width, pole(width))
}
