//! What was seen of the task list: its ticks, who made them, and what became of its lines.

use super::TickTasks;
use super::lines::{Found, find};
use crate::process::Item;
use crate::release::entry::Entry;
use crate::release::errand::{Outcome, Status};
use crate::release::ids::IssueKey;
use crate::release::text::{Untrusted, shown};
use crate::release::words::Words;
use crate::release::{Fact, Note, Release};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One edit of an issue's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskEdit {
    /// Who made it, as far as the forge says.
    pub by: Option<Untrusted>,
    /// When.
    pub at: DateTime<Utc>,
    /// The text that it left, as far as the forge says.
    pub body: Option<Untrusted>,
}

/// The tracking issue as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TasksRead {
    /// The issue.
    pub issue: IssueKey,
    /// Its text; none when there is no such issue any more.
    pub body: Option<Untrusted>,
    /// Its last edits, oldest first; none where the forge does not tell.
    pub edits: Vec<TaskEdit>,
    /// Whether those are all the edits that there were.
    pub whole: bool,
}

/// Where an item stands in the task list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// On a line of its own.
    Once,
    /// On several lines, or on one that may be another's: it is neither read nor written.
    Twice,
    /// On none.
    #[default]
    Gone,
}

/// An item's line, new or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRow {
    /// The item's id in the process.
    pub item: Box<str>,
    /// Where it stands.
    pub place: Place,
    /// Whether it is ticked, or was when it last had a line of its own.
    pub on: bool,
    /// Who changed its tick last, as far as the forge says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Untrusted>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// What its line says, where that is not its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reworded: Option<Untrusted>,
}

/// The task list of the tracking issue, as far as it is new or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TasksSeen {
    /// The issue.
    pub issue: IssueKey,
    /// Lines of items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<TaskRow>,
    /// When its text was edited last, as far as the forge says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<DateTime<Utc>>,
    /// Whether there is no such issue any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub absent: bool,
}

/// What is known of an item's line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Task {
    /// Where it stands.
    pub place: Place,
    /// Whether it is ticked, or was when it last had a line of its own.
    pub on: bool,
    /// Who changed its tick last, as far as the forge says.
    pub by: Option<Untrusted>,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// What its line says, where that is not its text.
    pub reworded: Option<Untrusted>,
    /// The entry that last said that its tick changed; 0 when it never did.
    pub flip: u64,
    /// Whether that was written from here.
    pub ours: bool,
}

/// What is known of the task list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tasks {
    /// The issue that it is of.
    pub issue: Option<IssueKey>,
    /// Lines of items.
    pub rows: BTreeMap<Box<str>, Task>,
    /// When its text was edited last.
    pub edited: Option<DateTime<Utc>>,
    /// Whether there is no such issue any more.
    pub absent: bool,
}

impl Tasks {
    pub(crate) fn see(&mut self, fact: &TasksSeen, seq: u64) {
        self.of(&fact.issue);
        self.absent = fact.absent;
        self.edited = fact.edited.or(self.edited);
        for row in &fact.rows {
            let before = self.rows.get(&row.item);
            let flipped = before.map_or(row.on, |before| before.on != row.on);
            let (flip, ours) = match before {
                Some(before) if !flipped => (before.flip, before.ours),
                _ => (if flipped { seq } else { 0 }, false),
            };
            let TaskRow { place, on, by, at, reworded, item } = row.clone();
            self.rows.insert(item, Task { place, on, by, at, reworded, flip, ours });
        }
    }

    /// What is known is of this issue from now on.
    fn of(&mut self, issue: &IssueKey) {
        if self.issue.as_ref() != Some(issue) {
            *self = Self { issue: Some(issue.clone()), ..Self::default() };
        }
    }

    /// Takes in what was written from here.
    pub(crate) fn write(&mut self, it: &TickTasks, outcome: &Outcome, entry: &Entry) {
        if outcome.status != Status::Ok || self.issue.as_ref() != Some(&it.target) {
            return;
        }
        let names = |name: &str| -> Vec<Box<str>> {
            let said = outcome.after.get(name).map(Untrusted::raw).unwrap_or_default();
            said.split(' ').map(Into::into).collect()
        };
        // What somebody else had ticked by then is theirs, and seen with the next look.
        let not = [names("left"), names("already")].concat();
        for tick in it.ticks.iter().filter(|tick| !not.contains(&tick.item)) {
            if let Some(row) = self.rows.get_mut(&tick.item).filter(|row| row.on != tick.on) {
                (row.on, row.flip, row.ours) = (tick.on, entry.seq, true);
                (row.by, row.at) = (None, Some(entry.ts));
            }
        }
    }

    /// Takes in the text that an issue was opened with.
    pub(crate) fn open(&mut self, issue: &IssueKey, body: &str, items: &[(&str, &str)], entry: &Entry) {
        self.of(issue);
        for (item, found) in find(body, items) {
            if let Found::Once { on, .. } = found {
                let flip = if on { entry.seq } else { 0 };
                let task = Task { place: Place::Once, on, flip, ours: true, ..Task::default() };
                self.rows.insert(item.into(), task);
            }
        }
    }
}

/// Two texts are the same whatever ends their lines: a browser sends CRLF.
fn same(one: &str, other: &str) -> bool {
    one.lines().eq(other.lines())
}

/// Who changed an item's tick last, and when: by the texts that the edits left where the forge tells them, else by the
/// edits since the last look, where they are all of one person.
fn author(
    read: &TasksRead,
    body: &str,
    (item, text, on): (&str, &str, bool),
    seen: Option<DateTime<Utc>>,
) -> (Option<Untrusted>, Option<DateTime<Utc>>) {
    let state = |edit: &TaskEdit| {
        let found = find(edit.body.as_ref()?.raw(), &[(item, text)]);
        if let Some(Found::Once { on, .. }) = found.get(item) { Some(*on) } else { None }
    };
    let told = read.edits.last().and_then(|edit| edit.body.as_ref()).is_some_and(|it| same(it.raw(), body));
    if told {
        let first = read.edits.iter().rposition(|edit| state(edit) != Some(on)).map_or(0, |at| at + 1);
        // The oldest that is told of made it only if nothing was before.
        if let Some(edit) = read.edits.get(first).filter(|_| first > 0 || read.whole) {
            return (edit.by.clone(), Some(edit.at));
        }
        return (None, None);
    }
    let new: Vec<_> = read.edits.iter().filter(|edit| seen.is_none_or(|seen| edit.at > seen)).collect();
    match &new[..] {
        [first, .., last] | [first @ last] if new.iter().all(|it| it.by == first.by) => {
            (first.by.clone(), Some(last.at))
        }
        _ => (None, None),
    }
}

impl Release {
    /// The items of this release, each once.
    pub(in crate::release) fn task_items(&self) -> Vec<&Item> {
        let Some(process) = self.process.as_deref() else { return vec![] };
        let stream = self.stream().map(|stream| stream.id.as_str()).unwrap_or_default();
        let of = |stage| process.items_for(stage, stream, self.went_wrong());
        process.stages.iter().flat_map(of).collect()
    }

    /// What a look at the tracking issue adds to what is known.
    pub(crate) fn task_changes(&self, read: &TasksRead) -> Vec<Note> {
        if self.tracking_issue().as_ref() != Some(&read.issue) {
            return vec![];
        }
        let known = Some(&self.tasks).filter(|it| it.issue.as_ref() == Some(&read.issue));
        let edited = read.edits.iter().map(|edit| edit.at).max();
        let seen = TasksSeen { issue: read.issue.clone(), rows: vec![], edited, absent: read.body.is_none() };
        let Some(body) = read.body.as_ref().map(Untrusted::raw) else {
            let new = known.is_none_or(|known| !known.absent);
            return new.then(|| Fact::from(seen).into()).into_iter().collect();
        };
        let items: Vec<_> =
            self.task_items().into_iter().map(|it| (it.id.as_str(), it.text.as_str())).collect();
        let found = find(body, &items);
        let row = |(item, text): &(&str, &str)| {
            let before = known.and_then(|known| known.rows.get(*item));
            let stays = |place| before.map_or((place, false, None), |it| (place, it.on, it.reworded.clone()));
            let (place, on, reworded) = match &found[item] {
                Found::Once { on, reworded, .. } => {
                    (Place::Once, *on, reworded.as_ref().map(|it| Untrusted::from(shown(it, 300))))
                }
                Found::Twice => stays(Place::Twice),
                Found::Gone => stays(Place::Gone),
            };
            let flipped = before.map_or(on, |before| before.on != on);
            let (by, at) = match before {
                Some(before) if !flipped => (before.by.clone(), before.at),
                _ if flipped => author(read, body, (item, text, on), known.and_then(|it| it.edited)),
                _ => (None, None),
            };
            let same = before
                .is_some_and(|before| (before.place, before.on, &before.reworded) == (place, on, &reworded));
            (!same).then(|| TaskRow { item: (*item).into(), place, on, by, at, reworded })
        };
        let rows: Vec<TaskRow> = items.iter().filter_map(row).collect();
        let back = known.is_some_and(|known| known.absent);
        if rows.is_empty() && known.is_some() && !back {
            return vec![];
        }
        let groups = crate::release::groups::groups(rows);
        let each = |rows| Fact::from(TasksSeen { rows, ..seen.clone() }).into();
        if groups.is_empty() { vec![each(vec![])] } else { groups.into_iter().map(each).collect() }
    }

    /// A look at the task list in words: a single tick with who made it, else how many lines.
    pub(crate) fn task_words(&self, it: &TasksSeen) -> Words {
        let issue = it.issue.to_string();
        if it.absent {
            return Words::about(format!("{issue} is not there any more"), issue);
        }
        let before = |row: &TaskRow| self.tasks.rows.get(&row.item).is_some_and(|before| before.on);
        let turned: Vec<&TaskRow> = it.rows.iter().filter(|row| before(row) != row.on).collect();
        match &turned[..] {
            [row] => {
                let verb = if row.on { "tick" } else { "untick" };
                let by = row.by.as_ref().map(|by| format!(" by {}", by.line())).unwrap_or_default();
                let what = format!("{verb} {} on {issue}{by}", self.item_text(&row.item));
                let word = |on: bool| if on { "ticked" } else { "open" };
                Words::about(what, &*row.item).change(word(before(row)), word(row.on))
            }
            [] => Words::about(format!("{} lines of the task list of {issue} seen", it.rows.len()), issue),
            many => Words::about(format!("{} ticks on {issue} changed", many.len()), issue),
        }
    }
}
