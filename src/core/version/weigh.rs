//! What changes weigh: which number they ask to raise, by Conventional Commits 1.0.0.
//!
//! <https://www.conventionalcommits.org/en/v1.0.0/>: `feat` is a minor change, `fix` a patch, `!` or a footer
//! `BREAKING CHANGE` a major one. SemVer 2.0.0, section 4: before 1.0.0 anything may change, so nothing asks for 1.0.0.

use super::next::Bump;
use git_conventional::Type;
use serde::{Deserialize, Serialize};

/// What a change says of itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Nature {
    /// The message is not written in the convention.
    Unsaid,
    /// Another type: `docs`, `chore`, `refactor`.
    Other,
    /// `fix`.
    Fix,
    /// `feat`.
    Feature,
    /// Marked with `!` or a footer `BREAKING CHANGE`.
    Breaking,
}

impl Nature {
    /// Reads a commit message. A pick's or bot's prefix in brackets (`[release-1.2] fix: …`) is not part of the
    /// convention and is passed over.
    #[must_use]
    pub fn of(message: &str) -> Self {
        let message = match message.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((_, rest)) => rest.trim_start(),
            None => message,
        };
        let Ok(commit) = git_conventional::Commit::parse(message) else { return Self::Unsaid };
        match commit.type_() {
            _ if commit.breaking() => Self::Breaking,
            kind if kind == Type::FEAT || kind == "feature" => Self::Feature,
            kind if kind == Type::FIX => Self::Fix,
            _ => Self::Other,
        }
    }

    /// Its word: `breaking change`, `feature`, `fix`, `other change`, `change without a type`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unsaid => "change without a type",
            Self::Other => "other change",
            Self::Fix => "fix",
            Self::Feature => "feature",
            Self::Breaking => "breaking change",
        }
    }
}

/// How many changes of each nature there are.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Weight {
    /// Breaking changes.
    pub breaking: usize,
    /// Features.
    pub features: usize,
    /// Fixes.
    pub fixes: usize,
    /// Changes of other types.
    pub other: usize,
    /// Changes whose message does not follow the convention.
    pub unsaid: usize,
}

impl Weight {
    /// All changes.
    #[must_use]
    pub fn all(&self) -> usize {
        self.breaking + self.features + self.fixes + self.other + self.unsaid
    }

    /// Which number the changes ask to raise from a version of this first number: the lowest that SemVer 2.0.0
    /// allows for what is said. Nothing below a patch is asked.
    #[must_use]
    pub fn asks(&self, major: u64) -> Bump {
        match (self.breaking, self.features) {
            (1.., _) if major > 0 => Bump::Major,
            (1.., _) | (_, 1..) => Bump::Minor,
            _ => Bump::Patch,
        }
    }

    /// In words: `2 features, 3 fixes, 1 other change`.
    #[must_use]
    pub fn words(&self) -> String {
        let parts = [
            (self.breaking, Nature::Breaking),
            (self.features, Nature::Feature),
            (self.fixes, Nature::Fix),
            (self.other, Nature::Other),
            (self.unsaid, Nature::Unsaid),
        ];
        let said = |(count, nature): &(usize, Nature)| {
            let word = nature.word();
            match (*count, nature) {
                (1, _) => format!("1 {word}"),
                (n, Nature::Fix) => format!("{n} fixes"),
                (n, Nature::Unsaid) => format!("{n} changes without a type"),
                (n, _) => format!("{n} {word}s"),
            }
        };
        let parts: Vec<_> = parts.iter().filter(|(count, _)| *count > 0).map(said).collect();
        if parts.is_empty() { "no changes".to_owned() } else { parts.join(", ") }
    }
}

impl Extend<Nature> for Weight {
    fn extend<T: IntoIterator<Item = Nature>>(&mut self, changes: T) {
        for nature in changes {
            *match nature {
                Nature::Breaking => &mut self.breaking,
                Nature::Feature => &mut self.features,
                Nature::Fix => &mut self.fixes,
                Nature::Other => &mut self.other,
                Nature::Unsaid => &mut self.unsaid,
            } += 1;
        }
    }
}

impl FromIterator<Nature> for Weight {
    fn from_iter<T: IntoIterator<Item = Nature>>(changes: T) -> Self {
        let mut weight = Self::default();
        weight.extend(changes);
        weight
    }
}
