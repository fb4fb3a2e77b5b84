//! The reasons that are given: every number in them is a number that was measured, on the terminal, on the page and in JSON alike.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::command::{home, json, xpert};

/// A person with one mailbox' worth of text, imported.
fn person() -> TempDir {
    let home = home();
    let texts = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/answers.jsonl");
    xpert(home.path())
        .arg("import")
        .arg(texts)
        .args(["--map", "text=answer,context=question,date=date"])
        .assert()
        .success();
    home
}

fn text(data: &Path, arguments: &[&str]) -> String {
    let output = xpert(data).args(arguments).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Every number of a JSON value.
fn numbers(value: &Value, found: &mut Vec<f64>) {
    match value {
        Value::Number(number) => found.extend(number.as_f64()),
        Value::Array(values) => values.iter().for_each(|value| numbers(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| numbers(value, found)),
        _ => {}
    }
}

/// The numbers in a text as they are written: digits with a sign and a point, or a percentage.
fn written(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let start = at;
        if matches!(characters[at], '+' | '-') && characters.get(at + 1).is_some_and(char::is_ascii_digit) {
            at += 1;
        }
        if !characters[at].is_ascii_digit() {
            at = start + 1;
            continue;
        }
        while characters.get(at).is_some_and(char::is_ascii_digit)
            || (characters.get(at) == Some(&'.') && characters.get(at + 1).is_some_and(char::is_ascii_digit))
        {
            at += 1;
        }
        let percent = if text.chars().skip(at).take(2).collect::<String>() == " %" { " %" } else { "" };
        found.push(characters[start..at].iter().collect::<String>() + percent);
    }
    found
}

/// Whether one of the measured numbers, written with the same decimals, is the one in the text.
fn is_measured(number: &str, measured: &[f64]) -> bool {
    let (digits, factor) = number.strip_suffix(" %").map_or((number, 1.0), |digits| (digits, 100.0));
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let bare = digits.trim_start_matches('+');
    measured.iter().any(|value| {
        let same = |value: f64| format!("{value:.decimals$}").trim_start_matches('+') == bare;
        same(value * factor) || (!digits.starts_with(['+', '-']) && same(-value * factor))
    })
}

#[test]
fn the_numbers_in_the_prose_are_those_in_the_json() {
    let home = person();
    let selected = json(xpert(home.path()).arg("select"));
    let paragraph = selected["explanation"]["paragraph"].as_str().expect("a paragraph");
    let reason = selected["choice"]["reason"].as_str().expect("a reason");
    let candidates = selected["candidates"].as_array().expect("candidates");
    let mut measured = Vec::new();
    numbers(&selected, &mut measured);
    // How many models there are is the length of a list; 0 and 1 are the ends of the scale.
    measured.extend([candidates.len() as f64, candidates.len() as f64 - 1.0, 0.0, 1.0]);
    let prose: Vec<&str> =
        [paragraph, reason].into_iter().chain(candidates.iter().filter_map(|c| c["reason"].as_str())).collect();
    let said: Vec<String> = prose.iter().flat_map(|text| written(text)).collect();
    assert!(said.len() > 20, "{said:?}");
    for number in &said {
        // "over 99 %" and "under 1 %" stand for what rounds to certainty.
        if !matches!(number.as_str(), "99 %" | "1 %") {
            assert!(is_measured(number, &measured), "{number} is nowhere in the JSON: {prose:#?}");
        }
    }
    let best = &candidates[0];
    let score = best["score"].as_f64().expect("a score");
    assert!(paragraph.contains(best["name"].as_str().expect("a name")));
    assert!(paragraph.contains(&format!("its score is {score:.2}")), "{paragraph}");
    let margin = selected["explanation"]["runner_up"]["margin"].as_f64().expect("a margin");
    let second = candidates[1]["score"].as_f64().expect("a score");
    assert!((margin - (score - second)).abs() < 1e-12);
    assert!(paragraph.contains(&format!("is second with {second:.2}")), "{paragraph}");
    // The check itself sees a number that was made up.
    assert!(!is_measured("+17.35", &measured) && written("a -1.5 and 20 %, x-ray 3") == ["-1.5", "20 %", "3"]);
}

#[test]
fn one_screen_says_why() {
    let home = person();
    let selected = json(xpert(home.path()).arg("select"));
    let screen = text(home.path(), &["select", "--explain"]);
    let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    let paragraph = selected["explanation"]["paragraph"].as_str().expect("a paragraph");
    assert!(flat.contains(&paragraph.split_whitespace().collect::<Vec<_>>().join(" ")), "{screen}");
    assert!(screen.lines().count() <= 40, "{} lines: {screen}", screen.lines().count());
    assert!(screen.lines().all(|line| line.chars().count() <= 100), "{screen}");
    let best = &selected["candidates"][0];
    let mut axes: Vec<&Value> = best["axes"].as_array().expect("axes").iter().collect();
    let adds = |axis: &Value| axis["contribution"].as_f64().expect("a contribution");
    axes.sort_by(|a, b| adds(b).abs().total_cmp(&adds(a).abs()));
    for axis in &axes[..6] {
        let number = |field: &str| axis[field].as_f64().expect("a number");
        let line = screen.lines().find(|line| line.contains(axis["low"].as_str().unwrap()) && line.contains('|'));
        let line = line.unwrap_or_else(|| panic!("{axis} is not drawn: {screen}"));
        for shown in
            [format!("{:+.1}", number("user")), format!("{:+.1}", number("model")), format!("{:+.2}", adds(axis))]
        {
            assert!(line.contains(&shown), "{shown} in {line}");
        }
    }
    axes.sort_by(|a, b| adds(b).total_cmp(&adds(a)));
    let evidence = selected["axes"].as_array().expect("axes");
    let first = evidence.iter().find(|score| score["id"] == axes[0]["name"]).expect("the same axes");
    for quote in first["quotes"].as_array().expect("quotes") {
        let quote = quote.as_str().expect("a sentence").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(&quote), "{quote} in {screen}");
    }
    assert!(first["drivers"].as_array().is_some_and(|drivers| drivers.len() <= 3 && !drivers.is_empty()));
    assert!(first["evidence"]["auc"].as_f64().is_some_and(|auc| auc >= 0.6), "{first}");
}

#[test]
fn the_page_is_whole_private_and_inert() {
    let home = person();
    let nasty = home.path().join("nasty.jsonl");
    let line = serde_json::json!({"text": "<script>alert(1)</script> & <img src=x onerror=y> is what I <b>always</b> write to you, my friend!"});
    fs::write(&nasty, format!("{line}\n")).expect("a writable folder");
    xpert(home.path()).arg("import").arg(&nasty).assert().success();
    let page = home.path().join("why.html");
    let selected = json(xpert(home.path()).arg("select").arg("--html").arg(&page));
    let html = fs::read_to_string(&page).expect("a page");
    for foreign in ["<script", "http://", "https://", "url(", "@import", "<img", "<link", "onerror=y>"] {
        assert!(!html.contains(foreign), "{foreign} in the page");
    }
    let axes = selected["axes"].as_array().expect("axes");
    assert_eq!(html.matches("class=\"interval\"").count(), axes.len(), "a bar for every axis");
    for candidate in selected["candidates"].as_array().expect("candidates") {
        let score = candidate["score"].as_f64().expect("a score");
        assert!(html.contains(&format!("<span>{score:.2}</span>")), "{score}");
    }
    let tags = |name: &str| {
        (
            html.matches(&format!("<{name}>")).count() + html.matches(&format!("<{name} ")).count(),
            html.matches(&format!("</{name}>")).count(),
        )
    };
    for name in ["section", "svg", "table", "tr", "p", "blockquote", "main", "body", "html"] {
        let (open, closed) = tags(name);
        assert_eq!(open, closed, "<{name}>");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&page).expect("a page").permissions().mode() & 0o777, 0o600);
    }
}
