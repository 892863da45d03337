//! Servers carry rooms together: who has which room, and what becomes of one that is lost.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use guards::server::Server;
use plenum_authz::Viewer;
use plenum_bodies_api::SessionId;
use plenum_kernel::TypedId;
use plenum_meetings::{Attendance, LEASE, Nodes, Part, RoomEvents, RoomToken, SfuRooms};
use plenum_meetings_api::MeetingsRead;
use plenum_sfu::{Place, Placement, Refused, Sfu, SfuConfig};
use testkit::{Tenant, World};
use uuid::Uuid;

/// What happens in the rooms does not matter here.
struct Nobody;

#[async_trait::async_trait]
impl RoomEvents for Nobody {
    async fn joined(&self, _: &RoomToken, _: Uuid) {}
    async fn left(&self, _: &RoomToken, _: Uuid) {}
    async fn refused(&self, _: Refused) {}
}

/// A server of a pool, without network between it and the others.
struct Node {
    attendance: Attendance,
    nodes: Nodes,
}

/// A life that is over as soon as it has begun, for those that nobody waits for.
const OVER: Duration = Duration::ZERO;

impl Node {
    async fn begin(world: &World, name: &str, lease: Duration) -> Self {
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let config = SfuConfig {
            token_key: vec![7; 32],
            bind: here,
            port: 0,
            threads: 1,
            announced: here,
            public_url: String::new(),
        };
        let sfu = Sfu::new(config, Arc::new(Nobody), world.db.clock().clone()).expect("media are carried");
        let rooms = SfuRooms::default();
        rooms.set(sfu);
        let attendance = Attendance::together(world.db.clone(), name);
        let nodes = Nodes::new(attendance.clone(), rooms, lease);
        nodes.begin().await.expect("a life begins");
        Self { attendance, nodes }
    }

    async fn place(&self, tenant: &Tenant, room: Uuid) -> Place {
        self.nodes.place(tenant.id.uuid(), room, true, false).await.expect("there is a server")
    }

    /// Whether an arrival is recorded.
    async fn lets_in(&self, world: &World, tenant: &Tenant, room: Uuid, viewer: &Viewer) -> bool {
        let before = present(world, self, tenant, room).await;
        self.attendance.joined(&token(tenant, room, viewer), Uuid::now_v7()).await;
        present(world, self, tenant, room).await > before
    }
}

fn token(tenant: &Tenant, room: Uuid, viewer: &Viewer) -> RoomToken {
    RoomToken {
        scope: tenant.id.uuid(),
        room,
        participant: viewer.account().expect("a person").uuid(),
        name: "имя".to_owned(),
        label: "организация".to_owned(),
        part: Part::Person,
        expires_at: i64::MAX,
    }
}

async fn present(world: &World, node: &Node, tenant: &Tenant, room: Uuid) -> usize {
    let mut tx = world.system(tenant).await;
    let all = node.attendance.presence(&mut tx, SessionId::from(room)).await.expect("read");
    all.iter().filter(|one| one.present).count()
}

#[tokio::test]
async fn a_room_is_on_one_server_and_rooms_are_spread() {
    let server = Server::start().await;
    let world = &server.world;
    let tenant = world.tenant("alpha", &["ППО № 1"]).await;
    let north = Node::begin(world, "north", LEASE).await;
    let south = Node::begin(world, "south", LEASE).await;
    let rooms: Vec<Uuid> = (0..4).map(|_| Uuid::now_v7()).collect();

    // Of two that are equally empty, the one that was asked takes it, and reckons with people from then on.
    assert_eq!(north.place(&tenant, rooms[0]).await, Place::Here);
    assert_eq!(south.place(&tenant, rooms[0]).await, Place::At("north".into()));
    assert_eq!(north.place(&tenant, rooms[1]).await, Place::At("south".into()));
    assert_eq!(south.place(&tenant, rooms[1]).await, Place::Here);

    // All who ask at once are told the same.
    let asked = futures_util::future::join_all(
        (0..16).map(|at| if at % 2 == 0 { &north } else { &south }).map(|node| async {
            match node.place(&tenant, rooms[2]).await {
                Place::Here => std::ptr::eq(node, &north),
                Place::At(name) => &*name == "north",
            }
        }),
    )
    .await;
    assert!(asked.iter().all(|one| *one == asked[0]), "{asked:?}");

    // A server that takes no more rooms gets none, and keeps what it has.
    let scope = tenant.id.uuid();
    let placed = north.nodes.place(scope, rooms[3], false, false).await.expect("there is another");
    assert_eq!(placed, Place::At("south".into()));
    assert_eq!(south.place(&tenant, rooms[0]).await, Place::At("north".into()));
}

#[tokio::test]
async fn what_a_lost_server_still_tells_is_refused() {
    let server = Server::start().await;
    let world = &server.world;
    let tenant = world.tenant("alpha", &["ППО № 1"]).await;
    let (anna, pyotr) = (world.viewer(&tenant, "member").await, world.viewer(&tenant, "member").await);
    let room = Uuid::now_v7();
    let north = Node::begin(world, "north", LEASE).await;
    assert_eq!(north.place(&tenant, room).await, Place::Here);
    assert!(north.lets_in(world, &tenant, room, &anna).await);

    // It does not hear, but renews its lease: it keeps its room.
    let south = Node::begin(world, "south", LEASE).await;
    let scope = tenant.id.uuid();
    let deaf = south.nodes.place(scope, room, true, true).await.expect("there is a server");
    assert_eq!(deaf, Place::At("north".into()));

    // Its lease ends.
    let late = Nodes::new(north.attendance.clone(), SfuRooms::default(), OVER);
    late.turn().await.expect("renewed, for no time");
    assert_eq!(south.place(&tenant, room).await, Place::Here);
    assert!(!north.lets_in(world, &tenant, room, &pyotr).await, "it has the room no more");
    assert!(south.lets_in(world, &tenant, room, &pyotr).await);

    // It hears of it, begins anew, and is led to the room by others.
    north.nodes.turn().await.expect("a new life");
    assert_eq!(north.place(&tenant, room).await, Place::At("south".into()));
    assert!(!north.lets_in(world, &tenant, room, &anna).await);
}

#[tokio::test]
async fn a_lost_server_is_told_of_in_the_session() {
    let server = Server::start().await;
    let world = &server.world;
    let tenant = world.tenant("alpha", &["ППО № 1"]).await;
    let (anna, pyotr) = (world.viewer(&tenant, "member").await, world.viewer(&tenant, "member").await);
    let (room, empty) = (Uuid::now_v7(), Uuid::now_v7());
    let north = Node::begin(world, "north", LEASE).await;
    for room in [room, empty] {
        assert_eq!(north.place(&tenant, room).await, Place::Here);
    }
    assert!(north.lets_in(world, &tenant, room, &anna).await);
    assert!(north.lets_in(world, &tenant, room, &pyotr).await);
    world.clock.advance(TimeDelta::minutes(5));
    let late = Nodes::new(north.attendance.clone(), SfuRooms::default(), OVER);
    late.turn().await.expect("renewed, for no time");
    let lost = world.db.clock().now();

    let south = Node::begin(world, "south", LEASE).await;
    world.clock.advance(TimeDelta::seconds(4));
    south.nodes.turn().await.expect("the lost one is buried");
    assert_eq!(present(world, &south, &tenant, room).await, 0, "nobody is counted who is not there");
    let interruptions = |room: Uuid| {
        let (south, tenant) = (&south, &tenant);
        async move {
            let mut tx = world.system(tenant).await;
            south.attendance.interruptions(&mut tx, SessionId::from(room)).await.expect("read")
        }
    };
    let told = interruptions(room).await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].began_at, told[0].ended_at), (lost, None));
    assert!(interruptions(empty).await.is_empty(), "nobody was there");

    assert_eq!(south.place(&tenant, room).await, Place::Here);
    world.clock.advance(TimeDelta::seconds(2));
    assert!(south.lets_in(world, &tenant, room, &anna).await);
    world.clock.advance(TimeDelta::seconds(2));
    assert!(south.lets_in(world, &tenant, room, &pyotr).await);
    assert_eq!(interruptions(room).await[0].ended_at, Some(lost + TimeDelta::seconds(6)));

    // Once is enough, whoever looks again.
    south.nodes.turn().await.expect("nothing is left to do");
    assert_eq!(interruptions(room).await.len(), 1);
}

#[tokio::test]
async fn a_server_that_starts_anew_ends_what_it_left_behind() {
    let server = Server::start().await;
    let world = &server.world;
    let tenant = world.tenant("alpha", &["ППО № 1"]).await;
    let anna = world.viewer(&tenant, "member").await;
    let room = Uuid::now_v7();
    let first = Node::begin(world, "north", LEASE).await;
    assert_eq!(first.place(&tenant, room).await, Place::Here);
    assert!(first.lets_in(world, &tenant, room, &anna).await);

    // Nobody has to wait for the lease of the life before.
    let second = Node::begin(world, "north", LEASE).await;
    assert_eq!(present(world, &second, &tenant, room).await, 0);
    assert_eq!(second.place(&tenant, room).await, Place::Here);
    assert!(second.lets_in(world, &tenant, room, &anna).await);
    assert!(!first.lets_in(world, &tenant, room, &world.viewer(&tenant, "member").await).await);

    // One that retires leaves its rooms to others.
    second.nodes.retire().await.expect("retired");
    assert_eq!(present(world, &second, &tenant, room).await, 0, "nobody is left behind for good");
    let south = Node::begin(world, "south", LEASE).await;
    assert_eq!(south.place(&tenant, room).await, Place::Here);
}

#[tokio::test]
async fn two_servers_of_one_name_do_not_end_one_another_again_and_again() {
    let server = Server::start().await;
    let world = &server.world;
    let tenant = world.tenant("alpha", &["ППО № 1"]).await;
    let anna = world.viewer(&tenant, "member").await;
    let room = Uuid::now_v7();
    let first = Node::begin(world, "north", LEASE).await;
    let second = Node::begin(world, "north", LEASE).await;
    assert_eq!(second.place(&tenant, room).await, Place::Here);
    assert!(second.lets_in(world, &tenant, room, &anna).await);
    for _ in 0..3 {
        first.nodes.turn().await.expect("told");
        second.nodes.turn().await.expect("renewed");
    }
    assert_eq!(present(world, &second, &tenant, room).await, 1, "the later one goes on");
    assert_eq!(second.place(&tenant, room).await, Place::Here);
}

#[tokio::test]
async fn what_was_written_before_servers_led_lives_is_ended_too() {
    let server = Server::start().await;
    let world = &server.world;
    let tenant = world.tenant("alpha", &["ППО № 1"]).await;
    let anna = world.viewer(&tenant, "member").await;
    let room = Uuid::now_v7();
    // One that has begun no life writes its name alone, as all did once.
    let before = Attendance::new(world.db.clone(), "north");
    before.enter(&token(&tenant, room, &anna)).await.expect("recorded");
    let after = Node::begin(world, "north", LEASE).await;
    assert_eq!(present(world, &after, &tenant, room).await, 0);
}
