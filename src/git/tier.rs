//! What the installed git can do, by its version.

use serde::Serialize;

/// A version of git and what follows from it. The thresholds are from git's release notes, re-tested for
/// `merge-tree --stdin`, which before 2.49 does not flush between answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Tier {
    /// Major, minor, patch.
    pub version: (u32, u32, u32),
    /// `for-each-ref %(ahead-behind:…)`, git ≥ 2.41.
    pub for_each_ref_ahead_behind: bool,
    /// `merge-tree --write-tree`, git ≥ 2.38.
    pub merge_tree: bool,
    /// `git --attr-source`, git ≥ 2.41.
    pub attr_source: bool,
    /// `merge-tree --stdin` answers each line at once, git ≥ 2.49.
    pub stdin_merge_tree: bool,
}

impl Tier {
    /// What a version can do.
    #[must_use]
    pub fn of(version: (u32, u32, u32)) -> Self {
        let since = |minor| (version.0, version.1) >= (2, minor);
        Self {
            version,
            for_each_ref_ahead_behind: since(41),
            merge_tree: since(38),
            attr_source: since(41),
            stdin_merge_tree: since(49),
        }
    }

    /// Reads `git version 2.47.3`, also with what vendors add: `2.39.5 (Apple Git-154)`, `2.45.1.windows.1`.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let rest = line.trim().strip_prefix("git version ")?;
        let mut parts = rest.split(|c: char| !c.is_ascii_digit()).map(str::parse::<u32>);
        let (major, minor) = (parts.next()?.ok()?, parts.next()?.ok()?);
        let patch = parts.next().and_then(Result::ok).unwrap_or(0);
        Some(Self::of((major, minor, patch)))
    }

    /// The version as git writes it.
    #[must_use]
    pub fn text(&self) -> String {
        let (major, minor, patch) = self.version;
        format!("{major}.{minor}.{patch}")
    }

    /// One line for each ability: its name, whether it is there, and what happens when it is not.
    #[must_use]
    pub fn report(&self) -> [(&'static str, bool, &'static str); 4] {
        [
            ("merge-tree", self.merge_tree, "needs 2.38; without it picks are not predicted"),
            (
                "ahead-behind",
                self.for_each_ref_ahead_behind,
                "needs 2.41; branches are counted from rev-list either way",
            ),
            (
                "attr-source",
                self.attr_source,
                "needs 2.41; without it merge drivers may be wrong in a prediction",
            ),
            ("merge-tree --stdin", self.stdin_merge_tree, "needs 2.49; without it one process a pick"),
        ]
    }
}
