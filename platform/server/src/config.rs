//! Configuration: from the environment, and for what is not set there from a file.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use chrono_tz::Tz;
use ipnet::IpNet;
use plenum_files::ObjectConfig;
use plenum_outgoing::Allowed;
use plenum_turn::TurnKey;
use plenum_vault::Master;
use url::Url;

use crate::{tls::TlsFiles, turn::TurnConfig};

/// Every setting: the name in the environment. In the file it stands in lower case without `PLENUM_`.
pub const NAMES: &[&str] = &[
    "PLENUM_DATA_DIR",
    "PLENUM_LISTEN",
    "PLENUM_PUBLIC_URL",
    "DATABASE_URL",
    "PLENUM_DATABASE_OWNER_URL",
    "PLENUM_DATABASE_OPERATOR_URL",
    "PLENUM_PG_BIN_DIR",
    "PLENUM_S3_BUCKET",
    "PLENUM_S3_REGION",
    "PLENUM_S3_ENDPOINT",
    "PLENUM_S3_ACCESS_KEY",
    "PLENUM_S3_SECRET_KEY",
    "PLENUM_SMTP_URL",
    "PLENUM_MAIL_FROM",
    "PLENUM_MAIL_RATE",
    "PLENUM_BOUNCE_DOMAIN",
    "PLENUM_DKIM_SELECTOR",
    "PLENUM_DKIM_DOMAIN",
    "PLENUM_DKIM_KEY",
    "PLENUM_TIME_ZONE",
    "PLENUM_MEDIA_ADDRESS",
    "PLENUM_MEDIA_PORT",
    "PLENUM_MEDIA_THREADS",
    "PLENUM_FFMPEG",
    "PLENUM_DRAIN",
    "PLENUM_NODE",
    "PLENUM_NATS_URL",
    "PLENUM_NATS_CA",
    "PLENUM_SECRET",
    "PLENUM_MASTER_KEY",
    "PLENUM_MASTER_KEY_FILE",
    "PLENUM_API_RATE",
    "PLENUM_TRUSTED_PROXIES",
    "PLENUM_OPERATIONS",
    "PLENUM_OPERATIONS_FILE",
    "PLENUM_TLS_CERT",
    "PLENUM_TLS_KEY",
    "PLENUM_HTTP_REDIRECT",
    "PLENUM_OUTGOING_ALLOW",
    "PLENUM_OUTGOING_CA",
    "PLENUM_TURN_PUBLIC",
    "PLENUM_TURN_LISTEN",
    "PLENUM_TURN_TLS_PUBLIC",
    "PLENUM_TURN_TLS_LISTEN",
    "PLENUM_TURN_URLS",
    "PLENUM_TURN_SECRET",
    "PLENUM_TURN_BANDWIDTH",
];

/// The name of a server that is alone.
const NODE: &str = "main";

/// Operations in a second and account: a page that opens asks for some twenty at once, and may.
const API_RATE: u32 = 50;

/// All settings, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the database, objects, mail and keys are kept.
    pub data_dir: PathBuf,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// Where people reach it, without a slash at the end.
    pub public_url: String,
    /// A database that is run by somebody else.
    pub database: Option<ExternalDatabase>,
    /// Where PostgreSQL's programs are; found by itself when not set.
    pub pg_bin_dir: Option<PathBuf>,
    /// Where objects are kept.
    pub objects: ObjectConfig,
    /// The mail server; the local outbox when not set.
    pub smtp_url: Option<String>,
    /// The sender of letters.
    pub mail_from: String,
    /// How many letters of mailings an organization may send in a minute; none is no limit.
    pub mail_rate: Option<i64>,
    /// The domain whose mail server hands returned letters to `plenum bounce`.
    pub bounce_domain: Option<String>,
    /// With which key letters are signed.
    pub dkim: Option<DkimConfig>,
    /// The time zone of letters and minutes.
    pub time_zone: Tz,
    /// The address at which browsers reach the media.
    pub media_address: IpAddr,
    /// The one port of all media, by UDP and by TCP; 0 is one of the system's choice, another at each start.
    pub media_port: u16,
    /// So many threads carry media; 0 is one for each core.
    pub media_threads: usize,
    /// The program that makes films of recordings.
    pub ffmpeg: PathBuf,
    /// How long a server that is told to end waits for the sessions in its rooms.
    pub drain: Duration,
    /// This server's name in attendance and in claims of jobs; no other of the installation has it.
    pub node: Arc<str>,
    /// By what this server carries rooms together with others.
    pub nats: Option<NatsConfig>,
    /// The key that signs links and room tokens; one is made in the data directory when not set.
    pub secret: Option<Vec<u8>>,
    /// The master key of sealed columns.
    pub master: MasterConfig,
    /// How many operations an account may ask for in a second; an address may ten times as many. None is no limit.
    pub api_rate: Option<NonZeroU32>,
    /// The proxies whose word about the caller's address is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether operations are executed that are not in a list.
    pub any_operation: bool,
    /// A list of operations that are known beside those of the web app.
    pub operations_file: Option<PathBuf>,
    /// The files of the certificate, when the program itself encrypts.
    pub tls: Option<TlsFiles>,
    /// Where those who come without encryption are sent to the public address.
    pub http_redirect: Option<SocketAddr>,
    /// Where requests to others may go beside the public internet.
    pub outgoing: Allowed,
    /// The file with certificates of authorities, PEM, that vouch for others beside those that browsers trust.
    pub outgoing_authorities: Option<PathBuf>,
    /// The relay by which browsers behind firewalls reach the media.
    pub turn: TurnConfig,
    /// The key that makes the relay's credentials; one is made in the data directory when not set.
    pub turn_key: Option<TurnKey>,
}

/// By what servers speak with one another.
#[derive(Clone, PartialEq, Eq)]
pub struct NatsConfig {
    /// Addresses of one cluster, with what lets this server in.
    pub servers: Vec<String>,
    /// The file with the certificate of the authority that vouches for them, PEM.
    pub authority: Option<PathBuf>,
}

impl NatsConfig {
    /// The addresses, without what lets this server in.
    pub fn shown(&self) -> impl Iterator<Item = String> {
        self.servers.iter().map(|server| {
            let Ok(mut url) = Url::parse(server) else { return "…".to_owned() };
            // What has no host has no secrets either.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            url.to_string()
        })
    }
}

impl std::fmt::Debug for NatsConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("NatsConfig").field(&self.shown().collect::<Vec<_>>()).finish()
    }
}

/// Where the master key of sealed columns is.
#[derive(Clone, PartialEq, Eq)]
pub enum MasterConfig {
    /// 64 hexadecimal digits in the environment.
    Given(Arc<str>),
    /// In a file, made at the first start.
    File(PathBuf),
}

impl std::fmt::Debug for MasterConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Given(_) => f.write_str("Given(…)"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
        }
    }
}

/// How letters are signed.
#[derive(Debug, Clone)]
pub struct DkimConfig {
    /// The name of the key in the domain.
    pub selector: String,
    /// The domain.
    pub domain: String,
    /// The file with the private key.
    pub key: PathBuf,
}

/// Addresses of a database that is run by somebody else.
#[derive(Debug, Clone)]
pub struct ExternalDatabase {
    /// The application's role.
    pub app: String,
    /// The role that owns the tables, for migrations.
    pub owner: Option<String>,
    /// The operator's role.
    pub operator: Option<String>,
}

/// A setting is wrong.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// Its value cannot be taken.
    #[error("{name}: «{value}» cannot be taken: {why}")]
    Value {
        /// Which setting.
        name: &'static str,
        /// What it says; secrets are left out.
        value: String,
        /// What it should be.
        why: String,
    },
    /// It needs another one.
    #[error("{name} is missing: {why}")]
    Missing {
        /// Which setting.
        name: &'static str,
        /// Which other one needs it.
        why: String,
    },
    /// The file has a line that is no setting.
    #[error("{file}: there is no setting «{key}»")]
    Unknown {
        /// The file.
        file: String,
        /// The key.
        key: String,
    },
    /// The file cannot be read.
    #[error("{file}: {why}")]
    File {
        /// The file.
        file: String,
        /// What is wrong.
        why: String,
    },
}

impl Config {
    /// Reads the environment, and the file that `PLENUM_CONFIG` names or else `plenum.toml` in the data directory.
    ///
    /// # Errors
    /// [`ConfigError`] naming the setting that is wrong.
    pub fn load(env: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let env = |name: &str| env(name).filter(|value| !value.trim().is_empty());
        let home = data_dir(&env);
        let file = match env("PLENUM_CONFIG") {
            Some(path) => read_file(Path::new(&path))?,
            None if home.join("plenum.toml").exists() => read_file(&home.join("plenum.toml"))?,
            None => BTreeMap::new(),
        };
        let get = |name: &'static str| env(name).or_else(|| file.get(&key(name)).cloned());
        Self::read(&get)
    }

    fn read(get: &dyn Fn(&'static str) -> Option<String>) -> Result<Self, ConfigError> {
        let data_dir =
            get("PLENUM_DATA_DIR").map_or_else(|| data_dir(&|name| std::env::var(name).ok()), PathBuf::from);
        let listen: SocketAddr =
            parse("PLENUM_LISTEN", get, "an address and a port, such as 127.0.0.1:8080")?
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        let tls = tls(get)?;
        let public_url =
            match parse::<Url>("PLENUM_PUBLIC_URL", get, "an address such as https://plenum.example.org")? {
                Some(url) if matches!(url.scheme(), "http" | "https") => {
                    url.as_str().trim_end_matches('/').to_owned()
                }
                Some(url) => {
                    return Err(wrong(
                        "PLENUM_PUBLIC_URL",
                        url.as_str(),
                        "it must begin with http:// or https://",
                    ));
                }
                None if tls.is_some() => format!("https://{listen}"),
                None => format!("http://{listen}"),
            };
        if tls.is_some() && !public_url.starts_with("https:") {
            return Err(wrong(
                "PLENUM_PUBLIC_URL",
                &public_url,
                "with PLENUM_TLS_CERT it must begin with https://",
            ));
        }
        let turn = TurnConfig::read(get, listen.ip(), tls.is_some())?;
        let media_address: IpAddr =
            parse("PLENUM_MEDIA_ADDRESS", get, "an IP address")?.unwrap_or_else(|| listen.ip());
        if matches!(turn, TurnConfig::Own(_)) && media_address.is_unspecified() {
            let why = "the relay of PLENUM_TURN_PUBLIC sends to that address, and to no other".to_owned();
            return Err(ConfigError::Missing { name: "PLENUM_MEDIA_ADDRESS", why });
        }
        Ok(Self {
            listen,
            public_url,
            database: database(get)?,
            pg_bin_dir: get("PLENUM_PG_BIN_DIR").map(PathBuf::from),
            objects: objects(get, &data_dir)?,
            smtp_url: match parse::<Url>(
                "PLENUM_SMTP_URL",
                get,
                "an address such as smtps://user:password@host",
            )? {
                Some(url) if matches!(url.scheme(), "smtp" | "smtps") => Some(url.to_string()),
                Some(url) => {
                    return Err(wrong(
                        "PLENUM_SMTP_URL",
                        url.scheme(),
                        "it must begin with smtp:// or smtps://",
                    ));
                }
                None => None,
            },
            mail_from: get("PLENUM_MAIL_FROM").unwrap_or_else(|| "Пленум <plenum@localhost>".to_owned()),
            mail_rate: match parse::<i64>("PLENUM_MAIL_RATE", get, "letters in a minute, 0 for no limit")? {
                Some(0) => None,
                Some(rate) if rate > 0 => Some(rate),
                Some(rate) => {
                    return Err(wrong("PLENUM_MAIL_RATE", &rate.to_string(), "it must not be negative"));
                }
                None => Some(1_000),
            },
            bounce_domain: get("PLENUM_BOUNCE_DOMAIN"),
            dkim: dkim(get)?,
            time_zone: parse("PLENUM_TIME_ZONE", get, "a name such as Europe/Moscow")?
                .unwrap_or(Tz::Europe__Moscow),
            media_address,
            media_port: parse("PLENUM_MEDIA_PORT", get, "a port")?.unwrap_or(0),
            media_threads: parse("PLENUM_MEDIA_THREADS", get, "a number, 0 for one to each core")?.unwrap_or(0),
            ffmpeg: get("PLENUM_FFMPEG").map_or_else(|| PathBuf::from("ffmpeg"), PathBuf::from),
            drain: Duration::from_secs(parse("PLENUM_DRAIN", get, "seconds, 0 for at once")?.unwrap_or(0)),
            node: match get("PLENUM_NODE") {
                Some(name) if plenum_sfu::is_name(&name) => Arc::from(name),
                Some(name) => {
                    let what = "up to 32 lower-case letters, digits and hyphens";
                    return Err(wrong("PLENUM_NODE", &name, what));
                }
                None if get("PLENUM_NATS_URL").is_some() => {
                    return Err(ConfigError::Missing {
                        name: "PLENUM_NODE",
                        why: "with PLENUM_NATS_URL there are several servers, and each has a name of its own".to_owned(),
                    });
                }
                None => Arc::from(NODE),
            },
            nats: nats(get)?,
            secret: match get("PLENUM_SECRET") {
                Some(text) => {
                    let key = hex::decode(text.trim()).ok().filter(|key| key.len() >= 32);
                    Some(key.ok_or_else(|| wrong("PLENUM_SECRET", "…", "at least 64 hexadecimal digits"))?)
                }
                None => None,
            },
            master: master(get, &data_dir)?,
            api_rate: NonZeroU32::new(
                parse("PLENUM_API_RATE", get, "operations in a second, 0 for no limit")?.unwrap_or(API_RATE),
            ),
            trusted_proxies: proxies(get)?,
            any_operation: match get("PLENUM_OPERATIONS").as_deref() {
                None | Some("known") => false,
                Some("any") => true,
                Some(other) => return Err(wrong("PLENUM_OPERATIONS", other, "known or any")),
            },
            operations_file: get("PLENUM_OPERATIONS_FILE").map(PathBuf::from),
            tls,
            http_redirect: parse("PLENUM_HTTP_REDIRECT", get, "an address and a port, such as 0.0.0.0:80")?,
            outgoing: match get("PLENUM_OUTGOING_ALLOW") {
                Some(text) => text.parse().map_err(|error: plenum_outgoing::AllowedError| {
                    wrong(
                        "PLENUM_OUTGOING_ALLOW",
                        &error.0,
                        "hosts such as idp.example.org, http://host:port, or networks such as 10.1.0.0/16, with commas \
                         between them",
                    )
                })?,
                None => Allowed::default(),
            },
            outgoing_authorities: get("PLENUM_OUTGOING_CA").map(PathBuf::from),
            turn,
            turn_key: match get("PLENUM_TURN_SECRET") {
                Some(text) => Some(
                    TurnKey::new(&text)
                        .ok_or_else(|| wrong("PLENUM_TURN_SECRET", "…", "at least 32 characters"))?,
                ),
                None => None,
            },
            data_dir,
        })
    }

    /// Whether people reach the server over TLS.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.public_url.starts_with("https:")
    }
}

/// `/var/lib/plenum` for root: the folder of the database must be reachable by the user `postgres`, which root's home
/// is not. For others the place of the XDG base directory specification.
fn data_dir(env: &dyn Fn(&str) -> Option<String>) -> PathBuf {
    if let Some(dir) = env("PLENUM_DATA_DIR") {
        return PathBuf::from(dir);
    }
    if env("HOME").is_none_or(|home| home == "/root") {
        return PathBuf::from("/var/lib/plenum");
    }
    match env("XDG_DATA_HOME") {
        Some(dir) => PathBuf::from(dir).join("plenum"),
        None => PathBuf::from(env("HOME").unwrap_or_default()).join(".local/share/plenum"),
    }
}

fn database(get: &dyn Fn(&'static str) -> Option<String>) -> Result<Option<ExternalDatabase>, ConfigError> {
    let what = "an address such as postgres://plenum_app:password@host/plenum";
    for name in ["DATABASE_URL", "PLENUM_DATABASE_OWNER_URL", "PLENUM_DATABASE_OPERATOR_URL"] {
        if let Some(url) = get(name)
            && !(url.starts_with("postgres://") || url.starts_with("postgresql://"))
        {
            return Err(wrong(name, "…", what));
        }
    }
    let (owner, operator) = (get("PLENUM_DATABASE_OWNER_URL"), get("PLENUM_DATABASE_OPERATOR_URL"));
    match get("DATABASE_URL") {
        Some(app) => Ok(Some(ExternalDatabase { app, owner, operator })),
        None if owner.is_some() || operator.is_some() => Err(ConfigError::Missing {
            name: "DATABASE_URL",
            why: "the owner's or the operator's address is set".to_owned(),
        }),
        None => Ok(None),
    }
}

fn objects(
    get: &dyn Fn(&'static str) -> Option<String>,
    data_dir: &Path,
) -> Result<ObjectConfig, ConfigError> {
    let Some(bucket) = get("PLENUM_S3_BUCKET") else {
        return Ok(ObjectConfig::Folder(data_dir.join("objects")));
    };
    let need = |name: &'static str| {
        get(name).ok_or_else(|| ConfigError::Missing { name, why: "PLENUM_S3_BUCKET is set".to_owned() })
    };
    let endpoint = parse::<Url>("PLENUM_S3_ENDPOINT", get, "an address such as https://s3.example.org")?;
    Ok(ObjectConfig::S3 {
        bucket,
        region: get("PLENUM_S3_REGION").unwrap_or_else(|| "us-east-1".to_owned()),
        endpoint: endpoint.map(|url| url.as_str().trim_end_matches('/').to_owned()),
        access_key: need("PLENUM_S3_ACCESS_KEY")?,
        secret_key: need("PLENUM_S3_SECRET_KEY")?,
    })
}

fn nats(get: &dyn Fn(&'static str) -> Option<String>) -> Result<Option<NatsConfig>, ConfigError> {
    let authority = get("PLENUM_NATS_CA").map(PathBuf::from);
    let Some(text) = get("PLENUM_NATS_URL") else {
        return match authority {
            Some(_) => {
                Err(ConfigError::Missing { name: "PLENUM_NATS_URL", why: "PLENUM_NATS_CA is set".to_owned() })
            }
            None => Ok(None),
        };
    };
    let servers: Vec<String> = text.split(',').map(|server| server.trim().to_owned()).collect();
    let is_one = |server: &String| {
        Url::parse(server).is_ok_and(|url| matches!(url.scheme(), "nats" | "tls") && url.host_str().is_some())
    };
    if servers.iter().all(is_one) {
        Ok(Some(NatsConfig { servers, authority }))
    } else {
        // It may hold a password.
        let what = "addresses such as tls://plenum:password@nats.example.org:4222, with commas between them";
        Err(wrong("PLENUM_NATS_URL", "…", what))
    }
}

/// All three settings or none: letters signed with half a configuration would be refused as forged.
fn dkim(get: &dyn Fn(&'static str) -> Option<String>) -> Result<Option<DkimConfig>, ConfigError> {
    const NAMES: [&str; 3] = ["PLENUM_DKIM_SELECTOR", "PLENUM_DKIM_DOMAIN", "PLENUM_DKIM_KEY"];
    match NAMES.map(get) {
        [Some(selector), Some(domain), Some(key)] => {
            Ok(Some(DkimConfig { selector, domain, key: PathBuf::from(key) }))
        }
        [None, None, None] => Ok(None),
        some => {
            let missing = NAMES.into_iter().zip(&some).find(|(_, value)| value.is_none());
            let name = missing.map_or(NAMES[0], |(name, _)| name);
            Err(ConfigError::Missing { name, why: "another setting of DKIM is set".to_owned() })
        }
    }
}

/// One of the two settings, or the file in the data directory.
fn master(
    get: &dyn Fn(&'static str) -> Option<String>,
    data_dir: &Path,
) -> Result<MasterConfig, ConfigError> {
    match (get("PLENUM_MASTER_KEY"), get("PLENUM_MASTER_KEY_FILE")) {
        (Some(text), None) if Master::parse(&text).is_some() => Ok(MasterConfig::Given(Arc::from(text))),
        (Some(_), None) => Err(wrong("PLENUM_MASTER_KEY", "…", "64 hexadecimal digits")),
        (Some(_), Some(_)) => {
            Err(wrong("PLENUM_MASTER_KEY", "…", "PLENUM_MASTER_KEY_FILE is set too: one of them is enough"))
        }
        (None, Some(path)) => Ok(MasterConfig::File(PathBuf::from(path))),
        (None, None) => Ok(MasterConfig::File(data_dir.join("master.key"))),
    }
}

/// Both files or none.
fn tls(get: &dyn Fn(&'static str) -> Option<String>) -> Result<Option<TlsFiles>, ConfigError> {
    match (get("PLENUM_TLS_CERT"), get("PLENUM_TLS_KEY")) {
        (Some(certificate), Some(key)) => {
            Ok(Some(TlsFiles { certificate: certificate.into(), key: key.into() }))
        }
        (None, None) => Ok(None),
        (certificate, _) => {
            let (name, other) = match certificate {
                Some(_) => ("PLENUM_TLS_KEY", "PLENUM_TLS_CERT"),
                None => ("PLENUM_TLS_CERT", "PLENUM_TLS_KEY"),
            };
            Err(ConfigError::Missing { name, why: format!("{other} is set") })
        }
    }
}

/// Addresses and networks with commas between them.
fn proxies(get: &dyn Fn(&'static str) -> Option<String>) -> Result<Vec<IpNet>, ConfigError> {
    const NAME: &str = "PLENUM_TRUSTED_PROXIES";
    let text = get(NAME).unwrap_or_default();
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let net = word.parse::<IpNet>().ok().or_else(|| word.parse::<IpAddr>().ok().map(IpNet::from));
            net.ok_or_else(|| {
                wrong(NAME, word, "addresses or networks such as 10.0.0.0/8, with commas between them")
            })
        })
        .collect()
}

pub(crate) fn parse<T: std::str::FromStr>(
    name: &'static str,
    get: &dyn Fn(&'static str) -> Option<String>,
    why: &str,
) -> Result<Option<T>, ConfigError> {
    match get(name) {
        Some(value) => value.trim().parse().map(Some).map_err(|_| wrong(name, &value, why)),
        None => Ok(None),
    }
}

pub(crate) fn wrong(name: &'static str, value: &str, why: &str) -> ConfigError {
    ConfigError::Value { name, value: value.to_owned(), why: why.to_owned() }
}

fn key(name: &str) -> String {
    name.trim_start_matches("PLENUM_").to_lowercase()
}

fn read_file(path: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::File { file: file.clone(), why: error.to_string() })?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| ConfigError::File {
        file: file.clone(),
        why: error.message().to_owned(),
    })?;
    let mut settings = BTreeMap::new();
    for (name, value) in table {
        if !NAMES.iter().any(|known| key(known) == name) {
            return Err(ConfigError::Unknown { file, key: name });
        }
        let text = match value {
            toml::Value::String(text) => text,
            other => other.to_string(),
        };
        settings.insert(name, text);
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(set: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let set: Vec<(String, String)> =
            set.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Config::load(move |name| set.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()))
    }

    #[test]
    fn nothing_set_is_a_working_configuration() {
        let config = load(&[("HOME", "/home/anna")]).expect("the defaults are right");
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.public_url, "http://127.0.0.1:8080");
        assert!(config.database.is_none() && config.smtp_url.is_none() && !config.secure());
    }

    #[test]
    fn a_wrong_value_is_named() {
        for (name, value) in [
            ("PLENUM_LISTEN", "8080"),
            ("PLENUM_PUBLIC_URL", "plenum.example.org"),
            ("PLENUM_TIME_ZONE", "Moscow"),
            ("PLENUM_SMTP_URL", "http://mail"),
            ("PLENUM_MAIL_RATE", "-1"),
            ("PLENUM_API_RATE", "-1"),
            ("PLENUM_TRUSTED_PROXIES", "10.0.0.0/8, proxy"),
            ("PLENUM_OUTGOING_ALLOW", "10.0.0.0/8, https://idp.example.org/"),
            ("DATABASE_URL", "mysql://x"),
            ("PLENUM_SECRET", "abc"),
            ("PLENUM_MASTER_KEY", "abc"),
            ("PLENUM_MEDIA_ADDRESS", "here"),
            ("PLENUM_OPERATIONS", "all"),
            ("PLENUM_TURN_PUBLIC", "https://turn.example.org"),
            ("PLENUM_TURN_LISTEN", "3478"),
            ("PLENUM_TURN_TLS_PUBLIC", "turn.example.org:0"),
            ("PLENUM_TURN_URLS", "stun:turn.example.org"),
            ("PLENUM_TURN_SECRET", "short"),
            ("PLENUM_TURN_BANDWIDTH", "fast"),
        ] {
            let error = load(&[("PLENUM_DATA_DIR", "/nowhere"), (name, value)]).expect_err(name).to_string();
            assert!(error.starts_with(name), "{error}");
        }
    }

    #[test]
    fn half_a_configuration_is_refused() {
        let error =
            load(&[("PLENUM_S3_BUCKET", "b"), ("PLENUM_S3_ACCESS_KEY", "k")]).expect_err("a key is missing");
        assert!(error.to_string().starts_with("PLENUM_S3_SECRET_KEY is missing"));
        let error = load(&[("PLENUM_DKIM_SELECTOR", "s")]).expect_err("the domain and the key are missing");
        assert!(error.to_string().starts_with("PLENUM_DKIM_DOMAIN is missing"));
        let error = load(&[("PLENUM_TLS_KEY", "/k")]).expect_err("the certificate is missing");
        assert!(error.to_string().starts_with("PLENUM_TLS_CERT is missing"));
        let both = [("PLENUM_TLS_KEY", "/k"), ("PLENUM_TLS_CERT", "/c")];
        assert_eq!(load(&both).expect("both are there").public_url, "https://127.0.0.1:8080");
        let error =
            load(&[("PLENUM_DATABASE_OWNER_URL", "postgres://o@h/d")]).expect_err("the address is missing");
        assert!(error.to_string().starts_with("DATABASE_URL is missing"));
    }

    #[test]
    fn the_relay_is_on_when_it_is_said_where_it_is_reached() {
        assert_eq!(load(&[]).expect("settings").turn, TurnConfig::Off);
        let own = |set: &[(&str, &str)]| match load(set).expect("settings").turn {
            TurnConfig::Own(own) => own,
            other => panic!("{other:?}"),
        };
        let plain = own(&[("PLENUM_TURN_PUBLIC", "192.0.2.7")]);
        assert_eq!(
            plain.urls(3478, None),
            ["turn:192.0.2.7:3478?transport=udp", "turn:192.0.2.7:3478?transport=tcp",]
        );
        assert_eq!((plain.listen.to_string().as_str(), plain.tls_listen), ("127.0.0.1:3478", None));
        let all = own(&[
            ("PLENUM_LISTEN", "0.0.0.0:443"),
            ("PLENUM_MEDIA_ADDRESS", "192.0.2.7"),
            ("PLENUM_TLS_CERT", "/c"),
            ("PLENUM_TLS_KEY", "/k"),
            ("PLENUM_TURN_PUBLIC", "turn.example.org:80"),
            ("PLENUM_TURN_TLS_LISTEN", "[::]:5350"),
        ]);
        assert_eq!(
            all.urls(3478, Some(5350)),
            [
                "turn:turn.example.org:80?transport=udp",
                "turn:turn.example.org:80?transport=tcp",
                "turns:turn.example.org:5350?transport=tcp",
            ]
        );
        assert_eq!(all.listen.to_string(), "0.0.0.0:3478");
        let v6 = own(&[("PLENUM_TURN_PUBLIC", "[2001:db8::7]:3479"), ("PLENUM_TURN_BANDWIDTH", "0")]);
        assert_eq!(v6.urls(3478, None)[0], "turn:[2001:db8::7]:3479?transport=udp");
        assert_eq!(v6.bytes_per_second, None);

        let secret = ("PLENUM_TURN_SECRET", "the-same-as-in-turnserver.conf-there");
        let urls = ("PLENUM_TURN_URLS", "turn:turn.example.org:3478?transport=udp, turns:turn.example.org");
        let TurnConfig::Elsewhere(found) = load(&[urls, secret]).expect("settings").turn else {
            panic!("elsewhere")
        };
        assert_eq!(found, ["turn:turn.example.org:3478?transport=udp", "turns:turn.example.org"]);
        for (set, name) in [
            (vec![urls], "PLENUM_TURN_SECRET is missing"),
            (vec![urls, secret, ("PLENUM_TURN_PUBLIC", "192.0.2.7")], "PLENUM_TURN_URLS"),
            (vec![("PLENUM_TURN_LISTEN", "0.0.0.0:3478")], "PLENUM_TURN_PUBLIC is missing"),
            (
                vec![("PLENUM_TURN_PUBLIC", "192.0.2.7"), ("PLENUM_TURN_TLS_LISTEN", "0.0.0.0:5349")],
                "PLENUM_TLS_CERT is missing",
            ),
            (
                vec![("PLENUM_TURN_PUBLIC", "192.0.2.7"), ("PLENUM_LISTEN", "0.0.0.0:8080")],
                "PLENUM_MEDIA_ADDRESS is missing",
            ),
        ] {
            let error = load(&set).expect_err(name).to_string();
            assert!(error.starts_with(name), "{error}");
        }
    }

    #[test]
    fn the_environment_goes_before_the_file_and_unknown_keys_are_named() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("plenum.toml");
        std::fs::write(&path, "listen = \"127.0.0.1:9000\"\ntime_zone = \"Asia/Omsk\"\n").expect("written");
        let set = [("PLENUM_CONFIG", path.to_str().expect("UTF-8")), ("PLENUM_LISTEN", "127.0.0.1:9001")];
        let config = load(&set).expect("both are right");
        assert_eq!(config.listen.port(), 9001);
        assert_eq!(config.time_zone, Tz::Asia__Omsk);
        std::fs::write(&path, "listn = \"x\"\n").expect("written");
        assert!(load(&set).expect_err("a misspelt key").to_string().contains("listn"));
    }
}
