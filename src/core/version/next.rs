//! What the next version and the next candidate are, with the reasons.

use super::classify::{TagClass, TagKind};
use super::grammar::{Grammar, VersionError};
use super::number::Version;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which number goes up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// The third: fixes.
    Patch,
    /// The second: features.
    Minor,
    /// The first: breaking changes.
    Major,
}

impl Bump {
    /// Its word: `major`, `minor`, `patch`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl Version {
    /// The final version after this one: the number of the bump one higher, those behind it 0. The final version
    /// of a candidate is not counted as released: the patch after `1.2.0-rc.1` is `1.2.1`.
    #[must_use]
    pub fn bump(&self, bump: Bump) -> Self {
        let (major, minor, patch) = (self.major(), self.minor(), self.patch());
        match bump {
            Bump::Major => self.sibling(major.saturating_add(1), 0, 0),
            Bump::Minor => self.sibling(major, minor.saturating_add(1), 0),
            Bump::Patch => self.sibling(major, minor, patch.saturating_add(1)),
        }
    }
}

/// A proposed version and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Proposal {
    /// The proposed version.
    pub version: Version,
    /// Its tag in the configured form.
    pub tag: String,
    /// The reasons, each a sentence for people, in the order they were weighed.
    pub reasons: Vec<String>,
}

/// Proposes the next final version.
///
/// `known` are the classified tags; `burned` are versions that were used once and are gone (a deleted tag, a
/// failed release), which are never proposed again. With `line` only tags of that `(major, minor)` count.
///
/// # Errors
/// When no number is left.
pub fn next_final(
    grammar: &Grammar,
    known: &[TagClass],
    burned: &[Version],
    line: Option<(u64, u64)>,
    bump: Bump,
) -> Result<Proposal, VersionError> {
    let ours = known.iter().filter(|class| line.is_none() || class.line == line);
    let finals = ours.filter(|class| class.kind == TagKind::Final).filter_map(|class| class.version.clone());
    let taken: BTreeSet<Version> = finals.collect();
    let mut reasons = Vec::new();
    let mut version = match (taken.last(), line) {
        (Some(last), _) => {
            reasons.push(format!("the last final version is {}", grammar.tag(last)));
            reasons.push(format!("a {} release raises it", bump.word()));
            last.bump(bump)
        }
        (None, Some((major, minor))) => {
            reasons.push(format!("line {major}.{minor} has no final version yet"));
            Version::of(grammar.style, major, minor, 0)
        }
        (None, None) => {
            reasons.push("there is no final version yet".to_owned());
            Version::of(grammar.style, 0, 1, 0)
        }
    };
    while taken.contains(&version) || burned.contains(&version) {
        reasons.push(format!("{} was used before, and a number is used once", grammar.tag(&version)));
        let after = version.bump(if taken.is_empty() { Bump::Patch } else { bump });
        if after <= version {
            return Err(VersionError::NoNumberLeft(version.to_string()));
        }
        version = after;
    }
    if let Some(candidate) = open_candidate(known, &version) {
        reasons.push(format!("{candidate} is a candidate of it"));
    }
    Ok(Proposal { tag: grammar.tag(&version), version, reasons })
}

/// The highest candidate of a version, as it is tagged.
fn open_candidate<'k>(known: &'k [TagClass], version: &Version) -> Option<&'k str> {
    let of_it = known.iter().filter(|class| matches!(class.kind, TagKind::Candidate(_)));
    let of_it = of_it.filter(|class| class.version.as_ref().is_some_and(|v| v.base() == *version));
    of_it.max_by(|a, b| a.version.cmp(&b.version)).map(|class| class.tag.as_str())
}

/// Proposes the next candidate of the final version that `target` leads to.
///
/// The number is one above the highest that was ever used, whether tagged in `known` or `burned` (a gap, a deleted
/// tag, a candidate that failed): a number is used once.
///
/// # Errors
/// When the process has no candidate form, the form does not fit, or no number is left.
pub fn next_candidate(
    grammar: &Grammar,
    known: &[TagClass],
    target: &Version,
    burned: &BTreeSet<u64>,
) -> Result<Proposal, VersionError> {
    let base = target.base();
    let mut reasons = Vec::new();
    let tagged = known.iter().filter_map(|class| match (&class.kind, &class.version) {
        (TagKind::Candidate(n), Some(version)) if version.base() == base => Some((*n, class.tag.as_str())),
        _ => None,
    });
    let last = tagged.max_by_key(|(n, _)| *n);
    let gone = burned.last().copied().filter(|n| last.is_none_or(|(tagged, _)| *n > tagged));
    let highest = match (last, gone) {
        (_, Some(n)) => {
            reasons.push(format!("number {n} was used and is burned"));
            Some(n)
        }
        (Some((n, tag)), None) => {
            reasons.push(format!("the last candidate is {tag}"));
            Some(n)
        }
        (None, None) => {
            reasons.push(format!("{} has no candidate yet", grammar.tag(&base)));
            None
        }
    };
    let n = match highest {
        Some(n) => n.checked_add(1).ok_or_else(|| VersionError::NoNumberLeft(n.to_string()))?,
        None => grammar.first_candidate,
    };
    let version = grammar.candidate(&base, n)?;
    Ok(Proposal { tag: grammar.tag(&version), version, reasons })
}
