//! A release set: on record in each of its releases, the lowest first, and which of them may be the latest.

use super::ground::{Book, oid, repo, text};
use gonogo::release::ask::Proposal;
use gonogo::release::candidates::{ForgeRelease, ReleasesSeen, TagRow, TagsSeen};
use gonogo::release::cut::What;
use gonogo::release::ids::{ReleaseName, Tag};
use gonogo::release::poll::Verdict;
use gonogo::release::roles::RoleAsk;
use gonogo::release::set::{ORDER, Other, SetChosen};
use gonogo::release::votes::Say;
use gonogo::release::{Ask, Errand, Fact};
use std::sync::Arc;

fn names(names: &[&str]) -> Vec<ReleaseName> {
    names.iter().map(|name| ReleaseName::parse(name).unwrap()).collect()
}

fn choose(book: &mut Book, releases: &[&str]) {
    book.tell(SetChosen { releases: names(releases) });
}

fn tagged(book: &mut Book, tag: &str) {
    let row = TagRow { tag: Tag::parse(tag).unwrap(), oid: oid(9), annotated: true, at: None };
    book.tell(TagsSeen { rows: vec![row], gone: vec![] });
}

/// v1.2.0 with two others, everything waived but the order of the set.
fn ready() -> Book {
    let mut book = Book::read();
    for gate in book.release.poll(book.now) {
        if gate.required && gate.verdict != Verdict::Go {
            let ask = Ask::Override { gate: gate.gate.into(), on: true, why: text("tested") };
            book.ask(ask).unwrap();
        }
    }
    choose(&mut book, &["v1.0.9", "v1.1.3", "v1.2.0"]);
    book
}

fn waiver(on: bool, why: &str) -> Ask {
    Ask::Override { gate: ORDER.into(), on, why: text(why) }
}

fn cut(book: &Book, what: What) -> Result<(), String> {
    book.release.draft(Proposal::Cut(what), &book.stamp()).map(drop).map_err(|it| it.why)
}

#[test]
fn a_set_is_kept_by_version_and_says_the_place_of_the_release() {
    let mut book = Book::read();
    assert_eq!(book.release.place_in_set(), None);
    choose(&mut book, &["v1.10.0", "v1.2.0", "v1.9.4", "v1.2.0"]);
    assert_eq!(book.release.set.releases, names(&["v1.2.0", "v1.9.4", "v1.10.0"]));
    assert_eq!(book.release.place_in_set(), Some((1, 3)));
}

#[test]
fn what_is_no_set_of_this_release_is_none() {
    let mut book = Book::read();
    for other in [&["v1.1.0", "v1.3.0"][..], &["v1.2.0"], &[]] {
        choose(&mut book, &["v1.2.0", "v1.3.0"]);
        choose(&mut book, other);
        assert_eq!(book.release.place_in_set(), None, "{other:?}");
        assert_eq!(book.release.set_order(), None);
    }
    assert_eq!(book.release.set.left, names(&["v1.2.0", "v1.3.0"]));
}

#[test]
fn who_left_the_set_is_remembered_until_it_is_in_it_again() {
    let mut book = Book::read();
    choose(&mut book, &["v1.1.3", "v1.2.0", "v1.3.0"]);
    choose(&mut book, &["v1.2.0", "v1.3.0"]);
    assert_eq!(book.release.set.left, names(&["v1.1.3"]));
    choose(&mut book, &["v1.1.3", "v1.2.0"]);
    assert_eq!(book.release.set.left, names(&["v1.3.0"]));
}

#[test]
fn the_final_version_waits_for_the_lower_ones_and_a_candidate_does_not() {
    let mut book = ready();
    let why = cut(&book, What::Final).unwrap_err();
    assert!(why.contains("Order of the set is NO-GO: v1.0.9 and v1.1.3 come first in the set"), "{why}");
    assert_eq!(cut(&book, What::Candidate), Ok(()));
    assert!(book.release.poll(book.now).iter().all(|gate| gate.gate != ORDER), "it is no gate of the poll");
    tagged(&mut book, "v1.0.9");
    let why = cut(&book, What::Final).unwrap_err();
    assert!(why.contains("v1.1.3 comes first") && !why.contains("v1.0.9"), "{why}");
    // A candidate of it is not its final version.
    tagged(&mut book, "v1.1.3-rc.1");
    assert!(cut(&book, What::Final).is_err());
    tagged(&mut book, "v1.1.3");
    assert_eq!(cut(&book, What::Final), Ok(()));
}

#[test]
fn a_release_that_is_given_up_is_cut_no_more_and_holds_no_other_up() {
    let mut book = ready();
    choose(&mut book, &["v1.2.0", "v1.3.0"]);
    let say = |on, why: &str| Ask::Say(Say::GiveUp { on, why: text(why) });
    assert!(book.refused(say(true, " ")).contains("a note or a link"));
    assert!(book.refused(say(false, "why not")).contains("not given up"));
    book.ask(say(true, "folded into v1.3.0")).unwrap();
    for what in [What::Candidate, What::Final] {
        assert!(cut(&book, what).unwrap_err().contains("given up: folded into v1.3.0"));
    }
    let standing = book.release.standing(book.now);
    assert_eq!((standing.verdict, standing.given_up), (Verdict::NoGo, Some(text("folded into v1.3.0"))));
    assert!(book.refused(say(true, "again")).contains("already"));
    // z takes it back, Z does it again, and so does a person with a reason.
    book.ask(Ask::Undo).unwrap();
    assert_eq!(cut(&book, What::Final), Ok(()));
    book.ask(Ask::Redo).unwrap();
    assert!(cut(&book, What::Final).is_err());
    book.ask(say(false, "it is wanted after all")).unwrap();
    assert_eq!(cut(&book, What::Final), Ok(()));
    tagged(&mut book, "v1.2.0");
    assert!(book.refused(say(true, "late")).contains("is out"));
}

#[test]
fn what_the_journals_of_the_others_say_is_on_record_once() {
    let mut book = ready();
    let says = |release: &str, why: Option<&str>| Other {
        release: ReleaseName::parse(release).unwrap(),
        given_up: why.map(text),
    };
    let all = |why| vec![says("v1.0.9", why), says("v1.1.3", None), says("v9.9.9", Some("of another set"))];
    assert_eq!(book.release.see_others(all(None)), None, "nothing new");
    let seen = book.release.see_others(all(Some("too late"))).unwrap();
    assert_eq!(seen.rows, [says("v1.0.9", Some("too late"))]);
    book.tell(seen);
    assert_eq!(book.release.see_others(all(Some("too late"))), None);
    let why = cut(&book, What::Final).unwrap_err();
    assert!(why.contains("v1.1.3 comes first") && !why.contains("v1.0.9"), "{why}");
    // It goes on after all, and is waited for again.
    book.tell(book.release.see_others(all(None)).unwrap());
    assert!(cut(&book, What::Final).unwrap_err().contains("v1.0.9"));
}

#[test]
fn higher_releases_of_the_set_are_not_waited_for() {
    let mut book = ready();
    choose(&mut book, &["v1.2.0", "v1.3.0", "v2.0.0"]);
    assert_eq!(cut(&book, What::Final), Ok(()));
}

#[test]
fn the_order_is_waived_with_a_reason_on_record_and_taken_back() {
    let mut book = ready();
    assert!(book.refused(waiver(true, "  ")).contains("a reason is needed"));
    book.ask(waiver(true, "v1.0.9 is abandoned")).unwrap();
    assert_eq!(cut(&book, What::Final), Ok(()));
    let entry = book.entries.last().unwrap();
    assert_eq!(entry.fact.kind(), "gate.override");
    let row = book.release.log.rows.last().unwrap();
    assert!(row.what.contains("Order of the set"), "{}", row.what);
    let held = book.release.ready_to_cut(What::Final, book.now).unwrap();
    assert!(held.conditions.iter().any(|it| it.waived && it.title == "Order of the set"));
    book.ask(Ask::Undo).unwrap();
    assert!(cut(&book, What::Final).is_err());
}

#[test]
fn a_waiver_is_for_the_set_as_it_was() {
    let mut book = ready();
    book.ask(waiver(true, "v1.0.9 is abandoned")).unwrap();
    choose(&mut book, &["v1.0.9", "v1.1.3", "v1.2.0"]);
    assert_eq!(cut(&book, What::Final), Ok(()), "the same set, said again");
    choose(&mut book, &["v1.1.3", "v1.2.0"]);
    assert!(cut(&book, What::Final).is_err());
}

#[test]
fn there_is_no_order_to_waive_outside_a_set_nor_where_it_is_kept() {
    let mut book = Book::read();
    assert!(book.refused(waiver(true, "why not")).contains("no such gate"));
    choose(&mut book, &["v1.2.0", "v1.3.0"]);
    assert!(book.refused(waiver(true, "why not")).contains("GO already"));
}

#[test]
fn only_who_may_cut_the_final_version_waives_the_order() {
    let mut book = ready();
    let mut process = (**book.release.process.as_ref().unwrap()).clone();
    process.roles[0].rights = vec!["final".to_owned()];
    book.release.process = Some(Arc::new(process));
    let give = |login| Ask::Role(RoleAsk { role: "qa".into(), login: text(login), on: true });
    book.ask(give("ben")).unwrap();
    assert!(book.refused(waiver(true, "known")).contains("QA (ben); you are ann"));
    book.ask(give("ann")).unwrap();
    book.ask(waiver(true, "known")).unwrap();
    assert_eq!(cut(&book, What::Final), Ok(()));
}

/// Whether the plan that publishes the final version makes it the latest.
fn is_latest(book: &Book) -> bool {
    let tag = Tag::parse("v1.2.0").unwrap();
    let plan = book.release.draft(Proposal::PublishRelease(tag), &book.stamp()).unwrap();
    let latest = plan.steps.iter().find_map(|step| match &step.errand {
        Errand::PublishRelease(it) => Some(it.latest),
        _ => None,
    });
    latest.expect("a publication")
}

#[test]
fn only_the_highest_release_of_the_set_may_be_the_latest() {
    let mut book = ready();
    tagged(&mut book, "v1.2.0");
    assert!(is_latest(&book), "it is above the others of the set, final or not");
    choose(&mut book, &["v1.2.0", "v1.3.0"]);
    assert!(!is_latest(&book), "v1.3.0 of the set takes it");
    choose(&mut book, &[]);
    assert!(is_latest(&book));
    tagged(&mut book, "v1.3.0");
    assert!(!is_latest(&book), "a patch of an old line");
}

#[test]
fn a_release_that_is_out_on_the_forge_and_not_in_the_clone_keeps_an_older_one_from_being_the_latest() {
    let mut book = ready();
    tagged(&mut book, "v1.2.0");
    let row = |prerelease, draft| ForgeRelease {
        id: 7,
        tag: text("v1.4.0"),
        name: None,
        draft,
        prerelease,
        published: None,
        assets: 0,
    };
    for (prerelease, draft, latest) in [(true, false, true), (false, true, true), (false, false, false)] {
        book.tell(ReleasesSeen { rows: vec![row(prerelease, draft)], gone: vec![] });
        assert_eq!(is_latest(&book), latest, "{prerelease} {draft}");
    }
}

#[test]
fn where_a_release_stands_is_told_in_a_row() {
    let mut book = ready();
    let standing = book.release.standing(book.now);
    assert_eq!(standing.line.as_ref().map(|it| it.as_str()), Some("release-1.2.x"));
    assert_eq!(standing.candidate.as_ref().map(|it| it.as_str()), Some("v1.2.0-rc.1"));
    assert_eq!((standing.picks, &standing.out), (Some(0), &None));
    assert!(standing.way.unwrap().contains("v1.0.9 and v1.1.3 come first in the set"));
    assert_eq!(standing.verdict, Verdict::Go);
    tagged(&mut book, "v1.2.0");
    let standing = book.release.standing(book.now);
    assert_eq!((standing.way, standing.out.map(|it| it.line())), (None, Some("v1.2.0".to_owned())));
    // Of what nobody has looked at, nothing is said to be fine.
    let blank = Book::blank("v1.2.0", Some(repo()), "gh");
    let standing = blank.release.standing(blank.now);
    assert_eq!((standing.picks, standing.seen), (None, None));
    assert_ne!(standing.verdict, Verdict::Go);
    assert!(standing.blocked.is_some());
}

#[test]
fn a_set_that_was_put_on_record_alone_is_no_session_before_the_first() {
    let mut book = Book::blank("v1.2.0", Some(repo()), "gh");
    choose(&mut book, &["v1.1.3", "v1.2.0"]);
    book.tell(gonogo::release::session::Sealed { note: "set".into() });
    book.session("gh");
    assert_eq!(book.release.since_last_session(), None);
    tagged(&mut book, "v1.1.3");
    book.session("gh");
    assert!(book.release.since_last_session().is_some());
}

#[test]
fn a_journal_that_names_ten_thousand_releases_keeps_some() {
    let mut book = Book::read();
    let many: Vec<_> = (0..10_000).map(|n| ReleaseName::parse(&format!("v1.2.{n}")).unwrap()).collect();
    book.tell(Fact::from(SetChosen { releases: many }));
    assert_eq!(book.release.set.releases.len(), 32);
}
