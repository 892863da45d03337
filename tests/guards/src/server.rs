//! The whole API over a world, without network.

use std::sync::{Arc, Mutex};

use async_graphql::Request;
use plenum_audit::ReadsSeen;
use plenum_authz::{Permission, Viewer};
use plenum_db::Access;
use plenum_documents::Desk;
use plenum_identity::{Identity, Passkeys, Sealer};
use plenum_jobs::Worker;
use plenum_kernel::TenantId;
use plenum_live::Live;
use plenum_mail::{Mailer, Outbox};
use plenum_meetings::{Attendance, SfuRooms};
use plenum_meetings_api::{MeetingsRead, Rooms};
use plenum_print::Printer;
use plenum_server::{
    installation::Facts,
    policy,
    schema::Schema,
    wiring::{self, MailingSettings, Parts, Wired},
};
use plenum_tenancy::store::grants;
use serde_json::Value;
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
    /// Does the jobs, when it is told to.
    pub worker: Worker,
    /// Where letters go.
    pub outbox: Outbox,
    /// What documents work with.
    pub documents: Desk,
    /// The real door: from a cookie to a viewer.
    pub identity: Identity,
    /// What was answered to whom by [`ask`](Self::ask), by organization.
    pub answered: Mutex<Vec<(TenantId, Value)>>,
    stop: CancellationToken,
    _outbox: TempDir,
}

/// Where the browsers are that have passkeys.
pub const PASSKEY_ORIGIN: &str = "http://localhost:1";

impl Server {
    /// Makes a world with all policies, and the API over it.
    ///
    /// # Panics
    /// When anything goes wrong: then the test cannot run.
    pub async fn start() -> Self {
        let mut world = World::builder().policy(policy::FILES).build().await;
        // As the program has it: who looks at the same again is not told of each time.
        world.db = world.db.carrying(ReadsSeen::default());
        let stop = CancellationToken::new();
        let live = Live::start(&world.db, stop.clone()).await.expect("pushes are heard");
        let outbox = tempfile::tempdir().expect("a temporary folder can be made");
        let from = "Пленум <plenum@example.org>".parse().expect("an address");
        let attendance = Attendance::new(world.db.clone(), "test");
        let mailer = Arc::new(Mailer::outbox(outbox.path(), from));
        let public_url: Arc<str> = Arc::from("http://127.0.0.1:1");
        let identity = Identity {
            db: world.db.clone(),
            mailer: mailer.clone(),
            public_url: public_url.clone(),
            secure_cookies: false,
            sealer: Sealer::new(&[7; 32]),
            passkeys: Passkeys::of(PASSKEY_ORIGIN),
        };
        let outgoing = plenum_outgoing::Outgoing::new(plenum_outgoing::Allowed::default(), None);
        let outgoing = outgoing.expect("a door to others");
        let Wired { schema, worker, documents, .. } = wiring::wire(Parts {
            db: world.db.clone(),
            node: Arc::from("test"),
            identity: identity.clone(),
            providers: plenum_oidc::Providers::new(identity.clone(), outgoing, &[7; 32]),
            files: world.files.clone(),
            live,
            mailer,
            printer: Printer::new(),
            meetings: Arc::new(attendance.clone()) as Arc<dyn MeetingsRead>,
            rooms: Arc::new(SfuRooms::default()) as Arc<dyn Rooms>,
            relays: plenum_turn::Relays::none(),
            secret: Arc::from(vec![7_u8; 32]),
            public_url,
            time_zone: chrono_tz::Tz::Europe__Moscow,
            spool: Arc::from(outbox.path()),
            ffmpeg: plenum_meetings::Tool::new("ffmpeg".into()),
            facts: Facts { demo_accounts: Arc::from([]), demo: false, outbox: None },
            mailings: MailingSettings::default(),
        });
        let letters = Outbox::new(outbox.path());
        Self {
            world,
            schema,
            attendance,
            worker,
            outbox: letters,
            documents,
            identity,
            answered: Mutex::default(),
            stop,
            _outbox: outbox,
        }
    }
}

impl Server {
    /// One operation as this viewer.
    ///
    /// # Panics
    /// When the answer is no plain data.
    pub async fn ask(&self, viewer: &Viewer, operation: &str) -> Value {
        let request = Request::new(operation).data(self.world.scope(Some(viewer)));
        let answer = serde_json::to_value(self.schema.execute(request).await);
        let answer = answer.expect("an answer is plain data");
        self.answered.lock().expect("nobody panicked").push((viewer.tenant, answer.clone()));
        answer
    }

    /// The same person with the roles that they hold now.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn renewed(&self, viewer: &Viewer) -> Viewer {
        const READ: Permission = Permission::new("guards.read");
        let system = Viewer::system(viewer.tenant, "guards");
        let mut tx = self.world.db.tenant(&system, READ, Access::Read).await.expect("a transaction opens");
        let account = viewer.account().expect("a person");
        Viewer { grants: grants::of_account(&mut tx, account).await.expect("grants"), ..viewer.clone() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
