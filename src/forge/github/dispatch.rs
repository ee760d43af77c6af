//! Workflows started, and their runs looked at. A run carries no mark of ours: one whose reply was lost is told by what
//! is new since, on the same ref, by the same account.

use super::checks::state;
use super::settle::{declined, marked, unsent};
use super::{Github, Read};
use crate::forge::error::ForgeError;
use crate::forge::rate::text;
use crate::forge::reading::Reply;
use crate::forge::wire::check::{Run, Started, Workflow};
use crate::forge::wire::{Listed, User};
use crate::release::cut::{DispatchWorkflow, RunSeen};
use crate::release::errand::{Outcome, Status};
use crate::release::ids::{Oid, Repo};
use crate::release::observe::Sighting;
use crate::release::text::Untrusted;
use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use serde_json::json;

/// How often a run is looked for after its reply was lost.
const LOOKS: u32 = 3;
/// After which time a run that does not show was not started. Source: the clocks of this machine and the forge may
/// differ, and ten minutes are allowed for it elsewhere too.
const WINDOW: TimeDelta = TimeDelta::minutes(10);

/// Which runs may be ours.
#[derive(Debug, Clone)]
struct Sought {
    repo: Repo,
    /// Who starts it; none for a token without an account.
    actor: Option<String>,
    /// They are newer than this run, or than this moment.
    after: u64,
    since: Option<DateTime<Utc>>,
}

/// What was found of a run.
enum Candidates {
    None,
    One(Box<Run>),
    Several(usize),
}

impl Github {
    /// Starts a workflow, once. What it came to when the reply was lost is told by the runs that are new since.
    pub(super) async fn start_workflow(&self, it: &DispatchWorkflow) -> Outcome {
        let sought = match self.before_start(it).await {
            Ok(Ok(sought)) => sought,
            Ok(Err(what)) => {
                return Outcome::noted(Status::Conflict, format!("nothing was sent: {what}"));
            }
            Err(error) => return unsent(&error),
        };
        let inputs: serde_json::Map<_, _> =
            it.inputs.iter().map(|(name, value)| (name.to_string(), json!(value.raw()))).collect();
        let body = json!({ "ref": it.on.raw(), "inputs": inputs, "return_run_details": true });
        let url = self.url(&sought.repo, &["actions", "workflows", file(it), "dispatches"], &[]);
        let sent = match url {
            Ok(url) => self.client.write(Method::POST, &url, &body).await,
            Err(error) => return unsent(&error),
        };
        match sent {
            Ok(reply) => {
                let mut outcome = self.started(it, &sought, &reply).await;
                outcome.http = Some(reply.status);
                outcome.req = reply.trail.request;
                outcome
            }
            Err(error @ ForgeError::Address { .. }) => {
                // Renamed since its name was asked: the next errand asks again.
                self.memory().names.clear();
                declined(&error)
            }
            Err(error) if error.is_unsent() => declined(&error),
            Err(error) => {
                let why = format!("no answer that could be read: {}; ", error.say());
                marked(self.found_started(it, &sought, &why).await, &error)
            }
        }
    }

    /// What must hold before a workflow is started; the inner error says what does not.
    async fn before_start(&self, it: &DispatchWorkflow) -> Result<Result<Sought, String>, ForgeError> {
        let repo = self.name_now(&it.repo).await?;
        let url = self.url(&repo, &["actions", "workflows", file(it)], &[])?;
        let workflow: Workflow = self.client.fresh(&url).await?.json()?;
        if let Some(state) = workflow.state.filter(|state| state != "active") {
            return Ok(Err(format!("the workflow is not active ({})", Untrusted::from(state).line())));
        }
        let mut sought = self.sought(repo, None).await?;
        let (runs, _) = self.started_runs(it, &sought).await?;
        sought.after = runs.iter().filter_map(|run| run.id).max().unwrap_or_default();
        Ok(Ok(sought))
    }

    async fn sought(&self, repo: Repo, since: Option<DateTime<Utc>>) -> Result<Sought, ForgeError> {
        let actor = match self.client.fresh(&self.client.api.url(&["user"], &[])?).await {
            Ok(reply) => reply.json::<User>()?.login,
            Err(ForgeError::Forbidden { .. }) => None,
            Err(error) => return Err(error),
        };
        Ok(Sought { repo, actor, after: 0, since })
    }

    /// The newest runs of a workflow that were started by hand on a ref, and by how much the forge's clock is ahead.
    async fn started_runs(
        &self,
        it: &DispatchWorkflow,
        sought: &Sought,
    ) -> Result<(Vec<Run>, TimeDelta), ForgeError> {
        let query = [("event", "workflow_dispatch"), ("branch", it.on.raw()), super::PER_PAGE];
        let url = self.url(&sought.repo, &["actions", "workflows", file(it), "runs"], &query)?;
        let reply = self.client.fresh(&url).await?;
        let date = text(&reply.headers, "date").and_then(|date| DateTime::parse_from_rfc2822(date).ok());
        let ahead = date.map_or(TimeDelta::zero(), |date| date.to_utc() - reply.at);
        Ok((reply.json::<Listed<Run>>()?.rows.unwrap_or_default(), ahead))
    }

    /// What a reply says of a run; where it says none, the run is looked for.
    async fn started(&self, it: &DispatchWorkflow, sought: &Sought, reply: &Reply) -> Outcome {
        let said: Started = reply.json().unwrap_or_default();
        match said.workflow_run_id {
            Some(run) => {
                let mut outcome = Outcome::new(Status::Ok);
                outcome.after.insert("run".into(), Untrusted::from(run.to_string()));
                outcome.after.insert("url".into(), Untrusted::from(said.html_url.unwrap_or_default()));
                outcome
            }
            None => self.found_started(it, sought, "accepted, and the reply does not name the run; ").await,
        }
    }

    /// Looks for the run of a start that was sent.
    async fn found_started(&self, it: &DispatchWorkflow, sought: &Sought, why: &str) -> Outcome {
        for tries in 1..=LOOKS {
            match self.candidates(it, sought).await {
                Ok(Candidates::None) if tries < LOOKS => self.client.breathe(tries).await,
                Ok(found) => return found.told(why),
                Err(error) => {
                    let note = format!("{why}and its run could not be looked for: {}", error.say());
                    return Outcome::noted(Status::Unknown, note);
                }
            }
        }
        Candidates::None.told(why)
    }

    /// Looks whether a start in doubt happened.
    pub(super) async fn look_for_start(&self, it: &DispatchWorkflow, since: DateTime<Utc>) -> Outcome {
        let look = async {
            let sought = self.sought(self.name_now(&it.repo).await?, Some(since)).await?;
            self.candidates(it, &sought).await
        };
        match look.await {
            Ok(Candidates::None) if Utc::now() - since > WINDOW => {
                Outcome::noted(Status::Failed, "no run of it shows: it did not happen").by_probe()
            }
            Ok(found) => found.told(""),
            Err(error) => {
                let note = format!("it could not be looked for: {}", error.say());
                marked(Outcome::noted(Status::Unknown, note), &error)
            }
        }
    }

    /// The runs that may be ours. Of several, the one that is called by all the inputs is.
    async fn candidates(&self, it: &DispatchWorkflow, sought: &Sought) -> Result<Candidates, ForgeError> {
        let (runs, ahead) = self.started_runs(it, sought).await?;
        // The list is to the second, and the intent was written down before anything was sent.
        let since = sought.since.map(|since| since + ahead - TimeDelta::seconds(30));
        let fits = |run: &Run| {
            let actor = run.actor.as_ref().and_then(|actor| actor.login.as_deref());
            let same = |wanted: &String| actor.is_none_or(|actor| actor.eq_ignore_ascii_case(wanted));
            run.id.is_some_and(|id| id > sought.after)
                && since.is_none_or(|since| run.created_at.is_some_and(|at| at >= since))
                && run.event.as_deref() == Some("workflow_dispatch")
                && run.head_branch.as_deref().is_none_or(|branch| branch == it.on.raw())
                && sought.actor.as_ref().is_none_or(same)
        };
        let mut found: Vec<Run> = runs.into_iter().filter(fits).collect();
        if found.len() > 1 && !it.inputs.is_empty() {
            let called = |run: &Run| {
                let title = run.display_title.as_deref().unwrap_or_default();
                it.inputs.values().all(|value| !value.is_empty() && title.contains(value.raw()))
            };
            if found.iter().filter(|run| called(run)).count() == 1 {
                found.retain(called);
            }
        }
        Ok(match (found.len(), found.pop()) {
            (1, Some(run)) => Candidates::One(Box::new(run)),
            (0, _) => Candidates::None,
            (many, _) => Candidates::Several(many),
        })
    }

    /// A run, as it is now.
    pub(super) async fn see_run(&self, repo: &Repo, run: u64) -> Result<Read, ForgeError> {
        let url = self.url(&self.name_now(repo).await?, &["actions", "runs", &run.to_string()], &[])?;
        let reply = self.client.get(&url).await?;
        let row: Run = reply.json()?;
        let seen = RunSeen {
            run,
            name: Untrusted::from(row.display_title.or(row.name).unwrap_or_default()),
            state: state(row.status.as_deref(), row.conclusion.as_deref()),
            attempt: row.run_attempt.unwrap_or(1),
            sha: row.head_sha.as_deref().and_then(|sha| Oid::parse(sha).ok()),
            started: row.run_started_at.or(row.created_at),
            updated: row.updated_at,
            url: row.html_url.map(Untrusted::from),
        };
        Ok(Read::new(Sighting::Run(seen), reply.unchanged))
    }
}

impl Candidates {
    fn told(self, why: &str) -> Outcome {
        match self {
            Self::One(run) => {
                let note = format!("{why}its run was found by looking");
                let mut outcome = Outcome::noted(Status::Ok, note).by_probe();
                outcome.after.insert("run".into(), Untrusted::from(run.id.unwrap_or_default().to_string()));
                outcome.after.insert("url".into(), Untrusted::from(run.html_url.unwrap_or_default()));
                outcome
            }
            Self::None => {
                let note = format!("{why}no run of it shows yet; it was not started again");
                Outcome::noted(Status::Unknown, note)
            }
            Self::Several(many) => {
                let note = format!("{why}{many} runs may be it: look which one is; it was not started again");
                Outcome::noted(Status::Unknown, note)
            }
        }
    }
}

/// The file of a workflow, which names it in the API.
fn file(it: &DispatchWorkflow) -> &str {
    it.workflow.rsplit('/').next().unwrap_or_default()
}
