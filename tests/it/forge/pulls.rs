//! Backport pull requests: opened once, whatever becomes of the reply, and dressed with what is missing.

use super::server::{Say, Server};
use super::{branch, github, hasty, op, repo, text};
use gonogo::demo::{Clock, Demo, FULL, Options, READ_ONLY};
use gonogo::forge::token::Origin;
use gonogo::forge::{Api, Forge, Github, Setup, Token};
use gonogo::release::errand::{Errand, Outcome, Status};
use gonogo::release::ids::{Branch, IssueKey, OpId};
use gonogo::release::picks::{DressPull, OpenPull, PickKey};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

fn opening() -> OpenPull {
    OpenPull {
        target: repo(),
        base: branch("release-1.2.x"),
        head: branch("backport/17-to-release-1.2.x"),
        owner: None,
        title: text("fix (backport #17)"),
        body: text("Backport"),
        draft: false,
        picks: vec![PickKey::Pull(IssueKey { repo: repo(), number: 17 })],
        conflicts: vec![],
        of: op(),
    }
}

/// What the server does with the request that opens.
#[derive(Clone, Copy)]
enum Write {
    Fine,
    Lost,
    Swallowed,
    Exists,
}

/// A forge of pull requests; a head that it does not understand is answered with every one, as GitHub does.
async fn serve(pulls: Vec<Value>, write: Write) -> Server {
    let pulls = Arc::new(Mutex::new(pulls));
    Server::start(move |asked| {
        let mut pulls = pulls.lock().expect("the pull requests");
        match (&*asked.method, asked.path()) {
            ("GET", "/repos/octo/widget") => Say::json(200, json!({ "full_name": "octo/widget" })),
            ("GET", "/repos/octo/widget/pulls") => Say::json(200, json!(*pulls)),
            ("POST", "/repos/octo/widget/pulls") => {
                let (body, number) = (asked.json(), pulls.len() as u64 + 70);
                let made = json!({
                    "number": number, "state": "open", "draft": body["draft"], "body": body["body"],
                    "html_url": format!("https://github.com/octo/widget/pull/{number}"),
                    "head": { "ref": body["head"] }, "base": { "ref": body["base"] },
                });
                match write {
                    Write::Fine => {
                        pulls.push(made.clone());
                        Say::json(201, made)
                    }
                    Write::Lost => {
                        pulls.push(made);
                        Say::Drop
                    }
                    Write::Swallowed => Say::Drop,
                    Write::Exists => Say::json(
                        422,
                        json!({ "message": "Validation Failed", "errors": [{ "message": "A pull request already exists" }] }),
                    ),
                }
            }
            _ => Say::json(404, json!({ "message": "Not Found" })),
        }
    })
    .await
}

async fn run(pulls: Vec<Value>, write: Write) -> (Outcome, usize) {
    let server = serve(pulls, write).await;
    let outcome = github(&server).run(&op(), &Errand::OpenPull(opening())).await;
    (outcome, server.writes().len())
}

fn row(head: &str, state: &str, body: &str) -> Value {
    json!({
        "number": 61, "state": state, "body": body, "html_url": "https://github.com/octo/widget/pull/61",
        "head": { "ref": head }, "base": { "ref": "release-1.2.x" },
    })
}

const HEAD: &str = "backport/17-to-release-1.2.x";

#[tokio::test]
async fn it_is_opened_and_its_number_is_told() {
    let (outcome, writes) = run(vec![row("another", "open", "")], Write::Fine).await;
    assert_eq!((outcome.status, writes), (Status::Ok, 1), "{outcome:?}");
    assert_eq!(outcome.after["number"].raw(), "71");
    assert!(outcome.after["url"].raw().ends_with("/pull/71"));
}

#[tokio::test]
async fn a_reply_that_is_lost_is_looked_for_and_nothing_is_sent_twice() {
    let (outcome, writes) = run(vec![], Write::Lost).await;
    assert_eq!(
        (outcome.status, outcome.by.as_deref(), writes),
        (Status::Ok, Some("probe"), 1),
        "{outcome:?}"
    );
    assert_eq!(outcome.after["number"].raw(), "70");
    let (outcome, writes) = run(vec![], Write::Swallowed).await;
    assert_eq!((outcome.status, writes), (Status::Unknown, 1), "{outcome:?}");
}

#[tokio::test]
async fn one_that_is_there_is_found_before_anything_is_sent() {
    let ours = format!("said\n\n<!-- gonogo:op={} -->", op().as_str());
    for (state, body) in [("open", ""), ("closed", &*ours), ("open", &*ours)] {
        let (outcome, writes) = run(vec![row(HEAD, state, body)], Write::Fine).await;
        assert_eq!((outcome.status, outcome.by.as_deref(), writes), (Status::Ok, Some("probe"), 0));
        assert_eq!(outcome.after["number"].raw(), "61");
    }
    // One that somebody closed is not ours.
    let (outcome, writes) = run(vec![row(HEAD, "closed", "")], Write::Fine).await;
    assert_eq!((outcome.after["number"].raw(), writes), ("71", 1));
}

#[tokio::test]
async fn what_the_forge_refuses_is_told_and_may_be_tried_again() {
    let (outcome, _) = run(vec![], Write::Exists).await;
    assert_eq!((outcome.status, outcome.http), (Status::Refused, Some(422)), "{outcome:?}");
}

#[tokio::test]
async fn in_doubt_it_is_looked_for() {
    let errand = Errand::OpenPull(opening());
    let probe = async |pulls| {
        let server = serve(pulls, Write::Fine).await;
        let outcome = github(&server).probe(&op(), &errand, chrono::Utc::now()).await;
        assert!(server.writes().is_empty());
        outcome
    };
    let outcome = probe(vec![row(HEAD, "open", "")]).await;
    assert_eq!((outcome.status, outcome.after["number"].raw()), (Status::Ok, "61"));
    assert_eq!(probe(vec![]).await.status, Status::Failed);
}

async fn demo() -> Demo {
    let moment = chrono::DateTime::parse_from_rfc3339("2026-11-21T08:00:00Z").unwrap().to_utc();
    gonogo::demo::start(Options { clock: Clock::held_at(moment), ..Options::default() }).await.unwrap()
}

fn door(demo: &Demo, token: &str) -> Github {
    let api = Api::of_url(&demo.api_url).unwrap();
    let token = Token::new(token, api.host(), Origin::Given).unwrap();
    Github::new(Setup { patience: hasty(), ..Setup::new(api, Some(token)) }).unwrap()
}

#[tokio::test]
async fn the_embedded_forge_takes_it_once_with_labels_and_people() {
    let demo = demo().await;
    let line: Branch = demo.line.clone().expect("a line");
    let git = |args: &[&str]| crate::demo::repository::git(&demo.clone, args);
    git(&["checkout", "-q", "-b", "pick", &format!("origin/{}", line.as_str())]);
    git(&["commit", "-q", "--allow-empty", "-m", "picked"]);
    git(&["push", "-q", "origin", &format!("HEAD:refs/heads/{HEAD}")]);
    let errand =
        Errand::OpenPull(OpenPull { target: demo.repo.clone(), base: line, draft: true, ..opening() });
    let reader = door(&demo, READ_ONLY).run(&op(), &errand).await;
    assert_eq!((reader.status, reader.http), (Status::Refused, Some(403)), "{reader:?}");
    let door = door(&demo, FULL);
    let first = door.run(&op(), &errand).await;
    assert_eq!((first.status, first.after["draft"].raw()), (Status::Ok, "true"), "{first:?}");
    let again = door.run(&op(), &errand).await;
    assert_eq!((again.status, again.by.as_deref()), (Status::Ok, Some("probe")), "{again:?}");
    assert_eq!(first.after["number"], again.after["number"]);
    let login = door.viewer(&demo.repo).await.unwrap().login.expect("a login");
    let dress = Errand::DressPull(DressPull {
        target: demo.repo.clone(),
        number: first.after["number"].raw().parse().ok(),
        of: op(),
        labels: vec![text("backport")],
        assignees: vec![login],
        reviewers: vec![text("lena")],
    });
    let second = OpId::parse("01KAHQ9C7D0000000000000001").unwrap();
    let dressed = door.run(&second, &dress).await;
    assert_eq!(dressed.status, Status::Ok, "{dressed:?}");
    assert!(dressed.after["labels"].raw().contains("backport"));
    let again = door.run(&second, &dress).await;
    assert_eq!((again.status, again.by.as_deref()), (Status::Ok, Some("probe")), "{again:?}");
}
