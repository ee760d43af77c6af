//! Killed at any moment on the way to a final version, in a rollback and in what is taken back; a publication after what a
//! person attests.

use super::backport::{counts, text};
use super::cutting::{TAG, done, git, open, releases_of, type_final, type_tag, waive};
use super::demo::{journal, printed};
use super::hotfix::{Team, find};
use super::pty::{ENTER, Term};
use super::trouble::Site;
use gonogo::demo::Fault;
use rustix::process::Signal;
use std::path::Path;

/// The steps that a final version takes here, in order: the last is a plan of its own.
const STEPS: [&str; 3] = ["tag.create", "tag.push", "release.publish"];

fn settled(dir: &Path) -> bool {
    STEPS.iter().all(|kind| counts(dir, kind)[0] <= counts(dir, kind)[1])
}

fn kill(mut term: Term) {
    term.signal(Signal::KILL);
    term.end();
}

/// Opens it again, and sets the plan that stands still going.
fn again(dir: &Path, over: &str) -> Term {
    let mut term = open(dir);
    // What was never sent shows as before, and that proves nothing for a while: a person says so.
    term.until("what is in doubt to be looked for", |it| settled(dir) || it.contains("still in doubt"));
    if !settled(dir) {
        answer(&mut term, "it did not happen");
        term.meanwhile("the word of a person", || settled(dir));
    }
    if !done(dir, over) {
        answer(&mut term, "go on with");
    }
    term
}

#[test]
fn killed_at_every_step_the_final_version_is_made_and_published_once() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let mut term = open(dir);
    waive(&mut term);
    type_final(&mut term);
    term.press(ENTER);
    for (plan, kinds) in [("tag.push", &STEPS[..2]), ("release.publish", &STEPS[2..])] {
        if plan == "release.publish" {
            term.press("7");
            term.see("drafted; P publishes it");
            term.press("P");
            term.see("Publish v4.6.2");
            term.press("v4.6.2");
            term.see("enter goes");
            term.press(ENTER);
        }
        for kind in kinds {
            for end in ["intent", "outcome"] {
                let step = format!("\"kind\":\"{kind}.{end}\"");
                term.meanwhile(&step, || text(dir).contains(&step));
                kill(term);
                term = again(dir, plan);
            }
        }
        term.meanwhile("the end of the plan", || done(dir, plan));
    }
    assert!(term.leave().success());
    let origin = dir.join("origin.git");
    let commit = |tag: &str| git(&origin, &["rev-parse", &format!("refs/tags/{tag}^{{commit}}")]);
    assert_eq!(commit("v4.6.2"), commit("v4.6.2-rc.1"), "what was tested is what is released");
    assert_eq!(git(&origin, &["cat-file", "-t", "refs/tags/v4.6.2"]), "tag");
    let found = releases_of(dir, "v4.6.2");
    let [one] = &found[..] else { panic!("{found:?}") };
    assert_eq!((&one["draft"], &one["prerelease"]), (&false.into(), &false.into()), "{one}");
    for kind in STEPS {
        let ok = format!("\"kind\":\"{kind}.outcome\"");
        let ok = |line: &&str| line.contains(&ok) && line.contains("\"status\":\"ok\"");
        assert_eq!(text(dir).lines().filter(ok).count(), 1, "{kind}");
    }
    printed(&["journal", "verify", journal(dir).to_str().unwrap()], dir);
}

#[test]
fn killed_in_a_rollback_each_word_is_said_once_and_the_runbook_is_where_it_was() {
    let team = Team::new();
    let said = |kind: &str| team.text().matches(&format!("\"kind\":\"{kind}\"")).count();
    let again = |term: Term| {
        kill(term);
        team.open_release("v1.2.0")
    };
    let mut term = team.open_release("v1.2.0");
    term.press("gb");
    term.see("how severe is it?");
    // Killed before anything is said, nothing is on record.
    let mut term = again(term);
    assert_eq!(said("rollback.open"), 0);
    term.meanwhile("the tags", || said("obs.tags") > 0);
    term.press("gb");
    term.see("how severe is it?");
    term.press("critical");
    term.press(ENTER);
    term.see("What went wrong?");
    term.press("orders are lost");
    term.press(ENTER);
    term.meanwhile("the word", || said("rollback.open") == 1);
    let mut term = again(term);
    term.see("orders are lost");
    find(&mut term, "Judge how severe");
    term.press(" ");
    term.see("it wants a written note");
    term.press("every order since noon");
    term.press(ENTER);
    let judged = || {
        let ticked = |it: &str| it.contains("\"checklist.tick\"") && it.contains("\"severity\"");
        team.text().lines().filter(|it| ticked(it)).count()
    };
    term.meanwhile("the tick", || judged() == 1);
    let mut term = again(term);
    find(&mut term, "Judge how severe");
    term.see("✓ done");
    term.press("gb");
    term.see("What was done, and how is it now?");
    term.press("rolled back, orders are there");
    term.press(ENTER);
    term.see("Which hotfix mends it?");
    term.press("-");
    term.press(ENTER);
    term.meanwhile("the end", || said("rollback.close") == 1);
    let mut term = again(term);
    // It is over: the next word is about what goes wrong next.
    term.press("gb");
    term.see("how severe is it?");
    term.press("\u{1b}");
    term.until("closed", |screen| !screen.contains("how severe is it?"));
    assert_eq!(["rollback.open", "rollback.close"].map(said), [1, 1]);
    assert_eq!(judged(), 1);
    assert!(term.leave().success());
    printed(&["journal", "verify", journal(team.yard.root()).to_str().unwrap()], team.yard.root());
}

#[test]
fn killed_around_the_undo_of_not_needed_it_is_in_force_or_it_is_not() {
    let team = Team::mended();
    let said = |kind: &str| team.text().matches(&format!("\"kind\":\"{kind}\"")).count();
    let mut term = team.open();
    find(&mut term, "Merge it back");
    term.see("1 of 2 missing");
    term.press("X");
    term.see("Merge back: 2 on 1 branch");
    term.press("not needed");
    term.press(ENTER);
    term.see("Why is it not needed there?");
    term.press("the code is gone on trunk");
    term.press(ENTER);
    for (kind, key) in [("back.settle", ""), ("undo", "z"), ("redo", "Z"), ("undo", "z")] {
        let before = said(kind);
        term.press(key);
        let waits = if key.is_empty() { 1 } else { before + 1 };
        term.meanwhile(kind, || said(kind) >= waits);
        kill(term);
        // What was written when it was killed is in force, whole.
        let lines = team.text();
        let last = lines.lines().rev().find(|it| it.contains("\"back.settle\"")).unwrap();
        let holds = last.contains("\"on\":true");
        assert_eq!(holds, kind != "undo", "{last}");
        term = team.open();
        find(&mut term, "Merge it back");
        term.see(if holds { "2 on 1 branch" } else { "1 of 2 missing" });
    }
    assert!(term.leave().success());
    printed(&["journal", "verify", journal(team.yard.root()).to_str().unwrap()], team.yard.root());
}

/// Answers what is unfinished.
fn answer(term: &mut Term, choice: &str) {
    term.settle();
    term.press("gu");
    term.see("Unfinished");
    term.see(choice);
    term.press(choice);
    term.press(ENTER);
    term.until("its effect", |screen| !screen.contains("Unfinished"));
}

#[test]
fn what_a_person_attests_of_a_lost_draft_is_what_is_published() {
    // It never arrived; or it did, and nobody could look.
    for (lost, choice) in [(Fault::Drop, "it did not happen"), (Fault::LostReply, "it happened")] {
        let site = Site::of("kubesphere");
        let dir = site.dir.path();
        let mut term = site.open_with(&[]);
        term.see("api ");
        type_tag(&mut term);
        site.faults.next(1, "POST", "/releases", lost.clone());
        term.press(ENTER);
        if lost == Fault::LostReply {
            term.meanwhile("the request", || site.faults.all_met());
            term.signal(Signal::KILL);
            term.end();
            site.faults.next(99, "GET", "/releases/tags/", Fault::Status(500));
            term = site.open_with(&[]);
            // It is seen in the list of releases: only then may a person say that it is there.
            let seen = |it: &str| it.contains("\"obs.releases\"") && it.contains(TAG);
            term.meanwhile("the draft in the list", || text(dir).lines().any(seen));
        } else {
            term.meanwhile("the doubt", || text(dir).contains("\"status\":\"unknown\""));
        }
        assert_eq!(counts(dir, "release.publish"), [0, 0], "nothing is published that may not be there");
        answer(&mut term, choice);
        site.faults.clear();
        if !done(dir, "release.publish") {
            answer(&mut term, "go on with");
        }
        term.meanwhile("the publication", || done(dir, "release.publish"));
        assert!(term.leave().success());
        let found = releases_of(&dir.join("demo"), TAG);
        let [one] = &found[..] else { panic!("{lost:?}: {found:?}") };
        assert_eq!((&one["draft"], &one["prerelease"]), (&false.into(), &true.into()), "{one}");
        printed(&["journal", "verify", journal(dir).to_str().unwrap()], dir);
    }
}
