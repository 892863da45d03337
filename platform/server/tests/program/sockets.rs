//! Connections that nobody uses any more, or never used: the server lets go of them.

use futures_util::{SinkExt, StreamExt, join};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};

use crate::support::{PATIENCE, Server, data_dir};

fn address(server: &Server) -> &str {
    server.url.trim_start_matches("http://")
}

/// Says this and nothing more; what it was told until the server closed the connection.
async fn falls_silent(server: &Server, said: &str) -> String {
    let mut stream = TcpStream::connect(address(server)).await.expect("connected");
    stream.write_all(said.as_bytes()).await.expect("sent");
    let mut told = Vec::new();
    // A reset is an end, too.
    stream.read_to_end(&mut told).await.ok();
    String::from_utf8_lossy(&told).into_owned()
}

/// Opens a WebSocket, says this, and neither speaks nor pings any more.
async fn falls_silent_on_a_socket(server: &Server, said: &[Value]) {
    let url = format!("{}/graphql", server.url.replace("http:", "ws:"));
    let mut request = url.into_client_request().expect("an address");
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().expect("a header"));
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.expect("connected");
    for word in said {
        socket.send(Message::text(word.to_string())).await.expect("sent");
    }
    while let Some(Ok(_)) = socket.next().await {}
}

/// Opens a WebSocket, asks on and on, and takes no answer.
async fn takes_nothing(server: &Server) {
    let mut stream = TcpStream::connect(address(server)).await.expect("connected");
    let hello = format!(
        "GET /graphql HTTP/1.1\r\nhost: {}\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n",
        address(server)
    );
    stream.write_all(hello.as_bytes()).await.expect("sent");
    // Text frames under a mask of zeros (RFC 6455 §5.2), as many at once as make the way there short.
    let mut words = Vec::new();
    let init = r#"{"type":"connection_init"}"#.to_owned();
    for word in std::iter::once(init).chain(std::iter::repeat_n(r#"{"type":"ping"}"#.to_owned(), 1_000)) {
        words.extend([0x81, 0x80 | u8::try_from(word.len()).expect("a short word"), 0, 0, 0, 0]);
        words.extend(word.into_bytes());
    }
    stream.write_all(&words).await.expect("sent");
    let pings = words.split_off(32);
    // Ends when the server has closed the connection.
    while stream.write_all(&pings).await.is_ok() {}
}

#[tokio::test]
async fn what_is_half_open_is_closed_and_the_server_goes_on() {
    let dir = data_dir();
    let server = Server::start(dir.path()).await;
    let init = json!({ "type": "connection_init" });
    let all = async {
        join!(
            falls_silent(&server, ""),
            falls_silent(&server, "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-le"),
            falls_silent(
                &server,
                "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"
            ),
            falls_silent(&server, "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n"),
            falls_silent_on_a_socket(&server, &[]),
            falls_silent_on_a_socket(&server, std::slice::from_ref(&init)),
            takes_nothing(&server),
        )
    };
    let (nothing, head, body, kept, ..) =
        tokio::time::timeout(PATIENCE, all).await.expect("all of them are closed");
    assert_eq!(nothing, "");
    assert!(!head.contains("200 OK") && !body.contains("200 OK"), "{head}{body}");
    assert!(kept.starts_with("HTTP/1.1 200"), "an answer that was asked for was given: {kept}");

    let again = reqwest::get(format!("{}/healthz", server.url)).await.expect("it answers");
    assert!(again.status().is_success());
    server.stop().await;
}
