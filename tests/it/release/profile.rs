//! Another process in mid-release: what differs is said, a person decides with a reason, each stretch keeps its own.

use super::ground::Book;
use gonogo::process::{Process, differences, preset};
use gonogo::release::fact::{Fact, Session};
use gonogo::release::session::ProcessChanged;
use gonogo::release::text::Untrusted;
use gonogo::release::{Ask, Entry};

fn text(name: &str) -> &'static str {
    preset(name).unwrap()
}

fn process(text: &str) -> Process {
    Process::parse(text, "test").unwrap().0
}

#[test]
fn what_differs_is_said_by_tables_and_ids() {
    let before = process(text("llama-stack"));
    assert_eq!(differences(&before, &before), Vec::<String>::new());
    let mut after = before.clone();
    let gate = after.gates.remove(0);
    after.gates[0].title.push_str(" now");
    after.stages[0].items[0].text.push_str(" twice");
    after.ci = Default::default();
    let found = differences(&before, &after);
    let wanted = [
        format!("gate {} is changed", after.gates[0].id),
        format!("gate {} is gone", gate.id),
        format!("item {} is changed", after.stages[0].items[0].id),
        "[ci] is changed".to_owned(),
    ];
    for sentence in wanted {
        assert!(found.contains(&sentence), "{sentence}: {found:?}");
    }
    assert!(differences(&after, &before).contains(&format!("gate {} is new", gate.id)));
    let commented = process(&format!("# the same in other words\n{}", text("llama-stack")));
    assert_eq!(differences(&before, &commented), Vec::<String>::new());
}

#[test]
fn a_person_decides_with_a_reason_and_is_not_asked_twice() {
    let mut book = Book::read();
    let offer = book.release.offer(text("crossplane"), "sha256:new", "gonogo.toml").expect("it differs");
    assert!(!offer.differences.is_empty() && book.release.is_undecided(&offer));
    let ask = |why: &str, take| Ask::Process { to: "sha256:new".into(), take, why: Untrusted::from(why) };
    let refusal = book.release.decide(ask(" ", true), &book.stamp()).unwrap_err();
    assert!(refusal.why.contains("a reason is needed"), "{refusal:?}");
    let before = book.release.process.clone();
    book.ask(ask("too late for it", false)).unwrap();
    assert_eq!(book.release.process, before, "the recorded one goes on");
    assert!(book.release.offer(text("crossplane"), "sha256:new", "gonogo.toml").is_none());
    assert!(book.release.offer(text("crossplane"), "sha256:newer", "gonogo.toml").is_some());
}

#[test]
fn each_stretch_of_the_journal_folds_under_its_own_process() {
    let mut book = Book::read();
    let from = book.release.profile.clone().unwrap();
    let before = book.release.process.as_ref().unwrap().name.clone();
    let changed = ProcessChanged {
        from,
        to: "sha256:new".into(),
        profile: Some(text("crossplane").into()),
        why: Untrusted::from("we follow it now"),
    };
    let seq = book.release.head.unwrap().0 + 1;
    let last = book.entries.last().unwrap().clone();
    let entry = Entry { seq, fact: Fact::Session(Session::ProcessChanged(changed)), ..last };
    assert_ne!(before, "crossplane");
    book.release.apply(&entry);
    assert_eq!(book.release.process.as_ref().unwrap().name, "crossplane");
    assert_eq!(book.release.profile.as_deref(), Some("sha256:new"));
    assert!(book.release.offer(text("crossplane"), "sha256:new", "gonogo.toml").is_none());
}
