//! What is on this machine already: the models folder, the Hugging Face cache, and copies that are not what they were.

use std::fs;

use xpert::models::{Form, ModelError, Origin, Verification};
use xpert::platform::cancel::Cancel;

use super::support::{Answer, Machine, NAME, Server, Told, model, reason_of, sha256};

fn tampered() -> Vec<u8> {
    let mut bytes = model();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    bytes
}

#[test]
fn nothing_here_and_no_network_is_said_and_touches_nothing() {
    let machine = Machine::new();
    let mut obtain = machine.obtain();
    obtain.allow_network = false;
    assert!(obtain.locate().expect("fine").is_none());
    let error = obtain.obtain(&mut |_| {}, &Cancel::new()).expect_err("there is none");
    assert!(reason_of(&error, "Hugging Face Hub").contains("not tried"));
    assert!(reason_of(&error, "Python package").contains("not tried"));
    assert!(reason_of(&error, "Hugging Face cache").contains("no copy in"));
    assert!(matches!(&error, ModelError::NoSource { id, network: false, .. } if id == "tiny"), "{error}");
    assert!(!machine.models().exists());
}

#[test]
fn an_unknown_id_names_the_known_ones() {
    let machine = Machine::new();
    let mut obtain = machine.obtain();
    obtain.model = Some("huge".into());
    let error = obtain.locate().expect_err("unknown").to_string();
    assert!(error.contains("`huge`") && error.contains("tiny"), "{error}");
    let chosen = machine.obtain().choose("tiny");
    assert_eq!((chosen.model.as_deref(), chosen.user_path), (Some("tiny"), None));
    let chosen = machine.obtain().choose("./tiny.gguf");
    assert_eq!((chosen.model, chosen.user_path), (None, Some("./tiny.gguf".into())));
}

#[test]
fn a_good_copy_is_hashed_once_and_remembered() {
    let machine = Machine::new();
    machine.put_in_models(&model());
    let obtain = machine.obtain();
    assert_eq!(obtain.locate().expect("fine").expect("there").verified, Verification::Checked);
    assert_eq!(obtain.locate().expect("fine").expect("there").verified, Verification::Remembered);
    // The same bytes written anew are another version of the file.
    machine.put_in_models(&model());
    assert_eq!(obtain.locate().expect("fine").expect("there").verified, Verification::Checked);
}

#[test]
fn a_tampered_or_truncated_copy_is_noticed_and_replaced() {
    for (bad, expected) in [
        (tampered(), format!("expected {} bytes with SHA-256 {}", model().len(), sha256(&model()))),
        (model()[..1_000].to_vec(), format!("expected {} bytes, found 1000 bytes", model().len())),
        (Vec::new(), format!("expected {} bytes, found 0 bytes", model().len())),
    ] {
        let machine = Machine::new();
        machine.put_in_models(&model());
        let mut obtain = machine.obtain();
        obtain.locate().expect("fine").expect("there");
        machine.put_in_models(&bad);

        let error = obtain.locate().expect_err("it was changed");
        assert!(error.to_string().contains(&expected), "{error}");
        assert!(matches!(error, ModelError::Mismatch { id, origin: Origin::Downloaded, .. } if id == "tiny"));
        let error = obtain.obtain(&mut |_| {}, &Cancel::new()).expect_err("no source");
        assert!(reason_of(&error, "XPerT's models folder").contains(&expected), "{error}");
        assert!(fs::read(machine.models().join(NAME)).expect("there") == bad, "kept until a good copy is there");

        let server = Server::always(Answer::Bytes(model()));
        obtain.endpoint = Some(server.endpoint());
        obtain.obtain(&mut |_| {}, &Cancel::new()).expect("replaced");
        assert!(fs::read(machine.models().join(NAME)).expect("there") == model());
        assert_eq!(machine.in_models(), [NAME]);
    }
}

#[test]
fn a_full_check_reads_every_byte_and_tells_how_far_it_is() {
    let machine = Machine::new();
    machine.put_in_models(&model());
    let obtain = machine.obtain();
    obtain.locate().expect("fine");
    let found = obtain.locate().expect("fine").expect("there");
    assert_eq!(found.verified, Verification::Remembered);
    let mut told = Told::default();
    let verified = obtain.verify_in_full(&found, &mut |event| told.0.push(event), &Cancel::new()).expect("right");
    assert_eq!(verified, Verification::Checked);
    let all = model().len() as u64;
    assert_eq!(told.last_bytes(), Some((all, Some(all))));

    machine.put_in_models(&tampered());
    let error = obtain.verify_in_full(&found, &mut |_| {}, &Cancel::new()).expect_err("changed");
    assert!(error.to_string().contains(&sha256(&tampered())), "{error}");
    let cancel = Cancel::new();
    cancel.request();
    let stopped = obtain.verify_in_full(&found, &mut |_| {}, &cancel);
    assert!(matches!(stopped, Err(ModelError::Cancelled(_))));
    fs::remove_file(machine.models().join(NAME)).expect("removed");
    assert!(matches!(obtain.verify_in_full(&found, &mut |_| {}, &Cancel::new()), Err(ModelError::Io { .. })));
}

#[cfg(unix)]
#[test]
fn a_copy_in_the_hugging_face_cache_is_used_where_it_lies() {
    let machine = Machine::new();
    let pointer = machine.put_in_hub_cache("c0ffee", true, &model());
    let mut obtain = machine.obtain();
    let found = obtain.locate().expect("fine").expect("there");
    assert_eq!(found.form, Form::Gguf(pointer));
    assert!(found.source.contains("Hugging Face cache"), "{}", found.source);
    assert_eq!(machine.in_models(), [""; 0], "nothing is copied");
    obtain.allow_network = false;
    let again = obtain.obtain(&mut |_| {}, &Cancel::new()).expect("there");
    assert_eq!(again.verified, Verification::Remembered);
}

#[cfg(unix)]
#[test]
fn any_revision_in_the_cache_will_do_if_the_bytes_are_right() {
    let machine = Machine::new();
    machine.put_in_hub_cache("a-newer-build", true, &tampered());
    let obtain = machine.obtain();
    assert!(obtain.locate().expect("fine").is_none(), "another build is no copy");
    let error = obtain.obtain(&mut |_| {}, &Cancel::new()).expect_err("no source");
    assert!(reason_of(&error, "Hugging Face cache").contains(&sha256(&tampered())), "{error}");
    let pointer = machine.put_in_hub_cache("an-older-build", false, &model());
    assert_eq!(obtain.locate().expect("fine").expect("there").form, Form::Gguf(pointer));
}

#[cfg(unix)]
#[test]
fn a_good_copy_in_the_cache_stands_in_for_a_bad_one_in_the_models_folder() {
    let machine = Machine::new();
    machine.put_in_models(&tampered());
    let pointer = machine.put_in_hub_cache("c0ffee", true, &model());
    assert_eq!(machine.obtain().locate().expect("fine").expect("there").form, Form::Gguf(pointer));
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_or_in_circles_are_no_copy() {
    let machine = Machine::new();
    fs::create_dir_all(machine.models()).expect("made");
    std::os::unix::fs::symlink("gone", machine.models().join(NAME)).expect("a link");
    assert!(machine.obtain().locate().expect("as if absent").is_none());
    fs::remove_file(machine.models().join(NAME)).expect("removed");
    std::os::unix::fs::symlink(NAME, machine.models().join(NAME)).expect("a link to itself");
    assert!(matches!(machine.obtain().locate(), Err(ModelError::Io { .. })));
    let server = Server::always(Answer::Bytes(model()));
    let mut obtain = machine.obtain();
    obtain.endpoint = Some(server.endpoint());
    obtain.obtain(&mut |_| {}, &Cancel::new()).expect("the link is replaced by the file");
    assert!(fs::read(machine.models().join(NAME)).expect("there") == model());
}
