//! Checks by GraphQL: the newest commits of up to four branches in one query.

use super::checks::{DEPTH, Report, run_in, state, status_state};
use super::{Github, incomplete};
use crate::forge::error::{ForgeError, Trail};
use crate::forge::graphql;
use crate::release::ids::{Branch, Oid, Repo};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

/// The smallest page that is tried when the server gives up.
const SMALLEST: usize = 12;

/// A branch tip and the commits before it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tip {
    /// Newest first; the first is the tip. Never empty.
    pub commits: Vec<(Oid, DateTime<Utc>, Vec<Report>)>,
    /// What is to be known about them.
    pub note: Option<String>,
    /// The seal of the lists by REST, taken before the tip was read: as long as it holds nothing has changed.
    pub seal: Option<u64>,
    /// Whether more of the past is to be read another time.
    pub partial: bool,
}

impl Tip {
    /// The tip and what came before it.
    pub(super) fn new(tip: (Oid, DateTime<Utc>, Vec<Report>)) -> Self {
        Self { commits: vec![tip], note: None, seal: None, partial: false }
    }

    /// The commit.
    pub(super) fn sha(&self) -> Oid {
        self.commits[0].0
    }

    /// Reports on the tip.
    pub(super) fn reports(&self) -> &[Report] {
        &self.commits[0].2
    }

    /// Reports on the tip, to be completed.
    pub(super) fn reports_mut(&mut self) -> &mut [Report] {
        &mut self.commits[0].2
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Commit {
    oid: Option<String>,
    committed_date: Option<DateTime<Utc>>,
    status_check_rollup: Option<Rollup>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Rollup {
    contexts: Option<Contexts>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Contexts {
    page_info: Option<PageInfo>,
    nodes: Option<Vec<Option<Context>>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PageInfo {
    has_next_page: Option<bool>,
    end_cursor: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Context {
    database_id: Option<u64>,
    name: Option<String>,
    status: Option<String>,
    conclusion: Option<String>,
    started_at: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
    details_url: Option<String>,
    permalink: Option<String>,
    check_suite: Option<Suite>,
    context: Option<String>,
    state: Option<String>,
    target_url: Option<String>,
    created_at: Option<DateTime<Utc>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Suite {
    database_id: Option<u64>,
    workflow_run: Option<WorkflowRun>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct WorkflowRun {
    database_id: Option<u64>,
    event: Option<String>,
    workflow: Option<Workflow>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Workflow {
    name: Option<String>,
}

impl Github {
    /// Tips of up to four branches, in their order. A branch that does not exist is an error of its own.
    pub(super) async fn tips_by_graphql(
        &self,
        repo: &Repo,
        branches: &[&Branch],
    ) -> Result<Vec<Result<Tip, ForgeError>>, ForgeError> {
        let mut page = self.memory().tips.page;
        let data = loop {
            let mut variables =
                json!({ "owner": repo.owner(), "name": repo.name(), "depth": DEPTH, "page": page });
            for (at, branch) in branches.iter().enumerate() {
                variables[format!("b{at}")] = Value::from(branch.full());
            }
            match self.client.query(&graphql::checks_for(branches.len()), variables).await {
                Err(ForgeError::Server { .. } | ForgeError::Timeout { connecting: false, .. })
                    if page > SMALLEST =>
                {
                    page /= 2;
                    self.memory().tips.page = page;
                }
                other => break other?,
            }
        };
        let mut tips = Vec::new();
        for at in 0..branches.len() {
            tips.push(self.tip(repo, &data["repository"][format!("b{at}")]).await);
        }
        Ok(tips)
    }

    async fn tip(&self, repo: &Repo, found: &Value) -> Result<Tip, ForgeError> {
        let trail = || Trail { what: format!("GraphQL checks of {}", repo.as_str()), ..Trail::default() };
        if found.is_null() {
            let message = "there is no such branch".into();
            return Err(ForgeError::NotFound { message, trail: Box::new(trail()) });
        }
        let nodes = found["target"]["history"]["nodes"].clone();
        let nodes: Vec<Commit> =
            serde_json::from_value(nodes).map_err(|_| incomplete("commits cannot be read", trail()))?;
        let mut commits = Vec::new();
        for (at, node) in nodes.into_iter().enumerate() {
            let oid = node.oid.as_deref().and_then(|oid| Oid::parse(oid).ok());
            let oid = oid.ok_or_else(|| incomplete("a commit without an id", trail()))?;
            let contexts = node.status_check_rollup.and_then(|rollup| rollup.contexts).unwrap_or_default();
            let next = next(&contexts);
            let mut reports = reports(contexts);
            // The tip must be whole; of the past a page is enough to tell a trend.
            if let Some(next) = next.filter(|_| at == 0) {
                reports.extend(self.more(repo, oid, next).await?);
            }
            commits.push((oid, node.committed_date.unwrap_or_default(), reports));
        }
        if commits.is_empty() {
            Err(incomplete("a branch without commits", trail()))
        } else {
            Ok(Tip { commits, note: None, seal: None, partial: false })
        }
    }

    /// The further pages of a commit's checks.
    async fn more(&self, repo: &Repo, oid: Oid, mut after: String) -> Result<Vec<Report>, ForgeError> {
        let mut all = Vec::new();
        for _ in 0..super::PAGES {
            let variables = json!({
                "owner": repo.owner(), "name": repo.name(), "oid": oid.to_string(), "page": 100, "after": after,
            });
            let data = self.client.query(graphql::MORE_CHECKS, variables).await?;
            let trail = || Trail { what: format!("GraphQL checks of {}", oid.short()), ..Trail::default() };
            let found = data["repository"]["object"]["statusCheckRollup"]["contexts"].clone();
            let found: Option<Contexts> = serde_json::from_value(found)
                .map_err(|_| incomplete("a page of checks cannot be read", trail()))?;
            let contexts = found.ok_or_else(|| incomplete("a page of checks is missing", trail()))?;
            let next = next(&contexts);
            all.extend(reports(contexts));
            match next {
                Some(next) => after = next,
                None => return Ok(all),
            }
        }
        Err(incomplete("too many checks", Trail::default()))
    }
}

fn next(contexts: &Contexts) -> Option<String> {
    let info = contexts.page_info.as_ref()?;
    info.end_cursor.clone().filter(|_| info.has_next_page == Some(true))
}

fn reports(contexts: Contexts) -> Vec<Report> {
    contexts.nodes.into_iter().flatten().flatten().map(report).collect()
}

fn report(it: Context) -> Report {
    if let Some(context) = it.context {
        return Report {
            name: context,
            state: status_state(it.state.as_deref()),
            workflow: None,
            event: None,
            suite: None,
            id: None,
            run: None,
            attempt: None,
            url: it.target_url.filter(|url| !url.is_empty()),
            started: it.created_at,
            ended: None,
        };
    }
    let suite = it.check_suite.unwrap_or_default();
    let run = suite.workflow_run.unwrap_or_default();
    Report {
        name: it.name.unwrap_or_default(),
        state: state(it.status.as_deref(), it.conclusion.as_deref()),
        workflow: run.workflow.and_then(|workflow| workflow.name),
        event: run.event,
        suite: suite.database_id,
        id: it.database_id,
        run: run.database_id.or_else(|| run_in(it.details_url.as_deref())),
        attempt: None,
        url: it.details_url.or(it.permalink).filter(|url| !url.is_empty()),
        started: it.started_at,
        ended: it.completed_at,
    }
}
