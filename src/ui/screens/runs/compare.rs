//! Two runs side by side: what is known of each, in two columns.

use ratatui::text::Span;

use crate::app::present;
use crate::app::runs::Run;
use crate::ui::format::{fit, one_line, pad};
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
    for ((name, one), (_, other)) in present::run(compared[0]).facts.into_iter().zip(present::run(compared[1]).facts) {
        let same = one == other;
        let (one, other) = (one_line(&one), one_line(&other));
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
