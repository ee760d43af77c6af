//! Releases drafted and published, workflows started: one each, whatever becomes of the reply.

use super::server::{Say, Server};
use super::{github, hasty, repo, text};
use crate::demo::{ask, get};
use chrono::{DateTime, TimeDelta, Utc};
use gonogo::demo::{Clock, Demo, FULL, Fault, Options, READ_ONLY};
use gonogo::forge::token::Origin;
use gonogo::forge::{Api, Forge, Github, Look, NotesAsk, Setup, Source, Token};
use gonogo::release::checks::CheckState;
use gonogo::release::cut::{DispatchWorkflow, DraftRelease, PublishRelease};
use gonogo::release::errand::{Errand, Outcome, Status};
use gonogo::release::ids::{Oid, OpId, Tag};
use gonogo::release::observe::Sighting;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const TAG: &str = "v0.6.2rc7";
const REPO: &str = "/repos/octo/widget";

fn moment() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-21T08:00:00Z").unwrap().to_utc()
}

async fn demo() -> Demo {
    gonogo::demo::start(Options { clock: Clock::held_at(moment()), ..Options::default() }).await.unwrap()
}

fn door(demo: &Demo, token: &str) -> Github {
    let api = Api::of_url(&demo.api_url).unwrap();
    let token = Token::new(token, api.host(), Origin::Given).unwrap();
    Github::new(Setup { patience: hasty(), ..Setup::new(api, Some(token)) }).unwrap()
}

fn op(number: u64) -> OpId {
    OpId::parse(&format!("01KAHQ9C7D{number:016}")).unwrap()
}

fn tip(demo: &Demo, name: &str) -> Oid {
    Oid::parse(&crate::demo::repository::git(&demo.origin, &["rev-parse", name])).unwrap()
}

/// Puts an annotated tag on a commit of origin.
fn tag(demo: &Demo, name: &str, at: Oid) {
    let identity = ["-c", "user.name=Rae", "-c", "user.email=rae@example.org"];
    let words = ["tag", "-a", "-m", "x", name, &at.to_string()].map(str::to_owned);
    let all: Vec<&str> = identity.into_iter().chain(words.iter().map(String::as_str)).collect();
    crate::demo::repository::git(&demo.origin, &all);
}

fn draft(at: Oid) -> DraftRelease {
    DraftRelease {
        repo: repo(),
        target: Tag::parse(TAG).unwrap(),
        at: Some(at),
        of: None,
        title: text("Widget 0.6.2rc7"),
        body: text("## Fixed\r\n\r\n* a thing (#17)\n"),
        prerelease: true,
    }
}

fn publish(at: Oid, release: u64) -> PublishRelease {
    PublishRelease {
        repo: repo(),
        target: Tag::parse(TAG).unwrap(),
        at: Some(at),
        release: Some(release),
        of: None,
        body: None,
        prerelease: true,
        latest: false,
    }
}

fn start() -> DispatchWorkflow {
    DispatchWorkflow {
        repo: repo(),
        workflow: "release.yml".into(),
        on: text("main"),
        inputs: [("version", "0.6.2"), ("commit", "release-0.6.x")]
            .map(|(name, value)| (name.into(), text(value)))
            .into(),
        of: None,
        item: None,
    }
}

/// Releases of the tag, drafts included.
async fn releases(demo: &Demo) -> Vec<Value> {
    let all = get(demo, &format!("{REPO}/releases?per_page=100")).await.json();
    all.as_array().unwrap().iter().filter(|it| it["tag_name"] == TAG).cloned().collect()
}

async fn runs(demo: &Demo) -> usize {
    let path = format!("{REPO}/actions/workflows/release.yml/runs?event=workflow_dispatch&per_page=100");
    get(demo, &path).await.json()["workflow_runs"].as_array().unwrap().len()
}

fn note(outcome: &Outcome) -> String {
    outcome.note.as_ref().map(|note| note.line()).unwrap_or_default()
}

fn number(outcome: &Outcome, name: &str) -> u64 {
    outcome.after.get(name).unwrap_or_else(|| panic!("{outcome:?}")).raw().parse().unwrap()
}

/// What a write does although no reply that can be read comes.
fn done_in_silence() -> [Fault; 3] {
    [Fault::LostReply, Fault::HalfReply, Fault::NotJson]
}

/// What keeps a write from being done, and says nothing certain.
fn not_done_in_silence() -> [Fault; 3] {
    [Fault::Drop, Fault::Status(500), Fault::Status(502)]
}

#[tokio::test]
async fn a_release_is_drafted_once_and_carries_its_mark() {
    let demo = demo().await;
    let (door, at) = (door(&demo, FULL), tip(&demo, "release-0.6.x"));
    let errand = Errand::DraftRelease(draft(at));
    let outcome = door.run(&op(1), &errand).await;
    assert_eq!((outcome.status, outcome.http), (Status::Ok, Some(201)), "{outcome:?}");
    let made = releases(&demo).await;
    assert_eq!((made.len(), made[0]["id"].as_u64().unwrap()), (1, number(&outcome, "release")));
    assert_eq!(made[0]["target_commitish"], at.to_string());
    assert_eq!((&made[0]["draft"], &made[0]["prerelease"]), (&json!(true), &json!(true)));
    let body = made[0]["body"].as_str().unwrap();
    assert!(body.ends_with("\n\n<!-- gonogo:op=01KAHQ9C7D0000000000000001 -->"), "{body}");
    assert!(outcome.after["url"].raw().contains("/releases/"), "{outcome:?}");
    for again in [1, 2] {
        let outcome = door.run(&op(again), &errand).await;
        assert_eq!((outcome.status, outcome.by.as_deref()), (Status::Ok, Some("probe")), "{outcome:?}");
        assert_eq!(number(&outcome, "release"), made[0]["id"].as_u64().unwrap());
    }
    let found = door.probe(&op(1), &errand, Utc::now()).await;
    assert_eq!((found.status, found.by.as_deref()), (Status::Ok, Some("probe")), "{found:?}");
    assert_eq!(releases(&demo).await.len(), 1);
    assert_eq!(get(&demo, &format!("{REPO}/git/ref/tags/{TAG}")).await.status, 404, "a draft makes no tag");
}

#[tokio::test]
async fn a_draft_whose_reply_is_lost_is_found_and_not_made_again() {
    for fault in done_in_silence() {
        let demo = demo().await;
        let (door, errand) = (door(&demo, FULL), Errand::DraftRelease(draft(tip(&demo, "main"))));
        demo.faults().next(1, "POST", "/releases", fault.clone());
        let outcome = door.run(&op(1), &errand).await;
        assert_eq!(
            (outcome.status, outcome.by.as_deref()),
            (Status::Ok, Some("probe")),
            "{fault:?} {outcome:?}"
        );
        let made = releases(&demo).await;
        assert_eq!(
            (made.len(), made[0]["id"].as_u64().unwrap()),
            (1, number(&outcome, "release")),
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn a_draft_that_was_not_made_stays_in_doubt_until_it_is_old() {
    for fault in not_done_in_silence() {
        let demo = demo().await;
        let (door, errand) = (door(&demo, FULL), Errand::DraftRelease(draft(tip(&demo, "main"))));
        demo.faults().next(1, "POST", "/releases", fault.clone());
        let outcome = door.run(&op(1), &errand).await;
        assert_eq!(outcome.status, Status::Unknown, "{fault:?} {outcome:?}");
        assert!(note(&outcome).contains("not sent again") && releases(&demo).await.is_empty(), "{outcome:?}");
        let now = Utc::now();
        assert_eq!(door.probe(&op(1), &errand, now).await.status, Status::Unknown);
        let old = door.probe(&op(1), &errand, now - TimeDelta::minutes(3)).await;
        assert_eq!((old.status, old.by.as_deref()), (Status::Failed, Some("probe")), "{old:?}");
        assert_eq!(door.run(&op(1), &errand).await.status, Status::Ok);
        assert_eq!(releases(&demo).await.len(), 1);
    }
}

#[tokio::test]
async fn a_release_of_somebody_else_is_taken_when_it_says_the_same() {
    let demo = demo().await;
    let (door, at) = (door(&demo, FULL), tip(&demo, "main"));
    let body = json!({ "tag_name": TAG, "draft": true, "prerelease": true, "name": "Widget 0.6.2rc7", "body": "## Fixed\n\n* a thing (#17)" });
    let theirs = ask(&demo, "POST", &format!("{REPO}/releases"), body).await.json();
    let outcome = door.run(&op(1), &Errand::DraftRelease(draft(at))).await;
    assert_eq!((outcome.status, number(&outcome, "release")), (Status::Ok, theirs["id"].as_u64().unwrap()));
    for (key, errand) in [
        ("title", DraftRelease { title: text("Other"), ..draft(at) }),
        ("body", DraftRelease { body: text("Other"), ..draft(at) }),
        ("kind", DraftRelease { prerelease: false, ..draft(at) }),
    ] {
        let outcome = door.run(&op(2), &Errand::DraftRelease(errand)).await;
        assert_eq!(outcome.status, Status::Conflict, "{key}: {outcome:?}");
        assert!(
            note(&outcome).contains("nothing was sent") && note(&outcome).contains("something else"),
            "{outcome:?}"
        );
    }
    assert_eq!(releases(&demo).await.len(), 1);
}

#[tokio::test]
async fn a_tag_on_another_commit_stops_draft_and_publishing() {
    let demo = demo().await;
    let (door, at, other) = (door(&demo, FULL), tip(&demo, "release-0.6.x"), tip(&demo, "main"));
    let outcome = door.run(&op(1), &Errand::DraftRelease(draft(at))).await;
    let id = number(&outcome, "release");
    let publishing = Errand::PublishRelease(publish(at, id));
    let outcome = door.run(&op(2), &publishing).await;
    assert_eq!(outcome.status, Status::Conflict, "{outcome:?}");
    assert!(note(&outcome).contains("push it first"), "{outcome:?}");
    tag(&demo, TAG, other);
    for errand in [&publishing, &Errand::DraftRelease(DraftRelease { title: text("x"), ..draft(at) })] {
        let outcome = door.run(&op(3), errand).await;
        assert_eq!(outcome.status, Status::Conflict, "{outcome:?}");
    }
    assert!(note(&door.run(&op(2), &publishing).await).contains("never moved"));
    let made = releases(&demo).await;
    assert_eq!((made.len(), &made[0]["draft"]), (1, &json!(true)), "nothing was published");
    assert_eq!(tip(&demo, &format!("{TAG}^{{commit}}")), other);
}

/// A draft of a tag that is in its place.
async fn drafted(demo: &Demo) -> (Oid, u64) {
    let at = tip(demo, "release-0.6.x");
    tag(demo, TAG, at);
    let outcome = door(demo, FULL).run(&op(1), &Errand::DraftRelease(draft(at))).await;
    (at, number(&outcome, "release"))
}

#[tokio::test]
async fn a_release_is_published_once_and_takes_latest_only_when_told() {
    let demo = demo().await;
    let (at, id) = drafted(&demo).await;
    let door = door(&demo, FULL);
    let latest = || async { get(&demo, &format!("{REPO}/releases/latest")).await.json()["tag_name"].clone() };
    let before = latest().await;
    let outcome = door.run(&op(2), &Errand::PublishRelease(publish(at, id))).await;
    assert_eq!((outcome.status, outcome.http), (Status::Ok, Some(200)), "{outcome:?}");
    assert_eq!((outcome.after["draft"].raw(), outcome.after["latest"].raw()), ("false", "false"));
    assert_eq!(latest().await, before);
    let again = door.run(&op(3), &Errand::PublishRelease(publish(at, id))).await;
    assert_eq!((again.status, again.by.as_deref()), (Status::Ok, Some("probe")), "{again:?}");
    let as_final = PublishRelease { prerelease: false, ..publish(at, id) };
    let outcome = door.run(&op(4), &Errand::PublishRelease(as_final)).await;
    assert_eq!(outcome.status, Status::Conflict, "{outcome:?}");
    assert_eq!(get(&demo, &format!("{REPO}/releases/tags/{TAG}")).await.json()["id"], id);
}

#[tokio::test]
async fn a_final_release_is_the_latest_or_leaves_it_to_a_newer_line() {
    for (latest, expected) in [(true, "true"), (false, "false")] {
        let demo = demo().await;
        let at = tip(&demo, "release-0.6.x");
        tag(&demo, TAG, at);
        let door = door(&demo, FULL);
        let errand = DraftRelease { prerelease: false, ..draft(at) };
        let id = number(&door.run(&op(1), &Errand::DraftRelease(errand)).await, "release");
        let errand = PublishRelease { prerelease: false, latest, ..publish(at, id) };
        let outcome = door.run(&op(2), &Errand::PublishRelease(errand)).await;
        assert_eq!((outcome.status, outcome.after["latest"].raw()), (Status::Ok, expected), "{outcome:?}");
        let now = get(&demo, &format!("{REPO}/releases/latest")).await.json();
        assert_eq!(now["tag_name"] == TAG, latest, "{now}");
    }
}

#[tokio::test]
async fn a_publishing_whose_reply_is_lost_is_settled_by_looking() {
    for fault in done_in_silence() {
        let demo = demo().await;
        let (at, id) = drafted(&demo).await;
        demo.faults().next(1, "PATCH", "/releases", fault.clone());
        let outcome = door(&demo, FULL).run(&op(2), &Errand::PublishRelease(publish(at, id))).await;
        assert_eq!(
            (outcome.status, outcome.by.as_deref()),
            (Status::Ok, Some("probe")),
            "{fault:?} {outcome:?}"
        );
        assert_eq!(releases(&demo).await.len(), 1);
    }
    for fault in not_done_in_silence() {
        let demo = demo().await;
        let (at, id) = drafted(&demo).await;
        let (door, errand) = (door(&demo, FULL), Errand::PublishRelease(publish(at, id)));
        demo.faults().next(1, "PATCH", "/releases", fault.clone());
        assert_eq!(door.run(&op(2), &errand).await.status, Status::Unknown, "{fault:?}");
        let old = door.probe(&op(2), &errand, Utc::now() - TimeDelta::minutes(3)).await;
        assert_eq!(old.status, Status::Failed, "{old:?}");
        assert_eq!(door.run(&op(2), &errand).await.status, Status::Ok);
    }
}

#[tokio::test]
async fn a_draft_that_is_gone_or_of_another_tag_is_not_published() {
    let demo = demo().await;
    let (at, id) = drafted(&demo).await;
    let (door, path) = (door(&demo, FULL), format!("{REPO}/releases/{id}"));
    ask(&demo, "PATCH", &path, json!({ "tag_name": "v9.9.9" })).await;
    let outcome = door.run(&op(2), &Errand::PublishRelease(publish(at, id))).await;
    assert_eq!(outcome.status, Status::Conflict, "{outcome:?}");
    assert!(note(&outcome).contains("v9.9.9"), "{outcome:?}");
    ask(&demo, "DELETE", &path, Value::Null).await;
    let outcome = door.run(&op(2), &Errand::PublishRelease(publish(at, id))).await;
    assert!(note(&outcome).contains("not there any more"), "{outcome:?}");
    let unknown = PublishRelease { release: None, ..publish(at, id) };
    assert_eq!(door.run(&op(2), &Errand::PublishRelease(unknown)).await.status, Status::Conflict);
    let unknown = DraftRelease { at: None, ..draft(at) };
    assert_eq!(door.run(&op(2), &Errand::DraftRelease(unknown)).await.status, Status::Conflict);
}

#[tokio::test]
async fn refusals_say_what_the_token_needs() {
    let demo = demo().await;
    let reader = door(&demo, READ_ONLY);
    let (at, before) = (tip(&demo, "main"), runs(&demo).await);
    for (errand, needs) in [
        (Errand::DraftRelease(draft(at)), "contents=write"),
        (Errand::DispatchWorkflow(start()), "actions=write"),
    ] {
        let outcome = reader.run(&op(1), &errand).await;
        assert_eq!((outcome.status, outcome.http), (Status::Refused, Some(403)), "{outcome:?}");
        assert_eq!(outcome.after["needs"].raw(), needs, "{outcome:?}");
    }
    assert_eq!((releases(&demo).await.len(), runs(&demo).await), (0, before));
    let full = door(&demo, FULL);
    demo.faults().next(1, "POST", "/releases", Fault::Status(422));
    assert_eq!(full.run(&op(1), &Errand::DraftRelease(draft(at))).await.status, Status::Refused);
    demo.faults().next(1, "POST", "/releases", Fault::Status(404));
    let gone = full.run(&op(1), &Errand::DraftRelease(draft(at))).await;
    assert_eq!((gone.status, gone.http), (Status::Refused, Some(404)), "{gone:?}");
    let long = DraftRelease { body: text(&"x".repeat(125_001)), ..draft(at) };
    assert_eq!(full.run(&op(1), &Errand::DraftRelease(long)).await.status, Status::Conflict);
}

#[tokio::test]
async fn a_workflow_is_started_once_and_its_run_is_followed() {
    let demo = demo().await;
    let (door, before) = (door(&demo, FULL), runs(&demo).await);
    let outcome = door.run(&op(1), &Errand::DispatchWorkflow(start())).await;
    assert_eq!((outcome.status, outcome.http), (Status::Ok, Some(200)), "{outcome:?}");
    assert_eq!(runs(&demo).await, before + 1);
    let look = Look::Run { repo: repo(), run: number(&outcome, "run") };
    let mut states = vec![];
    for _ in 0..60 {
        let Sighting::Run(seen) = door.look(&look).await.sighting else { panic!() };
        assert_eq!((seen.run, seen.attempt), (number(&outcome, "run"), 1));
        assert!(seen.sha.is_some() && seen.started.is_some() && seen.url.is_some(), "{seen:?}");
        if states.last() != Some(&seen.state) {
            states.push(seen.state);
        }
        demo.clock().advance(10);
    }
    assert_eq!(states, [CheckState::Queued, CheckState::Running, CheckState::Passed]);
    assert_eq!(door.look(&look).await.source, Source::Unchanged);
    let gone = door.look(&Look::Run { repo: repo(), run: 1 }).await;
    assert!(
        matches!(gone.sighting, Sighting::Failed(key, _) if key == Look::Run { repo: repo(), run: 1 }.key())
    );
}

#[tokio::test]
async fn a_start_whose_reply_is_lost_is_found_by_what_is_new() {
    for fault in done_in_silence() {
        let demo = demo().await;
        let door = door(&demo, FULL);
        // An earlier one of the same kind is not taken for it.
        let earlier = number(&door.run(&op(1), &Errand::DispatchWorkflow(start())).await, "run");
        let before = runs(&demo).await;
        demo.faults().next(1, "POST", "/dispatches", fault.clone());
        let outcome = door.run(&op(2), &Errand::DispatchWorkflow(start())).await;
        assert_eq!(
            (outcome.status, outcome.by.as_deref()),
            (Status::Ok, Some("probe")),
            "{fault:?} {outcome:?}"
        );
        assert_ne!(number(&outcome, "run"), earlier);
        assert_eq!(runs(&demo).await, before + 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_start_that_did_not_happen_stays_in_doubt_until_it_is_old() {
    for fault in not_done_in_silence() {
        let demo = demo().await;
        let (door, errand, before) =
            (door(&demo, FULL), Errand::DispatchWorkflow(start()), runs(&demo).await);
        demo.faults().next(1, "POST", "/dispatches", fault.clone());
        let outcome = door.run(&op(1), &errand).await;
        assert_eq!(outcome.status, Status::Unknown, "{fault:?} {outcome:?}");
        assert!(note(&outcome).contains("not started again"), "{outcome:?}");
        assert_eq!(runs(&demo).await, before);
        assert_eq!(door.probe(&op(1), &errand, Utc::now()).await.status, Status::Unknown);
        // Long ago by the clock of this machine, and after everything that the forge has.
        let old = Utc::now().min(moment() + TimeDelta::days(9000)) - TimeDelta::minutes(11);
        if old > moment() + TimeDelta::minutes(1) {
            let found = door.probe(&op(1), &errand, old).await;
            assert_eq!((found.status, found.by.as_deref()), (Status::Failed, Some("probe")), "{found:?}");
        }
    }
}

#[tokio::test]
async fn a_probe_of_a_start_finds_one_and_leaves_several_to_a_person() {
    let demo = demo().await;
    let (door, errand) = (door(&demo, FULL), Errand::DispatchWorkflow(start()));
    demo.clock().advance(3600);
    let since = moment() + TimeDelta::hours(1);
    let made = number(&door.run(&op(1), &errand).await, "run");
    let found = door.probe(&op(1), &errand, since).await;
    assert_eq!((found.status, number(&found, "run")), (Status::Ok, made), "{found:?}");
    demo.clock().advance(5);
    assert_eq!(door.run(&op(2), &errand).await.status, Status::Ok);
    let several = door.probe(&op(1), &errand, since).await;
    assert_eq!(several.status, Status::Unknown);
    assert!(note(&several).contains("2 runs may be it"), "{several:?}");
    let elsewhere = DispatchWorkflow { on: text("release-0.6.x"), ..start() };
    let outcome = door.probe(&op(1), &Errand::DispatchWorkflow(elsewhere), since).await;
    assert_ne!(outcome.status, Status::Ok, "of another branch: {outcome:?}");
}

#[tokio::test]
async fn what_the_workflow_does_not_take_is_refused_in_githubs_words() {
    let demo = demo().await;
    let (door, before) = (door(&demo, FULL), runs(&demo).await);
    let with = |name: &str, value: &str| {
        let mut it = start();
        it.inputs.insert(name.into(), text(value));
        it
    };
    for (errand, words) in [
        (DispatchWorkflow { on: text("nowhere"), ..start() }, "No ref found"),
        (with("colour", "blue"), "Unexpected inputs"),
        (with("version", ""), "Required input 'version'"),
        (DispatchWorkflow { workflow: "ci.yml".into(), inputs: [].into(), ..start() }, "workflow_dispatch"),
    ] {
        let outcome = door.run(&op(1), &Errand::DispatchWorkflow(errand)).await;
        assert_eq!((outcome.status, outcome.http), (Status::Refused, Some(422)), "{outcome:?}");
        assert!(note(&outcome).contains(words), "{words}: {outcome:?}");
    }
    let absent = DispatchWorkflow { workflow: "none.yml".into(), ..start() };
    let outcome = door.run(&op(1), &Errand::DispatchWorkflow(absent)).await;
    assert!(note(&outcome).contains("nothing was sent"), "{outcome:?}");
    assert_eq!(runs(&demo).await, before);
}

/// A forge with one workflow whose runs a test makes up.
async fn workflows(
    state: &'static str,
    runs: Arc<Mutex<Vec<Value>>>,
    reply: impl Fn(&mut Vec<Value>) -> Say + std::marker::Send + 'static,
) -> Server {
    Server::start(move |asked| {
        let mut runs = runs.lock().unwrap();
        match (&*asked.method, asked.path()) {
            ("GET", "/repos/octo/widget") => Say::json(200, json!({ "full_name": "octo/widget" })),
            ("GET", "/user") => Say::json(200, json!({ "login": "ada" })),
            ("GET", "/repos/octo/widget/actions/workflows/release.yml") => {
                Say::json(200, json!({ "id": 1, "state": state }))
            }
            ("GET", "/repos/octo/widget/actions/workflows/release.yml/runs") => {
                Say::json(200, json!({ "total_count": runs.len(), "workflow_runs": *runs }))
            }
            ("POST", "/repos/octo/widget/actions/workflows/release.yml/dispatches") => reply(&mut runs),
            other => panic!("{other:?}"),
        }
    })
    .await
}

fn row(id: u64, actor: &str, title: &str) -> Value {
    json!({ "id": id, "event": "workflow_dispatch", "head_branch": "main", "actor": { "login": actor },
        "display_title": title, "html_url": format!("https://github.com/octo/widget/actions/runs/{id}"),
        "created_at": "2026-11-21T08:00:00Z" })
}

#[tokio::test]
async fn a_reply_without_a_run_is_made_up_for_by_looking() {
    for (new, expected) in [
        (vec![row(9, "ada", "x")], Status::Ok),
        (vec![row(9, "Ada", "x"), row(10, "bob", "x")], Status::Ok),
        (vec![row(9, "ada", "x"), row(10, "ada", "x")], Status::Unknown),
        (
            vec![
                row(10, "ada", "Release 0.6.1 of release-0.6.x"),
                row(9, "ada", "Release 0.6.2 of release-0.6.x"),
            ],
            Status::Ok,
        ),
        (vec![], Status::Unknown),
    ] {
        let server = workflows("active", Arc::new(Mutex::new(vec![row(8, "ada", "before")])), {
            let new = new.clone();
            move |runs| {
                runs.splice(0..0, new.clone());
                Say::Reply { status: 204, headers: vec![], body: String::new() }
            }
        })
        .await;
        let outcome = github(&server).run(&op(1), &Errand::DispatchWorkflow(start())).await;
        assert_eq!((outcome.status, server.writes().len()), (expected, 1), "{new:?}: {outcome:?}");
        if expected == Status::Ok {
            assert_eq!(number(&outcome, "run"), 9, "{outcome:?}");
        }
    }
}

#[tokio::test]
async fn a_workflow_that_is_switched_off_is_not_started() {
    let server = workflows("disabled_manually", Arc::default(), |_| panic!("it was sent")).await;
    let outcome = github(&server).run(&op(1), &Errand::DispatchWorkflow(start())).await;
    assert_eq!((outcome.status, server.writes().len()), (Status::Conflict, 0));
    assert!(note(&outcome).contains("disabled_manually"), "{outcome:?}");
}

#[tokio::test]
async fn notes_are_written_by_github_on_request() {
    let demo = demo().await;
    let ask = NotesAsk {
        repo: repo(),
        tag: Tag::parse(TAG).unwrap(),
        target: Some(text("release-0.6.x")),
        previous: Some(Tag::parse("v0.6.1").unwrap()),
    };
    let notes = door(&demo, FULL).notes(&ask).await.unwrap();
    assert!(notes.body.raw().contains(&format!("compare/v0.6.1...{TAG}")), "{notes:?}");
    // It reads, so it is asked again.
    demo.faults().next(1, "POST", "/generate-notes", Fault::HalfReply);
    assert_eq!(door(&demo, FULL).notes(&ask).await.unwrap(), notes);
    assert!(door(&demo, READ_ONLY).notes(&ask).await.unwrap_err().to_string().contains("contents=write"));
}
