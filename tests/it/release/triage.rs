//! Picks decided: reasons, questions, ranges, undo, and what leaves with a plan and nothing before.

use super::ground::{Book, at, branch, key, line, oid, repo, running, text};
use gonogo::release::ask::{Effect, Proposal};
use gonogo::release::branches::LineKind;
use gonogo::release::errand::Status;
use gonogo::release::outbox::Cancelled;
use gonogo::release::picks::{
    Answer, CellState, Change, ChangeCommit, ChangesSeen, Decision, Foreseen, Foresight, Grade, Landing,
    LandingsSeen, Needed, OrderedBy, Pick, PickAsk, PickKey, PickState, PicksSeen, Place, Predicted,
    PredictionsSeen, PullFacts, Remedy,
};
use gonogo::release::session::ProcessChanged;
use gonogo::release::text::Untrusted;
use gonogo::release::{Ask, Errand, Outcome, Release};

const LINE: &str = "release-1.2.x";

const PUBLISH: &str = r#"
reason_required = ["reject", "not-needed"]
questions = ["What bug does it fix?", "How was it verified?"]
approved_by = ["qa"]
[picks.publish.accept]
add_labels = ["approved-{branch}"]
remove_labels = ["candidate"]
comment = "{decision} for {line} by {by}.\n{answers}"
[picks.publish.reject]
add_labels = ["rejected"]
comment = "Not for {major}.{minor}: {why}"
"#;

pub fn pull(number: u64) -> Pick {
    Pick {
        number,
        title: text(&format!("fix {number}")),
        author: Some(text("bob")),
        line: branch(LINE),
        label: text("backport-release-1.2.x"),
        state: PickState::Proposed,
        evidence: None,
        merged: Some(oid(u8::try_from(number % 250).unwrap())),
        at: Some(at(-600 + i64::try_from(number).unwrap())),
        asked: vec![],
        backport: None,
        facts: None,
        closed: false,
        notes: vec![],
    }
}

pub fn place(number: u64) -> Place {
    (PickKey::Pull(key(number)), branch(LINE))
}

pub fn seen(book: &mut Book, rows: Vec<Pick>) {
    book.tell(PicksSeen { repo: repo(), rows, gone: vec![], strays: None });
}

/// A queue of four, and a process that asks nothing.
pub fn queue() -> Book {
    let mut book = Book::read();
    seen(&mut book, (1..=4).map(pull).collect());
    book
}

/// The same, and a process that wants reasons, asks questions and publishes.
pub fn asking() -> Book {
    queue_of(PUBLISH)
}

/// A queue of four, and a process with more in `[picks]`.
pub fn queue_of(more: &str) -> Book {
    let mut book = queue();
    let profile = super::ground::PROFILE.replace("[[ci.suites]]", &format!("{more}\n[[ci.suites]]"));
    let fact = ProcessChanged { profile: Some(profile.into()), ..process_changed() };
    // The profile is kept beside the journal, and handed over when the entry is read.
    let entry = gonogo::release::Entry {
        seq: book.entries.len() as u64 + 1,
        ts: book.now,
        mono: 1,
        ses: "s1".into(),
        by: "ann".into(),
        op: None,
        hash: [0; 8],
        fact: fact.into(),
    };
    book.release.apply(&entry);
    book.entries.push(entry);
    assert_eq!(book.release.process_error, None);
    book
}

fn process_changed() -> ProcessChanged {
    let body = serde_json::from_str(r#"{"from":"sha256:0","to":"sha256:1","why":"it grew"}"#);
    body.expect("a change of the process")
}

fn decide(numbers: &[u64], to: Decision, why: Option<&str>) -> Ask {
    let picks = numbers.iter().map(|number| place(*number)).collect();
    Ask::Pick(PickAsk::Decide { picks, to, why: why.map(text), answers: vec![] })
}

fn accept(numbers: &[u64]) -> Ask {
    let picks = numbers.iter().map(|number| place(*number)).collect();
    let answer = |question: &str, answer: &str| Answer { question: text(question), answer: text(answer) };
    let answers = vec![answer("What bug does it fix?", "a crash"), answer("How was it verified?", "by hand")];
    Ask::Pick(PickAsk::Decide { picks, to: Decision::Accepted, why: None, answers })
}

fn state(release: &Release, number: u64) -> CellState {
    let (key, line) = place(number);
    release.picks.cell(&key, &line).expect("a cell").state
}

fn lines(book: &Book) -> Vec<String> {
    match book.release.draft(Proposal::Publish { only: vec![] }, &book.stamp()) {
        Ok(plan) => plan.steps.iter().map(|step| step.errand.line()).collect(),
        Err(refusal) => vec![refusal.why],
    }
}

/// Sends what is to be published, each step ending as told; what is left ends as the last.
fn publish(book: &mut Book, ends: &[Status]) {
    let plan = book.release.draft(Proposal::Publish { only: vec![] }, &book.stamp()).expect("a plan");
    let mut effects = book.ask(Ask::Go(plan)).expect("it goes");
    let mut at = 0;
    while let [Effect::Run { .. }] = &effects[..] {
        let (op, _) = running(&effects);
        let status = ends.get(at).or(ends.last()).copied().expect("an end");
        effects = book.settle(&op, Outcome::noted(status, "so it ended"));
        at += 1;
    }
}

#[test]
fn a_decision_is_on_record_at_once_and_stays_here() {
    let mut book = queue();
    assert_eq!(state(&book.release, 1), CellState::Proposed);
    let effects = book.ask(decide(&[1], Decision::Accepted, None)).unwrap();
    assert!(effects.is_empty(), "nothing leaves");
    assert_eq!(state(&book.release, 1), CellState::Approved);
    let record = &book.release.picks.decisions[&place(1)];
    assert_eq!((&*record.by, record.decision, record.at), ("ann", Decision::Accepted, book.now));
    for (to, wanted) in [
        (Decision::Deferred, CellState::Deferred),
        (Decision::Rejected, CellState::Rejected),
        (Decision::NotNeeded, CellState::NotNeeded),
        (Decision::Undecided, CellState::Proposed),
    ] {
        book.ask(decide(&[1], to, Some("so it is"))).unwrap();
        assert_eq!(state(&book.release, 1), wanted);
    }
    assert_eq!(book.refused(decide(&[1], Decision::Undecided, None)), "it is undecided already");
    assert_eq!(book.refused(decide(&[], Decision::Accepted, None)), "no pick is selected");
    assert_eq!(
        book.refused(decide(&[99], Decision::Accepted, None)),
        "it is no longer wanted on release-1.2.x"
    );
}

#[test]
fn one_key_about_several_is_one_deed_taken_back_and_done_again_whole() {
    let mut book = queue();
    book.ask(decide(&[4], Decision::Rejected, Some("too large"))).unwrap();
    let before = book.release.picks.clone();
    book.ask(decide(&[1, 2, 3], Decision::Accepted, None)).unwrap();
    let after = book.release.picks.clone();
    assert_eq!(&*book.release.last_deed().unwrap().what, "accepted 3 picks → release-1.2.x");
    book.ask(Ask::Undo).unwrap();
    for number in 1..=3 {
        assert_eq!(state(&book.release, number), CellState::Proposed);
    }
    assert_eq!(book.release.picks.decisions[&place(4)].why, Some(text("too large")));
    book.ask(Ask::Redo).unwrap();
    let decisions = |picks: &gonogo::release::picks::Picks| -> Vec<_> {
        picks.decisions.iter().map(|(place, it)| (place.clone(), it.decision, it.why.clone())).collect()
    };
    assert_eq!(decisions(&book.release.picks), decisions(&after));
    assert_eq!(book.refused(Ask::Redo), "nothing was taken back", "all three were one");
    book.ask(Ask::Undo).unwrap();
    book.ask(Ask::Undo).unwrap();
    assert_eq!(state(&book.release, 4), CellState::Proposed);
    assert_eq!(book.refused(Ask::Undo), "there is nothing to take back");
    drop(before);
    assert_eq!(folded(&book).picks.decisions, book.release.picks.decisions, "a replay comes to the same");
}

/// What the entries alone come to.
fn folded(book: &Book) -> Release {
    let mut release = Release::default();
    book.entries.iter().for_each(|entry| release.apply(entry));
    release
}

#[test]
fn an_undo_brings_the_reason_and_the_answers_back() {
    let mut book = asking();
    book.ask(accept(&[1])).unwrap();
    book.ask(decide(&[1], Decision::Rejected, Some("it broke the nightly"))).unwrap();
    book.ask(Ask::Undo).unwrap();
    let record = &book.release.picks.decisions[&place(1)];
    assert_eq!((record.decision, record.answers.len()), (Decision::Accepted, 2));
    assert_eq!(record.answers[1].answer, text("by hand"));
}

#[test]
fn the_process_says_which_decisions_need_a_reason_and_what_is_asked() {
    let mut book = asking();
    assert!(book.refused(decide(&[1], Decision::Rejected, None)).starts_with("a reason is needed"));
    assert!(book.refused(decide(&[1], Decision::NotNeeded, Some("  "))).starts_with("a reason is needed"));
    assert!(book.ask(decide(&[1], Decision::Deferred, None)).is_ok(), "nobody asks why it is deferred");
    assert_eq!(
        book.refused(decide(&[2], Decision::Accepted, None)),
        "the process asks: What bug does it fix?"
    );
    book.ask(accept(&[2])).unwrap();
    assert_eq!(book.release.picks.decisions[&place(2)].answers.len(), 2);
    let long = "x".repeat(5000);
    assert!(book.refused(decide(&[3], Decision::Rejected, Some(&long))).contains("4,096 bytes"));
}

#[test]
fn what_is_on_the_line_already_is_not_decided_again() {
    let mut book = queue();
    book.tell(LandingsSeen { rows: vec![landing(1)], gone: vec![] });
    assert_eq!(
        book.refused(decide(&[1], Decision::Accepted, None)),
        "it is on release-1.2.x already: -x trailer 0909090"
    );
    let weak = Landing { grade: Grade::Subject, ..landing(2) };
    book.tell(LandingsSeen { rows: vec![weak], gone: vec![] });
    book.ask(decide(&[2], Decision::Accepted, None)).expect("weak evidence is not called landed");
}

fn landing(number: u64) -> Landing {
    Landing {
        pick: place(number).0,
        line: branch(LINE),
        grade: Grade::Trailer,
        commit: oid(9),
        of: None,
        modified: None,
        reverted: None,
        trunk_reverted: None,
        at: None,
        by: None,
    }
}

#[test]
fn what_was_reverted_on_the_line_returns_only_when_somebody_says_so_afterwards() {
    let mut book = queue();
    book.ask(decide(&[1], Decision::Accepted, None)).unwrap();
    let reverted = Landing { reverted: Some(oid(8)), ..landing(1) };
    book.tell(LandingsSeen { rows: vec![reverted], gone: vec![] });
    assert_eq!(state(&book.release, 1), CellState::Reverted, "it was accepted before");
    book.ask(decide(&[1], Decision::Undecided, None)).unwrap();
    assert_eq!(state(&book.release, 1), CellState::Reverted);
    book.ask(decide(&[1], Decision::Accepted, None)).unwrap();
    assert_eq!(state(&book.release, 1), CellState::Approved);
    let (key, line) = place(1);
    let alarm = book.release.picks.alarm(&key, &line).expect("it rings");
    assert_eq!(alarm, "reverted on release-1.2.x by 0808080, and still in the queue");
}

#[test]
fn a_revert_on_the_trunk_rings_for_the_queue_and_for_what_lives_on() {
    let mut book = queue();
    let change = Change {
        pick: place(2).0,
        commits: vec![ChangeCommit { oid: oid(2), mainline: None }],
        merged: None,
        added: 1,
        removed: 1,
        files: 1,
        paths: vec![],
        owners: vec![],
        reverted: Some(oid(7)),
        problem: None,
    };
    book.tell(ChangesSeen { rows: vec![change], gone: vec![] });
    let (key, line) = place(2);
    let alarm = |book: &Book| book.release.picks.alarm(&key, &line);
    assert_eq!(alarm(&book).unwrap(), "reverted on the trunk by 0707070, and still in the queue");
    assert_eq!(book.release.picks.outlook(&key, &line).word(), "REVERTED");
    book.tell(LandingsSeen { rows: vec![landing(2)], gone: vec![] });
    assert_eq!(alarm(&book).unwrap(), "reverted on the trunk by 0707070, and alive on release-1.2.x");
    book.ask(decide(&[3], Decision::Rejected, Some("no"))).unwrap();
    assert_eq!(book.release.picks.alarm(&place(3).0, &line), None);
}

#[test]
fn nothing_is_published_that_the_process_does_not_name() {
    let mut book = queue();
    book.ask(decide(&[1], Decision::Accepted, None)).unwrap();
    assert_eq!(book.release.to_publish(), 0);
    assert_eq!(lines(&book), ["the process does not say what a decision becomes on the forge"]);
}

#[test]
fn decisions_wait_to_be_published_and_leave_as_one_plan() {
    let mut book = asking();
    book.ask(accept(&[1])).unwrap();
    book.ask(decide(&[2], Decision::Rejected, Some("it is {by} far @too large"))).unwrap();
    book.ask(decide(&[3], Decision::Deferred, None)).unwrap();
    assert_eq!(book.release.to_publish(), 2, "deferring says nothing");
    assert_eq!(
        lines(&book),
        [
            "label pier/crane#1 with approved-release-1.2.x",
            "take candidate off pier/crane#1",
            "comment on pier/crane#1: accepted for release-1.2.x by ann.␊What bug does it fix? a crash␊\
             How was it verified? by hand",
            "label pier/crane#2 with rejected",
            "comment on pier/crane#2: Not for 1.2: it is {by} far @too large",
        ]
    );
    publish(&mut book, &[Status::Ok]);
    assert_eq!(book.release.to_publish(), 0);
    assert_eq!(folded(&book).to_publish(), 0, "a replay knows it too");
    assert!(lines(&book)[0].starts_with("everything that was decided is published"));
}

#[test]
fn a_step_that_failed_waits_again_and_nothing_that_went_is_sent_twice() {
    let mut book = asking();
    book.ask(accept(&[1])).unwrap();
    publish(&mut book, &[Status::Ok, Status::Failed]);
    let plan = book.release.outbox.plans[0].plan.clone();
    // The comment waits in a plan that stands still: it is neither sent nor wanted a second time.
    assert_eq!(lines(&book), ["take candidate off pier/crane#1"]);
    book.tell(Cancelled { plan, why: text("called off") });
    assert_eq!(lines(&book).len(), 2, "what was called off is wanted again");
    publish(&mut book, &[Status::Ok]);
    assert_eq!(book.release.to_publish(), 0);
}

#[test]
fn what_may_have_been_sent_is_not_sent_again_until_somebody_knows() {
    let mut book = asking();
    book.ask(decide(&[1], Decision::Rejected, Some("no"))).unwrap();
    publish(&mut book, &[Status::Ok, Status::Unknown]);
    assert_eq!(book.release.to_publish(), 0, "the comment is in doubt");
    let op = book.release.outbox.in_doubt().next().unwrap().op.clone();
    book.ask(Ask::Attest { op, happened: false }).unwrap();
    assert_eq!(lines(&book), ["comment on pier/crane#1: Not for 1.2: no"]);
}

#[test]
fn a_later_decision_takes_the_place_of_one_that_was_not_published() {
    let mut book = asking();
    book.ask(accept(&[1])).unwrap();
    book.ask(decide(&[1], Decision::Rejected, Some("no"))).unwrap();
    let wanted = ["label pier/crane#1 with rejected", "comment on pier/crane#1: Not for 1.2: no"];
    assert_eq!(lines(&book), wanted);
    book.ask(decide(&[1], Decision::Undecided, None)).unwrap();
    assert_eq!(book.release.to_publish(), 0);
}

#[test]
fn a_decision_that_changes_after_it_was_published_takes_its_labels_back() {
    let mut book = asking();
    book.ask(accept(&[1])).unwrap();
    publish(&mut book, &[Status::Ok]);
    book.ask(decide(&[1], Decision::Undecided, None)).unwrap();
    let back = ["label pier/crane#1 with candidate", "take approved-release-1.2.x off pier/crane#1"];
    assert_eq!(lines(&book), back);
    book.ask(Ask::Undo).unwrap();
    assert_eq!(book.release.to_publish(), 0, "it stands as it was published");
    book.ask(Ask::Redo).unwrap();
    publish(&mut book, &[Status::Ok]);
    assert_eq!(book.release.to_publish(), 0, "it is as if nothing had been decided");
    let plan = book.release.draft(Proposal::TakeBack, &book.stamp()).expect("labels can be taken back");
    assert_eq!(plan.steps.len(), 2);
}

#[test]
fn labels_that_the_forge_shows_already_are_not_sent() {
    let mut book = asking();
    let facts = PullFacts { labels: vec![text("approved-release-1.2.x")], ..PullFacts::default() };
    seen(&mut book, vec![Pick { facts: Some(facts), ..pull(1) }]);
    book.ask(accept(&[1])).unwrap();
    let lines = lines(&book);
    assert_eq!(lines.len(), 1, "only the comment: {lines:?}");
}

#[test]
fn only_the_marked_are_published_when_some_are() {
    let mut book = asking();
    book.ask(accept(&[1, 2])).unwrap();
    let plan = book.release.draft(Proposal::Publish { only: vec![place(2)] }, &book.stamp()).unwrap();
    assert!(plan.steps.iter().all(|step| step.errand.target() == "pier/crane#2"), "{plan:?}");
    assert_eq!(plan.title, "Publish 1 decision");
    assert!(plan.steps.iter().all(|step| matches!(step.follows[..], [seq] if seq > 0)));
}

#[test]
fn five_hundred_decisions_leave_in_plans_that_the_journal_takes() {
    let mut book = asking();
    seen(&mut book, (1..=500).map(pull).collect());
    let numbers: Vec<u64> = (1..=500).collect();
    book.ask(accept(&numbers)).unwrap();
    assert_eq!(book.release.to_publish(), 500);
    let plan = book.release.draft(Proposal::Publish { only: vec![] }, &book.stamp()).unwrap();
    assert!(plan.title.contains("more follow with the next plan"), "{}", plan.title);
    assert!(serde_json::to_string(&plan.steps).unwrap().len() < 60 * 1024);
    book.ask(Ask::Undo).unwrap();
    assert_eq!(book.release.to_publish(), 0);
}

#[test]
fn without_a_token_nothing_is_published() {
    let mut book = asking();
    book.ask(accept(&[1])).unwrap();
    book.session("none");
    assert!(lines(&book)[0].contains("there is no token"));
    assert_eq!(book.release.to_publish(), 1, "it still waits");
}

fn add(what: &str) -> Ask {
    Ask::Pick(PickAsk::Add { what: text(what), line: branch(LINE) })
}

#[test]
fn picks_are_added_by_number_name_address_or_commit_and_taken_off_again() {
    let mut book = queue();
    let full = oid(2).to_string();
    for what in ["7", "#8", "pier/crane#9", "https://github.com/pier/crane/pull/10", &full] {
        book.ask(add(what)).unwrap_or_else(|why| panic!("{what}: {why}"));
    }
    let added: Vec<_> = book.release.picks.added.keys().map(|(key, _)| key.short()).collect();
    assert_eq!(added, ["#7", "#8", "#9", "#10", "0202020"]);
    let title = &book.release.picks.added[&place(7)];
    assert_eq!(*title, text("issue 7"), "what was read of it is its title");
    for (what, why) in [
        ("7", "it is on the queue of release-1.2.x already: to decide"),
        ("other/one#3", "picks are of this repository, and other/one is another"),
        ("0", "there is no pull request 0"),
        ("feedbee", "no commit that was read begins so: give its full id"),
        ("the fix", "it is neither a pull request nor a commit id"),
        ("a b/c#1", "a b/c"),
        ("", "it is neither a pull request nor a commit id"),
    ] {
        let said = book.refused(add(what));
        assert!(said.contains(why), "{what}: {said}");
    }
    let main = Ask::Pick(PickAsk::Add { what: text("11"), line: branch("main") });
    assert_eq!(book.refused(main), "main is no release line");
    let off = |number| Ask::Pick(PickAsk::TakeOff { picks: vec![place(number)] });
    assert_eq!(book.refused(off(1)), "nobody added it by hand");
    book.ask(off(7)).unwrap();
    assert!(book.release.picks.cell(&place(7).0, &branch(LINE)).is_none());
    book.ask(Ask::Undo).unwrap();
    assert_eq!(book.release.picks.added[&place(7)], text("issue 7"));
}

#[test]
fn a_short_commit_id_names_a_commit_that_was_read() {
    let mut book = queue();
    let mut known = line("main", LineKind::Trunk, oid(2));
    known.tip = oid(0xab);
    book.tell(gonogo::release::branches::LinesSeen { rows: vec![known], gone: vec![] });
    book.ask(add("ABABABA")).unwrap();
    assert!(book.release.picks.added.contains_key(&(PickKey::Commit(oid(0xab)), branch(LINE))));
}

#[test]
fn somebody_vouches_with_a_reason_and_may_take_it_back() {
    let mut book = queue();
    let attest = |on, why: &str| Ask::Pick(PickAsk::Attest { picks: vec![place(1)], on, why: text(why) });
    assert_eq!(book.refused(attest(true, " ")), "a reason is needed");
    assert_eq!(book.refused(attest(false, "x")), "nobody vouches for it");
    book.ask(attest(true, "it is in 1.2.1 as another commit")).unwrap();
    assert_eq!(state(&book.release, 1), CellState::Landed);
    let said = book.refused(decide(&[1], Decision::Rejected, Some("no")));
    assert_eq!(said, "it is on release-1.2.x already: ann vouches for it");
    book.ask(attest(false, "")).unwrap();
    assert_eq!(state(&book.release, 1), CellState::Proposed);
    book.ask(Ask::Undo).unwrap();
    let (_, why) = &book.release.picks.attested[&place(1)];
    assert_eq!(*why, text("it is in 1.2.1 as another commit"));
}

#[test]
fn the_queue_is_ordered_by_hand_and_taken_back() {
    let mut book = queue();
    let shift = |number, later| Ask::Pick(PickAsk::Shift { pick: place(number), later });
    let order = |book: &Book| -> Vec<u64> {
        let queue = book.release.picks.queue(&branch(LINE));
        queue.iter().filter_map(PickKey::number).collect()
    };
    assert_eq!(order(&book), [1, 2, 3, 4]);
    assert_eq!(book.refused(shift(1, false)), "it is the first already");
    assert_eq!(book.refused(shift(4, true)), "it is the last already");
    book.ask(shift(2, false)).unwrap();
    assert_eq!(order(&book), [2, 1, 3, 4]);
    assert_eq!(book.release.picks.order[&branch(LINE)].len(), 2, "what nobody moved is not named");
    book.ask(shift(1, true)).unwrap();
    assert_eq!(order(&book), [2, 3, 1, 4]);
    book.ask(Ask::Undo).unwrap();
    book.ask(Ask::Undo).unwrap();
    assert_eq!(order(&book), [1, 2, 3, 4]);
    book.ask(decide(&[3], Decision::Rejected, Some("no"))).unwrap();
    assert!(book.refused(shift(3, true)).starts_with("it is not in the queue"));
    let by = OrderedBy::Fix;
    let keys = |numbers: &[u64]| numbers.iter().map(|it| place(*it).0).collect();
    let fix = |numbers: &[u64]| Ask::Pick(PickAsk::Order { line: branch(LINE), order: keys(numbers), by });
    book.ask(fix(&[4, 2, 1])).unwrap();
    assert_eq!(order(&book), [4, 2, 1]);
    assert_eq!(book.refused(fix(&[4, 2, 1])), "it has this order already");
}

#[test]
fn hostile_words_reach_the_forge_as_they_were_typed_and_nothing_is_filled_in_twice() {
    let mut book = asking();
    let why = "{why}{by}{unknown} {";
    book.ask(decide(&[1], Decision::Rejected, Some(why))).unwrap();
    let plan = book.release.draft(Proposal::Publish { only: vec![] }, &book.stamp()).unwrap();
    let said = plan.steps.iter().find_map(|step| match &step.errand {
        Errand::CommentIssue(it) => Some(it.text.clone()),
        _ => None,
    });
    assert_eq!(said, Some(Untrusted::from("Not for 1.2: {why}{by}{unknown} {")));
}

/// What is predicted of the queue: the third conflicts, and needs what the remedy says.
fn foresee(book: &mut Book, remedy: Remedy) {
    let conflict = Foreseen::Conflict { files: vec![], more: 0 };
    let row = |verdict, remedy| Predicted { pick: place(3).0, verdict, tree: None, remedy };
    let (line, tier, tip) = (branch(LINE), text("git"), oid(3));
    let rows = vec![row(conflict, Some(remedy))];
    book.tell(PredictionsSeen { line, tip, tier, rows, gone: vec![], whole: true });
}

fn need(pick: PickKey, seed: u8) -> Needed {
    Needed { pick, commit: oid(seed), subject: text("what it needs") }
}

#[test]
fn what_a_pick_needs_is_put_right_before_it_and_one_undo_takes_all_of_it_back() {
    let mut book = queue();
    let other = PickKey::Commit(oid(99));
    let picks = vec![need(other.clone(), 99), need(place(4).0, 4)];
    foresee(&mut book, Remedy::First { picks, minimal: true });
    let before = book.release.picks.queue(&branch(LINE));
    book.ask(Ask::Pick(PickAsk::PutNeedsFirst { pick: place(3) })).unwrap();
    let after = book.release.picks.queue(&branch(LINE));
    assert_eq!(after, [place(1).0, place(2).0, other.clone(), place(4).0, place(3).0]);
    assert_eq!(book.release.picks.needed_by(&other, &branch(LINE)), [&place(3).0]);
    let again = book.ask(Ask::Pick(PickAsk::PutNeedsFirst { pick: place(3) })).unwrap_err();
    assert!(again.why.contains("stands before it already"), "{}", again.why);
    book.ask(Ask::Undo).unwrap();
    assert_eq!(book.release.picks.queue(&branch(LINE)), before);
    assert!(book.release.picks.cell(&other, &branch(LINE)).is_none());
    book.ask(Ask::Redo).unwrap();
    assert_eq!(book.release.picks.queue(&branch(LINE)), after);
}

#[test]
fn what_cannot_be_put_first_is_refused_with_why() {
    let put = || Ask::Pick(PickAsk::PutNeedsFirst { pick: place(3) });
    let mut book = queue();
    assert!(book.ask(put()).unwrap_err().why.contains("was not looked for"));
    foresee(&mut book, Remedy::Owned { commit: oid(8), subject: text("ours"), path: text("f"), tried: 1 });
    assert!(book.ask(put()).unwrap_err().why.contains("is in its way"));
    foresee(&mut book, Remedy::Nothing { tried: 0, given_up: false });
    assert!(book.ask(put()).unwrap_err().why.contains("nothing was found"));
    foresee(&mut book, Remedy::Nothing { tried: 0, given_up: true });
    assert!(book.ask(put()).unwrap_err().why.contains("is not known"), "a search that was cut says no less");
    foresee(&mut book, Remedy::First { picks: vec![need(place(2).0, 2)], minimal: true });
    book.ask(decide(&[2], Decision::Rejected, Some("no"))).unwrap();
    assert!(book.ask(put()).unwrap_err().why.contains("it needs #2, which is rejected"));
}

#[test]
fn an_order_that_was_found_is_taken_only_of_the_queue_that_it_was_found_for() {
    let mut book = queue();
    let order = |numbers: &[u64]| {
        let order = numbers.iter().map(|number| place(*number).0).collect();
        Ask::Pick(PickAsk::Order { line: branch(LINE), order, by: OrderedBy::Fix })
    };
    assert!(book.ask(order(&[2, 1, 3])).unwrap_err().why.contains("has changed"));
    book.ask(order(&[2, 1, 4, 3])).unwrap();
    let numbers = |book: &Book| -> Vec<u64> {
        book.release.picks.queue(&branch(LINE)).iter().filter_map(PickKey::number).collect()
    };
    assert_eq!(numbers(&book), [2, 1, 4, 3]);
    book.ask(Ask::Undo).unwrap();
    assert_eq!(numbers(&book), [1, 2, 3, 4]);
}

#[test]
fn a_remedy_stays_known_while_it_is_looked_for_again() {
    let mut book = queue();
    foresee(&mut book, Remedy::Nothing { tried: 2, given_up: false });
    let part = |tip, remedy| Foresight {
        line: branch(LINE),
        tip,
        tier: text("git"),
        rows: vec![Predicted {
            pick: place(3).0,
            verdict: Foreseen::Conflict { files: vec![], more: 0 },
            tree: None,
            remedy,
        }],
        done: 1,
        whole: None,
    };
    assert!(book.release.foresee(part(oid(3), None)).is_empty());
    assert_eq!(book.release.foresee(part(oid(4), None)).len(), 1, "the branch has moved");
    assert_eq!(
        book.release.foresee(part(oid(3), Some(Remedy::Nothing { tried: 3, given_up: false }))).len(),
        1
    );
}
