//! The task list of the tracking issue: which lines are whose, what is written, what counts, what waits.

use super::ground::{Book, PROFILE, at, running, text};
use gonogo::release::ask::Proposal;
use gonogo::release::checklist::{Attached, ItemState};
use gonogo::release::errand::{Errand, Outcome, Status};
use gonogo::release::ids::{IssueKey, Login, Repo};
use gonogo::release::observe::Sighting;
use gonogo::release::roles::RoleAssigned;
use gonogo::release::session::ProcessChanged;
use gonogo::release::tasks::history::{Between, between};
use gonogo::release::tasks::lines::{Found, find, set};
use gonogo::release::tasks::{TaskEdit, TaskTick, TasksRead};
use gonogo::release::{Ask, Fact, fact};

const ITEMS: [(&str, &str); 3] =
    [("say", "Tell the team"), ("cake", "Bake a cake"), ("lamp", "Light the lamp")];

fn tick(item: &str, on: bool) -> TaskTick {
    let text_of = ITEMS.iter().find(|(id, _)| *id == item).unwrap().1;
    TaskTick { item: item.into(), text: text(text_of), on }
}

/// Where each item stands: `x`, `-`, `twice`, `gone`.
fn stands(body: &str) -> String {
    let word = |found: &Found| match found {
        Found::Once { on: true, reworded: None, .. } => "x",
        Found::Once { on: false, reworded: None, .. } => "-",
        Found::Once { on: true, .. } => "x (reworded)",
        Found::Once { .. } => "- (reworded)",
        Found::Twice => "twice",
        Found::Gone => "gone",
    };
    let found = find(body, &ITEMS);
    ITEMS.iter().map(|(id, _)| word(&found[id])).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_line_is_known_by_its_comment_or_else_by_its_text() {
    for (body, wanted) in [
        ("- [x] Tell the team <!-- gonogo:say -->\n- [ ] Bake a cake\n* [X] Light the lamp", "x - x"),
        // Reworded, struck out, nested, numbered, quoted by CRLF.
        (
            "- [x] Tell everybody <!-- gonogo:say -->\r\n  1. [ ] Bake a cake\r\n     + [x] Light  the lamp\r\n",
            "x (reworded) - x",
        ),
        ("- [x] ~~Tell the team~~ <!--gonogo:say--> (bo did)\n", "x (reworded) gone gone"),
        // The comment says whose it is, not the text.
        ("- [x] Bake a cake <!-- gonogo:say -->\n- [ ] Tell the team", "x (reworded) gone gone"),
        ("- [x] Tell the team <!-- mind --> <!-- gonogo:op=01K -->", "x gone gone"),
        // Two of them: nobody knows which is meant.
        (
            "- [x] Tell the team\n- [ ] Tell the team\n- [ ] a <!-- gonogo:cake -->\n- [ ] b <!-- gonogo:cake -->",
            "twice twice gone",
        ),
        ("- [x] Tell the team <!-- gonogo:say -->\n- [ ] Tell the team", "x gone gone"),
        // What looks like a list and is none.
        (
            "```\n- [x] Tell the team\n```\n~~~~ md\n- [x] Bake a cake\n~~~\n- [ ] Bake a cake\n~~~~\n",
            "gone gone gone",
        ),
        (
            "<!--\n- [x] Tell the team\n-->\n<pre>\n- [x] Bake a cake\n</pre>\n- [ ] Light the lamp",
            "gone gone -",
        ),
        (
            "> - [x] Tell the team\n\n    - [x] Bake a cake\n\n-[x] Light the lamp\n- [x]Light the lamp",
            "gone gone gone",
        ),
        (
            "text\n\n\t- [x] Tell the team\n- a\n\n    - [x] Bake a cake\n\ntext\n\n    - [x] Light the lamp",
            "gone x gone",
        ),
        ("- [x] Tell the team <!-- open\n- [x] Bake a cake\n-->\n- [ ] Light the lamp", "x gone -"),
        ("| - [x] Tell the team |\n`- [x] Bake a cake`\n", "gone gone gone"),
        ("", "gone gone gone"),
    ] {
        assert_eq!(stands(body), wanted, "{body}");
    }
}

#[test]
fn only_the_letters_in_the_brackets_change() {
    let body = "# Plan – 计划\r\n\r\n- [ ] Tell the team <!-- gonogo:say -->  \r\n\t* [X] Bake a cake\u{2060}\n\
                -  [ ]\tLight the lamp\n- [ ] mine, @bo #7\n```\n- [ ] Tell the team\n```\n\0\u{202e}end without a line feed";
    let edited = set(body, &[tick("say", true), tick("cake", false), tick("lamp", true)]);
    assert_eq!((edited.changed, edited.left.len()), (3, 0));
    let differs: Vec<_> = body.bytes().zip(edited.body.bytes()).filter(|(a, b)| a != b).collect();
    assert_eq!(differs, [(b' ', b'x'), (b'X', b' '), (b' ', b'x')]);
    assert_eq!(body.len(), edited.body.len());
    // The other way round, and a second time: nothing more.
    let again = set(&edited.body, &[tick("say", true), tick("cake", false), tick("lamp", true)]);
    assert_eq!((again.changed, &again.body), (0, &edited.body));
    let none = set("- [ ] Tell the team\n- [ ] Tell the team\n", &[tick("say", true), tick("cake", true)]);
    assert_eq!((none.changed, none.left), (0, vec!["say".into(), "cake".into()]));
}

fn issue() -> IssueKey {
    IssueKey { repo: Repo::parse("pier/crane").unwrap(), number: 61 }
}

/// A release with a tracking issue whose address is attached, and items of each kind.
fn tracked() -> Book {
    let items = "{ id = \"say\", text = \"Tell the team\" },\n  { id = \"track\", text = \"Track it\", check = \"tracking-issue-exists\" },\n  \
                 { id = \"sign\", text = \"Sign it off\", role = \"qa\", binding = true },\n  \
                 { id = \"proof\", text = \"Prove it\", evidence = \"link\" },";
    let profile = PROFILE.replace("{ id = \"say\", text = \"Tell the team\" },", items);
    let mut book = Book::read();
    let (from, to) = ("sha256:0".into(), "sha256:1".into());
    book.tell(ProcessChanged { from, to, profile: Some(profile.into()), why: text("it tracks") });
    assert_eq!(book.release.process_error, None);
    book.tell(Attached { item: "track".into(), text: text("https://github.com/pier/crane/issues/61") });
    assert_eq!(book.release.tracking_issue(), Some(issue()));
    book
}

/// A body with a line each, those ticked that are named.
fn body(ticked: &[&str]) -> String {
    let lines = [
        ("empty", "Empty the milestone"),
        ("branch", "Make the branch"),
        ("track", "Track it"),
        ("say", "Tell the team"),
        ("sign", "Sign it off"),
        ("proof", "Prove it"),
        ("cake", "Bake a cake"),
    ];
    let line = |(id, text): &(&str, &str)| {
        format!("- [{}] {text} <!-- gonogo:{id} -->\n", if ticked.contains(id) { "x" } else { " " })
    };
    lines.iter().map(line).collect()
}

fn look(book: &mut Book, text_now: &str, edits: Vec<TaskEdit>) {
    let read = TasksRead { issue: issue(), body: Some(text(text_now)), edits, whole: true };
    for note in book.release.observe(Sighting::Tasks(Box::new(read))) {
        book.note(&note);
    }
}

fn edit(by: &str, minutes: i64, text_then: &str) -> TaskEdit {
    TaskEdit { by: Some(text(by)), at: at(minutes), body: Some(text(text_then)) }
}

fn own(book: &Book) -> Vec<(String, bool)> {
    let all = book.release.ticks_to_publish(book.now);
    all.into_iter().map(|it| (it.item.into(), it.on)).collect()
}

fn state(book: &Book, item: &str) -> ItemState {
    let process = book.release.process.clone().unwrap();
    book.release.item_state(process.item(item).unwrap(), book.now)
}

fn ask(book: &mut Book, item: &str, to: ItemState) {
    book.ask(Ask::Tick { item: item.into(), to, why: None }).unwrap();
}

/// Own checks that hold by themselves.
const CHECKED: &[&str] = &["empty", "branch", "track"];

#[test]
fn ticks_made_here_wait_and_leave_as_one_write() {
    let mut book = tracked();
    ask(&mut book, "say", ItemState::Done);
    assert_eq!(own(&book), [], "nothing is known of the task list yet");
    let refused = book.release.draft(Proposal::Ticks, &book.stamp()).unwrap_err();
    assert!(refused.why.contains("was not read yet"), "{refused:?}");
    look(&mut book, &body(CHECKED), vec![]);
    assert_eq!(own(&book), [("say".to_owned(), true)]);
    ask(&mut book, "cake", ItemState::Done);
    let plan = book.release.draft(Proposal::Ticks, &book.stamp()).unwrap();
    assert_eq!(plan.title, "Tick 2 items on pier/crane#61");
    let (op, errand) = running(&book.ask(Ask::Go(plan)).unwrap());
    let Errand::TickTasks(it) = &errand else { panic!("{errand:?}") };
    assert_eq!(it.preview(), ["[x] Tell the team", "[x] Bake a cake"]);
    assert_eq!(own(&book), [], "it is on its way");
    let mut outcome = Outcome::new(Status::Ok);
    outcome.after.insert("left".into(), text("cake"));
    book.settle(&op, outcome);
    assert_eq!(own(&book), [("cake".to_owned(), true)], "its line was not to be found");
    let there = body(&[CHECKED, &["say"]].concat()).replace("- [ ] Bake a cake <!-- gonogo:cake -->\n", "");
    look(&mut book, &there, vec![]);
    assert_eq!(own(&book), []);
    assert_eq!(book.release.task_notes(), ["1 item without a line there"]);
    // Taken back here, it is to be taken back there.
    ask(&mut book, "say", ItemState::Open);
    assert_eq!(own(&book), [("say".to_owned(), false)]);
    book.ask(Ask::Undo).unwrap();
    assert_eq!(own(&book), [], "undone: both say that it is done");
}

#[test]
fn a_tick_on_github_counts_with_its_author_where_one_made_here_would() {
    let mut book = tracked();
    let first = body(CHECKED);
    look(&mut book, &first, vec![]);
    let (one, two) =
        (body(&[CHECKED, &["say"]].concat()), body(&[CHECKED, &["say", "sign", "proof"]].concat()));
    let edits = vec![edit("ann", 0, &first), edit("bo", 1, &one), edit("cy", 2, &two)];
    look(&mut book, &two, edits.clone());
    let by = |book: &Book, item: &str| book.release.tasks.rows[item].by.as_ref().unwrap().line();
    assert_eq!([by(&book, "say"), by(&book, "sign"), by(&book, "proof")], ["bo", "cy", "cy"]);
    assert_eq!(book.release.tasks.rows["say"].at, Some(at(1)));
    assert_eq!(book.gate("item"), "GO done");
    assert_eq!(own(&book), [], "it is there already");
    // A role's and one that wants a link are shown, and settled by nobody yet.
    let why = |book: &Book, item: &str| {
        let process = book.release.process.clone().unwrap();
        book.release.why_not_there(process.item(item).unwrap(), book.now)
    };
    assert!(why(&book, "sign").unwrap().contains("may settle it"), "{:?}", why(&book, "sign"));
    assert!(why(&book, "proof").unwrap().contains("a link"));
    assert_eq!([state(&book, "sign"), state(&book, "proof")], [ItemState::Open; 2]);
    book.tell(Attached { item: "proof".into(), text: text("https://proof.example") });
    book.tell(RoleAssigned { role: "qa".into(), login: Login::parse("cy").unwrap(), on: true, since: None });
    assert_eq!([state(&book, "sign"), state(&book, "proof")], [ItemState::Done; 2]);
    // Looked at again it says nothing new, and what was seen is on record with who it was.
    let read = TasksRead { issue: issue(), body: Some(text(&two)), edits, whole: true };
    let notes = book.release.observe(Sighting::Tasks(Box::new(read)));
    assert!(notes.iter().all(|note| !matches!(note.fact, Fact::Checklist(fact::Checklist::Tasks(_)))));
    let row = book.release.log.last_about("say");
    assert!(row.is_none() || !row.unwrap().what.is_empty());
    // Unticked here on purpose: that is later, and waits to be published.
    ask(&mut book, "say", ItemState::Open);
    assert_eq!(own(&book), [("say".to_owned(), false)]);
    assert_eq!(state(&book, "say"), ItemState::Open);
}

#[test]
fn an_untick_on_github_takes_no_tick_away_and_is_said() {
    let mut book = tracked();
    look(&mut book, &body(&[CHECKED, &["say"]].concat()), vec![]);
    ask(&mut book, "cake", ItemState::Done);
    look(&mut book, &body(&[CHECKED, &["say", "cake"]].concat()), vec![]);
    assert_eq!(own(&book), [], "somebody ticked it there as well");
    look(&mut book, &body(CHECKED), vec![edit("bo", 3, &body(CHECKED))]);
    assert_eq!(state(&book, "say"), ItemState::Open, "it was ticked there alone");
    assert_eq!(state(&book, "cake"), ItemState::Done, "here it is ticked still");
    assert!(book.release.unticked_there("cake").is_some() && book.release.unticked_there("say").is_none());
    assert_eq!(own(&book), [], "a person's untick is not overwritten by itself");
    ask(&mut book, "cake", ItemState::Open);
    assert!(book.release.unticked_there("cake").is_none() && own(&book).is_empty(), "agreed");
    ask(&mut book, "cake", ItemState::Done);
    assert_eq!(own(&book), [("cake".to_owned(), true)], "said again here");
}

#[test]
fn a_rewritten_issue_loses_no_tick_and_says_what_it_lacks() {
    let mut book = tracked();
    look(&mut book, &body(&[CHECKED, &["say"]].concat()), vec![]);
    look(&mut book, "All is new.\n", vec![]);
    assert_eq!(book.gate("item"), "GO done", "the tick was seen");
    assert_eq!(book.release.task_notes(), ["pier/crane#61 has no task list of these items"]);
    ask(&mut book, "cake", ItemState::Done);
    let refused = book.release.draft(Proposal::Ticks, &book.stamp()).unwrap_err();
    assert!(refused.why.contains("has no task list"), "{refused:?}");
    // Reordered, by hand, without the comments, with CRLF: it goes on.
    look(
        &mut book,
        "* [ ] Bake a cake\r\n* [X] Tell the team\r\n  - [ ] Empty all <!-- gonogo:empty -->\r\n",
        vec![],
    );
    assert_eq!(own(&book), [("cake".to_owned(), true)], "what was unticked by hand stays so");
    let notes = book.release.task_notes();
    assert!(notes.iter().any(|it| it == "1 item reworded there"), "{notes:?}");
    let gone = TasksRead { issue: issue(), body: None, edits: vec![], whole: false };
    for note in book.release.observe(Sighting::Tasks(Box::new(gone))) {
        book.note(&note);
    }
    assert_eq!(own(&book), []);
    assert!(book.release.task_notes()[0].contains("not there any more"));
}

#[test]
fn who_ticked_is_told_by_the_edits_or_not_at_all() {
    let (none, said) = (body(CHECKED), body(&[CHECKED, &["say"]].concat()));
    let other = TaskEdit { body: None, ..edit("bo", 2, "") };
    let cases: [(Vec<TaskEdit>, Option<&str>); 5] = [
        (vec![], None),
        (vec![edit("ann", 0, &none), edit("bo", 1, &said.replace('\n', "\r\n"))], Some("bo")),
        // No texts: it was bo if it was only bo since the last look.
        (vec![other.clone()], Some("bo")),
        (vec![other.clone(), TaskEdit { by: Some(text("cy")), ..other.clone() }], None),
        // The list has not caught up with the text.
        (vec![edit("ann", -9999, &none)], None),
    ];
    for (edits, wanted) in cases {
        let mut book = tracked();
        look(&mut book, &none, vec![edit("ann", -9999, &none)]);
        look(&mut book, &said, edits.clone());
        let by = book.release.tasks.rows["say"].by.as_ref().map(|by| by.line());
        assert_eq!(by.as_deref(), wanted, "{edits:?}");
        assert_eq!(book.gate("item"), "GO done");
    }
}

#[test]
fn a_status_says_how_the_release_stands_and_calls_nobody() {
    let mut book = tracked();
    let plan = book.release.draft(Proposal::Status, &book.stamp()).unwrap();
    let Errand::CommentIssue(it) = &plan.steps[0].errand else { panic!("a comment") };
    assert_eq!(it.target, issue());
    for gate in book.release.poll(book.now) {
        let line = it
            .text
            .raw()
            .lines()
            .find(|line| line.starts_with(&format!("| {}", gate.title.replace('_', "\\_"))));
        assert!(
            line.is_some_and(|line| line.contains(gate.verdict.word())),
            "{} {}",
            gate.title,
            it.text.raw()
        );
    }
    assert!(plan.rows().len() > 10, "it is read before");
    book.tell(gonogo::release::gates::Overridden {
        gate: "tracker".into(),
        on: true,
        reading: text("HOLD"),
        why: text("@bo <b> |"),
    });
    assert!(!book.release.status_text(book.now).contains("@bo"));
}

#[test]
fn what_was_written_over_is_told_by_whole_texts_alone() {
    let at_once = [edit("bo", 1, "a"), edit("cy", 2, "b\n"), edit("ana", 3, "A")];
    assert_eq!(between(&at_once, "a", "A"), Between::Somebody(&at_once[1]));
    assert_eq!(between(&at_once, "b", "A"), Between::Nobody, "whatever ends the lines");
    // What came after ours is no matter.
    let later = [edit("bo", 1, "a"), edit("ana", 2, "A"), edit("cy", 3, "c")];
    assert_eq!(between(&later, "a", "A"), Between::Nobody);
    // An edit that is told as one with ours: what stands before it is old, and no text of the same moment.
    let as_one = [edit("bo", 1, "old"), edit("ana", 3, "A")];
    assert_eq!(between(&as_one, "a", "A"), Between::Untold);
    let patches = [edit("bo", 1, "@@ -1 +1 @@\n-o\n+a"), edit("ana", 3, "@@ -1 +1 @@\n-a\n+A")];
    assert_eq!(between(&patches, "a", "A"), Between::Untold);
    let deleted = TaskEdit { body: None, ..edit("cy", 2, "") };
    let hidden = [edit("bo", 1, "a"), deleted, edit("ana", 3, "A")];
    assert_eq!(between(&hidden, "a", "A"), Between::Untold);
    assert_eq!(between(&[], "a", "A"), Between::Untold);
}
