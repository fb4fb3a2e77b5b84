//! What is said about texts before they are measured. Sample texts were written for these tests or are the project's corpus.

use proptest::prelude::*;
use xpert::library::Use;
use xpert::style::caution::{Caution, NoiseKind, cautions};

use crate::styles::{corpus, space};

/// Sixty different messages of one writer.
fn letters() -> Vec<String> {
    let people = ["Ann", "my brother", "the neighbour", "our teacher", "the new tenant"];
    let places = ["by the station", "in the garden", "at the market", "behind the school"];
    let deeds = ["lost a set of keys", "wants to sell an old bicycle", "asked after you twice"];
    let mut letters = Vec::new();
    for (p, person) in people.iter().enumerate() {
        for (q, place) in places.iter().enumerate() {
            for (r, deed) in deeds.iter().enumerate() {
                let day = ["Monday", "Friday", "Sunday"][(p + q + r) % 3];
                letters.push(format!(
                    "I met {person} {place} on {day}. It seems that {person} {deed}, and I said I would tell you about it."
                ));
            }
        }
    }
    letters
}

fn found<T: AsRef<str>>(texts: &[T]) -> Vec<Caution> {
    cautions(space(), texts)
}

/// Answers of one style, kinds of prompts mixed; of those that neither the reference nor the axes were made from.
fn answers(style: &str) -> Vec<String> {
    let texts = corpus().texts(style, Use::Models).unwrap();
    // 37 and the number of texts share no factor.
    (0..texts.len()).map(|index| texts[index * 37 % texts.len()].clone()).collect()
}

const GERMAN: [&str; 3] = [
    "Am Samstag wollen wir endlich den Zaun hinter dem Haus streichen, und wenn du Zeit hast, bring bitte die große Leiter \
     mit, denn unsere ist seit dem Winter kaputt.",
    "Die Suppe schmeckt am besten, wenn man sie schon am Vortag kocht und dann langsam wieder warm macht, aber das wissen \
     leider nur die wenigsten.",
    "Ich habe gestern den ganzen Abend versucht, dich zu erreichen, weil der Vermieter nun doch schon nächste Woche die \
     Heizung austauschen will.",
];
const FRENCH: &str = "Samedi nous allons enfin repeindre la clôture derrière la maison, et si tu as le temps, apporte la grande \
     échelle, parce que la nôtre est cassée depuis cet hiver.";
const SPANISH: &str = "El sábado vamos a pintar por fin la valla de detrás de la casa, y si tienes tiempo trae la escalera grande, \
     porque la nuestra está rota desde el invierno.";

#[test]
fn clean_writing_of_one_hand_raises_nothing() {
    assert_eq!(found::<&str>(&[]), []);
    assert_eq!(found(&["", "ok", "See you at ten, then."]), []);
    for style in corpus().styles() {
        assert_eq!(found(&answers(style)), [], "{style}");
    }
}

#[test]
fn other_languages_are_named_with_their_texts_and_share() {
    let mut texts = answers("plain")[..6].to_vec();
    assert_eq!(found(&texts), []);
    texts.extend(GERMAN.map(String::from));
    texts.push(FRENCH.to_owned());
    texts.push(SPANISH.to_owned());
    let found = found(&texts);
    let languages: Vec<(&str, &[usize])> = found
        .iter()
        .map(|caution| match caution {
            Caution::OtherLanguage { language, texts, .. } => (language.as_str(), texts.as_slice()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(languages[0], ("German", &[6, 7, 8][..]), "the most frequent first");
    assert!(languages.contains(&("French", &[9][..])) && languages.contains(&("Spanish", &[10][..])));
    let Caution::OtherLanguage { share_of_words, .. } = found[0] else { unreachable!() };
    let words = |text: &String| text.split_whitespace().count();
    let expected = texts[6..9].iter().map(words).sum::<usize>() as f64 / texts.iter().map(words).sum::<usize>() as f64;
    assert!((share_of_words - expected).abs() < 0.02, "{share_of_words} {expected}");
}

#[test]
fn a_little_of_another_language_is_let_pass() {
    let mut texts = answers("plain")[..20].to_vec();
    texts.push(FRENCH.to_owned());
    assert_eq!(found(&texts), []);
}

#[test]
fn what_is_not_the_writers_prose_is_measured_by_its_characters() {
    let quoted = "> It would be good to know by Thursday whether the hall is free, since I must tell the others.\n";
    let code = "for (int i = 0; i < n; i++) {\n    sum += values[i] * weights[i];\n}\n";
    let mut texts = answers("plain")[..10].to_vec();
    for text in &mut texts[..5] {
        *text = format!("{}{text}", quoted.repeat(6));
    }
    texts[7] = format!("{}\n{}", texts[7], code.repeat(6));
    let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count() as f64;
    let expected = (30.0 * visible(quoted) + 6.0 * visible(code)) / texts.iter().map(|text| visible(text)).sum::<f64>();
    match &found(&texts)[..] {
        [Caution::Noisy { share, kinds, texts }] => {
            assert!((share - expected).abs() < 1e-9, "{share} {expected}");
            assert_eq!(kinds[0], NoiseKind::Quotation);
            assert_eq!(texts, &[0, 1, 2, 3, 4, 7]);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(found(&["https://example.org/one/two/three"]), [], "a single address is not worth it");
}

#[test]
fn garbled_words_are_noticed_where_there_are_many() {
    let clean = answers("plain")[..5].to_vec();
    let spoil = |text: &String| -> String {
        let word = |(index, word): (usize, &str)| {
            if index % 2 == 0 && word.len() > 3 { format!("{}0{}", &word[..2], &word[2..]) } else { word.to_owned() }
        };
        text.split(' ').enumerate().map(word).collect::<Vec<_>>().join(" ")
    };
    let mut texts: Vec<String> = clean.iter().map(spoil).collect();
    match &found(&texts)[..] {
        [Caution::Garbled { share_of_words, texts }] => {
            assert!((0.15..0.35).contains(share_of_words));
            assert_eq!(texts.len(), 5);
        }
        other => panic!("{other:?}"),
    }
    texts.truncate(1);
    texts.extend(clean);
    assert_eq!(found(&texts), []);
}

#[test]
fn the_same_text_many_times_over_is_noticed() {
    let mut texts = answers("plain")[..8].to_vec();
    let again: Vec<String> = texts[..6].iter().map(|text| text.to_uppercase().replace(',', "")).collect();
    texts.extend(again);
    match &found(&texts)[..] {
        [Caution::Repetitive { share, texts }] => {
            assert!((0.3..0.5).contains(share), "{share}");
            assert_eq!(texts, &[8, 9, 10, 11, 12, 13]);
        }
        other => panic!("{other:?}"),
    }
    texts.truncate(10);
    assert_eq!(found(&texts), [], "two of ten may be alike");
}

fn hands(texts: &[String]) -> Option<(f64, [usize; 2], Vec<usize>)> {
    found(texts).into_iter().find_map(|caution| match caution {
        Caution::MultipleAuthors { separation, texts_each, apart } => Some((separation, texts_each, apart)),
        _ => None,
    })
}

#[test]
fn two_hands_are_found_whether_one_follows_the_other_or_they_take_turns() {
    for (one, other) in [("plain", "casual"), ("formal", "casual"), ("plain", "poetic"), ("warm", "expert")] {
        let (mut first, second) = (answers(one)[..20].to_vec(), answers(other)[20..40].to_vec());
        let turns: Vec<String> = first.iter().zip(&second).flat_map(|(a, b)| [a.clone(), b.clone()]).collect();
        first.extend(second);
        let (separation, each, apart) = hands(&first).unwrap_or_else(|| panic!("{one} then {other}"));
        assert!(separation > 1.0 && each[0] + each[1] == 40 && each[1] == apart.len());
        let wrong = apart.iter().filter(|&&text| (text < 20) != (apart[0] < 20)).count() + (20 - apart.len());
        assert!(wrong <= 4, "{one} then {other}: {apart:?}");
        let (_, _, apart) = hands(&turns).unwrap_or_else(|| panic!("{one} and {other} in turn"));
        let wrong = apart.iter().filter(|&&text| text % 2 != apart[apart.len() / 2] % 2).count();
        assert!(apart.len() >= 14 && wrong <= 4, "{one} and {other} in turn: {apart:?}");
    }
}

#[test]
fn too_little_text_says_nothing_of_hands() {
    let mut texts = answers("formal")[..2].to_vec();
    texts.extend(answers("casual")[..2].to_vec());
    assert_eq!(hands(&texts), None);
}

#[test]
fn cautions_are_kept_as_json_with_their_kind() {
    let mut texts = letters();
    texts.truncate(3);
    texts.extend(GERMAN.map(String::from));
    let found = found(&texts);
    let json = serde_json::to_value(&found).unwrap();
    assert_eq!(json[0]["kind"], "other_language");
    assert_eq!(json[0]["texts"], serde_json::json!([3, 4, 5]));
    assert_eq!(serde_json::from_value::<Vec<Caution>>(json).unwrap(), found);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_makes_it_fail(
        texts in proptest::collection::vec("\\PC{0,300}|([a-zäß .,!?>|$#=0-9\\n\\t]{0,80}\\n){0,12}|(\\w{1,60} ){0,200}", 0..12),
        times in 1_usize..20,
    ) {
        let many: Vec<&str> = texts.iter().cycle().take(texts.len() * times).map(String::as_str).collect();
        for caution in found(&many) {
            prop_assert!(caution.texts().iter().all(|&text| text < many.len()));
            prop_assert!(!caution.to_string().is_empty());
        }
    }
}

#[test]
fn every_caution_says_what_where_and_what_to_do() {
    let said = [
        Caution::OtherLanguage { language: "German".to_owned(), texts: vec![0, 1], share_of_words: 0.123 },
        Caution::Noisy { share: 0.5, kinds: vec![NoiseKind::Quotation, NoiseKind::Code], texts: vec![0, 1] },
        Caution::Garbled { share_of_words: 0.5, texts: vec![0, 1] },
        Caution::Repetitive { share: 0.5, texts: vec![0, 1] },
        Caution::MultipleAuthors { separation: 1.26, texts_each: [5, 2], apart: vec![0, 1] },
    ]
    .map(|caution| caution.to_string());
    assert!(said.iter().all(|sentence| sentence.contains("texts 1 to 2") && sentence.ends_with('.')), "{said:?}");
    assert!(said[0].starts_with("12 % of the words may be in German"));
    assert!(said[1].contains("but quoted lines and code (mostly"));
    assert!(said[4].contains("2 of the 7 that were compared read differently") && said[4].contains("1.3 times"));
    let within = Caution::Repetitive { share: 0.5, texts: Vec::new() };
    assert!(within.to_string().starts_with("50 % of the words repeat earlier passages"));
}
