//! Every kind of gate, read: GO, HOLD and NO-GO, and never GO when it was not read.

use super::ground::{Book, at, branch, check, closed, issue, key, labelled, line, oid, repo, text};
use chrono::TimeDelta;
use gonogo::release::Ask;
use gonogo::release::agenda::Subject;
use gonogo::release::branches::{LineKind, LinesSeen};
use gonogo::release::candidates::{TagRow, TagsSeen};
use gonogo::release::checklist::{FileSeen, FilesSeen};
use gonogo::release::checks::{Check, CheckState, ChecksSeen, RequiredSeen};
use gonogo::release::ids::Tag;
use gonogo::release::looks::{Failed, LookKey, Topic};
use gonogo::release::milestone::{Chosen, Issue, IssuesSeen};
use gonogo::release::observe::Sighting;
use gonogo::release::picks::{Grade, Landing, Pick, PickKey, PickState, PicksSeen};
use gonogo::release::poll::{Verdict, verdict};

fn checks(book: &mut Book, on: &str, rows: Vec<Check>) {
    let tip = book.release.lines.0[&branch(on)].tip;
    book.tell(ChecksSeen { branch: branch(on), sha: tip, rows, gone: vec![], history: vec![] });
}

fn tag(name: &str, minutes: i64) -> TagsSeen {
    let row = TagRow { tag: Tag::parse(name).unwrap(), oid: oid(9), annotated: true, at: Some(at(minutes)) };
    TagsSeen { rows: vec![row], gone: vec![] }
}

#[test]
fn nothing_is_go_before_it_is_read() {
    let book = Book::new();
    for polled in book.release.poll(book.now) {
        let settled = ["stage", "item"];
        let wanted = if settled.contains(&&*polled.gate) { Verdict::NoGo } else { Verdict::Hold };
        assert_eq!(polled.verdict, wanted, "{}: {}", polled.gate, polled.reason());
    }
}

#[test]
fn nothing_is_go_on_a_repository_without_a_forge_that_only_a_forge_can_tell() {
    let mut book = Book::blank("v1.2.0", None, "none");
    book.tell(Chosen { title: text("1.2.0") });
    book.complete(Topic::Git, "");
    for gate in ["milestone", "issues-only", "blockers", "scope", "trunk-ci", "nightly"] {
        assert_eq!(book.polled(gate).verdict, Verdict::Hold, "{gate}: {}", book.gate(gate));
    }
}

#[test]
fn everything_that_was_read_is_go() {
    let book = Book::read();
    for gate in [
        "milestone",
        "issues-only",
        "blockers",
        "trunk-ci",
        "line-ci",
        "nightly",
        "picks",
        "testing",
        "candidates",
        "scope",
        "version",
        "line",
    ] {
        assert_eq!(book.polled(gate).verdict, Verdict::Go, "{gate}: {}", book.gate(gate));
    }
}

#[test]
fn a_look_that_fails_holds_the_gate_until_one_works() {
    let gates = [
        ("milestone", Topic::Issues, "pier/crane"),
        ("issues-only", Topic::Milestones, "pier/crane"),
        ("blockers", Topic::Issues, "pier/crane"),
        ("scope", Topic::Issues, "pier/crane"),
        ("trunk-ci", Topic::Checks, "main"),
        ("line-ci", Topic::Required, "release-1.2.x"),
        ("nightly", Topic::Checks, "main"),
        ("picks", Topic::Picks, "pier/crane"),
        ("picks", Topic::Landings, ""),
        ("testing", Topic::Git, ""),
        ("candidates", Topic::Git, ""),
        ("version", Topic::Git, ""),
    ];
    for (gate, topic, scope) in gates {
        let mut book = Book::read();
        book.tell(Failed { look: LookKey::new(topic, scope), why: text("502") });
        assert_eq!(book.polled(gate).verdict, Verdict::Hold, "{gate}");
        assert!(book.gate(gate).contains("502"), "{}", book.gate(gate));
        book.complete(topic, scope);
        assert_eq!(book.polled(gate).verdict, Verdict::Go, "{gate}");
    }
}

#[test]
fn the_milestone_and_its_blockers() {
    let mut book = Book::read();
    book.issues(vec![labelled(8, &["blocker/high"]), closed(9)]);
    assert_eq!(book.gate("milestone"), "NO-GO 1 open, 2 of 3 done");
    assert_eq!(book.gate("blockers"), "NO-GO 1 open");
    book.issues(vec![Issue { pull: true, ..closed(10) }]);
    assert_eq!(book.gate("issues-only"), "NO-GO 1 pull request to take out");
    book.issues(vec![labelled(8, &["BREAKING-change"])]);
    assert_eq!(book.polled("scope").verdict, Verdict::NoGo, "{}", book.gate("scope"));
}

#[test]
fn another_milestone_is_not_go_on_the_issues_of_the_one_before() {
    let mut book = Book::read();
    book.ask(Ask::ChooseMilestone { title: text("1.3.0") }).unwrap();
    for gate in ["milestone", "issues-only", "blockers", "scope"] {
        assert_eq!(book.polled(gate).verdict, Verdict::Hold, "{gate}: {}", book.gate(gate));
    }
    book.complete(Topic::Issues, "pier/crane");
    assert_eq!(book.gate("milestone"), "HOLD the milestone holds no issue");
}

#[test]
fn a_repository_without_the_milestone_holds() {
    let mut book = Book::read();
    book.tell(Chosen { title: text("9.9.9") });
    assert_eq!(book.gate("milestone"), "HOLD pier/crane has no milestone 9.9.9");
    let no = book.refused(Ask::ChooseMilestone { title: text("8.8.8") });
    assert_eq!(no, "no repository of this release has a milestone 8.8.8");
}

#[test]
fn only_passed_is_green() {
    use CheckState::{
        ActionRequired, Cancelled, Failed, Missing, Neutral, Passed, Queued, Running, Skipped, Stale,
        TimedOut, Unknown,
    };
    for state in [
        Failed,
        TimedOut,
        ActionRequired,
        Cancelled,
        Missing,
        Unknown,
        Stale,
        Running,
        Queued,
        Skipped,
        Neutral,
        Passed,
    ] {
        let mut book = Book::read();
        checks(&mut book, "main", vec![check("build", state)]);
        let wanted = match state {
            Passed => Verdict::Go,
            Failed | TimedOut | ActionRequired | Cancelled => Verdict::NoGo,
            Missing | Unknown | Stale | Running | Queued | Skipped | Neutral => Verdict::Hold,
        };
        assert_eq!(book.polled("trunk-ci").verdict, wanted, "{state:?}: {}", book.gate("trunk-ci"));
        assert_eq!(book.polled("line-ci").verdict, Verdict::Go, "the other branch");
    }
}

#[test]
fn a_required_check_that_never_reported_holds() {
    let mut book = Book::read();
    let contexts = vec![text("build"), text("ghost")];
    book.tell(RequiredSeen { branch: branch("main"), contexts, protected: true });
    assert_eq!(book.gate("trunk-ci"), "HOLD 1 not green: ghost missing");
}

#[test]
fn checks_of_an_older_commit_hold() {
    let mut book = Book::read();
    book.tell(LinesSeen { rows: vec![line("main", LineKind::Trunk, oid(44))], gone: vec![] });
    assert_eq!(book.gate("trunk-ci"), "HOLD checks are of an older commit of main");
}

#[test]
fn a_branch_that_requires_nothing_needs_all_of_what_reported() {
    let mut book = Book::read();
    book.tell(RequiredSeen { branch: branch("main"), contexts: vec![], protected: false });
    assert_eq!(book.gate("trunk-ci"), "GO 2 of 2 green");
    checks(&mut book, "main", vec![check("lint", CheckState::Failed)]);
    assert_eq!(book.gate("trunk-ci"), "NO-GO 1 red, 2 of 3 green");
    let tip = oid(50);
    book.tell(LinesSeen { rows: vec![line("main", LineKind::Trunk, tip)], gone: vec![] });
    checks(&mut book, "main", vec![]);
    assert_eq!(book.gate("trunk-ci"), "HOLD no check is required and none reported");
}

#[test]
fn a_suite_has_an_age() {
    let mut book = Book::read();
    let nightly = |ended| Check { ended, ..check("nightly / all", CheckState::Passed) };
    checks(&mut book, "main", vec![nightly(Some(at(-3 * 1440)))]);
    assert_eq!(book.gate("nightly"), "HOLD last result is 3 days old");
    checks(&mut book, "main", vec![nightly(None)]);
    assert_eq!(book.gate("nightly"), "HOLD the age of the last result is not known");
    checks(&mut book, "main", vec![check("nightly / all", CheckState::Failed)]);
    assert_eq!(book.polled("nightly").verdict, Verdict::NoGo);
    let gone = vec![text("nightly / all")];
    book.tell(ChecksSeen { branch: branch("main"), sha: oid(2), rows: vec![], gone, history: vec![] });
    assert_eq!(book.gate("nightly"), "HOLD no result of nightly on main");
}

fn pick(number: u64, line: &str, state: PickState) -> Pick {
    Pick {
        number,
        title: text("fix"),
        author: None,
        line: branch(line),
        label: text("backport"),
        state,
        evidence: None,
        merged: None,
        at: None,
        asked: vec![],
        backport: None,
        facts: None,
        closed: false,
        notes: vec![],
    }
}

#[test]
fn picks_are_counted_on_the_line_of_the_release() {
    let mut book = Book::read();
    let rows = vec![
        pick(1, "release-1.2.x", PickState::Landed),
        pick(2, "release-1.2.x", PickState::Proposed),
        pick(3, "release-1.1.x", PickState::Proposed),
    ];
    book.tell(PicksSeen { repo: repo(), rows, gone: vec![], strays: None });
    assert_eq!(book.gate("picks"), "NO-GO 1 to decide, 1 landed");
}

#[test]
fn the_testing_window_is_counted_from_the_last_candidate() {
    let mut book = Book::read();
    book.tell(tag("v1.2.0-rc.2", -1440));
    let polled = book.polled("testing");
    assert_eq!(polled.verdict, Verdict::Hold, "{}", polled.reason());
    assert_eq!(polled.reading.until, Some(at(2 * 1440)));
    book.now = at(2 * 1440);
    assert_eq!(book.polled("testing").verdict, Verdict::Go);
    let gone = vec![Tag::parse("v1.2.0-rc.2").unwrap(), Tag::parse("v1.2.0-rc.1").unwrap()];
    book.tell(TagsSeen { rows: vec![], gone });
    assert_eq!(book.gate("testing"), "HOLD no candidate yet");
    assert_eq!(book.gate("candidates"), "NO-GO 0 of 1 tagged");
    assert!(book.release.candidates.burned.contains_key(&Tag::parse("v1.2.0-rc.2").unwrap()));
}

#[test]
fn the_version_never_goes_back() {
    let mut book = Book::read();
    book.tell(tag("v1.2.3", -10));
    assert_eq!(book.gate("version"), "NO-GO v1.2.3 is out already: the version goes back");
    book.tell(tag("v1.2.0", -10));
    assert_eq!(book.gate("version"), "GO v1.2.0 is tagged");
    let mut odd = Book::blank("nightly", Some(repo()), "gh");
    odd.complete(Topic::Git, "");
    assert_eq!(odd.polled("version").verdict, Verdict::NoGo);
}

#[test]
fn the_branch_exists_or_does_not() {
    let mut book = Book::read();
    book.tell(LinesSeen { rows: vec![], gone: vec![branch("release-1.2.x")] });
    assert_eq!(book.gate("line"), "NO-GO release-1.2.x does not exist");
    assert_eq!(book.gate("line-ci"), "HOLD the release branch does not exist");
    assert_eq!(book.gate("picks"), "HOLD the release branch does not exist");
}

#[test]
fn what_git_would_say_is_not_said_before_git_was_read() {
    let mut book = Book::new();
    let gates = ["line", "line-ci", "picks", "documents"];
    for gate in gates {
        assert_eq!(book.gate(gate), "HOLD git not read yet", "{gate}");
    }
    let why = text("this repository has no commit yet");
    book.tell(Failed { look: LookKey::new(Topic::Git, ""), why });
    let seen = FileSeen { path: "CHANGELOG.md".into(), on: "main".into(), since: None, changed: vec![] };
    book.complete(Topic::Files, "");
    book.tell(FilesSeen { rows: vec![seen] });
    for gate in gates {
        assert_eq!(book.gate(gate), "HOLD git not readable: this repository has no commit yet", "{gate}");
    }
}

#[test]
fn documents_have_changed_or_not() {
    let mut book = Book::read();
    let seen = |changed: &[&str]| FileSeen {
        path: "CHANGELOG.md".into(),
        on: "main".into(),
        since: Some("v1.1.0".into()),
        changed: changed.iter().map(|it| text(it)).collect(),
    };
    book.complete(Topic::Files, "");
    assert_eq!(book.gate("documents"), "HOLD CHANGELOG.md was not looked at");
    book.tell(FilesSeen { rows: vec![seen(&[])] });
    assert_eq!(book.gate("documents"), "NO-GO CHANGELOG.md not changed since v1.1.0");
    book.tell(FilesSeen { rows: vec![seen(&["CHANGELOG.md"])] });
    assert_eq!(book.gate("documents"), "GO 1 file changed");
    // Before the first final version whatever is there counts.
    let first = |changed| FileSeen { since: None, ..seen(changed) };
    book.tell(FilesSeen { rows: vec![first(&["CHANGELOG.md"])] });
    assert_eq!(book.gate("documents"), "GO 1 file changed");
    book.tell(FilesSeen { rows: vec![first(&[])] });
    assert_eq!(book.gate("documents"), "NO-GO CHANGELOG.md not there, and there is no final version yet");
}

#[test]
fn a_gate_is_overridden_and_the_override_taken_back() {
    let over = |gate: &str, on, why: &str| Ask::Override { gate: gate.into(), on, why: text(why) };
    let mut book = Book::read();
    assert_eq!(book.refused(over("nothing", true, "x")), "the process has no such gate");
    assert_eq!(book.refused(over("decision", true, "  ")), "a reason is needed");
    assert_eq!(book.refused(over("milestone", true, "x")), "it is GO already");
    assert_eq!(book.refused(over("decision", false, "x")), "it is not overridden");
    book.ask(over("decision", true, "said aloud")).unwrap();
    assert_eq!(book.gate("decision"), "GO none on record, overridden by ann");
    assert_eq!(book.polled("decision").reading.verdict, Verdict::Hold);
    assert_eq!(book.refused(over("decision", true, "again")), "it is overridden already");
    book.ask(over("decision", false, "written now")).unwrap();
    assert_eq!(book.polled("decision").verdict, Verdict::Hold);
    assert!(!book.release.overrides.0["decision"].on, "the record stays");
}

#[test]
fn the_verdict_is_the_worst_of_what_is_required() {
    assert_eq!(verdict(&[]), Verdict::Hold);
    let book = Book::read();
    let mut poll = book.release.poll(book.now);
    assert_eq!(verdict(&poll), Verdict::NoGo);
    poll.iter_mut().filter(|it| it.verdict == Verdict::NoGo).for_each(|it| it.required = false);
    assert_eq!(verdict(&poll), Verdict::Hold);
    poll.iter_mut().filter(|it| it.verdict == Verdict::Hold).for_each(|it| it.required = false);
    assert_eq!(verdict(&poll), Verdict::Go);
}

#[test]
fn the_agenda_puts_no_go_first_then_the_order_of_the_process() {
    let mut book = Book::read();
    let late = Issue { created: at(-10), ..labelled(31, &["blocker"]) };
    let early = Issue { created: at(-20), ..labelled(33, &["blocker"]) };
    book.issues(vec![late, early, labelled(32, &["blocker/high"]), issue(34)]);
    checks(&mut book, "main", vec![check("build", CheckState::Failed)]);
    let poll = book.release.poll(book.now);
    let agenda = book.release.agenda(&poll, book.now);
    let subjects: Vec<_> = agenda.iter().map(|it| it.subject.clone()).collect();
    let at = |wanted: &Subject| subjects.iter().position(|it| it == wanted).unwrap();
    let numbers: Vec<_> = [32, 33, 31].map(|number| at(&Subject::Issue(key(number)))).to_vec();
    assert!(numbers.is_sorted(), "worst first, then oldest: {subjects:?}");
    assert!(!subjects.contains(&Subject::Issue(key(34))), "no blocker by its labels");
    let red = at(&Subject::Check(branch("main"), text("build")));
    let decision = at(&Subject::Gate("decision".into()));
    assert!(numbers[2] < red && red < decision, "{subjects:?}");
    let first_hold = agenda.iter().position(|it| it.verdict == Verdict::Hold).unwrap();
    assert!(first_hold > red);
    let doubled = subjects.iter().filter(|it| **it == Subject::Item("say".into())).count();
    assert_eq!(doubled, 1);
}

#[test]
fn an_issue_that_left_is_no_blocker_any_more() {
    let mut book = Book::read();
    book.issues(vec![labelled(8, &["blocker"])]);
    assert_eq!(book.gate("blockers"), "NO-GO 1 open");
    book.tell(IssuesSeen { repo: repo(), rows: vec![], gone: vec![8] });
    assert_eq!(book.gate("blockers"), "GO none open");
    assert!(book.release.milestones.left.contains_key(&key(8)));
}

#[test]
fn a_process_that_cannot_be_read_has_an_empty_poll_and_holds() {
    let release = gonogo::release::Release::default();
    assert_eq!(verdict(&release.poll(at(0) + TimeDelta::days(1))), Verdict::Hold);
}

#[test]
fn the_picks_hold_until_what_has_landed_on_a_new_line_is_read() {
    let mut book = Book::read();
    let at_seq = |book: &Book| book.release.head.map(|(seq, ..)| seq);
    let see = |book: &mut Book, sighting, upto| {
        for note in book.release.observe_asked(sighting, upto) {
            book.tell(note.fact);
        }
    };
    let proposed = |line: &str, numbers: &[u64]| {
        let rows = numbers.iter().map(|number| pick(*number, line, PickState::Proposed));
        Sighting::Picks(repo(), rows.collect(), vec![], None)
    };
    let landed = |landings| Sighting::Landings { wanted: vec![], changes: vec![], landings };
    let ancestor = |number, line: &str| Landing {
        pick: PickKey::Pull(key(number)),
        line: branch(line),
        grade: Grade::Ancestor,
        commit: oid(5),
        of: None,
        modified: None,
        reverted: None,
        trunk_reverted: None,
        at: None,
        by: None,
    };
    // What was read before says up to where.
    let upto = at_seq(&book);
    see(&mut book, proposed("release-1.1.x", &[9]), upto);
    let upto = at_seq(&book);
    see(&mut book, landed(vec![ancestor(9, "release-1.1.x")]), upto);
    assert_eq!(book.gate("picks"), "GO 0 landed");

    // The line goes and is made anew, while both looks are under way.
    let asked_before = at_seq(&book);
    let row = book.release.lines.0[&branch("release-1.2.x")].clone();
    book.tell(LinesSeen { rows: vec![], gone: vec![row.branch.clone()] });
    book.tell(LinesSeen { rows: vec![row], gone: vec![] });
    assert_eq!(book.gate("picks"), "HOLD picks of release-1.2.x not read yet");
    see(&mut book, landed(vec![]), asked_before);
    assert_eq!(book.gate("picks"), "HOLD picks of release-1.2.x not read yet");
    let upto = at_seq(&book);
    see(&mut book, proposed("release-1.2.x", &[1, 2]), upto);
    assert_eq!(
        book.gate("picks"),
        "HOLD landings of release-1.2.x not read yet",
        "what came was not looked at"
    );
    see(&mut book, landed(vec![ancestor(1, "release-1.2.x")]), upto);
    assert_eq!(
        book.gate("picks"),
        "HOLD landings of release-1.2.x not read yet",
        "the look was asked before"
    );
    let upto = at_seq(&book);
    see(&mut book, landed(vec![ancestor(1, "release-1.2.x")]), upto);
    assert_eq!(book.gate("picks"), "NO-GO 1 to decide, 1 landed", "a look that brought nothing new was read");

    // Beside what is known to be left nothing new is waited for.
    let upto = at_seq(&book);
    see(&mut book, proposed("release-1.2.x", &[1, 2, 3]), upto);
    assert_eq!(book.gate("picks"), "NO-GO 2 to decide, 1 landed");
}

#[test]
fn milestones_that_cannot_be_seen_are_why_none_is_chosen() {
    let mut book = Book::new();
    book.complete(Topic::Milestones, "pier/crane");
    assert_eq!(book.gate("blockers"), "HOLD no milestone is chosen");
    book.tell(Failed {
        look: LookKey::new(Topic::Milestones, "pier/crane"),
        why: text("the token is wrong"),
    });
    assert_eq!(book.gate("blockers"), "HOLD milestones not readable: the token is wrong");
}

#[test]
fn a_queue_that_was_read_in_part_is_not_go() {
    let mut book = Book::read();
    let look = |book: &mut Book, rows: &[Pick], partly: Option<&str>| {
        let notes = book.release.observe(Sighting::Picks(repo(), rows.to_vec(), vec![], partly.map(text)));
        let count = notes.len();
        for note in notes {
            book.note(&note);
        }
        count
    };
    assert_eq!(book.gate("picks"), "GO 0 landed");
    assert_eq!(look(&mut book, &[], Some("7 are read later")), 1);
    assert_eq!(book.gate("picks"), "HOLD 0 landed; 7 are read later");
    assert_eq!(look(&mut book, &[], Some("7 are read later")), 0, "what is known is not recorded again");
    assert_eq!(look(&mut book, &[], None), 1);
    assert_eq!(book.gate("picks"), "GO 0 landed");
}
