//! By what the servers of an installation speak with one another.

use anyhow::Context as _;
use async_nats::{Client, ConnectOptions, Event};

use crate::config::NatsConfig;

/// Connects. The connection is made anew by itself whenever it is lost; a first one that fails is a failure, because the
/// setting may be wrong.
///
/// # Errors
/// When no server answers, or it does not let this one in.
pub async fn connect(config: &NatsConfig, node: &str) -> anyhow::Result<Client> {
    let mut options =
        ConnectOptions::new().name(format!("plenum {node}")).event_callback(|event| async move {
            match event {
                Event::Connected => tracing::info!("NATS is there"),
                event => tracing::warn!(%event, "NATS"),
            }
        });
    if let Some(authority) = &config.authority {
        options = options.add_root_certificates(authority.clone());
    }
    options.connect(&config.servers).await.with_context(|| {
        let servers: Vec<String> = config.shown().collect();
        format!("PLENUM_NATS_URL: {} does not answer or does not let this server in", servers.join(", "))
    })
}
