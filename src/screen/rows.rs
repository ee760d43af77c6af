//! The rows of each tab: what is listed, in which order, under which heading. Rows carry ids and nothing drawn.

mod branches;
mod candidate;
mod checklist;
pub mod ci;
mod group;
pub mod journal;
pub mod milestone;
mod overview;
pub mod picks;

use super::sieve::{Of, Sieve};
use super::{Mode, Screen, TABS};
use crate::release::agenda::Subject;
use crate::release::cut::Outlook;
use crate::release::ids::{Branch, IssueKey, Tag};
use crate::release::picks::PickKey;
use crate::release::poll;
use crate::release::text::Untrusted;
use crate::release::{Pane, Release};
pub(crate) use group::Group;
use std::collections::BTreeSet;

/// The id of a row: what it is about, so that a refresh never moves the cursor.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowId {
    /// The heading of a group, by the group's name.
    Heading(String),
    /// A gate of the poll, by its id.
    Gate(String),
    /// Something that blocks the release.
    Blocker(Subject),
    /// An issue or pull request.
    Issue(IssueKey),
    /// A check, by its name.
    Check(Untrusted),
    /// A branch.
    Line(Branch),
    /// A pick on a line.
    Pick(PickKey, Branch),
    /// A checklist item, by its id.
    Item(String),
    /// A tag.
    Tag(Tag),
    /// A draft release whose tag does not exist yet, by its id.
    Draft(u64),
    /// A journal entry, by its number.
    Entry(u64),
}

impl RowId {
    /// Whether it is news when it comes in: something of the world, and not a question that the process asks.
    #[must_use]
    pub fn is_news(&self) -> bool {
        match self {
            Self::Issue(_) | Self::Line(_) | Self::Pick(..) | Self::Tag(_) | Self::Draft(_) => true,
            Self::Heading(_)
            | Self::Gate(_)
            | Self::Blocker(_)
            | Self::Check(_)
            | Self::Item(_)
            | Self::Entry(_) => false,
        }
    }

    /// Whether it is something to act on, and not a heading.
    #[must_use]
    pub fn is_item(&self) -> bool {
        !matches!(self, Self::Heading(_))
    }
}

/// One row of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What it is about.
    pub id: RowId,
    /// For a heading: its text, how many rows it has, and whether they are folded away.
    pub heading: Option<Heading>,
    /// Whether it needs a person: `n` goes to the next of them.
    pub open: bool,
}

/// The heading of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// Its text, safe to show.
    pub text: String,
    /// How many rows it has.
    pub count: usize,
    /// Whether they are folded away.
    pub folded: bool,
}

impl Row {
    /// A row to act on.
    #[must_use]
    pub fn item(id: RowId, open: bool) -> Self {
        Self { id, heading: None, open }
    }
}

/// Makes the rows of every tab, the poll and the agenda anew.
pub fn remake(screen: &mut Screen, release: &Release) {
    forget(screen);
    refresh(screen, release);
    for tab in TABS {
        remake_old(screen, release, tab);
    }
}

/// Says that nothing on the screen is of the release as it is.
pub fn forget(screen: &mut Screen) {
    screen.revision = u64::MAX;
    screen.polled = None;
    screen.tallied = u64::MAX;
    screen.sieve = None;
    for list in &mut screen.lists {
        list.made = None;
    }
}

/// Makes the poll, the agenda and the rows of the tab that is shown anew, where the release changed under them. The
/// rows of other tabs are made when they are shown. Says whether anything was made.
pub fn refresh(screen: &mut Screen, release: &Release) -> bool {
    let changed = screen.revision != release.revision;
    let basis = changed.then(|| release.poll_basis());
    if changed && screen.polled != basis {
        screen.polled = basis;
        screen.poll = release.poll(screen.now);
        screen.verdict = poll::verdict(&screen.poll);
        screen.agenda = release.agenda(&screen.poll, screen.now);
        if screen.mode == Mode::Opening && release.opened.is_none() {
            screen.verdict = poll::Verdict::Hold;
        }
        if screen.tallied != release.milestones.revision {
            screen.tally = release.milestones.tally();
            screen.tallied = release.milestones.revision;
        }
        screen.since = release.since_last_session();
    }
    if changed {
        screen.revision = release.revision;
        screen.cut = None;
    }
    super::queues::refresh(screen, release, changed);
    remake_old(screen, release, screen.tab) || changed
}

/// Makes the rows of a tab anew when they are out of date. What came in is news when the release changed.
fn remake_old(screen: &mut Screen, release: &Release, tab: Pane) -> bool {
    // Every tag is classified for it: once for what is known, and not with every key.
    if tab == Pane::Candidate && screen.cut.is_none() {
        screen.cut = Some(Outlook::of(release, screen.now));
    }
    let of = Of::now(screen, release, tab);
    let before = screen.list_of(tab).made.as_ref();
    if before == Some(&of) {
        return false;
    }
    let news = before.is_none_or(|before| before.revision != of.revision);
    let (rows, all) = made(screen, release, tab);
    let list = &mut screen.lists[Screen::index(tab)];
    list.made = Some(of);
    match news {
        true if screen.partial => list.set_part(rows, all),
        true => list.set(rows, all),
        false => list.show(rows, all),
    }
    true
}

/// Makes the rows of one tab anew, as after a key in its filter. What only was hidden is no news.
pub fn remake_tab(screen: &mut Screen, release: &Release, tab: Pane) {
    if !remake_old(screen, release, tab) {
        let (rows, all) = made(screen, release, tab);
        screen.lists[Screen::index(tab)].show(rows, all);
    }
}

/// The rows of a tab, and how many there are without the filter.
fn made(screen: &mut Screen, release: &Release, tab: Pane) -> (Vec<Row>, usize) {
    let of = Of::now(screen, release, tab);
    let list = screen.list_of(tab);
    if list.filter.is_empty() {
        // The words of the rows are kept for the next filter, as long as the rows would be made the same again.
        screen.sieve.take_if(|sieve| !sieve.is_of(&of));
        let groups = groups(screen, release, tab);
        let all = groups.iter().map(Group::count).sum();
        let rows = lay_out(groups, &screen.list_of(tab).toggled);
        if let Some(sieve) = &mut screen.sieve {
            sieve.unshown();
        }
        return (rows, all);
    }
    let kept = screen.sieve.take().filter(|sieve| sieve.is_of(&of));
    let mut sieve = kept.unwrap_or_else(|| Sieve::new(of, groups(screen, release, tab)));
    let list = &mut screen.lists[Screen::index(tab)];
    // In mid-batch the list needs its rows to tell what was hidden from what came in.
    let rows = match sieve.find(&list.filter) || list.is_partial() {
        true => sieve.rows(),
        false => std::mem::take(&mut list.rows),
    };
    let made = (rows, sieve.all());
    screen.sieve = Some(sieve);
    made
}

fn groups(screen: &Screen, release: &Release, tab: Pane) -> Vec<Group> {
    match tab {
        Pane::Overview => overview::groups(release, screen),
        Pane::Milestone => milestone::groups(release, screen),
        Pane::Ci => ci::groups(release, screen),
        Pane::Branches => branches::groups(release, screen),
        Pane::Picks => picks::groups(release, screen),
        Pane::Checklist => checklist::groups(release, screen),
        Pane::Candidate => candidate::groups(release, screen),
        Pane::Journal => journal::groups(release, screen),
    }
}

/// The heading of a group.
pub(super) fn heading(group: &Group, count: usize, folded: bool) -> Row {
    let heading = Heading { text: group.text.clone(), count, folded };
    Row { id: RowId::Heading(group.name.clone()), heading: Some(heading), open: false }
}

/// Puts the headings in, and leaves out what is folded away.
fn lay_out(groups: Vec<Group>, toggled: &BTreeSet<String>) -> Vec<Row> {
    let mut out = Vec::with_capacity(groups.iter().map(|group| group.rows.len() + 1).sum());
    for group in groups.into_iter().filter(|group| group.count() > 0) {
        let folded = group.folded != toggled.contains(&group.name);
        if !group.text.is_empty() {
            out.push(heading(&group, group.count(), folded));
        }
        if !folded {
            out.extend(group.rows);
        }
    }
    out
}
