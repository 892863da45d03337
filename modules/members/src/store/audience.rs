//! Audiences: who of the register is meant, for other modules.

use chrono::{Months, NaiveDate};
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId};
use plenum_members_api::{Audience, Consent, Member, MemberId, Office};
use plenum_tenancy::store::units::UnitKind;
use uuid::Uuid;

use crate::store::tree::Tree;

struct Row {
    id: Uuid,
    unit_id: Uuid,
    surname: String,
    given_name: String,
    patronymic: Option<String>,
    email: Option<String>,
    account_id: Option<Uuid>,
    consent: String,
}

impl TryFrom<Row> for Member {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let given_names = match &row.patronymic {
            Some(patronymic) => format!("{} {patronymic}", row.given_name),
            None => row.given_name,
        };
        Ok(Self {
            id: row.id.into(),
            unit: row.unit_id.into(),
            full_name: format!("{} {given_names}", row.surname),
            given_names,
            email: row.email,
            account: row.account_id.map(AccountId::from),
            consent: match row.consent.as_str() {
                "given" => Consent::Given,
                "refused" => Consent::Refused,
                "missing" => Consent::Missing,
                _ => return Err(StoreError::Value { what: "consent", value: row.consent }),
            },
        })
    }
}

/// These members.
pub(crate) async fn by_ids(tx: &mut TenantTx, ids: &[MemberId]) -> Result<Vec<Member>, StoreError> {
    let tenant = tx.tenant().uuid();
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query_as!(
        Row,
        "SELECT id, unit_id, surname, given_name, patronymic, email, account_id, consent
           FROM members.person
          WHERE tenant_id = $1 AND id = ANY ($2)
          ORDER BY id
          LIMIT 1000",
        tenant,
        &ids
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Member::try_from)
    .collect()
}

/// The member who signs in with an account.
pub(crate) async fn by_account(tx: &mut TenantTx, account: AccountId) -> Result<Option<Member>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, unit_id, surname, given_name, patronymic, email, account_id, consent
           FROM members.person
          WHERE tenant_id = $1 AND account_id = $2 AND state = 'active'",
        tenant,
        account.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Member::try_from)
    .transpose()
}

/// An audience as the database compares it.
struct Criteria {
    units: Option<Vec<Uuid>>,
    by_office: bool,
    offices: Vec<String>,
    bodies: Vec<Uuid>,
    primaries: Option<Vec<Uuid>>,
    born_after: Option<NaiveDate>,
    born_by: Option<NaiveDate>,
    consent: Option<&'static str>,
    only: Option<Vec<Uuid>>,
    except: Vec<Uuid>,
}

impl Criteria {
    async fn of(tx: &mut TenantTx, audience: &Audience) -> Result<Self, StoreError> {
        let needs_tree = !audience.units.is_empty() || audience.of_primaries;
        let tree = if needs_tree { Some(Tree::load(tx).await?) } else { None };
        let raw = |ids: &[MemberId]| ids.iter().map(|id| id.uuid()).collect::<Vec<_>>();
        let units = tree.as_ref().filter(|_| !audience.units.is_empty()).map(|tree| {
            let roots: Vec<Uuid> = audience.units.iter().map(|unit| unit.uuid()).collect();
            tree.within(&roots).map(|unit| unit.id.uuid()).collect()
        });
        let primaries = tree.as_ref().filter(|_| audience.of_primaries).map(|tree| {
            tree.all().filter(|unit| unit.kind == UnitKind::Primary).map(|unit| unit.id.uuid()).collect()
        });
        let today = tx.now().date_naive();
        // Who is 30 was born after the day 31 years ago, and by the day 30 years ago.
        let years_ago =
            |years: u32| today.checked_sub_months(Months::new(12 * years)).unwrap_or(NaiveDate::MIN);
        Ok(Self {
            units,
            by_office: audience.of_primaries || !audience.offices.is_empty() || !audience.bodies.is_empty(),
            offices: audience.offices.iter().map(|office| office_text(*office).to_owned()).collect(),
            bodies: audience.bodies.clone(),
            primaries,
            born_after: audience.age_to.map(|age| years_ago(u32::from(age) + 1)),
            born_by: audience.age_from.map(|age| years_ago(u32::from(age))),
            consent: audience.consent.map(consent_text),
            only: audience.only.as_deref().map(raw),
            except: raw(&audience.except),
        })
    }
}

pub(crate) fn office_text(office: Office) -> &'static str {
    match office {
        Office::Chair => "chair",
        Office::DeputyChair => "deputy_chair",
        Office::Secretary => "secretary",
        Office::Treasurer => "treasurer",
        Office::CommitteeMember => "committee_member",
        Office::AuditMember => "audit_member",
        Office::BodyMember => "body_member",
    }
}

pub(crate) fn consent_text(consent: Consent) -> &'static str {
    match consent {
        Consent::Given => "given",
        Consent::Refused => "refused",
        Consent::Missing => "missing",
    }
}

/// The members of an audience after one of them, by id.
pub(crate) async fn select(
    tx: &mut TenantTx,
    audience: &Audience,
    after: Option<MemberId>,
    limit: i64,
) -> Result<Vec<Member>, StoreError> {
    let criteria = Criteria::of(tx, audience).await?;
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT p.id, p.unit_id, p.surname, p.given_name, p.patronymic, p.email, p.account_id, p.consent
           FROM members.person p
          WHERE p.tenant_id = $1
            AND p.state = 'active'
            AND ($2::uuid IS NULL OR p.id > $2)
            AND ($3::uuid[] IS NULL OR p.unit_id = ANY ($3))
            AND (NOT $4::boolean OR EXISTS (
                    SELECT FROM members.office o
                     WHERE o.tenant_id = p.tenant_id
                       AND o.person_id = p.id
                       AND o.until IS NULL
                       AND (cardinality($5::text[]) = 0 OR o.office = ANY ($5))
                       AND (cardinality($6::uuid[]) = 0 OR o.body_id = ANY ($6))
                       AND ($7::uuid[] IS NULL OR o.unit_id = ANY ($7))))
            AND ($8::date IS NULL OR p.birth_date > $8)
            AND ($9::date IS NULL OR p.birth_date <= $9)
            AND ($10::text IS NULL OR p.sex = $10)
            AND ($11::text IS NULL OR p.consent = $11)
            AND (NOT $12::boolean OR p.email IS NOT NULL)
            AND (NOT $13::boolean OR p.account_id IS NOT NULL)
            AND ($14::uuid[] IS NULL OR p.id = ANY ($14))
            AND NOT EXISTS (SELECT FROM unnest($15::uuid[]) AS e (id) WHERE e.id = p.id)
          ORDER BY p.id
          LIMIT $16",
        tenant,
        after.map(TypedId::uuid),
        criteria.units.as_deref(),
        criteria.by_office,
        &criteria.offices,
        &criteria.bodies,
        criteria.primaries.as_deref(),
        criteria.born_after,
        criteria.born_by,
        audience.sex.as_deref(),
        criteria.consent,
        audience.with_email,
        audience.with_account,
        criteria.only.as_deref(),
        &criteria.except,
        limit
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Member::try_from)
    .collect()
}

/// How many members an audience has.
pub(crate) async fn count(tx: &mut TenantTx, audience: &Audience) -> Result<i64, StoreError> {
    let criteria = Criteria::of(tx, audience).await?;
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!"
             FROM members.person p
            WHERE p.tenant_id = $1
              AND p.state = 'active'
              AND ($2::uuid[] IS NULL OR p.unit_id = ANY ($2))
              AND (NOT $3::boolean OR EXISTS (
                      SELECT FROM members.office o
                       WHERE o.tenant_id = p.tenant_id
                         AND o.person_id = p.id
                         AND o.until IS NULL
                         AND (cardinality($4::text[]) = 0 OR o.office = ANY ($4))
                         AND (cardinality($5::uuid[]) = 0 OR o.body_id = ANY ($5))
                         AND ($6::uuid[] IS NULL OR o.unit_id = ANY ($6))))
              AND ($7::date IS NULL OR p.birth_date > $7)
              AND ($8::date IS NULL OR p.birth_date <= $8)
              AND ($9::text IS NULL OR p.sex = $9)
              AND ($10::text IS NULL OR p.consent = $10)
              AND (NOT $11::boolean OR p.email IS NOT NULL)
              AND (NOT $12::boolean OR p.account_id IS NOT NULL)
              AND ($13::uuid[] IS NULL OR p.id = ANY ($13))
              AND NOT EXISTS (SELECT FROM unnest($14::uuid[]) AS e (id) WHERE e.id = p.id)"#,
        tenant,
        criteria.units.as_deref(),
        criteria.by_office,
        &criteria.offices,
        &criteria.bodies,
        criteria.primaries.as_deref(),
        criteria.born_after,
        criteria.born_by,
        audience.sex.as_deref(),
        criteria.consent,
        audience.with_email,
        audience.with_account,
        criteria.only.as_deref(),
        &criteria.except
    )
    .fetch_one(tx.conn())
    .await?)
}
