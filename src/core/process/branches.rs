//! Trunk, release lines, streams and support: which branches and versions a process knows.

use super::span::Span;
use crate::version::{Bump, Version};
use serde::{Deserialize, Serialize};

/// `[branches]`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branches {
    /// `trunk`: the branch that features are merged to: `"main"`.
    pub trunk: String,
    /// `also_trunk`: other names that trunk has or had, tried in order where `trunk` does not exist.
    #[serde(default)]
    pub also_trunk: Vec<String>,
    /// `[[branches.lines]]`: the patterns of release branches, in the order they are tried.
    #[serde(default)]
    pub lines: Vec<LinePattern>,
}

impl Branches {
    /// The name of trunk in a repository with these branches: the first of `trunk` and `also_trunk` that is there,
    /// else `trunk`.
    #[must_use]
    pub fn trunk_among(&self, exists: impl Fn(&str) -> bool) -> &str {
        let mut names = std::iter::once(&self.trunk).chain(&self.also_trunk);
        names.find(|name| exists(name)).unwrap_or(&self.trunk)
    }

    /// What to say where no branch has a name of trunk: what it is called, what the remote says its default branch is,
    /// and what to write where. Nothing is taken for trunk that the process does not name.
    #[must_use]
    pub fn no_trunk(&self, default: Option<&str>) -> String {
        let names: Vec<String> =
            std::iter::once(&self.trunk).chain(&self.also_trunk).map(|name| format!("{name:?}")).collect();
        let write = "under [process.branches] in gonogo.toml";
        let found = match default {
            Some(name) => {
                format!("the remote's HEAD is {name:?}: if that is it, write trunk = {name:?} {write}")
            }
            None => format!("the remote's HEAD is not known: write trunk {write}, or fetch it"),
        };
        format!("the trunk of the process, {}, is not in this clone; {found}", names.join(" or "))
    }
}

/// What a release branch is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineKind {
    /// Made for a release or a line of releases: `release-1.20`.
    Release,
    /// Kept for all releases of a major version: `release/v1.x`.
    LongLived,
    /// Made for one fix of a released version: `hotfix/v1.2.1`.
    Hotfix,
}

/// A pattern of branch names, with `{major}`, `{minor}` and `{patch}` for whole numbers; every other character
/// stands for itself, so the `x` of `release-{major}.{minor}.x` is a letter.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinePattern {
    /// `pattern`: `"release-{major}.{minor}"`.
    pub pattern: String,
    /// `kind`: `"release"`, `"long-lived"` or `"hotfix"`.
    pub kind: LineKind,
    /// `about`: when it is made, by whom.
    #[serde(default)]
    pub about: String,
}

/// A branch that matches a pattern, and the numbers in its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Line {
    /// The pattern's place in `branches.lines`.
    pub pattern: usize,
    /// What the branch is for.
    pub kind: LineKind,
    /// The first number.
    pub major: u64,
    /// The second number, when the pattern has it.
    pub minor: Option<u64>,
    /// The third number, when the pattern has it.
    pub patch: Option<u64>,
}

impl Line {
    /// Whether a version belongs to the branch by its numbers.
    #[must_use]
    pub fn holds(&self, version: &Version) -> bool {
        self.major == version.major()
            && self.minor.is_none_or(|minor| minor == version.minor())
            && self.patch.is_none_or(|patch| patch == version.patch())
    }
}

/// Why a version has no branch name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoBranch {
    /// The process has no pattern for release branches.
    #[error(
        "the process has no pattern for {0} branches: add [[branches.lines]] with a pattern such as \"release-{{major}}.{{minor}}\""
    )]
    NoPattern(&'static str),
}

/// `[[streams]]`: a kind of release.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// `id`: its name in other tables, usually `"major"`, `"minor"` or `"patch"`.
    pub id: String,
    /// `title`: for people; default the id.
    #[serde(default)]
    pub title: String,
    /// `bump`: which number goes up: `"major"`, `"minor"` or `"patch"`.
    pub bump: Bump,
    /// `every`: how often one is due: `"2 months"`, `"6-8 months"`.
    #[serde(default)]
    pub every: Option<Span>,
    /// `belongs`: what goes in, for people: `["fixes", "security"]`.
    #[serde(default)]
    pub belongs: Vec<String>,
    /// `refused_labels`: labels of changes that do not belong: a feature in a fix-only release.
    #[serde(default)]
    pub refused_labels: Vec<String>,
    /// `candidates`: whether candidates are made; default no.
    #[serde(default)]
    pub candidates: bool,
    /// `min_candidates`: how many candidates there must have been; default 0.
    #[serde(default)]
    pub min_candidates: u32,
    /// `testing`: how long a candidate is tested before the final version: `"1 week"`.
    #[serde(default)]
    pub testing: Option<Span>,
    /// `milestone`: whether the release has a milestone; default no.
    #[serde(default)]
    pub milestone: bool,
    /// `reason_required`: whether such a release needs a written reason; default no.
    #[serde(default)]
    pub reason_required: bool,
    /// `from_line`: whether it is made from an existing release branch and not from trunk; default no.
    #[serde(default)]
    pub from_line: bool,
}

/// `[support]`.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Support {
    /// `latest`: how many of the newest lines are supported, when that is the rule.
    pub latest: Option<u32>,
    /// `[[support.lines]]`: lines declared as supported, or with an end.
    pub lines: Vec<SupportedLine>,
}

/// `[[support.lines]]`: a declared line.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupportedLine {
    /// `line`: `"2.2"`.
    pub line: String,
    /// `status`: for people: `"stable"`, `"security fixes only"`.
    #[serde(default)]
    pub status: String,
    /// `until`: the day support ends, `"2026-12-31"`.
    #[serde(default)]
    pub until: Option<String>,
}
