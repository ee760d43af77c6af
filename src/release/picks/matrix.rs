//! Every pick on every line: what stands where, and whose word it is.

use super::{BackportState, CellState, Foreseen, PickKey, Picks};
use crate::release::ids::Branch;
use crate::release::text::{Untrusted, shown};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// What stands in one cell: a word, who said it, when, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// In a word or two: "landed", "PR #18", "CONFLICT".
    pub word: String,
    /// Whether a conflict is predicted.
    pub conflict: bool,
    /// Who decided, vouches, committed or opened it.
    pub who: Option<String>,
    /// When.
    pub when: Option<DateTime<Utc>>,
    /// Why, or what shows it.
    pub why: Option<String>,
}

impl Picks {
    /// Every pick that is wanted anywhere.
    #[must_use]
    pub fn all(&self) -> BTreeSet<&PickKey> {
        let places = self.pulls.keys().chain(self.wanted.keys()).chain(self.added.keys());
        places.map(|(key, _)| key).collect()
    }

    /// What stands of a pick on a line; none when nobody wants it there.
    #[must_use]
    pub fn told(&self, key: &PickKey, line: &Branch) -> Option<Told> {
        let cell = self.cell(key, line)?;
        let pull = self.pulls.get(&(key.clone(), line.clone()));
        let backport = pull.and_then(|pull| pull.backport.as_ref());
        let row = self.predictions.get(line).and_then(|known| known.rows.get(key));
        let conflict = cell.state.is_queued()
            && row.is_some_and(|(row, _)| matches!(row.verdict, Foreseen::Conflict { .. }));
        let mut told = Told {
            word: cell.state.word().to_owned(),
            conflict,
            who: cell.record.map(|record| shown(&record.by, 40)),
            when: cell.record.map(|record| record.at),
            why: cell.record.and_then(|record| record.why.as_ref()).map(Untrusted::line),
        };
        match cell.state {
            CellState::Landed | CellState::Reverted => {
                if let Some(landing) = cell.landing.filter(|it| it.grade.is_sure()) {
                    told.who = landing.by.as_ref().map(Untrusted::line);
                    told.when = landing.at;
                    told.why = Some(match landing.reverted {
                        Some(by) => format!("{} reverted by {}", landing.commit.short(), by.short()),
                        None => format!("{} {}", landing.grade.word(), landing.commit.short()),
                    });
                } else if let Some((by, why)) = cell.attested {
                    told.who = Some(shown(by, 40));
                    told.when = None;
                    told.why = Some(format!("vouched for: {}", why.line()));
                } else {
                    told.why = pull.and_then(|pull| pull.evidence.as_ref()).map(Untrusted::line);
                }
            }
            CellState::OpenPull => {
                if let Some(it) = backport.filter(|it| it.state == BackportState::Open) {
                    let draft = if it.draft { " draft" } else { "" };
                    told.word = format!("PR #{}{draft}", it.number);
                    told.who = it.author.as_ref().map(Untrusted::line);
                    told.why = Some(format!("told by {}", it.known_by.line()));
                }
            }
            _ => {}
        }
        Some(told)
    }
}
