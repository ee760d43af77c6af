//! The end of a failed job's log.

use super::Github;
use super::Read;
use crate::forge::error::ForgeError;
use crate::forge::wire::check::{Job, Step};
use crate::release::checks::LogSeen;
use crate::release::ids::Repo;
use crate::release::observe::Sighting;
use crate::release::text::Untrusted;
use chrono::{DateTime, TimeDelta, Utc};

/// Lines of the tail at most.
const LINES: usize = 120;
/// Bytes of the tail at most: an entry of the journal is 64 KiB, and an escape character takes six bytes there.
const BYTES: usize = 8 * 1024;

impl Github {
    /// The last lines of the step that failed.
    pub(super) async fn see_log(&self, repo: &Repo, job: u64) -> Result<Read, ForgeError> {
        let id = job.to_string();
        let about: Job = self.client.get(&self.url(repo, &["actions", "jobs", &id], &[])?).await?.json()?;
        let text = match self.client.elsewhere(&self.url(repo, &["actions", "jobs", &id, "logs"], &[])?).await
        {
            Ok(text) => text,
            Err(ForgeError::NotFound { trail, .. }) => {
                let message = "the log is gone: GitHub keeps logs for 90 days by default, and has none before a job ends".into();
                return Err(ForgeError::Validation { message, errors: Vec::new(), trail });
            }
            Err(error) => return Err(error),
        };
        let failed =
            |step: &&Step| matches!(step.conclusion.as_deref(), Some("failure" | "timed_out" | "cancelled"));
        let step = about.steps.iter().flatten().find(failed);
        let tail = Untrusted::from(tail(&text, step));
        let step = step.and_then(|step| step.name.as_deref()).map(Untrusted::from);
        Ok(Read::new(Sighting::Log(LogSeen { repo: repo.clone(), job, step, tail }), false))
    }
}

/// The last lines of a step, or of the whole log when the step's lines cannot be told. Colours stay as they came.
///
/// Each line of a job's log starts with the time it was written; a step says to the second when it ran.
pub(crate) fn tail(log: &str, step: Option<&Step>) -> String {
    let lines: Vec<(Option<DateTime<Utc>>, &str)> = log.lines().map(timed).collect();
    let window = step.and_then(|step| Some((step.started_at?, step.completed_at?)));
    let within = |at: &Option<DateTime<Utc>>| match (window, at) {
        // Both ends are cut to the second, so the last second belongs to the step.
        (Some((from, to)), Some(at)) => *at >= from && *at < to + TimeDelta::seconds(1),
        _ => false,
    };
    let first = lines.iter().position(|(at, _)| within(at));
    let last = lines.iter().rposition(|(at, _)| within(at));
    let of_step = match (first, last) {
        (Some(first), Some(last)) => &lines[first..=last],
        _ => &lines[..],
    };
    // What follows the error is the clean-up of later steps, begun in the same second.
    let error = of_step.iter().rposition(|(_, line)| line.contains("##[error]"));
    let of_step = error.map_or(of_step, |error| &of_step[..=error]);
    let mut bytes = 0;
    let fits = |(_, line): &&(Option<DateTime<Utc>>, &str)| {
        bytes += line.len() + 1;
        bytes <= BYTES
    };
    let mut kept: Vec<&str> =
        of_step.iter().rev().take(LINES).take_while(fits).map(|(_, line)| *line).collect();
    if let (true, Some((_, line))) = (kept.is_empty(), of_step.last()) {
        let cut = line.char_indices().nth(BYTES / 4).map_or(line.len(), |(at, _)| at);
        kept.push(&line[..cut]);
    }
    kept.reverse();
    kept.join("\n")
}

/// A line and the time before it.
fn timed(line: &str) -> (Option<DateTime<Utc>>, &str) {
    let line = line.trim_start_matches('\u{feff}');
    match line.split_once(' ') {
        Some((at, rest)) if at.ends_with('Z') => match at.parse::<DateTime<Utc>>() {
            Ok(at) => (Some(at), rest),
            Err(_) => (None, line),
        },
        _ => (None, line),
    }
}
