//! Audiences, as other modules ask for them.

use plenum_members::{RegisterReads, import_file};
use plenum_members_api::{Audience, Consent, MemberId, MembersRead, Office as Held};
use serde_json::json;

use crate::Office;

const REGISTER: &str = "ФИО;Дата рождения;Пол;E-mail;ППО;Согласие;Выборная должность
Орлова Анна Ильинична;01.02.1980;ж;anna@example.org;ППО № 2;да;председатель ППО
Ёжиков Пётр Ильич;24.11.1996;м;;ППО № 10;нет;
Котова Ольга Петровна;23.11.1996;ж;;ППО № 1;;казначей
";

#[tokio::test]
async fn criteria_narrow_and_count_as_they_select() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let (db, files) = (&office.world.db, &office.world.files);
    import_file(db, files, &keeper, "a.csv", REGISTER.into()).await.unwrap();
    let units = &office.tenant.units;
    let all = Audience::default();
    let mut tx = office.world.system(&office.tenant).await;
    for (audience, expected) in [
        (all.clone(), vec!["Ёжиков", "Котова", "Орлова"]),
        (Audience { units: vec![units[1]], ..all.clone() }, vec!["Орлова"]),
        (Audience { units: vec![office.tenant.root], ..all.clone() }, vec!["Ёжиков", "Котова", "Орлова"]),
        (Audience { offices: vec![Held::Chair], of_primaries: true, ..all.clone() }, vec!["Орлова"]),
        (Audience { of_primaries: true, ..all.clone() }, vec!["Котова", "Орлова"]),
        (Audience { age_from: Some(30), ..all.clone() }, vec!["Котова", "Орлова"]),
        (Audience { age_to: Some(29), ..all.clone() }, vec!["Ёжиков"]),
        (Audience { sex: Some("female".to_owned()), ..all.clone() }, vec!["Котова", "Орлова"]),
        (Audience { consent: Some(Consent::Given), with_email: true, ..all.clone() }, vec!["Орлова"]),
        (Audience { with_account: true, ..all.clone() }, vec![]),
        (Audience { only: Some(Vec::new()), ..all.clone() }, vec![]),
    ] {
        let selected = RegisterReads.select(&mut tx, &audience, None, 100).await.unwrap();
        let mut names: Vec<_> =
            selected.iter().map(|one| one.full_name.split(' ').next().unwrap().to_owned()).collect();
        names.sort_by_key(|name| name.replace('Ё', "Е"));
        assert_eq!(names, expected, "{audience:?}");
        let count = RegisterReads.count_selected(&mut tx, &audience).await.unwrap();
        assert_eq!(count, i64::try_from(expected.len()).unwrap(), "{audience:?}");
    }
    // By pages, everybody once.
    let (mut seen, mut after) = (Vec::<MemberId>::new(), None);
    while let [one] = RegisterReads.select(&mut tx, &all, after, 1).await.unwrap().as_slice() {
        seen.push(one.id);
        after = Some(one.id);
    }
    assert_eq!(seen.len(), 3);
    let except = Audience { except: vec![seen[0]], ..all };
    assert_eq!(RegisterReads.count_selected(&mut tx, &except).await.unwrap(), 2);
}

#[tokio::test]
async fn who_left_is_never_meant() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let (id, anna) = office.anna(&keeper, json!({})).await;
    let account = anna.account().unwrap();
    let mut tx = office.world.system(&office.tenant).await;
    assert_eq!(RegisterReads.by_account(&mut tx, account).await.unwrap().unwrap().id.to_string(), id);
    assert_eq!(RegisterReads.count_selected(&mut tx, &Audience::default()).await.unwrap(), 1);
    drop(tx);
    crate::transfers::carry_over(&office, &keeper, &id).await;
    let mut tx = office.world.system(&office.tenant).await;
    assert_eq!(RegisterReads.count_selected(&mut tx, &Audience::default()).await.unwrap(), 0);
    assert_eq!(RegisterReads.select(&mut tx, &Audience::default(), None, 10).await.unwrap(), []);
    assert_eq!(RegisterReads.by_account(&mut tx, account).await.unwrap(), None);
    assert_eq!(RegisterReads.count(&mut tx, None).await.unwrap(), 0);
}
