//! Where the answers stand on the user's axes: measured as the user's own texts are, all of one voice together.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Showing;
use crate::app::present::words::capitalised;
use crate::app::write::{Score, Standing, Voice};
use crate::ui::action::{Action, key_for};
use crate::ui::format::{count, one_line};
use crate::ui::message::{Effect, Job, JobKind};
use crate::ui::model::Model;
use crate::ui::parts::{failure, spinner};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, marked, pole};

#[derive(Debug, Default)]
pub struct State {
    pub scores: Vec<(Voice, Score)>,
}

pub fn open(model: &mut Model) -> Vec<Effect> {
    model.screens.write.showing = Showing::Style;
    model.scroll = 0;
    measure(model)
}

/// Measures what was said so far. Names come with it.
pub fn measure(model: &mut Model) -> Vec<Effect> {
    let talk = &mut model.screens.write.talk;
    talk.turns.iter_mut().for_each(|turn| turn.hidden = false);
    let spoken = talk.by_voice();
    model.jobs.start(Job::Score(spoken))
}

pub fn hear(model: &mut Model, scores: Vec<(Voice, Score)>) {
    model.screens.write.scores = State { scores };
}

/// Draws it; returns how far it can be scrolled.
pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> usize {
    let mut page = Page::new(theme, area);
    failure(model, theme, &mut page);
    let scores = &model.screens.write.scores.scores;
    if model.jobs.is_running(JobKind::Score) && scores.is_empty() {
        page.line(vec![
            Span::styled(spinner(model, theme), theme.styles.key),
            Span::raw(" Measuring how the answers are written ..."),
        ]);
    }
    for (voice, score) in scores {
        page.plain(&summary(voice, score));
    }
    let scored = drawn(scores);
    if let Some((_, first)) = scored.first() {
        page.blank();
        page.line(legend(theme, &scored));
        for axis in 0..first.axes.len() {
            page.line(row(theme, &scored, axis, usize::from(area.width)));
        }
        page.blank();
        page.dim(
            "Places are percentiles among writers. All answers of a voice in this conversation are measured together.",
        );
    }
    page.hint(&key_for(model, Action::ClosePane), "back to the conversation");
    page.draw(frame, area, model.scroll)
}

/// Whose places are drawn: the base's, and those of the voice that came in last.
fn drawn(scores: &[(Voice, Score)]) -> Vec<&(Voice, Score)> {
    let scored = || scores.iter().filter(|(_, score)| !score.axes.is_empty());
    let base = scored().find(|(voice, _)| *voice == Voice::Base);
    base.into_iter().chain(scored().rfind(|(voice, _)| *voice != Voice::Base)).collect()
}

/// How much there is of a voice, and on how many axes it is nearer to the user than the base's own writing.
fn summary(voice: &Voice, score: &Score) -> String {
    let who = capitalised(&one_line(&voice.spoken()));
    let words = count(score.words, "word");
    if score.missing_words > 0 {
        let missing = count(score.missing_words, "more word");
        return format!("{who}: {words}, too little to measure a style. About {missing} of answers are needed.");
    }
    let placed: Vec<(&Standing, f64)> =
        score.axes.iter().filter_map(|axis| Some((axis, axis.user?.percentile))).collect();
    if placed.is_empty() {
        return format!("{who}: {words}. There is too little of your own writing to compare it with.");
    }
    let nearer =
        placed.iter().filter(|(axis, user)| (axis.percentile - user).abs() < (axis.base_percentile - user).abs());
    format!(
        "{who}: {words}. On {} of {} axes it is nearer to you than the base model usually is.",
        nearer.count(),
        placed.len()
    )
}

/// The base's answers and the others', in marks of their own; you lie over both.
fn look(theme: &Theme, voice: &Voice) -> (&'static str, ratatui::style::Style) {
    match voice {
        Voice::Base => (theme.glyphs.base, theme.styles.base),
        Voice::Mine | Voice::Run(_) | Voice::Library(_) | Voice::Auto => (theme.glyphs.other, theme.styles.other),
    }
}

fn legend(theme: &Theme, scored: &[&(Voice, Score)]) -> Vec<Span<'static>> {
    let mut spans = vec![Span::styled(theme.glyphs.user, theme.styles.user), Span::styled(" you  ", theme.styles.dim)];
    for (voice, _) in scored {
        let (glyph, style) = look(theme, voice);
        spans.push(Span::styled(glyph, style));
        spans.push(Span::styled(format!(" {}  ", one_line(&voice.spoken())), theme.styles.dim));
    }
    spans
}

fn row(theme: &Theme, scored: &[&(Voice, Score)], axis: usize, width: usize) -> Vec<Span<'static>> {
    let standings: Vec<(&Voice, &Standing)> =
        scored.iter().filter_map(|(voice, score)| Some((voice, score.axes.get(axis)?))).collect();
    let mut marks: Vec<_> = standings
        .iter()
        .map(|(voice, standing)| {
            let (glyph, style) = look(theme, voice);
            (standing.percentile, glyph, style)
        })
        .collect();
    let Some((_, standing)) = standings.first() else { return Line::default().spans };
    marks.extend(standing.user.map(|user| (user.percentile, theme.glyphs.user, theme.styles.user)));
    marked(theme, (&standing.axis.low, &standing.axis.high), &marks, width, pole(width))
}
