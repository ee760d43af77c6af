//! An order in which more of a queue applies: looked for at a key, shown, and taken as one decision.

use super::{Batch, State};
use crate::release::ask::{Ask, Effect};
use crate::release::entry::Stamp;
use crate::release::log::plural;
use crate::release::picks::{BetterOrder, OrderedBy, PickAsk, PickKey, Tally};
use crate::release::text::Untrusted;
use crate::screen::Mode;
use crate::screen::dialog::{Choice, Choosing, Dialog, Input};
use crate::screen::notice::{Job, JobKind, Tone};

/// The search under way.
#[derive(Debug, Clone, Default)]
pub(super) struct Reordering {
    /// Numbers the searches: what an earlier one finds is dropped.
    generation: u64,
    running: bool,
}

/// Most moves that are shown.
const MOVES: usize = 8;

/// Looks for a better order of the queue that is shown.
pub(super) fn look(state: &mut State, stamp: &Stamp, batch: &mut Batch) {
    if !matches!(state.screen.mode, Mode::Live | Mode::Demo) {
        state.notice(Tone::Warn, "no order is looked for here");
        return;
    }
    let line = state.screen.queues.line.clone();
    let ask = line.and_then(|line| state.release.queue_ask(&line)).filter(|ask| ask.queue.len() > 1);
    let Some(ask) = ask else {
        state.notice(Tone::Plain, "an order takes two picks that are queued");
        return;
    };
    state.reordering.generation += 1;
    state.reordering.running = true;
    state.screen.jobs.retain(|job| job.kind != JobKind::Order);
    let text = "looking for an order".to_owned();
    let job = Job { kind: JobKind::Order, text, progress: None, since: stamp.now, cancel: true };
    state.screen.jobs.push(job);
    batch.now.push(Effect::Order(state.reordering.generation, Box::new(ask)));
    state.dirty = true;
}

/// Stops the search.
pub(super) fn stop(state: &mut State) {
    state.reordering.running = false;
    state.screen.jobs.retain(|job| job.kind != JobKind::Order);
}

/// The search has come to its end: what it found is shown before it is taken.
pub(super) fn found(state: &mut State, generation: u64, found: Result<BetterOrder, Untrusted>) {
    if generation != state.reordering.generation || !state.reordering.running {
        return;
    }
    stop(state);
    state.dirty = true;
    let found = match found {
        Ok(found) => found,
        Err(why) => return state.notice(Tone::Warn, format!("no order was found: {}", why.line())),
    };
    let better =
        (found.after.applies, found.before.conflicts) > (found.before.applies, found.after.conflicts);
    if found.moved.is_empty() || !better {
        let given_up = if found.whole { "" } else { ", and the search was given up" };
        let said = format!("no order was found in which more applies: {}{given_up}", tally(found.before));
        return state.notice(Tone::Plain, said);
    }
    show(state, found);
}

fn show(state: &mut State, found: BetterOrder) {
    let mut about =
        vec![format!("as it is:  {}", tally(found.before)), format!("reordered: {}", tally(found.after))];
    let name = |key: &PickKey| state.release.pick_name(key, &found.line);
    about.extend(found.moved.iter().take(MOVES).map(|(key, after)| match after {
        Some(after) => format!("{} right after {}", name(key), after.short()),
        None => format!("{} first", name(key)),
    }));
    if found.moved.len() > MOVES {
        about.push(format!("and {} more", found.moved.len() - MOVES));
    }
    if !found.whole {
        about.push("The search was given up: there may be a better one.".to_owned());
    }
    let many = found.moved.len();
    let title = format!("Order of {}: {many} {} elsewhere", found.line.line(), plural(many, "pick"));
    let ask = PickAsk::Order { line: found.line, order: found.order, by: OrderedBy::Fix };
    let choice = |label: &str, note: &str, ask| Choice {
        value: String::new(),
        label: label.to_owned(),
        note: note.to_owned(),
        ask,
    };
    let choices = vec![
        choice("take it", "each was tried on top of those before it; z takes it back", Some(Ask::Pick(ask))),
        choice("leave it", "the order stays as it is", None),
    ];
    let (input, purpose) = (Input::default(), Choosing::Order);
    state.screen.dialogs.push(Dialog::Choose { title, about, choices, input, cursor: 0, top: 0, purpose });
}

/// "21 apply, 3 conflict".
fn tally(tally: Tally) -> String {
    let Tally { applies, empty, conflicts, unknown } = tally;
    let mut said = vec![
        format!("{applies} {}", if applies == 1 { "applies" } else { "apply" }),
        format!("{conflicts} {}", if conflicts == 1 { "conflicts" } else { "conflict" }),
    ];
    said.extend((empty > 0).then(|| format!("{empty} empty")));
    said.extend((unknown > 0).then(|| format!("{unknown} unknown")));
    said.join(", ")
}
