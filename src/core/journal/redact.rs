//! Takes secrets out of what is about to be recorded.

use super::JournalError;
use super::dir::{self, Dir};
use super::line::{hex, sha256};
use super::strict::string_end;
use crate::order::Order as _;
use base64::Engine as _;
use regex_lite::{Captures, Regex};
use serde_json::value::RawValue;
use std::sync::OnceLock;

/// The file that keeps the key of a journal's redaction marks. It is never shared.
const KEY_NAME: &str = "redaction-key";
/// Shortest text that counts as a known secret; shorter ones would blank out ordinary words.
const SHORTEST: usize = 8;

/// A kind of secret that has a shape.
struct Shape {
    name: &'static str,
    /// One of these must occur, in lower case, before the pattern is tried.
    hints: &'static [&'static str],
    /// The group called `s` is the secret; without one, the whole match.
    pattern: &'static str,
    /// What else must hold, so that ordinary prose stays.
    only_if: fn(&str) -> bool,
}

const SHAPES: &[Shape] = &[
    Shape {
        name: "private-key",
        hints: &["private key-----"],
        pattern: r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(-----END [A-Z0-9 ]*PRIVATE KEY-----|$)",
        only_if: always,
    },
    Shape {
        name: "gh-token",
        hints: &["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
        pattern: r"(gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{20,})",
        only_if: always,
    },
    Shape { name: "gitlab-token", hints: &["glpat-"], pattern: r"glpat-[A-Za-z0-9_-]{16,}", only_if: always },
    Shape { name: "npm-token", hints: &["npm_"], pattern: r"npm_[A-Za-z0-9]{36,}", only_if: always },
    Shape { name: "pypi-token", hints: &["pypi-"], pattern: r"pypi-[A-Za-z0-9_-]{50,}", only_if: always },
    Shape {
        name: "slack-token",
        hints: &["xox", "hooks.slack.com"],
        pattern: r"(xox[abeoprs]-[A-Za-z0-9-]{10,}|hooks\.slack\.com/services/[A-Za-z0-9/]{20,})",
        only_if: always,
    },
    Shape {
        name: "aws-key",
        hints: &["akia", "asia"],
        pattern: r"\b(AKIA|ASIA)[A-Z0-9]{16}\b",
        only_if: always,
    },
    Shape {
        name: "aws-secret",
        hints: &["aws_secret_access_key"],
        pattern: r#"(?i)aws_secret_access_key["']?\s*[=:]\s*["']?(?<s>[A-Za-z0-9/+=]{40})"#,
        only_if: always,
    },
    Shape {
        name: "jwt",
        hints: &["eyj"],
        pattern: r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*",
        only_if: always,
    },
    Shape {
        name: "bearer",
        hints: &["bearer ", "authorization: token ", "authorization:token "],
        pattern: r"(?i)(\bbearer|authorization:\s*token)\s+(?<s>[A-Za-z0-9._~+/-]{12,}=*)",
        only_if: has_digit,
    },
    Shape {
        name: "basic",
        hints: &["basic "],
        pattern: r"(?i)\bbasic\s+(?<s>[A-Za-z0-9+/]{6,}={0,2})",
        only_if: is_user_and_password,
    },
    Shape {
        name: "url-user",
        hints: &["://"],
        pattern: r#"(?i)(https?://(?<s>[^/\s@"?#<>]+)|[a-z][a-z0-9+.-]*://[^/\s@"?#<>:]*:(?<p>[^/\s@"?#<>]+))@"#,
        only_if: always,
    },
];

fn always(_: &str) -> bool {
    true
}

fn has_digit(secret: &str) -> bool {
    secret.bytes().any(|b| b.is_ascii_digit())
}

fn is_user_and_password(secret: &str) -> bool {
    base64::engine::general_purpose::STANDARD
        .decode(secret)
        .is_ok_and(|bytes| bytes.contains(&b':') && bytes.iter().all(|b| (0x20..0x7f).contains(b)))
}

/// Knows the secrets of this run and the shapes of others.
pub struct Redactor {
    key: [u8; 32],
    known: Vec<String>,
}

/// The patterns, each compiled when its hint is first met: most runs need none before the first frame.
static PATTERNS: [OnceLock<Option<Regex>>; SHAPES.len()] = [const { OnceLock::new() }; SHAPES.len()];

impl Redactor {
    /// A redactor with a given key. `secrets` are exact texts: the token in use, values of `*_TOKEN` variables.
    #[must_use]
    pub fn new(key: [u8; 32], secrets: &[String]) -> Self {
        let mut known: Vec<String> = secrets
            .iter()
            .filter(|secret| secret.len() >= SHORTEST)
            .flat_map(|secret| spellings(secret))
            .collect();
        // A secret that holds another one must go first, or its rest would stay.
        known.order_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        known.dedup();
        Self { key, known }
    }

    /// Knows one more secret from now on, one that was found after the journal was opened.
    pub fn learn(&mut self, secret: &str) {
        if secret.len() >= SHORTEST {
            self.known.extend(spellings(secret));
            self.known.order_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
            self.known.dedup();
        }
    }

    /// The redactor of a journal, its key made at the first use.
    ///
    /// # Errors
    /// When the key cannot be read or made.
    pub fn of(dir: &Dir, secrets: &[String]) -> Result<Self, JournalError> {
        if let Some(key) = dir.slurp(KEY_NAME, 32)?
            && let Ok(key) = key.try_into()
        {
            return Ok(Self::new(key, secrets));
        }
        let mut key = [0; 32];
        for part in key.chunks_exact_mut(8) {
            part.copy_from_slice(&dir::random()?.to_le_bytes());
        }
        dir.replace(KEY_NAME, &key)?;
        Ok(Self::new(key, secrets))
    }

    /// The body with the secrets in its strings replaced; everything else stays byte for byte.
    #[must_use]
    pub fn body(&self, body: &RawValue) -> Box<RawValue> {
        let json = body.get();
        let bytes = json.as_bytes();
        let (mut out, mut kept, mut at) = (String::new(), 0, 0);
        while at < bytes.len() {
            if bytes[at] == b'"' {
                let end = string_end(bytes, at).map_or(bytes.len(), |(end, _)| end);
                if let Some(changed) = json.get(at..=end).and_then(|quoted| self.quoted(quoted)) {
                    out.push_str(&json[kept..at]);
                    out.push_str(&changed);
                    kept = end + 1;
                }
                at = end;
            }
            at += 1;
        }
        if kept == 0 {
            return body.to_owned();
        }
        out.push_str(&json[kept..]);
        // Whole strings were replaced by whole strings, so this is JSON; if not, better nothing than a secret.
        RawValue::from_string(out).unwrap_or_default()
    }

    fn quoted(&self, quoted: &str) -> Option<String> {
        if quoted.len() < SHORTEST {
            return None;
        }
        let text: std::borrow::Cow<str> = if quoted.contains('\\') {
            serde_json::from_str::<String>(quoted).ok()?.into()
        } else {
            quoted[1..quoted.len() - 1].into()
        };
        let clean = self.text(&text)?;
        serde_json::to_string(&clean).ok()
    }

    /// The text with its secrets replaced by `‹redacted:kind:mark›`, or nothing when it holds none. Equal
    /// secrets of one journal have equal marks.
    #[must_use]
    pub fn text(&self, text: &str) -> Option<String> {
        let mut out: Option<String> = None;
        for secret in &self.known {
            let now = out.as_deref().unwrap_or(text);
            if now.contains(secret.as_str()) {
                out = Some(now.replace(secret.as_str(), &self.mark("known", secret)));
            }
        }
        let lower = text.to_ascii_lowercase();
        for (shape, regex) in SHAPES.iter().zip(&PATTERNS) {
            if shape.hints.iter().any(|hint| lower.contains(hint))
                && let Some(regex) = regex.get_or_init(|| Regex::new(shape.pattern).ok())
            {
                let now = out.as_deref().unwrap_or(text);
                let clean = regex.replace_all(now, |found: &Captures| self.replaced(shape, found));
                if clean != now {
                    out = Some(clean.into_owned());
                }
            }
        }
        out
    }

    fn replaced(&self, shape: &Shape, found: &Captures) -> String {
        let whole = found.get(0).map_or("", |m| m.as_str());
        let secret = found.name("s").or_else(|| found.name("p")).map_or(whole, |m| m.as_str());
        if !(shape.only_if)(secret) || secret.contains("‹redacted:") {
            return whole.to_owned();
        }
        whole.replace(secret, &self.mark(shape.name, secret))
    }

    fn mark(&self, kind: &str, secret: &str) -> String {
        format!("‹redacted:{kind}:{}›", &hex(&hmac(&self.key, secret.as_bytes()))[..8])
    }
}

/// The ways in which a secret is commonly written down.
fn spellings(secret: &str) -> Vec<String> {
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    vec![
        secret.to_owned(),
        STANDARD_NO_PAD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
        hex(secret.as_bytes()),
        hex(secret.as_bytes()).to_ascii_uppercase(),
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
    ]
}

/// HMAC-SHA-256 (RFC 2104) with a key no longer than a block.
fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let pad = |byte: u8| {
        let mut block = [byte; 64];
        block.iter_mut().zip(key).for_each(|(b, k)| *b ^= k);
        block
    };
    let inner = sha256(&[&pad(0x36), message].concat());
    sha256(&[&pad(0x5c)[..], &inner].concat())
}
