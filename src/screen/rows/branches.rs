//! Rows of branches: the release's line first, then other lines from the newest, then the trunk.

use super::{Group, Row, RowId};
use crate::order::Order as _;
use crate::release::Release;
use crate::release::branches::{Line, LineKind};
use crate::screen::Screen;

pub(crate) fn groups(release: &Release, screen: &Screen) -> Vec<Group> {
    let list = screen.list_of(crate::release::Pane::Branches);
    let mine = release.line().map(|line| line.branch.clone());
    let numbers = |line: &Line| {
        let parsed = release.process.as_ref().and_then(|process| process.line_of(line.branch.as_str()));
        parsed.map(|parsed| (parsed.major, parsed.minor, parsed.patch))
    };
    let mut lines: Vec<&Line> = release.lines.0.values().collect();
    let drift_only = list.preset % 2 == 1;
    lines.retain(|line| !drift_only || line.drifting.is_some_and(|count| count > 0));
    match list.order % 2 {
        0 => lines.order_by_key(|line| {
            let first = Some(&line.branch) != mine.as_ref();
            (first, line.kind == LineKind::Trunk, std::cmp::Reverse(numbers(line)), line.branch.clone())
        }),
        _ => lines.order_by_key(|line| std::cmp::Reverse(line.at)),
    }
    let mut group = Group::new("lines", "", false, list.is_filtered());
    for line in lines {
        let open = line.drifting.is_some_and(|count| count > 0);
        group.add(
            Row::item(RowId::Line(line.branch.clone()), open),
            format_args!("{} {}", line.branch.as_str(), line.subject.raw()),
        );
    }
    vec![group]
}
