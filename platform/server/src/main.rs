//! `plenum`: serves the platform, and does from the command line what needs no browser.

// As in the library: where the whole is optimized, the future of the API is laid out here.
#![recursion_limit = "256"]

use std::{collections::BTreeMap, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use clap::{Parser, Subcommand, ValueEnum};
use plenum_files::{Files, LinkKey};
use plenum_identity::Sealer;
use plenum_issuer::NewClient;
use plenum_server::{
    accounts,
    app::{self, App, Base, progress, secret},
    audit_log,
    config::Config,
    demo, doctor, http, import, keys, schema, serving,
    tls::{self, Certificate, TlsListener},
};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// The largest report that is read, bytes.
const LARGEST_REPORT: u64 = 10_000_000;
/// How long running requests may take to end when the server stops.
const GRACE: Duration = Duration::from_secs(5);

#[derive(Parser)]
#[command(name = "plenum", version, about = "A platform for a federation of membership organizations")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the web app, the API, the media and the jobs.
    Serve {
        /// Seed a demonstration federation on the first start, and show its accounts.
        #[arg(long)]
        demo: bool,
    },
    /// Run the private database only, until it is told to stop: for several servers of this machine, none of which then ends
    /// it for the others.
    Database,
    /// Seed the demonstration federation and exit.
    Demo,
    /// Apply the migrations and exit.
    Migrate,
    /// Take data in.
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Take a report of a mail server that a letter was not delivered (RFC 3464) from standard input, as Postfix
    /// pipes it, and record it.
    Bounce {
        /// To whom the report was sent, when its own headers do not tell: ${original_recipient} in Postfix.
        #[arg(long)]
        recipient: Option<String>,
    },
    /// The record of who did what.
    Audit {
        #[command(subcommand)]
        what: Audit,
    },
    /// Report every unsafe setting in plain words. Ends with 0 when there is none, 1 for warnings, 2 for dangers.
    Doctor {
        /// The language, ru or en; that of LANG when not given.
        #[arg(long)]
        lang: Option<String>,
        /// For programs.
        #[arg(long)]
        json: bool,
    },
    /// Accounts of people.
    Accounts {
        #[command(subcommand)]
        what: Accounts,
    },
    /// The federation's other sites, which sign people in by their accounts here (OpenID Connect).
    Oidc {
        #[command(subcommand)]
        what: Oidc,
    },
    /// The keys of sealed columns.
    Keys {
        #[command(subcommand)]
        what: Keys,
    },
    /// Print the GraphQL schema.
    Schema,
}

#[derive(Subcommand)]
enum Accounts {
    /// Take the passkeys, the authenticator and the recovery codes of an account away, and end its sign-ins. Make sure of
    /// the person first: their password alone signs them in afterwards.
    RemoveFactors {
        /// The address that the account signs in with.
        email: String,
    },
}

#[derive(Subcommand)]
enum Oidc {
    /// Sites that may ask.
    Clients {
        #[command(subcommand)]
        what: Clients,
    },
    /// Make new keys that sign; those before sign no more, and are shown for another month.
    RotateKeys,
}

#[derive(Subcommand)]
enum Clients {
    /// Register a site. Prints its secret, which is told this once.
    Add {
        /// What it calls itself by.
        id: String,
        /// What people call it.
        #[arg(long)]
        name: String,
        /// Where people are sent back to; compared whole. May be given several times.
        #[arg(long, required = true)]
        redirect: Vec<String>,
        /// Where people may be sent after signing out. May be given several times.
        #[arg(long)]
        logout: Vec<String>,
        /// It cannot keep a secret: an app in the browser or on a phone.
        #[arg(long)]
        public: bool,
        /// Sign its tokens by ES256 instead of RS256.
        #[arg(long)]
        es256: bool,
        /// Tell it of the organizations that somebody may enter, and of their roles there.
        #[arg(long)]
        organizations: bool,
    },
    /// All sites.
    List,
    /// Remove a site; what it holds is of no use any more.
    Remove {
        /// What it calls itself by.
        id: String,
    },
}

#[derive(Subcommand)]
enum Keys {
    /// How things stand: which keys there are, and how far the re-encryption is.
    Status,
    /// Make new data keys. Older ones open what they sealed; a running server seals it anew in the background.
    Rotate {
        /// Only of this organization, by its slug.
        #[arg(long)]
        tenant: Option<String>,
    },
    /// Wrap all data keys by a new master key: one made in the place of the present file, or PLENUM_NEW_MASTER_KEY when
    /// the present one is in the environment.
    Rewrap,
}

#[derive(Subcommand)]
enum Audit {
    /// Check that nothing was changed, removed or put in between. Prints the head of each organization's chain on
    /// standard output; keep that elsewhere.
    Verify {
        /// Only this organization, by its slug.
        #[arg(long)]
        tenant: Option<String>,
        /// What an earlier check printed: shows also that nothing was cut off at the end or written anew.
        #[arg(long)]
        since: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
enum Import {
    /// A register of members: .xlsx or .csv.
    Members {
        /// The slug of the organization.
        #[arg(long)]
        tenant: String,
        /// How to report.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// The file.
        file: PathBuf,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON object.
    Json,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_env("PLENUM_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,webrtc=error,rtc=error"));
    plenum_server::log::begin(filter);
    // Both ring and aws-lc are in the tree: one is chosen here, for everything.
    rustls::crypto::ring::default_provider().install_default().ok();
    // The private PostgreSQL is told to stop when the thread that started it ends: the main thread lives longest.
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("plenum: could not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(arguments.command)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("plenum: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    if let Command::Schema = command {
        out(schema::sdl().trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let config = Config::load(|name| std::env::var(name).ok())?;
    match command {
        Command::Serve { demo } => serve(config, demo).await,
        Command::Database => keep_database(&config).await,
        Command::Demo => {
            let base = Base::open(&config, true).await?;
            let files =
                Files::open(&config.objects, LinkKey::new(config.secret.clone().unwrap_or_default()))?;
            let seeded = demo::seed(&base.db, &files).await;
            base.close().await?;
            out(&demo::describe(&config.public_url, seeded?));
            Ok(ExitCode::SUCCESS)
        }
        Command::Migrate => {
            Base::open(&config, true).await?.close().await?;
            progress("the database is up to date");
            Ok(ExitCode::SUCCESS)
        }
        Command::Import { what: Import::Members { tenant, format, file } } => {
            let base = Base::open(&config, true).await?;
            let files =
                Files::open(&config.objects, LinkKey::new(config.secret.clone().unwrap_or_default()))?;
            let outcome = import::members(&base.db, &files, &tenant, &file).await;
            base.close().await?;
            let report = outcome?;
            out(&match format {
                Format::Json => serde_json::to_string_pretty(&report)?,
                Format::Text => import::describe(&report),
            });
            Ok(ExitCode::SUCCESS)
        }
        Command::Bounce { recipient } => bounce(&config, recipient.as_deref()).await,
        Command::Audit { what: Audit::Verify { tenant, since } } => {
            let known = match since {
                Some(path) => audit_log::read_heads(
                    &std::fs::read_to_string(&path)
                        .with_context(|| format!("could not read {}", path.display()))?,
                )?,
                None => BTreeMap::new(),
            };
            let base = Base::open(&config, true).await?;
            let checked = audit_log::check(&base.db, tenant.as_deref(), &known, |slug, report| {
                let line = audit_log::describe(slug, report);
                if report.fault.is_some() { progress(&line) } else { out(&line) }
            })
            .await;
            let whole = matches!(checked, Ok(true));
            if whole && tenant.is_none() {
                audit_log::note_check(&base.db).await;
            }
            base.close().await?;
            Ok(if checked? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Doctor { lang, json } => {
            let environment = ["LC_ALL", "LC_MESSAGES", "LANG"]
                .into_iter()
                .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
            let tongue = doctor::Tongue::of(lang.as_deref(), environment.as_deref());
            let report = doctor::examine(&config).await?;
            let text =
                if json { serde_json::to_string_pretty(&report.json(tongue))? } else { report.text(tongue) };
            out(&text);
            Ok(ExitCode::from(report.exit_code()))
        }
        Command::Accounts { what: Accounts::RemoveFactors { email } } => {
            let base = Base::open(&config, true).await?;
            let done = async {
                let mailer = Arc::new(app::mailer(&config)?);
                let identity = app::identity(&config, &base.db, mailer, &secret(&config)?);
                accounts::remove_factors(&identity, &email).await
            }
            .await;
            base.close().await?;
            out(&done?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Oidc { what } => {
            let base = Base::open(&config, true).await?;
            let done = manage_sites(&base, what).await;
            base.close().await?;
            done?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Keys { what } => {
            let base = Base::open(&config, true).await?;
            let done = manage_keys(&config, &base, what).await;
            base.close().await?;
            done?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Schema => Ok(ExitCode::SUCCESS),
    }
}

async fn manage_sites(base: &Base, what: Oidc) -> anyhow::Result<()> {
    match what {
        Oidc::Clients { what: Clients::Add { id, name, redirect, logout, public, es256, organizations } } => {
            let new = NewClient {
                id,
                name,
                redirect_uris: redirect,
                logout_uris: logout,
                public,
                es256,
                tells_organizations: organizations,
            };
            match plenum_issuer::add(&base.db, new).await? {
                Some(secret) => out(&secret),
                None => progress("registered; it has no secret"),
            }
        }
        Oidc::Clients { what: Clients::List } => {
            for client in plenum_issuer::all(&base.db).await? {
                out(&plenum_issuer::describe(&client));
            }
        }
        Oidc::Clients { what: Clients::Remove { id } } => plenum_issuer::remove(&base.db, &id).await?,
        Oidc::RotateKeys => {
            for name in plenum_issuer::rotate(&base.db).await? {
                out(&name);
            }
        }
    }
    Ok(())
}

async fn manage_keys(config: &Config, base: &Base, what: Keys) -> anyhow::Result<()> {
    match what {
        Keys::Status => out(keys::status(config, &base.db, &keys::tables()).await?.trim_end()),
        Keys::Rotate { tenant } => {
            let before = Sealer::new(&secret(config)?);
            keys::rotate(&base.db, tenant.as_deref(), &keys::tables(), &before, |line| out(&line)).await?;
        }
        Keys::Rewrap => {
            let given = std::env::var("PLENUM_NEW_MASTER_KEY").ok().filter(|text| !text.trim().is_empty());
            out(&keys::rewrap(config, &base.db, given.as_deref()).await?);
        }
    }
    Ok(())
}

/// The mail server is told to try again when the database is away, and nothing else: a report that is refused would be
/// a letter about a letter.
async fn bounce(config: &Config, recipient: Option<&str>) -> anyhow::Result<ExitCode> {
    use std::io::Read;
    /// "Temporary failure" of a mail filter (sysexits.h).
    const TRY_AGAIN: u8 = 75;
    let mut bytes = Vec::new();
    std::io::stdin().take(LARGEST_REPORT).read_to_end(&mut bytes)?;
    let Some(report) = plenum_mail::Report::read(&bytes) else {
        out("ignored: not a report about a delivery");
        return Ok(ExitCode::SUCCESS);
    };
    let outcome = async {
        let base = Base::open(config, true).await?;
        let tokens = plenum_mailings::Tokens::new(base.db.clone(), &secret(config)?);
        let recorded = tokens.bounce(&report, recipient).await;
        base.close().await?;
        anyhow::Ok(recorded?)
    };
    match outcome.await {
        Ok(plenum_mailings::Recorded::Bounced { hard: true }) => out("recorded: the address does not exist"),
        Ok(plenum_mailings::Recorded::Bounced { hard: false }) => out("recorded: the letter came back"),
        Ok(plenum_mailings::Recorded::Nothing) => out("ignored: nothing to record"),
        Ok(plenum_mailings::Recorded::NoLetter) => out("ignored: no such letter"),
        Err(error) => {
            progress(&format!("{error:#}"));
            return Ok(ExitCode::from(TRY_AGAIN));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn keep_database(config: &Config) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(config.database.is_none(), "DATABASE_URL is set: the database is run by somebody else");
    let mut interrupts = Interrupts::heed().context("could not heed signals")?;
    let mut base = Base::open(config, false).await?;
    progress("the database is ready");
    let failed = tokio::select! {
        _ = interrupts.came() => false,
        ended = database_ended(&mut base) => {
            tracing::error!("the private PostgreSQL ended by itself: {ended}");
            true
        }
    };
    progress("stopping");
    base.close().await?;
    progress("stopped");
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn serve(config: Config, demo: bool) -> anyhow::Result<ExitCode> {
    // The port first: when it is taken, nothing has been started yet.
    let listener = TcpListener::bind(config.listen).await.with_context(|| {
        format!("PLENUM_LISTEN: could not listen at {}; is another server running there?", config.listen)
    })?;
    // A certificate that cannot be used, or a second port that is taken, is told before anything is started too.
    let certificate = config.tls.clone().map(Certificate::open).transpose()?;
    let redirect = match config.http_redirect {
        Some(address) => Some(TcpListener::bind(address).await.with_context(|| {
            format!("PLENUM_HTTP_REDIRECT: could not listen at {address}; is another server running there?")
        })?),
        None => None,
    };
    // Several servers of one machine share its private database, whoever runs that.
    let mut base = Base::open(&config, config.nats.is_some()).await?;
    let stop = CancellationToken::new();
    let relay_acceptor = certificate.as_ref().map(Certificate::relay_acceptor);
    let mut app = App::build(&config, base.db.clone(), demo, relay_acceptor, &stop).await?;
    if demo {
        demo::seed(&base.db, &app.files).await.context("the demonstration could not be seeded")?;
        demo::furnish(&app).await.context("the demonstration could not be furnished")?;
    }
    let router = http::router(&app);
    let lease = tokio::spawn(app.nodes.clone().keep(stop.clone()));
    let worker = app.take_worker().map(|worker| tokio::spawn(worker.run(stop.clone())));

    let stopping = stop.clone();
    let mut server = match certificate {
        Some(certificate) => {
            let listener = TlsListener::over(listener, certificate.acceptor(), stop.clone())?;
            tokio::spawn(certificate.keep(stop.clone()));
            tokio::spawn(serving::serve(listener, router, stopping))
        }
        None => tokio::spawn(serving::serve(listener, router, stopping)),
    };
    if let Some(listener) = redirect {
        tokio::spawn(serving::serve(listener, tls::redirect(&config.public_url), stop.clone()));
    }
    if demo {
        out(&demo::describe(&config.public_url, false));
    }
    let mut interrupts = Interrupts::heed().context("could not heed signals")?;
    progress(&format!("ready at {}", config.public_url));

    let mut drains = Duration::ZERO;
    let failed = tokio::select! {
        came = interrupts.came() => {
            if came == Came::Terminate {
                drains = config.drain;
            }
            false
        }
        ended = &mut server => {
            tracing::error!("the server ended by itself: {ended:?}");
            true
        }
        ended = database_ended(&mut base) => {
            tracing::error!("the private PostgreSQL ended by itself: {ended}");
            true
        }
    };
    let rooms = app.sfu.load().rooms;
    if !drains.is_zero() && rooms > 0 {
        progress(&format!("draining: {rooms} rooms go on for {} s at most", drains.as_secs()));
        // Whoever tells a second time does not want to wait.
        tokio::select! {
            drained = tokio::time::timeout(drains, app.sfu.drain()) => {
                if drained.is_err() {
                    tracing::warn!(rooms = app.sfu.load().rooms, "some rooms did not end in time");
                }
            }
            _ = interrupts.came() => {}
        }
    }
    progress("stopping");
    app.sfu.shutdown().await;
    stop.cancel();
    // Whoever was here is led to another server at once.
    tokio::time::timeout(GRACE, lease).await.ok();
    if let Err(error) = app.nodes.retire().await {
        tracing::warn!(%error, "the other servers will count this one as dead when its lease ends");
    }
    // A browser that keeps its connection does not keep the server.
    if !server.is_finished() && tokio::time::timeout(GRACE, &mut server).await.is_err() {
        server.abort();
    }
    if let Some(worker) = worker {
        tokio::time::timeout(GRACE, worker).await.ok();
    }
    base.close().await?;
    progress("stopped");
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Which signal came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    /// Ctrl-C: somebody is there and waits.
    Interrupt,
    /// Whoever runs the server wants another one.
    Terminate,
}

/// Ctrl-C and SIGTERM, heeded from the moment that this is made: a signal that comes before would end the process at
/// once.
struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
}

impl Interrupts {
    fn heed() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn came(&mut self) -> Came {
        tokio::select! {
            _ = self.interrupt.recv() => Came::Interrupt,
            _ = self.terminate.recv() => Came::Terminate,
        }
    }
}

async fn database_ended(base: &mut Base) -> String {
    match &mut base.postgres {
        Some(postgres) if postgres.owned() => match postgres.exited().await {
            Some(status) => status.to_string(),
            None => std::future::pending().await,
        },
        _ => std::future::pending().await,
    }
}

/// What the command is for goes to standard output; all else to standard error.
fn out(text: &str) {
    use std::io::Write;
    // A closed pipe is the reader's choice.
    writeln!(std::io::stdout(), "{text}").ok();
}
