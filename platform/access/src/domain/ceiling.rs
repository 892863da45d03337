//! Nobody gives more than they hold: neither another permission, nor in a place above, nor for longer.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use plenum_authz::{Actor, Catalogue, Place, Policy, Viewer};

/// The permissions, of those named, that the viewer does not hold at the place until then (`None`: without an end). The
/// platform itself lacks nothing; a name that is not in the catalogue is lacked by everybody else.
#[must_use]
pub fn lacking(
    policy: &Policy,
    catalogue: &Catalogue,
    viewer: &Viewer,
    permissions: &BTreeSet<String>,
    place: &Place,
    until: Option<DateTime<Utc>>,
) -> BTreeSet<String> {
    if matches!(viewer.actor, Actor::System(_)) {
        return BTreeSet::new();
    }
    let holds = |name: &str| {
        catalogue.get(name).is_some_and(|described| {
            viewer.grants.iter().any(|grant| {
                outlasts(grant.until, until) && policy.decide(grant, place, described.permission)
            })
        })
    };
    permissions.iter().filter(|name| !holds(name)).cloned().collect()
}

fn outlasts(held: Option<DateTime<Utc>>, given: Option<DateTime<Utc>>) -> bool {
    match (held, given) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(held), Some(given)) => given <= held,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use plenum_authz::{Grant, Permission};
    use plenum_kernel::{AccountId, TenantId};
    use uuid::Uuid;

    use super::*;

    const VIEW: Permission = Permission::new("members.view");
    const EDIT: Permission = Permission::new("members.edit");

    #[tokio::test]
    async fn nobody_gives_more_than_they_hold_nor_higher_nor_longer() {
        let policy = Policy::load(&[("test", "p, reader, members.view\np, keeper, members.edit\n")])
            .await
            .expect("the policy loads");
        let words = ("а", "а");
        let catalogue = Catalogue::new(&[&[VIEW.described(words, words), EDIT.described(words, words)]]);
        let (root, unit) = (Uuid::from_u128(1), Uuid::from_u128(7));
        let (above, here) = (Place::of_units(&[root]), Place::of_units(&[root, unit]));
        let end = DateTime::from_timestamp(1_798_761_600, 0).expect("a moment");
        let grants = vec![
            Grant::lasting("reader", here.clone(), unit),
            Grant { until: Some(end), ..Grant::lasting("keeper", here.clone(), unit) },
        ];
        let viewer = Viewer::person(AccountId::new(), TenantId::new(), grants);
        let check = |names: &[&str], place: &Place, until, expected: &[&str]| {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            let found = lacking(&policy, &catalogue, &viewer, &names, place, until);
            assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
        };
        check(&["members.view"], &here, None, &[]);
        check(&["members.view"], &above, None, &["members.view"]);
        check(&["members.edit", "members.view"], &here, None, &["members.edit"]);
        check(&["members.edit"], &here, Some(end), &[]);
        check(&["members.edit"], &here, Some(end + TimeDelta::seconds(1)), &["members.edit"]);
        check(&["identity.read_grants"], &here, None, &["identity.read_grants"]);
    }
}
