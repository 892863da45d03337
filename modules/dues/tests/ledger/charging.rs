//! Charging, paying, taking back.

use serde_json::{Value, json};

use crate::{Office, payment};

const REVERSE: &str =
    "mutation($entry: ID!, $reason: String!) { reverseEntry(entry: $entry, reason: $reason) {
    status dues { balanceKopecks } } }";

#[tokio::test]
async fn a_month_is_charged_by_the_nearest_rate_and_charged_once() {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    let (root, second) = (office.tenant.root.to_string(), office.tenant.units[1].to_string());
    office.set_rate(&treasurer, &root, "FIXED", 30_000, "2026-01").await;
    office.set_rate(&treasurer, &second, "PERCENT", 100, "2026-10").await;
    let demin = office.member("Дёмин").await;
    let salary =
        "mutation($input: DeclareSalaryInput!) { declareSalary(input: $input) { salary { kopecks } } }";
    let input = json!({ "member": demin, "kopecks": 6_543_250, "validFrom": "2026-09" });
    office.get(&treasurer, salary, json!({ "input": input })).await;
    let vlasov = office.member("Власов").await;
    let exempt =
        "mutation($input: GrantExemptionInput!) { grantExemption(input: $input) { exemptions { id } } }";
    let input = json!({ "member": vlasov, "ground": "PENSIONER", "from": "2026-10" });
    let granted = office.get(&treasurer, exempt, json!({ "input": input })).await;

    let preview = "query($unit: ID!) { chargePreview(unit: $unit, month: \"2026-10\") { charged totalKopecks exempt withoutSalary } }";
    let foreseen = office.get(&treasurer, preview, json!({ "unit": root })).await["chargePreview"].clone();
    let expected = json!({ "charged": 3, "totalKopecks": 125_433, "exempt": 1, "withoutSalary": 1 });
    assert_eq!(foreseen, expected);

    let first = office.charge(&treasurer, &root, "2026-10").await;
    let counts = |summary: &Value| {
        ["charged", "totalKopecks", "chargedBefore", "exempt", "withoutRate", "withoutSalary"]
            .map(|key| summary[key].as_i64().unwrap())
    };
    assert_eq!(counts(&first), [3, 125_433, 0, 1, 0, 1]);
    assert_eq!(office.balance(&treasurer, &demin).await, -65_433, "one percent, rounded to the kopeck");
    let again = office.charge(&treasurer, &root, "2026-10").await;
    assert_eq!(counts(&again), [0, 0, 3, 1, 0, 1]);
    assert_eq!(office.balance(&treasurer, &demin).await, -65_433);
    // The exemption ends before that month; the unit alone is charged anew.
    let end = "mutation($id: ID!, $until: String!) { endExemption(exemption: $id, until: $until) { exemptions { until current } } }";
    let id = granted["grantExemption"]["exemptions"][0]["id"].clone();
    let early = office.refusal(Some(&treasurer), end, json!({ "id": id, "until": "2026-08" })).await;
    assert_eq!(early, ("INVALID".into(), "before_start".into()));
    office.get(&treasurer, end, json!({ "id": id, "until": "2026-09" })).await;
    let third = office.charge(&treasurer, &office.tenant.units[0].to_string(), "2026-10").await;
    assert_eq!(counts(&third), [1, 30_000, 2, 0, 0, 0]);
    // A month before any rate, and one that has not come.
    assert_eq!(counts(&office.charge(&treasurer, &root, "2025-12").await), [0, 0, 0, 0, 5, 0]);
    let far = "mutation($unit: ID!) { chargeMonth(unit: $unit, month: \"2027-01\") { id } }";
    let refused = office.refusal(Some(&treasurer), far, json!({ "unit": root })).await;
    assert_eq!(refused, ("INVALID".into(), "in_the_future".into()));
}

#[tokio::test]
async fn a_charging_asked_for_twice_is_one() {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    let root = office.tenant.root.to_string();
    office.set_rate(&treasurer, &root, "FIXED", 30_000, "2026-01").await;
    let query = "mutation($unit: ID!) { chargeMonth(unit: $unit, month: \"2026-11\") { id } }";
    let one = office.get(&treasurer, query, json!({ "unit": root })).await;
    let two = office.get(&treasurer, query, json!({ "unit": root })).await;
    assert_eq!(one, two);
    office.work().await;
    let runs = office.get(&treasurer, "{ chargeRuns { nodes { summary { charged } } } }", json!({})).await;
    assert_eq!(runs["chargeRuns"]["nodes"], json!([{ "summary": { "charged": 5 } }]));
}

#[tokio::test]
async fn what_is_taken_back_restores_the_balance_and_stays_in_the_ledger() {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    let root = office.tenant.root.to_string();
    office.set_rate(&treasurer, &root, "FIXED", 30_000, "2026-01").await;
    office.charge(&treasurer, &root, "2026-10").await;
    let member = office.member("Абрамов").await;
    office.pay(&treasurer, payment(&member, 50_000, 1)).await;
    assert_eq!(office.balance(&treasurer, &member).await, 20_000);

    let dues = office.dues(&treasurer, &member).await;
    let entry = |dues: &Value, kind: &str| {
        let nodes = dues["entries"]["nodes"].as_array().unwrap();
        nodes.iter().find(|node| node["kind"] == kind).unwrap().clone()
    };
    let wrong = entry(&dues, "PAYMENT");
    let blank = json!({ "entry": wrong["id"], "reason": "  " });
    assert_eq!(office.refusal(Some(&treasurer), REVERSE, blank).await, ("INVALID".into(), "empty".into()));
    let reverse = json!({ "entry": wrong["id"], "reason": "Не тот человек" });
    let done = office.get(&treasurer, REVERSE, reverse.clone()).await["reverseEntry"].clone();
    assert_eq!(done, json!({ "status": "OK", "dues": { "balanceKopecks": -30_000 } }));
    let again = office.get(&treasurer, REVERSE, reverse).await["reverseEntry"].clone();
    assert_eq!(again, json!({ "status": "ALREADY_REVERSED", "dues": { "balanceKopecks": -30_000 } }));

    let dues = office.dues(&treasurer, &member).await;
    let reversal = entry(&dues, "PAYMENT_REVERSAL");
    assert_eq!(reversal["reverses"], wrong["id"]);
    assert_eq!(entry(&dues, "PAYMENT")["reversedBy"], reversal["id"]);
    assert_eq!(dues["entries"]["nodes"].as_array().unwrap().len(), 3, "nothing was removed");
    let itself = json!({ "entry": reversal["id"], "reason": "Ошибка" });
    let refused = office.get(&treasurer, REVERSE, itself).await;
    assert_eq!(refused["reverseEntry"]["status"], "IS_REVERSAL");
}

#[tokio::test]
async fn a_charge_that_was_taken_back_is_charged_again_only_on_demand() {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    let root = office.tenant.root.to_string();
    office.set_rate(&treasurer, &root, "FIXED", 30_000, "2026-01").await;
    office.charge(&treasurer, &root, "2026-10").await;
    let member = office.member("Абрамов").await;
    let dues = office.dues(&treasurer, &member).await;
    let reverse = json!({ "entry": dues["entries"]["nodes"][0]["id"], "reason": "Не та ставка" });
    office.get(&treasurer, REVERSE, reverse).await;
    office.set_rate(&treasurer, &root, "FIXED", 20_000, "2026-01").await;
    let run = office.charge(&treasurer, &root, "2026-10").await;
    assert_eq!((&run["charged"], &run["chargedBefore"]), (&json!(0), &json!(5)));
    assert_eq!(office.balance(&treasurer, &member).await, 0);

    let query = "mutation($member: ID!) { chargeMember(member: $member, month: \"2026-10\") { status dues { balanceKopecks } } }";
    for status in ["OK", "ALREADY_CHARGED"] {
        let charged =
            office.get(&treasurer, query, json!({ "member": member })).await["chargeMember"].clone();
        assert_eq!(charged, json!({ "status": status, "dues": { "balanceKopecks": -20_000 } }));
    }
}

#[tokio::test]
async fn a_payment_is_recorded_once_and_only_a_possible_one() {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    let member = office.member("Абрамов").await;
    for _ in 0..2 {
        let answer = office.pay(&treasurer, payment(&member, 12_345, 1)).await;
        assert_eq!(answer["data"]["recordPayment"]["balanceKopecks"], 12_345, "{answer}");
    }
    // The same request for another payment is a mistake of the caller.
    let other = office.pay(&treasurer, payment(&member, 500, 1)).await;
    assert_eq!(other["errors"][0]["extensions"]["code"], "CONFLICT");
    let bank = |request, reference: &str| {
        let mut input = payment(&member, 1_000, request);
        input["method"] = json!("BANK");
        input["reference"] = json!(reference);
        input
    };
    office.pay(&treasurer, bank(2, "ПП-17")).await;
    let twice = office.pay(&treasurer, bank(3, "ПП-17")).await;
    assert_eq!(twice["errors"][0]["extensions"]["fields"][0]["reason"], "reference_taken", "{twice}");
    for (change, reason) in [
        (json!({ "kopecks": 0 }), "out_of_range"),
        (json!({ "kopecks": -5 }), "out_of_range"),
        (json!({ "kopecks": 100_000_000_001_i64 }), "out_of_range"),
        (json!({ "paidOn": "2026-11-24" }), "in_the_future"),
        (json!({ "paidOn": "1999-01-01" }), "out_of_range"),
        (json!({ "note": "я".repeat(501) }), "too_long"),
    ] {
        let mut input = payment(&member, 1_000, 9);
        for (key, value) in change.as_object().unwrap() {
            input[key] = value.clone();
        }
        let answer = office.pay(&treasurer, input).await;
        assert_eq!(answer["errors"][0]["extensions"]["fields"][0]["reason"], reason, "{change}: {answer}");
    }
    assert_eq!(office.balance(&treasurer, &member).await, 13_345);
}
