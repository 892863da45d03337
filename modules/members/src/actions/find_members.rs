//! Finds a page of members; when nobody is found as written, those whose names are nearly what was looked for.

use std::collections::HashMap;

use plenum_db::TenantTx;
use plenum_members_api::MemberId;
use uuid::Uuid;

use crate::{
    domain::{
        likeness::{Distance, Likeness, may_be_misspelt},
        search::Word,
    },
    store::{
        filters::{Candidate, List, ListError, Query},
        persons::{self, Person},
    },
};

/// Members that were found.
#[derive(Debug)]
pub(crate) struct Found {
    /// The people.
    pub(crate) people: Vec<Person>,
    /// Nobody was found as written: so many have names like it, of whom these are the nearest, nearest first. There
    /// is no further page.
    pub(crate) alike: Option<usize>,
}

/// The people of a list after one of them, at most `limit`; of `visible` units, `None` is all. Where a list would be
/// empty because a name is misspelt, those with a name like it.
pub(crate) async fn find_members(
    tx: &mut TenantTx,
    list: &List,
    visible: Option<Vec<Uuid>>,
    after: Option<MemberId>,
    limit: i64,
) -> Result<Found, ListError> {
    let query = Query::new(tx, list, visible).await?;
    let people = query.page(tx, after, limit).await?;
    if !people.is_empty() || after.is_some() {
        return Ok(Found { people, alike: None });
    }
    let guessed: Vec<usize> =
        (0..query.words().len()).filter(|at| may_be_misspelt(&query.words()[*at])).collect();
    if guessed.is_empty() {
        return Ok(Found { people, alike: None });
    }
    let words: Vec<Word> = guessed.iter().map(|at| query.words()[*at].clone()).collect();
    let candidates = query.candidates(tx, &guessed).await?;
    let most = usize::try_from(limit).unwrap_or_default();
    // Some hundred thousand names are compared: not in a thread that others wait for.
    let (nearest, alike) = tokio::task::spawn_blocking(move || nearest(&words, candidates, most))
        .await
        .expect("comparing names neither panics nor is aborted");
    let mut by_id: HashMap<MemberId, Person> =
        persons::by_ids(tx, &nearest).await?.into_iter().map(|person| (person.id, person)).collect();
    let people: Vec<Person> = nearest.iter().filter_map(|id| by_id.remove(id)).collect();
    Ok(Found { alike: Some(alike).filter(|_| !people.is_empty()), people })
}

/// The nearest, and how many are as near or hardly further away; those equally near by name.
fn nearest(words: &[Word], candidates: Vec<Candidate>, most: usize) -> (Vec<MemberId>, usize) {
    let mut likeness = Likeness::to(words);
    let mut alike: Vec<(Distance, String, Uuid)> = candidates
        .into_iter()
        .filter_map(|one| {
            let distance = likeness.of(&one.name_key, &one.elsewhere)?;
            Some((distance, one.name_key, one.id))
        })
        .collect();
    alike.sort_by(|(near, name, id), (far, other, another)| {
        near.compare(far).then_with(|| name.cmp(other)).then_with(|| id.cmp(another))
    });
    let Some(first) = alike.first().map(|(distance, ..)| *distance) else { return (Vec::new(), 0) };
    alike.retain(|(distance, ..)| distance.is_beside(&first));
    (alike.iter().take(most).map(|(_, _, id)| (*id).into()).collect(), alike.len())
}
