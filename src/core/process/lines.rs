//! From branch names to lines and back.

use super::Process;
use super::branches::{Line, LineKind, LinePattern, NoBranch};
use crate::version::Version;

/// A piece of a pattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Piece<'p> {
    /// Text that stands for itself.
    Text(&'p str),
    /// `{major}`, `{minor}` or `{patch}`: 0, 1 or 2.
    Number(usize),
}

const NAMES: [&str; 3] = ["major", "minor", "patch"];

/// Takes a pattern apart.
///
/// # Errors
/// What is wrong with it: an unknown placeholder, one written twice, two without text between.
pub(super) fn pieces(pattern: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut out = Vec::new();
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        if open > 0 {
            out.push(Piece::Text(&rest[..open]));
        }
        let Some(len) = rest[open..].find('}') else {
            return Err("a placeholder has no closing brace".to_owned());
        };
        let name = &rest[open + 1..open + len];
        let Some(number) = NAMES.iter().position(|known| *known == name) else {
            return Err(format!("{{{name}}} is no placeholder: expected {{major}}, {{minor}} or {{patch}}"));
        };
        if out.contains(&Piece::Number(number)) {
            return Err(format!("{{{name}}} is written twice"));
        }
        if matches!(out.last(), Some(Piece::Number(_))) {
            return Err("two placeholders need text between them".to_owned());
        }
        out.push(Piece::Number(number));
        rest = &rest[open + len + 1..];
    }
    if !rest.is_empty() {
        out.push(Piece::Text(rest));
    }
    if !out.contains(&Piece::Number(0)) {
        return Err("the pattern has no {major}".to_owned());
    }
    Ok(out)
}

impl LinePattern {
    /// The numbers in a branch name, in the order major, minor, patch, when it matches the pattern.
    #[must_use]
    pub fn numbers(&self, branch: &str) -> Option<[Option<u64>; 3]> {
        let mut found = [None; 3];
        let mut rest = branch;
        for piece in pieces(&self.pattern).ok()? {
            match piece {
                Piece::Text(text) => rest = rest.strip_prefix(text)?,
                Piece::Number(at) => {
                    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                    let (number, after) = rest.split_at(digits);
                    if number.len() > 1 && number.starts_with('0') {
                        return None;
                    }
                    found[at] = Some(number.parse().ok()?);
                    rest = after;
                }
            }
        }
        rest.is_empty().then_some(found)
    }

    /// The branch name for a version.
    #[must_use]
    pub fn branch(&self, version: &Version) -> String {
        let numbers = [version.major(), version.minor(), version.patch()];
        let values = NAMES.iter().zip(numbers);
        values
            .fold(self.pattern.clone(), |name, (key, n)| name.replace(&format!("{{{key}}}"), &n.to_string()))
    }
}

impl Process {
    /// The line that a branch name (without `refs/heads/`) stands for, by the first pattern that matches; `None`
    /// when the branch is no release branch.
    #[must_use]
    pub fn line_of(&self, branch: &str) -> Option<Line> {
        self.branches.lines.iter().enumerate().find_map(|(at, pattern)| {
            let [major, minor, patch] = pattern.numbers(branch)?;
            Some(Line { pattern: at, kind: pattern.kind, major: major?, minor, patch })
        })
    }

    /// The release branch of a version: by the first pattern of kind release, else the first long-lived one.
    ///
    /// # Errors
    /// When the process has no such pattern.
    pub fn branch_for(&self, version: &Version) -> Result<String, NoBranch> {
        let release = self.branch_of_kind(version, LineKind::Release);
        release.or_else(|none| self.branch_of_kind(version, LineKind::LongLived).map_err(|_| none))
    }

    /// The branch of a version by the first pattern of this kind.
    ///
    /// # Errors
    /// When the process has no pattern of the kind.
    pub fn branch_of_kind(&self, version: &Version, kind: LineKind) -> Result<String, NoBranch> {
        let pattern = self.branches.lines.iter().find(|pattern| pattern.kind == kind);
        pattern.map(|pattern| pattern.branch(version)).ok_or(NoBranch::NoPattern(kind.word()))
    }
}

impl LineKind {
    /// Its word: `release`, `long-lived`, `hotfix`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::LongLived => "long-lived",
            Self::Hotfix => "hotfix",
        }
    }
}
