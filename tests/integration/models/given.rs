//! The user's own model, named by its path.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use xpert::models::{Form, ModelError, ModelFiles, Verification};
use xpert::platform::cancel::Cancel;

use super::support::{Machine, NAME, model, sha256};

fn look(machine: &Machine, path: &Path) -> Result<ModelFiles, ModelError> {
    let mut obtain = machine.obtain();
    obtain.user_path = Some(path.to_path_buf());
    let located = obtain.locate();
    match obtain.obtain(&mut |_| {}, &Cancel::new()) {
        Ok(obtained) => assert_eq!(located.expect("alike").expect("there").form, obtained.form),
        Err(error) => assert_eq!(located.expect_err("alike").to_string(), error.to_string()),
    }
    machine_is_untouched(machine);
    let mut obtain = machine.obtain();
    obtain.user_path = Some(path.to_path_buf());
    obtain.locate().map(|found| found.expect("a path never gives nothing"))
}

fn machine_is_untouched(machine: &Machine) {
    assert_eq!(machine.in_models(), [""; 0], "a path given is never copied or replaced by a fetch");
}

fn problem(machine: &Machine, path: &Path) -> String {
    look(machine, path).expect_err("no model").to_string()
}

/// A whole safetensors file with one tensor of `bytes` bytes.
fn safetensors(bytes: usize) -> Vec<u8> {
    let header =
        format!(r#"{{"w":{{"dtype":"U8","shape":[{bytes}],"data_offsets":[0,{bytes}]}},"__metadata__":{{}}}}"#);
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &vec![7; bytes]].concat()
}

#[test]
fn any_gguf_file_is_taken_as_the_users_own() {
    let machine = Machine::new();
    let path = machine.root.path().join("My Model.gguf");
    machine.put(&path, b"GGUF\x03\0\0\0 and more");
    let found = look(&machine, &path).expect("a model");
    assert_eq!((found.id.as_str(), found.name.as_str()), ("local:My Model", "My Model"));
    assert_eq!((found.verified, found.sha256), (Verification::Unverified, None));
    assert_eq!(found.verified.to_string(), "unverified, your own file");
    assert_eq!(found.form, Form::Gguf(path));
    let found = look(&machine, &machine.root.path().join("My Model.gguf")).expect("a model");
    let verified = machine.obtain().verify_in_full(&found, &mut |_| {}, &Cancel::new());
    assert_eq!(verified.expect("nothing to compare"), Verification::Unverified);
}

#[test]
fn a_catalog_model_is_recognised_under_any_name() {
    let machine = Machine::new();
    for name in [NAME, "renamed.gguf"] {
        let path = machine.root.path().join("mine").join(name);
        machine.put(&path, &model());
        let found = look(&machine, &path).expect("a model");
        assert_eq!((found.id.as_str(), found.name.as_str()), ("tiny", "Tiny"));
        assert_eq!(found.sha256, Some(sha256(&model())));
        assert!(matches!(found.verified, Verification::Checked | Verification::Remembered));
    }
}

#[test]
fn what_bears_a_catalog_name_must_be_that_model() {
    let machine = Machine::new();
    let path = machine.root.path().join(NAME);
    machine.put(&path, &model()[..500]);
    let text = problem(&machine, &path);
    assert!(text.contains(&format!("expected {} bytes, found 500 bytes", model().len())), "{text}");
    let mut other = model();
    other[100] ^= 1;
    machine.put(&path, &other);
    let text = problem(&machine, &path);
    assert!(text.contains(&sha256(&other)) && text.contains("another build with the same name"), "{text}");
    // The same bytes under a name of their own are the user's own model, even at the same size.
    let own = machine.root.path().join("own.gguf");
    machine.put(&own, &other);
    let found = look(&machine, &own).expect("a model");
    assert_eq!(
        (found.verified, found.sha256, found.id),
        (Verification::Unverified, Some(sha256(&other)), "local:own".into())
    );
}

#[test]
fn what_is_no_model_is_said() {
    let machine = Machine::new();
    let at = |name: &str| machine.root.path().join(name);
    machine.put(&at("empty.gguf"), b"");
    machine.put(&at("short.gguf"), b"GGUF");
    machine.put(&at("text.gguf"), b"Dear diary, today");
    for (name, expected) in [
        ("absent.gguf", "no such file"),
        ("empty.gguf", "only 0 bytes"),
        ("short.gguf", "only 4 bytes"),
        ("text.gguf", "not a GGUF file"),
        ("text.gguf/below", "cannot use"),
    ] {
        let text = problem(&machine, &at(name));
        assert!(text.contains(expected) && text.contains(name), "{name}: {text}");
    }
    assert!(problem(&machine, &at("tinny")).contains("no model with that id (known ids: tiny)"));
    #[cfg(unix)]
    assert!(problem(&machine, Path::new("/dev/null")).contains("neither a file nor a folder"));
}

#[test]
fn a_folder_of_safetensors_is_read_with_or_without_an_index() {
    let machine = Machine::new();
    let folder = machine.root.path().join("My-Model");
    machine.put(&folder.join("config.json"), b"{}");
    machine.put(&folder.join("tokenizer.json"), b"{}");
    assert!(problem(&machine, &folder).contains("no .safetensors file"));
    machine.put(&folder.join("model.safetensors"), &safetensors(40));
    let found = look(&machine, &folder).expect("a model");
    assert_eq!((found.id.as_str(), found.verified), ("local:My-Model", Verification::Unverified));
    assert_eq!(found.bytes, safetensors(40).len() as u64);
    assert_eq!(found.form, Form::Folder(folder.clone()));

    machine.put(&folder.join("part-2.safetensors"), &safetensors(1));
    machine.put(&folder.join("part-1.safetensors"), &safetensors(2));
    let index = folder.join("model.safetensors.index.json");
    machine
        .put(&index, br#"{"weight_map":{"a":"part-2.safetensors","b":"part-1.safetensors","c":"part-2.safetensors"}}"#);
    let parts = safetensors(1).len() + safetensors(2).len();
    assert_eq!(
        look(&machine, &folder).expect("a model").bytes,
        parts as u64,
        "each file of the index once, and no other"
    );

    for (bad, expected) in [
        (r#"{"weight_map":{"a":"part-3.safetensors"}}"#, "which is missing"),
        (r#"{"weight_map":{"a":"../part-1.safetensors"}}"#, "something other than a file beside it"),
        (r#"{"weight_map":{"a":7}}"#, "something other than a file beside it"),
        (r#"{"weight_map":{}}"#, "is empty"),
        ("{}", "no `weight_map`"),
        ("{", "EOF"),
    ] {
        machine.put(&index, bad.as_bytes());
        let text = problem(&machine, &folder);
        assert!(text.contains(expected), "{bad}: {text}");
    }
}

#[test]
fn damaged_safetensors_are_noticed_without_reading_them_whole() {
    let machine = Machine::new();
    let folder = machine.root.path().join("model");
    machine.put(&folder.join("config.json"), b"{}");
    machine.put(&folder.join("tokenizer.json"), b"{}");
    let whole = safetensors(40);
    let no_tensors = [&2_u64.to_le_bytes()[..], b"{}"].concat();
    for (bad, expected) in [
        (&whole[..whole.len() - 1], "is damaged"),
        (&whole[..20], "only the beginning"),
        (&whole[..3], "only 3 bytes"),
        (&[0xff; 64], "not a safetensors file"),
        (&[0; 64], "not JSON"),
        (&no_tensors, "no tensors"),
    ] {
        machine.put(&folder.join("model.safetensors"), bad);
        let text = problem(&machine, &folder);
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn a_folder_that_is_no_model_gets_a_hint() {
    let machine = Machine::new();
    let folder = machine.root.path().join("folder");
    fs::create_dir(&folder).expect("made");
    assert!(problem(&machine, &folder).contains("no config.json and no tokenizer.json"));
    machine.put(&folder.join("config.json"), b"{}");
    assert!(problem(&machine, &folder).ends_with("no tokenizer.json"));
    machine.put(&folder.join("only.gguf"), b"GGUF");
    assert!(problem(&machine, &folder).contains("only.gguf"));
    machine.put(&folder.join("other.gguf"), b"GGUF");
    assert!(problem(&machine, &folder).contains("one of the GGUF files"));
    machine.put(&folder.join("adapter_config.json"), b"{}");
    assert!(problem(&machine, &folder).contains("contains an adapter"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn wild_bytes_are_refused_or_taken_but_never_a_panic(
        length in prop_oneof![any::<u64>(), 0_u64..64],
        rest in proptest::collection::vec(any::<u8>(), 0..80),
        json in "[{}\\[\\]\":a-z0-9, ]{0,40}",
    ) {
        let machine = Machine::new();
        let folder = machine.root.path().join("model");
        machine.put(&folder.join("config.json"), b"{}");
        machine.put(&folder.join("tokenizer.json"), b"{}");
        machine.put(&folder.join("model.safetensors"), &[&length.to_le_bytes()[..], &rest].concat());
        prop_assert!(look(&machine, &folder).is_err(), "no file so small and wild is whole");
        machine.put(&folder.join("model.safetensors.index.json"), json.as_bytes());
        prop_assert!(look(&machine, &folder).is_err());
        machine.put(&machine.root.path().join("wild.gguf"), &rest);
        let is_gguf = rest.len() >= 8 && rest.starts_with(b"GGUF");
        prop_assert_eq!(look(&machine, &machine.root.path().join("wild.gguf")).is_ok(), is_gguf);
    }
}
