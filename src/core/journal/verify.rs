//! Says what is known of a journal, and no more: whether the chain holds, and who else saw which part of it.

use super::census::Census;
use super::chain::Verdict;
use super::disk::Source;
use super::line::{Hash, hex};
use super::read::read_all;
use crate::order::Order as _;
use crate::release::text::shown;
use std::fmt;
use std::io;

/// A head of the journal that somebody else keeps: a tag, a release body, a colleague's journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Who: "the tag v1.18.0-rc.2", "w-20be11".
    pub name: String,
    /// The entry it saw last.
    pub seq: u64,
    /// The hash that entry had.
    pub h: Hash,
}

/// Consecutive entries that the same witnesses saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The first entry.
    pub from: u64,
    /// The last entry.
    pub to: u64,
    /// Who saw them; empty when they are only chained.
    pub witnesses: Vec<String>,
}

/// The result of a verification.
#[derive(Debug, Clone)]
pub struct Report {
    /// What reading found.
    pub verdict: Verdict,
    /// Entries that were verified.
    pub entries: u64,
    /// The hash of the last of them.
    pub head: Hash,
    /// Entries among them whose content was removed.
    pub expunged: u64,
    /// Who saw what. Covers all verified entries.
    pub stretches: Vec<Stretch>,
    /// Witnesses that saw something else, in words.
    pub disagreements: Vec<String>,
    /// Entries of kinds that are not known, where somebody who knows kinds has counted them; the chain has no need to.
    pub census: Census,
}

/// Verifies a journal against its own chain and against witnesses.
///
/// # Errors
/// When it cannot be read; the exit code for that is 3.
pub fn verify(source: &dyn Source, witnesses: &[Witness]) -> io::Result<Report> {
    let mut seen: Vec<Option<Hash>> = vec![None; witnesses.len()];
    let walked = read_all(source, &mut |line, _| {
        for (witness, seen) in witnesses.iter().zip(&mut seen) {
            if witness.seq == line.seq {
                *seen = Some(line.h);
            }
        }
    })?;
    let entries = walked.chain.seq;
    let mut agreeing = Vec::new();
    let mut disagreements = Vec::new();
    for (witness, seen) in witnesses.iter().zip(seen) {
        let name = shown(&witness.name, 80);
        match seen {
            Some(h) if h == witness.h => agreeing.push(witness),
            Some(_) => disagreements.push(format!("{name} saw another entry {}", witness.seq)),
            None => disagreements.push(format!("{name} saw entry {}, which is not here", witness.seq)),
        }
    }
    let stretches = stretches(entries, &agreeing);
    let (head, expunged) = (walked.chain.head, walked.chain.expunged);
    let census = Census::default();
    Ok(Report { verdict: walked.verdict, entries, head, expunged, stretches, disagreements, census })
}

fn stretches(entries: u64, witnesses: &[&Witness]) -> Vec<Stretch> {
    let mut ends: Vec<u64> = witnesses.iter().map(|witness| witness.seq).chain([entries]).collect();
    ends.order();
    ends.dedup();
    let mut stretches = Vec::new();
    let mut from = 1;
    for to in ends.into_iter().filter(|end| *end > 0) {
        let mut names: Vec<String> =
            witnesses.iter().filter(|w| w.seq >= to).map(|w| shown(&w.name, 80)).collect();
        names.order();
        names.dedup();
        stretches.push(Stretch { from, to, witnesses: names });
        from = to + 1;
    }
    stretches
}

impl Report {
    /// The exit code: 0 the chain holds (a torn tail is only a warning), 1 edited, forked, corrupt or a witness
    /// disagrees, 3 not readable to its end, or no journal at all.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match &self.verdict {
            Verdict::Edited { .. } | Verdict::Corrupt { .. } | Verdict::Forked { .. } => 1,
            _ if !self.disagreements.is_empty() => 1,
            Verdict::TooNew { .. } => 3,
            Verdict::Clean | Verdict::Torn { .. } if self.entries == 0 => 3,
            Verdict::Clean | Verdict::Torn { .. } => 0,
        }
    }
}

/// What can be done about a journal that is not what was written.
const MEND: &str = "what stands before that is as it was written: gonogo journal show reads it; nothing more is written to \
                    this journal\nput a whole copy back (a backup, a colleague's), or move its directory away to begin \
                    anew; keep the damaged one\n";

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.entries == 0 {
            writeln!(f, "no verified entry: {}", self.verdict)?;
        } else {
            writeln!(f, "entries 1–{} are chained, head sha256:{}", self.entries, hex(&self.head))?;
            writeln!(f, "{}", self.verdict)?;
        }
        match &self.verdict {
            Verdict::Edited { .. } | Verdict::Corrupt { .. } | Verdict::Forked { .. } => f.write_str(MEND)?,
            Verdict::Torn { .. } if self.census.read_only.is_some() => {
                f.write_str("it is left so: a newer gonogo writes this journal\n")?;
            }
            Verdict::Torn { bytes: 0, .. } => f.write_str("the next cockpit adds it and goes on\n")?,
            Verdict::Torn { .. } => f.write_str("the next cockpit sets those bytes aside and goes on\n")?,
            Verdict::Clean | Verdict::TooNew { .. } => {}
        }
        if self.expunged > 0 {
            writeln!(f, "{} had their content removed; what they said is not known here", self.expunged)?;
        }
        let unknown = self.census.unknown.values().sum::<u64>() + self.census.others;
        if unknown > 0 {
            let kinds: Vec<_> = self.census.unknown.keys().map(|kind| shown(kind, 64)).collect();
            writeln!(
                f,
                "{unknown} of a kind or shape that this gonogo does not know, kept and passed over: {}",
                kinds.join(", ")
            )?;
        }
        if let Some(why) = &self.census.read_only {
            writeln!(f, "{}: upgrade to write to this journal", shown(why, 200))?;
        }
        for Stretch { from, to, witnesses } in &self.stretches {
            let span = if from == to { from.to_string() } else { format!("{from}–{to}") };
            match witnesses.as_slice() {
                [] => writeln!(f, "{span} only chained, witnessed by nobody")?,
                names => writeln!(f, "{span} witnessed by {}", names.join(" and "))?,
            }
        }
        for disagreement in &self.disagreements {
            writeln!(f, "WITNESS DISAGREES: {disagreement}")?;
        }
        Ok(())
    }
}
