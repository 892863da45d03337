//! Nonces that need not be remembered: each says when it was made, signed together with the address that it was given to.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::hmac;

use super::Client;

/// How long a nonce is good for. A request that was overheard is worth nothing afterwards, nor from another address.
const LIFETIME_S: i64 = 600;
/// Four bytes of time and eight of signature: sixteen characters in each answer to a stranger.
const SIGNATURE: usize = 8;

/// Makes and checks them, until the process ends.
pub(super) struct Nonces(hmac::Key);

impl Nonces {
    pub(super) fn new() -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &rand::random::<[u8; 32]>()))
    }

    pub(super) fn issue(&self, client: &Client, now_s: i64) -> String {
        // The lower half of the seconds: it goes round once in 136 years.
        let time = (now_s as u32).to_be_bytes();
        let signature = self.sign(client, time);
        URL_SAFE_NO_PAD.encode([&time[..], &signature].concat())
    }

    pub(super) fn holds(&self, nonce: &str, client: &Client, now_s: i64) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(nonce) else { return false };
        let Some((time, signature)) = bytes.split_first_chunk::<4>() else { return false };
        let age = i64::from((now_s as u32).wrapping_sub(u32::from_be_bytes(*time)));
        age <= LIFETIME_S && signature == self.sign(client, *time)
    }

    fn sign(&self, client: &Client, time: [u8; 4]) -> [u8; SIGNATURE] {
        let text = format!("{}|{}|{time:?}", client.listener, client.address);
        let signature = hmac::sign(&self.0, text.as_bytes());
        std::array::from_fn(|at| signature.as_ref()[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_holds_for_its_address_and_its_time() {
        let nonces = Nonces::new();
        let client = Client { listener: 0, address: "192.0.2.1:5000".parse().expect("one"), stream: false };
        let nonce = nonces.issue(&client, 1_000);
        assert_eq!(nonce.len(), 16);
        assert!(nonces.holds(&nonce, &client, 1_000) && nonces.holds(&nonce, &client, 1_600));
        assert!(!nonces.holds(&nonce, &client, 1_601), "aged");
        assert!(!nonces.holds(&nonce, &client, 999), "from the future");
        let elsewhere = Client { address: "192.0.2.1:5001".parse().expect("one"), ..client };
        assert!(!nonces.holds(&nonce, &elsewhere, 1_000));
        assert!(!nonces.holds(&nonce, &Client { listener: 1, ..client }, 1_000));
        assert!(!Nonces::new().holds(&nonce, &client, 1_000), "of a server that was there before");
        for other in ["", "AAAA", "not base64!", &nonce[..15]] {
            assert!(!nonces.holds(other, &client, 1_000));
        }
    }
}
