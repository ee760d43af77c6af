//! What is derived for the panes: next versions, support, pace, flakes, what changed since the last session.

use crate::view::story::{Story, ago, branch, now, oid, repo, text};
use gonogo::release::checks::{CheckState, ChecksSeen, History, Past};
use gonogo::release::milestone::{Chosen, Issue, IssuesSeen, Milestone, MilestonesSeen};
use gonogo::release::next::Supported;
use gonogo::release::session::{Sealed, Started};

#[test]
fn each_line_has_its_next_version() {
    let release = Story::full().release;
    let known = release.known();
    let next = |name: &str| {
        let line = &release.lines.0[&branch(name)];
        release.next_of(line, &known).map(|next| next.proposal.tag).unwrap_or_default()
    };
    assert_eq!(next("release-0.6.x"), "v0.6.0rc2", "the release that is open: its next candidate");
    assert_eq!(next("release-0.5.x"), "v0.5.3", "another line: the next patch");
    assert_eq!(next("main"), "v0.7.0", "the trunk goes on behind the line that exists for 0.6");
}

#[test]
fn the_branch_to_cut_is_that_of_the_next_line() {
    let release = Story::full().release;
    let cut = |from: &str| release.branch_to_cut(&branch(from));
    assert_eq!(cut("main"), Some(branch("release-0.7.x")), "the line of this release exists: the next one");
    assert_eq!(cut("release-0.5.x"), None, "a line of a line is nobody's habit");
}

#[test]
fn a_number_that_was_used_is_not_proposed_again() {
    let mut story = Story::full();
    let tag = |name: &str| gonogo::release::ids::Tag::parse(name).unwrap();
    let row = |name: &str| gonogo::release::candidates::TagRow {
        tag: tag(name),
        oid: oid(5),
        annotated: true,
        at: None,
    };
    let seen = |rows, gone| gonogo::release::candidates::TagsSeen { rows, gone };
    story.add("seb", ago(9), seen(vec![row("v0.6.0rc2")], vec![]));
    story.add("seb", ago(8), seen(vec![], vec![tag("v0.6.0rc2")]));
    let release = story.fold().release;
    let next = release.next_candidate(&release.known()).unwrap().unwrap();
    assert_eq!(next.tag, "v0.6.0rc3");
    assert!(next.reasons.join(" ").contains("burned"), "{:?}", next.reasons);
}

#[test]
fn support_is_by_the_newest_lines() {
    let release = Story::full().release;
    let known = release.known();
    let of = |name: &str| release.support_of(&branch(name), &known, now());
    assert_eq!(of("release-0.6.x"), Supported::InProgress);
    assert_eq!(of("main"), Supported::Unsaid, "the trunk is no line");
    assert_eq!(of("release-0.5.x"), Supported::Yes { status: String::new(), until: None });
    assert_eq!(of("release-0.3.x"), Supported::Ended(None));
}

#[test]
fn lines_whose_support_has_ended_are_none_that_picks_are_carried_between() {
    let mut story = Story::full();
    let old = |name: &str| {
        let known = Story::full().release.lines.0;
        let newest = known.values().find(|it| it.branch == branch("release-0.5.x")).cloned().unwrap();
        gonogo::release::branches::Line { branch: branch(name), ..newest }
    };
    let rows = vec![old("release-0.5.x"), old("release-0.3.x")];
    story.add("seb", ago(9), gonogo::release::branches::LinesSeen { rows, gone: vec![] });
    let active = story.fold().release.active_lines();
    let supported = ["release-0.6.x", "release-0.5.x", "release-0.4.x"];
    assert_eq!(active, supported.map(branch), "and not 0.3, which is as new as 0.5");
}

fn issue(number: u64, opened: i64, closed: Option<i64>) -> Issue {
    Issue {
        number,
        title: text("an issue"),
        open: closed.is_none(),
        pull: false,
        labels: vec![],
        assignees: vec![],
        author: None,
        milestone: Some(1),
        created: ago(opened),
        updated: ago(1),
        closed: closed.map(ago),
        comments: 0,
        rolls: None,
        entered: None,
    }
}

const DAY: i64 = 24 * 60;

fn milestone(due_in_days: i64, issues: Vec<Issue>) -> Story {
    let mut story = Story::opened();
    story.add("seb", ago(60), Chosen { title: text("0.6.0") });
    let row = Milestone {
        number: 1,
        title: text("0.6.0"),
        open: true,
        due: Some(ago(-due_in_days * DAY)),
        open_issues: 0,
        closed_issues: 0,
    };
    story.add("seb", ago(59), MilestonesSeen { repo: repo(), rows: vec![row], gone: vec![] });
    story.add("seb", ago(58), IssuesSeen { repo: repo(), rows: issues, gone: vec![] });
    story.fold()
}

#[test]
fn the_pace_says_by_how_much_it_slips() {
    // 14 closed in the last 14 days is one a day; 4 left and 2 days to go.
    let done = (0..14).map(|at| issue(at, 40 * DAY, Some(at as i64 * DAY + 60)));
    let open = (20..24).map(|at| issue(at, 40 * DAY, None));
    let release = milestone(2, done.chain(open).collect()).release;
    let pace = release.milestones.tally().pace(now()).unwrap();
    assert!((pace.done - 1.0).abs() < 0.001, "{pace:?}");
    assert!((pace.needed.unwrap() - 2.0).abs() < 0.001, "{pace:?}");
    assert!((pace.slips.unwrap() - 2.0).abs() < 0.001, "{pace:?}");
    let late = milestone(-1, vec![issue(1, DAY * 3, None)]).release;
    let pace = late.milestones.tally().pace(now()).unwrap();
    assert_eq!((pace.needed, pace.slips), (None, None), "past its date, or nothing closed: no figure");
    assert_eq!(milestone(1, vec![]).release.milestones.tally().pace(now()), None);
}

#[test]
fn the_burn_up_ends_at_what_is_true_now() {
    let issues = (0..30).map(|at| issue(at, 50 * DAY - at as i64 * DAY, (at % 3 == 0).then_some(DAY)));
    let release = milestone(7, issues.collect()).release;
    for steps in [2, 16, 75] {
        let burn = release.milestones.tally().burn(now(), 6, steps).unwrap();
        let last = burn.points.last().unwrap();
        assert_eq!((last.scope, last.done), (30, 10), "{steps} steps");
        assert!(burn.points.len() <= steps);
        assert!(burn.points.is_sorted_by_key(|point| (point.scope, point.done)), "both only grow");
    }
    assert!(milestone(7, vec![]).release.milestones.tally().burn(now(), 6, 20).is_none());
}

fn with_past(states: &[(u64, CheckState)]) -> gonogo::release::Release {
    let past = |(at, (sha, state)): (usize, &(u64, CheckState))| Past {
        sha: oid(*sha),
        state: *state,
        at: ago(at as i64 * DAY),
    };
    let history = History { name: text("unit"), past: states.iter().enumerate().map(past).collect() };
    let mut story = Story::opened();
    let seen = ChecksSeen {
        branch: branch("main"),
        sha: oid(1),
        rows: vec![],
        gone: vec![],
        history: vec![history],
    };
    story.add("seb", ago(1), seen);
    story.fold().release
}

#[test]
fn a_check_that_says_both_of_one_commit_is_flaky() {
    use CheckState::{Failed as F, Passed as P, Skipped as S};
    let flake = |states: &[(u64, CheckState)]| {
        let release = with_past(states);
        release.checks.lines[&branch("main")].flake(&text("unit"))
    };
    let real = flake(&[(1, F), (2, F), (3, F), (4, P)]);
    assert_eq!((real.of, real.red, real.is_flaky()), (4, 3, false));
    let both = flake(&[(1, P), (1, F), (2, P)]);
    assert_eq!((both.both, both.is_flaky()), (1, true));
    let lone = flake(&[(1, P), (2, F), (3, P), (4, F), (5, P)]);
    assert_eq!((lone.lone, lone.is_flaky()), (2, true));
    let skipped = flake(&[(1, S), (2, S)]);
    assert_eq!((skipped.of, skipped.is_flaky()), (0, false), "what did not run says nothing");
}

#[test]
fn red_days_count_by_day() {
    use CheckState::{Failed as F, Passed as P};
    let release = with_past(&[(1, F), (2, P), (3, F)]);
    let days = release.checks.lines[&branch("main")].red_days(now(), 4);
    assert_eq!(days, [0, 1, 0, 1]);
}

#[test]
fn the_first_session_has_nothing_before_it() {
    assert_eq!(Story::full().release.since_last_session(), None);
}

#[test]
fn what_changed_since_the_last_session_is_counted() {
    let mut story = Story::full();
    story.add("seb", ago(20), Sealed { note: "quit".into() });
    story.add("seb", ago(5), Started::default());
    let closed = Issue { number: 900, ..issue(900, 30 * DAY, Some(10)) };
    let opened = Issue { number: 901, ..issue(901, 8, None) };
    story.add("seb", ago(4), IssuesSeen { repo: repo(), rows: vec![closed, opened], gone: vec![5745] });
    let since = story.fold().release.since_last_session().unwrap();
    assert_eq!(since.at, ago(20));
    assert_eq!((since.closed, since.opened, since.left), (1, 1, 1));
    assert!(!since.is_quiet());
}

#[test]
fn the_line_of_a_release_without_candidates_goes_to_its_final_version() {
    use crate::release::ground::{Book, line};
    let mut book = Book::blank("v1.2.1", None, "none");
    book.tell(gonogo::release::branches::LinesSeen {
        rows: vec![line(
            "release-1.2.x",
            gonogo::release::branches::LineKind::Release,
            crate::release::ground::oid(3),
        )],
        gone: vec![],
    });
    let release = &book.release;
    assert!(!release.stream().unwrap().candidates, "a patch");
    let next =
        release.next_of(&release.lines.0[&branch("release-1.2.x")], &release.known()).unwrap().proposal;
    assert_eq!((next.tag.as_str(), next.reasons.join("; ").as_str()), ("v1.2.1", "the release that is open"));
}
