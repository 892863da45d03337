//! What an import reads of the register before it begins, and what it adds.

use chrono::NaiveDate;
use futures_util::TryStreamExt;
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::{TypedId, UnitId};
use plenum_members_api::{ImportId, MemberId};
use uuid::Uuid;

use crate::{
    domain::{
        card::CardNumber,
        consent::{ConsentAct, UNKNOWN_TEXT},
        import::{Candidate, Consent, Register},
        names::NameKey,
        offices,
        sex::Sex,
    },
    store::{audience::office_text, consents, tree::Tree},
};

/// Imports of one tenant take turns until their transactions end: the second one sees the people of the first.
pub(crate) async fn take_turn(tx: &mut TenantTx) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    // The turn before ours may take longer than a statement usually may.
    sqlx::query!(r#"SELECT set_config('statement_timeout', '0', true) AS "set!""#)
        .fetch_one(tx.conn())
        .await?;
    let turn = format!("members.import/{tenant}");
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", turn).execute(tx.conn()).await?;
    sqlx::query!(r#"SELECT set_config('statement_timeout', '60s', true) AS "set!""#)
        .fetch_one(tx.conn())
        .await?;
    Ok(())
}

/// The register as an import knows it: the units of its scope, and all people of the tenant, since a person is on
/// record once and a card belongs to one.
pub(crate) async fn load(
    tx: &mut TenantTx,
    scope: &[Uuid],
) -> Result<Register<MemberId, UnitId>, StoreError> {
    let mut register = Register::new();
    for unit in Tree::load(tx).await?.within(scope) {
        register.add_unit(&unit.name, unit.id);
    }
    let tenant = tx.tenant().uuid();
    let mut rows = sqlx::query!(
        "SELECT id, name_key, birth_date, card_number FROM members.person WHERE tenant_id = $1",
        tenant
    )
    .fetch(tx.conn());
    while let Some(row) = rows.try_next().await? {
        let id = MemberId::from(row.id);
        register.add_person(NameKey::of(&row.name_key), row.birth_date, id);
        if let Some(card) = row.card_number.as_deref().and_then(CardNumber::parse) {
            register.add_card(&card, id);
        }
    }
    Ok(register)
}

/// People to be added, column by column as the database takes them.
#[derive(Debug, Default)]
pub(crate) struct NewPersons {
    id: Vec<Uuid>,
    unit_id: Vec<Uuid>,
    surname: Vec<String>,
    given_name: Vec<String>,
    patronymic: Vec<Option<String>>,
    name_key: Vec<String>,
    birth_date: Vec<NaiveDate>,
    sex: Vec<Option<&'static str>>,
    phone: Vec<Option<String>>,
    email: Vec<Option<String>>,
    workplace: Vec<Option<String>>,
    position: Vec<Option<String>>,
    joined_on: Vec<Option<NaiveDate>>,
    card_number: Vec<Option<String>>,
    card_key: Vec<Option<String>>,
    consent: Vec<&'static str>,
    elected_office: Vec<Option<String>>,
    /// What the register says of consent: who, what.
    said: (Vec<Uuid>, Vec<&'static str>),
    /// Offices in the organizations of units: who, where, which.
    offices: (Vec<Uuid>, Vec<Uuid>, Vec<&'static str>),
}

impl NewPersons {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.id.len()
    }

    /// Adds one.
    pub(crate) fn push(&mut self, person: Candidate, unit: UnitId) {
        let owned = |text: &str| text.to_owned();
        let id = MemberId::new().uuid();
        for office in person.elected_office.iter().flat_map(|text| offices::named_in(text)) {
            self.offices.0.push(id);
            self.offices.1.push(unit.uuid());
            self.offices.2.push(office_text(office));
        }
        let act = match person.consent {
            Consent::Given => Some(ConsentAct::Given),
            Consent::Refused => Some(ConsentAct::Refused),
            Consent::Missing => None,
        };
        if let Some(act) = act {
            self.said.0.push(id);
            self.said.1.push(act.as_str());
        }
        self.id.push(id);
        self.unit_id.push(unit.uuid());
        self.surname.push(owned(person.name.surname()));
        self.given_name.push(owned(person.name.given_name()));
        self.patronymic.push(person.name.patronymic().map(owned));
        self.name_key.push(owned(person.name.key().as_str()));
        self.birth_date.push(person.birth_date);
        self.sex.push(person.sex.map(Sex::as_str));
        self.phone.push(person.phone.map(|phone| owned(phone.as_str())));
        self.email.push(person.email.map(|email| owned(email.as_str())));
        self.workplace.push(person.workplace);
        self.position.push(person.position);
        self.joined_on.push(person.joined_on);
        self.card_key.push(person.card_number.as_ref().map(|card| owned(card.key().as_str())));
        self.card_number.push(person.card_number.map(|card| owned(card.as_str())));
        self.consent.push(match person.consent {
            Consent::Given => "given",
            Consent::Refused => "refused",
            Consent::Missing => "missing",
        });
        self.elected_office.push(person.elected_office);
    }
}

/// Adds people. COPY would be faster, but is refused under row security.
pub(crate) async fn insert(tx: &mut TenantTx, import: ImportId, new: &NewPersons) -> Result<(), StoreError> {
    if new.id.is_empty() {
        return Ok(());
    }
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO members.person
             (tenant_id, import_id, created_at, id, unit_id, surname, given_name, patronymic, name_key, birth_date, sex,
              phone, email, workplace, position, joined_on, card_number, card_key, consent, elected_office)
         SELECT $1, $2, $3, new.*
           FROM UNNEST($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::date[],
                       $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::date[], $17::text[],
                       $18::text[], $19::text[], $20::text[]) AS new",
        tenant,
        import.uuid(),
        now,
        &new.id,
        &new.unit_id,
        &new.surname,
        &new.given_name,
        &new.patronymic as &[Option<String>],
        &new.name_key,
        &new.birth_date,
        &new.sex as &[Option<&'static str>],
        &new.phone as &[Option<String>],
        &new.email as &[Option<String>],
        &new.workplace as &[Option<String>],
        &new.position as &[Option<String>],
        &new.joined_on as &[Option<NaiveDate>],
        &new.card_number as &[Option<String>],
        &new.card_key as &[Option<String>],
        &new.consent as &[&'static str],
        &new.elected_office as &[Option<String>]
    )
    .execute(tx.conn())
    .await?
    .exactly(u64::try_from(new.len()).unwrap_or(u64::MAX))?;
    consents::insert_imported(tx, &new.said.0, &new.said.1, UNKNOWN_TEXT).await?;
    super::offices::insert_imported(tx, &new.offices.0, &new.offices.1, &new.offices.2).await
}
