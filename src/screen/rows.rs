//! The rows of each tab: what is listed, in which order, under which heading. Rows carry ids and nothing drawn.

mod branches;
mod candidate;
mod checklist;
pub mod ci;
pub mod journal;
pub mod milestone;
mod overview;
mod picks;

use super::{Mode, Screen, TABS};
use crate::release::agenda::Subject;
use crate::release::ids::{Branch, IssueKey, Tag};
use crate::release::picks::PickKey;
use crate::release::poll;
use crate::release::text::Untrusted;
use crate::release::{Pane, Release};

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

/// A group of rows under a heading, with the text that a filter looks at.
pub(crate) struct Group {
    /// Its name, stable over refreshes.
    pub name: String,
    /// Its text, safe to show.
    pub text: String,
    /// Whether it is folded unless the manager unfolds it.
    pub folded: bool,
    /// Its rows, with what a filter looks at.
    pub rows: Vec<(Row, String)>,
}

/// Makes the rows of every tab, the poll and the agenda anew.
pub fn remake(screen: &mut Screen, release: &Release) {
    screen.poll = release.poll(screen.now);
    screen.verdict = poll::verdict(&screen.poll);
    screen.agenda = release.agenda(&screen.poll, screen.now);
    if screen.mode == Mode::Opening && release.opened.is_none() {
        screen.verdict = poll::Verdict::Hold;
    }
    for tab in TABS {
        remake_tab(screen, release, tab);
    }
    screen.revision = release.revision;
}

/// Makes the rows of one tab anew, as after a key in its filter.
pub fn remake_tab(screen: &mut Screen, release: &Release, tab: Pane) {
    let groups = match tab {
        Pane::Overview => overview::groups(release, screen),
        Pane::Milestone => milestone::groups(release, screen),
        Pane::Ci => ci::groups(release, screen),
        Pane::Branches => branches::groups(release, screen),
        Pane::Picks => picks::groups(release, screen),
        Pane::Checklist => checklist::groups(release, screen),
        Pane::Candidate => candidate::groups(release, screen),
        Pane::Journal => journal::groups(release, screen),
    };
    let list = &mut screen.lists[Screen::index(tab)];
    let all = groups.iter().map(|group| group.rows.len()).sum();
    let rows = lay_out(groups, &list.filter, &list.toggled);
    list.set(rows, all);
}

/// Filters the groups, best matches first within a group, and puts the headings in.
fn lay_out(groups: Vec<Group>, filter: &str, toggled: &std::collections::BTreeSet<String>) -> Vec<Row> {
    use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
    use nucleo_matcher::{Config, Matcher, Utf32Str};
    let pattern = Pattern::parse(filter, CaseMatching::Smart, Normalization::Smart);
    let mut matcher = (!filter.is_empty()).then(|| Matcher::new(Config::DEFAULT));
    let mut buffer = Vec::new();
    let mut out = Vec::new();
    for group in groups {
        let mut rows = group.rows;
        if let Some(matcher) = &mut matcher {
            rows.retain(|(_, text)| pattern.score(Utf32Str::new(text, &mut buffer), matcher).is_some());
        }
        if rows.is_empty() {
            continue;
        }
        // A filter unfolds what it finds.
        let folded = filter.is_empty() && (group.folded != toggled.contains(&group.name));
        if !group.text.is_empty() {
            let heading = Heading { text: group.text, count: rows.len(), folded };
            out.push(Row { id: RowId::Heading(group.name), heading: Some(heading), open: false });
        }
        if !folded {
            out.extend(rows.into_iter().map(|(row, _)| row));
        }
    }
    out
}
