//! The journal's side of a turn: entries taken in, work decided on what is on disk.

use super::{Batch, Event, State, Work, grounded};
use crate::release::ask::{Decision, Effect};
use crate::release::entry::{Entry, Stamp};
use crate::release::errand::{Errand, Outcome, Status};
use crate::release::fact::{self, Fact};
use crate::release::ids::{Login, OpId};
use crate::release::profile::Offer;
use crate::release::session::Identified;
use crate::release::text::Untrusted;
use crate::screen::dialog::Dialog;
use crate::screen::notice::{Job, JobKind, Tone};
use crate::screen::{Mode, rows};

/// Entries of issues that are taken in at once: some hundred issues.
const SLICE: usize = 4;

/// Takes in entries that are on disk.
pub(super) fn take(state: &mut State, entries: Vec<Entry>) {
    if state.is_looking_on() && !entries.is_empty() {
        grounded::stop_looking_on(state);
    }
    fold(state, entries);
    taken(state);
}

/// Takes in the first entries of the batch that is being written, and gives back every other event. What the screen
/// shows follows when the last entries end the batch, or with the next frame.
pub(super) fn begin(state: &mut State, event: Event) -> Option<Event> {
    match event {
        Event::Read(entries) if state.writing.is_some() => {
            fold(state, entries);
            state.screen.partial = true;
            None
        }
        Event::Uploading(op, sent, all) => {
            uploading(state, &op, (sent, all));
            None
        }
        other => Some(other),
    }
}

/// A batch that is on disk, as the events that take it in: a first look at thousands of issues takes several turns, so
/// that no key waits for all of them. The last ends the batch.
#[must_use]
pub fn in_turns(id: u64, mut entries: Vec<Entry>) -> Vec<Event> {
    let issues = |entry: &&Entry| matches!(entry.fact, Fact::Milestone(fact::Milestone::Issues(_)));
    let mut left = entries.iter().take_while(issues).count();
    let mut events = vec![];
    while left > SLICE {
        let rest = entries.split_off(SLICE);
        events.push(Event::Read(std::mem::replace(&mut entries, rest)));
        left -= SLICE;
    }
    events.push(Event::Recorded(id, entries));
    events
}

/// Folds entries that are not folded yet, and nothing else.
fn fold(state: &mut State, entries: Vec<Entry>) {
    unfolded(state, entries).into_iter().for_each(|entry| state.release.apply_owned(entry));
}

/// The entries that are not folded yet: a journal that is opened again while a batch is taken in brings all of it.
fn unfolded(state: &State, mut entries: Vec<Entry>) -> Vec<Entry> {
    let head = state.release.head.map(|(seq, ..)| seq);
    entries.retain(|entry| head.is_none_or(|head| entry.seq > head));
    entries
}

/// What follows from entries that were folded.
fn taken(state: &mut State) {
    state.screen.partial = false;
    // Who follows sees the world through the holder's looks.
    if state.screen.mode == Mode::ReadOnly {
        super::watch::from_journal(state, None);
    }
    state.dirty = true;
}

/// The journal is read to its end.
pub(super) fn opened(state: &mut State, mode: Mode, note: Option<String>, batch: &mut Batch) {
    state.screen.mode = mode;
    state.screen.mode_note = note;
    state.screen.opening = None;
    // What the journal knows is as old as its last look, until the world answers.
    super::watch::from_journal(state, None);
    if matches!(mode, Mode::Live | Mode::Demo) {
        batch.now.extend(state.release.probes());
        if state.release.session.as_ref().is_some_and(|session| &*session.auth != "none") {
            batch.now.push(Effect::Identify);
        }
    }
    super::set::survey(state, batch);
    rows::forget(&mut state.screen);
    rows::refresh(&mut state.screen, &state.release);
    if let Some(held) = state.release.meetings.now() {
        let text = format!("{} has not ended: gm goes on with it", held.opened.title.line());
        state.notice(Tone::Plain, text);
    }
    if std::mem::take(&mut state.screen.options.meet) && matches!(mode, Mode::Live | Mode::Demo) {
        super::meeting::open(state);
    }
    let stopped = state.release.outbox.plans.iter().filter(|plan| plan.stopped.is_some()).count();
    let doubts = state.release.outbox.in_doubt().count();
    if doubts > 0 {
        let text = format!("{doubts} unfinished: looking what became of it (gu shows)");
        state.notice(Tone::Warn, text);
    } else if stopped > 0 {
        state.notice(Tone::Warn, format!("{stopped} unfinished (gu goes on or calls off)"));
    }
    state.dirty = true;
}

/// Of what was seen of issues and checks nothing is told: a look has thousands of rows.
fn is_one_of_many(fact: &Fact) -> bool {
    match fact {
        Fact::Checks(fact) => !matches!(fact, fact::Checks::Run(_)),
        Fact::Milestone(fact) => matches!(fact, fact::Milestone::Issues(_)),
        _ => false,
    }
}

/// A batch is on disk.
pub(super) fn recorded(state: &mut State, id: u64, entries: Vec<Entry>, stamp: &Stamp) {
    if state.writing == Some(id) {
        written(state);
        state.taking = None;
    }
    if state.screen.mode == Mode::Grounded {
        grounded::aloft(state, stamp.now);
    }
    let mut told = vec![];
    for entry in unfolded(state, entries) {
        if is_one_of_many(&entry.fact) {
            state.release.apply_owned(entry);
        } else {
            state.release.apply(&entry);
            told.push(entry);
        }
    }
    taken(state);
    let decided = state.screen.offer.as_ref().is_some_and(|offer| !state.release.is_undecided(offer));
    if decided {
        state.screen.offer = None;
    }
    let mut batch = None;
    for entry in &told {
        // What was decided with one key is told once.
        let this = match &entry.fact {
            Fact::Picks(fact) => fact.batch(),
            _ => None,
        };
        if this.is_none() || this != batch {
            tell(state, entry);
        }
        batch = this;
        super::watch::after_fact(state, &entry.fact);
        // What was changed is looked at again once the queue rests, not after each of fifty errands.
        let outbox = &state.release.outbox;
        let rests = outbox.next().is_none() && outbox.open.values().all(|open| open.in_doubt);
        if let Fact::Outcome { kind, .. } = &entry.fact
            && rests
        {
            super::watch::after_errand(state, kind);
        }
    }
    sync_jobs(state);
}

/// The forge says whose token it is.
pub(super) fn identified(state: &mut State, how: String, login: Option<Untrusted>, scopes: Vec<Untrusted>) {
    let login = login.and_then(|login| Login::parse(login.raw()).ok());
    state.waiting.push_back(Work::Identified(Identified { how: how.into(), login, scopes }));
}

/// A process is written down that differs from the recorded one. The release goes on under the recorded one.
pub(super) fn offered(state: &mut State, offer: Offer) {
    if state.release.is_undecided(&offer) {
        let text = format!("{} is not the recorded process: gc shows what differs", offer.source);
        state.notice(Tone::Warn, text);
        state.screen.offer = Some(offer);
    }
}

/// How an errand ended, in words.
pub(super) fn ending(outcome: &Outcome) -> (Tone, &'static str) {
    match outcome.status {
        Status::Ok if outcome.by.is_some() => (Tone::Good, "done (found by looking)"),
        Status::Ok => (Tone::Good, "done"),
        Status::Abandoned => (Tone::Plain, "called off"),
        Status::Failed => (Tone::Bad, "failed"),
        Status::Refused => (Tone::Bad, "refused by the other side"),
        Status::Conflict => (Tone::Bad, "stopped: it is not as expected"),
        Status::Unknown => (Tone::Warn, "in doubt: sent, and no answer that says what became of it"),
    }
}

/// Says what an entry means to the person at the keys.
fn tell(state: &mut State, entry: &Entry) {
    let Some(row) = state.release.log.rows.iter().rev().find(|row| row.seq == entry.seq) else { return };
    let what = row.what.to_string();
    match &entry.fact {
        Fact::Outcome { outcome, .. } => {
            let note = outcome.note.as_ref().map(|note| format!(": {}", note.line())).unwrap_or_default();
            let (tone, said) = ending(outcome);
            state.notice(tone, format!("{what}: {said}{note}"));
        }
        Fact::Checklist(fact::Checklist::Ticked(_))
        | Fact::Gate(_)
        | Fact::Votes(_)
        | Fact::Milestone(fact::Milestone::Chosen(_)) => {
            // What takes a decision back is no decision of its own: it is what redo takes back.
            let kept = state.release.deeds.last().is_some_and(|deed| deed.seq == entry.seq);
            let next = match (kept, state.release.undone.is_empty()) {
                (true, _) => " · z undo",
                (false, false) => " · Z redo",
                (false, true) => "",
            };
            let of = match &entry.fact {
                Fact::Checklist(fact::Checklist::Ticked(it)) => state.release.of_others(&it.item),
                _ => None,
            };
            let of = of.map(|of| format!(" · {of}")).unwrap_or_default();
            state.notice(Tone::Good, format!("{what}{of}{next}"));
        }
        Fact::Session(fact::Session::ProcessChanged(_) | fact::Session::ProcessKept(_)) => {
            state.notice(Tone::Good, what);
        }
        Fact::Picks(
            fact::Picks::Decided(_)
            | fact::Picks::Added(_)
            | fact::Picks::Ordered(_)
            | fact::Picks::Attested(_),
        ) => {
            let deed = state.release.last_deed().filter(|deed| deed.facts.len() > 1);
            let what = deed.map_or(what, |deed| deed.what.to_string());
            state.notice(Tone::Good, format!("{what} · z undo"));
        }
        Fact::Notes(fact::Notes::Written(_)) => state.notice(Tone::Good, format!("{what} · z undo")),
        Fact::Meetings(fact::Meetings::Opened(_)) => super::meeting::begun(state),
        Fact::Meetings(fact::Meetings::Closed(_)) => super::meeting::ended(state),
        Fact::Setbacks(fact::Setbacks::Wrong(_)) => super::aftermath::show_steps(state),
        Fact::Checklist(fact::Checklist::Attached(_)) | Fact::Notes(_) => state.notice(Tone::Good, what),
        _ => {}
    }
}

/// Decides what waits, until something is to be written.
pub(super) fn work(state: &mut State, stamp: &Stamp, batch: &mut Batch) {
    if state.screen.mode == Mode::Grounded || state.is_looking_on() {
        return grounded::work(state, stamp);
    }
    while state.writing.is_none() && state.screen.mode != Mode::Opening {
        let Some(work) = state.waiting.pop_front() else { return };
        let taking = matches!(work, Work::CameBack(..) | Work::Identified(_)).then(|| work.clone());
        let decision = match work {
            Work::Ask(ask) => match state.release.decide(ask, stamp) {
                Ok(decision) => decision,
                Err(refusal) => refuse(state, &refusal),
            },
            Work::Draft(proposal) => match state.release.draft(proposal.clone(), stamp) {
                Ok(plan) => {
                    if let Some(said) = state.release.unnamed(&proposal) {
                        state.notice(Tone::Plain, said);
                    }
                    super::paging::open(state, plan, batch);
                    Decision::default()
                }
                Err(refusal) => refuse(state, &refusal),
            },
            Work::Foresaw(part) => Decision { notes: state.release.foresee(*part), effects: vec![] },
            Work::Saw(sighting, upto) => {
                Decision { notes: state.release.observe_asked(*sighting, upto), effects: vec![] }
            }
            Work::Others(rows) => {
                let seen = state.release.see_others(rows).map(|seen| Fact::from(seen).into());
                Decision { notes: seen.into_iter().collect(), effects: vec![] }
            }
            Work::CameBack(op, outcome) => state.release.settle(&op, outcome),
            Work::Identified(fact) => Decision { notes: vec![Fact::from(fact).into()], effects: vec![] },
        };
        if decision == Decision::default() {
            continue;
        }
        if matches!(state.screen.mode, Mode::ReadOnly | Mode::Replay) && !decision.notes.is_empty() {
            // A follower folds what its holder writes; its own looks are not recorded.
            continue;
        }
        submit(state, decision, batch);
        if state.writing.is_some() {
            state.taking = taking;
        }
    }
}

fn submit(state: &mut State, decision: Decision, batch: &mut Batch) {
    batch.after.extend(decision.effects);
    batch.notes.extend(decision.notes);
    if batch.notes.is_empty() {
        batch.now.append(&mut batch.after);
        return;
    }
    state.batches += 1;
    batch.id = state.batches;
    state.writing = Some(batch.id);
    // Shown when the disk is slow: until it answers, nothing that was asked is done.
    let (text, since) = ("recording…".to_owned(), state.screen.now);
    state.screen.jobs.push(Job { kind: JobKind::Record, text, progress: None, since, cancel: false });
}

/// No batch is being written any more.
pub(super) fn written(state: &mut State) {
    state.writing = None;
    state.screen.jobs.retain(|job| job.kind != JobKind::Record);
    state.dirty = true;
}

/// Shows a refusal, where it was asked, and has it recorded.
fn refuse(state: &mut State, refusal: &crate::release::Refusal) -> Decision {
    let hint = refusal.hint.as_ref().map(|hint| format!(" · {hint}")).unwrap_or_default();
    let about = if refusal.target.is_empty() { String::new() } else { format!("{}: ", refusal.target) };
    let text = format!("{about}{}{hint}", refusal.why);
    match state.screen.dialogs.last_mut() {
        Some(Dialog::Prompt { refusal: place, .. } | Dialog::Plan { refusal: place, .. }) => {
            *place = Some(text)
        }
        _ => state.notice(Tone::Warn, text),
    }
    state.dirty = true;
    state.screen.then = None;
    Decision { notes: vec![refusal.fact().into()], effects: vec![] }
}

/// How far the upload of an errand is: a job before all others, as long as the errand is out.
pub(super) fn uploading(state: &mut State, op: &OpId, (sent, all): (u64, u64)) {
    let Some(open) = state.release.outbox.open.get(op).filter(|open| !open.in_doubt) else { return };
    let Errand::UploadAsset(it) = &open.errand else { return };
    let jobs = &mut state.screen.jobs;
    let since = jobs.iter().find(|job| job.kind == JobKind::Upload(op.clone())).map(|job| job.since);
    let count = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
    let job = Job {
        kind: JobKind::Upload(op.clone()),
        text: format!("uploading {}", Untrusted::from(it.file.name()).line()),
        progress: Some((count(sent), count(all))),
        since: since.unwrap_or(state.screen.now),
        cancel: true,
    };
    jobs.retain(|job| !matches!(job.kind, JobKind::Upload(_)));
    jobs.insert(0, job);
    state.dirty = true;
}

/// Keeps the job line in step with the write queue.
fn sync_jobs(state: &mut State) {
    let outbox = &state.release.outbox;
    let is_out = |op: &OpId| outbox.open.get(op).is_some_and(|open| !open.in_doubt);
    state.screen.jobs.retain(|job| !matches!(&job.kind, JobKind::Upload(op) if !is_out(op)));
    state.screen.jobs.retain(|job| !matches!(job.kind, JobKind::Plan(_)));
    for plan in state.release.outbox.plans.iter().filter(|plan| plan.stopped.is_none()) {
        state.screen.jobs.push(Job {
            kind: JobKind::Plan(plan.plan.clone()),
            text: plan.title.line(),
            progress: Some((plan.done + plan.failed.len(), plan.total)),
            since: state.screen.now,
            cancel: true,
        });
    }
}

/// The effects that try a journal again that could not be written.
pub(super) fn retry(batch: &mut Batch) {
    batch.now.push(Effect::Retry);
}
