//! What the courses of the demonstration teach.

use serde_json::{Value, json};

/// A course.
pub(super) struct Course {
    pub(super) title: &'static str,
    pub(super) summary: &'static str,
    pub(super) self_enrol: bool,
    pub(super) certificate: bool,
    pub(super) days: Option<i32>,
    pub(super) published: bool,
    pub(super) sections: &'static [Section],
}

/// A section of it.
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) lessons: &'static [Lesson],
}

/// A text, or a quiz when it asks something.
pub(super) struct Lesson {
    pub(super) title: &'static str,
    pub(super) text: &'static str,
    pub(super) questions: &'static [Question],
}

/// A question of the quiz.
pub(super) struct Question {
    pub(super) text: &'static str,
    points: i32,
    explanation: &'static str,
    task: Task,
}

enum Task {
    /// Options, and whether they are right; whether several are.
    Choice(&'static [(&'static str, bool)], bool),
    Matching(&'static [(&'static str, &'static str)]),
    Numeric(&'static str),
    ShortText(&'static [&'static str]),
}

const fn reading(title: &'static str, text: &'static str) -> Lesson {
    Lesson { title, text, questions: &[] }
}

pub(super) const MAIN: Course = Course {
    title: "Председатель первичной организации: с чего начать",
    summary: "Для **вновь избранных** председателей и их заместителей: приём дел, права профкома, учёт и взносы, \
              собрание и протокол. Четыре коротких урока и итоговый тест; по окончании — сертификат.",
    self_enrol: true,
    certificate: true,
    days: Some(30),
    published: true,
    sections: &[
        Section {
            title: "Первые шаги",
            lessons: &[
                reading("Приём дел и первые письма", include_str!("lessons/first_days.md")),
                reading("Права профкома и сроки", include_str!("lessons/rights.md")),
            ],
        },
        Section {
            title: "Работа с людьми",
            lessons: &[
                reading("Учёт членов профсоюза и взносы", include_str!("lessons/records.md")),
                reading("Собрание, кворум, протокол", include_str!("lessons/meeting.md")),
            ],
        },
        Section {
            title: "Проверка знаний",
            lessons: &[Lesson {
                title: "Тест по курсу",
                text: "Пять вопросов по материалам уроков. Уроки можно перечитать до начала; во время теста идёт время.",
                questions: &QUESTIONS,
            }],
        },
    ],
};

pub(super) const SERVICES: Course = Course {
    title: "Личный кабинет и каналы: первое знакомство",
    summary: "Что член профсоюза может сделать сам, не приходя в профком. Десять минут.",
    self_enrol: true,
    certificate: false,
    days: None,
    published: true,
    sections: &[Section {
        title: "Знакомство",
        lessons: &[
            reading("Что есть в личном кабинете", include_str!("lessons/cabinet.md")),
            reading("Переписка в каналах", include_str!("lessons/messages.md")),
        ],
    }],
};

pub(super) const DRAFT: Course = Course {
    title: "Уполномоченный по охране труда",
    summary: "Готовится: обходы, замечания, участие в специальной оценке условий труда.",
    self_enrol: false,
    certificate: true,
    days: Some(45),
    published: false,
    sections: &[
        Section {
            title: "Введение",
            lessons: &[reading("Кто такой уполномоченный", include_str!("lessons/inspector.md"))],
        },
        Section {
            title: "Обход рабочих мест", lessons: &[reading("Что смотреть на обходе", "")]
        },
    ],
};

pub(super) const QUESTIONS: [Question; 5] = [
    Question {
        text: "В какой срок профком даёт мотивированное мнение по проекту локального нормативного акта?",
        points: 1,
        explanation: "Статья 372 ТК РФ: не позднее пяти рабочих дней со дня получения проекта.",
        task: Task::Choice(
            &[
                ("Не позднее трёх рабочих дней", false),
                ("Не позднее пяти рабочих дней", true),
                ("В течение месяца", false),
                ("Срок не установлен", false),
            ],
            false,
        ),
    },
    Question {
        text: "Что должно быть в протоколе собрания?",
        points: 2,
        explanation: "Без числа присутствующих не видно кворума, без итогов голосования — решения.",
        task: Task::Choice(
            &[
                ("Сколько членов на учёте и сколько присутствует", true),
                ("Итоги голосования по каждому вопросу", true),
                ("Подписи председателя и секретаря", true),
                ("Размер заработной платы присутствующих", false),
            ],
            true,
        ),
    },
    Question {
        text: "Кто за что отвечает в первичной организации?",
        points: 2,
        explanation: "Высший орган — собрание; между собраниями руководит профком.",
        task: Task::Matching(&[
            ("Собрание (конференция)", "Высший орган организации"),
            ("Профсоюзный комитет", "Руководит между собраниями"),
            ("Ревизионная комиссия", "Проверяет финансы и учёт"),
        ]),
    },
    Question {
        text: "На учёте 48 членов. Сколько человек нужно для кворума, если по уставу требуется более половины?",
        points: 1,
        explanation: "Половина — 24; более половины — не меньше 25.",
        task: Task::Numeric("25"),
    },
    Question {
        text: "Как называется документ, который закрепляет договорённости работников и работодателя в организации?",
        points: 1,
        explanation: "Коллективный договор заключают на срок не более трёх лет (статья 43 ТК РФ).",
        task: Task::ShortText(&["коллективный договор", "колдоговор"]),
    },
];

impl Question {
    /// As its author saves it.
    pub(super) fn input(&self) -> Value {
        let mut input = json!({ "text": self.text, "points": self.points, "explanation": self.explanation });
        let (kind, field, value) = match &self.task {
            Task::Choice(options, several) => {
                let options: Vec<Value> =
                    options.iter().map(|(text, right)| json!({ "text": text, "right": right })).collect();
                (if *several { "MULTIPLE" } else { "SINGLE" }, "options", json!(options))
            }
            Task::Matching(pairs) => {
                let pairs: Vec<Value> =
                    pairs.iter().map(|(left, right)| json!({ "left": left, "right": right })).collect();
                ("MATCHING", "pairs", json!(pairs))
            }
            Task::Numeric(number) => ("NUMERIC", "number", json!(number)),
            Task::ShortText(spellings) => ("SHORT_TEXT", "spellings", json!(spellings)),
        };
        input["kind"] = json!(kind);
        input[field] = value;
        input
    }

    /// The right answer in the ids of a paper; none when the paper does not show the question so.
    pub(super) fn right_answer(&self, shown: &Value) -> Option<Value> {
        let id = |list: &str, text: &str| {
            Some(shown[list].as_array()?.iter().find(|one| one["text"] == text)?["id"].clone())
        };
        Some(match &self.task {
            Task::Choice(options, _) => {
                let right = options.iter().filter(|(_, right)| *right);
                let chosen = right.map(|(text, _)| id("options", text)).collect::<Option<Vec<_>>>()?;
                json!({ "chosen": chosen })
            }
            Task::Matching(pairs) => {
                let pair = |(left, right): &(&str, &str)| {
                    Some(json!({ "left": id("options", left)?, "right": id("matches", right)? }))
                };
                json!({ "pairs": pairs.iter().map(pair).collect::<Option<Vec<_>>>()? })
            }
            Task::Numeric(number) => json!({ "number": number }),
            Task::ShortText(spellings) => json!({ "text": spellings.first()? }),
        })
    }
}
