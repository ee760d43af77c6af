//! Milestones created and issues opened at the embedded forge: once, whatever becomes of the reply.

use super::told::{demo, door, note, op};
use gonogo::demo::{FULL, Fault, READ_ONLY};
use gonogo::forge::Forge;
use gonogo::release::errand::{Errand, Outcome, Status};
use gonogo::release::ids::Repo;
use gonogo::release::planned::{CreateMilestone, OpenIssue};
use gonogo::release::text::Untrusted;
use serde_json::Value;

fn milestone(title: &str) -> Errand {
    Errand::CreateMilestone(CreateMilestone {
        target: Repo::parse("octo/widget").unwrap(),
        title: Untrusted::from(title),
        due: chrono::NaiveDate::from_ymd_opt(2027, 1, 31),
    })
}

fn issue(title: &str) -> Errand {
    Errand::OpenIssue(OpenIssue {
        target: Repo::parse("octo/widget").unwrap(),
        title: Untrusted::from(title),
        body: Untrusted::from("### Prepare\n\n- [ ] tag it"),
        labels: vec![Untrusted::from("release")],
        milestone: Some(1),
    })
}

async fn rows(demo: &gonogo::demo::Demo, path: &str) -> Vec<Value> {
    let path = format!("/repos/octo/widget/{path}");
    crate::demo::get(demo, &path).await.json().as_array().unwrap().clone()
}

fn after<'a>(outcome: &'a Outcome, name: &str) -> &'a str {
    outcome.after.get(name).map_or("", |it| it.raw())
}

#[tokio::test]
async fn a_milestone_is_created_once_with_its_day() {
    for fault in [None, Some(Fault::LostReply), Some(Fault::HalfReply), Some(Fault::NotJson)] {
        let demo = demo().await;
        let door = door(&demo, FULL);
        if let Some(fault) = fault.clone() {
            demo.faults().next(1, "POST", "/milestones", fault);
        }
        let first = door.run(&op(1), &milestone("9.9.0")).await;
        assert_eq!(first.status, Status::Ok, "{fault:?} {first:?}");
        assert_eq!(after(&first, "due"), "2027-01-31");
        let again = door.run(&op(2), &milestone("9.9.0")).await;
        assert_eq!((again.status, again.by.as_deref()), (Status::Ok, Some("probe")), "{again:?}");
        let all = rows(&demo, "milestones?state=all&per_page=100").await;
        assert_eq!(all.iter().filter(|row| row["title"] == "9.9.0").count(), 1);
        let probed = door.probe(&op(3), &milestone("9.9.1"), chrono::Utc::now()).await;
        assert_eq!(probed.status, Status::Unknown, "looking creates nothing: {probed:?}");
    }
}

#[tokio::test]
async fn an_issue_is_opened_once_with_labels_in_its_milestone() {
    for fault in [None, Some(Fault::LostReply), Some(Fault::HalfReply), Some(Fault::NotJson)] {
        let demo = demo().await;
        let door = door(&demo, FULL);
        if let Some(fault) = fault.clone() {
            demo.faults().next(1, "POST", "/issues", fault);
        }
        let first = door.run(&op(1), &issue("Release 9.9.0")).await;
        assert_eq!(first.status, Status::Ok, "{fault:?} {first:?}");
        let again = door.run(&op(1), &issue("Release 9.9.0")).await;
        assert_eq!((again.status, again.by.as_deref()), (Status::Ok, Some("probe")), "{again:?}");
        assert_eq!(after(&first, "issue"), after(&again, "issue"));
        let all = rows(&demo, "issues?milestone=1&per_page=100").await;
        let ours: Vec<_> = all.iter().filter(|row| row["title"] == "Release 9.9.0").collect();
        assert_eq!(ours.len(), 1);
        assert_eq!(ours[0]["labels"][0]["name"], "release");
        assert!(ours[0]["body"].as_str().unwrap().starts_with("### Prepare\n\n- [ ] tag it\n"));
        // Another operation leaves it alone and says so.
        let other = door.run(&op(2), &issue("Release 9.9.0")).await;
        assert_eq!(other.status, Status::Conflict, "{other:?}");
        assert!(note(&other).contains("an open issue of that title is there: #"), "{}", note(&other));
    }
}

#[tokio::test]
async fn a_token_that_may_not_is_told_so() {
    let demo = demo().await;
    let door = door(&demo, READ_ONLY);
    for errand in [milestone("9.9.0"), issue("Release 9.9.0")] {
        let outcome = door.run(&op(1), &errand).await;
        assert_eq!(outcome.status, Status::Refused, "{outcome:?}");
        assert!(note(&outcome).contains("issues=write"), "{}", note(&outcome));
    }
}
