//! Letters as those see them who receive them: a mail server, and the reader of the outbox.
#![expect(clippy::unwrap_used, reason = "a test panics where something is not as expected")]

use chrono::{DateTime, TimeDelta, Utc};
use mail_parser::{MessageParser, MimeHeaders};
use plenum_kernel::Language;
use plenum_mail::{Attachment, Body, Letter, ListHeader, MailError, Mailbox, Mailer, Outbox};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const SUBJECT: &str = "Заседание Совета 23 ноября 2026 г.: повестка дня и личная ссылка для входа";

fn from() -> Mailbox {
    Mailbox::new(Some("Федерация профсоюзов"), "plenum@profsoyuz.example").unwrap()
}

fn letter(id: &str) -> Letter {
    Letter {
        id: id.to_owned(),
        date: "2026-11-20T07:30:00.25Z".parse().unwrap(),
        to: Mailbox::new(Some("Дёмина, Ольга"), "demina@example.org").unwrap(),
        subject: SUBJECT.to_owned(),
        body: Body::from("Приозёрская краевая организация профсоюзов")
            .greeting("Здравствуйте, Ольга Николаевна!")
            .paragraph("Приглашаем Вас на заседание Совета. Оно пройдёт по видеосвязи; устанавливать ничего не нужно.")
            .facts([
                ("Когда".to_owned(), "23 ноября 2026 г., 10:00 (московское время)".to_owned()),
                ("Где".to_owned(), "в режиме видеоконференции".to_owned()),
            ])
            .numbered([
                "Об утверждении сметы доходов и расходов на 2027 год".to_owned(),
                "О внесении изменений в Положение <о коллективных действиях>".to_owned(),
                "Разное".to_owned(),
            ])
            .button("Перейти к заседанию", "https://plenum.example/s/7f3a?t=a&u=b".parse().unwrap())
            .footer("Ссылка личная: не передавайте её другим.")
            .footer("Письмо отправлено автоматически, отвечать на него не нужно."),
        language: Language::Ru,
        attachments: vec![],
        list: vec![],
    }
}

/// A mail server that takes one conversation and answers `refusal` to the command it begins with. Gives back what
/// came as the message.
async fn sink(refusal: Option<(&'static str, &'static str)>) -> (String, JoinHandle<Option<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let talk = async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 sink\r\n").await.unwrap();
        let mut message = None;
        while let Ok(Some(line)) = lines.next_line().await {
            let answer = match refusal {
                Some((command, answer)) if line.starts_with(command) => answer,
                _ if line.starts_with("EHLO") => "250-sink\r\n250 8BITMIME",
                _ if line.starts_with("DATA") => {
                    write.write_all(b"354 go on\r\n").await.unwrap();
                    let mut text = String::new();
                    loop {
                        let line = lines.next_line().await.unwrap().unwrap();
                        if line == "." {
                            break;
                        }
                        text.push_str(line.strip_prefix('.').unwrap_or(&line));
                        text.push_str("\r\n");
                    }
                    message = Some(text);
                    "250 taken"
                }
                _ => "250 ok",
            };
            write.write_all(answer.as_bytes()).await.unwrap();
            write.write_all(b"\r\n").await.unwrap();
            if message.is_some() {
                break;
            }
        }
        message
    };
    (url, tokio::spawn(talk))
}

#[tokio::test]
async fn a_mail_server_gets_the_letter_as_it_was_written() {
    let (url, server) = sink(None).await;
    let minutes = Attachment {
        name: "Протокол № 7 «черновик».pdf".to_owned(),
        content_type: "application/pdf".to_owned(),
        bytes: (0..=255).cycle().take(10_000).collect(),
    };
    let letter = Letter {
        attachments: vec![minutes.clone()],
        list: vec![
            ListHeader::Id("notices.plenum.example".to_owned()),
            ListHeader::UnsubscribeOneClick("https://plenum.example/u/1".parse().unwrap()),
        ],
        ..letter("notice-7-12")
    };
    let id = Mailer::smtp(&url, from()).unwrap().send(&letter).await.unwrap();
    assert_eq!(id.as_str(), "<notice-7-12@profsoyuz.example>");

    let wire = server.await.unwrap().unwrap();
    assert!(wire.is_ascii() && wire.lines().all(|line| line.len() <= 998), "{wire}");
    let message = MessageParser::default().parse(wire.as_bytes()).unwrap();
    assert_eq!(message.subject(), Some(SUBJECT));
    assert_eq!(message.message_id(), Some("notice-7-12@profsoyuz.example"));
    let sender = message.from().unwrap().first().unwrap();
    assert_eq!(
        (sender.name(), sender.address()),
        (Some("Федерация профсоюзов"), Some("plenum@profsoyuz.example"))
    );
    let reader = message.to().unwrap().first().unwrap();
    assert_eq!((reader.name(), reader.address()), (Some("Дёмина, Ольга"), Some("demina@example.org")));
    assert_eq!(message.date().unwrap().to_timestamp(), letter.date.timestamp());
    assert_eq!(
        message.body_text(0).unwrap().replace("\r\n", "\n").trim_end(),
        letter.body.to_text().trim_end()
    );
    let html = message.body_html(0).unwrap();
    assert!(
        html.contains("Положение &lt;о коллективных действиях&gt;") && html.contains(r#"lang="ru""#),
        "{html}"
    );
    assert!(html.contains(r#"href="https://plenum.example/s/7f3a?t=a&amp;u=b""#), "{html}");
    // For looking at it: the folder of what the build makes is nobody's source.
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/letter.html"), html.as_bytes()).unwrap();
    let file = message.attachment(0).unwrap();
    assert_eq!(
        (file.attachment_name(), file.contents()),
        (Some(minutes.name.as_str()), minutes.bytes.as_slice())
    );
    for line in [
        "Auto-Submitted: auto-generated",
        "List-Id: <notices.plenum.example>",
        "List-Unsubscribe: <https://plenum.example/u/1>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ] {
        assert!(wire.lines().any(|found| found == line), "{line} in {wire}");
    }
}

#[tokio::test]
async fn a_refusal_for_good_is_told_from_one_for_now() {
    for (command, answer, permanent) in [
        ("RCPT", "550 5.1.1 no such user", true),
        ("MAIL", "554 5.7.1 not from you", true),
        ("RCPT", "450 4.2.1 greylisted", false),
        ("DATA", "452 4.3.1 no room", false),
        ("MAIL", "530 5.7.0 authentication required", false),
    ] {
        let (url, _server) = sink(Some((command, answer))).await;
        let refused = Mailer::smtp(&url, from()).unwrap().send(&letter("a")).await.unwrap_err();
        assert_eq!(refused.is_permanent(), permanent, "{answer}: {refused:?}");
    }
}

#[tokio::test]
async fn a_mail_server_that_is_not_there_may_come_back() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    drop(listener);
    let refused = Mailer::smtp(&url, from()).unwrap().send(&letter("a")).await.unwrap_err();
    assert!(matches!(refused, MailError::NotNow { .. }) && !refused.is_permanent(), "{refused:?}");
}

#[test]
fn a_wrong_server_address_is_refused_without_telling_the_password() {
    for url in ["", "mail.example.org", "http://user:secret@mail.example.org", "smtp://"] {
        let refused = Mailer::smtp(url, from()).unwrap_err();
        assert!(!format!("{refused} {refused:?}").contains("secret"), "{refused:?}");
    }
}

#[tokio::test]
async fn a_letter_that_cannot_be_is_refused_for_good() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = Mailer::outbox(folder.path(), from());
    let type_of_file = Attachment { name: "x".into(), content_type: "чертёж".into(), bytes: vec![] };
    let long = "a".repeat(101);
    let wrong_ids = ["", "../x", "a b", "a/b", "ä", "a\r\nBcc: x@y.z", "-a", "a..b", &long].map(letter);
    let wrong = wrong_ids.into_iter().chain([
        Letter { attachments: vec![type_of_file], ..letter("b") },
        Letter { list: vec![ListHeader::Id("x.y>\r\nBcc: z".into())], ..letter("c") },
    ]);
    for letter in wrong {
        let refused = mailer.send(&letter).await.unwrap_err();
        assert!(refused.is_permanent(), "{refused:?}");
    }
    assert_eq!(Outbox::new(folder.path()).list(10, None).await.unwrap(), []);
}

#[tokio::test]
async fn a_subject_cannot_bring_headers_along() {
    let folder = tempfile::tempdir().unwrap();
    let letter = Letter { subject: "Привет\r\nBcc: x@y.z".to_owned(), ..letter("a") };
    Mailer::outbox(folder.path(), from()).send(&letter).await.unwrap();
    let letters = Outbox::new(folder.path()).list(10, None).await.unwrap();
    assert_eq!(letters[0].subject, "Привет Bcc: x@y.z");
}

#[tokio::test]
async fn the_outbox_shows_what_was_sent_newest_first_and_page_by_page() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("mail/outbox");
    let outbox = Outbox::new(&dir);
    assert_eq!(outbox.list(10, None).await.unwrap(), []);

    let mailer = Mailer::outbox(&dir, from());
    let first: DateTime<Utc> = letter("0").date;
    // Not in the order of their moments.
    for minute in [2, 0, 4, 1, 3] {
        let date = first + TimeDelta::minutes(minute);
        let subject = format!("Письмо {minute}");
        mailer.send(&Letter { date, subject, ..letter(&format!("l-{minute}")) }).await.unwrap();
    }
    let subjects = |letters: &[plenum_mail::LetterSummary]| -> Vec<String> {
        letters.iter().map(|letter| letter.subject.clone()).collect()
    };
    let newest = outbox.list(2, None).await.unwrap();
    assert_eq!(subjects(&newest), ["Письмо 4", "Письмо 3"]);
    let older = outbox.list(10, Some(&newest[1].id)).await.unwrap();
    assert_eq!(subjects(&older), ["Письмо 2", "Письмо 1", "Письмо 0"]);

    let view = outbox.read(&older[2].id).await.unwrap().unwrap();
    assert_eq!(view.summary, older[2]);
    assert_eq!(view.summary.from, "Федерация профсоюзов <plenum@profsoyuz.example>");
    assert_eq!(view.summary.to, "Дёмина, Ольга <demina@example.org>");
    assert_eq!(view.summary.date, Some("2026-11-20T07:30:00Z".parse().unwrap()));
    assert!(view.text.contains("3. Разное"), "{}", view.text);
    assert!(view.html.unwrap().contains("Перейти к заседанию"));
    assert_eq!(view.attachments, []);
}

#[tokio::test]
async fn the_outbox_gives_attachments_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = Attachment {
        name: "Повестка.txt".into(),
        content_type: "text/plain".into(),
        bytes: "1. Разное".into(),
    };
    let sent = Letter { attachments: vec![file.clone()], ..letter("a") };
    Mailer::outbox(folder.path(), from()).send(&sent).await.unwrap();
    let outbox = Outbox::new(folder.path());
    let id = outbox.list(1, None).await.unwrap().remove(0).id;
    let view = outbox.read(&id).await.unwrap().unwrap();
    let back: Vec<_> =
        view.attachments.into_iter().map(|file| (file.name, file.content_type, file.bytes)).collect();
    assert_eq!(back, [(file.name, file.content_type, file.bytes)]);
}

#[tokio::test]
async fn a_letter_sent_again_lies_in_the_outbox_once() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = Mailer::outbox(folder.path(), from());
    let sent = letter("notice-1");
    let later = Letter { date: sent.date + TimeDelta::hours(1), ..sent.clone() };
    assert_eq!(mailer.send(&sent).await.unwrap(), mailer.send(&later).await.unwrap());
    mailer.send(&letter("notice-12")).await.unwrap();
    assert_eq!(Outbox::new(folder.path()).list(10, None).await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_id_from_outside_is_never_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("outbox");
    Mailer::outbox(&dir, from()).send(&letter("a")).await.unwrap();
    let id = Outbox::new(&dir).list(1, None).await.unwrap().remove(0).id;
    std::fs::copy(dir.join(format!("{id}.eml")), folder.path().join("secret.eml")).unwrap();
    std::fs::copy(dir.join(format!("{id}.eml")), dir.join("half-written.eml")).unwrap();
    for wrong in [
        "",
        "../secret",
        "secret",
        "half-written",
        "/etc/passwd",
        "..",
        &format!("../outbox/{id}"),
        &format!("{id}/../{id}"),
        "20261120T073000250000Z-../../secret",
    ] {
        assert_eq!(Outbox::new(&dir).read(wrong).await.unwrap(), None, "{wrong}");
    }
    assert!(Outbox::new(&dir).read(&id).await.unwrap().is_some());
    assert_eq!(Outbox::new(&dir).list(10, None).await.unwrap().len(), 1);
}
