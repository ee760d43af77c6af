//! Announcing: what must be filled in first, the plan that posts, or the text to paste and the link of what was pasted.

use super::{Batch, State, Work};
use crate::release::announce::{Letter, Route};
use crate::release::ask::{Ask, Effect, Proposal};
use crate::release::text::{Untrusted, shown};
use crate::screen::dialog::{Announcing, Dialog, Input, Purpose};
use crate::screen::notice::Tone;

/// Begins an announcement: asks for its fields, or for the link of one that was made without.
pub(super) fn begin(state: &mut State, id: &str, batch: &mut Batch) {
    let unlinked = state.release.told(id).is_some_and(|told| told.link().is_none());
    if unlinked {
        return ask_link(state, id, None);
    }
    match state.release.may_announce(id) {
        Ok(fields) => next(state, Announcing { id: id.into(), given: vec![], left: fields }, batch),
        // Drafted all the same, so that the refusal is on record.
        Err(_) => draft(state, id, vec![], Route::default()),
    }
}

fn draft(state: &mut State, id: &str, fields: Vec<(Box<str>, Untrusted)>, route: Route) {
    state.waiting.push_back(Work::Draft(Proposal::Announce { id: id.into(), fields, route }));
}

/// Asks for the next field, or goes on once there is none.
fn next(state: &mut State, it: Announcing, batch: &mut Batch) {
    let title = state.release.announcement_title(&it.id);
    if let Some(field) = it.left.first() {
        let heading = format!("{title}: {}", shown(field, 60));
        let about = format!("{} of {}", it.given.len() + 1, it.given.len() + it.left.len());
        return super::prompts::prompt(state, &heading, about, Purpose::Announce(it));
    }
    if let Some(route) = state.screen.options.routes.get(&it.id).copied() {
        return draft(state, &it.id, it.given, route);
    }
    if state.release.goes_to_forge(&it.id) {
        return draft(state, &it.id, it.given, Route::default());
    }
    match state.release.letter(&it.id, &it.given, state.screen.now) {
        Ok(letter) => by_hand(state, &it.id, &letter, batch),
        Err(_) => draft(state, &it.id, it.given, Route::default()),
    }
}

/// Copies the text, shows it, and asks where it is read once it was pasted.
fn by_hand(state: &mut State, id: &str, letter: &Letter, batch: &mut Batch) {
    batch.now.push(Effect::Copy(letter.text.raw().to_owned()));
    state.notice(Tone::Good, format!("copied; paste it on {}", letter.to));
    ask_link(state, id, Some(letter.text.clone()));
    let lines = crate::release::announce::preview(letter.text.raw());
    let title = format!("Copied, to paste on {} (enter goes on)", letter.to);
    state.screen.dialogs.push(Dialog::Text { title, lines, top: 0 });
}

fn ask_link(state: &mut State, id: &str, text: Option<Untrusted>) {
    let title = format!("{}: its link", state.release.announcement_title(id));
    let about = match text {
        Some(_) => "Once it is posted: where is it read? - when it has no link; esc when it was not posted.",
        None => "It was posted: where is it read? What uses its link needs it.",
    };
    let purpose = Purpose::Announced { id: id.into(), text };
    let (about, input) = (about.to_owned(), Input::default());
    state.screen.dialogs.push(Dialog::Prompt { title, about, input, purpose, refusal: None });
}

/// Takes the answer of a prompt of an announcement; gives it back when it is about something else.
pub(super) fn answered(
    state: &mut State,
    purpose: Purpose,
    text: &str,
    batch: &mut Batch,
) -> Option<Purpose> {
    match purpose {
        Purpose::Announce(mut it) => {
            if !it.left.is_empty() {
                let name = it.left.remove(0);
                it.given.push((name.into(), Untrusted::from(text)));
            }
            next(state, it, batch);
        }
        Purpose::Announced { id, text: copied } => {
            let link = Some(text.trim()).filter(|link| *link != "-").map(Untrusted::from);
            state.waiting.push_back(Work::Ask(Ask::Vouch { id, link, text: copied }));
        }
        other => return Some(other),
    }
    None
}
