//! Rows of the milestone: blockers by severity, then open, added since definition, done, left.

use super::{Group, Row, RowId};
use crate::order::Order as _;
use crate::release::Release;
use crate::release::ids::IssueKey;
use crate::release::milestone::Issue;
use crate::release::text::Untrusted;
use crate::screen::Screen;
use std::fmt;

pub(crate) fn groups(release: &Release, screen: &Screen) -> Vec<Group> {
    let list = screen.list_of(crate::release::Pane::Milestone);
    let issues_only = release.process.as_ref().is_some_and(|process| process.milestone.issues_only);
    let mut pulls = vec![];
    let mut blockers = vec![];
    let mut open = vec![];
    let mut done = vec![];
    for (key, issue) in &release.milestones.issues {
        // What blocks is counted where blockers are, a pull request too: the gate counts it.
        let rows = if issue.open && release.is_blocker(issue) {
            &mut blockers
        } else if issue.pull && issues_only {
            &mut pulls
        } else if !issue.open {
            &mut done
        } else {
            &mut open
        };
        rows.push((key, issue));
    }
    let left: Vec<_> = release.milestones.left.iter().map(|(key, (_, issue))| (key, issue)).collect();
    let group = |name: &str, text: &str, folded: bool, mut rows: Vec<(&IssueKey, &Issue)>| {
        let person = matches!(name, "blockers" | "pulls");
        let mut group = Group::new(name, text, folded, list.is_filtered());
        // Most issues of a milestone are done, and folded away: those are only counted.
        if folded != list.toggled.contains(name) && !list.is_filtered() {
            group.hidden = rows.len();
            return group;
        }
        sort(release, list.order, &mut rows);
        for (key, issue) in rows {
            let (labels, assignees) = (Joined(&issue.labels), Joined(&issue.assignees));
            group.add(
                Row::item(RowId::Issue(key.clone()), person),
                format_args!("{key} {} {labels} {assignees}", issue.title.raw()),
            );
        }
        group
    };
    let all = vec![
        group("blockers", "Blockers", false, blockers),
        group("pulls", "Pull requests in an issues-only milestone", false, pulls),
        group("open", "Open", false, open),
        group("done", "Done", true, done),
        group("left", "Moved out during this release", true, left),
    ];
    let open_only = list.preset % 2 == 1;
    let shown = |group: &Group| !(group.count() == 0 || open_only && matches!(&*group.name, "done" | "left"));
    all.into_iter().filter(shown).collect()
}

/// Words with a blank between them.
struct Joined<'a>(&'a [Untrusted]);

impl fmt::Display for Joined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(at, word)| {
            f.write_str(if at == 0 { "" } else { " " })?;
            f.write_str(word.raw())
        })
    }
}

/// Orders: by severity and age, by last change, by number.
fn sort(release: &Release, order: u8, rows: &mut [(&IssueKey, &Issue)]) {
    match order % 3 {
        // The rows come in the order of their keys, and what is equal stays in order.
        0 => rows.order_by_key(|(_, issue)| (release.severity(&issue.labels), issue.created)),
        1 => rows.order_by_key(|(_, issue)| std::cmp::Reverse(issue.updated)),
        _ => rows.order_by_key(|(key, _)| std::cmp::Reverse(key.number)),
    }
}

/// The words for the orders, in the order that `s` goes through them.
pub const ORDERS: [&str; 3] = ["severity", "last change", "number"];
