//! Large registers with the dirt that real ones have, the same for the same seed.

use std::io::{self, Write};

const SURNAMES: [&str; 24] = [
    "Авдеев",
    "Бондарев",
    "Воронин",
    "Голубев",
    "Дёмин",
    "Ермолаев",
    "Зорин",
    "Исаев",
    "Корнеев",
    "Литвинов",
    "Майоров",
    "Никонов",
    "Овсянников",
    "Панин",
    "Румянцев",
    "Соловьёв",
    "Тимофеев",
    "Ушаков",
    "Фомин",
    "Хохлов",
    "Чернов",
    "Шилов",
    "Щукин",
    "Яковлев",
];
const WOMEN: [&str; 12] = [
    "Алёна",
    "Валентина",
    "Галина",
    "Дарья",
    "Екатерина",
    "Жанна",
    "Ирина",
    "Ксения",
    "Любовь",
    "Нина",
    "Ольга",
    "Яна",
];
const MEN: [&str; 12] = [
    "Антон",
    "Виктор",
    "Григорий",
    "Денис",
    "Игорь",
    "Кирилл",
    "Максим",
    "Николай",
    "Олег",
    "Павел",
    "Роман",
    "Фёдор",
];
const FATHERS: [&str; 10] = [
    "Александров",
    "Борисов",
    "Викторов",
    "Григорьев",
    "Дмитриев",
    "Игорев",
    "Олегов",
    "Петров",
    "Романов",
    "Сергеев",
];
const POSITIONS: [&str; 8] = [
    "учитель",
    "врач",
    "водитель",
    "бухгалтер",
    "мастер",
    "слесарь-ремонтник",
    "электромонтёр",
    "воспитатель",
];
const OFFICES: [&str; 4] =
    ["председатель ППО", "казначей", "член комитета", "член контрольно-ревизионной комиссии"];
const MONTHS: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

/// The SplitMix64 generator: a few lines, and the same numbers on every machine and in every year.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(choices.len() as u64)).expect("an index fits")]
    }

    fn happens(&mut self, probability: f64) -> bool {
        (self.below(1 << 32) as f64) < probability * (1u64 << 32) as f64
    }
}

/// What a later row repeats when it is a duplicate, or takes when its card is another's.
#[derive(Clone)]
struct Written {
    name: String,
    born: (u64, u64, u64),
    card: String,
}

fn date(chance: &mut Chance, (day, month, year): (u64, u64, u64)) -> String {
    match chance.below(16) {
        0..=11 => format!("{day:02}.{month:02}.{year}"),
        12 => format!("{year}-{month:02}-{day:02}"),
        13 => format!(" {day:02}/{month:02}/{year} "),
        _ => format!("{day} {} {year} г.", MONTHS[usize::try_from(month - 1).expect("a month fits")]),
    }
}

fn phone(chance: &mut Chance, number: u64) -> String {
    let digits = format!("900{number:07}");
    let (area, first, second, third) = (&digits[..3], &digits[3..6], &digits[6..8], &digits[8..]);
    match chance.below(4) {
        0 => format!("+7 ({area}) {first}-{second}-{third}"),
        1 => format!("8-{area}-{first}-{second}-{third}"),
        2 => format!("8{digits}"),
        _ => format!("7 {area} {first} {second}{third}"),
    }
}

fn write_row(
    out: &mut impl Write,
    chance: &mut Chance,
    dirt: f64,
    number: u64,
    sample: &mut Vec<Written>,
) -> io::Result<()> {
    let is_woman = chance.below(2) == 0;
    let surname = format!("{}{}", chance.pick(&SURNAMES), if is_woman { "а" } else { "" });
    // A second surname from the row's number keeps people apart in registers of a million rows.
    let second = format!(
        "{}{}",
        SURNAMES[usize::try_from(number % 24).expect("an index fits")],
        if is_woman { "а" } else { "" }
    );
    let given = if is_woman { chance.pick(&WOMEN) } else { chance.pick(&MEN) };
    let patronymic = format!("{}{}", chance.pick(&FATHERS), if is_woman { "на" } else { "ич" });
    let mut name = format!("{surname}-{second} {given} {patronymic}");
    let mut born = (1 + chance.below(28), 1 + chance.below(12), 1950 + chance.below(55));
    let mut card = format!("48-11-{number:07}");

    let is_duplicate = !sample.is_empty() && chance.happens(dirt);
    if is_duplicate {
        let index = usize::try_from(chance.below(sample.len() as u64)).expect("an index fits");
        Written { name, born, card } = sample[index].clone();
    } else if sample.len() < 1_000 {
        sample.push(Written { name: name.clone(), born, card: card.clone() });
    }
    if !is_duplicate && chance.happens(dirt / 10.0) {
        card.clone_from(&sample[0].card);
    }
    let joined_year = born.2 + 18 + chance.below(3);
    let mut joined = date(chance, (born.0, born.1, joined_year));
    if chance.happens(dirt / 10.0) {
        joined = date(chance, (born.0, born.1, born.2 - 1));
    }
    let mut birth_date = date(chance, born);
    if chance.happens(dirt / 10.0) {
        birth_date = chance.pick(&["31.02.1985", "32.01.1979", "00.00.0000"]).to_owned();
    }
    if chance.happens(dirt) {
        name = name.rsplit_once(' ').map_or(name.clone(), |(rest, _)| rest.to_owned());
    }
    if chance.happens(dirt) {
        name = format!("  {}  ", name.to_uppercase().replace('Ё', "Е"));
    }
    if chance.happens(dirt / 10.0) {
        name = "   ".to_owned();
    }
    let sex =
        if is_woman { chance.pick(&["Ж", "ж", "жен."]) } else { chance.pick(&["М", "м", "муж."]) };
    let mut telephone = phone(chance, number % 10_000_000);
    if chance.happens(dirt) {
        telephone = chance.pick(&["б/н", "12345"]).to_owned();
    }
    let mut email = format!("member.{number}@example.org");
    if chance.happens(dirt) {
        email = chance.pick(&["нет", "petrov@", "mail.example.org", "a b@example.org"]).to_owned();
    }
    let workplace = 1 + chance.below(80);
    let position = chance.pick(&POSITIONS);
    let unit = if chance.happens(dirt / 10.0) { 404 } else { 1 + chance.below(40) };
    let consent = if chance.happens(dirt) { chance.pick(&["", "нет"]) } else { "да" };
    let office = if chance.happens(0.03) { chance.pick(&OFFICES) } else { "" };
    writeln!(
        out,
        "{number};{name};{birth_date};{sex};{telephone};{email};МБОУ СОШ № {workplace};{position};ППО № {unit};{joined};{card};{consent};{office}"
    )
}

/// Writes the header and `rows` people; `dirt` is the probability of each kind of flaw in a row.
pub(crate) fn write_register(out: &mut impl Write, rows: u64, seed: u64, dirt: f64) -> io::Result<()> {
    writeln!(
        out,
        "№ п/п;Фамилия, имя, отчество;Дата рождения;Пол;Телефон;Эл. почта;Место работы;Должность;Первичная организация;\
         Дата вступления;№ профбилета;Согласие на обработку ПДн;Выборная должность"
    )?;
    let mut chance = Chance(seed);
    let mut sample = Vec::new();
    for number in 1..=rows {
        write_row(out, &mut chance, dirt, number, &mut sample)?;
        if chance.happens(dirt / 10.0) {
            writeln!(out, ";;;;;;;;;;;;")?;
        }
    }
    out.flush()
}
