//! Which step of the explanation is shown, and the job that writes all of them as a page for a browser. Knows neither keys nor how it is
//! drawn.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::app::AppError;
use crate::app::present::{self, ProfileView, SelectionView, page};
use crate::app::select::Selected;
use crate::platform::paths::expand_home;
use crate::selection::ChoiceKind;
use crate::style::Profile;
use crate::ui::shell::{Answer, Effect, Job, Kind, Scroll, Shared, Worker};

#[derive(Debug)]
pub struct WritePage {
    pub selected: Arc<Selected>,
    /// A file, or a folder for a file of the usual name. A file that is there already stays: the page gets a number.
    pub path: PathBuf,
}

impl Job for WritePage {
    type Report = PathBuf;
    const KIND: Kind = Kind { id: "export", title: "Saving the page", long: false };

    fn run(&self, _: &Worker, _tell: &dyn Fn(PathBuf)) -> Result<PathBuf, AppError> {
        page::write_to(&self.selected, &expand_home(&self.path))
    }
}

#[derive(Debug)]
pub struct Explain {
    /// The place among [`steps`]; behind the last it is the last.
    at: usize,
    pub(super) numbers: bool,
    page: Page,
    folder: PathBuf,
}

/// The page for a browser, as it was tried to be written last.
#[derive(Debug, PartialEq, Eq)]
enum Page {
    None,
    Failed,
    Written(PathBuf),
}

/// A step of the explanation, by its title.
#[derive(Clone, Copy, Debug, strum::IntoStaticStr)]
pub(super) enum Step {
    #[strum(serialize = "Your text")]
    Text,
    #[strum(serialize = "What is counted")]
    Features,
    #[strum(serialize = "Your axes")]
    Axes,
    #[strum(serialize = "The models")]
    Models,
    #[strum(serialize = "The scores")]
    Distances,
    #[strum(serialize = "The choice")]
    Choice,
    #[strum(serialize = "What would change it")]
    Change,
}

/// The steps that have something to show of these results. Where the texts cannot be measured there is nothing between them and the
/// refusal.
fn steps(profile: &Profile, selected: &Selected) -> Vec<Step> {
    let refused = matches!(selected.choice.kind, ChoiceKind::TooLittleText | ChoiceKind::Unmeasurable);
    let mut steps = vec![Step::Text];
    if !refused && !profile.axes.is_empty() {
        steps.extend([Step::Features, Step::Axes]);
    }
    if !refused && !selected.candidates.is_empty() {
        steps.extend([Step::Models, Step::Distances]);
    }
    steps.extend([Step::Choice, Step::Change]);
    steps
}

/// Where the explanation is, and all that it shows.
pub(super) struct Told<'s> {
    pub step: Step,
    pub at: usize,
    pub of: usize,
    pub profile: ProfileView,
    pub selection: SelectionView,
    pub selected: &'s Selected,
}

impl Explain {
    /// At its first step, in a program that was started in this folder.
    pub fn new(folder: PathBuf) -> Self {
        Self { at: 0, numbers: false, page: Page::None, folder }
    }

    /// Where the explanation is, and the last place there is; none where results are lacking. After new texts there may be fewer steps.
    pub(super) fn place(&self, shared: &Shared) -> Option<(usize, usize)> {
        let last = steps(shared.profile.as_deref()?, shared.selected.as_deref()?).len() - 1;
        Some((self.at.min(last), last))
    }

    pub(super) fn told<'s>(&self, shared: &'s Shared) -> Option<Told<'s>> {
        let (profile, selected) = (shared.profile.as_deref()?, shared.selected.as_deref()?);
        let steps = steps(profile, selected);
        let at = self.at.min(steps.len() - 1);
        let (profile, selection) = (present::profile(profile), present::selection(selected));
        Some(Told { step: steps[at], at, of: steps.len(), profile, selection, selected })
    }

    pub(super) fn has_next(&self, shared: &Shared) -> bool {
        self.place(shared).is_some_and(|(at, last)| at < last)
    }

    pub(super) fn has_previous(&self, shared: &Shared) -> bool {
        self.place(shared).is_some_and(|(at, _)| at > 0)
    }

    pub(super) fn turn(&mut self, by: isize, shared: &Shared) -> Vec<Effect> {
        self.go(self.place(shared).map_or(0, |(at, _)| at.saturating_add_signed(by)))
    }

    pub(super) fn go(&mut self, to: usize) -> Vec<Effect> {
        self.at = to;
        vec![Effect::Scroll(Scroll::Top)]
    }

    pub(super) fn may_write(&self, shared: &Shared) -> bool {
        self.place(shared).is_some() && !shared.runs::<WritePage>()
    }

    pub(super) fn written(&self) -> Option<&Path> {
        if let Page::Written(path) = &self.page { Some(path) } else { None }
    }

    /// Asks where the page is to be written; what is answered comes back as [`Effect::Start`].
    pub(super) fn ask_where(&mut self, shared: &Shared) -> Vec<Effect> {
        let Some(selected) = shared.selected.clone() else { return Vec::new() };
        let then = move |path: String| {
            vec![Effect::start(WritePage { selected: Arc::clone(&selected), path: PathBuf::from(path) })]
        };
        let question = "All steps as a web page. It quotes your texts; only you can read the file.";
        let suggestion = self.folder.join(page::FILE_NAME).display().to_string();
        vec![Effect::ask("Save the page", question, Answer::text("File", suggestion, then))]
    }

    pub(super) fn page_failed(&mut self) -> Vec<Effect> {
        self.page = Page::Failed;
        Vec::new()
    }

    /// Asks again where: the place may be what was wrong.
    pub(super) fn retry(&mut self, shared: &Shared) -> Vec<Effect> {
        if self.page == Page::Failed { self.ask_where(shared) } else { Vec::new() }
    }

    pub(super) fn page_written(&mut self, path: &Path) -> Vec<Effect> {
        self.page = Page::Written(path.to_path_buf());
        let said = format!("Saved to {}.", path.display());
        let open = Answer::Yes(vec![Effect::Open(path.to_path_buf())]);
        let question = format!("{said} Open it in a browser?");
        vec![Effect::say_good(said), Effect::ask("Open the page?", question, open)]
    }

    pub(super) fn open_page(&mut self, _: &Shared) -> Vec<Effect> {
        self.written().map(|path| Effect::Open(path.to_path_buf())).into_iter().collect()
    }
}
