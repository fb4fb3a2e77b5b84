//! What is kept of a message: its sender's own words, what it answers, and who wrote it.

use xpert::import::{DropReason, ImportError, ImportOptions};
use xpert::store::Document;

use super::{Desk, read};

const HEAD: &str = "From: Ann Lee <Ann@Example.org>\nTo: bo@example.org\nDate: Thu, 16 May 2024 20:25:56 +0200\n\
                    Subject: Re: Lunch\nMessage-ID: <2@x>\nIn-Reply-To: <1@x>\nReferences: <0@x> <1@x>\n";

/// The texts of a file of mail, or why its only message was dropped.
fn messages(name: &str, content: &str) -> Result<Vec<Document>, DropReason> {
    let options = ImportOptions { min_words: 1, ..ImportOptions::default() };
    match read(&Desk::new().put(name, content), &options) {
        Ok(scan) => Ok(scan.documents),
        Err(ImportError::NothingFound(scan)) => Err(*scan.dropped.keys().next().expect("a reason")),
        Err(other) => panic!("{other}"),
    }
}

fn message(raw: &str) -> Result<Document, DropReason> {
    messages("one.eml", &raw.replace('\n', "\r\n")).map(|mut messages| messages.remove(0))
}

fn text(raw: &str) -> String {
    message(raw).expect("a text").text
}

#[test]
fn a_reply_keeps_its_own_words_and_what_it_answers() {
    let reply = message(&format!(
        "{HEAD}\nHi Bo,\n\nNoon is fine.\n\nBest,\nAnn\n-- \nAnn Lee, +1 555 0100\n\nOn Thu, 16 May 2024, Bo wrote:\n> Shall we\n> eat at noon?\n"
    ))
    .unwrap();
    assert_eq!(reply.text, "Hi Bo,\n\nNoon is fine.\n\nBest,\nAnn");
    assert_eq!(reply.context.as_deref(), Some("Shall we\neat at noon?"));
    assert_eq!((reply.thread.as_deref(), reply.parent_id.as_deref()), (Some("0@x"), Some("1@x")));
    assert_eq!((reply.title.as_deref(), reply.timestamp), (Some("Re: Lunch"), Some(1_715_883_956)));
    assert_eq!(reply.author.as_deref(), Some("Ann Lee <ann@example.org>"));
}

#[test]
fn automatic_mail_is_told_from_mail_to_a_list() {
    for raw in [
        format!("{HEAD}Auto-Submitted: auto-replied\n\nI am away.\n"),
        format!("{HEAD}Precedence: bulk\n\nI am away.\n"),
        format!("{HEAD}List-Unsubscribe: <http://example.org/u>\n\nI am away.\n"),
        "From: no-reply@example.org\nDate: x\n\nYour code is 1.\n".to_owned(),
    ] {
        assert_eq!(message(&raw).err(), Some(DropReason::Automatic), "{raw}");
    }
    let list = "List-Unsubscribe: <http://example.org/u>\nList-Post: <mailto:l@example.org>";
    assert_eq!(text(&format!("{HEAD}{list}\n\nI think so too.\n")), "I think so too.");
}

#[test]
fn encodings_flowed_lines_and_attachments() {
    let quoted =
        "Content-Type: text/plain; charset=iso-8859-1; format=flowed\nContent-Transfer-Encoding: quoted-printable\n";
    let flowed = text(&format!("{HEAD}{quoted}\nSee you at the caf=E9 at =\nnoon, I will bring =20\nthe book.\n"));
    assert_eq!(flowed, "See you at the caf\u{e9} at noon, I will bring  the book.");
    let parts = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHere it is, as promised.\n\
                 --b\nContent-Type: text/plain; name=log.txt\nContent-Disposition: attachment; filename=log.txt\n\nerror error\n--b--\n";
    assert_eq!(text(&format!("{HEAD}{parts}")), "Here it is, as promised.");
    let japanese = "Content-Type: text/plain; charset=shift_jis\nContent-Transfer-Encoding: base64\n\nk/qWe4zq\n";
    assert_eq!(text(&format!("{HEAD}{japanese}")), "\u{65e5}\u{672c}\u{8a9e}");
}

#[test]
fn html_mail_becomes_text_without_its_quotes() {
    let html = "Content-Type: text/html; charset=utf-8\n\n<html><head><style>p{color:red}</style></head><body><div>Hi Bo,</div>\
                <div><br></div><div>Noon &amp; not later &#8211; ok?</div><br><div class=\"gmail_quote\"><div>On Thu, 16 May 2024, Bo wrote:<br></div>\
                <blockquote><div>Lunch?</div></blockquote></div></body></html>\n";
    let reply = message(&format!("{HEAD}{html}")).unwrap();
    assert_eq!(reply.text, "Hi Bo,\n\nNoon & not later \u{2013} ok?");
    assert_eq!(reply.context.as_deref(), Some("Lunch?"));
}

#[test]
fn apple_mail_files_lose_their_length_and_property_list() {
    let message = format!("{HEAD}\nNoon is fine with me.\n");
    let emlx = format!("{}      \n{message}<?xml version=\"1.0\"?><plist/>\n", message.len());
    assert_eq!(messages("one.emlx", &emlx).unwrap()[0].text, "Noon is fine with me.");
    let no_length = "99999999999999999999\nis a number and no length";
    assert_eq!(messages("number", no_length).unwrap()[0].text, no_length);
}

#[test]
fn an_mbox_is_split_only_where_a_message_begins() {
    let mbox = format!(
        "From ann@example.org Thu May 16 20:25:56 2024\n{HEAD}\nFirst one.\n\nFrom here on it is easy.\n>From me too.\n\n\
         From 1797@xxx Fri May 17 08:00:00 +0000 2024\n{HEAD}\nSecond one.\n"
    );
    let texts: Vec<String> = messages("sent", &mbox).unwrap().into_iter().map(|message| message.text).collect();
    assert_eq!(texts, ["First one.\n\nFrom here on it is easy.\nFrom me too.", "Second one."]);
}
