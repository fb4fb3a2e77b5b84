//! Words: how many words the user's texts have, counted on request. Does not know where the texts come from.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::AppError;
use crate::ui::format::count;
use crate::ui::shell::keys::{char, row};
use crate::ui::shell::{Binding, Effect, Event, Job, Kind, Message, Screen, ScreenId, Shared, View, Worker};
use crate::ui::widgets::Page;

/// Count the words of all stored texts.
#[derive(Debug)]
pub struct CountWords;

impl Job for CountWords {
    type Report = usize;
    const KIND: Kind = Kind { id: "count-words", title: "Counting the words", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError> {
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
    const ID: ScreenId = ScreenId("words");
    const NAME: &'static str = "Words";
    const ABOUT: &'static str = "Words: how many words all your texts have together.";
    const SUMMARY: &'static str = "how many words you wrote";
    const KEYS: &'static [Binding<Self>] =
        &[row("count-words", &[char('c')], "count", "count the words of all your texts")
            .runs_if(|_, shared| shared.has_texts() && !shared.runs::<CountWords>(), Self::start)];
    const JOBS: &'static [&'static Kind] = &[&CountWords::KIND];

    fn update(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect> {
        if let Some(words) = message.report::<CountWords>() {
            self.counted = Some(*words);
        }
        match message {
            Message::Retry => self.start(shared),
            Message::Event(Event::TextsChanged) => {
                self.counted = None;
                vec![Effect::Abandon(&CountWords::KIND)]
            }
            _ => Vec::new(),
        }
    }

    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        view.page(frame, area, 0, "Words", |page| {
            if !view.write_why_empty(page) {
                self.write_count(view, page);
            }
        });
    }
}

impl Words {
    fn start(&mut self, _: &Shared) -> Vec<Effect> {
        self.counted = None;
        vec![Effect::start(CountWords)]
    }

    fn write_count(&self, view: &View<'_>, page: &mut Page<'_>) {
        if view.shared.runs::<CountWords>() {
            view.write_working(page, "Counting the words");
            page.hint(&view.key("stop"), "stop it");
        } else if let Some(words) = self.counted {
            page.plain(&format!("Your texts have {}.", count(words, "word")));
            page.hint(&view.key("count-words"), "count again");
        } else if view.failures.is_empty() {
            page.plain("The words are not counted yet.");
            page.hint(&view.key("count-words"), "count them");
        }
    }
}
