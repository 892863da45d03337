//! What an organization sets, against a real database and object store: as its administrators set it, and as others try.

use std::{io::Cursor, sync::Arc};

use async_graphql::{Request, Schema};
use axum::{
    body::{Body, to_bytes},
    http::{Request as HttpRequest, StatusCode},
};
use futures_util::StreamExt;
use plenum_authz::{ModulesOff, Permission, Text, Viewer};
use plenum_db::{Access, TenantTx};
use plenum_graph::{Credential, ViewerSource};
use plenum_identity::{Identity, Passkeys, Sealer, store::web_sessions};
use plenum_kernel::{Language, TypedId};
use plenum_live::Live;
use plenum_mail::{Letter, Mailbox, Mailer};
use plenum_settings::{
    Switchable,
    domain::modules::Module,
    graphql::{SettingsMutation, SettingsQuery, SettingsSubscription},
};
use plenum_tenancy::store::{settings, tenants, units};
use serde_json::{Value, json};
use testkit::{Tenant, World};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

const READ: Permission = Permission::new("test.read");
const MODULES: &[Module] = &[
    Module {
        name: "chat",
        title: Text { ru: "Беседы", en: "Conversations" },
        meaning: Text { ru: "Беседы", en: "Conversations" },
        covers: &["chat"],
    },
    Module {
        name: "bodies",
        title: Text { ru: "Органы", en: "Bodies" },
        meaning: Text { ru: "Органы", en: "Bodies" },
        covers: &["bodies", "meetings"],
    },
];

struct House {
    world: World,
    tenant: Tenant,
    schema: Schema<SettingsQuery, SettingsMutation, SettingsSubscription>,
    admin: Viewer,
    identity: Identity,
    stop: CancellationToken,
}

impl House {
    async fn new() -> Self {
        let files = [("chat", "p, member, chat.talk\np, administrator, bodies.create\n")];
        let world = World::builder().policy(&files).build().await;
        let tenant = world.tenant("alpha", &["ППО № 1"]).await;
        let admin = world.viewer(&tenant, "administrator").await;
        let stop = CancellationToken::new();
        let live = Live::start(&world.db, stop.clone()).await.expect("pushes are heard");
        let from = "Пленум <plenum@example.org>".parse().expect("an address");
        let identity = Identity {
            db: world.db.clone(),
            mailer: Arc::new(Mailer::outbox("/nonexistent", from)),
            public_url: Arc::from("https://plenum.example.org"),
            secure_cookies: false,
            sealer: Sealer::new(&[7; 32]),
            passkeys: Passkeys::of("https://plenum.example.org"),
        };
        let schema = Schema::build(SettingsQuery, SettingsMutation, SettingsSubscription)
            .data(world.db.clone())
            .data(world.files.clone())
            .data(live)
            .data(identity.clone())
            .data(Arc::new(Switchable(MODULES)))
            .finish();
        Self { world, tenant, schema, admin, identity, stop }
    }

    async fn raw(&self, viewer: Option<&Viewer>, operation: &str, variables: Value) -> Value {
        let request = Request::new(operation)
            .variables(async_graphql::Variables::from_json(variables))
            .data(self.world.scope(viewer));
        serde_json::to_value(self.schema.execute(request).await).expect("an answer is plain data")
    }

    async fn ask(&self, operation: &str, variables: Value) -> Value {
        let answer = self.raw(Some(&self.admin), operation, variables).await;
        assert!(answer["errors"].is_null(), "{operation}: {answer}");
        answer["data"].as_object().and_then(|all| all.values().next()).cloned().expect("one field")
    }

    /// The code and the reason of a refusal; of a fault in a field, its path and reason.
    async fn refusal(&self, viewer: Option<&Viewer>, operation: &str, variables: Value) -> (String, String) {
        let answer = self.raw(viewer, operation, variables).await;
        let said = &answer["errors"][0]["extensions"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match said["fields"][0].is_object() {
            true => (text(&said["fields"][0]["path"]), text(&said["fields"][0]["reason"])),
            false => (text(&said["code"]), text(&said["reason"])),
        }
    }

    async fn inside(&self) -> TenantTx {
        let system = Viewer::system(self.tenant.id, "test");
        self.world.db.tenant(&system, READ, Access::Read).await.expect("opened")
    }

    async fn recorded(&self, action: &str) -> usize {
        plenum_audit::latest(&mut self.inside().await, action, 50).await.expect("read").len()
    }

    /// A file that the administrator has sent.
    async fn upload(&self, bytes: Vec<u8>) -> String {
        let permission = plenum_files::permissions::UPLOAD;
        let opened = self.world.db.tenant(&self.admin, permission, Access::Write).await;
        let mut tx = opened.expect("opened");
        let file = self.world.files.keep(&mut tx, "logo.svg", "image/svg+xml", bytes.into()).await;
        tx.commit().await.expect("committed");
        file.expect("kept").id.global()
    }

    async fn brand(&self, version: i64, name: &str, accent: Option<&str>) -> Value {
        let input = json!({ "version": version, "name": name, "shortName": "Горняки", "accent": accent });
        self.ask(BRAND, json!({ "input": input })).await["settings"].clone()
    }

    async fn switch(&self, version: i64, off: &[&str]) -> Value {
        let input = json!({ "version": version, "off": off, "reason": "не нужны" });
        self.ask(SWITCH, json!({ "input": input })).await["settings"].clone()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

const BRAND: &str = "mutation($input: TenantBrandInput!) { setTenantBrand(input: $input) { settings {
    version name shortName look { accent { chosen onLight onDark steps darkTint } } changedBy } } }";
const LOGO: &str = "mutation($version: Int!, $file: ID!) { setTenantLogo(version: $version, file: $file) {
    settings { version look { logo } } } }";
const UNLOGO: &str =
    "mutation($version: Int!) { removeTenantLogo(version: $version) { settings { version look { logo } } } }";
const SENDER: &str = "mutation($input: TenantSenderInput!) { setTenantSender(input: $input) { settings {
    version senderName replyTo senderAddress defaultSenderName } } }";
const LANGUAGES: &str =
    "mutation($input: TenantLanguagesInput!) { setTenantLanguages(input: $input) { settings {
    version look { language languages } } } }";
const SWITCH: &str = "mutation($input: TenantModulesInput!) { setTenantModules(input: $input) { settings {
    version modules { name isOn goesWith } look { modulesOff } } } }";
const LOOK: &str = "{ tenantLook { version accent { onLight } logo language languages modulesOff } }";
const SETTINGS: &str = "{ tenantSettings { version name senderName modules { name isOn } } }";
const MARK: &str = "{ tenantMark(organization: \"alpha\") { shortName logo accent { chosen } } }";

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    image::RgbaImage::from_pixel(width, height, image::Rgba([200, 30, 30, 255]))
        .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png)
        .expect("written");
    bytes
}

#[tokio::test]
async fn names_and_colour_are_set_and_everybody_sees_them() {
    let house = House::new().await;
    let before = house.ask(LOOK, Value::Null).await;
    assert_eq!((&before["version"], &before["accent"]), (&json!(0), &Value::Null));
    assert_eq!(house.raw(None, MARK, Value::Null).await["data"]["tenantMark"], Value::Null);

    let set = house.brand(0, "  Профсоюз \n горняков ", Some("#FFCC00")).await;
    assert_eq!((&set["version"], &set["name"]), (&json!(1), &json!("Профсоюз горняков")));
    let accent = &set["look"]["accent"];
    assert_eq!((&accent["chosen"], &accent["onDark"]), (&json!("#ffcc00"), &json!("#ffcc00")));
    assert_ne!(accent["onLight"], "#ffcc00", "yellow cannot be read on white");
    assert_eq!(accent["steps"].as_array().map(Vec::len), Some(10));
    assert_eq!(set["changedBy"], "administrator");
    let mut directory = house.world.db.global(None).await.expect("opened");
    let listed = tenants::by_slug(&mut directory, "alpha").await.expect("read").expect("it is there");
    assert_eq!((listed.name.as_str(), listed.short_name.as_str()), ("Профсоюз горняков", "Горняки"));
    drop(directory);
    assert_eq!(house.recorded("tenancy.set_brand").await, 1);

    // A member sees the look, and no more; nobody else's changed.
    let member = house.world.viewer(&house.tenant, "member").await;
    let seen = house.raw(Some(&member), LOOK, Value::Null).await;
    assert_eq!(seen["data"]["tenantLook"]["accent"]["onLight"], accent["onLight"], "{seen}");
    assert_eq!(house.refusal(Some(&member), SETTINGS, Value::Null).await.0, "FORBIDDEN");
    let twin = house.world.viewer(house.tenant.twin(), "member").await;
    assert_eq!(house.raw(Some(&twin), LOOK, Value::Null).await["data"]["tenantLook"]["version"], 0);
    let mark = house.raw(None, MARK, Value::Null).await;
    let shown = json!({ "shortName": "Горняки", "logo": null, "accent": { "chosen": "#ffcc00" } });
    assert_eq!(mark["data"]["tenantMark"], shown);

    // The apparatus follows the short name that it bears, and keeps a name of its own.
    assert_eq!(units::root(&mut house.inside().await).await.expect("a root").name, "Аппарат");
    house.brand(1, "Профсоюз горняков", None).await;
    assert_eq!(house.ask(LOOK, Value::Null).await["accent"], Value::Null);
}

#[tokio::test]
async fn the_apparatus_that_is_called_as_the_organization_is_called_anew_with_it() {
    let house = House::new().await;
    let mut tx = house.world.system(&house.tenant).await;
    units::rename(&mut tx, house.tenant.root, "Профсоюз").await.expect("renamed");
    tx.commit().await.expect("committed");
    house.brand(0, "Профсоюз горняков", None).await;
    assert_eq!(units::root(&mut house.inside().await).await.expect("a root").name, "Горняки");
}

#[tokio::test]
async fn what_was_changed_meanwhile_is_not_written_over() {
    let house = House::new().await;
    house.brand(0, "Профсоюз горняков", Some("#1d4a7d")).await;
    let conflict = ("CONFLICT".to_owned(), "changed_meanwhile".to_owned());
    let input = |version: i64| json!({ "input": { "version": version, "name": "Иначе", "shortName": "Иначе", "accent": null } });
    for version in [0, 2, -1] {
        assert_eq!(house.refusal(Some(&house.admin), BRAND, input(version)).await, conflict);
    }
    let stale = json!({ "input": { "version": 0, "off": ["chat"] } });
    assert_eq!(house.refusal(Some(&house.admin), SWITCH, stale).await, conflict);
    let stale = json!({ "input": { "version": 0, "name": "Иначе", "replyTo": null } });
    assert_eq!(house.refusal(Some(&house.admin), SENDER, stale).await, conflict);
    let stale = json!({ "input": { "version": 0, "language": "EN", "languages": ["EN"] } });
    assert_eq!(house.refusal(Some(&house.admin), LANGUAGES, stale).await, conflict);
    let file = house.upload(png(4, 4)).await;
    let stale = json!({ "version": 0, "file": file });
    assert_eq!(house.refusal(Some(&house.admin), LOGO, stale).await, conflict);
    let look = house.ask(LOOK, Value::Null).await;
    assert_eq!((&look["version"], &look["accent"]["onLight"]), (&json!(1), &json!("#1d4a7d")));
    assert_eq!(house.ask(SETTINGS, Value::Null).await["name"], "Профсоюз горняков");
}

#[tokio::test]
async fn only_administrators_of_the_whole_organization_set_it() {
    let house = House::new().await;
    let unit = house.tenant.units[0];
    let below = house.world.viewer_in(&house.tenant, "administrator", unit).await;
    let chair = house.world.viewer(&house.tenant, "primary_chair").await;
    for (operation, variables) in [
        (BRAND, json!({ "input": { "version": 0, "name": "Н", "shortName": "Н" } })),
        (LOGO, json!({ "version": 0, "file": plenum_kernel::FileId::new().global() })),
        (UNLOGO, json!({ "version": 0 })),
        (SENDER, json!({ "input": { "version": 0 } })),
        (LANGUAGES, json!({ "input": { "version": 0, "language": "RU", "languages": ["RU"] } })),
        (SWITCH, json!({ "input": { "version": 0, "off": [] } })),
        (SETTINGS, Value::Null),
    ] {
        for viewer in [&below, &chair] {
            let refused = house.refusal(Some(viewer), operation, variables.clone()).await;
            assert_eq!(refused, ("FORBIDDEN".to_owned(), "permission".to_owned()), "{operation}");
        }
        assert_eq!(house.refusal(None, operation, variables).await.0, "UNAUTHENTICATED", "{operation}");
    }
    assert_eq!(house.ask(LOOK, Value::Null).await["version"], 0);
}

#[tokio::test]
async fn wrong_input_is_named() {
    let house = House::new().await;
    let long = "я".repeat(301);
    for (input, path, reason) in [
        (json!({ "name": " ", "shortName": "К" }), "input.name", "empty"),
        (json!({ "name": long, "shortName": "К" }), "input.name", "too_long"),
        (json!({ "name": "Н", "shortName": long }), "input.shortName", "too_long"),
        (json!({ "name": "Н", "shortName": "К", "accent": "красный" }), "input.accent", "not_a_colour"),
        (json!({ "name": "Н", "shortName": "К", "accent": "#12345" }), "input.accent", "not_a_colour"),
        (json!({ "name": "Н\u{202e}", "shortName": "К" }), "input.name", "sign"),
    ] {
        let mut input = input;
        input["version"] = json!(0);
        let refused = house.refusal(Some(&house.admin), BRAND, json!({ "input": input })).await;
        assert_eq!(refused, (path.to_owned(), reason.to_owned()));
    }
    for (input, path, reason) in [
        (json!({ "name": "Союз\r\nBcc: all@example.org" }), "input.name", "sign"),
        (json!({ "name": "bank@example.org" }), "input.name", "sign"),
        (json!({ "replyTo": "a@b.by\nBcc: c@d.by" }), "input.replyTo", "email_invalid"),
        (json!({ "replyTo": "a@b.by, c@d.by" }), "input.replyTo", "email_invalid"),
    ] {
        let mut input = input;
        input["version"] = json!(0);
        let refused = house.refusal(Some(&house.admin), SENDER, json!({ "input": input })).await;
        assert_eq!(refused, (path.to_owned(), reason.to_owned()));
    }
    let english = json!({ "input": { "version": 0, "language": "EN", "languages": ["RU"] } });
    let refused = house.refusal(Some(&house.admin), LANGUAGES, english).await;
    assert_eq!(refused, ("input.language".to_owned(), "not_offered".to_owned()));
    let register = json!({ "input": { "version": 0, "off": ["members"] } });
    let refused = house.refusal(Some(&house.admin), SWITCH, register).await;
    assert_eq!(refused, ("input.off".to_owned(), "unknown".to_owned()));
    let preview = "{ accentPreview(accent: \"#zzz\") { needed } }";
    let refused = house.refusal(Some(&house.admin), preview, Value::Null).await;
    assert_eq!(refused, ("accent".to_owned(), "not_a_colour".to_owned()));
    assert_eq!(house.ask(LOOK, Value::Null).await["version"], 0);
}

#[tokio::test]
async fn a_logo_is_written_anew_and_served_as_a_picture_and_nothing_else() {
    let house = House::new().await;
    let mut bytes = png(600, 300);
    bytes.extend_from_slice(b"<script>alert(1)</script>");
    let file = house.upload(bytes).await;
    let set = house.ask(LOGO, json!({ "version": 0, "file": file })).await;
    let path = set["settings"]["look"]["logo"].as_str().expect("a path").to_owned();
    assert!(path.starts_with("/logos/alpha/"), "{path}");

    let routes = plenum_settings::router(house.world.files.clone(), house.world.db.clone());
    let get = |path: String| {
        let request = HttpRequest::get(path).body(Body::empty()).expect("a request");
        routes.clone().oneshot(request)
    };
    let answer = get(path.clone()).await.expect("answered");
    assert_eq!(answer.status(), StatusCode::OK);
    for (name, value) in [
        ("content-type", "image/png"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox; frame-ancestors 'none'"),
    ] {
        assert_eq!(answer.headers()[name], value);
    }
    let served = to_bytes(answer.into_body(), usize::MAX).await.expect("read");
    assert!(!served.windows(7).any(|part| part == b"<script"));
    let picture = image::load_from_memory(&served).expect("a picture");
    assert_eq!((picture.width(), picture.height()), (512, 256), "no larger than it is shown");

    // Another organization's name does not lead to it, nor does another digest.
    let elsewhere = path.replace("/alpha/", "/other-alpha/");
    let guessed = format!("/logos/alpha/{}", "0".repeat(64));
    for wrong in [elsewhere, guessed, "/logos/nobody/00".to_owned()] {
        assert_eq!(get(wrong).await.expect("answered").status(), StatusCode::NOT_FOUND);
    }
    let gone = house.ask(UNLOGO, json!({ "version": 1 })).await;
    assert_eq!(gone["settings"], json!({ "version": 2, "look": { "logo": null } }));
    assert_eq!(get(path).await.expect("answered").status(), StatusCode::NOT_FOUND);
    // Again is no fault, and no change.
    assert_eq!(house.ask(UNLOGO, json!({ "version": 2 })).await["settings"]["version"], 2);
    assert_eq!(house.recorded("tenancy.remove_logo").await, 1);
}

#[tokio::test]
async fn what_is_no_picture_is_no_logo() {
    let house = House::new().await;
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec();
    for (bytes, reason) in [
        (svg, "logo_no_picture"),
        (vec![0; 512 * 1024 + 1], "logo_too_large"),
        (png(2049, 1), "logo_too_many_pixels"),
        (b"\x89PNG\r\n\x1a\nnothing".to_vec(), "logo_damaged"),
    ] {
        let file = house.upload(bytes).await;
        let refused = house.refusal(Some(&house.admin), LOGO, json!({ "version": 0, "file": file })).await;
        assert_eq!(refused, ("file".to_owned(), reason.to_owned()));
    }
    // Somebody else's file is not there.
    let other = house.world.viewer(&house.tenant, "administrator").await;
    let file = house.upload(png(4, 4)).await;
    let refused = house.refusal(Some(&other), LOGO, json!({ "version": 0, "file": file })).await;
    assert_eq!(refused, ("file".to_owned(), "file_missing".to_owned()));
    assert_eq!(house.ask(LOOK, Value::Null).await["logo"], Value::Null);
}

#[tokio::test]
async fn letters_are_sent_in_the_name_of_the_organization_from_the_address_of_the_installation() {
    let house = House::new().await;
    let input = json!({ "version": 0, "name": "Профсоюз горняков", "replyTo": "priem@gornyaki.by" });
    let set = house.ask(SENDER, json!({ "input": input })).await["settings"].clone();
    assert_eq!(set["senderAddress"], "plenum@example.org");
    assert_eq!(
        (&set["senderName"], &set["defaultSenderName"]),
        (&json!("Профсоюз горняков"), &json!("Пленум"))
    );
    let from = settings::correspondence(&mut house.inside().await).await.expect("read");
    assert_eq!(from.sender_name.as_deref(), Some("Профсоюз горняков"));
    assert_eq!(from.reply_to.as_deref(), Some("priem@gornyaki.by"));
    // Empty takes it away.
    let input = json!({ "version": 1, "name": " ", "replyTo": "" });
    let set = house.ask(SENDER, json!({ "input": input })).await["settings"].clone();
    assert_eq!((&set["senderName"], &set["replyTo"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn who_has_not_chosen_a_language_is_spoken_to_in_that_of_the_organization() {
    let house = House::new().await;
    let input = json!({ "version": 0, "language": "EN", "languages": ["EN", "RU", "EN"] });
    let set = house.ask(LANGUAGES, json!({ "input": input })).await["settings"].clone();
    assert_eq!(set["look"], json!({ "language": "EN", "languages": ["EN", "RU"] }));
    let from = settings::correspondence(&mut house.inside().await).await.expect("read");
    assert_eq!(from.language_for(None), Language::En);
    assert_eq!(from.language_for(Some(Language::Ru)), Language::Ru);
    // What is not offered is not written in.
    let input = json!({ "version": 1, "language": "EN", "languages": ["EN"] });
    house.ask(LANGUAGES, json!({ "input": input })).await;
    let from = settings::correspondence(&mut house.inside().await).await.expect("read");
    assert_eq!(from.language_for(Some(Language::Ru)), Language::En);
}

#[tokio::test]
async fn a_module_that_is_off_is_refused_to_whoever_comes_by_the_door() {
    let house = House::new().await;
    let token = [9_u8; 32];
    let account = house.admin.account().expect("a person");
    let mut tx = house.world.db.global(Some(account)).await.expect("opened");
    web_sessions::insert(&mut tx, account, &token, "test", "127.0.0.1").await.expect("signed in");
    tx.commit().await.expect("committed");
    let credential = Credential { token_hash: Some(token), tenant: Some("alpha".to_owned()) };
    let viewer = || async {
        let found = house.identity.resolve(&credential).await.expect("resolved");
        found.and_then(|signed_in| signed_in.viewer).expect("they may enter")
    };
    let talk = Permission::new("chat.talk");
    let create = Permission::new("bodies.create");
    let open = |viewer: Viewer, permission| {
        let db = house.world.db.clone();
        async move { db.tenant(&viewer, permission, Access::Read).await.map(drop) }
    };
    assert!(open(viewer().await, talk).await.is_ok());

    let set = house.switch(0, &["chat"]).await;
    assert_eq!(set["modules"][0], json!({ "name": "chat", "isOn": false, "goesWith": [] }));
    let refused = open(viewer().await, talk).await;
    assert!(matches!(refused, Err(plenum_db::OpenError::Forbidden { off: true, .. })), "{refused:?}");
    assert!(open(viewer().await, create).await.is_ok(), "other modules stay");
    assert!(open(Viewer::system(house.tenant.id, "test"), talk).await.is_ok(), "what was decided goes on");

    // What is nothing without another goes with it, and everything comes back.
    house.switch(1, &["bodies"]).await;
    let off = ModulesOff::new(["bodies".to_owned(), "meetings".to_owned()]);
    assert_eq!(viewer().await.off, off);
    house.switch(2, &[]).await;
    assert_eq!(viewer().await.off, ModulesOff::default());
    assert!(open(viewer().await, talk).await.is_ok());
    let entries =
        plenum_audit::latest(&mut house.inside().await, "tenancy.set_modules", 50).await.expect("read");
    assert_eq!(entries.len(), 3);
    assert!(entries.iter().all(|entry| entry.detail["reason"] == "не нужны"));
}

#[tokio::test]
async fn open_pages_are_told_of_each_change() {
    let house = House::new().await;
    let member = house.world.viewer(&house.tenant, "member").await;
    let request = Request::new("subscription { tenantLook { version modulesOff } }")
        .data(house.world.scope(Some(&member)));
    let mut pushes = Box::pin(house.schema.execute_stream(request));
    let mut next = async || {
        let pushed = serde_json::to_value(pushes.next().await.expect("open")).expect("plain data");
        pushed["data"]["tenantLook"]["version"].clone()
    };
    assert_eq!(next().await, 0);
    house.switch(0, &["chat"]).await;
    // News may come twice, and never too early.
    while next().await != 1 {}
}

/// The name and the address for answers stand in the letter; the sender's address and the envelope are the mailer's.
#[tokio::test]
async fn a_letter_of_an_organization_carries_its_name_and_no_header_more() {
    let folder = tempfile_folder();
    let mailer = Mailer::outbox(&folder, "Пленум <plenum@example.org>".parse().expect("an address"));
    let letter = Letter {
        id: "letter-1".to_owned(),
        date: chrono::DateTime::UNIX_EPOCH,
        to: Mailbox::new(None, "reader@example.org").expect("an address"),
        subject: "Тема".to_owned(),
        body: plenum_mail::Body::from("Профсоюз").paragraph("Текст"),
        language: Language::Ru,
        attachments: Vec::new(),
        list: Vec::new(),
    };
    let name = Some("Horns\r\nBcc: all@example.org".to_owned());
    let dispatch = plenum_mail::Dispatch::of_organization(name, Some("answers@example.org"));
    mailer.dispatch(&letter, &dispatch).await.expect("it lies in the folder");
    let file = std::fs::read_dir(&folder).expect("a folder").next().expect("a letter").expect("read");
    let text = std::fs::read_to_string(file.path()).expect("text");
    let head = text.split("\r\n\r\n").next().expect("headers");
    assert!(head.contains("<plenum@example.org>"), "{head}");
    assert!(head.contains("Reply-To: answers@example.org"), "{head}");
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    std::fs::remove_dir_all(&folder).expect("removed");
}

fn tempfile_folder() -> std::path::PathBuf {
    std::env::temp_dir().join(format!("plenum-settings-{}", std::process::id()))
}
