//! The door to registries: is the artifact published?
//!
//! [`Probe`] is the door; [`Registries`] goes through it with a client that knows no token. A question is asked once:
//! when it is asked again is for the cockpit to say. What is there is told with what shows it; what could not be read
//! is a [`Sighting::Failed`], never an artifact that is absent.

mod address;
mod challenge;
mod client;
mod crates;
mod error;
mod health;
mod helm;
mod npm;
mod oci;
mod pypi;
mod reach;
mod url;

pub use client::Patience;
pub use error::ProbeError;
pub use health::Health;
pub use reach::Reach;

use crate::release::artifacts::{ArtifactAsk, ArtifactRow, ArtifactState, Place};
use crate::release::observe::Sighting;
use crate::release::steps::ProbeUrl;
use crate::release::text::{Untrusted, shown};
use challenge::Tokens;
use client::Client;
use futures_util::future::BoxFuture;

/// The door to registries.
pub trait Probe: Send + Sync {
    /// Asks once whether an artifact is published.
    fn ask<'a>(&'a self, ask: &'a ArtifactAsk) -> BoxFuture<'a, Sighting>;

    /// Asks once whether a service answers as it should.
    fn health<'a>(&'a self, ask: &'a ProbeUrl) -> BoxFuture<'a, Result<Health, ProbeError>>;
}

/// The registries themselves.
pub struct Registries {
    client: Client,
    tokens: Tokens,
}

/// What was found, in words that may hold text of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    state: ArtifactState,
    evidence: String,
}

impl Found {
    fn present(evidence: impl Into<String>) -> Self {
        Self { state: ArtifactState::Present, evidence: evidence.into() }
    }

    fn absent(evidence: impl Into<String>) -> Self {
        Self { state: ArtifactState::Absent, evidence: evidence.into() }
    }

    fn wrong(evidence: impl Into<String>) -> Self {
        Self { state: ArtifactState::Wrong, evidence: evidence.into() }
    }
}

/// Longest evidence that is kept, in characters: it is a line of the journal.
const EVIDENCE: usize = 300;

impl Registries {
    /// A client. Nothing is sent yet; the first question needs a running tokio runtime.
    #[must_use]
    pub fn new(patience: Patience, reach: Reach) -> Self {
        Self { client: Client::new(patience, reach), tokens: Tokens::default() }
    }

    async fn found(&self, place: &Place) -> Result<Found, ProbeError> {
        let client = &self.client;
        client.reach.allows(place)?;
        let door = (client, &self.tokens);
        match place {
            Place::Pypi { index, package, version } => pypi::look(client, index, package, version).await,
            Place::Npm { registry, package, version } => {
                npm::look(client, registry.as_deref(), package, version).await
            }
            Place::Crate { registry, package, version } => {
                crates::look(client, registry.as_deref(), package, version).await
            }
            Place::Oci { image, tag, platforms, same } => {
                oci::look(door, (image, tag), platforms, same.as_ref()).await
            }
            Place::Helm { repo, chart, version } => helm::look(door, repo, chart, version).await,
            Place::Url { url, contains } => url::look(client, url, contains.as_deref()).await,
            // The forge's own door knows a token.
            Place::Release { .. } => Err(ProbeError::elsewhere()),
        }
    }
}

impl Probe for Registries {
    fn ask<'a>(&'a self, ask: &'a ArtifactAsk) -> BoxFuture<'a, Sighting> {
        Box::pin(async move {
            match self.found(&ask.place).await {
                Ok(found) => Sighting::Artifact(row(ask, &found)),
                Err(why) => Sighting::Failed(ask.key(), Untrusted::from(why.say())),
            }
        })
    }

    fn health<'a>(&'a self, ask: &'a ProbeUrl) -> BoxFuture<'a, Result<Health, ProbeError>> {
        Box::pin(health::look(&self.client, ask))
    }
}

/// Evidence is made safe before it is kept: it holds names of files that somebody else chose.
fn row(ask: &ArtifactAsk, found: &Found) -> ArtifactRow {
    ask.row(found.state, shown(&found.evidence, EVIDENCE))
}

/// How a reply says that nothing is there.
fn nothing(status: u16, host: &str) -> Found {
    Found::absent(format!("{status} at {}", shown(host, 100)))
}

/// A digest in the length in which people compare it.
fn short_digest(hex: &str) -> String {
    format!("sha256:{}", shown(hex.get(..12).unwrap_or(hex), 12))
}

/// Whether a text is a SHA-256 in hexadecimal.
fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
