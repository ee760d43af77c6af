//! What people say settles gates, and only what was said of the commit that is up.

use super::ground::{Book, at, oid, text};
use chrono::TimeDelta;
use gonogo::release::Ask;
use gonogo::release::candidates::{TagRow, TagsSeen};
use gonogo::release::ids::{Login, Repo, Tag};
use gonogo::release::looks::Topic;
use gonogo::release::poll::Verdict;
use gonogo::release::roles::RoleAsk;
use gonogo::release::session::{Identified, ProcessChanged};
use gonogo::release::votes::{Say, Stand, Word};

/// A process that asks for everything that people say.
const ASKING: &str = r#"
name = "asking"
[branches]
trunk = "main"
[[branches.lines]]
pattern = "release-{major}.{minor}.x"
kind = "release"
[version]
style = "semver"
prefix = "v"
candidate = "-rc.{n}"
[[streams]]
id = "minor"
bump = "minor"
candidates = true
[[roles]]
id = "lead"
title = "Lead"
rights = ["decide"]
[[roles]]
id = "qa"
title = "QA"
[[roles]]
id = "security"
title = "Security"
[[signoffs]]
id = "qa"
title = "QA"
role = "qa"
says = "the tests are good"
[[signoffs]]
id = "security"
title = "Security"
role = "security"
[[reports]]
id = "weekly"
title = "Weekly report"
role = "qa"
every = "weekly"
[[trackers]]
id = "jira"
title = "JIRA"
kind = "attested"
[[calendar.windows]]
id = "release"
days = ["tue", "wed"]
from = "09:00"
to = "15:00"
[[gates]]
id = "signed"
kind = { sign-offs = {} }
[[gates]]
id = "reports"
kind = { reports = {} }
required = false
[[gates]]
id = "freeze"
kind = "freeze"
[[gates]]
id = "window"
kind = { window = { window = "release" } }
required = false
[[gates]]
id = "tracker"
kind = { tracker = { tracker = "jira" } }
[[gates]]
id = "tried"
kind = { attested = { text = "the build was tried by hand" } }
[[gates]]
id = "decision"
kind = "decision"
"#;

fn book() -> Book {
    let mut book = Book::blank("v1.2.0", Some(Repo::parse("pier/crane").unwrap()), "env");
    let (from, to) = ("sha256:0".into(), "sha256:1".into());
    book.tell(ProcessChanged { from, to, profile: Some(ASKING.into()), why: text("another") });
    assert_eq!(book.release.process_error, None);
    i_am(&mut book, "ann");
    book.complete(Topic::Git, "");
    book
}

fn i_am(book: &mut Book, login: &str) {
    let login = Some(Login::parse(login).unwrap());
    book.tell(Identified { how: "env".into(), login, scopes: vec![] });
}

fn name(book: &mut Book, role: &str, login: &str) {
    book.ask(Ask::Role(RoleAsk { role: role.into(), login: text(login), on: true })).unwrap();
}

fn candidate(book: &mut Book, number: u8) {
    let tag = Tag::parse(&format!("v1.2.0-rc.{number}")).unwrap();
    let row = TagRow { tag, oid: oid(number), annotated: true, at: Some(at(i64::from(number))) };
    book.tell(TagsSeen { rows: vec![row], gone: vec![] });
}

fn sign(signoff: &str, person: Option<&str>, stand: Stand, why: &str) -> Ask {
    let (signoff, person) = (signoff.into(), person.map(text));
    Ask::Say(Say::Sign { signoff, person, stand, why: text(why) })
}

fn decide(word: Word, why: &str) -> Ask {
    Ask::Say(Say::Decide { word, why: text(why) })
}

fn read(book: &Book, gate: &str) -> (Verdict, String) {
    let polled = book.polled(gate);
    (polled.verdict, polled.reading.reason)
}

#[test]
fn a_signature_is_of_a_named_person_on_the_candidate_that_is_up() {
    let mut book = book();
    assert_eq!(read(&book, "signed"), (Verdict::Hold, "no candidate to sign yet: QA, Security".into()));
    assert!(book.refused(sign("qa", None, Stand::Signs, "")).contains("no candidate"));
    candidate(&mut book, 1);
    assert!(book.refused(sign("qa", None, Stand::Signs, "")).contains("nobody is named as QA"));
    name(&mut book, "qa", "dee");
    assert!(book.refused(sign("qa", None, Stand::Signs, "")).contains("ann is not named"));
    let for_dee = book.refused(sign("qa", Some("dee"), Stand::Signs, ""));
    assert!(for_dee.contains("say where dee said so"), "{for_dee}");
    assert_eq!(read(&book, "signed").0, Verdict::Hold, "nothing refused counts");
    book.ask(sign("qa", Some("Dee"), Stand::Signs, "https://chat.example/1")).unwrap();
    let said = read(&book, "signed").1;
    assert_eq!(said, "1 of 2 signed v1.2.0-rc.1, missing Security");
    assert!(book.refused(sign("qa", Some("dee"), Stand::Signs, "again")).contains("already"));
    // Named for a second role, the same person signs for one all the same.
    name(&mut book, "security", "dee");
    let twice = book.refused(sign("security", Some("dee"), Stand::Signs, "it is good"));
    assert!(twice.contains("dee signed for QA already"), "{twice}");
    name(&mut book, "security", "ann");
    book.ask(sign("security", None, Stand::Signs, "")).unwrap();
    assert_eq!(read(&book, "signed"), (Verdict::Go, "2 of 2 signed v1.2.0-rc.1".into()));
    // A new candidate: everything is to be signed anew.
    candidate(&mut book, 2);
    let said = "0 of 2 signed v1.2.0-rc.2, missing QA (was on v1.2.0-rc.1), Security (was on v1.2.0-rc.1)";
    assert_eq!(read(&book, "signed"), (Verdict::Hold, said.into()));
}

#[test]
fn an_objection_stops_it_until_it_is_taken_back() {
    let mut book = book();
    candidate(&mut book, 1);
    name(&mut book, "qa", "ann");
    name(&mut book, "security", "dee");
    book.ask(sign("qa", None, Stand::Signs, "")).unwrap();
    assert!(book.refused(sign("security", Some("dee"), Stand::Objects, "")).contains("needs its reason"));
    book.ask(sign("security", Some("dee"), Stand::Objects, "a key is in the log")).unwrap();
    assert_eq!(read(&book, "signed"), (Verdict::NoGo, "Security objects, dee: a key is in the log".into()));
    book.ask(Ask::Undo).unwrap();
    assert_eq!(read(&book, "signed").0, Verdict::Hold, "undo takes the objection back");
    book.ask(Ask::Redo).unwrap();
    assert_eq!(read(&book, "signed").0, Verdict::NoGo);
    book.ask(sign("security", Some("dee"), Stand::Signs, "mended, said in chat")).unwrap();
    assert_eq!(read(&book, "signed").0, Verdict::Go);
    book.ask(Ask::Undo).unwrap();
    assert_eq!(read(&book, "signed").0, Verdict::NoGo, "what stood before stands again");
}

/// Everything but the decision is settled.
fn settled() -> Book {
    let mut book = book();
    candidate(&mut book, 1);
    for (role, login) in [("lead", "ann"), ("qa", "bob"), ("security", "dee")] {
        name(&mut book, role, login);
    }
    book.ask(sign("qa", Some("bob"), Stand::Signs, "in the room")).unwrap();
    book.ask(sign("security", Some("dee"), Stand::Signs, "in the room")).unwrap();
    book.ask(Ask::Say(Say::Freeze { on: true, why: text("") })).unwrap();
    let (gate, note) = ("tried".into(), text("https://ci.example/9"));
    book.ask(Ask::Say(Say::Attest { gate, on: true, note })).unwrap();
    let (tracker, text) = ("jira".into(), text("0 https://jira.example/filter/7"));
    book.ask(Ask::Say(Say::Count { tracker, text })).unwrap();
    book
}

#[test]
fn go_is_said_by_who_may_when_nothing_else_is_in_the_way_and_of_one_commit() {
    let mut book = settled();
    assert_eq!(read(&book, "decision"), (Verdict::Hold, "none on record".into()));
    let (tracker, three) = ("jira".into(), text("3 https://jira.example/filter/7"));
    book.ask(Ask::Say(Say::Count { tracker, text: three })).unwrap();
    let why = book.refused(decide(Word::Go, ""));
    assert!(why.contains("NO-GO") && why.contains("3 open"), "{why}");
    book.ask(Ask::Undo).unwrap();
    i_am(&mut book, "bob");
    assert!(book.refused(decide(Word::Go, "")).contains("it is for Lead (ann)"));
    i_am(&mut book, "ann");
    assert!(book.refused(decide(Word::NoGo, " ")).contains("why"));
    book.ask(decide(Word::NoGo, "the database is full")).unwrap();
    assert_eq!(read(&book, "decision").0, Verdict::NoGo);
    book.ask(decide(Word::Go, "")).unwrap();
    let (verdict, said) = read(&book, "decision");
    assert!(verdict == Verdict::Go && said.contains("said GO to v1.2.0-rc.1"), "{said}");
    book.ask(Ask::Undo).unwrap();
    assert_eq!(read(&book, "decision").0, Verdict::NoGo);
    book.ask(Ask::Redo).unwrap();
    candidate(&mut book, 2);
    let (verdict, said) = read(&book, "decision");
    assert!(verdict == Verdict::Hold && said.contains("v1.2.0-rc.2 is up now"), "{said}");
}

#[test]
fn a_report_is_due_again_and_late_after_its_time() {
    let mut book = book();
    assert_eq!(read(&book, "reports"), (Verdict::Hold, "Weekly report is not in yet".into()));
    let report = |what: &str| Ask::Say(Say::Report { report: "weekly".into(), text: text(what) });
    name(&mut book, "qa", "dee");
    assert!(book.refused(report("3 % faster")).contains("it is for QA (dee)"));
    i_am(&mut book, "dee");
    assert!(book.refused(report(" ")).contains("note or a link"));
    book.ask(report("3 % faster")).unwrap();
    assert_eq!(read(&book, "reports").0, Verdict::Go);
    book.now += TimeDelta::days(8);
    let (verdict, said) = read(&book, "reports");
    assert!(verdict == Verdict::NoGo && said.contains("late by 1d"), "{said}");
    book.ask(report("slower")).unwrap();
    assert_eq!(read(&book, "reports").0, Verdict::Go);
    book.ask(Ask::Undo).unwrap();
    assert_eq!(read(&book, "reports").0, Verdict::NoGo);
}

#[test]
fn a_window_is_scheduled_within_its_hours_and_closes() {
    let mut book = book();
    let when = |when: &str| Ask::Say(Say::Schedule { window: "release".into(), when: text(when) });
    let day = |days: i64| (book.now + TimeDelta::days(days)).date_naive();
    let on = |weekday| (1..8).map(day).find(|day| chrono::Datelike::weekday(day) == weekday).unwrap();
    let (tuesday, friday) = (on(chrono::Weekday::Tue), on(chrono::Weekday::Fri));
    assert_eq!(read(&book, "window"), (Verdict::Hold, "none is scheduled".into()));
    for (bad, why) in [
        ("tomorrow", "is no day"),
        ("2026-02-30 09:00-10:00", "is no day"),
        ("2001-01-02 09:00-10:00", "over already"),
    ] {
        assert!(book.refused(when(bad)).contains(why), "{bad}");
    }
    assert!(book.refused(when(&format!("{tuesday} 12:00-10:00"))).contains("ends before"));
    assert!(book.refused(when(&format!("{tuesday} 14:00-16:00"))).contains("09:00 to 15:00"));
    assert!(book.refused(when(&format!("{friday} 09:00-10:00"))).contains("not one of its days"));
    book.ask(when(&format!("{friday} 09:00-10:00 the only day"))).unwrap();
    book.ask(when(&format!("{tuesday} 09:00-10:00"))).unwrap();
    let (verdict, said) = read(&book, "window");
    assert!(verdict == Verdict::Hold && said.starts_with("opens in"), "{said}");
    let open = tuesday.and_hms_opt(9, 30, 0).unwrap().and_utc();
    book.now = open;
    assert!(matches!(read(&book, "window"), (Verdict::Go, said) if said.starts_with("open for 30m more")));
    book.now = open + TimeDelta::hours(1);
    assert!(matches!(read(&book, "window"), (Verdict::NoGo, said) if said.starts_with("closed 30m ago")));
    book.ask(when("")).unwrap();
    assert_eq!(read(&book, "window"), (Verdict::Hold, "none is scheduled".into()));
}

#[test]
fn a_freeze_an_attestation_and_a_tracker_stand_until_they_are_taken_back() {
    let mut book = settled();
    for gate in ["freeze", "tried", "tracker"] {
        assert_eq!(read(&book, gate).0, Verdict::Go, "{gate}: {}", read(&book, gate).1);
    }
    assert!(book.refused(Ask::Say(Say::Freeze { on: true, why: text("") })).contains("already"));
    book.ask(Ask::Say(Say::Freeze { on: false, why: text("one more feature") })).unwrap();
    let (gate, note) = ("tried".into(), text("it was another build"));
    book.ask(Ask::Say(Say::Attest { gate, on: false, note })).unwrap();
    for gate in ["freeze", "tried"] {
        assert_eq!(read(&book, gate).0, Verdict::Hold, "{gate}");
    }
    for (bad, why) in [("none", "how many"), ("0", "where you looked")] {
        let (tracker, text) = ("jira".into(), text(bad));
        assert!(book.refused(Ask::Say(Say::Count { tracker, text })).contains(why), "{bad}");
    }
}
