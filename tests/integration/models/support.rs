//! A tiny model, a server that misbehaves on request, and a stand-in for Python: what the tests of `models` share.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use xpert::models::{Catalog, Event, Limits, ModelError, Obtain};
use xpert::platform::paths::Paths;

pub const NAME: &str = "tiny.gguf";
pub const COMMIT: &str = "0123456789abcdef";
pub const MEMBER: &str = "tiny_model/tiny.gguf";

/// An address on this machine where nobody listens.
pub const REFUSING_ENDPOINT: &str = "http://127.0.0.1:1";
/// Waits that nothing on this machine needs, however busy it is. A test of waiting itself shortens the one it is about.
pub const PATIENT: Limits = {
    let limit = Duration::from_secs(10);
    Limits { connect: limit, response: limit, stall: limit, package_stall: limit }
};
/// Within this comes whatever does not wait for the minute that a test has something wait for.
pub const SOON: Duration = Duration::from_secs(30);

/// The bytes of the model: no more than the beginning of a GGUF file, but more than one network block.
pub fn model() -> Vec<u8> {
    let mut bytes = b"GGUF\x03\0\0\0".to_vec();
    bytes.extend((0..300_000_u32).flat_map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes()));
    bytes
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

pub fn catalog_text() -> String {
    format!(
        r#"
default = "tiny"
[[model]]
id = "tiny"
name = "Tiny"
architecture = "llama"
licence = "MIT"
parameters = 7
[model.file]
name = "{NAME}"
bytes = {}
sha256 = "{}"
[[model.file.source]]
kind = "hub-cache"
repo = "someone/tiny"
[[model.file.source]]
kind = "hub"
repo = "someone/tiny"
revision = "{COMMIT}"
[[model.file.source]]
kind = "python-package"
package = "tiny-model"
version = "1.0"
member = "{MEMBER}"
download_bytes = 1000
"#,
        model().len(),
        sha256(&model())
    )
}

/// A machine of the test's own: its folders, and a hub and a Python that are not there until a test puts them there.
pub struct Machine {
    pub catalog: Catalog,
    pub root: TempDir,
}

impl Machine {
    pub fn new() -> Self {
        Self {
            catalog: Catalog::parse(&catalog_text()).expect("the test's catalog"),
            root: tempfile::tempdir().expect("a folder"),
        }
    }

    pub fn models(&self) -> PathBuf {
        self.root.path().join("models")
    }

    pub fn hub_cache(&self) -> PathBuf {
        self.root.path().join("huggingface/hub")
    }

    /// Everything allowed, and nothing reachable.
    pub fn obtain(&self) -> Obtain<'_> {
        let paths = Paths::resolve(Some(self.root.path())).expect("folders");
        let mut obtain = Obtain::new(&self.catalog, &paths).with_network();
        obtain.folder = self.models();
        obtain.hub_cache = Some(self.hub_cache());
        obtain.endpoint = Some(REFUSING_ENDPOINT.into());
        obtain.python = self.root.path().join("no-such-python").into();
        obtain.limits = PATIENT;
        obtain
    }

    /// What lies in the models folder, without the lock and the memory of checks.
    pub fn in_models(&self) -> Vec<String> {
        let entries = fs::read_dir(self.models()).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.retain(|name| name != ".verified" && *name != format!(".{NAME}.lock"));
        names.sort();
        names
    }

    pub fn put(&self, path: &Path, bytes: &[u8]) {
        assert!(path.starts_with(self.root.path()), "a test writes outside its folder: {}", path.display());
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, bytes).expect("written");
    }

    pub fn put_in_models(&self, bytes: &[u8]) {
        self.put(&self.models().join(NAME), bytes);
    }

    /// A file in the Hugging Face cache, as its own programs lay it out.
    #[cfg(unix)]
    pub fn put_in_hub_cache(&self, commit: &str, is_main: bool, bytes: &[u8]) -> PathBuf {
        let repo = self.hub_cache().join("models--someone--tiny");
        let blob = repo.join("blobs").join(sha256(bytes));
        self.put(&blob, bytes);
        let pointer = repo.join("snapshots").join(commit).join(NAME);
        fs::create_dir_all(pointer.parent().expect("a parent")).expect("folders");
        std::os::unix::fs::symlink(&blob, &pointer).expect("a link");
        if is_main {
            self.put(&repo.join("refs/main"), commit.as_bytes());
        }
        pointer
    }

    /// A program that is called like Python and does what `script` says, with `$dest` the folder pip is to fill.
    #[cfg(unix)]
    pub fn python(&self, script: &str) -> PathBuf {
        let path = self.root.path().join("python3");
        let text = format!(
            "#!/bin/sh\nwhile [ $# -gt 0 ]; do\n  [ \"$1\" = --dest ] && dest=$2\n  last=$1\n  shift\ndone\n{script}\n"
        );
        // Written by another process: a file this one has open for writing cannot be run by a sibling thread's child.
        let written = std::process::Command::new("sh")
            .args(["-c", "printf %s \"$1\" > \"$2\" && chmod 700 \"$2\"", "sh", &text])
            .arg(&path)
            .status();
        assert!(written.expect("sh").success());
        path
    }

    /// A wheel with one member.
    pub fn wheel(&self, member: &str, bytes: &[u8]) -> PathBuf {
        let path = self.root.path().join("made.whl");
        let mut writer = zip::ZipWriter::new(fs::File::create(&path).expect("a file"));
        writer.start_file(member, zip::write::SimpleFileOptions::default()).expect("a member");
        writer.write_all(bytes).expect("written");
        writer.finish().expect("a wheel");
        path
    }
}

/// Keeps all that is told.
#[derive(Default)]
pub struct Told(pub Vec<Event>);

impl Told {
    pub fn sources(&self) -> Vec<&str> {
        self.0
            .iter()
            .filter_map(|event| if let Event::Source(text) = event { Some(text.as_str()) } else { None })
            .collect()
    }

    pub fn last_bytes(&self) -> Option<(u64, Option<u64>)> {
        self.0.iter().rev().find_map(|event| match event {
            Event::Bytes { done, total } => Some((*done, *total)),
            _ => None,
        })
    }
}

/// The reason that the source whose name begins with `source` gave.
pub fn reason_of(error: &ModelError, source: &str) -> String {
    let ModelError::NoSource { attempts, .. } = error else { panic!("another error: {error}") };
    let attempt = attempts.iter().find(|attempt| attempt.source.starts_with(source));
    attempt.unwrap_or_else(|| panic!("`{source}` was not tried: {error}")).reason.clone()
}

/// How the server answers a request for a path.
#[derive(Clone)]
pub enum Answer {
    /// 200 with these bytes.
    Bytes(Vec<u8>),
    /// 200, announcing all of these bytes, but closing after some.
    Truncated(Vec<u8>, usize),
    /// The same, but without announcing how many there are.
    TruncatedQuietly(Vec<u8>, usize),
    /// The same, but falling silent.
    Stalled(Vec<u8>, usize),
    /// This status, without a body, with further header lines.
    Status(u16, String),
    /// Not a word.
    Silence,
    /// Something that is not HTTP.
    Garbage,
}

/// Answers until dropped. Remembers each request's first line and its headers.
pub struct Server {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    requests: Arc<Mutex<Vec<Vec<String>>>>,
    acceptor: Option<JoinHandle<()>>,
}

impl Server {
    pub fn new(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, requests) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let (stopped, seen, answer) = (Arc::clone(&stop), Arc::clone(&requests), Arc::new(answer));
        let acceptor = thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let (stopped, seen, answer) = (Arc::clone(&stopped), Arc::clone(&seen), Arc::clone(&answer));
                thread::spawn(move || {
                    // The other side may well be gone: that is what many of the tests are about.
                    let _ = serve(stream, &*answer, &seen, &stopped);
                });
            }
        });
        Self { address, stop, requests, acceptor: Some(acceptor) }
    }

    pub fn always(answer: Answer) -> Self {
        Self::new(move |_| answer.clone())
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn requests(&self) -> Vec<Vec<String>> {
        self.requests.lock().expect("requests").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

fn serve(
    mut stream: TcpStream,
    answer: &dyn Fn(&str) -> Answer,
    seen: &Mutex<Vec<Vec<String>>>,
    stopped: &AtomicBool,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let mut request = Vec::new();
    while let Some(line) = lines.next().transpose()?.filter(|line| !line.is_empty()) {
        request.push(line);
    }
    // A connection without a request is somebody looking whether we are there.
    let Some(first) = request.first().cloned() else { return Ok(()) };
    seen.lock().expect("requests").push(request);
    let silent = || {
        while !stopped.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(20));
        }
    };
    let head = |length: Option<usize>| {
        let length = length.map_or(String::new(), |length| format!("Content-Length: {length}\r\n"));
        format!("HTTP/1.1 200 OK\r\n{length}Connection: close\r\n\r\n")
    };
    match answer(first.split(' ').nth(1).unwrap_or_default()) {
        Answer::Bytes(bytes) => {
            stream.write_all(head(Some(bytes.len())).as_bytes())?;
            stream.write_all(&bytes)?;
        }
        Answer::Truncated(bytes, end) => {
            stream.write_all(head(Some(bytes.len())).as_bytes())?;
            stream.write_all(&bytes[..end])?;
        }
        Answer::TruncatedQuietly(bytes, end) => {
            stream.write_all(head(None).as_bytes())?;
            stream.write_all(&bytes[..end])?;
        }
        Answer::Stalled(bytes, end) => {
            stream.write_all(head(Some(bytes.len())).as_bytes())?;
            stream.write_all(&bytes[..end])?;
            silent();
        }
        Answer::Status(status, headers) => {
            let text = format!("HTTP/1.1 {status} So\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n");
            stream.write_all(text.as_bytes())?;
        }
        Answer::Silence => silent(),
        Answer::Garbage => stream.write_all(b"220 mail.example ready\r\n")?,
    }
    stream.flush()
}
