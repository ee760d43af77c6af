//! Every pick on every line: what stands where, and whose word it is.

use super::{BackportState, CellState, Foreseen, Pick, PickKey, Picks, Standing};
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
        let row = self.predictions.get(line).and_then(|known| Some((known.at, known.rows.get(key)?)));
        let foreseen = row.filter(|_| cell.state.is_queued()).map(|(at, (row, _))| (at, &row.verdict));
        let clash = foreseen.filter(|(_, verdict)| matches!(verdict, Foreseen::Conflict { .. }));
        let mut told = Told {
            word: cell.state.word().to_owned(),
            conflict: clash.is_some(),
            who: cell.record.map(|record| shown(&record.by, 40)),
            when: cell.record.map(|record| record.at),
            why: cell.record.and_then(|record| record.why.as_ref()).map(Untrusted::line),
        };
        match cell.state {
            CellState::Landed | CellState::Reverted => {
                Self::landed(&cell, pull, &mut told);
            }
            CellState::OpenPull => {
                if let Some(it) = backport.filter(|it| it.state == BackportState::Open) {
                    let draft = if it.draft { " draft" } else { "" };
                    told.word = format!("PR #{}{draft}", it.number);
                    told.who = it.author.as_ref().map(Untrusted::line);
                    told.when = it.at;
                    let known = format!("told by {}", it.known_by.line());
                    let more = it.words().into_iter().filter(|word| word != "draft");
                    told.why = Some([known].into_iter().chain(more).collect::<Vec<_>>().join(", "));
                } else if let Some(it) = self.opened(&(key.clone(), line.clone())) {
                    let draft = if it.draft { " draft" } else { "" };
                    told.word = format!("PR #{}{draft}", it.number);
                    told.why = it.url.as_ref().map(Untrusted::line);
                }
                Self::brought_anyway(&cell, &mut told);
            }
            CellState::Proposed | CellState::Asked | CellState::NotMerged => {
                self.proposed(key, line, &mut told)
            }
            CellState::Approved | CellState::Rejected | CellState::Deferred | CellState::NotNeeded => {}
        }
        if let Some((at, Foreseen::Conflict { files, .. })) = clash {
            let files: Vec<_> = files.iter().take(3).map(|file| file.path.line()).collect();
            told.when = told.when.or(at);
            let why = format!("conflicts in {}", files.join(", "));
            told.why = Some(told.why.map_or(why.clone(), |known| format!("{known}; {why}")));
        }
        Some(told)
    }

    /// It was decided against, and somebody brings it all the same.
    fn brought_anyway(cell: &Standing<'_>, told: &mut Told) {
        if let Some(against) = cell.record.filter(|record| record.decision.is_against()) {
            let by = shown(&against.by, 40);
            let decided = format!("{} by {by}", against.decision.word());
            told.word = format!("{}, {}", told.word, against.decision.word());
            told.why = Some(told.why.take().map_or(decided.clone(), |why| format!("{decided}; {why}")));
        }
    }

    /// What shows that it is there, or was.
    fn landed(cell: &Standing<'_>, pull: Option<&Pick>, told: &mut Told) {
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

    /// Who wants what is not decided, when, and by what; and what became of its last pull request on the line.
    fn proposed(&self, key: &PickKey, line: &Branch, told: &mut Told) {
        let place = (key.clone(), line.clone());
        let pull = self.pulls.get(&place);
        let wanted = self.wanted.get(&place);
        let asked = pull.and_then(Pick::wanted_by).or(wanted.map(|it| &it.asked));
        let mut why = Vec::new();
        if let Some(asked) = asked {
            told.who = asked.login().map(Untrusted::line);
            told.when = asked.at();
            why.push(asked.what());
            why.extend(asked.is_weak().then(|| "who may not write here".to_owned()));
        } else if let Some(label) = pull.map(|pull| &pull.label).filter(|label| !label.is_empty()) {
            why.push(format!("label {}", label.line()));
        } else if self.added.contains_key(&place) {
            why.push("added by hand".to_owned());
        }
        if let Some(it) = pull
            .and_then(|pull| pull.backport.as_ref())
            .filter(|it| it.weak || it.state != BackportState::Open)
        {
            let word = match it.state {
                BackportState::Open => "open, from a fork",
                BackportState::Merged => "merged",
                BackportState::Closed => "closed unmerged",
            };
            why.push(format!("#{} was {word}", it.number));
        }
        told.who = told.who.take().or_else(|| wanted.map(|it| it.author.line()));
        told.when = told.when.or_else(|| wanted.map(|it| it.at));
        told.why = Some(why.join(", ")).filter(|why| !why.is_empty());
    }
}
