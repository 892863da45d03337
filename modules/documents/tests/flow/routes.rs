//! Routes: sequential, parallel, sent back, with substitutes.

use crate::office::{Office, PASSWORD, fault, reason};

#[tokio::test]
async fn a_route_goes_from_group_to_group() {
    let office = Office::open().await;
    let (anna, boris, vera) =
        (office.person("member").await, office.person("member").await, office.person("member").await);
    let document = office.paper("ORDER", "О премировании").await;
    let started = office
        .route(&document, &[(1, "APPROVE", &anna), (1, "ACKNOWLEDGE", &boris), (2, "SIGN", &vera)])
        .await;
    assert_eq!(started["data"]["startRoute"]["state"], "ROUTING", "{started}");
    let again = office.route(&document, &[(1, "APPROVE", &anna)]).await;
    assert_eq!(reason(&again), "on_route");

    // Vera's turn has not come; Anna's step is not Boris's.
    let route = office.see(&vera, &document, "route { id state isViewers }").await;
    assert_eq!(route["route"][2]["state"], "WAITING");
    let veras = route["route"][2]["id"].as_str().expect("an id").to_owned();
    let early = office.sign(&vera, &veras, PASSWORD).await;
    assert_eq!(reason(&early), "step_too_early");
    let annas = office.my_step(&anna, &document).await;
    let foreign = office.decide(&boris, &annas).await;
    assert_eq!(foreign["errors"][0]["extensions"]["code"], "NOT_FOUND", "{foreign}");

    assert_eq!(office.decide(&anna, &annas).await["data"]["decideStep"]["state"], "ROUTING");
    assert_eq!(reason(&office.decide(&anna, &annas).await), "step_over");
    let boriss = office.my_step(&boris, &document).await;
    office.decide(&boris, &boriss).await;
    // A signature is not given by approving.
    assert_eq!(reason(&office.decide(&vera, &veras).await), "another_act");
    let signed = office.sign(&vera, &veras, PASSWORD).await;
    assert_eq!(signed["data"]["signStep"]["document"]["state"], "COMPLETED", "{signed}");
    assert_eq!(reason(&office.sign(&vera, &veras, PASSWORD).await), "step_over");
    assert_eq!(reason(&office.route(&document, &[(1, "APPROVE", &anna)]).await), "route_over");
}

#[tokio::test]
async fn what_was_sent_back_begins_anew_with_a_new_version() {
    let office = Office::open().await;
    let (anna, vera) = (office.person("member").await, office.person("member").await);
    let document = office.paper("ORDER", "О смете").await;
    office.route(&document, &[(1, "APPROVE", &anna), (2, "SIGN", &vera)]).await;
    let step = office.my_step(&anna, &document).await;
    let send_back = |comment: &str| {
        format!("mutation {{ returnForRework(step: \"{step}\", comment: \"{comment}\") {{ state }} }}")
    };
    assert_eq!(fault(&office.ask(&anna, &send_back(" ")).await).1, "empty");
    let file = office.upload(&office.clerk, "b.txt", "text/plain", b"second").await;
    assert_eq!(reason(&office.add_version(&office.clerk, &document, &file).await), "on_route");
    let returned = office.done(&anna, &send_back("Исправьте итог")).await;
    assert_eq!(returned["state"], "RETURNED");
    assert_eq!(reason(&office.ask(&anna, &send_back("Ещё раз")).await), "step_over");
    assert_eq!(reason(&office.route(&document, &[(1, "APPROVE", &anna)]).await), "needs_version");

    let added = office.add_version(&office.clerk, &document, &file).await;
    assert_eq!(added["data"]["addVersion"]["state"], "ROUTING", "{added}");
    let seen = office.see(&anna, &document, "route { round state } pastSteps { state comment }").await;
    assert_eq!(seen["route"][0]["round"], 2);
    assert_eq!(seen["route"][0]["state"], "ACTIVE");
    assert_eq!(seen["pastSteps"][0]["comment"], "Исправьте итог");
    assert_eq!(seen["pastSteps"][1]["state"], "SKIPPED");
}

#[tokio::test]
async fn a_substitute_acts_for_the_person_in_the_period_only() {
    let office = Office::open().await;
    let (chief, deputy) = (office.person("member").await, office.person("member").await);
    let document = office.paper("ORDER", "О дежурстве").await;
    office.route(&document, &[(1, "SIGN", &chief)]).await;
    let step = office.my_step(&chief, &document).await;
    let name = |whom: &plenum_authz::Viewer, from: &str, to: &str| {
        let account = whom.account().expect("a person");
        format!(
            "mutation {{ nameSubstitute(input: {{ account: \"{account}\", startsOn: \"{from}\", endsOn: \"{to}\" }}) \
             {{ id substitute {{ id }} }} }}"
        )
    };
    assert_eq!(fault(&office.ask(&chief, &name(&chief, "2026-11-23", "2026-11-24")).await).1, "oneself");
    assert_eq!(
        fault(&office.ask(&chief, &name(&deputy, "2026-11-24", "2026-11-23")).await).1,
        "not_a_period"
    );
    // Tomorrow is not today.
    office.done(&chief, &name(&deputy, "2026-11-24", "2026-11-25")).await;
    let refused = office.sign(&deputy, &step, PASSWORD).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_FOUND", "{refused}");
    let named = office.done(&chief, &name(&deputy, "2026-11-23", "2026-11-23")).await;
    let today = named[0]["id"].as_str().expect("an id").to_owned();
    let seen = office.see(&deputy, &document, "route { isViewers viewerActsFor { id } }").await;
    assert_eq!(seen["route"][0]["viewerActsFor"]["id"], chief.account().expect("a person").to_string());
    // Another's substitution cannot be ended.
    let end = format!("mutation {{ endSubstitute(substitute: \"{today}\") {{ id }} }}");
    assert_eq!(office.ask(&deputy, &end).await["errors"][0]["extensions"]["code"], "NOT_FOUND");
    let signed = office.sign(&deputy, &step, PASSWORD).await;
    assert_eq!(signed["data"]["signStep"]["status"], "OK", "{signed}");
    let signatures = office.signatures(&chief, &document).await;
    assert_eq!(signatures[0]["valid"], true);
    assert!(signatures[0]["onBehalfOf"].is_string(), "{signatures}");
    assert_eq!(office.done(&chief, &end).await.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_route_needs_a_version_and_people_of_the_organization() {
    let office = Office::open().await;
    let anna = office.person("member").await;
    let bare = office.document("ORDER", "Без файла").await;
    assert_eq!(reason(&office.route(&bare, &[(1, "APPROVE", &anna)]).await), "no_version");
    let document = office.paper("ORDER", "С файлом").await;
    assert_eq!(reason(&office.route(&document, &[]).await), "not_a_route");
    assert_eq!(reason(&office.route(&document, &[(2, "APPROVE", &anna)]).await), "not_a_route");
    let stranger = office.server.world.viewer(office.tenant.twin(), "member").await;
    let refused = office.route(&document, &[(1, "APPROVE", &stranger)]).await;
    assert_eq!(fault(&refused), ("steps.0.account".to_owned(), "not_of_organization".to_owned()));
}
