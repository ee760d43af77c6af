//! Rows of the milestone: blockers by severity, then open, added since definition, done, left.

use super::{Group, Row, RowId};
use crate::release::Release;
use crate::release::ids::IssueKey;
use crate::release::milestone::Issue;
use crate::release::text::Untrusted;
use crate::screen::Screen;

pub(crate) fn groups(release: &Release, screen: &Screen) -> Vec<Group> {
    let list = screen.list_of(crate::release::Pane::Milestone);
    let filtering = !list.filter.is_empty();
    let issues_only = release.process.as_ref().is_some_and(|process| process.milestone.issues_only);
    let mut pulls = vec![];
    let mut blockers = vec![];
    let mut open = vec![];
    let mut done = vec![];
    for (key, issue) in &release.milestones.issues {
        let rows = if issue.pull && issues_only {
            &mut pulls
        } else if !issue.open {
            &mut done
        } else if release.is_blocker(issue) {
            &mut blockers
        } else {
            &mut open
        };
        rows.push((key, issue));
    }
    let left: Vec<_> = release.milestones.left.iter().map(|(key, (_, issue))| (key, issue)).collect();
    let group = |name: &str, text: &str, folded: bool, mut rows: Vec<(&IssueKey, &Issue)>| {
        sort(release, list.order, &mut rows);
        let person = matches!(name, "blockers" | "pulls");
        Group {
            name: name.to_owned(),
            text: text.to_owned(),
            folded,
            rows: rows.into_iter().map(|(key, issue)| row(key, issue, person, filtering)).collect(),
        }
    };
    let all = vec![
        group("blockers", "Blockers", false, blockers),
        group("pulls", "Pull requests in an issues-only milestone", false, pulls),
        group("open", "Open", false, open),
        group("done", "Done", true, done),
        group("left", "Moved out during this release", true, left),
    ];
    let open_only = list.preset % 2 == 1;
    let shown =
        |group: &Group| !(group.rows.is_empty() || open_only && matches!(&*group.name, "done" | "left"));
    all.into_iter().filter(shown).collect()
}

fn row(key: &IssueKey, issue: &Issue, open: bool, filtering: bool) -> (Row, String) {
    // The text is only looked at by a filter, and a milestone may have thousands of issues.
    let text = if filtering {
        let words = |list: &[Untrusted]| list.iter().map(Untrusted::raw).collect::<Vec<_>>().join(" ");
        format!("{key} {} {} {}", issue.title.raw(), words(&issue.labels), words(&issue.assignees))
    } else {
        String::new()
    };
    (Row::item(RowId::Issue(key.clone()), open), text)
}

/// Orders: by severity and age, by last change, by number.
fn sort(release: &Release, order: u8, rows: &mut [(&IssueKey, &Issue)]) {
    match order % 3 {
        0 => rows.sort_by_cached_key(|(key, issue)| {
            (release.severity(&issue.labels), issue.created, (*key).clone())
        }),
        1 => rows.sort_by_key(|(_, issue)| std::cmp::Reverse(issue.updated)),
        _ => rows.sort_by_key(|(key, _)| std::cmp::Reverse(key.number)),
    }
}

/// The words for the orders, in the order that `s` goes through them.
pub const ORDERS: [&str; 3] = ["severity", "last change", "number"];
