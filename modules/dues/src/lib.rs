//! Dues: rates, charges, payments, and the ledger that they make.
//!
//! What it is not: a book of the whole treasury, nor the register of members, whom it asks for by its port.
//!
//! Invariants: the ledger only appends, and a balance is the sum of its entries; a member is charged once for a month
//! unless that charge was taken back; a bank's number is recorded once; money is whole kopecks.

mod actions;
mod domain;
mod graphql;
mod jobs;
mod permissions;
mod reactions;
mod store;

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use plenum_db::{StoreError, TenantTx};
use plenum_events::Reactions;
use plenum_files::Files;
use plenum_jobs::Worker;
use plenum_members_api::{MemberId, MemberMoved, MembersRead};
use plenum_print::Printer;
use plenum_vault::SealedTable;

/// Roles and permissions of this module, for the policy.
pub const POLICY: &str = include_str!("policy.csv");

pub use permissions::CATALOGUE;

/// What the API is made of.
pub mod api_parts {
    pub use crate::graphql::{BankListNode, ChargeRunNode, DuesMutation, DuesQuery};
}

/// Finds things for `node(id:)`.
pub mod nodes {
    pub use crate::graphql::{bank_list, charge_run};
}

/// What setting up a demonstration needs: the same actions that the API calls, and two questions.
pub mod setup {
    use plenum_db::{StoreError, TenantTx};
    use plenum_kernel::Money;
    use plenum_members_api::MemberId;

    pub use crate::{
        actions::{
            charge_month::{carry_out, charge_month},
            declare_salary::declare_salary,
            grant_exemption::{NewExemption, grant_exemption},
            record_payment::{NewPayment, record_payment},
            set_rate::set_rate,
        },
        domain::{
            ledger::Method,
            month::Month,
            terms::{Ground, Tariff},
        },
        permissions::{Charge, MANAGE, Manage, Record},
    };

    /// Whether any rate was ever set in the tenant.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn has_rates(tx: &mut TenantTx) -> Result<bool, StoreError> {
        crate::store::terms::any_rate(tx).await
    }

    /// What a member is charged for each month, the earliest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn charged(tx: &mut TenantTx, member: MemberId) -> Result<Vec<(Month, Money)>, StoreError> {
        let entries = crate::store::entries::of_member(tx, member).await?;
        Ok(crate::domain::ledger::months(&entries).into_iter().map(|one| (one.month, one.charged)).collect())
    }
}

/// Who holds which union card. The register knows; the server gives its answer to [`Tools`].
#[async_trait]
pub trait CardHolders: Send + Sync {
    /// The holders of these cards, by the number as it was asked for; cards that nobody holds are left out.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn holders(
        &self,
        tx: &mut TenantTx,
        cards: &[String],
    ) -> Result<HashMap<String, MemberId>, StoreError>;
}

/// What this module works with; the API finds it, behind an `Arc`, in its context.
pub struct Tools {
    /// The register.
    pub members: Arc<dyn MembersRead>,
    /// The register's cards.
    pub cards: Arc<dyn CardHolders>,
    /// Bank lists and statements.
    pub files: Files,
    /// Typesets statements.
    pub printer: Printer,
    /// Where a day begins.
    pub time_zone: chrono_tz::Tz,
}

impl Tools {
    /// The day of a transaction, in the organization's time zone.
    fn today(&self, tx: &TenantTx) -> chrono::NaiveDate {
        tx.now().with_timezone(&self.time_zone).date_naive()
    }
}

/// What this module keeps sealed.
#[must_use]
pub fn sealed_tables() -> Vec<Box<dyn SealedTable>> {
    vec![Box::new(store::sealed::Salaries), Box::new(store::sealed::Notes)]
}

/// Tells the worker how this module's jobs are done.
#[must_use]
pub fn register(worker: Worker, tools: Arc<Tools>) -> Worker {
    worker.handle(move |context, job| {
        let tools = tools.clone();
        async move { jobs::charge_month(&context, &tools, job).await }
    })
}

/// Says what this module does when others tell something.
#[must_use]
pub fn reactions(reactions: Reactions) -> Reactions {
    reactions.on::<MemberMoved, _, _>("dues.follow_member", |context, event| async move {
        reactions::follow_member(&context, event).await
    })
}
