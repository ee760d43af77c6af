//! What a look brings is journaled as what changed.

use super::ground::{Book, at, branch, check, closed, issue, key, line, milestone, oid, repo, text};
use chrono::TimeDelta;
use gonogo::release::branches::LineKind;
use gonogo::release::candidates::{ForgeRelease, TagRow};
use gonogo::release::checklist::FilesSeen;
use gonogo::release::checks::{Check, CheckState, History, LogSeen, Past, RequiredSeen};
use gonogo::release::ids::Tag;
use gonogo::release::looks::{LookKey, Topic};
use gonogo::release::milestone::Issue;
use gonogo::release::observe::Sighting;
use gonogo::release::picks::{Pick, PickState};

/// Takes in a sighting; gives the kinds that it wrote.
fn see(book: &mut Book, sighting: Sighting) -> Vec<String> {
    let notes = book.release.observe(sighting);
    notes.iter().for_each(|note| {
        book.note(note);
    });
    notes.iter().map(|note| note.fact.kind().into_owned()).collect()
}

fn checks(rows: Vec<Check>, tip: u8, history: Vec<History>) -> Sighting {
    Sighting::Checks { branch: branch("main"), sha: oid(tip), rows, history }
}

fn all() -> Vec<(Sighting, Vec<&'static str>)> {
    let pick = Pick {
        number: 5,
        title: text("fix"),
        author: None,
        line: branch("release-1.2.x"),
        label: text("backport"),
        state: PickState::Proposed,
        evidence: None,
        merged: Some(oid(6)),
        at: None,
        asked: vec![],
        backport: None,
        facts: None,
        closed: false,
        notes: vec![],
    };
    let tag = TagRow { tag: Tag::parse("v1.1.0").unwrap(), oid: oid(4), annotated: false, at: None };
    let release = ForgeRelease {
        id: 3,
        tag: text("v1.1.0"),
        name: None,
        draft: false,
        prerelease: false,
        published: None,
        assets: 0,
    };
    let past = vec![Past { sha: oid(2), state: CheckState::Failed, at: at(-30) }];
    let history = vec![History { name: text("build"), past }];
    let log = LogSeen { repo: repo(), job: 9, step: Some(text("test")), tail: text("boom") };
    let required = RequiredSeen { branch: branch("main"), contexts: vec![], protected: true };
    vec![
        (
            Sighting::Git { lines: vec![line("main", LineKind::Trunk, oid(2))], tags: vec![tag] },
            vec!["obs.branches", "obs.tags", "obs.complete"],
        ),
        (
            Sighting::Milestones(repo(), vec![milestone(1, "v1.2.0")]),
            vec!["obs.milestones", "milestone.choose", "obs.complete"],
        ),
        (Sighting::Issues(repo(), vec![issue(8)]), vec!["obs.issues", "obs.complete"]),
        (
            checks(vec![check("build", CheckState::Failed)], 2, history),
            vec!["obs.checks", "obs.checks", "obs.complete"],
        ),
        (Sighting::Required(required), vec!["obs.required", "obs.complete"]),
        (Sighting::Releases(vec![release]), vec!["obs.releases", "obs.complete"]),
        (Sighting::Picks(repo(), vec![pick], vec![], None), vec!["obs.picks", "obs.complete"]),
        (landings(1), vec!["obs.wanted", "obs.changes", "obs.landings", "obs.complete"]),
        (Sighting::Log(log), vec!["obs.log", "obs.complete"]),
        (Sighting::Files(FilesSeen { rows: vec![] }), vec!["obs.complete"]),
        (Sighting::Failed(LookKey::new(Topic::Picks, "x/y"), text("404")), vec!["obs.failed"]),
    ]
}

/// So many commits wanted on a line, each with what is behind it and what shows that it landed.
fn landings(count: u8) -> Sighting {
    use gonogo::release::picks::{Asked, Change, ChangeCommit, Grade, Landing, PickKey, Wanted};
    let keys = || (1..=count).map(|n| PickKey::Commit(oid(n)));
    let wanted = |pick| Wanted {
        pick,
        line: branch("release-1.2.x"),
        title: text(&"a long title ".repeat(20)),
        author: text("ann"),
        at: at(0),
        asked: Asked::Paths { paths: vec![text("charts/a")] },
    };
    let change = |pick| Change {
        pick,
        commits: vec![ChangeCommit { oid: oid(7), mainline: None }],
        merged: None,
        added: 1,
        removed: 0,
        files: 1,
        paths: vec![text("charts/a")],
        owners: vec![],
        reverted: None,
        problem: None,
    };
    let landing = |pick| Landing {
        pick,
        line: branch("release-1.2.x"),
        grade: Grade::Trailer,
        commit: oid(9),
        of: None,
        modified: Some(true),
        reverted: None,
        trunk_reverted: None,
        at: None,
        by: None,
    };
    Sighting::Landings {
        wanted: keys().map(wanted).collect(),
        changes: keys().map(change).collect(),
        landings: keys().map(landing).collect(),
    }
}

#[test]
fn what_the_clone_knows_of_picks_is_written_in_lines_that_fit_and_goes_again() {
    let mut book = Book::new();
    let kinds = see(&mut book, landings(200));
    assert!(kinds.iter().filter(|kind| **kind == "obs.wanted").count() > 1, "{kinds:?}");
    assert!(book.entries.iter().all(|entry| entry.fact.body().get().len() < 32 * 1024));
    assert_eq!(book.release.picks.landings.len(), 200);
    assert!(see(&mut book, landings(200)).is_empty());
    assert_eq!(see(&mut book, landings(199)), ["obs.wanted", "obs.changes", "obs.landings", "obs.complete"]);
    assert_eq!((book.release.picks.wanted.len(), book.release.picks.changes.len()), (199, 199));
}

#[test]
fn each_sighting_is_written_once_and_nothing_new_writes_nothing() {
    let mut book = Book::new();
    for (sighting, kinds) in all() {
        assert_eq!(see(&mut book, sighting.clone()), kinds, "{sighting:?}");
        let before = book.entries.len();
        assert!(see(&mut book, sighting.clone()).is_empty(), "again: {sighting:?}");
        assert_eq!(book.entries.len(), before);
    }
}

#[test]
fn only_the_rows_that_changed_are_written_and_those_that_are_gone() {
    let mut book = Book::read();
    see(&mut book, Sighting::Issues(repo(), vec![issue(8), issue(9), issue(10)]));
    let changed = Issue { title: text("new words"), ..issue(9) };
    let notes = book.release.observe(Sighting::Issues(repo(), vec![issue(8), changed]));
    let body = notes[0].fact.body();
    assert!(body.get().contains("new words") && body.get().contains("\"gone\":[10]"), "{body}");
    assert!(!body.get().contains("issue 8"), "{body}");
    notes.iter().for_each(|note| {
        book.note(note);
    });
    assert!(book.release.milestones.left.contains_key(&key(10)));
    assert_eq!(book.release.milestones.issues.len(), 2);
}

#[test]
fn a_failure_is_written_once_and_the_look_that_ends_it_too() {
    let mut book = Book::read();
    let look = LookKey::new(Topic::Issues, "pier/crane");
    let failed = || Sighting::Failed(look.clone(), text("502"));
    assert_eq!(see(&mut book, failed()), ["obs.failed"]);
    let since = book.release.looks.get(&look).unwrap().failed.clone().unwrap().0;
    assert!(see(&mut book, failed()).is_empty());
    assert_eq!(see(&mut book, Sighting::Failed(look.clone(), text("503"))), ["obs.failed"]);
    assert_eq!(book.release.looks.get(&look).unwrap().failed.clone().unwrap().0, since, "since the first");
    assert_eq!(see(&mut book, Sighting::Issues(repo(), vec![closed(7)])), ["obs.complete"]);
    assert!(book.release.looks.is_read(&look));
}

#[test]
fn a_large_look_is_split_into_bodies_that_fit_a_line_and_folds_whole() {
    let mut book = Book::read();
    let wide = |number| Issue { title: text(&"wide ".repeat(50)), ..issue(number) };
    let rows: Vec<_> = (1000..3000).map(wide).collect();
    let notes = book.release.observe(Sighting::Issues(repo(), rows.clone()));
    assert!(notes.len() > 10);
    for note in &notes {
        assert!(note.fact.body().get().len() <= 32 * 1024, "{}", note.fact.body().get().len());
    }
    assert_eq!(notes.last().unwrap().fact.kind(), "obs.complete");
    notes.iter().for_each(|note| {
        book.note(note);
    });
    assert_eq!(book.release.milestones.issues.len(), 2000);
    assert!(see(&mut book, Sighting::Issues(repo(), rows)).is_empty());
}

#[test]
fn many_rows_that_are_gone_at_once_fit_a_line_too() {
    let mut book = Book::read();
    see(&mut book, Sighting::Issues(repo(), (10_000..20_000).map(issue).collect()));
    let notes = book.release.observe(Sighting::Issues(repo(), vec![issue(1)]));
    for note in &notes {
        assert!(note.fact.body().get().len() <= 32 * 1024, "{}", note.fact.body().get().len());
    }
    notes.iter().for_each(|note| {
        book.note(note);
    });
    assert_eq!(book.release.milestones.issues.len(), 1);
}

#[test]
fn a_tip_that_moved_clears_the_checks_of_the_one_before() {
    let mut book = Book::read();
    let rows = || vec![check("build", CheckState::Passed)];
    see(&mut book, checks(rows(), 2, vec![]));
    assert_eq!(see(&mut book, checks(rows(), 9, vec![])), ["obs.checks", "obs.complete"]);
    assert_eq!(book.release.checks.lines[&branch("main")].sha, Some(oid(9)));
    assert_eq!(see(&mut book, checks(vec![], 10, vec![])), ["obs.checks", "obs.complete"]);
    let line = &book.release.checks.lines[&branch("main")];
    assert!(line.rows.is_empty());
    assert_eq!(line.state(&text("build")), CheckState::Missing);
}

#[test]
fn a_check_that_is_gone_on_the_same_tip_is_taken_away() {
    let mut book = Book::read();
    see(&mut book, checks(vec![check("build", CheckState::Passed)], 2, vec![]));
    let line = &book.release.checks.lines[&branch("main")];
    assert_eq!(line.state(&text("nightly / all")), CheckState::Missing);
    assert_eq!(line.state(&text("build")), CheckState::Passed);
}

#[test]
fn the_milestone_that_is_named_like_the_release_is_chosen_by_itself_once() {
    for title in ["1.2.0", "v1.2.0", "V1.2.0", " 1.2.0 "] {
        let mut book = Book::new();
        let rows = vec![milestone(4, "1.1.0"), milestone(5, title)];
        see(&mut book, Sighting::Milestones(repo(), rows));
        assert_eq!(book.release.milestones.chosen, Some(text(title)));
    }
    let mut book = Book::new();
    let kinds = see(&mut book, Sighting::Milestones(repo(), vec![milestone(4, "1.1.0")]));
    assert_eq!(kinds, ["obs.milestones", "obs.complete"], "none fits");
    let mut book = Book::read();
    book.tell(gonogo::release::milestone::Chosen { title: text("1.3.0") });
    see(&mut book, Sighting::Milestones(repo(), vec![milestone(1, "1.2.0"), milestone(2, "1.3.0")]));
    assert_eq!(book.release.milestones.chosen, Some(text("1.3.0")), "a person chose");
}

#[test]
fn of_two_milestones_of_that_name_the_open_one_is_chosen() {
    let mut book = Book::new();
    let mut shut = milestone(1, "v1.2.0");
    shut.open = false;
    see(&mut book, Sighting::Milestones(repo(), vec![milestone(9, "1.2.0"), shut]));
    assert_eq!(book.release.milestones.chosen, Some(text("1.2.0")));
}

#[test]
fn issues_of_the_milestone_before_are_not_taken_for_this_ones() {
    let mut book = Book::read();
    book.tell(gonogo::release::milestone::Chosen { title: text("1.3.0") });
    assert!(see(&mut book, Sighting::Issues(repo(), vec![issue(8)])).is_empty());
    assert!(book.release.milestones.issues.is_empty());
    let right = Issue { milestone: Some(2), ..issue(9) };
    assert_eq!(see(&mut book, Sighting::Issues(repo(), vec![right])), ["obs.issues", "obs.complete"]);
}

#[test]
fn what_comes_after_the_first_full_look_is_added_scope() {
    let mut book = Book::new();
    see(&mut book, Sighting::Milestones(repo(), vec![milestone(1, "1.2.0")]));
    see(&mut book, Sighting::Issues(repo(), vec![issue(8)]));
    assert!(book.release.milestones.added.is_empty());
    see(&mut book, Sighting::Issues(repo(), vec![issue(8), issue(9)]));
    assert_eq!(book.release.milestones.added.iter().collect::<Vec<_>>(), [&key(9)]);
    see(&mut book, Sighting::Issues(repo(), vec![issue(8)]));
    assert!(book.release.milestones.added.is_empty());
    assert_eq!(book.release.milestones.left[&key(9)].1.number, 9);
    see(&mut book, Sighting::Issues(repo(), vec![issue(8), issue(9)]));
    assert!(book.release.milestones.left.is_empty(), "it is back");
}

#[test]
fn rolls_are_what_the_forge_said_also_of_what_left() {
    let mut book = Book::read();
    let rolled = Issue { rolls: Some(3), ..issue(8) };
    see(&mut book, Sighting::Issues(repo(), vec![rolled]));
    assert_eq!(book.release.milestones.rolls(&key(8)), 3);
    see(&mut book, Sighting::Issues(repo(), vec![]));
    assert_eq!(book.release.milestones.rolls(&key(8)), 3);
    assert_eq!(book.release.milestones.rolls(&key(404)), 0);
}

#[test]
fn the_burn_up_counts_scope_and_done_day_by_day() {
    let mut book = Book::read();
    let day = |days: i64| at(days * 1440);
    let made = |number, created: i64, shut: Option<i64>| Issue {
        created: day(created - 30),
        entered: Some(day(created)),
        open: shut.is_none(),
        closed: shut.map(day),
        ..issue(number)
    };
    see(
        &mut book,
        Sighting::Issues(repo(), vec![made(1, -6, None), made(2, -6, Some(-4)), made(3, -4, Some(-1))]),
    );
    let points: Vec<_> =
        book.release.milestones.burn_up().iter().map(|it| (it.at.date_naive(), it.scope, it.done)).collect();
    let date = |days: i64| (at(0) + TimeDelta::days(days)).date_naive();
    assert_eq!(points, [(date(-6), 2, 0), (date(-4), 3, 1), (date(-1), 3, 2)]);
    let burn = book.release.milestones.tally().burn(at(0), 4, 12).unwrap();
    let last = burn.points.last().unwrap();
    assert_eq!((last.scope, last.done), (3, 2));
    assert!(burn.points.windows(2).all(|two| two[0].scope <= two[1].scope && two[0].done <= two[1].done));
    let pace = book.release.milestones.tally().pace(at(0)).unwrap();
    assert!((pace.done - 2.0 / 14.0).abs() < 1e-9);
    assert_eq!(book.release.milestones.tally().without_entry, 0);
    // What was closed before it entered is done from then on.
    see(&mut book, Sighting::Issues(repo(), vec![made(1, -2, Some(-9))]));
    let points = book.release.milestones.burn_up();
    assert_eq!(points.iter().map(|it| (it.scope, it.done)).collect::<Vec<_>>(), [(1, 1)]);
}

#[test]
fn scope_counts_from_what_the_journal_saw_come_in_or_from_the_day_it_was_opened() {
    let mut book = Book::read();
    book.release.milestones.defined.clear();
    see(&mut book, Sighting::Issues(repo(), vec![issue(1)]));
    let key = |number| gonogo::release::ids::IssueKey { repo: repo(), number };
    assert_eq!(book.release.milestones.entered(&key(1)), None, "nobody said when");
    book.release.milestones.defined.insert(repo());
    see(&mut book, Sighting::Issues(repo(), vec![issue(1), issue(2)]));
    assert!(book.release.milestones.entered(&key(2)).is_some(), "it was seen to come");
    assert_eq!(book.release.milestones.tally().without_entry, 1);
}

#[test]
fn a_look_without_new_checks_says_what_changed_or_writes_nothing() {
    let mut book = Book::new();
    let said = |book: &Book| {
        let mut rows = book.release.log.rows.iter().rev();
        rows.find(|row| row.kind == "obs.checks").unwrap().what.to_string()
    };
    see(&mut book, checks(vec![check("build", CheckState::Passed)], 1, vec![]));
    assert_eq!(see(&mut book, checks(vec![check("build", CheckState::Passed)], 1, vec![])).len(), 0);
    see(&mut book, checks(vec![], 2, vec![]));
    assert_eq!(said(&book), format!("no checks yet on {} of main", oid(2).short()));
    let past = vec![Past { sha: oid(1), state: CheckState::Failed, at: at(0) }];
    see(&mut book, checks(vec![], 2, vec![History { name: text("build"), past }]));
    assert_eq!(said(&book), "earlier results of 1 check: main");
    let two = || ["build", "lint"].map(|name| check(name, CheckState::Failed)).to_vec();
    see(&mut book, checks(two(), 2, vec![]));
    assert_eq!(said(&book), "2 checks seen: main, 2 red");
    see(&mut book, checks(vec![], 2, vec![]));
    assert_eq!(said(&book), "2 checks gone: main");
}
