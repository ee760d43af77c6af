//! What the manager is looking at, never journaled.
//!
//! [`Screen`] is plain data: the tab, the selection by id, filters, marks, dialogs, notices, jobs and how fresh each
//! look is. [`crate::turn::update`] changes it, the view draws it.

pub mod dialog;
pub mod fresh;
pub mod keymap;
pub mod keys;
pub mod list;
pub mod meeting;
pub mod notice;
pub mod paging;
pub mod queues;
pub mod rows;
pub mod set;
pub mod sieve;
pub mod timeline;
mod typing;

use crate::release::Pane;
use crate::release::agenda::Blocker;
use crate::release::announce::Route;
use crate::release::looks::LookKey;
use crate::release::pace::Tally;
use crate::release::picks::Fork;
use crate::release::poll::{Polled, Verdict};
use crate::release::profile::Offer;
use crate::release::scope::days;
use crate::release::since::Since;
use chrono::{DateTime, Offset as _, TimeDelta, Utc};
use dialog::Dialog;
use fresh::{Fresh, Tries};
use keymap::{Action, Keymap};
use list::List;
use notice::{Job, Notice};
use queues::Queues;
use sieve::Sieve;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use timeline::Timeline;

/// The tabs in order; `1` to `8`.
pub const TABS: [Pane; 8] = [
    Pane::Overview,
    Pane::Milestone,
    Pane::Ci,
    Pane::Branches,
    Pane::Picks,
    Pane::Checklist,
    Pane::Candidate,
    Pane::Journal,
];

/// Which part of a tab has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// The list.
    #[default]
    List,
    /// The detail beside or below it.
    Detail,
}

/// How the cockpit runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Before the journal is read.
    #[default]
    Opening,
    /// At work.
    Live,
    /// Over the embedded demo forge, at work.
    Demo,
    /// Follows a journal that another cockpit writes, or was asked to write nothing.
    ReadOnly,
    /// The journal cannot be written: nothing runs until it can.
    Grounded,
    /// Shows a journal as it was; no write key exists.
    Replay,
}

impl Mode {
    /// Whether the world is looked at.
    #[must_use]
    pub fn looks(self) -> bool {
        match self {
            Self::Live | Self::Demo | Self::Grounded => true,
            Self::Opening | Self::ReadOnly | Self::Replay => false,
        }
    }
}

/// What is shown and not in the journal, because the journal cannot be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unrecorded {
    /// Whether something was seen that is shown.
    pub seen: bool,
    /// What happened outside, in words that are safe to show: errands that came back.
    pub outcomes: Vec<String>,
}

/// Which symbols are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// Symbols that are one cell wide everywhere.
    #[default]
    Unicode,
    /// Characters of ASCII alone.
    Ascii,
    /// The private symbols of a patched font.
    Nerd,
}

/// What the user set: read once from the configuration, changed by keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Keys and what they do.
    pub keymap: Arc<Keymap>,
    /// The theme's name.
    pub theme: String,
    /// Which symbols are drawn.
    pub glyphs: Glyphs,
    /// Whether anything may move by itself.
    pub animations: bool,
    /// Whether the mouse is read.
    pub mouse: bool,
    /// Presentation mode.
    pub present: bool,
    /// Whether a meeting is begun, or gone on with, as soon as the journal is read.
    pub meet: bool,
    /// Whether asks that write are refused.
    pub read_only: bool,
    /// Whether plans are shown and never sent.
    pub dry_run: bool,
    /// The user's fork, where the clone names one.
    pub fork: Option<Fork>,
    /// Announcements of which the user's own configuration knows the address, by id.
    pub routes: BTreeMap<Box<str>, Route>,
    /// Why programs of the process may not be run: it came with a repository that nobody trusts.
    pub barred: Option<Box<str>>,
    /// `sha256:…` of the process that this is said of.
    pub written: Box<str>,
    /// Seconds between looks at what changes often; none pauses all looking.
    pub poll: Option<u32>,
    /// The offset of the times in lists from UTC. Details say UTC always.
    pub zone: chrono::FixedOffset,
    /// Hosts beside the forge's own whose pages may be opened, in lower case.
    pub browser_hosts: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            keymap: Arc::new(Keymap::default()),
            theme: "auto".to_owned(),
            glyphs: Glyphs::default(),
            animations: true,
            mouse: true,
            present: false,
            meet: false,
            read_only: false,
            dry_run: false,
            fork: None,
            routes: BTreeMap::new(),
            barred: None,
            written: Box::default(),
            poll: Some(60),
            zone: chrono::Utc.fix(),
            browser_hosts: Vec::new(),
        }
    }
}

/// A key that was pressed in presentation mode, shown for two seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Pressed {
    /// The key as people write it.
    pub key: String,
    /// What it did.
    pub label: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What the manager is looking at.
#[derive(Debug, Clone)]
pub struct Screen {
    /// The moment that is drawn: ages are counted from it.
    pub now: DateTime<Utc>,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// How the cockpit runs.
    pub mode: Mode,
    /// Why it does not run as asked: who holds the journal, what cannot be written.
    pub mode_note: Option<String>,
    /// What is shown and not on record.
    pub unrecorded: Unrecorded,
    /// A process that differs from the recorded one, until a person decides.
    pub offer: Option<Offer>,
    /// What went wrong with the release and has not ended, safe to show.
    pub setback: Option<String>,
    /// What the user set.
    pub options: Options,
    /// The tab.
    pub tab: Pane,
    /// Which part of it has the keys.
    pub part: Part,
    /// Whether the part that has the keys fills the body.
    pub zoomed: bool,
    /// A list a tab, in the order of [`TABS`].
    pub lists: [List; 8],
    /// First line shown of the detail.
    pub detail_scroll: u16,
    /// The branch that the CI and Picks tabs are about; none for the release's own line.
    pub branch: Option<crate::release::ids::Branch>,
    /// Whether the Picks tab shows every line beside each other.
    pub matrix: bool,
    /// What is known of the pick queues as a whole.
    pub queues: Queues,
    /// Dialogs, the topmost last.
    pub dialogs: Vec<Dialog>,
    /// Keys pressed of a longer sequence.
    pub pending: Vec<keys::Key>,
    /// Notices, newest last.
    pub notices: VecDeque<Notice>,
    /// Jobs under way.
    pub jobs: Vec<Job>,
    /// How fresh each look is.
    pub fresh: Fresh,
    /// How often each artifact was asked for by its tag, in this session.
    pub tries: BTreeMap<LookKey, Tries>,
    /// The poll, read when something changed.
    pub poll: Vec<Polled>,
    /// What blocks, in meeting order.
    pub agenda: Vec<Blocker>,
    /// The verdict of the whole poll.
    pub verdict: Verdict,
    /// The issues of the milestone, counted when they changed.
    pub tally: Tally,
    /// What the candidate tab shows of cutting; none until it is shown.
    pub cut: Option<crate::release::cut::Outlook>,
    /// What changed since the session before this one, counted when the release changed; none in the first.
    pub since: Option<Since>,
    /// What is known of the releases of the set.
    pub set: set::Members,
    /// Requests left and allowed at the forge, and when the count starts anew.
    pub rate: Option<Rate>,
    /// Until when the cockpit asks the forge nothing, because the forge said so.
    pub held: Option<DateTime<Utc>>,
    /// Since when the room looks on, while it does.
    pub presenting: Option<DateTime<Utc>>,
    /// Keys pressed lately, for presentation mode.
    pub pressed: VecDeque<Pressed>,
    /// The key that was pressed last and does nothing anywhere, which was said.
    pub unknown: Option<String>,
    /// A row to go to once it is there.
    pub then: Option<rows::RowId>,
    /// Whether the terminal has the focus.
    pub focused: bool,
    /// Where a replay stands, none at work.
    pub timeline: Option<Timeline>,
    /// How far the journal has been read at the start: bytes done and bytes in all.
    pub opening: Option<(u64, u64)>,
    /// Actions that cannot be run now, with why; all others can.
    pub disabled: Vec<(Action, String)>,
    /// Whether the release has taken in a part of a batch, and the rest follows at once.
    pub partial: bool,
    /// The revision of the release that poll and agenda were made of; each list knows its own.
    pub revision: u64,
    /// What poll and agenda rest on, none when they are to be made anew.
    pub(crate) polled: Option<(u64, usize)>,
    /// The revision of the milestones that the tally was made of.
    pub(crate) tallied: u64,
    /// What the filter of the tab found, kept between its keys.
    pub sieve: Option<Sieve>,
}

/// The forge's limit on requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Requests left.
    pub left: u32,
    /// Requests allowed an hour.
    pub limit: u32,
    /// When the count starts anew.
    pub reset: DateTime<Utc>,
}

/// A short time in whole minutes, so that it is not drawn anew each second.
#[must_use]
pub fn soon(left: TimeDelta) -> String {
    if left < TimeDelta::minutes(1) { "<1m".to_owned() } else { days(left) }
}

impl Screen {
    /// A screen on which nothing has been seen yet.
    #[must_use]
    pub fn new(now: DateTime<Utc>, size: (u16, u16), options: Options) -> Self {
        let presenting = options.present.then_some(now);
        Self {
            now,
            size,
            mode: Mode::Opening,
            mode_note: None,
            unrecorded: Unrecorded::default(),
            offer: None,
            setback: None,
            options,
            tab: Pane::Overview,
            part: Part::List,
            zoomed: false,
            lists: std::array::from_fn(|_| List::default()),
            detail_scroll: 0,
            branch: None,
            matrix: false,
            queues: Queues::default(),
            dialogs: Vec::new(),
            pending: Vec::new(),
            notices: VecDeque::new(),
            jobs: Vec::new(),
            fresh: Fresh::default(),
            tries: BTreeMap::new(),
            poll: Vec::new(),
            agenda: Vec::new(),
            verdict: Verdict::Hold,
            tally: Tally::default(),
            cut: None,
            since: None,
            set: set::Members::default(),
            rate: None,
            held: None,
            presenting,
            pressed: VecDeque::new(),
            unknown: None,
            then: None,
            focused: true,
            timeline: None,
            opening: None,
            disabled: Vec::new(),
            partial: false,
            revision: u64::MAX,
            polled: None,
            tallied: u64::MAX,
            sieve: None,
        }
    }

    /// How long the forge asks to be left alone from now, in words; none when it does not.
    #[must_use]
    pub fn held_for(&self) -> Option<String> {
        self.held.filter(|held| *held > self.now).map(|held| soon(held - self.now))
    }

    /// Whole minutes that the room has looked on; none when it does not, or when the time is a replay's.
    #[must_use]
    pub fn minutes_used(&self) -> Option<i64> {
        let since = self.presenting.filter(|_| self.options.present && self.mode != Mode::Replay)?;
        Some((self.now - since).num_minutes().max(0))
    }

    /// Place of a tab in [`TABS`].
    #[must_use]
    pub fn index(tab: Pane) -> usize {
        TABS.iter().position(|it| *it == tab).unwrap_or(0)
    }

    /// The list of a tab.
    #[must_use]
    pub fn list_of(&self, tab: Pane) -> &List {
        &self.lists[Self::index(tab)]
    }

    /// The list of the tab that is shown.
    #[must_use]
    pub fn list(&self) -> &List {
        self.list_of(self.tab)
    }

    /// The list of the tab that is shown, to change.
    pub fn list_mut(&mut self) -> &mut List {
        &mut self.lists[Self::index(self.tab)]
    }

    /// Why an action cannot be run now; none when it can.
    #[must_use]
    pub fn why_not(&self, action: Action) -> Option<&str> {
        self.disabled.iter().find(|(it, _)| *it == action).map(|(_, why)| why.as_str())
    }
}
