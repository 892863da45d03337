//! What the configuration alone tells.

use std::net::IpAddr;

use plenum_files::ObjectConfig;
use url::Url;

use super::{Finding, Severity};
use crate::{
    config::{Config, MasterConfig},
    turn::TurnConfig,
};

/// Judges the configuration.
#[must_use]
pub fn settings(config: &Config) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |code, severity, facts: Vec<String>| found.push(Finding::new(code, severity, facts));
    let listen = config.listen;
    if !config.secure() && (!listen.ip().is_loopback() || !is_local(&config.public_url)) {
        add("http_in_the_open", Severity::Danger, vec![config.public_url.clone(), listen.to_string()]);
    }
    if config.secure() && config.tls.is_none() && !listen.ip().is_loopback() {
        add("listens_unencrypted", Severity::Warning, vec![listen.to_string()]);
    }
    if config.secret.as_deref().is_some_and(is_weak) {
        add("secret_weak", Severity::Danger, vec!["PLENUM_SECRET".to_owned()]);
    }
    if let MasterConfig::Given(text) = &config.master {
        let key = hex::decode(text.trim()).unwrap_or_default();
        if is_weak(&key) {
            add("secret_weak", Severity::Danger, vec!["PLENUM_MASTER_KEY".to_owned()]);
        }
        if config.secret.as_deref() == Some(key.as_slice()) {
            add("secrets_equal", Severity::Danger, Vec::new());
        }
    }
    if let MasterConfig::File(path) = &config.master
        && config.database.is_none()
        && path.starts_with(&config.data_dir)
    {
        let facts = vec![path.display().to_string(), config.data_dir.display().to_string()];
        add("master_key_beside_the_database", Severity::Warning, facts);
    }
    if let Some(key) = &config.turn_key {
        let is_another = config.secret.as_deref().map(hex::encode).as_deref() == Some(key.as_str())
            || matches!(&config.master, MasterConfig::Given(text) if text.trim() == key.as_str());
        if is_weak(key.as_str().as_bytes()) {
            add("secret_weak", Severity::Danger, vec!["PLENUM_TURN_SECRET".to_owned()]);
        } else if is_another {
            add("turn_secret_is_another_key", Severity::Danger, Vec::new());
        }
    }
    if let TurnConfig::Own(relay) = &config.turn {
        if relay.bytes_per_second.is_none() {
            add("turn_boundless", Severity::Warning, Vec::new());
        }
        let host = relay.public.host.trim_matches(['[', ']']);
        if is_inside(host) && !is_local(&config.public_url) {
            add("turn_not_public", Severity::Warning, vec![host.to_owned()]);
        }
        if relay.tls_listen.is_none() && config.secure() {
            add("turn_without_tls", Severity::Note, Vec::new());
        }
    }
    if let Some(nats) = &config.nats {
        let far: Vec<Url> = nats
            .servers
            .iter()
            .filter(|server| !is_local(server))
            .filter_map(|server| Url::parse(server).ok())
            .collect();
        let hosts = |all: Vec<&Url>| {
            all.into_iter().filter_map(Url::host_str).map(str::to_owned).collect::<Vec<_>>().join(", ")
        };
        let open = hosts(far.iter().filter(|url| url.scheme() != "tls").collect());
        if !open.is_empty() {
            add("nats_in_the_open", Severity::Danger, vec![open]);
        }
        let anybody = hosts(far.iter().filter(|url| url.username().is_empty()).collect());
        if !anybody.is_empty() {
            add("nats_lets_anybody_in", Severity::Danger, vec![anybody]);
        }
        if !far.is_empty() && (config.database.is_none() || matches!(config.objects, ObjectConfig::Folder(_)))
        {
            add("servers_share_too_little", Severity::Danger, Vec::new());
        }
    }
    for net in config.trusted_proxies.iter().filter(|net| net.prefix_len() == 0) {
        add("proxies_too_wide", Severity::Danger, vec![net.to_string()]);
    }
    for (entries, code, severity) in [
        (config.outgoing.boundless(), "outgoing_boundless", Severity::Danger),
        (config.outgoing.unencrypted(), "outgoing_in_the_open", Severity::Warning),
        (config.outgoing.ordinary(), "outgoing_allowed", Severity::Note),
    ] {
        if !entries.is_empty() {
            add(code, severity, vec![entries.join(", ")]);
        }
    }
    match &config.smtp_url {
        None => add("mail_goes_nowhere", Severity::Warning, Vec::new()),
        Some(url) => {
            let plain = Url::parse(url).ok().filter(|url| {
                let required = url.query_pairs().any(|(name, value)| name == "tls" && value == "required");
                url.scheme() == "smtp" && !required && !is_local(url.as_str())
            });
            if let Some(url) = plain {
                let host = url.host_str().unwrap_or_default().to_owned();
                add("mail_in_the_open", Severity::Danger, vec![host]);
            }
            if config.dkim.is_none() {
                add("dkim_missing", Severity::Warning, Vec::new());
            }
        }
    }
    if config.api_rate.is_none() {
        add("no_limit_of_calls", Severity::Warning, Vec::new());
    }
    if config.any_operation {
        add("any_operation", Severity::Warning, Vec::new());
    }
    if let Some(database) = &config.database {
        let user = |url: &str| Url::parse(url).map(|url| url.username().to_owned()).unwrap_or_default();
        if let Some(owner) = &database.owner
            && user(owner) == user(&database.app)
        {
            add("owner_is_the_application", Severity::Danger, vec![user(owner)]);
        }
    }
    add("backups_unknown", Severity::Note, Vec::new());
    found
}

/// Too regular to be random: 32 random bytes have fewer than ten different values about never.
fn is_weak(key: &[u8]) -> bool {
    let mut values = key.to_vec();
    values.sort_unstable();
    values.dedup();
    key.len() < 32 || values.len() < 10
}

/// Whether it is an address that means nothing to browsers elsewhere.
fn is_inside(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => {
            ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified()
        }
        Ok(IpAddr::V6(ip)) => {
            ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified()
        }
        Err(_) => host == "localhost",
    }
}

fn is_local(url: &str) -> bool {
    // Of schemes that browsers do not know, the parser leaves an address as the text that it is.
    let Some(host) = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)) else {
        return false;
    };
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || host.ends_with(".localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(set: &[(&str, &str)]) -> Vec<&'static str> {
        let mut all = vec![
            ("PLENUM_DATA_DIR", "/nowhere"),
            ("PLENUM_PUBLIC_URL", "https://plenum.example.org"),
            ("PLENUM_MASTER_KEY_FILE", "/run/keys/plenum"),
            ("PLENUM_SMTP_URL", "smtps://mail.example.org"),
            ("PLENUM_DKIM_SELECTOR", "s"),
            ("PLENUM_DKIM_DOMAIN", "example.org"),
            ("PLENUM_DKIM_KEY", "/run/keys/dkim"),
        ];
        all.extend_from_slice(set);
        let all: Vec<(String, String)> =
            all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        // What comes later goes before.
        let get =
            move |name: &str| all.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let config = Config::load(get).expect("the settings can be taken");
        settings(&config)
            .into_iter()
            .map(|finding| finding.code)
            .filter(|code| *code != "backups_unknown")
            .collect()
    }

    #[test]
    fn a_careful_configuration_has_nothing_to_find() {
        assert_eq!(codes(&[]), [""; 0]);
        // Several servers of one machine.
        assert_eq!(codes(&[("PLENUM_NODE", "a"), ("PLENUM_NATS_URL", "nats://127.0.0.1:4222")]), [""; 0]);
    }

    #[test]
    fn each_unsafe_setting_is_found() {
        let random = "5f2d8c01b7e94a3650c8d17e92af46bb03749d5ce8120f6a8b4dc3917e05f2a6";
        let same = "ab".repeat(32);
        for (set, code) in [
            (vec![("PLENUM_PUBLIC_URL", "http://plenum.example.org")], "http_in_the_open"),
            (
                vec![("PLENUM_PUBLIC_URL", "http://localhost:8080"), ("PLENUM_LISTEN", "0.0.0.0:8080")],
                "http_in_the_open",
            ),
            (vec![("PLENUM_LISTEN", "0.0.0.0:8080")], "listens_unencrypted"),
            (vec![("PLENUM_SECRET", same.as_str())], "secret_weak"),
            (vec![("PLENUM_MASTER_KEY", same.as_str()), ("PLENUM_MASTER_KEY_FILE", "")], "secret_weak"),
            (
                vec![
                    ("PLENUM_MASTER_KEY", random),
                    ("PLENUM_MASTER_KEY_FILE", ""),
                    ("PLENUM_SECRET", random),
                ],
                "secrets_equal",
            ),
            (vec![("PLENUM_MASTER_KEY_FILE", "")], "master_key_beside_the_database"),
            (vec![("PLENUM_TRUSTED_PROXIES", "10.0.0.1, 0.0.0.0/0")], "proxies_too_wide"),
            (vec![("PLENUM_TRUSTED_PROXIES", "::/0")], "proxies_too_wide"),
            (vec![("PLENUM_OUTGOING_ALLOW", "0.0.0.0/0")], "outgoing_boundless"),
            (vec![("PLENUM_OUTGOING_ALLOW", "http://idp.example.org:8080")], "outgoing_in_the_open"),
            (vec![("PLENUM_OUTGOING_ALLOW", "idp.example.org, 10.1.0.0/16")], "outgoing_allowed"),
            (
                vec![
                    ("PLENUM_NODE", "a"),
                    ("PLENUM_NATS_URL", "nats://plenum:word@nats.example.org"),
                    ("DATABASE_URL", "postgres://plenum_app@db.example.org/plenum"),
                    ("PLENUM_S3_BUCKET", "plenum"),
                    ("PLENUM_S3_ACCESS_KEY", "k"),
                    ("PLENUM_S3_SECRET_KEY", "s"),
                ],
                "nats_in_the_open",
            ),
            (
                vec![
                    ("PLENUM_NODE", "a"),
                    ("PLENUM_NATS_URL", "tls://nats.example.org"),
                    ("DATABASE_URL", "postgres://plenum_app@db.example.org/plenum"),
                    ("PLENUM_S3_BUCKET", "plenum"),
                    ("PLENUM_S3_ACCESS_KEY", "k"),
                    ("PLENUM_S3_SECRET_KEY", "s"),
                ],
                "nats_lets_anybody_in",
            ),
            (
                vec![
                    ("PLENUM_NODE", "a"),
                    ("PLENUM_NATS_URL", "tls://plenum:word@nats.example.org"),
                    ("DATABASE_URL", "postgres://plenum_app@db.example.org/plenum"),
                ],
                "servers_share_too_little",
            ),
            (vec![("PLENUM_SMTP_URL", "")], "mail_goes_nowhere"),
            (vec![("PLENUM_SMTP_URL", "smtp://mail.example.org:25")], "mail_in_the_open"),
            (
                vec![("PLENUM_DKIM_SELECTOR", ""), ("PLENUM_DKIM_DOMAIN", ""), ("PLENUM_DKIM_KEY", "")],
                "dkim_missing",
            ),
            (vec![("PLENUM_API_RATE", "0")], "no_limit_of_calls"),
            (vec![("PLENUM_OPERATIONS", "any")], "any_operation"),
            (vec![("PLENUM_TURN_SECRET", same.as_str())], "secret_weak"),
            (vec![("PLENUM_TURN_SECRET", random), ("PLENUM_SECRET", random)], "turn_secret_is_another_key"),
            (
                vec![
                    ("PLENUM_TURN_SECRET", random),
                    ("PLENUM_MASTER_KEY", random),
                    ("PLENUM_MASTER_KEY_FILE", ""),
                ],
                "turn_secret_is_another_key",
            ),
            (
                vec![
                    ("PLENUM_TURN_PUBLIC", "turn.example.org"),
                    ("PLENUM_TLS_CERT", "/c"),
                    ("PLENUM_TLS_KEY", "/k"),
                    ("PLENUM_TURN_BANDWIDTH", "0"),
                ],
                "turn_boundless",
            ),
            (
                vec![
                    ("PLENUM_TURN_PUBLIC", "192.168.0.7"),
                    ("PLENUM_TLS_CERT", "/c"),
                    ("PLENUM_TLS_KEY", "/k"),
                ],
                "turn_not_public",
            ),
            (vec![("PLENUM_TURN_PUBLIC", "turn.example.org")], "turn_without_tls"),
            (
                vec![
                    ("DATABASE_URL", "postgres://plenum:a@db/plenum"),
                    ("PLENUM_DATABASE_OWNER_URL", "postgres://plenum:b@db/plenum"),
                ],
                "owner_is_the_application",
            ),
        ] {
            assert_eq!(codes(&set), [code], "{set:?}");
        }
    }

    #[test]
    fn what_stays_on_the_machine_is_well() {
        assert_eq!(codes(&[("PLENUM_PUBLIC_URL", "http://localhost:8080")]), [""; 0]);
        let encrypted =
            [("PLENUM_LISTEN", "0.0.0.0:443"), ("PLENUM_TLS_CERT", "/c"), ("PLENUM_TLS_KEY", "/k")];
        assert_eq!(codes(&encrypted), [""; 0]);
        assert_eq!(codes(&[("PLENUM_SMTP_URL", "smtp://127.0.0.1:25")]), [""; 0]);
        assert_eq!(codes(&[("PLENUM_SMTP_URL", "smtp://[::1]:25")]), [""; 0]);
        assert_eq!(codes(&[("PLENUM_SMTP_URL", "smtp://mail.example.org:587?tls=required")]), [""; 0]);
        assert_eq!(codes(&[("PLENUM_TRUSTED_PROXIES", "10.0.0.0/8")]), [""; 0]);
        let relay = [("PLENUM_TURN_PUBLIC", "127.0.0.1"), ("PLENUM_PUBLIC_URL", "http://localhost:8080")];
        assert_eq!(codes(&relay), [""; 0]);
        let elsewhere = [
            ("PLENUM_TURN_URLS", "turns:turn.example.org"),
            ("PLENUM_TURN_SECRET", "5f2d8c01b7e94a3650c8d17e92af46bb"),
        ];
        assert_eq!(codes(&elsewhere), [""; 0]);
    }
}
