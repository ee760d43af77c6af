//! Roles are held by people, and what the process permits to a role is for its holders alone.

use super::ground::{Book, text};
use gonogo::process::Process;
use gonogo::release::Ask;
use gonogo::release::ask::Proposal;
use gonogo::release::cut::What;
use gonogo::release::ids::{Login, Repo};
use gonogo::release::picks::{PickAsk, PickKey};
use gonogo::release::poll::Verdict;
use gonogo::release::roles::RoleAsk;
use gonogo::release::session::{Identified, ProcessChanged};
use gonogo::release::setback::SetbackAsk;

fn of(preset: &str) -> Book {
    let mut book = Book::blank("v1.2.0", Some(Repo::parse("pier/crane").unwrap()), "env");
    let (_, _, profile) = gonogo::process::PRESETS.iter().find(|it| it.0 == preset).unwrap();
    let (from, to) = ("sha256:0".into(), "sha256:1".into());
    book.tell(ProcessChanged { from, to, profile: Some((*profile).into()), why: text("another") });
    assert_eq!(book.release.process_error, None);
    i_am(&mut book, "ann");
    book
}

fn i_am(book: &mut Book, login: &str) {
    let login = Some(Login::parse(login).unwrap());
    book.tell(Identified { how: "env".into(), login, scopes: vec![] });
}

fn role(role: &str, login: &str, on: bool) -> Ask {
    Ask::Role(RoleAsk { role: role.into(), login: text(login), on })
}

fn cut(book: &Book, what: What) -> String {
    book.release.draft(Proposal::Cut(what), &book.stamp()).unwrap_err().why
}

fn waive(process: &Process, of: &str) -> Ask {
    let gate = process.gates.iter().find(|it| it.override_roles.iter().any(|it| it == of)).unwrap();
    Ask::Override { gate: gate.id.as_str().into(), on: true, why: text("known") }
}

#[test]
fn while_nobody_holds_a_role_nothing_is_refused_and_it_is_said() {
    let book = of("kubesphere");
    assert!(!cut(&book, What::Candidate).contains("it is for"));
    let said = book.release.unnamed(&Proposal::Cut(What::Candidate)).unwrap();
    assert!(said.starts_with("no role holders named: it is for "), "{said}");
    assert_eq!(book.release.unnamed(&Proposal::TakeBack), None, "nobody alone may do that");
    assert!(
        book.release.decide(waive(&book.release.process.clone().unwrap(), "lead"), &book.stamp()).is_ok()
    );
}

#[test]
fn who_holds_none_of_the_roles_is_refused_and_told_who_could() {
    let mut book = of("kubesphere");
    book.ask(role("lead", "@Ben", true)).unwrap();
    let process = book.release.process.clone().unwrap();
    let lead = process.role_title("lead").to_owned();
    for why in [cut(&book, What::Candidate), cut(&book, What::Final), book.refused(waive(&process, "lead"))] {
        assert!(why.contains(&format!("{lead} (Ben)")) && why.contains("you are ann"), "{why}");
    }
    let decide = PickAsk::Decide {
        picks: vec![(PickKey::Pull(super::ground::key(1)), super::ground::branch("release-1.2"))],
        to: gonogo::release::picks::Decision::Accepted,
        why: None,
        answers: vec![],
    };
    assert!(book.refused(Ask::Pick(decide)).contains("it is for"));
    // The same person under the same name, whatever its case.
    i_am(&mut book, "ben");
    assert!(!cut(&book, What::Candidate).contains("it is for"));
    assert!(book.ask(waive(&process, "lead")).is_ok());
    assert_eq!(book.release.unnamed(&Proposal::Cut(What::Candidate)), None);
}

#[test]
fn whoever_shares_the_rights_of_a_role_may_do_what_it_may() {
    let mut book = of("dragonfly");
    book.ask(role("lead", "ben", true)).unwrap();
    let process = book.release.process.clone().unwrap();
    let ask = waive(&process, "lead");
    assert!(book.refused(ask.clone()).contains("it is for"));
    let shadow = process.roles.iter().find(|it| it.same_rights_as.as_deref() == Some("lead")).unwrap();
    book.ask(role(&shadow.id, "ann", true)).unwrap();
    assert!(book.ask(ask).is_ok());
}

#[test]
fn a_rollback_is_decided_by_who_may() {
    let mut book = of("monthly-trunk");
    book.ask(role("release-manager", "ben", true)).unwrap();
    let severity = book.release.process.as_ref().unwrap().rollback.severities[0].id.as_str().into();
    let wrong = Ask::Setback(SetbackAsk::Wrong { severity, what: text("orders are lost") });
    let why = book.refused(wrong.clone());
    assert!(why.contains("it is for") && why.contains("ben"), "{why}");
    book.ask(role("on-call", "ann", true)).unwrap();
    assert!(book.refused(wrong).contains("not released"), "only the version is missing now");
}

#[test]
fn roles_are_given_and_taken_and_the_gate_counts_them() {
    let mut book = of("kubesphere");
    let read = |book: &Book| {
        let poll = book.release.poll(book.now);
        let gate = poll.into_iter().find(|it| it.title == "Roles").unwrap();
        (gate.verdict, gate.reading.reason)
    };
    assert_eq!(read(&book), (Verdict::Hold, "nobody is named yet".to_owned()));
    assert_eq!(book.refused(role("nobody", "ann", true)), "the process has no such role");
    assert!(!book.refused(role("lead", "two words", true)).is_empty());
    assert!(book.refused(role("lead", "ann", false)).contains("does not hold it"));
    book.ask(role("lead", "ann", true)).unwrap();
    assert!(book.refused(role("lead", "ANN", true)).contains("holds it already"));
    assert!(read(&book).1.contains(" held, not "), "{:?}", read(&book));
    let roles = book.release.process.clone().unwrap();
    for it in &roles.roles {
        let lacking = it.min.saturating_sub(u32::try_from(book.release.roles.of(&it.id).len()).unwrap());
        for n in 0..lacking {
            book.ask(role(&it.id, &format!("p{n}"), true)).unwrap();
        }
    }
    assert_eq!(read(&book).0, Verdict::Go, "{:?}", read(&book));
    let held = book.release.roles.of("lead")[0].clone();
    assert_eq!((held.login.as_str(), held.since), ("ann", held.since));
    // Taken back, it is as it was before.
    book.ask(role("lead", "zoe", true)).unwrap();
    book.ask(Ask::Undo).unwrap();
    assert!(book.release.roles.of("lead").iter().all(|it| it.login.as_str() != "zoe"));
    book.ask(role("lead", "ann", false)).unwrap();
    assert!(book.release.roles.of("lead").is_empty());
}

fn tick(item: &str) -> Ask {
    let to = gonogo::release::checklist::ItemState::Done;
    Ask::Tick { item: item.into(), to, why: None }
}

#[test]
fn an_item_that_binds_is_settled_by_its_role_alone_and_any_other_by_whoever_does_it() {
    let mut book = of("monthly-trunk");
    assert!(!book.refused(tick("decision")).contains("it is for"), "nobody is named yet");
    book.ask(role("release-manager", "ben", true)).unwrap();
    book.ask(role("engineering", "zoe", true)).unwrap();
    for item in ["decision", "hotfix-approved"] {
        let why = book.refused(tick(item));
        assert!(why.contains("it is for") && why.contains("(ben)") && why.contains("you are ann"), "{why}");
    }
    // Overriding it, or leaving it out, is settling it too.
    let skipped = gonogo::release::checklist::ItemState::Skipped;
    let skip = Ask::Tick { item: "hotfix-approved".into(), to: skipped, why: Some(text("late")) };
    assert!(book.refused(skip).contains("it is for"));
    // Of an item that does not bind it is said whose it is.
    assert!(book.release.of_others("staging").unwrap().ends_with("(zoe)"));
    let item = "priorities";
    assert_eq!(book.release.of_others(item), None, "nobody holds its role");
    i_am(&mut book, "Zoe");
    assert_eq!(book.release.of_others("staging"), None);
    i_am(&mut book, "ben");
    for item in ["decision", "hotfix-approved"] {
        let refused =
            book.release.decide(tick(item), &book.stamp()).err().map(|it| it.why).unwrap_or_default();
        assert!(!refused.contains("it is for"), "{refused}");
    }
}

#[test]
fn a_plan_that_stands_still_goes_on_by_who_may_have_begun_it_and_is_stopped_by_anybody() {
    use gonogo::release::branches::CreateBranch;
    use gonogo::release::errand::Errand;
    use gonogo::release::outbox::Accepted;
    use gonogo::release::plan::Step;
    let mut book = of("monthly-trunk");
    let (plan, step) = (super::ground::op(1), super::ground::op(2));
    let (target, from) = (super::ground::branch("release/v1.2.0"), super::ground::branch("trunk"));
    let make = CreateBranch { target, at: super::ground::oid(1), from, tag: None };
    let steps = vec![Step::new(step, Errand::CreateBranch(make))];
    book.tell(Accepted { plan: plan.clone(), title: text("a branch"), steps });
    book.session("env");
    i_am(&mut book, "ann");
    book.ask(role("release-manager", "ben", true)).unwrap();
    let on = Ask::GoOn { plan: plan.clone(), attended: false, replaces: false };
    let why = book.refused(on.clone());
    assert!(why.contains("it is for") && why.contains("(ben)"), "{why}");
    let off = Ask::CallOff { plan, why: text("stop") };
    assert!(book.release.decide(off, &book.stamp()).is_ok(), "stopping is for everybody");
    i_am(&mut book, "ben");
    let went = book.ask(on).unwrap();
    assert_eq!(went.len(), 1, "{went:?}");
}
