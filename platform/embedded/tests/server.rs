//! The real server: started, stopped, killed, shared.

#![expect(clippy::unwrap_used, reason = "a test panics where something is not as expected")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use plenum_embedded::{
    APP, EmbeddedConfig, EmbeddedError, OPERATOR, OWNER, Postgres, SUPERUSER, Step, bootstrap,
    check_reachable,
};
use sqlx::{Connection, PgConnection};

const DATABASE: &str = "plenum";

/// A folder that the server's user can get through, as he must when root runs the tests.
fn open_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn config(data_dir: impl Into<PathBuf>) -> EmbeddedConfig {
    EmbeddedConfig { data_dir: data_dir.into(), bin_dir: None, settings: vec![] }
}

async fn start(data_dir: impl Into<PathBuf>) -> Postgres {
    Postgres::start(config(data_dir), |_| ()).await.unwrap()
}

async fn connect(server: &Postgres, role: &str) -> PgConnection {
    PgConnection::connect(&server.url(role, DATABASE)).await.unwrap()
}

async fn do_as(connection: &mut PgConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(sql).execute(connection).await.map(|_| ())
}

async fn numbers(server: &Postgres) -> Vec<i32> {
    let mut connection = connect(server, OWNER).await;
    sqlx::query_scalar("SELECT n FROM public.number ORDER BY n").fetch_all(&mut connection).await.unwrap()
}

/// A server with a table and one committed number in it.
async fn with_a_number(data_dir: &Path) -> Postgres {
    let server = start(data_dir).await;
    bootstrap(&server, DATABASE).await.unwrap();
    let mut owner = connect(&server, OWNER).await;
    do_as(&mut owner, "CREATE TABLE public.number (n integer); INSERT INTO public.number VALUES (1)")
        .await
        .unwrap();
    server
}

#[tokio::test]
async fn what_was_written_is_there_after_a_stop_and_a_start() {
    let folder = open_folder();
    let data_dir = folder.path().join("pg");
    let steps = Mutex::new(vec![]);
    let server = with_a_number(&data_dir).await;
    assert!(server.owned());
    server.stop().await.unwrap();

    let again = Postgres::start(config(&data_dir), |step| steps.lock().unwrap().push(step)).await.unwrap();
    assert_eq!(*steps.lock().unwrap(), [Step::Starting, Step::Ready]);
    assert_eq!(numbers(&again).await, [1]);
    again.stop().await.unwrap();
}

#[tokio::test]
async fn a_killed_server_recovers_what_was_committed_and_nothing_else() {
    let folder = open_folder();
    let data_dir = folder.path().join("pg");
    let mut server = with_a_number(&data_dir).await;
    let mut writer = connect(&server, OWNER).await;
    do_as(&mut writer, "INSERT INTO public.number VALUES (2)").await.unwrap();
    do_as(&mut writer, "BEGIN; INSERT INTO public.number VALUES (3)").await.unwrap();

    // Only the parent is killed: its children have to notice by themselves, and hold the memory until they do.
    kill(Pid::from_raw(server.pid()), Signal::SIGKILL).unwrap();
    assert!(server.exited().await.is_some_and(|status| !status.success()));
    drop(server);

    let recovered = start(&data_dir).await;
    assert_eq!(numbers(&recovered).await, [1, 2]);
    recovered.stop().await.unwrap();
}

#[tokio::test]
async fn a_server_killed_with_all_its_children_recovers() {
    let folder = open_folder();
    let data_dir = folder.path().join("pg");
    let mut server = with_a_number(&data_dir).await;
    // The server has its own process group, named by its id; the children have sessions of their own.
    let children = std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", server.pid())).unwrap();
    let children: Vec<i32> = children.split_whitespace().map(|pid| pid.parse().unwrap()).collect();
    assert!(!children.is_empty());
    for pid in std::iter::once(server.pid()).chain(children) {
        kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
    }
    server.exited().await.unwrap();
    drop(server);

    let recovered = start(&data_dir).await;
    assert_eq!(numbers(&recovered).await, [1]);
    recovered.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_start_is_refused_and_names_the_owner() {
    let folder = open_folder();
    let data_dir = folder.path().join("pg");
    let server = start(&data_dir).await;
    let refused = Postgres::start(config(&data_dir), |_| ()).await.unwrap_err();
    let ours = i32::try_from(std::process::id()).unwrap();
    assert!(
        matches!(refused, EmbeddedError::AlreadyRunning { owner, .. } if owner == Some(ours)),
        "{refused}"
    );
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_tool_attaches_to_the_running_server_and_leaves_it_running() {
    let folder = open_folder();
    let data_dir = folder.path().join("pg");
    let server = with_a_number(&data_dir).await;
    for _ in 0..2 {
        let tool = Postgres::attach_or_start(config(&data_dir), |_| ()).await.unwrap();
        assert!(!tool.owned());
        assert_eq!(tool.pid(), server.pid());
        assert_eq!(numbers(&tool).await, [1]);
        tool.stop().await.unwrap();
    }
    let mut watching = Postgres::attach_or_start(config(&data_dir), |_| ()).await.unwrap();
    assert_eq!(numbers(&server).await, [1]);
    server.stop().await.unwrap();
    assert_eq!(watching.exited().await, None);
}

#[tokio::test]
async fn of_several_who_come_at_once_one_starts_and_the_others_attach() {
    let folder = open_folder();
    let data_dir = folder.path().join("pg");
    let comers = (0..4).map(|_| {
        let config = config(&data_dir);
        tokio::spawn(async move { Postgres::attach_or_start(config, |_| ()).await.unwrap() })
    });
    let comers: Vec<_> = comers.collect();
    let mut servers = vec![];
    for comer in comers {
        servers.push(comer.await.unwrap());
    }
    assert_eq!(servers.iter().filter(|server| server.owned()).count(), 1);
    assert!(servers.iter().all(|server| server.pid() == servers[0].pid()));
    for server in servers {
        server.stop().await.unwrap();
    }
}

#[tokio::test]
async fn paths_with_spaces_cyrillic_quotes_and_great_length_work() {
    let folder = open_folder();
    let long = "очень длинное имя папки".repeat(4);
    for name in ["Мои документы/база, 1% о'кей", "a \"quoted\" name", &long] {
        let data_dir = folder.path().join(name);
        let server = with_a_number(&data_dir).await;
        assert_eq!(numbers(&server).await, [1], "{name}");
        let socket_dir = server.socket_dir().to_path_buf();
        let mode = socket_dir.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{}", socket_dir.display());
        server.stop().await.unwrap();
        let again = start(&data_dir).await;
        assert_eq!(again.socket_dir(), socket_dir);
        again.stop().await.unwrap();
        if socket_dir != data_dir {
            std::fs::remove_dir_all(socket_dir).unwrap();
        }
    }
}

#[tokio::test]
async fn a_leftover_note_whose_process_id_went_to_another_program_does_not_stop_the_start() {
    let folder = open_folder();
    let data_dir = folder.path().join("pg");
    start(&data_dir).await.stop().await.unwrap();
    let note = format!("{}\n{}\n1\n5432\n{1}\n\n  1 2\nready\n", std::process::id(), data_dir.display());
    std::fs::write(data_dir.join("postmaster.pid"), note).unwrap();
    start(&data_dir).await.stop().await.unwrap();
}

#[tokio::test]
async fn an_interrupted_creation_is_begun_anew() {
    let folder = open_folder();
    let data_dir = folder.path().join("pg");
    let leftover = folder.path().join("pg.new");
    std::fs::create_dir(&leftover).unwrap();
    std::fs::write(leftover.join("PG_VERSION"), "15\n").unwrap();
    start(&data_dir).await.stop().await.unwrap();
    assert!(!leftover.exists());
}

#[tokio::test]
async fn a_dropped_server_stops_by_itself() {
    let folder = open_folder();
    let data_dir = folder.path().join("pg");
    let server = start(&data_dir).await;
    let pid = server.pid();
    drop(server);
    // The next owner waits until it has stopped.
    let next = start(&data_dir).await;
    assert_ne!(next.pid(), pid);
    next.stop().await.unwrap();
}

#[tokio::test]
async fn the_roles_have_the_rights_they_need_and_no_more() {
    let folder = open_folder();
    let server = start(folder.path().join("pg")).await;
    bootstrap(&server, DATABASE).await.unwrap();
    // A right that somebody gave by hand does not stay.
    let mut superuser = PgConnection::connect(&server.url(SUPERUSER, "postgres")).await.unwrap();
    do_as(&mut superuser, "ALTER ROLE plenum_app BYPASSRLS CREATEDB").await.unwrap();
    bootstrap(&server, DATABASE).await.unwrap();

    let roles: Vec<(String, bool, bool, bool, bool)> = sqlx::query_as(
        "SELECT rolname::text, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles
          WHERE rolname LIKE 'plenum%' ORDER BY rolname",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    let expected = [(APP, false), (OPERATOR, true), (OWNER, false)];
    assert_eq!(roles, expected.map(|(role, bypass)| (role.to_owned(), false, bypass, false, false)));

    let mut owner = connect(&server, OWNER).await;
    do_as(&mut owner, "CREATE SCHEMA members; CREATE TABLE public.t (x text)").await.unwrap();
    for role in [APP, OPERATOR] {
        let mut other = connect(&server, role).await;
        for sql in [
            "CREATE SCHEMA mine",
            "CREATE TABLE public.mine ()",
            "CREATE TEMP TABLE mine ()",
            "SELECT FROM public.t",
        ] {
            let refused = do_as(&mut other, sql).await.unwrap_err();
            let code =
                refused.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
            assert_eq!(code.as_deref(), Some("42501"), "{role}: {sql}");
        }
    }
    server.stop().await.unwrap();
}

#[tokio::test]
async fn the_database_sorts_and_folds_russian() {
    let folder = open_folder();
    let server = start(folder.path().join("pg")).await;
    bootstrap(&server, DATABASE).await.unwrap();
    let mut app = connect(&server, APP).await;
    let sorted: Vec<String> = sqlx::query_scalar(
        "SELECT x FROM unnest(ARRAY['Жуков', 'ёлкин', 'Елкин', 'Яшин', 'абрамов']) AS t (x) ORDER BY x",
    )
    .fetch_all(&mut app)
    .await
    .unwrap();
    assert_eq!(sorted, ["абрамов", "Елкин", "ёлкин", "Жуков", "Яшин"]);
    let (lower, similar, zone): (String, f32, String) = sqlx::query_as(
        "SELECT lower('ЁЖ'), similarity('Кузнецов', 'кузнецова'), current_setting('timezone')",
    )
    .fetch_one(&mut app)
    .await
    .unwrap();
    assert_eq!((lower.as_str(), zone.as_str()), ("ёж", "UTC"));
    assert!(similar > 0.5, "{similar}");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_name_that_needs_quoting_is_no_database() {
    let folder = open_folder();
    let server = start(folder.path().join("pg")).await;
    for name in ["", "1st", "Plenum", "a b", "a;b", "a\"b", &"a".repeat(64)] {
        let refused = bootstrap(&server, name).await.unwrap_err();
        assert!(matches!(refused, EmbeddedError::DatabaseName { .. }), "{name:?}: {refused}");
    }
    server.stop().await.unwrap();
}

#[tokio::test]
async fn what_stands_in_the_way_is_named() {
    let folder = open_folder();
    let path = |name: &str| folder.path().join(name);

    let no_programs = EmbeddedConfig { bin_dir: Some(path("nowhere")), ..config(path("pg")) };
    let refused = Postgres::start(no_programs, |_| ()).await.unwrap_err();
    assert!(refused.to_string().contains("apt-get install postgresql"), "{refused}");

    std::fs::create_dir(path("letters")).unwrap();
    std::fs::write(path("letters/mine.txt"), "do not touch").unwrap();
    let refused = Postgres::start(config(path("letters")), |_| ()).await.unwrap_err();
    assert!(matches!(refused, EmbeddedError::NotACluster { .. }), "{refused}");

    std::fs::create_dir(path("old")).unwrap();
    std::fs::write(path("old/PG_VERSION"), "9\n").unwrap();
    let refused = Postgres::start(config(path("old")), |_| ()).await.unwrap_err();
    assert!(matches!(&refused, EmbeddedError::WrongVersion { data, .. } if data == "9"), "{refused}");

    let server = start(path("pg")).await;
    server.stop().await.unwrap();
    let wrong = EmbeddedConfig { settings: vec![("work_mem".into(), "plenty".into())], ..config(path("pg")) };
    let refused = Postgres::start(wrong, |_| ()).await.unwrap_err();
    assert!(
        matches!(&refused, EmbeddedError::Start { detail, .. } if detail.contains("work_mem")),
        "{refused}"
    );
}

#[tokio::test]
async fn a_closed_parent_folder_is_named_when_the_server_has_another_user() {
    let folder = open_folder();
    let closed = folder.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).unwrap();
    let data_dir = closed.join("in/pg");
    let asked = check_reachable(&data_dir);
    let started = Postgres::start(config(&data_dir), |_| ()).await;
    if nix::unistd::geteuid().is_root() {
        for refused in [asked.unwrap_err(), started.unwrap_err()] {
            let EmbeddedError::Unreachable { folder, user } = refused else { panic!("{refused}") };
            assert_eq!((folder, user.as_str()), (closed.clone(), "postgres"));
        }
    } else {
        // An ordinary user's server is himself, and he may enter his own folder.
        asked.unwrap();
        started.unwrap().stop().await.unwrap();
    }
}
