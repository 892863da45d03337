//! The history of a member.

use std::collections::HashMap;

use async_graphql::{Context, ID, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_db::TenantTx;
use plenum_graph::{Answer, Paged, Paging, paged};
use plenum_kernel::{AccountId, TenantId};
use plenum_tenancy::store::tenants;

use super::{
    member::account_name,
    names::{ConsentAct, MemberField, MemberHistoryKind, MemberOfficeKind},
};
use crate::{
    domain::{history::Kind, record::Change},
    store::{history, persons::Person},
};

/// One field before and after: dates as `2026-11-23`, the sex as `female` or `male`.
#[derive(SimpleObject)]
pub struct MemberChange {
    field: MemberField,
    /// Before; null was empty.
    old: Option<String>,
    /// After; null is empty.
    new: Option<String>,
}

impl From<Change> for MemberChange {
    fn from(change: Change) -> Self {
        Self { field: change.field.into(), old: change.old, new: change.new }
    }
}

/// A line of a member's history. Names are kept as they were then.
#[derive(SimpleObject)]
pub struct MemberHistoryEntry {
    at: DateTime<Utc>,
    kind: MemberHistoryKind,
    /// Who did it; null for the platform.
    actor_name: Option<String>,
    /// Where it happened, when that was another organization.
    organization: Option<String>,
    /// The typed id of what it is about: a session, a document, a course…
    subject: Option<ID>,
    /// What that was called.
    subject_label: Option<String>,
    /// Fields before and after.
    #[graphql(complexity = "plenum_graph::cost::list(3, child_complexity)")]
    changes: Vec<MemberChange>,
    /// The office taken or ended.
    office: Option<MemberOfficeKind>,
    /// What was said of consent.
    consent: Option<ConsentAct>,
    /// The unit or organization left behind.
    from: Option<String>,
    /// The unit or organization gone to.
    to: Option<String>,
    /// The number of a certificate.
    number: Option<String>,
    /// Why something was refused.
    reason: Option<String>,
}

pub(super) async fn history_page(
    ctx: &Context<'_>,
    tx: &mut TenantTx,
    person: &Person,
    kinds: Option<&[Kind]>,
    paging: &Paging,
) -> Answer<Paged<MemberHistoryEntry>> {
    let entries = history::page(tx, person, kinds, paging.after.as_deref(), paging.limit())
        .await?
        .ok_or_else(Paging::bad_cursor)?;
    // Few people act on one record: each is asked for once.
    let mut names: HashMap<AccountId, Option<String>> = HashMap::new();
    let mut places: HashMap<TenantId, Option<String>> = HashMap::new();
    let mut shown = Vec::with_capacity(entries.len());
    for entry in entries {
        let actor_name = match entry.actor {
            None => None,
            Some(account) => match names.get(&account) {
                Some(name) => name.clone(),
                None => names.entry(account).or_insert(account_name(ctx, tx, Some(account)).await?).clone(),
            },
        };
        let organization = match entry.origin {
            None => None,
            Some(tenant) => match places.get(&tenant) {
                Some(name) => name.clone(),
                None => {
                    let name = tenants::by_id(tx.conn(), tenant).await?.map(|tenant| tenant.name);
                    places.entry(tenant).or_insert(name).clone()
                }
            },
        };
        let detail = entry.detail;
        shown.push((
            entry.cursor,
            MemberHistoryEntry {
                at: entry.at,
                kind: entry.kind.into(),
                actor_name,
                organization,
                subject: entry.subject.map(ID),
                subject_label: detail.label,
                changes: detail.changes.into_iter().map(MemberChange::from).collect(),
                office: detail.office,
                consent: detail.consent.map(ConsentAct::from),
                from: detail.from,
                to: detail.to,
                number: detail.number,
                reason: detail.reason,
            },
        ));
    }
    Ok(paged(paging, shown))
}
