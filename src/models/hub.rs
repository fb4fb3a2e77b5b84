//! Downloads a file from the Hugging Face hub, or a server with the same interface. Does not know where the bytes are kept.
//!
//! hf-hub resolves the address, token and revision, and makes the connection. It can neither be cancelled nor report a stall,
//! so the bytes are read here, on a thread of their own: cancelling and stalls are noticed whatever the network does.

use std::io::Read;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use hf_hub::api::sync::{ApiBuilder, ApiRepo};
use hf_hub::{Cache, Repo, RepoType};

use crate::platform::cancel::Cancel;

use super::catalog::ModelFile;
use super::download::Download;
use super::error::{Failure, ModelError};
use super::limits::Limits;
use super::progress::{Meter, Progress};

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
    pub path: &'a str,
}

/// Streams the file into `download`, which the caller finishes.
pub(super) fn fetch(
    wanted: HubFile<'_>,
    file: &ModelFile,
    limits: &Limits,
    download: &mut Download<'_>,
    progress: &mut dyn Progress,
    cancel: &Cancel,
) -> Result<(), Failure> {
    let mut builder = ApiBuilder::from_cache(wanted.cache).with_progress(false);
    if let Some(endpoint) = wanted.endpoint {
        builder = builder.with_endpoint(endpoint.trim_end_matches('/').to_owned());
    }
    let api = builder.build().map_err(|error| Failure::TryNext(format!("cannot be queried: {error}")))?;
    let repo = api.repo(Repo::with_revision(wanted.repo.into(), RepoType::Model, wanted.revision.into()));
    let url = repo.url(wanted.path);
    let server = Server::of(&repo, &url)?;
    if !server.behind_proxy() {
        server.probe(limits.connect, cancel)?;
    }
    let expected = Expected { bytes: file.bytes, sha256: file.sha256.clone() };
    let (sender, receiver) = sync_channel(8);
    let transfer = Transfer { repo, url, local: server.is_local(), limits: limits.clone(), expected };
    spawn("model-download", move || {
        // The receiver is gone if the download was given up.
        let last = transfer.run(&sender).map_or_else(Message::Failed, |()| Message::End);
        let _ = sender.send(last);
    })?;
    receive(&receiver, limits, download, Meter::new(progress, file.bytes), cancel)
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
                let limit = if download.written() == 0 { limits.response } else { limits.stall };
                if last_data.elapsed() > limit {
                    let done = download.written();
                    return Err(Failure::TryNext(format!("no data for {limit:.0?}, after {done} bytes")));
                }
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Failure::TryNext("the transfer ended without an error message".into()));
            }
        }
    }
}

struct Expected {
    bytes: u64,
    sha256: String,
}

/// The thread's side of a download.
struct Transfer {
    repo: ApiRepo,
    url: String,
    local: bool,
    limits: Limits,
    expected: Expected,
}

impl Transfer {
    fn run(&self, sender: &SyncSender<Message>) -> Result<(), String> {
        // The only request that hf-hub exposes with its agent and headers, with its address replaced by the file's.
        let request = |redirects: u32| {
            let config = self.repo.info_request().uri(&self.url).config();
            let config = if self.local { config.proxy(None) } else { config };
            config
                .http_status_as_error(false)
                .accept_encoding("identity")
                .max_redirects(redirects)
                .timeout_resolve(Some(self.limits.response))
                .timeout_connect(Some(self.limits.response))
                .timeout_recv_response(Some(self.limits.response))
                .timeout_per_read(Some(self.limits.stall))
                .build()
                .call()
                .map_err(|error| error.to_string())
        };
        let mut response = request(0)?;
        if response.status().is_redirection() && response.headers().contains_key("location") {
            // Large files lie on another server; the hub announces them first, so that a wrong file is not downloaded.
            let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
            self.expected.check_size(header("x-linked-size").and_then(|size| size.parse().ok()))?;
            self.expected.check_tag(header("x-linked-etag"))?;
            response = request(REDIRECTS)?;
        }
        match response.status().as_u16() {
            200 => {}
            404 => return Err("it has no such file (HTTP 404)".into()),
            status @ (401 | 403) => return Err(format!("it refuses access (HTTP {status})")),
            status => return Err(format!("it answered HTTP {status}; trying again later may help")),
        }
        if !response.headers().contains_key("content-encoding") {
            self.expected.check_size(response.body().content_length())?;
        }
        Self::send_body(response.into_body().into_reader(), sender)
    }

    fn send_body(mut body: impl Read, sender: &SyncSender<Message>) -> Result<(), String> {
        let mut done = 0;
        loop {
            let mut block = vec![0; 1 << 16];
            match body.read(&mut block) {
                Ok(0) => return Ok(()),
                Ok(count) => {
                    block.truncate(count);
                    done += count;
                    if sender.send(Message::Bytes(block)).is_err() {
                        return Ok(());
                    }
                }
                Err(error) => {
                    return Err(format!("the connection was lost after {done} bytes: {error}; trying again may help"));
                }
            }
        }
    }
}

impl Expected {
    fn check_size(&self, announced: Option<u64>) -> Result<(), String> {
        match announced {
            Some(size) if size != self.bytes => {
                Err(format!("its file differs: expected {} bytes, it announces {size}", self.bytes))
            }
            _ => Ok(()),
        }
    }

    /// For large files the tag is the SHA-256 of the contents; other kinds of tag are ignored.
    fn check_tag(&self, tag: Option<&str>) -> Result<(), String> {
        let tag = tag.map(|tag| tag.trim_start_matches("W/").trim_matches('"')).filter(|tag| tag.len() == 64);
        match tag {
            Some(tag) if !tag.eq_ignore_ascii_case(&self.sha256) => {
                Err(format!("its file differs: expected SHA-256 {}, it announces {tag}", self.sha256))
            }
            _ => Ok(()),
        }
    }
}

/// The server of the endpoint.
#[derive(Debug)]
struct Server {
    host: String,
    port: u16,
}

impl Server {
    fn of(repo: &ApiRepo, url: &str) -> Result<Self, Failure> {
        let request = repo.info_request().uri(url);
        let server = request.uri_ref().and_then(|uri| {
            let default = match uri.scheme_str() {
                Some("https") => 443,
                Some("http") => 80,
                _ => return None,
            };
            let host = uri.host()?.trim_start_matches('[').trim_end_matches(']').to_owned();
            Some(Self { host, port: uri.port_u16().unwrap_or(default) })
        });
        server.ok_or_else(|| {
            Failure::TryNext(format!(
                "{url} is not a web address: HF_ENDPOINT must be like https://HOST or http://HOST:PORT"
            ))
        })
    }

    fn is_local(&self) -> bool {
        self.host == "localhost" || self.host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
    }

    /// Behind a proxy the server need not be reachable directly.
    fn behind_proxy(&self) -> bool {
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let variables = ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"];
        !self.is_local() && variables.iter().any(|name| is_set(name) || is_set(&name.to_lowercase()))
    }

    /// Whether the server can be reached, known within twice `limit`: once to resolve its name, once to connect. Neither name
    /// resolution nor a pending connection can be cancelled, so both run on threads that are abandoned.
    fn probe(&self, limit: Duration, cancel: &Cancel) -> Result<(), Failure> {
        let Self { host, port } = self;
        let (sender, receiver) = channel();
        let name = (host.clone(), *port);
        spawn("hub-lookup", move || {
            let _ = sender.send(name.to_socket_addrs().map(Vec::from_iter));
        })?;
        let addresses: Vec<SocketAddr> = match wait(&receiver, limit, cancel)? {
            Some(Ok(addresses)) => addresses,
            Some(Err(error)) => return Err(unreachable(host, *port, &error.to_string())),
            None => return Err(unreachable(host, *port, &format!("its name was not found within {limit:.0?}"))),
        };
        let (sender, receiver) = channel();
        let mut trials = 0;
        // All at once: one address family may be dead on this network.
        for address in addresses.into_iter().take(8) {
            let sender = sender.clone();
            spawn("hub-probe", move || {
                let _ = sender.send(TcpStream::connect_timeout(&address, limit).map(drop));
            })?;
            trials += 1;
        }
        let deadline = Instant::now() + limit;
        let mut reason = "its name has no address".to_owned();
        for _ in 0..trials {
            match wait(&receiver, deadline.saturating_duration_since(Instant::now()), cancel)? {
                Some(Ok(())) => return Ok(()),
                Some(Err(error)) => reason = error.to_string(),
                None => return Err(unreachable(host, *port, &format!("no answer within {limit:.0?}"))),
            }
        }
        Err(unreachable(host, *port, &reason))
    }
}

fn unreachable(host: &str, port: u16, reason: &str) -> Failure {
    Failure::TryNext(format!("{host}:{port} cannot be reached: {reason}"))
}

/// The next message, or `None` when none came within `limit`.
fn wait<T>(receiver: &Receiver<T>, limit: Duration, cancel: &Cancel) -> Result<Option<T>, ModelError> {
    let deadline = Instant::now() + limit;
    loop {
        cancel.check()?;
        let left = deadline.saturating_duration_since(Instant::now());
        match receiver.recv_timeout(left.min(TICK)) {
            Ok(message) => return Ok(Some(message)),
            Err(RecvTimeoutError::Timeout) if !left.is_zero() => {}
            Err(_) => return Ok(None),
        }
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    let started = thread::Builder::new().name(name.into()).spawn(work);
    started.map(drop).map_err(|error| Failure::TryNext(format!("no thread could be started: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(endpoint: &str) -> Result<Server, Failure> {
        let cache = Cache::new(std::env::temp_dir().join("no-such-cache/hub"));
        let api = ApiBuilder::from_cache(cache).with_endpoint(endpoint.into()).build().expect("an api");
        let repo = api.model("someone/tiny".into());
        Server::of(&repo, &repo.url("tiny.gguf"))
    }

    #[test]
    fn host_and_port_come_from_the_endpoint() {
        for (endpoint, host, port, local) in [
            ("https://hub.example", "hub.example", 443, false),
            ("http://hub.example/mirror", "hub.example", 80, false),
            ("http://127.0.0.1:8080", "127.0.0.1", 8080, true),
            ("http://[::1]:9", "::1", 9, true),
            ("http://localhost:1", "localhost", 1, true),
        ] {
            let found = server(endpoint).expect(endpoint);
            assert_eq!((found.host.as_str(), found.port, found.is_local()), (host, port, local), "{endpoint}");
        }
        for endpoint in ["", "hub.example", "ftp://hub.example", "http://", "not an address"] {
            assert!(matches!(server(endpoint), Err(Failure::TryNext(_))), "`{endpoint}`");
        }
    }

    #[test]
    fn announced_size_and_tag_are_compared_before_downloading() {
        let expected = Expected { bytes: 3, sha256: "ab".repeat(32) };
        assert!(expected.check_size(None).is_ok() && expected.check_size(Some(3)).is_ok());
        assert!(expected.check_size(Some(4)).is_err_and(|reason| reason.contains("expected 3 bytes")));
        let quoted = format!("W/\"{}\"", "AB".repeat(32));
        assert!(expected.check_tag(Some(&quoted)).is_ok());
        assert!(expected.check_tag(Some("\"0123\"")).is_ok(), "another kind of tag is ignored");
        assert!(expected.check_tag(Some(&"cd".repeat(32))).is_err_and(|reason| reason.contains("announces cdcd")));
    }
}
