//! Clients that come by UDP.

use std::sync::Arc;

use tokio::net::UdpSocket;

use super::{
    LONGEST, Listener, Shared,
    towards::{Back, Opener},
};
use crate::server::{Client, Outcome};

pub(super) async fn serve(shared: Arc<Shared>, socket: UdpSocket) {
    let socket = Arc::new(socket);
    let back = Back::Udp(socket.clone());
    let mut buffer = vec![0; LONGEST];
    loop {
        let received = tokio::select! {
            () = shared.stop.cancelled() => return,
            received = socket.recv_from(&mut buffer) => received,
        };
        let Ok((length, address)) = received else {
            // Such as "connection refused" of an earlier answer; the socket goes on.
            tokio::task::yield_now().await;
            continue;
        };
        if length == LONGEST {
            continue;
        }
        let client = Client { listener: Listener::Udp as u8, address, stream: false };
        let now = shared.now();
        let mut opener = Opener { shared: &shared, client, back: &back };
        let outcome = shared.server().heard(&client, &buffer[..length], &mut opener, now);
        match outcome {
            Outcome::Nothing => {}
            Outcome::Answer(answer) => back.send(&client, answer),
            Outcome::Forward { socket, to, data } => socket.send(to, data),
        }
    }
}
