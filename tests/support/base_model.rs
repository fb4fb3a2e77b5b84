//! The file of the real base model, fetched once and kept. Knows no engine.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use xpert::models::{Catalog, Form, Obtain};
use xpert::platform::cancel::Cancel;
use xpert::platform::paths::Paths;

/// Where the base model is. Fetched as a user would fetch it; tests in other processes wait and then find it. Where it cannot be had,
/// the first test finds that out, and every other fails at once.
pub fn path() -> PathBuf {
    static OBTAINED: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let obtained = OBTAINED.get_or_init(|| obtain(3)).clone();
    obtained.unwrap_or_else(|e| panic!("these tests need the base model: {e}"))
}

/// A network may fail once: after a pause it is asked again.
fn obtain(attempts: usize) -> Result<PathBuf, String> {
    let catalog = Catalog::shipped().expect("the shipped catalog is well formed");
    let paths = Paths::resolve(None).expect("a home folder");
    match Obtain::new(&catalog, &paths).with_network().obtain(&mut |_| {}, &Cancel::new()) {
        Ok(files) => match files.form {
            Form::Gguf(path) => Ok(path),
            Form::Folder(_) => Err("the default model is no GGUF file".into()),
        },
        Err(_) if attempts > 1 => {
            std::thread::sleep(Duration::from_secs(5));
            obtain(attempts - 1)
        }
        Err(error) => Err(error.to_string()),
    }
}
