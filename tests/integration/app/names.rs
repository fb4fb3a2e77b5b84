//! Names that are typed and kept: voices, start points, parts of a benchmark.

use xpert::app::bench::{Measured, Part, Texts, Way};
use xpert::app::train::StartPoint;
use xpert::app::write::Voice;
use xpert::selection::{BlendPart, blend_notation};
use xpert::training::Preset;

#[test]
fn a_voice_is_named_as_it_is_written() {
    for (name, voice) in [
        ("mine", Voice::Mine),
        ("base", Voice::Base),
        ("auto", Voice::Auto),
        ("run:3", Voice::Run(3)),
        ("warm", Voice::Library("warm".into())),
    ] {
        assert_eq!((name.parse(), voice.to_string().as_str(), Voice::kept(name)), (Ok(voice.clone()), name, voice));
    }
    for number in ["", "x", "-1", "3.5", "99999999999", "\u{662f}"] {
        let name = format!("run:{number}");
        let error = name.parse::<Voice>().expect_err("no number").to_string();
        assert!(error.starts_with(&format!("`{number}` is not")), "{error}");
        // Whoever kept such a name: it is shown as it is.
        assert_eq!(Voice::kept(&name).to_string(), name);
    }
}

#[test]
fn a_blend_is_written_as_it_is_read() {
    let blend: StartPoint = "warm:0.7+formal:0.40".parse().unwrap();
    let StartPoint::Blend(parts) = &blend else { panic!("{blend:?}") };
    assert_eq!((parts[0].id.as_str(), parts[1].weight), ("warm", 0.4));
    assert_eq!(blend_notation(parts), "warm:0.70+formal:0.40");
    assert_eq!(blend_notation(&[BlendPart { id: "warm".into(), weight: 1.0 }]), "warm");
    assert_eq!(blend_notation(parts).parse::<StartPoint>().unwrap(), blend);
}

#[test]
fn a_blend_that_makes_no_sense_is_refused_with_what_to_write() {
    for wrong in ["warm:", "warm:0", "warm:-1+formal:1", "warm:nan", ":1", "warm+formal", "warm:1+", "warm:1e999"] {
        let error = wrong.parse::<StartPoint>().unwrap_err();
        assert!(error.contains("warm:0.7+formal:0.4"), "{wrong}: {error}");
    }
    assert!("warm:1+warm:2".parse::<StartPoint>().unwrap_err().contains("twice"));
    assert_eq!("warm".parse::<StartPoint>().unwrap(), StartPoint::Library("warm".into()));
}

#[test]
fn parts_of_a_benchmark_are_read_as_they_are_written() {
    let blocks = Part::Training(Way { preset: Preset::LastLayers, blocks: Some(10) }, Texts::Chat);
    for part in Part::all().into_iter().chain([blocks]) {
        assert_eq!(part.to_string().parse(), Ok(part));
    }
    for wrong in ["", "full", "full:", "full:4", "full:0x4", "full:4x1", "fast:4x256", "full:axb", "last:chat"] {
        assert!(wrong.parse::<Part>().is_err(), "{wrong}");
    }
    for wrong in ["full-3:4x256", "last-layers-0:chat", "board-0:chat"] {
        assert!(wrong.parse::<Part>().is_err(), "{wrong}");
    }
}

#[test]
fn the_result_of_a_part_is_read_as_it_was_written() {
    for measured in [
        Measured::Training { tokens_per_s: 90.0, peak_rss_mb: 700, gflops: 60.0 },
        Measured::Generation { prefill_tokens_per_s: 90.0, decode_tokens_per_s: 20.0 },
        Measured::Products { gflops: 80.0 },
    ] {
        let json = serde_json::to_string(&measured).unwrap();
        assert_eq!(serde_json::from_str::<Measured>(&json).unwrap(), measured);
    }
    assert!(serde_json::from_str::<Measured>(r#"{"prefill_tokens_per_s": 80.0}"#).is_err());
}
