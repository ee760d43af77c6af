//! Nothing is written: what is seen folds in memory beside the record, and nothing is asked of anybody. The journal
//! cannot be written, or a release that was never opened is only looked at.

use super::record::ending;
use super::{State, Work};
use crate::release::Release;
use crate::release::entry::{Note, Stamp};
use crate::release::fact::Fact;
use crate::release::session::Opened;
use crate::screen::Mode;
use crate::screen::notice::Tone;
use chrono::{DateTime, Utc};

/// A batch could not be written: nothing runs until it can.
pub(super) fn unwritten(state: &mut State, id: u64, why: String, stamp: &Stamp) {
    if state.writing == Some(id) {
        super::record::written(state);
        if let Some(work) = state.taking.take() {
            state.waiting.push_front(work);
        }
    }
    if state.screen.mode != Mode::Grounded {
        state.aloft = state.screen.mode;
        // What was seen in the batch that is lost is seen again.
        super::watch::refresh(state, stamp);
    }
    state.screen.mode = Mode::Grounded;
    state.screen.mode_note = Some(why);
    let lost = if is_asked(state) { "; what was asked was not done" } else { "" };
    state.notice(Tone::Bad, format!("the journal cannot be written: nothing was sent{lost}; r tries again"));
}

fn is_asked(state: &State) -> bool {
    state.waiting.iter().any(|work| matches!(work, Work::Ask(_) | Work::Draft(_)))
}

/// Takes what waits while nothing can be recorded. Sightings fold in memory only. What was asked is gone: done later,
/// it would come as a surprise. What an errand brought waits, and is said on the screen.
pub(super) fn work(state: &mut State, stamp: &Stamp) {
    if is_asked(state) && state.screen.mode == Mode::Grounded {
        let said = "the journal cannot be written: what was asked was not done; r tries again";
        if state.screen.notices.back().is_none_or(|notice| !notice.text.contains("was not done")) {
            state.notice(Tone::Bad, said);
        }
    }
    for work in std::mem::take(&mut state.waiting) {
        match work {
            Work::Ask(_) | Work::Draft(_) | Work::Others(_) => {}
            Work::Saw(sighting, upto) => {
                let notes = state.shown().observe_asked(*sighting, upto);
                suppose(state, &notes, stamp);
            }
            Work::Foresaw(part) => {
                let notes = state.shown().foresee(*part);
                suppose(state, &notes, stamp);
            }
            kept @ (Work::CameBack(..) | Work::Identified(_)) => state.waiting.push_back(kept),
        }
    }
    let outcomes: Vec<_> = state.waiting.iter().filter_map(|work| happened(&state.release, work)).collect();
    state.dirty |= outcomes != state.screen.unrecorded.outcomes;
    state.screen.unrecorded.outcomes = outcomes;
}

impl State {
    /// Shows a release that was never opened, without opening it: what is seen is shown as what is not on record.
    pub fn look_on(&mut self, opened: Opened) {
        let mut release = Box::new(self.release.clone());
        release.suppose(&Fact::from(opened).into(), self.screen.now);
        self.unrecorded = Some(release);
        self.screen.unrecorded.seen = true;
    }

    /// Whether a release is shown that was never opened.
    pub(crate) fn is_looking_on(&self) -> bool {
        self.screen.mode == Mode::ReadOnly && self.unrecorded.is_some()
    }
}

/// The release was opened by somebody: from here on it is followed.
pub(super) fn stop_looking_on(state: &mut State) {
    state.screen.mode_note = None;
    state.screen.unrecorded = Default::default();
    state.unrecorded = None;
    crate::screen::rows::forget(&mut state.screen);
    state.screen.fresh.0.clear();
}

/// Folds what was seen in memory only.
fn suppose(state: &mut State, notes: &[Note], stamp: &Stamp) {
    if notes.is_empty() {
        return;
    }
    let release = state.unrecorded.get_or_insert_with(|| Box::new(state.release.clone()));
    notes.iter().for_each(|note| release.suppose(note, stamp.now));
    state.screen.unrecorded.seen = true;
    state.dirty = true;
}

/// What happened outside and is not on record, in words.
fn happened(release: &Release, work: &Work) -> Option<String> {
    let Work::CameBack(op, outcome) = work else { return None };
    let open = release.outbox.open.get(op)?;
    let note = outcome.note.as_ref().map(|note| format!(" ({})", note.line())).unwrap_or_default();
    Some(format!("{}: {}{note}", open.errand.line(), ending(outcome).1))
}

/// The journal can be written again: what is shown is the record, and the looks are taken anew.
pub(super) fn aloft(state: &mut State, now: DateTime<Utc>) {
    state.screen.mode = state.aloft;
    state.screen.mode_note = None;
    state.screen.unrecorded = Default::default();
    state.unrecorded = None;
    state.predicting.forget();
    // The revision of what was supposed may be that of the record.
    crate::screen::rows::forget(&mut state.screen);
    state.screen.fresh.0.retain(|_, look| look.asked.is_some());
    super::watch::from_journal(state, Some(now));
    state.notice(Tone::Good, "the journal can be written again; what is shown is what is on record");
}
