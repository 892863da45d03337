use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::ws::{CloseFrame, Message};
use futures_util::{SinkExt as _, StreamExt as _};
use plenum_media::{Answer, Offer, PublishedTrack, SdpError};
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use super::line::Line;
use super::liveness::{Liveness, PING_INTERVAL, SILENCE_LIMIT};
use super::protocol::{ClientMessage, CloseReason, ErrorCode, ServerMessage};
use super::registry::{Command, Registry, Speaker};
use super::{RoomToken, sfu::Shared};
use crate::driver::{Fed, PeerEvent, Publisher, Subscriber};

/// Commands that are carried out before negotiation is considered: several comers cost one offer.
const COMMANDS_AT_ONCE: usize = 256;

/// Runs an admitted connection from its first to its last moment.
pub(super) async fn run(line: Line, shared: Arc<Shared>, token: Arc<RoomToken>) {
    let speaker = Speaker { room: token.room, participant: token.participant, connection: Uuid::new_v4() };
    let (commands_tx, commands) = mpsc::unbounded_channel();
    if !shared.admit(&token, speaker.connection, commands_tx) {
        return;
    }
    tracing::info!(
        room = %speaker.room, participant = %speaker.participant, connection = %speaker.connection,
        "a participant joined"
    );
    let session = Session::new(line, Arc::clone(&shared), speaker, commands);
    // A task of its own: whatever happens in it, the participant leaves properly.
    let ended = tokio::spawn(session.run()).await;
    shared.registry().leave(speaker);
    if let Err(error) = ended {
        tracing::error!(%error, connection = %speaker.connection, "a session broke off");
    }
    tracing::info!(
        room = %speaker.room, participant = %speaker.participant, connection = %speaker.connection,
        "a participant left"
    );
}

/// One connection: its line and its two peer connections.
struct Session {
    line: Line,
    shared: Arc<Shared>,
    speaker: Speaker,
    commands: mpsc::UnboundedReceiver<Command>,
    peer_events_tx: mpsc::UnboundedSender<PeerEvent>,
    peer_events: mpsc::UnboundedReceiver<PeerEvent>,
    liveness: Liveness,
    publisher: Option<Publisher>,
    subscriber: Option<Subscriber>,
    negotiation: Negotiation,
}

/// Where the negotiation of received media stands. One offer at a time; changes meanwhile wait for its answer.
#[derive(Default)]
struct Negotiation {
    generation: u32,
    pending: bool,
    offer_wanted: bool,
    seats_changed: bool,
}

/// Why a session ends.
enum End {
    /// The browser went away.
    Gone,
    /// We end it.
    Closed(CloseReason),
}

impl Session {
    fn new(
        line: Line,
        shared: Arc<Shared>,
        speaker: Speaker,
        commands: mpsc::UnboundedReceiver<Command>,
    ) -> Self {
        let (peer_events_tx, peer_events) = mpsc::unbounded_channel();
        Self {
            line,
            shared,
            speaker,
            commands,
            peer_events_tx,
            peer_events,
            liveness: Liveness::new(Instant::now()),
            publisher: None,
            subscriber: None,
            negotiation: Negotiation::default(),
        }
    }

    async fn run(mut self) {
        let end = self.serve().await;
        // First out of the room, so that nothing more is forwarded; then the peers.
        self.registry().leave(self.speaker);
        if let End::Closed(reason) = end {
            // The browser may be gone already.
            let _ = self.tell(ServerMessage::Closing { reason }).await;
            let frame = CloseFrame { code: reason.code(), reason: "".into() };
            let _ = self.send(Message::Close(Some(frame))).await;
        }
        self.publisher = None;
        self.subscriber = None;
    }

    async fn serve(&mut self) -> End {
        let mut pings = tokio::time::interval(PING_INTERVAL);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut commands = Vec::new();
        loop {
            let turn = tokio::select! {
                received = self.commands.recv_many(&mut commands, COMMANDS_AT_ONCE) => {
                    if received == 0 { Err(End::Gone) } else { self.carry_out(&mut commands).await }
                }
                Some(event) = self.peer_events.recv() => self.on_peer_event(event).await,
                incoming = self.line.stream.next() => match incoming {
                    Some(Ok(message)) => self.on_message(message).await,
                    Some(Err(_)) | None => Err(End::Gone),
                },
                _ = pings.tick() => self.on_tick().await,
            };
            let turn = match turn {
                Ok(()) => self.negotiate().await,
                ended => ended,
            };
            if let Err(end) = turn {
                return end;
            }
        }
    }

    async fn carry_out(&mut self, commands: &mut Vec<Command>) -> Result<(), End> {
        for command in commands.drain(..) {
            match command {
                Command::Tell(message) => self.tell(message).await?,
                Command::Close(reason) => return Err(End::Closed(reason)),
                Command::Feed { participant, source } => {
                    // Who shows nothing takes no seat: most of a plenary only listen.
                    let fed = self.subscriber().feed(participant, source);
                    self.negotiation.seats_changed |= fed != Fed::Seated;
                    self.negotiation.offer_wanted |= fed == Fed::NewStreams;
                }
                Command::Starve { participant, source } => {
                    if let Some(subscriber) = &mut self.subscriber {
                        subscriber.starve(participant, source);
                    }
                }
                // What is on stage concerns those who watch.
                Command::Stage(_) => {}
                Command::Unseat(participant) => {
                    if let Some(subscriber) = &mut self.subscriber {
                        self.negotiation.seats_changed |= subscriber.unseat(participant);
                    }
                }
            }
        }
        Ok(())
    }

    async fn negotiate(&mut self) -> Result<(), End> {
        let Some(subscriber) = &mut self.subscriber else { return Ok(()) };
        if self.negotiation.offer_wanted && !self.negotiation.pending {
            self.negotiation.offer_wanted = false;
            self.negotiation.seats_changed = false;
            let (sdp, seats) = (subscriber.offer(), subscriber.seats());
            self.negotiation.pending = true;
            self.negotiation.generation += 1;
            let generation = self.negotiation.generation;
            self.tell(ServerMessage::Subscribe { generation, sdp, seats }).await?;
        } else if self.negotiation.seats_changed && !self.negotiation.offer_wanted {
            self.negotiation.seats_changed = false;
            let seats = subscriber.seats();
            self.tell(ServerMessage::Seats { seats }).await?;
        }
        Ok(())
    }

    async fn on_tick(&mut self) -> Result<(), End> {
        if self.liveness.is_silent(Instant::now()) {
            return Err(End::Closed(CloseReason::Silent));
        }
        self.send(Message::Ping(Default::default())).await
    }

    async fn on_peer_event(&mut self, event: PeerEvent) -> Result<(), End> {
        match event {
            PeerEvent::Failed(peer) => {
                let sends = self.publisher.as_ref().is_some_and(|publisher| publisher.id() == peer);
                let receives = self.subscriber.as_ref().is_some_and(|subscriber| subscriber.id() == peer);
                if sends || receives {
                    let way = if sends { "sent" } else { "received" };
                    let message = format!("the connection by which media are {way} is lost");
                    self.tell(ServerMessage::Error { code: ErrorCode::TransportLost, message }).await?;
                }
            }
            PeerEvent::Held { place, held } => {
                if let Some(subscriber) = &mut self.subscriber {
                    self.negotiation.seats_changed |= subscriber.hold(place, held);
                }
            }
            PeerEvent::Speaks { source, speaks } => {
                if self.publisher.as_ref().is_some_and(|publisher| publisher.has(source)) {
                    self.registry().speaks(self.speaker, speaks);
                }
            }
            PeerEvent::Flows(source) => {
                if let Some(source) = self.publisher.as_mut().and_then(|publisher| publisher.flows(source)) {
                    self.registry().published(self.speaker, source);
                }
            }
        }
        Ok(())
    }

    async fn on_message(&mut self, message: Message) -> Result<(), End> {
        self.liveness.heard(Instant::now());
        match message {
            Message::Text(text) => match serde_json::from_str(&text) {
                Ok(message) => self.on_client_message(message).await,
                Err(error) => self.tell_error(ErrorCode::MessageMalformed, error.to_string()).await,
            },
            Message::Binary(_) => {
                self.tell_error(ErrorCode::MessageMalformed, "messages are text".to_owned()).await
            }
            Message::Ping(_) | Message::Pong(_) => Ok(()),
            Message::Close(_) => Err(End::Gone),
        }
    }

    async fn on_client_message(&mut self, message: ClientMessage) -> Result<(), End> {
        match message {
            ClientMessage::Publish { sdp, tracks } => match self.publish(&sdp, &tracks) {
                Ok(sdp) => self.tell(ServerMessage::Published { sdp }).await,
                Err(error) => self.tell_sdp_error(error).await,
            },
            ClientMessage::Answer { generation, sdp } => self.on_answer(generation, sdp).await,
            ClientMessage::Media(media) => {
                self.registry().media(self.speaker, media);
                Ok(())
            }
            ClientMessage::KeyFrame { participant, source } => {
                if let Some(subscriber) = &self.subscriber {
                    subscriber.ask_key_frame(participant, source);
                }
                Ok(())
            }
            ClientMessage::Restart => {
                if let Some(subscriber) = &mut self.subscriber {
                    subscriber.restart();
                    self.negotiation.offer_wanted = true;
                }
                Ok(())
            }
            ClientMessage::View { tiles } => {
                let view = tiles.into_iter().map(|tile| ((tile.participant, tile.source), tile.height));
                self.subscriber().view(view.collect());
                Ok(())
            }
            ClientMessage::Ping { id } => self.tell(ServerMessage::Pong { id }).await,
            ClientMessage::Leave => Err(End::Gone),
        }
    }

    fn publish(&mut self, sdp: &str, tracks: &[PublishedTrack]) -> Result<String, SdpError> {
        // Read before any connection is touched: an unreadable one changes nothing.
        let offer = Offer::parse(sdp, Some(tracks))?;
        let (engine, room, events) = (self.shared.engine(), self.speaker.room, &self.peer_events_tx);
        let publisher = self.publisher.get_or_insert_with(|| Publisher::open(engine, room, events.clone()));
        let (answer, ended) = publisher.answer(engine, &offer);
        for source in ended {
            self.registry().unpublished(self.speaker, &source);
        }
        Ok(answer)
    }

    async fn on_answer(&mut self, generation: u32, sdp: String) -> Result<(), End> {
        let expected = self.negotiation.pending && generation == self.negotiation.generation;
        let Some(subscriber) = self.subscriber.as_mut().filter(|_| expected) else {
            let message = format!("no offer {generation} waits for an answer");
            return self.tell_error(ErrorCode::AnswerStale, message).await;
        };
        match Answer::parse(&sdp) {
            Ok(answer) => {
                subscriber.accept(answer);
                self.negotiation.pending = false;
                Ok(())
            }
            Err(error) => self.tell_sdp_error(error).await,
        }
    }

    fn subscriber(&mut self) -> &mut Subscriber {
        let (engine, room, events) = (self.shared.engine(), self.speaker.room, &self.peer_events_tx);
        self.subscriber.get_or_insert_with(|| Subscriber::open(engine, room, events.clone()))
    }

    async fn tell_sdp_error(&mut self, error: SdpError) -> Result<(), End> {
        let code = match &error {
            SdpError::Malformed(_) => ErrorCode::SdpMalformed,
            SdpError::Rejected(_) => ErrorCode::SdpRejected,
        };
        tracing::warn!(
            connection = %self.speaker.connection, error = &error as &dyn std::error::Error,
            "a session description had no effect"
        );
        self.tell_error(code, error.to_string()).await
    }

    async fn tell_error(&mut self, code: ErrorCode, message: String) -> Result<(), End> {
        self.tell(ServerMessage::Error { code, message }).await
    }

    async fn tell(&mut self, message: ServerMessage) -> Result<(), End> {
        let text =
            serde_json::to_string(&message).expect("messages are strings, numbers and maps with string keys");
        self.send(Message::Text(text.into())).await
    }

    /// A browser that does not take what it is sent is as good as silent.
    async fn send(&mut self, message: Message) -> Result<(), End> {
        match tokio::time::timeout(SILENCE_LIMIT, self.line.sink.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }

    fn registry(&self) -> &Registry {
        self.shared.registry()
    }
}

/// How long the end of all sessions may take when the server stops.
pub(super) const CLOSING_LIMIT: Duration = Duration::from_secs(5);
