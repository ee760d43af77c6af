//! Tests of the `probe` room, against a server on loopback that does as it is told.
mod charts;
mod cockpit;
mod images;
mod packages;
mod pypi;
mod reach;
mod trouble;
mod url;

pub use crate::forge::server::{Say, Server};

use gonogo::probe::{Patience, Probe, Reach, Registries};
use gonogo::release::artifacts::{ArtifactAsk, ArtifactState, Place};
use gonogo::release::ids::Tag;
use gonogo::release::observe::Sighting;
use std::time::Duration;

/// A digest of one digit.
pub fn sha(digit: char) -> String {
    digit.to_string().repeat(64)
}

pub fn ask(place: Place) -> ArtifactAsk {
    ArtifactAsk { id: "it".into(), tag: Tag::parse("v1.2.0").unwrap(), place }
}

/// A door that asks anybody.
pub fn door() -> Registries {
    reaching(Reach::Any)
}

/// The same that asks those alone.
pub fn reaching(reach: Reach) -> Registries {
    Registries::new(Patience::default(), reach)
}

/// A door that does not wait long for nothing.
pub fn hasty() -> Registries {
    let read = Duration::from_secs(2);
    Registries::new(Patience { connect: read, read, whole: Duration::from_secs(20) }, Reach::Any)
}

/// What was said of a place: the word of the state and the evidence, or `failed` and why.
pub async fn said(door: &Registries, place: Place) -> String {
    match door.ask(&ask(place)).await {
        Sighting::Artifact(row) => {
            let word = match row.state {
                ArtifactState::Present => "present",
                ArtifactState::Absent => "absent",
                ArtifactState::Wrong => "wrong",
            };
            format!("{word}: {}", row.evidence.raw())
        }
        Sighting::Failed(key, why) => {
            assert_eq!(&*key.scope, "it");
            format!("failed: {}", why.raw())
        }
        other => panic!("no answer to a question about an artifact: {other:?}"),
    }
}

/// The same by a door of its own.
pub async fn once(place: Place) -> String {
    said(&door(), place).await
}

/// A server's host and port.
pub fn host(server: &Server) -> &str {
    server.url.trim_start_matches("http://")
}

/// Nothing that a terminal obeys is in a text, and it is not long.
pub fn is_tame(text: &str) {
    assert!(!text.chars().any(char::is_control), "{text:?}");
    assert!(!text.contains(['\u{202e}', '\u{200b}', '\u{9b}']), "{text:?}");
    assert!(text.chars().count() <= 400, "{} characters", text.chars().count());
}
