//! Ticks set in an issue's task list at the embedded forge: once, byte by byte, and nobody's edit is lost.

use super::told::{demo, door, note, op};
use gonogo::demo::{Demo, FINE_GRAINED, FULL, Fault, READ_ONLY};
use gonogo::forge::{Forge, Look};
use gonogo::release::errand::{Errand, Outcome, Status};
use gonogo::release::ids::{IssueKey, Repo};
use gonogo::release::observe::Sighting;
use gonogo::release::tasks::{TaskTick, TasksRead, TickTasks};
use gonogo::release::text::Untrusted;
use serde_json::json;
use std::time::Duration;

const BODY: &str = "# Plan 计划\r\n\r\nby hand @\u{2060}bo\r\n- [ ] Tell the team <!-- gonogo:say -->\r\n\
                    - [x] mine  \r\n```\n- [ ] Bake a cake\n```\n* [ ] Bake a cake\n\n<!-- gonogo:op=01K -->";

async fn issue(demo: &Demo, body: &str) -> IssueKey {
    let made = json!({ "title": "Release v9", "body": body });
    let made = crate::demo::ask(demo, "POST", "/repos/octo/widget/issues", made).await.json();
    IssueKey { repo: Repo::parse("octo/widget").unwrap(), number: made["number"].as_u64().unwrap() }
}

fn path(key: &IssueKey) -> String {
    format!("/repos/octo/widget/issues/{}", key.number)
}

async fn body(demo: &Demo, key: &IssueKey) -> String {
    crate::demo::get(demo, &path(key)).await.json()["body"].as_str().unwrap().to_owned()
}

/// Somebody else edits the text.
async fn by_hand(api: &str, key: &IssueKey, body: &str) {
    let client = reqwest::Client::new();
    let request = client.patch(format!("{api}{}", path(key))).header("user-agent", "a person");
    let request = request.header("authorization", format!("Bearer {FINE_GRAINED}"));
    let reply = request.body(json!({ "body": body }).to_string()).send().await.unwrap();
    assert_eq!(reply.status(), 200);
}

fn errand(key: &IssueKey, ticks: &[(&str, &str, bool)]) -> Errand {
    let tick = |(item, text, on): &(&str, &str, bool)| TaskTick {
        item: (*item).into(),
        text: Untrusted::from(*text),
        on: *on,
    };
    Errand::TickTasks(TickTasks { target: key.clone(), ticks: ticks.iter().map(tick).collect() })
}

const BOTH: &[(&str, &str, bool)] = &[("say", "Tell the team", true), ("cake", "Bake a cake", true)];

fn ticked() -> String {
    BODY.replace("- [ ] Tell", "- [x] Tell").replace("* [ ] Bake", "* [x] Bake")
}

async fn seen(demo: &Demo, token: &str, key: &IssueKey) -> TasksRead {
    match door(demo, token).look(&Look::Tasks(key.clone())).await.sighting {
        Sighting::Tasks(read) => *read,
        other => panic!("{other:?}"),
    }
}

/// How often a text was written, the first included.
async fn versions(demo: &Demo, key: &IssueKey) -> usize {
    seen(demo, FULL, key).await.edits.len()
}

#[tokio::test]
async fn ticks_are_set_once_whatever_becomes_of_the_reply_and_the_rest_stays_byte_for_byte() {
    for fault in [None, Some(Fault::LostReply), Some(Fault::HalfReply), Some(Fault::NotJson)] {
        let demo = demo().await;
        let key = issue(&demo, BODY).await;
        if let Some(fault) = fault.clone() {
            demo.faults().next(1, "PATCH", "/issues/", fault);
        }
        let outcome = door(&demo, FULL).run(&op(1), &errand(&key, BOTH)).await;
        assert_eq!(outcome.status, Status::Ok, "{fault:?} {outcome:?}");
        assert_eq!(body(&demo, &key).await, ticked(), "{fault:?}");
        assert_eq!(versions(&demo, &key).await, 2);
        let again = door(&demo, FULL).run(&op(1), &errand(&key, BOTH)).await;
        assert_eq!((again.status, again.by.as_deref()), (Status::Ok, Some("probe")), "{again:?}");
        assert_eq!(versions(&demo, &key).await, 2, "nothing was sent again");
    }
}

#[tokio::test]
async fn what_did_not_arrive_is_in_doubt_and_said_not_to_have_happened_once_it_is_old() {
    for fault in [Fault::Drop, Fault::Status(502)] {
        let demo = demo().await;
        let key = issue(&demo, BODY).await;
        demo.faults().next(1, "PATCH", "/issues/", fault.clone());
        let (door, it) = (door(&demo, FULL), errand(&key, BOTH));
        let outcome = door.run(&op(1), &it).await;
        assert_eq!(outcome.status, Status::Unknown, "{fault:?} {outcome:?}");
        let now = chrono::Utc::now();
        assert_eq!(door.probe(&op(1), &it, now).await.status, Status::Unknown);
        let old = door.probe(&op(1), &it, now - chrono::TimeDelta::minutes(3)).await;
        assert_eq!((old.status, old.by.as_deref()), (Status::Failed, Some("probe")), "{old:?}");
        assert_eq!(body(&demo, &key).await, BODY);
    }
}

#[tokio::test]
async fn what_a_person_changed_after_a_write_in_doubt_is_not_written_over() {
    let demo = demo().await;
    let key = issue(&demo, BODY).await;
    let it = errand(&key, BOTH);
    assert_eq!(door(&demo, FULL).run(&op(1), &it).await.status, Status::Ok);
    by_hand(&demo.api_url, &key, &ticked().replace("- [x] Tell", "- [ ] Tell")).await;
    // The clock of this forge stands still in its own time.
    let then = "2026-11-21T08:00:00Z".parse().unwrap();
    let probed = door(&demo, FULL).probe(&op(1), &it, then).await;
    assert_eq!(probed.status, Status::Ok, "{probed:?}");
    assert!(note(&probed).contains("somebody has changed"), "{probed:?}");
    // A write that was on its way when its program ended, and came after somebody else's: that is said.
    by_hand(&demo.api_url, &key, &BODY.replace("by hand", "by two hands")).await;
    let late = json!({ "body": ticked() });
    assert_eq!(crate::demo::ask(&demo, "PATCH", &path(&key), late).await.status, 200);
    let probed = door(&demo, FULL).probe(&op(1), &it, then).await;
    assert_eq!(probed.status, Status::Ok, "{probed:?}");
    assert!(note(&probed).contains("over what bo-lindqvist wrote"), "{probed:?}");
}

#[tokio::test]
async fn an_edit_of_the_same_moment_is_kept_with_the_ticks_in_it() {
    let demo = demo().await;
    let key = issue(&demo, BODY).await;
    // What a person writes after the text was read and before it is written.
    let theirs = BODY.replace("by hand", "by two hands").replace("* [ ] Bake", "* [x] Bake");
    let outcome = beside(&demo, &key, &theirs, None).await;
    assert_eq!(outcome.status, Status::Ok, "{outcome:?}");
    assert!(note(&outcome).contains("bo-lindqvist edited it at the same moment"), "{outcome:?}");
    assert_eq!(body(&demo, &key).await, theirs.replace("- [ ] Tell", "- [x] Tell"));
}

/// A person's edit arrives between the reading and the writing of one tick; what comes of it, and what the issue says then.
/// What is asked after that meets a fault, where one is given.
async fn beside(demo: &Demo, key: &IssueKey, theirs: &str, then: Option<Fault>) -> Outcome {
    demo.faults().next(1, "PATCH", "/issues/", Fault::Delay(Duration::from_millis(700)));
    let (door, one) = (door(demo, FULL), errand(key, &BOTH[..1]));
    let person = async {
        while !demo.faults().all_met() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        by_hand(&demo.api_url, key, theirs).await;
        then.into_iter().for_each(|fault| demo.faults().next(9, "POST", "/graphql", fault));
    };
    let operation = op(1);
    let (outcome, ()) = tokio::join!(door.run(&operation, &one), person);
    outcome
}

#[tokio::test]
async fn where_the_history_of_edits_is_not_to_be_read_it_says_that_it_did_not_look() {
    for fault in [Fault::Status(403), Fault::Nulls] {
        let demo = demo().await;
        let key = issue(&demo, BODY).await;
        let theirs = BODY.replace("by hand", "by two hands");
        let outcome = beside(&demo, &key, &theirs, Some(fault.clone())).await;
        assert_eq!(outcome.status, Status::Ok, "{fault:?} {outcome:?}");
        assert!(note(&outcome).contains("does not tell whether somebody wrote"), "{fault:?} {outcome:?}");
    }
    // Nobody wrote, and the history says so: nothing is said.
    let demo = demo().await;
    let key = issue(&demo, BODY).await;
    let outcome = door(&demo, FULL).run(&op(1), &errand(&key, BOTH)).await;
    assert_eq!((outcome.status, outcome.note), (Status::Ok, None));
}

#[tokio::test]
async fn a_list_that_was_rewritten_is_merged_or_left_alone() {
    let demo = demo().await;
    let key = issue(&demo, BODY).await;
    let rewritten = "new\n- [ ] Bake a cake\n";
    by_hand(&demo.api_url, &key, rewritten).await;
    let outcome = door(&demo, FULL).run(&op(1), &errand(&key, BOTH)).await;
    assert_eq!((outcome.status, outcome.after["left"].raw()), (Status::Ok, "say"), "{outcome:?}");
    assert_eq!(body(&demo, &key).await, "new\n- [x] Bake a cake\n");
    let outcome = door(&demo, FULL).run(&op(2), &errand(&key, &BOTH[..1])).await;
    assert_eq!(outcome.status, Status::Conflict, "{outcome:?}");
    // What somebody ticked meanwhile is theirs.
    by_hand(&demo.api_url, &key, BODY).await;
    by_hand(&demo.api_url, &key, &BODY.replace("* [ ] Bake", "* [x] Bake")).await;
    let outcome = door(&demo, FULL).run(&op(3), &errand(&key, BOTH)).await;
    assert_eq!((outcome.status, outcome.after["already"].raw()), (Status::Ok, "cake"), "{outcome:?}");
    let refused = door(&demo, READ_ONLY).run(&op(4), &errand(&key, &[("say", "Tell the team", false)])).await;
    assert_eq!(refused.status, Status::Refused, "{refused:?}");
    let gone = IssueKey { number: 9999, ..key };
    let outcome = door(&demo, FULL).run(&op(5), &errand(&gone, BOTH)).await;
    assert!(matches!(outcome.status, Status::Failed | Status::Refused), "{outcome:?}");
    assert!(note(&outcome).contains("nothing was sent"), "{outcome:?}");
}

#[tokio::test]
async fn who_edited_is_told_with_each_text_and_an_issue_that_is_gone_is_said() {
    let demo = demo().await;
    let key = issue(&demo, BODY).await;
    let first = seen(&demo, FULL, &key).await;
    assert_eq!((first.body.as_ref().unwrap().raw(), first.edits.len()), (BODY, 0));
    by_hand(&demo.api_url, &key, &ticked()).await;
    let read = seen(&demo, FULL, &key).await;
    let by: Vec<_> = read.edits.iter().map(|edit| edit.by.as_ref().unwrap().line()).collect();
    assert_eq!(by, ["ana-weber", "bo-lindqvist"], "the oldest first");
    let texts: Vec<_> = read.edits.iter().map(|edit| edit.body.as_ref().unwrap().raw().to_owned()).collect();
    assert_eq!((texts, read.whole), (vec![BODY.to_owned(), ticked()], true));
    // Without GraphQL the text is there all the same.
    demo.faults().next(1, "POST", "/graphql", Fault::Status(403));
    let read = seen(&demo, FULL, &key).await;
    assert_eq!((read.edits.len(), read.body.is_some()), (0, true));
    let door = door(&demo, FULL);
    let one = door.look(&Look::Tasks(key.clone())).await;
    let two = door.look(&Look::Tasks(key.clone())).await;
    assert_eq!(one.sighting, two.sighting, "an answer of “unchanged” tells the same");
    let gone = IssueKey { number: 9999, ..key };
    assert_eq!(seen(&demo, FULL, &gone).await.body, None);
}
