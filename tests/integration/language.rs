//! Which language a text is in: named with the number of its texts, judged together where they are short, and not guessed from names.

use xpert::style::foreign_languages;

use crate::styles::space;

fn languages(texts: &[&str]) -> Vec<(&'static str, usize)> {
    foreign_languages(space(), texts)
}

const GERMAN: &str = "Gestern Abend sind wir noch lange am Fluss entlang gelaufen, weil das Wetter so mild war und \
    niemand von uns schon nach Hause gehen wollte.";

#[test]
fn a_language_is_named_with_its_texts() {
    let french = "Hier soir nous avons marché longtemps le long de la rivière parce que le temps était doux et que \
        personne ne voulait encore rentrer à la maison.";
    let spanish = "Anoche caminamos mucho tiempo junto al río porque hacía buen tiempo y nadie de nosotros quería \
        volver todavía a casa, así que seguimos hablando.";
    let english = "Last night we went for a long walk on the bank of the river, and it was so mild that we did not want \
        to go home.";
    let russian = "Вчера вечером мы долго гуляли вдоль реки, потому что погода была очень тёплая и никто из нас ещё не \
        хотел идти домой, хотя было уже поздно.";
    let chinese = "昨天晚上我们沿着河边走了很久，因为天气很暖和，谁也不想这么早回家，所以我们继续聊天。";
    assert_eq!(
        languages(&[GERMAN, french, english, spanish, russian, chinese, GERMAN]),
        [("German", 2), ("French", 1), ("Mandarin", 1), ("Russian", 1), ("Spanish", 1)]
    );
}

#[test]
fn short_texts_are_judged_together() {
    let short = [
        "Bin gleich da, warte bitte noch kurz",
        "Ich habe den Schlüssel leider vergessen",
        "Was machst du denn heute Abend so?",
    ];
    assert_eq!(languages(&short[..2]), [], "too few words");
    assert_eq!(languages(&short), [("German", 3)]);
}

#[test]
fn names_numbers_addresses_and_nothing_are_no_language() {
    let names = "Anna Schmidt, Jürgen Müller, Sofía García Martínez, José Hernández, Marie Dupont, François Lefèvre, \
        Giulia Rossi, Karl Weber, Ingrid Lindström, João da Silva, Zofia Nowak";
    let links = "https://beispiel.example/strasse/haus https://exemple.example/rue/maison ".repeat(12);
    let figures = "12 14 15 ".repeat(10);
    assert_eq!(languages(&[names, &links, &figures, "", "?!", "ok"]), []);
}
