//! Sealed values against a real database: places, rotation, another master key, and deaths in between.

use std::sync::Arc;

use plenum_authz::{Permission, Viewer};
use plenum_db::{Access, Db, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_vault::{
    Field, Master, MasterSource, Sealed, Vault, VaultError, blind, open, open_text, reading, seal, seal_text,
    writing,
};
use sqlx::{Connection, PgConnection};
use testkit::{Tenant, World};
use uuid::Uuid;

const PROBE: Permission = Permission::new("vault.probe");
const TABLE: &str = "members.correction";

fn field(row: Uuid) -> Field {
    Field::new(TABLE, "note", row)
}

async fn tx(db: &Db, tenant: &Tenant, access: Access) -> TenantTx {
    let viewer = Viewer::system(tenant.id, "vault-test");
    db.tenant(&viewer, PROBE, access).await.expect("a transaction opens")
}

async fn superuser(world: &World) -> PgConnection {
    PgConnection::connect(&world.database().superuser_url()).await.expect("the superuser connects")
}

/// Another server with the same database and master key.
async fn another(world: &World, master: &Master) -> Result<(Vault, Db), VaultError> {
    let source = MasterSource::Given(Master::parse(&master.text()).expect("it reads back"));
    let vault = Vault::open(world.db.clone(), source).await?;
    Ok((vault.clone(), world.db.carrying(vault)))
}

/// A world whose master key is known to the test.
async fn world() -> (World, Tenant, Master, Vault, Db) {
    let world = World::builder().build().await;
    let tenant = world.tenant("ours", &[]).await;
    sqlx::raw_sql("TRUNCATE vault.master_key, vault.tenant_key, vault.installation_key")
        .execute(&mut superuser(&world).await)
        .await
        .expect("emptied");
    let master = Master::random();
    let (vault, db) = another(&world, &master).await.expect("the first one");
    (world, tenant, master, vault, db)
}

#[tokio::test]
async fn a_sealed_value_opens_in_its_place_only() {
    let (_world, tenant, _, _, db) = world().await;
    let row = Uuid::now_v7();
    let mut ours = tx(&db, &tenant, Access::Write).await;
    let sealed = seal_text(&mut ours, &field(row), "справка о здоровье").await.expect("sealed");
    assert_eq!(open_text(&mut ours, &field(row), &sealed).await.expect("opens"), "справка о здоровье");
    assert!(!sealed.as_bytes().windows(4).any(|part| "справка".as_bytes().starts_with(part)));
    assert_eq!(
        format!("{sealed:?} {:?}", open(&mut ours, &field(row), &sealed).await),
        "Sealed(…) Ok(Opened(…))"
    );

    let elsewhere = [
        Field::new(TABLE, "note", Uuid::now_v7()),
        Field::new(TABLE, "reason", row),
        Field::new("members.transfer", "note", row),
        field(row).owned_by(row),
    ];
    for place in elsewhere {
        let opened = open(&mut ours, &place, &sealed).await;
        assert!(matches!(opened, Err(VaultError::Forged { .. })), "{place:?}: {opened:?}");
    }
    let mut twins = tx(&db, tenant.twin(), Access::Write).await;
    let opened = open(&mut twins, &field(row), &sealed).await;
    assert!(matches!(opened, Err(VaultError::Forged { .. })), "another tenant's: {opened:?}");
    let mut nobodys = db.global(None).await.expect("a transaction opens");
    let opened = open(&mut nobodys, &field(row), &sealed).await;
    assert!(matches!(opened, Err(VaultError::Forged { .. })), "the installation's: {opened:?}");

    for byte in 0..sealed.as_bytes().len() {
        let mut bytes = sealed.as_bytes().to_vec();
        bytes[byte] ^= 0x10;
        assert!(open(&mut ours, &field(row), &Sealed::from(bytes)).await.is_err(), "byte {byte}");
    }
    for bytes in [Vec::new(), b"plain text".to_vec(), vec![2; 80]] {
        let opened = open(&mut ours, &field(row), &Sealed::from(bytes)).await;
        assert!(matches!(opened, Err(VaultError::Format { .. })), "{opened:?}");
    }
}

#[tokio::test]
async fn what_belongs_to_no_tenant_is_sealed_with_keys_of_the_installation() {
    let (_world, _, _, _, db) = world().await;
    let field = Field::new("identity.totp", "secret", Uuid::now_v7());
    let mut one = db.global(None).await.expect("a transaction opens");
    let sealed = seal(&mut one, &field, b"secret").await.expect("sealed");
    one.commit().await.expect("it commits");
    let mut other = db.global(None).await.expect("a transaction opens");
    assert_eq!(open(&mut other, &field, &sealed).await.expect("opens").bytes(), b"secret");
}

#[tokio::test]
async fn a_blind_index_is_the_same_for_the_same_value_of_a_tenant_and_column_only() {
    let (world, tenant, master, vault, db) = world().await;
    let mut ours = tx(&db, &tenant, Access::Read).await;
    let index = blind(&mut ours, TABLE, "note", "112-233-445 95").await.expect("made");
    assert_eq!(index, blind(&mut ours, TABLE, "note", "112-233-445 95").await.expect("made"));
    assert_ne!(index, blind(&mut ours, TABLE, "note", "112-233-445 96").await.expect("made"));
    assert_ne!(index, blind(&mut ours, TABLE, "reason", "112-233-445 95").await.expect("made"));
    drop(ours);
    let mut twins = tx(&db, tenant.twin(), Access::Read).await;
    assert_ne!(index, blind(&mut twins, TABLE, "note", "112-233-445 95").await.expect("made"));
    drop(twins);
    // It outlives rotations, or nothing would be found any more.
    vault.rotate(Some(tenant.id)).await.expect("rotated");
    let (_, fresh) = another(&world, &master).await.expect("it opens");
    let mut ours = tx(&fresh, &tenant, Access::Read).await;
    assert_eq!(index, blind(&mut ours, TABLE, "note", "112-233-445 95").await.expect("made"));
}

#[tokio::test]
async fn keys_stay_when_the_transaction_that_needed_them_is_undone() {
    let (world, tenant, master, _, db) = world().await;
    let mut undone = tx(&db, &tenant, Access::Write).await;
    seal(&mut undone, &field(Uuid::now_v7()), b"x").await.expect("sealed");
    undone.rollback().await.expect("undone");
    let row = Uuid::now_v7();
    let mut kept = tx(&db, &tenant, Access::Write).await;
    let sealed = seal(&mut kept, &field(row), b"x").await.expect("sealed");
    kept.commit().await.expect("it commits");
    let (_, after_a_restart) = another(&world, &master).await.expect("it opens");
    let mut again = tx(&after_a_restart, &tenant, Access::Read).await;
    assert_eq!(open(&mut again, &field(row), &sealed).await.expect("opens").bytes(), b"x");
}

#[tokio::test]
async fn servers_that_need_a_tenants_first_key_at_once_make_one() {
    let (world, tenant, master, _, _) = world().await;
    let row = Uuid::now_v7();
    let seals = (0..6).map(|_| async {
        let (_, db) = another(&world, &master).await.expect("it opens");
        let mut tx = tx(&db, &tenant, Access::Write).await;
        let sealed = seal(&mut tx, &field(row), b"x").await.expect("sealed");
        tx.commit().await.expect("it commits");
        sealed
    });
    let sealed = futures_util::future::join_all(seals).await;
    let (_, db) = another(&world, &master).await.expect("it opens");
    let mut tx = tx(&db, &tenant, Access::Read).await;
    for one in sealed {
        assert_eq!(open(&mut tx, &field(row), &one).await.expect("opens").bytes(), b"x");
    }
}

#[tokio::test]
async fn a_rotation_waits_for_those_who_seal_and_nothing_is_sealed_with_the_old_key_after_it() {
    let (world, tenant, master, vault, db) = world().await;
    let (_, other_server) = another(&world, &master).await.expect("it opens");
    let row = Uuid::now_v7();
    // The other server knows the first key.
    let mut before = tx(&other_server, &tenant, Access::Read).await;
    assert_eq!(reading(&mut before).await.expect("keys").active(), 1);
    drop(before);

    let mut writer = tx(&db, &tenant, Access::Write).await;
    let ring = writing(&mut writer).await.expect("keys");
    let old = ring.seal(&field(row), b"old");
    let rotation = tokio::spawn({
        let vault = vault.clone();
        let id = tenant.id;
        async move { vault.rotate(Some(id)).await }
    });
    let mut looking = superuser(&world).await;
    loop {
        let waiting: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
              WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database()",
        )
        .fetch_one(&mut looking)
        .await
        .expect("counted");
        if waiting > 0 {
            break;
        }
        assert!(!rotation.is_finished(), "the rotation did not wait");
        tokio::task::yield_now().await;
    }
    writer.commit().await.expect("it commits");
    assert_eq!(rotation.await.expect("it ends").expect("rotated"), 2);

    for db in [&db, &other_server] {
        let mut after = tx(db, &tenant, Access::Write).await;
        let ring = writing(&mut after).await.expect("keys");
        assert_eq!(ring.active(), 2);
        assert_eq!(open(&mut after, &field(row), &old).await.expect("old ones open").bytes(), b"old");
    }
    // A reader that knows the first key only finds the second.
    let (_, third) = another(&world, &master).await.expect("it opens");
    let mut early = tx(&third, &tenant, Access::Read).await;
    assert_eq!(reading(&mut early).await.expect("keys").active(), 2);
    vault.rotate(Some(tenant.id)).await.expect("rotated");
    let mut late = tx(&db, &tenant, Access::Write).await;
    let new = seal(&mut late, &field(row), b"new").await.expect("sealed");
    assert_eq!(open(&mut early, &field(row), &new).await.expect("opens").bytes(), b"new");

    let keys = vault.keys(Some(tenant.id)).await.expect("listed");
    let retired: Vec<_> = keys.iter().map(|key| (key.number, key.retired_at.is_some())).collect();
    assert_eq!(retired, [(1, true), (2, true), (3, false)]);
    let audited: i64 =
        sqlx::query_scalar("SELECT count(*) FROM audit.entry WHERE action = 'vault.rotate_key'")
            .fetch_one(&mut looking)
            .await
            .expect("counted");
    assert_eq!(audited, 2);
}

#[tokio::test]
async fn a_new_master_key_opens_everything_and_the_old_one_nothing_any_more() {
    let (world, tenant, master, vault, db) = world().await;
    let row = Uuid::now_v7();
    let mut writer = tx(&db, &tenant, Access::Write).await;
    let sealed = seal(&mut writer, &field(row), b"kept").await.expect("sealed");
    writer.commit().await.expect("it commits");
    vault.rotate(Some(tenant.id)).await.expect("rotated");
    vault.rotate(None).await.expect("rotated, though nothing was sealed yet");

    let new = Master::random();
    // Two keys that seal and one for indexes; of the installation, one each.
    assert_eq!(vault.rewrap(&new).await.expect("wrapped anew"), 5);
    assert!(matches!(another(&world, &master).await, Err(VaultError::Wrong)));
    let (_, fresh) = another(&world, &new).await.expect("the new one");
    let mut reader = tx(&fresh, &tenant, Access::Read).await;
    assert_eq!(open(&mut reader, &field(row), &sealed).await.expect("opens").bytes(), b"kept");
    drop(reader);

    // A server that still runs with the old one reads and writes with what it has, and makes nothing new.
    let mut running = tx(&db, &tenant, Access::Write).await;
    assert!(open(&mut running, &field(row), &sealed).await.is_ok());
    drop(running);
    assert!(matches!(vault.rotate(Some(tenant.id)).await, Err(VaultError::Changed)));
    let mut first = tx(&db, tenant.twin(), Access::Write).await;
    assert!(matches!(seal(&mut first, &field(row), b"x").await, Err(VaultError::Changed)));
    assert!(matches!(vault.rewrap(&Master::random()).await, Err(VaultError::Changed)));
}

#[tokio::test]
async fn a_wrapped_key_that_was_changed_or_moved_is_found() {
    let (world, tenant, master, _, db) = world().await;
    for tenant in [&tenant, tenant.twin()] {
        let mut writer = tx(&db, tenant, Access::Write).await;
        seal(&mut writer, &field(Uuid::now_v7()), b"x").await.expect("sealed");
    }
    let mut looking = superuser(&world).await;
    sqlx::query(
        "UPDATE vault.tenant_key k SET wrapped = o.wrapped FROM vault.tenant_key o
          WHERE k.tenant_id = $1 AND o.tenant_id = $2 AND o.purpose = k.purpose",
    )
    .bind(tenant.id.uuid())
    .bind(tenant.twin().id.uuid())
    .execute(&mut looking)
    .await
    .expect("swapped");
    let (vault, fresh) = another(&world, &master).await.expect("it opens");
    let mut reader = tx(&fresh, &tenant, Access::Read).await;
    let error = reading(&mut reader).await.expect_err("another tenant's key");
    assert!(matches!(error, VaultError::BrokenKey { .. }), "{error}");
    let error = vault.rewrap(&Master::random()).await.expect_err("nothing is wrapped anew");
    assert!(matches!(error, VaultError::BrokenKey { .. }), "{error}");
    assert!(another(&world, &master).await.is_ok(), "the master key is the one from before");
}

#[tokio::test]
async fn the_file_is_made_once_and_a_lost_or_wrong_one_is_told() {
    let (world, _, _, _, _) = world().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("master.key");
    let file = || MasterSource::File(path.clone());
    let error = Vault::open(world.db.clone(), file()).await.expect_err("the database knows another");
    assert!(matches!(error, VaultError::Lost { .. }), "{error}");
    assert!(error.to_string().starts_with("the master key is missing"));
    assert!(!path.exists(), "nothing was made");

    let mut looking = superuser(&world).await;
    sqlx::raw_sql("TRUNCATE vault.master_key")
        .execute(&mut looking)
        .await
        .expect("as before the first start");
    Vault::open(world.db.clone(), file()).await.expect("the first start");
    let text = std::fs::read_to_string(&path).expect("made");
    Vault::open(world.db.clone(), file()).await.expect("the second start");
    assert_eq!(std::fs::read_to_string(&path).expect("there"), text);

    std::fs::write(&path, &*Master::random().text()).expect("another one");
    let error = Vault::open(world.db.clone(), file()).await.expect_err("another one");
    assert!(matches!(error, VaultError::Wrong), "{error}");
    std::fs::write(&path, "nonsense").expect("written");
    let error = Vault::open(world.db.clone(), file()).await.expect_err("no key");
    assert!(error.to_string().contains("does not hold a master key"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).expect("there"), "nonsense", "nothing is overwritten");
}

#[tokio::test]
async fn whenever_a_rewrapping_dies_the_next_start_finds_the_key() {
    let (world, tenant, _, _, _) = world().await;
    sqlx::raw_sql("TRUNCATE vault.master_key, vault.tenant_key, vault.installation_key")
        .execute(&mut superuser(&world).await)
        .await
        .expect("emptied");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("master.key");
    let (new, old) = (folder.path().join("master.key.new"), folder.path().join("master.key.old"));
    let start = || async {
        let vault = Vault::open(world.db.clone(), MasterSource::File(path.clone())).await.expect("it starts");
        (vault.clone(), world.db.carrying(vault))
    };
    let row = Uuid::now_v7();
    let (vault, db) = start().await;
    let mut writer = tx(&db, &tenant, Access::Write).await;
    let sealed = seal(&mut writer, &field(row), b"kept").await.expect("sealed");
    writer.commit().await.expect("it commits");
    let opens = |db: Db| {
        let (tenant, sealed) = (tenant.clone(), sealed.clone());
        async move {
            let mut reader = tx(&db, &tenant, Access::Read).await;
            assert_eq!(open(&mut reader, &field(row), &sealed).await.expect("opens").bytes(), b"kept");
        }
    };

    // Dead before the database took the new key: the file waits, the old one goes on.
    let first = std::fs::read_to_string(&path).expect("made");
    std::fs::write(&new, &*Master::random().text()).expect("written");
    let (_, db) = start().await;
    opens(db).await;
    assert_eq!(std::fs::read_to_string(&path).expect("there"), first);

    // As it should be: what waited is forgotten.
    vault.rewrap_file(&path).await.expect("wrapped anew");
    let second = std::fs::read_to_string(&path).expect("there");
    assert_ne!(first, second);
    assert_eq!(std::fs::read_to_string(&old).expect("kept"), first);
    assert!(!new.exists());
    let (vault, db) = start().await;
    opens(db).await;

    // Dead after the database took it, before the file got its name.
    let third = Master::random();
    std::fs::write(&new, &*third.text()).expect("written");
    vault.rewrap(&third).await.expect("wrapped anew");
    let (_, db) = start().await;
    opens(db).await;
    assert_eq!(std::fs::read_to_string(&path).expect("there"), *third.text());
    assert_eq!(std::fs::read_to_string(&old).expect("kept"), second);

    // Dead between the two names.
    std::fs::rename(&path, &new).expect("moved");
    let (_, db) = start().await;
    opens(db).await;
    assert!(path.exists() && !new.exists());
}

#[tokio::test]
async fn without_a_vault_it_is_said() {
    let (world, tenant, ..) = world().await;
    let plain = world.database().connect(Arc::clone(world.db.clock()), Arc::clone(world.db.policy())).await;
    let mut tx = tx(&plain, &tenant, Access::Write).await;
    let error = seal(&mut tx, &field(Uuid::now_v7()), b"x").await.expect_err("no vault");
    assert!(matches!(StoreError::from(error), StoreError::Sealed(_)));
}
