//! Passwords: argon2id (RFC 9106) with the parameters of OWASP's cheat sheet: 19 MiB, 2 passes, 1 lane.

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::{SaltString, rand_core::OsRng},
};

use crate::breached;

/// The shortest password taken, in characters (NIST SP 800-63B-4 §3.1.1.2 asks for eight at the least beside a second
/// factor).
pub const SHORTEST: usize = 10;
/// The longest, so that hashing is bounded.
pub const LONGEST: usize = 200;

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Shorter than [`SHORTEST`].
    TooShort,
    /// Longer than [`LONGEST`].
    TooLong,
    /// In lists of leaked passwords, with which guessing begins.
    Breached,
}

/// What is wrong with a password that somebody wants to have.
#[must_use]
pub fn flaw(password: &str) -> Option<Flaw> {
    let length = password.chars().count();
    match length {
        ..SHORTEST => Some(Flaw::TooShort),
        _ if length > LONGEST => Some(Flaw::TooLong),
        _ if breached::is_breached(password) => Some(Flaw::Breached),
        _ => None,
    }
}

/// Hashing failed: out of memory, never a matter of the input.
#[derive(Debug, thiserror::Error)]
#[error("could not hash a password: {0}")]
pub struct HashError(String);

fn argon() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("the parameters are within argon2's ranges");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes in a blocking thread: it takes tens of milliseconds on purpose.
///
/// # Errors
/// [`HashError`] when hashing failed.
pub async fn hash(password: String) -> Result<String, HashError> {
    tokio::task::spawn_blocking(move || {
        let salt = SaltString::generate(&mut OsRng);
        argon()
            .hash_password(password.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|error| HashError(error.to_string()))
    })
    .await
    .map_err(|error| HashError(error.to_string()))?
}

/// Verifies in a blocking thread. Without a stored hash it does the same work and says no, so that the time does not
/// tell whether an account exists.
pub async fn verify(password: String, stored: Option<String>) -> bool {
    // The hash of a random password that nobody knows.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$\
                          XkEM2N0gSQFn1TQgyPpHtN0/vfCVxpf3pNUhCyKjsNI";
    tokio::task::spawn_blocking(move || {
        let known = stored.is_some();
        let text = stored.unwrap_or_else(|| NOBODY.to_owned());
        let matches = PasswordHash::new(&text)
            .is_ok_and(|hash| argon().verify_password(password.as_bytes(), &hash).is_ok());
        known && matches
    })
    .await
    .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_same_password_verifies() {
        let stored = hash("correct horse".into()).await.expect("hashing works");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("correct horse".into(), Some(stored.clone())).await);
        assert!(!verify("correct horsf".into(), Some(stored)).await);
        assert!(!verify("correct horse".into(), None).await);
        assert!(!verify(String::new(), Some("not a hash".into())).await);
    }
}
