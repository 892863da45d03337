//! People on record.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::{AccountId, TenantId, TypedId, UnitId};
use plenum_members_api::{Consent, ImportId, MemberId};
use plenum_tenancy::store::units::{self, Unit};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    domain::{
        card::CardNumber,
        contacts::{Email, Phone},
        names::{NameKey, PersonName},
        record::Details,
        sex::Sex,
    },
    store::audience::consent_text,
};

/// Whether a record is kept on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MemberState {
    /// On record here.
    Active,
    /// Taken over by another organization; closed.
    Left,
}

impl MemberState {
    /// As it is stored.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Left => "left",
        }
    }
}

/// A person on record.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: MemberId,
    pub(crate) unit: UnitId,
    pub(crate) surname: String,
    pub(crate) given_name: String,
    pub(crate) patronymic: Option<String>,
    pub(crate) birth_date: NaiveDate,
    pub(crate) sex: Option<Sex>,
    pub(crate) phone: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) workplace: Option<String>,
    pub(crate) position: Option<String>,
    pub(crate) joined_on: Option<NaiveDate>,
    pub(crate) card_number: Option<String>,
    pub(crate) consent: Consent,
    pub(crate) elected_office: Option<String>,
    pub(crate) state: MemberState,
    pub(crate) left_at: Option<DateTime<Utc>>,
    pub(crate) left_to: Option<TenantId>,
    pub(crate) account: Option<AccountId>,
    pub(crate) revision: i32,
    pub(crate) card_serial: i32,
    pub(crate) card_issued_on: NaiveDate,
    pub(crate) import: Option<ImportId>,
    pub(crate) created_at: DateTime<Utc>,
}

impl Person {
    /// Surname, given name and patronymic.
    pub(crate) fn full_name(&self) -> String {
        let patronymic = self.patronymic.as_deref();
        [Some(self.surname.as_str()), Some(&self.given_name), patronymic]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The card's values, as rules take them.
    pub(crate) fn details(&self) -> Result<Details, StoreError> {
        let name = PersonName::from_parts(
            &self.surname,
            &self.given_name,
            self.patronymic.as_deref().unwrap_or_default(),
        );
        Ok(Details {
            name: name.ok_or_else(|| StoreError::Value { what: "name", value: self.id.global() })?,
            birth_date: self.birth_date,
            sex: self.sex,
            phone: self.phone.as_deref().and_then(Phone::parse),
            email: self.email.as_deref().and_then(Email::parse),
            workplace: self.workplace.clone(),
            position: self.position.clone(),
            joined_on: self.joined_on,
            card_number: self.card_number.as_deref().and_then(CardNumber::parse),
        })
    }
}

/// A person and the unit that keeps the record.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub(crate) person: Person,
    pub(crate) unit: Unit,
}

impl Resource for Placed {
    type Id = MemberId;

    async fn find(tx: &mut TenantTx, id: MemberId) -> Result<Option<Self>, StoreError> {
        let Some(person) = by_id(tx, id).await? else { return Ok(None) };
        let unit = units::by_id(tx, person.unit).await?;
        Ok(unit.map(|unit| Self { person, unit }))
    }

    fn place(&self) -> Place {
        self.unit.place()
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: Uuid,
    unit_id: Uuid,
    surname: String,
    given_name: String,
    patronymic: Option<String>,
    birth_date: NaiveDate,
    sex: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    workplace: Option<String>,
    position: Option<String>,
    joined_on: Option<NaiveDate>,
    card_number: Option<String>,
    consent: String,
    elected_office: Option<String>,
    state: String,
    left_at: Option<DateTime<Utc>>,
    left_to: Option<Uuid>,
    account_id: Option<Uuid>,
    revision: i32,
    card_serial: i32,
    card_issued_on: Option<NaiveDate>,
    import_id: Option<Uuid>,
    created_at: DateTime<Utc>,
}

/// The columns of a [`Row`], of a table called `p`.
pub(super) const COLUMNS: &str = "p.id, p.unit_id, p.surname, p.given_name, p.patronymic, p.birth_date, p.sex, p.phone, \
     p.email, p.workplace, p.position, p.joined_on, p.card_number, p.consent, p.elected_office, p.state, p.left_at, \
     p.left_to, p.account_id, p.revision, p.card_serial, p.card_issued_on, p.import_id, p.created_at";

impl TryFrom<Row> for Person {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            unit: row.unit_id.into(),
            surname: row.surname,
            given_name: row.given_name,
            patronymic: row.patronymic,
            birth_date: row.birth_date,
            sex: row.sex.as_deref().map(read_sex).transpose()?,
            phone: row.phone,
            email: row.email,
            workplace: row.workplace,
            position: row.position,
            joined_on: row.joined_on,
            card_number: row.card_number,
            consent: read_consent(&row.consent)?,
            elected_office: row.elected_office,
            state: match row.state.as_str() {
                "active" => MemberState::Active,
                "left" => MemberState::Left,
                _ => return Err(StoreError::Value { what: "member's state", value: row.state }),
            },
            left_at: row.left_at,
            left_to: row.left_to.map(TenantId::from),
            account: row.account_id.map(AccountId::from),
            revision: row.revision,
            card_serial: row.card_serial,
            card_issued_on: row.card_issued_on.unwrap_or_else(|| row.created_at.date_naive()),
            import: row.import_id.map(ImportId::from),
            created_at: row.created_at,
        })
    }
}

fn read_sex(text: &str) -> Result<Sex, StoreError> {
    Sex::parse(text).ok_or_else(|| StoreError::Value { what: "sex", value: text.to_owned() })
}

fn read_consent(text: &str) -> Result<Consent, StoreError> {
    match text {
        "given" => Ok(Consent::Given),
        "refused" => Ok(Consent::Refused),
        "missing" => Ok(Consent::Missing),
        other => Err(StoreError::Value { what: "consent", value: other.to_owned() }),
    }
}

/// One person.
pub(crate) async fn by_id(tx: &mut TenantTx, id: MemberId) -> Result<Option<Person>, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query_as!(
        Row,
        "SELECT id, unit_id, surname, given_name, patronymic, birth_date, sex, phone, email, workplace, position,
                joined_on, card_number, consent, elected_office, state, left_at, left_to, account_id, revision,
                card_serial, card_issued_on, import_id, created_at
           FROM members.person
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(Person::try_from).transpose()
}

/// These people, in any order.
pub(crate) async fn by_ids(tx: &mut TenantTx, ids: &[MemberId]) -> Result<Vec<Person>, StoreError> {
    let tenant = tx.tenant().uuid();
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, unit_id, surname, given_name, patronymic, birth_date, sex, phone, email, workplace, position,
                joined_on, card_number, consent, elected_office, state, left_at, left_to, account_id, revision,
                card_serial, card_issued_on, import_id, created_at
           FROM members.person
          WHERE tenant_id = $1 AND id = ANY ($2)",
        tenant,
        &ids
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Person::try_from).collect()
}

/// One person, locked until the end of the transaction: changes of one record follow one another.
pub(crate) async fn lock(tx: &mut TenantTx, id: MemberId) -> Result<Option<Person>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "SELECT id FROM members.person WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    by_id(tx, id).await
}

/// The person on record with this name and date of birth.
pub(crate) async fn twin(
    tx: &mut TenantTx,
    name: &NameKey,
    birth_date: NaiveDate,
) -> Result<Option<Person>, StoreError> {
    let tenant = tx.tenant().uuid();
    let id = sqlx::query_scalar!(
        "SELECT id FROM members.person WHERE tenant_id = $1 AND name_key = $2 AND birth_date = $3",
        tenant,
        name.as_str(),
        birth_date
    )
    .fetch_optional(tx.conn())
    .await?;
    match id {
        Some(id) => by_id(tx, id.into()).await,
        None => Ok(None),
    }
}

/// The person who signs in with this account.
pub(crate) async fn by_account(tx: &mut TenantTx, account: AccountId) -> Result<Option<Placed>, StoreError> {
    let tenant = tx.tenant().uuid();
    let id = sqlx::query_scalar!(
        "SELECT id FROM members.person WHERE tenant_id = $1 AND account_id = $2",
        tenant,
        account.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    match id {
        Some(id) => Placed::find(tx, id.into()).await,
        None => Ok(None),
    }
}

/// The active people with this address, at most two: more than one is not told apart by it.
pub(crate) async fn by_email(tx: &mut TenantTx, email: &str) -> Result<Vec<MemberId>, StoreError> {
    let tenant = tx.tenant().uuid();
    let ids = sqlx::query_scalar!(
        "SELECT id
           FROM members.person
          WHERE tenant_id = $1 AND email IS NOT NULL AND lower(email) = lower($2) AND state = 'active'
          ORDER BY id
          LIMIT 2",
        tenant,
        email.trim()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(ids.into_iter().map(MemberId::from).collect())
}

/// Whether somebody else holds this card.
pub(crate) async fn card_is_taken(
    tx: &mut TenantTx,
    card: &CardNumber,
    by_other_than: Option<MemberId>,
) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM members.person
                           WHERE tenant_id = $1 AND card_key = $2 AND ($3::uuid IS NULL OR id <> $3)) AS "taken!""#,
        tenant,
        card.key().as_str().to_owned(),
        by_other_than.map(TypedId::uuid)
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Adds one person.
pub(crate) async fn insert(
    tx: &mut TenantTx,
    id: MemberId,
    unit: UnitId,
    details: &Details,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO members.person
             (tenant_id, id, unit_id, surname, given_name, patronymic, name_key, birth_date, sex, phone, email, workplace,
              position, joined_on, card_number, card_key, consent, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'missing', $17)",
        tenant,
        id.uuid(),
        unit.uuid(),
        details.name.surname(),
        details.name.given_name(),
        details.name.patronymic(),
        details.name.key().as_str().to_owned(),
        details.birth_date,
        details.sex.map(Sex::as_str),
        details.phone.as_ref().map(Phone::as_str),
        details.email.as_ref().map(Email::as_str),
        details.workplace.as_deref(),
        details.position.as_deref(),
        details.joined_on,
        details.card_number.as_ref().map(CardNumber::as_str),
        details.card_number.as_ref().map(|card| card.key().as_str().to_owned()),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Sets the card's values.
pub(crate) async fn update(tx: &mut TenantTx, id: MemberId, details: &Details) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE members.person
            SET surname = $3, given_name = $4, patronymic = $5, name_key = $6, birth_date = $7, sex = $8, phone = $9,
                email = $10, workplace = $11, position = $12, joined_on = $13, card_number = $14, card_key = $15,
                revision = revision + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid(),
        details.name.surname(),
        details.name.given_name(),
        details.name.patronymic(),
        details.name.key().as_str().to_owned(),
        details.birth_date,
        details.sex.map(Sex::as_str),
        details.phone.as_ref().map(Phone::as_str),
        details.email.as_ref().map(Email::as_str),
        details.workplace.as_deref(),
        details.position.as_deref(),
        details.joined_on,
        details.card_number.as_ref().map(CardNumber::as_str),
        details.card_number.as_ref().map(|card| card.key().as_str().to_owned())
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Has another unit keep the record.
pub(crate) async fn move_to(tx: &mut TenantTx, id: MemberId, unit: UnitId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE members.person SET unit_id = $3, revision = revision + 1 WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid(),
        unit.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Sets what holds of consent.
pub(crate) async fn set_consent(tx: &mut TenantTx, id: MemberId, consent: Consent) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE members.person SET consent = $3, revision = revision + 1 WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid(),
        consent_text(consent)
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Voids earlier membership cards.
pub(crate) async fn reissue_card(tx: &mut TenantTx, id: MemberId) -> Result<(), StoreError> {
    let (tenant, today) = (tx.tenant().uuid(), tx.now().date_naive());
    sqlx::query!(
        "UPDATE members.person
            SET card_serial = card_serial + 1, card_issued_on = $3
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid(),
        today
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Notes the account with which a person signs in; false when the person has one, or it is another's.
pub(crate) async fn link(tx: &mut TenantTx, id: MemberId, account: AccountId) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    let linked = sqlx::query!(
        "UPDATE members.person
            SET account_id = $3
          WHERE tenant_id = $1
            AND id = $2
            AND account_id IS NULL
            AND state = 'active'
            AND NOT EXISTS (SELECT FROM members.person WHERE tenant_id = $1 AND account_id = $3)",
        tenant,
        id.uuid(),
        account.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(linked.rows_affected() == 1)
}

/// Closes a record: another organization took the person over. The account is free again.
pub(crate) async fn close(tx: &mut TenantTx, id: MemberId, to: TenantId) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE members.person
            SET state = 'left', left_at = $3, left_to = $4, account_id = NULL, revision = revision + 1
          WHERE tenant_id = $1 AND id = $2 AND state = 'active'",
        tenant,
        id.uuid(),
        now,
        to.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Opens a closed record again: the person came back.
pub(crate) async fn reopen(tx: &mut TenantTx, id: MemberId, unit: UnitId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE members.person
            SET state = 'active', left_at = NULL, left_to = NULL, unit_id = $3, revision = revision + 1
          WHERE tenant_id = $1 AND id = $2 AND state = 'left'",
        tenant,
        id.uuid(),
        unit.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// How many people these units have; `None` is all units.
pub(crate) async fn count(tx: &mut TenantTx, units: Option<&[Uuid]>) -> Result<i64, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(match units {
        None => {
            sqlx::query_scalar!(
                r#"SELECT count(*) AS "count!" FROM members.person WHERE tenant_id = $1 AND state = 'active'"#,
                tenant
            )
            .fetch_one(tx.conn())
            .await?
        }
        Some(units) => sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM members.person WHERE tenant_id = $1 AND unit_id = ANY ($2) AND state = 'active'"#,
            tenant,
            units
        )
        .fetch_one(tx.conn())
        .await?,
    })
}

/// How many people each of these units has itself; `None` is all units. Units without people are left out.
pub(crate) async fn count_by_unit(
    tx: &mut TenantTx,
    units: Option<&[Uuid]>,
) -> Result<HashMap<Uuid, i64>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        r#"SELECT unit_id, count(*) AS "count!"
             FROM members.person
            WHERE tenant_id = $1 AND ($2::uuid[] IS NULL OR unit_id = ANY ($2)) AND state = 'active'
            GROUP BY unit_id"#,
        tenant,
        units
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.unit_id, row.count)).collect())
}
