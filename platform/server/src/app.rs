//! Opening everything in order, and closing it in the opposite one.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use ipnet::IpNet;
use plenum_audit::ReadsSeen;
use plenum_bodies::BodiesReads;
use plenum_db::{Db, DbUrls};
use plenum_documents::Desk;
use plenum_embedded::{APP, EmbeddedConfig, OPERATOR, OWNER, Postgres, Step};
use plenum_files::{Files, LinkKey};
use plenum_identity::{Identity, Passkeys, Sealer};
use plenum_jobs::Worker;
use plenum_kernel::{Clock, SystemClock};
use plenum_live::Live;
use plenum_mail::{Dkim, Mailbox, Mailer, Outbox};
use plenum_meetings::{Attendance, Doorkeeper, LEASE, Nodes, RecordingShelf, SfuRooms};
use plenum_meetings_api::{MeetingsRead, Rooms};
use plenum_oidc::Providers;
use plenum_outgoing::Outgoing;
use plenum_print::Printer;
use plenum_sfu::{Pool, Sfu, SfuConfig};
use plenum_vault::{Master, MasterSource, Vault};
use rand::RngCore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::{
    config::{Config, MasterConfig},
    demo,
    installation::Facts,
    keys, nats,
    operations::Operations,
    policy,
    rate::Rates,
    schema::Schema,
    turn,
    wiring::{self, MailingSettings, Parts, Wired},
};

const DATABASE: &str = "plenum";

/// The database, opened and migrated, and who runs it.
pub struct Base {
    /// The child, when the database is a private one.
    pub postgres: Option<Postgres>,
    /// The connected database.
    pub db: Db,
}

/// Where the database is, for each of the roles.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// The application's and the operator's.
    pub urls: DbUrls,
    /// That of the role that owns the tables.
    pub owner: Option<String>,
}

/// Tells a waiting person what is being done.
pub fn progress(text: &str) {
    eprintln!("plenum: {text}");
}

impl Base {
    /// Starts the private database (or, for a command beside a running server, attaches to it) or connects to the one
    /// that is configured; applies the migrations.
    ///
    /// # Errors
    /// Whatever stands in the way, in words for the person who started the program.
    pub async fn open(config: &Config, beside_a_server: bool) -> anyhow::Result<Self> {
        let (postgres, addresses) = Self::addresses(config, beside_a_server).await?;
        if let Some(owner) = &addresses.owner {
            progress("applying migrations");
            plenum_db::migrate(owner).await.context("the migrations failed")?;
        }
        match Self::connect(config, &addresses).await {
            Ok(db) => Ok(Self { postgres, db }),
            Err(error) => {
                stop(postgres).await?;
                Err(error)
            }
        }
    }

    /// Starts the private database or attaches to it, or tells where the configured one is.
    ///
    /// # Errors
    /// Whatever stands in the way, in words for the person who started the program.
    pub async fn addresses(
        config: &Config,
        beside_a_server: bool,
    ) -> anyhow::Result<(Option<Postgres>, Addresses)> {
        if let Some(external) = &config.database {
            let urls = DbUrls { app: external.app.clone(), operator: external.operator.clone() };
            return Ok((None, Addresses { urls, owner: external.owner.clone() }));
        }
        let postgres = start_postgres(config, beside_a_server).await?;
        plenum_embedded::bootstrap(&postgres, DATABASE).await?;
        let urls =
            DbUrls { app: postgres.url(APP, DATABASE), operator: Some(postgres.url(OPERATOR, DATABASE)) };
        let owner = Some(postgres.url(OWNER, DATABASE));
        Ok((Some(postgres), Addresses { urls, owner }))
    }

    /// Connects to a migrated database, whose transactions carry the vault.
    ///
    /// # Errors
    /// When it does not answer, its role is too powerful, or the master key is not the one that belongs to it.
    pub async fn connect(config: &Config, addresses: &Addresses) -> anyhow::Result<Db> {
        let policy = Arc::new(policy::load().await?);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let db = Db::connect(&addresses.urls, 16, clock, policy).await?;
        let vault = Vault::open(db.clone(), master_source(config)).await?;
        Ok(db.carrying(vault).carrying(ReadsSeen::default()))
    }

    /// Closes the connections and stops the private database.
    ///
    /// # Errors
    /// When it does not stop.
    pub async fn close(self) -> anyhow::Result<()> {
        self.db.close().await;
        stop(self.postgres).await
    }
}

async fn stop(postgres: Option<Postgres>) -> anyhow::Result<()> {
    if let Some(postgres) = postgres
        && postgres.owned()
    {
        postgres.stop().await.context("the private PostgreSQL did not stop")?;
    }
    Ok(())
}

async fn start_postgres(config: &Config, beside_a_server: bool) -> anyhow::Result<Postgres> {
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("could not make the data directory {}", config.data_dir.display()))?;
    let embedded = EmbeddedConfig {
        data_dir: config.data_dir.join("postgres"),
        bin_dir: config.pg_bin_dir.clone(),
        settings: Vec::new(),
    };
    let tell = |step: Step| progress(describe(step));
    let started = if beside_a_server {
        Postgres::attach_or_start(embedded, tell).await
    } else {
        Postgres::start(embedded, tell).await
    };
    Ok(started?)
}

fn describe(step: Step) -> &'static str {
    match step {
        Step::Creating => "making the private database (first start)",
        Step::StoppingOrphan => "stopping a database whose owner died",
        Step::Starting => "starting the private database",
        Step::Attaching => "using the private database of the running server",
        Step::Ready => "the private database is ready",
    }
}

/// Where letters go that no mail server takes.
fn outbox(config: &Config) -> PathBuf {
    config.data_dir.join("outbox")
}

/// What sends letters.
///
/// # Errors
/// When a setting of the mail is no setting.
pub fn mailer(config: &Config) -> anyhow::Result<Mailer> {
    let from: Mailbox = config.mail_from.parse().with_context(|| {
        format!(
            "PLENUM_MAIL_FROM: «{}» is not an address such as Plenum <mail@example.org>",
            config.mail_from
        )
    })?;
    let mailer = match &config.smtp_url {
        Some(url) => Mailer::smtp(url, from).context("PLENUM_SMTP_URL")?,
        None => Mailer::outbox(outbox(config), from),
    };
    let Some(dkim) = &config.dkim else { return Ok(mailer) };
    let key = std::fs::read_to_string(&dkim.key)
        .with_context(|| format!("PLENUM_DKIM_KEY: could not read {}", dkim.key.display()))?;
    Ok(mailer.signed(Dkim::new(&dkim.selector, &dkim.domain, &key).context("PLENUM_DKIM_KEY")?))
}

/// Who signs people in.
#[must_use]
pub fn identity(config: &Config, db: &Db, mailer: Arc<Mailer>, secret: &[u8]) -> Identity {
    let public_url: Arc<str> = Arc::from(config.public_url.as_str());
    Identity {
        db: db.clone(),
        mailer,
        passkeys: Passkeys::of(&public_url),
        public_url,
        secure_cookies: config.secure(),
        sealer: Sealer::new(secret),
    }
}

/// Everything that a server needs to answer.
pub struct App {
    /// The database.
    pub db: Db,
    /// Sign-in.
    pub identity: Identity,
    /// Sign-in by organizations' own providers.
    pub providers: Providers,
    /// Blobs.
    pub files: Files,
    /// Media.
    pub sfu: Sfu,
    /// The servers that carry rooms.
    pub nodes: Nodes,
    /// The API.
    pub schema: Schema,
    /// The operations that it takes.
    pub operations: Operations,
    /// What documents work with.
    pub documents: Desk,
    /// What mailings work with.
    pub mailings: Arc<plenum_mailings::Tools>,
    /// Reads the links of letters.
    pub mailing_tokens: plenum_mailings::Tokens,
    /// Where people reach the server.
    pub public_url: Arc<str>,
    /// How often somebody may call; none is no limit.
    pub rates: Option<Arc<Rates>>,
    /// The proxies whose word about the caller's address is taken.
    pub proxies: Arc<[IpNet]>,
    /// Whether people reach the server over TLS.
    pub secure: bool,
    /// Whether it is a demonstration.
    pub demo: bool,
    /// Ends open connections.
    pub stop: CancellationToken,
    worker: Option<Worker>,
}

impl App {
    /// Puts a server together; `stop` ends what it runs in the background. The relay encrypts by `relay_acceptor`.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub async fn build(
        config: &Config,
        db: Db,
        demo: bool,
        relay_acceptor: Option<TlsAcceptor>,
        stop: &CancellationToken,
    ) -> anyhow::Result<Self> {
        let operations = Operations::load(config.operations_file.as_deref(), demo || config.any_operation)?;
        let secret = secret(config)?;
        let public_url: Arc<str> = Arc::from(config.public_url.as_str());
        let mailer = Arc::new(mailer(config)?);
        let mailing_tokens = plenum_mailings::Tokens::new(db.clone(), &secret);
        let files = Files::open(&config.objects, LinkKey::new(secret.clone())).context("the object store")?;
        let live = Live::start(&db, stop.clone()).await?;

        let nats = match &config.nats {
            Some(nats) => Some(nats::connect(nats, &config.node).await?),
            None => None,
        };
        let attendance = match nats {
            Some(_) => Attendance::together(db.clone(), &config.node),
            None => Attendance::new(db.clone(), &config.node),
        };
        let meetings: Arc<dyn MeetingsRead> = Arc::new(attendance.clone());
        let rooms = SfuRooms::default();
        let nodes = Nodes::new(attendance.clone(), rooms.clone(), LEASE);
        let bodies = Arc::new(BodiesReads::new(meetings.clone()));
        let doorkeeper = Doorkeeper::new(
            attendance,
            bodies,
            rooms.clone(),
            live.clone(),
            // Other rooms are those of webinars.
            plenum_learning::LEARN,
        );
        let media = SfuConfig {
            token_key: secret.clone(),
            bind: config.listen.ip(),
            port: config.media_port,
            threads: config.media_threads,
            announced: config.media_address,
            public_url: config.public_url.clone(),
        };
        let sfu = Sfu::new(media, Arc::new(doorkeeper), db.clock().clone()).context("the media server")?;
        sfu.keep_recordings(Arc::new(RecordingShelf::new(files.clone())));
        rooms.set(sfu.clone());
        nodes.begin().await?;
        if let Some(client) = nats {
            let pool = Pool { name: config.node.clone(), client, placement: Arc::new(nodes.clone()) };
            sfu.join(pool).await.context("the other servers")?;
        }
        let media = turn::Media { here: sfu.addresses(), nodes: nodes.clone() };
        let relays = turn::start(config, demo, media, relay_acceptor, db.clock().clone(), stop).await?;

        let identity = identity(config, &db, mailer.clone(), &secret);
        let providers = Providers::new(identity.clone(), outgoing(config)?, &secret);
        let facts = Facts {
            demo_accounts: if demo { demo::accounts().into() } else { Arc::from([]) },
            demo,
            outbox: (demo && config.smtp_url.is_none()).then(|| Outbox::new(outbox(config))),
        };
        let Wired { schema, worker, ports, documents, mailings } = wiring::wire(Parts {
            db: db.clone(),
            node: config.node.clone(),
            identity: identity.clone(),
            providers: providers.clone(),
            files: files.clone(),
            live,
            mailer,
            printer: Printer::new(),
            meetings,
            rooms: Arc::new(rooms) as Arc<dyn Rooms>,
            relays,
            secret: Arc::from(secret),
            public_url: public_url.clone(),
            time_zone: config.time_zone,
            spool: spool(config)?.into(),
            ffmpeg: plenum_meetings::Tool::new(config.ffmpeg.clone()),
            facts,
            mailings: MailingSettings {
                bounce_domain: config.bounce_domain.as_deref().map(Arc::from),
                letters_per_minute: config.mail_rate,
            },
        });
        plenum_chat::ensure_body_channels(&db, &*ports.bodies).await.context("the channels of bodies")?;
        keys::catch_up(&db, &keys::tables()).await.context("the sealed columns")?;
        keys::catch_up_in_the_background(&identity);
        let worker = Some(worker);
        Ok(Self {
            db,
            identity,
            providers,
            files,
            sfu,
            nodes,
            schema,
            operations,
            documents,
            mailings,
            mailing_tokens,
            public_url,
            secure: config.secure(),
            rates: config.api_rate.map(|rate| Arc::new(Rates::new(rate))),
            proxies: config.trusted_proxies.clone().into(),
            demo,
            stop: stop.clone(),
            worker,
        })
    }

    /// The worker that does the jobs; there is one.
    pub fn take_worker(&mut self) -> Option<Worker> {
        self.worker.take()
    }
}

/// Where what is too large for memory is written before it goes to the object store: on the disk of the data, and nobody
/// else's to read.
fn spool(config: &Config) -> anyhow::Result<PathBuf> {
    use std::os::unix::fs::DirBuilderExt;

    let folder = config.data_dir.join("spool");
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder)
        .with_context(|| format!("could not make the folder {}", folder.display()))?;
    Ok(folder)
}

/// The door to the servers of others.
fn outgoing(config: &Config) -> anyhow::Result<Outgoing> {
    let authorities = match &config.outgoing_authorities {
        Some(path) => Some(
            std::fs::read(path)
                .with_context(|| format!("PLENUM_OUTGOING_CA: could not read {}", path.display()))?,
        ),
        None => None,
    };
    Outgoing::new(config.outgoing.clone(), authorities.as_deref()).context("PLENUM_OUTGOING_CA")
}

/// Where the master key is.
///
/// # Panics
/// Never: a given key was read when the configuration was.
#[must_use]
pub fn master_source(config: &Config) -> MasterSource {
    match &config.master {
        MasterConfig::Given(text) => {
            MasterSource::Given(Master::parse(text).expect("the configuration was checked"))
        }
        MasterConfig::File(path) => MasterSource::File(path.clone()),
    }
}

/// The key of this installation, configured or kept.
///
/// # Errors
/// When the kept one cannot be read or made.
pub fn secret(config: &Config) -> anyhow::Result<Vec<u8>> {
    match &config.secret {
        Some(secret) => Ok(secret.clone()),
        None => kept_secret(&config.data_dir),
    }
}

/// The key of this installation: made at the first start, readable by its owner only.
fn kept_secret(data_dir: &Path) -> anyhow::Result<Vec<u8>> {
    let path = data_dir.join("secret.key");
    let text = kept_text(&path, || {
        let mut key = vec![0_u8; 32];
        rand::rng().fill_bytes(&mut key);
        hex::encode(key)
    })?;
    let key = hex::decode(text.trim()).ok().filter(|key| key.len() >= 32);
    key.with_context(|| format!("{} does not hold a key", path.display()))
}

/// What a file of the data directory holds: made when there is none, readable by its owner only.
pub(crate) fn kept_text(path: &Path, make: impl FnOnce() -> String) -> anyhow::Result<String> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};

    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)
                    .with_context(|| format!("could not make the data directory {}", folder.display()))?;
            }
            let text = make();
            let mut file = std::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)
                .with_context(|| format!("could not write {}", path.display()))?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            Ok(text)
        }
        Err(error) => Err(error).with_context(|| format!("could not read {}", path.display())),
    }
}
