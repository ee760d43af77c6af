//! Where picks come from: whose word counts, what stands in each cell with who, when and why, what is asked of the forge.

use super::ground::{Book, at, branch, oid, repo, text};
use super::triage::{place, pull, seen};
use gonogo::release::observe::Sighting;
use gonogo::release::picks::{
    Asked, Backport, BackportState, CellState, Change, ChangeCommit, ChangesSeen, Decided, Decision,
    Foreseen, Pick, PickState, Predicted, PredictionsSeen, PullFacts, Stray, Told, wishes,
};

fn comment(weak: bool) -> Asked {
    let said = text("/cherry-pick release-1.2.x");
    Asked::Comment { login: text("eve"), at: at(-30), said, weak, edited: None }
}

fn backport(state: BackportState, weak: bool) -> Backport {
    Backport {
        number: 90,
        state,
        draft: true,
        author: Some(text("mergify[bot]")),
        known_by: text("its title"),
        at: Some(at(-20)),
        ended: None,
        url: None,
        conflict: Some(true),
        checks: Some(text("FAILURE")),
        weak,
    }
}

fn asked(number: u64, asked: Vec<Asked>) -> Pick {
    Pick { label: text(""), asked, ..pull(number) }
}

fn told(book: &Book, number: u64) -> Told {
    let (key, line) = place(number);
    book.release.picks.told(&key, &line).expect("a cell")
}

fn state(book: &Book, number: u64) -> Option<CellState> {
    let (key, line) = place(number);
    book.release.picks.cell(&key, &line).map(|cell| cell.state)
}

fn decide(book: &mut Book, number: u64, to: Decision) {
    let (pick, line) = place(number);
    let why = Some(text("because"));
    book.tell(Decided { pick, line, from: Decision::Undecided, to, why, answers: vec![], batch: None });
}

#[test]
fn a_strangers_word_is_shown_and_obliges_nobody() {
    let mut book = Book::read();
    seen(&mut book, vec![asked(1, vec![comment(true)]), asked(2, vec![comment(true), comment(false)])]);
    assert_eq!((state(&book, 1), state(&book, 2)), (Some(CellState::Asked), Some(CellState::Proposed)));
    let line = branch("release-1.2.x");
    assert_eq!(book.release.picks.queue(&line), [place(2).0], "only what counts is queued");
    assert_eq!(book.gate("picks"), "NO-GO 1 to decide, 0 landed");
    let it = told(&book, 1);
    assert_eq!((it.word.as_str(), it.who.as_deref(), it.when), ("asked", Some("eve"), Some(at(-30))));
    assert!(it.why.unwrap().ends_with("who may not write here"));
    decide(&mut book, 1, Decision::Accepted);
    assert_eq!(state(&book, 1), Some(CellState::Approved), "who decides may take it up");
}

#[test]
fn a_backport_of_anybody_takes_nothing_out_of_the_queue() {
    let mut book = Book::read();
    let with = |number, state, weak| Pick { backport: Some(backport(state, weak)), ..pull(number) };
    seen(
        &mut book,
        vec![
            with(1, BackportState::Open, false),
            with(2, BackportState::Open, true),
            with(3, BackportState::Closed, false),
        ],
    );
    let states: Vec<_> = (1..=3).map(|number| state(&book, number).unwrap()).collect();
    assert_eq!(states, [CellState::OpenPull, CellState::Proposed, CellState::Proposed]);
    assert!(told(&book, 3).why.unwrap().ends_with("#90 was closed unmerged"));
    let it = told(&book, 1);
    assert_eq!(
        (it.word.as_str(), it.who.as_deref(), it.when),
        ("PR #90 draft", Some("mergify[bot]"), Some(at(-20)))
    );
    assert_eq!(it.why.as_deref(), Some("told by its title, conflict, checks failure"));
}

#[test]
fn what_was_closed_has_a_row_when_some_of_it_is_on_the_trunk() {
    let mut book = Book::read();
    let closed =
        |number| Pick { closed: true, merged: None, at: None, state: PickState::NotMerged, ..pull(number) };
    seen(&mut book, vec![closed(1), closed(2)]);
    assert_eq!((state(&book, 1), state(&book, 2)), (None, None), "what was given up is wanted by nobody");
    let change = Change {
        pick: place(1).0,
        commits: vec![ChangeCommit { oid: oid(7), mainline: None }],
        merged: None,
        added: 1,
        removed: 0,
        files: 1,
        paths: vec![],
        owners: vec![],
        reverted: None,
        problem: Some(text(
            "#1 was closed without a merge: 1 of its 2 commits are found on main by their subjects",
        )),
    };
    book.tell(ChangesSeen { rows: vec![change], gone: vec![] });
    assert_eq!((state(&book, 1), state(&book, 2)), (Some(CellState::Proposed), None));
    let ask = book.release.queue_ask(&branch("release-1.2.x")).expect("a queue");
    assert!(
        ask.problems[&place(1).0].raw().starts_with("#1 was closed without a merge"),
        "it is never called clean"
    );
}

#[test]
fn every_state_says_who_when_and_why() {
    let mut book = Book::read();
    let label = |number| {
        let by = Asked::Label { label: text("backport"), login: Some(text("cem")), at: Some(at(-50)) };
        Pick { asked: vec![by], ..pull(number) }
    };
    let mut rows: Vec<_> = (1..=6).map(label).collect();
    rows.push(Pick { state: PickState::NotMerged, at: None, merged: None, ..label(7) });
    seen(&mut book, rows);
    let decisions = [Decision::Accepted, Decision::Rejected, Decision::Deferred, Decision::NotNeeded];
    for (number, to) in (1..).zip(decisions) {
        decide(&mut book, number, to);
    }
    let clash = Predicted {
        pick: place(6).0,
        verdict: Foreseen::Conflict { files: vec![], more: 0 },
        tree: None,
        remedy: None,
    };
    let line = branch("release-1.2.x");
    book.tell(PredictionsSeen {
        line,
        tip: oid(9),
        tier: text("git"),
        rows: vec![clash],
        gone: vec![],
        whole: false,
    });
    let words: Vec<_> = (1..=7).map(|number| told(&book, number)).collect();
    let expected = ["accepted", "rejected", "deferred", "not needed", "to decide", "to decide", "not merged"];
    assert_eq!(words.iter().map(|it| it.word.as_str()).collect::<Vec<_>>(), expected);
    assert!(words.iter().all(|it| it.who.is_some() && it.when.is_some() && it.why.is_some()), "{words:#?}");
    assert_eq!(words[4].why.as_deref(), Some("label backport"));
    assert!(words[5].conflict && words[5].why.as_deref().unwrap().contains("conflicts in"));
}

#[test]
fn commands_for_no_active_line_are_journaled_once() {
    let mut book = Book::read();
    let stray = |said: &str| Stray {
        number: 5,
        title: text("fix"),
        said: text(said),
        login: text("eve"),
        at: at(-10),
        weak: false,
    };
    let look = |strays| Sighting::Picks(repo(), vec![], strays, None);
    let first = book.release.observe(look(vec![stray("/backport x")]));
    let kinds: Vec<_> = first.iter().map(|note| note.fact.kind()).collect();
    assert_eq!(kinds[0], "obs.picks");
    for note in first {
        book.tell(note.fact);
    }
    assert_eq!(book.release.observe(look(vec![stray("/backport x")])), []);
    assert_eq!(book.release.picks.strays[&repo()].len(), 1);
    for note in book.release.observe(look(vec![])) {
        book.tell(note.fact);
    }
    assert_eq!(book.release.picks.strays[&repo()], []);
}

#[test]
fn what_is_asked_of_the_forge_follows_the_process_and_the_lines() {
    let mut book = Book::read();
    let gather = book.release.gather(&repo());
    assert!(gather.milestones.is_empty(), "only where the process says so");
    assert_eq!(gather.labels[0].0.raw(), "backport-release-1.2.x");
    let line = branch("release-1.2.x");
    for said in ["/cherry-pick", "/cherrypick", "/backport", "@Mergifyio backport"] {
        let found = wishes(&gather.commands, &format!("{said} release-1.2.x"));
        assert_eq!(
            found.iter().map(|it| it.line.clone()).collect::<Vec<_>>(),
            [Some(line.clone())],
            "{said}"
        );
    }
    assert!(gather.lines.contains(&line) && gather.trunk == Some(branch("main")));
    assert!(gather.asked.is_empty());
    // What is known by a comment is looked at again: the comment may go.
    seen(&mut book, vec![asked(3, vec![comment(false)])]);
    assert_eq!(book.release.gather(&repo()).asked, [3].into());
}

#[test]
fn facts_that_cannot_be_read_are_kept_apart_from_none() {
    let facts = PullFacts { unread: vec![text("reviews"), text("checks")], ..PullFacts::default() };
    let json = serde_json::to_string(&facts).unwrap();
    assert_eq!(json, r#"{"unread":["reviews","checks"]}"#);
}
