//! Rows of the overview: the poll, then what blocks.

use super::{Group, Row, RowId};
use crate::release::Release;
use crate::release::poll::Verdict;
use crate::screen::Screen;

pub(crate) fn groups(_: &Release, screen: &Screen) -> Vec<Group> {
    let gates = screen.poll.iter().map(|polled| {
        let row =
            Row::item(RowId::Gate(polled.gate.clone()), polled.required && polled.verdict != Verdict::Go);
        (row, format!("{} {} {}", polled.verdict.word(), polled.title, polled.reading.reason))
    });
    let blockers = screen.agenda.iter().map(|blocker| {
        let row = Row::item(RowId::Blocker(blocker.subject.clone()), true);
        (row, format!("{} {} {}", blocker.mark, blocker.text, blocker.who))
    });
    vec![
        Group { name: "poll".to_owned(), text: String::new(), folded: false, rows: gates.collect() },
        Group {
            name: "blocking".to_owned(),
            text: "Blocking".to_owned(),
            folded: false,
            rows: blockers.collect(),
        },
    ]
}
