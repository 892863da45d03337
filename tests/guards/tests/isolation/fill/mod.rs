//! Fills an organization with one of every thing that has an id, with a canary in every text.

mod access;
mod chat;
mod documents;
mod dues;
mod exports;
mod learning;
mod mailings;
mod members;
mod oidc;
mod settings;

use guards::{operations::Api, server::Server};
use plenum_authz::{Permission, Viewer};
use plenum_bodies::setup::{self, BodyKind, Call, Comparison, NewItem, NewSeat, Office, QuorumRule};
use plenum_db::Access;
use plenum_kernel::TypedId;
use plenum_meetings::RoomToken;
use plenum_members::RegisterReads;
use serde_json::Value;
use sqlx::Row;
use testkit::Tenant;

use crate::harvest::Harvest;

const FILL: Permission = Permission::new("guards.fill");

/// The words by which what was filled in is known again.
#[derive(Clone, Copy)]
pub struct Words {
    /// In what belongs to the whole organization.
    pub organization: &'static str,
    /// In what belongs to its first unit.
    pub unit: &'static str,
}

/// A filled organization.
pub struct Filled {
    /// Its administrator, who holds every role there.
    pub administrator: Viewer,
    /// The ids, cursors and links that its administrator sees.
    pub harvest: Harvest,
}

/// Fills every type that has an id.
pub async fn fill(server: &Server, api: &Api, tenant: &Tenant, words: Words) -> Filled {
    let world = &server.world;
    let unit = tenant.units[0];
    let canary = words.unit;
    let administrator = world.viewer(tenant, "administrator").await;
    let account = administrator.account().expect("a person");
    let system = Viewer::system(tenant.id, "guards");
    let csv = format!(
        "Фамилия, имя, отчество;Дата рождения;Первичная организация;№ профбилета\n{canary} Анна Ивановна;01.02.1980;ППО № 1;77-1\n"
    );
    plenum_members::import_file(
        &world.db,
        &world.files,
        &system,
        "members.csv",
        csv.clone().into_bytes().into(),
    )
    .await
    .expect("imported");

    let mut tx = world.db.tenant(&system, FILL, Access::Write).await.expect("a transaction opens");
    sqlx::query("UPDATE identity.account SET display_name = $2 WHERE id = $1")
        .bind(account.uuid())
        .bind(words.organization)
        .execute(tx.conn())
        .await
        .expect("named");
    let upload = world
        .files
        .keep(&mut tx, &format!("{canary}.csv"), "text/csv", csv.into_bytes().into())
        .await
        .expect("kept");
    let permit =
        tx.permit::<setup::Create, plenum_tenancy::store::units::Unit>(unit).await.expect("permitted");
    let rule = QuorumRule::new(Comparison::MoreThan, 1, 2).expect("possible");
    let body = setup::create_body(&mut tx, permit, &format!("Совет {canary}"), BodyKind::Council, rule)
        .await
        .expect("made");
    let email: String = sqlx::query("SELECT email FROM identity.account WHERE id = $1")
        .bind(account.uuid())
        .fetch_one(tx.conn())
        .await
        .expect("the account is there")
        .get(0);
    let permit = tx.permit::<setup::Manage, setup::Body>(body.id).await.expect("permitted");
    let seat = NewSeat {
        member: None,
        full_name: format!("{canary} Пётр"),
        email,
        organization: canary.to_owned(),
        office: Office::Chair,
    };
    setup::add_seat(&mut tx, permit, &RegisterReads, seat).await.expect("seated");
    let permit = tx.permit::<setup::Schedule, setup::Body>(body.id).await.expect("permitted");
    let item = NewItem {
        title: format!("О {canary}"),
        speaker: Some(canary.to_owned()),
        draft_decision: Some(canary.to_owned()),
        materials: vec![upload.id],
    };
    let call =
        Call { title: format!("Заседание {canary}"), starts_at: tx.now(), agenda: vec![item] };
    let scheduled = setup::schedule_session(&mut tx, permit, &world.files, call).await.expect("scheduled");
    let setup::Scheduled::Session(session) = scheduled else { panic!("not scheduled: {scheduled:?}") };
    tx.commit().await.expect("committed");

    dues::dues(server, tenant, &administrator, canary).await;

    // The chair is in the room and opens a vote; an import waits for its decision.
    let mut chair = administrator.clone();
    let mut tx = world.db.tenant(&system, FILL, Access::Read).await.expect("a transaction opens");
    chair.grants = plenum_tenancy::store::grants::of_account(&mut tx, account).await.expect("grants");
    drop(tx);
    server
        .attendance
        .enter(&RoomToken {
            scope: tenant.id.uuid(),
            room: session.uuid(),
            participant: account.uuid(),
            name: canary.to_owned(),
            label: canary.to_owned(),
            part: plenum_meetings::Part::Person,
            expires_at: i64::MAX,
        })
        .await
        .expect("recorded");
    for step in [
        format!("mutation {{ openSession(session: \"{session}\") {{ status }} }}"),
        format!(
            "mutation {{ prepareMemberImport(file: \"{}\") {{ id }} }}",
            own_upload(server, &chair, canary).await
        ),
    ] {
        let answer = server.ask(&chair, &step).await;
        assert!(answer["errors"].is_null(), "{step}: {answer}");
    }
    let agenda = server
        .ask(&chair, &format!("{{ node(id: \"{session}\") {{ ... on Session {{ agenda {{ id }} }} }} }}"))
        .await;
    let item = agenda["data"]["node"]["agenda"][0]["id"].as_str().expect("an item").to_owned();
    for step in [
        format!("mutation {{ takeAgendaItem(item: \"{item}\") {{ status }} }}"),
        format!(
            "mutation {{ addMeasure(input: {{ item: \"{item}\", text: \"{canary}\", task: {{ assignee: \"{}\" }} }}) {{ status }} }}",
            account.global()
        ),
        format!(
            "mutation {{ openVote(input: {{ item: \"{item}\", motion: \"{canary}\" }}) {{ status session {{ openVote {{ id }} }} }} }}"
        ),
    ] {
        let answer = server.ask(&chair, &step).await;
        assert!(answer["errors"].is_null() && answer.to_string().contains("\"OK\""), "{step}: {answer}");
    }

    for step in [
        format!("mutation {{ startBroadcast(session: \"{session}\") {{ isOn }} }}"),
        format!("mutation {{ giveEncoder(session: \"{session}\", name: \"{canary}\") {{ token }} }}"),
    ] {
        let answer = server.ask(&chair, &step).await;
        assert!(answer["errors"].is_null(), "{step}: {answer}");
    }

    let recorded = recording(server, &chair, &session.global(), canary).await;

    // A session to be seen and ended.
    crate::personas::sign_in(server, account).await;
    members::fill(server, tenant, &chair, canary).await;
    learning::learning(server, &chair, words.organization).await;
    chat::fill(server, tenant, &chair, canary).await;
    access::fill(server, tenant, &administrator, words.organization).await;
    oidc::fill(server, tenant, &administrator, words.organization).await;
    settings::fill(server, tenant, &administrator, words.organization).await;
    let measure = documents::documents(server, tenant, &chair, words).await;
    // After the signature: with a passkey the password alone would not sign.
    access::passkey(server, &administrator, words.organization).await;
    mailings::fill(server, tenant, &administrator, canary).await;

    exports::fill(server, &administrator).await;

    let mut harvest = Harvest::default();
    harvest.note_id(&upload.id.global());
    // The first of its kind: what is walked at belongs to the first unit.
    harvest.note_id(&unit.global());
    harvest.note_id(&measure);
    harvest.note_id(&recorded);
    harvest.gather(server, api, &chair).await;
    Filled { administrator: chair, harvest }
}

/// A recording that has its film; its id.
async fn recording(server: &Server, chair: &Viewer, session: &str, canary: &str) -> String {
    let mut last = Value::Null;
    for verb in ["startRecording", "stopRecording"] {
        let step = format!("mutation {{ {verb}(session: \"{session}\") {{ recordings {{ id }} }} }}");
        let answer = server.ask(chair, &step).await;
        assert!(answer["errors"].is_null(), "{step}: {answer}");
        last = answer["data"][verb]["recordings"][0]["id"].clone();
    }
    let id = last.as_str().expect("an id").to_owned();
    let film = keep(server, chair, &format!("{canary}.mp4"), "video/mp4", canary).await;
    let system = Viewer::system(chair.tenant, "guards");
    let mut tx = server.world.db.tenant(&system, FILL, Access::Write).await.expect("a transaction opens");
    let (recording, film) = (read(&id), read(&film));
    plenum_meetings::setup::give_film(&mut tx, recording, film, canary).await.expect("given");
    plenum_meetings::setup::lose_server(&mut tx, read(session), canary).await.expect("lost");
    tx.commit().await.expect("committed");
    id
}

/// An id of the API.
fn read<T: TypedId>(id: &str) -> T {
    plenum_graph::parse_id(&async_graphql::ID::from(id)).unwrap_or_else(|_| panic!("no id: {id}"))
}

/// A complete upload of the viewer.
pub async fn own_upload(server: &Server, viewer: &Viewer, canary: &str) -> String {
    let csv = format!("ФИО;Дата рождения;ППО\n{canary} Иван Петрович;03.04.1985;ППО № 1\n");
    keep(server, viewer, "b.csv", "text/csv", &csv).await
}

/// A file of the viewer.
async fn keep(server: &Server, viewer: &Viewer, name: &str, content_type: &str, text: &str) -> String {
    let upload = plenum_files::permissions::UPLOAD;
    let mut tx = server.world.db.tenant(viewer, upload, Access::Write).await.expect("a transaction opens");
    let bytes = text.as_bytes().to_vec().into();
    let file = server.world.files.keep(&mut tx, name, content_type, bytes).await.expect("kept");
    tx.commit().await.expect("committed");
    file.id.global()
}
