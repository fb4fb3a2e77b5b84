//! The program as a user types it, where no base model is needed: what it prints, what it returns, what it refuses.

use std::fs;
use std::path::Path;

use predicates::prelude::*;
use predicates::str::contains;

use crate::command::{home, json, xpert};
use crate::tiny;

/// Eight short letters in one voice, enough for a profile.
fn letters(folder: &Path, count: usize) {
    let persona = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/answers.jsonl");
    let lines = fs::read_to_string(persona).expect("the demo's texts");
    let kept: Vec<&str> = lines.lines().take(count).collect();
    fs::write(folder.join("letters.jsonl"), kept.join("\n")).expect("a writable folder");
}

fn import_letters(data: &Path, count: usize) -> serde_json::Value {
    let texts = home();
    letters(texts.path(), count);
    let file = texts.path().join("letters.jsonl");
    json(xpert(data).arg("import").arg(file).args(["--map", "text=answer,context=question,date=date"]))
}

#[test]
fn help_shows_every_command_with_examples() {
    let data = home();
    let mut help = xpert(data.path());
    let mut all = help.arg("--help").assert().success();
    let commands = [
        "demo",
        "import",
        "profile",
        "library",
        "select",
        "train",
        "write",
        "history",
        "runs",
        "model",
        "doctor",
        "man",
        "completions",
    ];
    for command in commands {
        all = all.stdout(contains(command));
        xpert(data.path()).args([command, "--help"]).assert().success().stdout(contains("Usage"));
    }
}

#[test]
fn manual_pages_and_completions_are_printed_or_written() {
    let (data, pages) = (home(), home());
    xpert(data.path()).arg("man").assert().success().stdout(contains(".SH EXAMPLES"));
    let written = json(xpert(data.path()).arg("man").arg(pages.path()));
    let files = written["files"].as_array().expect("a list of files");
    assert!(files.iter().all(|file| Path::new(file.as_str().expect("a path")).exists()));
    let page =
        |name: &str| fs::read_to_string(pages.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let title = format!(".TH xpert 1 \" \" \"xpert {}\" \"XPerT manual\"", env!("CARGO_PKG_VERSION"));
    let whole = page("xpert.1");
    assert!(whole.contains(&title) && whole.contains(".SH SUBCOMMANDS"), "{whole}");
    assert!(whole.contains("xpert\\-train(1)") && page("xpert-library-build.1").contains("\\-\\-work"));
    let train = page("xpert-train.1");
    assert!(train.contains("\\-\\-learning\\-rate"));
    assert!(train.contains(".SH EXAMPLES\n.nf\nxpert train\nxpert train \\-\\-from warm"), "{train}");
    assert!(page("xpert-import.1").contains("XPERT_DATA_DIR"), "the environment is named");
    let blocked = pages.path().join("xpert.1/below");
    xpert(data.path()).arg("man").arg(blocked).assert().code(1).stderr(contains("xpert.1"));
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let completes = contains("learning-rate").and(contains("data-dir")).and(contains("doctor"));
        xpert(data.path()).args(["completions", shell]).assert().success().stdout(completes);
    }
    xpert(data.path()).args(["completions", "cmd"]).assert().code(2).stderr(contains("possible values"));
}

#[test]
fn importing_twice_adds_nothing() {
    let data = home();
    let first = import_letters(data.path(), 20);
    assert_eq!(first["schema"], "xpert.import/1");
    assert_eq!((first["found"].as_u64(), first["added"].as_u64()), (Some(20), Some(20)));
    let second = import_letters(data.path(), 20);
    assert_eq!((second["added"].as_u64(), second["already_there"].as_u64()), (Some(0), Some(20)));
}

#[test]
fn the_last_import_can_be_undone_and_the_one_before_it_then() {
    let data = home();
    xpert(data.path()).args(["import", "--undo"]).assert().code(3).stderr(contains("xpert import PATH"));
    import_letters(data.path(), 10);
    import_letters(data.path(), 25);
    let undone = json(xpert(data.path()).args(["import", "--undo"]));
    assert_eq!((undone["schema"].as_str(), undone["texts"].as_u64()), (Some("xpert.undo/1"), Some(15)));
    assert!(undone["sources"][0].as_str().expect("a path").ends_with("letters.jsonl"));
    assert_eq!(json(xpert(data.path()).arg("profile"))["texts"], 10);
    xpert(data.path()).args(["import", "--undo"]).assert().success().stdout(contains("10 texts"));
    xpert(data.path()).arg("profile").assert().code(3).stderr(contains("xpert import"));
}

#[test]
fn texts_from_before_imports_were_recorded_cannot_be_undone_and_it_says_so() {
    let data = home();
    import_letters(data.path(), 10);
    let database = rusqlite::Connection::open(data.path().join("xpert.db")).expect("a database");
    database.execute_batch("UPDATE texts SET import_id = NULL; DELETE FROM imports").expect("writable");
    drop(database);
    xpert(data.path()).args(["import", "--undo"]).assert().code(1).stderr(contains("texts: 10"));
    assert_eq!(json(xpert(data.path()).arg("profile"))["texts"], 10);
}

#[test]
fn a_dry_run_keeps_nothing() {
    let (data, texts) = (home(), home());
    letters(texts.path(), 10);
    let preview =
        json(xpert(data.path()).args(["import", "--dry-run"]).arg(texts.path()).args(["--map", "text=answer"]));
    assert_eq!(preview["found"], 10);
    assert!(preview["added"].is_null());
    xpert(data.path()).arg("profile").assert().code(3).stderr(contains("xpert import"));
}

#[cfg(unix)]
#[test]
fn the_data_is_readable_by_the_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let parent = home();
    let data = parent.path().join("deep").join("data");
    import_letters(&data, 10);
    let mode = |path: &Path| fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&data.join("xpert.db")), 0o600);
}

/// The demo's whole person: mail, notes and dated answers.
fn import_all(data: &Path) {
    let persona = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo");
    let arguments = ["--map", "text=answer,context=question,date=date", "--me", "nell@example.org"];
    xpert(data).arg("import").arg(persona).args(arguments).assert().success();
}

#[test]
fn the_profile_by_source_and_over_time() {
    let data = home();
    xpert(data.path()).args(["profile", "--by", "time"]).assert().code(3).stderr(contains("xpert import"));
    import_all(data.path());
    for (by, named) in [("source", "answers.jsonl"), ("time", " to ")] {
        let parts = json(xpert(data.path()).args(["profile", "--by", by]));
        assert_eq!((parts["schema"].as_str(), parts["by"].as_str()), (Some("xpert.profile-parts/1"), Some(by)));
        let measured = parts["parts"].as_array().expect("parts");
        assert!(measured.len() >= 2 && measured.iter().any(|part| part["label"].as_str().unwrap().contains(named)));
        let first = &measured[0]["axes"][0];
        assert!(first["user_percentile"].is_number() && first["interval"][1].is_number() && first["low"].is_string());
        let differences = parts["differences"][0]["axes"].as_array().expect("differences");
        assert!(differences.iter().all(|axis| axis["verdict"].is_string() && axis["coefficient"].is_number()));
        let shown = xpert(data.path()).args(["profile", "--by", by]).assert().success();
        shown.stdout(contains("casual-formal").and(contains(named)).and(contains("by more than chance")));
    }
    xpert(data.path()).args(["profile", "--by", "mood"]).assert().code(2).stderr(contains("possible values"));
}

#[test]
fn a_profile_in_parts_says_what_is_missing() {
    let data = home();
    let letter = "The roses are out, the gate still squeaks, and nobody has come to mend it since the spring.";
    fs::write(data.path().join("letter.txt"), letter).expect("a writable folder");
    xpert(data.path()).arg("import").arg(data.path().join("letter.txt")).assert().success();
    let by = |what| xpert(data.path()).args(["profile", "--by", what]).assert().success();
    by("source").stdout(contains("one place, letter.txt").and(contains("Import more")));
    by("time").stdout(contains("Your only text has no date").and(contains("date=FIELD")));
}

#[test]
fn the_profile_has_a_score_on_every_axis() {
    let data = home();
    import_letters(data.path(), 50);
    let profile = json(xpert(data.path()).arg("profile"));
    assert_eq!(profile["schema"], "xpert.profile/1");
    let axes = profile["axes"].as_array().expect("axes");
    assert!(axes.len() >= 5);
    for axis in axes {
        let (low, high) = (axis["interval"][0].as_f64().expect("low"), axis["interval"][1].as_f64().expect("high"));
        let value = axis["coefficient"].as_f64().expect("a value");
        assert!(low <= value && value <= high, "{axis}");
        assert!(!axis["drivers"].as_array().expect("drivers").is_empty());
        assert!(!axis["quotes"].as_array().expect("quotes").is_empty());
    }
    xpert(data.path()).arg("profile").assert().success().stdout(contains("coefficient"));
}

#[test]
fn selection_ranks_the_library_and_says_why() {
    let data = home();
    import_letters(data.path(), 50);
    let selected = json(xpert(data.path()).arg("select"));
    assert_eq!(selected["schema"], "xpert.select/2");
    let candidates = selected["candidates"].as_array().expect("candidates");
    assert!(candidates.len() >= 4);
    let scores: Vec<f64> = candidates.iter().map(|c| c["score"].as_f64().expect("a score")).collect();
    assert!(scores.windows(2).all(|pair| pair[0] >= pair[1]), "best first: {scores:?}");
    for axis in candidates[0]["axes"].as_array().expect("axes") {
        assert!(axis["name"].is_string() && axis["user"].is_f64() && axis["model"].is_f64());
    }
    assert!(selected["elapsed_ms"].as_f64().expect("a time") > 0.0);
    let choice = &selected["choice"];
    assert_eq!(choice["kind"], "library");
    assert_eq!(choice["id"], candidates[0]["id"]);
    assert!(!choice["reason"].as_str().expect("a reason").is_empty());
}

#[test]
fn too_little_text_is_said_and_not_guessed_over() {
    let data = home();
    import_letters(data.path(), 2);
    let selected = json(xpert(data.path()).arg("select"));
    assert_eq!(selected["choice"]["kind"], "too_little_text");
    assert!(selected["choice"]["id"].is_null());
    assert_eq!(selected["candidates"].as_array().map(Vec::len), Some(0));
    let profile = json(xpert(data.path()).arg("profile"));
    assert!(profile["missing_words"].as_u64().expect("a count") > 0);
    assert_eq!(profile["axes"].as_array().map(Vec::len), Some(0));
}

#[test]
fn the_library_lists_and_shows_its_cards() {
    let data = home();
    let library = json(xpert(data.path()).args(["library", "list"]));
    let models = library["models"].as_array().expect("models");
    assert!(models.len() >= 4);
    for model in models {
        let id = model["id"].as_str().expect("an id");
        let card = json(xpert(data.path()).args(["library", "show", id]));
        assert_eq!(card["id"], *id);
        assert!(card["held_out_after"].as_f64() < card["held_out_before"].as_f64());
        assert!(card["probe_words"].as_u64().expect("words") > 300);
    }
    xpert(data.path()).args(["library", "show", "nobody"]).assert().code(1).stderr(contains("nobody"));
}

#[test]
fn a_wrong_command_line_is_code_2_on_standard_error() {
    let data = home();
    for wrong in [
        vec!["import"],
        vec!["import", "--undo", "notes.txt"],
        vec!["history"],
        vec!["history", "show", "first"],
        vec!["history", "search", " "],
        vec!["write", "x", "--keep", "--continue"],
        vec!["train", "--steps", "0"],
        vec!["train", "--steps", "many"],
        vec!["train", "--resume", "--from", "scratch"],
        vec!["write"],
        vec!["write", "x", "--temperature", "nan"],
        vec!["import", "x", "--map", "title=x"],
        vec!["--threads", "0", "doctor"],
        vec!["nonsense"],
    ] {
        let output = xpert(data.path()).args(&wrong).assert().code(2).get_output().clone();
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{wrong:?}");
    }
}

#[test]
fn what_must_come_first_is_code_3() {
    let data = home();
    for early in [vec!["profile"], vec!["select"], vec!["train"]] {
        xpert(data.path()).args(&early).assert().code(3).stderr(contains("xpert import"));
    }
    import_letters(data.path(), 20);
    xpert(data.path()).args(["train", "--resume"]).assert().code(3).stderr(contains("no checkpoint"));
}

#[test]
fn a_few_texts_are_too_few_to_train_on() {
    let data = home();
    import_letters(data.path(), 3);
    xpert(data.path()).arg("train").assert().code(3).stderr(contains("at least"));
}

#[test]
fn bad_files_are_named_and_harm_nothing() {
    let (data, texts) = (home(), home());
    let path = |name: &str| texts.path().join(name);
    fs::write(path("empty.txt"), "").expect("writable");
    fs::write(path("noise.txt"), [0u8, 159, 146, 150, 0, 1, 2, 3].repeat(500)).expect("writable");
    fs::write(path("latin.txt"), b"Caf\xe9 au lait, and a few more words so that it counts as a text.")
        .expect("writable");
    for name in ["empty.txt", "noise.txt", "missing.txt"] {
        let output = xpert(data.path()).arg("import").arg(path(name)).assert().code(1).get_output().clone();
        let error = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(error.starts_with("xpert: "), "{name}: {error}");
    }
    let both = json(xpert(data.path()).arg("import").arg(texts.path()));
    assert_eq!(both["added"], 1);
    assert_eq!(both["skipped"]["empty"], 1);
    assert_eq!(both["skipped"]["binary"], 1);
}

#[test]
fn a_mapping_that_fits_nothing_says_which_fields_there_are() {
    let (data, texts) = (home(), home());
    letters(texts.path(), 5);
    let file = texts.path().join("letters.jsonl");
    let mut import = xpert(data.path());
    import.arg("import").arg(file).args(["--map", "text=body"]);
    import.assert().code(1).stderr(contains("body").and(contains("answer")));
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let data = home();
    import_letters(data.path(), 10);
    let database = data.path().join("xpert.db");
    let connection = rusqlite::Connection::open(&database).expect("a database");
    connection.pragma_update(None, "user_version", 999).expect("a writable database");
    drop(connection);
    let before = fs::read(&database).expect("readable");
    xpert(data.path()).arg("profile").assert().code(1).stderr(contains("newer"));
    assert_eq!(fs::read(&database).expect("readable"), before);
}

#[test]
fn a_missing_or_broken_model_is_explained() {
    let data = home();
    import_letters(data.path(), 20);
    let broken = data.path().join("broken.gguf");
    fs::write(&broken, b"GGUF and nothing more").expect("writable");
    for (model, why) in [("/nonexistent/model.gguf", "model.gguf"), (broken.to_str().expect("UTF-8"), "broken.gguf")] {
        xpert(data.path())
            .args(["--model", model, "write", "Hello", "--adapter", "base"])
            .assert()
            .code(1)
            .stderr(contains(why));
        xpert(data.path()).args(["--model", model, "train"]).assert().code(1).stderr(contains(why));
    }
    let models = home();
    let mut write = xpert(data.path());
    write.env("XPERT_MODELS_DIR", models.path()).env("HF_HOME", models.path());
    write.env_remove("HF_HUB_CACHE").env_remove("HUGGINGFACE_HUB_CACHE");
    write.args(["write", "Hello", "--adapter", "base"]).assert().code(3).stderr(contains("xpert model pull"));
}

#[test]
fn wrong_arguments_are_refused_before_a_model_is_loaded() {
    let data = home();
    import_letters(data.path(), 20);
    let broken = data.path().join("broken.gguf");
    fs::write(&broken, b"GGUF and nothing more").expect("writable");
    let run = |arguments: &[&str]| xpert(data.path()).arg("--model").arg(&broken).args(arguments).assert();
    for start in ["nope", "warm:0.5+nope:0.5"] {
        run(&["train", "--from", start]).code(1).stderr(contains("nope").and(contains("warm")));
        run(&["train", "--forecast", "--from", start]).code(1).stderr(contains("nope").and(contains("warm")));
    }
    run(&["write", "Hello"]).code(3).stderr(contains("no personal model").and(contains("xpert train")));
    run(&["write", "Hello", "--adapter", "nope"]).code(1).stderr(contains("nope"));
    run(&["write", "Hello", "--adapter", "run:7"]).code(1).stderr(contains("run 7").and(contains("xpert runs list")));
    run(&["write", "Hello", "--adapter", "auto"]).code(1).stderr(contains("broken.gguf"));
}

#[test]
fn a_benchmark_has_a_result_for_every_preset() {
    let home = home();
    let model = home.path().join("model");
    tiny::save_folder(&model);
    let bench = || {
        let mut bench = xpert(home.path());
        bench.arg("--model").arg(&model).args(["--threads", "1", "bench", "--seconds", "0.01"]);
        bench
    };
    let measured = json(&mut bench());
    let presets = measured["presets"].as_array().expect("presets");
    let names: Vec<_> = presets.iter().map(|preset| preset["name"].as_str().expect("a name")).collect();
    assert_eq!(names, ["full", "checkpointed", "last-layers", "full-chat", "checkpointed-chat", "last-layers-chat"]);
    assert!(presets.iter().all(|preset| preset["tokens_per_s"].as_f64() > Some(0.0)), "{measured}");
    assert!(measured["gflops"].as_f64() > Some(0.0) && measured["decode_tokens_per_s"].as_f64() > Some(0.0));
    let shown = bench().assert().success().get_output().stdout.clone();
    let shown = String::from_utf8(shown).expect("UTF-8");
    assert_eq!((shown.matches("matrix products  ").count(), shown.matches("tokens/s, ").count()), (1, 6), "{shown}");
}

#[test]
fn no_home_folder_is_an_error_and_no_panic() {
    let mut command = assert_cmd::Command::cargo_bin("xpert").expect("the program is built");
    // An unwritable place for everything.
    command
        .args(["--data-dir", "/proc/nowhere", "import", concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo")])
        .assert()
        .code(1);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let data = home();
    let program = assert_cmd::cargo::cargo_bin("xpert");
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", "\"$0\" --data-dir \"$1\" library list | head -1"]).arg(program).arg(data.path());
    let output = shell.output().expect("a shell");
    assert!(String::from_utf8_lossy(&output.stderr).is_empty());
}

#[test]
fn texts_in_a_language_that_cannot_be_measured_are_said() {
    let (data, texts) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let german = "Gestern Abend sind wir noch lange am Fluss entlang gelaufen, weil das Wetter so mild war und niemand von uns schon \
        nach Hause gehen wollte.";
    let english = "Last night we went for a long walk on the bank of the river, and it was so mild that we did not want to go home.";
    for (name, text) in [("a.txt", german), ("b.txt", english)] {
        std::fs::write(texts.path().join(name), text).expect("a text");
    }
    let found = json(xpert(data.path()).args(["import", "--dry-run"]).arg(texts.path()));
    assert_eq!((&found["found"], &found["foreign_languages"]), (&2.into(), &serde_json::json!({ "German": 1 })));
    let mut command = xpert(data.path());
    command.args(["import", "--dry-run"]).arg(texts.path());
    command.assert().success().stdout(contains("in German: 1 text; only English can be measured"));
}

#[test]
fn limits_of_a_training_may_stand_in_the_settings() {
    use xpert::app::context::Budget;
    use xpert::app::train::Options;
    let data = tempfile::tempdir().expect("a folder");
    std::fs::write(data.path().join("config.toml"), "training_memory = 800\ntraining_minutes = 20\n")
        .expect("settings");
    let context = xpert::app::Context::new(Some(data.path()), None, Some(1)).expect("a context");
    assert_eq!(context.budget, Budget { memory_mb: Some(800), minutes: Some(20.0) });
    let named = Options { minutes: Some(5.0), ..Options::default() }.within(context.budget);
    assert_eq!((named.memory_mb, named.minutes), (Some(800), Some(5.0)), "what is asked for goes first");
}
