//! Checks of a tip: three sources without doubles, the same by GraphQL and by REST, and never greener than they are.

use super::server::{Asked, Say, Server};
use super::{branch, github, oid, repo};
use gonogo::forge::{Forge, Look, Seen, Source};
use gonogo::release::checks::{Check, CheckState, History};
use gonogo::release::observe::Sighting;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// A repository with a tip and one commit before it.
#[derive(Clone)]
pub struct Repository {
    /// Check runs of the tip: id, name, status, conclusion, run (0 for another app's), suite.
    pub runs: Vec<Ran>,
    /// Statuses of the tip: context and state.
    pub statuses: Vec<(&'static str, &'static str)>,
    pub graphql: bool,
    pub check_runs: bool,
}

/// A check run: id, name, status, conclusion, run and suite.
type Ran = (u64, &'static str, &'static str, Option<&'static str>, u64, u64);

const AT: &str = "2026-11-20T10:00:00Z";

fn details(run: u64, id: u64) -> String {
    if run == 0 {
        "https://dco.example/1".into()
    } else {
        format!("https://github.com/octo/widget/actions/runs/{run}/job/{id}")
    }
}

fn node(run: &Ran) -> Value {
    let (id, name, status, conclusion, of, suite) = *run;
    let workflow = json!({ "databaseId": of, "event": "push", "workflow": { "name": format!("wf{of}") } });
    json!({
        "__typename": "CheckRun", "databaseId": id, "name": name, "status": status.to_uppercase(),
        "conclusion": conclusion.map(str::to_uppercase), "startedAt": AT, "completedAt": conclusion.map(|_| AT),
        "detailsUrl": details(of, id), "permalink": "https://github.com/octo/widget/runs/1",
        "checkSuite": { "databaseId": suite, "workflowRun": if of == 0 { Value::Null } else { workflow } },
    })
}

fn row(run: &Ran) -> Value {
    let (id, name, status, conclusion, of, suite) = *run;
    json!({
        "id": id, "name": name, "status": status, "conclusion": conclusion, "started_at": AT,
        "completed_at": conclusion.map(|_| AT), "details_url": details(of, id), "check_suite": { "id": suite },
    })
}

impl Repository {
    fn tip(&self) -> Vec<Value> {
        let statuses = self.statuses.iter().map(|(context, state)| {
            json!({ "__typename": "StatusContext", "context": context, "state": state.to_uppercase(), "targetUrl": "", "createdAt": AT })
        });
        self.runs.iter().map(node).chain(statuses).collect()
    }

    fn graphql(&self, asked: &Asked) -> Say {
        if !self.graphql {
            let error =
                json!({ "type": "FORBIDDEN", "message": "Resource not accessible by personal access token" });
            return Say::json(200, json!({ "data": { "repository": null }, "errors": [error] }));
        }
        let body = asked.json();
        if body["query"].as_str().is_some_and(|it| it.contains("MoreChecks")) {
            let from: usize =
                body["variables"]["after"].as_str().expect("a cursor").parse().expect("a number");
            let all = self.tip();
            let next = (from + 100).min(all.len());
            let info = json!({ "hasNextPage": next < all.len(), "endCursor": next.to_string() });
            let contexts = json!({ "pageInfo": info, "nodes": all[from..next] });
            return Say::json(
                200,
                json!({ "data": { "repository": { "object": { "statusCheckRollup": { "contexts": contexts } } } } }),
            );
        }
        let page = usize::try_from(body["variables"]["page"].as_u64().expect("a page")).expect("small");
        let all = self.tip();
        let info = json!({ "hasNextPage": all.len() > page, "endCursor": page.min(all.len()).to_string() });
        let tip = json!({ "contexts": { "pageInfo": info, "nodes": all[..page.min(all.len())] } });
        let before =
            json!({ "contexts": { "pageInfo": { "hasNextPage": false }, "nodes": [node(&BEFORE)] } });
        let nodes = json!([
            { "oid": oid('a').to_string(), "committedDate": AT, "statusCheckRollup": tip },
            { "oid": oid('b').to_string(), "committedDate": AT, "statusCheckRollup": before },
            { "oid": oid('c').to_string(), "committedDate": AT, "statusCheckRollup": null },
        ]);
        let found = json!({ "name": "main", "target": { "history": { "nodes": nodes } } });
        let mut data = json!({});
        for at in 0..4 {
            if let Some(name) = body["variables"][format!("b{at}")].as_str() {
                data[format!("b{at}")] = if name == "refs/heads/gone" { Value::Null } else { found.clone() };
            }
        }
        Say::json(200, json!({ "data": { "repository": data } }))
    }

    pub fn answer(&self, asked: &Asked) -> Say {
        let rest = asked.path().strip_prefix("/repos/octo/widget/").unwrap_or_default();
        let (a, b, c) = (oid('a').to_string(), oid('b').to_string(), oid('c').to_string());
        let say = match rest {
            _ if asked.path() == "/graphql" => return self.graphql(asked),
            "commits/gone/status" => return Say::json(404, json!({ "message": "Not Found" })),
            "commits" => {
                let commit = |sha: &str| json!({ "sha": sha, "commit": { "committer": { "date": AT } } });
                Say::json(200, json!([commit(&a), commit(&b), commit(&c)]))
            }
            "actions/runs" => {
                let of_tip = asked.query("head_sha") == Some(&a);
                let mut ids: Vec<_> =
                    self.runs.iter().filter(|it| it.4 != 0 && of_tip).map(|it| (it.4, it.5)).collect();
                if asked.query("head_sha") == Some(&b) {
                    ids.push((BEFORE.4, BEFORE.5));
                }
                ids.dedup();
                let rows: Vec<_> = ids.into_iter().map(|(id, suite)| run(id, suite)).collect();
                Say::json(200, json!({ "total_count": rows.len(), "workflow_runs": rows }))
            }
            _ if rest.starts_with("actions/runs/") => {
                let mut parts = rest.split('/').skip(2);
                let id: u64 = parts.next().and_then(|it| it.parse().ok()).expect("a run");
                if parts.next() == Some("jobs") {
                    let jobs = self.runs.iter().chain([&BEFORE]).filter(|it| it.4 == id);
                    let jobs: Vec<_> = jobs
                        .map(|it| json!({ "id": it.0, "run_id": id, "run_attempt": 2, "name": it.1, "status": it.2, "conclusion": it.3 }))
                        .collect();
                    Say::json(200, json!({ "total_count": jobs.len(), "jobs": jobs }))
                } else {
                    Say::json(200, run(id, id + 1000))
                }
            }
            _ if rest.ends_with("/status") => {
                let sha = if rest.contains(&b) {
                    &b
                } else if rest.contains(&c) {
                    &c
                } else {
                    &a
                };
                let rows: Vec<_> = if *sha == a { self.statuses.clone() } else { Vec::new() }
                    .into_iter()
                    .map(|(context, state)| json!({ "context": context, "state": state, "target_url": "", "created_at": AT }))
                    .collect();
                Say::json(200, json!({ "sha": sha, "total_count": rows.len(), "statuses": rows }))
            }
            _ if rest.ends_with("/check-runs") && !self.check_runs => {
                return Say::json(
                    403,
                    json!({ "message": "Resource not accessible by personal access token" }),
                );
            }
            _ if rest.ends_with("/check-runs") => {
                let rows: Vec<_> = match rest {
                    _ if rest.contains(&a) => self.runs.iter().map(row).collect(),
                    _ if rest.contains(&b) => vec![row(&BEFORE)],
                    _ => Vec::new(),
                };
                Say::json(200, json!({ "total_count": rows.len(), "check_runs": rows }))
            }
            other => panic!("{other}"),
        };
        say.tagged(asked)
    }
}

const BEFORE: Ran = (90, "unit", "completed", Some("success"), 9, 1009);

fn run(id: u64, suite: u64) -> Value {
    json!({ "id": id, "name": format!("wf{id}"), "event": "push", "run_attempt": 2, "check_suite_id": suite, "status": "completed" })
}

pub fn repository() -> Repository {
    Repository {
        runs: vec![
            (1, "unit", "completed", Some("failure"), 5, 1005),
            (2, "lint", "completed", Some("success"), 5, 1005),
            (3, "DCO", "completed", Some("success"), 0, 77),
            (4, "docs", "completed", Some("skipped"), 6, 1006),
        ],
        statuses: vec![("ci/legacy", "success"), ("ci/odd", "gone fishing")],
        graphql: true,
        check_runs: true,
    }
}

async fn see(it: Repository) -> Seen {
    let server = Server::start(move |asked| it.answer(asked)).await;
    github(&server).look(&look()).await
}

fn look() -> Look {
    Look::Checks { repo: repo(), branch: branch("main") }
}

fn rows(seen: &Seen) -> (&[Check], &[History]) {
    match &seen.sighting {
        Sighting::Checks { rows, history, sha, .. } => {
            assert_eq!(*sha, oid('a'));
            (rows, history)
        }
        other => panic!("{other:?}"),
    }
}

fn states(seen: &Seen) -> Vec<(String, CheckState)> {
    rows(seen).0.iter().map(|it| (it.name.line(), it.state)).collect()
}

#[tokio::test]
async fn runs_jobs_and_statuses_are_one_list_without_doubles() {
    let seen = see(repository()).await;
    let expected = [
        ("DCO", CheckState::Passed),
        ("ci/legacy", CheckState::Passed),
        ("ci/odd", CheckState::Unknown),
        ("docs", CheckState::Skipped),
        ("lint", CheckState::Passed),
        ("unit", CheckState::Failed),
    ];
    assert_eq!(states(&seen), expected.map(|(name, state)| (name.to_owned(), state)));
    let (rows, history) = rows(&seen);
    let unit = rows.iter().find(|it| it.name.raw() == "unit").expect("unit");
    let run = unit.run.expect("where to act");
    assert_eq!((run.run, run.job, run.attempt), (5, Some(1), 2));
    assert_eq!(unit.workflow.as_ref().map(|it| it.raw()), Some("wf5"));
    let past = &history.iter().find(|it| it.name.raw() == "unit").expect("a past").past;
    let past: Vec<_> = past.iter().map(|it| (it.sha, it.state)).collect();
    assert_eq!(past, [(oid('a'), CheckState::Failed), (oid('b'), CheckState::Passed)]);
}

#[tokio::test]
async fn graphql_and_rest_say_the_same() {
    let by_graphql = see(repository()).await;
    let by_rest = see(Repository { graphql: false, ..repository() }).await;
    assert_eq!(by_graphql.sighting, by_rest.sighting);
    assert_eq!((by_graphql.note, by_rest.note), (None, None));
}

#[tokio::test]
async fn without_the_checks_permission_jobs_and_statuses_are_read_and_it_is_said() {
    let seen = see(Repository { graphql: false, check_runs: false, ..repository() }).await;
    let names: Vec<_> = states(&seen).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["ci/legacy", "ci/odd", "docs", "lint", "unit"]);
    assert!(seen.note.as_deref().is_some_and(|it| it.contains("may not read check runs")), "{:?}", seen.note);
}

#[tokio::test]
async fn of_two_alike_the_newest_of_one_workflow_and_the_worst_of_two() {
    let mut it = repository();
    it.statuses.clear();
    it.runs = vec![
        (1, "build", "completed", Some("failure"), 5, 1005),
        (2, "build", "completed", Some("success"), 5, 1005),
        (3, "test", "completed", Some("success"), 5, 1005),
        (4, "test", "completed", Some("failure"), 6, 1006),
    ];
    for graphql in [true, false] {
        let seen = see(Repository { graphql, ..it.clone() }).await;
        let expected = [("build".to_owned(), CheckState::Passed), ("test".to_owned(), CheckState::Failed)];
        assert_eq!(states(&seen), expected, "GraphQL: {graphql}");
    }
}

#[tokio::test]
async fn more_checks_than_a_page_are_all_read() {
    let mut it = repository();
    it.runs = (1..=260)
        .map(|id| (id, NAMES[usize::try_from(id).expect("small") % 2], "completed", Some("success"), 5, 1005))
        .collect();
    it.runs.push((261, "last", "completed", Some("failure"), 5, 1005));
    let seen = see(it).await;
    assert!(states(&seen).contains(&("last".to_owned(), CheckState::Failed)), "{:?}", states(&seen));
}

const NAMES: [&str; 2] = ["even", "odd"];

#[tokio::test]
async fn a_server_that_gives_up_is_asked_for_smaller_pages() {
    let (it, pages) = (repository(), Arc::new(Mutex::new(Vec::new())));
    let kept = Arc::clone(&pages);
    let server = Server::start(move |asked| {
        if asked.path() == "/graphql" {
            let page = asked.json()["variables"]["page"].as_u64().expect("a page");
            kept.lock().expect("the pages").push(page);
            if page > 20 {
                return Say::text(502, "text/html", "<html>");
            }
        }
        it.answer(asked)
    })
    .await;
    let forge = github(&server);
    let seen = forge.look(&look()).await;
    assert_eq!(states(&seen).len(), 6);
    assert_eq!(*pages.lock().expect("the pages"), [50, 25, 12], "halved until it answers");
}

#[tokio::test]
async fn a_branch_that_is_gone_fails_alone() {
    let it = repository();
    let server = Server::start(move |asked| it.answer(asked)).await;
    let seen = github(&server).look(&Look::Checks { repo: repo(), branch: branch("gone") }).await;
    assert!(matches!(&seen.sighting, Sighting::Failed(..)), "{seen:?}");
}

#[tokio::test]
async fn every_word_of_github_is_known_or_unknown_but_never_green() {
    let words = [
        ("completed", Some("success"), CheckState::Passed),
        ("completed", Some("failure"), CheckState::Failed),
        ("completed", Some("startup_failure"), CheckState::Failed),
        ("completed", Some("timed_out"), CheckState::TimedOut),
        ("completed", Some("action_required"), CheckState::ActionRequired),
        ("completed", Some("cancelled"), CheckState::Cancelled),
        ("completed", Some("skipped"), CheckState::Skipped),
        ("completed", Some("neutral"), CheckState::Neutral),
        ("completed", Some("stale"), CheckState::Stale),
        ("completed", Some("brand_new_word"), CheckState::Unknown),
        ("completed", None, CheckState::Unknown),
        ("in_progress", None, CheckState::Running),
        ("queued", None, CheckState::Queued),
        ("requested", None, CheckState::Queued),
        ("waiting", None, CheckState::Queued),
        ("pending", None, CheckState::Queued),
        ("brand_new_word", Some("success"), CheckState::Unknown),
    ];
    for (status, conclusion, expected) in words {
        let mut it = repository();
        it.statuses.clear();
        it.runs = vec![(1, "unit", status, conclusion, 5, 1005)];
        for graphql in [true, false] {
            let seen = see(Repository { graphql, ..it.clone() }).await;
            assert_eq!(states(&seen)[0].1, expected, "{status} {conclusion:?}");
        }
    }
}

#[tokio::test]
async fn a_quiet_branch_costs_nothing_and_wakes_when_something_changes() {
    let shared = Arc::new(Mutex::new(repository()));
    let it = Arc::clone(&shared);
    let server = Server::start(move |asked| it.lock().expect("the repository").answer(asked)).await;
    let forge = github(&server);
    let first = forge.look(&look()).await;
    forge.look(&look()).await;
    server.forget();
    let third = forge.look(&look()).await;
    assert_eq!((third.source, &third.sighting), (Source::Unchanged, &first.sighting));
    assert!(server.asked().iter().all(|it| it.header("if-none-match").is_some()), "{:?}", server.lines());

    shared.lock().expect("the repository").statuses.push(("ci/late", "failure"));
    let fourth = forge.look(&look()).await;
    assert_eq!(fourth.source, Source::Live);
    assert!(states(&fourth).contains(&("ci/late".to_owned(), CheckState::Failed)));
}

#[tokio::test]
async fn two_branches_on_one_commit_both_wake() {
    let shared = Arc::new(Mutex::new(repository()));
    let it = Arc::clone(&shared);
    let server = Server::start(move |asked| it.lock().expect("the repository").answer(asked)).await;
    let forge = github(&server);
    let looks = ["main", "release-1.2"].map(|name| Look::Checks { repo: repo(), branch: branch(name) });
    for _ in 0..3 {
        for look in &looks {
            forge.look(look).await;
        }
    }
    shared.lock().expect("the repository").runs[1].3 = Some("failure");
    for look in &looks {
        let seen = forge.look(look).await;
        assert!(
            states(&seen).contains(&("lint".to_owned(), CheckState::Failed)),
            "{look:?}: {:?}",
            states(&seen)
        );
    }
}

#[tokio::test]
async fn what_failed_to_be_read_does_not_come_back_as_unchanged() {
    let shared = Arc::new(Mutex::new((repository(), false)));
    let it = Arc::clone(&shared);
    let server = Server::start(move |asked| {
        let it = it.lock().expect("the repository");
        let rollup = asked.path() == "/graphql" || asked.target.contains("/commits?");
        if it.1 && rollup { Say::json(500, json!({})) } else { it.0.answer(asked) }
    })
    .await;
    let forge = github(&server);
    forge.look(&look()).await;
    forge.look(&look()).await;
    {
        let mut it = shared.lock().expect("the repository");
        it.0.runs[1].3 = Some("failure");
        it.1 = true;
    }
    forge.look(&look()).await;
    shared.lock().expect("the repository").1 = false;
    let seen = forge.look(&look()).await;
    assert!(states(&seen).contains(&("lint".to_owned(), CheckState::Failed)), "{:?}", states(&seen));
}
