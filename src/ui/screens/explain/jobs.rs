//! The job of Explain: write all steps as a page for a browser.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::app::AppError;
use crate::app::present::page;
use crate::app::select::Selected;
use crate::platform::paths::{expand_home, write_private_new};
use crate::ui::shell::job::{Job, Kind, Worker};

/// The page's name where nobody chose one, and its ending.
pub const NAME: &str = "xpert-explanation";
pub const ENDING: &str = "html";

#[derive(Debug)]
pub struct WritePage {
    pub selected: Arc<Selected>,
    /// A file, or a folder for a file of the usual name. A file that is there already stays: the page gets a number.
    pub path: PathBuf,
}

impl Job for WritePage {
    /// Where it was written.
    type Report = PathBuf;
    const KIND: Kind = Kind { id: "export", title: "Writing the page", long: false };

    fn run(&self, _: &Worker, _tell: &dyn Fn(PathBuf)) -> Result<PathBuf, AppError> {
        let path = expand_home(&self.path);
        if path.is_dir() {
            return page::write_into(&self.selected, &path);
        }
        let [folder, name, ending] = pieces(&path);
        let page = page::page(&self.selected, None)?;
        write_private_new(Path::new(&folder), &name, &ending, page.as_bytes())
            .map_err(|source| AppError::File { path, source })
    }
}

/// The folder, the name and the ending of a file, with what is usual where one lacks.
fn pieces(path: &Path) -> [String; 3] {
    let folder = path.parent().map(Path::as_os_str).filter(|folder| !folder.is_empty());
    [(folder, "."), (path.file_stem(), NAME), (path.extension(), ENDING)]
        .map(|(piece, usual)| piece.map_or_else(|| usual.to_owned(), |piece| piece.to_string_lossy().into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_a_folder_a_name_and_an_ending() {
        assert_eq!(pieces(Path::new("/home/ann/my talk.htm")), ["/home/ann", "my talk", "htm"]);
        assert_eq!(pieces(Path::new("talk")), [".", "talk", "html"]);
    }
}
