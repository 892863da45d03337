//! Sealed columns: values that the database keeps encrypted, so that a copy of it, a backup or a curious administrator
//! of the database server does not read them.
//!
//! Envelope encryption: each tenant has data keys of its own, and the installation has some for what belongs to no
//! tenant. They lie in the database, wrapped by the master key, which is in a file or in the environment and nowhere
//! else. Values are sealed with AES-256-GCM; each value under a key of its own that is derived from the data key and
//! 128 random bits (HKDF-SHA-256), so that no data key comes near the number of values that random nonces bear (2³²,
//! NIST SP 800-38D §8.3). The tenant, the table, the column and the row are part of what is authenticated: a value put
//! in another place does not open.
//!
//! In a store: [`seal`] before writing, [`open`] after reading, [`blind`] for a column that is looked for by equality;
//! both kinds of transactions are taken, [`plenum_db::TenantTx`] for what is a tenant's and [`plenum_db::GlobalTx`] for
//! what is not.
//!
//! ```
//! # async fn example(tx: &mut plenum_db::GlobalTx, account: uuid::Uuid) -> Result<(), plenum_db::StoreError> {
//! let field = plenum_vault::Field::new("identity.totp", "secret", account);
//! let sealed = plenum_vault::seal(tx, &field, b"the secret").await?;
//! // … sealed.as_bytes() goes to a column of type bytea, and comes back:
//! let stored = plenum_vault::Sealed::from(sealed.as_bytes().to_vec());
//! let secret = plenum_vault::open(tx, &field, &stored).await?;
//! assert_eq!(secret.bytes(), b"the secret");
//! # Ok(()) }
//! ```
//!
//! What it is not: it does not hide that there is a value, nor its length; and it is no protection from whoever has the
//! program's own memory.
//!
//! Invariants: what was sealed opens in its place only, byte for byte; a key that a value was sealed with is never
//! removed before the tenant itself is; from the moment that a rotation is committed, nothing is sealed with an older key; keys are wrapped by one
//! master key, all or none; nothing here prints what is sealed.

mod cipher;
mod field;
mod keyring;
mod master;
mod seal;
mod store;
mod table;
mod vault;

pub use field::{Field, Opened, Sealed};
pub use keyring::Keyring;
pub use master::{Master, MasterError, MasterSource};
pub use seal::{Scoped, blind, open, open_text, reading, seal, seal_text, writing};
pub use table::{Holds, Progress, SealedColumn, SealedTable};
pub use vault::{Key, Vault, VaultError};
