//! Measures the style space on data it was not built from: selection among the paper's eight styles, authors told apart,
//! and each axis' AUC on independent sets.
//!
//! `cargo run --release --example style_accuracy -- ../shared [corpus-folder] [key=value ...]`
//!
//! Without `key=value` the shipped space is measured; with any of `window`, `shrinkage`, `floor`, `smoothing`, `words`,
//! `trigrams`, `answers` (true or false) one is built anew from `../shared/reference` and the corpus folder, which is how the
//! shipped values were chosen. `write=FOLDER` keeps it. The authors are always told apart by a space built from other authors.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use rand::prelude::*;
use rand::rngs::StdRng;
use xpert::style::build::{BuildOptions, Domain};
use xpert::style::{Measured, StyleSpace, StyleVector, answers, build_space, read_domain, read_styles};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const STYLES: [&str; 8] = [
    "elementary-concise-plain",
    "elementary-concise-friendly",
    "elementary-elaborate-plain",
    "elementary-elaborate-friendly",
    "expert-concise-plain",
    "expert-concise-friendly",
    "expert-elaborate-plain",
    "expert-elaborate-friendly",
];

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let shared = Path::new(arguments.first().map_or("../shared", String::as_str)).to_owned();
    let corpus = Path::new(arguments.get(1).map_or("assets/corpus", String::as_str)).to_owned();
    let mut options = BuildOptions::default();
    let (mut with_answers, mut write_to) = (true, None);
    for pair in arguments.iter().skip(2) {
        let (key, value) = pair.split_once('=').ok_or("options look like window=100")?;
        match key {
            "window" => options.window = value.parse()?,
            "shrinkage" => options.shrinkage = value.parse()?,
            "floor" => options.scale_floor = value.parse()?,
            "smoothing" => options.smoothing = value.parse()?,
            "words" => options.words = value.parse()?,
            "trigrams" => options.trigrams = value.parse()?,
            "answers" => with_answers = value.parse()?,
            "write" => write_to = Some(Path::new(value).to_owned()),
            _ => return Err(format!("unknown option {key}").into()),
        }
    }
    let sources = Sources::read(&shared, &corpus, with_answers)?;
    let built = (arguments.len() > 2).then(|| sources.build(&sources.domains, &options)).transpose()?;
    let space = match &built {
        Some(space) => space,
        None => StyleSpace::shipped()?,
    };
    if let Some(folder) = write_to {
        xpert::style::write(space, &folder)?;
    }
    println!("space {}: {} features, {options:?}", space.version(), space.reference().features().len());
    for similarity in [1.0, 0.9, 0.8, 0.7, 0.5, 0.3] {
        selection(space, &shared, similarity)?;
    }
    authors(&shared, &sources, &options, space)?;
    axes(space, &shared)
}

/// What a space is built from.
struct Sources {
    domains: Vec<Domain>,
    styles: BTreeMap<String, Vec<String>>,
}

impl Sources {
    fn read(shared: &Path, corpus: &Path, with_answers: bool) -> Result<Self> {
        let mut domains = Vec::new();
        for name in ["chat", "commits", "novels"] {
            domains.push(read_domain(&shared.join(format!("reference/{name}.jsonl")))?);
        }
        let styles = read_styles(corpus)?;
        if with_answers {
            domains.push(answers(&styles));
        }
        Ok(Self { domains, styles })
    }

    fn build(&self, domains: &[Domain], options: &BuildOptions) -> Result<StyleSpace> {
        Ok(build_space(domains, &self.styles, options)?)
    }

    /// Every other author of each kind of people's texts, to test on authors the reference has not seen.
    fn half(&self, odd: bool) -> Vec<Domain> {
        let mut domains = self.domains.clone();
        for domain in domains.iter_mut().filter(|domain| domain.people) {
            let mut index = 0;
            domain.authors.retain(|_, _| {
                index += 1;
                (index % 2 == 1) == odd
            });
        }
        domains
    }
}

fn json_lines(path: &Path) -> Result<Vec<serde_json::Value>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(serde_json::from_str)
        .collect::<std::result::Result<_, _>>()?)
}

fn field(value: &serde_json::Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn pool(space: &StyleSpace, texts: &[&Measured]) -> Measured {
    let mut sum = space.measure::<&str>(&[]);
    for text in texts {
        sum.counts.add(&text.counts, 1.0);
    }
    sum
}

/// The score variants compared: the cosine over everything, with the axes' subspace stretched, and over the axes alone.
fn variants(space: &StyleSpace, a: &StyleVector, b: &StyleVector) -> [f64; 4] {
    [1.0, 2.0, 3.0, 1e4].map(|stretch| space.stretched_cosine(a, b, stretch))
}

const VARIANTS: [&str; 4] = ["whole space", "axes x2", "axes x3", "axes only"];

fn selection(space: &StyleSpace, shared: &Path, similarity: f64) -> Result<()> {
    let mut random = StdRng::seed_from_u64(7);
    let texts = |style: &str| -> Result<Vec<Measured>> {
        let lines = json_lines(&shared.join(format!("paper/{style}.jsonl")))?;
        Ok(lines.iter().map(|line| space.measure(&[field(line, "response")])).collect())
    };
    let unstyled = texts("default")?;
    let base = pool(space, &unstyled.iter().collect::<Vec<_>>());
    let mut cards = Vec::new();
    let mut users = Vec::new();
    for style in STYLES {
        let mut own = texts(style)?;
        own.shuffle(&mut random);
        let styled = (100.0 * similarity).round() as usize;
        let mut card: Vec<&Measured> = own[..styled].iter().collect();
        card.extend(unstyled.choose_multiple(&mut random, 100 - styled));
        cards.push(space.difference(&pool(space, &card), &base)?);
        users.push(own.split_off(100));
    }
    println!("\nselection among 8, cards {:.0} % similar: accuracy by texts of the user", similarity * 100.0);
    println!("{:<14}{:>7}{:>7}{:>7}{:>7}{:>7}", "", 1, 5, 10, 20, 50);
    let mut rows = [[0.0; 5]; 4];
    for (column, pooled) in [1, 5, 10, 20, 50].into_iter().enumerate() {
        let mut right = [0; 4];
        let trials = 100;
        for (style, own) in users.iter().enumerate() {
            for _ in 0..trials {
                let chosen: Vec<&Measured> = own.choose_multiple(&mut random, pooled).collect();
                let user = space.difference(&pool(space, &chosen), &base)?;
                let scores: Vec<[f64; 4]> = cards.iter().map(|card| variants(space, &user, card)).collect();
                for (variant, right) in right.iter_mut().enumerate() {
                    let best = (0..8).max_by(|&a, &b| scores[a][variant].total_cmp(&scores[b][variant]));
                    *right += usize::from(best == Some(style));
                }
            }
        }
        for variant in 0..4 {
            rows[variant][column] = right[variant] as f64 / (8 * trials) as f64;
        }
    }
    for (name, row) in VARIANTS.iter().zip(rows) {
        println!("{name:<14}{}", row.map(|value| format!("{value:>7.3}")).concat());
    }
    Ok(())
}

fn authors(shared: &Path, sources: &Sources, options: &BuildOptions, space: &StyleSpace) -> Result<()> {
    println!("\nauthors told apart (first half of the texts against the second): accuracy by texts pooled");
    println!("{:<28}{:>7}{:>7}{:>7}{:>7}", "", 1, 5, 10, 20);
    let half = sources.build(&sources.half(true), options)?;
    for domain in sources.half(false).iter().filter(|domain| domain.people) {
        let name: String = domain.name.chars().take(20).collect();
        tell_apart(&half, &name, &domain.authors)?;
    }
    let mut speakers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in json_lines(&shared.join("eval/irc-pairs.jsonl"))? {
        speakers.entry(field(&line, "author")).or_default().push(field(&line, "response"));
    }
    tell_apart(space, "irc", &speakers)?;
    let mut mails = BTreeMap::new();
    for name in ["david", "isabel", "marcus"] {
        let lines = json_lines(&shared.join(format!("eval/emails/{name}.jsonl")))?;
        mails.insert(name.to_owned(), lines.iter().map(|line| field(line, "email")).collect());
    }
    tell_apart(space, "emails", &mails)
}

fn tell_apart(space: &StyleSpace, name: &str, authors: &BTreeMap<String, Vec<String>>) -> Result<()> {
    let mut random = StdRng::seed_from_u64(3);
    let mut known = Vec::new();
    let mut queries = Vec::new();
    for texts in authors.values().take(24) {
        let mut measured: Vec<Measured> = texts.iter().map(|text| space.measure(&[text])).collect();
        queries.push(measured.split_off(texts.len() / 2));
        known.push(space.position(&pool(space, &measured.iter().collect::<Vec<_>>()))?);
    }
    let mut centre = known[0].sub(&known[0]);
    for place in &known {
        centre = centre.add_scaled(place, 1.0 / known.len() as f32);
    }
    let known: Vec<StyleVector> = known.iter().map(|place| place.sub(&centre)).collect();
    let mut row = String::new();
    for pooled in [1, 5, 10, 20] {
        let (mut right, mut all) = (0, 0);
        for (author, texts) in queries.iter().enumerate() {
            for _ in 0..20 {
                let chosen: Vec<&Measured> = texts.choose_multiple(&mut random, pooled).collect();
                let place = space.position(&pool(space, &chosen))?.sub(&centre);
                let best = (0..known.len()).max_by(|&a, &b| {
                    space.similarity(&place, &known[a]).total_cmp(&space.similarity(&place, &known[b]))
                });
                right += usize::from(best == Some(author));
                all += 1;
            }
        }
        row += &format!("{:>7.3}", f64::from(u32::try_from(right)?) / f64::from(all));
    }
    println!("{:<28}{row}", format!("{name}, N={}", authors.len().min(24)));
    Ok(())
}

fn auc(low: &[f64], high: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = low.iter().map(|&v| (v, false)).chain(high.iter().map(|&v| (v, true))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut wins, mut at) = (0.0, 0.0, 0);
    while at < all.len() {
        let end = all[at..].iter().take_while(|pair| pair.0 == all[at].0).count() + at;
        let highs = all[at..end].iter().filter(|pair| pair.1).count() as f64;
        let lows = (end - at) as f64 - highs;
        wins += highs * (below + lows / 2.0);
        below += lows;
        at = end;
    }
    wins / (low.len() * high.len()) as f64
}

fn axes(space: &StyleSpace, shared: &Path) -> Result<()> {
    println!("\naxes on data they were not built from: AUC by texts pooled");
    println!("{:<52}{:>7}{:>7}{:>7}", "", 1, 10, 30);
    let row = |name: &str, axis: &str, low: &[String], high: &[String]| -> Result<()> {
        let index = space.axes().iter().position(|a| a.id == axis).ok_or("no such axis")?;
        let score = |texts: &[String], pooled: usize| -> Result<Vec<f64>> {
            texts
                .chunks(pooled)
                .filter(|chunk| chunk.len() == pooled)
                .map(|chunk| Ok(space.coefficients(&space.position(&space.measure(chunk))?)[index]))
                .collect()
        };
        let mut values = String::new();
        for pooled in [1, 10, 30] {
            let (low, high) = (score(low, pooled)?, score(high, pooled)?);
            values += &if low.len() < 3 || high.len() < 3 {
                "      -".to_owned()
            } else {
                format!("{:>7.3}", auc(&low, &high))
            };
        }
        println!("{:<52}{values}", format!("{axis}: {name}"));
        Ok(())
    };
    let (informal, formal) = stel(&shared.join("eval/stel-quad_stel-dimension_formal-100_sample.tsv"))?;
    row("STEL informal / formal", "casual-formal", &informal, &formal)?;
    let (complex, simple) = stel(&shared.join("eval/stel-quad_stel-dimension_simple-100_sample.tsv"))?;
    row("STEL simple / complex", "simple-expert", &simple, &complex)?;
    let (contracted, full) = stel(&shared.join("eval/stel-quad_questions_char_contraction.tsv"))?;
    row("STEL contraction / none", "casual-formal", &contracted, &full)?;
    for file in ["wikipedia", "stack-exchange"] {
        let (rude, polite) = politeness(&shared.join(format!("eval/politeness-{file}.csv")))?;
        row(&format!("politeness {file}"), "reserved-warm", &rude, &polite)?;
        row(&format!("politeness {file}"), "casual-formal", &rude, &polite)?;
    }
    let cds = |name: &str| -> Result<Vec<String>> {
        let text = fs::read_to_string(shared.join(format!("eval/cds/{name}.txt")))?;
        Ok(text.lines().map(String::from).collect())
    };
    let modern = cds("coha_1990-2000")?;
    for poetic in ["romantic_poetry", "lyrics", "shakespeare"] {
        row(&format!("coha 1990 / {poetic}"), "plain-poetic", &modern, &cds(poetic)?)?;
    }
    for casual in ["switchboard", "english_tweets", "lyrics"] {
        row(&format!("{casual} / coha 1990"), "casual-formal", &cds(casual)?, &modern)?;
    }
    for (style, axis) in [("concise", "concise-elaborate"), ("elementary", "simple-expert")] {
        let (mut low, mut high) = (Vec::new(), Vec::new());
        for name in STYLES {
            let texts = json_lines(&shared.join(format!("paper/{name}.jsonl")))?;
            let texts = texts.iter().take(200).map(|line| field(line, "response"));
            if name.contains(style) { low.extend(texts) } else { high.extend(texts) }
        }
        row("the paper's styles", axis, &low, &high)?;
    }
    let (mut plain, mut friendly) = (Vec::new(), Vec::new());
    for name in STYLES {
        let texts = json_lines(&shared.join(format!("paper/{name}.jsonl")))?;
        let texts = texts.iter().take(200).map(|line| field(line, "response"));
        if name.ends_with("plain") { plain.extend(texts) } else { friendly.extend(texts) }
    }
    row("the paper's plain / friendly", "reserved-warm", &plain, &friendly)?;
    row("the paper's plain / friendly", "earnest-humorous", &plain, &friendly)
}

/// Sentences of the first style of a STEL file's questions and of the second, by the letters in the question's ID.
fn stel(path: &Path) -> Result<(Vec<String>, Vec<String>)> {
    let text = fs::read_to_string(path)?;
    let mut rows = text.lines();
    let header: Vec<&str> = rows.next().ok_or("empty")?.split('\t').collect();
    let column = |name: &str| header.iter().position(|h| *h == name).ok_or(format!("no column {name}"));
    let (one, two, a, b) =
        (column("Anchor 1")?, column("Anchor 2")?, column("Alternative 1.1")?, column("Alternative 1.2")?);
    let (order, id) = (column("Correct Alternative")?, column("ID")?);
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for line in rows {
        let cells: Vec<&str> = line.split('\t').map(|cell| cell.trim_matches('"')).collect();
        if cells.len() <= id {
            continue;
        }
        // The ID names the style of the first anchor first; the wanted order is i-f, c-s, ction-wiki.
        let turned =
            cells[id].starts_with("QQ_f-") || cells[id].starts_with("QQ_s-") || cells[id].starts_with("QQ_wiki");
        let straight = cells[order] == "1";
        let pairs = [(cells[one], cells[two]), if straight { (cells[a], cells[b]) } else { (cells[b], cells[a]) }];
        for (left, right) in pairs {
            let (left, right) = if turned { (right, left) } else { (left, right) };
            first.push(left.to_owned());
            second.push(right.to_owned());
        }
    }
    Ok((first, second))
}

/// Requests of the lowest and the highest quarter of politeness.
fn politeness(path: &Path) -> Result<(Vec<String>, Vec<String>)> {
    let text = fs::read_to_string(path)?;
    let mut rows: Vec<(f64, String)> = Vec::new();
    for line in text.lines().skip(1) {
        let Some((request, score)) = line.rsplit_once(',') else { continue };
        let Ok(score) = score.parse() else { continue };
        rows.push((score, request.trim_matches('"').replace("\"\"", "\"")));
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let quarter = rows.len() / 4;
    let mut random = StdRng::seed_from_u64(1);
    let mut take = |slice: &[(f64, String)]| {
        let mut texts: Vec<String> = slice.iter().map(|row| row.1.clone()).collect();
        texts.shuffle(&mut random);
        texts
    };
    Ok((take(&rows[..quarter]), take(&rows[rows.len() - quarter..])))
}
