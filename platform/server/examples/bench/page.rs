//! The list of members as SQL.

/// The statement that the server sends for a page of members; `$1` is the tenant, `$2` how many rows.
#[must_use]
pub fn members(condition: &str) -> String {
    format!(
        "WITH found AS MATERIALIZED (
             SELECT p.id, p.name_key, p.birth_date
               FROM members.person p
              WHERE p.tenant_id = $1{condition} AND p.state = 'active'
              ORDER BY p.name_key, p.birth_date
              LIMIT $2)
         SELECT p.id, p.unit_id, p.surname, p.given_name, p.patronymic, p.birth_date, p.sex, p.phone, p.email,
                p.workplace, p.position, p.joined_on, p.card_number, p.consent, p.elected_office, p.state, p.left_at,
                p.left_to, p.account_id, p.revision, p.card_serial, p.card_issued_on, p.import_id, p.created_at
           FROM found f
           JOIN members.person p ON p.tenant_id = $1 AND p.id = f.id
          ORDER BY f.name_key, f.birth_date"
    )
}
