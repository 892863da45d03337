//! A bank's list in the API.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use plenum_audit::record_read;
use plenum_db::TenantTx;
use plenum_graph::{Answer, Doors, Paged, Paging, global, paged};
use plenum_members_api::{Member, MemberId, MembersRead};
use plenum_tenancy::{graphql::UnitNode, store::units};
use serde_json::json;

use super::names::{BankListState, BankRowOutcome};
use crate::{
    Tools, permissions,
    store::bank::{self, BankList, BankRow, Counts},
};

/// How many rows of each outcome a list has.
#[derive(SimpleObject, Clone)]
pub struct BankListCounts {
    matched: i64,
    unmatched: i64,
    duplicates: i64,
    unreadable: i64,
    /// The sum of the matched ones.
    total_kopecks: i64,
}

impl From<Counts> for BankListCounts {
    fn from(counts: Counts) -> Self {
        Self {
            matched: counts.matched,
            unmatched: counts.unmatched,
            duplicates: counts.duplicates,
            unreadable: counts.unreadable,
            total_kopecks: counts.total.kopecks(),
        }
    }
}

/// A row of a bank's list.
#[derive(SimpleObject, Clone)]
#[graphql(name = "BankRow")]
pub struct BankRowNode {
    /// The row's number in the file.
    number: i32,
    /// The card's number, as it stands there.
    card: String,
    /// The sum as it stands there.
    amount_text: String,
    /// The date as it stands there.
    paid_on_text: String,
    /// The bank's number of the payment.
    reference: String,
    /// The sum as it was understood.
    kopecks: Option<i64>,
    /// The date as it was understood.
    paid_on: Option<NaiveDate>,
    outcome: BankRowOutcome,
    /// Who pays.
    member: Option<ID>,
    member_name: Option<String>,
}

/// A bank's list of payments.
pub struct BankListNode(pub(super) BankList);

#[Object(name = "BankList")]
impl BankListNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.0.id)
    }
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }
    async fn state(&self) -> BankListState {
        self.0.state.into()
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    /// The unit whose members it may pay for.
    async fn unit(&self, ctx: &Context<'_>) -> Answer<Option<UnitNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        Ok(units::by_id(&mut tx, self.0.unit).await?.map(UnitNode))
    }
    /// Of each outcome.
    async fn counts(&self, ctx: &Context<'_>) -> Answer<BankListCounts> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        Ok(bank::counts(&mut tx, self.0.id).await?.into())
    }
    /// The rows in the file's order, optionally of one outcome.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
        outcome: Option<BankRowOutcome>,
    ) -> Answer<Paged<BankRowNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let paging = Paging::new(first, after)?;
        let after = match paging.after.as_deref() {
            Some(cursor) => cursor.parse().map_err(|_| Paging::bad_cursor())?,
            None => 0,
        };
        let rows = bank::rows(&mut tx, self.0.id, outcome.map(Into::into), after, paging.limit()).await?;
        let tools = ctx.data_unchecked::<Arc<Tools>>();
        let people = people(&mut tx, &*tools.members, &rows).await?;
        drop(tx);
        record_read(&ctx.door(), permissions::VIEW, "dues.read_bank_list", self.0.id, json!({})).await?;
        Ok(paged(&paging, rows.into_iter().map(|row| (row.line.number.to_string(), node(row, &people)))))
    }
}

async fn people(tx: &mut TenantTx, members: &dyn MembersRead, rows: &[BankRow]) -> Answer<Vec<Member>> {
    let ids: Vec<MemberId> = rows.iter().filter_map(|row| row.member).collect();
    Ok(members.by_ids(tx, &ids).await?)
}

fn node(row: BankRow, people: &[Member]) -> BankRowNode {
    let name = people.iter().find(|member| Some(member.id) == row.member);
    BankRowNode {
        number: row.line.number,
        card: row.line.card,
        amount_text: row.line.amount_text,
        paid_on_text: row.line.paid_on_text,
        reference: row.line.reference,
        kopecks: row.line.amount.map(plenum_kernel::Money::kopecks),
        paid_on: row.line.paid_on,
        outcome: row.outcome.into(),
        member_name: name.map(|member| member.full_name.clone()),
        member: row.member.map(global),
    }
}
