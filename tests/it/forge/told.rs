//! Announcements that the forge carries out: a discussion in its category, what goes below a release's notes. Each is
//! there once, whatever becomes of the reply.

use super::{hasty, text};
use gonogo::demo::{Clock, Demo, FULL, Fault, Options, READ_ONLY};
use gonogo::forge::token::Origin;
use gonogo::forge::{Api, Forge, Github, Setup, Token};
use gonogo::release::announce::{Announce, Via};
use gonogo::release::errand::{Errand, Outcome, Status};
use gonogo::release::ids::{OpId, Repo};
use serde_json::json;

pub async fn demo() -> Demo {
    let moment = chrono::DateTime::parse_from_rfc3339("2026-11-21T08:00:00Z").unwrap().to_utc();
    gonogo::demo::start(Options { clock: Clock::held_at(moment), ..Options::default() }).await.unwrap()
}

pub fn door(demo: &Demo, token: &str) -> Github {
    let api = Api::of_url(&demo.api_url).unwrap();
    let token = Token::new(token, api.host(), Origin::Given).unwrap();
    Github::new(Setup { patience: hasty(), ..Setup::new(api, Some(token)) }).unwrap()
}

/// After the clock's moment, as an operation of that day is.
pub fn op(number: u64) -> OpId {
    OpId::parse(&format!("01KAHQ9C7D{number:016}")).unwrap()
}

fn announce(demo: &Demo, via: Via, category: &str) -> Announce {
    Announce {
        id: "news".into(),
        via,
        to: text("it"),
        text: text("the release is out"),
        title: text("Widget 0.7"),
        version: text("0.7.0"),
        tag: text("v0.7.0"),
        link: None,
        thread: None,
        internal: false,
        issue: None,
        thread_id: None,
        repo: Some(demo.repo.clone()),
        category: Some(text(category)),
        candidate: false,
    }
}

async fn discussions(demo: &Demo) -> Vec<String> {
    let query = "{ repository(owner: \"octo\", name: \"widget\") { discussions(first: 50) { nodes {
        title body url category { name } } } } }";
    let answer = crate::demo::ask(demo, "POST", "/graphql", json!({ "query": query })).await.json();
    let nodes = answer["data"]["repository"]["discussions"]["nodes"].as_array().unwrap().clone();
    nodes.iter().map(|it| format!("{} | {} | {}", it["category"]["name"], it["title"], it["body"])).collect()
}

fn link(outcome: &Outcome) -> &str {
    outcome.after.get("link").map_or("", |link| link.raw())
}

pub fn note(outcome: &Outcome) -> String {
    outcome.note.as_ref().map(|note| note.line()).unwrap_or_default()
}

#[tokio::test]
async fn a_discussion_is_begun_once_in_its_category_and_says_where_it_is() {
    let demo = demo().await;
    let door = door(&demo, FULL);
    // Its name or its slug, whatever their case.
    for (number, category) in [(1, "announcements"), (2, "Show and tell"), (3, "show-and-tell")] {
        let errand = Errand::Announce(announce(&demo, Via::Discussion, category));
        let first = door.run(&op(number), &errand).await;
        assert_eq!((first.status, first.by.as_deref()), (Status::Ok, None), "{first:?}");
        assert!(link(&first).contains("/octo/widget/discussions/"), "{first:?}");
        let again = door.run(&op(number), &errand).await;
        assert_eq!((again.status, again.by.as_deref()), (Status::Ok, Some("probe")), "{again:?}");
        assert_eq!(link(&first), link(&again));
    }
    let all = discussions(&demo).await;
    assert_eq!(all.len(), 3);
    assert!(all[0].starts_with("\"Announcements\" | \"Widget 0.7\" | \"the release is out"), "{all:?}");
    assert!(all[2].starts_with("\"Show and tell\""), "{all:?}");
}

#[tokio::test]
async fn a_lost_reply_is_settled_by_the_mark_and_nothing_is_begun_twice() {
    for fault in [Fault::LostReply, Fault::HalfReply, Fault::NotJson] {
        let demo = demo().await;
        let door = door(&demo, FULL);
        let errand = Errand::Announce(announce(&demo, Via::Discussion, "General"));
        demo.faults().after(1, "POST", "/graphql", fault.clone());
        let outcome = door.run(&op(1), &errand).await;
        assert_eq!(
            (outcome.status, outcome.by.as_deref()),
            (Status::Ok, Some("probe")),
            "{fault:?} {outcome:?}"
        );
        assert!(link(&outcome).contains("/discussions/"));
        assert_eq!(discussions(&demo).await.len(), 1);
        let probed = door.probe(&op(1), &errand, chrono::Utc::now()).await;
        assert_eq!(probed.status, Status::Ok);
        // One that nobody finds stays in doubt, and is not begun by looking.
        let probed = door.probe(&op(2), &errand, chrono::Utc::now()).await;
        assert_eq!(probed.status, Status::Unknown, "{probed:?}");
        assert_eq!(discussions(&demo).await.len(), 1);
    }
}

#[tokio::test]
async fn why_no_discussion_can_be_begun_is_said_and_nothing_is_sent() {
    let demo = demo().await;
    let door = door(&demo, FULL);
    let outcome = door.run(&op(1), &Errand::Announce(announce(&demo, Via::Discussion, "News"))).await;
    assert_eq!(outcome.status, Status::Conflict);
    assert!(
        note(&outcome).contains("no category News; it has: Announcements, General"),
        "{}",
        note(&outcome)
    );
    let other = Announce {
        repo: Some(Repo::parse("octo/widget-client").unwrap()),
        ..announce(&demo, Via::Discussion, "General")
    };
    let outcome = door.run(&op(2), &Errand::Announce(other)).await;
    assert_eq!(outcome.status, Status::Conflict);
    assert!(note(&outcome).contains("discussions are not enabled"), "{}", note(&outcome));
    let reader = self::door(&demo, READ_ONLY);
    let outcome = reader.run(&op(3), &Errand::Announce(announce(&demo, Via::Discussion, "General"))).await;
    assert_eq!(outcome.status, Status::Refused, "{outcome:?}");
    assert!(note(&outcome).contains("not accessible by personal access token"), "{}", note(&outcome));
    assert!(discussions(&demo).await.is_empty());
}

#[tokio::test]
async fn what_goes_below_a_release_stands_there_once_and_changes_nothing_above() {
    let demo = demo().await;
    let door = door(&demo, FULL);
    let rows = crate::demo::get(&demo, "/repos/octo/widget/releases").await.json();
    let row =
        rows.as_array().unwrap().iter().find(|row| row["body"].as_str().is_some_and(|it| !it.is_empty()));
    let row = row.expect("a release with notes").clone();
    let it = Announce { tag: text(row["tag_name"].as_str().unwrap()), ..announce(&demo, Via::Release, "") };
    let errand = Errand::Announce(it.clone());
    demo.faults().next(1, "PATCH", "/releases/", Fault::LostReply);
    let first = door.run(&op(1), &errand).await;
    assert_eq!((first.status, first.by.as_deref()), (Status::Ok, Some("probe")), "{first:?}");
    assert_eq!(link(&first), row["html_url"].as_str().unwrap());
    assert_eq!(door.run(&op(1), &errand).await.status, Status::Ok);
    let path = format!("/repos/octo/widget/releases/{}", row["id"]);
    let now = crate::demo::get(&demo, &path).await.json();
    let body = now["body"].as_str().unwrap();
    assert!(body.starts_with(row["body"].as_str().unwrap().trim_end()), "{body}");
    assert_eq!(body.matches("the release is out").count(), 1, "{body}");
    assert_eq!((&now["name"], &now["draft"]), (&row["name"], &row["draft"]));
    // Another one stands below it.
    let second = door.run(&op(2), &errand).await;
    assert_eq!((second.status, second.by.as_deref()), (Status::Ok, None), "{second:?}");
    let none = Errand::Announce(Announce { tag: text("v99.0.0"), ..it });
    let outcome = door.run(&op(3), &none).await;
    assert!(note(&outcome).contains("has no release of v99.0.0"), "{}", note(&outcome));
}
