//! The single place where anything moves by itself: the sign of a job under way.
//!
//! With `animations = false` nothing moves. Nothing else in this room may read that option or count frames.

use super::ink::{Ink, Sign};
use crate::screen::{Glyphs, Screen};
use chrono::{DateTime, TimeDelta, Utc};

/// After so many milliseconds a job is shown: what is quicker needs no word.
pub const SHOWN_AFTER: i64 = 200;

/// How long one step takes.
const STEP: TimeDelta = TimeDelta::seconds(1);

/// The sign of a job that runs since a moment.
#[must_use]
pub fn busy(screen: &Screen, ink: &Ink, since: DateTime<Utc>) -> &'static str {
    let still = Sign::Running.glyph(ink.glyphs);
    if !screen.options.animations || ink.glyphs != Glyphs::Unicode {
        return still;
    }
    let steps = (screen.now - since).num_seconds().max(0);
    if steps % 2 == 0 { still } else { "◓" }
}

/// When something will next look different by itself: none when nothing moves.
#[must_use]
pub fn next_step(screen: &Screen) -> Option<DateTime<Utc>> {
    let shown = screen.jobs.iter().map(|job| job.since + TimeDelta::milliseconds(SHOWN_AFTER));
    let first = shown.filter(|at| *at > screen.now).min();
    let moves = screen.options.animations && screen.focused && !screen.jobs.is_empty();
    first.or_else(|| moves.then(|| screen.now + STEP))
}
