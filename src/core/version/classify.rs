//! What a tag found in a repository is: a final version, a candidate, something else, and why.

use super::grammar::Grammar;
use super::number::{Style, Version};
use serde::{Deserialize, Serialize};

/// What a tag is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TagKind {
    /// A released version.
    Final,
    /// A release candidate and its number; 0 when no number is written.
    Candidate(u64),
    /// Another prerelease: alpha, beta, preview, dev, nightly; its stage as written.
    Prerelease(String),
    /// A build some commits after a tag, in the form of `git describe`.
    Describe,
    /// No version of this project, and why.
    Other {
        /// The reason, for people.
        why: String,
    },
}

impl TagKind {
    /// One word for lists: `final`, `candidate`, `prerelease`, `describe`, `other`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Final => "final",
            Self::Candidate(_) => "candidate",
            Self::Prerelease(_) => "prerelease",
            Self::Describe => "describe",
            Self::Other { .. } => "other",
        }
    }
}

/// A tag with what it means.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TagClass {
    /// The tag as it is written.
    pub tag: String,
    /// The version it names; none for [`TagKind::Other`].
    pub version: Option<Version>,
    /// What it is.
    pub kind: TagKind,
    /// The line it belongs to, `(major, minor)`; none without a version.
    pub line: Option<(u64, u64)>,
    /// How the writing differs from the configured form, when it does.
    pub note: Option<String>,
}

/// Classifies a tag by the project's grammar.
///
/// Every tag gets a class. A writing that differs from the configured one but has only one meaning is recognised
/// and noted: `v0.1.0rc1` beside `v0.1.0-rc.1`, `1.2.0` beside `v1.2.0`. A tag that is no version, or that of
/// another module of the repository (`apis/v0.1.0`), is kept with the reason.
#[must_use]
pub fn classify(grammar: &Grammar, tag: &str) -> TagClass {
    match read(grammar, tag) {
        Ok((version, note)) => {
            let kind = kind_of(grammar, tag, &version);
            let line = Some(version.line());
            let note = note.or_else(|| written_otherwise(grammar, tag, &version, &kind));
            TagClass { tag: tag.to_owned(), version: Some(version), kind, line, note }
        }
        Err(why) => TagClass {
            tag: tag.to_owned(),
            version: None,
            kind: TagKind::Other { why },
            line: None,
            note: None,
        },
    }
}

fn kind_of(grammar: &Grammar, tag: &str, version: &Version) -> TagKind {
    if version.ahead().is_some() {
        return TagKind::Describe;
    }
    // PEP 440 reads `preview` and `pre` as `rc`; whoever wrote the word meant a preview.
    let number = tag.strip_prefix(&grammar.prefix).unwrap_or(tag).to_ascii_lowercase();
    let configured = grammar.candidate.as_ref().map(|form| form.word().to_ascii_lowercase());
    if let Some(at) = number.find("pre")
        && version.candidate().is_some()
        && !configured.is_some_and(|word| word.starts_with("pre"))
    {
        return TagKind::Prerelease(number[at..].to_owned());
    }
    match grammar.candidate_of(version) {
        Some(n) => TagKind::Candidate(n),
        None if version.is_final() => TagKind::Final,
        None => TagKind::Prerelease(version.stage()),
    }
}

/// The version of a tag, and a note when prefix or style are not the configured ones.
fn read(grammar: &Grammar, tag: &str) -> Result<(Version, Option<String>), String> {
    let (rest, note) = without_prefix(grammar, tag)?;
    if let Some((base, commits, short)) = described(rest)
        && let Ok((version, other)) = number(grammar, base)
    {
        return Ok((version.with_ahead(commits, short), note.or(other)));
    }
    let (version, other) = number(grammar, rest)?;
    Ok((version, note.or(other)))
}

fn without_prefix<'t>(grammar: &Grammar, tag: &'t str) -> Result<(&'t str, Option<String>), String> {
    let prefix = grammar.prefix.as_str();
    if let Some(rest) = tag.strip_prefix(prefix)
        && rest.starts_with(|c: char| c.is_ascii_digit())
    {
        return Ok((rest, None));
    }
    if let Some((module, last)) = tag.rsplit_once('/') {
        return Err(match number(grammar, last.strip_prefix(prefix).unwrap_or(last)) {
            Ok(_) => format!("a version of {module:?}, a part of the repository with its own tags"),
            Err(_) => "no version: the part after the slash is no number".to_owned(),
        });
    }
    let bare = tag.strip_prefix(['v', 'V']).unwrap_or(tag);
    if !bare.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(match prefix {
            "" => "no version: it does not start with a number".to_owned(),
            _ => format!("no version: it is not {prefix:?} and a number"),
        });
    }
    let note = match prefix {
        "" => format!("written with the prefix {:?}", &tag[..tag.len() - bare.len()]),
        _ if bare.len() == tag.len() => format!("written without the prefix {prefix:?}"),
        _ => format!("written with {:?} in place of the prefix {prefix:?}", &tag[..tag.len() - bare.len()]),
    };
    Ok((bare, Some(note)))
}

/// The number in the configured style, or in the other one where that has only one meaning.
fn number(grammar: &Grammar, text: &str) -> Result<(Version, Option<String>), String> {
    let wrong = match Version::parse(grammar.style, text) {
        Ok(version) => return Ok((version, None)),
        Err(why) => why,
    };
    let numbers = text.split(|c: char| !c.is_ascii_digit() && c != '.').next().unwrap_or_default();
    let count = numbers.split('.').filter(|part| !part.is_empty()).count();
    match grammar.style {
        Style::Semver if count != 3 => Err(format!("no SemVer version: {count} numbers in place of three")),
        Style::Semver => from_pep440(text).ok_or_else(|| format!("no SemVer version: {wrong}")),
        Style::Pep440 => Err(format!("no PEP 440 version: {wrong}")),
    }
}

/// A PEP 440 candidate in a SemVer history: `0.1.0rc1` can only mean `0.1.0-rc.1`.
fn from_pep440(text: &str) -> Option<(Version, Option<String>)> {
    let other = Version::parse(Style::Pep440, text).ok()?;
    let n = other.candidate()?;
    let numbers = other.numbers();
    let [major, minor, patch] = numbers.as_slice() else { return None };
    let version = Version::parse(Style::Semver, &format!("{major}.{minor}.{patch}-rc.{n}")).ok()?;
    Some((version, Some("written as PEP 440 writes a candidate".to_owned())))
}

/// A note when a candidate is not written in the configured form.
fn written_otherwise(grammar: &Grammar, tag: &str, version: &Version, kind: &TagKind) -> Option<String> {
    let TagKind::Candidate(n) = kind else { return None };
    let form = grammar.candidate.as_ref()?;
    let wanted = format!("{}{}{}", grammar.prefix, version.base(), form.with(*n));
    (wanted != tag).then(|| format!("the configured form would be {wanted}"))
}

/// Splits the form of `git describe`: `0.3.0-96-g9c48bb1`, and `0.3.0-96.g9c48bb1` as crossplane writes it. Gives
/// the tag's number, the commits since, the short id.
pub(super) fn described(text: &str) -> Option<(&str, u64, &str)> {
    let text = text.strip_suffix("-dirty").unwrap_or(text);
    let at = text.rfind(['-', '.'])?;
    let short = text[at + 1..].strip_prefix('g')?;
    let hex = short.len() >= 4 && short.len() <= 64 && short.bytes().all(|b| b.is_ascii_hexdigit());
    let (base, commits) = text[..at].rsplit_once('-')?;
    let fine = hex && !commits.is_empty() && commits.bytes().all(|b| b.is_ascii_digit());
    if fine { commits.parse().ok().map(|n| (base, n, short)) } else { None }
}
