//! Downloads a file from the Hugging Face hub, or a server with the same interface. Does not know where the bytes are kept.
//!
//! hf-hub resolves the address, token and revision, and makes the connection. It can neither be cancelled nor report a stall,
//! so the bytes are read here, on a thread of their own: cancelling and stalls are noticed whatever the network does.

use std::io::Read;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use hf_hub::api::sync::{ApiBuilder, ApiRepo};
use hf_hub::{Cache, Repo, RepoType};

use crate::platform::cancel::Cancel;

use super::catalog::ModelFile;
use super::download::{Download, Limits};
use super::error::{Failure, exactly};
use super::progress::{Event, Meter};

/// How often cancelling is checked while no data arrive.
const TICK: Duration = Duration::from_millis(50);
const REDIRECTS: u32 = 5;

/// Which file, where.
pub(super) struct HubFile<'a> {
    /// Replaces hf-hub's own, such as `http://127.0.0.1:8080`.
    pub endpoint: Option<&'a str>,
    /// The user's token, if any, lies beside it.
    pub cache: Cache,
    pub repo: &'a str,
    pub revision: &'a str,
}

impl HubFile<'_> {
    /// Streams the file into `download`, which the caller finishes.
    pub(super) fn fetch(
        self,
        limits: &Limits,
        download: &mut Download<'_>,
        progress: &mut dyn FnMut(Event),
        cancel: &Cancel,
    ) -> Result<(), Failure> {
        let mut builder = ApiBuilder::from_cache(self.cache).with_progress(false);
        if let Some(endpoint) = self.endpoint {
            builder = builder.with_endpoint(endpoint.trim_end_matches('/').to_owned());
        }
        let api = builder.build().map_err(|error| format!("cannot be queried: {error}"))?;
        let repo = api.repo(Repo::with_revision(self.repo.into(), RepoType::Model, self.revision.into()));
        let url = repo.url(&download.file.name);
        let host = host(&repo, &url)?;
        let transfer = Transfer { repo, url, host, limits: limits.clone(), file: download.file.clone() };
        let (sender, receiver) = sync_channel(8);
        let work = move || {
            let last = transfer.run(&sender).map_or_else(Message::Failed, |()| Message::End);
            // The receiver is gone if the download was given up.
            let _ = sender.send(last);
        };
        let started = thread::Builder::new().name("model-download".into()).spawn(work);
        started.map_err(|error| format!("no thread could be started: {error}"))?;
        let bytes = download.file.bytes;
        receive(&receiver, limits, download, Meter::new(progress, bytes), cancel)
    }
}

enum Message {
    Bytes(Vec<u8>),
    End,
    Failed(String),
}

fn receive(
    receiver: &Receiver<Message>,
    limits: &Limits,
    download: &mut Download<'_>,
    mut meter: Meter<'_>,
    cancel: &Cancel,
) -> Result<(), Failure> {
    let mut last_data = Instant::now();
    loop {
        cancel.check()?;
        match receiver.recv_timeout(TICK) {
            Ok(Message::Bytes(bytes)) => {
                download.push(&bytes)?;
                meter.report(download.written());
                last_data = Instant::now();
            }
            Ok(Message::End) => return Ok(()),
            Ok(Message::Failed(reason)) => return Err(Failure::TryNext(reason)),
            Err(RecvTimeoutError::Timeout) => {
                let done = download.written();
                let limit = if done == 0 { limits.response } else { limits.stall };
                if last_data.elapsed() > limit {
                    return Err(Failure::TryNext(format!("no data for {limit:.0?}, after {}", exactly(done))));
                }
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Failure::TryNext("the transfer ended without an error message".into()));
            }
        }
    }
}

/// The thread's side of a download.
struct Transfer {
    repo: ApiRepo,
    url: String,
    /// The server of the endpoint.
    host: String,
    limits: Limits,
    file: ModelFile,
}

impl Transfer {
    fn run(&self, sender: &SyncSender<Message>) -> Result<(), String> {
        // The only request that hf-hub exposes with its agent and headers, with its address replaced by the file's.
        let request = |redirects: u32| {
            let config = self.repo.info_request().uri(&self.url).config();
            let config = if is_local(&self.host) { config.proxy(None) } else { config };
            config
                .http_status_as_error(false)
                .accept_encoding("identity")
                .max_redirects(redirects)
                .timeout_resolve(Some(self.limits.connect))
                .timeout_connect(Some(self.limits.connect))
                .timeout_recv_response(Some(self.limits.response))
                .timeout_per_read(Some(self.limits.stall))
                .build()
                .call()
                .map_err(|error| error.into_io().to_string())
        };
        let mut response = request(0).map_err(|error| format!("{} cannot be reached: {error}", self.host))?;
        if response.status().is_redirection() && response.headers().contains_key("location") {
            // Large files lie on another server; the hub announces them first, so that a wrong file is not downloaded.
            let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
            check_size(&self.file, header("x-linked-size").and_then(|size| size.parse().ok()))?;
            check_tag(&self.file, header("x-linked-etag"))?;
            response = request(REDIRECTS)?;
        }
        match response.status().as_u16() {
            200 => {}
            404 => return Err("it has no such file (HTTP 404)".into()),
            status @ (401 | 403) => return Err(format!("it denied access (HTTP {status})")),
            status => return Err(format!("it returned HTTP {status}; trying again later may help")),
        }
        if !response.headers().contains_key("content-encoding") {
            check_size(&self.file, response.body().content_length())?;
        }
        send_body(response.into_body().into_reader(), sender)
    }
}

fn send_body(mut body: impl Read, sender: &SyncSender<Message>) -> Result<(), String> {
    let mut done = 0;
    loop {
        let mut block = vec![0; 1 << 16];
        let read = body.read(&mut block);
        let count = read.map_err(|error| {
            format!("the connection was lost after {}: {error}; trying again may help", exactly(done))
        })?;
        block.truncate(count);
        done += count as u64;
        if count == 0 || sender.send(Message::Bytes(block)).is_err() {
            return Ok(());
        }
    }
}

fn check_size(expected: &ModelFile, announced: Option<u64>) -> Result<(), String> {
    match announced.filter(|size| *size != expected.bytes) {
        Some(size) => Err(format!("its file differs: expected {} bytes, but it reports {size}", expected.bytes)),
        None => Ok(()),
    }
}

/// For large files the tag is the SHA-256 of the contents; other kinds of tag are ignored.
fn check_tag(expected: &ModelFile, tag: Option<&str>) -> Result<(), String> {
    let tag = tag.map(|tag| tag.trim_start_matches("W/").trim_matches('"')).filter(|tag| tag.len() == 64);
    match tag.filter(|tag| !tag.eq_ignore_ascii_case(&expected.sha256)) {
        Some(tag) => Err(format!("its file differs: expected SHA-256 {}, but it reports {tag}", expected.sha256)),
        None => Ok(()),
    }
}

/// The server of a web address.
fn host(repo: &ApiRepo, url: &str) -> Result<String, String> {
    let request = repo.info_request().uri(url);
    let uri = request.uri_ref().filter(|uri| matches!(uri.scheme_str(), Some("http" | "https")));
    let host = uri.and_then(|uri| uri.host()).map(|host| host.trim_matches(['[', ']']).to_owned());
    host.ok_or_else(|| format!("{url} is not a web address: HF_ENDPOINT must be like https://HOST or http://HOST:PORT"))
}

fn is_local(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_comes_from_the_endpoint() {
        let found = |endpoint: &str| {
            let cache = Cache::new(std::env::temp_dir().join("no-such-cache/hub"));
            let api = ApiBuilder::from_cache(cache).with_endpoint(endpoint.into()).build().expect("an api");
            let repo = api.model("someone/tiny".into());
            host(&repo, &repo.url("tiny.gguf"))
        };
        for (endpoint, host, local) in [
            ("https://hub.example", "hub.example", false),
            ("http://hub.example/mirror", "hub.example", false),
            ("http://127.0.0.1:8080", "127.0.0.1", true),
            ("http://[::1]:9", "::1", true),
            ("http://localhost:1", "localhost", true),
        ] {
            assert_eq!((found(endpoint), is_local(host)), (Ok(host.to_owned()), local), "{endpoint}");
        }
        for endpoint in ["", "hub.example", "ftp://hub.example", "http://", "not an address"] {
            assert!(found(endpoint).is_err(), "`{endpoint}`");
        }
    }

    #[test]
    fn announced_size_and_tag_are_compared_before_downloading() {
        let (name, sha256) = ("tiny.gguf".into(), "ab".repeat(32));
        let file = ModelFile { name, bytes: 3, sha256, sources: Vec::new() };
        assert!(check_size(&file, None).is_ok() && check_size(&file, Some(3)).is_ok());
        assert!(check_size(&file, Some(4)).is_err_and(|reason| reason.contains("expected 3 bytes")));
        assert!(check_tag(&file, Some(&format!("W/\"{}\"", "AB".repeat(32)))).is_ok());
        assert!(check_tag(&file, Some("\"0123\"")).is_ok(), "another kind of tag is ignored");
        assert!(check_tag(&file, Some(&"cd".repeat(32))).is_err_and(|reason| reason.contains("reports cdcd")));
    }
}
