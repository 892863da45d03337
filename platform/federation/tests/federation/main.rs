//! The life of organizations, against a real database: as the federation's administrators steer it, and as others try.

mod deletion;
mod house;

use chrono::TimeDelta;
use house::{CREATE, House, RESUME, SUSPEND, input, of_federation};
use plenum_access::first_administrator;
use plenum_kernel::TypedId;
use plenum_tenancy::store::{access, grants, tenants};
use serde_json::{Value, json};

const LIMIT: &str =
    "mutation($tenant: ID!, $limits: TenantLimitsInput!) { limitTenant(tenant: $tenant, limits: $limits) {
    status tenant { limits { storageBytes lettersDaily participants } } } }";
const RESEND: &str = "mutation($tenant: ID!) { resendFirstInvitation(tenant: $tenant) { status tenant { firstInvitation { state } } } }";
const LIST: &str = "{ overseenTenants { id slug suspendedAt usage { accounts members } } }";

#[tokio::test]
async fn an_organization_is_made_and_its_administrator_is_invited() {
    let house = House::new().await;
    let made = house.create("gornyaki").await;
    assert_eq!(made["status"], "OK", "{made}");
    assert_eq!(made["tenant"]["parent"], house.admin.tenant.global());
    let mut directory = house.world.db.global(None).await.expect("opened");
    let tenant = tenants::by_slug(&mut directory, "gornyaki").await.expect("read").expect("it is there");
    drop(directory);
    let mut tx = house.inside(tenant.id).await;
    assert_eq!(grants::lasting_administrators(&mut tx).await.expect("read").len(), 0);
    assert_eq!(access::count(&mut tx).await.expect("read"), 0, "nobody enters before they accept");
    let invitation = first_administrator::invitation(&mut tx).await.expect("read").expect("it waits");
    assert_eq!((invitation.email.as_str(), invitation.role.as_str()), ("first@example.org", "administrator"));
    assert_eq!(invitation.invited_by, None);
    assert_eq!(plenum_audit::latest(&mut tx, "federation.create_tenant", 5).await.expect("read").len(), 1);
    drop(tx);
    assert_eq!(house.recorded(&house.admin, "federation.create_tenant").await, 1);
    // Again it is somebody else's name, also when all is the same.
    assert_eq!(house.create("gornyaki").await["status"], "SLUG_TAKEN");
    let mut wrong = input("Горняки");
    wrong["administratorEmail"] = json!("нет");
    wrong["name"] = json!(" ");
    let answer = house.raw(&house.admin, CREATE, json!({ "input": wrong })).await;
    let fields = answer["errors"][0]["extensions"]["fields"].as_array().expect("faults").clone();
    let faults: Vec<&str> = fields.iter().map(|fault| fault["reason"].as_str().expect("a word")).collect();
    assert_eq!(faults, ["not_a_slug", "empty", "email_invalid"]);
}

#[tokio::test]
async fn the_invitation_of_a_first_administrator_is_sent_again_while_it_waits() {
    let house = House::new().await;
    let made = house.create("gornyaki").await;
    let tenant = json!({ "tenant": made["tenant"]["id"] });
    let list = "{ overseenTenants { id firstInvitation { email name state } } }";
    let shown = house.ask(&house.admin, list, json!({})).await["overseenTenants"].clone();
    let of = |id: &Value| {
        let all = shown.as_array().expect("a list");
        all.iter().find(|one| one["id"] == *id).expect("shown")["firstInvitation"].clone()
    };
    let expected = json!({ "email": "first@example.org", "name": "Первая Анна", "state": "WAITING" });
    assert_eq!(of(&made["tenant"]["id"]), expected);
    assert_eq!(of(&json!(house.member.id.global())), Value::Null, "it was not made with one");

    let answer = house.raw(&house.admin, RESEND, tenant.clone()).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{answer}");
    house.world.clock.advance(TimeDelta::days(8));
    let shown = house.ask(&house.admin, RESEND, tenant.clone()).await["resendFirstInvitation"].clone();
    let waits = json!({ "status": "OK", "tenant": { "firstInvitation": { "state": "WAITING" } } });
    assert_eq!(shown, waits, "what expired waits again");
    assert_eq!(house.recorded(&house.admin, "federation.invite_administrator").await, 1);
    let none = json!({ "tenant": house.member.id.global() });
    let answer = house.ask(&house.admin, RESEND, none).await;
    assert_eq!(answer["resendFirstInvitation"]["status"], "ALREADY");
    // Neither those of the organization nor those of another federation do it.
    let local = house.world.viewer(&house.member, "administrator").await;
    let answer = house.raw(&local, RESEND, tenant.clone()).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
    let foreign = of_federation(&house.world, 1).await;
    let answer = house.raw(&foreign, RESEND, tenant).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND", "{answer}");
}

#[tokio::test]
async fn what_was_begun_and_not_ended_is_ended_by_doing_it_again() {
    let house = House::new().await;
    let begun = tenants::Tenant {
        id: plenum_kernel::TenantId::new(),
        slug: "gornyaki".to_owned(),
        name: "Профсоюз горняков".to_owned(),
        short_name: "ГМПР".to_owned(),
        is_federation: false,
    };
    let mut operator = house.world.db.operator("test").await.expect("opened");
    tenants::insert(&mut operator, &begun, Some(house.admin.tenant)).await.expect("inserted");
    operator.commit().await.expect("committed");
    let made = house.create("gornyaki").await;
    assert_eq!((&made["status"], &made["tenant"]["id"]), (&json!("OK"), &json!(begun.id.global())));
}

#[tokio::test]
async fn a_suspended_organization_admits_nobody_until_it_is_resumed() {
    let house = House::new().await;
    let person = house.world.viewer(&house.member, "member").await;
    let account = person.account().expect("a person");
    let enters = async || {
        let mut tx = house.inside(house.member.id).await;
        let admitted = access::admits(&mut tx, account).await.expect("read");
        drop(tx);
        let mut directory = house.world.db.global(Some(account)).await.expect("opened");
        let listed = tenants::of_account(&mut directory, account).await.expect("read").len();
        (admitted, listed)
    };
    assert_eq!(enters().await, (true, 1));
    let tenant = json!({ "tenant": house.member.id.global() });
    let suspended = house.ask(&house.admin, SUSPEND, tenant.clone()).await["suspendTenant"].clone();
    assert_eq!(
        (&suspended["status"], &suspended["tenant"]["suspendedReason"]),
        (&json!("OK"), &json!("долг"))
    );
    assert_eq!(enters().await, (false, 0));
    assert_eq!(house.ask(&house.admin, SUSPEND, tenant.clone()).await["suspendTenant"]["status"], "ALREADY");
    assert_eq!(house.recorded(&person, "federation.suspend_tenant").await, 1);
    assert_eq!(house.recorded(&house.admin, "federation.suspend_tenant").await, 1);
    for expected in ["OK", "ALREADY"] {
        let answer = house.ask(&house.admin, RESUME, tenant.clone()).await;
        assert_eq!(answer["resumeTenant"]["status"], expected);
    }
    assert_eq!(enters().await, (true, 1));
    // The apparatus does not shut itself out.
    let own = json!({ "tenant": house.admin.tenant.global() });
    let answer = house.raw(&house.admin, SUSPEND, own).await;
    assert_eq!(answer["errors"][0]["extensions"]["fields"][0]["reason"], "own");
}

#[tokio::test]
async fn limits_are_set_and_lifted_and_sizes_are_numbers() {
    let house = House::new().await;
    house.world.viewer(&house.member, "member").await;
    let limits = json!({ "storageBytes": 1000, "participants": 0 });
    let variables = json!({ "tenant": house.member.id.global(), "limits": limits });
    let limited = house.ask(&house.admin, LIMIT, variables).await["limitTenant"].clone();
    assert_eq!(
        limited["tenant"]["limits"],
        json!({ "storageBytes": 1000, "lettersDaily": null, "participants": 0 })
    );
    let mut tx = house.inside(house.member.id).await;
    let known = tenants::limits(&mut tx).await.expect("read");
    assert_eq!((known.storage_bytes, known.letters_daily, known.participants), (Some(1000), None, Some(0)));
    drop(tx);
    let variables = json!({ "tenant": house.member.id.global(), "limits": { "lettersDaily": -1 } });
    let answer = house.raw(&house.admin, LIMIT, variables).await;
    assert_eq!(answer["errors"][0]["extensions"]["fields"][0]["path"], "limits.lettersDaily");
    let shown = house.ask(&house.admin, LIST, json!({})).await["overseenTenants"].clone();
    let slugs: Vec<&Value> = shown.as_array().expect("a list").iter().map(|one| &one["slug"]).collect();
    assert!(slugs.contains(&&json!("alpha")), "{slugs:?}");
    let alpha = shown.as_array().expect("a list").iter().find(|one| one["slug"] == "alpha").expect("shown");
    assert_eq!(alpha["usage"], json!({ "accounts": 1, "members": 0 }));
    assert_eq!(house.recorded(&house.admin, "federation.read_usage").await, 1);
}

#[tokio::test]
async fn nobody_else_steers_organizations_nor_learns_of_those_of_another_federation() {
    let house = House::new().await;
    let foreign = of_federation(&house.world, 1).await;
    let local = house.world.viewer(&house.member, "administrator").await;
    let simple = house.world.viewer(&house.member, "member").await;
    let known = json!({ "tenant": house.member.id.global(), "limits": {}, "input": input("gornyaki") });
    let nothing = json!({ "tenant": plenum_kernel::TenantId::new().global(), "limits": {}, "input": {} });
    for operation in [SUSPEND, RESUME, LIMIT] {
        let only = |variables: &Value| {
            let mut variables = variables.clone();
            let map = variables.as_object_mut().expect("an object");
            map.remove("input");
            if operation != LIMIT {
                map.remove("limits");
            }
            variables
        };
        // Of another federation it is as if it were not there.
        let answer = house.raw(&foreign, operation, only(&known)).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND", "{answer}");
        assert_eq!(answer, house.raw(&foreign, operation, only(&nothing)).await);
        for viewer in [&local, &simple] {
            let answer = house.raw(viewer, operation, only(&known)).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
        }
    }
    let mut below = input("gornyaki");
    below["parent"] = json!(house.member.id.global());
    let answer = house.raw(&foreign, CREATE, json!({ "input": below })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND", "{answer}");
    for viewer in [&local, &simple] {
        for (operation, variables) in [(LIST, json!({})), (CREATE, json!({ "input": input("gornyaki") }))] {
            let answer = house.raw(viewer, operation, variables).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
        }
    }
    let shown = house.ask(&foreign, LIST, json!({})).await["overseenTenants"].clone();
    let ours = json!(house.member.id.global());
    assert!(shown.as_array().expect("a list").iter().all(|one| one["id"] != ours), "{shown}");
    let mut directory = house.world.db.global(None).await.expect("opened");
    assert!(tenants::by_slug(&mut directory, "gornyaki").await.expect("read").is_none(), "nothing was made");
}
