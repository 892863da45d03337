//! Finding people by their union cards, for lists that come from outside.

use std::collections::HashMap;

use plenum_db::{StoreError, TenantTx};
use plenum_members_api::MemberId;

use crate::{RegisterReads, domain::card::CardNumber, store::cards};

impl RegisterReads {
    /// The holders of these cards, by the number as it was asked for; spaces and case make no difference. It answers
    /// for the whole tenant: the asking module answers for what it shows of it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn holders_of_cards(
        &self,
        tx: &mut TenantTx,
        numbers: &[String],
    ) -> Result<HashMap<String, MemberId>, StoreError> {
        let asked: Vec<(&String, String)> = numbers
            .iter()
            .filter_map(|number| Some((number, CardNumber::parse(number)?.key().as_str().to_owned())))
            .collect();
        let keys: Vec<String> = asked.iter().map(|(_, key)| key.clone()).collect();
        let holders: HashMap<String, MemberId> = cards::holders(tx, &keys).await?.into_iter().collect();
        Ok(asked
            .into_iter()
            .filter_map(|(number, key)| Some((number.clone(), *holders.get(&key)?)))
            .collect())
    }
}
