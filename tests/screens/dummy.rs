//! A made-up screen with a list, a field and a long job, to test the shell by.

use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::layout::Rect;
use xpert::app::AppError;
use xpert::ui::shell::binding::Binding;
use xpert::ui::shell::effect::{Answer, Dialog, Effect, ScreenId};
use xpert::ui::shell::job::{Job, Kind, Worker};
use xpert::ui::shell::keys::{ENTER, char, row, typing};
use xpert::ui::shell::screen::{Message, Screen, View};
use xpert::ui::shell::shared::Shared;
use xpert::ui::widgets::ListPlace;

/// Counts to three.
#[derive(Debug)]
pub struct Count;

impl Job for Count {
    type Report = usize;
    const KIND: Kind = Kind { id: "count", title: "Counting", long: true };

    fn run(&self, _: &Worker, tell: &dyn Fn(usize)) -> Result<usize, AppError> {
        tell(1);
        tell(2);
        Ok(3)
    }
}

#[derive(Debug, Default)]
pub struct Dummy {
    pub counted: usize,
    pub typed: Option<String>,
    pub row: usize,
    pub opened: usize,
    pub forgotten: bool,
}

const ROWS: usize = 30;

impl Dummy {
    fn count(&mut self, _: &Shared) -> Vec<Effect> {
        vec![Effect::start(Count)]
    }

    fn edit(&mut self, _: &Shared) -> Vec<Effect> {
        self.typed = Some(String::new());
        Vec::new()
    }

    fn open(&mut self, _: &Shared) -> Vec<Effect> {
        self.opened += 1;
        Vec::new()
    }

    fn forget(&mut self, _: &Shared) -> Vec<Effect> {
        let answer = Answer::Word("forget", vec![Effect::say_good("Forgotten.")]);
        vec![Effect::Ask(Dialog { title: "Forget all?", question: "Everything goes.".into(), answer })]
    }
}

impl Screen for Dummy {
    const ID: ScreenId = ScreenId("Dummy");
    const ABOUT: &'static str = "Dummy: counts to three.";
    const SUMMARY: &'static str = "counting";
    const KEYS: &'static [Binding<Self>] = &[
        row("count", &[char('c')], "count", "count to three").runs(Self::count),
        row("edit", &[char('e')], "type", "type something").also("write").runs(Self::edit),
        row("open", &[ENTER, char('o')], "open", "open the row").runs(Self::open),
        row("forget", &[char('D')], "forget all", "open nothing and forget everything")
            .destructive()
            .runs(Self::forget),
        typing("done", &[ENTER], "done", "end typing").runs(|dummy, _| {
            dummy.typed = None;
            Vec::new()
        }),
    ];
    const JOBS: &'static [&'static Kind] = &[&Count::KIND];
    const CLICK_AGAIN: Option<&'static str> = Some("open");

    fn update(&mut self, message: Message<'_>, _: &Shared) -> Vec<Effect> {
        if let Some(&counted) = message.report::<Count>() {
            self.counted = counted;
            return vec![Effect::Progress(&Count::KIND, format!("{counted} of 3"))];
        }
        match (message, &mut self.typed) {
            (Message::Key(key), Some(typed)) => {
                if let KeyCode::Char(character) = key.code {
                    typed.push(character);
                }
            }
            (Message::Paste(text), typed) => typed.get_or_insert_default().push_str(text),
            (Message::LeaveField, typed) => *typed = None,
            (Message::Select(row), _) => self.row = row,
            _ => {}
        }
        Vec::new()
    }

    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        view.page(frame, Rect { height: area.height / 2, ..area }, 0, "Page", |page| {
            view.write_failures(page);
            page.hint(&view.key("count"), &format!("count; so far {}", self.counted));
            page.plain(&format!("typed: {}", self.typed.as_deref().unwrap_or("nothing")));
            (0..20).for_each(|line| page.dim(&format!("line {line}")));
        });
        let lower = Rect { y: area.y + area.height / 2, height: area.height - area.height / 2, ..area };
        let inside = view.panel(frame, lower, 1, "Rows");
        let place = ListPlace::around(view.list, ROWS, self.row, inside);
        for (row, line) in place.rows() {
            frame.render_widget(format!("{} row {row}", if row == self.row { ">" } else { " " }), line);
        }
        view.list_at(place);
    }

    fn panels(&self, _: &Shared) -> usize {
        2
    }

    fn is_typing(&self) -> bool {
        self.typed.is_some()
    }

    fn cursor(&self, _: &Shared, focus: usize) -> Option<(usize, usize)> {
        (focus == 1).then_some((self.row, ROWS))
    }

    fn unsaved(&self) -> Option<String> {
        self.forgotten.then(|| "Something is not saved.".into())
    }
}
