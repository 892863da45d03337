//! Signed tokens: links for leaving a list, and return paths.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use plenum_kernel::{TenantId, TypedId};
use plenum_mailings_api::DeliveryId;
use sha2::Sha256;
use uuid::Uuid;

/// Signs with the key of the installation. Neither kind of token ends: a letter may be read, or come back, much later.
#[derive(Clone)]
pub struct Signer(Hmac<Sha256>);

impl Signer {
    /// Takes the key.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        Self(Hmac::new_from_slice(key).expect("HMAC takes keys of any length"))
    }

    fn mac(&self, purpose: &[u8], tenant: TenantId, delivery: DeliveryId) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(purpose);
        mac.update(tenant.uuid().as_bytes());
        mac.update(delivery.uuid().as_bytes());
        mac
    }

    /// The token of a link for leaving the list of a letter.
    #[must_use]
    pub fn unsubscribe(&self, tenant: TenantId, delivery: DeliveryId) -> String {
        let mut bytes = Vec::with_capacity(48);
        bytes.extend(tenant.uuid().as_bytes());
        bytes.extend(delivery.uuid().as_bytes());
        let tag = self.mac(UNSUBSCRIBE, tenant, delivery).finalize().into_bytes();
        bytes.extend(&tag[..16]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The letter of such a token; none when we did not sign it.
    #[must_use]
    pub fn read_unsubscribe(&self, token: &str) -> Option<(TenantId, DeliveryId)> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok().filter(|bytes| bytes.len() == 48)?;
        let tenant = TenantId::from(Uuid::from_slice(&bytes[..16]).ok()?);
        let delivery = DeliveryId::from(Uuid::from_slice(&bytes[16..32]).ok()?);
        self.mac(UNSUBSCRIBE, tenant, delivery).verify_truncated_left(&bytes[32..]).ok()?;
        Some((tenant, delivery))
    }

    /// The local part of a letter's return path. It is at most 64 characters (RFC 5321 §4.5.3.1.1) and does not mind
    /// its case, so there is no room for the tenant: [`read_return_path`](Self::read_return_path) finds it by trying.
    #[must_use]
    pub fn return_path(&self, tenant: TenantId, delivery: DeliveryId) -> String {
        let tag = self.mac(BOUNCE, tenant, delivery).finalize().into_bytes();
        let tag: String = tag[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        format!("bounce+{}{tag}", delivery.uuid().simple())
    }

    /// The letter of a return path, whose tenant is one of these; none when we did not sign it.
    #[must_use]
    pub fn read_return_path(&self, address: &str, tenants: &[TenantId]) -> Option<(TenantId, DeliveryId)> {
        let local = address.rsplit_once('@').map_or(address, |(local, _)| local).to_ascii_lowercase();
        let token = local.strip_prefix("bounce+").filter(|token| token.len() == 48 && token.is_ascii())?;
        let delivery = DeliveryId::from(Uuid::try_parse(&token[..32]).ok()?);
        let tag: Option<Vec<u8>> =
            (32..48).step_by(2).map(|at| u8::from_str_radix(&token[at..at + 2], 16).ok()).collect();
        let tag = tag?;
        tenants
            .iter()
            .copied()
            .find(|tenant| self.mac(BOUNCE, *tenant, delivery).verify_truncated_left(&tag).is_ok())
            .map(|tenant| (tenant, delivery))
    }
}

const UNSUBSCRIBE: &[u8] = b"plenum mailings unsubscribe\0";
const BOUNCE: &[u8] = b"plenum mailings bounce\0";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_its_letter_and_cannot_be_made_up() {
        let signer = Signer::new(&[7; 32]);
        let (tenant, delivery) = (TenantId::new(), DeliveryId::new());
        let token = signer.unsubscribe(tenant, delivery);
        assert_eq!(signer.read_unsubscribe(&token), Some((tenant, delivery)));
        assert_eq!(Signer::new(&[8; 32]).read_unsubscribe(&token), None);
        let other = signer.unsubscribe(tenant, DeliveryId::new());
        let forged = format!("{}{}", &other[..43], &token[43..]);
        for wrong in ["", "x", &token[1..], &format!("{token}A"), &forged] {
            assert_eq!(signer.read_unsubscribe(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_return_path_fits_and_reads_back_in_any_case() {
        let signer = Signer::new(&[7; 32]);
        let (tenant, delivery) = (TenantId::new(), DeliveryId::new());
        let local = signer.return_path(tenant, delivery);
        assert!(local.len() <= 64, "{local}");
        let tenants = [TenantId::new(), tenant];
        let address = format!("{}@mail.example", local.to_uppercase());
        assert_eq!(signer.read_return_path(&address, &tenants), Some((tenant, delivery)));
        assert_eq!(signer.read_return_path(&address, &tenants[..1]), None);
        assert_eq!(Signer::new(&[8; 32]).read_return_path(&address, &tenants), None);
        for wrong in ["", "bounce+", "bounce+12@x", "postmaster@mail.example"] {
            assert_eq!(signer.read_return_path(wrong, &tenants), None, "{wrong}");
        }
    }
}
