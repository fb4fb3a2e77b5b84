//! What survives a power failure: whatever is renamed to its name was synced first, the folder after it, and nothing that was written is
//! left unsynced when a command ends. Seen in the program's system calls.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::command::{home, words};
use crate::tiny;
use crate::tracer::{Call, Ending, run};

/// What is written below a folder and is not safe on the disk yet.
struct Disk {
    folder: PathBuf,
    files: BTreeSet<PathBuf>,
    /// Folders with a new name in them.
    folders: BTreeSet<PathBuf>,
    /// What was renamed to its name, in order.
    renamed: Vec<String>,
    faults: Vec<String>,
}

impl Disk {
    fn new(folder: &Path) -> Self {
        let (files, folders) = (BTreeSet::new(), BTreeSet::new());
        Self { folder: folder.to_path_buf(), files, folders, renamed: Vec::new(), faults: Vec::new() }
    }

    fn hear(&mut self, call: &Call) {
        if !call.paths.iter().any(|path| path.starts_with(&self.folder)) {
            return;
        }
        match (call.name, &call.paths[..]) {
            ("write" | "copy" | "truncate" | "allocate", [path]) => {
                self.files.insert(path.clone());
            }
            ("sync", [path]) => {
                self.files.remove(path);
                self.folders.remove(path);
            }
            ("unlink", [path]) => {
                self.files.remove(path);
                self.folders.remove(path);
            }
            ("rename" | "link", [from, to]) => self.rename(from, to),
            _ => {}
        }
    }

    fn rename(&mut self, from: &Path, to: &Path) {
        let unsynced = self.files.remove(from);
        if is_temporary(to) {
            self.files.extend(unsynced.then(|| to.to_path_buf()));
            return;
        }
        if unsynced {
            self.faults.push(format!("{} gets its name before it is synced", to.display()));
        }
        self.renamed.push(to.file_name().unwrap_or_default().to_string_lossy().into_owned());
        self.folders.extend(to.parent().map(Path::to_path_buf));
    }
}

fn is_temporary(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".tmp"))
}

/// What need not survive: the log, locks, and the index that SQLite makes anew.
fn may_be_lost(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name == "lock" || name.ends_with(".log") || name.ends_with("-shm")
}

#[test]
fn every_durable_file_is_synced_before_it_has_its_name_and_its_folder_after() {
    let home = home();
    let (data, model) = (home.path().join("data"), home.path().join("model"));
    tiny::save_folder(&model);
    let texts = words(home.path()).display().to_string();
    let train = ["train", "--from", "scratch", "--steps", "6", "--no-early-stop"];
    let mut renamed = Vec::new();
    for arguments in [
        &["import", &texts][..],
        &train,
        &train,
        &["runs", "rename", "1", "first"],
        &["runs", "use", "1"],
        &["write", "Hello", "--keep", "--max-tokens", "4"],
        &["history", "rename", "1", "again"],
        &["runs", "delete", "2"],
        &["import", "--undo"],
    ] {
        let mut disk = Disk::new(&data);
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("xpert"));
        command.arg("--data-dir").arg(&data).arg("--model").arg(&model).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let ending = match run(&mut command, |call| disk.hear(call)) {
            // As in a container without that right.
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                return eprintln!("skipped: this machine lets nobody trace a program");
            }
            ending => ending.expect("it can be traced"),
        };
        assert_eq!(ending, Ending::Code(0), "{arguments:?}");
        disk.files.retain(|path| !may_be_lost(path));
        assert_eq!(disk.faults, Vec::<String>::new(), "{arguments:?}");
        assert!(disk.files.is_empty(), "{arguments:?} leaves unsynced: {:?}", disk.files);
        assert!(disk.folders.is_empty(), "{arguments:?} leaves folders unsynced: {:?}", disk.folders);
        renamed.extend(disk.renamed);
    }
    for name in ["checkpoint.safetensors", "adapter_model.safetensors", "training.json", "last-number"] {
        assert!(renamed.iter().any(|known| known == name), "{name} was not seen: {renamed:?}");
    }
}
