//! What a conflicting pick needs, put before it in the queue.

use super::{Added, CellState, Needed, Ordered, OrderedBy, PickKey, Picks, Place, Remedy};
use crate::release::ask::Refusal;
use crate::release::entry::Stamp;
use crate::release::ids::Branch;
use crate::release::{Fact, Release};

impl Picks {
    /// What would make a conflicting pick apply, where that was looked for.
    #[must_use]
    pub fn remedy(&self, key: &PickKey, line: &Branch) -> Option<&Remedy> {
        self.predictions.get(line)?.rows.get(key)?.0.remedy.as_ref()
    }

    /// The picks of a line that are clean only after this one, in the order of their names.
    #[must_use]
    pub fn needed_by(&self, key: &PickKey, line: &Branch) -> Vec<&PickKey> {
        let rows = self.predictions.get(line).into_iter().flat_map(|known| &known.rows);
        let needs = rows.filter(|(_, (row, _))| match (&row.verdict, &row.remedy) {
            (super::Foreseen::CleanAfter { picks }, _) => picks.contains(key),
            (_, Some(Remedy::First { picks, .. })) => picks.iter().any(|it| it.pick == *key),
            _ => false,
        });
        needs.map(|(other, _)| other).collect()
    }
}

impl Release {
    /// The facts that put what a pick needs right before it: what is not wanted on the line is added, and the queue is
    /// ordered.
    pub(super) fn put_needs_first(&self, (pick, line): &Place, stamp: &Stamp) -> Result<Vec<Fact>, Refusal> {
        let refuse = |why: String| Refusal::new("put first what is needed", self.pick_name(pick, line), why);
        let needed = self.needed(pick, line).map_err(|(why, hint)| match hint {
            Some(hint) => refuse(why).hint(hint),
            None => refuse(why),
        })?;
        let mut queue = self.picks.queue(line);
        if !queue.contains(pick) {
            return Err(refuse("it is in the queue no longer".to_owned()));
        }
        let batch = Some(stamp.op(0));
        let mut facts: Vec<Fact> = vec![];
        for Needed { pick: need, subject, .. } in needed {
            match self.picks.cell(need, line).map(|cell| cell.state) {
                // Whoever puts it there wants it there, whoever asked for it.
                None | Some(CellState::Asked) => {
                    let (title, batch) = (subject.clone(), batch.clone());
                    let added = Added { pick: need.clone(), line: line.clone(), title, on: true, batch };
                    facts.push(added.into());
                }
                Some(state) if state.is_queued() => {}
                Some(CellState::Landed) => {
                    return Err(refuse(format!("{} is on the line meanwhile", need.short()))
                        .hint("p predicts the queue again"));
                }
                Some(state) => {
                    let why = format!("it needs {}, which is {}", need.short(), state.word());
                    return Err(refuse(why).hint("decide about that one first"));
                }
            }
        }
        queue.retain(|key| needed.iter().all(|need| need.pick != *key));
        let at = queue.iter().position(|key| key == pick).unwrap_or(queue.len());
        queue.splice(at..at, needed.iter().map(|need| need.pick.clone()));
        // What nobody ordered stays behind what somebody did, oldest first: it need not be named.
        let ordered = self.picks.order.get(line).map_or(0, Vec::len);
        queue.truncate((at + needed.len() + 1).max(ordered));
        if self.picks.order.get(line) != Some(&queue) {
            facts.push(Ordered { line: line.clone(), order: queue, by: OrderedBy::Needs, batch }.into());
        }
        if facts.is_empty() {
            return Err(refuse("what it needs stands before it already".to_owned()));
        }
        Ok(facts)
    }

    /// What a pick needs, or why that is not known, with what to do.
    fn needed(&self, pick: &PickKey, line: &Branch) -> Result<&[Needed], (String, Option<&'static str>)> {
        match self.picks.remedy(pick, line) {
            Some(Remedy::First { picks, .. }) => Ok(picks),
            Some(Remedy::Owned { commit, .. }) => {
                let why = format!("{} of {} is in its way", commit.short(), line.line());
                Err((why, Some("resolve it when it is applied, or pick another way")))
            }
            Some(Remedy::Nothing { given_up: true, .. }) => {
                let why = "whether others would make it apply is not known: the search was given up";
                Err((why.to_owned(), Some("resolve it when it is applied, or add what you know it needs")))
            }
            Some(Remedy::Nothing { .. }) => {
                Err(("nothing was found that would make it apply".to_owned(), None))
            }
            None => {
                let why = "what it needs was not looked for".to_owned();
                Err((why, Some("p predicts the queue and looks for it")))
            }
        }
    }
}
