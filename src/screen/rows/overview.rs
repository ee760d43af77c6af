//! Rows of the overview: the poll, then what blocks.

use super::{Group, Row, RowId};
use crate::release::Release;
use crate::release::poll::Verdict;
use crate::screen::Screen;

pub(crate) fn groups(_: &Release, screen: &Screen) -> Vec<Group> {
    let filtering = screen.list_of(crate::release::Pane::Overview).is_filtered();
    let mut gates = Group::new("poll", "", false, filtering);
    for polled in &screen.poll {
        let open = polled.required && polled.verdict != Verdict::Go;
        gates.add(
            Row::item(RowId::Gate(polled.gate.clone()), open),
            format_args!("{} {} {}", polled.verdict.word(), polled.title, polled.reading.reason),
        );
    }
    let mut blocking = Group::new("blocking", "Blocking", false, filtering);
    for blocker in &screen.agenda {
        blocking.add(
            Row::item(RowId::Blocker(blocker.subject.clone()), true),
            format_args!("{} {} {}", blocker.mark, blocker.text, blocker.who),
        );
    }
    vec![gates, blocking]
}
