//! Errands: look first, send once, read back; what is in doubt is settled by looking.

use super::Github;
use super::settle::{Found, Stand, declined, issue_stand, marked, same_label, unsent};
use crate::forge::error::ForgeError;
use crate::forge::graphql;
use crate::forge::reading::Reply;
use crate::forge::wire::issue::Issue;
use crate::release::announce::Via;
use crate::release::errand::{Errand, MoveIssue, Outcome, RerunFailed, Status};
use crate::release::ids::{IssueKey, OpId, Repo};
use crate::release::text::Untrusted;
use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use serde_json::{Value, json};

/// A request that an errand comes to.
pub(super) struct Send {
    pub method: Method,
    pub url: String,
    pub body: Value,
    /// Whether 404 says that it is already so.
    pub gone_is_done: bool,
}

impl Github {
    /// Runs an errand. Nothing is sent when the thing is already as it should be, or is not as the plan expected.
    pub(super) async fn carry_out(&self, op: &OpId, errand: &Errand) -> Outcome {
        if errand.is_of_git() {
            return Outcome::noted(Status::Refused, "nothing was sent: branches are pushed by git");
        }
        if let Errand::DispatchWorkflow(it) = errand {
            return self.start_workflow(it).await;
        }
        // The time of an operation is in its id; ten minutes are allowed for clocks that differ.
        let since = super::comments::made_at(op);
        let (found, sends) = match self.prepare(op, errand, since).await {
            Ok(prepared) => prepared,
            Err(error) => return unsent(&error),
        };
        match found.stand {
            Stand::Done => {
                let mut outcome = Outcome::noted(Status::Ok, "it was already so; nothing was sent");
                outcome.by = Some("probe".into());
                return found.tell(outcome);
            }
            Stand::Other(ref what) => {
                let note = format!("nothing was sent: {what}");
                return found.tell(Outcome::noted(Status::Conflict, note));
            }
            Stand::Before => {}
        }
        let mut last = None;
        for send in sends {
            match self.client.write(send.method, &send.url, &send.body).await {
                Ok(reply) => last = Some(reply),
                Err(ForgeError::NotFound { .. }) if send.gone_is_done => {}
                Err(error @ ForgeError::Address { .. }) => {
                    // Renamed since its name was asked: the next errand asks again.
                    self.memory().names.clear();
                    return declined(&error);
                }
                Err(error) => return self.undelivered(op, errand, since, &error).await,
            }
        }
        self.read_back(op, errand, since, last.as_ref()).await
    }

    /// Looks whether an errand in doubt was carried out.
    pub(super) async fn look_for(&self, op: &OpId, errand: &Errand, since: DateTime<Utc>) -> Outcome {
        if errand.is_of_git() {
            return Outcome::noted(Status::Unknown, "branches are looked for by git");
        }
        if let Errand::DispatchWorkflow(it) = errand {
            return self.look_for_start(it, since).await;
        }
        let old = Utc::now() - since > TimeDelta::minutes(2);
        let since = Some(since - TimeDelta::minutes(10));
        match self.stand(op, errand, since).await {
            // GitHub opens no second pull request of a branch, so one that is not there may be opened.
            Ok(Found { stand: Stand::Before, .. }) if matches!(errand, Errand::OpenPull(_)) => {
                let note = "no pull request of that branch is there: it did not happen";
                Outcome::noted(Status::Failed, note).by_probe()
            }
            // A draft shows at once where it is listed, and publishing anew would change nothing more.
            Ok(Found { stand: Stand::Before, .. })
                if old && matches!(errand, Errand::DraftRelease(_) | Errand::PublishRelease(_)) =>
            {
                Outcome::noted(Status::Failed, "it does not show: it did not happen").by_probe()
            }
            Ok(found) => found.settled(""),
            Err(error) => {
                let note = format!("it could not be looked for: {}", error.say());
                marked(Outcome::noted(Status::Unknown, note), &error)
            }
        }
    }

    /// A write that ended in an error: declined for certain, or in doubt and then looked for.
    async fn undelivered(
        &self,
        op: &OpId,
        errand: &Errand,
        since: Option<DateTime<Utc>>,
        error: &ForgeError,
    ) -> Outcome {
        if error.is_unsent() {
            return declined(error);
        }
        self.doubted(op, errand, since, error).await
    }

    /// A write that may have been carried out: it is looked for.
    async fn doubted(
        &self,
        op: &OpId,
        errand: &Errand,
        since: Option<DateTime<Utc>>,
        error: &ForgeError,
    ) -> Outcome {
        let why = format!("no answer that could be read: {}; ", error.say());
        match self.stand(op, errand, since).await {
            Ok(found) => marked(found.settled(&why), error),
            Err(second) => {
                let note = format!("{why}and it could not be looked for: {}", second.say());
                marked(Outcome::noted(Status::Unknown, note), error)
            }
        }
    }

    /// Reads back what a write did. GitHub drops what the token may not set without a word, so a 2xx is not enough.
    async fn read_back(
        &self,
        op: &OpId,
        errand: &Errand,
        since: Option<DateTime<Utc>>,
        reply: Option<&Reply>,
    ) -> Outcome {
        let with = |mut outcome: Outcome| {
            outcome.http = reply.map(|reply| reply.status);
            outcome.req = reply.and_then(|reply| reply.trail.request.clone());
            outcome
        };
        if let Some(outcome) = Self::said_by(errand, reply) {
            return with(outcome);
        }
        if matches!(errand, Errand::Announce(it) if it.via == Via::Discussion) {
            let unread = || super::incomplete("the reply tells of no discussion", Default::default());
            let error = reply.and_then(|reply| graphql::data(reply).err()).unwrap_or_else(unread);
            return self.doubted(op, errand, since, &error).await;
        }
        let told = matches!(errand, Errand::DraftRelease(_) | Errand::PublishRelease(_));
        let slow = shows_late(errand);
        if let (true, Some(Err(error))) = (slow || told, reply.map(Reply::json::<Value>)) {
            return self.undelivered(op, errand, since, &error).await;
        }
        match self.stand(op, errand, since).await {
            Ok(found) => with(match found.stand.clone() {
                Stand::Done => found.tell(Outcome::new(Status::Ok)),
                // A run takes a moment to show its new attempt, a list its new comment; the reply said accepted.
                Stand::Before | Stand::Other(_) if slow => {
                    found.tell(Outcome::noted(Status::Ok, "accepted; it does not show yet"))
                }
                Stand::Before => {
                    let needs = reply.and_then(Reply::needs).map(|it| format!("; it needs {}", it.line()));
                    let note =
                        "GitHub answered yes and changed nothing: the token or its owner may not do this";
                    found
                        .tell(Outcome::noted(Status::Refused, format!("{note}{}", needs.unwrap_or_default())))
                }
                Stand::Other(what) => {
                    let note = format!("sent, but somebody changed it meanwhile: {what}");
                    found.tell(Outcome::noted(Status::Conflict, note))
                }
            }),
            Err(error) => {
                let note = format!("sent and accepted, but it could not be read back: {}", error.say());
                with(marked(Outcome::noted(Status::Unknown, note), &error))
            }
        }
    }

    /// What the reply itself says of what was made; none where only looking tells.
    fn said_by(errand: &Errand, reply: Option<&Reply>) -> Option<Outcome> {
        match errand {
            Errand::OpenPull(_) => Self::opened(reply),
            Errand::OpenIssue(_) => Self::issue_opened(reply),
            Errand::DraftRelease(_) => Self::drafted(reply),
            Errand::Announce(it) if it.via == Via::Discussion => Self::discussed_by(reply),
            _ => None,
        }
    }

    /// How the thing stands, and the requests that the errand comes to.
    async fn prepare(
        &self,
        op: &OpId,
        errand: &Errand,
        since: Option<DateTime<Utc>>,
    ) -> Result<(Found, Vec<Send>), ForgeError> {
        match errand {
            Errand::OpenPull(it) => return self.prepare_pull(op, it).await,
            Errand::DressPull(it) => return self.prepare_dress(it).await,
            Errand::DraftRelease(it) => return self.prepare_draft(op, it).await,
            Errand::PublishRelease(it) => return self.prepare_publish(it).await,
            Errand::Announce(it) => return self.prepare_told(op, it, since).await,
            Errand::CreateMilestone(it) => return self.prepare_milestone(it).await,
            Errand::OpenIssue(it) => return self.prepare_issue(op, it, since).await,
            _ => {}
        }
        if let Errand::RerunFailed(it) = errand {
            let found = self.rerun_stand(it).await?;
            let path = ["actions", "runs", &it.run.to_string(), "rerun-failed-jobs"];
            let url = self.url(&self.name_now(&it.target).await?, &path, &[])?;
            return Ok((
                found,
                vec![Send { method: Method::POST, url, body: json!({}), gone_is_done: false }],
            ));
        }
        let Some(key) = errand.issue() else { return Ok((Found::new(Stand::Before), Vec::new())) };
        if let Errand::CommentIssue(it) = errand {
            let found = self.comment_stand(op, key, since).await?;
            let body = json!({ "body": super::comments::marked_body(op, &it.text) });
            let send = self.issue_send(key, Method::POST, &["comments"], body).await?;
            return Ok((found, vec![send]));
        }
        let issue = self.issue_now(key).await?;
        let (number, missing) = match self.wanted_milestone(errand).await? {
            Ok(number) => (number, None),
            Err(missing) => (None, Some(missing)),
        };
        let found = issue_stand(errand, &issue, number);
        if let (Some(missing), Stand::Before) = (missing, &found.stand) {
            return Ok((Found::new(Stand::Other(missing)), Vec::new()));
        }
        let sends = self.issue_sends(errand, key, &issue, number).await?;
        Ok((found, sends))
    }

    /// How the thing that an errand is about stands now.
    async fn stand(
        &self,
        op: &OpId,
        errand: &Errand,
        since: Option<DateTime<Utc>>,
    ) -> Result<Found, ForgeError> {
        match errand {
            Errand::RerunFailed(it) => self.rerun_stand(it).await,
            Errand::OpenPull(it) => self.pull_stand(op, it).await,
            Errand::DressPull(it) => self.prepare_dress(it).await.map(|(found, _)| found),
            Errand::DraftRelease(it) => self.draft_stand(op, it).await,
            Errand::PublishRelease(it) => self.publish_stand(it).await,
            Errand::Announce(it) => self.told_stand(op, it, since).await,
            Errand::CreateMilestone(it) => self.milestone_stand(it).await,
            Errand::OpenIssue(it) => self.opened_stand(op, it, since).await,
            Errand::CommentIssue(it) => self.comment_stand(op, &it.target, since).await,
            _ => match errand.issue() {
                Some(key) => {
                    let issue = self.issue_now(key).await?;
                    let number = self.wanted_milestone(errand).await?;
                    Ok(issue_stand(errand, &issue, number.ok().flatten()))
                }
                None => Ok(Found::new(Stand::Before)),
            },
        }
    }

    pub(super) async fn issue_now(&self, key: &IssueKey) -> Result<Issue, ForgeError> {
        let repo = self.name_now(&key.repo).await?;
        self.client.fresh(&self.url(&repo, &["issues", &key.number.to_string()], &[])?).await?.json()
    }

    /// The number of the milestone that a move goes to; the inner error says that there is no such one.
    async fn wanted_milestone(&self, errand: &Errand) -> Result<Result<Option<u64>, String>, ForgeError> {
        let Errand::MoveIssue(MoveIssue { target, to: Some(to), to_number, .. }) = errand else {
            return Ok(Ok(None));
        };
        if to_number.is_some() {
            return Ok(Ok(*to_number));
        }
        let number = self.milestone_number(&target.repo, to).await?;
        let missing = || format!("{} has no milestone {}", target.repo.as_str(), to.line());
        Ok(number.map(Some).ok_or_else(missing))
    }

    async fn rerun_stand(&self, it: &RerunFailed) -> Result<Found, ForgeError> {
        let run = self.run_now(&self.name_now(&it.target).await?, it.run, true).await?;
        let attempt = run.run_attempt.unwrap_or(1);
        let stand = match (run.status.as_deref(), run.conclusion.as_deref()) {
            _ if attempt > it.attempt => Stand::Done,
            (Some("completed"), Some("success")) => {
                Stand::Other("the run has succeeded; nothing failed in it".to_owned())
            }
            (Some("completed"), _) => Stand::Before,
            (status, _) => Stand::Other(format!(
                "the run is not over ({}); GitHub re-runs failed jobs only then",
                Untrusted::from(status.unwrap_or("unknown")).line()
            )),
        };
        Ok(Found::new(stand).with("attempt", attempt.to_string()))
    }

    async fn issue_send(
        &self,
        key: &IssueKey,
        method: Method,
        path: &[&str],
        body: Value,
    ) -> Result<Send, ForgeError> {
        let repo: Repo = self.name_now(&key.repo).await?;
        let number = key.number.to_string();
        let mut segments = vec!["issues", &*number];
        segments.extend(path);
        Ok(Send { method, url: self.url(&repo, &segments, &[])?, body, gone_is_done: false })
    }

    async fn issue_sends(
        &self,
        errand: &Errand,
        key: &IssueKey,
        issue: &Issue,
        number: Option<u64>,
    ) -> Result<Vec<Send>, ForgeError> {
        let patch = |body| self.issue_send(key, Method::PATCH, &[], body);
        let raws = |texts: &[Untrusted]| texts.iter().map(|it| it.raw().to_owned()).collect::<Vec<_>>();
        Ok(vec![match errand {
            Errand::MoveIssue(_) => patch(json!({ "milestone": number })).await?,
            Errand::CloseIssue(it) => {
                let reason = if it.not_planned { "not_planned" } else { "completed" };
                patch(json!({ "state": "closed", "state_reason": reason })).await?
            }
            Errand::ReopenIssue(_) => patch(json!({ "state": "open" })).await?,
            Errand::LabelIssue(it) => {
                let body = json!({ "labels": raws(&it.labels) });
                self.issue_send(key, Method::POST, &["labels"], body).await?
            }
            Errand::UnlabelIssue(it) => {
                let held =
                    |label: &&Untrusted| issue.label_names().iter().any(|it| same_label(it, label.raw()));
                let mut sends = Vec::new();
                for label in it.labels.iter().filter(held) {
                    let send =
                        self.issue_send(key, Method::DELETE, &["labels", label.raw()], json!({})).await?;
                    sends.push(Send { gone_is_done: true, ..send });
                }
                return Ok(sends);
            }
            Errand::AssignIssue(it) => {
                let body = json!({ "assignees": raws(&it.logins) });
                self.issue_send(key, Method::POST, &["assignees"], body).await?
            }
            Errand::UnassignIssue(it) => {
                let body = json!({ "assignees": raws(&it.logins) });
                self.issue_send(key, Method::DELETE, &["assignees"], body).await?
            }
            _ => {
                return Ok(Vec::new());
            }
        }])
    }
}

/// Whether what was made takes a moment to show where it is looked for.
fn shows_late(errand: &Errand) -> bool {
    matches!(
        errand,
        Errand::RerunFailed(_) | Errand::CommentIssue(_) | Errand::OpenPull(_) | Errand::OpenIssue(_)
    )
}
