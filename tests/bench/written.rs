//! The story's facts, written to a journal through its own store.

use crate::story::{fact, opening, start};
use chrono::TimeDelta;
use gonogo::journal::{JournalError, Stamp, Store};
use gonogo::release::fact::Fact;
use gonogo::release::ids::{BadName, Login};

/// The stamp of the `at`-th fact.
fn stamp(at: u64) -> Result<Stamp, BadName> {
    Ok(Stamp {
        ts: start() + TimeDelta::seconds(i64::try_from(at * 7).unwrap_or_default()),
        mono: at * 7000,
        ses: "01KAHQ8Z7V".to_owned(),
        by: Login::parse("ana-weber")?,
    })
}

/// Appends facts, a hundred a sync; an empty journal is opened first.
///
/// # Errors
/// When the journal cannot be written.
pub fn append(store: &mut Store, count: u64) -> Result<(), Box<dyn std::error::Error>> {
    let draft = |fact: Fact| gonogo::engine::entries::draft(&fact.into());
    if store.chain().seq == 0 {
        store.append(&stamp(0)?, &opening()?.map(draft))?;
    }
    let mut at = 0;
    while at < count {
        let end = (at + 100).min(count);
        let drafts: Result<Vec<_>, BadName> = (at..end).map(|at| fact(at).map(draft)).collect();
        let written: Result<_, JournalError> = store.append(&stamp(at)?, &drafts?);
        written?;
        at = end;
    }
    Ok(())
}
