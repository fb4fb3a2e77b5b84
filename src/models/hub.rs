//! A file from the Hugging Face hub, or any server that speaks like it. It does not know where the bytes end up.
//!
//! hf-hub says where the file is, with which token and revision, and holds the connection. It cannot be stopped or say
//! that nothing comes, so the bytes are read here: by a thread of their own, so that a stop is obeyed and silence is
//! noticed whatever the network does.

use std::io::Read;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use hf_hub::api::sync::{ApiBuilder, ApiRepo};
use hf_hub::{Cache, Repo, RepoType};

use crate::platform::cancel::Cancel;

use super::catalog::ModelFile;
use super::error::{Failure, ModelError};
use super::landing::Landing;
use super::obtain::Limits;
use super::progress::{Meter, Progress};

/// How often a stop is looked for while nothing comes.
const TICK: Duration = Duration::from_millis(50);
const REDIRECTS: u32 = 5;

/// Which file, where.
pub(super) struct HubFile<'a> {
    /// Instead of hf-hub's own, such as `http://127.0.0.1:8080`.
    pub endpoint: Option<&'a str>,
    /// Beside it lies the user's token, if there is one.
    pub cache: Cache,
    pub repo: &'a str,
    pub revision: &'a str,
    pub path: &'a str,
}

/// Streams the file into `landing`, which the caller finishes.
pub(super) fn fetch(
    wanted: HubFile<'_>,
    file: &ModelFile,
    limits: &Limits,
    landing: &mut Landing<'_>,
    progress: &mut dyn Progress,
    cancel: &Cancel,
) -> Result<(), Failure> {
    let mut builder = ApiBuilder::from_cache(wanted.cache).with_progress(false);
    if let Some(endpoint) = wanted.endpoint {
        builder = builder.with_endpoint(endpoint.trim_end_matches('/').to_owned());
    }
    let api = builder.build().map_err(|error| Failure::PassOver(format!("cannot be asked: {error}")))?;
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
        // Nobody listens any more when the fetch was given up.
        let last = transfer.run(&sender).map_or_else(Message::Failed, |()| Message::End);
        let _ = sender.send(last);
    })?;
    receive(&receiver, limits, landing, Meter::new(progress, file.bytes), cancel)
}

enum Message {
    Bytes(Vec<u8>),
    End,
    Failed(String),
}

fn receive(
    receiver: &Receiver<Message>,
    limits: &Limits,
    landing: &mut Landing<'_>,
    mut meter: Meter<'_>,
    cancel: &Cancel,
) -> Result<(), Failure> {
    let mut heard = Instant::now();
    loop {
        cancel.check()?;
        match receiver.recv_timeout(TICK) {
            Ok(Message::Bytes(bytes)) => {
                landing.push(&bytes)?;
                meter.tell(landing.written());
                heard = Instant::now();
            }
            Ok(Message::End) => return Ok(()),
            Ok(Message::Failed(reason)) => return Err(Failure::PassOver(reason)),
            Err(RecvTimeoutError::Timeout) => {
                let limit = if landing.written() == 0 { limits.response } else { limits.stall };
                if heard.elapsed() > limit {
                    let done = landing.written();
                    return Err(Failure::PassOver(format!("nothing came for {limit:.0?}, after {done} bytes")));
                }
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Failure::PassOver("the transfer ended without a word".into()));
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
        // The one request that hf-hub hands out with its agent and headers, turned to the file's address.
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
            // Large files live elsewhere; the hub says beforehand what they are. Another file need not be fetched.
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
                Err(error) => return Err(format!("it broke off after {done} bytes: {error}; trying again may help")),
            }
        }
    }
}

impl Expected {
    fn check_size(&self, announced: Option<u64>) -> Result<(), String> {
        match announced {
            Some(size) if size != self.bytes => {
                Err(format!("its file is another one: expected {} bytes, it announces {size}", self.bytes))
            }
            _ => Ok(()),
        }
    }

    /// For large files the tag is the SHA-256 of the contents; any other kind of tag says nothing here.
    fn check_tag(&self, tag: Option<&str>) -> Result<(), String> {
        let tag = tag.map(|tag| tag.trim_start_matches("W/").trim_matches('"')).filter(|tag| tag.len() == 64);
        match tag {
            Some(tag) if !tag.eq_ignore_ascii_case(&self.sha256) => {
                Err(format!("its file is another one: expected SHA-256 {}, it announces {tag}", self.sha256))
            }
            _ => Ok(()),
        }
    }
}

/// The machine the endpoint names.
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
            Failure::PassOver(format!(
                "{url} is no web address: HF_ENDPOINT must be like https://HOST or http://HOST:PORT"
            ))
        })
    }

    fn is_local(&self) -> bool {
        self.host == "localhost" || self.host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
    }

    /// Behind a proxy the server cannot be reached directly, nor need it be.
    fn behind_proxy(&self) -> bool {
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let variables = ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"];
        !self.is_local() && variables.iter().any(|name| is_set(name) || is_set(&name.to_lowercase()))
    }

    /// Whether the server can be reached at all, told within twice `limit`: once for its name, once for a connection.
    /// Neither the system's look-up of names nor its patience with silent addresses can be cut short, so both wait on
    /// threads that are left behind.
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
    Failure::PassOver(format!("{host}:{port} cannot be reached: {reason}"))
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
    started.map(drop).map_err(|error| Failure::PassOver(format!("no thread could be started: {error}")))
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
            assert!(matches!(server(endpoint), Err(Failure::PassOver(_))), "`{endpoint}`");
        }
    }

    #[test]
    fn what_the_hub_announces_is_compared_before_the_bytes_come() {
        let expected = Expected { bytes: 3, sha256: "ab".repeat(32) };
        assert!(expected.check_size(None).is_ok() && expected.check_size(Some(3)).is_ok());
        assert!(expected.check_size(Some(4)).is_err_and(|reason| reason.contains("expected 3 bytes")));
        let quoted = format!("W/\"{}\"", "AB".repeat(32));
        assert!(expected.check_tag(Some(&quoted)).is_ok());
        assert!(expected.check_tag(Some("\"0123\"")).is_ok(), "a tag of another kind says nothing");
        assert!(expected.check_tag(Some(&"cd".repeat(32))).is_err_and(|reason| reason.contains("announces cdcd")));
    }
}
