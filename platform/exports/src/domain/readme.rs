//! The text that says what is what in an archive.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use plenum_authz::Text;

/// A table that was written.
#[derive(Debug, Clone)]
pub struct Counted {
    /// `schema.table`.
    pub table: String,
    /// What a row of it is, when somebody said so.
    pub meaning: Option<Text>,
    /// How many rows were written.
    pub rows: u64,
}

/// What the text tells.
#[derive(Debug, Clone)]
pub struct Facts<'f> {
    /// The organization's name.
    pub organization: &'f str,
    /// The moment of which everything is.
    pub at: DateTime<Utc>,
    /// The tables.
    pub tables: &'f [Counted],
    /// How many files there are.
    pub files: u64,
    /// What is left out: a table or a column, and why.
    pub left_out: &'f [(String, Text)],
}

/// The text: Russian first, then English.
#[must_use]
pub fn readme(facts: &Facts<'_>) -> String {
    let mut text = String::new();
    russian(&mut text, facts).expect("writing to a string");
    text.push_str("\n\n----------------------------------------------------------------------\n\n");
    english(&mut text, facts).expect("writing to a string");
    // Programs on Windows show lines by these two signs.
    text.replace('\n', "\r\n")
}

fn russian(text: &mut String, facts: &Facts<'_>) -> std::fmt::Result {
    writeln!(text, "ВЫГРУЗКА ОРГАНИЗАЦИИ")?;
    writeln!(text, "{}", facts.organization)?;
    writeln!(text, "Состояние на {} (UTC)\n", facts.at.format("%d.%m.%Y %H:%M"))?;
    writeln!(
        text,
        "Здесь всё, что хранилось в системе «Пленум» об этой организации. В архиве персональные данные: храните его\n\
         под замком и не пересылайте открыто.\n"
    )?;
    writeln!(text, "ЧТО ГДЕ ЛЕЖИТ\n")?;
    writeln!(
        text,
        "manifest.json         опись: таблицы с числом строк, файлы с размером и суммой SHA-256, конец журнала"
    )?;
    writeln!(
        text,
        "data/*.jsonl          таблицы: в каждой строке файла одна запись в формате JSON, кодировка UTF-8"
    )?;
    writeln!(text, "data/accounts.jsonl   учётные записи тех, у кого есть доступ в организацию")?;
    writeln!(
        text,
        "files/                файлы (всего {}); имя начинается с номера из таблицы files.file\n",
        facts.files
    )?;
    writeln!(
        text,
        "Формат JSON Lines читают Python, R, Excel (Power Query), PostgreSQL, DuckDB и другие программы. Записи связаны\n\
         номерами: например, поле person_id ведёт к записи с таким id в таблице members.person. Времена даны по UTC,\n\
         суммы в копейках. Поля, которые в базе зашифрованы, здесь раскрыты.\n"
    )?;
    writeln!(text, "ТАБЛИЦЫ\n")?;
    for table in facts.tables {
        let meaning = table.meaning.map_or("", |meaning| meaning.ru);
        writeln!(text, "{:<34} {:>9}  {meaning}", table.table, table.rows)?;
    }
    writeln!(text, "\nЧЕГО ЗДЕСЬ НЕТ\n")?;
    for (what, why) in facts.left_out {
        writeln!(text, "{what}: {}", why.ru)?;
    }
    writeln!(text, "Пароли, вторые факторы и сеансы: принадлежат людям, а не организации.")?;
    writeln!(text, "Прежние выгрузки: содержали бы сами себя.")
}

fn english(text: &mut String, facts: &Facts<'_>) -> std::fmt::Result {
    writeln!(text, "EXPORT OF AN ORGANIZATION")?;
    writeln!(text, "{}", facts.organization)?;
    writeln!(text, "As of {} (UTC)\n", facts.at.format("%Y-%m-%d %H:%M"))?;
    writeln!(
        text,
        "This is all that Plenum kept about this organization. It holds personal data: keep it locked away, and do not\n\
         send it in the open.\n"
    )?;
    writeln!(text, "WHAT IS WHERE\n")?;
    writeln!(
        text,
        "manifest.json         the list: tables with their rows, files with size and SHA-256, the end of the audit"
    )?;
    writeln!(text, "data/*.jsonl          tables: each line is one record as JSON, in UTF-8")?;
    writeln!(text, "data/accounts.jsonl   accounts of those who may enter the organization")?;
    writeln!(
        text,
        "files/                files ({} in all); a name begins with the id in the table files.file\n",
        facts.files
    )?;
    writeln!(
        text,
        "JSON Lines is read by Python, R, Excel (Power Query), PostgreSQL, DuckDB and others. Records are linked by ids: the\n\
         field person_id leads to the record with that id in the table members.person. Times are UTC, sums are in kopecks.\n\
         Fields that are encrypted in the database are opened here.\n"
    )?;
    writeln!(text, "TABLES\n")?;
    for table in facts.tables {
        let meaning = table.meaning.map_or("", |meaning| meaning.en);
        writeln!(text, "{:<34} {:>9}  {meaning}", table.table, table.rows)?;
    }
    writeln!(text, "\nWHAT IS NOT HERE\n")?;
    for (what, why) in facts.left_out {
        writeln!(text, "{what}: {}", why.en)?;
    }
    writeln!(text, "Passwords, second factors and sessions: they are people's, not the organization's.")?;
    writeln!(text, "Earlier exports: they would hold themselves.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_names_every_table_and_what_is_left_out_in_both_languages() {
        let tables = [Counted {
            table: "members.person".to_owned(),
            meaning: Some(Text { ru: "люди на учёте", en: "people on record" }),
            rows: 12,
        }];
        let left_out = [("vault.tenant_key".to_owned(), Text { ru: "ключи", en: "keys" })];
        let text = readme(&Facts {
            organization: "Профсоюз горняков",
            at: DateTime::from_timestamp(1_795_424_400, 0).expect("a moment"),
            tables: &tables,
            files: 3,
            left_out: &left_out,
        });
        for wanted in
            ["Профсоюз горняков", "люди на учёте", "people on record", "vault.tenant_key: ключи", "(всего 3)"]
        {
            assert!(text.contains(wanted), "{wanted}: {text}");
        }
        assert!(text.find("ВЫГРУЗКА") < text.find("EXPORT") && !text.replace("\r\n", "").contains('\n'));
    }
}
