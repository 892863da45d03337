//! Root fields that write: each opens its transaction, asks for a permit, and calls one action.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::NaiveDate;
use plenum_db::{Resource, TenantTx};
use plenum_dues_api::{BankListId, ChargeRunId, ExemptionId, LedgerEntryId};
use plenum_files::graphql::FileNode;
use plenum_graph::{Answer, Doors, Finish, Refusal, parse_id, parse_optional_id};
use plenum_kernel::{Money, UnitId};
use plenum_members_api::{Member, MemberId};
use plenum_tenancy::store::units::{self, Unit};
use uuid::Uuid;

use super::{
    bank::BankListNode,
    dues::{DuesNode, RateNode},
    month,
    names::{
        AssignBankRowStatus, BankListStatus, ChargeMemberStatus, DuesRateKind, ExemptionGround,
        PaymentMethod, ReverseEntryStatus, StatementFormat,
    },
    overview::ChargeRunNode,
    tools,
};
use crate::{
    Tools,
    actions::{
        assign_bank_row, charge_member, charge_month, check_bank_list, declare_salary, discard_bank_list,
        end_exemption,
        export_statement::{self, export_statement},
        grant_exemption::{self, NewExemption},
        permit_for, record_bank_list,
        record_payment::{self, NewPayment},
        reverse_entry, set_rate,
    },
    domain::{month::Month, terms::Tariff},
    permissions::{self, Charge, Manage, Record, View},
    store::{bank::PlacedList, entries::PlacedEntry, runs::PlacedRun, terms::PlacedExemption},
};

/// A rate to be set.
#[derive(InputObject)]
pub struct SetDuesRateInput {
    unit: ID,
    kind: DuesRateKind,
    /// Hundredths of a percent (100 is one percent), or kopecks a month.
    value: i64,
    /// The first month, `2026-11`.
    valid_from: String,
}

/// A declared salary.
#[derive(InputObject)]
pub struct DeclareSalaryInput {
    member: ID,
    kopecks: i64,
    /// The first month.
    valid_from: String,
}

/// An exemption to be granted.
#[derive(InputObject)]
pub struct GrantExemptionInput {
    member: ID,
    ground: ExemptionGround,
    /// The first month.
    from: String,
    /// The last month, included; left out, for good.
    until: Option<String>,
    /// Needed when the ground is another than the named ones.
    note: Option<String>,
}

/// A payment to be recorded.
#[derive(InputObject)]
pub struct RecordPaymentInput {
    member: ID,
    kopecks: i64,
    paid_on: NaiveDate,
    method: PaymentMethod,
    /// The bank's number, which is recorded once, or that of a receipt.
    reference: Option<String>,
    note: Option<String>,
    /// A UUID chosen by the caller: a repeated request records nothing more.
    request: String,
}

/// The outcome of charging a member.
#[derive(SimpleObject)]
pub struct ChargeMemberPayload {
    status: ChargeMemberStatus,
    dues: DuesNode,
}

/// The outcome of taking an entry back.
#[derive(SimpleObject)]
pub struct ReverseEntryPayload {
    status: ReverseEntryStatus,
    dues: DuesNode,
}

/// The outcome of work on a bank's list.
#[derive(SimpleObject)]
pub struct BankListPayload {
    status: BankListStatus,
    list: BankListNode,
}

/// The outcome of giving a row to a member.
#[derive(SimpleObject)]
pub struct AssignBankRowPayload {
    status: AssignBankRowStatus,
    list: BankListNode,
}

/// Root fields.
#[derive(Default)]
pub struct DuesMutation;

#[Object]
impl DuesMutation {
    /// Sets what a unit's members pay from a month on, and those below it that set no rate of their own.
    async fn set_dues_rate(&self, ctx: &Context<'_>, input: SetDuesRateInput) -> Answer<RateNode> {
        let mut tx = ctx.write(permissions::MANAGE).await?;
        let permit = tx.permit::<Manage, Unit>(parse_id(&input.unit)?).await?;
        let valid_from = month("input.validFrom", &input.valid_from)?;
        let tariff = match input.kind {
            DuesRateKind::Percent => Tariff::percent(input.value),
            DuesRateKind::Fixed => Tariff::fixed(input.value),
        }?;
        let unit = permit.resource().clone();
        let outcome = set_rate::set_rate(&mut tx, permit, tariff, valid_from).await;
        Ok(RateNode::new(&tx.finish(outcome).await?, unit))
    }

    /// Writes down the salary that a member declared; it is never shown to other members.
    async fn declare_salary(&self, ctx: &Context<'_>, input: DeclareSalaryInput) -> Answer<DuesNode> {
        let mut tx = ctx.write(permissions::MANAGE).await?;
        let tools = tools(ctx);
        let (member, permit) =
            permit_for::<Manage>(&mut tx, &*tools.members, parse_id(&input.member)?).await?;
        let from = month("input.validFrom", &input.valid_from)?;
        let sum = Money::from_kopecks(input.kopecks);
        let outcome = declare_salary::declare_salary(&mut tx, permit, &member, sum, from).await;
        finish_dues(tx, tools, member, outcome).await.map(|(_, dues)| dues)
    }

    /// Excuses a member from paying for a time. Months that are charged already stay charged.
    async fn grant_exemption(&self, ctx: &Context<'_>, input: GrantExemptionInput) -> Answer<DuesNode> {
        let mut tx = ctx.write(permissions::MANAGE).await?;
        let tools = tools(ctx);
        let (member, permit) =
            permit_for::<Manage>(&mut tx, &*tools.members, parse_id(&input.member)?).await?;
        let new = NewExemption {
            ground: input.ground.into(),
            from: month("input.from", &input.from)?,
            until: input.until.as_deref().map(|text| month("input.until", text)).transpose()?,
            note: input.note,
        };
        let outcome = grant_exemption::grant_exemption(&mut tx, permit, &member, new).await;
        finish_dues(tx, tools, member, outcome).await.map(|(_, dues)| dues)
    }

    /// Gives an exemption another last month; the month before its first one withdraws it whole.
    async fn end_exemption(&self, ctx: &Context<'_>, exemption: ID, until: String) -> Answer<DuesNode> {
        let mut tx = ctx.write(permissions::MANAGE).await?;
        let id: ExemptionId = parse_id(&exemption)?;
        let permit = tx.permit::<Manage, PlacedExemption>(id).await?;
        let until = month("until", &until)?;
        let tools = tools(ctx);
        let member = member_of(&mut tx, tools, permit.resource().exemption.member).await?;
        let outcome = end_exemption::end_exemption(&mut tx, permit, until).await;
        finish_dues(tx, tools, member, outcome).await.map(|(_, dues)| dues)
    }

    /// Charges a month to all members of a unit and of those below it who were never charged for it, in the
    /// background: follow it by `chargeRun`.
    async fn charge_month(&self, ctx: &Context<'_>, unit: ID, month: String) -> Answer<ChargeRunNode> {
        let mut tx = ctx.write(permissions::CHARGE).await?;
        let permit = tx.permit::<Charge, Unit>(parse_id(&unit)?).await?;
        let month = super::month("month", &month)?;
        let today = tools(ctx).today(&tx);
        let outcome = match charge_month::charge_month(&mut tx, permit, month, today).await {
            Ok(run) => run_node(&mut tx, run).await,
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }

    /// Charges one member for one month, anew when the earlier charge was taken back.
    async fn charge_member(
        &self,
        ctx: &Context<'_>,
        member: ID,
        month: String,
    ) -> Answer<ChargeMemberPayload> {
        let mut tx = ctx.write(permissions::CHARGE).await?;
        let tools = tools(ctx);
        let (member, permit) = permit_for::<Charge>(&mut tx, &*tools.members, parse_id(&member)?).await?;
        let month = super::month("month", &month)?;
        let today = tools.today(&tx);
        let outcome = charge_member::charge_member(&mut tx, permit, &member, month, today).await;
        let (status, dues) = finish_dues(tx, tools, member, outcome).await?;
        Ok(ChargeMemberPayload { status: status.into(), dues })
    }

    /// Records one payment.
    async fn record_payment(&self, ctx: &Context<'_>, input: RecordPaymentInput) -> Answer<DuesNode> {
        let mut tx = ctx.write(permissions::RECORD).await?;
        let tools = tools(ctx);
        let (member, permit) =
            permit_for::<Record>(&mut tx, &*tools.members, parse_id(&input.member)?).await?;
        let new = NewPayment {
            sum: Money::from_kopecks(input.kopecks),
            paid_on: input.paid_on,
            method: input.method.into(),
            reference: input.reference,
            note: input.note,
            request: Uuid::try_parse(&input.request)
                .map_err(|_| Refusal::invalid_field("input.request", "not_a_uuid"))?,
        };
        let today = tools.today(&tx);
        let outcome = record_payment::record_payment(&mut tx, permit, &member, new, today).await;
        finish_dues(tx, tools, member, outcome).await.map(|(_, dues)| dues)
    }

    /// Takes an entry of the ledger back by an entry of its own; nothing is ever changed there.
    async fn reverse_entry(
        &self,
        ctx: &Context<'_>,
        entry: ID,
        reason: String,
    ) -> Answer<ReverseEntryPayload> {
        let mut tx = ctx.write(permissions::RECORD).await?;
        let id: LedgerEntryId = parse_id(&entry)?;
        let permit = tx.permit::<Record, PlacedEntry>(id).await?;
        let tools = tools(ctx);
        let member = member_of(&mut tx, tools, permit.resource().entry.member).await?;
        let today = tools.today(&tx);
        let outcome = reverse_entry::reverse_entry(&mut tx, permit, &reason, today).await;
        let (status, dues) = finish_dues(tx, tools, member, outcome).await?;
        Ok(ReverseEntryPayload { status: status.into(), dues })
    }

    /// Tries a bank's list, a complete upload of the caller, for the members of a unit and of those below it. Nothing
    /// is recorded yet.
    async fn check_bank_list(&self, ctx: &Context<'_>, file: ID, unit: Option<ID>) -> Answer<BankListNode> {
        let mut tx = ctx.write(permissions::RECORD).await?;
        let file = parse_id(&file)?;
        let unit: UnitId = match parse_optional_id(unit.as_ref())? {
            Some(unit) => unit,
            None => units::root(&mut tx).await?.id,
        };
        let permit = tx.permit::<Record, Unit>(unit).await?;
        let tools = tools(ctx);
        let today = tools.today(&tx);
        let outcome = match check_bank_list::check_bank_list(&mut tx, permit, tools, file, today).await {
            Ok(list) => list_node(&mut tx, list).await,
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }

    /// Gives a row of a bank's list to a member by hand; left out, to nobody.
    async fn assign_bank_row(
        &self,
        ctx: &Context<'_>,
        list: ID,
        number: i32,
        member: Option<ID>,
    ) -> Answer<AssignBankRowPayload> {
        let mut tx = ctx.write(permissions::RECORD).await?;
        let id: BankListId = parse_id(&list)?;
        let permit = tx.permit::<Record, PlacedList>(id).await?;
        let tools = tools(ctx);
        let member = match parse_optional_id::<MemberId>(member.as_ref())? {
            Some(member) => Some(permit_for::<Record>(&mut tx, &*tools.members, member).await?.0),
            None => None,
        };
        let outcome = match assign_bank_row::assign_bank_row(&mut tx, permit, number, member.as_ref()).await {
            Ok(status) => {
                list_node(&mut tx, id).await.map(|list| AssignBankRowPayload { status: status.into(), list })
            }
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }

    /// Records the matched payments of a list, all or none. What was recorded meanwhile becomes a duplicate.
    async fn record_bank_list(&self, ctx: &Context<'_>, list: ID) -> Answer<BankListPayload> {
        let mut tx = ctx.write(permissions::RECORD).await?;
        let id: BankListId = parse_id(&list)?;
        let permit = tx.permit::<Record, PlacedList>(id).await?;
        let outcome = match record_bank_list::record_bank_list(&mut tx, permit, &*tools(ctx).members).await {
            Ok(status) => {
                list_node(&mut tx, id).await.map(|list| BankListPayload { status: status.into(), list })
            }
            Err(error) if error.violates("entry_reference") => Err(Refusal::conflict("changed_meanwhile")),
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }

    /// Puts a list away that is not recorded.
    async fn discard_bank_list(&self, ctx: &Context<'_>, list: ID) -> Answer<BankListPayload> {
        let mut tx = ctx.write(permissions::RECORD).await?;
        let id: BankListId = parse_id(&list)?;
        let permit = tx.permit::<Record, PlacedList>(id).await?;
        let outcome = match discard_bank_list::discard_bank_list(&mut tx, permit).await {
            Ok(status) => {
                list_node(&mut tx, id).await.map(|list| BankListPayload { status: status.into(), list })
            }
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }

    /// Makes a member's statement of some months, both ends included, as a file.
    async fn export_dues_statement(
        &self,
        ctx: &Context<'_>,
        member: ID,
        from: String,
        until: String,
        format: StatementFormat,
    ) -> Answer<FileNode> {
        let mut tx = ctx.write_confirmed(permissions::VIEW).await?;
        let tools = tools(ctx);
        let (member, _) = permit_for::<View>(&mut tx, &*tools.members, parse_id(&member)?).await?;
        statement(tx, tools, &member, (&from, &until), format).await
    }

    /// Makes the viewer's own statement of some months, both ends included, as a file.
    async fn export_my_dues(
        &self,
        ctx: &Context<'_>,
        from: String,
        until: String,
        format: StatementFormat,
    ) -> Answer<FileNode> {
        let mut tx = ctx.write(permissions::OWN).await?;
        let account = ctx.account().await?;
        let tools = tools(ctx);
        let member = tools.members.by_account(&mut tx, account).await?.ok_or_else(Refusal::not_found)?;
        statement(tx, tools, &member, (&from, &until), format).await
    }
}

async fn statement(
    mut tx: TenantTx,
    tools: &Tools,
    member: &Member,
    (from, until): (&str, &str),
    format: StatementFormat,
) -> Answer<FileNode> {
    let period: (Month, Month) = (month("from", from)?, month("until", until)?);
    if period.1 < period.0 {
        return Err(Refusal::invalid_field("until", "before_start"));
    }
    let format: export_statement::Format = format.into();
    let outcome = export_statement(&mut tx, tools, member, period, format).await;
    tx.finish(outcome).await.map(FileNode)
}

/// Closes the transaction, and shows the member's dues as the action left them.
async fn finish_dues<T: Send, E: Into<Refusal> + Send>(
    mut tx: TenantTx,
    tools: &Tools,
    member: Member,
    outcome: Result<T, E>,
) -> Answer<(T, DuesNode)> {
    let shown = match outcome {
        Ok(value) => {
            let today = tools.today(&tx);
            DuesNode::load(&mut tx, member, today).await.map(|dues| (value, dues))
        }
        Err(error) => Err(error.into()),
    };
    tx.finish(shown).await
}

async fn member_of(tx: &mut TenantTx, tools: &Tools, id: MemberId) -> Answer<Member> {
    tools.members.by_ids(tx, &[id]).await?.pop().ok_or_else(Refusal::not_found)
}

async fn run_node(tx: &mut TenantTx, run: ChargeRunId) -> Answer<ChargeRunNode> {
    let placed = PlacedRun::find(tx, run).await?.ok_or_else(Refusal::not_found)?;
    let unit = units::by_id(tx, placed.run.unit).await?;
    Ok(ChargeRunNode::new(&placed.run, unit))
}

async fn list_node(tx: &mut TenantTx, list: BankListId) -> Answer<BankListNode> {
    let placed = PlacedList::find(tx, list).await?.ok_or_else(Refusal::not_found)?;
    Ok(BankListNode(placed.list))
}
