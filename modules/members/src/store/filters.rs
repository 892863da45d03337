//! Lists of members by filters and in an order: the one place that puts SQL together.

use chrono::{Months, NaiveDate};
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_members_api::{Consent, MemberId, Office};
use serde::{Deserialize, Serialize};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::{
    domain::{
        search::{self, pattern},
        sex::Sex,
    },
    store::{
        audience::{consent_text, office_text},
        persons::{COLUMNS, MemberState, Person, Row},
        tree::Tree,
    },
};

/// Which people a list shows. Every criterion that is set narrows; an empty list is no criterion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Filter {
    /// What is looked for.
    pub(crate) search: String,
    /// Of one of these units or below.
    pub(crate) units: Vec<Uuid>,
    /// Holding one of these offices.
    pub(crate) offices: Vec<Office>,
    /// With one of these consents.
    pub(crate) consent: Vec<Consent>,
    /// At least so many years old.
    pub(crate) age_from: Option<u8>,
    /// At most so many years old.
    pub(crate) age_to: Option<u8>,
    /// Of this sex.
    pub(crate) sex: Option<Sex>,
    /// With an address, or without.
    pub(crate) has_email: Option<bool>,
    /// With an account, or without.
    pub(crate) has_account: Option<bool>,
    /// In one of these states; none is active.
    pub(crate) states: Vec<MemberState>,
}

/// By what a list is ordered; what is equal in that goes by name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sort {
    /// The name, then the date of birth.
    #[default]
    Name,
    /// The unit, in the order of the tree.
    Unit,
    /// The date of birth.
    BirthDate,
    /// The date of joining; those without one come last.
    JoinedOn,
}

/// A list: whom it shows, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct List {
    /// Whom.
    pub(crate) filter: Filter,
    /// By what.
    pub(crate) sort: Sort,
    /// The last first.
    pub(crate) descending: bool,
}

/// Names compared with a misspelt one in one go: a tenant's members, and far fewer than would fill the memory.
const MOST_CANDIDATES: i64 = 300_000;

/// Somebody whose name may be like what was looked for.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Candidate {
    /// Who.
    pub(crate) id: Uuid,
    /// The name as it is compared.
    pub(crate) name_key: String,
    /// Of each word that may be misspelt: whether it is on the card, but for the name.
    pub(crate) elsewhere: Vec<bool>,
}

/// A part of a list, ready to be asked for.
pub(crate) struct Query<'l> {
    list: &'l List,
    words: Vec<search::Word>,
    /// Of these units only; none is all.
    units: Option<Vec<Uuid>>,
    /// All units in the order of the tree, for that order.
    order: Vec<Uuid>,
    today: NaiveDate,
}

/// Why a list cannot be asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListError {
    /// The search text is too long.
    #[error("the search text is too long")]
    Search(&'static str),
    /// The person after whom the page should begin is unknown.
    #[error("no such place in the list")]
    Cursor,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<'l> Query<'l> {
    /// Prepares a list of those of `visible` units; `None` is all.
    pub(crate) async fn new(
        tx: &mut TenantTx,
        list: &'l List,
        visible: Option<Vec<Uuid>>,
    ) -> Result<Self, ListError> {
        let words = search::words(&list.filter.search).map_err(ListError::Search)?;
        let needs_tree = !list.filter.units.is_empty() || list.sort == Sort::Unit;
        let tree = if needs_tree { Some(Tree::load(tx).await?) } else { None };
        let mut units = visible;
        if let Some(tree) = tree.as_ref().filter(|_| !list.filter.units.is_empty()) {
            let wanted = tree.within(&list.filter.units).map(|unit| unit.id.uuid());
            units = Some(match units {
                Some(visible) => wanted.filter(|unit| visible.contains(unit)).collect(),
                None => wanted.collect(),
            });
        }
        let order = tree.map(|tree| tree.all().map(|unit| unit.id.uuid()).collect()).unwrap_or_default();
        Ok(Self { list, words, units, order, today: tx.now().date_naive() })
    }

    /// How many there are.
    pub(crate) async fn count(&self, tx: &mut TenantTx) -> Result<i64, StoreError> {
        let mut sql = QueryBuilder::new("SELECT count(*) FROM members.person p WHERE p.tenant_id = ");
        sql.push_bind(tx.tenant().uuid());
        self.narrow(&mut sql);
        Ok(sql.build_query_scalar().fetch_one(tx.conn()).await?)
    }

    /// The people after one of them, at most `limit`.
    pub(crate) async fn page(
        &self,
        tx: &mut TenantTx,
        after: Option<MemberId>,
        limit: i64,
    ) -> Result<Vec<Person>, ListError> {
        let tenant = tx.tenant().uuid();
        // Under row security a pattern cannot be an index condition (its operator is not leakproof), so a search goes
        // through the tenant's part of person_name, which holds all that it needs; only what is shown is read besides.
        let mut sql = QueryBuilder::new("WITH found AS MATERIALIZED (SELECT p.id, p.name_key, p.birth_date");
        if let Some(key) = self.leading() {
            sql.push(format!(", {key} AS leading"));
        }
        sql.push(" FROM members.person p");
        if self.list.sort == Sort::Unit {
            sql.push(" JOIN unnest(").push_bind(&self.order);
            sql.push("::uuid[]) WITH ORDINALITY AS u (id, place) ON u.id = p.unit_id");
        }
        sql.push(" WHERE p.tenant_id = ").push_bind(tenant);
        self.narrow(&mut sql);
        if let Some(after) = after {
            self.begin_after(tx, &mut sql, after).await?;
        }
        self.order_by(&mut sql, self.leading(), "p");
        sql.push(" LIMIT ").push_bind(limit);
        sql.push(format!(") SELECT {COLUMNS} FROM found f JOIN members.person p ON p.tenant_id = "));
        sql.push_bind(tenant).push(" AND p.id = f.id");
        self.order_by(&mut sql, self.leading().map(|_| "f.leading"), "f");
        // Planned anew for each search: a plan for any words takes each for a frequent one, and walks the names in their
        // order, which is twice as slow as reading everything when somebody looks for one person.
        let prepared = self.words.is_empty();
        let rows: Vec<Row> =
            sql.build_query_as().persistent(prepared).fetch_all(tx.conn()).await.map_err(StoreError::from)?;
        Ok(rows.into_iter().map(Person::try_from).collect::<Result<_, _>>()?)
    }

    /// What comes before the name in the order.
    fn leading(&self) -> Option<&'static str> {
        match self.list.sort {
            Sort::Name => None,
            Sort::Unit => Some("u.place"),
            Sort::BirthDate => Some("p.birth_date"),
            Sort::JoinedOn if self.list.descending => Some("coalesce(p.joined_on, '-infinity')"),
            Sort::JoinedOn => Some("coalesce(p.joined_on, 'infinity')"),
        }
    }

    fn order_by(&self, sql: &mut QueryBuilder<Postgres>, leading: Option<&str>, table: &str) {
        let way = if self.list.descending { " DESC" } else { "" };
        sql.push(" ORDER BY ");
        if let Some(leading) = leading {
            sql.push(format!("{leading}{way}, "));
        }
        sql.push(format!("{table}.name_key{way}, {table}.birth_date{way}"));
    }

    /// Begins after a person, looked up first: only plain values can be the condition of an index.
    async fn begin_after(
        &self,
        tx: &mut TenantTx,
        sql: &mut QueryBuilder<Postgres>,
        after: MemberId,
    ) -> Result<(), ListError> {
        let tenant = tx.tenant().uuid();
        let last = sqlx::query!(
            "SELECT name_key, birth_date, joined_on, unit_id FROM members.person WHERE tenant_id = $1 AND id = $2",
            tenant,
            after.uuid()
        )
        .fetch_optional(tx.conn())
        .await
        .map_err(StoreError::from)?
        .ok_or(ListError::Cursor)?;
        let sign = if self.list.descending { "<" } else { ">" };
        match self.leading() {
            None => sql.push(format!(" AND (p.name_key, p.birth_date) {sign} (")),
            Some(leading) => sql.push(format!(" AND ({leading}, p.name_key, p.birth_date) {sign} (")),
        };
        match self.list.sort {
            Sort::Name => {}
            Sort::Unit => {
                let place = self.order.iter().position(|unit| *unit == last.unit_id);
                sql.push_bind(place.and_then(|place| i64::try_from(place + 1).ok()).unwrap_or_default());
                sql.push(", ");
            }
            Sort::BirthDate => {
                sql.push_bind(last.birth_date).push(", ");
            }
            Sort::JoinedOn => {
                let none = if self.list.descending { "-infinity" } else { "infinity" };
                let joined = last.joined_on.map_or_else(|| none.to_owned(), |date| date.to_string());
                sql.push_bind(joined).push("::date, ");
            }
        }
        sql.push_bind(last.name_key).push(", ").push_bind(last.birth_date).push(")");
        Ok(())
    }

    /// The words of the search.
    pub(crate) fn words(&self) -> &[search::Word] {
        &self.words
    }

    /// Whom the list would show if the words of `guessed`, each a place among the words, were not looked for: with
    /// what their names are compared by, and which of these words are elsewhere on the card.
    pub(crate) async fn candidates(
        &self,
        tx: &mut TenantTx,
        guessed: &[usize],
    ) -> Result<Vec<Candidate>, StoreError> {
        let mut sql = QueryBuilder::new("SELECT p.id, p.name_key, ARRAY[");
        for (place, at) in guessed.iter().enumerate() {
            if place > 0 {
                sql.push(", ");
            }
            is_elsewhere(&mut sql, &self.words[*at]);
        }
        sql.push("]::boolean[] AS elsewhere FROM members.person p WHERE p.tenant_id = ");
        sql.push_bind(tx.tenant().uuid());
        for (at, word) in self.words.iter().enumerate() {
            if !guessed.contains(&at) {
                sql.push(" AND ");
                contains(&mut sql, word);
            }
        }
        self.narrow_without_words(&mut sql);
        // All of them are read, so their order is left to who needs it: sorting takes as long as reading.
        sql.push(" LIMIT ").push_bind(MOST_CANDIDATES);
        Ok(sql.build_query_as().fetch_all(tx.conn()).await?)
    }

    fn narrow(&self, sql: &mut QueryBuilder<Postgres>) {
        for word in &self.words {
            sql.push(" AND ");
            contains(sql, word);
        }
        self.narrow_without_words(sql);
    }

    fn narrow_without_words(&self, sql: &mut QueryBuilder<Postgres>) {
        let filter = &self.list.filter;
        let states: Vec<&str> = filter.states.iter().map(|state| state.as_str()).collect();
        match states.as_slice() {
            [] => sql.push(" AND p.state = 'active'"),
            _ => sql.push(" AND p.state = ANY (").push_bind(states).push(")"),
        };
        if let Some(units) = &self.units {
            sql.push(" AND p.unit_id = ANY (").push_bind(units.clone()).push(")");
        }
        if !filter.offices.is_empty() {
            let offices: Vec<&str> = filter.offices.iter().map(|office| office_text(*office)).collect();
            sql.push(
                " AND EXISTS (SELECT FROM members.office o
                               WHERE o.tenant_id = p.tenant_id
                                 AND o.person_id = p.id
                                 AND o.until IS NULL
                                 AND o.office = ANY (",
            );
            sql.push_bind(offices).push("))");
        }
        if !filter.consent.is_empty() {
            let consent: Vec<&str> = filter.consent.iter().map(|consent| consent_text(*consent)).collect();
            sql.push(" AND p.consent = ANY (").push_bind(consent).push(")");
        }
        // Who is 30 was born after the day 31 years ago, and by the day 30 years ago.
        let years_ago =
            |years: u32| self.today.checked_sub_months(Months::new(12 * years)).unwrap_or(NaiveDate::MIN);
        if let Some(age) = filter.age_from {
            sql.push(" AND p.birth_date <= ").push_bind(years_ago(u32::from(age)));
        }
        if let Some(age) = filter.age_to {
            sql.push(" AND p.birth_date > ").push_bind(years_ago(u32::from(age) + 1));
        }
        if let Some(sex) = filter.sex {
            sql.push(" AND p.sex = ").push_bind(sex.as_str());
        }
        if let Some(has) = filter.has_email {
            sql.push(if has { " AND p.email IS NOT NULL" } else { " AND p.email IS NULL" });
        }
        if let Some(has) = filter.has_account {
            sql.push(if has { " AND p.account_id IS NOT NULL" } else { " AND p.account_id IS NULL" });
        }
    }
}

/// That a word is somewhere on the card: in the name as it stands, elsewhere in any of its forms. Its stem begins it, so
/// whoever has the word has the stem.
fn contains(sql: &mut QueryBuilder<Postgres>, word: &search::Word) {
    sql.push("(p.name_key LIKE ").push_bind(pattern(&word.text)).push(" OR ");
    is_elsewhere(sql, word);
    sql.push(")");
}

/// That a word is on the card, but for the name.
fn is_elsewhere(sql: &mut QueryBuilder<Postgres>, word: &search::Word) {
    sql.push("p.find_key LIKE ").push_bind(pattern(&word.stem));
}
