//! How a project writes the pull requests that bring picks to a line.

use serde::Deserialize;

/// What becomes of a pick that conflicts on its way into a backport pull request.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conflicting {
    /// It waits in its worktree for a person.
    #[default]
    Wait,
    /// It is committed with its conflict markers, and the pull request is opened as a draft that says so.
    Draft,
}

/// `[picks.backport]`: how a backport pull request is written. Texts may hold `{branch}` (also `{line}`), `{major}`,
/// `{minor}` of the line, `{number}`, `{title}`, `{author}`, `{commit}` of the pick, `{count}` and `{numbers}` of the
/// picks, `{me}`; the body also `{picks}`, a list of them with links.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PickBackport {
    /// `title`: of a pull request with one pick; default `"{title} (backport #{number})"`.
    pub title: Option<String>,
    /// `batch_title`: of one with several; default `"Backport {numbers} to {branch}"`.
    pub batch_title: Option<String>,
    /// `body`: what it says; default the list of picks. What conflicts, and the mark of the operation, follow it.
    pub body: Option<String>,
    /// `labels`: labels that it gets: `["backport"]`.
    pub labels: Vec<String>,
    /// `assignees`: logins, or `"{author}"` (who wrote the pick), `"{me}"` (who opens it).
    pub assignees: Vec<String>,
    /// `reviewers`: logins, or `"{approvers}"` (who approved the pick), `"{author}"`, `"{owners}"` (the people that
    /// CODEOWNERS of the line names for its paths).
    pub reviewers: Vec<String>,
    /// `draft`: whether every one is opened as a draft; default no.
    pub draft: bool,
    /// `conflicts`: `"wait"` (default): what conflicts waits in its worktree for a person; `"draft"`: it is committed
    /// with its conflict markers and opened as a draft.
    pub conflicts: Conflicting,
}

impl PickBackport {
    /// What a pick's own branch is called unless `picks.branch` says otherwise.
    pub const BRANCH: &'static str = "backport/{number}-to-{branch}";
    /// The title unless `title` says otherwise.
    pub const TITLE: &'static str = "{title} (backport #{number})";
    /// The title of a batch unless `batch_title` says otherwise.
    pub const BATCH: &'static str = "Backport {numbers} to {branch}";
    /// The body unless `body` says otherwise.
    pub const BODY: &'static str = "Backport to {branch}:\n\n{picks}";

    /// Every text with its key.
    pub(super) fn each(&self) -> Vec<(String, &str)> {
        let texts = [("title", &self.title), ("batch_title", &self.batch_title), ("body", &self.body)];
        let mut all: Vec<_> = texts
            .into_iter()
            .filter_map(|(key, text)| Some((format!("picks.backport.{key}"), text.as_deref()?)))
            .collect();
        for (key, list) in
            [("labels", &self.labels), ("assignees", &self.assignees), ("reviewers", &self.reviewers)]
        {
            let each = list.iter().enumerate();
            all.extend(each.map(|(at, text)| (format!("picks.backport.{key}[{at}]"), text.as_str())));
        }
        all
    }
}
