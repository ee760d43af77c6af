//! What became of a write, from replies and from looking.

use crate::forge::error::ForgeError;
use crate::release::errand::{Outcome, Status};
use crate::release::text::Untrusted;

/// What was found by looking at the thing that an errand is about.
pub(super) struct Found {
    /// How it stands.
    pub stand: Stand,
    /// What is there, by name.
    pub after: Vec<(&'static str, String)>,
}

/// How the thing stands against what the errand wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stand {
    /// As it should be.
    Done,
    /// As it was when the errand was planned.
    Before,
    /// Neither: somebody else changed it.
    Other(String),
}

impl Found {
    pub(super) fn new(stand: Stand) -> Self {
        Self { stand, after: Vec::new() }
    }

    pub(super) fn with(mut self, name: &'static str, what: impl Into<String>) -> Self {
        self.after.push((name, what.into()));
        self
    }

    /// An outcome that tells what was found.
    pub(super) fn tell(self, mut outcome: Outcome) -> Outcome {
        outcome.after.extend(self.after.into_iter().map(|(name, what)| (name.into(), Untrusted::from(what))));
        outcome
    }

    /// The outcome of an errand that may have happened: found, or still in doubt. It is never sent again.
    pub(super) fn settled(self, why: &str) -> Outcome {
        let note = match &self.stand {
            Stand::Done => format!("{why}it was found done by looking"),
            Stand::Before => format!("{why}looking shows it as before; it was not sent again"),
            Stand::Other(what) => {
                format!("{why}looking shows neither before nor after ({what}); it was not sent again")
            }
        };
        let done = self.stand == Stand::Done;
        let mut outcome = Outcome::noted(if done { Status::Ok } else { Status::Unknown }, note);
        outcome.by = done.then(|| "probe".into());
        self.tell(outcome)
    }
}

/// The outcome of an error before anything was sent.
pub(super) fn unsent(error: &ForgeError) -> Outcome {
    let status = if error.is_refusal() { Status::Refused } else { Status::Failed };
    marked(Outcome::noted(status, format!("nothing was sent: {}", error.say())), error)
}

/// The outcome of a write that GitHub certainly did not carry out.
pub(super) fn declined(error: &ForgeError) -> Outcome {
    let status = match error {
        ForgeError::Validation { trail, .. } if trail.http == Some(409) => Status::Conflict,
        ForgeError::Validation { .. } => Status::Refused,
        _ if error.is_refusal() => Status::Refused,
        _ => Status::Failed,
    };
    marked(Outcome::noted(status, error.say()), error)
}

/// Puts on an outcome what the reply said of itself.
pub(super) fn marked(mut outcome: Outcome, error: &ForgeError) -> Outcome {
    if let Some(trail) = error.trail() {
        outcome.http = outcome.http.or(trail.http);
        outcome.req = outcome.req.take().or_else(|| trail.request.clone());
    }
    let mut add = |name: &str, text: Untrusted| drop(outcome.after.insert(name.into(), text));
    match error {
        ForgeError::Forbidden { needs, message, .. } => {
            add("message", message.clone());
            if let Some(needs) = needs {
                add("needs", needs.clone());
            }
        }
        ForgeError::Validation { message, errors, .. } => {
            add("message", message.clone());
            if !errors.is_empty() {
                let errors: Vec<_> = errors.iter().map(Untrusted::raw).collect();
                add("errors", Untrusted::from(errors.join("; ")));
            }
        }
        ForgeError::NotFound { message, .. } => add("message", message.clone()),
        ForgeError::Sso { url: Some(url), .. } => add("sso", url.clone()),
        ForgeError::RateLimited { until, .. } => add("until", Untrusted::from(until.to_rfc3339())),
        _ => {}
    }
    outcome
}
