//! Several servers that carry rooms together: each room is on one of them, and whoever comes to another one is led there.
//! Which server has which room is not decided here; what goes between servers goes by NATS. Media do not: browsers send
//! them to the server that has the room.
//!
//! Subjects: `plenum.sfu.{server}.open` asks for a line, `plenum.sfu.{server}.ask` for an exchange,
//! `plenum.sfu.{server}.dead` tells a server that others count it as dead; `plenum.sfu.line.{line}.up` and `.down` carry
//! the messages of one browser.

use std::sync::Arc;
use std::time::Duration;

use async_nats::{Client, Message as Letter, RequestErrorKind};
use async_trait::async_trait;
use axum::body::Bytes;
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use uuid::Uuid;

use super::sfu::Shared;
use super::tunnel::{self, NearEnd, Tunnel};
use super::{Refused, RoomToken, exchange, session};

/// How long whoever comes waits for their room to be on a server that answers. A dead one counts as alive until its lease
/// ends, which is sooner.
const PLACING_LIMIT: Duration = Duration::from_secs(12);
/// Between two attempts.
const AGAIN: Duration = Duration::from_millis(250);
/// How long a server may take to answer another.
const ANSWER_LIMIT: Duration = Duration::from_secs(3);

/// Where a room is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// On this server.
    Here,
    /// On the server of this name.
    At(Arc<str>),
}

/// No server can have a room now.
#[derive(Debug, thiserror::Error)]
#[error("no server can have the room")]
pub struct Unplaced(#[source] pub Option<Box<dyn std::error::Error + Send + Sync>>);

/// Decides which server has which room.
#[async_trait]
pub trait Placement: Send + Sync + 'static {
    /// The server that has this room of an organization (`scope`), from now on when none had it. This one only if it
    /// `takes` the room. Whoever asks says whether the server of the answer before was `deaf`: it did not hear that somebody
    /// asked for it.
    ///
    /// # Errors
    /// [`Unplaced`] when there is no such server, or that cannot be found out now.
    async fn place(&self, scope: Uuid, room: Uuid, takes: bool, deaf: bool) -> Result<Place, Unplaced>;

    /// Others count this server as dead, if this is the life that it leads.
    async fn declared_dead(&self, life: i64);
}

/// What a server needs to carry rooms together with others.
#[derive(Clone)]
pub struct Pool {
    /// What the others call it: lower-case letters, digits and hyphens.
    pub name: Arc<str>,
    /// By what servers speak with one another.
    pub client: Client,
    /// Decides which server has which room.
    pub placement: Arc<dyn Placement>,
}

/// How somebody comes into their room.
pub(super) enum Way {
    /// It is here.
    Here,
    /// It is on another server, which expects them.
    Through(Box<Tunnel>),
}

/// Why somebody does not come into their room.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoWay {
    #[error(transparent)]
    Refused(Refused),
    #[error("no server has the room")]
    Nowhere,
}

/// Why another server did not tell anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Miss {
    /// It has not the room.
    Elsewhere,
    /// It does not hear.
    Deaf,
    /// Anything else.
    Other,
}

/// Asks for a line.
#[derive(Serialize, Deserialize)]
struct OpenLine {
    token: String,
    line: Uuid,
}

/// What a server says to whoever comes from another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reception {
    Open,
    /// The room is on another server.
    Elsewhere,
    /// The token is not good.
    TokenInvalid,
    TokenExpired,
    /// It is of somebody who comes by another way.
    Part,
}

impl From<Refused> for Reception {
    fn from(why: Refused) -> Self {
        match why {
            Refused::TokenInvalid | Refused::Origin => Self::TokenInvalid,
            Refused::TokenExpired => Self::TokenExpired,
            Refused::Part => Self::Part,
        }
    }
}

/// Whether a server may have this name: it is a part of subjects.
#[must_use]
pub fn is_name(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

impl Shared {
    /// Finds the way into a room, and waits for it while a server that is lost still counts as alive.
    pub(super) async fn way_in(&self, token: &RoomToken, text: &str) -> Result<Way, NoWay> {
        let Some(pool) = self.pool() else {
            return if self.is_closed_to(token.room) { Err(NoWay::Nowhere) } else { Ok(Way::Here) };
        };
        self.find(token, |node| async move {
            let line = Uuid::new_v4();
            // Before anybody is asked, so that nothing of this server is missed.
            let end = NearEnd { node: node.clone(), lost: self.lost(), stopping: self.stopping() };
            let down = pool.client.subscribe(tunnel::down(line)).await.map_err(|_| Miss::Other)?;
            match pool.open(&node, line, text).await? {
                Reception::Open => {
                    Ok(Ok(Way::Through(Box::new(Tunnel::new(line, pool.client.clone(), down, end)))))
                }
                Reception::Elsewhere => Err(Miss::Elsewhere),
                Reception::TokenInvalid => Ok(Err(NoWay::Refused(Refused::TokenInvalid))),
                Reception::TokenExpired => Ok(Err(NoWay::Refused(Refused::TokenExpired))),
                Reception::Part => Ok(Err(NoWay::Refused(Refused::Part))),
            }
        })
        .await?
        .unwrap_or(Ok(Way::Here))
    }

    /// Has an exchange done where the room is; none, when that is here.
    pub(super) async fn exchange_elsewhere(
        &self,
        token: &RoomToken,
        ask: &exchange::Asked,
    ) -> Result<Option<exchange::Told>, NoWay> {
        let Some(pool) = self.pool() else { return Ok(None) };
        let elsewhere = |node: Arc<str>| async move {
            let told = pool.ask(&node, ask).await?;
            if told.is_of_the_right_server() { Ok(told) } else { Err(Miss::Elsewhere) }
        };
        self.find(token, elsewhere).await
    }

    /// Looks where a room is until it is here, or the server that has it tells something.
    async fn find<T, F: Future<Output = Result<T, Miss>>>(
        &self,
        token: &RoomToken,
        there: impl Fn(Arc<str>) -> F,
    ) -> Result<Option<T>, NoWay> {
        let Some(pool) = self.pool() else { return Ok(None) };
        let until = Instant::now() + PLACING_LIMIT;
        let mut deaf = false;
        loop {
            let takes = !self.is_closed_to(token.room);
            match pool.placement.place(token.scope, token.room, takes, deaf).await {
                Ok(Place::Here) => return Ok(None),
                Ok(Place::At(node)) => match there(node).await {
                    Ok(told) => return Ok(Some(told)),
                    Err(miss) => deaf = miss == Miss::Deaf,
                },
                Err(error) => tracing::warn!(
                    error = &error as &dyn std::error::Error, room = %token.room, "a room has no place"
                ),
            }
            if Instant::now() >= until || self.is_stopping() {
                return Err(NoWay::Nowhere);
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Whether a room is here, for whoever comes from another server that believes so.
    pub(super) async fn has_place_here(&self, token: &RoomToken) -> bool {
        let Some(pool) = self.pool() else { return false };
        let takes = !self.is_closed_to(token.room);
        !self.is_stopping()
            && matches!(pool.placement.place(token.scope, token.room, takes, false).await, Ok(Place::Here))
    }
}

impl Pool {
    async fn open(&self, node: &str, line: Uuid, token: &str) -> Result<Reception, Miss> {
        let open = serde_json::to_vec(&OpenLine { token: token.to_owned(), line })
            .expect("a token and an id, which JSON can hold");
        self.request(format!("plenum.sfu.{node}.open"), open).await
    }

    /// Has another server go on with an exchange that it has; none, when it does not.
    pub(super) async fn go_on(&self, node: &str, ask: &exchange::Asked) -> Option<exchange::Told> {
        self.ask(node, ask).await.ok()
    }

    async fn ask(&self, node: &str, ask: &exchange::Asked) -> Result<exchange::Told, Miss> {
        let ask = serde_json::to_vec(ask).expect("strings, which JSON can hold");
        self.request(format!("plenum.sfu.{node}.ask"), ask).await
    }

    async fn request<T: serde::de::DeserializeOwned>(
        &self,
        subject: String,
        payload: Vec<u8>,
    ) -> Result<T, Miss> {
        let asked = self.client.request(subject.clone(), payload.into());
        let answer = match tokio::time::timeout(ANSWER_LIMIT, asked).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) if error.kind() == RequestErrorKind::NoResponders => {
                tracing::debug!(%subject, "another server does not hear");
                return Err(Miss::Deaf);
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, %subject, "another server does not answer");
                return Err(Miss::Other);
            }
            Err(_) => {
                tracing::warn!(%subject, "another server does not answer in time");
                return Err(Miss::Other);
            }
        };
        serde_json::from_slice(&answer.payload).map_err(|error| {
            tracing::error!(%error, %subject, "another server answers something else");
            Miss::Other
        })
    }

    async fn answer<T: Serialize>(&self, letter: &Letter, answer: &T) {
        let Some(reply) = letter.reply.clone() else { return };
        let answer = serde_json::to_vec(answer).expect("strings and numbers, which JSON can hold");
        if let Err(error) = self.client.publish(reply, answer.into()).await {
            tracing::warn!(%error, "another server was not answered");
        }
    }
}

/// Does what other servers ask for, until this one stops.
pub(super) async fn attend(shared: Arc<Shared>, pool: Pool) -> Result<(), async_nats::SubscribeError> {
    let mut letters = pool.client.subscribe(format!("plenum.sfu.{}.*", pool.name)).await?;
    tokio::spawn(async move {
        let mut stopping = shared.stopping();
        loop {
            let letter = tokio::select! {
                letter = letters.next() => letter,
                _ = stopping.wait_for(|stopping| *stopping) => None,
            };
            let Some(letter) = letter else { return };
            // Whoever asks does not wait for those before.
            tokio::spawn(read(Arc::clone(&shared), pool.clone(), letter));
        }
    });
    Ok(())
}

async fn read(shared: Arc<Shared>, pool: Pool, letter: Letter) {
    let what = letter.subject.rsplit('.').next();
    match what {
        Some("open") => match serde_json::from_slice::<OpenLine>(&letter.payload) {
            Ok(open) => receive(shared, &pool, &letter, open).await,
            Err(error) => tracing::error!(%error, "another server asks for a line that is none"),
        },
        Some("ask") => match serde_json::from_slice::<exchange::Asked>(&letter.payload) {
            Ok(asked) => {
                let told = exchange::carry_out(&shared, asked).await;
                pool.answer(&letter, &told).await;
            }
            Err(error) => tracing::error!(%error, "another server asks for an exchange that is none"),
        },
        Some("dead") => match std::str::from_utf8(&letter.payload).map(str::parse::<i64>) {
            Ok(Ok(life)) => pool.placement.declared_dead(life).await,
            _ => tracing::error!("another server tells of a death of nobody"),
        },
        _ => tracing::error!(subject = %letter.subject, "another server asks for something unknown"),
    }
}

/// Lets in whoever comes by another server.
async fn receive(shared: Arc<Shared>, pool: &Pool, letter: &Letter, open: OpenLine) {
    let token = match super::socket::verify(&shared, &open.token) {
        Ok(token) => token,
        Err(why) => {
            tracing::warn!(reason = %why, "refused a connection to a room by another server");
            shared.registry().refused(why);
            return pool.answer(letter, &Reception::from(why)).await;
        }
    };
    if !shared.has_place_here(&token).await {
        return pool.answer(letter, &Reception::Elsewhere).await;
    }
    let line = match tunnel::far_end(&pool.client, open.line).await {
        Ok(line) => line,
        Err(error) => return tracing::error!(%error, "a line to another server was not made"),
    };
    let counted = shared.open_session();
    pool.answer(letter, &Reception::Open).await;
    session::run(line, shared, Arc::new(token)).await;
    tunnel::hang_up(&pool.client, open.line).await;
    drop(counted);
}

/// Tells a server that others count it as dead.
pub(super) async fn declare_dead(pool: &Pool, node: &str, life: i64) {
    let told = pool.client.publish(format!("plenum.sfu.{node}.dead"), Bytes::from(life.to_string()));
    if let Err(error) = told.await {
        tracing::warn!(%error, node, "a server was not told that it counts as dead");
    }
}

#[cfg(test)]
mod tests {
    use super::{Reception, is_name};
    use crate::Refused;

    #[test]
    fn a_name_is_one_part_of_a_subject() {
        assert!(is_name("media-1"));
        let long = "a".repeat(33);
        for text in ["", "a.b", "*", ">", "A", "узел", "a b", &long] {
            assert!(!is_name(text), "{text}");
        }
    }

    #[test]
    fn what_refuses_somebody_is_told_to_the_other_server() {
        for (why, told) in [
            (Refused::TokenInvalid, Reception::TokenInvalid),
            (Refused::TokenExpired, Reception::TokenExpired),
            (Refused::Part, Reception::Part),
        ] {
            assert_eq!(Reception::from(why), told);
        }
    }
}
