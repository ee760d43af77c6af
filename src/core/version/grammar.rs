//! How one project writes its versions: style, prefix, candidate form.

use super::number::{Style, Version};
use serde::{Deserialize, Serialize};

/// Why a text is no version, or a version cannot be named.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// The tag does not start with the configured prefix.
    #[error("{text:?} does not start with {prefix:?}")]
    Prefix {
        /// The tag.
        text: String,
        /// The prefix it should have.
        prefix: String,
    },
    /// The number breaks a rule of its style.
    #[error("{text:?} is no {style} version: {why}", style = style.name())]
    Number {
        /// The number, without prefix.
        text: String,
        /// The style asked for.
        style: Style,
        /// The rule it breaks.
        why: String,
    },
    /// The process does not say how a candidate is written.
    #[error(
        "the process does not say how a candidate is written: set version.candidate, such as \"-rc.{{n}}\" or \"rc{{n}}\""
    )]
    NoCandidateForm,
    /// The candidate form does not fit the style.
    #[error("version.candidate {form:?} makes {made:?}, which is no {style} candidate: {why}", style = style.name())]
    CandidateForm {
        /// The form as configured.
        form: String,
        /// What it makes.
        made: String,
        /// The style asked for.
        style: Style,
        /// The rule it breaks.
        why: String,
    },
    /// Every number up to the largest is taken.
    #[error("no number is left after {0}")]
    NoNumberLeft(String),
}

/// How a candidate is written behind its final version, with `{n}` for its number: `-rc.{n}`, `rc{n}`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CandidateForm {
    before: Box<str>,
    after: Box<str>,
}

impl CandidateForm {
    /// Checks that the form holds `{n}` exactly once.
    ///
    /// # Errors
    /// What is wrong with the form.
    pub fn parse(form: &str) -> Result<Self, String> {
        let Some((before, after)) = form.split_once("{n}") else {
            return Err("a candidate form needs {n} for the number, such as \"-rc.{n}\"".to_owned());
        };
        if after.contains("{n}") {
            return Err("a candidate form holds {n} once".to_owned());
        }
        if before.trim_matches(|c: char| !c.is_ascii_alphabetic()).is_empty() {
            return Err("a candidate form needs a word before {n}, such as \"rc\"".to_owned());
        }
        Ok(Self { before: before.into(), after: after.into() })
    }

    /// The text behind the final version for candidate `n`: `-rc.1`.
    #[must_use]
    pub fn with(&self, n: u64) -> String {
        format!("{}{n}{}", self.before, self.after)
    }

    /// The word that names the stage: `rc`.
    #[must_use]
    pub fn word(&self) -> &str {
        self.before.trim_matches(|c: char| !c.is_ascii_alphabetic())
    }
}

impl TryFrom<String> for CandidateForm {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<CandidateForm> for String {
    fn from(form: CandidateForm) -> Self {
        format!("{}{{n}}{}", form.before, form.after)
    }
}

/// How the project writes its versions: table `[version]` of a process.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grammar {
    /// The standard: `"semver"` or `"pep440"`. Required, because a guess could name a wrong tag.
    pub style: Style,
    /// What a tag has before the number, usually `"v"`; default none.
    #[serde(default)]
    pub prefix: String,
    /// How a candidate is written, such as `"-rc.{n}"` or `"rc{n}"`; without it no candidate is ever named.
    #[serde(default)]
    pub candidate: Option<CandidateForm>,
    /// The number of the first candidate, usually 1; crossplane starts at 0.
    #[serde(default = "one")]
    pub first_candidate: u64,
}

fn one() -> u64 {
    1
}

impl Grammar {
    /// A grammar with a prefix and no candidate form.
    #[must_use]
    pub fn new(style: Style, prefix: &str) -> Self {
        Self { style, prefix: prefix.to_owned(), candidate: None, first_candidate: 1 }
    }

    /// Parses a tag in the configured form: the prefix, then a number of the style. For tags as they are found,
    /// use [`super::classify`].
    ///
    /// # Errors
    /// When the prefix is missing or the number breaks a rule of the style.
    pub fn parse(&self, tag: &str) -> Result<Version, VersionError> {
        let Some(number) = tag.strip_prefix(&self.prefix) else {
            return Err(VersionError::Prefix { text: tag.to_owned(), prefix: self.prefix.clone() });
        };
        self.number(number)
    }

    /// Parses a number without prefix.
    ///
    /// # Errors
    /// When the number breaks a rule of the style.
    pub fn number(&self, text: &str) -> Result<Version, VersionError> {
        Version::parse(self.style, text).map_err(|why| VersionError::Number {
            text: text.to_owned(),
            style: self.style,
            why,
        })
    }

    /// The version that a release of this name makes: a final version of three numbers or more, written as its tag is.
    ///
    /// # Errors
    /// What is expected instead, for people.
    pub fn release(&self, name: &str) -> Result<Version, String> {
        let style = self.style.name();
        let example = self.tag(&Version::of(self.style, 1, 2, 0));
        let expected =
            format!("a release is called by its final version, {style} of three numbers, such as {example}");
        let number = name.strip_prefix(&self.prefix).unwrap_or(name);
        let Ok(version) = self.number(number) else { return Err(expected) };
        if version.numbers().len() < 3 {
            return Err(expected);
        }
        let own = self.tag(&version.base());
        if own == name { Ok(version) } else { Err(format!("{expected}: did you mean {own}?")) }
    }

    /// The number of the candidate, when the version is one by the configured word (default `rc`).
    #[must_use]
    pub fn candidate_of(&self, version: &Version) -> Option<u64> {
        if version.ahead().is_some() {
            return None;
        }
        let configured = self.candidate.as_ref().and_then(|form| version.staged(form.word()));
        configured.or_else(|| version.candidate())
    }

    /// The tag of a version: prefix and number, a candidate in the configured form where there is one.
    #[must_use]
    pub fn tag(&self, version: &Version) -> String {
        match (&self.candidate, self.candidate_of(version)) {
            (Some(form), Some(n)) => format!("{}{}{}", self.prefix, version.base(), form.with(n)),
            _ => format!("{}{version}", self.prefix),
        }
    }

    /// Candidate `n` of the version that `version` leads to.
    ///
    /// # Errors
    /// When the process has no candidate form, or the form makes no candidate of the style.
    pub fn candidate(&self, version: &Version, n: u64) -> Result<Version, VersionError> {
        let form = self.candidate.as_ref().ok_or(VersionError::NoCandidateForm)?;
        let made = format!("{}{}", version.base(), form.with(n));
        let wrong = |why: String| VersionError::CandidateForm {
            form: String::from(form.clone()),
            made: made.clone(),
            style: self.style,
            why,
        };
        let candidate = Version::parse(self.style, &made).map_err(wrong)?;
        if self.candidate_of(&candidate) != Some(n) || candidate.is_final() {
            return Err(wrong("its stage is not one word and the number".to_owned()));
        }
        Ok(candidate)
    }

    /// The tag of candidate `n` of the version that `version` leads to: `v1.2.0-rc.1`.
    ///
    /// # Errors
    /// As [`Grammar::candidate`].
    pub fn candidate_tag(&self, version: &Version, n: u64) -> Result<String, VersionError> {
        self.candidate(version, n).map(|candidate| self.tag(&candidate))
    }
}
