//! One of each thing of dues: a rate, a charge, a payment, an exemption, a charging, a bank's list.

use guards::server::Server;
use plenum_authz::Viewer;
use testkit::Tenant;
use uuid::Uuid;

use super::keep;

/// Makes them as the tenant's administrator, with the canary in every text.
pub async fn dues(server: &Server, tenant: &Tenant, administrator: &Viewer, canary: &str) {
    let unit = tenant.units[0];
    let people = server.ask(administrator, "{ members { nodes { id fullName } } }").await;
    let member = people["data"]["members"]["nodes"]
        .as_array()
        .and_then(|all| {
            all.iter()
                .find(|one| one["fullName"].as_str().is_some_and(|name| name.to_uppercase().contains(canary)))
        })
        .and_then(|one| one["id"].as_str())
        .unwrap_or_else(|| panic!("a member: {people}"))
        .to_owned();
    let csv =
        format!("card;date;sum;ref\n77-1;20.11.2026;10;{canary}-1\n{canary};20.11.2026;10;{canary}-2\n");
    let file = keep(server, administrator, &format!("{canary}-bank.csv"), "text/csv", &csv).await;
    let request = Uuid::now_v7();
    for step in [
        format!(
            "mutation {{ setDuesRate(input: {{ unit: \"{unit}\", kind: FIXED, value: 30000, validFrom: \"2026-01\" }}) {{ id }} }}"
        ),
        format!(
            "mutation {{ declareSalary(input: {{ member: \"{member}\", kopecks: 5000000, validFrom: \"2026-01\" }}) {{ member }} }}"
        ),
        format!(
            "mutation {{ grantExemption(input: {{ member: \"{member}\", ground: OTHER, from: \"2026-01\", until: \"2026-02\", note: \"{canary}\" }}) {{ member }} }}"
        ),
        format!("mutation {{ chargeMonth(unit: \"{unit}\", month: \"2026-10\") {{ id }} }}"),
        format!("mutation {{ chargeMember(member: \"{member}\", month: \"2026-09\") {{ status }} }}"),
        format!(
            "mutation {{ recordPayment(input: {{ member: \"{member}\", kopecks: 1000, paidOn: \"2026-11-20\", method: CASH, note: \"{canary}\", request: \"{request}\" }}) {{ member }} }}"
        ),
        format!("mutation {{ checkBankList(file: \"{}\", unit: \"{unit}\") {{ id }} }}", file),
    ] {
        let answer = server.ask(administrator, &step).await;
        assert!(answer["errors"].is_null(), "{step}: {answer}");
    }
}
