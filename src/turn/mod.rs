//! One turn of the ring: state and event in, state and batch out. Pure.
//!
//! [`update`] is the only function that changes a [`State`]. It reads no clock and does nothing outside: what is to
//! be recorded and what is to leave comes back as a [`Batch`]. Asks, sightings and outcomes that come in while a
//! batch is being written wait their turn, so each is decided on what is on disk; moves of the eye never wait.

mod act;
mod aftermath;
mod announce;
mod artifacts;
mod copy;
mod dialogs;
mod grounded;
mod input;
mod meeting;
mod moves;
mod noting;
mod offers;
mod paging;
mod predict;
mod prompts;
mod record;
mod reorder;
mod replay;
mod roles;
mod set;
mod steps;
mod triage;
mod votes;
pub mod watch;

pub use prompts::THEMES;
pub use record::in_turns;

use crate::release::ask::{Ask, Effect, Proposal};
use crate::release::cut::FilePreview;
use crate::release::entry::{Entry, Note, Stamp};
use crate::release::errand::Outcome;
use crate::release::ids::{OpId, ReleaseName};
use crate::release::notes::Drafted;
use crate::release::observe::Sighting;
use crate::release::picks::{BetterOrder, Foresight};
use crate::release::profile::Offer;
use crate::release::session::Identified;
use crate::release::text::Untrusted;
use crate::release::{Pane, Release};
use crate::screen::fresh::Source;
use crate::screen::keys::Key;
use crate::screen::notice::{Notice, Tone};
use crate::screen::rows::RowId;
use crate::screen::set::Member;
use crate::screen::timeline::Timeline;
use crate::screen::{Mode, Rate, Screen, rows};
use std::collections::VecDeque;

/// Everything: what is true, and what is looked at.
#[derive(Debug, Clone)]
pub struct State {
    /// What is true: the fold of the journal, and of nothing else.
    pub release: Release,
    /// The same with what was seen since the journal could not be written. It is shown, marked as unrecorded, and
    /// never decided on.
    unrecorded: Option<Box<Release>>,
    /// What is looked at.
    pub screen: Screen,
    /// Whether the screen must be drawn again.
    pub dirty: bool,
    /// The batch that is being written.
    writing: Option<u64>,
    /// What waits for it.
    waiting: VecDeque<Work>,
    /// What came from outside and is in the batch that is being written: it waits again when that fails.
    taking: Option<Work>,
    /// The mode before the journal could not be written.
    aloft: Mode,
    /// What is predicted.
    predicting: predict::Predicting,
    /// The search for a better order under way.
    reordering: reorder::Reordering,
    /// The notes being drafted.
    noting: noting::Noting,
    /// Number of the last batch.
    batches: u64,
    /// The release of the set that the manager goes to, once nothing is being written.
    switching: Option<ReleaseName>,
    /// Whether the manager asked to leave, and what waits is to be finished first.
    leaving: bool,
    /// Whether the manager leaves although a write is under way.
    hurried: bool,
}

/// What is decided on what is on disk, one after the other.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    /// A person asks.
    Ask(Ask),
    /// A person wants a plan.
    Draft(Proposal),
    /// A look answered; the number of the journal's last entry when it was asked.
    Saw(Box<Sighting>, Option<u64>),
    /// The journals of the others of the set were read.
    Others(Vec<crate::release::set::Other>),
    /// An errand came back.
    CameBack(OpId, Outcome),
    /// The forge says whose token it is.
    Identified(Identified),
    /// A part of a prediction came in.
    Foresaw(Box<Foresight>),
}

/// Everything that can happen to the cockpit.
#[derive(Debug, Clone)]
pub enum Event {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The terminal has a new size, in columns and rows.
    Resize(u16, u16),
    /// The terminal got or lost the focus.
    Focus(bool),
    /// A tab was clicked.
    ClickTab(Pane),
    /// A row was clicked, by its place in the list.
    ClickRow(usize),
    /// The wheel was turned, by so many rows.
    Wheel(isize),
    /// Entries that were on disk before, read at the start or written by the cockpit that is followed.
    Read(Vec<Entry>),
    /// How far the journal has been read: bytes done and bytes in all.
    Reading(u64, u64),
    /// The journal is read to its end, and the cockpit runs in this mode, with why when it is not as asked.
    Opened(Mode, Option<String>),
    /// A batch is on disk.
    Recorded(u64, Vec<Entry>),
    /// A batch could not be written: nothing of it is on disk, nothing of it left.
    Unwritten(u64, String),
    /// A look answered.
    Saw(Box<Sighting>, Source),
    /// An errand came back.
    CameBack(OpId, Outcome),
    /// A part of the prediction of this generation came in.
    Foresaw(u64, Box<Foresight>),
    /// The prediction of this generation came to nothing, with why.
    Unforeseen(u64, Untrusted),
    /// The search of this generation for a better order has come to its end.
    Ordered(u64, Box<Result<BetterOrder, Untrusted>>),
    /// So many of so many pull requests are read for the notes of this generation.
    Noting(u64, usize, usize),
    /// The notes of this generation are drafted, or why not.
    Noted(u64, Result<Vec<Drafted>, Untrusted>),
    /// So many of so many bytes of the file of this errand were handed over.
    Uploading(OpId, u64, u64),
    /// What the version of the plan with this id changes in files, or why it cannot.
    BumpForeseen(OpId, Result<Vec<FilePreview>, Untrusted>),
    /// What the forge said of its limits.
    Limits(Option<Rate>, Option<chrono::DateTime<chrono::Utc>>),
    /// What was written in `$EDITOR`, none when it was left without saving.
    Edited(Option<String>),
    /// The forge says whose token it is: where the token came from, the login, a classic token's scopes.
    Identified(String, Option<Untrusted>, Vec<Untrusted>),
    /// A notice from the engine: what it could not do, what it copied.
    Notice(Tone, String),
    /// A replay stands somewhere else: the release as it was, and where.
    Travelled(Box<Release>, Box<Timeline>),
    /// A process is written down that differs from the recorded one.
    Offered(Box<Offer>),
    /// The journals of the other releases of the set were read.
    Surveyed(Vec<(ReleaseName, Member)>),
    /// A deadline has come.
    Deadline,
    /// The process is asked to end.
    Terminate,
}

/// What follows from a turn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Batch {
    /// Its number.
    pub id: u64,
    /// Facts to record.
    pub notes: Vec<Note>,
    /// What leaves once they are on disk.
    pub after: Vec<Effect>,
    /// What leaves at once: looks, the browser, the clipboard, the replay's cursor.
    pub now: Vec<Effect>,
}

impl State {
    /// A cockpit that has read nothing yet.
    #[must_use]
    pub fn new(mut screen: Screen) -> Self {
        let release = Release::default();
        offers::disable(&mut screen, &release);
        Self {
            release,
            unrecorded: None,
            screen,
            dirty: true,
            writing: None,
            waiting: VecDeque::new(),
            taking: None,
            aloft: Mode::Live,
            predicting: predict::Predicting::default(),
            reordering: reorder::Reordering::default(),
            noting: noting::Noting::default(),
            batches: 0,
            switching: None,
            leaving: false,
            hurried: false,
        }
    }

    /// What is shown: the release, with what was seen and could not be recorded.
    #[must_use]
    pub fn shown(&self) -> &Release {
        self.unrecorded.as_deref().unwrap_or(&self.release)
    }

    /// What is shown, and the screen to change.
    pub(crate) fn split(&mut self) -> (&Release, &mut Screen) {
        (self.unrecorded.as_deref().unwrap_or(&self.release), &mut self.screen)
    }

    /// Whether a batch is being written or an errand is out.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.writing.is_some() || self.is_sending()
    }

    /// Whether an errand is out or waits to leave. A mere line for the journal takes milliseconds: nobody is asked.
    pub(crate) fn is_sending(&self) -> bool {
        let asked = |work: &Work| matches!(work, Work::Ask(_) | Work::Draft(_));
        self.release.outbox.open.values().any(|open| !open.in_doubt)
            || self.release.outbox.next().is_some()
            || self.waiting.iter().any(asked)
    }

    /// Leaves without waiting for what is under way: it stays in the journal as unfinished business.
    pub(crate) fn abandon_waiting(&mut self) {
        self.waiting.clear();
        self.hurried = true;
    }

    /// Whether the keys are those of a replay.
    pub(crate) fn is_replay(&self) -> bool {
        self.screen.mode == Mode::Replay
    }

    /// Shows a notice for some seconds; six in presentation mode, as people read it together.
    pub(crate) fn notice(&mut self, tone: Tone, text: impl Into<String>) {
        let seconds = if self.screen.options.present { 6 } else { 5 };
        let until = self.screen.now + chrono::TimeDelta::seconds(seconds);
        self.screen.notices.push_back(Notice { tone, text: text.into(), until });
        while self.screen.notices.len() > 4 {
            self.screen.notices.pop_front();
        }
        self.dirty = true;
    }

    /// Makes poll, agenda and the rows that are shown anew when the release changed under them.
    pub(crate) fn refresh_rows(&mut self) {
        self.join_picks();
        let (release, screen) = self.split();
        screen.setback = release.setback_banner();
        let made = rows::refresh(screen, release);
        self.dirty |= made;
        if let Some(id) = self.screen.then.clone()
            && self.screen.list_mut().go_to(&id)
        {
            self.screen.then = None;
            self.dirty = true;
        }
        offers::disable(&mut self.screen, &self.release);
    }

    /// What is made of all picks of the lines that are looked at is made once, and not by each who asks.
    fn join_picks(&mut self) {
        let matrix = self.screen.matrix && self.screen.tab == Pane::Picks;
        for release in [Some(&mut self.release), self.unrecorded.as_deref_mut()].into_iter().flatten() {
            let own = release.line().map(|line| line.branch.clone());
            let mut lines: Vec<_> = own.into_iter().chain(self.screen.branch.clone()).collect();
            if matrix {
                lines.extend(release.picks.lines().into_iter().cloned());
            }
            release.picks.join(&lines);
        }
    }

    /// The row under the cursor.
    pub(crate) fn cursor(&self) -> Option<&RowId> {
        self.screen.list().cursor.as_ref()
    }
}

/// One turn. Gives what is to be recorded and what is to leave, or nothing.
pub fn update(state: &mut State, stamp: &Stamp, event: Event) -> Option<Batch> {
    state.screen.now = stamp.now;
    let mut batch = Batch::default();
    match record::begin(state, event)? {
        Event::Key(key) => input::key(state, stamp, key, &mut batch),
        Event::Paste(text) => input::paste(state, &text),
        Event::Resize(columns, rows) => input::resize(state, (columns, rows)),
        Event::Focus(focused) => watch::focus(state, focused, stamp),
        Event::ClickTab(tab) if state.screen.dialogs.is_empty() => moves::show_tab(state, tab),
        Event::ClickTab(_) | Event::Uploading(..) => {}
        Event::ClickRow(at) => moves::click(state, at),
        Event::Wheel(by) => moves::wheel(state, by),
        Event::Read(entries) => record::take(state, entries),
        Event::Reading(done, all) => {
            state.screen.opening = Some((done, all));
            state.dirty = true;
        }
        Event::Opened(mode, note) => record::opened(state, mode, note, &mut batch),
        Event::Recorded(id, entries) => record::recorded(state, id, entries, stamp),
        Event::Unwritten(id, why) => grounded::unwritten(state, id, why, stamp),
        Event::Saw(sighting, source) => {
            let upto = watch::answered(state, &sighting, source, stamp);
            state.waiting.push_back(Work::Saw(sighting, upto));
        }
        Event::CameBack(op, outcome) => state.waiting.push_back(Work::CameBack(op, outcome)),
        Event::Foresaw(generation, part) => predict::heard(state, stamp, generation, *part),
        Event::Unforeseen(generation, why) => predict::failed(state, stamp, generation, &why),
        Event::Ordered(generation, found) => reorder::found(state, generation, *found),
        Event::Noting(generation, done, all) => noting::progress(state, generation, done, all),
        Event::Noted(generation, found) => noting::drafted(state, generation, found),
        Event::BumpForeseen(plan, found) => paging::foreseen(state, &plan, found),
        Event::Limits(rate, held) => watch::limits(state, rate, held),
        Event::Edited(text) => dialogs::edited(state, text),
        Event::Identified(how, login, scopes) => record::identified(state, how, login, scopes),
        Event::Notice(tone, text) => state.notice(tone, text),
        Event::Travelled(release, timeline) => replay::travelled(state, *release, *timeline),
        Event::Offered(offer) => record::offered(state, *offer),
        Event::Surveyed(found) => set::surveyed(state, found, &mut batch),
        Event::Deadline => watch::deadline(state, stamp),
        Event::Terminate => state.leaving = true,
    }
    record::work(state, stamp, &mut batch);
    watch::look(state, stamp, &mut batch);
    set::look(state, &mut batch);
    predict::look(state, stamp, &mut batch);
    state.refresh_rows();
    leave(state, &mut batch);
    (batch != Batch { id: batch.id, ..Batch::default() }).then_some(batch)
}

/// Leaves when that was asked for and nothing is under way.
fn leave(state: &mut State, batch: &mut Batch) {
    // What came back while the journal could not be written is found by looking at the next start.
    let idle = !state.is_busy() || state.screen.mode == Mode::Grounded;
    if state.leaving && (state.hurried || idle) {
        batch.now.push(Effect::Quit);
        state.leaving = false;
    } else if let Some(to) = set::leaves_for(state) {
        batch.now.push(Effect::Switch(to));
    }
}

/// Scrolls the list of the tab that is shown to its cursor, given how many rows of it are seen. The rows are those of
/// the release as it is, also while a batch is only taken in in part.
pub fn fit(state: &mut State, height: usize) {
    state.refresh_rows();
    state.screen.list_mut().scroll(height);
}
