//! The isolation walk. Tenant A is filled with canaries, and all identifiers in it are harvested. Then everybody who
//! has no business there calls every root field with A's identifiers in every place that takes one: no canary of A
//! appears in an answer, a log line or a letter; every answer equals the one for an identifier that does not exist; A's
//! tables stay as they were; and A's own administrator makes the same calls with success. What the walk cannot cover
//! fails it, so that it grows with the schema.

mod alone;
mod answers;
mod fill;
mod harvest;
mod links;
mod lives;
mod objects;
mod personas;
mod pushes;
mod rooms;
mod tables;
mod tour;
mod traces;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use answers::Secrets;
use fill::{Filled, Words, fill};
use guards::{
    operations::{Api, Selection, last_word},
    server::Server,
};
use harvest::{Harvest, kind_of_argument};
use personas::{Cast, NOWHERE};
use walk::{Faults, Walk};

const OF_A: Words = Words { organization: "КАНАРЕЙКА", unit: "ЩЕГЛОВСКАЯ" };
const OF_B: Words = Words { organization: "СВОЁ", unit: "СВОЙСКАЯ" };
/// Beginnings of A's canaries: what is searched for is not what is found.
const BEGINNINGS: &[&str] = &["КАНАРЕЙ", "ЩЕГЛОВ"];

/// Types with an id of which nothing can be harvested, and why. The list may only shrink.
const NOT_HARVESTED: &[(&str, &str)] = &[
    ("Letter", "a demonstration alone shows letters, and the server that is walked is none"),
    ("LetterLine", "the same"),
    ("OverseenTenant", "the apparatus of a federation sees them, and A is a member organization"),
    ("DeletedTenant", "the same, and A is not deleted while it is walked"),
    ("AccessPayload", "its id is that of a role or a grant, which are harvested"),
    ("RemovedSignature", "the record of a signature is removed by whoever has the database in hand"),
];

/// Why the fields of a federation are walked by a test of their own, `platform/federation/tests`.
const FEDERATION: &str = "the apparatus of a federation calls it, and A is a member organization";

/// Root fields that A's administrator does not call with success, and why. The list may only shrink.
const NOT_CALLED: &[(&str, &str)] = &[
    ("mutation acceptCourseInvitation", "the token is told once, to whom it is sent"),
    ("mutation acceptTask", "somebody has to report the task first"),
    ("mutation acceptTransfer", "the other organization decides"),
    ("mutation addSeat", "the first office is the chair's, whom the body has"),
    ("mutation assignBankRow", "the list has no open row left"),
    ("mutation acceptInvitation", "the token is told in a letter"),
    ("mutation beginProviderSignIn", "the provider would have to answer"),
    ("mutation callOffTenantDeletion", FEDERATION),
    ("mutation cancelCampaign", "the campaign went out"),
    ("mutation cancelSession", "the session is open"),
    ("mutation changePassword", "it keeps the session that asks, and the administrator comes past the door"),
    ("mutation closeSession", "the session has an open vote"),
    ("mutation confirmEmail", "the token is told in a letter"),
    (
        "mutation confirmIdentity",
        "the session that asks is confirmed, and the administrator comes past the door",
    ),
    ("mutation createTenant", FEDERATION),
    ("mutation deleteTenant", FEDERATION),
    ("mutation discardBankList", "the list is recorded"),
    (
        "mutation endOtherWebSessions",
        "it keeps the session that asks, and the administrator comes past the door",
    ),
    ("mutation enrolSelf", "the course is not open to all"),
    ("mutation giveConsent", "the text of the consent has a version of its own"),
    ("mutation grantAttempt", "the learner has not begun"),
    ("mutation inviteToGroup", "no channel of the filled organization is a group"),
    ("mutation limitTenant", FEDERATION),
    ("mutation leaveGroup", "no channel of the filled organization is a group"),
    ("mutation linkProvider", "the administrator is linked"),
    ("mutation openNotice", "the token is told in a letter"),
    ("mutation orderLessons", "all lessons have to be named"),
    ("mutation pauseCampaign", "the campaign went out"),
    ("mutation proveTotp", "the code of the moment has to be computed"),
    ("mutation refuseTransfer", "the other organization decides"),
    ("mutation rejectCorrection", "the correction was approved"),
    ("mutation removeSection", "learners went through its lessons"),
    ("mutation resendFirstInvitation", FEDERATION),
    ("mutation resetPassword", "the token is told in a letter"),
    ("mutation resubscribe", "the token is told in a letter"),
    ("mutation resumeAccess", "nobody is suspended"),
    ("mutation resumeCampaign", "the campaign went out"),
    ("mutation resumeTenant", FEDERATION),
    ("mutation returnForRework", "the steps of the route are decided"),
    ("mutation saveVideoPosition", "no lesson is a video"),
    ("mutation setMemberImportMapping", "the import is over"),
    ("mutation setProvider", "the provider would have to answer"),
    ("mutation signIn", "everybody who walks signs in, past the list of answers"),
    ("mutation signInSecondStep", "the ticket is told to whom a password fitted"),
    ("mutation signInWithPasskey", "what a passkey answers has to be computed"),
    ("mutation startPasskeySecondStep", "the ticket is told to whom a password fitted"),
    ("mutation suspendTenant", FEDERATION),
    ("mutation unsubscribe", "the token is told in a letter"),
    ("mutation updateCampaign", "the campaign went out"),
    ("mutation withdrawConsent", "the member gave none"),
    ("query broadcast", "the link is told to those who broadcast, and is made anew for each session"),
    ("query certificateCheck", "the token is printed on the certificate"),
    ("query deletedTenants", FEDERATION),
    ("query developmentLetter", "only in a demonstration"),
    ("query developmentMailbox", "only in a demonstration"),
    ("query overseenTenants", FEDERATION),
    ("query unsubscription", "the token is told in a letter"),
];

/// Root fields that show something of one unit to another, and why. The list may only shrink.
const NEIGHBOURS_SEE: &[(&str, &str)] = &[(
    "mailingOptions",
    "an editor of one unit is offered the bodies and channels of all: their names are shown, nobody in them is",
)];

/// Tables of A in which somebody of another unit may change rows that are there, and why.
const NEIGHBOURS_WRITE: &[(&str, &str)] = &[];

/// What a tenant's administrator is shown by every query, with ids of its own.
async fn shown(server: &Server, api: &Api, filled: &Filled) -> BTreeMap<String, String> {
    let mut shown = BTreeMap::new();
    for field in api.root_fields().iter().filter(|field| field.operation == "query") {
        let operation = api.operation(field, Selection::Deep, None, &|at, scalar| {
            (scalar == "ID").then(|| filled.harvest.own(field, at, 0)).flatten()
        });
        shown.insert(field.name.clone(), server.ask(&filled.administrator, &operation).await.to_string());
    }
    shown
}

/// Fails when there is something in the schema that the walk does not reach.
fn assert_covered(api: &Api, harvest: &Harvest) {
    let types = harvest.types();
    let wanted: BTreeSet<String> = api.types_with_ids().into_iter().chain(api.nodes()).collect();
    let missing: Vec<&String> = wanted
        .iter()
        .filter(|kind| !types.contains(kind.as_str()))
        .filter(|kind| !NOT_HARVESTED.iter().any(|(known, _)| known == kind))
        .collect();
    assert!(missing.is_empty(), "nothing of these types is in the filled tenant: {missing:?}; fill them");
    for (known, _) in NOT_HARVESTED {
        assert!(!types.contains(known), "{known} is harvested by now: take it off the list");
    }
    for field in api.root_fields() {
        for place in api.id_places(&field).iter().filter(|place| last_word(place) != "token") {
            let kind = kind_of_argument(&field, place);
            let is_known = NOT_HARVESTED.iter().any(|(known, _)| *known == kind);
            assert!(
                is_known || harvest.own(&field, place, 0).is_some(),
                "the walk has no id for {}({place}), which it takes for a {kind}",
                field.name
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_without_business_there_reaches_anything_of_a() {
    let log = traces::Log::keep();
    let mut clock = Clock::start();
    let server = Server::start().await;
    let api = Api::of(&server.schema).await;
    let a = server.world.tenant("alpha", &["ППО № 1", "ППО № 2"]).await;
    let b = a.twin().clone();
    let filled_b = fill(&server, &api, &b, OF_B).await;
    clock.tell("B is filled");
    // Its administrator's own reads are recorded, and that shows: once, and then they are known.
    shown(&server, &api, &filled_b).await;
    let before = shown(&server, &api, &filled_b).await;
    let filled_a = fill(&server, &api, &a, OF_A).await;
    clock.tell("A is filled");
    // Totals, counts and pages of B are those of a B that has no neighbour.
    let after = shown(&server, &api, &filled_b).await;
    for (field, answer) in &before {
        assert_eq!(Some(answer), after.get(field), "{field} of B changed when A was filled");
    }
    assert_covered(&api, &filled_a.harvest);
    let cast = Cast::assemble(&server, &a, &b, &filled_b.administrator).await;
    let untouched = tables::rows(&server.world, &a).await;

    let faults = Faults::default();
    let secrets = Secrets::of(OF_A, &filled_a.harvest);
    let walk = Walk {
        server: &server,
        api: &api,
        theirs: &filled_a.harvest,
        secrets: &secrets,
        faults: &faults,
        known: &[],
    };
    log.forget();
    alone::holds(&server.world, &a, &b, &secrets, &faults).await;
    clock.tell("row security alone");
    let own = &filled_b.harvest;
    let at_a = cast.administrator.at("administrator of B at A's door", &a.slug);
    let homeless = cast.homeless.at("account of no organization at A's door", &a.slug);
    let first = walk.outside(&cast.administrator, own, None, None).await;
    walk.queries(&cast.administrator, own, BEGINNINGS).await;
    clock.tell(&format!(
        "{}: {} calls at {} places",
        cast.administrator.name,
        first.tried,
        first.places.len()
    ));
    assert!(cast.administrator.is_signed_in(&server).await, "the first walker was signed out on the way");
    for (persona, nowhere) in [
        (&cast.member, None),
        (&cast.suspended, None),
        (&at_a, Some(at_a.at("", NOWHERE))),
        (&cast.homeless, None),
        (&homeless, Some(homeless.at("", NOWHERE))),
        (&cast.nobody, Some(cast.nobody.at("", NOWHERE))),
    ] {
        let steps = walk.outside(persona, own, nowhere.as_ref(), Some(&first.taken)).await;
        walk.queries(persona, own, BEGINNINGS).await;
        clock.tell(&format!("{}: {} calls at {} places", persona.name, steps.tried, steps.places.len()));
        assert_eq!(
            persona.session.is_some(),
            persona.is_signed_in(&server).await,
            "the session of {} did not last",
            persona.name
        );
    }
    let rows = tables::rows(&server.world, &a).await;
    for (table, rows_of_a) in &untouched {
        if Some(rows_of_a) != rows.get(table) {
            faults.note(format!("{table} of A was changed from outside"));
        }
    }
    log.read(&secrets, &faults);
    let of_unit = Secrets::word(OF_A.unit);
    let beside = Walk {
        secrets: &of_unit,
        faults: &faults,
        known: NEIGHBOURS_SEE,
        server: &server,
        api: &api,
        theirs: &filled_a.harvest,
    };
    for persona in [&cast.neighbour, &cast.neighbour_administrator] {
        let steps = beside.beside(persona, &first.taken).await;
        beside.queries(persona, &filled_a.harvest, BEGINNINGS).await;
        clock.tell(&format!("{}: {} calls at {} places", persona.name, steps.tried, steps.places.len()));
    }
    let rows = tables::rows(&server.world, &a).await;
    let changed: Vec<&str> = tables::changed(&untouched, &rows)
        .into_iter()
        .filter(|table| !NEIGHBOURS_WRITE.iter().any(|(known, _)| known == table))
        .collect();
    if !changed.is_empty() {
        faults.note(format!("somebody of another unit changed rows of {changed:?}"));
    }

    links::walk(&server, &filled_a.harvest, own, &b, &secrets, &faults).await;
    traces::letters(&server, &a, &b, &secrets, &faults).await;
    let heard = (&filled_a, OF_A);
    pushes::watch(&walk, &cast.administrator, &filled_b, heard, a.units[0]).await;
    clock.tell("links, letters, log lines, pushes");

    // Last, for each ends with the session.
    for persona in [&cast.administrator, &cast.member, &cast.suspended, &cast.homeless, &cast.nobody] {
        walk.idless_mutations(persona).await;
    }

    links::are_over(&server, &filled_a.harvest, &faults).await;
    faults.assert_none();
    let remaining = tour::remaining(&server, &api, &filled_a).await;
    clock.tell("A's own calls");
    let unknown: Vec<(&String, &String)> =
        remaining.iter().filter(|(field, _)| !NOT_CALLED.iter().any(|(known, _)| known == field)).collect();
    assert!(unknown.is_empty(), "A's own administrator never called these with success: {unknown:#?}");
    for (known, _) in NOT_CALLED {
        assert!(
            remaining.contains_key(*known),
            "{known} is called with success by now: take it off the list"
        );
    }
}

/// Tells how long each part took: the walk must stay quick enough to be walked.
struct Clock(std::time::Instant);

impl Clock {
    fn start() -> Self {
        Self(std::time::Instant::now())
    }

    fn tell(&mut self, what: &str) {
        eprintln!("{:6.1} s  {what}", self.0.elapsed().as_secs_f64());
        self.0 = std::time::Instant::now();
    }
}
