//! Where runs, jobs and steps stand at a moment: it follows from the clock alone.

use super::state::{Job, Run};

/// Where something that runs stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand<'a> {
    Queued,
    Running { since: i64 },
    Done { since: i64, until: i64, conclusion: &'a str },
}

impl<'a> Stand<'a> {
    pub(super) fn status(&self) -> &'static str {
        match self {
            Stand::Queued => "queued",
            Stand::Running { .. } => "in_progress",
            Stand::Done { .. } => "completed",
        }
    }

    pub(super) fn conclusion(&self) -> Option<&'a str> {
        match self {
            Stand::Done { conclusion, .. } => Some(conclusion),
            Stand::Queued | Stand::Running { .. } => None,
        }
    }

    pub(super) fn since(&self) -> Option<i64> {
        match self {
            Stand::Queued => None,
            Stand::Running { since } | Stand::Done { since, .. } => Some(*since),
        }
    }

    pub(super) fn until(&self) -> Option<i64> {
        match self {
            Stand::Done { until, .. } => Some(*until),
            Stand::Queued | Stand::Running { .. } => None,
        }
    }
}

/// Where a job stands; a run that is cancelled takes its unfinished jobs along.
pub(super) fn job<'a>(job: &'a Job, run: &Run, now: i64) -> Stand<'a> {
    let since = job.queued + job.delay;
    let until = since + job.length;
    if let Some(stopped) = run.cancelled.filter(|stopped| *stopped < until && *stopped >= job.queued) {
        return Stand::Done { since: since.min(stopped), until: stopped, conclusion: "cancelled" };
    }
    if now < since {
        Stand::Queued
    } else if now < until {
        Stand::Running { since }
    } else {
        Stand::Done { since, until, conclusion: &job.conclusion }
    }
}

/// Where a run stands: done when its last job is, failed when one of them is.
pub(super) fn run(run: &Run, now: i64) -> Stand<'static> {
    let stands: Vec<Stand<'_>> = run.jobs.iter().map(|one| job(one, run, now)).collect();
    if stands.iter().all(|stand| matches!(stand, Stand::Done { .. })) {
        let ended = stands.iter().filter_map(Stand::until).max().unwrap_or(run.started);
        let has = |what: &str| stands.iter().any(|stand| stand.conclusion() == Some(what));
        let conclusion = if has("failure") || has("timed_out") {
            "failure"
        } else if has("cancelled") {
            "cancelled"
        } else {
            "success"
        };
        return Stand::Done { since: run.started, until: ended, conclusion };
    }
    // Jobs that went well in an earlier attempt do not make a new one run.
    let fresh = run.jobs.iter().filter(|one| one.attempt == run.attempt);
    let waits = fresh.map(|one| job(one, run, now)).all(|stand| stand == Stand::Queued);
    if waits { Stand::Queued } else { Stand::Running { since: run.started } }
}

/// Name, stand of each step of a job, in order.
pub(super) fn steps<'a>(one: &'a Job, run: &Run, now: i64) -> Vec<(&'a str, Stand<'a>)> {
    let stand = job(one, run, now);
    let Some(began) = stand.since() else { return Vec::new() };
    let share = (one.length / i64::try_from(one.steps.len().max(1)).unwrap_or(1)).max(1);
    let failed = matches!(one.conclusion.as_str(), "failure" | "timed_out");
    let mut all = Vec::new();
    for (n, name) in one.steps.iter().enumerate() {
        let since = began + share * i64::try_from(n).unwrap_or_default();
        let until = since + share;
        let over = stand.until().unwrap_or(now);
        let conclusion = match n.cmp(&one.failing) {
            _ if stand.conclusion() == Some("cancelled") && until > over => "cancelled",
            _ if stand.conclusion() == Some("skipped") => "skipped",
            std::cmp::Ordering::Less => "success",
            std::cmp::Ordering::Equal if failed => "failure",
            std::cmp::Ordering::Greater if failed => "skipped",
            _ => "success",
        };
        all.push((
            name.as_str(),
            match () {
                () if stand.until().is_some() || until <= now => {
                    Stand::Done { since, until: until.min(over), conclusion }
                }
                () if since <= now => Stand::Running { since },
                () => Stand::Queued,
            },
        ));
    }
    all
}
