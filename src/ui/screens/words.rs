//! Words: how many words the user's texts have, counted on request. Does not know where the texts come from.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::AppError;
use crate::ui::format::count;
use crate::ui::shell::keys::{char, row};
use crate::ui::shell::{Binding, Effect, Event, Job, Kind, Message, Screen, ScreenId, Shared, View, Worker};

#[derive(Debug)]
pub struct CountWords;

impl Job for CountWords {
    type Report = usize;
    const KIND: Kind = Kind { id: "count-words", title: "Counting the words", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(usize)) -> Result<usize, AppError> {
        let mut words = 0;
        for text in worker.context.texts()? {
            worker.cancel.check()?;
            words += text.words;
        }
        Ok(words)
    }
}

#[derive(Debug, Default)]
pub struct Words {
    /// The words of all texts; absent until they are counted.
    counted: Option<usize>,
}

impl Screen for Words {
    const ID: ScreenId = ScreenId("Words");
    const ABOUT: &'static str = "Words: how many words all your texts have together.";
    const SUMMARY: &'static str = "how many words you wrote";
    const KEYS: &'static [Binding<Self>] =
        &[row("count-words", &[char('c')], "count", "count the words of all your texts")
            .runs_if(|_, shared| shared.has_texts() && !shared.runs::<CountWords>(), |_, _| start())];
    const JOBS: &'static [&'static Kind] = &[&CountWords::KIND];

    fn update(&mut self, message: Message<'_>, _: &Shared) -> Vec<Effect> {
        match message {
            Message::Report(_) => self.counted = message.report::<CountWords>().copied(),
            Message::Event(Event::TextsChanged) => {
                self.counted = None;
                return vec![Effect::Abandon(&CountWords::KIND)];
            }
            Message::Retry => return start(),
            _ => {}
        }
        Vec::new()
    }

    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        view.page(frame, area, 0, "Words", |page| {
            if view.write_why_empty(page) {
                return;
            } else if view.shared.runs::<CountWords>() {
                view.write_working(page, "Counting the words");
                page.hint(&view.key("stop"), "stop it");
            } else if let Some(words) = self.counted {
                page.plain(&format!("Your texts have {}.", count(words, "word")));
            }
            page.hint(&view.key("count-words"), "count the words of all your texts");
        });
    }
}

fn start() -> Vec<Effect> {
    vec![Effect::start(CountWords)]
}
