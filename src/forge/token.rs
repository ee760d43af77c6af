//! Where a token comes from, in which order, and for which host.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// Where a token came from: what is written into the journal instead of the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// `--token-command`.
    Command,
    /// An environment variable, by its name.
    Variable(&'static str),
    /// `gh auth token --hostname HOST`.
    Gh,
    /// The keyring of the system, under the service `gonogo`.
    Keyring,
    /// Given by the program itself: the embedded forge.
    Given,
}

impl Origin {
    /// The word for it: `GONOGO_TOKEN`, `gh`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Command => "--token-command",
            Self::Variable(name) => name,
            Self::Gh => "gh",
            Self::Keyring => "keyring",
            Self::Given => "given",
        }
    }
}

/// Why a text is no token. The text itself is never in the message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing in it.
    #[error("the token from {0} is empty")]
    Empty(&'static str),
    /// A blank, a control character or something that is no ASCII in it: it cannot go into a header.
    #[error(
        "the token from {0} holds a blank or a control character; it takes one line with nothing but the token"
    )]
    Malformed(&'static str),
    /// The command failed.
    #[error("{command} gave no token: {why}")]
    Command {
        /// What was run, made safe to show.
        command: String,
        /// What it said, made safe to show.
        why: String,
    },
}

/// A token, for one host only.
#[derive(Clone, Debug)]
pub struct Token {
    secret: SecretString,
    host: Box<str>,
    origin: Origin,
}

impl Token {
    /// A token that was found for a host. Blanks around it are cut off: commands end their output with a line feed.
    ///
    /// # Errors
    /// When it is empty or could not go into a header.
    pub fn new(text: &str, host: &str, origin: Origin) -> Result<Self, TokenError> {
        let token = text.trim();
        if token.is_empty() {
            return Err(TokenError::Empty(origin.word()));
        }
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::Malformed(origin.word()));
        }
        Ok(Self { secret: SecretString::from(token), host: host.to_ascii_lowercase().into(), origin })
    }

    /// The host that it was found for.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it was found for the host of an API. A token that the program itself gave is for this machine only.
    #[must_use]
    pub fn fits(&self, api: &super::Api) -> bool {
        let bare = |host: &str| -> String {
            let port = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|it| it.is_ascii_digit()));
            port.map_or(host, |(host, _)| host).to_ascii_lowercase()
        };
        bare(&self.host) == bare(api.host()) || (self.origin == Origin::Given && api.is_loopback())
    }

    /// Where it came from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The token itself, for the one place that keeps it out of the journal by knowing it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.secret.expose_secret()
    }

    /// Tells tokens apart without telling them: the first 16 hexadecimal digits of a SHA-256.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"gonogo-token\0");
        hash.update(self.secret.expose_secret().as_bytes());
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The value of the `Authorization` header, marked as sensitive.
    pub(crate) fn header(&self) -> Option<http::HeaderValue> {
        let mut value =
            http::HeaderValue::from_str(&format!("Bearer {}", self.secret.expose_secret())).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// The kind of token by its prefix, for `doctor`. Source: "Behind GitHub's new authentication token formats".
    #[must_use]
    pub fn kind(&self) -> &'static str {
        let secret = self.secret.expose_secret();
        let known = [
            ("github_pat_", "fine-grained personal access token"),
            ("ghp_", "classic personal access token"),
            ("gho_", "OAuth token"),
            ("ghu_", "GitHub App user token"),
            ("ghs_", "GitHub App installation token"),
        ];
        known.iter().find(|(prefix, _)| secret.starts_with(prefix)).map_or("token", |(_, kind)| kind)
    }
}

/// What the search for a token needs of the outside; the engine gives it.
pub trait Sources {
    /// An environment variable.
    fn variable(&self, name: &str) -> Option<String>;

    /// Runs a command and gives what it wrote to standard output; none when there is no such program.
    ///
    /// # Errors
    /// What went wrong, in words and without the output.
    fn run(&self, argv: &[String]) -> Result<Option<String>, String>;
}

/// The sources to ask for a host, in order. Source of the variables: `gh help environment`.
#[must_use]
pub fn variables(host: &str) -> &'static [&'static str] {
    let host = host.to_ascii_lowercase();
    if host == "github.com" || host.ends_with(".ghe.com") {
        &["GONOGO_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"]
    } else {
        &["GONOGO_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"]
    }
}

/// Finds the token for a host: the command the user named, then the environment, then `gh`, which reads the
/// keyring for its own token, then the keyring for ours. None when there is none.
///
/// # Errors
/// When a source that was named on purpose gives no usable token: a lesser source is then not tried in its place.
pub fn find(
    host: &str,
    command: Option<&[String]>,
    sources: &dyn Sources,
) -> Result<Option<Token>, TokenError> {
    if let Some(argv) = command {
        let said = |why: String| TokenError::Command {
            command: crate::release::text::shown(argv.first().map_or("", String::as_str), 80),
            why,
        };
        let output = sources.run(argv).map_err(|why| said(crate::release::text::shown(&why, 200)))?;
        let output = output.ok_or_else(|| said("there is no such program".to_owned()))?;
        return Token::new(&output, host, Origin::Command).map(Some);
    }
    for name in variables(host) {
        if let Some(value) = sources.variable(name).filter(|value| !value.trim().is_empty()) {
            return Token::new(&value, host, Origin::Variable(name)).map(Some);
        }
    }
    let argv = ["gh", "auth", "token", "--hostname", host].map(str::to_owned);
    // gh without a login for the host fails: then there is no token, which is no mistake.
    match sources.run(&argv) {
        Ok(Some(output)) if !output.trim().is_empty() => {
            return Token::new(&output, host, Origin::Gh).map(Some);
        }
        Ok(_) | Err(_) => {}
    }
    for argv in keyrings(host) {
        if let Ok(Some(output)) = sources.run(&argv)
            && !output.trim().is_empty()
        {
            return Token::new(&output, host, Origin::Keyring).map(Some);
        }
    }
    Ok(None)
}

/// What asks the system's keyring: the Secret Service by `secret-tool` of libsecret, and the keychain of macOS. The
/// token is in no argument, and a keyring that is locked, absent or without the entry is no mistake.
fn keyrings(host: &str) -> [Vec<String>; 2] {
    [
        ["secret-tool", "lookup", "service", "gonogo", "host", host].map(str::to_owned).to_vec(),
        ["security", "find-generic-password", "-w", "-s", "gonogo", "-a", host].map(str::to_owned).to_vec(),
    ]
}

/// Replaces what looks like a secret by `***`: GitHub tokens, bearer credentials, logins in addresses.
#[must_use]
pub fn scrub(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((start, end, with)) = secret_in(rest) {
        out.push_str(&rest[..start]);
        out.push_str(with);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// The first secret in a text: where it starts and ends, and what stands in its place.
fn secret_in(text: &str) -> Option<(usize, usize, &'static str)> {
    let run = |from: usize, fine: fn(char) -> bool| {
        text[from..].find(|c| !fine(c)).map_or(text.len(), |length| from + length)
    };
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut found: Vec<(usize, usize, &'static str)> = Vec::new();
    for prefix in ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"] {
        if let Some(start) = text.find(prefix) {
            found.push((start, run(start, word), "***"));
        }
    }
    for prefix in ["Bearer ", "bearer ", "token "] {
        if let Some(start) = text.find(prefix) {
            let from = start + prefix.len();
            let end = run(from, |c| c.is_ascii_graphic() && c != '"' && c != '\'');
            // An English word after "token " is no secret.
            if end - from >= 16 {
                found.push((start, end, "***"));
            }
        }
    }
    if let Some(start) = text.find("://") {
        let from = start + 3;
        let end = run(from, |c| c.is_ascii_graphic() && c != '/' && c != '"');
        if let Some(login) = text[from..end].rfind('@') {
            found.push((from, from + login + 1, "***@"));
        } else if end < text.len() {
            // A clean address hides no later one.
            let later = secret_in(&text[end..]).map(|(s, e, with)| (s + end, e + end, with));
            found.extend(later);
        }
    }
    found.into_iter().min()
}
