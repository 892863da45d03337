//! The hash chain: each entry's hash covers the entry and the hash before it.

use chrono::{DateTime, Utc};
use plenum_kernel::{TenantId, TypedId};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A link's hash.
pub type Hash = [u8; 32];

/// What the first entry of a tenant follows.
pub const BEGINNING: Hash = [0; 32];

/// All of an entry that its hash covers, beside its number and the hash before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// Its id.
    pub id: Uuid,
    /// When, to the microsecond.
    pub at: DateTime<Utc>,
    /// Which account, when a person acted.
    pub actor: Option<Uuid>,
    /// Which part of the platform, when it acted by itself.
    pub system: Option<String>,
    /// By which request.
    pub request: Option<Uuid>,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// Facts of the act.
    pub detail: Value,
}

/// The hash of the entry with this number: SHA-256 over `plenum.audit.1`, the hash before, and the fields in the order
/// of [`Content`], each text and id with its length (64 bits, big-endian) before it, numbers as 64 bits big-endian, the
/// detail as JSON with sorted keys and without spaces.
#[must_use]
pub fn link(before: &Hash, tenant: TenantId, number: i64, content: &Content) -> Hash {
    let mut hasher = Sha256::new();
    let mut field = |bytes: &[u8]| {
        hasher.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(bytes);
    };
    field(b"plenum.audit.1");
    field(before);
    field(tenant.uuid().as_bytes());
    field(&number.to_be_bytes());
    field(content.id.as_bytes());
    field(&content.at.timestamp_micros().to_be_bytes());
    field(content.actor.as_ref().map_or(&[], |id| id.as_bytes().as_slice()));
    field(content.system.as_deref().unwrap_or_default().as_bytes());
    field(content.request.as_ref().map_or(&[], |id| id.as_bytes().as_slice()));
    field(content.action.as_bytes());
    field(content.subject.as_bytes());
    let mut detail = String::new();
    canonical(&content.detail, &mut detail);
    field(detail.as_bytes());
    hasher.finalize().into()
}

/// JSON in one form only: the database keeps neither the order of keys nor the spaces.
fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_unstable();
            out.push('{');
            for (at, key) in keys.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                canonical(&map[key], out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                canonical(item, out);
            }
            out.push(']');
        }
        plain => out.push_str(&plain.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn content() -> Content {
        Content {
            id: Uuid::from_u128(1),
            at: DateTime::from_timestamp_micros(1_795_424_400_000_000).expect("a moment"),
            actor: Some(Uuid::from_u128(2)),
            system: None,
            request: None,
            action: "bodies.open_vote".to_owned(),
            subject: "Vote_1".to_owned(),
            detail: json!({ "b": 1, "a": [true, null, "я"] }),
        }
    }

    #[test]
    fn every_part_of_an_entry_is_covered() {
        let (tenant, other) = (TenantId::new(), TenantId::new());
        let whole = content();
        let hash = link(&BEGINNING, tenant, 1, &whole);
        assert_eq!(hash, link(&BEGINNING, tenant, 1, &whole.clone()));
        let changed = [
            link(&[1; 32], tenant, 1, &whole),
            link(&BEGINNING, other, 1, &whole),
            link(&BEGINNING, tenant, 2, &whole),
            link(&BEGINNING, tenant, 1, &Content { id: Uuid::from_u128(9), ..whole.clone() }),
            link(
                &BEGINNING,
                tenant,
                1,
                &Content { at: whole.at + chrono::TimeDelta::microseconds(1), ..whole.clone() },
            ),
            link(&BEGINNING, tenant, 1, &Content { actor: None, ..whole.clone() }),
            link(&BEGINNING, tenant, 1, &Content { system: Some("x".to_owned()), ..whole.clone() }),
            link(&BEGINNING, tenant, 1, &Content { request: Some(Uuid::nil()), ..whole.clone() }),
            link(&BEGINNING, tenant, 1, &Content { action: "bodies.close_vote".to_owned(), ..whole.clone() }),
            link(&BEGINNING, tenant, 1, &Content { subject: "Vote_2".to_owned(), ..whole.clone() }),
            link(
                &BEGINNING,
                tenant,
                1,
                &Content { detail: json!({ "b": 2, "a": [true, null, "я"] }), ..whole },
            ),
        ];
        for (at, one) in changed.iter().enumerate() {
            assert_ne!(*one, hash, "change {at}");
        }
    }

    #[test]
    fn what_moves_from_one_field_to_the_next_changes_the_hash() {
        let tenant = TenantId::new();
        let one = Content { action: "ab".to_owned(), subject: "c".to_owned(), ..content() };
        let other = Content { action: "a".to_owned(), subject: "bc".to_owned(), ..content() };
        assert_ne!(link(&BEGINNING, tenant, 1, &one), link(&BEGINNING, tenant, 1, &other));
    }

    proptest! {
        #[test]
        fn the_order_of_keys_is_nothing(keys in proptest::collection::vec("[a-zа-я\"\\\\]{0,5}", 0..8)) {
            let forth: serde_json::Map<String, Value> =
                keys.iter().map(|key| (key.clone(), Value::from(key.len()))).collect();
            let back: serde_json::Map<String, Value> =
                keys.iter().rev().map(|key| (key.clone(), Value::from(key.len()))).collect();
            let (mut one, mut other) = (String::new(), String::new());
            canonical(&Value::Object(forth.clone()), &mut one);
            canonical(&Value::Object(back), &mut other);
            prop_assert_eq!(&one, &other);
            let read: Value = serde_json::from_str(&one).expect("it is JSON");
            prop_assert_eq!(read, Value::Object(forth));
        }
    }
}
