//! What several tests need: the real base model, fetched once and kept, and the program as a user runs it.
#![allow(dead_code)]

pub mod tiny;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use xpert::engine::{Model, ModelPath, Precision};
use xpert::models::{Catalog, Form, Obtain, Silent};
use xpert::platform::cancel::Cancel;
use xpert::platform::paths::Paths;

/// The base model's file. Fetched as a user would fetch it; tests in other processes wait and then find it. Where it cannot be had,
/// every test is told so at once after the first has tried.
pub fn base_model() -> PathBuf {
    static OBTAINED: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let obtained = OBTAINED.get_or_init(|| obtain_base_model(3)).clone();
    obtained.unwrap_or_else(|e| panic!("these tests need the base model: {e}"))
}

/// A network may fail once: after a pause it is asked again.
fn obtain_base_model(attempts: usize) -> Result<PathBuf, String> {
    let catalog = Catalog::shipped().expect("the shipped catalogue is well formed");
    let paths = Paths::resolve(None).expect("a home folder");
    match Obtain::new(&catalog, &paths).with_network().obtain(&mut Silent, &Cancel::new()) {
        Ok(files) => match files.form {
            Form::Gguf(path) => Ok(path),
            Form::Safetensors { .. } => Err("the default model is no GGUF file".into()),
        },
        Err(_) if attempts > 1 => {
            std::thread::sleep(Duration::from_secs(5));
            obtain_base_model(attempts - 1)
        }
        Err(error) => Err(error.to_string()),
    }
}

pub fn load_base(precision: Precision) -> Model {
    Model::load(&ModelPath::Gguf(base_model()), precision).expect("the base model loads")
}

/// `xpert` with a data folder of its own, and a width that is not the terminal's that the tests were started in.
pub fn xpert(data: &Path) -> assert_cmd::Command {
    let mut command = assert_cmd::Command::cargo_bin("xpert").expect("the program is built");
    command.arg("--data-dir").arg(data).env_remove("XPERT_MODEL").env_remove("XPERT_DATA_DIR").env("COLUMNS", "100");
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
