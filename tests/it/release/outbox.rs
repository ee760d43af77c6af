//! The write queue: one errand at a time, nothing twice, a person decides after a crash or a failure.

use super::ground::{Book, issue, key, running, text};
use gonogo::release::ask::{Effect, Proposal};
use gonogo::release::errand::Status;
use gonogo::release::ids::OpId;
use gonogo::release::plan::Plan;
use gonogo::release::{Ask, Errand, Outcome};

fn book() -> Book {
    let mut book = Book::read();
    book.issues((8..14).map(issue).collect());
    book
}

fn close(book: &Book, issues: &[u64]) -> Plan {
    let issues = issues.iter().map(|it| key(*it)).collect();
    book.release.draft(Proposal::Close { issues, not_planned: false }, &book.stamp()).unwrap()
}

fn ok() -> Outcome {
    Outcome::new(Status::Ok)
}

fn target(errand: &Errand) -> u64 {
    errand.issue().unwrap().number
}

fn intents(book: &Book, op: &OpId) -> usize {
    let of = |kind: &str| kind.ends_with(".intent");
    book.entries.iter().filter(|it| it.op.as_ref() == Some(op) && of(&it.fact.kind())).count()
}

#[test]
fn a_plan_leaves_one_errand_at_a_time_and_each_after_its_intent() {
    let mut book = book();
    let plan = close(&book, &[8, 9, 10]);
    let (first, errand) = running(&book.ask(Ask::Go(plan)).unwrap());
    assert_eq!(target(&errand), 8);
    assert_eq!(book.entries.last().unwrap().fact.kind(), "issue.close.intent");
    assert_eq!(book.entries.last().unwrap().op.as_ref(), Some(&first));
    let (second, errand) = running(&book.settle(&first, ok()));
    assert_eq!(target(&errand), 9);
    let (third, errand) = running(&book.settle(&second, ok()));
    assert_eq!(target(&errand), 10);
    assert!(book.settle(&third, ok()).is_empty());
    assert!(book.release.outbox.plans.is_empty());
    let ended = &book.release.outbox.ended[0];
    assert_eq!((ended.done, ended.total, ended.failed.len()), (3, 3, 0));
}

#[test]
fn a_second_plan_waits_for_the_first() {
    let mut book = book();
    let one = close(&book, &[8, 9]);
    let (first, _) = running(&book.ask(Ask::Go(one)).unwrap());
    let two = close(&book, &[10]);
    assert!(book.ask(Ask::Go(two)).unwrap().is_empty());
    let (second, errand) = running(&book.settle(&first, ok()));
    assert_eq!(target(&errand), 9);
    let (_, errand) = running(&book.settle(&second, ok()));
    assert_eq!(target(&errand), 10);
}

#[test]
fn an_answer_that_comes_twice_is_taken_once() {
    let mut book = book();
    let plan = close(&book, &[8, 9]);
    let (first, _) = running(&book.ask(Ask::Go(plan)).unwrap());
    book.settle(&first, ok());
    let before = book.entries.len();
    assert!(book.settle(&first, ok()).is_empty());
    assert_eq!(book.entries.len(), before);
}

#[test]
fn a_failure_stops_its_plan_until_a_person_goes_on() {
    for status in [Status::Failed, Status::Refused, Status::Conflict] {
        let mut book = book();
        let plan = close(&book, &[8, 9]);
        let id = plan.id.clone();
        let (first, _) = running(&book.ask(Ask::Go(plan)).unwrap());
        assert!(book.settle(&first, Outcome::noted(status, "403")).is_empty(), "{status:?}");
        let plan = &book.release.outbox.plans[0];
        assert_eq!(plan.stopped, Some(text("403")));
        assert_eq!(plan.failed.len(), 1);
        let (_, errand) =
            running(&book.ask(Ask::GoOn { plan: id, attended: false, replaces: false }).unwrap());
        assert_eq!(target(&errand), 9, "what failed is not sent again by itself");
        assert_eq!(intents(&book, &first), 1);
    }
}

#[test]
fn a_plan_that_goes_is_not_gone_on_with_again() {
    let mut book = book();
    let plan = close(&book, &[8, 9, 10]);
    let id = plan.id.clone();
    let on = || Ask::GoOn { plan: id.clone(), attended: false, replaces: false };
    let resumed = |book: &Book| book.entries.iter().filter(|it| it.fact.kind() == "plan.resume").count();
    let (first, _) = running(&book.ask(Ask::Go(plan)).unwrap());
    assert_eq!(book.refused(on()), "it goes on already");
    book.settle(&first, Outcome::noted(Status::Failed, "500"));
    let (second, _) = running(&book.ask(on()).unwrap());
    assert_eq!(book.refused(on()), "it goes on already", "the key was pressed twice");
    assert_eq!(resumed(&book), 1);
    let (third, _) = running(&book.settle(&second, ok()));
    // Its last step: nothing waits behind it, and what became of it is for a person to say.
    book.settle(&third, Outcome::new(Status::Unknown));
    assert!(book.refused(on()).contains("in doubt"));
    assert_eq!((resumed(&book), intents(&book, &third)), (1, 1));
}

#[test]
fn a_plan_that_stands_still_holds_no_other_up() {
    let mut book = book();
    let one = close(&book, &[8, 9]);
    let (first, _) = running(&book.ask(Ask::Go(one)).unwrap());
    book.settle(&first, Outcome::noted(Status::Failed, "500"));
    let two = close(&book, &[10]);
    let (_, errand) = running(&book.ask(Ask::Go(two)).unwrap());
    assert_eq!(target(&errand), 10);
}

#[test]
fn the_rest_of_a_plan_is_called_off_and_what_was_sent_is_still_taken_in() {
    let mut book = book();
    let plan = close(&book, &[8, 9, 10]);
    let id = plan.id.clone();
    let (first, _) = running(&book.ask(Ask::Go(plan)).unwrap());
    let off = || Ask::CallOff { plan: id.clone(), why: text("lunch") };
    assert!(book.ask(off()).unwrap().is_empty());
    assert_eq!(book.release.outbox.open.len(), 1, "what was sent stays sent");
    assert!(book.settle(&first, ok()).is_empty());
    assert!(book.release.outbox.plans.is_empty());
    assert_eq!(book.release.outbox.ended[0].done, 1);
    assert_eq!(book.refused(off()), "nothing of it is waiting any more");
    assert_eq!(
        book.refused(Ask::GoOn { plan: id.clone(), attended: false, replaces: false }),
        "nothing of it is waiting any more"
    );
}

#[test]
fn no_answer_leaves_a_doubt_and_nothing_is_sent_again() {
    let mut book = book();
    let plan = close(&book, &[8, 9]);
    let id = plan.id.clone();
    let (first, _) = running(&book.ask(Ask::Go(plan)).unwrap());
    assert!(book.settle(&first, Outcome::noted(Status::Unknown, "timeout")).is_empty());
    assert_eq!(book.release.outbox.in_doubt().count(), 1);
    assert_eq!(book.release.outbox.plans[0].failed.len(), 0, "a doubt is no failure");
    let before = book.entries.len();
    book.settle(&first, Outcome::noted(Status::Unknown, "timeout again"));
    assert_eq!(book.entries.len(), before, "still in doubt is nothing new");
    let probes = book.release.probes();
    assert!(matches!(&probes[..], [Effect::Probe { op, .. }] if *op == first), "{probes:?}");
    let found = Outcome { by: Some("probe".into()), ..ok() };
    assert!(book.settle(&first, found).is_empty(), "the plan waits for a person");
    let (_, errand) = running(&book.ask(Ask::GoOn { plan: id, attended: false, replaces: false }).unwrap());
    assert_eq!(target(&errand), 9);
    assert_eq!(intents(&book, &first), 1);
    let plan = &book.release.outbox.plans[0];
    assert_eq!((plan.done, plan.failed.len(), plan.total), (1, 0, 2));
}

#[test]
fn a_doubt_about_the_last_step_keeps_the_plan_and_holds_no_other_up() {
    let mut book = book();
    let plan = close(&book, &[8]);
    let (first, _) = running(&book.ask(Ask::Go(plan)).unwrap());
    book.settle(&first, Outcome::new(Status::Unknown));
    assert_eq!(book.release.outbox.plans.len(), 1);
    let two = close(&book, &[9]);
    let (second, errand) = running(&book.ask(Ask::Go(two)).unwrap());
    assert_eq!(target(&errand), 9);
    book.settle(&second, ok());
    book.ask(Ask::Attest { op: first.clone(), happened: true }).unwrap();
    assert!(book.release.outbox.plans.is_empty());
    assert!(book.release.outbox.ended.iter().all(|plan| plan.done == 1 && plan.failed.is_empty()));
    assert_eq!(book.refused(Ask::Attest { op: first, happened: true }), "it is not in doubt");
}

#[test]
fn a_person_says_that_it_did_not_happen() {
    let mut book = book();
    let plan = close(&book, &[8]);
    let (first, _) = running(&book.ask(Ask::Go(plan)).unwrap());
    assert_eq!(
        book.refused(Ask::Attest { op: first.clone(), happened: false }),
        "it is not in doubt",
        "it is on its way"
    );
    book.settle(&first, Outcome::new(Status::Unknown));
    assert!(book.ask(Ask::Attest { op: first, happened: false }).unwrap().is_empty());
    assert!(book.release.outbox.open.is_empty());
    assert!(book.release.deeds.is_empty(), "there is nothing to take back");
}

#[test]
fn after_a_crash_what_was_open_is_in_doubt_and_what_waited_stands_still() {
    let mut book = book();
    let plan = close(&book, &[8, 9]);
    let id = plan.id.clone();
    let (first, _) = running(&book.ask(Ask::Go(plan)).unwrap());
    book.session("gh");
    assert_eq!(book.release.outbox.in_doubt().count(), 1);
    assert_eq!(book.release.outbox.plans[0].stopped, Some(text("the session ended before it was done")));
    assert!(book.release.outbox.next().is_none(), "nothing runs by itself");
    let found = Outcome { by: Some("probe".into()), ..ok() };
    assert!(book.settle(&first, found).is_empty());
    let (_, errand) = running(&book.ask(Ask::GoOn { plan: id, attended: false, replaces: false }).unwrap());
    assert_eq!(target(&errand), 9);
}

#[test]
fn after_a_crash_an_errand_that_was_not_seen_to_happen_is_not_sent_again() {
    let mut book = book();
    let plan = close(&book, &[8]);
    let (first, _) = running(&book.ask(Ask::Go(plan)).unwrap());
    book.session("gh");
    let not_there = Outcome { by: Some("probe".into()), ..Outcome::noted(Status::Abandoned, "still open") };
    assert!(book.settle(&first, not_there).is_empty());
    assert_eq!(intents(&book, &first), 1);
    assert!(book.release.outbox.next().is_none());
}
