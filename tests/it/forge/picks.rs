//! The pick queue from labels.

use super::server::{Say, Server};
use super::{branch, github, oid, repo, text};
use gonogo::forge::{Forge, Look, Source};
use gonogo::release::observe::Sighting;
use gonogo::release::picks::{Command, Gather, NamedLine, Pick, PickState};
use serde_json::{Value, json};

fn pull(number: u64, state: &str, merged: Option<&str>) -> Value {
    json!({
        "number": number, "node_id": format!("PR_{number}"), "title": format!("fix {number}"), "state": state,
        "user": { "login": "ada" }, "pull_request": { "merged_at": merged }, "updated_at": "2026-11-01T00:00:00Z",
    })
}

async fn server(hidden: bool) -> Server {
    Server::start(move |asked| match (&*asked.method, asked.path()) {
        ("POST", "/graphql") => Say::json(404, json!({ "message": "Not Found" })),
        ("GET", "/repos/octo/widget/pulls/1") => {
            let it = json!({ "number": 1, "state": "closed", "merged_at": "2026-11-02T00:00:00Z", "merge_commit_sha": oid('a').to_string() });
            Say::json(200, it)
        }
        ("GET", "/repos/octo/widget/pulls/2") => Say::json(200, json!({ "number": 2, "state": "open" })),
        ("GET", "/repos/octo/widget/pulls/3") => Say::json(200, json!({ "number": 3, "state": "closed" })),
        ("GET", "/repos/octo/widget/pulls/3/commits") => {
            Say::json(200, json!([{ "sha": oid('b').to_string(), "commit": { "message": "Half of it\n\nmore" } }]))
        }
        ("GET", path) if path.ends_with("/reviews") || path.ends_with("/events") => {
            if hidden { Say::json(403, json!({ "message": "no" })) } else { Say::json(200, json!([])) }
        }
        ("GET", path) if path.ends_with("/check-runs") && hidden => Say::json(404, json!({ "message": "Not Found" })),
        ("GET", path) if path.ends_with("/check-runs") => {
            let run = json!({ "id": 1, "name": "unit", "status": "completed", "conclusion": "success" });
            Say::json(200, json!({ "total_count": 1, "check_runs": [run] }))
        }
        ("GET", path) if path.ends_with("/status") => {
            Say::json(200, json!({ "sha": oid('a').to_string(), "total_count": 0, "statuses": [] }))
        }
        ("GET", "/repos/octo/widget/issues") => {
            let rows = match asked.query("labels") {
                Some("backport%201.2") => json!([
                    pull(1, "closed", Some("2026-11-02T00:00:00Z")),
                    pull(2, "open", None),
                    pull(3, "closed", None),
                    { "number": 4, "title": "an issue", "state": "open" },
                ]),
                Some("backport%201.1") => json!([pull(1, "closed", Some("2026-11-02T00:00:00Z"))]),
                other => panic!("{other:?}"),
            };
            Say::json(200, rows).tagged(asked)
        }
        other => panic!("{other:?}"),
    })
    .await
}

fn look() -> Look {
    let labels =
        vec![(text("backport 1.2"), branch("release-1.2")), (text("backport 1.1"), branch("release-1.1"))];
    let gather = Gather { labels, ..Gather::default() };
    Look::Picks { repo: repo(), gather: Box::new(gather) }
}

fn picks(sighting: &Sighting) -> &[Pick] {
    match sighting {
        Sighting::Picks(_, rows, ..) => rows,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn merged_and_open_ones_are_proposed_for_their_lines() {
    for hidden in [true, false] {
        let server = server(hidden).await;
        let seen = github(&server).look(&look()).await;
        let rows: Vec<_> = picks(&seen.sighting)
            .iter()
            .map(|it| (it.number, it.line.as_str(), it.label.raw(), it.state, it.merged))
            .collect();
        let expected = [
            (1, "release-1.1", "backport 1.1", PickState::Proposed, Some(oid('a'))),
            (1, "release-1.2", "backport 1.2", PickState::Proposed, Some(oid('a'))),
            (2, "release-1.2", "backport 1.2", PickState::NotMerged, None),
            (3, "release-1.2", "backport 1.2", PickState::NotMerged, None),
        ];
        assert_eq!(rows, expected, "hidden: {hidden}");
        let rows = picks(&seen.sighting);
        let facts: Vec<_> = rows.iter().map(|row| row.facts.as_ref().expect("facts")).collect();
        let unread: Vec<_> = facts[0].unread.iter().map(|it| it.raw()).collect();
        let checks = facts[0].checks.as_ref().map(|it| it.raw());
        if hidden {
            assert_eq!(
                (unread, checks),
                (vec!["reviews", "checks"], None),
                "hidden is not known, and not green"
            );
        } else {
            assert_eq!((unread, checks), (vec![], Some("SUCCESS")));
        }
        let closed: Vec<_> = rows.iter().map(|row| row.closed).collect();
        assert_eq!((closed, facts[3].list[0].subject.raw()), (vec![false, false, false, true], "Half of it"));
    }
}

#[tokio::test]
async fn what_did_not_change_is_asked_for_once() {
    let server = server(false).await;
    let forge = github(&server);
    let first = forge.look(&look()).await;
    server.forget();
    let second = forge.look(&look()).await;
    assert_eq!((first.sighting, second.source), (second.sighting, Source::Unchanged));
    assert_eq!(server.asked().len(), 2, "{:?}", server.lines());
}

/// Ten pull requests that comments ask for, of which GraphQL tells nothing: `why` are the errors beside the nulls.
async fn silent(why: fn(usize) -> Value) -> Server {
    Server::start(move |asked| {
        let path = asked.path().to_owned();
        let number = path.split('/').find_map(|part| part.parse::<u64>().ok());
        match (&*asked.method, number) {
            ("POST", _) => {
                let query = asked.json()["query"].as_str().unwrap_or_default().to_owned();
                let nulls = (0..10).filter(|at| query.contains(&format!("p{at}:"))).collect::<Vec<usize>>();
                let rows: serde_json::Map<_, _> =
                    nulls.iter().map(|at| (format!("p{at}"), Value::Null)).collect();
                let mut answer = json!({ "data": { "repository": rows } });
                let errors: Vec<_> = nulls.into_iter().map(why).filter(|it| !it.is_null()).collect();
                if !errors.is_empty() {
                    answer["errors"] = errors.into();
                }
                Say::json(200, answer)
            }
            ("GET", Some(number)) if path.ends_with(&format!("/pulls/{number}")) => Say::json(
                200,
                json!({ "number": number, "title": format!("fix {number}"), "state": "closed",
                    "merged_at": "2026-11-02T00:00:00Z", "base": { "ref": "main" } }),
            ),
            ("GET", Some(_)) if path.ends_with("/comments") => Say::json(
                200,
                json!([{ "id": 1, "user": { "login": "ada" }, "author_association": "MEMBER",
                    "created_at": "2026-11-03T00:00:00Z", "body": "/cherry-pick release-1.2" }]),
            ),
            _ => Say::json(200, json!([])),
        }
    })
    .await
}

fn asked_for() -> Look {
    let named = [NamedLine { branch: branch("release-1.2"), major: "1".into(), minor: "2".into() }];
    let gather = Gather {
        trunk: Some(branch("main")),
        commands: Command::new("/cherry-pick {branch}", &named, None).into_iter().collect(),
        asked: (11..=20).collect(),
        ..Gather::default()
    };
    Look::Picks { repo: repo(), gather: Box::new(gather) }
}

#[tokio::test]
async fn what_the_query_is_silent_about_is_not_taken_for_absent() {
    let server = silent(|_| Value::Null).await;
    let door = github(&server);
    let first = door.look(&asked_for()).await.sighting;
    let Sighting::Picks(_, rows, _, lacks) = &first else { panic!("{first:?}") };
    assert_eq!(rows.len(), 8, "as many as are read one by one");
    assert!(lacks.as_ref().is_some_and(|it| it.line().contains("2 pull requests")), "{lacks:?}");
    let second = door.look(&asked_for()).await.sighting;
    let Sighting::Picks(_, rows, _, lacks) = &second else { panic!("{second:?}") };
    assert_eq!((rows.len(), lacks), (10, &None), "the next look reads the rest");
}

#[tokio::test]
async fn what_the_query_says_to_be_absent_is_absent() {
    let gone = |at| json!({ "type": "NOT_FOUND", "path": ["repository", format!("p{at}")], "message": "no" });
    let server = silent(gone).await;
    let seen = github(&server).look(&asked_for()).await.sighting;
    let Sighting::Picks(_, rows, _, lacks) = &seen else { panic!("{seen:?}") };
    assert_eq!((rows.len(), lacks), (0, &None));
}
