//! Who loses the right to a room is put out of it, and nobody else is: over real sockets, with the media server and the
//! doorkeeper as the program has them.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use guards::{operations::Api, server::Server};
use plenum_authz::{Permission, Viewer};
use plenum_bodies::BodiesReads;
use plenum_db::Access;
use plenum_kernel::{TenantId, TypedId};
use plenum_live::{Live, Topic};
use plenum_meetings::{Doorkeeper, Part, RoomToken, SfuRooms};
use plenum_sfu::{Sfu, SfuConfig};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{OF_A, fill::fill};

const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";
const WITHDRAW: Permission = Permission::new("guards.withdraw");
/// Long enough for a slow machine; nothing waits for it when all is well.
const PATIENCE: Duration = Duration::from_secs(30);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn enter(address: &str, room: Uuid, viewer: &Viewer) -> Socket {
    let token = RoomToken {
        scope: viewer.tenant.uuid(),
        room,
        participant: viewer.account().expect("a person").uuid(),
        name: "Имя".to_owned(),
        label: String::new(),
        part: Part::Person,
        expires_at: i64::MAX,
    };
    let mut request = format!("ws://{address}/sfu").into_client_request().expect("an address");
    let protocols = format!("plenum.sfu.v1, {}", token.sign(KEY));
    request.headers_mut().insert("sec-websocket-protocol", protocols.parse().expect("a header"));
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.expect("let in");
    assert_eq!(hear(&mut socket).await.expect("open")["type"], "welcome");
    socket
}

/// The next thing that a socket says; `None` when it is closed.
async fn hear(socket: &mut Socket) -> Option<Value> {
    loop {
        match tokio::time::timeout(PATIENCE, socket.next()).await.expect("something is said, or it is closed")
        {
            Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).expect("JSON")),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
            Some(Ok(_)) => {}
        }
    }
}

async fn still_answers(socket: &mut Socket) {
    socket.send(Message::text(json!({ "type": "ping", "id": 1 }).to_string())).await.expect("sent");
    while hear(socket).await.expect("open")["type"] != "pong" {}
}

async fn is_put_out(socket: &mut Socket) {
    // Pings of the WebSocket itself keep it open: only the server ends it.
    let closed = async { while hear(socket).await.is_some() {} };
    tokio::time::timeout(PATIENCE, closed).await.expect("it is closed");
}

/// From now on nobody in the organization holds permissions that begin with these words.
async fn withdraw(server: &Server, tenant: TenantId, words: &[&str]) {
    let system = Viewer::system(tenant, "guards");
    let mut tx = server.world.db.tenant(&system, WITHDRAW, Access::Write).await.expect("opened");
    let done = sqlx::query("UPDATE tenancy.settings SET refused = $2 WHERE tenant_id = $1")
        .bind(tenant.uuid())
        .bind(words)
        .execute(tx.conn())
        .await
        .expect("written");
    assert_eq!(done.rows_affected(), 1);
    plenum_live::touch(&mut tx, &Topic::own_roles(tenant)).await.expect("told");
    tx.commit().await.expect("committed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_loses_the_right_to_a_room_is_put_out_and_nobody_else() {
    let server = Server::start().await;
    let api = Api::of(&server.schema).await;
    let a = server.world.tenant("alpha", &["ППО № 1", "ППО № 2"]).await;
    let filled = fill(&server, &api, &a, OF_A).await;
    let chair = &filled.administrator;
    let found = server.ask(chair, "{ sessions { nodes { id } } }").await;
    let session = found["data"]["sessions"]["nodes"][0]["id"].as_str().expect("a session").to_owned();
    let session = Uuid::parse_str(session.split_once('_').expect("an id").1).expect("a UUID");

    let stop = CancellationToken::new();
    let live = Live::start(&server.world.db, stop.clone()).await.expect("pushes are heard");
    let rooms = SfuRooms::default();
    let doorkeeper = Doorkeeper::new(
        server.attendance.clone(),
        Arc::new(BodiesReads::new(Arc::new(server.attendance.clone()))),
        rooms.clone(),
        live,
        plenum_learning::LEARN,
    );
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let config = SfuConfig {
        token_key: KEY.to_vec(),
        bind: loopback,
        port: 0,
        threads: 1,
        announced: loopback,
        public_url: String::new(),
    };
    let sfu =
        Sfu::new(config, Arc::new(doorkeeper), server.world.db.clock().clone()).expect("a media server");
    rooms.set(sfu.clone());
    let listener = tokio::net::TcpListener::bind((loopback, 0)).await.expect("a port");
    let address = listener.local_addr().expect("its address").to_string();
    let serving = tokio::spawn(axum::serve(listener, sfu.router()).into_future());

    let mut at_the_session = enter(&address, session, chair).await;
    // A room that is no session's is a webinar's.
    let mut at_a_webinar = enter(&address, Uuid::now_v7(), chair).await;
    still_answers(&mut at_a_webinar).await;
    withdraw(&server, a.id, &["learning"]).await;
    is_put_out(&mut at_a_webinar).await;
    still_answers(&mut at_the_session).await;
    withdraw(&server, a.id, &["meetings"]).await;
    is_put_out(&mut at_the_session).await;

    sfu.shutdown().await;
    serving.abort();
    stop.cancel();
}
