//! Who sees what.

use crate::office::Office;

#[tokio::test]
async fn clerks_see_their_units_and_others_where_they_take_part() {
    let office = Office::open().await;
    let world = &office.server.world;
    let unit = office.tenant.units[0];
    let local = world.viewer_in(&office.tenant, "clerk", unit).await;
    let (member, stranger) = (office.person("member").await, office.person("member").await);
    let central = office.paper("ORDER", "Центральный").await;
    let below = office
        .done(
            &office.clerk,
            &format!("mutation {{ createDocument(kind: ORDER, unit: \"{unit}\", input: {{ title: \"Местный\" }}) {{ id }} }}"),
        )
        .await["id"]
        .clone();
    let titles = |viewer: &plenum_authz::Viewer, view: &str| {
        let operation = format!("{{ documents{view} {{ nodes {{ title }} }} }}");
        let (office, viewer) = (&office, viewer.clone());
        async move {
            let all = office.done(&viewer, &operation).await;
            let mut titles: Vec<String> =
                all["nodes"].as_array().expect("nodes").iter().map(|n| n["title"].to_string()).collect();
            titles.sort();
            titles.join(",")
        }
    };
    assert_eq!(titles(&office.clerk, "").await, "\"Местный\",\"Центральный\"");
    assert_eq!(titles(&local, "").await, "\"Местный\"");
    assert_eq!(titles(&member, "").await, "");
    assert!(office.see(&member, &central, "title").await.is_null());

    office.route(&central, &[(1, "APPROVE", &member)]).await;
    assert_eq!(titles(&member, "").await, "\"Центральный\"");
    assert_eq!(titles(&member, "(filter: { view: TO_APPROVE })").await, "\"Центральный\"");
    assert_eq!(titles(&member, "(filter: { view: TO_SIGN })").await, "");
    assert_eq!(titles(&stranger, "").await, "");
    let counts = office.done(&member, "{ documentCounts { toSign toApprove tasks overdueTasks } }").await;
    assert_eq!(counts["toApprove"], 1, "{counts}");

    // The clerk of one unit does nothing to another's document.
    let edit = |document: &str| {
        format!(
            "mutation {{ editDocument(document: \"{document}\", input: {{ title: \"Иначе\" }}) {{ title }} }}"
        )
    };
    let refused = office.ask(&local, &edit(&central)).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refused}");
    assert_eq!(office.done(&local, &edit(below.as_str().expect("an id"))).await["title"], "Иначе");
    let refused = office.ask(&member, &edit(&central)).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refused}");
}
