//! What is shown of a selection and of a run's losses, and how numbers are written.

use xpert::app::present::selection;
use xpert::app::present::words::{count, day, duration, measured, megabytes, sentence, signed, thousands};
use xpert::app::runs::Curve;
use xpert::app::select::{self, Selected};
use xpert::library::Library;
use xpert::selection::{Blend, BlendPart, CardAxis, ChoiceKind, Fit};
use xpert::training::Event;

fn selected() -> Selected {
    let texts = xpert::app::demo::pairs().unwrap();
    let texts: Vec<&str> = texts.iter().map(|pair| pair.answer.as_str()).collect();
    select::of(&texts, &Library::shipped().unwrap()).unwrap()
}

#[test]
fn scores_that_are_subtracted_are_those_that_are_shown() {
    let view = selection(&selected());
    let [first, second, ..] = &view.candidates[..] else { panic!("a ranking") };
    let shown = |text: &str| text.parse::<f64>().unwrap();
    if !first.blend {
        let ahead = format!("is {:.2} ahead", shown(&first.score_text) - shown(&second.score_text));
        assert!(view.short.as_ref().unwrap().contains(&ahead), "{:?}", view.short);
    }
    assert!(view.choice.ends_with('.') && view.candidates.iter().filter(|candidate| candidate.proposed).count() == 1);
}

#[test]
fn a_proposed_blend_has_a_row_of_its_own_with_its_axes() {
    let mut selected = selected();
    let best = selected.candidates[0].clone();
    let parts = vec![BlendPart { id: best.id.clone(), weight: 0.6 }, BlendPart { id: "formal".into(), weight: 0.4 }];
    let axes = best.axes.iter().map(|axis| CardAxis { name: axis.name.clone(), value: axis.model }).collect();
    selected.choice.kind = ChoiceKind::Blend;
    selected.choice.blend = Some(Blend {
        parts,
        similarity: 0.81,
        best_single: best.id.clone(),
        single_similarity: best.score,
        gain: 0.81 - best.score,
        axes,
    });
    selected.blended = Some(Fit { score: 0.81, axes: best.axes.clone(), rest: best.rest });
    let view = selection(&selected);
    let row = &view.candidates[0];
    assert!(row.blend && row.proposed && row.id.contains("+formal:0.40") && row.score_text == "0.81");
    assert_eq!(row.pairs.len(), best.axes.len());
    assert!(row.pairs.windows(2).all(|pair| pair[0].contribution.abs() >= pair[1].contribution.abs()));
    assert!(view.candidates[1..].iter().all(|candidate| !candidate.proposed));
}

#[test]
fn too_little_text_says_what_is_missing() {
    let view = selection(&select::of(&["Back at noon."], &Library::shipped().unwrap()).unwrap());
    assert!(view.refused && view.refusal.is_some() && view.candidates.is_empty());
    assert!(view.change.contains("more words"), "{}", view.change);
}

#[test]
fn numbers_are_readable() {
    assert_eq!((thousands(1_234_567), thousands(999)), ("1,234,567".into(), "999".into()));
    assert_eq!((count(1, "text"), count(2000, "text")), ("1 text".into(), "2,000 texts".into()));
    assert_eq!((day(1_715_883_956), day(i64::MAX)), ("2024-05-16".into(), "no date".into()));
    assert_eq!((duration(59.6), duration(7260.0)), ("1 min 00 s".into(), "2 h 01 min".into()));
    assert_eq!(megabytes(98_362_432), "98.4 MB");
    assert_eq!((measured(9.4), measured(18.24)), ("9.40".into(), "18.2".into()));
    assert_eq!(
        [signed(-0.004, 2), signed(0.0, 1), signed(-0.006, 2), signed(1.25, 1)],
        ["0.00", "0.0", "-0.01", "+1.2"]
    );
}

#[test]
fn a_sentence_may_begin_with_any_letter() {
    assert_eq!(sentence("\u{e9}mile fits best"), "\u{c9}mile fits best.");
    assert_eq!((sentence(""), sentence("Done.")), (String::new(), "Done.".into()));
}

#[test]
fn losses_that_are_no_numbers_are_left_out_and_those_that_come_again_count_last() {
    let validation = |step, held_out_loss| Event::Validation { step, held_out_loss, best: true };
    let mut curve = Curve::default();
    for event in [validation(0, 3.4), validation(5, f64::NAN), validation(10, 3.2), validation(10, 3.1)] {
        curve.record(&event);
    }
    assert_eq!(curve.held_out, [(0, 3.4), (10, 3.1)]);
    let folder = tempfile::tempdir().unwrap();
    assert!(Curve::read(folder.path()).unwrap().is_empty());
    curve.write(folder.path()).unwrap();
    assert_eq!(Curve::read(folder.path()).unwrap(), curve);
    Curve::discard(folder.path()).unwrap();
    Curve::discard(folder.path()).unwrap();
    assert!(Curve::read(folder.path()).unwrap().is_empty());
}
