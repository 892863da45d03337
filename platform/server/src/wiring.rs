//! Which module gets what: ports, jobs, reactions. One place, for the program and for the tests.

use std::sync::Arc;

use chrono_tz::Tz;
use plenum_bodies::BodiesReads;
use plenum_bodies_api::BodiesRead;
use plenum_db::Db;
use plenum_events::Reactions;
use plenum_files::Files;
use plenum_identity::Identity;
use plenum_jobs::Worker;
use plenum_live::Live;
use plenum_mail::Mailer;
use plenum_meetings::Admissions;
use plenum_meetings_api::{MeetingsRead, Rooms};
use plenum_members::RegisterReads;
use plenum_members_api::MembersRead;
use plenum_print::Printer;

use crate::{
    installation::Facts,
    schema::{self, Schema},
};

/// What the modules are made to work with.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// This server's name in claims.
    pub node: &'static str,
    /// Sign-in.
    pub identity: Identity,
    /// Blobs.
    pub files: Files,
    /// Pushes.
    pub live: Live,
    /// Letters.
    pub mailer: Arc<Mailer>,
    /// PDFs.
    pub printer: Printer,
    /// Presence.
    pub meetings: Arc<dyn MeetingsRead>,
    /// Rooms.
    pub rooms: Arc<dyn Rooms>,
    /// Signs links and tokens.
    pub secret: Arc<[u8]>,
    /// Where people reach the server, without a slash at the end.
    pub public_url: Arc<str>,
    /// The time zone in which dates are written.
    pub time_zone: Tz,
    /// Public facts.
    pub facts: Facts,
}

/// What modules ask of one another.
#[derive(Clone)]
pub struct Ports {
    /// The register.
    pub members: Arc<dyn MembersRead>,
    /// Elected bodies.
    pub bodies: Arc<dyn BodiesRead>,
    /// Who is in a room.
    pub meetings: Arc<dyn MeetingsRead>,
}

/// The modules, put together.
pub struct Wired {
    /// The API.
    pub schema: Schema,
    /// Does the jobs.
    pub worker: Worker,
    /// What modules ask of one another.
    pub ports: Ports,
}

/// Puts the modules together.
#[must_use]
pub fn wire(parts: Parts) -> Wired {
    let ports = Ports {
        members: Arc::new(RegisterReads),
        bodies: Arc::new(BodiesReads::new(parts.meetings.clone())),
        meetings: parts.meetings.clone(),
    };
    let bodies = plenum_bodies::Tools {
        mailer: parts.mailer.clone(),
        files: parts.files.clone(),
        printer: parts.printer.clone(),
        meetings: parts.meetings.clone(),
        public_url: parts.public_url.clone(),
        time_zone: parts.time_zone,
    };
    let worker = Worker::new(parts.db.clone(), parts.node);
    let worker = plenum_bodies::register(worker, bodies);
    let worker = plenum_members::register(worker, parts.files.clone());
    let worker = reactions().register(worker);
    let schema = schema::build(schema::Tools {
        db: parts.db,
        identity: parts.identity,
        files: parts.files,
        live: parts.live,
        rooms: parts.rooms,
        admission: Admissions { bodies: ports.bodies.clone(), token_key: parts.secret },
        facts: parts.facts,
        ports: ports.clone(),
    });
    Wired { schema, worker, ports }
}

/// Who reacts to which event.
fn reactions() -> Reactions {
    Reactions::new()
}
