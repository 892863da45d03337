//! Reads of what is sensitive.

use std::{collections::HashMap, sync::Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use plenum_authz::{Actor, Permission, Viewer};
use plenum_db::{Access, Db, OpenError};
use plenum_graph::{Answer, Door};
use plenum_kernel::{AccountId, TenantId, TypedId};
use serde_json::{Value, json};

use crate::{record, record::add};

const BY_LINK: Permission = Permission::new("audit.read_by_link");

/// Who looks at the same again within so long is looking on: a page reads a dozen fields and is renewed by itself.
pub const LOOKING_ON: TimeDelta = TimeDelta::minutes(10);
/// So many reads are remembered; when there are more, remembering begins anew.
const REMEMBERED: usize = 100_000;

type Look = (TenantId, AccountId, &'static str, String);

/// What has been recorded a moment ago, in the memory of one server: a database carries it
/// ([`plenum_db::Db::carrying`]). Without it, or after a restart, a read is recorded once more, never less.
#[derive(Debug, Default)]
pub struct ReadsSeen(Mutex<HashMap<Look, DateTime<Utc>>>);

impl ReadsSeen {
    fn is_known(&self, look: &Look, now: DateTime<Utc>) -> bool {
        self.0.lock().is_ok_and(|seen| seen.get(look).is_some_and(|at| now - *at < LOOKING_ON))
    }

    fn keep(&self, look: Look, now: DateTime<Utc>) {
        if let Ok(mut seen) = self.0.lock() {
            if seen.len() >= REMEMBERED {
                seen.clear();
            }
            seen.insert(look, now);
        }
    }
}

/// Records that the caller reads something sensitive, before they get it: `action` is `module.read_what`, `subject` what
/// it is about; a list is one entry about the whole, not one for each row. A reading transaction cannot write, so the
/// entry has a short one of its own: close the reading one before, or each request would hold two connections.
///
/// # Errors
/// A refusal when it cannot be written: what is not recorded is not shown.
pub async fn record_read(
    door: &Door,
    permission: Permission,
    action: &'static str,
    subject: impl TypedId,
    detail: Value,
) -> Answer<()> {
    let viewer = door.viewer().await?;
    let Some(account) = viewer.account() else { return Ok(()) };
    let look = (viewer.tenant, account, action, subject.global());
    let now = door.db().clock().now();
    let seen = door.db().carried::<ReadsSeen>();
    if seen.is_some_and(|seen| seen.is_known(&look, now)) {
        return Ok(());
    }
    let mut tx = door.write(permission).await?;
    record(&mut tx, action, subject, detail).await?;
    tx.commit().await?;
    if let Some(seen) = seen {
        seen.keep(look, now);
    }
    Ok(())
}

/// The same for a read by a link, which no door is passed for: the reader is whom the link was made for, whoever
/// brings it.
///
/// # Errors
/// [`OpenError`] when it cannot be written: what is not recorded is not shown.
pub async fn record_read_by_link(
    db: &Db,
    tenant: TenantId,
    reader: AccountId,
    action: &'static str,
    subject: impl TypedId,
) -> Result<(), OpenError> {
    let look = (tenant, reader, action, subject.global());
    let now = db.clock().now();
    let seen = db.carried::<ReadsSeen>();
    if seen.is_some_and(|seen| seen.is_known(&look, now)) {
        return Ok(());
    }
    let mut tx = db.tenant(&Viewer::system(tenant, "links"), BY_LINK, Access::Write).await?;
    add(&mut tx, Actor::Account(reader), None, action, subject, json!({}));
    tx.commit().await?;
    if let Some(seen) = seen {
        seen.keep(look, now);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_on_ends_after_ten_minutes_and_is_each_persons_own() {
        let seen = ReadsSeen::default();
        let (tenant, reader, other) = (TenantId::new(), AccountId::new(), AccountId::new());
        let look = |who: AccountId| (tenant, who, "members.read_record", "Member_1".to_owned());
        let now = DateTime::from_timestamp(1_798_761_600, 0).expect("a moment");
        assert!(!seen.is_known(&look(reader), now));
        seen.keep(look(reader), now);
        assert!(seen.is_known(&look(reader), now + TimeDelta::minutes(9)));
        assert!(!seen.is_known(&look(reader), now + LOOKING_ON));
        assert!(!seen.is_known(&look(other), now));
    }
}
