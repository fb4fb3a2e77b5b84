//! How texts are cut into sentences and words, and what is counted in them.

use proptest::prelude::*;
use xpert::style::StyleVector;
use xpert::style::space::counter::Counter;
use xpert::style::space::counts::{Counts, Slot};
use xpert::style::space::features::FeatureList;
use xpert::style::space::tokens::{Token, normalise, sentences, words};

fn cut(text: &str) -> Vec<String> {
    let abbreviations = ["mr", "dr", "etc"].map(String::from).into();
    sentences(&normalise(text), &abbreviations).into_iter().map(String::from).collect()
}

fn words_of(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    words(text, |token| {
        found.push(match token {
            Token::Word(word) => word,
            Token::Link => "<link>",
        });
    });
    found
}

#[test]
fn wrapped_mail_reads_like_the_same_mail_unwrapped() {
    let wrapped =
        "It was great talking to you at the event last week, and\r\nI hope to see you soon.\r\n\r\nBest,\r\nAda";
    let flowing = "It was great talking to you at the event last week, and I hope to see you soon.\n\nBest,\nAda";
    assert_eq!(normalise(wrapped), normalise(flowing));
    assert_eq!(
        cut(wrapped),
        ["It was great talking to you at the event last week, and I hope to see you soon.", "Best,", "Ada"]
    );
}

#[test]
fn sentences_end_where_a_reader_would_end_them() {
    assert_eq!(cut("Mr. Lee met Dr. J. Osei. They talked."), ["Mr. Lee met Dr. J. Osei.", "They talked."]);
    assert_eq!(cut("yeah. gonna go now!! ok?"), ["yeah.", "gonna go now!!", "ok?"]);
    assert_eq!(cut("well... maybe. \"No.\" Then I left."), ["well... maybe.", "\"No.\"", "Then I left."]);
    assert_eq!(cut("It cost 3.50 at example.org today."), ["It cost 3.50 at example.org today."]);
    assert_eq!(cut("1. First thing.\n2. Second."), ["1. First thing.", "2. Second."]);
    assert!(cut("").is_empty() && cut(" \n\t ").is_empty() && cut("... !!! ---").is_empty());
}

#[test]
fn words_keep_inner_apostrophes_only() {
    assert_eq!(
        words_of("'Don't', she said - it's the dogs' bowl"),
        ["Don't", "she", "said", "it's", "the", "dogs", "bowl"]
    );
    assert_eq!(
        words_of("see https://x.example/a-b for well-known facts"),
        ["see", "<link>", "for", "well", "known", "facts"]
    );
}

proptest! {
    #[test]
    fn any_text_is_cut_without_loss_of_letters(text in "\\PC*|[a-zA-Z .!?'\"\\n\\r…—\u{200b}]*") {
        let normal = normalise(&text);
        let letters = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).count();
        let kept: usize = cut(&text).iter().map(|s| letters(s)).sum();
        prop_assert_eq!(kept, letters(&normal));
    }
}

fn counter() -> Counter {
    let words = ["the", "and", "i"].map(String::from).to_vec();
    Counter::new(&FeatureList { words, trigrams: vec!["a. ".to_owned(), ". A".to_owned()] }).unwrap()
}

#[test]
fn counts_what_the_names_say() {
    let counts = counter().count("hi Ann, I can't come \u{2014} sorry!! See https://x.example (NOW). Thank you :)");
    let get = |slot| (counts.get(slot) / (60.0_f64 / 11.0).powf(0.25) * 1e6).round() / 1e6;
    assert_eq!(counts.get(Slot::WrittenTexts), 1.0);
    assert_eq!(counts.get(Slot::WrittenWords), 11.0);
    assert_eq!(get(Slot::Sentences), 3.0);
    assert_eq!(get(Slot::Words), 11.0, "the link counts as a word");
    assert_eq!(get(Slot::Links), 1.0);
    assert_eq!(get(Slot::LowerStarts), 1.0);
    assert_eq!(get(Slot::Exclamations), 2.0);
    assert_eq!(get(Slot::Dashes), 1.0);
    assert_eq!(get(Slot::Contractions), 1.0);
    assert_eq!(get(Slot::AllCapitals), 1.0);
    assert_eq!(get(Slot::Capitalised), 1.0, "Ann; not I, not a sentence's first word");
    assert_eq!(get(Slot::Parentheses), 1.0);
    assert_eq!(get(Slot::Courtesy), 2.0);
    assert_eq!(get(Slot::Faces), 1.0);
    assert_eq!(get(Slot::Commas), 1.0);
}

#[test]
fn texts_pool_by_addition() {
    let counter = counter();
    let texts = ["The cat sat. And it slept.", "I was going to the market, slowly;\n- first\n- second", ""];
    let mut sum = Counts::zero(counter.count("").0.len());
    for text in texts {
        sum.add(&counter.count(text), 1.0);
    }
    assert_eq!(sum, counter.pool(&texts));
    assert_eq!(sum.get(Slot::WrittenTexts), 2.0, "an empty text is none");
}

#[test]
fn a_long_text_counts_more_than_a_short_one_but_not_in_proportion() {
    let short = counter().count(&"one two three four five. ".repeat(4));
    let long = counter().count(&"one two three four five. ".repeat(32));
    assert_eq!(long.get(Slot::WrittenWords) / short.get(Slot::WrittenWords), 8.0);
    let ratio = long.words() / short.words();
    assert!(ratio > 4.0 && ratio < 5.5, "{ratio}");
}

#[test]
fn strange_characters_count_as_nothing_or_as_one_face() {
    let counts = counter().count("\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{0}\u{1b}[31m");
    assert!(counts.0.iter().all(|value| value.is_finite()));
    assert!(counts.get(Slot::Faces) >= 1.0);
}

#[test]
fn cosine_is_an_angle_and_survives_nothingness() {
    let east = StyleVector::new(vec![2.0, 0.0]);
    let north_east = StyleVector::new(vec![1.0, 1.0]);
    assert!((east.cosine(&north_east) - 0.5_f64.sqrt()).abs() < 1e-6);
    assert!((east.cosine(&east) - 1.0).abs() < 1e-12);
    assert_eq!(east.cosine(&StyleVector::new(vec![0.0, 0.0])), 0.0);
    assert_eq!(north_east.sub(&east).as_slice(), [-1.0, 1.0]);
}
