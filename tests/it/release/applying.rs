//! Picks applied and pushed by a plan: what it says, what leaves when, and what waits for a person.

use super::ground::{Book, branch, oid, running, text};
use super::triage::{pull, queue, seen};
use gonogo::release::ask::Proposal;
use gonogo::release::errand::Status;
use gonogo::release::ids::OpId;
use gonogo::release::picks::{
    Decision, Foreseen, PickAsk, PickKey, PickState, Predicted, PredictionsSeen, Resolve,
};
use gonogo::release::plan::{Danger, Plan};
use gonogo::release::{Ask, Errand, Outcome};

const LINE: &str = "release-1.2.x";

fn key(number: u64) -> PickKey {
    super::triage::place(number).0
}

/// A queue of four, of which some are accepted.
fn accepted(numbers: &[u64]) -> Book {
    let mut book = queue();
    let picks = numbers.iter().map(|number| super::triage::place(*number)).collect();
    let ask = PickAsk::Decide { picks, to: Decision::Accepted, why: None, answers: vec![] };
    book.ask(Ask::Pick(ask)).unwrap();
    book
}

fn predict(book: &mut Book, verdicts: &[(u64, Foreseen, Option<u8>)]) {
    let row = |(number, verdict, tree): &(u64, Foreseen, Option<u8>)| Predicted {
        pick: key(*number),
        verdict: verdict.clone(),
        tree: tree.map(oid),
        remedy: None,
    };
    let rows = verdicts.iter().map(row).collect();
    let (line, tier) = (branch(LINE), text("git"));
    book.tell(PredictionsSeen { line, tip: oid(3), tier, rows, gone: vec![], whole: true });
}

fn draft(book: &Book, picks: Vec<PickKey>) -> Result<Plan, gonogo::release::Refusal> {
    book.release.draft(Proposal::ApplyPicks { line: branch(LINE), picks }, &book.stamp())
}

fn with(status: Status, after: &[(&str, &str)]) -> Outcome {
    let mut outcome = Outcome::noted(status, "said");
    outcome.after = after.iter().map(|(name, value)| ((*name).into(), text(value))).collect();
    outcome
}

/// A plan that has begun: its operation and the book.
fn begun() -> (Book, OpId, OpId) {
    let mut book = accepted(&[1, 2]);
    let plan = draft(&book, vec![]).unwrap();
    let id = plan.id.clone();
    let (op, errand) = running(&book.ask(Ask::Go(plan)).unwrap());
    assert!(matches!(errand, Errand::ApplyPicks(_)));
    (book, op, id)
}

fn stopped() -> (Book, OpId, OpId) {
    let (mut book, op, id) = begun();
    let after = [("worktree", "/tmp/work"), ("at", "2"), ("files", "a\0b")];
    assert!(book.settle(&op, with(Status::Conflict, &after)).is_empty(), "the push waits");
    (book, op, id)
}

fn resolve(book: &mut Book, answer: Resolve, outcome: Outcome) {
    let proposal = Proposal::ResolvePicks { line: branch(LINE), answer, attended: false };
    let plan = book.release.draft(proposal, &book.stamp()).unwrap();
    let (op, _) = running(&book.ask(Ask::Go(plan)).unwrap());
    assert!(book.settle(&op, outcome).is_empty());
}

#[test]
fn a_plan_shows_the_commands_and_wants_the_branch_typed() {
    let book = accepted(&[1, 2]);
    let plan = draft(&book, vec![]).unwrap();
    assert_eq!(plan.title, "Apply 2 picks to release-1.2.x and push it");
    assert_eq!(plan.danger, Danger::Typed(LINE.to_owned()));
    assert!(plan.trust, "its hooks will run");
    let lines: Vec<_> = plan.steps.iter().map(|step| step.errand.line()).collect();
    assert!(lines[0].contains("git cherry-pick -x 0101010 (#1), 0202020 (#2)"), "{}", lines[0]);
    assert!(lines[1].contains("--force-with-lease=release-1.2.x:0303030"), "{}", lines[1]);
}

#[test]
fn a_plan_that_will_stop_at_a_conflict_says_at_which_pick() {
    let mut book = accepted(&[1, 2]);
    let clash = (2, Foreseen::Conflict { files: vec![], more: 0 }, None);
    predict(&mut book, &[(1, Foreseen::Clean, Some(8)), clash]);
    let title = |picks| draft(&book, picks).unwrap().title;
    assert!(title(vec![]).ends_with("and push it: stops at #2, which conflicts"));
    assert!(title(vec![key(1)]).ends_with("and push it"));
}

#[test]
fn only_what_was_accepted_is_applied() {
    let book = queue();
    assert!(draft(&book, vec![]).unwrap_err().why.contains("no pick of it is accepted"));
    assert!(draft(&book, vec![key(1)]).unwrap_err().why.contains("#1 is to decide"));
    let mut book = accepted(&[1, 2]);
    seen(&mut book, vec![gonogo::release::picks::Pick { merged: None, ..pull(1) }]);
    assert!(draft(&book, vec![key(1)]).unwrap_err().why.contains("not in this clone"));
    seen(&mut book, vec![gonogo::release::picks::Pick { state: PickState::NotMerged, ..pull(2) }]);
    assert!(draft(&book, vec![key(2)]).unwrap_err().why.contains("not merged"));
    predict(&mut book, &[(1, Foreseen::Unknown { why: text("shallow") }, None)]);
    seen(&mut book, vec![pull(1)]);
    assert!(draft(&book, vec![key(1)]).unwrap_err().why.contains("shallow"));
}

#[test]
fn predicted_trees_go_along_only_while_they_hold() {
    let mut book = accepted(&[1, 3, 4]);
    let clean = |number, tree| (number, Foreseen::Clean, Some(tree));
    let clash = (2, Foreseen::Conflict { files: vec![], more: 0 }, None);
    let trees = |book: &Book| {
        let plan = draft(book, vec![]).unwrap();
        let Errand::ApplyPicks(it) = &plan.steps[0].errand else { panic!() };
        it.picks.iter().map(|it| it.tree).collect::<Vec<_>>()
    };
    predict(&mut book, &[clean(1, 11), clash, clean(3, 13), clean(4, 14)]);
    assert_eq!(
        trees(&book),
        [Some(oid(11)), Some(oid(13)), Some(oid(14))],
        "what conflicts is left out anyway"
    );
    predict(&mut book, &[clean(2, 12)]);
    assert_eq!(trees(&book), [Some(oid(11)), None, None], "one between that is not applied");
}

#[test]
fn the_push_names_in_its_intent_what_was_applied() {
    let (mut book, op, _) = begun();
    let tip = oid(9).to_string();
    let (push, errand) = running(&book.settle(&op, with(Status::Ok, &[("tip", &tip)])));
    let Errand::PushPicks(it) = &errand else { panic!("{errand:?}") };
    assert_eq!((it.from, it.to, &it.of), (oid(3), Some(oid(9)), &op));
    let body = book.entries.last().unwrap().fact.body();
    assert!(body.get().contains(&tip), "{body}");
    assert!(book.settle(&push, Outcome::new(Status::Ok)).is_empty());
    assert!(book.release.outbox.plans.is_empty());
}

#[test]
fn a_conflict_waits_for_a_person_and_the_push_for_the_conflict() {
    let (mut book, op, id) = stopped();
    let it = &book.release.picks.resolving[&branch(LINE)];
    assert_eq!((&it.op, it.at, it.all, it.files.len()), (&op, 2, 2, 2));
    assert!(draft(&book, vec![]).unwrap_err().why.contains("stopped at 2 of 2"));
    assert!(
        book.refused(Ask::GoOn { plan: id.clone(), attended: false, replaces: false })
            .contains("not applied yet")
    );
    // What is no resolution leaves everything as it was.
    resolve(&mut book, Resolve::Continue, Outcome::noted(Status::Refused, "a has conflict markers left"));
    assert_eq!(book.release.picks.resolving[&branch(LINE)].at, 2);
    // A session in between changes nothing of it.
    book.session("gh");
    let tip = oid(9).to_string();
    resolve(&mut book, Resolve::Continue, with(Status::Ok, &[("tip", &tip)]));
    assert!(book.release.picks.resolving.is_empty());
    let (_, errand) = running(&book.ask(Ask::GoOn { plan: id, attended: false, replaces: false }).unwrap());
    assert!(matches!(errand, Errand::PushPicks(it) if it.to == Some(oid(9)) && it.of == op));
}

#[test]
fn what_is_called_off_is_not_pushed() {
    let (mut book, _, id) = stopped();
    resolve(&mut book, Resolve::Abort, Outcome::new(Status::Ok));
    assert!(book.release.picks.resolving.is_empty());
    assert!(book.release.outbox.plans.iter().all(|plan| plan.plan != id || plan.waiting.is_empty()));
    draft(&book, vec![]).unwrap();
}

#[test]
fn a_session_that_ended_in_the_middle_leaves_it_in_doubt_and_nothing_leaves_by_itself() {
    let (mut book, op, id) = begun();
    book.session("gh");
    assert_eq!(book.release.probes().len(), 1);
    let tip = oid(9).to_string();
    assert!(book.settle(&op, with(Status::Ok, &[("tip", &tip)])).is_empty());
    let (_, errand) = running(&book.ask(Ask::GoOn { plan: id, attended: false, replaces: false }).unwrap());
    assert!(matches!(errand, Errand::PushPicks(it) if it.to == Some(oid(9))));
}

#[test]
fn a_worktree_may_go_when_nothing_and_nobody_waits_for_it() {
    let (mut book, op, _) = begun();
    assert_eq!(book.release.applied_and_over(), [], "it is being applied");
    let tip = oid(9).to_string();
    let (push, _) = running(&book.settle(&op, with(Status::Ok, &[("tip", &tip)])));
    book.session("gh");
    assert_eq!(book.release.applied_and_over(), [], "the push may have happened or not");
    book.settle(&push, Outcome::new(Status::Ok));
    assert_eq!(book.release.applied_and_over(), [op]);

    let (mut book, op, id) = stopped();
    assert_eq!(book.release.applied_and_over(), [], "a person resolves it");
    book.ask(Ask::CallOff { plan: id, why: text("not today") }).unwrap();
    assert_eq!(book.release.applied_and_over(), [], "the plan is off, and the conflict still waits");
    resolve(&mut book, Resolve::Abort, Outcome::new(Status::Ok));
    assert_eq!(book.release.applied_and_over(), [op]);
}
