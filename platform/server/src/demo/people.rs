//! Synthetic members: the register of an organization as a CSV file, the same at every seeding.

use std::fmt::Write;

const MEN: [&str; 12] = [
    "Александр",
    "Алексей",
    "Андрей",
    "Борис",
    "Виктор",
    "Дмитрий",
    "Иван",
    "Константин",
    "Максим",
    "Николай",
    "Павел",
    "Сергей",
];
const WOMEN: [&str; 12] = [
    "Анна",
    "Валентина",
    "Вера",
    "Галина",
    "Дарья",
    "Елена",
    "Ирина",
    "Ксения",
    "Людмила",
    "Мария",
    "Ольга",
    "Юлия",
];
const SURNAMES: [&str; 24] = [
    "Абрамов",
    "Баранов",
    "Васильев",
    "Герасимов",
    "Давыдов",
    "Ефимов",
    "Журавлёв",
    "Захаров",
    "Игнатов",
    "Калинин",
    "Ларионов",
    "Макаров",
    "Назаров",
    "Осипов",
    "Панфилов",
    "Рябов",
    "Савельев",
    "Тарасов",
    "Устинов",
    "Фомин",
    "Харитонов",
    "Цветков",
    "Шестаков",
    "Яковлев",
];
/// A man's and a woman's patronymic.
const PATRONYMICS: [(&str, &str); 8] = [
    ("Александрович", "Александровна"),
    ("Борисович", "Борисовна"),
    ("Викторович", "Викторовна"),
    ("Геннадьевич", "Геннадьевна"),
    ("Дмитриевич", "Дмитриевна"),
    ("Иванович", "Ивановна"),
    ("Николаевич", "Николаевна"),
    ("Петрович", "Петровна"),
];

/// `count` members spread over the primary organizations.
pub(super) fn register(slug: &str, primaries: &[&str], count: usize) -> String {
    let mut csv = String::from(
        "Фамилия, имя, отчество;Дата рождения;Пол;Телефон;Эл. почта;Первичная организация;Дата вступления;№ профбилета;Согласие на обработку ПДн;Выборная должность\n",
    );
    // The organizations' people differ, though the lists of names are the same.
    let shift = slug.bytes().map(usize::from).sum::<usize>();
    for index in 0..count {
        let turn = index + shift;
        let woman = turn % 5 < 3;
        let (given, surname, patronymic) = if woman {
            (
                WOMEN[turn * 7 % WOMEN.len()],
                format!("{}а", SURNAMES[turn * 5 % SURNAMES.len()]),
                PATRONYMICS[turn * 3 / 5 % PATRONYMICS.len()].1,
            )
        } else {
            (
                MEN[turn * 7 % MEN.len()],
                SURNAMES[turn * 5 % SURNAMES.len()].to_owned(),
                PATRONYMICS[turn * 3 / 5 % PATRONYMICS.len()].0,
            )
        };
        let unit = primaries[index % primaries.len()];
        let office = match index / primaries.len() {
            0 => "председатель ППО",
            1 if index % 2 == 0 => "казначей ППО",
            _ => "",
        };
        // Writing to a string cannot fail.
        writeln!(
            csv,
            "{surname} {given} {patronymic};{:02}.{:02}.{};{};+7900{:07};{slug}{index}@example.org;{unit};01.09.{};{:02}-{:07};да;{office}",
            1 + turn * 11 % 28,
            1 + turn * 5 % 12,
            1958 + turn * 13 % 45,
            if woman { "Ж" } else { "М" },
            (shift * 1000 + index) % 10_000_000,
            2005 + turn % 20,
            shift % 90 + 10,
            index + 1,
        )
        .ok();
    }
    csv
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_stands_twice_in_a_register() {
        let csv = register("education", &["a", "b", "c"], 120);
        let mut people: Vec<String> =
            csv.lines().skip(1).map(|line| line.split(';').take(2).collect::<Vec<_>>().join(";")).collect();
        assert_eq!(people.len(), 120);
        people.sort();
        people.dedup();
        assert_eq!(people.len(), 120);
    }
}
