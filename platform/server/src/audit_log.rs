//! The record of who did what: in the API, and checked from the command line.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context as _, bail};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_audit::{
    Entry, EntryFilter,
    chain::Hash,
    list, record_read,
    verify::{Fault, Report, verify},
};
use plenum_authz::{Described, Permission, Text, Viewer};
use plenum_db::{Access, Db};
use plenum_graph::{Answer, Doors, Paged, Paging, global, paged, parse_id};
use plenum_identity::store::accounts;
use plenum_kernel::{AccountId, TypedId};
use plenum_tenancy::store::tenants;
use serde_json::json;
use uuid::Uuid;

use crate::audit_words::{self, Words};

/// Roles and permissions, for the policy.
pub const POLICY: &str = "p, administrator, audit.view\np, auditor, audit.view\n";

/// See who did what.
pub(crate) const VIEW: Permission = Permission::new("audit.view");
/// The words of the permissions of which roles are built.
pub const CATALOGUE: &[Described] = &[VIEW.described(
    ("Видеть журнал действий", "Кто, что и когда сделал в организации"),
    ("See the audit", "Who did what in the organization, and when"),
)];
/// The command that checks the chains.
const VERIFY: Permission = Permission::new("audit.verify");

/// What an operator does who checks the chains.
const CHECKED: &str = "audit.verify";

/// Which entries are meant; what is left out does not narrow.
#[derive(InputObject, Default)]
pub struct AuditFilter {
    /// Of this action, `bodies.open_vote`, or, ending in a dot, of all that begin so: `bodies.`.
    action: Option<String>,
    /// By this account.
    actor: Option<ID>,
    /// Done to this.
    subject: Option<ID>,
    /// Only reads of what is sensitive, or only changes.
    reads: Option<bool>,
    /// Not earlier than this.
    from: Option<DateTime<Utc>>,
    /// Earlier than this.
    until: Option<DateTime<Utc>>,
}

impl AuditFilter {
    pub(crate) fn read(self) -> Answer<EntryFilter> {
        Ok(EntryFilter {
            action: self.action.filter(|action| !action.is_empty()),
            actor: self.actor.map(|id| parse_id::<AccountId>(&id)).transpose()?.map(TypedId::uuid),
            subject: self.subject.map(|id| id.0).filter(|id| !id.is_empty()),
            reads: self.reads,
            from: self.from,
            until: self.until,
        })
    }
}

/// A text in both languages.
#[derive(SimpleObject, Clone)]
pub struct AuditWords {
    ru: &'static str,
    en: &'static str,
}

impl AuditWords {
    fn of(text: Text) -> Self {
        Self { ru: text.ru, en: text.en }
    }
}

/// An action that can be recorded.
#[derive(SimpleObject, Clone)]
pub struct AuditAction {
    /// `module.verb`.
    action: &'static str,
    title: AuditWords,
}

/// An entry of the record: who did what to what. It is never changed, and part of the organization's hash chain.
#[derive(SimpleObject, Clone)]
pub struct AuditEntry {
    /// Its id.
    id: ID,
    /// When.
    at: DateTime<Utc>,
    /// Which account, when a person acted.
    actor: Option<ID>,
    /// How they are called; null when the platform acted by itself.
    actor_name: Option<String>,
    /// Which part of the platform, when it acted by itself.
    system: Option<String>,
    /// What was done: `module.verb`.
    action: String,
    /// The same in words; null for what an older release recorded and this one does not.
    title: Option<AuditWords>,
    /// The id of what it was done to.
    subject: ID,
    /// Facts of the act: JSON.
    detail: String,
    /// By which request.
    request: Option<ID>,
    /// Its number in the chain.
    number: Option<i64>,
    /// Its hash in the chain, hexadecimal.
    hash: Option<String>,
}

impl AuditEntry {
    fn new(entry: Entry, names: &HashMap<AccountId, String>) -> Self {
        let actor = entry.actor.map(AccountId::from);
        Self {
            id: ID(entry.id.to_string()),
            at: entry.at,
            actor_name: actor.and_then(|id| names.get(&id).cloned()),
            actor: actor.map(global),
            system: entry.system,
            title: audit_words::of(&entry.action).map(|words| AuditWords::of(words.title)),
            action: entry.action,
            subject: ID(entry.subject),
            detail: entry.detail.to_string(),
            request: entry.request.map(|id| ID(id.to_string())),
            number: entry.number,
            hash: entry.hash.map(hex::encode),
        }
    }
}

/// Root fields.
#[derive(Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// Who did what in the organization, newest first.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn audit_entries(
        &self,
        ctx: &Context<'_>,
        filter: Option<AuditFilter>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<AuditEntry>> {
        let mut tx = ctx.read(VIEW).await?;
        let paging = Paging::new(first, after)?;
        let after = paging.after.as_deref().map(str::parse::<Uuid>).transpose();
        let after = after.map_err(|_| Paging::bad_cursor())?;
        let filter = filter.unwrap_or_default().read()?;
        let entries = list(&mut tx, &filter, after, paging.limit()).await?;
        let actors: Vec<AccountId> =
            entries.iter().filter_map(|entry| entry.actor).map(AccountId::from).collect();
        let names = accounts::names(tx.conn(), &actors).await?;
        let tenant = tx.tenant();
        drop(tx);
        record_read(&ctx.door(), VIEW, "audit.read_entries", tenant, json!({})).await?;
        let rows = entries.into_iter().map(|entry| (entry.id.to_string(), AuditEntry::new(entry, &names)));
        Ok(paged(&paging, rows))
    }

    /// All actions that can be recorded, in words.
    #[graphql(complexity = "plenum_graph::cost::list(130, child_complexity)")]
    async fn audit_actions(&self, ctx: &Context<'_>) -> Answer<Vec<AuditAction>> {
        ctx.read(VIEW).await?;
        let action = |words: &Words| AuditAction { action: words.action, title: AuditWords::of(words.title) };
        Ok(audit_words::ACTIONS.iter().map(action).collect())
    }
}

/// The heads of chains as an earlier check printed them: `slug number:hash` on each line.
///
/// # Errors
/// When a line is none of these.
pub fn read_heads(text: &str) -> anyhow::Result<BTreeMap<String, (i64, Hash)>> {
    let mut heads = BTreeMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let head = || {
            let (slug, head) = line.trim().split_once(' ')?;
            let (number, hash) = head.trim().split_once(':')?;
            let hash = Hash::try_from(hex::decode(hash).ok()?).ok()?;
            Some((slug.to_owned(), (number.parse().ok()?, hash)))
        };
        let (slug, head) = head().with_context(|| format!("«{line}» is not «organization number:hash»"))?;
        heads.insert(slug, head);
    }
    Ok(heads)
}

/// Checks the chains of all tenants, or of one. Tells of each, a line that [`read_heads`] reads for each that is whole,
/// and whether all are.
///
/// # Errors
/// When there is no such tenant, or the database fails.
pub async fn check(
    db: &Db,
    only: Option<&str>,
    known: &BTreeMap<String, (i64, Hash)>,
    mut tell: impl FnMut(&str, &Report),
) -> anyhow::Result<bool> {
    let mut tx = db.global(None).await?;
    let mut found = Vec::new();
    for id in tenants::all(&mut tx).await? {
        if let Some(tenant) = tenants::by_id(tx.conn(), id).await?
            && only.is_none_or(|slug| slug == tenant.slug)
        {
            found.push(tenant);
        }
    }
    drop(tx);
    if let (Some(slug), true) = (only, found.is_empty()) {
        bail!("there is no organization «{slug}»");
    }
    if let Some(missing) = known.keys().find(|slug| {
        only.is_none_or(|only| only == slug.as_str()) && !found.iter().any(|tenant| &tenant.slug == *slug)
    }) {
        bail!("the organization «{missing}» was there at the earlier check and is not any more");
    }
    let mut whole = true;
    for tenant in found {
        let mut tx = db.tenant(&Viewer::system(tenant.id, "audit"), VERIFY, Access::Read).await?;
        let report = verify(&mut tx, known.get(&tenant.slug).copied()).await?;
        whole &= report.fault.is_none();
        tell(&tenant.slug, &report);
    }
    Ok(whole)
}

/// Notes that the chains were checked, by an act of the operator. Without the operator's role it is not noted.
pub async fn note_check(db: &Db) {
    let noted = async { db.operator(CHECKED).await?.commit().await };
    if let Err(error) = noted.await {
        tracing::warn!(%error, "that the chains were checked could not be noted");
    }
}

/// When the chains were last checked; `None` when nobody can tell, for lack of the operator's role.
pub async fn last_check(db: &Db) -> Option<Option<DateTime<Utc>>> {
    plenum_audit::last_operator_act(db, CHECKED).await.ok()
}

/// What was found, for people: the line to keep when all is well, and what is wrong otherwise.
#[must_use]
pub fn describe(slug: &str, report: &Report) -> String {
    match (report.fault, report.head) {
        (Some(Fault::Missing(number)), _) => format!("{slug}: entry {number} is missing"),
        (Some(Fault::Changed(number)), _) => {
            format!("{slug}: entry {number} is not what was written, or the chain before it was written anew")
        }
        (None, Some((number, hash))) => format!("{slug} {number}:{}", hex::encode(hash)),
        (None, None) => format!("{slug} 0:{}", hex::encode(plenum_audit::chain::BEGINNING)),
    }
}
