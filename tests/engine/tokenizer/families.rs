//! Tokenizers of every kind that GGUF files hold, and chat templates of the families that have them, against what other
//! implementations say: see `tests/fixtures/make_tokenizers.py`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use candle_core::quantized::gguf_file::{Content, Value, write};
use serde::Deserialize;
use xpert::engine::chat::ChatTemplate;
use xpert::engine::stream::TextStream;
use xpert::engine::tokenizer::Tokenizer;
use xpert::engine::{Message, Model, ModelPath, Precision, Role};

use crate::tiny;

/// Fixtures of whole, published vocabularies, which are not part of the repository, may be in a folder of this name.
const MORE: &str = "XPERT_TOKENIZERS";

#[derive(Deserialize)]
struct Fixture {
    /// The token after a reply.
    end: String,
    ends: Vec<String>,
    begin: Option<u32>,
    metadata: serde_json::Map<String, serde_json::Value>,
    conversations: Vec<Conversation>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Conversation {
    messages: Vec<Turn>,
    /// Nothing where the template refuses.
    rendered: Option<String>,
}

#[derive(Deserialize)]
struct Turn {
    role: String,
    content: String,
}

#[derive(Deserialize)]
struct Case {
    text: String,
    ids: Vec<u32>,
    /// Nothing where the reference does not give the text back as it was.
    decoded: Option<String>,
}

impl Fixture {
    fn named(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tokenizers");
        Self::read(&folder.join(format!("{name}.json")))
    }

    fn read(path: &Path) -> Self {
        serde_json::from_slice(&fs::read(path).expect("readable")).expect("a fixture")
    }

    fn all() -> Vec<(String, Self)> {
        let more = std::env::var_os(MORE).map(PathBuf::from).and_then(|folder| fs::read_dir(folder).ok());
        let more = more.into_iter().flatten().map(|entry| entry.expect("an entry").path());
        ["llama-bpe", "qwen2", "llama", "gemma"]
            .map(|name| (name.to_owned(), Self::named(name)))
            .into_iter()
            .chain(more.map(|path| (path.display().to_string(), Self::read(&path))))
            .collect()
    }

    fn with(mut self, key: &str, value: impl Into<serde_json::Value>) -> Self {
        self.metadata.insert(key.to_owned(), value.into());
        self
    }

    fn without(mut self, key: &str) -> Self {
        self.metadata.remove(key).expect("a key that is there");
        self
    }

    /// What a program reads from a file with this metadata.
    fn content(&self) -> Content {
        let stored: Vec<(String, Value)> =
            self.metadata.iter().map(|(key, value)| (full_key(key), stored(key, value))).collect();
        let stored: Vec<(&str, &Value)> = stored.iter().map(|(key, value)| (key.as_str(), value)).collect();
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        write(&mut File::create(file.path()).expect("writable"), &stored, &[]).expect("writable");
        Content::read(&mut File::open(file.path()).expect("readable")).expect("GGUF")
    }

    fn tokenizer(&self) -> Tokenizer {
        Tokenizer::from_gguf(&self.content(), Path::new("m.gguf")).expect("a tokenizer")
    }

    fn chat(&self) -> ChatTemplate {
        ChatTemplate::from_gguf(&self.content()).expect("a template")
    }

    fn id(&self, token: &str) -> u32 {
        let tokens = self.metadata["tokens"].as_array().expect("a list");
        tokens.iter().position(|other| other == token).expect("a token") as u32
    }

    /// A model of this tokenizer and template; the weights are another's, and too few to run it.
    fn model(&self) -> Model {
        let home = tempfile::tempdir().expect("a temporary folder");
        let model = tiny::model(home.path());
        Model::from_parts(model.config, model.weights, self.tokenizer(), self.chat())
    }
}

fn full_key(key: &str) -> String {
    if key == "chat_template" { "tokenizer.chat_template".to_owned() } else { format!("tokenizer.ggml.{key}") }
}

/// The types that GGUF's writers use.
fn stored(key: &str, value: &serde_json::Value) -> Value {
    let real = |value: &serde_json::Value| value.as_f64().expect("a number") as f32;
    match value {
        serde_json::Value::Bool(value) => Value::Bool(*value),
        serde_json::Value::String(text) => Value::String(text.clone()),
        serde_json::Value::Number(number) => Value::U32(number.as_u64().expect("an id") as u32),
        serde_json::Value::Array(items) => Value::Array(match key {
            "scores" => items.iter().map(|item| Value::F32(real(item))).collect(),
            "token_type" => items.iter().map(|item| Value::I32(real(item) as i32)).collect(),
            _ => items.iter().map(|item| Value::String(item.as_str().expect("a text").to_owned())).collect(),
        }),
        other => panic!("{other} is not in GGUF"),
    }
}

#[test]
fn ids_and_texts_equal_the_references() {
    for (name, fixture) in Fixture::all() {
        let tokenizer = fixture.tokenizer();
        let mut decoded = 0;
        for case in &fixture.cases {
            assert_eq!(tokenizer.encode(&case.text).expect("ids"), case.ids, "{name}: {:?}", case.text);
            if let Some(text) = &case.decoded {
                assert_eq!(&tokenizer.decode(&case.ids).expect("a text"), text, "{name}");
                decoded += 1;
            }
        }
        assert!(fixture.cases.len() > 60 && decoded > 40, "{name}: {} cases, {decoded} decoded", fixture.cases.len());
    }
}

#[test]
fn pieces_of_a_stream_are_the_whole_text() {
    for (name, fixture) in Fixture::all() {
        let tokenizer = fixture.tokenizer();
        for case in &fixture.cases {
            let mut stream = TextStream::new(&tokenizer);
            let mut pieces = String::new();
            for id in &case.ids {
                pieces.extend(stream.push(*id).expect("a known id"));
            }
            pieces.extend(stream.finish().expect("known ids"));
            assert_eq!(pieces, tokenizer.decode(&case.ids).expect("a text"), "{name}: {:?}", case.text);
        }
    }
}

#[test]
fn a_reply_ends_at_every_end_the_family_knows_and_at_no_other() {
    for (name, fixture) in Fixture::all() {
        let tokenizer = fixture.tokenizer();
        let tokens = fixture.metadata["tokens"].as_array().expect("a list");
        let mut ends: Vec<&str> = (0u32..)
            .zip(tokens)
            .filter(|(id, _)| tokenizer.is_end(*id))
            .map(|(_, token)| token.as_str().expect("a text"))
            .collect();
        let mut expected = fixture.ends.clone();
        ends.sort_unstable();
        expected.sort_unstable();
        assert_eq!(ends, expected, "{name}");
        assert_eq!(tokenizer.end, fixture.id(&fixture.end), "{name}");
        assert_eq!(tokenizer.begin, fixture.begin, "{name}");
    }
}

#[test]
fn what_the_template_writes_after_a_reply_ends_it() {
    let gemma = Fixture::named("gemma").without("eot_token_id");
    let model = gemma.model();
    assert_eq!(gemma.tokenizer().end, gemma.id("<eos>"));
    assert_eq!(model.tokenizer.end, gemma.id("<end_of_turn>"));
    assert!(model.tokenizer.is_end(gemma.id("<eos>")));
    // A model of the Llama 3 family, trained further on chats with other marks.
    let other = OTHER_CHAT.replace("{end}", "<|end_of_text|>");
    let llama = Fixture::named("llama-bpe").with("chat_template", other);
    assert_eq!(llama.model().tokenizer.end, llama.id("<|end_of_text|>"));
    let silent = Fixture::named("llama-bpe").with("chat_template", OTHER_CHAT.replace("{end}", ""));
    assert_eq!(silent.model().tokenizer.end, silent.id("<|eot_id|>"));
}

const OTHER_CHAT: &str = "{{ bos_token }}{% for m in messages %}{{ m.role }}: {{ m.content }}{end}\n{% endfor %}";

#[test]
fn a_text_begins_as_the_model_was_trained_and_a_prompt_has_one_begin_token() {
    for (name, fixture) in Fixture::all() {
        let model = fixture.model();
        let ids = model.prompt_ids(&[Message::user("Hi")]).expect("ids");
        let begins = ids.iter().filter(|id| Some(**id) == fixture.begin).count();
        assert_eq!(begins, usize::from(fixture.begin.is_some()), "{name}");
        let parts = model.encode_text(&"Hello there. ".repeat(40), 32).expect("sequences");
        let ids: Vec<u32> = parts.iter().flat_map(|part| part.ids.clone()).collect();
        assert_eq!(ids.iter().filter(|id| Some(**id) == fixture.begin).count(), begins, "{name}");
        assert!(parts.len() > 2 && ids.last() == Some(&fixture.id(&fixture.end)), "{name}");
        assert_eq!(ids.first() == fixture.begin.as_ref(), fixture.begin.is_some(), "{name}");
        assert_eq!(model.tokenizer.decode(&ids).expect("a text"), "Hello there. ".repeat(40), "{name}");
    }
    // Where the file does not say, the kind of tokenizer does; where it says no, there is none.
    for name in ["llama", "llama-bpe"] {
        assert!(Fixture::named(name).tokenizer().begin.is_some(), "{name}");
        assert_eq!(Fixture::named(name).with("add_bos_token", false).tokenizer().begin, None, "{name}");
    }
    let qwen = Fixture::named("qwen2").without("add_bos_token");
    assert_eq!(qwen.tokenizer().begin, None);
    assert_eq!(qwen.with("add_bos_token", true).tokenizer().begin, Some(Fixture::named("qwen2").id("<|endoftext|>")));
}

#[test]
fn a_reply_begins_with_a_space_only_where_its_prompt_does_not_end_with_one() {
    let tokenizer = Fixture::named("llama").tokenizer();
    let pieces = |prompt: &str| tokenizer.encode_reply(prompt, "the kettle").expect("ids");
    assert_eq!(pieces("[/INST]"), tokenizer.encode("the kettle").expect("ids"));
    let whole = tokenizer.encode("x\nthe kettle").expect("ids");
    assert!(whole.ends_with(&pieces("x\n")) && pieces("x\n") != pieces("[/INST]"));
}

#[test]
fn prompts_equal_the_references() {
    let this_year = || jiff::Zoned::now().year().to_string();
    let year = this_year();
    for (name, fixture) in Fixture::all() {
        let chat = fixture.chat();
        for conversation in &fixture.conversations {
            let messages: Vec<Message> = conversation.messages.iter().map(Turn::message).collect();
            let prompt = chat.prompt(&messages);
            match &conversation.rendered {
                Some(rendered) => {
                    let prompt = prompt.expect("a prompt");
                    let of_year = |year: &str| rendered.replace("{year}", year);
                    // A year may end during the test.
                    if prompt != of_year(&year) {
                        assert_eq!(prompt, of_year(&this_year()), "{name}");
                    }
                }
                // A template that takes nothing from the system gets it from the user.
                None => {
                    let (system, user) = (&messages[0], &messages[1]);
                    let content = format!("{}\n\n{}", system.content, user.content);
                    let mut joined = vec![Message { role: Role::User, content }];
                    joined.extend_from_slice(&messages[2..]);
                    assert_eq!(prompt.expect("a prompt"), chat.prompt(&joined).expect("a prompt"), "{name}");
                }
            }
        }
    }
}

impl Turn {
    fn message(&self) -> Message {
        let role = match self.role.as_str() {
            "system" => Role::System,
            "user" => Role::User,
            "assistant" => Role::Assistant,
            other => panic!("{other} is no role"),
        };
        Message { role, content: self.content.clone() }
    }
}

#[test]
fn a_template_says_why_it_refuses() {
    let chat = Fixture::named("llama").chat();
    let turn = |content: &str| Message { role: Role::User, content: content.to_owned() };
    let error = chat.prompt(&[turn("a"), turn("b")]).expect_err("two turns of one side");
    assert!(error.to_string().contains("turns alternate"), "{error}");
}

#[test]
fn json_and_constants_are_written_as_python_writes_them() {
    let source = "{{ messages | tojson }}{{ messages[0] | tojson(indent=2) }}{{ none }}{{ true }}{{ not true }}\
                  {{ absent }}{{ bos_token is defined }}{{ eos_token is defined }}";
    let chat = ChatTemplate::new(source, "", "</s>").expect("a template");
    let turn = Message { role: Role::User, content: "<a> & \"é\"".to_owned() };
    let expected = "[{\"role\": \"user\", \"content\": \"<a> & \\\"é\\\"\"}]\
                    {\n  \"role\": \"user\",\n  \"content\": \"<a> & \\\"é\\\"\"\n}NoneTrueFalseFalseTrue";
    assert_eq!(chat.prompt(&[turn]).expect("a text"), expected);
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    let list = |fixture: &str, key: &str| Fixture::named(fixture).metadata[key].as_array().expect("a list").clone();
    let (mut twice, mut odd) = (list("gemma", "tokens"), list("gemma", "token_type"));
    twice[600] = twice[601].clone();
    odd[600] = 9.into();
    let short = list("llama", "scores")[1..].to_vec();
    let refused = [
        ("t5", Fixture::named("llama").with("model", "t5")),
        ("tekken", Fixture::named("llama-bpe").with("pre", "tekken")),
        ("\"default\"", Fixture::named("qwen2").with("pre", "default")),
        ("tokenizer.ggml.pre", Fixture::named("qwen2").without("pre")),
        ("tokenizer.ggml.merges", Fixture::named("qwen2").without("merges")),
        ("abc", Fixture::named("qwen2").with("merges", vec!["abc"])),
        ("tokenizer.ggml.scores", Fixture::named("gemma").without("scores")),
        ("899 scores", Fixture::named("llama").with("scores", short)),
        ("tokenizer.ggml.token_type", Fixture::named("gemma").without("token_type")),
        ("unknown type 9", Fixture::named("gemma").with("token_type", odd)),
        ("listed twice", Fixture::named("gemma").with("tokens", twice)),
        ("remove_extra_whitespaces", Fixture::named("llama").with("remove_extra_whitespaces", true)),
        ("precompiled_charsmap", Fixture::named("llama").with("precompiled_charsmap", "x")),
        ("tokenizer.ggml.eos_token_id", Fixture::named("llama").without("eos_token_id")),
        ("tokenizer.ggml.eos_token_id", Fixture::named("llama").with("eos_token_id", 900)),
        ("tokenizer.ggml.bos_token_id", Fixture::named("gemma").without("bos_token_id")),
        ("tokenizer.ggml.add_space_prefix", Fixture::named("gemma").with("add_space_prefix", "no")),
    ];
    for (named, fixture) in refused {
        let error = Tokenizer::from_gguf(&fixture.content(), Path::new("m.gguf")).expect_err(named).to_string();
        assert!(error.contains(named) && error.contains("m.gguf"), "{named}: {error}");
    }
}

#[test]
fn marks_are_control_and_spaces_are_spaces_however_the_file_lists_them() {
    let fixture = Fixture::named("gemma");
    let mut types = fixture.metadata["token_type"].as_array().expect("a list").clone();
    for token in ["<start_of_turn>", "<end_of_turn>"] {
        types[fixture.id(token) as usize] = 4.into();
    }
    let tokens: Vec<String> =
        fixture.metadata["tokens"].as_array().expect("a list").iter().zip(&types).map(older).collect();
    let ids: BTreeMap<&str, &[u32]> =
        fixture.cases.iter().map(|case| (case.text.as_str(), case.ids.as_slice())).collect();
    let tokenizer = Fixture::named("gemma").with("token_type", types).with("tokens", tokens).tokenizer();
    for (text, ids) in ids {
        assert_eq!(tokenizer.encode(text).expect("ids"), ids, "{text:?}");
    }
    assert!(tokenizer.control_texts().any(|token| token == "<end_of_turn>"));
}

/// A token of spaces as files had it that were written before mid-2024.
fn older((token, kind): (&serde_json::Value, &serde_json::Value)) -> String {
    let token = token.as_str().expect("a text");
    if kind == 4 { token.replace(' ', "\u{2581}") } else { token.to_owned() }
}

#[test]
fn a_folder_says_how_texts_begin_and_replies_end() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let load = || Model::load(&ModelPath::Folder(home.path().into()), Precision::Dense);
    let save =
        |name: &str, value: serde_json::Value| fs::write(home.path().join(name), value.to_string()).expect("writable");
    let config = |template: serde_json::Value, begins: bool| {
        let mut config = serde_json::json!({ "bos_token": "ab", "eos_token": tiny::END, "add_bos_token": begins });
        config["chat_template"] = template;
        config
    };
    tiny::save_folder(home.path());
    save("generation_config.json", serde_json::json!({ "eos_token_id": [0, 7] }));
    save("tokenizer_config.json", config(tiny::TEMPLATE.into(), true));
    let model = load().expect("a model");
    let ab = model.tokenizer.encode("ab").expect("ids")[0];
    assert!(model.tokenizer.is_end(0) && model.tokenizer.is_end(7) && !model.tokenizer.is_end(8));
    assert_eq!(model.encode_text("x", 9).expect("a sequence")[0].ids.first(), Some(&ab));

    let templates =
        serde_json::json!([{ "name": "tool_use", "template": "no" }, { "name": "default", "template": "yes" }]);
    save("tokenizer_config.json", config(templates, false));
    let model = load().expect("a model");
    assert_eq!(model.prompt_ids(&[Message::user("Hi")]).expect("ids"), model.tokenizer.encode("yes").expect("ids"));
    assert_eq!(model.tokenizer.begin, None);
}
