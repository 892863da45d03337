//! Invitations against a real database: as administrators send them, as people accept them, and as attackers would.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};

use async_graphql::{EmptySubscription, MergedObject, Request, Schema, Variables};
use axum::http::{HeaderMap, header};
use chrono::TimeDelta;
use plenum_access::{
    Tools,
    graphql::{AccessMutation, AccessQuery},
};
use plenum_authz::{Catalogue, Permission, Viewer};
use plenum_db::Access;
use plenum_graph::{Credential, RequestScope, ViewerSource};
use plenum_identity::{
    Identity, Sealer, cookie,
    graphql::{IdentityMutation, IdentityQuery},
    password,
    store::{accounts, email_changes},
    token,
};
use plenum_jobs::Worker;
use plenum_kernel::{AccountId, TypedId};
use plenum_mail::{Mailer, Outbox};
use plenum_tenancy::store::{access, grants};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{Tenant, World};

const READ: Permission = Permission::new("test.read");
const VIEW: Permission = Permission::new("members.view");
const EDIT: Permission = Permission::new("members.edit");
const WORDS: (&str, &str) = ("слово", "слово");
const POLICY: &str = "p, register_keeper, members.view\np, register_keeper, members.edit\n\
                      p, primary_chair, members.view\n";
const PASSWORD: &str = "рыжий кот поёт на крыше";
/// After so long something does not happen any more, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

const INVITE: &str =
    "mutation($input: InviteInput!) { invite(input: $input) { status exceeding invitation { id state } } }";
const RESEND: &str = "mutation($invitation: ID!) { resendInvitation(invitation: $invitation) { status invitation { letters invitedBy state refusal } } }";
const REVOKE: &str = "mutation($invitation: ID!) { revokeInvitation(invitation: $invitation, reason: \"передумали\") { status invitation { state } } }";
const LIST: &str = "query($search: String, $state: InvitationState, $first: Int!, $after: String) {
    invitations(search: $search, state: $state, first: $first, after: $after) {
        nodes { id email name role unitName state invitedBy endedBy account refusal letters canBeSent }
        pageInfo { hasNextPage endCursor } } }";
const OFFER: &str = "query($organization: String!, $token: String!) { invitationOffer(organization: $organization, token: $token) {
    state organization invitedBy email name role { ru } unitName until way refusal } }";
const ACCEPT: &str =
    "mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { status } }";

#[derive(MergedObject, Default)]
struct Query(IdentityQuery, AccessQuery);

#[derive(MergedObject, Default)]
struct Mutation(IdentityMutation, AccessMutation);

struct House {
    world: World,
    tenant: Tenant,
    schema: Schema<Query, Mutation, EmptySubscription>,
    identity: Identity,
    worker: Worker,
    administrator: Viewer,
    outbox: TempDir,
}

impl House {
    async fn new() -> Self {
        let files = [("identity", plenum_identity::POLICY), ("test", POLICY)];
        let world = World::builder().policy(&files).build().await;
        let tenant = world.tenant("alpha", &["ППО № 1", "ППО № 2"]).await;
        let outbox = tempfile::tempdir().expect("a temporary folder can be made");
        let from = "Пленум <plenum@example.org>".parse().expect("an address");
        let identity = Identity {
            db: world.db.clone(),
            mailer: Arc::new(Mailer::outbox(outbox.path(), from)),
            public_url: Arc::from("http://localhost:1"),
            secure_cookies: false,
            sealer: Sealer::new(&[7; 32]),
            passkeys: None,
        };
        let catalogue = Catalogue::new(&[
            plenum_tenancy::permissions::CATALOGUE,
            plenum_identity::permissions::CATALOGUE,
            &[
                VIEW.described(WORDS, WORDS),
                EDIT.described(WORDS, WORDS),
                Permission::new("files.upload").described(WORDS, WORDS),
                Permission::new("files.view").described(WORDS, WORDS),
            ],
        ]);
        let schema = Schema::build(Query::default(), Mutation::default(), EmptySubscription)
            .data(world.db.clone())
            .data(Arc::new(catalogue))
            .data(identity.clone())
            .finish();
        let tools = Tools {
            identity: identity.clone(),
            secret: Arc::from(vec![7_u8; 32]),
            time_zone: chrono_tz::Tz::Europe__Moscow,
        };
        let worker = plenum_access::register(Worker::new(world.db.clone(), "test"), tools);
        let administrator = world.viewer(&tenant, "administrator").await;
        Self { world, tenant, schema, identity, worker, administrator, outbox }
    }

    /// One operation by somebody with the rights that they have now.
    async fn raw(&self, viewer: &Viewer, operation: &str, variables: Value) -> Value {
        let system = Viewer::system(viewer.tenant, "test");
        let mut tx = self.world.db.tenant(&system, READ, Access::Read).await.expect("opened");
        let account = viewer.account().expect("a person");
        let held = match access::admits(&mut tx, account).await.expect("read") {
            true => grants::of_account(&mut tx, account).await.expect("read"),
            false => Vec::new(),
        };
        drop(tx);
        let viewer = Viewer { grants: held, ..viewer.clone() };
        let request = Request::new(operation)
            .variables(Variables::from_json(variables))
            .data(self.world.scope(Some(&viewer)));
        serde_json::to_value(self.schema.execute(request).await).expect("an answer is plain data")
    }

    async fn ask(&self, viewer: &Viewer, operation: &str, variables: Value) -> Value {
        let answer = self.raw(viewer, operation, variables).await;
        assert!(answer["errors"].is_null(), "{operation}: {answer}");
        answer["data"].clone()
    }

    /// Invites; the status or the code of the refusal, and the invitation's id.
    async fn invite(&self, viewer: &Viewer, input: Value) -> (String, Value) {
        let answer = self.raw(viewer, INVITE, json!({ "input": input })).await;
        match answer["errors"][0]["extensions"]["code"].as_str() {
            Some(code) => (code.to_owned(), answer["errors"][0]["extensions"].clone()),
            None => {
                let payload = &answer["data"]["invite"];
                (status(payload), payload["invitation"]["id"].clone())
            }
        }
    }

    fn input(&self, email: &str, role: &str) -> Value {
        json!({
            "email": email, "name": "Ольга Новикова", "language": "RU", "role": role,
            "unit": self.tenant.root.global(), "reason": "Приказ № 7",
        })
    }

    /// An invitation that waits: its id and the secret of its letter's link.
    async fn invited(&self, viewer: &Viewer, email: &str, role: &str) -> (Value, String) {
        let (status, id) = self.invite(viewer, self.input(email, role)).await;
        assert_eq!(status, "OK", "{id}");
        let secret = self.secrets(email).await.pop().expect("a letter");
        (id, secret)
    }

    /// The secrets of all letters of invitation to an address, the oldest first, after the jobs are done.
    async fn secrets(&self, email: &str) -> Vec<String> {
        self.worker.drain(self.tenant.id).await.expect("the jobs are done");
        let mut found = self.letters(email, "Приглашение").await;
        found.sort_by_key(|(id, _)| id.clone());
        found
            .into_iter()
            .map(|(_, text)| {
                let (_, rest) = text.split_once("/invitation/alpha?token=").expect("a link");
                rest.chars().take_while(char::is_ascii_alphanumeric).collect()
            })
            .collect()
    }

    async fn letters(&self, email: &str, subject: &str) -> Vec<(String, String)> {
        let outbox = Outbox::new(self.outbox.path());
        let mut found = Vec::new();
        for line in outbox.list(100, None).await.expect("the outbox can be read") {
            if line.to.contains(email) && line.subject.contains(subject) {
                let letter = outbox.read(&line.id).await.expect("read").expect("it is there");
                found.push((line.id, letter.text));
            }
        }
        found
    }

    async fn list(&self, viewer: &Viewer, state: Option<&str>) -> Vec<Value> {
        let answer = self.ask(viewer, LIST, json!({ "state": state, "first": 50 })).await;
        answer["invitations"]["nodes"].as_array().expect("a list").clone()
    }

    /// The one invitation of this id as its administrator sees it.
    async fn shown(&self, id: &Value) -> Value {
        let all = self.list(&self.administrator, None).await;
        all.into_iter().find(|one| one["id"] == *id).expect("it is listed")
    }

    /// The roles that an account holds here, and who gave them.
    async fn held(&self, account: AccountId) -> Vec<(String, Option<AccountId>)> {
        let system = Viewer::system(self.tenant.id, "test");
        let mut tx = self.world.db.tenant(&system, READ, Access::Read).await.expect("opened");
        let held = grants::held(&mut tx, Some(&[account]), None).await.expect("read");
        held.into_iter().map(|one| (one.role, one.given_by)).collect()
    }

    async fn account(&self, email: &str) -> Option<AccountId> {
        let mut tx = self.world.db.global(None).await.expect("opened");
        accounts::by_email(tx.conn(), email).await.expect("read").map(|account| account.id)
    }

    /// An account that signs in with [`PASSWORD`]; its address.
    async fn with_password(&self) -> (AccountId, String) {
        let id = self.world.account("Пётр").await;
        let hash = password::hash(PASSWORD.to_owned()).await.expect("hashing works");
        let mut tx = self.world.db.global(None).await.expect("opened");
        accounts::set_password(tx.conn(), id, &hash).await.expect("set");
        let account = accounts::by_id(tx.conn(), id).await.expect("read").expect("it is there");
        tx.commit().await.expect("committed");
        (id, account.email)
    }

    /// What is recorded, newest first.
    async fn recorded(&self, action: &str) -> Vec<Value> {
        let system = Viewer::system(self.tenant.id, "test");
        let mut tx = self.world.db.tenant(&system, READ, Access::Read).await.expect("opened");
        let filter = plenum_audit::EntryFilter { action: Some(action.to_owned()), ..Default::default() };
        let entries = plenum_audit::list(&mut tx, &filter, None, 50).await.expect("read");
        entries.into_iter().map(|entry| entry.detail).collect()
    }

    fn browser(&self) -> Browser<'_> {
        Browser { house: self, cookies: BTreeMap::new() }
    }
}

fn status(payload: &Value) -> String {
    payload["status"].as_str().unwrap_or_else(|| panic!("a status: {payload}")).to_owned()
}

/// A browser without network: it keeps its cookies.
#[derive(Clone)]
struct Browser<'h> {
    house: &'h House,
    cookies: BTreeMap<String, String>,
}

impl Browser<'_> {
    async fn ask(&mut self, operation: &str, variables: Value) -> Value {
        let mut headers = HeaderMap::new();
        let line: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        headers.insert(header::COOKIE, line.join("; ").parse().expect("cookies are plain"));
        let token_hash = cookie::read(&headers, false).map(|secret| token::hash(&secret));
        let source: Arc<dyn ViewerSource> = Arc::new(self.house.identity.clone());
        let scope =
            RequestScope::request(source, Credential { token_hash, tenant: None }, "192.0.2.1".to_owned());
        let request = Request::new(operation)
            .variables(Variables::from_json(variables))
            .data(scope)
            .data(plenum_identity::Browser::of(&headers, false));
        let answer = self.house.schema.execute(request).await;
        for value in answer.http_headers.get_all(header::SET_COOKIE) {
            let value = value.to_str().expect("a cookie is plain");
            assert!(value.contains("HttpOnly") && value.contains("SameSite=Lax"), "{value}");
            let (name, value) =
                value.split(';').next().and_then(|pair| pair.split_once('=')).expect("a pair");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        serde_json::to_value(&answer).expect("an answer is plain data")
    }

    async fn get(&mut self, operation: &str, variables: Value) -> Value {
        let answer = self.ask(operation, variables).await;
        assert!(answer["errors"].is_null(), "{operation}: {answer}");
        answer["data"].clone()
    }

    async fn sign_in(&mut self, email: &str) {
        let operation = "mutation($input: SignInInput!) { signIn(input: $input) { status } }";
        let input = json!({ "input": { "email": email, "password": PASSWORD } });
        assert_eq!(self.get(operation, input).await["signIn"]["status"], "OK");
    }

    /// Who is signed in.
    async fn signed_in(&mut self) -> Option<String> {
        let data = self.get("{ viewer { account { email } } }", Value::Null).await;
        data["viewer"]["account"]["email"].as_str().map(str::to_owned)
    }

    async fn offer(&mut self, secret: &str) -> Value {
        self.get(OFFER, json!({ "organization": "alpha", "token": secret })).await["invitationOffer"].clone()
    }

    async fn accept(&mut self, secret: &str) -> String {
        let input = json!({ "organization": "alpha", "token": secret });
        status(&self.get(ACCEPT, json!({ "input": input })).await["acceptInvitation"])
    }

    async fn accept_new(&mut self, secret: &str, password: &str) -> String {
        let input = json!({
            "organization": "alpha", "token": secret, "name": "Новикова Ольга", "password": password,
        });
        status(&self.get(ACCEPT, json!({ "input": input })).await["acceptInvitation"])
    }

    fn token(&self) -> String {
        self.cookies.get("plenum").cloned().unwrap_or_default()
    }
}

#[tokio::test]
async fn a_stranger_is_invited_sets_a_password_and_has_the_role() {
    let house = House::new().await;
    let admin = house.administrator.account().expect("a person");
    let (id, secret) = house.invited(&house.administrator, "Olga@Example.org", "treasurer").await;
    assert_eq!(house.account("olga@example.org").await, None, "nothing is made before somebody accepts");

    let mut browser = house.browser();
    let offer = browser.offer(&secret).await;
    assert_eq!((&offer["state"], &offer["way"]), (&json!("WAITING"), &json!("NEW_ACCOUNT")));
    assert_eq!(offer["role"]["ru"], "Казначей");
    assert_eq!((&offer["unitName"], &offer["organization"]), (&json!("Аппарат"), &json!("Профсоюз")));
    assert_eq!((&offer["email"], &offer["name"]), (&json!("Olga@Example.org"), &json!("Ольга Новикова")));
    assert_eq!(offer["invitedBy"], "administrator");

    // What programs that look into letters do: reading as often as one likes changes nothing.
    for _ in 0..3 {
        assert_eq!(house.browser().offer(&secret).await, offer);
    }
    assert_eq!(house.shown(&id).await["state"], "WAITING");

    assert_eq!(browser.accept_new(&secret, "короткий").await, "PASSWORD_TOO_SHORT");
    assert_eq!(browser.accept_new(&secret, "qwertyuiop").await, "PASSWORD_BREACHED");
    for name in ["", "http://evil.example"] {
        let input = json!({ "organization": "alpha", "token": secret, "name": name, "password": PASSWORD });
        let answer = browser.ask(ACCEPT, json!({ "input": input })).await;
        assert_eq!(answer["errors"][0]["extensions"]["fields"][0]["path"], "input.name", "{answer}");
    }
    assert_eq!(house.account("olga@example.org").await, None);

    // A token that was planted before is worth nothing afterwards.
    browser.cookies.insert("plenum".to_owned(), "planted-by-somebody-else".to_owned());
    assert_eq!(browser.accept_new(&secret, PASSWORD).await, "OK");
    assert_ne!(browser.token(), "planted-by-somebody-else");
    assert_eq!(browser.signed_in().await.as_deref(), Some("Olga@Example.org"));
    let account = house.account("olga@example.org").await.expect("it is made");
    assert_eq!(house.held(account).await, [("treasurer".to_owned(), Some(admin))]);
    let mut tx = house.world.db.global(None).await.expect("opened");
    assert!(email_changes::is_verified(tx.conn(), account).await.expect("read"), "the letter came");
    let made = accounts::by_id(tx.conn(), account).await.expect("read").expect("it is there");
    assert_eq!(made.display_name, "Новикова Ольга");
    drop(tx);
    let shown = house.shown(&id).await;
    assert_eq!((&shown["state"], &shown["endedBy"]), (&json!("ACCEPTED"), &json!("Новикова Ольга")));
    assert_eq!(shown["account"], account.global());
    house.browser().sign_in("olga@example.org").await;

    let invited = house.recorded("access.invite").await;
    assert_eq!((&invited[0]["role"], &invited[0]["reason"]), (&json!("treasurer"), &json!("Приказ № 7")));
    assert!(!invited[0].to_string().contains("example.org"), "no address in the record: {}", invited[0]);
    let accepted = house.recorded("access.accept_invitation").await;
    assert_eq!(
        (&accepted[0]["account"], &accepted[0]["by"]),
        (&json!(account.global()), &json!(admin.global()))
    );
}

#[tokio::test]
async fn whoever_has_an_account_signs_in_and_accepts_and_nobody_else() {
    let house = House::new().await;
    let (account, email) = house.with_password().await;
    let (_, other_email) = house.with_password().await;
    let (id, secret) = house.invited(&house.administrator, &email, "treasurer").await;

    let mut browser = house.browser();
    assert_eq!(browser.offer(&secret).await["way"], "SIGN_IN");
    assert_eq!(browser.accept(&secret).await, "SIGN_IN_FIRST");
    // Whoever stole the letter sets no password to an account that has one.
    assert_eq!(browser.accept_new(&secret, "другой пароль того же").await, "SIGN_IN_FIRST");
    browser.sign_in(&email).await;

    let mut other = house.browser();
    other.sign_in(&other_email).await;
    assert_eq!(other.offer(&secret).await["way"], "OTHER_ACCOUNT");
    assert_eq!(other.accept(&secret).await, "OTHER_ACCOUNT");
    assert_eq!(other.accept_new(&secret, PASSWORD).await, "OTHER_ACCOUNT");
    assert_eq!(house.held(account).await, []);
    assert_eq!(house.shown(&id).await["state"], "WAITING");

    assert_eq!(browser.offer(&secret).await["way"], "ACCEPT");
    let before = browser.token();
    assert_eq!(browser.accept(&secret).await, "OK");
    assert_ne!(browser.token(), before, "the session has another token");
    assert_eq!(browser.signed_in().await, Some(email));
    assert_eq!(house.held(account).await.len(), 1);
    // Another account that nobody is signed in to yet is not accepted for either, while this one is.
    let (_, second) = house.invited(&house.administrator, "fresh@example.org", "treasurer").await;
    assert_eq!(browser.accept_new(&second, PASSWORD).await, "OTHER_ACCOUNT");
    assert_eq!(house.account("fresh@example.org").await, None);
}

#[tokio::test]
async fn an_account_that_nothing_signs_in_to_is_opened_by_the_letter() {
    let house = House::new().await;
    // As the register or a body makes them: let in elsewhere, and no password yet.
    let account = house.world.account("Без пароля").await;
    let mut tx = house.world.db.global(None).await.expect("opened");
    let email = accounts::by_id(tx.conn(), account).await.expect("read").expect("it is there").email;
    drop(tx);
    let (_, secret) = house.invited(&house.administrator, &email, "treasurer").await;
    let mut browser = house.browser();
    assert_eq!(browser.offer(&secret).await["way"], "NEW_ACCOUNT");
    assert_eq!(browser.accept_new(&secret, PASSWORD).await, "OK");
    assert_eq!(house.account(&email).await, Some(account), "it is the same account");
    let looking_since = Instant::now();
    while house.letters(&email, "Пароль изменён").await.is_empty() {
        assert!(looking_since.elapsed() < PATIENCE, "its holder is told");
        tokio::task::yield_now().await;
    }
    house.browser().sign_in(&email).await;
}

#[tokio::test]
async fn a_link_is_worth_nothing_once_it_was_used_revoked_replaced_or_is_too_old() {
    let house = House::new().await;
    let admin = &house.administrator;
    let said = async |secret: &str, state: &str| {
        let mut browser = house.browser();
        let offer = browser.offer(secret).await;
        assert_eq!(offer["state"], state, "{offer}");
        let told = [&offer["email"], &offer["name"], &offer["role"], &offer["way"]];
        assert!(told.iter().all(|fact| fact.is_null()), "{offer}");
        assert_eq!(browser.accept_new(secret, PASSWORD).await, "LINK");
        assert_eq!(browser.signed_in().await, None);
    };

    let (id, used) = house.invited(admin, "used@example.org", "treasurer").await;
    assert_eq!(house.browser().accept_new(&used, PASSWORD).await, "OK");
    said(&used, "ACCEPTED").await;
    for operation in [RESEND, REVOKE] {
        let answer = house.ask(admin, operation, json!({ "invitation": id })).await;
        assert!(answer.to_string().contains("ENDED"), "{answer}");
    }
    house.browser().sign_in("used@example.org").await;

    let (id, revoked) = house.invited(admin, "revoked@example.org", "treasurer").await;
    let answer = house.ask(admin, REVOKE, json!({ "invitation": id })).await;
    let expected = json!({ "status": "OK", "invitation": { "state": "REVOKED" } });
    assert_eq!(answer["revokeInvitation"], expected);
    said(&revoked, "REVOKED").await;
    assert_eq!(house.account("revoked@example.org").await, None);
    assert_eq!(house.recorded("access.revoke_invitation").await[0]["reason"], "передумали");
    // The same person can be invited anew.
    let (_, anew) = house.invited(admin, "revoked@example.org", "treasurer").await;
    said(&revoked, "REVOKED").await;
    assert_eq!(house.browser().offer(&anew).await["state"], "WAITING");

    let (id, first) = house.invited(admin, "again@example.org", "treasurer").await;
    let answer = house.raw(admin, RESEND, json!({ "invitation": id })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{answer}");
    assert_eq!(answer["errors"][0]["extensions"]["retryAfter"], 300);
    house.world.clock.advance(TimeDelta::minutes(6));
    let answer = house.ask(admin, RESEND, json!({ "invitation": id })).await["resendInvitation"].clone();
    assert_eq!((&answer["status"], &answer["invitation"]["letters"]), (&json!("OK"), &json!(2)));
    // Already before the new letter has gone out.
    said(&first, "REPLACED").await;
    let secrets = house.secrets("again@example.org").await;
    assert_eq!(secrets.len(), 2);
    assert_eq!(secrets[0], first);
    said(&first, "REPLACED").await;
    assert_eq!(house.browser().offer(&secrets[1]).await["state"], "WAITING");

    let (id, old) = house.invited(admin, "old@example.org", "treasurer").await;
    house.world.clock.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
    assert_eq!(house.browser().offer(&old).await["state"], "WAITING");
    house.world.clock.advance(TimeDelta::seconds(1));
    said(&old, "EXPIRED").await;
    let shown = house.shown(&id).await;
    assert_eq!((&shown["state"], &shown["canBeSent"]), (&json!("EXPIRED"), &json!(true)));
    assert_eq!(house.list(admin, Some("EXPIRED")).await.len(), 3, "the others that waited, too");
    assert_eq!(
        status(&house.ask(admin, RESEND, json!({ "invitation": id })).await["resendInvitation"]),
        "OK"
    );
    let new = house.secrets("old@example.org").await.pop().expect("a letter");
    assert_eq!(house.browser().accept_new(&new, PASSWORD).await, "OK");
    said(&old, "ACCEPTED").await;

    // An unknown secret, a link of a neighbour, and an organization that is not there look the same.
    let unknown = house.browser().offer("nothing").await;
    assert_eq!(unknown["state"], "UNKNOWN");
    for organization in ["other-alpha", "nowhere"] {
        let variables = json!({ "organization": organization, "token": anew });
        let answer = house.browser().get(OFFER, variables).await["invitationOffer"].clone();
        assert_eq!(answer, unknown);
    }
}

#[tokio::test]
async fn two_at_once_accept_once() {
    let house = House::new().await;
    let (_, secret) = house.invited(&house.administrator, "olga@example.org", "treasurer").await;
    let (mut one, mut other) = (house.browser(), house.browser());
    let (first, second) =
        tokio::join!(one.accept_new(&secret, PASSWORD), other.accept_new(&secret, "совсем другой пароль"));
    let said = BTreeSet::from([first.as_str(), second.as_str()]);
    assert!(
        said == BTreeSet::from(["OK", "LINK"]) || said == BTreeSet::from(["OK", "SIGN_IN_FIRST"]),
        "{said:?}"
    );
    let signed_in = [one.signed_in().await, other.signed_in().await];
    assert_eq!(signed_in.iter().flatten().count(), 1, "{signed_in:?}");
    let account = house.account("olga@example.org").await.expect("one account");
    assert_eq!(house.held(account).await.len(), 1, "one role");
    assert_eq!(house.recorded("access.accept_invitation").await.len(), 1);

    // Two invitations of one address, at once: one account, both roles, one password.
    let (_, one_secret) = house.invited(&house.administrator, "ivan@example.org", "treasurer").await;
    let (_, other_secret) = house.invited(&house.administrator, "ivan@example.org", "clerk").await;
    let (mut one, mut other) = (house.browser(), house.browser());
    let (first, second) = tokio::join!(
        one.accept_new(&one_secret, PASSWORD),
        other.accept_new(&other_secret, "совсем другой пароль")
    );
    assert_eq!(BTreeSet::from([first.as_str(), second.as_str()]), BTreeSet::from(["OK", "SIGN_IN_FIRST"]));
    let account = house.account("ivan@example.org").await.expect("one account");
    assert_eq!(house.held(account).await.len(), 1);
    let (mut done, left) = if first == "OK" { (one, other_secret) } else { (other, one_secret) };
    assert_eq!(done.accept(&left).await, "OK");
    assert_eq!(house.held(account).await.len(), 2);
}

#[tokio::test]
async fn nobody_invites_to_more_than_they_hold_nor_elsewhere_nor_longer_nor_themselves() {
    let house = House::new().await;
    let (tenant, admin) = (&house.tenant, &house.administrator);
    let local = house.world.viewer_in(tenant, "administrator", tenant.units[0]).await;
    let at = |email: &str, role: &str, unit: &str| json!({ "email": email, "name": "Ольга", "language": "RU", "role": role, "unit": unit });
    let (root, unit, beside) = (tenant.root.global(), tenant.units[0].global(), tenant.units[1].global());
    assert_eq!(house.invite(&local, at("a@example.org", "treasurer", &unit)).await.0, "OK");
    for elsewhere in [&root, &beside] {
        assert_eq!(house.invite(&local, at("a@example.org", "treasurer", elsewhere)).await.0, "FORBIDDEN");
    }
    let foreign = tenant.twin().root.global();
    assert_eq!(house.invite(&local, at("a@example.org", "treasurer", &foreign)).await.0, "NOT_FOUND");

    // A role that gives the right to invite, and not what it invites to.
    let create = "mutation($input: RoleInput!) { createRole(input: $input) { status id } }";
    let input =
        json!({ "name": "Кадры", "permissions": ["tenancy.people", "tenancy.give_roles", "members.view"] });
    let role = house.ask(admin, create, json!({ "input": input })).await["createRole"]["id"].clone();
    let deputy = house.world.viewer(tenant, "member").await;
    let give = "mutation($input: GiveRoleInput!) { giveRole(input: $input) { status } }";
    let account = deputy.account().expect("a person").global();
    let input = json!({ "account": account, "role": role, "unit": root });
    assert_eq!(house.ask(admin, give, json!({ "input": input })).await["giveRole"]["status"], "OK");
    assert_eq!(house.invite(&deputy, at("b@example.org", "register_keeper", &root)).await.0, "EXCEEDS_YOURS");
    assert_eq!(house.invite(&deputy, at("b@example.org", "administrator", &root)).await.0, "EXCEEDS_YOURS");
    assert_eq!(
        house.invite(&deputy, at("b@example.org", role.as_str().expect("an id"), &root)).await.0,
        "OK"
    );

    // Who holds it until a day invites until that day at most.
    let now = house.world.db.clock().now();
    let (day, later) = (now + TimeDelta::days(30), now + TimeDelta::days(31));
    let acting = house.world.viewer(tenant, "member").await;
    let account = acting.account().expect("a person").global();
    let input = json!({ "account": account, "role": "administrator", "unit": root, "until": day });
    assert_eq!(house.ask(admin, give, json!({ "input": input })).await["giveRole"]["status"], "OK");
    for (until, expected) in
        [(json!(null), "EXCEEDS_YOURS"), (json!(later), "EXCEEDS_YOURS"), (json!(day), "OK")]
    {
        let mut input = at("c@example.org", "treasurer", &root);
        input["until"] = until;
        assert_eq!(house.invite(&acting, input).await.0, expected);
    }
    let mut over = at("d@example.org", "treasurer", &root);
    over["until"] = json!(now);
    assert_eq!(house.invite(admin, over).await.0, "INVALID");

    // Oneself, an ordinary member's try, a seat's role, wrong words.
    let mut tx = house.world.db.global(None).await.expect("opened");
    let own = accounts::by_id(tx.conn(), admin.account().expect("a person")).await.expect("read");
    drop(tx);
    let own = own.expect("it is there").email.to_uppercase();
    assert_eq!(house.invite(admin, at(&own, "treasurer", &root)).await.0, "OWN_ACCOUNT");
    let member = house.world.viewer(tenant, "member").await;
    assert_eq!(house.invite(&member, at("e@example.org", "member", &root)).await.0, "FORBIDDEN");
    assert_eq!(house.invite(admin, at("e@example.org", "body_chair", &root)).await.0, "INVALID");
    assert_eq!(house.invite(admin, at("e@example.org", "nothing", &root)).await.0, "NOT_FOUND");
    for (email, name, path) in
        [("нет", "Ольга", "input.email"), ("e@example.org", "www.evil.example", "input.name")]
    {
        let input = json!({ "email": email, "name": name, "language": "EN", "role": "clerk", "unit": root });
        let (code, told) = house.invite(admin, input).await;
        assert_eq!((code.as_str(), &told["fields"][0]["path"]), ("INVALID", &json!(path)));
    }
    // What they could not invite to they cannot take back or send again either.
    let (id, _) = house.invited(admin, "f@example.org", "administrator").await;
    for operation in [RESEND, REVOKE] {
        let answer = house.ask(&deputy, operation, json!({ "invitation": id })).await;
        assert!(answer.to_string().contains("EXCEEDS_YOURS"), "{answer}");
        let answer = house.raw(&local, operation, json!({ "invitation": id })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
    }
}

#[tokio::test]
async fn what_the_inviter_holds_counts_when_it_is_accepted() {
    let house = House::new().await;
    let (tenant, admin) = (&house.tenant, &house.administrator);
    let second = house.world.viewer(tenant, "administrator").await;
    let inviter = second.account().expect("a person");
    let (id, secret) = house.invited(&second, "olga@example.org", "treasurer").await;
    let mut browser = house.browser();

    let suspend = "mutation($account: ID!) { suspendAccess(account: $account) { status } }";
    let resume = "mutation($account: ID!) { resumeAccess(account: $account) { status } }";
    let account = json!({ "account": inviter.global() });
    house.ask(admin, suspend, account.clone()).await;
    assert_eq!(browser.offer(&secret).await["refusal"], "INVITER_GONE");
    assert_eq!(house.shown(&id).await["refusal"], Value::Null, "reading notes nothing");
    for _ in 0..2 {
        assert_eq!(browser.accept_new(&secret, PASSWORD).await, "REFUSED");
    }
    assert_eq!(house.account("olga@example.org").await, None);
    let shown = house.shown(&id).await;
    assert_eq!((&shown["state"], &shown["refusal"]), (&json!("WAITING"), &json!("INVITER_GONE")));
    assert_eq!(house.recorded("access.refuse_invitation").await.len(), 1, "once for each reason");

    house.ask(admin, resume, account).await;
    let system = Viewer::system(tenant.id, "test");
    let mut tx = house.world.db.tenant(&system, READ, Access::Write).await.expect("opened");
    grants::take(&mut tx, inviter, "administrator", tenant.root).await.expect("taken");
    tx.commit().await.expect("committed");
    assert_eq!(browser.offer(&secret).await["refusal"], "INVITER_LACKS");
    assert_eq!(browser.accept_new(&secret, PASSWORD).await, "REFUSED");
    assert_eq!(house.shown(&id).await["refusal"], "INVITER_LACKS");

    // Another administrator sends it again, and answers for it from then on.
    house.world.clock.advance(TimeDelta::minutes(6));
    let answer = house.ask(admin, RESEND, json!({ "invitation": id })).await["resendInvitation"].clone();
    assert_eq!((&answer["status"], &answer["invitation"]["refusal"]), (&json!("OK"), &Value::Null));
    let new = house.secrets("olga@example.org").await.pop().expect("a letter");
    assert_eq!(browser.accept_new(&new, PASSWORD).await, "OK");
    let account = house.account("olga@example.org").await.expect("it is made");
    assert_eq!(house.held(account).await, [("treasurer".to_owned(), admin.account())]);

    // A role that was removed meanwhile, and somebody whose access is suspended.
    let create = "mutation($input: RoleInput!) { createRole(input: $input) { status id } }";
    let input = json!({ "name": "Помощник", "permissions": ["members.view"] });
    let role = house.ask(admin, create, json!({ "input": input })).await["createRole"]["id"].clone();
    let (_, secret) = house.invited(admin, "petr@example.org", role.as_str().expect("an id")).await;
    let remove = "mutation($role: ID!) { removeRole(role: $role) { status } }";
    assert_eq!(house.ask(admin, remove, json!({ "role": role })).await["removeRole"]["status"], "OK");
    assert_eq!(house.browser().accept_new(&secret, PASSWORD).await, "REFUSED");
    assert_eq!(house.browser().offer(&secret).await["refusal"], "ROLE_GONE");

    let (_, secret) = house.invited(admin, "olga@example.org", "clerk").await;
    house.ask(admin, suspend, json!({ "account": account.global() })).await;
    let mut olga = house.browser();
    olga.sign_in("olga@example.org").await;
    assert_eq!(olga.accept(&secret).await, "REFUSED");
    assert_eq!(olga.offer(&secret).await["refusal"], "SUSPENDED");
    house.ask(admin, resume, json!({ "account": account.global() })).await;
    assert_eq!(olga.accept(&secret).await, "OK");
}

#[tokio::test]
async fn an_address_waits_for_a_role_once_and_a_role_that_is_held_is_not_invited_to() {
    let house = House::new().await;
    let admin = &house.administrator;
    let (id, _) = house.invited(admin, "olga@example.org", "treasurer").await;
    let again = house.invite(admin, house.input(" OLGA@example.org ", "treasurer")).await;
    assert_eq!(again, ("INVITED".to_owned(), id.clone()), "the one that waits is named");
    assert_eq!(house.secrets("olga@example.org").await.len(), 1, "no second letter");
    assert_eq!(house.invite(admin, house.input("olga@example.org", "clerk")).await.0, "OK");
    let mut elsewhere = house.input("olga@example.org", "treasurer");
    elsewhere["unit"] = json!(house.tenant.units[0].global());
    assert_eq!(house.invite(admin, elsewhere).await.0, "OK");

    // What expired is replaced by a new one, and cannot come back beside it.
    house.world.clock.advance(TimeDelta::days(8));
    let (new, secret) = {
        let (said, id) = house.invite(admin, house.input("olga@example.org", "treasurer")).await;
        assert_eq!(said, "OK");
        house.worker.drain(house.tenant.id).await.expect("the jobs are done");
        let mut waiting = Vec::new();
        for secret in house.secrets("olga@example.org").await {
            if house.browser().offer(&secret).await["state"] == "WAITING" {
                waiting.push(secret);
            }
        }
        assert_eq!(waiting.len(), 1);
        (id, waiting.remove(0))
    };
    assert_ne!(new, id);
    let answer = house.ask(admin, RESEND, json!({ "invitation": id })).await;
    assert_eq!(answer["resendInvitation"]["status"], "ENDED");
    assert_eq!(house.browser().accept_new(&secret, PASSWORD).await, "OK");
    assert_eq!(house.invite(admin, house.input("olga@example.org", "treasurer")).await.0, "ALREADY");
}

#[tokio::test]
async fn neighbours_see_and_touch_nothing_and_lists_are_searched_and_paged() {
    let house = House::new().await;
    let (tenant, admin) = (&house.tenant, &house.administrator);
    let (id, _) = house.invited(admin, "olga@example.org", "treasurer").await;
    let foreign = house.world.viewer(tenant.twin(), "administrator").await;
    assert_eq!(house.list(&foreign, None).await, [] as [Value; 0]);
    let nothing = json!(plenum_kernel::InvitationId::new().global());
    for operation in [RESEND, REVOKE] {
        let answer = house.raw(&foreign, operation, json!({ "invitation": id })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND", "{answer}");
        assert_eq!(answer, house.raw(&foreign, operation, json!({ "invitation": nothing })).await);
    }
    // The same address elsewhere is another matter, and nothing is told of here.
    let mut input = house.input("olga@example.org", "treasurer");
    input["unit"] = json!(tenant.twin().root.global());
    assert_eq!(house.invite(&foreign, input).await.0, "OK");
    // Who sees access in one unit sees the invitations of that unit.
    let local = house.world.viewer_in(tenant, "administrator", tenant.units[0]).await;
    assert_eq!(house.list(&local, None).await, [] as [Value; 0]);
    let mut input = house.input("petr@example.org", "clerk");
    (input["unit"], input["name"]) = (json!(tenant.units[0].global()), json!("Пётр Фёдоров"));
    assert_eq!(house.invite(&local, input).await.0, "OK");
    assert_eq!(house.list(&local, None).await.len(), 1);
    assert_eq!(house.list(admin, None).await.len(), 2);
    let member = house.world.viewer(tenant, "member").await;
    let answer = house.raw(&member, LIST, json!({ "first": 5 })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");

    for (search, found) in [("федоров", 1), ("OLGA@", 1), ("example.org", 2), ("%", 0), ("нет", 0)]
    {
        let answer = house.ask(admin, LIST, json!({ "search": search, "first": 5 })).await;
        assert_eq!(answer["invitations"]["nodes"].as_array().map(Vec::len), Some(found), "{search}");
    }
    let page = house.ask(admin, LIST, json!({ "first": 1 })).await["invitations"].clone();
    assert_eq!(
        (&page["nodes"][0]["name"], &page["pageInfo"]["hasNextPage"]),
        (&json!("Пётр Фёдоров"), &json!(true))
    );
    let after = &page["pageInfo"]["endCursor"];
    let page = house.ask(admin, LIST, json!({ "first": 1, "after": after })).await["invitations"].clone();
    assert_eq!((&page["nodes"][0]["id"], &page["pageInfo"]["hasNextPage"]), (&id, &json!(false)));
    assert_eq!(house.list(admin, Some("REVOKED")).await, [] as [Value; 0]);
}

#[tokio::test]
async fn the_first_administrator_comes_by_an_invitation_of_the_federation() {
    let house = House::new().await;
    let system = Viewer::system(house.tenant.id, "test");
    let mut tx = house.world.db.tenant(&system, READ, Access::Write).await.expect("opened");
    let root = house.tenant.root;
    plenum_access::first_administrator::invite(&mut tx, root, "anna@example.org", "Анна")
        .await
        .expect("invited");
    tx.commit().await.expect("committed");
    let secret = house.secrets("anna@example.org").await.pop().expect("a letter");
    let mut browser = house.browser();
    let offer = browser.offer(&secret).await;
    assert_eq!((&offer["invitedBy"], &offer["role"]["ru"]), (&json!("Федерация"), &json!("Администратор")));
    assert_eq!(browser.accept_new(&secret, PASSWORD).await, "OK");
    let account = house.account("anna@example.org").await.expect("it is made");
    assert_eq!(house.held(account).await, [("administrator".to_owned(), None)]);
    let shown = house.list(&house.administrator, None).await;
    assert_eq!((&shown[0]["invitedBy"], &shown[0]["state"]), (&Value::Null, &json!("ACCEPTED")));
}

#[tokio::test]
async fn letters_to_strangers_are_limited() {
    let house = House::new().await;
    let admin = &house.administrator;
    let (id, _) = house.invited(admin, "olga@example.org", "treasurer").await;
    for letters in 2..=10 {
        house.world.clock.advance(TimeDelta::minutes(5));
        let answer = house.ask(admin, RESEND, json!({ "invitation": id })).await["resendInvitation"].clone();
        assert_eq!((&answer["status"], &answer["invitation"]["letters"]), (&json!("OK"), &json!(letters)));
    }
    house.world.clock.advance(TimeDelta::days(1));
    let answer = house.ask(admin, RESEND, json!({ "invitation": id })).await;
    assert_eq!(answer["resendInvitation"]["status"], "TOO_MANY");
    // Only the last letter was still worth sending when the jobs came to it.
    assert_eq!(house.secrets("olga@example.org").await.len(), 2);
    for one in 0..200 {
        let email = format!("stranger-{one}@example.org");
        assert_eq!(house.invite(admin, house.input(&email, "clerk")).await.0, "OK");
    }
    assert_eq!(house.invite(admin, house.input("one-more@example.org", "clerk")).await.0, "TOO_MANY");
    house.world.clock.advance(TimeDelta::days(1) + TimeDelta::seconds(1));
    assert_eq!(house.invite(admin, house.input("one-more@example.org", "clerk")).await.0, "OK");
}
