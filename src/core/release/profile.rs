//! The process in force, and one that is written down now and differs from it: a person decides which is followed.

use super::Release;
use super::ask::Refusal;
use super::fact::Fact;
use super::session::{ProcessChanged, ProcessKept};
use super::text::{Untrusted, shown};
use crate::process::{Process, differences};

/// A process that is written down now and is not the one that the release is recorded under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// `sha256:…` of its profile.
    pub to: Box<str>,
    /// Where it is written, safe to show.
    pub source: String,
    /// What differs, safe to show.
    pub differences: Vec<String>,
}

impl Release {
    /// The offer of a profile, by its text and its hash, `sha256:…`. None when it is the one in force, when it means
    /// the same, or when a person has decided against it.
    #[must_use]
    pub fn offer(&self, text: &str, to: &str, source: &str) -> Option<Offer> {
        let decided = [self.profile.as_deref(), self.kept.as_deref()].contains(&Some(to));
        if self.opened.is_none() || decided {
            return None;
        }
        let (after, _) = Process::parse(text, source).ok()?;
        let found = match &self.process {
            Some(before) => differences(before, &after),
            None => vec!["the recorded process cannot be read".to_owned()],
        };
        let differences: Vec<_> = found.iter().map(|text| shown(text, 200)).collect();
        let offer = Offer { to: to.into(), source: shown(source, 100), differences };
        (!offer.differences.is_empty()).then_some(offer)
    }

    /// Whether an offer still waits for a person.
    #[must_use]
    pub fn is_undecided(&self, offer: &Offer) -> bool {
        ![self.profile.as_deref(), self.kept.as_deref()].contains(&Some(&*offer.to))
    }

    pub(crate) fn decide_process(&self, to: &str, take: bool, why: Untrusted) -> Result<Fact, Refusal> {
        let ask = if take { "take the new process" } else { "keep the recorded process" };
        let Some(from) = self.profile.clone() else {
            return Err(Refusal::new(ask, "", "the journal is not open"));
        };
        if *from == *to {
            return Err(Refusal::new(ask, "", "it is the process in force already"));
        }
        if why.raw().trim().is_empty() {
            return Err(
                Refusal::new(ask, "", "a reason is needed").hint("type why; it goes into the journal")
            );
        }
        Ok(if take {
            ProcessChanged { from, to: to.into(), profile: None, why }.into()
        } else {
            ProcessKept { from, offered: to.into(), why }.into()
        })
    }
}
