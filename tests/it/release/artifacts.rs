//! Artifacts: what is asked for by which tag, what a gate says of what was seen.

use super::ground::{Book, PROFILE, at, oid, text};
use chrono::TimeDelta;
use gonogo::release::artifacts::{ArtifactRow, ArtifactState, Place, wait};
use gonogo::release::ask::Proposal;
use gonogo::release::candidates::{TagRow, TagsSeen};
use gonogo::release::checklist::Attached;
use gonogo::release::cut::What;
use gonogo::release::errand::Status;
use gonogo::release::ids::Tag;
use gonogo::release::looks::{LookKey, Topic};
use gonogo::release::observe::Sighting;
use gonogo::release::session::ProcessChanged;
use gonogo::release::{Ask, Outcome};

const ARTIFACTS: &str = r#"
[[artifacts]]
id = "pypi"
title = "crane on PyPI"
at = { pypi = { package = "crane" } }
[[artifacts]]
id = "docs"
at = { url = { url = "https://crane.example/{tag}/{major}.{minor}.{patch}", contains = "{version}" } }
[[artifacts]]
id = "beta"
at = { pypi = { package = "crane", index = "https://test.pypi.example" } }
of = "candidate"
required = false
[[artifacts]]
id = "patches"
at = { url = { url = "https://crane.example/patches" } }
streams = ["patch"]
[[artifacts]]
id = "seen"
at = "attested"
[[stages]]
id = "look"
items = [ { id = "see", text = "Look at it", check = { artifact = { id = "seen" } } }, { id = "index", text = "On the index", check = { artifact = { id = "pypi" } } } ]
[[gates]]
id = "published"
kind = { artifacts = { ids = ["pypi", "docs", "patches"] } }
[[gates]]
id = "both"
kind = { artifacts = { ids = ["pypi", "docs", "beta", "seen"] } }
"#;

/// A release whose process has artifacts, and of which everything else was read.
pub fn book() -> Book {
    let mut book = Book::read();
    let profile = format!("{PROFILE}{ARTIFACTS}");
    let (from, to) = ("sha256:0".into(), "sha256:1".into());
    book.tell(ProcessChanged { from, to, profile: Some(profile.into()), why: text("artifacts") });
    assert_eq!(book.release.process_error, None);
    book
}

pub fn tag(book: &mut Book, name: &str) {
    let row = TagRow { tag: Tag::parse(name).unwrap(), oid: oid(3), annotated: true, at: Some(at(0)) };
    book.tell(TagsSeen { rows: vec![row], gone: vec![] });
}

pub fn row(id: &str, tag: &str, state: ArtifactState, evidence: &str) -> ArtifactRow {
    ArtifactRow { id: id.into(), tag: Tag::parse(tag).unwrap(), state, evidence: text(evidence) }
}

fn see(book: &mut Book, sighting: Sighting) -> Vec<String> {
    let notes = book.release.observe(sighting);
    for note in &notes {
        book.note(note);
    }
    notes.iter().map(|note| note.fact.kind().into_owned()).collect()
}

fn seen(book: &mut Book, id: &str, state: ArtifactState, evidence: &str) -> Vec<String> {
    see(book, Sighting::Artifact(row(id, "v1.2.0", state, evidence)))
}

fn failed(book: &mut Book, id: &str, why: &str) {
    see(book, Sighting::Failed(LookKey::new(Topic::Artifacts, id), text(why)));
}

#[test]
fn nothing_is_asked_before_the_tag_is_there_and_then_with_everything_filled_in() {
    let mut book = book();
    let ids =
        |book: &Book| book.release.artifact_asks().iter().map(|it| it.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&book), ["beta"], "a candidate is tagged, the version is not");
    assert_eq!(book.gate("published"), "HOLD v1.2.0 is not tagged yet");
    tag(&mut book, "v1.2.0");
    assert_eq!(ids(&book), ["pypi", "docs", "beta"]);
    let ask = book.release.artifact_ask("docs").unwrap();
    let (url, contains) = ("https://crane.example/v1.2.0/1.2.0".into(), Some("1.2.0".into()));
    assert_eq!((ask.tag.as_str(), ask.place), ("v1.2.0", Place::Url { url, contains }));
    let ask = book.release.artifact_ask("beta").unwrap();
    let (index, package, version) = ("https://test.pypi.example".into(), "crane".into(), "1.2.0-rc.1".into());
    assert_eq!((ask.tag.as_str(), ask.place), ("v1.2.0-rc.1", Place::Pypi { index, package, version }));
    assert_eq!(book.gate("published"), "HOLD not asked for by v1.2.0 yet");
}

#[test]
fn a_gate_is_go_when_everything_is_there() {
    use ArtifactState::{Absent, Present, Wrong};
    let mut book = book();
    tag(&mut book, "v1.2.0");
    assert_eq!(seen(&mut book, "pypi", Absent, "404 at pypi.org"), ["obs.artifacts", "obs.complete"]);
    assert_eq!(seen(&mut book, "pypi", Absent, "404 at pypi.org"), [""; 0], "nothing new is no line");
    assert_eq!(book.gate("published"), "NO-GO 0 of 2 there; crane on PyPI: not there yet: 404 at pypi.org");
    seen(&mut book, "pypi", Present, "2 files, sha256:aa");
    assert_eq!(book.gate("published"), "HOLD 1 of 2 there; docs: not asked for by v1.2.0 yet");
    seen(&mut book, "docs", Wrong, "200 without “1.2.0”");
    assert_eq!(book.gate("published"), "NO-GO 1 of 2 there; docs: 200 without “1.2.0”");
    seen(&mut book, "docs", Present, "200");
    assert_eq!(book.gate("published"), "GO 2 of 2 there", "what is of another stream is not asked for");
    let check = book.release.self_check("index", book.now).unwrap();
    assert_eq!(check.reason, "2 files, sha256:aa");
}

#[test]
fn what_could_not_be_read_holds_and_keeps_what_was_known() {
    let mut book = book();
    tag(&mut book, "v1.2.0");
    failed(&mut book, "pypi", "pypi.org answers 500");
    assert_eq!(book.release.read_artifact("pypi").reason, "could not be read: pypi.org answers 500");
    seen(&mut book, "pypi", ArtifactState::Present, "2 files");
    assert_eq!(book.release.read_artifact("pypi").reason, "2 files");
    failed(&mut book, "pypi", "pypi.org did not answer in time");
    let reading = book.release.read_artifact("pypi");
    assert_eq!(reading.reason, "could not be read: pypi.org did not answer in time; before: 2 files");
    assert_eq!(reading.verdict.word(), "HOLD");
    assert_eq!(seen(&mut book, "pypi", ArtifactState::Present, "2 files"), ["obs.complete"]);
    assert_eq!(book.release.read_artifact("pypi").verdict.word(), "GO");
}

#[test]
fn what_was_there_and_is_not_is_gone() {
    let mut book = book();
    tag(&mut book, "v1.2.0");
    seen(&mut book, "docs", ArtifactState::Present, "200");
    seen(&mut book, "docs", ArtifactState::Absent, "404");
    let reading = book.release.read_artifact("docs");
    assert_eq!(reading.verdict.word(), "NO-GO");
    assert!(reading.reason.starts_with("gone: 404; on 4 May 09:00 UTC it was 200"), "{}", reading.reason);
}

#[test]
fn another_candidate_is_asked_for_anew() {
    let mut book = book();
    let beta = |tag| Sighting::Artifact(row("beta", tag, ArtifactState::Present, "1 file"));
    see(&mut book, beta("v1.2.0-rc.1"));
    assert_eq!(book.release.read_artifact("beta").verdict.word(), "GO");
    tag(&mut book, "v1.2.0-rc.2");
    assert_eq!(book.release.read_artifact("beta").reason, "not asked for by v1.2.0-rc.2 yet");
    assert_eq!(
        see(&mut book, beta("v1.2.0-rc.1")),
        [""; 0],
        "an answer about the candidate before is too late"
    );
}

#[test]
fn a_person_attests_with_a_link() {
    let mut book = book();
    tag(&mut book, "v1.2.0");
    assert_eq!(book.release.read_artifact("seen").reason, "nobody attests it with a link");
    book.tell(Attached { item: "see".into(), text: text("looks fine") });
    assert_eq!(book.release.read_artifact("seen").verdict.word(), "HOLD", "a note is no link");
    book.tell(Attached { item: "see".into(), text: text("https://crane.example/1.2.0 \u{1b}[2J") });
    let reading = book.release.read_artifact("seen");
    assert_eq!(reading.reason, "attested: https://crane.example/1.2.0 ␛[2J");
    assert_eq!(book.release.self_check("see", book.now).unwrap().verdict.word(), "GO");
}

#[test]
fn hostile_evidence_is_shown_and_not_obeyed() {
    let mut book = book();
    tag(&mut book, "v1.2.0");
    seen(&mut book, "docs", ArtifactState::Wrong, "\u{1b}]0;x\u{7}\u{202e}");
    assert_eq!(book.release.read_artifact("docs").reason, "␛]0;x␇⟨U+202E⟩");
}

#[test]
fn the_longer_it_takes_the_less_it_is_asked_for() {
    let pace = |minutes| wait(ArtifactState::Absent, TimeDelta::minutes(minutes));
    assert_eq!([0, 9, 10, 59, 60, 1439, 1440, 9999].map(pace), [30, 30, 120, 120, 600, 600, 3600, 3600]);
    assert_eq!(wait(ArtifactState::Present, TimeDelta::zero()), 3600);
    assert_eq!(wait(ArtifactState::Wrong, TimeDelta::minutes(11)), 120);
}

#[test]
fn a_tag_that_was_just_made_here_is_asked_for_before_git_is_looked_at() {
    let mut book = book();
    for gate in book.release.poll(book.now) {
        let ask = Ask::Override { gate: gate.gate.into(), on: true, why: text("tested") };
        if gate.verdict.word() != "GO" {
            book.ask(ask).unwrap();
        }
    }
    let plan = book.release.draft(Proposal::Cut(What::Candidate), &book.stamp()).unwrap();
    book.ask(Ask::Go(plan)).unwrap();
    let op = book.release.outbox.open.keys().next().unwrap().clone();
    let tag = |book: &Book| book.release.artifact_ask("beta").unwrap().tag.as_str().to_owned();
    assert_eq!(tag(&book), "v1.2.0-rc.1");
    book.settle(&op, Outcome::new(Status::Ok));
    assert_eq!(tag(&book), "v1.2.0-rc.2");
}
