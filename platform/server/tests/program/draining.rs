//! A server that is to be replaced lets its sessions end.

use nix::sys::signal::Signal;

use crate::{
    support::{PATIENCE, Server, data_dir},
    withdrawal::{Person, hear},
};

#[tokio::test]
async fn rooms_go_on_and_none_begin_until_the_last_one_is_left() {
    let dir = data_dir();
    let mut server = Server::start_with(dir.path(), &[("PLENUM_DRAIN", "600")]).await;
    let chair = Person::sign_in(&server, "chair").await;
    let member = Person::sign_in(&server, "member1").await;
    let token = member.join().await;
    let mut room = chair.enter(&chair.join().await).await;
    let ready = async || {
        let answer =
            chair.http.get(format!("{}/readyz", chair.url)).send().await.expect("the server answers");
        answer.status().as_u16()
    };
    assert_eq!(ready().await, 200);

    server.signal(Signal::SIGTERM);
    server.says("draining: 1 rooms").await;
    while ready().await != 503 {
        tokio::task::yield_now().await;
    }
    // Whoever belongs to the session comes in still, and what they ask is answered.
    let other = member.enter(&token).await;
    assert_eq!(hear(&mut room).await.expect("open")["type"], "participant_joined");
    drop(other);
    assert_eq!(hear(&mut room).await.expect("open")["type"], "participant_left");

    drop(room);
    tokio::time::timeout(PATIENCE, server.ended()).await.expect("it ends by itself");
}
