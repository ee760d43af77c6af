//! Lines of kinds that this program does not know: kept, counted, and sometimes a reason not to write.

use super::line::Line;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Most unknown kinds that are counted by name; a hostile journal could make up one a line.
const NAMES_CAP: usize = 64;

/// Whether a program knows a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// It does.
    Yes,
    /// It does not; the fold passes it over.
    No,
    /// It knows the name, but only older shapes of it: `pick.decide@2` where `pick.decide` is known.
    OlderOnly,
}

/// What was met of unknown kinds while reading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Census {
    /// Lines by unknown kind.
    pub unknown: BTreeMap<String, u64>,
    /// Lines of unknown kinds that are no longer counted by name.
    pub others: u64,
    /// The first line after which nothing may be written by this program, and why.
    pub read_only: Option<String>,
}

#[derive(Deserialize)]
struct Demand {
    #[serde(default)]
    must_understand: bool,
}

impl Census {
    /// Counts a line. The fold takes it only when it is known.
    pub fn take(&mut self, line: &Line, known: Known) {
        if known == Known::Yes {
            return;
        }
        if self.unknown.len() < NAMES_CAP || self.unknown.contains_key(&line.kind) {
            *self.unknown.entry(line.kind.clone()).or_default() += 1;
        } else {
            self.others += 1;
        }
        let demanded = line.read::<Demand>().is_ok_and(|demand| demand.must_understand);
        let why = match known {
            Known::OlderOnly => "has a newer shape than this program knows",
            Known::No if demanded => "must be understood and is not known to this program",
            Known::Yes | Known::No => return,
        };
        self.read_only.get_or_insert_with(|| format!("entry {}, {}, {why}", line.seq, line.kind));
    }
}
