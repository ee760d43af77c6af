//! Rows of CI: the checks of a branch, required ones first.

use super::{Group, Row, RowId};
use crate::order::Order as _;
use crate::release::Release;
use crate::release::checks::CheckState;
use crate::release::ids::Branch;
use crate::release::text::Untrusted;
use crate::screen::Screen;
use std::collections::BTreeSet;

/// The branch that the CI tab is about: the one chosen, else the release's line, else the trunk.
#[must_use]
pub fn branch(release: &Release, screen: &Screen) -> Option<Branch> {
    screen
        .branch
        .clone()
        .or_else(|| release.line().map(|line| line.branch.clone()))
        .or_else(|| release.trunk())
}

/// Branches whose checks are shown side by side: trunk, the release's line, then other lines, newest first.
#[must_use]
pub fn columns(release: &Release, screen: &Screen) -> Vec<Branch> {
    let mut columns: Vec<Branch> = branch(release, screen).into_iter().collect();
    let mine = release.line().map(|line| line.branch.clone());
    let others = release.checks.lines.keys().rev().cloned();
    for branch in release.trunk().into_iter().chain(mine).chain(others) {
        if !columns.contains(&branch) {
            columns.push(branch);
        }
    }
    columns
}

pub(crate) fn groups(release: &Release, screen: &Screen) -> Vec<Group> {
    let Some(branch) = branch(release, screen) else { return Vec::new() };
    let list = screen.list_of(crate::release::Pane::Ci);
    let required: BTreeSet<Untrusted> =
        release.required_checks(&branch).unwrap_or_default().into_iter().collect();
    let mut names: BTreeSet<Untrusted> = required.clone();
    for column in columns(release, screen) {
        names.extend(release.checks.lines.get(&column).iter().flat_map(|line| line.rows.keys().cloned()));
    }
    let line = release.checks.lines.get(&branch);
    let state = |name: &Untrusted| line.map_or(CheckState::Missing, |line| line.state(name));
    let failing_only = list.preset % 2 == 1;
    let mut groups = vec![];
    for (name, text, wanted) in [("required", "Required", true), ("other", "Not required", false)] {
        let mut rows: Vec<_> = names.iter().filter(|it| required.contains(*it) == wanted).collect();
        rows.retain(|it| !failing_only || !(state(it).is_green() || state(it) == CheckState::Skipped));
        if list.order.is_multiple_of(2) {
            rows.order_by_key(|it| (state(it), (*it).clone()));
        }
        let mut group = Group::new(name, text, false, list.is_filtered());
        for it in rows {
            let open = if wanted { !state(it).is_green() } else { state(it).is_red() };
            let workflow = line.and_then(|line| line.rows.get(it)).and_then(|check| check.workflow.as_ref());
            group.add(
                Row::item(RowId::Check(it.clone()), open),
                format_args!("{} {}", it.raw(), workflow.map_or("", |name| name.raw())),
            );
        }
        if !group.rows.is_empty() {
            groups.push(group);
        }
    }
    groups
}
