//! When a queue is predicted: when it, its order or its branch has moved, and never before the journal was shown.

use super::{Batch, State, Work};
use crate::release::Pane;
use crate::release::ask::Effect;
use crate::release::entry::Stamp;
use crate::release::ids::Branch;
use crate::release::picks::{Foresight, QueueAsk};
use crate::release::text::Untrusted;
use crate::screen::Mode;
use crate::screen::notice::{Job, JobKind, Tone};
use std::collections::BTreeMap;

/// What was asked of the predictor, and how far it has come. The line that is shown comes first; the newest
/// others follow one after the other while nothing else is predicted.
#[derive(Debug, Clone, Default)]
pub(super) struct Predicting {
    /// Numbers the runs: what an earlier one still says is dropped.
    generation: u64,
    /// What was asked last of each line.
    asked: BTreeMap<Branch, QueueAsk>,
    /// How many entries but predictions the release had taken in, and the line that it was worked out for.
    seen: Option<(u64, Option<Branch>)>,
    /// The line of the run that is under way.
    running: Option<Branch>,
    /// Whether somebody stopped a run: nothing is begun in the background until the queue that is shown is predicted.
    paused: bool,
}

impl Predicting {
    /// What was predicted is not on record: it is predicted again.
    pub fn forget(&mut self) {
        self.asked.clear();
        self.seen = None;
    }
}

/// Asks for a prediction when what it would be of has changed.
pub(super) fn look(state: &mut State, stamp: &Stamp, batch: &mut Batch) {
    if !matches!(state.screen.mode, Mode::Live | Mode::Demo) {
        return;
    }
    let shown = state.screen.branch.clone();
    let line = shown.or_else(|| state.release.line().map(|line| line.branch.clone()));
    let seen = Some((state.release.steady, line.clone()));
    if state.predicting.seen == seen {
        return;
    }
    state.predicting.seen = seen;
    let changed = |line: &Branch| {
        let ask = state.release.queue_ask(line)?;
        (state.predicting.asked.get(line) != Some(&ask)).then_some(ask)
    };
    if let Some(ask) = line.as_ref().and_then(changed) {
        state.predicting.paused = false;
        return start(state, stamp, ask, true, batch);
    }
    if state.predicting.running.is_some() || state.predicting.paused {
        return;
    }
    // Where nobody has a line before them, nobody has asked what would come of any.
    let others = line.map(|line| state.release.lines_beside(&line)).unwrap_or_default();
    if let Some(ask) = others.iter().find_map(changed) {
        start(state, stamp, ask, false, batch);
    }
}

fn start(state: &mut State, stamp: &Stamp, ask: QueueAsk, shown: bool, batch: &mut Batch) {
    let predicting = &mut state.predicting;
    predicting.generation += 1;
    if let Some(broken_off) = predicting.running.replace(ask.line.clone()) {
        predicting.asked.remove(&broken_off);
    }
    predicting.asked.insert(ask.line.clone(), ask.clone());
    let generation = predicting.generation;
    if shown {
        state.screen.queues.line = Some(ask.line.clone());
        state.screen.queues.untold = ask.queue.iter().map(|(key, _)| key.clone()).collect();
    }
    sync_job(state, Some((0, ask.queue.len())), stamp);
    let watched = shown && state.screen.tab == Pane::Picks;
    batch.now.push(Effect::Predict(generation, Box::new(ask), watched));
    state.dirty = true;
}

/// Predicts again, as `p` does.
pub(super) fn again(state: &mut State, stamp: &Stamp, batch: &mut Batch) {
    if !matches!(state.screen.mode, Mode::Live | Mode::Demo) {
        state.notice(Tone::Warn, "nothing is predicted here: what the journal knows is shown");
        return;
    }
    state.predicting.paused = false;
    let line = state.screen.queues.line.clone();
    match line.and_then(|line| state.release.queue_ask(&line)) {
        Some(ask) => start(state, stamp, ask, true, batch),
        None => state.notice(Tone::Plain, "nothing is queued on this line, so nothing is predicted"),
    }
}

/// A part came in. What an earlier run says is dropped.
pub(super) fn heard(state: &mut State, stamp: &Stamp, generation: u64, part: Foresight) {
    if generation != state.predicting.generation || state.predicting.running.is_none() {
        return;
    }
    let shown = state.screen.queues.line.as_ref() == Some(&part.line);
    for row in part.rows.iter().filter(|_| shown) {
        state.screen.queues.untold.remove(&row.pick);
    }
    let all = state.predicting.asked.get(&part.line).map_or(0, |ask| ask.queue.len());
    let progress = part.whole.is_none().then_some((part.done, all));
    if part.whole.is_some() {
        ended(state);
        if shown {
            state.screen.queues.untold.clear();
            state.screen.queues.predicted = Some(stamp.now);
        }
    }
    sync_job(state, progress, stamp);
    state.waiting.push_back(Work::Foresaw(Box::new(part)));
    state.dirty = true;
}

/// A run is over: the next line may follow.
fn ended(state: &mut State) {
    state.predicting.running = None;
    state.predicting.seen = None;
}

/// It could not be predicted. It is not begun again until the queue changes or somebody asks.
pub(super) fn failed(state: &mut State, stamp: &Stamp, generation: u64, why: &Untrusted) {
    if generation == state.predicting.generation
        && let Some(line) = state.predicting.running.clone()
    {
        ended(state);
        if state.screen.queues.line.as_ref() == Some(&line) {
            state.screen.queues.untold.clear();
        }
        sync_job(state, None, stamp);
        let line = line.line();
        state.notice(Tone::Warn, format!("the queue of {line} could not be predicted: {}", why.line()));
    }
}

/// Stops the run under way; whether there was one. It is not begun again until the queue changes or somebody asks.
pub(super) fn stop(state: &mut State, stamp: &Stamp) -> bool {
    let running = state.predicting.running.take().is_some();
    state.predicting.paused |= running;
    state.predicting.generation += u64::from(running);
    state.screen.queues.untold.clear();
    sync_job(state, None, stamp);
    running
}

/// Keeps the job line in step.
fn sync_job(state: &mut State, progress: Option<(usize, usize)>, stamp: &Stamp) {
    let line = state.predicting.running.clone();
    let shown = line.is_none() || line == state.screen.queues.line;
    let jobs = &mut state.screen.jobs;
    let since = jobs.iter().find(|job| job.kind == JobKind::Predict).map_or(stamp.now, |job| job.since);
    jobs.retain(|job| job.kind != JobKind::Predict);
    if let Some(progress) = progress {
        let text = match line.filter(|_| !shown) {
            Some(line) => format!("predicting {}", line.line()),
            None => "predicting conflicts".to_owned(),
        };
        let kind = JobKind::Predict;
        jobs.push(Job { kind, text, progress: Some(progress), since, cancel: true });
    }
}
