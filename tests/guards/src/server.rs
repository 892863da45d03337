//! The whole API over a world, without network.

use std::sync::Arc;

use plenum_bodies::BodiesReads;
use plenum_identity::Identity;
use plenum_live::Live;
use plenum_mail::Mailer;
use plenum_meetings::{Admissions, Attendance, SfuRooms};
use plenum_meetings_api::{MeetingsRead, Rooms};
use plenum_server::{
    installation::Facts,
    policy,
    schema::{self, Schema},
};
use tempfile::TempDir;
use testkit::World;
use tokio_util::sync::CancellationToken;

/// A world and the API over it.
pub struct Server {
    /// The world.
    pub world: World,
    /// The API.
    pub schema: Schema,
    /// Writes attendance, as the SFU makes it.
    pub attendance: Attendance,
    stop: CancellationToken,
    _outbox: TempDir,
}

impl Server {
    /// Makes a world with all policies, and the API over it.
    ///
    /// # Panics
    /// When anything goes wrong: then the test cannot run.
    pub async fn start() -> Self {
        let world = World::builder().policy(policy::FILES).build().await;
        let stop = CancellationToken::new();
        let live = Live::start(&world.db, stop.clone()).await.expect("pushes are heard");
        let outbox = tempfile::tempdir().expect("a temporary folder can be made");
        let from = "Пленум <plenum@example.org>".parse().expect("an address");
        let attendance = Attendance::new(world.db.clone(), "test");
        let identity = Identity {
            db: world.db.clone(),
            mailer: Arc::new(Mailer::outbox(outbox.path(), from)),
            public_url: Arc::from("http://127.0.0.1:1"),
            secure_cookies: false,
        };
        let schema = schema::build(schema::Tools {
            db: world.db.clone(),
            identity,
            files: world.files.clone(),
            live,
            meetings: Arc::new(attendance.clone()) as Arc<dyn MeetingsRead>,
            rooms: Arc::new(SfuRooms::default()) as Arc<dyn Rooms>,
            admission: Admissions { bodies: Arc::new(BodiesReads), token_key: Arc::from(vec![7_u8; 32]) },
            facts: Facts { demo_accounts: Arc::from([]), demo: false, outbox: None },
        });
        Self { world, schema, attendance, stop, _outbox: outbox }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
