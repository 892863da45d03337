//! Documents as a reader's programs see them: through pdftotext and pdfinfo.
#![expect(clippy::unwrap_used, reason = "a test panics where something is not as expected")]

use std::process::Command;

use chrono::{DateTime, FixedOffset};
use plenum_print::{PrintError, Printer, Template};
use serde_json::{Value, json};

const MINUTES: Template =
    Template { name: "minutes", source: include_str!("../../../modules/bodies/src/print/minutes.typ") };

fn at() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-11-23T12:00:00+03:00").unwrap()
}

fn print(template: &Template, data: &Value) -> Vec<u8> {
    Printer::new().pdf(template, data, at()).unwrap()
}

/// What a program of poppler says of the document.
fn read_by(program: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("document.pdf");
    std::fs::write(&file, pdf).unwrap();
    let (before, after) = if program == "pdftotext" { (arguments, &["-"][..]) } else { (arguments, &[][..]) };
    let output = Command::new(program).args(before).arg(&file).args(after).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The text in reading order, with every run of spaces and line ends as one space.
fn text(pdf: &[u8]) -> String {
    read_by("pdftotext", &[], pdf).split_whitespace().collect::<Vec<_>>().join(" ")
}

const PLAIN: Template = Template {
    name: "plain",
    source: r##"#import "/official.typ": *
#show: official.with(title: "Письмо", organization: "Профсоюз")
#for line in json("/data.json").lines { par(line) }"##,
};

#[test]
fn what_people_type_is_never_markup() {
    let lines = [
        "#panic(\"никогда\") #import \"/x.typ\"",
        "*жирно* _курсив_ $x^2$ `код` = Заголовок",
        "C:\\путь\\файл \\u{41} -- ~ ... <метка> @ссылка",
        "// примечание /* другое */ [скобки] {фигурные}",
    ];
    let text = text(&print(&PLAIN, &json!({ "lines": lines })));
    for line in lines {
        assert!(text.contains(line), "{line:?} in {text:?}");
    }
}

#[test]
fn a_document_is_archival_accessible_a4_and_dated() {
    let pdf =
        print(&PLAIN, &json!({ "lines": ["Съешь ещё этих мягких французских булок, да выпей чаю. Ўў Іі"] }));
    let info = read_by("pdfinfo", &["-isodates"], &pdf);
    for line in [
        "Title:           Письмо",
        "Author:          Профсоюз",
        "Tagged:          yes",
        "A4",
        "2026-11-23T12:00:00+03",
    ] {
        assert!(info.contains(line), "{line} in {info}");
    }
    let metadata = read_by("pdfinfo", &["-meta"], &pdf);
    for mark in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
    ] {
        assert!(metadata.contains(mark), "{mark} in {metadata}");
    }
    assert!(text(&pdf).contains("Съешь ещё этих мягких французских булок, да выпей чаю. Ўў Іі"));
    let fonts = read_by("pdffonts", &[], &pdf);
    assert!(fonts.contains("LibertinusSerif") && !fonts.contains(" no  "), "{fonts}");
}

#[test]
fn equal_input_gives_equal_bytes() {
    let data = json!({ "lines": ["раз", "два"] });
    assert_eq!(print(&PLAIN, &data), print(&PLAIN, &data));
}

#[test]
fn a_character_without_a_glyph_costs_conformance_and_not_the_document() {
    let pdf = print(&PLAIN, &json!({ "lines": ["Имя 🎉 漢字 и дальше"] }));
    assert!(text(&pdf).contains("и дальше"));
}

#[test]
fn a_template_reaches_nothing_outside() {
    for source in [
        r#"#read("/etc/passwd")"#,
        r#"#read("../Cargo.toml")"#,
        r#"#import "@preview/cetz:0.3.0""#,
        r#"#include "/other.typ""#,
    ] {
        let refused =
            Printer::new().pdf(&Template { name: "curious", source }, &json!({}), at()).unwrap_err();
        assert!(matches!(refused, PrintError::Typeset { .. }), "{source}: {refused}");
    }
}

#[test]
fn a_mistake_in_a_template_is_named_with_its_line() {
    let template = Template { name: "wrong", source: "первая\n\n#json(\"/data.json\").absent" };
    let refused = Printer::new().pdf(&template, &json!({}), at()).unwrap_err().to_string();
    assert!(refused.contains("wrong.typ:3") && refused.contains("absent"), "{refused}");
}

#[tokio::test]
async fn printing_from_async_code_gives_the_same() {
    let data = json!({ "lines": ["раз"] });
    assert_eq!(Printer::new().pdf_async(&PLAIN, &data, at()).await.unwrap(), print(&PLAIN, &data));
}

const PEOPLE: [(&str, &str, &str); 15] = [
    ("Абрамович Елена Викторовна", "Профсоюз работников образования и науки", "председатель Совета"),
    (
        "Бондарчук Пётр Алексеевич",
        "Профсоюз работников образования и науки",
        "председатель профкома школы № 12",
    ),
    ("Васильева Анна Сергеевна", "Профсоюз работников здравоохранения", "секретарь Совета"),
    ("Гончаров Дмитрий Олегович", "Профсоюз работников здравоохранения", "фельдшер"),
    ("Дёмина Ольга Николаевна", "Профсоюз металлистов", "инженер по охране труда"),
    ("Евсеев Михаил Юрьевич", "Профсоюз металлистов", "токарь 6 разряда"),
    ("Жукова-Мирская Мария Александровна", "Профсоюз работников образования и науки", "доцент"),
    ("Зайцев Игорь Павлович", "Профсоюз металлистов", "председатель профкома"),
    ("Ильин Кирилл Андреевич", "Профсоюз работников здравоохранения", "врач-терапевт"),
    ("Ковалёва Татьяна Ивановна", "Профсоюз работников образования и науки", "учитель"),
    ("Лебедев Артём Романович", "Профсоюз металлистов", "мастер участка"),
    ("Мельник Светлана Петровна", "Профсоюз работников здравоохранения", "главная медсестра"),
    ("Никитин Олег Борисович", "Профсоюз металлистов", "слесарь"),
    ("Орлова Вера Степановна", "Профсоюз работников образования и науки", "заведующая"),
    ("Щербаков Эдуард Фёдорович", "Профсоюз работников здравоохранения", "водитель"),
];

/// A council's session with everything that minutes can hold.
fn session() -> Value {
    // Three are absent; Ильин came late and did not vote on the first question.
    let absent = [5, 10, 13];
    let members: Vec<_> = PEOPLE
        .iter()
        .enumerate()
        .map(|(i, (name, organization, office))| {
            let note = (i == 8).then_some("присоединился в 10:25");
            json!({ "name": name, "organization": organization, "office": office, "present": !absent.contains(&i), "note": note })
        })
        .collect();
    let by_name = |choice: fn(usize) -> &'static str| -> Vec<Value> {
        let present = (0..15).filter(|i| !absent.contains(i));
        present.map(|i| json!({ "name": PEOPLE[i].0, "choice": choice(i) })).collect()
    };
    json!({
        "document_id": "0198c0ff-ee42-7000-8a3b-5d1f20c4e911",
        "parent": "Федерация независимых профсоюзов Приозёрского края",
        "organization": "Приозёрская краевая организация профсоюзов",
        "body": "Совет организации",
        "body_genitive": "Совета организации",
        "number": "7",
        "date": "2026-11-23",
        "opened_at": "10:00",
        "closed_at": "11:42",
        "time_zone": "московское время",
        "mode": "video",
        "place": "г. Приозёрск",
        "chair": { "name": PEOPLE[0].0, "office": PEOPLE[0].2 },
        "secretary": { "name": PEOPLE[2].0, "office": PEOPLE[2].2 },
        "members": members,
        "invited": [{ "name": "Фролов Константин Львович", "office": "председатель контрольно-ревизионной комиссии" }],
        "quorum": { "elected": 15, "present": 12, "required": 8, "met": true, "rule": "более половины избранных членов" },
        "items": [
            {
                "number": "1",
                "title": "Об утверждении сметы доходов и расходов на 2027 год",
                "speaker": { "name": PEOPLE[7].0, "office": "председатель финансовой комиссии" },
                "heard": [{ "name": PEOPLE[7].0, "office": "председатель финансовой комиссии", "text": "представил проект сметы: доходы 18 640 000 рублей, расходы 18 210 000 рублей; на обучение профсоюзного актива предусмотрено 6 % взносов против 4 % в текущем году." }],
                "discussed": [
                    { "name": PEOPLE[4].0, "office": null, "text": "предложила увеличить расходы на охрану труда." },
                    { "name": PEOPLE[11].0, "text": "поддержала проект." }
                ],
                "decision": [
                    "Утвердить смету доходов и расходов на 2027 год согласно приложению.",
                    "Финансовой комиссии (И. П. Зайцев) до 1 февраля 2027 г. представить предложения об увеличении расходов на охрану труда.",
                    "Контроль за выполнением постановления возложить на председателя."
                ],
                "votes": [{
                    "question": null, "for": 9, "against": 1, "abstained": 1, "not_voted": 1, "adopted": true, "required": 7,
                    "rule": "более половины присутствующих членов",
                    "by_name": by_name(|i| match i { 3 => "against", 4 => "abstained", 8 => "none", _ => "for" })
                }]
            },
            {
                "number": "2",
                "title": "О внесении изменений в Положение о коллективных действиях",
                "speaker": null,
                "heard": [{ "name": PEOPLE[0].0, "office": "председатель Совета", "text": "доложила о предложенных изменениях." }],
                "decision": [],
                "votes": [{
                    "question": "принять изменения в предложенной редакции", "for": 8, "against": 4, "abstained": 0, "not_voted": 0,
                    "adopted": false, "required": 10, "rule": "две трети избранных членов",
                    "by_name": by_name(|i| if [1, 3, 6, 14].contains(&i) { "against" } else { "for" })
                }]
            },
            {
                "number": "3",
                "title": "Разное",
                "heard": [{ "name": PEOPLE[14].0, "text": "сообщил о подготовке к зимней спартакиаде." }],
                "decision": [],
                "votes": [],
                "outcome": "Информация принята к сведению."
            }
        ]
    })
}

#[test]
fn minutes_tell_who_was_there_what_was_decided_and_who_voted_how() {
    let pdf = print(&MINUTES, &session());
    let text = text(&pdf);
    for expected in [
        "ПРОТОКОЛ № 7 заседания Совета организации",
        "23 ноября 2026 г.",
        "режиме видеоконференции",
        "Присутствовали (12)",
        "Отсутствовали (3)",
        "присоединился в 10:25",
        "Избрано членов: 15, присутствуют: 12.",
        "не менее 8 членов (более половины избранных членов)",
        "(12 ≥ 8): кворум имеется",
        "СЛУШАЛИ: Зайцев И. П.",
        "за — 9, против — 1, воздержались — 1, не голосовали — 1",
        "Решение принято.",
        "Решение не принято.",
        "не менее 10 (две трети избранных членов)",
        "Гончаров Дмитрий Олегович против",
        "Ильин Кирилл Андреевич не голос.",
        "Е. В. Абрамович",
        "Документ 0198c0ff-ee42-7000-8a3b-5d1f20c4e911",
        "Страница 1 из",
    ] {
        assert!(text.contains(expected), "{expected:?} in {text}");
    }
    for (name, _, _) in PEOPLE {
        assert!(text.contains(name), "{name}");
    }
    let metadata = read_by("pdfinfo", &["-meta"], &pdf);
    assert!(metadata.contains("<pdfuaid:part>1</pdfuaid:part>"), "{metadata}");
    // For looking at it: the folder of what the build makes is nobody's source.
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/minutes.pdf"), &pdf).unwrap();
}

#[test]
fn minutes_with_the_least_data_print() {
    let least = json!({
        "organization": "Профсоюз", "body": "Комитет", "number": "1", "date": "2026-01-05", "opened_at": "09:00", "mode": "room",
        "chair": { "name": "Ли Мария" }, "secretary": { "name": "Анна" },
        "members": [{ "name": "Ли Мария", "present": true }, { "name": "Анна", "present": false }, { "name": "Пак", "present": false }],
        "quorum": { "elected": 3, "present": 1, "required": 2, "met": false, "rule": "более половины" },
        "items": []
    });
    let text = text(&print(&MINUTES, &least));
    for expected in ["5 января 2026 г.", "Комитет", "(1 < 2): кворума нет", "М. Ли", "не менее 2 членов"]
    {
        assert!(text.contains(expected), "{expected:?} in {text}");
    }
}

#[test]
fn a_conference_of_hundreds_votes_by_name_over_several_pages() {
    let mut session = session();
    let names: Vec<_> = (1..=320)
        .map(|i| json!({ "name": format!("Делегатов{i} Иван Петрович"), "choice": "for" }))
        .collect();
    session["items"][0]["votes"][0]["by_name"] = names.into();
    let text = text(&print(&MINUTES, &session));
    for i in 1..=320 {
        assert!(text.contains(&format!("Делегатов{i} Иван")), "{i}");
    }
}
