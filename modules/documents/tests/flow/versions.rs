//! Files as they are, not as they say; and their text.

use crate::office::{Office, docx, reason};

#[tokio::test]
async fn a_file_that_lies_or_bursts_is_flagged_never_shown_and_not_signed() {
    let office = Office::open().await;
    let chair = office.person("member").await;
    let bomb = {
        use std::io::Write;
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        writer.start_file("zeros", zip::write::SimpleFileOptions::default()).expect("an entry begins");
        writer.write_all(&vec![0; 40_000_000]).expect("it is written");
        writer.finish().expect("the archive ends").into_inner()
    };
    let encrypted = b"%PDF-1.7\ntrailer << /Encrypt 7 0 R >>\n%%EOF".to_vec();
    let cases: [(&str, &str, &[u8], &str); 4] = [
        ("a.pdf", "application/pdf", b"<html><script>alert(1)</script></html>", "type_mismatch"),
        ("b.pdf", "application/pdf", &encrypted, "encrypted"),
        ("c.zip", "application/zip", &bomb, "unpacks_too_far"),
        ("d.pdf", "application/pdf", b"MZ\x90\x00 program", "executable"),
    ];
    for (name, declared, bytes, flag) in cases {
        let document = office.document("INCOMING", name).await;
        let file = office.upload(&office.clerk, name, declared, bytes).await;
        let added = office.add_version(&office.clerk, &document, &file).await;
        let version = &added["data"]["addVersion"]["versions"][0];
        assert_eq!(version["flag"], flag, "{added}");
        assert!(version["previewUrl"].is_null(), "{added}");
        assert_eq!(reason(&office.route(&document, &[(1, "SIGN", &chair)]).await), "version_flagged");
    }
    let document = office.document("INCOMING", "clean").await;
    let file = office.upload(&office.clerk, "e.pdf", "application/pdf", b"%PDF-1.7\n%%EOF").await;
    let added = office.add_version(&office.clerk, &document, &file).await;
    let version = &added["data"]["addVersion"]["versions"][0];
    assert!(version["flag"].is_null() && version["previewUrl"].is_string(), "{added}");
}

#[tokio::test]
async fn only_an_upload_of_ones_own_becomes_a_version() {
    let office = Office::open().await;
    let stranger = office.person("member").await;
    let document = office.document("INCOMING", "Письмо").await;
    let theirs = office.upload(&stranger, "a.txt", "text/plain", b"text").await;
    let refused = office.add_version(&office.clerk, &document, &theirs).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_FOUND", "{refused}");
    let refused = office.add_version(&stranger, &document, &theirs).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_FOUND", "{refused}");
}

#[tokio::test]
async fn documents_are_found_by_the_words_of_card_and_text_in_russian() {
    let office = Office::open().await;
    let by_card = office.document("INTERNAL", "Отчёт о колдоговорах").await;
    let by_text = office.document("INTERNAL", "Без подробностей").await;
    let file = office.upload(&office.clerk, "a.docx", "", &docx("Тёплая одежда для лесорубов")).await;
    office.add_version(&office.clerk, &by_text, &file).await;
    office.work().await;
    let found = |words: &str| {
        let operation = format!("{{ documents(filter: {{ search: \"{words}\" }}) {{ nodes {{ id }} }} }}");
        let office = &office;
        async move {
            let all = office.done(&office.clerk, &operation).await;
            let nodes = all["nodes"].as_array().expect("nodes").clone();
            nodes.iter().map(|node| node["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
        }
    };
    assert_eq!(found("отчетом").await, std::slice::from_ref(&by_card));
    assert_eq!(found("Отчёты колдоговор").await, [by_card]);
    assert_eq!(found("теплую одежду лесоруба").await, [by_text]);
    assert!(found("пароход").await.is_empty());
    assert!(found("' OR 1=1 --").await.is_empty());
}
