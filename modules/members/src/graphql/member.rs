//! A person on record.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_audit::record_read;
use plenum_authz::Permission;
use plenum_db::{Resource, TenantTx};
use plenum_graph::{Answer, Doors, Paged, Paging, Refusal, global, paged};
use plenum_kernel::{AccountId, TypedId, UnitId};
use plenum_members_api::Consent;
use plenum_tenancy::{
    graphql::UnitNode,
    store::{
        tenants,
        units::{self, Unit},
    },
};
use serde_json::json;

use super::{
    corrections::{CorrectionNode, correction_page},
    history::{MemberHistoryEntry, history_page},
    names::{
        ConsentAct, ConsentSource, ConsentState, Date, MemberHistoryKind, MemberOfficeKind, MemberState, Sex,
    },
};
use crate::{
    AccountNames,
    domain::history::Kind,
    permissions,
    store::{
        consents,
        corrections::Listed,
        offices::{self, Held},
        persons::{self, Person, Placed},
    },
};

/// A member.
#[derive(Clone)]
pub struct MemberNode {
    person: Person,
    unit: Unit,
    /// The permission by which the record was reached: what hangs on it is read under the same.
    door: Permission,
    /// Offices read beforehand, for a list.
    offices: Option<Arc<Vec<Held>>>,
}

impl MemberNode {
    /// The record as its member sees it.
    pub(super) fn own(Placed { person, unit }: Placed) -> Self {
        Self { person, unit, door: permissions::PORTAL, offices: None }
    }

    /// The door by which the record reads what it has not at hand.
    async fn opened(&self, ctx: &Context<'_>) -> Answer<TenantTx> {
        ctx.read(self.door).await
    }
}

impl From<Placed> for MemberNode {
    fn from(Placed { person, unit }: Placed) -> Self {
        Self { person, unit, door: permissions::VIEW, offices: None }
    }
}

/// People with their units, all units read at once; with their offices, when these are asked for.
pub(super) async fn with_units(
    tx: &mut TenantTx,
    people: Vec<Person>,
    with_offices: bool,
) -> Answer<Vec<MemberNode>> {
    let mut wanted: Vec<UnitId> = people.iter().map(|person| person.unit).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let known: HashMap<UnitId, Unit> =
        units::by_ids(tx, &wanted).await?.into_iter().map(|unit| (unit.id, unit)).collect();
    let held = if with_offices {
        let ids: Vec<_> = people.iter().map(|person| person.id).collect();
        Some(Arc::new(offices::of(tx, &ids).await?))
    } else {
        None
    };
    // Units are never removed; one that is not found hides its people rather than failing the page.
    let nodes = people.into_iter().filter_map(|person| {
        let unit = known.get(&person.unit)?.clone();
        Some(MemberNode { person, unit, door: permissions::VIEW, offices: held.clone() })
    });
    Ok(nodes.collect())
}

/// What a keeper may do with a record.
#[derive(SimpleObject)]
pub struct MemberAbilities {
    /// Change fields, record consents, make the card anew.
    edit: bool,
    /// Have another unit keep the record.
    r#move: bool,
    /// Send to another organization.
    transfer: bool,
    /// Invite to the portal.
    invite: bool,
    /// Decide on corrections.
    approve: bool,
}

/// An office held now or before.
#[derive(SimpleObject)]
pub struct MemberOffice {
    kind: MemberOfficeKind,
    /// The unit in whose organization it is an office.
    unit: UnitNode,
    since: Date,
    /// When it ended; null when it is held now.
    until: Option<Date>,
    /// The elected body, when it is held by a seat.
    body_id: Option<ID>,
}

/// What the member said of the use of their data, once.
#[derive(SimpleObject)]
pub struct MemberConsent {
    act: ConsentAct,
    /// The version of the text.
    text_version: String,
    /// The day on which it was said.
    on: Date,
    source: ConsentSource,
    recorded_at: DateTime<Utc>,
    /// The name of who recorded it; null for the platform.
    recorded_by: Option<String>,
}

pub(super) async fn account_name(
    ctx: &Context<'_>,
    tx: &mut TenantTx,
    account: Option<AccountId>,
) -> Answer<Option<String>> {
    let Some(account) = account else { return Ok(None) };
    Ok(ctx.data_unchecked::<Arc<dyn AccountNames>>().display_name(tx, account).await?)
}

#[Object(name = "Member")]
impl MemberNode {
    /// The id.
    pub async fn id(&self) -> ID {
        global(self.person.id)
    }
    async fn surname(&self) -> &str {
        &self.person.surname
    }
    async fn given_name(&self) -> &str {
        &self.person.given_name
    }
    async fn patronymic(&self) -> Option<&str> {
        self.person.patronymic.as_deref()
    }
    /// Surname, given name and patronymic.
    async fn full_name(&self) -> String {
        self.person.full_name()
    }
    async fn birth_date(&self) -> Date {
        Date(self.person.birth_date)
    }
    async fn sex(&self) -> Option<Sex> {
        self.person.sex.map(Sex::from)
    }
    /// In E.164: `+79000000000`.
    async fn phone(&self) -> Option<&str> {
        self.person.phone.as_deref()
    }
    async fn email(&self) -> Option<&str> {
        self.person.email.as_deref()
    }
    async fn workplace(&self) -> Option<&str> {
        self.person.workplace.as_deref()
    }
    async fn position(&self) -> Option<&str> {
        self.person.position.as_deref()
    }
    /// The unit that keeps the record.
    async fn unit(&self) -> UnitNode {
        UnitNode(self.unit.clone())
    }
    async fn joined_on(&self) -> Option<Date> {
        self.person.joined_on.map(Date)
    }
    async fn card_number(&self) -> Option<&str> {
        self.person.card_number.as_deref()
    }
    /// Whether the person agreed to the processing of personal data.
    async fn consent(&self) -> bool {
        self.person.consent == Consent::Given
    }
    /// What holds of consent now.
    async fn consent_state(&self) -> ConsentState {
        self.person.consent.into()
    }
    /// The office as the imported register writes it.
    async fn elected_office(&self) -> Option<&str> {
        self.person.elected_office.as_deref()
    }
    async fn state(&self) -> MemberState {
        self.person.state.into()
    }
    /// When the record was closed.
    async fn left_on(&self) -> Option<Date> {
        self.person.left_at.map(|at| Date(at.date_naive()))
    }
    /// The organization that took the member over.
    async fn left_to(&self, ctx: &Context<'_>) -> Answer<Option<String>> {
        let Some(to) = self.person.left_to else { return Ok(None) };
        let mut tx = self.opened(ctx).await?;
        Ok(tenants::by_id(tx.conn(), to).await?.map(|tenant| tenant.name))
    }
    /// Counts the changes of the record: give it back when changing, and a change of somebody else is not undone.
    async fn revision(&self) -> i32 {
        self.person.revision
    }
    /// Whether the member can sign in.
    async fn has_account(&self) -> bool {
        self.person.account.is_some()
    }
    /// From when the present membership card is.
    async fn card_issued_on(&self) -> Date {
        Date(self.person.card_issued_on)
    }
    /// Offices held now, then those that ended; at most 100.
    #[graphql(complexity = "plenum_graph::cost::list(4, child_complexity)")]
    async fn offices(&self, ctx: &Context<'_>) -> Answer<Vec<MemberOffice>> {
        let mut tx = self.opened(ctx).await?;
        let held = match &self.offices {
            Some(all) => all.iter().filter(|one| one.person == self.person.id).cloned().collect(),
            None => offices::of(&mut tx, &[self.person.id]).await?,
        };
        let mut wanted: Vec<UnitId> = held.iter().map(|one| one.unit).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let known: HashMap<UnitId, Unit> = match wanted.as_slice() {
            [] => HashMap::new(),
            [one] if *one == self.unit.id => HashMap::from([(*one, self.unit.clone())]),
            more => units::by_ids(&mut tx, more).await?.into_iter().map(|unit| (unit.id, unit)).collect(),
        };
        let shown = held.into_iter().filter_map(|one| {
            Some(MemberOffice {
                kind: one.office,
                unit: UnitNode(known.get(&one.unit)?.clone()),
                since: Date(one.since.date_naive()),
                until: one.until.map(|until| Date(until.date_naive())),
                body_id: one.body.map(global),
            })
        });
        Ok(shown.collect())
    }
    /// What the member said of the use of their data, newest first; at most 100.
    #[graphql(complexity = "plenum_graph::cost::list(4, child_complexity)")]
    async fn consents(&self, ctx: &Context<'_>) -> Answer<Vec<MemberConsent>> {
        let mut tx = self.opened(ctx).await?;
        let mut shown = Vec::new();
        for said in consents::of(&mut tx, self.person.id).await? {
            shown.push(MemberConsent {
                act: said.act.into(),
                text_version: said.text_version,
                on: Date(said.on),
                source: said.source.into(),
                recorded_at: said.recorded_at,
                recorded_by: account_name(ctx, &mut tx, said.recorded_by).await?,
            });
        }
        Ok(shown)
    }
    /// What happened to the member and the record, newest first; with `kinds`, only facts of these.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
        kinds: Option<Vec<MemberHistoryKind>>,
    ) -> Answer<Paged<MemberHistoryEntry>> {
        let mut tx = self.opened(ctx).await?;
        let paging = Paging::new(first, after)?;
        let kinds = kinds.map(|kinds| kinds.into_iter().map(Kind::from).collect::<Vec<_>>());
        let page = history_page(ctx, &mut tx, &self.person, kinds.as_deref(), &paging).await?;
        drop(tx);
        if self.door == permissions::VIEW {
            record_read(&ctx.door(), self.door, "members.read_history", self.person.id, json!({})).await?;
        }
        Ok(page)
    }
    /// Corrections that the member asked for, newest first.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn corrections(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<CorrectionNode>> {
        let mut tx = self.opened(ctx).await?;
        let paging = Paging::new(first, after)?;
        let listed = Listed { person: Some(self.person.id), ..Listed::default() };
        let page = correction_page(&mut tx, &paging, &listed).await?;
        let own = |correction| CorrectionNode { correction, member: self.clone() };
        Ok(paged(&paging, page.into_iter().map(|one| (one.id.global(), own(one)))))
    }
    /// What the viewer may do with the record.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Answer<MemberAbilities> {
        let tx = self.opened(ctx).await?;
        let open = self.person.state == persons::MemberState::Active;
        let may = |permission| open && tx.allows(permission, &self.unit.place());
        Ok(MemberAbilities {
            edit: may(permissions::EDIT),
            r#move: may(permissions::EDIT),
            transfer: may(permissions::TRANSFER),
            invite: may(permissions::INVITE),
            approve: may(permissions::APPROVE),
        })
    }
}

/// The record as it is now, after a change.
pub(super) async fn anew(tx: &mut TenantTx, id: plenum_members_api::MemberId) -> Answer<MemberNode> {
    Ok(Placed::find(tx, id).await?.ok_or_else(Refusal::not_found)?.into())
}
