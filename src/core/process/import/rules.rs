//! Sentences that are a rule of the process: of milestones, picks, hotfixes, and what a gate could ask.

use super::piece::{Document, Kind, Piece, has};
use super::write::quoted;

/// A rule: the table and line of the process that say it, and the piece.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub table: &'static str,
    pub line: String,
    pub by: usize,
}

/// A gate that a sentence asks for: its id, its kind as TOML, and the piece.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub id: &'static str,
    pub kind: &'static str,
    pub by: usize,
}

const PICKS: [&str; 8] = [
    "cherry-pick",
    "cherry-picked",
    "cherry-picks",
    "cherrypick",
    "cherry pick",
    "backport",
    "backported",
    "backports",
];

/// Every rule, each once, by the first sentence that says it.
pub(super) fn rules(document: &Document) -> Vec<Rule> {
    let mut found: Vec<Rule> = Vec::new();
    for (by, piece) in document.pieces.iter().enumerate() {
        let lower = piece.text.to_lowercase();
        let said: Vec<(&'static str, String)> = match piece.kind {
            Kind::FrontMatter => tracking_labels(piece).into_iter().collect(),
            kind if kind.says() => {
                let title = document
                    .sections
                    .get(piece.section)
                    .map(|it| it.title.to_lowercase())
                    .unwrap_or_default();
                let milestones = milestone(&lower, &title);
                milestones
                    .into_iter()
                    .chain(fixes(&lower))
                    .map(|(table, line)| (table, line.to_owned()))
                    .collect()
            }
            _ => Vec::new(),
        };
        for (table, line) in said {
            let key = line.split('=').next().unwrap_or_default();
            if !found.iter().any(|known| known.table == table && known.line.split('=').next() == Some(key)) {
                found.push(Rule { table, line, by });
            }
        }
    }
    found
}

/// The labels of an issue's template.
fn tracking_labels(piece: &Piece) -> Option<(&'static str, String)> {
    let list = piece.text.strip_prefix("labels:")?.trim().trim_matches(['[', ']']).split(',');
    let list: Vec<String> =
        list.map(|it| it.trim().trim_matches(['"', '\''])).filter(|it| !it.is_empty()).map(quoted).collect();
    (!list.is_empty()).then(|| ("milestone", format!("tracking_labels = [{}]", list.join(", "))))
}

fn milestone(lower: &str, title: &str) -> Vec<(&'static str, &'static str)> {
    let words = ["milestone", "milestones", "里程碑"];
    let mut found = Vec::new();
    if !(has(lower, &words) || has(title, &words)) {
        return found;
    }
    if has(lower, &["issues only", "only issues"]) || lower.contains("not prs") {
        found.push(("milestone", "issues_only = true"));
    }
    if has(lower, &["rationale", "justification"]) && has(lower, &["moved", "move", "postponed", "deferred"])
    {
        found.push(("milestone", "rationale_required = true"));
    }
    found
}

fn fixes(lower: &str) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    let back = has(
        lower,
        &["merged back", "merge back", "back-merge", "backmerge", "merged into all active", "合并回"],
    );
    let trunk = has(lower, &["main", "master", "trunk"]);
    if has(lower, &PICKS)
        && trunk
        && !back
        && has(lower, &["first", "from main", "from master", "from trunk"])
    {
        found.push(("picks", "direction = \"trunk-first\""));
    }
    let fix = has(lower, &["hotfix", "hotfixes", "hot fixes", "fix", "fixes"]);
    if fix
        && has(lower, &["directly into", "directly to", "directly in"])
        && has(lower, &["release branch", "release branches"])
    {
        found.push(("picks", "direction = \"line-first\""));
    }
    if has(lower, &PICKS) && has(lower, &["cherry-pick -x", "-x"]) {
        found.push(("picks", "record_origin = true"));
    }
    if back {
        found.push(("hotfix", "merge_back = true"));
    }
    if has(lower, &["production tag", "from the tag"]) && has(lower, &["hotfix", "branch"]) {
        found.push(("hotfix", "from = \"tag\""));
    }
    found
}

/// Gates that sentences ask for, each once.
pub(super) fn gates(document: &Document) -> Vec<Asked> {
    let mut found: Vec<Asked> = Vec::new();
    for (by, piece) in document.said() {
        let lower = piece.text.to_lowercase();
        let mut gate = |id, kind, fits: bool| {
            if fits && !found.iter().any(|known| known.id == id) {
                found.push(Asked { id, kind, by });
            }
        };
        let closed =
            has(&lower, &["closed", "completed", "resolved", "done", "empty", "no open", "关闭", "完成"]);
        gate("milestone", "\"milestone\"", closed && has(&lower, &["milestone", "里程碑"]));
        let ci = has(&lower, &["ci", "tests", "test suite", "builds", "checks", "持续集成"]);
        gate(
            "ci",
            "{ checks = { on = \"line\" } }",
            ci && has(&lower, &["green", "pass", "passes", "passing", "must pass", "succeed", "通过"]),
        );
        gate(
            "blockers",
            "\"blockers\"",
            has(
                &lower,
                &["blocker", "blockers", "release-blocking", "release blocking", "blocking issues", "阻塞"],
            ),
        );
        gate("freeze", "\"freeze\"", has(&lower, &["code freeze", "feature freeze", "代码冻结", "封版"]));
        gate("decision", "\"decision\"", has(&lower, &["go/no-go", "go / no-go", "go/no go"]));
        gate("merge-back", "\"merge-back\"", has(&lower, &["merged back", "merge back"]));
        gate(
            "window",
            "{ window = { window = \"…\" } }",
            has(&lower, &["release window", "deployment window"]),
        );
    }
    found
}
