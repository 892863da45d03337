//! Who may get a letter: the only way into the ledger.

use std::collections::HashSet;

use plenum_members_api::{Consent, Member, MemberId};

/// Why a member of the audience gets no letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Exclusion {
    /// No consent to the use of their data is on record, or it was withdrawn.
    NoConsent,
    /// No address is on record.
    NoAddress,
    /// They left the list.
    Unsubscribed,
    /// The address does not exist: a letter to it came back.
    Bounced,
    /// Another member of the audience has the same mailbox.
    SameAddress,
}

impl Exclusion {
    /// Every one of them.
    pub const ALL: [Self; 5] =
        [Self::NoConsent, Self::NoAddress, Self::Unsubscribed, Self::Bounced, Self::SameAddress];

    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoConsent => "no_consent",
            Self::NoAddress => "no_address",
            Self::Unsubscribed => "unsubscribed",
            Self::Bounced => "bounced",
            Self::SameAddress => "same_address",
        }
    }
}

/// Who of some members gets nothing of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suppressed {
    /// Members who left the list, whatever their address is now.
    pub members: HashSet<MemberId>,
    /// Addresses that left the list, whoever has them now.
    pub left: HashSet<String>,
    /// Addresses that do not exist.
    pub bounced: HashSet<String>,
}

/// Somebody who may get a letter. Only [`Recipient::admit`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    member: MemberId,
    full_name: String,
    address: String,
    key: String,
}

impl Recipient {
    /// Lets a member of the audience in, whatever the criteria of the audience said.
    ///
    /// # Errors
    /// [`Exclusion`]: the reason for which they get no letter.
    pub fn admit(member: &Member, suppressed: &Suppressed) -> Result<Self, Exclusion> {
        if member.consent != Consent::Given {
            return Err(Exclusion::NoConsent);
        }
        let address = member.email.as_deref().map(str::trim).filter(|address| !address.is_empty());
        let address = address.ok_or(Exclusion::NoAddress)?;
        let key = address_key(address);
        if suppressed.members.contains(&member.id) || suppressed.left.contains(&key) {
            return Err(Exclusion::Unsubscribed);
        }
        if suppressed.bounced.contains(&key) {
            return Err(Exclusion::Bounced);
        }
        Ok(Self { member: member.id, full_name: member.full_name.clone(), address: address.to_owned(), key })
    }

    /// The member.
    #[must_use]
    pub fn member(&self) -> MemberId {
        self.member
    }

    /// Their name.
    #[must_use]
    pub fn full_name(&self) -> &str {
        &self.full_name
    }

    /// Their address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The address as it is compared.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// An address as it is compared.
#[must_use]
pub fn address_key(address: &str) -> String {
    address.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use plenum_kernel::UnitId;

    use super::*;

    fn member() -> Member {
        Member {
            id: MemberId::new(),
            unit: UnitId::new(),
            full_name: "Белова Анна Ивановна".to_owned(),
            given_names: "Анна Ивановна".to_owned(),
            email: Some(" Anna@Example.org ".to_owned()),
            account: None,
            consent: Consent::Given,
        }
    }

    #[test]
    fn only_who_consented_and_can_be_reached_gets_a_letter() {
        let anna = member();
        let admitted = Recipient::admit(&anna, &Suppressed::default()).expect("nothing speaks against it");
        assert_eq!((admitted.address(), admitted.key()), ("Anna@Example.org", "anna@example.org"));
        let check = |member: Member, suppressed: Suppressed, expected| {
            assert_eq!(Recipient::admit(&member, &suppressed), Err(expected));
        };
        let key = || HashSet::from(["anna@example.org".to_owned()]);
        for consent in [Consent::Refused, Consent::Missing] {
            check(Member { consent, ..anna.clone() }, Suppressed::default(), Exclusion::NoConsent);
        }
        for email in [None, Some("  ".to_owned())] {
            check(Member { email, ..anna.clone() }, Suppressed::default(), Exclusion::NoAddress);
        }
        check(anna.clone(), Suppressed { left: key(), ..Suppressed::default() }, Exclusion::Unsubscribed);
        let members = HashSet::from([anna.id]);
        check(anna.clone(), Suppressed { members, ..Suppressed::default() }, Exclusion::Unsubscribed);
        check(anna, Suppressed { bounced: key(), ..Suppressed::default() }, Exclusion::Bounced);
    }
}
