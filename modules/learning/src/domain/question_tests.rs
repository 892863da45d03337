//! Grading, for all questions and answers.

use proptest::prelude::*;

use super::*;

fn question(task: Task) -> Question {
    Question { text: "Сколько?".into(), points: 3, explanation: None, task }
}

fn options(right: &[bool]) -> Vec<Choice> {
    right.iter().map(|right| Choice { text: "вариант".into(), right: *right }).collect()
}

fn pairs(count: usize) -> Vec<Pair> {
    (0..count).map(|at| Pair { left: format!("л{at}"), right: format!("п{at}") }).collect()
}

fn any_task() -> impl Strategy<Value = Task> {
    prop_oneof![
        proptest::collection::vec(any::<bool>(), 2..10)
            .prop_filter("one is right", |all| all.contains(&true))
            .prop_map(|right| Task::Multiple { options: options(&right) }),
        (2_usize..10, any::<prop::sample::Index>()).prop_map(|(count, at)| {
            let right: Vec<bool> = (0..count).map(|one| one == at.index(count)).collect();
            Task::Single { options: options(&right) }
        }),
        (2_usize..10).prop_map(|count| Task::Matching { pairs: pairs(count) }),
        (any::<i32>(), 0_i64..1000)
            .prop_map(|(value, tolerance)| Task::Numeric { value: value.into(), tolerance }),
        "[а-яё]{1,12}".prop_map(|word| Task::ShortText { spellings: vec![word] }),
    ]
}

/// Whatever a browser may send, whether or not it answers the question.
fn any_reply() -> impl Strategy<Value = Reply> {
    (
        proptest::collection::vec(0_usize..12, 0..12),
        proptest::collection::vec((0_usize..12, 0_usize..12), 0..12),
        proptest::option::of("[0-9,.-]{0,8}"),
        proptest::option::of("[а-яё ]{0,12}"),
    )
        .prop_map(|(chosen, pairs, number, text)| Reply { chosen, pairs, number, text })
}

/// An answer to this very task, right or wrong.
fn reply_to(task: &Task) -> BoxedStrategy<Reply> {
    match task {
        Task::Single { options } => proptest::option::of(0..options.len())
            .prop_map(|one| Reply { chosen: one.into_iter().collect(), ..Reply::default() })
            .boxed(),
        Task::Multiple { options } => {
            some_of(options.len()).prop_map(|chosen| Reply { chosen, ..Reply::default() }).boxed()
        }
        Task::Matching { pairs } => (some_of(pairs.len()), some_of(pairs.len()))
            .prop_map(|(left, right)| Reply {
                pairs: left.into_iter().zip(right).collect(),
                ..Reply::default()
            })
            .boxed(),
        Task::Numeric { .. } => any::<i32>()
            .prop_map(|value| Reply { number: Some(numbers::write(value.into())), ..Reply::default() })
            .boxed(),
        Task::ShortText { .. } => {
            "[а-яё ]{0,12}".prop_map(|text| Reply { text: Some(text), ..Reply::default() }).boxed()
        }
    }
}

/// A task, and an answer to it.
fn any_answer() -> impl Strategy<Value = (Task, Reply)> {
    any_task().prop_flat_map(|task| {
        let reply = reply_to(&task);
        (Just(task), reply)
    })
}

/// Some of so many options, in any order.
fn some_of(count: usize) -> impl Strategy<Value = Vec<usize>> {
    proptest::sample::subsequence((0..count).collect::<Vec<_>>(), 0..=count).prop_shuffle()
}

/// The answer that is right.
fn right(task: &Task) -> Reply {
    let mut reply = Reply::default();
    match task {
        Task::Single { options } | Task::Multiple { options } => {
            reply.chosen = (0..options.len()).filter(|at| options[*at].right).collect();
        }
        Task::Matching { pairs } => reply.pairs = (0..pairs.len()).map(|at| (at, at)).collect(),
        Task::Numeric { value, .. } => reply.number = Some(numbers::write(*value)),
        Task::ShortText { spellings } => reply.text = Some(spellings[0].to_uppercase()),
    }
    reply
}

proptest! {
    #[test]
    fn an_answer_earns_neither_less_than_nothing_nor_more_than_all((task, reply) in any_answer()) {
        let question = question(task);
        prop_assert_eq!(question.takes(&reply), Ok(()));
        prop_assert!((0..=300).contains(&question.grade(&reply)));
    }

    #[test]
    fn what_is_taken_as_an_answer_earns_no_more_than_all(task in any_task(), reply in any_reply()) {
        let question = question(task);
        prop_assert!(question.takes(&reply).is_err() || (0..=300).contains(&question.grade(&reply)));
    }

    #[test]
    fn the_right_answer_earns_all(task in any_task()) {
        let question = question(task);
        let reply = right(&question.task);
        prop_assert_eq!(question.takes(&reply), Ok(()));
        prop_assert_eq!(question.grade(&reply), 300);
        prop_assert_eq!(question.verdict(300), Verdict::Right);
    }

    #[test]
    fn no_answer_earns_nothing(task in any_task()) {
        prop_assert_eq!(question(task).grade(&Reply::default()), 0);
    }

    #[test]
    fn choosing_everything_is_no_way_to_full_marks(right in proptest::collection::vec(any::<bool>(), 2..10)) {
        prop_assume!(right.contains(&true) && right.contains(&false));
        let all = Reply { chosen: (0..right.len()).collect(), ..Reply::default() };
        let choice = question(Task::Multiple { options: options(&right) });
        prop_assert!(choice.grade(&all) < 300);
    }

    #[test]
    fn the_order_of_an_answer_does_not_matter(task in any_task()) {
        let question = question(task);
        let mut reply = right(&question.task);
        reply.chosen.reverse();
        reply.pairs.reverse();
        prop_assert_eq!(question.grade(&reply), 300);
    }

    #[test]
    fn a_number_is_right_within_the_tolerance_and_wrong_beyond(
        value in -1_000_000_i64..1_000_000, tolerance in 0_i64..1000, off in -2000_i64..2000
    ) {
        let question = question(Task::Numeric { value, tolerance });
        let reply = Reply { number: Some(numbers::write(value + off)), ..Reply::default() };
        prop_assert_eq!(question.grade(&reply) == 300, off.abs() <= tolerance);
    }
}

#[test]
fn spelling_is_free_of_case_spaces_and_yo() {
    let question = question(Task::ShortText { spellings: vec!["Отчётный доклад".into()] });
    for text in ["отчетный доклад", " ОТЧЁТНЫЙ  ДОКЛАД ", "отчётныйдоклад"]
    {
        assert_eq!(question.grade(&Reply { text: Some(text.into()), ..Reply::default() }), 300, "{text}");
    }
    let wrong = Reply { text: Some("доклад".into()), ..Reply::default() };
    assert_eq!(question.grade(&wrong), 0);
}

#[test]
fn a_part_of_the_pairs_earns_its_share() {
    let question = question(Task::Matching { pairs: pairs(3) });
    let reply = Reply { pairs: vec![(0, 0), (1, 2), (2, 1)], ..Reply::default() };
    assert_eq!(question.grade(&reply), 100);
    assert_eq!(question.verdict(100), Verdict::Partly);
}

#[test]
fn an_answer_that_is_none_to_this_question_is_told() {
    let single = question(Task::Single { options: options(&[true, false]) });
    let reply = |chosen: &[usize]| Reply { chosen: chosen.to_vec(), ..Reply::default() };
    assert_eq!(single.takes(&reply(&[2])), fault("answer.chosen", "not_an_option"));
    assert_eq!(single.takes(&reply(&[0, 1])), fault("answer.chosen", "too_many"));
    assert_eq!(single.takes(&reply(&[0, 0])), fault("answer.chosen", "twice"));
    let number = question(Task::Numeric { value: 1, tolerance: 0 });
    let reply = Reply { number: Some("много".into()), ..Reply::default() };
    assert_eq!(number.takes(&reply), fault("answer.number", "not_a_number"));
}

#[test]
fn a_question_without_a_right_answer_is_refused() {
    assert_eq!(
        question(Task::Multiple { options: options(&[false, false]) }).check(),
        fault("input.options", "no_right_answer")
    );
    assert_eq!(
        question(Task::Single { options: options(&[true, true]) }).check(),
        fault("input.options", "several_right_answers")
    );
    assert_eq!(
        question(Task::ShortText { spellings: vec![" ".into()] }).check(),
        fault("input.spellings", "empty")
    );
    assert_eq!(question(Task::Matching { pairs: pairs(1) }).check(), fault("input.pairs", "too_few"));
}
