//! When a queue is predicted: when it, its order or its branch has moved, and never before the journal was shown.

use super::{Batch, State, Work};
use crate::release::ask::Effect;
use crate::release::entry::Stamp;
use crate::release::ids::Branch;
use crate::release::picks::{Foresight, QueueAsk};
use crate::release::text::Untrusted;
use crate::screen::Mode;
use crate::screen::notice::{Job, JobKind, Tone};

/// What was asked of the predictor, and how far it has come.
#[derive(Debug, Clone, Default)]
pub(super) struct Predicting {
    /// Numbers the runs: what an earlier one still says is dropped.
    generation: u64,
    /// What was asked last.
    asked: Option<QueueAsk>,
    /// The revision of the release and the line that it was worked out for.
    seen: Option<(u64, Option<Branch>)>,
    /// Whether a run is under way.
    running: bool,
}

impl Predicting {
    /// What was predicted is not on record: it is predicted again.
    pub fn forget(&mut self) {
        (self.asked, self.seen) = (None, None);
    }
}

/// Asks for a prediction when what it would be of has changed.
pub(super) fn look(state: &mut State, stamp: &Stamp, batch: &mut Batch) {
    if !matches!(state.screen.mode, Mode::Live | Mode::Demo) {
        return;
    }
    let shown = state.screen.branch.clone();
    let line = shown.or_else(|| state.release.line().map(|line| line.branch.clone()));
    let seen = Some((state.release.revision, line.clone()));
    if state.predicting.seen == seen {
        return;
    }
    state.predicting.seen = seen;
    let Some(ask) = line.and_then(|line| state.release.queue_ask(&line)) else { return };
    if state.predicting.asked.as_ref() == Some(&ask) {
        return;
    }
    start(state, stamp, ask, batch);
}

fn start(state: &mut State, stamp: &Stamp, ask: QueueAsk, batch: &mut Batch) {
    state.predicting.generation += 1;
    state.predicting.running = true;
    state.screen.queues.line = Some(ask.line.clone());
    state.screen.queues.untold = ask.queue.iter().map(|(key, _)| key.clone()).collect();
    let all = ask.queue.len();
    sync_job(state, Some((0, all)), stamp);
    state.predicting.asked = Some(ask.clone());
    batch.now.push(Effect::Predict(state.predicting.generation, Box::new(ask)));
    state.dirty = true;
}

/// Predicts again, as `p` does.
pub(super) fn again(state: &mut State, stamp: &Stamp, batch: &mut Batch) {
    if !matches!(state.screen.mode, Mode::Live | Mode::Demo) {
        state.notice(Tone::Warn, "nothing is predicted here: what the journal knows is shown");
        return;
    }
    let line = state.screen.queues.line.clone();
    match line.and_then(|line| state.release.queue_ask(&line)) {
        Some(ask) => start(state, stamp, ask, batch),
        None => state.notice(Tone::Plain, "nothing is queued on this line, so nothing is predicted"),
    }
}

/// A part came in. What an earlier run says is dropped.
pub(super) fn heard(state: &mut State, stamp: &Stamp, generation: u64, part: Foresight) {
    if generation != state.predicting.generation || !state.predicting.running {
        return;
    }
    for row in &part.rows {
        state.screen.queues.untold.remove(&row.pick);
    }
    let all = state.predicting.asked.as_ref().map_or(0, |ask| ask.queue.len());
    let progress = part.whole.is_none().then_some((part.done, all));
    if part.whole.is_some() {
        state.predicting.running = false;
        state.screen.queues.untold.clear();
        state.screen.queues.predicted = Some(stamp.now);
    }
    sync_job(state, progress, stamp);
    state.waiting.push_back(Work::Foresaw(Box::new(part)));
    state.dirty = true;
}

/// It could not be predicted.
pub(super) fn failed(state: &mut State, stamp: &Stamp, generation: u64, why: &Untrusted) {
    if generation == state.predicting.generation && state.predicting.running {
        stop(state, stamp);
        state.notice(Tone::Warn, format!("the queue could not be predicted: {}", why.line()));
    }
}

/// Stops the run under way; whether there was one. It is not begun again until the queue changes or somebody asks.
pub(super) fn stop(state: &mut State, stamp: &Stamp) -> bool {
    let running = std::mem::take(&mut state.predicting.running);
    state.predicting.generation += u64::from(running);
    state.screen.queues.untold.clear();
    sync_job(state, None, stamp);
    running
}

/// Keeps the job line in step.
fn sync_job(state: &mut State, progress: Option<(usize, usize)>, stamp: &Stamp) {
    let jobs = &mut state.screen.jobs;
    let since = jobs.iter().find(|job| job.kind == JobKind::Predict).map_or(stamp.now, |job| job.since);
    jobs.retain(|job| job.kind != JobKind::Predict);
    if let Some(progress) = progress {
        let text = "predicting conflicts".to_owned();
        let kind = JobKind::Predict;
        jobs.push(Job { kind, text, progress: Some(progress), since, cancel: true });
    }
}
