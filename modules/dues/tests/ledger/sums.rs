//! Sums: what the lists add up is what the ledgers of the members add up.

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json};

use crate::{Office, payment};

/// One step of a treasurer.
#[derive(Debug, Clone)]
enum Step {
    Charge(u32),
    Pay(usize, i64),
    TakeBack(usize, usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        2 => (1_u32..=11).prop_map(Step::Charge),
        3 => (0_usize..5, 1_i64..100_000).prop_map(|(who, sum)| Step::Pay(who, sum)),
        2 => (0_usize..5, 0_usize..20).prop_map(|(who, which)| Step::TakeBack(who, which)),
    ];
    proptest::collection::vec(step, 1..14)
}

const NAMES: [&str; 5] = ["Абрамов", "Борисова", "Власов", "Громова", "Дёмин"];

#[tokio::test]
async fn after_any_work_the_lists_agree_with_the_ledgers() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..6 {
        let work = steps().new_tree(&mut runner).unwrap().current();
        agrees_after(&work).await;
    }
}

async fn agrees_after(work: &[Step]) {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    let root = office.tenant.root.to_string();
    office.set_rate(&treasurer, &root, "FIXED", 30_000, "2026-01").await;
    let mut people = Vec::new();
    for name in NAMES {
        people.push(office.member(name).await);
    }
    for (number, step) in work.iter().enumerate() {
        match step {
            Step::Charge(month) => {
                office.charge(&treasurer, &root, &format!("2026-{month:02}")).await;
            }
            Step::Pay(who, sum) => {
                let request = u32::try_from(number).unwrap();
                office.pay(&treasurer, payment(&people[*who], *sum, request)).await;
            }
            Step::TakeBack(who, which) => {
                let dues = office.dues(&treasurer, &people[*who]).await;
                let entries = dues["entries"]["nodes"].as_array().unwrap();
                if entries.is_empty() {
                    continue;
                }
                let entry = entries[which % entries.len()]["id"].clone();
                let query =
                    "mutation($entry: ID!) { reverseEntry(entry: $entry, reason: \"ошибка\") { status } }";
                office.get(&treasurer, query, json!({ "entry": entry })).await;
            }
        }
    }

    let (mut debtors, mut debt, mut charged, mut paid) = (Vec::new(), 0, 0, 0);
    for person in &people {
        let dues = office.dues(&treasurer, person).await;
        let sum: i64 = dues["entries"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["kopecks"].as_i64().unwrap())
            .sum();
        assert_eq!(dues["balanceKopecks"], sum, "{work:?}");
        for month in dues["months"].as_array().unwrap() {
            charged += month["chargedKopecks"].as_i64().unwrap();
            paid += month["paidKopecks"].as_i64().unwrap();
        }
        let overdue = &dues["overdue"];
        if !overdue.is_null() {
            debt += overdue["kopecks"].as_i64().unwrap();
            debtors.push((
                person.clone(),
                overdue["kopecks"].clone(),
                overdue["months"].clone(),
                overdue["since"].clone(),
            ));
        }
    }
    let query = "query($unit: ID!) { duesDebt { debtors kopecks } duesByMonth(months: 12) { chargedKopecks paidKopecks }
        debtors(unit: $unit, first: 200) { nodes { member debtKopecks months since } } }";
    let seen = office.get(&treasurer, query, json!({ "unit": root })).await;
    assert_eq!(seen["duesDebt"], json!({ "debtors": debtors.len(), "kopecks": debt }), "{work:?}");
    let sum = |key: &str| -> i64 {
        seen["duesByMonth"].as_array().unwrap().iter().map(|month| month[key].as_i64().unwrap()).sum()
    };
    assert_eq!((sum("chargedKopecks"), sum("paidKopecks")), (charged, paid), "{work:?}");
    let mut listed: Vec<_> = seen["debtors"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| {
            let member = node["member"].as_str().unwrap().to_owned();
            (member, node["debtKopecks"].clone(), node["months"].clone(), node["since"].clone())
        })
        .collect();
    let sorted: Vec<i64> = listed.iter().map(|(_, debt, ..)| debt.as_i64().unwrap()).collect();
    assert!(sorted.is_sorted_by(|one, next| one >= next), "the largest debt comes first");
    listed.sort_by(|one, other| one.0.cmp(&other.0));
    debtors.sort_by(|one: &(String, Value, Value, Value), other| one.0.cmp(&other.0));
    assert_eq!(listed, debtors, "{work:?}");
}

#[tokio::test]
async fn debtors_are_paged_and_filtered_by_months() {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    let root = office.tenant.root.to_string();
    office.set_rate(&treasurer, &root, "FIXED", 30_000, "2026-01").await;
    office.charge(&treasurer, &root, "2026-09").await;
    office.charge(&treasurer, &root, "2026-10").await;
    // The present month is not overdue.
    office.charge(&treasurer, &root, "2026-11").await;
    let demin = office.member("Дёмин").await;
    office.pay(&treasurer, payment(&demin, 30_000, 1)).await;
    let query =
        "query($after: String, $least: Int) { debtors(first: 2, after: $after, monthsAtLeast: $least) {
        nodes { fullName months } pageInfo { hasNextPage endCursor } } }";
    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let page =
            office.get(&treasurer, query, json!({ "after": after, "least": 1 })).await["debtors"].clone();
        for node in page["nodes"].as_array().unwrap() {
            seen.push((node["fullName"].as_str().unwrap().to_owned(), node["months"].as_i64().unwrap()));
        }
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(seen.len(), 5);
    assert_eq!(seen[4], ("Дёмин Олег Ильич".to_owned(), 1), "the smallest debt comes last");
    assert!(seen[..4].iter().all(|(_, months)| *months == 2));
    let page = office.get(&treasurer, query, json!({ "least": 3 })).await;
    assert_eq!(page["debtors"]["nodes"], json!([]));
    let bad = office.refusal(Some(&treasurer), query, json!({ "after": "x", "least": 1 })).await;
    assert_eq!(bad, ("INVALID".into(), "not_a_cursor".into()));
}
