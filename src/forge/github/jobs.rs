//! Checks by REST: check runs and commit statuses, or workflow jobs where check runs are refused.

use super::checks::{DEPTH, Report, run_in, state, status_state};
use super::rollup::Tip;
use super::{Github, PER_PAGE, incomplete};
use crate::forge::error::{ForgeError, Trail};
use crate::forge::wire::check;
use crate::release::ids::{Branch, Oid, Repo};
use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use std::collections::HashMap;

/// Commits back that are read job by job, when check runs are refused: each costs a request a run.
const SHALLOW: usize = 3;

/// What a token without the Checks permission does not see.
const HIDDEN: &str = "the token may not read check runs: these are Actions jobs and commit statuses; checks of other apps are missing";

impl Github {
    /// The tip of a branch and its past, by REST.
    pub(super) async fn tip_by_rest(&self, repo: &Repo, branch: &Branch) -> Result<Tip, ForgeError> {
        let (sha, statuses) = self.statuses(repo, branch.as_str()).await?;
        let (has_status, mut reports) = (!statuses.is_empty(), statuses);
        reports.extend(self.runs_of(repo, sha, true).await?);
        let mut tip = Tip::new((sha, DateTime::UNIX_EPOCH, reports));
        if self.memory().tips.no_check_runs {
            tip.note = Some(HIDDEN.to_owned());
        }
        // Without a token there are 60 requests an hour: too few for the past.
        if self.client.has_token() {
            self.past_by_rest(repo, branch, &mut tip, has_status).await;
        }
        Ok(tip)
    }

    /// Adds the past to a tip. It is a comfort: where it cannot be read the tip still stands.
    async fn past_by_rest(&self, repo: &Repo, branch: &Branch, tip: &mut Tip, has_status: bool) {
        let Ok(commits) = self.commits(repo, branch).await else { return };
        let sha = tip.sha();
        let depth = if self.memory().tips.no_check_runs { SHALLOW } else { DEPTH };
        let earlier: Vec<_> = commits.iter().filter(|(oid, _)| *oid != sha).take(depth - 1).collect();
        let allowed: Vec<_> = earlier.iter().copied().filter(|(oid, _)| self.may_read(repo, *oid)).collect();
        tip.partial = allowed.len() < earlier.len();
        let read = join_all(allowed.iter().map(|(oid, _)| self.earlier(repo, *oid, has_status))).await;
        let at = commits.iter().find(|(oid, _)| *oid == sha).map(|(_, at)| *at);
        tip.commits[0].1 = at.unwrap_or_default();
        let whole =
            allowed.into_iter().zip(read).filter_map(|((oid, at), reports)| Some((*oid, *at, reports.ok()?)));
        tip.commits.extend(whole);
    }

    /// Whether an earlier commit is known, or may be read in this refresh.
    fn may_read(&self, repo: &Repo, sha: Oid) -> bool {
        let tips = &mut self.memory().tips;
        if tips.commits.contains_key(&(repo.clone(), sha)) {
            return true;
        }
        let may = tips.past_left > 0;
        tips.past_left = tips.past_left.saturating_sub(1);
        may
    }

    /// Commit statuses, and the commit that they are of.
    pub(super) async fn statuses(&self, repo: &Repo, at: &str) -> Result<(Oid, Vec<Report>), ForgeError> {
        let url = self.url(repo, &["commits", at, "status"], &[PER_PAGE])?;
        let pages = self.listed::<check::Status>(url).await?;
        let sha = pages.sha.as_deref().and_then(|sha| Oid::parse(sha).ok());
        let sha = sha.ok_or_else(|| incomplete("a status without its commit", Trail::default()))?;
        Ok((sha, pages.rows.into_iter().map(status).collect()))
    }

    /// Check runs of a commit, or the jobs of its workflow runs where check runs are refused. Which workflow each
    /// belongs to costs a request more.
    pub(super) async fn runs_of(
        &self,
        repo: &Repo,
        sha: Oid,
        named: bool,
    ) -> Result<Vec<Report>, ForgeError> {
        let hex = sha.to_string();
        if !self.memory().tips.no_check_runs {
            let url = self.url(repo, &["commits", &hex, "check-runs"], &[("filter", "latest"), PER_PAGE])?;
            match self.listed::<check::CheckRun>(url).await {
                Ok(pages) => {
                    let mut reports: Vec<_> = pages.rows.into_iter().map(check_run).collect();
                    if named && reports.iter().any(|report| report.run.is_some()) {
                        // The workflow's name and attempt are only in the run; without them the checks still stand.
                        name_runs(&mut reports, &self.runs_at(repo, &hex).await.unwrap_or_default());
                    }
                    return Ok(reports);
                }
                Err(ForgeError::Forbidden { .. }) => self.memory().tips.no_check_runs = true,
                Err(error) => return Err(error),
            }
        }
        let runs = newest(self.runs_at(repo, &hex).await?);
        let jobs = join_all(runs.iter().map(|run| self.jobs(repo, run))).await;
        Ok(jobs.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    async fn runs_at(&self, repo: &Repo, sha: &str) -> Result<Vec<check::Run>, ForgeError> {
        let url = self.url(repo, &["actions", "runs"], &[("head_sha", sha), PER_PAGE])?;
        self.listed::<check::Run>(url).await.map(|pages| pages.rows)
    }

    /// Jobs of a run's latest attempt.
    async fn jobs(&self, repo: &Repo, run: &check::Run) -> Result<Vec<Report>, ForgeError> {
        let id = run.id.ok_or_else(|| incomplete("a run without an id", Trail::default()))?;
        let path = ["actions", "runs", &id.to_string(), "jobs"];
        let pages =
            self.listed::<check::Job>(self.url(repo, &path, &[("filter", "latest"), PER_PAGE])?).await?;
        let mut reports: Vec<_> = pages.rows.into_iter().map(job).collect();
        name_runs(&mut reports, std::slice::from_ref(run));
        Ok(reports)
    }

    /// The newest commits of a branch, newest first.
    async fn commits(&self, repo: &Repo, branch: &Branch) -> Result<Vec<(Oid, DateTime<Utc>)>, ForgeError> {
        let count = DEPTH.to_string();
        let url = self.url(repo, &["commits"], &[("sha", branch.as_str()), ("per_page", &count)])?;
        let rows: Vec<check::Commit> = self.client.get(&url).await?.json()?;
        let row = |it: check::Commit| {
            let at = it.commit.and_then(|commit| commit.committer).and_then(|committer| committer.date);
            Some((Oid::parse(&it.sha?).ok()?, at.unwrap_or_default()))
        };
        Ok(rows.into_iter().filter_map(row).collect())
    }

    /// Reports of an earlier commit; asked again only while something runs on it.
    async fn earlier(&self, repo: &Repo, sha: Oid, has_status: bool) -> Result<Vec<Report>, ForgeError> {
        let key = (repo.clone(), sha);
        if let Some(reports) = self.memory().tips.commits.get(&key) {
            return Ok(reports.clone());
        }
        let mut reports = self.runs_of(repo, sha, false).await?;
        if has_status {
            reports.extend(self.statuses(repo, &sha.to_string()).await?.1);
        }
        if reports.iter().all(|report| !report.state.is_running()) {
            let mut memory = self.memory();
            // Bounded: a long session sees many commits.
            if memory.tips.commits.len() > 400 {
                memory.tips.commits.clear();
            }
            memory.tips.commits.insert(key, reports.clone());
        }
        Ok(reports)
    }
}

/// Of runs of one workflow for one event the newest.
fn newest(runs: Vec<check::Run>) -> Vec<check::Run> {
    let mut newest: HashMap<_, check::Run> = HashMap::new();
    for run in runs {
        let kept = newest.entry((run.name.clone(), run.event.clone())).or_insert_with(|| run.clone());
        if run.id > kept.id {
            *kept = run;
        }
    }
    newest.into_values().collect()
}

/// Puts the workflow's name, event and attempt on reports of its run.
fn name_runs(reports: &mut [Report], runs: &[check::Run]) {
    for report in reports {
        let of = |run: &&check::Run| {
            (report.run.is_some() && run.id == report.run)
                || (report.suite.is_some() && run.check_suite_id == report.suite)
        };
        if let Some(run) = runs.iter().find(of) {
            report.run = run.id;
            report.workflow.clone_from(&run.name);
            report.event.clone_from(&run.event);
            report.attempt = run.run_attempt;
        }
    }
}

fn status(it: check::Status) -> Report {
    Report {
        name: it.context.unwrap_or_default(),
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
    }
}

fn check_run(it: check::CheckRun) -> Report {
    Report {
        name: it.name.unwrap_or_default(),
        state: state(it.status.as_deref(), it.conclusion.as_deref()),
        workflow: None,
        event: None,
        suite: it.check_suite.and_then(|suite| suite.id),
        id: it.id,
        run: run_in(it.details_url.as_deref()).or_else(|| run_in(it.html_url.as_deref())),
        attempt: None,
        url: it.details_url.or(it.html_url).filter(|url| !url.is_empty()),
        started: it.started_at,
        ended: it.completed_at,
    }
}

fn job(it: check::Job) -> Report {
    Report {
        name: it.name.unwrap_or_default(),
        state: state(it.status.as_deref(), it.conclusion.as_deref()),
        workflow: None,
        event: None,
        suite: None,
        id: it.id,
        run: it.run_id,
        attempt: it.run_attempt,
        url: it.html_url.filter(|url| !url.is_empty()),
        started: it.started_at,
        ended: it.completed_at,
    }
}
