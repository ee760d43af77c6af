//! The picks pane: verdicts, evidence, decisions, alarms and the matrix, at each size and for each eye.

use super::super::paper::styled;
use super::super::queue::{predictions, pull, screen, story};
use super::super::story::{Story, ago, branch, lines, repo, text as outside};
use super::{draw, text};
use gonogo::release::Pane;
use gonogo::release::branches::LinesSeen;
use gonogo::release::looks::{Complete, Failed, LookKey, Topic};
use gonogo::release::picks::CellState;
use gonogo::release::picks::{
    Decided, Decision, Foreseen, Pick, PickState, PicksSeen, Predicted, PredictionsSeen,
};
use gonogo::release::votes::Frozen;
use gonogo::screen::notice::{Job, JobKind};
use gonogo::screen::rows::{RowId, remake};
use gonogo::screen::{Mode, Screen};
use gonogo::view::plain;

const SIZES: [(u16, u16); 3] = [(80, 20), (120, 31), (200, 45)];

fn shots(name: &str, set: impl Fn(&mut Screen, &Story)) {
    let story = story();
    let mut out = String::new();
    for size in SIZES {
        let mut screen = screen(&story, size.0, size.1);
        set(&mut screen, &story);
        out.push_str(&format!("{}x{}\n{}\n", size.0, size.1, styled(&draw(&story.release, &screen))));
    }
    insta::assert_snapshot!(name, out);
}

#[test]
fn a_queue_under_triage() {
    shots("queue", |_, _| {});
}

#[test]
fn some_are_marked() {
    shots("queue_marked", |screen, _| {
        for number in [5698, 5742, 5690] {
            screen.list_mut().marks.insert(RowId::Pick(pull(number), branch("release-0.6.x")));
        }
    });
}

#[test]
fn without_a_release_line_the_pane_says_why_and_what_to_do() {
    let looked = LookKey::new(Topic::Git, "");
    let shown = |facts: Vec<gonogo::release::Fact>| {
        let mut story = Story::opened();
        facts.into_iter().for_each(|fact| story.add("seb", ago(30), fact));
        let story = story.fold();
        let mut screen = story.screen(120, 31);
        screen.fresh.0.clear();
        screen.tab = Pane::Picks;
        remake(&mut screen, &story.release);
        text(&story.release, &screen)
    };
    let said = shown(vec![Complete { look: looked.clone(), count: 0, upto: None, partly: None }.into()]);
    assert!(said.contains("– no release lines") && said.contains("no branch here is named"), "{said}");
    assert!(said.contains("r fetches") && said.contains("4 shows the branches"), "{said}");
    let why = outside("the trunk of the process, \"main\", is not in this clone; write trunk");
    let said = shown(vec![Failed { look: looked.clone(), why }.into()]);
    assert!(said.contains("✗ release lines could not be read") && said.contains("write trunk"), "{said}");
    let read =
        Complete { look: LookKey::new(Topic::Picks, repo().as_str()), count: 0, upto: None, partly: None };
    let lines = LinesSeen { rows: lines(), gone: vec![] };
    let said = shown(vec![
        lines.into(),
        Complete { look: looked, count: 5, upto: None, partly: None }.into(),
        read.into(),
    ]);
    assert!(said.contains("No pull request is labelled backport"), "{said}");
}

#[test]
fn every_line_beside_the_others() {
    shots("queue_matrix", |screen, story| {
        screen.matrix = true;
        remake(screen, &story.release);
        assert!(screen.list_mut().go_to(&RowId::Pick(pull(5742), branch("release-0.6.x"))));
    });
}

#[test]
fn the_room_looks_on() {
    shots("queue_present", |screen, _| screen.options.present = true);
}

fn shown(story: &Story, set: impl Fn(&mut Screen)) -> String {
    let mut screen = screen(story, 200, 45);
    set(&mut screen);
    text(&story.release, &screen)
}

#[test]
fn each_kind_of_row_says_what_it_is() {
    let story = story();
    let text = shown(&story, |_| {});
    for (number, said) in [
        ("5742  fix", "✗ CONFLICT"),
        ("5726  fix", "! likely"),
        ("5690  docs", "✓ after 5740"),
        ("5740  refactor", "✓ clean"),
        ("5720  reverted", "✗ REVERTED"),
        ("5715  fix", "≡ empty"),
        ("5735  feat", "– deferred"),
        ("5708  fix", "◒ open PR"),
    ] {
        let row = text.lines().find(|line| line.contains(&format!(" {number}"))).unwrap_or_default();
        assert!(row.contains(said), "{number}: {row}\n{text}");
    }
    assert!(text.contains("reverted, still queued: feat(router)"), "{text}");
    assert!(text.contains("reverted on trunk, alive: feat(storage)"), "{text}");
}

#[test]
fn an_open_backport_of_what_was_rejected_is_said_to_be_rejected() {
    let mut story = story();
    let decided = Decided {
        pick: pull(5708),
        line: branch("release-0.6.x"),
        from: Decision::Undecided,
        to: Decision::Rejected,
        why: Some(outside("too large")),
        answers: vec![],
        batch: None,
    };
    story.add("ali", ago(1), decided);
    let story = story.fold();
    let row =
        |text: &str| text.lines().find(|line| line.contains(" 5708  fix")).unwrap_or_default().to_owned();
    let text = shown(&story, |_| {});
    assert!(row(&text).contains("! rejected"), "{text}");
    let told = story.release.picks.told(&pull(5708), &branch("release-0.6.x")).unwrap();
    assert!(told.word.ends_with(", rejected") && told.why.unwrap().contains("rejected by ali"));
}

#[test]
fn a_conflict_shows_its_files_and_both_sides() {
    let text = shown(&story(), |_| {});
    for said in [
        "CONFLICT on release-0.6.x at",
        "pyproject.toml  2 hunks",
        "uv.lock  modify/delete",
        "hunk 1/2, line 41",
        "<<<<<<< release-0.6.x",
        "\"aiohttp>=3.11.18\",",
        ">>>>>>> #5742",
        "accepted by seb",
        "CVE-2026-1183,",
        "approved by leseb, cdoern",
        "Merge CI   success",
        "Touches    pyproject.toml",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
}

#[test]
fn weak_evidence_is_shown_and_not_called_landed() {
    let story = story();
    let text = shown(&story, |screen| {
        screen.list_mut().go_to(&RowId::Pick(pull(5726), branch("release-0.6.x")));
    });
    assert!(text.contains("likely there: same subject in"), "{text}");
    assert!(text.contains("3d ago: weak, so it"), "{text}");
}

#[test]
fn a_freeze_that_somebody_declared_is_a_risk_of_each_pick_and_a_lifted_one_is_none() {
    let frozen = |on: &[bool]| {
        let mut story = story();
        for on in on {
            story.add("ali", ago(60), Frozen { on: *on, why: outside("the cut is near") });
        }
        let story = story.fold();
        shown(&story, |screen| {
            screen.list_mut().go_to(&RowId::Pick(pull(5742), branch("release-0.6.x")));
        })
    };
    let said = frozen(&[true]);
    assert!(said.contains("Freeze     features are frozen, declared by ali 1h ago"), "{said}");
    assert!(said.contains("the cut is near"), "{said}");
    assert!(!frozen(&[true, false]).contains("are frozen"));
}

#[test]
fn what_was_predicted_of_another_tip_or_is_being_predicted_is_said_to_be_in_doubt() {
    let mut story = story();
    let before = PredictionsSeen { tip: super::super::story::oid(4), ..predictions() };
    story.add("seb", ago(1), before);
    let story = story.fold();
    let moved = shown(&story, |_| {});
    assert!(moved.contains("◌ conflict?") && moved.contains("has moved since"), "{moved}");
    let story = super::super::queue::story();
    let under_way = shown(&story, |screen| {
        screen.queues.untold.insert(pull(5698));
    });
    let row = under_way.lines().find(|line| line.contains(" 5698 ")).unwrap_or_default();
    assert!(row.contains("◌ clean?"), "{row}");
}

#[test]
fn a_run_under_way_is_a_job_with_its_progress() {
    let story = story();
    let mut screen = screen(&story, 120, 36);
    screen.jobs.push(Job {
        kind: JobKind::Predict,
        text: "predicting conflicts".to_owned(),
        progress: Some((14, 22)),
        since: ago(1),
        cancel: true,
    });
    let lines = plain::news(&screen);
    assert_eq!(lines, ["[busy] predicting conflicts 14 of 22"]);
}

#[test]
fn those_who_listen_hear_the_verdict_the_files_and_the_decision() {
    let story = story();
    let screen = screen(&story, 120, 36);
    let said = plain::tab(&story.release, &screen).join("\n");
    for wanted in [
        "It conflicts in pyproject.toml (2 hunks), uv.lock (modify/delete). It was accepted by seb: CVE-2026-1183",
        "It applies only after #5740.",
        "It is likely there: same subject in",
        "Careful: it was reverted on the trunk by",
        "It changes nothing on the line.",
    ] {
        assert!(said.contains(wanted), "{wanted}\n{said}");
    }
}

#[test]
fn a_replay_offers_no_decision() {
    let story = story();
    let text = shown(&story, |screen| screen.mode = Mode::Replay);
    for word in ["accept", "reject…", "not needed…", "vouch…"] {
        assert!(
            !text.contains(&format!(" {word} ")) || !text.contains(&format!("a {word}")),
            "{word}\n{text}"
        );
    }
}

#[test]
fn hostile_titles_paths_and_reasons_are_drawn_harmless() {
    let mut story = story();
    let evil = "\u{1b}[31mred\u{202e}gnp.exe\r\n\u{7}{branch}";
    let row = Pick {
        number: 6000,
        title: outside(evil),
        author: Some(outside(evil)),
        line: branch("release-0.6.x"),
        label: outside(evil),
        state: PickState::Proposed,
        evidence: Some(outside(evil)),
        merged: None,
        at: Some(ago(1)),
        asked: vec![],
        backport: None,
        facts: None,
        closed: false,
        notes: vec![],
    };
    story.add("seb", ago(1), PicksSeen { repo: repo(), rows: vec![row], gone: vec![], strays: None });
    let mut seen = predictions();
    seen.rows = vec![Predicted {
        pick: pull(6000),
        verdict: Foreseen::Unknown { why: outside(evil) },
        tree: None,
        remedy: None,
    }];
    story.add("seb", ago(1), seen);
    let decided = Decided {
        pick: pull(6000),
        line: branch("release-0.6.x"),
        from: Decision::Undecided,
        to: Decision::Accepted,
        why: Some(outside(evil)),
        answers: vec![],
        batch: None,
    };
    story.add("seb", ago(1), decided);
    let story = story.fold();
    let mut screen = screen(&story, 200, 45);
    assert!(screen.list_mut().go_to(&RowId::Pick(pull(6000), branch("release-0.6.x"))));
    let shown = text(&story.release, &screen);
    assert!(shown.contains("red"), "{shown}");
    let bad = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    assert!(!shown.contains(bad), "{shown:?}");
    assert!(!plain::tab(&story.release, &screen).join("\n").contains(bad));
}

#[test]
fn five_hundred_picks_are_listed_and_drawn_around_the_cursor() {
    let mut story = Story::full();
    let row = |number: u64| Pick {
        number,
        title: outside(&format!("fix number {number}")),
        author: Some(outside("ali")),
        line: branch("release-0.6.x"),
        label: outside("backport release-0.6.x"),
        state: PickState::Proposed,
        evidence: None,
        merged: Some(super::super::story::oid(number)),
        at: Some(ago(10_000 - i64::try_from(number).unwrap())),
        asked: vec![],
        backport: None,
        facts: None,
        closed: false,
        notes: vec![],
    };
    story.add(
        "seb",
        ago(5),
        PicksSeen { repo: repo(), rows: (1..=500).map(row).collect(), gone: vec![], strays: None },
    );
    let story = story.fold();
    let mut screen = story.screen(120, 31);
    screen.tab = Pane::Picks;
    remake(&mut screen, &story.release);
    assert!(screen.list_mut().go_to(&RowId::Pick(pull(250), branch("release-0.6.x"))));
    screen.list_mut().scroll(29);
    let shown = text(&story.release, &screen);
    assert!(shown.contains("fix number 250") && !shown.contains("fix number 400"), "{shown}");
    assert_eq!(
        screen.queues.to_decide,
        screen.queues.count(CellState::Proposed),
        "the counter of the tab is that of the title"
    );
    assert!(screen.queues.to_decide >= 500);
}
