//! Plans drafted from what a person wants, and every refusal. Nothing is sent by a draft.

use super::ground::{Book, branch, check, closed, issue, key, labelled, milestone, oid, op, repo, text};
use gonogo::release::ask::Proposal;
use gonogo::release::branches::LineKind;
use gonogo::release::checks::{Check, CheckState, ChecksSeen, RunRef};
use gonogo::release::errand::UndoClass;
use gonogo::release::milestone::{Issue, MilestonesSeen};
use gonogo::release::plan::{Danger, Plan};
use gonogo::release::{Ask, Errand, Fact};

fn draft(book: &Book, proposal: Proposal) -> Result<Plan, String> {
    book.release.draft(proposal, &book.stamp()).map_err(|refusal| refusal.why)
}

fn lines(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|step| step.errand.line()).collect()
}

fn moving(issues: &[u64], to: &str, why: &str) -> Proposal {
    Proposal::Move { issues: issues.iter().map(|it| key(*it)).collect(), to: text(to), why: text(why) }
}

#[test]
fn a_move_carries_its_rationale_as_a_comment() {
    let mut book = Book::read();
    book.issues(vec![issue(8), issue(9)]);
    let plan = draft(&book, moving(&[8, 9], "1.3.0", " too late ")).unwrap();
    assert_eq!(plan.title, "Move 2 issues to 1.3.0");
    assert_eq!(
        lines(&plan),
        [
            "move pier/crane#8 from 1.2.0 to 1.3.0",
            "comment on pier/crane#8: Moved from 1.2.0 to 1.3.0: too late",
            "move pier/crane#9 from 1.2.0 to 1.3.0",
            "comment on pier/crane#9: Moved from 1.2.0 to 1.3.0: too late",
        ]
    );
    assert_eq!(plan.danger, Danger::Reversible);
    assert_eq!(plan.undo_class(), UndoClass::Cannot, "a comment stays");
    let Errand::MoveIssue(it) = &plan.steps[0].errand else { panic!("a move comes first") };
    assert_eq!(it.to_number, Some(2));
    let ops: std::collections::BTreeSet<_> = plan.steps.iter().map(|step| step.op.clone()).collect();
    assert_eq!(ops.len(), 4, "each step has an operation of its own");
    assert!(!ops.contains(&plan.id));
}

#[test]
fn a_move_is_refused_without_a_rationale_and_the_refusal_is_a_fact() {
    let mut book = Book::read();
    book.issues(vec![issue(8)]);
    let refusal = book.release.draft(moving(&[8], "1.3.0", "  "), &book.stamp()).unwrap_err();
    assert_eq!(refusal.why, "a rationale is needed: the process asks why an issue moves");
    let Fact::Session(_) = refusal.fact() else { panic!("a refusal is a fact of the session") };
    assert_eq!(refusal.fact().kind(), "refused");
}

#[test]
fn a_move_is_refused_where_it_makes_no_sense() {
    let mut book = Book::read();
    book.issues(vec![issue(8)]);
    let why = |proposal| draft(&book, proposal).unwrap_err();
    assert_eq!(why(moving(&[8], "1.2.0", "x")), "it is in 1.2.0 already");
    assert_eq!(why(moving(&[8], "7.7.7", "x")), "pier/crane has no milestone 7.7.7");
    assert_eq!(why(moving(&[], "1.3.0", "x")), "no issue is selected");
    assert_eq!(why(moving(&[404], "1.3.0", "x")), "it is no longer in the milestone");
    let out = draft(&book, moving(&[8], "", "not ours")).unwrap();
    assert_eq!(lines(&out)[0], "move pier/crane#8 from 1.2.0 to no milestone");
}

#[test]
fn closing_and_reopening_leave_out_what_is_so_already() {
    let mut book = Book::read();
    book.issues(vec![issue(8), closed(9)]);
    let issues = || vec![key(8), key(9)];
    let close = |not_planned| Proposal::Close { issues: issues(), not_planned };
    assert_eq!(lines(&draft(&book, close(false)).unwrap()), ["close pier/crane#8"]);
    assert_eq!(lines(&draft(&book, close(true)).unwrap()), ["close pier/crane#8 as not planned"]);
    assert_eq!(lines(&draft(&book, Proposal::Reopen { issues: issues() }).unwrap()), ["reopen pier/crane#9"]);
    let closed_only = Proposal::Close { issues: vec![key(9)], not_planned: false };
    assert_eq!(draft(&book, closed_only).unwrap_err(), "it is closed already");
    assert_eq!(draft(&book, Proposal::Reopen { issues: vec![key(8)] }).unwrap_err(), "it is open already");
}

#[test]
fn labels_and_people_are_added_and_taken_off() {
    let mut book = Book::read();
    book.issues(vec![Issue { assignees: vec![text("bob")], ..labelled(8, &["bug", "stale"]) }]);
    let label = |words: &[&str]| Proposal::Label {
        issues: vec![key(8)],
        labels: words.iter().map(|it| text(it)).collect(),
    };
    assert_eq!(
        lines(&draft(&book, label(&["bug", " docs", "-stale", "-never"])).unwrap()),
        ["label pier/crane#8 with docs", "take stale off pier/crane#8"]
    );
    assert_eq!(draft(&book, label(&["bug", "-never"])).unwrap_err(), "the labels are as asked already");
    assert_eq!(draft(&book, label(&[" "])).unwrap_err(), "no label was given");
    let assign = |words: &[&str]| Proposal::Assign {
        issues: vec![key(8)],
        logins: words.iter().map(|it| text(it)).collect(),
    };
    assert_eq!(
        lines(&draft(&book, assign(&["ann", "-bob"])).unwrap()),
        ["assign pier/crane#8 to ann", "unassign bob from pier/crane#8"]
    );
    assert_eq!(draft(&book, assign(&["bob"])).unwrap_err(), "they are assigned as asked already");
    assert!(draft(&book, assign(&["a b"])).unwrap_err().contains("is not a login"));
}

#[test]
fn an_empty_comment_is_refused() {
    let mut book = Book::read();
    book.issues(vec![issue(8)]);
    let say = |said: &str| Proposal::Comment { issues: vec![key(8)], text: text(said) };
    assert_eq!(draft(&book, say(" \n")).unwrap_err(), "the comment is empty");
    assert_eq!(lines(&draft(&book, say("hello")).unwrap()), ["comment on pier/crane#8: hello"]);
}

#[test]
fn failed_jobs_run_again_once_a_run() {
    let mut book = Book::read();
    let job = |name: &str, state, run| Check {
        run: Some(RunRef { run, job: Some(run * 10), attempt: 2 }),
        workflow: Some(text("integration")),
        ..check(name, state)
    };
    let rows = vec![
        job("vllm", CheckState::Failed, 5),
        job("ollama", CheckState::TimedOut, 5),
        job("lint", CheckState::Passed, 6),
        check("dco", CheckState::Failed),
        job("e2e", CheckState::Failed, 7),
        job("e2e (arm)", CheckState::Running, 7),
    ];
    let seen = ChecksSeen { branch: branch("main"), sha: oid(2), rows, gone: vec![], history: vec![] };
    book.tell(seen);
    let rerun = |on: &str, names: &[&str]| Proposal::Rerun {
        branch: branch(on),
        checks: names.iter().map(|it| text(it)).collect(),
    };
    let plan = draft(&book, rerun("main", &["vllm", "ollama"])).unwrap();
    assert_eq!(lines(&plan), ["re-run failed jobs of integration (run 5)"]);
    let why = |proposal| draft(&book, proposal).unwrap_err();
    assert_eq!(why(rerun("main", &["lint"])), "lint did not fail");
    assert_eq!(why(rerun("main", &["dco"])), "dco is not a job of a GitHub workflow");
    assert_eq!(why(rerun("main", &["e2e"])), "e2e (arm) of the same run is still running");
    assert_eq!(why(rerun("main", &["ghost"])), "no failed check is selected");
    assert_eq!(why(rerun("other", &["vllm"])), "its checks were not read yet");
}

#[test]
fn a_branch_is_made_by_typing_its_name() {
    let book = Book::read();
    let make = |name: &str, from: &str| {
        draft(&book, Proposal::CreateBranch { name: text(name), from: branch(from) })
    };
    let plan = make("release-1.3.x", "main").unwrap();
    assert_eq!(plan.danger, Danger::Typed("release-1.3.x".into()));
    assert!(plan.trust, "the first push asks for trust in the repository's own hooks");
    assert_eq!(plan.undo_class(), UndoClass::Cannot);
    assert_eq!(lines(&plan), ["create release-1.3.x at 0202020 (tip of main)"]);
    assert_eq!(make("release-1.2.x", "main").unwrap_err(), "it exists already");
    assert_eq!(make("release-1.3.x", "gone").unwrap_err(), "gone was not read yet");
    for bad in ["-x", "a..b", "a b", "x.lock", "HEAD", ""] {
        assert!(make(bad, "main").unwrap_err().contains("is not a branch name"), "{bad:?}");
    }
}

#[test]
fn trust_is_recorded_once_with_the_plan_that_asks_for_it() {
    let mut book = Book::read();
    let make = |book: &Book, name: &str| {
        draft(book, Proposal::CreateBranch { name: text(name), from: branch("main") }).unwrap()
    };
    let plan = make(&book, "release-1.3.x");
    book.ask(Ask::Go(plan)).unwrap();
    assert!(book.release.trusted);
    assert!(!make(&book, "release-1.4.x").trust);
}

#[test]
fn nothing_is_drafted_for_the_forge_without_a_token() {
    let mut book = Book::read();
    book.issues(vec![issue(8)]);
    book.session("none");
    let no = "there is no token, so nothing can be sent to the forge";
    let close = Proposal::Close { issues: vec![key(8)], not_planned: false };
    assert_eq!(draft(&book, close).unwrap_err(), no);
    // A branch is pushed by git, which has its own way in.
    let make = Proposal::CreateBranch { name: text("release-1.3.x"), from: branch("main") };
    assert!(draft(&book, make).is_ok());
    assert_eq!(book.release.lines.0[&branch("main")].kind, LineKind::Trunk);
}

#[test]
fn a_plan_is_no_longer_than_an_hour_and_a_line_of_the_journal_take() {
    let mut book = Book::read();
    book.issues((100..600).map(issue).collect());
    let close =
        |count: u64| Proposal::Close { issues: (100..100 + count).map(key).collect(), not_planned: false };
    let why = draft(&book, close(401)).unwrap_err();
    assert_eq!(why, "401 requests are more than GitHub takes in an hour");
    let say = |count: u64| Proposal::Comment {
        issues: (100..100 + count).map(key).collect(),
        text: text(&"word ".repeat(200)),
    };
    assert_eq!(draft(&book, say(100)).unwrap_err(), "the plan is longer than a line of the journal takes");
    let plan = draft(&book, close(300)).unwrap();
    let accepted = book.release.decide(Ask::Go(plan), &book.stamp()).unwrap();
    for note in accepted.notes {
        assert!(note.fact.body().get().len() < 60 * 1024, "{}", note.fact.kind());
    }
}

#[test]
fn an_empty_plan_and_one_that_was_sent_are_refused() {
    let mut book = Book::read();
    let empty = Plan {
        id: op(1),
        title: "nothing".into(),
        steps: vec![],
        danger: Danger::Reversible,
        trust: false,
        cut: None,
    };
    assert_eq!(book.refused(Ask::Go(empty)), "it has no steps");
    book.issues(vec![issue(8)]);
    let plan = draft(&book, Proposal::Close { issues: vec![key(8)], not_planned: false }).unwrap();
    book.ask(Ask::Go(plan.clone())).unwrap();
    assert_eq!(book.refused(Ask::Go(plan)), "it was sent already");
}

#[test]
fn a_second_repository_is_asked_for_its_own_milestone() {
    let mut book = Book::read();
    book.issues(vec![issue(8)]);
    let rows = vec![milestone(77, "1.3.0")];
    book.tell(MilestonesSeen { repo: repo(), rows, gone: vec![2] });
    let plan = draft(&book, moving(&[8], "1.3.0", "later")).unwrap();
    let Errand::MoveIssue(it) = &plan.steps[0].errand else { panic!("a move comes first") };
    assert_eq!(it.to_number, Some(77));
}
