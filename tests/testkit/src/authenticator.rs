//! An authenticator with passkeys, without a device: what a browser and a key make together (W3C Web Authentication,
//! level 3), with ring's ECDSA. What it answers, and with which counter, is the test's to choose.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    digest::{SHA256, digest},
    rand::{SecureRandom, SystemRandom},
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const HAS_KEY: u8 = 0x40;

/// A device with passkeys for one site.
pub struct Authenticator {
    /// The address that the browser is at.
    pub origin: String,
    /// Whether the device makes sure of its owner before it answers.
    pub verifies: bool,
    keys: Vec<Key>,
}

struct Key {
    id: Vec<u8>,
    user: Value,
    pair: EcdsaKeyPair,
    counter: u32,
}

impl Authenticator {
    /// A new device, in front of a browser at this address.
    #[must_use]
    pub fn at(origin: &str) -> Self {
        Self { origin: origin.to_owned(), verifies: true, keys: Vec::new() }
    }

    /// Makes a passkey as the options ask: what `navigator.credentials.create` gives.
    ///
    /// # Panics
    /// When the options are none.
    pub fn create(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options are JSON");
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random)
            .expect("the key that was made");
        let mut id = vec![0; 32];
        random.fill(&mut id).expect("random bytes");

        let point = pair.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        // A COSE key (RFC 9053 §7.1): EC2, ES256, P-256.
        let key = [&[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20], x, &[0x22, 0x58, 0x20], y]
            .concat();
        let length = u16::try_from(id.len()).expect("short").to_be_bytes();
        let about = [&[0; 16][..], &length, &id, &key].concat();
        let data = self.data(options["rp"]["id"].as_str().expect("a site"), HAS_KEY, 0, &about);
        let length = u8::try_from(data.len()).expect("short");
        let attestation =
            [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58", &[length][..], &data].concat();
        let client = self.client("webauthn.create", &options);
        self.keys.push(Key { id: id.clone(), user: options["user"]["id"].clone(), pair, counter: 0 });
        json!({
            "id": text(&id),
            "rawId": text(&id),
            "type": "public-key",
            "response": { "attestationObject": text(&attestation), "clientDataJSON": text(&client) },
            "clientExtensionResults": { "credProps": { "rk": true } },
        })
        .to_string()
    }

    /// Signs as the options ask, with the newest passkey that they allow: what `navigator.credentials.get` gives.
    ///
    /// # Panics
    /// When the options are none, or allow no passkey of this device.
    pub fn get(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options are JSON");
        let allowed: Vec<&str> = options["allowCredentials"]
            .as_array()
            .map(|all| all.iter().filter_map(|one| one["id"].as_str()).collect())
            .unwrap_or_default();
        let at = self
            .keys
            .iter()
            .rposition(|key| allowed.is_empty() || allowed.contains(&text(&key.id).as_str()))
            .expect("a passkey that is allowed");
        self.keys[at].counter += 1;
        let key = &self.keys[at];
        let data = self.data(options["rpId"].as_str().expect("a site"), 0, key.counter, &[]);
        let client = self.client("webauthn.get", &options);
        let signed = [&data, digest(&SHA256, &client).as_ref()].concat();
        let signature = key.pair.sign(&SystemRandom::new(), &signed).expect("signed");
        json!({
            "id": text(&key.id),
            "rawId": text(&key.id),
            "type": "public-key",
            "response": {
                "authenticatorData": text(&data),
                "clientDataJSON": text(&client),
                "signature": text(signature.as_ref()),
                "userHandle": key.user,
            },
            "clientExtensionResults": {},
        })
        .to_string()
    }

    /// Sets the counter of the newest passkey, as a copy of it would have it.
    ///
    /// # Panics
    /// When there is none.
    pub fn set_counter(&mut self, counter: u32) {
        self.keys.last_mut().expect("a passkey").counter = counter;
    }

    /// Says that the newest passkey is somebody else's, by the id of an account.
    ///
    /// # Panics
    /// When there is none.
    pub fn claim(&mut self, account: uuid::Uuid) {
        self.keys.last_mut().expect("a passkey").user = Value::from(text(account.as_bytes()));
    }

    /// Authenticator data (Web Authentication §6.1).
    fn data(&self, site: &str, flags: u8, counter: u32, about: &[u8]) -> Vec<u8> {
        let verified = if self.verifies { USER_VERIFIED } else { 0 };
        let site = digest(&SHA256, site.as_bytes());
        let flags = [USER_PRESENT | verified | flags];
        [site.as_ref(), &flags, &counter.to_be_bytes(), about].concat()
    }

    /// Client data (Web Authentication §5.8.1).
    fn client(&self, kind: &str, options: &Value) -> Vec<u8> {
        json!({
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        })
        .to_string()
        .into_bytes()
    }
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
