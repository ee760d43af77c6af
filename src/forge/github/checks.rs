//! Checks of branch tips: read by GraphQL when something moves, by ETag when nothing does.
//!
//! One query gives the tips and the past of four branches for a point. A branch on which nothing runs is afterwards
//! only asked whether anything changed, which is free; the first time costs two requests for their ETags. Where
//! something is known to have moved the query comes at once: it costs less than asking each branch. Tokens that
//! GraphQL refuses (fine-grained ones have no Checks permission) and servers without it are read by REST, the past of
//! their branches a few commits a refresh: all of it at once is a request a commit.

use super::rollup::Tip;
use super::{Github, Read};
use crate::forge::error::ForgeError;
use crate::forge::wire::check::Run;
use crate::forge::{Look, Seen};
use crate::release::checks::{Check, CheckState, History, Past, RunRef};
use crate::release::ids::{Branch, Oid, Repo};
use crate::release::observe::Sighting;
use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use std::collections::{BTreeMap, HashMap};

/// How many commits back the past of a check is read.
pub(super) const DEPTH: usize = 10;

/// Earlier commits that a refresh reads by REST at most, over all branches.
const PAST: usize = 8;

/// What is remembered of checks.
pub(super) struct Known {
    /// Whether GraphQL refuses the checks.
    pub no_rollup: bool,
    /// Whether REST refuses check runs.
    pub no_check_runs: bool,
    /// Contexts a page in GraphQL: halved when the server gives up.
    pub page: usize,
    /// Earlier commits that may still be read by REST in this refresh.
    pub past_left: usize,
    /// Branches on which nothing ran when they were last read.
    quiet: HashMap<(Repo, Branch), Tip>,
    /// Reports of earlier commits on which nothing runs any more.
    pub commits: HashMap<(Repo, Oid), Vec<Report>>,
}

impl Default for Known {
    fn default() -> Self {
        // GitHub gives up after 10 s; 50 a page is what its own rollup answers in that time.
        Self {
            no_rollup: false,
            no_check_runs: false,
            page: 50,
            past_left: 0,
            quiet: HashMap::new(),
            commits: HashMap::new(),
        }
    }
}

impl Known {
    /// Whether nothing was read yet.
    pub(super) fn is_empty(&self) -> bool {
        self.quiet.is_empty()
    }
}

/// One report on a commit: a check run, a job or a commit status.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Report {
    pub name: String,
    pub state: CheckState,
    pub workflow: Option<String>,
    pub event: Option<String>,
    pub suite: Option<u64>,
    /// The check run's id, which is the job's.
    pub id: Option<u64>,
    pub run: Option<u64>,
    pub attempt: Option<u32>,
    pub url: Option<String>,
    pub started: Option<DateTime<Utc>>,
    pub ended: Option<DateTime<Utc>>,
}

/// The state that the words of a check run or job say; GraphQL shouts them.
pub(super) fn state(status: Option<&str>, conclusion: Option<&str>) -> CheckState {
    let lower = |text: &str| text.to_ascii_lowercase();
    match status.map(lower).as_deref() {
        Some("in_progress") => return CheckState::Running,
        Some("queued" | "requested" | "waiting" | "pending") => return CheckState::Queued,
        Some("completed") | None => {}
        Some(_) => return CheckState::Unknown,
    }
    match conclusion.map(lower).as_deref() {
        Some("success") => CheckState::Passed,
        Some("failure" | "startup_failure") => CheckState::Failed,
        Some("timed_out") => CheckState::TimedOut,
        Some("action_required") => CheckState::ActionRequired,
        Some("cancelled") => CheckState::Cancelled,
        Some("skipped") => CheckState::Skipped,
        Some("neutral") => CheckState::Neutral,
        Some("stale") => CheckState::Stale,
        Some(_) | None => CheckState::Unknown,
    }
}

/// The state that a commit status says.
pub(super) fn status_state(word: Option<&str>) -> CheckState {
    match word.map(str::to_ascii_lowercase).as_deref() {
        Some("success") => CheckState::Passed,
        Some("failure" | "error") => CheckState::Failed,
        Some("pending" | "expected") => CheckState::Queued,
        Some(_) | None => CheckState::Unknown,
    }
}

/// Run and job in the address of a job's page, `…/actions/runs/1/job/2`.
pub(super) fn run_in(url: Option<&str>) -> Option<u64> {
    let rest = url?.split_once("/actions/runs/")?.1;
    rest.split('/').next()?.parse().ok()
}

/// Reports of one commit as checks, one a name. Of the reports of one workflow and event the newest counts; of what
/// is left under one name the worst: two workflows may name a job alike, and a red one must not hide.
pub(super) fn merged(reports: &[Report]) -> Vec<Check> {
    let mut newest: BTreeMap<_, &Report> = BTreeMap::new();
    for report in reports {
        let suite = if report.workflow.is_some() { None } else { report.suite };
        let key = (report.name.as_str(), report.workflow.as_deref(), report.event.as_deref(), suite);
        let rank = |it: &Report| (it.id, it.started, std::cmp::Reverse(it.state));
        let kept = newest.entry(key).or_insert(report);
        if rank(report) > rank(kept) {
            *kept = report;
        }
    }
    let mut worst: BTreeMap<&str, &Report> = BTreeMap::new();
    for report in newest.into_values() {
        let kept = worst.entry(&report.name).or_insert(report);
        if report.state < kept.state {
            *kept = report;
        }
    }
    worst.into_values().map(check).collect()
}

fn check(report: &Report) -> Check {
    let untrusted = |text: &Option<String>| text.as_deref().map(Untrusted::from);
    // Only a red check is acted on; the attempt of the others is not asked for.
    let run = report.run.zip(report.attempt).filter(|_| report.state.is_red());
    Check {
        name: Untrusted::from(report.name.as_str()),
        state: report.state,
        workflow: untrusted(&report.workflow),
        run: run.map(|(run, attempt)| RunRef { run, job: report.id, attempt }),
        url: untrusted(&report.url),
        started: report.started,
        ended: report.ended,
    }
}

/// The past of each check over commits, newest first.
pub(super) fn past(commits: &[(Oid, DateTime<Utc>, Vec<Report>)]) -> Vec<History> {
    let mut past: BTreeMap<Untrusted, Vec<Past>> = BTreeMap::new();
    for (sha, at, reports) in commits {
        for check in merged(reports).into_iter().filter(|check| !check.state.is_running()) {
            let at = check.ended.or(check.started).unwrap_or(*at);
            past.entry(check.name).or_default().push(Past { sha: *sha, state: check.state, at });
        }
    }
    past.into_iter().map(|(name, past)| History { name, past }).collect()
}

impl Github {
    /// Checks of several branches of a repository, in their order. `moved` when it is known already that something
    /// changed: then the branches are read, not asked whether they did.
    pub(super) async fn see_checks(&self, repo: &Repo, branches: &[Branch], moved: bool) -> Vec<Seen> {
        self.memory().tips.past_left = if self.client.has_token() { PAST } else { 0 };
        let (quiet, seals) = self.quiet(repo, branches, moved).await;
        let due: Vec<_> =
            branches.iter().zip(&quiet).filter(|(_, quiet)| quiet.is_none()).map(|(it, _)| it).collect();
        let mut tips: HashMap<&Branch, Result<Tip, ForgeError>> = HashMap::new();
        for some in due.chunks(4).filter(|_| self.client.has_token()) {
            if self.memory().tips.no_rollup {
                break;
            }
            match self.tips_by_graphql(repo, some).await {
                Ok(found) => tips.extend(some.iter().copied().zip(found)),
                Err(error) => self.memory().tips.no_rollup |= error.is_refusal(),
            }
        }
        let left: Vec<_> = due.into_iter().filter(|branch| !tips.contains_key(branch)).collect();
        let read = join_all(left.iter().map(|branch| self.tip_by_rest(repo, branch))).await;
        tips.extend(left.into_iter().zip(read));
        let mut found: Vec<_> = tips.values_mut().filter_map(|tip| tip.as_mut().ok()).collect();
        self.fill_attempts(repo, &mut found).await;
        let of = |((branch, quiet), seal): ((&Branch, Option<Tip>), Option<u64>)| {
            let unchanged = quiet.is_some();
            match quiet.map_or_else(|| tips.remove(branch), |tip| Some(Ok(tip))) {
                Some(Ok(tip)) => self.told(repo, branch, Tip { seal, ..tip }, unchanged).seen(),
                Some(Err(error)) => Seen::failed(key(repo, branch), &error),
                None => {
                    Seen::failed(key(repo, branch), &ForgeError::Closed { why: "it was not read".into() })
                }
            }
        };
        branches.iter().zip(quiet).zip(seals).map(of).collect()
    }

    /// A tip as a sighting; remembered when nothing runs on it and its past is known.
    fn told(&self, repo: &Repo, branch: &Branch, tip: Tip, unchanged: bool) -> Read {
        let rows = merged(tip.reports());
        let history = past(&tip.commits);
        let sighting = Sighting::Checks { branch: branch.clone(), sha: tip.sha(), rows, history };
        let note = tip.note.clone();
        if !tip.partial && tip.reports().iter().all(|report| !report.state.is_running()) {
            self.memory().tips.quiet.insert((repo.clone(), branch.clone()), tip);
        }
        Read { sighting, unchanged, note }
    }

    /// Whether the checks of some branch have yet to be paid for, so that later it can be asked for nothing whether
    /// they changed.
    pub(super) fn learns_checks(&self, repo: &Repo, branches: &[Branch]) -> bool {
        let memory = self.memory();
        let quiet = |branch: &Branch| memory.tips.quiet.get(&(repo.clone(), branch.clone()));
        branches.iter().any(|branch| quiet(branch).is_some_and(|tip| tip.seal.is_none()))
    }

    /// For each branch the tip remembered, when nothing ran on it and its seal still holds; and its newest seal.
    async fn quiet(
        &self,
        repo: &Repo,
        branches: &[Branch],
        moved: bool,
    ) -> (Vec<Option<Tip>>, Vec<Option<u64>>) {
        // They are taken out, not looked at: when this read ends in any other way they must not come back.
        let known: Vec<Option<Tip>> = {
            let quiet = &mut self.memory().tips.quiet;
            branches.iter().map(|branch| quiet.remove(&(repo.clone(), branch.clone()))).collect()
        };
        let by_query = self.client.has_token() && !self.memory().tips.no_rollup;
        // One that moved is enough: the query reads all of them for the same price.
        let mut moved = by_query && (moved || known.iter().any(Option::is_none));
        let (mut quiet, mut seals) = (Vec::new(), Vec::new());
        for (branch, known) in branches.iter().zip(known) {
            let now = match &known {
                Some(tip) if !moved => self.seal(repo, branch, tip.sha()).await.ok(),
                _ => None,
            };
            let old = known.as_ref().and_then(|tip| tip.seal);
            let still = known.filter(|_| now.is_some() && now == old);
            moved |= by_query && old.is_some() && still.is_none();
            quiet.push(still);
            // What held before this read holds what it reads as well.
            seals.push(now.or(old));
        }
        (quiet, seals)
    }

    /// The seal of a tip's lists. A 304 alone would not do: two branches on one commit share a list, and what the
    /// first has fetched is unchanged for the second.
    async fn seal(&self, repo: &Repo, branch: &Branch, sha: Oid) -> Result<u64, ForgeError> {
        let sha = sha.to_string();
        let reports = if self.memory().tips.no_check_runs {
            self.url(repo, &["actions", "runs"], &[("head_sha", &sha), super::PER_PAGE])?
        } else {
            self.url(repo, &["commits", &sha, "check-runs"], &[("filter", "latest"), super::PER_PAGE])?
        };
        let status = self.url(repo, &["commits", branch.as_str(), "status"], &[super::PER_PAGE])?;
        let lists =
            (self.listed::<serde::de::IgnoredAny>(status), self.listed::<serde::de::IgnoredAny>(reports));
        let (status, reports) = futures_util::future::try_join(lists.0, lists.1).await?;
        Ok(status.seal.rotate_left(1) ^ reports.seal)
    }

    /// The attempts of red runs, which only REST tells: from one list of the newest runs when there are several, and
    /// singly for what it does not hold. A run whose attempt stays unknown cannot be acted on.
    async fn fill_attempts(&self, repo: &Repo, tips: &mut [&mut Tip]) {
        let unknown = |tips: &[&mut Tip]| {
            let red = tips
                .iter()
                .flat_map(|tip| tip.reports())
                .filter(|it| it.state.is_red() && it.attempt.is_none());
            red.filter_map(|it| it.run).collect::<std::collections::BTreeSet<_>>()
        };
        let mut attempts: HashMap<u64, u32> = HashMap::new();
        if unknown(tips).len() > 1 {
            let query = [("exclude_pull_requests", "true"), super::PER_PAGE];
            if let Ok(runs) = self.first_page_of_runs(repo, &query).await {
                attempts.extend(runs.iter().filter_map(|run| Some((run.id?, run.run_attempt?))));
            }
        }
        let left: Vec<_> =
            unknown(tips).into_iter().filter(|run| !attempts.contains_key(run)).take(8).collect();
        let singly = join_all(left.iter().map(|run| self.run_now(repo, *run, false))).await;
        attempts.extend(singly.into_iter().flatten().filter_map(|run| Some((run.id?, run.run_attempt?))));
        for report in tips.iter_mut().flat_map(|tip| tip.reports_mut()) {
            report.attempt = report.attempt.or_else(|| attempts.get(&report.run?).copied());
        }
    }

    /// The newest runs of a repository.
    pub(super) async fn first_page_of_runs(
        &self,
        repo: &Repo,
        query: &[(&str, &str)],
    ) -> Result<Vec<Run>, ForgeError> {
        let reply = self.client.get(&self.url(repo, &["actions", "runs"], query)?).await?;
        Ok(reply.json::<crate::forge::wire::Listed<Run>>()?.rows.unwrap_or_default())
    }

    /// A run; `fresh` to pass over what was kept of it.
    pub(super) async fn run_now(&self, repo: &Repo, run: u64, fresh: bool) -> Result<Run, ForgeError> {
        let url = self.url(repo, &["actions", "runs", &run.to_string()], &[])?;
        let reply = if fresh { self.client.fresh(&url).await? } else { self.client.get(&url).await? };
        reply.json()
    }
}

fn key(repo: &Repo, branch: &Branch) -> crate::release::looks::LookKey {
    Look::Checks { repo: repo.clone(), branch: branch.clone() }.key()
}
