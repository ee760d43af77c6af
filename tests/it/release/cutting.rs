//! Cutting a version: what must hold, which steps follow, and what each outcome leaves to do.

use super::ground::{Book, branch, check, oid, repo, text};
use gonogo::process::FinalFrom;
use gonogo::release::ask::Proposal;
use gonogo::release::branches::{LineKind, LinesSeen};
use gonogo::release::candidates::{TagRow, TagsSeen};
use gonogo::release::checks::{CheckState, ChecksSeen};
use gonogo::release::cut::What;
use gonogo::release::errand::{Status, UndoClass};
use gonogo::release::ids::{OpId, Tag};
use gonogo::release::plan::{Danger, Plan};
use gonogo::release::poll::Verdict;
use gonogo::release::{Ask, Errand, Outcome};
use std::sync::Arc;

/// A release of which everything that a candidate needs is GO.
fn ready() -> Book {
    let mut book = Book::read();
    waive(&mut book);
    book
}

/// Waives what is not GO.
fn waive(book: &mut Book) {
    for gate in book.release.poll(book.now) {
        if gate.required && gate.verdict != Verdict::Go {
            let ask = Ask::Override { gate: gate.gate.into(), on: true, why: text("tested") };
            book.ask(ask).unwrap();
        }
    }
}

fn cut(book: &Book, what: What) -> Result<Plan, String> {
    book.release.draft(Proposal::Cut(what), &book.stamp()).map_err(|refusal| refusal.why)
}

fn kinds(plan: &Plan) -> Vec<&'static str> {
    plan.steps.iter().map(|step| step.errand.kind()).collect()
}

fn waiting(book: &Book) -> Vec<&'static str> {
    let waiting = book.release.outbox.plans.iter().flat_map(|plan| &plan.waiting);
    waiting.map(|step| step.errand.kind()).collect()
}

fn ok(after: &[(&str, &str)]) -> Outcome {
    let after = after.iter().map(|(name, value)| ((*name).into(), text(value))).collect();
    Outcome { after, ..Outcome::new(Status::Ok) }
}

fn go(book: &mut Book, plan: &Plan) {
    book.ask(Ask::Go(plan.clone())).unwrap();
}

/// Answers the errand that is open now.
fn answer(book: &mut Book, outcome: Outcome) -> OpId {
    let op = book.release.outbox.open.keys().next().expect("an errand is open").clone();
    book.settle(&op, outcome);
    op
}

fn open(book: &Book) -> Option<&Errand> {
    book.release.outbox.open.values().next().map(|open| &open.errand)
}

#[test]
fn a_candidate_is_a_plan_that_is_typed() {
    let book = ready();
    let plan = cut(&book, What::Candidate).unwrap();
    assert_eq!(kinds(&plan), ["tag.create", "tag.push", "release.draft", "release.publish"]);
    assert_eq!(plan.danger, Danger::Typed("v1.2.0-rc.2".to_owned()));
    assert_eq!(plan.undo_class(), UndoClass::Cannot);
    let Errand::TagVersion(tag) = &plan.steps[0].errand else { panic!("the tag comes first") };
    assert_eq!(tag.at, Some(oid(3)));
    assert_eq!(tag.from, Some(branch("release-1.2.x")), "the branch must not have moved");
    let Errand::PublishRelease(publish) = &plan.steps[3].errand else { panic!("published last") };
    assert!(publish.prerelease && !publish.latest);
}

#[test]
fn a_gate_that_is_not_go_refuses_a_cut_and_names_itself() {
    let book = Book::read();
    let refusal = book.release.draft(Proposal::Cut(What::Final), &book.stamp()).unwrap_err();
    assert!(refusal.why.contains("and") && refusal.why.contains("more"), "{}", refusal.why);
    assert_eq!(refusal.hint.as_deref(), Some("settle it, or waive it with a reason: w in Overview"));
}

#[test]
fn checks_of_the_line_hold_a_candidate_until_they_are_green_on_its_very_commit() {
    let mut book = ready();
    let red = ChecksSeen {
        branch: branch("release-1.2.x"),
        sha: oid(3),
        rows: vec![check("build", CheckState::Failed)],
        gone: vec![],
        history: vec![],
    };
    book.ask(Ask::Override { gate: "line-ci".into(), on: false, why: text("no more") }).ok();
    book.tell(red);
    let why = cut(&book, What::Candidate).unwrap_err();
    assert!(why.contains("NO-GO") || why.contains("HOLD"), "{why}");
    // Waived with a reason, it goes.
    book.ask(Ask::Override { gate: "line-ci".into(), on: true, why: text("known flake") }).unwrap();
    assert!(cut(&book, What::Candidate).is_ok());
}

#[test]
fn the_number_after_a_candidate_that_is_gone_is_the_next_one() {
    let mut book = ready();
    let row = |tag: &str| TagRow { tag: Tag::parse(tag).unwrap(), oid: oid(9), annotated: true, at: None };
    book.tell(TagsSeen { rows: vec![row("v1.2.0-rc.10"), row("v1.2.0-rc.9")], gone: vec![] });
    book.tell(TagsSeen { rows: vec![], gone: vec![Tag::parse("v1.2.0-rc.10").unwrap()] });
    let plan = cut(&book, What::Candidate).unwrap();
    assert_eq!(plan.danger, Danger::Typed("v1.2.0-rc.11".to_owned()), "10 is burned, and above 9");
}

#[test]
fn the_final_version_is_the_commit_that_was_tested() {
    let mut book = ready();
    let row = TagRow { tag: Tag::parse("v1.2.0-rc.2").unwrap(), oid: oid(8), annotated: true, at: None };
    book.tell(TagsSeen { rows: vec![row], gone: vec![] });
    waive(&mut book);
    let plan = cut(&book, What::Final).unwrap();
    let Errand::TagVersion(tag) = &plan.steps[0].errand else { panic!("the tag comes first") };
    assert_eq!((tag.at, &tag.from), (Some(oid(8)), &None), "the branch has moved on, and that is fine");
    assert_eq!(kinds(&plan), ["tag.create", "tag.push", "release.draft"], "publishing is a step of its own");
}

#[test]
fn each_step_waits_for_the_one_before_and_says_all_it_knows() {
    let mut book = ready();
    let plan = cut(&book, What::Candidate).unwrap();
    go(&mut book, &plan);
    answer(&mut book, ok(&[("object", &oid(7).to_string())]));
    let Some(Errand::PushTag(push)) = open(&book) else { panic!("the push follows") };
    assert_eq!((push.at, push.object), (Some(oid(3)), Some(oid(7))));
    answer(&mut book, ok(&[]));
    let Some(Errand::DraftRelease(draft)) = open(&book) else { panic!("the draft follows") };
    assert_eq!(draft.at, Some(oid(3)));
    answer(&mut book, ok(&[("release", "71")]));
    let Some(Errand::PublishRelease(publish)) = open(&book) else { panic!("then it is published") };
    assert_eq!((publish.release, publish.at), (Some(71), Some(oid(3))));
    answer(&mut book, ok(&[]));
    assert_eq!(book.release.outbox.pending(), 0);
    assert!(book.release.outbox.plans.is_empty());
}

#[test]
fn a_tag_that_is_anothers_ends_the_plan() {
    let mut book = ready();
    let plan = cut(&book, What::Candidate).unwrap();
    go(&mut book, &plan);
    answer(&mut book, Outcome::noted(Status::Conflict, "the clone has it at another commit"));
    assert_eq!(waiting(&book), [""; 0], "nothing of it is sent");
    assert_eq!(open(&book), None);
}

#[test]
fn a_push_that_is_refused_waits_and_its_tag_can_be_taken_back() {
    let mut book = ready();
    let plan = cut(&book, What::Candidate).unwrap();
    go(&mut book, &plan);
    answer(&mut book, ok(&[("object", &oid(7).to_string())]));
    let tag = Tag::parse("v1.2.0-rc.2").unwrap();
    assert!(book.release.candidates.tags.contains_key(&tag), "its number is used from now on");
    answer(&mut book, Outcome::noted(Status::Refused, "tag ruleset"));
    assert_eq!(waiting(&book), ["tag.push", "release.draft", "release.publish"]);
    let back = book.release.draft(Proposal::TakeBack, &book.stamp()).unwrap();
    assert_eq!(kinds(&back), ["tag.delete"]);
    go(&mut book, &back);
    answer(&mut book, ok(&[]));
    assert_eq!(waiting(&book), [""; 0], "a tag that is gone is not pushed");
    assert!(!book.release.candidates.tags.contains_key(&tag));
    let again = cut(&book, What::Candidate).unwrap();
    assert_eq!(again.danger, Danger::Typed("v1.2.0-rc.2".to_owned()), "it reached nobody: not burned");
}

#[test]
fn a_tag_that_is_pushed_stays() {
    let mut book = ready();
    let plan = cut(&book, What::Candidate).unwrap();
    go(&mut book, &plan);
    answer(&mut book, ok(&[("object", &oid(7).to_string())]));
    answer(&mut book, ok(&[]));
    answer(&mut book, Outcome::noted(Status::Failed, "502"));
    let refusal = book.release.draft(Proposal::TakeBack, &book.stamp()).unwrap_err();
    assert_eq!(refusal.why, "it cannot be taken back");
}

#[test]
fn an_older_line_never_becomes_the_latest() {
    let mut book = ready();
    let row =
        |tag: &str, at| TagRow { tag: Tag::parse(tag).unwrap(), oid: oid(at), annotated: true, at: None };
    book.tell(TagsSeen { rows: vec![row("v1.2.0", 8)], gone: vec![] });
    let publish = |book: &Book| {
        let tag = Tag::parse("v1.2.0").unwrap();
        let plan = book.release.draft(Proposal::PublishRelease(tag), &book.stamp()).unwrap();
        let Errand::PublishRelease(it) = &plan.steps.last().unwrap().errand else { panic!("published last") };
        it.latest
    };
    assert!(publish(&book));
    book.tell(TagsSeen { rows: vec![row("v2.0.0", 9)], gone: vec![] });
    assert!(!publish(&book), "v2.0.0 is above it");
}

#[test]
fn a_patch_release_has_no_candidates_and_the_refusal_says_what_to_press() {
    let mut book = Book::blank("v1.2.1", Some(repo()), "gh");
    book.tell(LinesSeen {
        rows: vec![super::ground::line("release-1.2.x", LineKind::Release, oid(3))],
        gone: vec![],
    });
    let refusal = book.release.draft(Proposal::Cut(What::Candidate), &book.stamp()).unwrap_err();
    assert_eq!(refusal.why, "patch releases have no candidates");
    assert!(refusal.hint.is_some());
}

#[test]
fn a_list_of_changes_alone_is_a_commit_before_the_final_tag() {
    let mut book = ready();
    let row = TagRow { tag: Tag::parse("v1.2.0-rc.2").unwrap(), oid: oid(3), annotated: true, at: None };
    book.tell(TagsSeen { rows: vec![row], gone: vec![] });
    waive(&mut book);
    assert_eq!(kinds(&cut(&book, What::Final).unwrap())[0], "tag.create", "nothing is written by itself");
    let process = Arc::make_mut(book.release.process.as_mut().unwrap());
    process.notes.changelog = Some("CHANGELOG.md".to_owned());
    assert_eq!(
        kinds(&cut(&book, What::Final).unwrap())[0],
        "tag.create",
        "what was tested is what is released"
    );
    let process = Arc::make_mut(book.release.process.as_mut().unwrap());
    process.cut.final_from = FinalFrom::Head;
    let plan = cut(&book, What::Final).unwrap();
    let Errand::BumpVersion(bump) = &plan.steps[0].errand else { panic!("the commit comes first") };
    let files: Vec<_> = bump.edits.iter().map(|edit| edit.file.as_str()).collect();
    assert_eq!((files, bump.tip), (vec!["CHANGELOG.md"], oid(3)));
    let Errand::TagVersion(tag) = &plan.steps[2].errand else { panic!("then its push, then the tag") };
    assert_eq!(tag.at, None, "the commit that is made before it");
}
