//! A release is given up: on record, with why, until that is taken back.

use super::deciding::spoken;
use crate::release::ask::Refusal;
use crate::release::text::Untrusted;
use crate::release::{Fact, Release};
use serde::{Deserialize, Serialize};

/// The release is given up: nothing more is cut of it and nothing published. Or it goes on after all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenUp {
    /// Whether it is given up.
    pub on: bool,
    /// Why.
    pub why: Untrusted,
}

impl GivenUp {
    pub(super) fn words(&self) -> &'static str {
        if self.on { "the release is given up" } else { "the release goes on after all" }
    }
}

impl Release {
    /// Why the release is given up, as somebody said; none when it is not.
    #[must_use]
    pub fn given_up(&self) -> Option<&Untrusted> {
        self.votes.given_up.as_ref().filter(|it| it.what.on).map(|it| &it.what.why)
    }

    /// That the release is given up, in words that are safe to show.
    #[must_use]
    pub fn given_up_words(&self) -> Option<String> {
        self.given_up().map(|why| format!("given up: {}", why.line()))
    }

    /// Refuses what would take a release further that is given up.
    pub(crate) fn still_wanted(&self, ask: &str) -> Result<(), Refusal> {
        let Some(said) = self.given_up_words() else { return Ok(()) };
        let refusal = Refusal::new(ask, self.name(), format!("the release is {said}"));
        Err(refusal.hint("gd says that it goes on after all"))
    }

    pub(super) fn decide_giving_up(&self, on: bool, why: Untrusted) -> Result<Fact, Refusal> {
        let refuse = |why: &str| Refusal::new("give up the release", self.name(), why);
        if self.given_up().is_some() == on {
            return Err(refuse(if on { "it is given up already" } else { "it is not given up" }));
        }
        if on && self.final_tag().is_some() {
            return Err(refuse("its final version is out").hint("what is out is rolled back, not given up"));
        }
        if on && self.outbox.plans.iter().any(|plan| plan.stopped.is_none()) {
            return Err(refuse("a plan of it is under way").hint("! shows it: call it off first"));
        }
        spoken(&why).map_err(|(why, hint)| refuse(why).hint(hint))?;
        Ok(GivenUp { on, why }.into())
    }
}
