//! Tasks from instruction to acceptance.

use plenum_authz::Viewer;

use crate::office::{Office, fault, reason, text};

fn give(document: &str, assignee: &Viewer, due: &str) -> String {
    let account = assignee.account().expect("a person");
    format!(
        "mutation {{ giveResolution(input: {{ document: \"{document}\", text: \"Подготовить ответ\", \
         tasks: [{{ text: \"Составить проект\", assignee: \"{account}\", dueOn: \"{due}\" }}] }}) \
         {{ tasks {{ id state viewerCan {{ report }} }} }} }}"
    )
}

#[tokio::test]
async fn a_task_is_reported_returned_and_accepted() {
    let office = Office::open().await;
    let (assignee, stranger) = (office.person("member").await, office.person("member").await);
    let document = office.paper("INCOMING", "Запрос").await;
    let refused = office.ask(&stranger, &give(&document, &assignee, "2026-11-25")).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_FOUND", "{refused}");
    let past = office.ask(&office.clerk, &give(&document, &assignee, "2026-11-22")).await;
    assert_eq!(fault(&past), ("input.tasks.0.dueOn".to_owned(), "in_the_past".to_owned()));
    let given = office.done(&office.clerk, &give(&document, &assignee, "2026-11-25")).await;
    let task = text(&given["tasks"][0]["id"]);

    let step = |field: &str, more: &str| {
        format!("mutation {{ {field}(task: \"{task}\"{more}) {{ state report remark }} }}")
    };
    let report = step("reportTask", ", report: \"Проект готов\"");
    let accept = step("acceptTask", "");
    let back = step("returnTask", ", comment: \"Добавьте таблицу\"");
    assert_eq!(reason(&office.ask(&office.clerk, &accept).await), "not_reported");
    assert_eq!(reason(&office.ask(&office.clerk, &report).await), "assignee_only");
    assert_eq!(office.done(&assignee, &step("beginTask", "")).await["state"], "IN_WORK");
    assert_eq!(fault(&office.ask(&assignee, &step("reportTask", ", report: \" \"")).await).1, "empty");
    assert_eq!(office.done(&assignee, &report).await["state"], "REPORTED");
    assert_eq!(reason(&office.ask(&assignee, &report).await), "already_reported");
    assert_eq!(reason(&office.ask(&assignee, &accept).await), "controller_only");
    assert_eq!(office.done(&office.clerk, &back).await["remark"], "Добавьте таблицу");
    assert_eq!(office.done(&assignee, &report).await["state"], "REPORTED");
    assert_eq!(office.done(&office.clerk, &accept).await["state"], "ACCEPTED");
    assert_eq!(reason(&office.ask(&office.clerk, &back).await), "task_done");
    let hidden = office.ask(&stranger, &step("beginTask", "")).await;
    assert_eq!(hidden["errors"][0]["extensions"]["code"], "NOT_FOUND", "{hidden}");
}

#[tokio::test]
async fn a_late_task_is_listed_as_such_and_reminded_of() {
    let office = Office::open().await;
    let assignee = office.person("member").await;
    let document = office.paper("INCOMING", "Запрос").await;
    office.done(&office.clerk, &give(&document, &assignee, "2026-11-24")).await;
    let overdue = "{ tasks(view: MINE, overdue: true) { nodes { text isOverdue } } }";
    assert_eq!(office.done(&assignee, overdue).await["nodes"].as_array().map(Vec::len), Some(0));
    office.work().await;
    let letters = || async { office.server.outbox.list(10, None).await.expect("the outbox").len() };
    assert_eq!(letters().await, 0);
    // The morning after the day, where the organization is.
    office.server.world.clock.advance(chrono::TimeDelta::days(2));
    office.work().await;
    assert_eq!(office.done(&assignee, overdue).await["nodes"][0]["isOverdue"], true);
    // To the assignee, and to the one who controls it.
    assert_eq!(letters().await, 2);
    let controlled = "{ tasks(view: CONTROLLED) { nodes { document { title } } } }";
    assert_eq!(office.done(&office.clerk, controlled).await["nodes"][0]["document"]["title"], "Запрос");
}
