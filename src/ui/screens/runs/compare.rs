//! Two runs side by side: what is known of each, in two columns.

use ratatui::text::Span;

use crate::app::runs::{Run, Value, facts};
use crate::ui::format::{day, duration, fit, megabytes, one_line, pad, thousands};
use crate::ui::theme::Theme;
use crate::ui::widgets::Page;

const NAMES: usize = 13;

pub fn write(theme: &Theme, compared: [&Run; 2], page: &mut Page<'_>) {
    let styles = &theme.styles;
    page.heading("Side by side");
    let column = page.width().saturating_sub(NAMES) / 2;
    // A column of air between what is cut and what follows.
    let value = |text: &str, style| Span::styled(pad(text, column.saturating_sub(1)) + " ", style);
    let mark = |run: &Run| if run.in_use { format!(" {}", theme.glyphs.chosen) } else { String::new() };
    let [one, other] = compared.map(|run| format!("run {}{}", run.number, mark(run)));
    page.line(vec![Span::raw(" ".repeat(NAMES)), value(&one, styles.user), value(&other, styles.base)]);
    for ((name, one), (_, other)) in facts(compared[0]).into_iter().zip(facts(compared[1])) {
        let same = one == other;
        let (one, other) = (written(&one), written(&other));
        let name = Span::styled(pad(name, NAMES), styles.dim);
        if same {
            // Said once, in the room of both.
            page.line(vec![
                name,
                Span::styled(fit(&format!("both: {one}"), page.width().saturating_sub(NAMES)), styles.dim),
            ]);
            continue;
        }
        page.line(vec![name, value(&one, styles.text), value(&other, styles.text)]);
    }
    page.blank();
    page.dim(if compared[0].record.base == compared[1].record.base {
        "Held-out losses compare where both were trained on the same texts."
    } else {
        "These are models of different bases: their losses do not compare."
    });
}

fn written(value: &Value) -> String {
    let grouped = |number: u64| thousands(usize::try_from(number).unwrap_or(usize::MAX));
    match value {
        Value::Text(text) => one_line(text),
        Value::Count(count) => thousands(*count),
        Value::Loss(loss) => format!("{loss:.3}"),
        Value::Seconds(seconds) => duration(*seconds),
        Value::Moment(seconds) => day(*seconds),
        Value::Bytes(bytes) => megabytes(*bytes),
        Value::Mebibytes(mebibytes) => format!("{} MiB", grouped(*mebibytes)),
        Value::Unknown => "-".into(),
    }
}
