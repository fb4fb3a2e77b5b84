//! The explanation as a web page: all that it shows, and that it replaces no file and lets no text become markup.

use xpert::app::present::page::{page, write_to};
use xpert::app::select::Selected;
use xpert::app::{demo, select};
use xpert::library::Library;

fn selected(texts: &[&str]) -> Selected {
    select::of(texts, &Library::shipped().unwrap()).unwrap()
}

#[test]
fn an_export_takes_no_file_away() {
    let folder = tempfile::tempdir().unwrap();
    let selected = selected(&["Back at noon."]);
    let names = ["xpert-explanation.html", "xpert-explanation-2.html", "xpert-explanation-3.html"];
    for name in names {
        let path = write_to(&selected, folder.path()).unwrap();
        assert_eq!(path, folder.path().join(name));
        assert!(std::fs::read_to_string(&path).unwrap().contains("Not enough text to choose"));
    }
    let nowhere = folder.path().join("nowhere");
    let error = write_to(&selected, &nowhere.join("page.html")).unwrap_err().to_string();
    assert!(error.contains("nowhere"), "{error}");
}

#[test]
fn every_axis_is_drawn_with_a_bar_for_each_model_and_text_cannot_become_markup() {
    let pairs = demo::pairs().unwrap();
    let texts: Vec<&str> = pairs.iter().map(|pair| pair.answer.as_str()).collect();
    let mut selected = selected(&texts);
    selected.candidates[0].name = "<script>a&b\"\u{1b}[2J".into();
    let page = page(&selected, None).unwrap();
    let axes = selected.candidates[0].axes.len();
    assert_eq!(page.matches("<circle class=\"user\"").count(), axes);
    assert_eq!(page.matches("<rect class=\"model m2\"").count(), axes);
    assert!(!page.contains("<script>") && !page.contains('\u{1b}'));
    assert!(page.contains("&lt;script&gt;a&amp;b&quot;[2J"));
    assert!(page.contains("<blockquote>") && page.contains("What would change it"));
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"), "{}", &page[..200]);
}
