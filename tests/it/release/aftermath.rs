//! After a release: a hotfix from the production tag and its way back to every branch, a release that goes wrong, the
//! channels that it is promoted through.

use super::ground::{Book, at, branch, line, oid, text};
use gonogo::process::Process;
use gonogo::release::ask::Proposal;
use gonogo::release::back::{BackSettled, FixesSeen};
use gonogo::release::branches::{Commit, LineKind, LinesSeen};
use gonogo::release::candidates::{TagRow, TagsSeen};
use gonogo::release::checks::CheckState;
use gonogo::release::cut::RunSeen;
use gonogo::release::errand::Status;
use gonogo::release::ids::{Oid, Repo, Tag};
use gonogo::release::looks::Topic;
use gonogo::release::picks::{Grade, Landing, LandingsSeen, PickKey};
use gonogo::release::plan::Danger;
use gonogo::release::session::ProcessChanged;
use gonogo::release::setback::{Recovered, SetbackAsk};
use gonogo::release::{Ask, Errand, Outcome};

fn monthly() -> String {
    let (_, _, text) = gonogo::process::PRESETS.iter().find(|it| it.0 == "monthly-trunk").unwrap();
    (*text).to_owned()
}

/// A hotfix of v1.2.0 under the monthly process, its branch not made yet.
fn hotfix() -> Book {
    let mut book = Book::blank("v1.2.1", Some(Repo::parse("pier/crane").unwrap()), "env");
    let (from, to) = ("sha256:0".into(), "sha256:1".into());
    book.tell(ProcessChanged { from, to, profile: Some(monthly().into()), why: text("monthly") });
    assert_eq!(book.release.process_error, None);
    tags(&mut book, &[("v1.1.0", 1), ("v1.2.0", 2)]);
    let rows = vec![
        line("trunk", LineKind::Trunk, oid(9)),
        line("release/v1.x", LineKind::LongLived, oid(8)),
        line("release/v1.1.0", LineKind::Release, oid(1)),
        line("release/v1.2.0", LineKind::Release, oid(7)),
        line("release/v1.3.0", LineKind::Release, oid(6)),
    ];
    book.tell(LinesSeen { rows, gone: vec![] });
    book.complete(Topic::Git, "");
    book.complete(Topic::Landings, "");
    book
}

fn tags(book: &mut Book, tags: &[(&str, u8)]) {
    let row = |(name, digit): &(&str, u8)| TagRow {
        tag: Tag::parse(name).unwrap(),
        oid: oid(*digit),
        annotated: true,
        at: Some(at(-60)),
    };
    book.tell(TagsSeen { rows: tags.iter().map(row).collect(), gone: vec![] });
}

fn made(book: &mut Book) {
    book.tell(LinesSeen { rows: vec![line("hotfix/v1.2.1", LineKind::Hotfix, oid(5))], gone: vec![] });
}

#[test]
fn a_hotfix_starts_at_the_production_tag_and_not_at_the_head_of_a_branch() {
    let mut book = hotfix();
    let draft = |book: &Book| book.release.draft(Proposal::HotfixBranch, &book.stamp());
    let plan = draft(&book).unwrap();
    assert_eq!(plan.danger, Danger::Typed("hotfix/v1.2.1".to_owned()));
    let Errand::CreateBranch(it) = &plan.steps[0].errand else { panic!("{plan:?}") };
    // v1.2.0 is at 02…, its branch has gone on to 07….
    assert_eq!((it.at, it.tag.as_ref().map(Tag::as_str)), (oid(2), Some("v1.2.0")));
    assert_eq!(plan.steps[0].errand.line(), "create hotfix/v1.2.1 at 0202020 (the tag v1.2.0)");
    assert!(book.release.starts_at_a_tag());
    made(&mut book);
    assert_eq!(draft(&book).unwrap_err().why, "hotfix/v1.2.1 exists already");
    // Approval comes first, on record.
    assert!(book.release.comes_before("hotfix-branch", book.now).is_some_and(|it| it.contains("approves")));
    let tick = Ask::Tick {
        item: "hotfix-approved".into(),
        to: gonogo::release::checklist::ItemState::Done,
        why: None,
    };
    assert_eq!(book.refused(tick.clone()), "it wants a written note");
    assert_eq!(book.gate("hotfix-approved"), "NO-GO not done");
    book.ask(Ask::Attach { item: "hotfix-approved".into(), text: text("orders are lost") }).unwrap();
    book.ask(tick).unwrap();
    assert_eq!(book.release.comes_before("hotfix-branch", book.now), None);
    assert_eq!(book.gate("hotfix-approved"), "GO done");
}

fn commit(digit: u8) -> Commit {
    Commit { oid: oid(digit), subject: text("Mend it"), author: text("ann"), at: at(-30) }
}

fn seen(book: &mut Book, commits: &[u8]) {
    let ask = book.release.fixes_ask().unwrap();
    let (from, base, tip, on) = (ask.from, ask.base, ask.tip, ask.on);
    let rows = commits.iter().copied().map(commit).collect();
    book.tell(FixesSeen { from, base, tip, on, rows, more: false });
}

fn landing(digit: u8, on: &str, grade: Grade, reverted: Option<Oid>) -> Landing {
    Landing {
        pick: PickKey::Commit(oid(digit)),
        line: branch(on),
        grade,
        commit: oid(digit + 100),
        of: None,
        modified: None,
        reverted,
        trunk_reverted: None,
        at: None,
        by: None,
    }
}

#[test]
fn a_hotfix_is_closed_only_when_each_commit_is_on_each_branch_or_not_needed_there() {
    let mut book = hotfix();
    made(&mut book);
    // The gate guards the close: it is asked once the final version is tagged.
    assert!(book.release.poll(book.now).iter().all(|it| it.gate != "merge-back"));
    tags(&mut book, &[("v1.2.1", 5)]);
    assert_eq!(book.gate("merge-back"), "HOLD the commits of the fix were not read yet");
    let on = book.release.fixes_ask().unwrap().on;
    // Not the older line, nor the one that production came from.
    assert_eq!(on, [branch("release/v1.3.0"), branch("release/v1.x"), branch("trunk")]);
    seen(&mut book, &[5, 4]);
    assert_eq!(book.gate("merge-back"), "NO-GO 6 of 6 missing: 0505050 on release/v1.3.0");
    let rows = vec![
        landing(5, "trunk", Grade::Ancestor, None),
        landing(4, "trunk", Grade::Trailer, None),
        landing(5, "release/v1.x", Grade::PatchId, None),
        landing(4, "release/v1.x", Grade::Subject, None),
        landing(5, "release/v1.3.0", Grade::Trailer, Some(oid(77))),
    ];
    book.tell(LandingsSeen { rows, gone: vec![] });
    // A subject alone shows nothing, and what was reverted is gone.
    assert!(book.gate("merge-back").starts_with("NO-GO 3 of 6 missing"), "{}", book.gate("merge-back"));
    let settle = |commit, line: &str, on, why: &str| {
        Ask::Back(BackSettled { commit, line: branch(line), on, why: text(why) })
    };
    assert_eq!(book.refused(settle(oid(5), "trunk", true, "x")), "it is there already: merged");
    assert_eq!(book.refused(settle(oid(4), "release/v1.x", true, " ")), "a reason is needed");
    assert_eq!(book.refused(settle(oid(4), "release/v1.1.0", true, "x")), "it is not to come back there");
    for (commit, line) in [(oid(4), "release/v1.x"), (oid(4), "release/v1.3.0"), (oid(5), "release/v1.3.0")] {
        book.ask(settle(commit, line, true, "the code is gone there")).unwrap();
    }
    assert_eq!(book.gate("merge-back"), "GO 2 on 3 branches");
    book.ask(Ask::Undo).unwrap();
    assert!(book.gate("merge-back").starts_with("NO-GO 1 of 6 missing"));
    book.ask(Ask::Redo).unwrap();
    // A branch that is new since, or a commit more, is looked at before it is GO again.
    book.tell(LinesSeen { rows: vec![line("release/v1.4.0", LineKind::Release, oid(9))], gone: vec![] });
    assert_eq!(book.gate("merge-back"), "HOLD a branch is new, and was not looked at yet");
    seen(&mut book, &[5, 4]);
    assert!(book.gate("merge-back").starts_with("NO-GO 2 of 8 missing"), "{}", book.gate("merge-back"));
}

#[test]
fn what_goes_wrong_is_judged_and_ended_on_record_and_opens_its_steps() {
    let mut book = hotfix();
    let wrong = |severity: &str, what: &str| {
        Ask::Setback(SetbackAsk::Wrong { severity: severity.into(), what: text(what) })
    };
    let process: Process = (**book.release.process.as_ref().unwrap()).clone();
    let shown = |book: &Book| {
        let stage = process.stage("rollback").unwrap();
        process.items_for(stage, "patch", book.release.went_wrong()).count()
    };
    assert_eq!(shown(&book), 0);
    assert_eq!(
        book.refused(wrong("critical", "orders are lost")),
        "the version is not released: there is nothing to roll back"
    );
    made(&mut book);
    tags(&mut book, &[("v1.2.1", 5)]);
    assert_eq!(book.refused(wrong("odd", "orders are lost")), "the process has no such severity");
    assert_eq!(book.refused(wrong("critical", " ")), "say what went wrong");
    let over = |hotfix: Option<&str>| {
        let (outcome, hotfix) = (text("rolled back"), hotfix.map(text));
        Ask::Setback(SetbackAsk::Over(Recovered { outcome, hotfix }))
    };
    assert_eq!(book.refused(over(None)), "nothing went wrong that has not ended");
    book.ask(wrong("critical", "orders are lost")).unwrap();
    assert_eq!(book.release.setback_banner().unwrap(), "critical: roll back at once – orders are lost");
    assert_eq!(shown(&book), 4);
    // Judged anew: the same setback, and a hotfix must mend it.
    book.ask(wrong("major", "some orders are late")).unwrap();
    assert_eq!(book.release.setbacks.0.len(), 1);
    assert_eq!(book.refused(over(None)), "the process asks for a hotfix: say which mends it");
    book.ask(over(Some("v1.2.2"))).unwrap();
    assert_eq!(book.release.setback_banner(), None);
    assert_eq!(shown(&book), 4, "what was done stays to be read");
    book.ask(wrong("minor", "a typo")).unwrap();
    assert_eq!(book.release.setbacks.0.len(), 2);
}

#[test]
fn a_channel_is_promoted_to_in_its_order_and_verified_artifact_by_artifact() {
    let mut book = Book::read();
    let channels = r#"
[[artifacts]]
id = "tagged"
at = "tag"
[[channels]]
id = "alpha"
workflow = "promote.yml"
artifacts = ["tagged"]
[[channels]]
id = "stable"
workflow = "promote.yml"
after = "alpha"
inputs = { to = "{channel}", what = "{tag}" }
[[stages]]
id = "ship"
items = [
  { id = "to-alpha", text = "To alpha", act = { promote = { channel = "alpha" } } },
  { id = "to-stable", text = "To stable", act = { promote = { channel = "stable" } } },
]
"#;
    let profile = format!("{}{channels}", super::ground::PROFILE);
    let (from, to) = ("sha256:0".into(), "sha256:1".into());
    book.tell(ProcessChanged { from, to, profile: Some(profile.into()), why: text("channels") });
    assert_eq!(book.release.process_error, None);
    let draft = |book: &Book, channel: &str| {
        let (item, channel) = (format!("to-{channel}").into(), channel.into());
        book.release.draft(Proposal::Promote { item, channel }, &book.stamp()).map_err(|refusal| refusal.why)
    };
    let reads = |book: &Book, item: &str| {
        let reading = book.release.self_check(item, book.now).unwrap();
        format!("{} {}", reading.verdict.word(), reading.reason)
    };
    assert_eq!(draft(&book, "alpha").unwrap_err(), "the final version is not tagged yet");
    tags(&mut book, &[("v1.2.0", 3)]);
    assert!(reads(&book, "to-stable").starts_with("HOLD not promoted yet"));
    let plan = draft(&book, "alpha").unwrap();
    assert_eq!(
        plan.steps[0].errand.line(),
        "start the workflow promote.yml on v1.2.0 with channel=alpha version=1.2.0"
    );
    let op = plan.steps[0].op.clone();
    book.ask(Ask::Go(plan)).unwrap();
    let mut outcome = Outcome::new(Status::Ok);
    outcome.after.insert("run".into(), "9".into());
    book.settle(&op, outcome);
    assert_eq!(reads(&book, "to-alpha"), "HOLD run 9 promotes it");
    assert_eq!(draft(&book, "alpha").unwrap_err(), "run 9 promotes it already");
    assert_eq!(draft(&book, "stable").unwrap_err(), "alpha comes before it: run 9 promotes it");
    let run = |book: &mut Book, state| {
        let (name, attempt) = (text("Promote"), 1);
        book.tell(RunSeen {
            run: 9,
            name,
            state,
            attempt,
            sha: None,
            started: None,
            updated: None,
            url: None,
        });
    };
    run(&mut book, CheckState::Failed);
    assert_eq!(reads(&book, "to-alpha"), "NO-GO run 9: failed");
    run(&mut book, CheckState::Passed);
    assert_eq!(reads(&book, "to-alpha"), "GO run 9; tagged");
    let plan = draft(&book, "stable").unwrap();
    assert!(plan.steps[0].errand.line().ends_with("with to=stable what=v1.2.0"));
}
