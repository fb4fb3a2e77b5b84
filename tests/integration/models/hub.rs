//! The hub: what it may do to us, and that none of it ends in a wrong file, a half file or a long wait.

use std::fs;
use std::time::{Duration, Instant};

use xpert::models::{Event, Form, Limits, ModelError, Verification};
use xpert::platform::cancel::Cancel;

use super::support::{
    Answer, COMMIT, Machine, NAME, PATIENT, REFUSING_ENDPOINT, SOON, Server, Told, model, reason_of, sha256,
};

const HUB: &str = "Hugging Face Hub";

/// What the user is told when the hub's answer is no good and the other sources have nothing. Also checks that it was
/// told soon and that nothing was left behind.
fn reason_from(server: &Server) -> String {
    reason_within(PATIENT, server)
}

/// The same with another patience.
fn reason_within(limits: Limits, server: &Server) -> String {
    let machine = Machine::new();
    let mut obtain = machine.obtain();
    obtain.endpoint = Some(server.endpoint());
    obtain.limits = limits;
    let begun = Instant::now();
    let mut told = Told::default();
    let error = obtain.obtain(&mut |event| told.0.push(event), &Cancel::new()).expect_err("no source is any good");
    assert!(begun.elapsed() < SOON, "took {:?}", begun.elapsed());
    assert_eq!(machine.in_models(), [""; 0], "something was left");
    assert!(obtain.locate().expect("nothing is wrong").is_none());
    let reason = reason_of(&error, HUB);
    let noted = told.0.iter().any(|event| matches!(event, Event::Note(text) if text.contains(&reason)));
    assert!(noted, "the reason was not told on the way: {:?}", told.0);
    assert!(matches!(&error, ModelError::NoSource { file, network: true, .. } if file == NAME), "{error}");
    reason
}

#[test]
fn a_good_download_lands_once_and_is_found_afterwards() {
    let machine = Machine::new();
    let server = Server::always(Answer::Bytes(model()));
    let mut obtain = machine.obtain();
    obtain.endpoint = Some(format!("{}/", server.endpoint()));
    let mut told = Told::default();
    let found = obtain.obtain(&mut |event| told.0.push(event), &Cancel::new()).expect("obtained");

    let path = machine.models().join(NAME);
    assert_eq!(found.form, Form::Gguf(path.clone()));
    assert_eq!((found.id.as_str(), found.verified, found.bytes), ("tiny", Verification::Checked, model().len() as u64));
    assert_eq!(found.sha256, Some(sha256(&model())));
    assert!(fs::read(&path).expect("readable") == model());
    assert_eq!(machine.in_models(), [NAME]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(path), mode(machine.models())), (0o600, 0o700));
    }
    assert_eq!(told.sources(), ["Hugging Face Hub (someone/tiny)"]);
    let all = model().len() as u64;
    assert_eq!(told.last_bytes(), Some((all, Some(all))));
    assert_eq!(server.requests()[0][0], format!("GET /someone/tiny/resolve/{COMMIT}/{NAME} HTTP/1.1"));

    let again = obtain.obtain(&mut |_| {}, &Cancel::new()).expect("there already");
    assert_eq!((again.verified, again.form), (Verification::Remembered, found.form));
    assert_eq!(server.requests().len(), 1, "it was fetched twice");
    obtain.allow_network = false;
    assert_eq!(obtain.locate().expect("fine").expect("there").source, "XPerT's models folder");
}

#[test]
fn a_redirect_is_followed_if_it_leads_to_the_right_file() {
    let machine = Machine::new();
    let tag = sha256(&model());
    let server = Server::new(move |path| match path {
        "/elsewhere" => Answer::Bytes(model()),
        _ => Answer::Status(302, format!("Location: /elsewhere\r\nX-Linked-Etag: \"{tag}\"\r\n")),
    });
    let mut obtain = machine.obtain();
    obtain.endpoint = Some(server.endpoint());
    obtain.obtain(&mut |_| {}, &Cancel::new()).expect("obtained");
    assert_eq!(machine.in_models(), [NAME]);
}

#[test]
fn the_users_token_goes_with_the_request_and_not_beyond_the_hub() {
    let machine = Machine::new();
    machine.put(&machine.root.path().join("huggingface/token"), b"hf_secret\n");
    let storage = Server::always(Answer::Bytes(model()));
    let there = storage.endpoint();
    let server = Server::new(move |_| Answer::Status(302, format!("Location: {there}/file\r\n")));
    let mut obtain = machine.obtain();
    obtain.endpoint = Some(server.endpoint().replace("127.0.0.1", "localhost"));
    obtain.obtain(&mut |_| {}, &Cancel::new()).expect("obtained");
    let authorized = |server: &Server| server.requests().concat().iter().any(|line| line.contains("hf_secret"));
    assert!(authorized(&server) && !authorized(&storage));
}

#[test]
fn another_file_is_not_even_fetched_if_the_hub_says_so() {
    let tag = "cd".repeat(32);
    let server = Server::always(Answer::Status(302, format!("Location: /x\r\nX-Linked-Etag: \"{tag}\"\r\n")));
    assert!(reason_from(&server).contains(&format!("it reports {tag}")));
    assert_eq!(server.requests().len(), 1);
    let server = Server::always(Answer::Status(307, "Location: /x\r\nX-Linked-Size: 12\r\n".into()));
    assert!(reason_from(&server).contains("it reports 12"));
    let longer = [model(), vec![0]].concat();
    assert!(reason_from(&Server::always(Answer::Bytes(longer))).contains("differs"));
}

#[test]
fn wrong_bytes_of_the_right_size_are_refused_by_their_checksum() {
    let mut wrong = model();
    wrong[1_000] ^= 1;
    let reason = reason_from(&Server::always(Answer::Bytes(wrong.clone())));
    assert!(reason.contains(&sha256(&model())) && reason.contains(&sha256(&wrong)), "{reason}");
}

#[test]
fn refusals_say_which() {
    for (status, expected) in [(404, "no such file"), (401, "denied access"), (403, "denied access"), (503, "HTTP 503")]
    {
        let reason = reason_from(&Server::always(Answer::Status(status, String::new())));
        assert!(reason.contains(expected), "{status}: {reason}");
    }
    // A redirect to nowhere, one in a circle, and an empty success.
    let reason = reason_from(&Server::always(Answer::Status(302, String::new())));
    assert!(reason.contains("HTTP 302"), "{reason}");
    reason_from(&Server::always(Answer::Status(302, "Location: /again\r\n".into())));
    reason_from(&Server::always(Answer::Status(302, "Location: http://\r\n".into())));
    reason_from(&Server::always(Answer::Bytes(Vec::new())));
}

#[test]
fn a_broken_off_transfer_counts_for_nothing() {
    let half = model().len() / 2;
    let reason = reason_from(&Server::always(Answer::Truncated(model(), half)));
    assert!(reason.contains("connection was lost"), "{reason}");
    let reason = reason_from(&Server::always(Answer::TruncatedQuietly(model(), half)));
    assert!(reason.contains(&format!("expected {} bytes, got {half}", model().len())), "{reason}");
    let endless = [model(), model()].concat();
    let reason = reason_from(&Server::always(Answer::TruncatedQuietly(endless.clone(), endless.len())));
    assert!(reason.contains("more than"), "{reason}");
}

#[test]
fn silence_is_noticed_at_every_stage() {
    let moment = Duration::from_secs(2);
    let reason_of_silence =
        |answer| reason_within(Limits { response: moment, stall: moment, ..PATIENT }, &Server::always(answer));
    let reason = reason_of_silence(Answer::Stalled(model(), 300_000));
    assert!(reason.contains("no data for") || reason.contains("connection was lost"), "{reason}");
    reason_of_silence(Answer::Stalled(model(), 0));
    reason_of_silence(Answer::Silence);
    reason_from(&Server::always(Answer::Garbage));
}

#[test]
fn a_hub_that_cannot_be_reached_is_passed_over_within_seconds() {
    // A proxy is asked for any host but this machine, and gives an answer of its own.
    let is_set = |name: &str| std::env::var_os(name).is_some();
    let behind_proxy =
        ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].iter().any(|name| is_set(name) || is_set(&name.to_lowercase()));
    let no_host = (!behind_proxy).then_some("http://no-such-host.invalid");
    for endpoint in [REFUSING_ENDPOINT, "nonsense"].into_iter().chain(no_host) {
        let machine = Machine::new();
        let mut obtain = machine.obtain();
        obtain.endpoint = Some(endpoint.into());
        let begun = Instant::now();
        let error = obtain.obtain(&mut |_| {}, &Cancel::new()).expect_err("nobody is there");
        assert!(begun.elapsed() < SOON, "{endpoint} took {:?}", begun.elapsed());
        let reason = reason_of(&error, HUB);
        assert!(reason.contains("cannot be reached") || reason.contains("not a web address"), "{endpoint}: {reason}");
    }
}

#[test]
fn a_stop_ends_a_silent_transfer_at_once_and_leaves_nothing() {
    let machine = Machine::new();
    let server = Server::always(Answer::Stalled(model(), 300_000));
    let mut obtain = machine.obtain();
    obtain.endpoint = Some(server.endpoint());
    obtain.limits.stall = Duration::from_mins(1);
    let cancel = Cancel::new();
    let asker = cancel.clone();
    let begun = Instant::now();
    let mut on_first_bytes = |event| {
        if matches!(event, Event::Bytes { .. }) {
            asker.request();
        }
    };
    let outcome = obtain.obtain(&mut on_first_bytes, &cancel);
    assert!(matches!(outcome, Err(ModelError::Cancelled(_))), "{outcome:?}");
    assert!(begun.elapsed() < SOON, "took {:?}", begun.elapsed());
    assert_eq!(machine.in_models(), [""; 0]);
    assert!(matches!(obtain.obtain(&mut |_| {}, &cancel), Err(ModelError::Cancelled(_))), "asked for before it began");
}

#[test]
fn fetches_at_the_same_time_wait_for_each_other() {
    let machine = Machine::new();
    let server = Server::new(|_| {
        std::thread::sleep(Duration::from_millis(150));
        Answer::Bytes(model())
    });
    std::thread::scope(|scope| {
        let fetches: Vec<_> = (0..4)
            .map(|_| {
                let mut obtain = machine.obtain();
                obtain.endpoint = Some(server.endpoint());
                scope.spawn(move || obtain.obtain(&mut |_| {}, &Cancel::new()))
            })
            .collect();
        for fetch in fetches {
            fetch.join().expect("no panic").expect("obtained");
        }
    });
    assert_eq!(server.requests().len(), 1, "one fetch is enough for all");
    assert!(fs::read(machine.models().join(NAME)).expect("there") == model());
    assert_eq!(machine.in_models(), [NAME]);
}

#[test]
fn what_a_killed_fetch_left_is_no_model_and_goes_at_the_next_fetch() {
    let machine = Machine::new();
    machine.put(&machine.models().join(format!(".{NAME}.Ab12.part")), &model());
    let mut obtain = machine.obtain();
    assert!(obtain.locate().expect("fine").is_none());
    let server = Server::always(Answer::Bytes(model()));
    obtain.endpoint = Some(server.endpoint());
    obtain.obtain(&mut |_| {}, &Cancel::new()).expect("obtained");
    assert_eq!(machine.in_models(), [NAME]);
}

#[test]
fn a_folder_that_cannot_be_written_to_is_said_at_once() {
    let machine = Machine::new();
    machine.put(&machine.root.path().join("in-the-way"), b"a file");
    let server = Server::always(Answer::Bytes(model()));
    let mut obtain = machine.obtain();
    obtain.endpoint = Some(server.endpoint());
    obtain.folder = machine.root.path().join("in-the-way/models");
    let error = obtain.obtain(&mut |_| {}, &Cancel::new()).expect_err("no folder");
    assert!(matches!(error, ModelError::Io { .. }) && error.to_string().contains("in-the-way"), "{error}");
    assert!(server.requests().is_empty());
}
