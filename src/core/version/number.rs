//! One version number, its parts and its order.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;

/// The standard that a project's version numbers follow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// Semantic Versioning 2.0.0, <https://semver.org>: `1.2.0-rc.1`.
    Semver,
    /// PEP 440, <https://peps.python.org/pep-0440/>: `0.4.0rc1`, `0.1.5.1`, `0.1.4.dev3`.
    Pep440,
}

impl Style {
    /// The standard's name as people write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Semver => "SemVer",
            Self::Pep440 => "PEP 440",
        }
    }
}

/// A version number without its tag prefix; made by [`super::Grammar::parse`] or [`Version::parse`].
///
/// Versions of one style have a total order: candidates by their number (rc10 after rc9, also where SemVer would
/// compare `rc10` and `rc9` as text) and before their final version, PEP 440's dev releases first and its post
/// releases last, a build made N commits after a tag right after that tag. Versions of different styles sort by
/// style, which only keeps the order total: no history should mix them.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Version {
    form: Form,
    ahead: Option<(u64, Box<str>)>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Form {
    Semver(semver::Version),
    Pep440(pep440_rs::Version),
}

/// How a version is kept in a journal: its style and its text.
#[derive(Serialize, Deserialize)]
struct Written {
    style: Style,
    text: String,
}

impl Version {
    /// Parses the number without a prefix: `1.2.0-rc.1`, `0.4.0rc1`.
    ///
    /// # Errors
    /// The rule of the style that the text breaks.
    pub fn parse(style: Style, text: &str) -> Result<Self, String> {
        let form = match style {
            Style::Semver => Form::Semver(semver::Version::parse(text).map_err(|why| why.to_string())?),
            Style::Pep440 => {
                let parsed = text.parse::<pep440_rs::Version>();
                Form::Pep440(parsed.map_err(|why| why.to_string().replace('\n', " "))?)
            }
        };
        Ok(Self { form, ahead: None })
    }

    /// A final version of three numbers.
    #[must_use]
    pub fn of(style: Style, major: u64, minor: u64, patch: u64) -> Self {
        let form = match style {
            Style::Semver => Form::Semver(semver::Version::new(major, minor, patch)),
            Style::Pep440 => Form::Pep440(pep440_rs::Version::new([major, minor, patch])),
        };
        Self { form, ahead: None }
    }

    /// A final version of three numbers in the style and, where PEP 440 has one, the epoch of this one.
    #[must_use]
    pub(super) fn sibling(&self, major: u64, minor: u64, patch: u64) -> Self {
        let mut version = Self::of(self.style(), major, minor, patch);
        if let (Form::Pep440(ours), Form::Pep440(theirs)) = (&mut version.form, &self.form) {
            *ours = ours.clone().with_epoch(theirs.epoch());
        }
        version
    }

    /// The same version with the number of commits made since, and the short id of the last one, as
    /// `git describe` says it.
    #[must_use]
    pub fn with_ahead(mut self, commits: u64, short: &str) -> Self {
        self.ahead = Some((commits, short.into()));
        self
    }

    /// The commits since the tag and the short id of the last one, when this came from `git describe`.
    #[must_use]
    pub fn ahead(&self) -> Option<(u64, &str)> {
        self.ahead.as_ref().map(|(commits, short)| (*commits, &**short))
    }

    /// The standard it follows.
    #[must_use]
    pub fn style(&self) -> Style {
        match self.form {
            Form::Semver(_) => Style::Semver,
            Form::Pep440(_) => Style::Pep440,
        }
    }

    /// All its numbers: three in SemVer, one or more in PEP 440.
    #[must_use]
    pub fn numbers(&self) -> Vec<u64> {
        match &self.form {
            Form::Semver(v) => vec![v.major, v.minor, v.patch],
            Form::Pep440(v) => v.release().to_vec(),
        }
    }

    /// The first number.
    #[must_use]
    pub fn major(&self) -> u64 {
        self.number(0)
    }

    /// The second number, 0 where it is not written.
    #[must_use]
    pub fn minor(&self) -> u64 {
        self.number(1)
    }

    /// The third number, 0 where it is not written.
    #[must_use]
    pub fn patch(&self) -> u64 {
        self.number(2)
    }

    fn number(&self, at: usize) -> u64 {
        match &self.form {
            Form::Semver(v) => [v.major, v.minor, v.patch].get(at).copied().unwrap_or(0),
            Form::Pep440(v) => v.release().get(at).copied().unwrap_or(0),
        }
    }

    /// The line it belongs to: its first two numbers.
    #[must_use]
    pub fn line(&self) -> (u64, u64) {
        (self.major(), self.minor())
    }

    /// The final version that this one leads to: itself without candidate, dev and build parts.
    #[must_use]
    pub fn base(&self) -> Self {
        let form = match &self.form {
            Form::Semver(v) => Form::Semver(semver::Version::new(v.major, v.minor, v.patch)),
            Form::Pep440(v) => Form::Pep440(v.only_release().with_epoch(v.epoch())),
        };
        Self { form, ahead: None }
    }

    /// Whether this is a version that users are meant to run: no prerelease and no dev part, and no commits after
    /// its tag. A PEP 440 post release is final.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.ahead.is_none()
            && match &self.form {
                Form::Semver(v) => v.pre.is_empty(),
                Form::Pep440(v) => !v.any_prerelease(),
            }
    }

    /// The part that makes it a prerelease: `rc.1`, `rc1`, `dev20250915`; empty in a final version.
    #[must_use]
    pub fn stage(&self) -> String {
        match &self.form {
            Form::Semver(v) => v.pre.to_string(),
            Form::Pep440(v) => {
                let pre = v.pre().map(|pre| pre.to_string()).unwrap_or_default();
                let dev = v.dev().map(|n| format!("dev{n}")).unwrap_or_default();
                if pre.is_empty() || dev.is_empty() { pre + &dev } else { format!("{pre}.{dev}") }
            }
        }
    }

    /// The number of the release candidate, when it is one: a stage of the word `rc` (PEP 440 also writes `c`)
    /// and a number, which is 0 when it is not written (crossplane's `v0.10.0-rc`).
    #[must_use]
    pub fn candidate(&self) -> Option<u64> {
        if self.ahead.is_some() {
            return None;
        }
        self.staged("rc")
    }

    /// The number of a stage of this word, when the stage is that word and one number and nothing else.
    #[must_use]
    pub fn staged(&self, word: &str) -> Option<u64> {
        let stage = self.stage().to_ascii_lowercase();
        let rest = stage.strip_prefix(&word.to_ascii_lowercase())?;
        let digits = rest.strip_prefix(['.', '-']).unwrap_or(rest);
        match digits {
            "" if rest.is_empty() => Some(0),
            _ if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok(),
            _ => None,
        }
    }
}

/// A SemVer prerelease as parts that compare as people expect: `rc10` is the word `rc` and the number 10.
fn parts(pre: &semver::Prerelease) -> Vec<Part> {
    let mut out = Vec::new();
    for identifier in pre.split('.').filter(|part| !part.is_empty()) {
        let word = identifier.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = identifier[word.len()..].parse().ok();
        match (word, number) {
            ("", Some(n)) => out.push(Part::Number(n)),
            (_, Some(n)) => out.extend([Part::Word(word.to_owned()), Part::Number(n)]),
            (_, None) => out.push(Part::Word(identifier.to_owned())),
        }
    }
    out
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Word(String),
}

/// The order of SemVer, section 11, with glued numbers taken apart.
fn semver_order(a: &semver::Version, b: &semver::Version) -> Ordering {
    (a.major, a.minor, a.patch)
        .cmp(&(b.major, b.minor, b.patch))
        .then_with(|| a.pre.is_empty().cmp(&b.pre.is_empty()))
        .then_with(|| parts(&a.pre).cmp(&parts(&b.pre)))
        .then_with(|| a.cmp(b))
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let form = match (&self.form, &other.form) {
            (Form::Semver(a), Form::Semver(b)) => semver_order(a, b),
            (Form::Pep440(a), Form::Pep440(b)) => a.cmp(b),
            (Form::Semver(_), Form::Pep440(_)) => Ordering::Less,
            (Form::Pep440(_), Form::Semver(_)) => Ordering::Greater,
        };
        form.then_with(|| self.ahead.cmp(&other.ahead))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.form {
            Form::Semver(v) => write!(f, "{v}")?,
            Form::Pep440(v) => write!(f, "{v}")?,
        }
        match &self.ahead {
            Some((commits, short)) => write!(f, "-{commits}-g{short}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl From<Version> for Written {
    fn from(version: Version) -> Self {
        Self { style: version.style(), text: version.to_string() }
    }
}

impl TryFrom<Written> for Version {
    type Error = String;
    fn try_from(written: Written) -> Result<Self, String> {
        match super::classify::described(&written.text) {
            Some((base, commits, short)) => Ok(Self::parse(written.style, base)?.with_ahead(commits, short)),
            None => Self::parse(written.style, &written.text),
        }
    }
}
