//! The same Wednesday with a queue under triage: predicted, decided in part, with evidence of every kind.

use super::story::{Story, ago, branch, oid, repo, text};
use gonogo::release::ids::{Branch, IssueKey};
use gonogo::release::picks::{
    Added, Answer, Asked, Attested, Backport, BackportState, Change, ChangeCommit, ChangesSeen, Clash,
    Decided, Decision, Foreseen, Grade, Hunk, Landing, LandingsSeen, Needed, Pick, PickKey, PickState,
    PicksSeen, Predicted, PredictionsSeen, PullFacts, Remedy,
};
use gonogo::screen::Screen;

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

pub fn pull(number: u64) -> PickKey {
    PickKey::Pull(IssueKey { repo: repo(), number })
}

fn line() -> Branch {
    branch("release-0.6.x")
}

/// The whole afternoon.
pub fn story() -> Story {
    let mut story = Story::full();
    story.add("seb", ago(23), PicksSeen { repo: repo(), rows: more(), gone: vec![], strays: None });
    story.add("seb", ago(22), ChangesSeen { rows: changes(), gone: vec![] });
    story.add("seb", ago(21), LandingsSeen { rows: landings(), gone: vec![] });
    story.add("seb", ago(2), predictions());
    decided(&mut story);
    story.fold()
}

fn row(number: u64, title: &str, author: &str, minutes: i64) -> Pick {
    Pick {
        number,
        title: text(title),
        author: Some(text(author)),
        line: line(),
        label: text("backport release-0.6.x"),
        state: PickState::Proposed,
        evidence: None,
        merged: Some(oid(number)),
        at: Some(ago(minutes)),
        asked: vec![],
        backport: None,
        facts: None,
        closed: false,
        notes: vec![],
    }
}

fn more() -> Vec<Pick> {
    let facts = PullFacts {
        approved_by: vec![text("leseb"), text("cdoern")],
        merged_by: Some(text("ashwinb")),
        labels: vec![text("backport release-0.6.x")],
        checks: Some(text("SUCCESS")),
        ..PullFacts::default()
    };
    let comment = Asked::Comment {
        login: text("matteo"),
        at: ago(5 * HOUR),
        said: text("/cherry-pick release-0.6.x"),
        weak: false,
        edited: None,
    };
    let backport = Backport {
        number: 5760,
        state: BackportState::Open,
        draft: true,
        author: Some(text("mergify[bot]")),
        known_by: text("Mergify's title"),
        at: None,
        ended: None,
        url: None,
        conflict: None,
        checks: None,
        weak: false,
    };
    let older = branch("release-0.5.x");
    vec![
        Pick {
            facts: Some(facts),
            asked: vec![comment],
            ..row(5742, "fix(deps): critical and high severity CVE bumps", "seb", 7 * HOUR)
        },
        row(5740, "refactor(types): namespaces for the type registry", "ali", 9 * HOUR),
        row(5720, "feat(router): weighted fallbacks", "cdoern", 30 * HOUR),
        row(5715, "fix(eval): the harness waits for the last shard", "林晓", 32 * HOUR),
        Pick {
            backport: Some(backport),
            ..row(5708, "fix(ui): the chat keeps its scroll", "mhayden", 2 * DAY)
        },
        Pick {
            line: older.clone(),
            ..row(5742, "fix(deps): critical and high severity CVE bumps", "seb", 7 * HOUR)
        },
        Pick {
            line: older.clone(),
            ..row(5698, "perf(responses): batch get_openai_file for MCP tools", "leseb", 21 * HOUR)
        },
        Pick {
            line: older,
            ..row(5612, "fix(conversations): compute has_more in list_items", "vmathala", 5 * DAY)
        },
    ]
}

fn change(number: u64, added: u32, removed: u32, paths: &[&str]) -> Change {
    Change {
        pick: pull(number),
        commits: vec![ChangeCommit { oid: oid(number), mainline: None }],
        merged: None,
        added,
        removed,
        files: u32::try_from(paths.len()).expect("few"),
        paths: paths.iter().map(|path| text(path)).collect(),
        owners: vec![text("@llamastack/core")],
        reverted: None,
        problem: None,
    }
}

fn changes() -> Vec<Change> {
    vec![
        change(5742, 214, 96, &["pyproject.toml", "uv.lock", "llama_stack/core/server.py"]),
        change(5726, 18, 4, &["llama_stack/providers/nvidia/safety.py"]),
        change(5698, 96, 31, &["llama_stack/core/responses.py", "tests/unit/test_responses.py"]),
        change(5690, 9, 9, &["docs/telemetry.md"]),
        change(5740, 40, 12, &["llama_stack/core/types.py"]),
        Change { reverted: Some(oid(5799)), ..change(5720, 340, 12, &["llama_stack/core/router.py"]) },
        change(5715, 12, 88, &["llama_stack/eval/harness.py"]),
        change(5612, 37, 13, &["llama_stack/core/conversations.py"]),
    ]
}

fn landings() -> Vec<Landing> {
    let row = |number, grade| Landing {
        pick: pull(number),
        line: line(),
        grade,
        commit: oid(number + 20_000),
        of: Some(oid(number)),
        modified: None,
        reverted: None,
        trunk_reverted: None,
        at: Some(ago(3 * DAY)),
        by: Some(text("leseb")),
    };
    vec![
        row(5726, Grade::Subject),
        row(5612, Grade::Trailer),
        Landing { modified: Some(true), trunk_reverted: Some(oid(5798)), ..row(5731, Grade::PatchId) },
        Landing { line: branch("release-0.5.x"), ..row(5612, Grade::Ancestor) },
    ]
}

pub fn predictions() -> PredictionsSeen {
    let hunk = Hunk {
        at: 41,
        ours: vec![text("    \"aiohttp>=3.11.18\",")],
        theirs: vec![text("    \"aiohttp>=3.13.3\","), text("    \"urllib3>=2.6.0\",")],
    };
    let file = |path: &str, kind: &str| Clash {
        path: text(path),
        kind: text(kind),
        hunks: None,
        shown: vec![],
        recorded: false,
    };
    let files = vec![
        Clash { hunks: Some(2), shown: vec![hunk], ..file("pyproject.toml", "content") },
        file("uv.lock", "modify/delete"),
    ];
    let row = |number, verdict| Predicted { pick: pull(number), verdict, tree: None, remedy: None };
    let need = |pick: PickKey, n: u64, subject: &str| Needed {
        pick,
        commit: super::story::oid(n),
        subject: text(subject),
    };
    let picks = vec![
        need(pull(5740), 640, "types: namespaces for providers (#5740)"),
        need(PickKey::Commit(super::story::oid(641)), 641, "build: one lock file (#5733)"),
    ];
    let remedy = Remedy::First { picks, minimal: true };
    PredictionsSeen {
        line: line(),
        tip: super::story::oid(601),
        tier: text("git 2.50.1, merge-tree in one process"),
        rows: vec![
            row(5698, Foreseen::Clean),
            Predicted { remedy: Some(remedy), ..row(5742, Foreseen::Conflict { files, more: 0 }) },
            row(5726, Foreseen::Clean),
            row(5690, Foreseen::CleanAfter { picks: vec![pull(5740)] }),
            row(5740, Foreseen::Clean),
            row(5720, Foreseen::Clean),
            row(5715, Foreseen::Empty { there: true }),
        ],
        gone: vec![],
        whole: true,
    }
}

fn decided(story: &mut Story) {
    let decide = |number, to, why: Option<&str>| Decided {
        pick: pull(number),
        line: line(),
        from: Decision::Undecided,
        to,
        why: why.map(text),
        answers: vec![],
        batch: None,
    };
    let answers = vec![Answer { question: text("What bug does it fix?"), answer: text("slow MCP tools") }];
    story.add("seb", ago(12), Decided { answers, ..decide(5698, Decision::Accepted, None) });
    story.add("seb", ago(11), decide(5742, Decision::Accepted, Some("CVE-2026-1183, customers ask")));
    story.add("ali", ago(10), decide(5735, Decision::Deferred, Some("breaking, next minor")));
    let attested = Attested { pick: pull(5751), line: line(), on: true, why: text("in the base image") };
    story.add("matteo", ago(9), attested);
    let commit = PickKey::Commit(oid(777));
    let title = text("ci: run the smoke tests on the line");
    story.add("seb", ago(8), Added { pick: commit, line: line(), title, on: true, batch: None });
}

/// A queue of some hundred picks, somebody far down in it.
pub fn many_picks() -> (gonogo::release::Release, Screen) {
    let mut story = story();
    let titles =
        ["fix: do not drop the last chunk", "修复: 空列表上的分页游标", "docs: say what the limits are"];
    let rows =
        (0..500).map(|n| row(7000 + n, titles[n as usize % 3], "cdoern", 30 + n as i64 * 47)).collect();
    story.add("seb", ago(1), PicksSeen { repo: repo(), rows, gone: vec![], strays: None });
    let story = story.fold();
    let mut screen = screen(&story, 120, 36);
    screen.list_mut().step(230);
    (story.release, screen)
}

/// Somebody at the picks tab, on the one that conflicts.
pub fn screen(story: &Story, columns: u16, rows: u16) -> Screen {
    let mut screen = story.screen(columns, rows);
    screen.tab = gonogo::release::Pane::Picks;
    gonogo::screen::rows::remake(&mut screen, &story.release);
    let id = gonogo::screen::rows::RowId::Pick(pull(5742), line());
    assert!(screen.list_mut().go_to(&id), "the row is there");
    screen
}
