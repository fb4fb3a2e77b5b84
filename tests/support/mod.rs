//! What several tests need: the real base model, fetched once and kept, and the program as a user runs it.
#![allow(dead_code)]

pub mod tiny;

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use xpert::cancel::Cancel;
use xpert::engine::{Model, ModelPath, Precision};
use xpert::models::{Catalog, Form, Obtain, Silent};
use xpert::paths::Paths;

/// The base model's file. Fetched as a user would fetch it; tests in other processes wait and then find it.
pub fn base_model() -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let catalog = Catalog::shipped().expect("the shipped catalogue is well formed");
    let paths = Paths::resolve(None).expect("a home folder");
    let files = Obtain::new(&catalog, &paths)
        .with_network()
        .obtain(&mut Silent, &Cancel::new())
        .unwrap_or_else(|e| panic!("these tests need the base model: {e}"));
    match files.form {
        Form::Gguf(path) => path,
        Form::Safetensors { .. } => panic!("the default model is a GGUF file"),
    }
}

pub fn load_base(precision: Precision) -> Model {
    Model::load(&ModelPath::Gguf(base_model()), precision).expect("the base model loads")
}

/// `xpert` with a data folder of its own.
pub fn xpert(data: &Path) -> assert_cmd::Command {
    let mut command = assert_cmd::Command::cargo_bin("xpert").expect("the program is built");
    command.arg("--data-dir").arg(data).env_remove("XPERT_MODEL").env_remove("XPERT_DATA_DIR");
    command
}

/// Runs and parses the one JSON object it prints.
pub fn json(command: &mut assert_cmd::Command) -> serde_json::Value {
    let output = command.arg("--json").assert().success().get_output().stdout.clone();
    serde_json::from_slice(&output).expect("one JSON object on standard output")
}

/// A file of data that is shared among developers and not part of the repository. Absent elsewhere, which is said.
pub fn shared(path: &str) -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if file.exists() {
        return Some(file);
    }
    eprintln!("skipped: {} is not here", file.display());
    None
}
