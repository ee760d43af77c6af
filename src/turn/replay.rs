//! The keys of a replay: step, jump, play. Nothing here can act.

use super::{Batch, State};
use crate::release::Release;
use crate::release::ask::{Effect, To};
use crate::screen::keymap::Action;
use crate::screen::timeline::Timeline;
use chrono::{NaiveDateTime, NaiveTime, TimeDelta};

/// Actions of a replay; false when the action is another.
pub(super) fn run(state: &mut State, action: Action, batch: &mut Batch) -> bool {
    let Some(timeline) = &mut state.screen.timeline else { return false };
    let at = timeline.at;
    let to = match action {
        Action::StepForward => (at + 1).min(timeline.last),
        Action::StepBack => at.saturating_sub(1),
        Action::NextMark => {
            timeline.marks.iter().map(|mark| mark.seq).find(|seq| *seq > at).unwrap_or(timeline.last)
        }
        Action::PreviousMark => {
            timeline.marks.iter().rev().map(|mark| mark.seq).find(|seq| *seq < at).unwrap_or(0)
        }
        Action::Play => {
            timeline.playing = !timeline.playing;
            return true;
        }
        Action::Faster => {
            timeline.speed = (timeline.speed * 2).min(64);
            return true;
        }
        Action::Slower => {
            timeline.speed = (timeline.speed / 2).max(1);
            return true;
        }
        _ => return false,
    };
    timeline.playing = false;
    batch.now.push(Effect::Travel(To::Entry(to)));
    true
}

/// The replay stands somewhere else.
pub(super) fn travelled(state: &mut State, release: Release, timeline: Timeline) {
    state.release = release;
    // Another moment may have as many entries taken in as this one had.
    crate::screen::rows::forget(&mut state.screen);
    let keep = state.screen.timeline.as_ref().map(|it| (it.playing, it.speed));
    let (playing, speed) = keep.unwrap_or((timeline.playing, timeline.speed));
    if let Some(ts) = timeline.ts {
        state.screen.now = ts;
    }
    let playing = playing && timeline.at < timeline.last;
    state.screen.timeline = Some(Timeline { playing, speed, ..timeline });
    state.dirty = true;
}

/// The place that a number or a time names.
pub(super) fn place(state: &State, text: &str) -> Option<To> {
    let timeline = state.screen.timeline.as_ref()?;
    if let Ok(seq) = text.trim_start_matches('#').parse::<u64>() {
        return (seq <= timeline.last).then_some(To::Entry(seq));
    }
    let (first, last) = timeline.span?;
    let full = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%SZ"];
    let wanted =
        full.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok()).or_else(|| {
            let time =
                ["%H:%M:%S", "%H:%M"].iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok())?;
            Some(timeline.ts.unwrap_or(first).date_naive().and_time(time))
        })?;
    let wanted = wanted.and_utc();
    let inside = wanted >= first - TimeDelta::minutes(1) && wanted <= last + TimeDelta::minutes(1);
    inside.then_some(To::Time(wanted))
}
