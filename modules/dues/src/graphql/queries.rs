//! Root fields that read.

use async_graphql::{Context, ID, Object};
use plenum_audit::record_read;
use plenum_db::{PermitError, Resource, TenantTx};
use plenum_dues_api::{BankListId, ChargeRunId, RateId};
use plenum_graph::{Answer, Doors, Paged, Paging, Refusal, global, paged, parse_id, parse_optional_id};
use plenum_kernel::{Money, TypedId, UnitId};
use plenum_members_api::MemberId;
use plenum_tenancy::{
    graphql::UnitNode,
    store::units::{self, Unit},
};
use serde_json::json;

use super::{
    bank::BankListNode,
    cursor,
    dues::{DuesNode, RateNode},
    overview::{ChargeRunNode, ChargeSummary, Debtor, DuesDebt, MonthDues, UnitDues},
    tools,
};
use crate::{
    actions::{charge_month, permit_for},
    domain::month::Month,
    permissions::{self, View},
    store::{
        bank::{self, PlacedList},
        overview,
        runs::{self, PlacedRun},
        terms,
        tree::{self, Tree},
    },
};

/// The most months of a series.
const MOST_MONTHS: i32 = 60;

/// Root fields.
#[derive(Default)]
pub struct DuesQuery;

#[Object]
impl DuesQuery {
    /// A member's dues; null when there is no such member, or not one whose dues the viewer may see.
    async fn dues(&self, ctx: &Context<'_>, member: ID) -> Answer<Option<DuesNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let id: MemberId = parse_id(&member)?;
        let tools = tools(ctx);
        match permit_for::<View>(&mut tx, &*tools.members, id).await {
            Ok((member, _)) => {
                let today = tools.today(&tx);
                let dues = DuesNode::load(&mut tx, member, today).await?;
                drop(tx);
                record_read(&ctx.door(), permissions::VIEW, "dues.read_member", id, json!({})).await?;
                Ok(Some(dues))
            }
            Err(PermitError::Store(error)) => Err(error.into()),
            Err(PermitError::NotFound { .. } | PermitError::Forbidden { .. }) => Ok(None),
        }
    }

    /// The viewer's own dues; null when the register does not know their account.
    async fn my_dues(&self, ctx: &Context<'_>) -> Answer<Option<DuesNode>> {
        let mut tx = ctx.read(permissions::OWN).await?;
        let account = ctx.account().await?;
        let tools = tools(ctx);
        let Some(member) = tools.members.by_account(&mut tx, account).await? else { return Ok(None) };
        let today = tools.today(&tx);
        Ok(Some(DuesNode::load(&mut tx, member, today).await?))
    }

    /// The rates that units have set, the latest first; with `unit`, of it and all below it.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn dues_rates(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
        unit: Option<ID>,
    ) -> Answer<Paged<RateNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let paging = Paging::new(first, after)?;
        let after: Option<RateId> = cursor(&paging)?;
        let units = visible(&mut tx, unit).await?;
        let rates = terms::rates(&mut tx, &units, after, paging.limit()).await?;
        let tree = Tree::load(&mut tx).await?;
        Ok(paged(
            &paging,
            rates.into_iter().filter_map(|rate| {
                let unit = tree.unit(rate.unit)?.clone();
                Some((rate.id.global(), RateNode::new(&rate, unit)))
            }),
        ))
    }

    /// The takings of a month of each unit right under `unit`, each with all below it, by name; without a unit, of
    /// those right under the apparatus.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn dues_by_unit(
        &self,
        ctx: &Context<'_>,
        month: String,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
        unit: Option<ID>,
    ) -> Answer<Paged<UnitDues>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let month = super::month("month", &month)?;
        let paging = Paging::new(first, after)?;
        let parent: UnitId = match parse_optional_id(unit.as_ref())? {
            Some(unit) => unit,
            None => units::root(&mut tx).await?.id,
        };
        let after = paging.after.as_deref().map(read_cursor).transpose()?;
        let seen = tree::visible(&mut tx, Some(parent)).await?;
        let rows = seen_below(&mut tx, parent, &seen, after, paging.limit()).await?;
        let tree = Tree::load(&mut tx).await?;
        let takings = overview::by_unit(&mut tx, &seen, month).await?;
        Ok(paged(
            &paging,
            rows.into_iter().map(|unit| {
                let below = tree.below(unit.id);
                let cursor = format!("{}|{}", unit.id, unit.name);
                let parts = takings.iter().filter(|part| below.contains(&part.of.uuid())).copied();
                (cursor, UnitDues::of(unit, parts))
            }),
        ))
    }

    /// The takings of a unit and all below it, of so many months up to the present one, the earliest first.
    #[graphql(complexity = "plenum_graph::cost::page(months, child_complexity)")]
    async fn dues_by_month(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 12)] months: i32,
        unit: Option<ID>,
    ) -> Answer<Vec<MonthDues>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        if !(1..=MOST_MONTHS).contains(&months) {
            return Err(Refusal::invalid_field("months", "out_of_range"));
        }
        let units = visible(&mut tx, unit).await?;
        let current = current(ctx, &tx)?;
        let all: Vec<Month> =
            (0..months.unsigned_abs()).rev().filter_map(|back| current.earlier(back)).collect();
        let takings = overview::by_month(&mut tx, &units, all[0], current).await?;
        Ok(all
            .into_iter()
            .map(|month| MonthDues::new(month, takings.iter().find(|takings| takings.of == month)))
            .collect())
    }

    /// What is owed in a unit and all below it for months that are over.
    async fn dues_debt(&self, ctx: &Context<'_>, unit: Option<ID>) -> Answer<DuesDebt> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let units = visible(&mut tx, unit).await?;
        let current = current(ctx, &tx)?;
        let (debtors, debt) = overview::debt(&mut tx, &units, current).await?;
        Ok(DuesDebt { debtors, kopecks: debt.kopecks() })
    }

    /// Who owes something for at least so many months that are over, the largest debt first.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn debtors(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
        unit: Option<ID>,
        #[graphql(default = 1)] months_at_least: i32,
    ) -> Answer<Paged<Debtor>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let paging = Paging::new(first, after)?;
        let after = paging.after.as_deref().map(read_debt_cursor).transpose()?;
        let units = visible(&mut tx, unit).await?;
        let current = current(ctx, &tx)?;
        let found =
            overview::debtors(&mut tx, &units, current, months_at_least, after, paging.limit()).await?;
        let ids: Vec<MemberId> = found.iter().map(|debtor| debtor.member).collect();
        let people = tools(ctx).members.by_ids(&mut tx, &ids).await?;
        let tree = Tree::load(&mut tx).await?;
        let tenant = tx.tenant();
        drop(tx);
        record_read(&ctx.door(), permissions::VIEW, "dues.read_debtors", tenant, json!({})).await?;
        Ok(paged(
            &paging,
            found.into_iter().map(|debtor| {
                let name = people.iter().find(|member| member.id == debtor.member);
                let node = Debtor {
                    member: global(debtor.member),
                    full_name: name.map(|member| member.full_name.clone()).unwrap_or_default(),
                    unit: tree.unit(debtor.unit).cloned().map(UnitNode),
                    debt_kopecks: debtor.debt.kopecks(),
                    months: debtor.months,
                    since: debtor.since.to_string(),
                };
                (format!("{}|{}", debtor.debt.kopecks(), debtor.member), node)
            }),
        ))
    }

    /// What charging a month to a unit and all below it would come to now.
    async fn charge_preview(&self, ctx: &Context<'_>, unit: ID, month: String) -> Answer<ChargeSummary> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let month = super::month("month", &month)?;
        let permit = tx.permit::<View, Unit>(parse_id(&unit)?).await?;
        Ok(charge_month::preview(&mut tx, permit, &*tools(ctx).members, month).await?.into())
    }

    /// A charging; null when there is none, or not one that the viewer may see.
    async fn charge_run(&self, ctx: &Context<'_>, run: ID) -> Answer<Option<ChargeRunNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        charge_run_in(&mut tx, parse_id(&run)?).await
    }

    /// Chargings, the latest first.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn charge_runs(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
        unit: Option<ID>,
    ) -> Answer<Paged<ChargeRunNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let paging = Paging::new(first, after)?;
        let after: Option<ChargeRunId> = cursor(&paging)?;
        let units = visible(&mut tx, unit).await?;
        let all = runs::page(&mut tx, &units, after, paging.limit()).await?;
        let tree = Tree::load(&mut tx).await?;
        Ok(paged(
            &paging,
            all.into_iter()
                .map(|run| (run.id.global(), ChargeRunNode::new(&run, tree.unit(run.unit).cloned()))),
        ))
    }

    /// A bank's list; null when there is none, or not one that the viewer may see.
    async fn bank_list(&self, ctx: &Context<'_>, list: ID) -> Answer<Option<BankListNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        bank_list_in(&mut tx, parse_id(&list)?).await
    }

    /// Banks' lists, the latest first.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn bank_lists(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
        unit: Option<ID>,
    ) -> Answer<Paged<BankListNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let paging = Paging::new(first, after)?;
        let after: Option<BankListId> = cursor(&paging)?;
        let units = visible(&mut tx, unit).await?;
        let all = bank::page(&mut tx, &units, after, paging.limit()).await?;
        Ok(paged(&paging, all.into_iter().map(|list| (list.id.global(), BankListNode(list)))))
    }
}

/// Finds a charging for `node(id:)`.
///
/// # Errors
/// Refusals of the door.
pub async fn charge_run(ctx: &Context<'_>, id: ChargeRunId) -> Answer<Option<ChargeRunNode>> {
    let mut tx = ctx.read(permissions::VIEW).await?;
    charge_run_in(&mut tx, id).await
}

async fn charge_run_in(tx: &mut TenantTx, id: ChargeRunId) -> Answer<Option<ChargeRunNode>> {
    let Some(placed) = seen::<PlacedRun>(tx, id).await? else { return Ok(None) };
    let unit = units::by_id(tx, placed.run.unit).await?;
    Ok(Some(ChargeRunNode::new(&placed.run, unit)))
}

/// Finds a bank's list for `node(id:)`.
///
/// # Errors
/// Refusals of the door.
pub async fn bank_list(ctx: &Context<'_>, id: BankListId) -> Answer<Option<BankListNode>> {
    let mut tx = ctx.read(permissions::VIEW).await?;
    bank_list_in(&mut tx, id).await
}

async fn bank_list_in(tx: &mut TenantTx, id: BankListId) -> Answer<Option<BankListNode>> {
    let placed = seen::<PlacedList>(tx, id).await?;
    Ok(placed.map(|placed| BankListNode(placed.list)))
}

/// The units right under `parent` that are among `seen`, by name, after one of them, at most `limit`. Others are passed
/// over, page by page: a page that is cut short would look like the last one.
async fn seen_below(
    tx: &mut TenantTx,
    parent: UnitId,
    seen: &[uuid::Uuid],
    after: Option<(&str, UnitId)>,
    limit: i64,
) -> Answer<Vec<Unit>> {
    let wanted = usize::try_from(limit).unwrap_or_default();
    let mut after = after.map(|(name, id)| (name.to_owned(), id));
    let mut rows = Vec::new();
    loop {
        let start = after.as_ref().map(|(name, id)| (name.as_str(), *id));
        let page = units::page(tx, Some(parent), start, limit).await?;
        let is_last = page.len() < wanted;
        after = page.last().map(|unit| (unit.name.clone(), unit.id));
        rows.extend(page.into_iter().filter(|unit| seen.contains(&unit.id.uuid())));
        if is_last || rows.len() >= wanted {
            rows.truncate(wanted);
            return Ok(rows);
        }
    }
}

/// The units that the viewer may see, of these only those at or below `unit`.
async fn visible(tx: &mut TenantTx, unit: Option<ID>) -> Answer<Vec<uuid::Uuid>> {
    let unit: Option<UnitId> = parse_optional_id(unit.as_ref())?;
    Ok(tree::visible(tx, unit).await?)
}

/// What may not be seen is not there.
async fn seen<R: Resource>(tx: &mut TenantTx, id: R::Id) -> Answer<Option<R>> {
    let found = R::find(tx, id).await?;
    Ok(found.filter(|resource| tx.allows(permissions::VIEW, &resource.place())))
}

fn current(ctx: &Context<'_>, tx: &TenantTx) -> Answer<Month> {
    Month::of(tools(ctx).today(tx)).ok_or_else(|| Refusal::unavailable("clock"))
}

fn read_cursor(cursor: &str) -> Answer<(&str, UnitId)> {
    let (id, name) = cursor.split_once('|').ok_or_else(Paging::bad_cursor)?;
    Ok((name, UnitId::parse_global(id).map_err(|_| Paging::bad_cursor())?))
}

fn read_debt_cursor(cursor: &str) -> Answer<(Money, MemberId)> {
    let (debt, id) = cursor.split_once('|').ok_or_else(Paging::bad_cursor)?;
    let debt = debt.parse().map_err(|_| Paging::bad_cursor())?;
    Ok((Money::from_kopecks(debt), MemberId::parse_global(id).map_err(|_| Paging::bad_cursor())?))
}
