//! Writing a version into the text of a file: one value is replaced, and every other byte stays.
//!
//! A [`Place`] says where the version stands. The file is never printed anew from what was parsed: the parser only tells
//! where the value begins and ends. So comments, order, quotes, line ends, a byte order mark and a missing line feed at
//! the end stay as they are.

mod changelog;
mod json;
mod path;
mod pattern;
mod toml;
mod yaml;

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A value in a file that becomes the version.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// `file`: path in the repository: `"pyproject.toml"`.
    pub file: String,
    /// `at`: which value: `{ toml = "project.version" }`, `{ json = "version" }`, `{ yaml = "version" }`, or
    /// `{ regex = "…(…)…" }` whose one group is the value.
    pub at: Place,
    /// `all`: whether the regular expression may match more than once, and each match is replaced; default no.
    #[serde(default, skip_serializing_if = "is_no")]
    pub all: bool,
    /// `as`: what is written, with `{version}`, `{tag}`, `{major}`, `{minor}`, `{patch}`; default `"{version}"`.
    #[serde(default = "version", rename = "as")]
    pub text: String,
}

fn version() -> String {
    "{version}".to_owned()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_no(flag: &bool) -> bool {
    !flag
}

/// Which value of a file. A key path is written as a dotted key of TOML, whatever the file: `package.version`,
/// `packages."".version`; a number is also a place in a list of TOML or JSON, from 0.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Place {
    /// A string in a TOML file, by its key path: `project.version`.
    Toml(String),
    /// A string in a JSON file, by its key path: `version`.
    Json(String),
    /// A scalar in a YAML file, by its key path through plain block mappings: `appVersion`.
    Yaml(String),
    /// What the one group of a regular expression matches, in the syntax of crate `regex-lite`; `(?m)` makes `^` and
    /// `$` match at lines. It must match exactly once, unless all matches are meant.
    Regex(String),
    /// A section of a list of changes, by its heading: the release's notes, which `notes.changelog` of a process asks
    /// for. No process names it here.
    Changelog(String),
}

/// A line that an edit changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its number, from 1.
    pub line: usize,
    /// The line before, without its end.
    pub before: Box<str>,
    /// The line after.
    pub after: Box<str>,
}

/// What an edit makes of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The new text.
    pub text: String,
    /// The lines that differ; none when the version stood there already.
    pub changes: Vec<Change>,
}

/// Why a version could not be written. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {at}: {why}")]
pub struct EditError {
    /// The file, safe to show.
    pub file: String,
    /// Which value, safe to show.
    pub at: String,
    /// What was expected, and what was found.
    pub why: String,
}

/// A piece of the text, and what takes its place.
struct Splice {
    at: Range<usize>,
    with: String,
}

/// Most bytes of a file that a version is written into.
const LONGEST: usize = 16 << 20;

impl Place {
    /// As one text, safe to show: `toml package.version`.
    #[must_use]
    pub fn line(&self) -> String {
        match self {
            Self::Toml(path) => format!("toml {}", plain(path)),
            Self::Json(path) => format!("json {}", plain(path)),
            Self::Yaml(path) => format!("yaml {}", plain(path)),
            Self::Regex(pattern) => format!("regex {}", plain(pattern)),
            Self::Changelog(heading) => format!("the section {}", plain(heading)),
        }
    }

    /// Checks what can be checked without a file: the form of the key path, and the expression.
    ///
    /// # Errors
    /// What was expected.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Self::Toml(path) | Self::Json(path) | Self::Yaml(path) => path::segments(path).map(drop),
            Self::Regex(pattern) => pattern::compiled(pattern).map(drop),
            Self::Changelog(_) => Err("changelog under [notes] names the list of changes".to_owned()),
        }
    }
}

impl Edit {
    /// As one text, safe to show: `Cargo.toml (toml package.version) = 1.2.0`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} ({}) = {}", plain(&self.file), self.at.line(), plain(&self.text))
    }

    /// Writes [`Edit::text`], in which nothing is left to be filled in, into the text of the file.
    ///
    /// # Errors
    /// When the value is not there, is there more than once, or is no single string; or when what is written is no
    /// version.
    pub fn apply(&self, text: &str) -> Result<Edited, EditError> {
        self.applied(text).map_err(|why| EditError { file: plain(&self.file), at: self.at.line(), why })
    }

    fn applied(&self, text: &str) -> Result<Edited, String> {
        if let Place::Changelog(heading) = &self.at {
            return Ok(changelog::insert(text, heading, &self.text));
        }
        check_value(&self.text)?;
        if text.len() > LONGEST {
            return Err(format!("the file has {} bytes: expected at most {LONGEST}", text.len()));
        }
        // The parsers count from behind the byte order mark.
        let skipped = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let body = &text[skipped..];
        let splices = match &self.at {
            Place::Toml(path) => vec![toml::find(body, path, &self.text)?],
            Place::Json(path) => vec![json::find(body, path, &self.text)?],
            Place::Yaml(path) => vec![yaml::find(body, path, &self.text)?],
            Place::Regex(pattern) => pattern::find(body, pattern, self.all, &self.text)?,
            Place::Changelog(_) => vec![],
        };
        let mut new = text[..skipped].to_owned();
        let mut at = 0;
        for splice in splices {
            let kept = body.get(at..splice.at.start).ok_or("two values overlap")?;
            if body[splice.at.clone()].contains(['\n', '\r']) {
                return Err("the value goes over more than one line: expected one".to_owned());
            }
            new.push_str(kept);
            new.push_str(&splice.with);
            at = splice.at.end;
        }
        new.push_str(&body[at..]);
        let changes = changes(text, &new);
        Ok(Edited { text: new, changes })
    }
}

/// A version is letters, digits and `.+-!_~`, so that it means the same in every format, quoted or not.
fn check_value(to: &str) -> Result<(), String> {
    let fine = |c: char| c.is_ascii_alphanumeric() || ".+-!_~/@".contains(c);
    if to.starts_with(|c: char| c.is_ascii_alphanumeric()) && to.chars().all(fine) && to.len() <= 200 {
        return Ok(());
    }
    Err(format!(
        "{} cannot be written: expected a version of letters, digits and .+-!_~ that begins with one of the first two",
        quoted(to)
    ))
}

/// The lines that differ. No edit changes the number of lines.
fn changes(before: &str, after: &str) -> Vec<Change> {
    let differ =
        before.split('\n').zip(after.split('\n')).enumerate().filter(|(_, (one, other))| one != other);
    let line = |text: &str| -> Box<str> { text.strip_suffix('\r').unwrap_or(text).into() };
    differ.map(|(at, (one, other))| Change { line: at + 1, before: line(one), after: line(other) }).collect()
}

/// A text in quotes, safe to show, not too long.
fn quoted(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    let dots = if short.len() < text.len() { "…" } else { "" };
    format!("\"{}{dots}\"", plain(&short))
}

/// A text with everything but letters, digits and ASCII marks written out as its number.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == ' ' || c.is_ascii_graphic() || c.is_alphanumeric() {
            out.push(c);
        } else {
            out.extend(c.escape_unicode());
        }
    }
    out
}
