//! What became of a write, from replies and from looking.

use crate::forge::error::ForgeError;
use crate::forge::wire::issue::Issue;
use crate::release::errand::{Errand, Outcome, Status};
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

/// Labels and logins are the same whatever their case, as GitHub compares them.
pub(super) fn same_label(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// How an issue stands against what an errand wants of it.
pub(super) fn issue_stand(errand: &Errand, issue: &Issue, number: Option<u64>) -> Found {
    let state = || issue.state.clone().unwrap_or_default();
    let all = |wanted: &[Untrusted], held: Vec<&str>, there: bool| {
        let is_held = |it: &Untrusted| held.iter().any(|held| same_label(held, it.raw()));
        if wanted.iter().all(|it| is_held(it) == there) { Stand::Done } else { Stand::Before }
    };
    let is = |fine: bool| if fine { Stand::Done } else { Stand::Before };
    match errand {
        Errand::MoveIssue(it) => {
            let title = issue.milestone.as_ref().and_then(|milestone| milestone.title.clone());
            let held = issue.milestone.as_ref().and_then(|milestone| milestone.number);
            let stand = if (it.to.is_none() || number.is_some()) && held == number {
                Stand::Done
            } else if title.as_deref() == it.from.as_ref().map(Untrusted::raw) {
                Stand::Before
            } else {
                let there =
                    title.as_deref().map_or("no milestone".to_owned(), |it| Untrusted::from(it).line());
                Stand::Other(format!("the issue is in {there} by now"))
            };
            Found::new(stand).with("milestone", title.unwrap_or_default())
        }
        Errand::CloseIssue(_) => Found::new(is(state() == "closed")).with("state", state()),
        Errand::ReopenIssue(_) => Found::new(is(state() == "open")).with("state", state()),
        Errand::LabelIssue(it) => labels(all(&it.labels, issue.label_names(), true), issue),
        Errand::UnlabelIssue(it) => labels(all(&it.labels, issue.label_names(), false), issue),
        Errand::AssignIssue(it) => assignees(all(&it.logins, issue.assigned(), true), issue),
        Errand::UnassignIssue(it) => assignees(all(&it.logins, issue.assigned(), false), issue),
        _ => Found::new(Stand::Before),
    }
}

fn labels(stand: Stand, issue: &Issue) -> Found {
    Found::new(stand).with("labels", issue.label_names().join(", "))
}

fn assignees(stand: Stand, issue: &Issue) -> Found {
    Found::new(stand).with("assignees", issue.assigned().join(", "))
}
