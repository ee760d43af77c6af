//! The door to people: webhooks of Slack, Discord, Teams and others.
//!
//! [`Tell`] is the door; [`Webhooks`] goes through it with a client that knows no token. A message is posted once and
//! by one request, which is never sent again, redirected or taken up by another: what is not known to have been
//! refused is [`Status::Unknown`]. The address is a secret, which this room asks for when something is posted and
//! which leaves it only as the request itself.

mod address;
mod client;
mod discord;
mod file;
mod mail;
mod plain;
mod source;

pub use address::{Address, AddressError, Reach};
pub use client::Patience;
pub use mail::{Mailer, is_address};
pub use source::{Outside, Source};

use crate::release::announce::{Announce, Via};
use crate::release::errand::{Outcome, Status};
use crate::release::text::shown;
use client::Client;
use futures_util::future::BoxFuture;
use std::path::Path;

/// Where an announcement goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outlet {
    /// A webhook, whose address is found when something is posted.
    Webhook(Source),
    /// The user's own mailer.
    Mailer(Mailer),
    /// A file, by an absolute path with `{version}`.
    File(String),
}

impl Outlet {
    /// Sends by other ways than a webhook; none where it is one. In a demo, with a directory for it, nobody is mailed: the
    /// message lies there as a file.
    pub async fn send(&self, it: &Announce, demo: Option<&Path>) -> Option<Outcome> {
        match (self, demo) {
            (Self::Mailer(mailer), Some(dir)) => {
                let (mailer, it, dir) = (mailer.clone(), it.clone(), dir.to_owned());
                let kept = tokio::task::spawn_blocking(move || mail::keep(&mailer, &it, &dir)).await;
                return Some(kept.unwrap_or_else(|_| Outcome::noted(Status::Unknown, "writing broke off")));
            }
            (Self::Webhook(_) | Self::Mailer(_) | Self::File(_), _) => {}
        }
        match self {
            Self::Webhook(_) => None,
            Self::Mailer(mailer) => Some(mail::send(mailer, it).await),
            Self::File(path) => {
                // A disk may take its time, and nothing else waits for it.
                let (path, it) = (path.clone(), it.clone());
                let written = tokio::task::spawn_blocking(move || file::write(&path, &it)).await;
                let broken = |_| Outcome::noted(Status::Unknown, "writing broke off: it may be there");
                Some(written.unwrap_or_else(broken))
            }
        }
    }

    /// Looks what became of an announcement in doubt. Sends nothing; none where nobody can look but a person.
    #[must_use]
    pub fn look(&self, it: &Announce) -> Option<Outcome> {
        match self {
            Self::File(path) => Some(file::look(path, it)),
            Self::Webhook(_) | Self::Mailer(_) => None,
        }
    }
}

/// The door to people.
pub trait Tell: Send + Sync {
    /// Posts an announcement once.
    fn tell<'a>(&'a self, it: &'a Announce, to: &'a Address) -> BoxFuture<'a, Outcome>;
}

/// Webhooks.
pub struct Webhooks {
    client: Client,
}

impl Webhooks {
    /// A client. Nothing is sent yet; the first announcement needs a running tokio runtime.
    #[must_use]
    pub fn new(patience: Patience) -> Self {
        Self { client: Client::new(patience) }
    }
}

impl Tell for Webhooks {
    fn tell<'a>(&'a self, it: &'a Announce, to: &'a Address) -> BoxFuture<'a, Outcome> {
        Box::pin(async move {
            let mut outcome = match it.via {
                Via::Discord => discord::post(&self.client, it, to).await,
                Via::Slack => plain::slack(&self.client, it, to).await,
                Via::Teams => plain::teams(&self.client, it, to).await,
                Via::Webhook => plain::webhook(&self.client, it, to).await,
                Via::Mail | Via::File | Via::Issue | Via::Discussion | Via::Release => {
                    Outcome::noted(Status::Failed, "it is no webhook; nothing was sent")
                }
            };
            // Whatever the other side said, the address is not told on.
            outcome.note = outcome.note.map(|note| shown(&to.scrub(note.raw()), 300).into());
            outcome
        })
    }
}

/// An outcome that says where it was posted.
fn posted(link: Option<String>) -> Outcome {
    let mut outcome =
        Outcome::noted(Status::Ok, if link.is_some() { "posted" } else { "posted; it gives no link" });
    outcome.after.extend(link.map(|link| ("link".into(), link.into())));
    outcome
}
