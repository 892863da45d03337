//! A council meets, and what may not happen does not.

use chrono::TimeDelta;
use futures_util::future::join_all;
use guards::server::Server;
use plenum_authz::Viewer;
use plenum_kernel::{Clock as _, TypedId};
use plenum_meetings::RoomToken;
use serde_json::{Value, json};
use sqlx::Row;
use testkit::Tenant;
use uuid::Uuid;

/// A council of three whose chair presides; two make a quorum.
struct Council {
    server: Server,
    tenant: Tenant,
    administrator: Viewer,
    chair: Viewer,
    members: Vec<Viewer>,
    body: String,
}

impl Council {
    async fn elected() -> Self {
        let server = Server::start().await;
        let tenant = server.world.tenant("alpha", &["ППО № 1"]).await;
        let administrator = server.world.viewer(&tenant, "administrator").await;
        let made = server
            .ask(
                &administrator,
                "mutation { createBody(input: { name: \"Совет\", kind: COUNCIL, \
                 quorum: { comparison: MORE_THAN, numerator: 1, denominator: 2 } }) { id } }",
            )
            .await;
        let body = text(&made["data"]["createBody"]["id"]);
        let mut people = Vec::new();
        for (name, office) in [("Орлова Анна", "CHAIR"), ("Белов Пётр", "MEMBER"), ("Ким Вера", "MEMBER")]
        {
            let viewer = server.world.viewer(&tenant, "member").await;
            let email = email(&server, &viewer).await;
            let seated = server
                .ask(
                    &administrator,
                    &format!(
                        "mutation {{ addSeat(input: {{ body: \"{body}\", fullName: \"{name}\", email: \"{email}\", \
                         organization: \"Профсоюз\", office: {office} }}) {{ id }} }}"
                    ),
                )
                .await;
            assert!(seated["errors"].is_null(), "{seated}");
            people.push(server.renewed(&viewer).await);
        }
        let chair = people.remove(0);
        Self { server, tenant, administrator, chair, members: people, body }
    }

    async fn scheduled(&self) -> String {
        let answer = self
            .server
            .ask(
                &self.administrator,
                &format!(
                    "mutation {{ scheduleSession(input: {{ body: \"{}\", title: \"Заседание\", \
                     startsAt: \"2026-11-24T10:00:00Z\", agenda: [{{ title: \"О смете\", speaker: \"Орлова Анна\" }}, \
                     {{ title: \"Разное\" }}] }}) {{ status session {{ id }} }} }}",
                    self.body
                ),
            )
            .await;
        assert_eq!(answer["data"]["scheduleSession"]["status"], "OK", "{answer}");
        text(&answer["data"]["scheduleSession"]["session"]["id"])
    }

    async fn enter(&self, viewer: &Viewer, session: &str) -> Uuid {
        self.server.attendance.enter(&self.token(viewer, session)).await.expect("recorded")
    }

    async fn leave(&self, viewer: &Viewer, session: &str, connection: Uuid) {
        use plenum_meetings::RoomEvents;
        self.server.attendance.left(&self.token(viewer, session), connection).await;
    }

    fn token(&self, viewer: &Viewer, session: &str) -> RoomToken {
        RoomToken {
            scope: self.tenant.id.uuid(),
            room: Uuid::parse_str(session.split_once('_').expect("an id").1).expect("a UUID"),
            participant: viewer.account().expect("a person").uuid(),
            name: "имя".to_owned(),
            label: "организация".to_owned(),
            part: plenum_meetings::Part::Person,
            expires_at: i64::MAX,
        }
    }

    async fn step(&self, viewer: &Viewer, field: &str, arguments: &str) -> Value {
        let answer =
            self.server.ask(viewer, &format!("mutation {{ {field}({arguments}) {{ status }} }}")).await;
        if answer["errors"].is_null() { answer["data"][field]["status"].clone() } else { answer }
    }

    async fn session(&self, viewer: &Viewer, session: &str) -> Value {
        let selection = "state minutesState noticesSent minutes { name } quorum { present required reached elected } \
                         openVote { id castCount viewerChoice result { adopted } } \
                         agenda { id state decision votes { id result { for against abstained notVoted required adopted \
                         ballots { choice seat { fullName } } } } }";
        let answer = self
            .server
            .ask(viewer, &format!("{{ node(id: \"{session}\") {{ ... on Session {{ {selection} }} }} }}"))
            .await;
        assert!(answer["errors"].is_null(), "{answer}");
        answer["data"]["node"].clone()
    }
}

async fn email(server: &Server, viewer: &Viewer) -> String {
    let mut tx = server.world.db.global(None).await.expect("a transaction opens");
    sqlx::query("SELECT email FROM identity.account WHERE id = $1")
        .bind(viewer.account().expect("a person").uuid())
        .fetch_one(tx.conn())
        .await
        .expect("the account is there")
        .get(0)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

#[tokio::test]
async fn a_council_meets_from_the_notice_to_the_minutes() {
    let council = Council::elected().await;
    let (server, chair, member) = (&council.server, &council.chair, &council.members[0]);
    let session = council.scheduled().await;

    // Each member gets a letter with a link that is theirs alone.
    server.worker.drain(council.tenant.id).await.expect("the jobs are done");
    assert_eq!(council.session(chair, &session).await["noticesSent"], 3);
    let letters = server.outbox.list(10, None).await.expect("the outbox can be read");
    assert_eq!(letters.len(), 3);
    let to_chair = email(server, chair).await;
    let letter = letters.iter().find(|letter| letter.to.contains(&to_chair)).expect("a letter to the chair");
    let letter = server.outbox.read(&letter.id).await.expect("readable").expect("there");
    assert!(letter.text.contains("О смете (Орлова Анна)"), "{}", letter.text);
    let token = letter.text.split("/n/").nth(1).expect("a link").split_whitespace().next().expect("a token");
    let open = format!("mutation {{ openNotice(token: \"{token}\") {{ id }} }}");
    assert!(server.ask(member, &open).await["data"]["openNotice"].is_null());
    assert_eq!(server.ask(chair, &open).await["data"]["openNotice"]["id"], session.as_str());

    // No quorum, no session; presence makes it, absence unmakes it.
    let opening = format!("session: \"{session}\"");
    assert_eq!(council.step(chair, "openSession", &opening).await, "NO_QUORUM");
    council.enter(chair, &session).await;
    assert_eq!(council.step(chair, "openSession", &opening).await, "NO_QUORUM");
    let connection = council.enter(member, &session).await;
    assert_eq!(council.session(chair, &session).await["quorum"]["present"], 2);
    // A second device is not a second person.
    let second = council.enter(member, &session).await;
    assert_eq!(council.session(chair, &session).await["quorum"]["present"], 2);
    council.leave(member, &session, second).await;
    assert_eq!(council.session(chair, &session).await["quorum"]["present"], 2);
    assert_eq!(council.step(chair, "openSession", &opening).await, "OK");

    let now = council.session(chair, &session).await;
    let (first, last) = (text(&now["agenda"][0]["id"]), text(&now["agenda"][1]["id"]));
    let motion = format!("input: {{ item: \"{first}\", motion: \"Утвердить смету\" }}");
    assert_eq!(council.step(chair, "openVote", &motion).await, "WRONG_STATE");
    assert_eq!(council.step(chair, "takeAgendaItem", &format!("item: \"{first}\"")).await, "OK");
    council.leave(member, &session, connection).await;
    assert_eq!(council.step(chair, "openVote", &motion).await, "NO_QUORUM");
    council.enter(member, &session).await;
    assert_eq!(council.step(chair, "openVote", &motion).await, "OK");
    assert_eq!(council.step(chair, "openVote", &motion).await, "VOTE_OPEN");
    assert_eq!(council.step(chair, "takeAgendaItem", &format!("item: \"{last}\"")).await, "VOTE_OPEN");
    assert_eq!(council.step(chair, "closeSession", &opening).await, "VOTE_OPEN");

    // However often it is sent, a seat has one ballot; nobody sees a count before the closing.
    let vote = text(&council.session(chair, &session).await["openVote"]["id"]);
    let cast = |viewer: &Viewer, choice: &str| {
        let viewer = viewer.clone();
        let arguments = format!("vote: \"{vote}\", choice: {choice}");
        let council = &council;
        async move { council.step(&viewer, "castBallot", &arguments).await }
    };
    let many =
        join_all((0..20).map(|turn| cast(member, if turn % 2 == 0 { "FOR" } else { "AGAINST" }))).await;
    assert!(many.iter().all(|status| status == "OK"), "{many:?}");
    assert_eq!(cast(member, "ABSTAINED").await, "OK");
    let open = council.session(member, &session).await;
    assert_eq!(open["openVote"]["castCount"], 1);
    assert_eq!(open["openVote"]["viewerChoice"], "ABSTAINED");
    assert!(open["openVote"]["result"].is_null());
    assert!(council.session(chair, &session).await["openVote"]["viewerChoice"].is_null());
    assert_eq!(cast(&council.members[1], "FOR").await, "NOT_PRESENT");
    assert_eq!(cast(chair, "FOR").await, "OK");
    assert_eq!(council.step(chair, "closeVote", &format!("vote: \"{vote}\"")).await, "OK");
    assert_eq!(council.step(chair, "closeVote", &format!("vote: \"{vote}\"")).await, "OK");
    assert_eq!(cast(member, "FOR").await, "VOTE_CLOSED");

    let closed = council.session(member, &session).await;
    let result = &closed["agenda"][0]["votes"][0]["result"];
    assert_eq!(
        (&result["for"], &result["abstained"], &result["adopted"]),
        (&1.into(), &1.into(), &false.into())
    );
    assert_eq!(result["ballots"].as_array().map(Vec::len), Some(2), "{result}");

    // A member cannot preside; the chair closes, and the minutes follow, once.
    let refused = council.step(member, "closeSession", &opening).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refused}");
    assert_eq!(council.step(chair, "closeSession", &opening).await, "OK");
    assert_eq!(council.session(chair, &session).await["minutesState"], "PENDING");
    server.worker.drain(council.tenant.id).await.expect("the jobs are done");
    let over = council.session(chair, &session).await;
    assert_eq!(over["minutesState"], "READY");
    assert_eq!(over["minutes"]["name"], "Протокол № 1 от 23.11.2026.pdf");
    let join = server
        .ask(member, &format!("mutation {{ joinSession(session: \"{session}\") {{ status token }} }}"))
        .await;
    assert_eq!(join["data"]["joinSession"]["status"], "SESSION_CLOSED", "{join}");
}

#[tokio::test]
async fn a_session_needs_an_agenda_members_and_a_time_to_come() {
    let council = Council::elected().await;
    let schedule = |body: String, at: &str, agenda: &str| {
        format!("input: {{ body: \"{body}\", title: \"Заседание\", startsAt: \"{at}\", agenda: [{agenda}] }}")
    };
    let (soon, item) = ("2026-11-24T10:00:00Z", "{ title: \"О смете\" }");
    let step = |arguments: String| {
        let council = &council;
        async move { council.step(&council.administrator, "scheduleSession", &arguments).await }
    };
    assert_eq!(step(schedule(council.body.clone(), soon, "")).await, "NO_AGENDA");
    assert_eq!(step(schedule(council.body.clone(), "2026-11-20T10:00:00Z", item)).await, "IN_THE_PAST");
    let empty = council
        .server
        .ask(
            &council.administrator,
            "mutation { createBody(input: { name: \"Пустой\", kind: COMMITTEE, \
             quorum: { comparison: AT_LEAST, numerator: 2, denominator: 3 } }) { id } }",
        )
        .await;
    assert_eq!(step(schedule(text(&empty["data"]["createBody"]["id"]), soon, item)).await, "NO_MEMBERS");
    let blank = step(schedule(council.body.clone(), soon, "{ title: \" \" }")).await;
    let fault = &blank["errors"][0]["extensions"]["fields"][0];
    assert_eq!(
        (&fault["path"], &fault["reason"]),
        (&"input.agenda.0.title".into(), &"empty".into()),
        "{blank}"
    );
    let sessions = council.server.ask(&council.administrator, "{ sessions { nodes { id } } }").await;
    assert_eq!(
        sessions["data"]["sessions"]["nodes"].as_array().map(Vec::len),
        Some(0),
        "nothing was half-written"
    );
}

#[tokio::test]
async fn who_has_no_seat_is_not_let_in_and_that_is_recorded() {
    let council = Council::elected().await;
    let session = council.scheduled().await;
    let stranger = council.server.world.viewer(&council.tenant, "member").await;
    let join = format!("mutation {{ joinSession(session: \"{session}\") {{ token }} }}");
    let refused = council.server.ask(&stranger, &join).await;
    assert_eq!(refused["errors"][0]["extensions"]["reason"], "not_invited", "{refused}");
    let mut tx = council.server.world.system(&council.tenant).await;
    let recorded: i64 = sqlx::query(
        "SELECT count(*) FROM audit.entry WHERE action = 'meetings.join_refused' AND subject = $1",
    )
    .bind(&session)
    .fetch_one(tx.conn())
    .await
    .expect("the audit can be read")
    .get(0);
    assert_eq!(recorded, 1);
    drop(tx);
    let admitted = council.server.ask(&council.chair, &join).await;
    assert!(admitted["data"]["joinSession"]["token"].is_string(), "{admitted}");
}

#[tokio::test]
async fn an_ended_seat_loses_its_rights_and_its_place_on_the_roll() {
    let council = Council::elected().await;
    let session = council.scheduled().await;
    let member = &council.members[0];
    let seats =
        council.server.ask(&council.administrator, "{ bodies { nodes { seats { id fullName } } } }").await;
    let seat = seats["data"]["bodies"]["nodes"][0]["seats"]
        .as_array()
        .expect("seats")
        .iter()
        .find(|seat| seat["fullName"] == "Белов Пётр")
        .map(|seat| text(&seat["id"]))
        .expect("his seat");
    let removed = council
        .server
        .ask(
            &council.administrator,
            &format!("mutation {{ removeSeat(seat: \"{seat}\") {{ electedCount }} }}"),
        )
        .await;
    assert_eq!(removed["data"]["removeSeat"]["electedCount"], 2, "{removed}");
    let member = council.server.renewed(member).await;
    let join = council
        .server
        .ask(&member, &format!("mutation {{ joinSession(session: \"{session}\") {{ token }} }}"))
        .await;
    assert_eq!(join["errors"][0]["extensions"]["reason"], "not_invited", "{join}");
    let sees = council.server.ask(&member, "{ bodies { nodes { id } } }").await;
    assert_eq!(sees["errors"][0]["extensions"]["code"], "FORBIDDEN", "{sees}");
}

#[tokio::test]
async fn what_the_federation_limits_is_refused_with_its_reason_and_given_when_it_allows_more() {
    let council = Council::elected().await;
    let session = council.scheduled().await;
    let join = format!("mutation {{ joinSession(session: \"{session}\") {{ token }} }}");
    let upload = "mutation { createUpload(input: { name: \"устав.txt\", sizeBytes: 100, contentType: \"text/plain\" }) { uploadUrl } }";
    let limit = async |bytes: Option<i64>, participants: Option<i64>| {
        let mut operator = council.server.world.db.operator("test").await.expect("opened");
        sqlx::query(
            "UPDATE tenancy.tenant SET storage_limit_bytes = $2, participants_limit = $3 WHERE id = $1",
        )
        .bind(council.tenant.id.uuid())
        .bind(bytes)
        .bind(participants)
        .execute(operator.conn())
        .await
        .expect("limited");
        operator.commit().await.expect("committed");
    };
    let reason = async |operation: &str| {
        let answer = council.server.ask(&council.chair, operation).await;
        let refused = &answer["errors"][0]["extensions"];
        (refused["code"].clone(), refused["reason"].clone())
    };
    limit(Some(99), Some(0)).await;
    assert_eq!(reason(&join).await, ("CONFLICT".into(), "rooms_full".into()));
    assert_eq!(reason(upload).await, ("CONFLICT".into(), "storage_full".into()));
    limit(Some(100), Some(1)).await;
    assert_eq!(reason(&join).await, (Value::Null, Value::Null));
    assert_eq!(reason(upload).await, (Value::Null, Value::Null));
    // It is used up by the first, and the neighbour has limits of its own.
    assert_eq!(reason(upload).await, ("CONFLICT".into(), "storage_full".into()));
    limit(None, None).await;
    assert_eq!(reason(upload).await, (Value::Null, Value::Null));
}

#[tokio::test]
async fn a_recording_ends_with_its_session_and_is_kept_until_its_day() {
    const RECORDINGS: &str = "recordingSince recordings { id state durationSeconds chapters { title } }";
    let council = Council::elected().await;
    let (server, chair, member) = (&council.server, &council.chair, &council.members[0]);
    let session = council.scheduled().await;
    for viewer in [chair, member] {
        council.enter(viewer, &session).await;
    }
    assert_eq!(council.step(chair, "openSession", &format!("session: \"{session}\"")).await, "OK");
    let on_session = async |verb: &str| {
        let operation = format!("mutation {{ {verb}(session: \"{session}\") {{ {RECORDINGS} }} }}");
        let answer = server.ask(chair, &operation).await;
        assert!(answer["errors"].is_null(), "{answer}");
        answer["data"][verb].clone()
    };
    let keep = async |recording: &str, days: i64| {
        let until = (server.world.clock.now() + TimeDelta::days(days)).date_naive();
        let operation = format!(
            "mutation {{ keepRecording(recording: \"{recording}\", until: \"{until}\") {{ {RECORDINGS} }} }}"
        );
        let answer = server.ask(chair, &operation).await;
        assert!(answer["errors"].is_null(), "{answer}");
        answer["data"]["keepRecording"]["recordings"].clone()
    };
    let work = async || {
        server.worker.drain(council.tenant.id).await.expect("the jobs are done");
    };

    // One that is stopped, and of which there is a film.
    on_session("startRecording").await;
    let stopped = on_session("stopRecording").await;
    assert_eq!(
        (&stopped["recordings"][0]["state"], &stopped["recordingSince"]),
        (&json!("COMPOSING"), &Value::Null)
    );
    let first = text(&stopped["recordings"][0]["id"]);
    let place = |id: &str| Uuid::parse_str(id.split_once('_').expect("an id").1).expect("a UUID");
    let files = &server.world.files;
    let mut tx = server.world.system(&council.tenant).await;
    let film = files.keep(&mut tx, "film.mp4", "video/mp4", "film".into()).await.expect("kept").id;
    plenum_meetings::setup::give_film(&mut tx, place(&first).into(), film, "1. О смете")
        .await
        .expect("given");
    tx.commit().await.expect("committed");

    // Another one ends with its session. Nobody showed anything.
    on_session("startRecording").await;
    let mut tx = server.world.system(&council.tenant).await;
    let second: Uuid = sqlx::query("SELECT id FROM meetings.recording WHERE stopped_at IS NULL")
        .fetch_one(tx.conn())
        .await
        .expect("it goes on")
        .get(0);
    drop(tx);
    files.put_piece(council.tenant.id, second, "0000000000001-end", "".into()).await.expect("kept");
    assert_eq!(council.step(chair, "closeSession", &format!("session: \"{session}\"")).await, "OK");
    work().await;
    let told = on_session("stopRecording").await;
    assert_eq!((&told["recordingSince"], &told["recordings"][1]["state"]), (&Value::Null, &json!("EMPTY")));
    assert_eq!(told["recordings"][0]["chapters"][0]["title"], "1. О смете");
    let operation = format!("mutation {{ startRecording(session: \"{session}\") {{ session }} }}");
    let refused = server.ask(chair, &operation).await;
    assert_eq!(refused["errors"][0]["extensions"]["reason"], "session_over", "{refused}");

    // It is kept until its day, and until another one when somebody says so.
    files.put_piece(council.tenant.id, place(&first), "0000000000001-end", "".into()).await.expect("kept");
    keep(&first, 30).await;
    keep(&first, 60).await;
    server.world.clock.advance(TimeDelta::days(40));
    work().await;
    assert_eq!(keep(&first, 20).await[0]["state"], "READY");
    server.world.clock.advance(TimeDelta::days(20));
    work().await;
    assert_eq!(on_session("stopRecording").await["recordings"][0]["state"], "READY", "the day is not over");
    server.world.clock.advance(TimeDelta::days(1));
    work().await;
    let told = on_session("stopRecording").await;
    assert_eq!(
        (&told["recordings"][0]["state"], &told["recordings"][0]["chapters"]),
        (&json!("REMOVED"), &json!([]))
    );
    let mut tx = server.world.system(&council.tenant).await;
    assert!(files.fetch(&mut tx, film).await.is_err(), "the film is gone");
    assert_eq!(files.pieces(council.tenant.id, place(&first)).await.expect("listed"), [""; 0]);
}
