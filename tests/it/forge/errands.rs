//! Errands: looked at first, sent once, read back, and settled by looking when no answer came.

use super::server::{Asked, Say, Server};
use super::{github, op, repo, setup, text};
use gonogo::forge::{Forge, Github, Patience, Setup};
use gonogo::release::errand::{
    AssignIssue, CommentIssue, CreateBranch, Errand, LabelIssue, MoveIssue, Outcome, RerunFailed, StateIssue,
    Status,
};
use gonogo::release::ids::IssueKey;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn key() -> IssueKey {
    IssueKey { repo: repo(), number: 17 }
}

fn moving() -> Errand {
    Errand::MoveIssue(MoveIssue {
        target: key(),
        from: Some(text("v1.2.0")),
        to: Some(text("v1.3.0")),
        to_number: Some(8),
        why: text("not ready"),
    })
}

fn closing() -> Errand {
    Errand::CloseIssue(StateIssue { target: key(), not_planned: true, why: None })
}

fn comment() -> Errand {
    Errand::CommentIssue(CommentIssue { target: key(), text: text("moved: not ready") })
}

fn labels(labels: &[&str]) -> LabelIssue {
    LabelIssue { target: key(), labels: labels.iter().map(|it| text(it)).collect() }
}

fn logins(logins: &[&str]) -> AssignIssue {
    AssignIssue { target: key(), logins: logins.iter().map(|it| text(it)).collect() }
}

fn rerun() -> Errand {
    Errand::RerunFailed(RerunFailed { target: repo(), run: 5, attempt: 1, name: text("ci") })
}

/// What the server does with a write.
#[derive(Clone)]
enum Write {
    /// Carries it out and says so.
    Fine,
    /// Carries it out, and the reply is lost.
    Lost,
    /// Carries it out, and the connection breaks in the middle of the reply.
    Half,
    /// Carries it out, and answers something else.
    Garbled,
    /// Does not carry it out, and answers nothing.
    Swallowed,
    /// Says yes and does nothing, as GitHub does for those who may not.
    Ignored,
    /// Answers so and does nothing.
    Refused(Say),
}

/// A small GitHub: one issue, its comments, one run.
struct World {
    issue: Value,
    comments: Vec<Value>,
    run: Value,
}

fn world() -> World {
    World {
        issue: json!({
            "id": 1, "number": 17, "title": "x", "state": "open", "labels": [{ "name": "bug" }],
            "assignees": [{ "login": "ada" }], "milestone": { "number": 7, "title": "v1.2.0" },
        }),
        comments: Vec::new(),
        run: json!({ "id": 5, "status": "completed", "conclusion": "failure", "run_attempt": 1 }),
    }
}

impl World {
    fn change(&mut self, asked: &Asked) -> (u16, Value) {
        let body = asked.json();
        let rest = asked.path().strip_prefix("/repos/octo/widget/").expect("the repository").to_owned();
        let names = |key: &str| body[key].as_array().cloned().unwrap_or_default();
        match (&*asked.method, &*rest) {
            ("PATCH", "issues/17") => {
                if let Some(number) = body.get("milestone") {
                    let title = number.as_u64().map(|it| if it == 8 { "v1.3.0" } else { "v1.2.0" });
                    self.issue["milestone"] =
                        title.map_or(Value::Null, |it| json!({ "number": number, "title": it }));
                }
                for field in ["state", "state_reason"] {
                    if let Some(value) = body.get(field) {
                        self.issue[field] = value.clone();
                    }
                }
                (200, self.issue.clone())
            }
            ("POST", "issues/17/labels") => {
                let held = self.issue["labels"].as_array_mut().expect("labels");
                held.extend(names("labels").into_iter().map(|name| json!({ "name": name })));
                (200, self.issue["labels"].clone())
            }
            ("POST", "issues/17/assignees") => {
                let held = self.issue["assignees"].as_array_mut().expect("assignees");
                held.extend(names("assignees").into_iter().map(|login| json!({ "login": login })));
                (201, self.issue.clone())
            }
            ("DELETE", "issues/17/assignees") => {
                let gone = names("assignees");
                self.issue["assignees"]
                    .as_array_mut()
                    .expect("assignees")
                    .retain(|it| !gone.contains(&it["login"]));
                (200, self.issue.clone())
            }
            ("DELETE", path) if path.starts_with("issues/17/labels/") => {
                let name =
                    path.trim_start_matches("issues/17/labels/").replace("%2F", "/").replace("%20", " ");
                let held = self.issue["labels"].as_array_mut().expect("labels");
                let before = held.len();
                held.retain(|it| it["name"] != *name);
                if held.len() == before {
                    (404, json!({ "message": "Label does not exist" }))
                } else {
                    (200, json!(held))
                }
            }
            ("POST", "issues/17/comments") => {
                let it = json!({ "id": 99, "body": body["body"], "html_url": "https://github.com/octo/widget/issues/17#issuecomment-99" });
                self.comments.push(it.clone());
                (201, it)
            }
            ("POST", "actions/runs/5/rerun-failed-jobs") => {
                self.run["run_attempt"] = json!(2);
                self.run["status"] = json!("queued");
                (201, json!({}))
            }
            other => panic!("an unknown write: {other:?}"),
        }
    }

    fn read(&self, asked: &Asked) -> Say {
        match asked.path() {
            "/repos/octo/widget" => Say::json(200, json!({ "full_name": "octo/widget" })),
            "/repos/octo/widget/issues/17" => Say::json(200, self.issue.clone()),
            "/repos/octo/widget/issues/17/comments" => Say::json(200, json!(self.comments)),
            "/repos/octo/widget/actions/runs/5" => Say::json(200, self.run.clone()),
            "/repos/octo/widget/milestones" => Say::json(
                200,
                json!([{ "number": 7, "title": "v1.2.0" }, { "number": 8, "title": "v1.3.0" }]),
            ),
            _ => Say::json(404, json!({ "message": "Not Found" })),
        }
    }
}

async fn serve(world: World, write: Write) -> (Server, Arc<Mutex<World>>) {
    let world = Arc::new(Mutex::new(world));
    let kept = Arc::clone(&world);
    let server = Server::start(move |asked| {
        let mut world = world.lock().expect("the world");
        if asked.method == "GET" {
            return world.read(asked);
        }
        match &write {
            Write::Swallowed => Say::Drop,
            Write::Ignored => Say::json(200, json!({})),
            Write::Refused(say) => say.clone(),
            Write::Fine => {
                let (status, body) = world.change(asked);
                Say::json(status, body)
            }
            Write::Lost => {
                world.change(asked);
                Say::Drop
            }
            Write::Half => {
                let (_, body) = world.change(asked);
                Say::Half(body.to_string())
            }
            Write::Garbled => {
                world.change(asked);
                Say::text(200, "text/html", "<html>")
            }
        }
    })
    .await;
    (server, kept)
}

async fn run(world: World, write: Write, errand: &Errand) -> (Outcome, Vec<String>) {
    let (server, _) = serve(world, write).await;
    let outcome = github(&server).run(&op(), errand).await;
    (outcome, server.writes())
}

fn all() -> Vec<Errand> {
    vec![
        moving(),
        closing(),
        Errand::LabelIssue(labels(&["blocker"])),
        Errand::UnlabelIssue(labels(&["bug"])),
        Errand::AssignIssue(logins(&["grace"])),
        Errand::UnassignIssue(logins(&["ada"])),
        comment(),
        rerun(),
    ]
}

fn note(outcome: &Outcome) -> String {
    outcome.note.as_ref().map(|note| note.line()).unwrap_or_default()
}

#[tokio::test]
async fn each_errand_is_sent_once_and_read_back() {
    for errand in all() {
        let (outcome, writes) = run(world(), Write::Fine, &errand).await;
        assert_eq!((outcome.status, writes.len()), (Status::Ok, 1), "{errand:?}: {outcome:?}");
        assert!(outcome.http.is_some() && outcome.by.is_none(), "{outcome:?}");
        assert_eq!(outcome.req.as_ref().map(|it| it.line()).as_deref(), Some("AB12:34"), "{errand:?}");
    }
}

#[tokio::test]
async fn what_is_already_so_is_not_sent() {
    for errand in all() {
        let (server, _) = serve(world(), Write::Fine).await;
        let forge = github(&server);
        assert_eq!(forge.run(&op(), &errand).await.status, Status::Ok);
        server.forget();
        let again = forge.run(&op(), &errand).await;
        assert_eq!((again.status, again.by.as_deref()), (Status::Ok, Some("probe")), "{errand:?}: {again:?}");
        assert!(server.writes().is_empty(), "{errand:?}: {:?}", server.writes());
    }
}

#[tokio::test]
async fn a_lost_or_garbled_reply_is_settled_by_looking_and_never_sent_again() {
    for errand in all() {
        for write in [Write::Lost, Write::Half, Write::Garbled] {
            let (outcome, writes) = run(world(), write.clone(), &errand).await;
            assert_eq!((outcome.status, writes.len()), (Status::Ok, 1), "{errand:?}: {outcome:?}");
            if matches!(write, Write::Lost | Write::Half) {
                assert_eq!(outcome.by.as_deref(), Some("probe"), "{errand:?}: {outcome:?}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_found_stays_in_doubt_and_is_not_sent_again() {
    for errand in all() {
        let (outcome, writes) = run(world(), Write::Swallowed, &errand).await;
        assert_eq!((outcome.status, writes.len()), (Status::Unknown, 1), "{errand:?}: {outcome:?}");
        assert!(note(&outcome).contains("was not sent again"), "{outcome:?}");
        let say = Say::text(502, "text/html", "<html>");
        let (outcome, writes) = run(world(), Write::Refused(say), &errand).await;
        assert_eq!((outcome.status, writes.len()), (Status::Unknown, 1), "{errand:?}: {outcome:?}");
        assert_eq!(outcome.http, Some(502));
    }
}

#[tokio::test]
async fn a_probe_finds_what_was_done_and_sends_nothing() {
    let since = chrono::Utc::now();
    for errand in all() {
        let (server, _) = serve(world(), Write::Lost).await;
        let forge = github(&server);
        let before = forge.probe(&op(), &errand, since).await;
        assert_eq!((before.status, server.writes().len()), (Status::Unknown, 0), "{errand:?}: {before:?}");
        forge.run(&op(), &errand).await;
        server.forget();
        let after = forge.probe(&op(), &errand, since).await;
        assert_eq!((after.status, after.by.as_deref()), (Status::Ok, Some("probe")), "{errand:?}: {after:?}");
        assert!(server.writes().is_empty());
    }
}

#[tokio::test]
async fn a_probe_that_cannot_look_leaves_the_doubt() {
    let server = Server::start(|_| Say::json(500, json!({}))).await;
    let outcome = github(&server).probe(&op(), &comment(), chrono::Utc::now()).await;
    assert_eq!(outcome.status, Status::Unknown);
    assert!(note(&outcome).contains("could not be looked for"), "{outcome:?}");
}

#[tokio::test]
async fn a_third_value_is_a_conflict_and_nothing_is_sent() {
    let mut changed = world();
    changed.issue["milestone"] = json!({ "number": 9, "title": "v2.0.0" });
    let (outcome, writes) = run(changed, Write::Fine, &moving()).await;
    assert_eq!((outcome.status, writes.len()), (Status::Conflict, 0));
    assert!(note(&outcome).contains("in v2.0.0 by now"), "{outcome:?}");

    let mut running = world();
    running.run["status"] = json!("in_progress");
    let (outcome, writes) = run(running, Write::Fine, &rerun()).await;
    assert_eq!((outcome.status, writes.len()), (Status::Conflict, 0), "{outcome:?}");
    let mut green = world();
    green.run["conclusion"] = json!("success");
    assert_eq!(run(green, Write::Fine, &rerun()).await.0.status, Status::Conflict);
}

#[tokio::test]
async fn a_yes_that_changed_nothing_is_a_refusal() {
    for errand in all() {
        if matches!(errand, Errand::CommentIssue(_) | Errand::RerunFailed(_)) {
            continue;
        }
        let (outcome, writes) = run(world(), Write::Ignored, &errand).await;
        assert_eq!((outcome.status, writes.len()), (Status::Refused, 1), "{errand:?}: {outcome:?}");
        assert!(note(&outcome).contains("changed nothing"), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_refusal_tells_what_github_said() {
    let say = Say::json(403, json!({ "message": "Resource not accessible by personal access token" }))
        .with("x-accepted-github-permissions", "issues=write; pull_requests=write");
    for errand in all() {
        let (outcome, writes) = run(world(), Write::Refused(say.clone()), &errand).await;
        assert_eq!(
            (outcome.status, outcome.http, writes.len()),
            (Status::Refused, Some(403), 1),
            "{outcome:?}"
        );
        assert_eq!(outcome.after["needs"].line(), "issues=write; pull_requests=write");
        assert_eq!(outcome.after["message"].line(), "Resource not accessible by personal access token");
    }
    let say = Say::json(
        422,
        json!({ "message": "Validation Failed", "errors": [{ "resource": "Issue", "field": "milestone", "code": "invalid" }] }),
    );
    let (outcome, _) = run(world(), Write::Refused(say), &moving()).await;
    assert_eq!(outcome.status, Status::Refused);
    assert_eq!(outcome.after["errors"].line(), "Issue milestone invalid");
    let say = Say::json(403, json!({ "message": "This workflow run is already running" }));
    let (outcome, _) = run(world(), Write::Refused(say), &rerun()).await;
    assert!(note(&outcome).contains("already running"), "{outcome:?}");
}

#[tokio::test]
async fn a_limit_fails_with_the_time_and_is_not_sent_again() {
    let say = Say::json(429, json!({ "message": "secondary rate limit" })).with("retry-after", "30");
    let (outcome, writes) = run(world(), Write::Refused(say), &comment()).await;
    assert_eq!((outcome.status, writes.len()), (Status::Failed, 1), "{outcome:?}");
    assert!(outcome.after.contains_key("until"), "{outcome:?}");
}

#[tokio::test]
async fn nothing_is_sent_when_the_first_look_fails() {
    for status in [401, 404, 500] {
        let server = Server::start(move |_| Say::json(status, json!({ "message": "no" }))).await;
        for errand in all() {
            let outcome = github(&server).run(&op(), &errand).await;
            assert!(matches!(outcome.status, Status::Refused | Status::Failed), "{outcome:?}");
            assert!(note(&outcome).contains("nothing was sent"), "{outcome:?}");
        }
        assert!(server.writes().is_empty());
    }
}

#[tokio::test]
async fn silence_after_a_write_is_settled_by_looking() {
    let (world, mut sent) = (Mutex::new(world()), false);
    let server = Server::start(move |asked| {
        let mut world = world.lock().expect("the world");
        if asked.method == "GET" {
            return world.read(asked);
        }
        assert!(!std::mem::replace(&mut sent, true), "sent twice");
        world.change(asked);
        Say::Silence
    })
    .await;
    let patience = Patience { whole: Duration::from_secs(3), ..super::hasty() };
    let forge = Github::new(Setup { patience, ..setup(&server) }).expect("a client");
    let outcome = forge.run(&op(), &moving()).await;
    assert_eq!((outcome.status, outcome.by.as_deref()), (Status::Ok, Some("probe")), "{outcome:?}");
}

#[tokio::test]
async fn a_comment_ends_with_the_mark_of_its_operation() {
    let (server, world) = serve(world(), Write::Fine).await;
    let outcome = github(&server).run(&op(), &comment()).await;
    let body = world.lock().expect("the world").comments[0]["body"].as_str().expect("text").to_owned();
    assert_eq!(body, "moved: not ready\n\n<!-- gonogo:op=01KAHQ9C7D0000000000000000 -->");
    assert!(outcome.after["comment"].line().ends_with("#issuecomment-99"));
    let since = server.asked().iter().find_map(|it| it.query("since").map(str::to_owned)).expect("since");
    assert!(since.starts_with("2025-11-20T"), "the time of the operation, not of today: {since}");
}

#[tokio::test]
async fn a_mark_quoted_by_somebody_is_not_the_comment() {
    let mut quoted = world();
    quoted
        .comments
        .push(json!({ "id": 1, "body": "> <!-- gonogo:op=01KAHQ9C7D0000000000000000 -->\n\nwhat is this?" }));
    let (outcome, writes) = run(quoted, Write::Fine, &comment()).await;
    assert_eq!((outcome.status, writes.len()), (Status::Ok, 1));
}

#[tokio::test]
async fn a_move_without_a_number_looks_the_title_up() {
    let Errand::MoveIssue(it) = moving() else { panic!("a move") };
    let by_title = Errand::MoveIssue(MoveIssue { to_number: None, ..it.clone() });
    let (server, world_after) = serve(world(), Write::Fine).await;
    assert_eq!(github(&server).run(&op(), &by_title).await.status, Status::Ok);
    assert_eq!(world_after.lock().expect("the world").issue["milestone"]["number"], 8);
    let nowhere = Errand::MoveIssue(MoveIssue { to: Some(text("v9")), to_number: None, ..it.clone() });
    let (outcome, writes) = run(world(), Write::Fine, &nowhere).await;
    assert_eq!((outcome.status, writes.len()), (Status::Conflict, 0), "{outcome:?}");
    let out = Errand::MoveIssue(MoveIssue { to: None, to_number: None, ..it });
    let (server, world_after) = serve(world(), Write::Fine).await;
    assert_eq!(github(&server).run(&op(), &out).await.status, Status::Ok);
    assert!(world_after.lock().expect("the world").issue["milestone"].is_null());
}

#[tokio::test]
async fn labels_are_encoded_and_one_that_is_gone_is_done() {
    let mut odd = world();
    odd.issue["labels"] = json!([{ "name": "area/ci x" }]);
    let (server, _) = serve(odd, Write::Fine).await;
    let outcome = github(&server).run(&op(), &Errand::UnlabelIssue(labels(&["area/ci x", "absent"]))).await;
    assert_eq!(outcome.status, Status::Ok);
    assert_eq!(server.writes(), ["DELETE /repos/octo/widget/issues/17/labels/area%2Fci%20x"]);
}

#[tokio::test]
async fn a_renamed_repository_is_written_under_its_new_name() {
    let server = Server::start(|asked| match (&*asked.method, asked.path()) {
        ("GET", "/repos/octo/widget") => Say::json(301, json!({})).with("location", "/repositories/42"),
        ("GET", "/repositories/42") => Say::json(200, json!({ "full_name": "octo/gadget" })),
        ("GET", "/repos/octo/gadget/issues/17") => Say::json(200, json!({ "number": 17, "state": "open" })),
        ("PATCH", "/repos/octo/gadget/issues/17") => {
            Say::json(200, json!({ "number": 17, "state": "closed" }))
        }
        other => panic!("{other:?}"),
    })
    .await;
    github(&server).run(&op(), &closing()).await;
    assert_eq!(server.writes(), ["PATCH /repos/octo/gadget/issues/17"]);
}

#[tokio::test]
async fn a_write_that_is_redirected_is_not_done_and_the_new_name_is_learnt() {
    for status in [301, 302, 307, 308] {
        let renamed = Arc::new(Mutex::new(false));
        let now = Arc::clone(&renamed);
        let server = Server::start(move |asked| match (&*asked.method, asked.path()) {
            ("GET", "/repos/octo/widget") => {
                let name = if *now.lock().expect("the name") { "octo/gadget" } else { "octo/widget" };
                Say::json(200, json!({ "full_name": name }))
            }
            ("GET", _) => Say::json(200, json!({ "number": 17, "state": "open" })),
            ("PATCH", "/repos/octo/widget/issues/17") => {
                *now.lock().expect("the name") = true;
                Say::json(status, json!({})).with("location", "/repositories/42/issues/17")
            }
            ("PATCH", "/repos/octo/gadget/issues/17") => {
                Say::json(200, json!({ "number": 17, "state": "closed" }))
            }
            other => panic!("{other:?}"),
        })
        .await;
        let forge = github(&server);
        let outcome = forge.run(&op(), &closing()).await;
        assert_eq!((outcome.status, outcome.http), (Status::Failed, Some(status)), "{outcome:?}");
        assert!(note(&outcome).contains("nothing was done"), "{outcome:?}");
        forge.run(&op(), &closing()).await;
        let paths = ["/repos/octo/widget/issues/17", "/repos/octo/gadget/issues/17"];
        assert_eq!(server.writes(), paths.map(|path| format!("PATCH {path}")), "{renamed:?}");
    }
}

#[tokio::test]
async fn branches_are_not_this_doors_business() {
    let errand = Errand::CreateBranch(CreateBranch {
        tag: None,
        target: super::branch("release-1.2"),
        at: super::oid('a'),
        from: super::branch("main"),
    });
    let (outcome, writes) = run(world(), Write::Fine, &errand).await;
    assert_eq!((outcome.status, writes.len()), (Status::Refused, 0));
}

#[tokio::test]
async fn a_closed_door_refuses_and_says_why() {
    let door = gonogo::forge::Offline::new("no token was found; run gh auth login");
    let outcome = door.run(&op(), &comment()).await;
    assert_eq!(outcome.status, Status::Refused);
    assert!(note(&outcome).contains("run gh auth login"));
    assert_eq!(door.probe(&op(), &comment(), chrono::Utc::now()).await.status, Status::Unknown);
    let seen = door.look(&gonogo::forge::Look::Releases(repo())).await;
    assert!(
        matches!(seen.sighting, gonogo::release::observe::Sighting::Failed(_, why) if why.line().contains("gh auth"))
    );
}
