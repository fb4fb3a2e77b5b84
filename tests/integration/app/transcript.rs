//! A conversation as a file: who said what, and where it is written.

use xpert::app::transcript::{Transcript, Turn};

fn said(who: &str, text: &str) -> (String, String) {
    (who.to_owned(), text.to_owned())
}

#[test]
fn a_transcript_says_who_said_what_and_takes_no_file_away() {
    let turn = Turn {
        prompt: " Say hello. ".into(),
        answers: vec![said("your model", "Hi!\n"), said("`warm` from the library", "Hello, dear.")],
    };
    let transcript = Transcript { title: "Say hello.".into(), turns: vec![turn] };
    let expected = "# Say hello.\n\n## You\n\nSay hello.\n\n### your model\n\nHi!\n\n### `warm` from the library\n\nHello, dear.\n";
    assert_eq!(transcript.markdown(), expected);
    let folder = tempfile::tempdir().unwrap();
    for name in ["xpert-conversation.md", "xpert-conversation-2.md"] {
        let path = transcript.write_into(folder.path()).unwrap();
        assert_eq!((&path, std::fs::read_to_string(&path).unwrap().as_str()), (&folder.path().join(name), expected));
    }
    let letter = transcript.write_to(&folder.path().join("letter to Ann.txt")).unwrap();
    assert_eq!((letter.is_file(), letter), (true, folder.path().join("letter to Ann.txt")));
    let again = transcript.write_to(folder.path()).unwrap();
    assert_eq!(again, folder.path().join("xpert-conversation-3.md"), "a folder is a place too");
    let bare = transcript.write_to(&folder.path().join("talk")).unwrap();
    assert_eq!(bare, folder.path().join("talk.md"), "what lacks is the usual");
    let error = transcript.write_into(&folder.path().join("nowhere")).unwrap_err().to_string();
    assert!(error.contains("nowhere"), "{error}");
}
