//! The suites of `xpert-lab eval`, on texts whose answer is known: the corpus written for this project.

use std::fs;
use std::path::PathBuf;

use xpert::app::Context;
use xpert::platform::cancel::Cancel;
use xpert_lab::LabError;
use xpert_lab::evaluation::{Report, Row, Suite, Value, evaluate, record};

use crate::repository;

fn assets(name: &str) -> PathBuf {
    repository("assets/styles").join(name)
}

fn evaluated(suite: &Suite) -> Result<Report, LabError> {
    let home = tempfile::tempdir().unwrap();
    evaluate(&Context::new(Some(home.path()), None, None)?, suite, &Cancel::new(), &mut |_| {})
}

fn run(suite: Suite) -> Report {
    evaluated(&suite).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(suite: Suite) -> String {
    evaluated(&suite).expect_err("it is refused").to_string()
}

fn number(row: &Row, column: &str) -> f64 {
    match row.get(column) {
        Some(Value::Number(number, _)) => *number,
        other => panic!("{column} is {other:?}"),
    }
}

fn word(row: &Row, column: &str) -> String {
    row.get(column).unwrap_or_else(|| panic!("{row:?} has no {column}")).to_string()
}

#[test]
fn graded_levels_stand_in_order_and_farther_apart_the_more_lie_between() {
    let report = run(Suite::Levels { data: assets("levels") });
    for style in ["formality", "expertise"] {
        let rows: Vec<&Row> = report.rows.iter().filter(|row| word(row, "style") == style).collect();
        assert_eq!(rows.len(), 6);
        let step = |levels: &str| number(rows.iter().find(|row| word(row, "levels") == levels).unwrap(), "step");
        assert!(rows.iter().all(|row| number(row, "step") > 0.0), "{style}: {rows:?}");
        assert!(step("1-4") > step("1-3") && step("1-3") > step("1-2"));
        assert!(step("1-4") > step("2-4") && step("2-4") > step("3-4"));
    }
}

#[test]
fn axes_separate_what_they_are_named_after_in_either_order_of_the_files() {
    let files = [assets("casual.jsonl"), assets("formal.jsonl")];
    let row = |data: Vec<PathBuf>| {
        let report = run(Suite::Axes { data, group: 5 });
        let rows = report.rows.into_iter();
        rows.into_iter().find(|row| word(row, "axis") == "casual-formal").expect("the axis is there")
    };
    let (one, other) = (row(files.to_vec()), row(files.iter().rev().cloned().collect()));
    assert!(number(&one, "auc") > 0.99 && number(&other, "auc") > 0.99);
    assert_eq!((word(&one, "high").as_str(), word(&other, "high").as_str()), ("second", "first"));
}

#[test]
fn scores_and_quadruples_give_their_direction() {
    let folder = tempfile::tempdir().unwrap();
    let scored = folder.path().join("scored.csv");
    let rude = "Why did you delete this? Did you even read it? Put it back.";
    let kind = "Hello! Thanks for your work. Could you please have a look, if you have a moment?";
    let lines: String = (0..8).map(|n| format!("\"{rude}\",-{n}\n\"{kind}\",{n}.5\n")).collect();
    fs::write(&scored, format!("request,score\n{lines}")).unwrap();
    let report = run(Suite::Axes { data: vec![scored], group: 1 });
    let polite = report.rows.iter().find(|row| word(row, "axis") == "blunt-polite").unwrap();
    assert_eq!(number(polite, "auc"), 1.0);

    let quadruples = folder.path().join("q.tsv");
    let header = "\tAnchor 1\tAnchor 2\tAlternative 1.1\tAlternative 1.2\tCorrect Alternative\tID\n";
    let formal = "I would be grateful for a prompt reply regarding the matter.";
    let casual = "gimme a shout asap ok? lol";
    let line = format!("0\t{casual}\t{formal}\t{formal}\t{casual}\t2\tQQ_i-1-f-1_f-2-i-2--1\n");
    fs::write(&quadruples, format!("{header}{line}")).unwrap();
    let report = run(Suite::Axes { data: vec![quadruples], group: 1 });
    let formality = report.rows.iter().find(|row| word(row, "axis") == "casual-formal").unwrap();
    assert_eq!(number(formality, "auc"), 1.0, "formal is the high side, whatever the order of the alternatives");
}

#[test]
fn styles_are_recognised_like_authors() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authors.jsonl");
    let mut lines = String::new();
    for style in ["warm", "expert", "blunt", "archaic"] {
        for line in fs::read_to_string(assets(&format!("{style}.jsonl"))).unwrap().lines().step_by(4) {
            let answer: serde_json::Value = serde_json::from_str(line).unwrap();
            lines += &serde_json::json!({"author": style, "text": answer["text"]}).to_string();
            lines.push('\n');
        }
    }
    fs::write(&file, lines).unwrap();
    let report = run(Suite::Authors { data: file, neural: false });
    let accuracy: Vec<f64> = report.rows.iter().map(|row| number(row, "accuracy")).collect();
    assert_eq!(accuracy.len(), 3);
    assert!(accuracy[0] > 0.6 && accuracy[2] > 0.98, "{accuracy:?}");
    assert!(report.rows.iter().all(|row| number(row, "baseline") > 0.3));
}

#[test]
fn simulated_models_are_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &dyn Fn(usize) -> String| {
        let lines = (0..220).map(|n| serde_json::json!({"context": "", "input": "", "response": text(n)}).to_string());
        fs::write(folder.path().join(format!("{name}.jsonl")), lines.collect::<Vec<_>>().join("\n")).unwrap();
    };
    let things = ["lamp", "ticket", "window", "bicycle", "report", "kettle", "ladder"];
    let thing = |n: usize| things[n % things.len()];
    write("default", &|n| {
        format!("The {} is in the room. It belongs to a man who lives here with {n} others.", thing(n))
    });
    write("loud", &|n| format!("WOW!! The {}!! I love it so much, {n} times!!! You must see it!", thing(n)));
    write("stiff", &|n| format!("The undersigned confirms receipt of the {}, pursuant to section {n}.", thing(n)));
    let report = run(Suite::Simulated { data: folder.path().into(), users: None, neural: false });
    assert_eq!(report.rows.len(), 30);
    assert!(report.rows.iter().all(|row| number(row, "accuracy") > 0.9), "{}", report.table());

    fs::remove_file(folder.path().join("default.jsonl")).unwrap();
    assert!(
        refused(Suite::Simulated { data: folder.path().into(), users: None, neural: false }).contains("default.jsonl")
    );
}

#[test]
fn very_many_models_take_the_time_of_a_glance_at_each() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.jsonl");
    let corpus = fs::read_to_string(assets("warm.jsonl")).unwrap();
    fs::write(&file, corpus.lines().take(50).collect::<Vec<_>>().join("\n")).unwrap();
    let report = run(Suite::Communication { data: file });
    let models: Vec<String> = report.rows.iter().map(|row| word(row, "models")).collect();
    assert_eq!(models, ["14", "28", "56", "84", "1000", "100000"]);
    let all = |row: &Row| number(row, "all_adapters_mb") / number(row, "cards_mb");
    assert!(report.rows.iter().all(|row| all(row) > 100.0), "a card is a hundredth of an adapter at most");
    assert!(report.rows.iter().all(|row| number(row, "search_ms") > 0.0));
}

#[test]
fn worse_text_is_refused_or_claimed_for_less() {
    let folder = tempfile::tempdir().unwrap();
    for (from, to) in [("plain", "default"), ("warm", "warm"), ("expert", "expert"), ("blunt", "blunt")] {
        let answers = fs::read_to_string(assets(&format!("{from}.jsonl"))).unwrap();
        let lines: Vec<String> = answers
            .lines()
            .chain(answers.lines().take(60))
            .map(|line| {
                let answer: serde_json::Value = serde_json::from_str(line).unwrap();
                serde_json::json!({"context": answer["prompt"], "response": answer["text"]}).to_string()
            })
            .collect();
        fs::write(folder.path().join(format!("{to}.jsonl")), lines.join("\n")).unwrap();
    }
    let report = run(Suite::Noise { data: folder.path().into() });
    let row = |condition: &str, amount: &str| {
        let found = report.rows.iter().find(|row| word(row, "condition") == condition && word(row, "amount") == amount);
        found.unwrap_or_else(|| panic!("{condition} {amount}: {}", report.table()))
    };
    assert!(number(row("words", "1200"), "right") > 0.95);
    assert_eq!(number(row("words", "100"), "chosen"), 0.0, "a hundred words say too little");
    assert!(number(row("quoted lines", "75 %"), "warned") > 0.9, "{}", report.table());
    assert_eq!(number(row("quoted lines", "75 %"), "chosen"), 0.0);
    assert!(number(row("words", "300"), "claimed") <= number(row("words", "1200"), "claimed"));
}

#[test]
fn bad_data_is_named_with_what_was_expected() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl");
    fs::write(&file, "{\"author\": \"x\", \"text\": \"y\"}\nnonsense\n").unwrap();
    let message = refused(Suite::Authors { data: file.clone(), neural: false });
    assert!(message.contains("a.jsonl") && message.contains("line 2"), "{message}");
    let message = refused(Suite::Levels { data: folder.path().into() });
    assert!(message.contains("formality-1.jsonl"), "{message}");
    let message = refused(Suite::Axes { data: vec![assets("warm.jsonl")], group: 1 });
    assert!(message.contains(".tsv") && message.contains(".csv"), "{message}");
    let message = refused(Suite::Axes { data: vec![assets("warm.jsonl"), assets("plain.jsonl")], group: 900 });
    assert!(message.contains("900"), "{message}");
}

#[test]
fn a_report_is_added_to_a_file_with_its_date_and_space() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("results.md");
    fs::write(&file, "# Results\n").unwrap();
    let report = run(Suite::Levels { data: assets("levels") });
    record(&report, &file).unwrap();
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("# Results\n") && text.contains("### Evaluation: levels (20"));
    assert!(text.contains(&report.space) && text.contains("| formality | 1-2 |"), "{text}");
    assert!(record(&report, &folder.path().join("nowhere.md")).is_err());
}
