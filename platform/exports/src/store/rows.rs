//! Rows of any table, as lines of JSON, by pages.

use plenum_db::{StoreError, TenantTx, catalogue::TenantTable};
use plenum_kernel::TypedId;
use sqlx::AssertSqlSafe;

/// So many rows are in memory at once.
const PAGE: i32 = 500;

/// The rows of a table that one transaction reads, in the order of its primary key. One at a time: the next one takes
/// its place.
pub(crate) struct Rows;

impl Rows {
    /// Begins with a table of the catalogue.
    pub(crate) async fn of_table(tx: &mut TenantTx, table: &TenantTable) -> Result<Self, StoreError> {
        // The names are the catalogue's and the id is a typed one: nothing comes from outside.
        let select = format!(
            "SELECT row_to_json(one)::text FROM {} AS one WHERE tenant_id = '{}' ORDER BY {}",
            table.quoted(),
            tx.tenant().uuid(),
            table.quoted_key()
        );
        Self::begin(tx, &select).await
    }

    /// Begins with the accounts of those who may enter: they belong to no organization, but it knows their names.
    pub(crate) async fn of_accounts(tx: &mut TenantTx) -> Result<Self, StoreError> {
        let select = format!(
            "SELECT row_to_json(one)::text
               FROM (SELECT account.id, account.email, account.display_name, account.language
                       FROM tenancy.account_access access
                       JOIN identity.account account ON account.id = access.account_id
                      WHERE access.tenant_id = '{}'
                      ORDER BY account.id) AS one",
            tx.tenant().uuid()
        );
        Self::begin(tx, &select).await
    }

    async fn begin(tx: &mut TenantTx, select: &str) -> Result<Self, StoreError> {
        let declare = format!("DECLARE exported NO SCROLL CURSOR FOR {select}");
        sqlx::query(AssertSqlSafe(declare)).execute(tx.conn()).await?;
        Ok(Self)
    }

    /// The next page; empty at the end, which closes it.
    pub(crate) async fn next(&mut self, tx: &mut TenantTx) -> Result<Vec<String>, StoreError> {
        let fetch = format!("FETCH FORWARD {PAGE} FROM exported");
        let page: Vec<String> = sqlx::query_scalar(AssertSqlSafe(fetch)).fetch_all(tx.conn()).await?;
        if page.is_empty() {
            sqlx::query("CLOSE exported").execute(tx.conn()).await?;
        }
        Ok(page)
    }
}
