//! What the looks say aside of what they saw: what could not be read, and what is left of the forge's limits.

use crate::forge::Forge;
use crate::release::observe::Sighting;
use crate::release::text::shown;
use crate::screen::Rate;
use crate::screen::fresh::Source;
use crate::turn::Event;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use tokio::sync::mpsc::UnboundedSender;

/// What a look saw, as an event.
pub(super) fn saw(sighting: Sighting, source: Source) -> Event {
    Event::Saw(Box::new(sighting), source)
}

/// Says what could not be seen: once, not with every look.
pub(super) fn tell_once(
    told: &std::sync::Mutex<BTreeSet<String>>,
    inbox: &UnboundedSender<Event>,
    notes: impl IntoIterator<Item = String>,
) {
    let new = |note: &String| told.lock().is_ok_and(|mut told| told.insert(note.clone()));
    tell(inbox, notes.into_iter().filter(new).collect());
}

/// Says what could not be fetched.
pub(super) fn tell(inbox: &UnboundedSender<Event>, notes: Vec<String>) {
    for note in notes {
        let _ = inbox.send(Event::Notice(crate::screen::notice::Tone::Warn, shown(&note, 300)));
    }
}

/// What is left of the limits, for the mission bar.
pub(super) fn tell_limits(forge: &dyn Forge, held: Option<DateTime<Utc>>, inbox: &UnboundedSender<Event>) {
    let rates = forge.rates();
    let rate = rates.core().map(|it| Rate { left: it.remaining, limit: it.limit, reset: it.reset });
    // A forge may ask to be left alone in a reply that says nothing of its limits.
    if rate.is_some() || held.is_some() {
        let _ = inbox.send(Event::Limits(rate, held));
    }
}
