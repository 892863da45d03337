//! People on record.

use std::collections::HashMap;

use chrono::NaiveDate;
use plenum_authz::Place;
use plenum_db::{Resource, StoreError, TenantTx};
use plenum_kernel::{TypedId, UnitId};
use plenum_members_api::MemberId;
use plenum_tenancy::store::units::{self, Unit};
use uuid::Uuid;

use crate::domain::{import::Consent, names::NameKey, sex::Sex};

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

struct Row {
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
}

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
        })
    }
}

fn read_sex(text: &str) -> Result<Sex, StoreError> {
    match text {
        "female" => Ok(Sex::Female),
        "male" => Ok(Sex::Male),
        other => Err(StoreError::Value { what: "sex", value: other.to_owned() }),
    }
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
                joined_on, card_number, consent, elected_office
           FROM members.person
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(Person::try_from).transpose()
}

/// Which people a list shows.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    /// Only those of these units; `None` is no filter.
    pub(crate) units: Option<Vec<Uuid>>,
    /// Only those whose name holds each of these words somewhere, written as a [`NameKey`] is.
    pub(crate) words: Vec<String>,
}

impl Filter {
    /// The words of a search text.
    pub(crate) fn words_of(search: &str) -> Vec<String> {
        NameKey::of(search).as_str().split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }
}

/// A page of people by name, then by date of birth; `None` when the person after whom it should begin is unknown.
///
/// Under row security a pattern cannot be an index condition (its operator is not leakproof), so a search goes through
/// the tenant's part of `person_name`, which holds all that it needs: about 30 ms for 100,000 people.
pub(crate) async fn page(
    tx: &mut TenantTx,
    filter: &Filter,
    after: Option<MemberId>,
    limit: i64,
) -> Result<Option<Vec<Person>>, StoreError> {
    let tenant = tx.tenant().uuid();
    let (name, born) = match after {
        // Before everybody: a key is never empty.
        None => (String::new(), NaiveDate::MIN.max(NaiveDate::from_ymd_opt(1, 1, 1).expect("a date"))),
        Some(id) => {
            let row = sqlx::query!(
                "SELECT name_key, birth_date FROM members.person WHERE tenant_id = $1 AND id = $2",
                tenant,
                id.uuid()
            )
            .fetch_optional(tx.conn())
            .await?;
            let Some(row) = row else { return Ok(None) };
            (row.name_key, row.birth_date)
        }
    };
    let escape =
        |word: &String| format!("%{}%", word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let patterns: Vec<String> = filter.words.iter().map(escape).collect();
    let rows = sqlx::query_as!(
        Row,
        "WITH found AS MATERIALIZED (
             SELECT id, name_key, birth_date
               FROM members.person
              WHERE tenant_id = $1
                AND (name_key, birth_date) > ($2, $3)
                AND ($4::uuid[] IS NULL OR unit_id = ANY ($4))
                AND name_key LIKE ALL ($5::text[])
              ORDER BY name_key, birth_date
              LIMIT $6)
         SELECT p.id, p.unit_id, p.surname, p.given_name, p.patronymic, p.birth_date, p.sex, p.phone, p.email,
                p.workplace, p.position, p.joined_on, p.card_number, p.consent, p.elected_office
           FROM found f
           JOIN members.person p ON p.tenant_id = $1 AND p.id = f.id
          ORDER BY f.name_key, f.birth_date",
        tenant,
        name,
        born,
        filter.units.as_deref(),
        &patterns,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Person::try_from).collect::<Result<_, _>>().map(Some)
}

/// How many people these units have; `None` is all units.
pub(crate) async fn count(tx: &mut TenantTx, units: Option<&[Uuid]>) -> Result<i64, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(match units {
        None => {
            sqlx::query_scalar!(
                r#"SELECT count(*) AS "count!" FROM members.person WHERE tenant_id = $1"#,
                tenant
            )
            .fetch_one(tx.conn())
            .await?
        }
        Some(units) => sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM members.person WHERE tenant_id = $1 AND unit_id = ANY ($2)"#,
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
            WHERE tenant_id = $1 AND ($2::uuid[] IS NULL OR unit_id = ANY ($2))
            GROUP BY unit_id"#,
        tenant,
        units
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.unit_id, row.count)).collect())
}
