//! Looks at artifacts: each asked for on its own, so that a slow registry holds up no other.

use super::saying::saw;
use crate::forge::{Forge, Look};
use crate::probe::{Patience, Probe, Reach, Registries};
use crate::release::Release;
use crate::release::artifacts::Place;
use crate::release::looks::LookKey;
use crate::release::observe::Sighting;
use crate::release::text::Untrusted;
use crate::screen::fresh::Source;
use crate::turn::Event;
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;

/// The door to registries. Nothing is sent yet.
pub(super) fn open(reach: Reach) -> Arc<dyn Probe> {
    Arc::new(Registries::new(Patience::default(), reach))
}

/// Asks for one artifact; the answer comes to the inbox.
pub(super) fn look(
    (probe, forge): (Arc<dyn Probe>, Arc<dyn Forge>),
    inbox: UnboundedSender<Event>,
    key: LookKey,
    release: &Release,
) -> JoinHandle<()> {
    let ask = release.artifact_ask(&key.scope);
    tokio::spawn(async move {
        let seen = match ask {
            // A release of the forge is seen with the token, where it is not public.
            Some(ask) if matches!(ask.place, Place::Release { .. }) => {
                forge.look(&Look::Release(Box::new(ask))).await.sighting
            }
            Some(ask) => probe.ask(&ask).await,
            None => Sighting::Failed(key, Untrusted::from("its tag is gone")),
        };
        let _ = inbox.send(saw(seen, Source::Live));
    })
}
