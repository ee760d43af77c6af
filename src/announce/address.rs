//! The address of a webhook: a secret that is posted to and never shown.

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

/// Longest address: those of Teams are some 400 characters long.
const LONGEST: usize = 2_048;
/// Shortest part of an address that counts as a secret.
const SHORTEST: usize = 6;

/// Why a text is no address of a webhook. The text itself is never in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing in it.
    #[error("the address of the webhook is empty")]
    Empty,
    /// It does not parse, or is too long.
    #[error("what should be the address of a webhook is none")]
    Malformed,
    /// It is not https.
    #[error("the address of the webhook is not https; http is taken only on this machine")]
    Plain,
    /// It holds a login.
    #[error("the address of the webhook holds a login")]
    Login,
    /// It is elsewhere, and this is a demo.
    #[error("a demo posts to this machine alone")]
    Elsewhere,
}

/// How far away a webhook may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Anywhere.
    Anywhere,
    /// On this machine alone: a demo tells nobody.
    ThisMachine,
}

/// The address of a webhook.
#[derive(Clone, Debug)]
pub struct Address(SecretString);

impl Address {
    /// Reads an address. Blanks around it are cut off: commands end their output with a line feed.
    ///
    /// # Errors
    /// Why it is none, without it.
    pub fn parse(text: &str, reach: Reach) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        if text.len() > LONGEST || text.contains(char::is_whitespace) {
            return Err(AddressError::Malformed);
        }
        let url = Url::parse(text).map_err(|_| AddressError::Malformed)?;
        let here = is_loopback(&url);
        match url.scheme() {
            _ if url.host_str().is_none() => return Err(AddressError::Malformed),
            "https" => {}
            "http" if here => {}
            "http" => return Err(AddressError::Plain),
            _ => return Err(AddressError::Malformed),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::Login);
        }
        if reach == Reach::ThisMachine && !here {
            return Err(AddressError::Elsewhere);
        }
        Ok(Self(SecretString::from(url.as_str())))
    }

    /// The address, for the one request that goes there.
    pub(super) fn url(&self) -> Option<Url> {
        Url::parse(self.0.expose_secret()).ok()
    }

    /// A text without the address and the parts of it that are secret.
    #[must_use]
    pub fn scrub(&self, text: &str) -> String {
        let mut text = text.replace(self.0.expose_secret(), "***");
        let Some(url) = self.url() else { return text };
        let values: Vec<String> = url.query_pairs().map(|(_, value)| value.into_owned()).collect();
        let raw = url.query().unwrap_or_default().split(['&', '=']);
        let parts = url.path().split('/').chain(values.iter().map(String::as_str)).chain(raw);
        for part in [url.path()].into_iter().chain(parts).filter(|part| part.len() >= SHORTEST) {
            text = text.replace(part, "***");
        }
        text
    }
}

/// Whether an address is on this machine.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<std::net::IpAddr>().is_ok_and(|it| it.is_loopback())
}
