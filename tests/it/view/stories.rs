//! Screens of the story that float something, or run in another mode.

use super::story::{Story, ago, branch, now, oid, repo, text};
use chrono::TimeDelta;
use gonogo::release::Pane;
use gonogo::release::Release;
use gonogo::release::errand::{CommentIssue, CreateBranch, Errand, LabelIssue, MoveIssue};
use gonogo::release::ids::{IssueKey, OpId};
use gonogo::release::plan::{Danger, Plan, Step};
use gonogo::screen::dialog::{Choice, Choosing, Dialog, Input, Purpose};
use gonogo::screen::keys::Key;
use gonogo::screen::notice::{Job, JobKind, Notice, Tone};
use gonogo::screen::paging::Paging;
use gonogo::screen::timeline::{Mark, MarkKind, Timeline};
use gonogo::screen::{Mode, Pressed, Screen, rows};

pub type Shown = (Release, Screen);

pub fn op(at: u32) -> OpId {
    OpId::parse(&format!("01HZZZZZZZZZZZZZZZZZZZ{at:04}")).expect("an operation")
}

/// The story at work, with a dialog.
pub fn with(tab: Pane, dialog: Option<Dialog>) -> Shown {
    let story = Story::full();
    let mut screen = story.screen(120, 36);
    screen.tab = tab;
    screen.dialogs.extend(dialog);
    (story.release, screen)
}

fn moves() -> Plan {
    let mut steps = vec![];
    for (at, number) in [5736u64, 5739, 5720].into_iter().enumerate() {
        let target = IssueKey { repo: repo(), number };
        let at = at as u32 * 3;
        let why = text("not needed for the candidate; the next minor release has time for it");
        let to = MoveIssue {
            target: target.clone(),
            from: Some(text("0.6.0")),
            to: Some(text("0.7.0")),
            to_number: Some(22),
            why: why.clone(),
        };
        steps.push(Step::new(op(at), Errand::MoveIssue(to)));
        let label = LabelIssue { target: target.clone(), labels: vec![text("rolled-over")] };
        steps.push(Step::new(op(at + 1), Errand::LabelIssue(label)));
        steps.push(Step::new(op(at + 2), Errand::CommentIssue(CommentIssue { target, text: why })));
    }
    Plan {
        id: op(90),
        title: "Move 3 issues to 0.7.0".to_owned(),
        steps,
        danger: Danger::Reversible,
        trust: false,
        cut: None,
    }
}

pub fn plan() -> Shown {
    let dialog = Dialog::Plan {
        plan: moves(),
        go: false,
        typed: Input::default(),
        top: 0,
        refusal: None,
        paging: Paging::default(),
    };
    with(Pane::Milestone, Some(dialog))
}

pub fn typed() -> Shown {
    let create =
        CreateBranch { target: branch("release-0.7.x"), at: oid(900), from: branch("main"), tag: None };
    let plan = Plan {
        id: op(91),
        title: "Create release-0.7.x".to_owned(),
        steps: vec![Step::new(op(1), Errand::CreateBranch(create))],
        danger: Danger::Typed("release-0.7.x".to_owned()),
        trust: true,
        cut: None,
    };
    let typed = Input::of("release-0.");
    with(
        Pane::Branches,
        Some(Dialog::Plan { plan, go: false, typed, top: 0, refusal: None, paging: Paging::default() }),
    )
}

/// A step of the runbook that runs on this machine.
pub fn plan_local() -> Shown {
    let argv = vec![text("./deploy.sh"), text("--to"), text("staging")];
    let declared = gonogo::release::steps::Declared {
        argv: argv.clone(),
        timeout: 600,
        repeatable: false,
        env: vec![text("KUBECONFIG")],
    };
    let run = gonogo::release::steps::RunCommand { item: "deploy".into(), declared, argv, trust: true };
    let title = "Run ./deploy.sh for Deploy it to staging".to_owned();
    step(title, Errand::RunCommand(run), Danger::Lasting)
}

fn step(title: String, errand: Errand, danger: Danger) -> Shown {
    let plan =
        Plan { id: op(92), title, steps: vec![Step::new(op(1), errand)], danger, trust: false, cut: None };
    let (go, typed, paging) = (false, Input::default(), Paging::default());
    with(Pane::Checklist, Some(Dialog::Plan { plan, go, typed, top: 0, refusal: None, paging }))
}

/// A step of the runbook that leaves nothing behind: a URL is asked.
pub fn plan_asks() -> Shown {
    let ask = gonogo::release::steps::ProbeUrl {
        item: "health".into(),
        url: text("https://status.example.org/health"),
        status: 200,
        contains: Some(text("ok")),
        tries: 5,
        every: 30,
    };
    step("Ask whether health is good".to_owned(), Errand::ProbeUrl(ask), Danger::Reversible)
}

pub fn prompt() -> Shown {
    let issue = IssueKey { repo: repo(), number: 5736 };
    let dialog = Dialog::Prompt {
        title: "Why move to 0.7.0?".to_owned(),
        about: "the rationale becomes a comment on each issue".to_owned(),
        input: Input::of("not needed for the candidate"),
        purpose: Purpose::MoveWhy(vec![issue], text("0.7.0")),
        refusal: Some("type something, or esc to leave it".to_owned()),
    };
    with(Pane::Milestone, Some(dialog))
}

pub fn choose() -> Shown {
    let choice = |value: &str, note: &str| Choice {
        value: value.to_owned(),
        label: value.to_owned(),
        note: note.to_owned(),
        ask: None,
    };
    let dialog = Dialog::Choose {
        about: vec![],
        title: "Move 3 issues where?".to_owned(),
        choices: vec![
            choice("0.7.0", "31 open, no date"),
            choice("none", "take them out of every milestone"),
        ],
        input: Input::default(),
        cursor: 0,
        top: 0,
        purpose: Choosing::MoveTo(vec![]),
    };
    with(Pane::Milestone, Some(dialog))
}

pub fn help() -> Shown {
    with(Pane::Milestone, Some(Dialog::Help { all: false, input: Input::default(), cursor: 2 }))
}

pub fn palette() -> Shown {
    let (release, mut screen) =
        with(Pane::Checklist, Some(Dialog::Palette { input: Input::of("un"), cursor: 1 }));
    let why = "nothing was taken back".to_owned();
    screen.disabled = vec![(gonogo::screen::keymap::Action::Redo, why)];
    (release, screen)
}

pub fn which_key() -> Shown {
    let prefix = vec![Key::char('g')];
    let (release, mut screen) = with(Pane::Ci, Some(Dialog::WhichKey { prefix: prefix.clone() }));
    screen.pending = prefix;
    (release, screen)
}

pub fn ran() -> Shown {
    with(Pane::Overview, Some(Dialog::Ran { top: 0 }))
}

pub fn jobs() -> Shown {
    let (release, mut screen) = with(Pane::Overview, Some(Dialog::Jobs { cursor: 0 }));
    screen.jobs.push(job());
    for look in screen.fresh.0.values_mut().take(1) {
        look.error = Some("GitHub answered 502 three times".to_owned());
    }
    (release, screen)
}

pub fn log() -> Shown {
    let lines =
        (1..80).map(|n| format!("tests/integration/test_{n:02}.py::test_resume PASSED [{n:>3}%]")).collect();
    with(Pane::Ci, Some(Dialog::Text { title: "integration-tests / vllm".to_owned(), lines, top: 3 }))
}

pub fn quit() -> Shown {
    with(Pane::Overview, Some(Dialog::Quit))
}

fn job() -> Job {
    Job {
        kind: JobKind::Other,
        text: "reading the milestone".to_owned(),
        progress: Some((14, 22)),
        since: now() - TimeDelta::seconds(4),
        cancel: true,
    }
}

pub fn news() -> Shown {
    let (release, mut screen) = with(Pane::Checklist, None);
    screen.jobs.push(job());
    let until = now() + TimeDelta::seconds(4);
    screen.notices.push_back(Notice {
        tone: Tone::Good,
        text: "ticked Write the timeline · z undo".to_owned(),
        until,
    });
    (release, screen)
}

/// A file of a candidate on its way.
pub fn uploading(columns: u16, rows_: u16) -> Shown {
    let (release, mut screen) = with(Pane::Candidate, None);
    screen.size = (columns, rows_);
    let op = gonogo::release::ids::OpId::parse("01KAHQ9C7D0000000000000001").unwrap();
    let plan = gonogo::release::ids::OpId::parse("01KAHQ9C7D0000000000000000").unwrap();
    screen.jobs = vec![
        Job {
            kind: JobKind::Upload(op),
            text: "uploading widget-0.6.2rc2-py3-none-any.whl".to_owned(),
            progress: Some((17_458_790, 41_943_040)),
            ..job()
        },
        Job { kind: JobKind::Plan(plan), text: "cut v0.6.2rc2".to_owned(), progress: Some((3, 5)), ..job() },
    ];
    (release, screen)
}

pub fn replay() -> Shown {
    let story = Story::full();
    let release = story.until(17);
    let mut screen = story.screen(120, 36);
    screen.tab = Pane::Journal;
    screen.mode = Mode::Replay;
    screen.now = ago(95);
    rows::remake(&mut screen, &release);
    let mark = |seq, kind| Mark { seq, kind };
    screen.timeline = Some(Timeline {
        at: 17,
        last: 46,
        ts: Some(ago(95)),
        span: Some((ago(9 * 24 * 60), now())),
        marks: vec![
            mark(2, MarkKind::Session),
            mark(10, MarkKind::Decision),
            mark(12, MarkKind::Tag),
            mark(24, MarkKind::Refusal),
        ],
        density: vec![5, 4, 0, 0, 1, 0, 2, 1, 0, 0, 1, 3, 8, 2, 0, 0, 4, 9, 12, 3, 1, 2],
        playing: true,
        speed: 4,
        chain: "chain holds".to_owned(),
        holds: true,
    });
    (release, screen)
}

pub fn opening() -> Shown {
    let story = Story::opened();
    let mut screen = story.screen(120, 36);
    screen.mode = Mode::Opening;
    screen.opening = Some((3_400_000, 9_100_000));
    (story.release, screen)
}

pub fn grounded() -> Shown {
    let (release, mut screen) = with(Pane::Overview, None);
    screen.mode = Mode::Grounded;
    screen.mode_note = Some("no space left on the disk of the journal".to_owned());
    (release, screen)
}

pub fn present() -> Shown {
    let (release, mut screen) = with(Pane::Milestone, None);
    screen.options.present = true;
    let at = now() - TimeDelta::milliseconds(500);
    screen.pressed.push_back(Pressed { key: "n".to_owned(), label: "next".to_owned(), at });
    screen.list_mut().step(2);
    (release, screen)
}

/// Over a journal that a colleague's cockpit writes.
pub fn follower() -> Shown {
    let (release, mut screen) = with(Pane::Overview, None);
    screen.mode = Mode::ReadOnly;
    screen.mode_note = Some("followed: seb writes this journal on laptop (pid 4711)".to_owned());
    (release, screen)
}

/// The milestone of a big project.
pub fn many_issues() -> Shown {
    let story = Story::crowded(500);
    let mut screen = story.screen(120, 36);
    screen.tab = Pane::Milestone;
    rows::remake(&mut screen, &story.release);
    screen.list_mut().step(240);
    (story.release, screen)
}

/// The journal of that project, far back in it.
pub fn long_journal() -> Shown {
    let (release, mut screen) = many_issues();
    screen.tab = Pane::Journal;
    rows::remake(&mut screen, &release);
    screen.list_mut().step(40);
    (release, screen)
}

pub fn published() -> Shown {
    let story = super::published::story();
    let screen = super::published::screen(&story, 120, 36);
    (story.release, screen)
}

/// Every screen that is not a plain tab, by its name.
pub fn all() -> Vec<(&'static str, Shown)> {
    vec![
        ("plan", plan()),
        ("typed", typed()),
        ("cut_ready", super::pages::page(0)),
        ("cut_files", super::pages::page(1)),
        ("plan_local", plan_local()),
        ("plan_asks", plan_asks()),
        ("cut_tag", super::pages::page(2)),
        ("cut_notes", super::pages::page(3)),
        ("cut_steps", super::pages::page(4)),
        ("cut_go", super::pages::page(5)),
        ("prompt", prompt()),
        ("choose", choose()),
        ("help", help()),
        ("palette", palette()),
        ("which_key", which_key()),
        ("ran", ran()),
        ("jobs", jobs()),
        ("log", log()),
        ("quit", quit()),
        ("set", super::sets::set()),
        ("meeting", super::meetings::meeting()),
        ("minutes", super::meetings::minutes()),
        ("news", news()),
        ("uploading", uploading(120, 36)),
        ("replay", replay()),
        ("opening", opening()),
        ("grounded", grounded()),
        ("present", present()),
        ("published", published()),
        ("follower", follower()),
        ("many_issues", many_issues()),
        ("long_journal", long_journal()),
        ("many_picks", super::queue::many_picks()),
    ]
}
