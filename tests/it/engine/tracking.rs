//! The checklist and the tracking issue, from the keys to the forge and back: ticks made here leave with P, ticks made
//! there show with who made them, and whatever is killed or written by hand meanwhile, none is lost.

use super::backport::{counts, text};
use super::demo::{journal, printed};
use super::pty::{ENTER, Term};
use super::trouble::Site;
use gonogo::demo::{FINE_GRAINED, Fault};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::time::Duration;

/// What is on the forge, by another person.
fn asked(site: &Site, method: &str, path: &str, body: &Value) -> Value {
    let at = site.args.iter().position(|word| word == "--api-url").unwrap() + 1;
    let url = format!("{}/repos/octo/widget{path}", site.args[at]);
    // A provider that is installed already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = reqwest::Client::new();
        let request = client.request(method.parse().unwrap(), url).header("user-agent", "a person");
        let request = request.header("authorization", format!("Bearer {FINE_GRAINED}"));
        let request = if body.is_null() { request } else { request.body(body.to_string()) };
        serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap()
    })
}

/// The number and the text of the tracking issue.
fn issue(site: &Site) -> (u64, String) {
    let all = asked(site, "GET", "/issues?state=all&per_page=100&sort=created&direction=desc", &Value::Null);
    let marked = |it: &&Value| it["body"].as_str().is_some_and(|body| body.contains("<!-- gonogo:op="));
    let found = all.as_array().unwrap().iter().find(marked).expect("the tracking issue");
    (found["number"].as_u64().unwrap(), found["body"].as_str().unwrap().to_owned())
}

fn by_hand(site: &Site, body: &str) {
    let number = issue(site).0;
    let reply = asked(site, "PATCH", &format!("/issues/{number}"), &json!({ "body": body }));
    assert_eq!(reply["body"], body);
}

/// The line of an item that holds a text.
fn line(body: &str, item: &str) -> String {
    body.lines().find(|line| line.contains(item)).unwrap_or_else(|| panic!("{item}: {body}")).to_owned()
}

fn open(site: &Site) -> Term {
    let mut term = site.open_with(&[]);
    term.see("api ");
    term.press("6");
    term.see("[6 Checklist");
    term
}

/// Moves the cursor to an item.
fn to(term: &mut Term, item: &str) {
    term.press(&format!("/{item}"));
    term.see(&format!(" /{item}"));
    term.see("1 of ");
    term.press(ENTER);
    term.press("G");
}

/// Leaves the filter. An escape is one only where nothing follows it.
fn clear(term: &mut Term) {
    term.settle();
    term.press("\x1b");
    term.settle();
}

/// Ticks an item that wants a link.
fn tick(term: &mut Term) {
    to(term, ONE);
    term.press(" ");
    term.see("What shows that it is done?");
    term.press("https://meet.example");
    term.press(ENTER);
    term.see("to publish (");
}

fn go(term: &mut Term) {
    term.press("\t");
    term.see("[ Go ]");
    term.press(ENTER);
}

const ONE: &str = "Schedule the weekly release meeting";
const OTHER: &str = "New features have end-to-end";

/// A site whose tracking issue was opened by a key.
fn tracked() -> (Site, Term) {
    let mut site = Site::of("dragonfly");
    let at = site.args.iter().position(|word| word == "--release").unwrap() + 1;
    site.args[at] = "v2.7.0".to_owned();
    let mut term = open(&site);
    to(&mut term, "Create the tracking issue");
    term.press("X");
    term.see("### ");
    go(&mut term);
    term.meanwhile("the issue", || text(site.dir.path()).contains("issue.open.outcome"));
    clear(&mut term);
    term.meanwhile("its task list", || text(site.dir.path()).contains("\"tasks\""));
    term.settle();
    (site, term)
}

fn writes(site: &Site) -> usize {
    let exchanges = std::fs::read_to_string(site.dir.path().join("exchanges")).unwrap_or_default();
    exchanges.lines().filter(|line| line.contains("\"PATCH\"") && line.contains("gonogo:op=")).count()
}

#[test]
fn ticks_go_to_the_issue_and_come_from_it_with_who_made_them() {
    let (site, mut term) = tracked();
    let dir = site.dir.path();
    let before = issue(&site).1;
    assert!(before.contains("<!-- gonogo:"), "{before}");
    tick(&mut term);
    // What a person writes meanwhile stays, and so does the tick that comes with it.
    let theirs = before.replace("\n### ", "\nmore, by bo\n\n### ");
    let other = line(&theirs, OTHER);
    let theirs = theirs.replace(&other, &other.replace("[ ]", "[x]"));
    assert_ne!(theirs, before);
    by_hand(&site, &theirs);
    term.press("P");
    term.see("on octo/widget#");
    go(&mut term);
    term.meanwhile("the write", || counts(dir, "issue.tasks")[1] == 1);
    let now = issue(&site).1;
    assert!(line(&now, ONE).starts_with("- [x]") && line(&now, OTHER).starts_with("- [x]"), "{now}");
    let masked = |body: &str| body.replace("[x]", "[ ]");
    assert_eq!(masked(&now), masked(&theirs), "nothing else changed");
    clear(&mut term);
    term.press("r");
    to(&mut term, OTHER);
    term.until("who ticked it", |screen| {
        screen.contains(" ticked on GitHub by") && screen.contains("bo-lindqvist")
    });
    term.see("the tick there does not settle it");
    term.press("a");
    term.press("https://tests.example");
    term.press(ENTER);
    term.until("that it settles it", |screen| !screen.contains("does not settle it"));
    assert!(text(dir).contains("bo-lindqvist"));
    // And an untick there takes none away here.
    let unticked = line(&now, ONE);
    by_hand(&site, &now.replace(&unticked, &unticked.replace("[x]", "[ ]")));
    clear(&mut term);
    to(&mut term, ONE);
    term.press("r");
    term.see("at odds");
    term.see("unticked on GitHub by");
    clear(&mut term);
    // How it stands, as a comment that is read before.
    term.press("S");
    term.see("how the release stands");
    term.see("| Gate |");
    go(&mut term);
    term.meanwhile("the comment", || counts(dir, "issue.comment")[1] == 1);
    let said = asked(&site, "GET", &format!("/issues/{}/comments", issue(&site).0), &Value::Null);
    assert_eq!(said.as_array().unwrap().len(), 1);
    assert!(term.leave().success());
    printed(&["journal", "verify", journal(dir).to_str().unwrap()], dir);
}

#[test]
fn killed_at_any_step_the_ticks_are_written_once_and_none_is_lost() {
    for (step, fault) in [
        ("issue.tasks.intent", Some(Fault::Delay(Duration::from_millis(300)))),
        ("issue.tasks.intent", Some(Fault::LostReply)),
        ("issue.tasks.intent", Some(Fault::Drop)),
        ("issue.tasks.outcome", None),
    ] {
        let (site, mut term) = tracked();
        let dir = site.dir.path();
        let before = issue(&site).1;
        tick(&mut term);
        if let Some(fault) = fault.clone() {
            site.faults.next(1, "PATCH", "/issues/", fault);
        }
        term.press("P");
        term.see("on octo/widget#");
        go(&mut term);
        term.meanwhile(step, || text(dir).contains(&format!("\"kind\":\"{step}\"")));
        term.meanwhile("the request", || fault.is_none() || site.faults.all_met());
        term.signal(Signal::KILL);
        term.end();
        // What is on its way arrives all the same.
        let lost = fault == Some(Fault::Drop);
        while !lost && line(&issue(&site).1, ONE).starts_with("- [ ]") {
            std::thread::sleep(Duration::from_millis(20));
        }
        // While nobody looks on, a person ticks another line.
        let now = issue(&site).1;
        let other = line(&now, OTHER);
        by_hand(&site, &now.replace(&other, &other.replace("[ ]", "[x]")));
        let mut term = open(&site);
        let ended = || {
            text(dir)
                .lines()
                .any(|it| it.contains("issue.tasks.outcome\"") && it.contains("\"status\":\"ok\""))
        };
        if lost {
            // Nobody can know so soon that it does not come any more: a person says so, and goes on.
            for answer in ["it did not happen", "go on with"] {
                term.settle();
                term.press("gu");
                term.see("Unfinished");
                term.press(answer);
                term.press(ENTER);
            }
        }
        term.meanwhile("the outcome", ended);
        let now = issue(&site).1;
        assert!(
            line(&now, ONE).starts_with("- [x]") && line(&now, OTHER).starts_with("- [x]"),
            "{step} {fault:?} {now}"
        );
        let masked = |body: &str| body.replace("[x]", "[ ]");
        assert_eq!(masked(&now), masked(&before));
        // The one that was made here, and that of the person.
        assert_eq!(writes(&site), 2, "{step} {fault:?}");
        assert!(term.leave().success());
        printed(&["journal", "verify", journal(dir).to_str().unwrap()], dir);
    }
}
