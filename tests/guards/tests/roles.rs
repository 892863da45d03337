//! Roles and permissions have words, and nobody is handed more than was meant.

use std::collections::BTreeSet;

use plenum_authz::Text;
use plenum_server::policy;
use plenum_tenancy::ready::{self, Given};

fn in_both_languages(text: Text, of: &str) {
    let russian = |letter: char| ('а'..='я').contains(&letter.to_lowercase().next().unwrap_or(letter));
    assert!(text.ru.chars().any(russian), "{of} has no words in Russian: {text:?}");
    assert!(!text.en.is_empty() && !text.en.chars().any(russian), "{of} has no words in English: {text:?}");
}

#[tokio::test]
async fn every_permission_of_a_role_has_words_in_both_languages() {
    let (policy, catalogue) = (policy::load().await.expect("the policy loads"), policy::catalogue());
    let held: BTreeSet<String> =
        policy.roles().iter().flat_map(|role| policy.permissions_of_role(role)).collect();
    let described: BTreeSet<String> = catalogue.all().map(|one| one.permission.as_str().to_owned()).collect();
    assert_eq!(held, described, "permissions of roles, and permissions with words");
    for one in catalogue.all() {
        in_both_languages(one.title, one.permission.as_str());
        in_both_languages(one.meaning, one.permission.as_str());
    }
}

#[tokio::test]
async fn every_role_has_words_in_both_languages() {
    let policy = policy::load().await.expect("the policy loads");
    let named: BTreeSet<&str> = ready::ROLES.iter().map(|role| role.name).collect();
    assert_eq!(named, policy.roles().iter().map(String::as_str).collect());
    for role in ready::ROLES {
        in_both_languages(role.title, role.name);
        in_both_languages(role.meaning, role.name);
    }
}

/// Nobody gives more than they hold: an administrator could not give a role that holds more.
#[tokio::test]
async fn an_administrator_holds_all_that_is_given_by_hand() {
    let policy = policy::load().await.expect("the policy loads");
    let all = policy.permissions_of_role(ready::ADMINISTRATOR);
    for role in ready::ROLES.iter().filter(|role| role.given == Given::ByHand) {
        let missing: Vec<String> = policy.permissions_of_role(role.name).difference(&all).cloned().collect();
        assert!(missing.is_empty(), "an administrator cannot give {}: {missing:?}", role.name);
    }
}

/// Who audits must not be able to change what they audit.
#[tokio::test]
async fn an_auditor_reads_more_than_a_member_and_writes_no_more() {
    let policy = policy::load().await.expect("the policy loads");
    let member = policy.permissions_of_role(ready::MEMBER);
    let more: Vec<String> = policy.permissions_of_role("auditor").difference(&member).cloned().collect();
    let reading = |name: &str| name.ends_with(".view") || name == "tenancy.people";
    assert!(more.iter().all(|name| reading(name)), "{more:?}");
    assert!(more.len() >= 6, "{more:?}");
}
