//! Backport pull requests: what the plan says, what leaves when, what is sent once more, and what never is.

use super::ground::{Book, branch, oid, running, text};
use super::triage::{place, pull, queue_of, seen};
use gonogo::release::ask::Proposal;
use gonogo::release::errand::Status;
use gonogo::release::ids::OpId;
use gonogo::release::looks::{Complete, LookKey, Topic};
use gonogo::release::picks::{
    CellState, Decision, Fork, OpenPull, PickAsk, PickKey, PullFacts, PushBackport, Resolve,
};
use gonogo::release::plan::Plan;
use gonogo::release::{Ask, Errand, Outcome};

const LINE: &str = "release-1.2.x";
const RULES: &str = r#"
[picks.backport]
labels = ["backport", "to-{minor}"]
assignees = ["{author}"]
reviewers = ["{approvers}", "lead", "ann"]
"#;

fn key(number: u64) -> PickKey {
    place(number).0
}

fn book(rules: &str, numbers: &[u64]) -> Book {
    let mut book = queue_of(rules);
    let picks = numbers.iter().map(|number| place(*number)).collect();
    book.ask(Ask::Pick(PickAsk::Decide { picks, to: Decision::Accepted, why: None, answers: vec![] }))
        .unwrap();
    book
}

fn plan(book: &Book, each: bool, fork: Option<Fork>) -> Plan {
    let proposal = Proposal::Backport { line: branch(LINE), picks: vec![], each, fork };
    book.release.draft(proposal, &book.stamp()).unwrap()
}

fn kinds(plan: &Plan) -> Vec<&'static str> {
    plan.steps.iter().map(|step| step.errand.kind()).collect()
}

fn with(status: Status, after: &[(&str, &str)]) -> Outcome {
    let mut outcome = Outcome::noted(status, "said");
    outcome.after = after.iter().map(|(name, value)| ((*name).into(), text(value))).collect();
    outcome
}

fn made() -> Outcome {
    with(Status::Ok, &[("tip", &oid(9).to_string())])
}

fn go(book: &mut Book, plan: Plan) -> (OpId, OpId) {
    let id = plan.id.clone();
    let (op, errand) = running(&book.ask(Ask::Go(plan)).unwrap());
    assert!(matches!(errand, Errand::ApplyPicks(_)));
    (op, id)
}

fn push(errand: Errand) -> PushBackport {
    if let Errand::PushBackport(it) = errand { it } else { panic!("{errand:?}") }
}

fn open(errand: Errand) -> OpenPull {
    if let Errand::OpenPull(it) = errand { it } else { panic!("{errand:?}") }
}

/// A plan of one pull request whose branch is pushed: the operation that opens it.
fn pushed() -> (Book, OpId, OpId) {
    let mut book = book(RULES, &[1]);
    let draft = plan(&book, true, None);
    let (op, id) = go(&mut book, draft);
    let (op, _) = running(&book.settle(&op, made()));
    let (op, _) = running(&book.settle(&op, Outcome::new(Status::Ok)));
    (book, op, id)
}

#[test]
fn a_plan_shows_every_step_of_git_and_of_the_forge() {
    let book = book(RULES, &[1, 2]);
    let each = plan(&book, true, None);
    let group = ["pick.apply", "pick.push", "pull.open", "pull.dress"];
    assert_eq!(kinds(&each), [group, group].concat());
    let lines: Vec<_> = each.steps.iter().map(|step| step.errand.line()).collect();
    assert!(lines[1].contains("--force-with-lease=backport/1-to-release-1.2.x: what"), "{}", lines[1]);
    assert!(
        lines[2].contains(
            "POST /repos/pier/crane/pulls backport/1-to-release-1.2.x into release-1.2.x: fix 1 (backport #1)"
        ),
        "{}",
        lines[2]
    );
    assert!(lines[3].contains("label it backport, to-2; assign bob; ask to review lead"), "{}", lines[3]);
    let all = plan(&book, false, None);
    assert_eq!(kinds(&all), group);
    let it = open(all.steps[2].errand.clone());
    assert_eq!((it.head.as_str(), it.picks.len()), ("backport/1-2-to-release-1.2.x", 2));
    assert_eq!(it.title.raw(), "Backport #1, #2 to release-1.2.x");
    assert!(it.body.raw().contains("- #1 fix 1 (0101010101010101010101010101010101010101)\n- #2 fix 2"));
}

#[test]
fn what_others_wrote_does_nothing_in_the_body_and_approvers_are_asked() {
    let mut book = book(RULES, &[1]);
    let facts = PullFacts { approved_by: vec![text("eve"), text("lead")], ..PullFacts::default() };
    let title = text("<img src=x> @team **bold** \u{202e}x");
    seen(&mut book, vec![gonogo::release::picks::Pick { title, facts: Some(facts), ..pull(1) }]);
    let plan = plan(&book, true, None);
    let it = open(plan.steps[2].errand.clone());
    assert!(it.body.raw().contains("&lt;img src=x&gt; @\u{2060}team \\*\\*bold"), "{}", it.body.raw());
    assert!(!it.body.raw().contains('\u{202e}') && !it.title.raw().contains('\u{202e}'));
    let Errand::DressPull(it) = &plan.steps[3].errand else { panic!() };
    let names: Vec<_> = it.reviewers.iter().map(gonogo::release::text::Untrusted::raw).collect();
    assert_eq!(names, ["eve", "lead"], "each once, and not who opens it");
}

#[test]
fn a_fork_gets_the_branch_and_the_head_says_whose_it_is() {
    let book = book("", &[1]);
    let plan = plan(&book, true, Some(Fork { remote: "mine".into(), owner: "ann".into() }));
    assert_eq!(push(plan.steps[1].errand.clone()).remote, Some(text("mine")));
    assert_eq!(open(plan.steps[2].errand.clone()).head_name(), "ann:backport/1-to-release-1.2.x");
    assert_eq!(kinds(&plan).len(), 3, "nothing is asked for that the process does not name");
}

#[test]
fn each_step_leaves_once_the_one_before_is_on_record() {
    let (mut book, op, _) = pushed();
    let (op, errand) = running(&book.settle(&op, with(Status::Ok, &[("number", "77"), ("url", "u")])));
    assert!(matches!(&errand, Errand::DressPull(it) if it.number == Some(77)));
    let at = place(1);
    assert_eq!(book.release.picks.cell(&at.0, &at.1).unwrap().state, CellState::OpenPull);
    assert_eq!(book.release.picks.told(&at.0, &at.1).unwrap().word, "PR #77");
    assert!(book.settle(&op, Outcome::new(Status::Ok)).is_empty());
    assert!(book.release.outbox.plans.is_empty());
    // What the forge shows counts from then on.
    for _ in 0..2 {
        book.tell(Complete {
            look: LookKey::new(Topic::Picks, "pier/crane"),
            count: 4,
            upto: None,
            partly: None,
        });
    }
    assert_eq!(book.release.picks.cell(&at.0, &at.1).unwrap().state, CellState::Approved);
}

#[test]
fn what_holds_conflicts_is_a_draft_and_says_so() {
    let mut book = book("[picks.backport]\nconflicts = \"draft\"", &[1]);
    let plan = plan(&book, true, None);
    assert!(plan.steps[0].errand.line().contains("committed with its markers"));
    assert!(!open(plan.steps[2].errand.clone()).draft);
    let (op, _) = go(&mut book, plan);
    let done = with(Status::Ok, &[("tip", &oid(9).to_string()), ("markers", "a_b.rs\0c.rs")]);
    let (op, _) = running(&book.settle(&op, done));
    let it = open(running(&book.settle(&op, Outcome::new(Status::Ok))).1);
    assert!(it.draft && it.conflicts.len() == 2);
    assert!(it.body.raw().contains("holds conflicts") && it.body.raw().contains("- a\\_b.rs\n- c.rs"));
}

#[test]
fn markers_never_go_to_a_release_branch() {
    let stop = with(Status::Conflict, &[("worktree", "/tmp/work"), ("at", "1"), ("files", "a")]);
    let answer = |book: &Book| {
        let line = branch(LINE);
        book.release
            .draft(Proposal::ResolvePicks { line, answer: Resolve::Draft, attended: false }, &book.stamp())
    };
    let mut onto_line = book("", &[1]);
    let proposal = Proposal::ApplyPicks { line: branch(LINE), picks: vec![] };
    let draft = onto_line.release.draft(proposal, &onto_line.stamp()).unwrap();
    let (op, _) = go(&mut onto_line, draft);
    onto_line.settle(&op, stop.clone());
    assert!(answer(&onto_line).unwrap_err().why.contains("never go to a release branch"));
    // Even an outcome that tells of markers pushes nothing there.
    let tip = oid(9).to_string();
    let proposal = Proposal::ResolvePicks { line: branch(LINE), answer: Resolve::Continue, attended: false };
    let draft = onto_line.release.draft(proposal, &onto_line.stamp()).unwrap();
    let plan = onto_line.release.outbox.plans[0].plan.clone();
    let (op, _) = running(&onto_line.ask(Ask::Go(draft)).unwrap());
    onto_line.settle(&op, with(Status::Ok, &[("tip", &tip), ("markers", "a")]));
    onto_line.refused(Ask::GoOn { plan, attended: false, replaces: false });
    let mut apart = book("", &[1]);
    let draft = plan_of(&apart);
    let (op, _) = go(&mut apart, draft);
    apart.settle(&op, stop);
    answer(&apart).unwrap();
}

fn plan_of(book: &Book) -> Plan {
    plan(book, true, None)
}

#[test]
fn what_comes_to_nothing_is_not_pushed_and_the_next_one_goes_on() {
    let mut book = book("", &[1, 2]);
    let draft = plan(&book, true, None);
    let (op, _) = go(&mut book, draft);
    let there = with(Status::Ok, &[("tip", &oid(3).to_string())]);
    let (_, errand) = running(&book.settle(&op, there));
    assert!(matches!(&errand, Errand::ApplyPicks(it) if it.keys() == [key(2)]), "{errand:?}");
}

#[test]
fn a_push_that_certainly_did_not_happen_is_sent_once_more_when_a_person_says_so() {
    let mut book = book("", &[1]);
    let draft = plan(&book, true, None);
    let (op, id) = go(&mut book, draft);
    let (op, _) = running(&book.settle(&op, made()));
    assert!(book.settle(&op, Outcome::noted(Status::Refused, "denied")).is_empty());
    let (again, errand) =
        running(&book.ask(Ask::GoOn { plan: id.clone(), attended: true, replaces: false }).unwrap());
    assert_eq!(again, op);
    assert!(errand.is_attended() && push(errand).to == Some(oid(9)));
    // Killed in between: looked for, and not sent by itself.
    book.session("gh");
    assert_eq!(book.release.probes().len(), 1);
    assert!(book.settle(&op, Outcome::noted(Status::Failed, "it did not happen")).is_empty());
    let (_, errand) = running(&book.ask(Ask::GoOn { plan: id, attended: false, replaces: false }).unwrap());
    assert!(!errand.is_attended());
}

#[test]
fn a_name_that_is_taken_is_not_taken_again_and_nothing_is_opened_from_it() {
    let mut book = book("", &[1]);
    let draft = plan(&book, true, None);
    let (op, _) = go(&mut book, draft);
    let (op, _) = running(&book.settle(&op, made()));
    assert!(book.settle(&op, Outcome::noted(Status::Conflict, "taken")).is_empty());
    assert!(book.release.outbox.plans.is_empty(), "nothing waits for what cannot come");
    let next = plan(&book, true, None);
    assert_eq!(push(next.steps[1].errand.clone()).target.as_str(), "backport/1-to-release-1.2.x-2");
}

#[test]
fn a_lost_reply_is_in_doubt_and_opened_again_only_after_it_was_looked_for() {
    let (mut book, op, id) = pushed();
    assert!(book.settle(&op, Outcome::noted(Status::Unknown, "no answer")).is_empty());
    assert!(
        book.refused(Ask::GoOn { plan: id.clone(), attended: false, replaces: false })
            .contains("not applied yet")
    );
    book.session("gh");
    assert_eq!(book.release.probes().len(), 1);
    assert!(book.settle(&op, Outcome::noted(Status::Failed, "it did not happen")).is_empty());
    let (again, errand) =
        running(&book.ask(Ask::GoOn { plan: id, attended: false, replaces: false }).unwrap());
    assert_eq!((again, open(errand).head.as_str()), (op, "backport/1-to-release-1.2.x"));
}

#[test]
fn a_branch_that_is_no_branch_name_is_refused_before_anything_is_applied() {
    let book = book("branch = \"bad..{number}\"", &[1]);
    let proposal = Proposal::Backport { line: branch(LINE), picks: vec![], each: true, fork: None };
    let why = book.release.draft(proposal, &book.stamp()).unwrap_err().why;
    assert!(why.contains("gives no branch"), "{why}");
}
