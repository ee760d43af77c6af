//! The releases of the set: their overview, and the way from one to another.

use super::{Batch, State, Work};
use crate::release::ask::Effect;
use crate::release::ids::ReleaseName;
use crate::release::set::Other;
use crate::screen::Mode;
use crate::screen::dialog::Dialog;
use crate::screen::fresh::next_step;
use crate::screen::keys::{Code, Key};
use crate::screen::notice::Tone;
use crate::screen::set::{self, Member, Stand};
use chrono::{DateTime, TimeDelta, Utc};

/// Shows the releases of the set, the cursor on the one that is open.
pub(super) fn open(state: &mut State, batch: &mut Batch) {
    let shown = state.shown();
    let own = shown.opened.as_ref().map(|opened| opened.release.clone());
    let names = set::names(shown, &state.screen);
    let at = own.filter(|own| names.contains(own)).or_else(|| names.first().cloned());
    let Some(at) = at else { return };
    state.screen.dialogs.push(Dialog::Set(at));
    survey(state, batch);
}

/// A key in the overview; false when it closes.
pub(super) fn key(state: &mut State, at: &mut ReleaseName, key: Key, batch: &mut Batch) -> bool {
    let names = set::names(state.shown(), &state.screen).to_vec();
    let here = names.iter().position(|name| name == at).unwrap_or(0);
    let last = names.len().saturating_sub(1);
    let to = match key.code {
        Code::Down | Code::Tab | Code::Char('j') => (here + 1).min(last),
        Code::Up | Code::BackTab | Code::Char('k') => here.saturating_sub(1),
        Code::Home | Code::Char('g') => 0,
        Code::End | Code::Char('G') => last,
        Code::Char('r') => {
            survey(state, batch);
            here
        }
        Code::Enter => return switch(state, at.clone()),
        _ => return key.code != Code::Char('q'),
    };
    if let Some(name) = names.get(to) {
        *at = name.clone();
    }
    true
}

/// Goes to another release of the set, once what is being written is on disk; false when the overview closes.
fn switch(state: &mut State, to: ReleaseName) -> bool {
    if state.shown().opened.as_ref().is_some_and(|opened| opened.release == to) {
        return false;
    }
    let why = match state.screen.mode {
        Mode::Replay => Some("a replay shows one journal: gonogo replay --release shows another"),
        Mode::Grounded => {
            Some("the journal cannot be written: what is not on record would be lost; r tries again")
        }
        Mode::Opening => Some("the journal is being read"),
        Mode::Live | Mode::Demo | Mode::ReadOnly => None,
    };
    let sending = state.is_sending().then_some("a write is under way: go on when it has ended (! shows it)");
    if let Some(why) = why.or(sending) {
        state.notice(Tone::Warn, why);
        return true;
    }
    state.switching = Some(to);
    true
}

/// Reads the journals of the others again.
pub(super) fn survey(state: &mut State, batch: &mut Batch) {
    let others = set::names(state.shown(), &state.screen).len() + state.release.set.left.len();
    if others == 0 || state.screen.mode == Mode::Replay {
        return;
    }
    if state.screen.set.reading.is_some() {
        state.screen.set.again = true;
        return;
    }
    state.screen.set.reading = Some(state.screen.now);
    batch.now.push(Effect::Survey);
}

/// The journals of the others were read.
pub(super) fn surveyed(state: &mut State, found: Vec<(ReleaseName, Member)>, batch: &mut Batch) {
    let now = state.screen.now;
    let other = |(release, member): &(ReleaseName, Member)| {
        let Stand::Known(it) = &member.stand else { return None };
        Some(Other { release: release.clone(), given_up: it.given_up.clone() })
    };
    state.waiting.push_back(Work::Others(found.iter().filter_map(other).collect()));
    let set = &mut state.screen.set;
    set.known = found.into_iter().collect();
    (set.reading, set.read) = (None, Some(now));
    state.dirty = true;
    if std::mem::take(&mut set.again) {
        survey(state, batch);
    }
}

/// How often the journals are read while their overview is shown.
fn cadence(state: &State) -> Option<DateTime<Utc>> {
    let every = i64::from(state.screen.options.poll?);
    let set = &state.screen.set;
    let shown = matches!(state.screen.dialogs.last(), Some(Dialog::Set(_)));
    (shown && set.reading.is_none()).then_some(set.read? + TimeDelta::seconds(every))
}

/// Reads the journals again when that is due.
pub(super) fn look(state: &mut State, batch: &mut Batch) {
    if cadence(state).is_some_and(|due| due <= state.screen.now) {
        survey(state, batch);
    }
}

/// When the overview is to be drawn anew: an age in it changes, or the journals are due.
pub(super) fn deadlines(state: &State) -> Vec<DateTime<Utc>> {
    let Some(Dialog::Set(_)) = state.screen.dialogs.last() else { return vec![] };
    let now = state.screen.now;
    let seen = set::times(state.shown(), &state.screen);
    seen.map(|at| next_step(now, at)).chain(cadence(state)).collect()
}

/// The release that is gone to, once nothing is being written and no journal is being read.
pub(super) fn leaves_for(state: &mut State) -> Option<ReleaseName> {
    if state.is_busy() || state.screen.set.reading.is_some() {
        return None;
    }
    state.switching.take()
}
