//! The names of things: typed, validated where a name could be mistaken for an option, a path or another name.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Why a text is not the name it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {what}: {why}")]
pub struct BadName {
    /// The text, made safe to show.
    pub text: String,
    /// What it should have been, with its article: "a branch name".
    pub what: &'static str,
    /// The rule it breaks.
    pub why: &'static str,
}

fn bad(text: &str, what: &'static str, why: &'static str) -> BadName {
    BadName { text: super::text::shown(text, 120), what, why }
}

/// An object id: SHA-1 (20 bytes) or SHA-256 (32 bytes).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid {
    len: u8,
    bytes: [u8; 32],
}

impl Oid {
    /// Parses 40 or 64 hexadecimal digits.
    ///
    /// # Errors
    /// When the length differs or a character is no hexadecimal digit.
    pub fn parse(hex: &str) -> Result<Self, BadName> {
        let what = "an object id";
        if hex.len() != 40 && hex.len() != 64 {
            return Err(bad(hex, what, "it takes 40 or 64 hexadecimal digits"));
        }
        let mut bytes = [0; 32];
        for (at, pair) in hex.as_bytes().chunks_exact(2).enumerate() {
            let digit = |b: u8| char::from(b).to_digit(16);
            match (digit(pair[0]), digit(pair[1])) {
                (Some(high), Some(low)) => bytes[at] = u8::try_from(high * 16 + low).unwrap_or_default(),
                _ => return Err(bad(hex, what, "a character is no hexadecimal digit")),
            }
        }
        Ok(Self { len: u8::try_from(hex.len() / 2).unwrap_or(20), bytes })
    }

    /// An id by its bytes; none unless they are 20 or 32.
    #[must_use]
    pub fn from_bytes(of: &[u8]) -> Option<Self> {
        if of.len() != 20 && of.len() != 32 {
            return None;
        }
        let mut bytes = [0; 32];
        bytes.get_mut(..of.len())?.copy_from_slice(of);
        Some(Self { len: u8::try_from(of.len()).ok()?, bytes })
    }

    /// The bytes, 20 or 32.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// The first seven digits, as git abbreviates by default.
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string()[..7].to_owned()
    }

    /// Whether every byte is zero: git's way to say "no object".
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.bytes.iter().all(|b| *b == 0)
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes().iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Reads a text and checks it, without a copy in between: journals are full of names.
struct Text<T>(fn(&str) -> Result<T, BadName>);

impl<T> serde::de::Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }
}

/// Names that are strings: a type each, made only by its check. A copy shares the text: lists are made of names.
macro_rules! names {
    ($($(#[$doc:meta])* $name:ident, $what:literal, $check:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks the text against the rules of the name.
            ///
            /// # Errors
            /// The rule that the text breaks.
            pub fn parse(text: &str) -> Result<Self, BadName> {
                let check: fn(&str) -> Result<(), &'static str> = $check;
                check(text).map_err(|why| bad(text, $what, why))?;
                Ok(Self(text.into()))
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The name, safe to show: a valid name may still hold characters that turn a line round.
            #[must_use]
            pub fn line(&self) -> String {
                super::text::shown(&self.0, super::text::LINE_CAP)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Text(Self::parse))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.line())
            }
        }
    )*};
}

names! {
    /// A full ref name, `refs/…`, by the rules of `git check-ref-format`, and without a component that starts
    /// with a dash, so that no part of it can be read as an option.
    RefName, "a ref name", |text| {
        if !text.starts_with("refs/") { return Err("it must start with refs/"); }
        ref_rules(text, REF_CAP)
    };
    /// A branch name without `refs/heads/`, such that the full name is a valid ref.
    Branch, "a branch name", short_ref;
    /// A tag name without `refs/tags/`, such that the full name is a valid ref.
    Tag, "a tag name", short_ref;
    /// A GitHub login: letters, digits, dashes, or an app's `name[bot]`.
    Login, "a login", |text| {
        let name = text.strip_suffix("[bot]").unwrap_or(text);
        if name.is_empty() || name.len() > 100 { return Err("it takes 1 to 100 characters"); }
        if !name.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.')) {
            return Err("it takes letters, digits, dashes, dots and underscores");
        }
        Ok(())
    };
    /// `owner/name` of a repository on a forge.
    Repo, "a repository", |text| {
        let Some((owner, name)) = text.split_once('/') else { return Err("it must be owner/name") };
        let fine = |part: &str| {
            !part.is_empty() && part.len() <= 100 && part != "." && part != ".." && !part.starts_with('-')
                && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        };
        if fine(owner) && fine(name) { Ok(()) } else { Err("it takes letters, digits, dashes, dots and underscores") }
    };
    /// The name of a release, as people say it: `v1.2.0`, `2026.11`.
    ReleaseName, "a release name", |text| {
        if text.is_empty() || text.chars().count() > 100 { return Err("it takes 1 to 100 characters"); }
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) { return Err("it holds a blank or a control character"); }
        Ok(())
    };
    /// Joins the intent and the outcome of one errand, and marks what it left on the remote: a ULID.
    OpId, "an operation id", |text| {
        let fine = (10..=26).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_alphanumeric());
        if fine { Ok(()) } else { Err("it takes 10 to 26 letters and digits") }
    };
}

fn short_ref(text: &str) -> Result<(), &'static str> {
    if text.starts_with('-') {
        return Err("it starts with a dash");
    }
    if text == "@" || text == "HEAD" {
        return Err("the name is reserved");
    }
    ref_rules(text, REF_CAP - "refs/heads/".len())
}

/// Longest full ref name, in bytes.
const REF_CAP: usize = 1024;

/// The rules of `git check-ref-format(1)`, and no component that starts with a dash.
fn ref_rules(text: &str, cap: usize) -> Result<(), &'static str> {
    if text.len() > cap {
        return Err("it is longer than 1,024 bytes");
    }
    if text.as_bytes().windows(2).any(|pair| matches!(pair, b".." | b"@{" | b"//")) {
        return Err("it holds .., @{ or //");
    }
    if text.ends_with('/') || text.ends_with('.') {
        return Err("it ends with a slash or a dot");
    }
    let barred = |byte: u8| matches!(byte, b' ' | b'~' | b'^' | b':' | b'?' | b'*' | b'[' | b'\\');
    if text.bytes().any(|byte| byte.is_ascii_control() || barred(byte)) {
        return Err("it holds a blank, a control character or one of ~^:?*[\\");
    }
    for part in text.split('/') {
        if part.is_empty() || part.starts_with('.') || part.ends_with(".lock") {
            return Err("a component is empty, starts with a dot or ends with .lock");
        }
        if part.starts_with('-') {
            return Err("a component starts with a dash");
        }
    }
    Ok(())
}

impl Branch {
    /// `refs/heads/…`.
    #[must_use]
    pub fn full(&self) -> String {
        format!("refs/heads/{}", self.as_str())
    }
}

impl Tag {
    /// `refs/tags/…`.
    #[must_use]
    pub fn full(&self) -> String {
        format!("refs/tags/{}", self.as_str())
    }
}

impl Repo {
    /// The part before the slash.
    #[must_use]
    pub fn owner(&self) -> &str {
        self.as_str().split_once('/').map_or("", |(owner, _)| owner)
    }

    /// The part after the slash.
    #[must_use]
    pub fn name(&self) -> &str {
        self.as_str().split_once('/').map_or("", |(_, name)| name)
    }
}

impl Serialize for Oid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Oid {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text(Self::parse))
    }
}

/// An issue or pull request: its repository and its number.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct IssueKey {
    /// Where it lives.
    pub repo: Repo,
    /// Its number there.
    pub number: u64,
}

impl IssueKey {
    /// Reads `octo/widget#17`.
    ///
    /// # Errors
    /// When it is no name of an issue.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        let wrong = || bad(text, "an issue", "it is owner/name#number");
        let (repo, number) = text.rsplit_once('#').ok_or_else(wrong)?;
        Ok(Self { repo: Repo::parse(repo)?, number: number.parse().map_err(|_| wrong())? })
    }
}

impl fmt::Display for IssueKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.repo.as_str(), self.number)
    }
}
