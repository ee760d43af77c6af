//! Journals that earlier versions wrote: they fold for ever, to the state that stands beside them.
//!
//! `tests/journals/v<version>/` holds for each journal its lines, the process profile that its first line names by
//! hash, and the summary of the release that it folds to. A new version adds a directory and changes none.

use super::ground::{Book, PROFILE, branch, check, issue, key, labelled, oid, running, text};
use gonogo::engine::entries;
use gonogo::journal::dir::Dir;
use gonogo::journal::line::{hex, sha256};
use gonogo::journal::{Blobs, Draft, Files, Stamp, Store, Verdict, read_all};
use gonogo::release::ask::Proposal;
use gonogo::release::checklist::ItemState;
use gonogo::release::checks::{CheckState, ChecksSeen};
use gonogo::release::errand::Status;
use gonogo::release::fact::Session;
use gonogo::release::ids::Login;
use gonogo::release::{Ask, Fact, Note, Outcome, Release};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journals")
}

/// What a release is, in lines that hold no wording of the program's own.
pub fn summary(release: &Release) -> String {
    let mut out = String::new();
    let mut say = |line: String| writeln!(out, "{line}").unwrap();
    say(format!("release {}", release.name()));
    say(format!("process {}", release.process.as_ref().map_or("none", |it| it.name.as_str())));
    say(format!("milestone {:?}", release.milestones.chosen));
    for (key, issue) in &release.milestones.issues {
        say(format!("issue {key} open={} labels={:?}", issue.open, issue.labels));
    }
    for (key, (when, _)) in &release.milestones.left {
        say(format!("left {key} {when}"));
    }
    for (on, line) in &release.checks.lines {
        let rows: Vec<_> = line.rows.values().map(|it| (it.name.line(), it.state)).collect();
        say(format!("checks {} {:?} required={:?} {rows:?}", on.as_str(), line.sha, line.required));
    }
    for line in release.lines.0.values() {
        say(format!("line {} {:?} {}", line.branch.as_str(), line.kind, line.tip));
    }
    for tag in release.candidates.tags.values() {
        say(format!("tag {} {}", tag.tag.as_str(), tag.oid));
    }
    for ((key, on), pick) in &release.picks.pulls {
        say(format!("pick {key} {} {:?}", on.as_str(), pick.state));
    }
    for (item, it) in &release.checklist.items {
        say(format!("item {item} {:?} by {} why={:?} notes={:?}", it.state, it.by, it.why, it.notes));
    }
    for (gate, it) in &release.overrides.0 {
        say(format!("override {gate} on={} by {} why={:?}", it.on, it.by, it.why));
    }
    for (look, known) in &release.looks.0 {
        let failed = known.failed.as_ref().map(|(_, why)| why);
        say(format!("look {:?} {} count={} failed={failed:?}", look.topic, look.scope, known.count));
    }
    for plan in release.outbox.plans.iter().chain(&release.outbox.ended) {
        let (failed, waiting) = (plan.failed.len(), plan.waiting.len());
        say(format!("plan {:?} {}/{} failed={failed} waiting={waiting}", plan.title, plan.done, plan.total));
        say(format!("  stopped={}", plan.stopped.is_some()));
    }
    for open in release.outbox.open.values() {
        say(format!("open {:?} doubt={}", open.errand, open.in_doubt));
    }
    let deeds = |deeds: &[gonogo::release::undo::Deed]| {
        deeds.iter().map(|it| format!("{} {:?}", it.seq, it.class)).collect::<Vec<_>>().join(", ")
    };
    say(format!("deeds {}", deeds(&release.deeds)));
    say(format!("undone {}", deeds(&release.undone)));
    say(format!("unknown {:?}", release.unknown));
    for row in &release.log.rows {
        say(format!("row {} {} {} {} {:?}", row.seq, row.kind, row.by, row.target, row.status));
    }
    out
}

/// Folds a journal with the profile that lies beside it.
fn fold(journal: &Path, profile: &str) -> (Release, Verdict) {
    let temp = tempfile::tempdir().unwrap();
    let blobs = Blobs::of(&Dir::root(&temp.path().join("journal")).unwrap()).unwrap();
    blobs.put(profile.as_bytes()).unwrap();
    let mut release = Release::default();
    let source = Files::at(journal).unwrap();
    let walked =
        read_all(&source, &mut |line, _| release.apply(&entries::entry(&line, Some(&blobs)))).unwrap();
    (release, walked.verdict)
}

#[test]
fn every_journal_that_was_ever_committed_folds_to_the_same_state() {
    let mut count = 0;
    for version in std::fs::read_dir(here()).unwrap().map(|it| it.unwrap().path()).filter(|it| it.is_dir()) {
        for file in std::fs::read_dir(&version).unwrap().map(|it| it.unwrap().path()) {
            if file.extension().is_none_or(|it| it != "jsonl") {
                continue;
            }
            let profile = std::fs::read_to_string(file.with_extension("toml")).unwrap();
            let wanted = std::fs::read_to_string(file.with_extension("txt")).unwrap();
            let (release, verdict) = fold(&file, &profile);
            assert!(matches!(verdict, Verdict::Clean), "{}: {verdict}", file.display());
            assert_eq!(summary(&release), wanted, "{}", file.display());
            count += 1;
        }
    }
    assert!(count >= 1, "no golden journal was found");
}

/// A morning with everything in it: looks, ticks, a waiver, undo, a plan, a refusal, a crash in the middle of a plan.
fn morning() -> Book {
    let mut book = Book::read();
    book.issues(vec![labelled(8, &["blocker"]), issue(9), issue(10)]);
    let tick = |item: &str, to, why: Option<&str>| Ask::Tick { item: item.into(), to, why: why.map(text) };
    book.ask(tick("branch", ItemState::Done, None)).unwrap();
    book.ask(tick("say", ItemState::Done, None)).unwrap();
    book.ask(tick("cake", ItemState::Skipped, Some("diet ‹✓› 蛋糕"))).unwrap();
    book.ask(Ask::Undo).unwrap();
    book.ask(Ask::Redo).unwrap();
    book.ask(Ask::Undo).unwrap();
    book.ask(Ask::Attach { item: "say".into(), text: text("https://example.org/minutes") }).unwrap();
    let refusal = book.release.decide(tick("say", ItemState::Skipped, None), &book.stamp()).unwrap_err();
    book.tell(refusal.fact());
    let gate = "decision".into();
    book.ask(Ask::Override { gate, on: true, why: text("said aloud") }).unwrap();
    let rows = vec![check("build", CheckState::Failed)];
    let seen = ChecksSeen { branch: branch("main"), sha: oid(2), rows, gone: vec![], history: vec![] };
    book.tell(seen);
    let to = text("1.3.0");
    let moving = Proposal::Move { issues: vec![key(9), key(10)], to, why: text("too late") };
    let plan = book.release.draft(moving, &book.stamp()).unwrap();
    let (first, _) = running(&book.ask(Ask::Go(plan)).unwrap());
    let done = Outcome { http: Some(200), ..Outcome::new(Status::Ok) };
    let (second, _) = running(&book.settle(&first, done));
    book.session("gh");
    let found = Outcome { by: Some("probe".into()), ..Outcome::new(Status::Ok) };
    book.settle(&second, found);
    let plan = book.release.outbox.plans[0].plan.clone();
    let (third, _) = running(&book.ask(Ask::GoOn { plan, attended: false, replaces: false }).unwrap());
    book.settle(&third, Outcome::noted(Status::Unknown, "the connection broke"));
    book
}

#[test]
fn what_the_store_writes_folds_to_what_was_decided() {
    let temp = tempfile::tempdir().unwrap();
    let book = morning();
    let file = write(&book, &temp.path().join("journal"));
    let (release, verdict) = fold(&file, PROFILE);
    assert!(matches!(verdict, Verdict::Clean));
    assert_eq!(summary(&release), summary(&book.release));
}

#[test]
#[ignore = "writes the golden journal of this version: run it once a version, then commit what it wrote"]
fn write_the_golden_journal_of_this_version() {
    let to = here().join(concat!("v", env!("CARGO_PKG_VERSION")));
    assert!(!to.exists(), "a golden journal is never written twice");
    let temp = tempfile::tempdir().unwrap();
    let book = morning();
    let file = write(&book, &temp.path().join("journal"));
    std::fs::create_dir_all(&to).unwrap();
    std::fs::copy(file, to.join("morning.jsonl")).unwrap();
    std::fs::write(to.join("morning.toml"), PROFILE).unwrap();
    std::fs::write(to.join("morning.txt"), summary(&book.release)).unwrap();
}

/// Writes a book through the real store, with a draft of a kind that nobody knows at its end.
fn write(book: &Book, to: &Path) -> PathBuf {
    let mut store = Store::open(Dir::root(to).unwrap(), &[], &mut |_, _| {}).unwrap();
    for entry in &book.entries {
        let mut fact = entry.fact.clone();
        if let Fact::Session(Session::Opened(it)) = &mut fact {
            it.process = format!("sha256:{}", hex(&sha256(PROFILE.as_bytes()))).into();
        }
        let stamp = Stamp {
            ts: entry.ts,
            mono: entry.mono,
            ses: "01KAHQ8Z7V".into(),
            by: Login::parse(&entry.by).unwrap(),
        };
        let draft: Draft = entries::draft(&Note { op: entry.op.clone(), fact });
        store.append(&stamp, &[draft]).unwrap();
    }
    to.join("seg-000001.jsonl")
}
