//! Notes: drafted at a key, shown, and written in `$EDITOR`.

use super::{Batch, State, Work};
use crate::process::{Act, Audience};
use crate::release::ask::{Ask, Effect};
use crate::release::entry::Stamp;
use crate::release::ids::Tag;
use crate::release::notes::{Drafted, Written};
use crate::release::text::Untrusted;
use crate::screen::Mode;
use crate::screen::dialog::Dialog;
use crate::screen::keys::{Code, Key};
use crate::screen::notice::{Job, JobKind, Tone};
use crate::screen::rows::RowId;

/// The drafting under way.
#[derive(Debug, Clone, Default)]
pub(super) struct Noting {
    /// Numbers the runs: what an earlier one brings is dropped.
    generation: u64,
    running: bool,
}

/// Whether the item under the cursor asks for notes.
pub(super) fn is_step(state: &State) -> bool {
    let Some(RowId::Item(item)) = state.cursor() else { return false };
    let process = state.release.process.as_ref();
    process.and_then(|process| process.item(item)).is_some_and(|item| item.act == Some(Act::DraftNotes))
}

/// The tag under the cursor that is not published yet.
fn under_cursor(state: &State) -> Option<Tag> {
    let Some(RowId::Tag(tag)) = state.cursor() else { return None };
    let published = state.shown().candidates.release_of(tag).is_some_and(|it| !it.draft);
    (!published || state.is_replay()).then(|| tag.clone())
}

/// Shows the notes of the tag under the cursor, else of what comes next; drafts them where there are none.
pub(super) fn show(state: &mut State, stamp: &Stamp, batch: &mut Batch) {
    let tag = under_cursor(state);
    let order = match state.release.notes_order(tag.as_ref(), stamp) {
        Ok(order) => order,
        Err(refusal) => return state.notice(Tone::Warn, refusal.why),
    };
    let known = state.release.notes.text(&order.tag, Audience::External).is_some();
    if !known && !matches!(state.screen.mode, Mode::Live | Mode::Demo) {
        let text = format!("no notes of {} are on record", order.tag.line());
        return state.notice(Tone::Plain, text);
    }
    let tag = order.tag.clone();
    if !known {
        start(state, stamp, batch, order);
    }
    let dialog = Dialog::Notes { tag, audience: Audience::External, part: 0, top: 0 };
    state.screen.dialogs.push(dialog);
}

fn start(state: &mut State, stamp: &Stamp, batch: &mut Batch, order: crate::release::notes::Order) {
    stop(state);
    state.noting.generation += 1;
    state.noting.running = true;
    let text = format!("drafting the notes of {}", order.tag.line());
    let job = Job { kind: JobKind::Notes, text, progress: None, since: stamp.now, cancel: true };
    state.screen.jobs.push(job);
    batch.now.push(Effect::Notes(state.noting.generation, Box::new(order)));
    state.dirty = true;
}

/// Stops it.
pub(super) fn stop(state: &mut State) {
    state.noting.running = false;
    state.screen.jobs.retain(|job| job.kind != JobKind::Notes);
}

/// How many pull requests were read.
pub(super) fn progress(state: &mut State, generation: u64, done: usize, all: usize) {
    if generation == state.noting.generation
        && let Some(job) = state.screen.jobs.iter_mut().find(|job| job.kind == JobKind::Notes)
    {
        job.progress = Some((done, all));
        state.dirty = true;
    }
}

/// The drafts are there, or why not.
pub(super) fn drafted(state: &mut State, generation: u64, found: Result<Vec<Drafted>, Untrusted>) {
    if generation != state.noting.generation || !state.noting.running {
        return;
    }
    stop(state);
    state.dirty = true;
    match found {
        Ok(all) => {
            let asks = all.into_iter().map(|it| Work::Ask(Ask::KeepNotes(Box::new(it))));
            state.waiting.extend(asks);
        }
        Err(why) => state.notice(Tone::Warn, format!("no notes were drafted: {}", why.line())),
    }
}

/// A key in the dialog that shows them.
pub(super) fn key(
    state: &mut State,
    stamp: &Stamp,
    dialog: &mut Dialog,
    key: Key,
    batch: &mut Batch,
) -> bool {
    let Dialog::Notes { tag, audience, part, top } = dialog else { return false };
    let parts = state.shown().notes.drafts.get(&(tag.clone(), *audience)).map_or(0, |it| it.parts.len());
    let written = state.shown().notes.written.contains_key(&(tag.clone(), *audience));
    let pages = (parts + usize::from(written)).max(1);
    match key.code {
        Code::Tab | Code::Right | Code::Char('l') => (*part, *top) = ((*part + 1) % pages, 0),
        Code::BackTab | Code::Left | Code::Char('h') => (*part, *top) = ((*part + pages - 1) % pages, 0),
        Code::Char('a') => {
            *audience = match audience {
                Audience::External => Audience::Internal,
                Audience::Internal => Audience::External,
            };
            (*part, *top) = (0, 0);
        }
        Code::Char('r') if may(state) => match state.release.notes_order(Some(tag), stamp) {
            Ok(order) => start(state, stamp, batch, order),
            Err(refusal) => state.notice(Tone::Warn, refusal.why),
        },
        Code::Char('o') if key.ctrl => edit(state, tag, *audience, batch),
        Code::Char('e') | Code::Enter => edit(state, tag, *audience, batch),
        _ => return super::dialogs::scroll_key(top, key),
    }
    true
}

fn may(state: &State) -> bool {
    matches!(state.screen.mode, Mode::Live | Mode::Demo) && !state.screen.options.read_only
}

fn edit(state: &mut State, tag: &Tag, audience: Audience, batch: &mut Batch) {
    if !may(state) {
        return state.notice(Tone::Plain, "nothing can be written here");
    }
    match state.release.notes.text(tag, audience) {
        Some(text) => batch.now.push(Effect::Edit(text.raw().to_owned())),
        None => state.notice(Tone::Plain, "there is no draft yet"),
    }
}

/// What was written in `$EDITOR` becomes the text.
pub(super) fn edited(state: &mut State, text: &str) {
    let Some(Dialog::Notes { tag, audience, part, top }) = state.screen.dialogs.last_mut() else { return };
    (*part, *top) = (0, 0);
    let (tag, audience) = (tag.clone(), *audience);
    let before = state.release.notes.text(&tag, audience).map(|it| it.raw().trim_end().to_owned());
    if before.as_deref() == Some(text.trim_end()) {
        return state.notice(Tone::Plain, "nothing was changed");
    }
    let text = Untrusted::from(format!("{}\n", text.trim_end()));
    state.waiting.push_back(Work::Ask(Ask::WriteNotes(Written { tag, audience, text })));
}
