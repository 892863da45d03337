//! Which module gets what: ports, jobs, reactions. One place, for the program and for the tests.

use std::{collections::HashMap, path::Path, sync::Arc};

use async_trait::async_trait;
use chrono_tz::Tz;
use plenum_bodies::BodiesReads;
use plenum_bodies_api::BodiesRead;
use plenum_chat::ChatReads;
use plenum_chat_api::ChatRead;
use plenum_db::{Db, StoreError, TenantTx};
use plenum_documents::{Desk, DocumentsReads};
use plenum_documents_api::DocumentsRead;
use plenum_dues::CardHolders;
use plenum_events::Reactions;
use plenum_files::Files;
use plenum_identity::Identity;
use plenum_jobs::Worker;
use plenum_learning::LearningReads;
use plenum_learning_api::LearningRead;
use plenum_live::Live;
use plenum_mail::Mailer;
use plenum_mailings::{CampaignReads, Tokens};
use plenum_mailings_api::MailingsRead;
use plenum_meetings::Admissions;
use plenum_meetings_api::{MeetingsRead, Rooms};
use plenum_members::{Cards, RegisterReads, domain::membership_card::CardKey};
use plenum_members_api::{MemberId, MembersRead};
use plenum_print::Printer;
use plenum_turn::Relays;

use crate::{
    installation::Facts,
    keys,
    schema::{self, Schema},
    tenant_export,
};

/// What the modules are made to work with.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// This server's name in claims.
    pub node: Arc<str>,
    /// Sign-in.
    pub identity: Identity,
    /// Sign-in by organizations' own providers.
    pub providers: plenum_oidc::Providers,
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
    /// Relays of media.
    pub relays: Relays,
    /// Signs links and tokens.
    pub secret: Arc<[u8]>,
    /// Where people reach the server, without a slash at the end.
    pub public_url: Arc<str>,
    /// The time zone in which dates are written.
    pub time_zone: Tz,
    /// A folder of this machine with room for an export of everything, or for a film.
    pub spool: Arc<Path>,
    /// Makes films of recordings.
    pub ffmpeg: plenum_meetings::Tool,
    /// Public facts.
    pub facts: Facts,
    /// How mailings leave.
    pub mailings: MailingSettings,
}

/// How mailings leave; the default is without a limit, and without reports of failure.
#[derive(Debug, Clone, Default)]
pub struct MailingSettings {
    /// The domain whose mail server hands returned letters to `plenum bounce`.
    pub bounce_domain: Option<Arc<str>>,
    /// How many letters an organization may send in a minute.
    pub letters_per_minute: Option<i64>,
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
    /// Channels.
    pub chat: Arc<dyn ChatRead>,
    /// Documents and tasks.
    pub documents: Arc<dyn DocumentsRead>,
    /// Campaigns.
    pub mailings: Arc<dyn MailingsRead>,
    /// Courses.
    pub learning: Arc<dyn LearningRead>,
}

/// The modules, put together.
pub struct Wired {
    /// The API.
    pub schema: Schema,
    /// Does the jobs.
    pub worker: Worker,
    /// What modules ask of one another.
    pub ports: Ports,
    /// What documents work with.
    pub documents: Desk,
    /// What mailings work with.
    pub mailings: Arc<plenum_mailings::Tools>,
}

/// Puts the modules together.
#[must_use]
pub fn wire(parts: Parts) -> Wired {
    let ports = Ports {
        members: Arc::new(RegisterReads),
        bodies: Arc::new(BodiesReads::new(parts.meetings.clone())),
        meetings: parts.meetings.clone(),
        chat: Arc::new(ChatReads),
        documents: Arc::new(DocumentsReads),
        mailings: Arc::new(CampaignReads),
        learning: Arc::new(LearningReads),
    };
    let documents = Desk::new(plenum_documents::Tools {
        files: parts.files.clone(),
        printer: parts.printer.clone(),
        mailer: parts.mailer.clone(),
        bodies: ports.bodies.clone(),
        secret: parts.secret.clone(),
        public_url: parts.public_url.clone(),
        time_zone: parts.time_zone,
    });
    let mailings = Arc::new(plenum_mailings::Tools {
        mailer: parts.mailer.clone(),
        files: parts.files.clone(),
        members: ports.members.clone(),
        bodies: ports.bodies.clone(),
        learning: Some(ports.learning.clone()),
        chat: Some(ports.chat.clone()),
        signer: plenum_mailings::Signer::new(&parts.secret),
        public_url: parts.public_url.clone(),
        bounce_domain: parts.mailings.bounce_domain,
        letters_per_minute: parts.mailings.letters_per_minute,
    });
    let mailing_tokens = Tokens::new(parts.db.clone(), &parts.secret);
    let bodies = plenum_bodies::Tools {
        mailer: parts.mailer.clone(),
        files: parts.files.clone(),
        printer: parts.printer.clone(),
        meetings: parts.meetings.clone(),
        public_url: parts.public_url.clone(),
        time_zone: parts.time_zone,
    };
    let cards = Cards {
        key: CardKey::new(parts.secret.to_vec()),
        printer: parts.printer.clone(),
        public_url: parts.public_url.clone(),
        time_zone: parts.time_zone,
    };
    let members = plenum_members::Tools {
        files: parts.files.clone(),
        mailer: parts.mailer.clone(),
        cards: cards.clone(),
        secret: parts.secret.clone(),
    };
    let dues = Arc::new(plenum_dues::Tools {
        members: ports.members.clone(),
        cards: Arc::new(Holders),
        files: parts.files.clone(),
        printer: parts.printer.clone(),
        time_zone: parts.time_zone,
    });
    let learning = plenum_learning::Tools {
        mailer: parts.mailer.clone(),
        files: parts.files.clone(),
        printer: parts.printer.clone(),
        members: ports.members.clone(),
        bodies: ports.bodies.clone(),
        meetings: parts.meetings.clone(),
        public_url: parts.public_url.clone(),
        time_zone: parts.time_zone,
    };
    let worker = Worker::new(parts.db.clone(), &parts.node);
    let worker = plenum_bodies::register(worker, bodies);
    let worker = plenum_members::register(worker, members);
    let worker = plenum_chat::register(worker, ports.members.clone());
    let worker = plenum_documents::register(worker, &documents);
    let worker = plenum_mailings::register(worker, mailings.clone());
    let worker = plenum_dues::register(worker, dues.clone());
    let worker = plenum_learning::register(worker, learning.clone());
    let meetings = plenum_meetings::Tools {
        bodies: ports.bodies.clone(),
        files: parts.files.clone(),
        ffmpeg: parts.ffmpeg,
        folder: parts.spool.clone(),
        time_zone: parts.time_zone,
    };
    let worker = plenum_meetings::register(worker, meetings);
    let worker = keys::register(worker, keys::tables());
    let access = plenum_access::Tools {
        identity: parts.identity.clone(),
        secret: parts.secret.clone(),
        time_zone: parts.time_zone,
    };
    let worker = plenum_access::register(worker, access);
    let worker =
        plenum_federation::register(worker, parts.identity.clone(), parts.files.clone(), parts.time_zone);
    let exports = plenum_exports::Tools {
        files: parts.files.clone(),
        contents: tenant_export::contents(),
        folder: parts.spool,
    };
    let worker = plenum_exports::register(worker, exports);
    let worker = reactions(&ports, &documents, learning).register(worker);
    let schema = schema::build(schema::Tools {
        db: parts.db,
        identity: parts.identity,
        providers: parts.providers,
        files: parts.files,
        live: parts.live,
        rooms: parts.rooms,
        admission: Admissions {
            bodies: ports.bodies.clone(),
            token_key: parts.secret.clone(),
            relays: parts.relays.clone(),
        },
        webinars: plenum_learning::Webinars {
            token_key: parts.secret,
            relays: parts.relays,
            public_url: parts.public_url,
        },
        dues,
        facts: parts.facts,
        cards,
        mailings: mailings.clone(),
        mailing_tokens,
        ports: ports.clone(),
        documents: documents.clone(),
    });
    Wired { schema, worker, ports, documents, mailings }
}

/// Who reacts to which event.
fn reactions(ports: &Ports, documents: &Desk, learning: plenum_learning::Tools) -> Reactions {
    let members = plenum_members::Ports {
        bodies: ports.bodies.clone(),
        learning: Some(ports.learning.clone()),
        documents: Some(ports.documents.clone()),
        mailings: Some(ports.mailings.clone()),
    };
    let reactions = plenum_members::reactions(Reactions::new(), &members);
    let reactions = plenum_chat::on_bodies(reactions, ports.bodies.clone());
    let reactions = plenum_chat::on_members(reactions, ports.members.clone());
    let reactions = plenum_chat::on_mailings(reactions, ports.mailings.clone());
    let reactions = plenum_chat::on_learning(reactions, ports.learning.clone(), ports.members.clone());
    let reactions = plenum_learning::react(reactions, learning);
    let reactions = plenum_documents::react(reactions, documents);
    let reactions = plenum_meetings::react(reactions);
    plenum_dues::reactions(reactions)
}

/// Tells dues who holds which union card.
struct Holders;

#[async_trait]
impl CardHolders for Holders {
    async fn holders(
        &self,
        tx: &mut TenantTx,
        cards: &[String],
    ) -> Result<HashMap<String, MemberId>, StoreError> {
        RegisterReads.holders_of_cards(tx, cards).await
    }
}
