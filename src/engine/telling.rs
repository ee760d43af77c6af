//! Announcements, posted once: the address is asked for when one leaves, and forgotten.

use super::opening::Setting;
use crate::announce::{Outlet, Patience, Reach, Source, Tell, Webhooks};
use crate::release::announce::{Announce, Route};
use crate::release::errand::{Errand, Outcome, Status};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How an announcement is posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// Where it goes out.
    pub from: Outlet,
    /// How it is posted to.
    pub route: Route,
}

/// How the announcements of a release are posted, by their ids.
pub type Postings = BTreeMap<Box<str>, Posting>;

/// What posts.
pub(super) struct Teller {
    door: Box<dyn Tell>,
    postings: Postings,
    reach: Reach,
    /// Where a demo keeps what it would mail; none where mail leaves.
    mails: Option<PathBuf>,
}

impl Teller {
    /// The door with the user's addresses. A demo posts to this machine alone. Nothing is sent yet.
    pub fn new(setting: &Setting) -> Self {
        let door = Webhooks::new(Patience::default());
        let reach = if setting.demo { Reach::ThisMachine } else { Reach::Anywhere };
        let mails = setting.demo.then(|| setting.state.join("mail"));
        Self { door: Box::new(door), postings: setting.postings.clone(), reach, mails }
    }

    /// Posts; none when the errand is another.
    pub async fn tell(&self, errand: &Errand) -> Option<Outcome> {
        let Errand::Announce(it) = errand else { return None };
        // Comments and discussions are the forge's.
        if it.is_of_forge() {
            return None;
        }
        Some(self.post(it).await)
    }

    /// What is known of an announcement in doubt: a file is looked at, of anything else a person says. None when the
    /// errand is another, or the forge's.
    pub fn looked_for(&self, errand: &Errand) -> Option<Outcome> {
        let Errand::Announce(it) = errand else { return None };
        if it.is_of_forge() {
            return None;
        }
        let found = self.postings.get(&it.id).and_then(|posting| posting.from.look(it));
        let nobody = || Outcome::noted(Status::Unknown, "nobody can look whether it was posted but a person");
        Some(found.unwrap_or_else(nobody))
    }

    async fn post(&self, it: &Announce) -> Outcome {
        let Some(posting) = self.postings.get(&it.id) else {
            return Outcome::noted(
                Status::Failed,
                "[announce] knows no address for it any more; nothing was sent",
            );
        };
        let Outlet::Webhook(from) = &posting.from else {
            return posting
                .from
                .send(it, self.mails.as_deref())
                .await
                .unwrap_or_else(|| Outcome::new(Status::Failed));
        };
        match from.find(&|name| std::env::var(name).ok(), self.reach).await {
            Ok(address) => self.door.tell(it, &address).await,
            Err(why) => Outcome::noted(Status::Failed, format!("{why}; nothing was sent")),
        }
    }
}

/// The errand as the forge carries it out.
pub(super) fn for_forge(errand: &Errand) -> Errand {
    match errand {
        Errand::Announce(it) => it.comment().unwrap_or_else(|| errand.clone()),
        _ => errand.clone(),
    }
}

/// The addresses that can be read at once, so that the journal keeps them out.
pub(super) fn secrets(postings: &Postings) -> Vec<String> {
    let of = |posting: &Posting| match &posting.from {
        Outlet::Webhook(Source::Variable(name)) => {
            std::env::var(name).ok().map(|text| text.trim().to_owned())
        }
        Outlet::Webhook(Source::Command(_)) | Outlet::Mailer(_) | Outlet::File(_) => None,
    };
    postings.values().filter_map(of).filter(|text| !text.is_empty()).collect()
}
