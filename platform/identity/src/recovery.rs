//! Recovery codes: for the day when the second factor is lost. Each works once.

use plenum_kernel::{AccountId, TypedId};
use rand::Rng;
use sha2::{Digest, Sha256};

/// How many are given at a time.
pub const COUNT: usize = 10;
/// Signs of a code: 80 random bits, so that a plain hash of it cannot be searched through.
const SIGNS: usize = 16;
/// Crockford's base 32: without I, L, O and U, which are read wrongly.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// New codes, in groups of four signs.
#[must_use]
pub fn generate() -> Vec<String> {
    let mut random = rand::rng();
    (0..COUNT)
        .map(|_| {
            let signs: Vec<char> =
                (0..SIGNS).map(|_| char::from(ALPHABET[random.random_range(0..ALPHABET.len())])).collect();
            signs.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
        })
        .collect()
}

/// What is kept of a code, as somebody typed it: case, hyphens and spaces do not matter, and what is read wrongly is
/// read as it was meant. None when it is no such code.
#[must_use]
pub fn hash(account: AccountId, typed: &str) -> Option<[u8; 32]> {
    let signs: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    if signs.len() != SIGNS || !signs.bytes().all(|sign| ALPHABET.contains(&sign)) {
        return None;
    }
    let mut sum = Sha256::new();
    sum.update(account.uuid().as_bytes());
    sum.update(signs);
    Some(sum.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_many_and_read_as_they_are_typed() {
        let (codes, account) = (generate(), AccountId::new());
        assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>().len(), COUNT);
        let code = &codes[0];
        assert_eq!(code.len(), 19);
        let kept = hash(account, code).expect("a code");
        assert_eq!(hash(account, &code.to_lowercase().replace('-', " ")), Some(kept));
        assert_eq!(hash(account, &code.replace('0', "o").replace('1', "l")), Some(kept));
        assert_ne!(hash(AccountId::new(), code), Some(kept));
        assert_eq!(hash(account, &code[1..]), None);
        assert_eq!(hash(account, "ЯЯЯЯ-ЯЯЯЯ-ЯЯЯЯ-ЯЯЯЯ"), None);
    }
}
