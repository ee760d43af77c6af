//! The task list of an issue: read with who edited it, and ticks set in it so that nobody's edit is lost.

use super::settle::{declined, marked, unsent};
use super::{Github, Read, incomplete};
use crate::forge::error::{ForgeError, Trail};
use crate::forge::graphql;
use crate::forge::wire::issue::Issue;
use crate::release::errand::{Outcome, Status};
use crate::release::ids::IssueKey;
use crate::release::observe::Sighting;
use crate::release::tasks::history::{Between, between, same};
use crate::release::tasks::lines::{Edited, set};
use crate::release::tasks::{TaskEdit, TasksRead, TickTasks};
use crate::release::text::Untrusted;
use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use serde_json::json;

/// How often ticks are put into a text that somebody else wrote at the same moment.
const MERGES: usize = 3;

/// What is said where the history of edits is not to be read, or holds other than whole texts.
const UNTOLD: &str =
    "done; its history of edits does not tell whether somebody wrote at the same moment: look at it once";

/// What is remembered of an issue's text: the text, and its edits with whether those are all.
pub(super) type Known = (Option<String>, Vec<TaskEdit>, bool);

impl Github {
    /// The text of an issue, and who edited it. The edits are asked for when the text changed.
    pub(super) async fn see_tasks(&self, key: &IssueKey) -> Result<Read, ForgeError> {
        let repo = self.name_now(&key.repo).await?;
        let url = self.url(&repo, &["issues", &key.number.to_string()], &[])?;
        let (body, unchanged) = match self.client.get(&url).await {
            Ok(reply) => (Some(reply.json::<Issue>()?.body.unwrap_or_default()), reply.unchanged),
            Err(ForgeError::NotFound { .. }) => (None, false),
            Err(error) => return Err(error),
        };
        let known = self.memory().tasks.get(key).filter(|known| known.0 == body).cloned();
        let (edits, whole) = match (known, &body) {
            (Some((_, edits, whole)), _) => (edits, whole),
            (None, None) => (vec![], false),
            // Where the forge does not tell who it was, the tick is there all the same.
            (None, Some(_)) => self.edits(key).await.unwrap_or_default(),
        };
        self.memory().tasks.insert(key.clone(), (body.clone(), edits.clone(), whole));
        let body = body.map(Untrusted::from);
        let read = TasksRead { issue: key.clone(), body, edits, whole };
        Ok(Read::new(Sighting::Tasks(Box::new(read)), unchanged))
    }

    /// The last edits of an issue's text, oldest first, and whether those are all.
    async fn edits(&self, key: &IssueKey) -> Result<(Vec<TaskEdit>, bool), ForgeError> {
        if !self.client.has_token() {
            return Err(ForgeError::Closed { why: Untrusted::from("GraphQL needs a token") });
        }
        let repo = self.name_now(&key.repo).await?;
        let variables = json!({ "owner": repo.owner(), "name": repo.name(), "number": key.number });
        let data = self.client.query(graphql::EDITS, variables).await?;
        let found = &data["repository"]["issue"]["userContentEdits"];
        let nodes = found["nodes"].as_array().ok_or_else(|| incomplete("no edits", Trail::default()))?;
        let text = |text: &serde_json::Value| text.as_str().map(Untrusted::from);
        let edit = |node: &serde_json::Value| {
            let at = node["editedAt"].as_str()?.parse::<DateTime<Utc>>().ok()?;
            Some(TaskEdit { by: text(&node["editor"]["login"]), at, body: text(&node["diff"]) })
        };
        let mut edits: Vec<TaskEdit> = nodes.iter().filter_map(edit).collect();
        let whole = found["totalCount"].as_u64() == Some(edits.len() as u64);
        // The newest come first.
        edits.reverse();
        Ok((edits, whole))
    }

    /// Sets ticks: the text is read, nothing else of it changes, and what somebody wrote between the two is put back.
    pub(super) async fn tick_tasks(&self, it: &TickTasks) -> Outcome {
        let issue = match self.issue_now(&it.target).await {
            Ok(issue) => issue,
            Err(error) => return unsent(&error),
        };
        let base = issue.body.unwrap_or_default();
        let edited = set(&base, &it.ticks);
        let said = |outcome: Outcome| told(outcome, it, &base, &edited);
        if edited.left.len() == it.ticks.len() {
            let note = "nothing was sent: these items have no line of their own in the task list";
            return said(Outcome::noted(Status::Conflict, note));
        }
        if edited.changed == 0 {
            return said(Outcome::noted(Status::Ok, "it was already so; nothing was sent").by_probe());
        }
        match self.put_body(&it.target, &edited.body).await {
            Ok(written) if whole(&written, it, &edited) => {
                let merged = self.keep_theirs(it, &base, &edited.body).await;
                said(merged.unwrap_or_else(|| Outcome::new(Status::Ok)))
            }
            Ok(_) => {
                let note = "GitHub answered yes and changed nothing: the token or its owner may not do this";
                said(Outcome::noted(Status::Refused, note))
            }
            Err(error) if error.is_unsent() => said(declined(&error)),
            Err(error) => {
                let looked = self.look_for_ticks(it, Utc::now()).await;
                let outcome = match looked.status {
                    Status::Failed => Outcome { status: Status::Unknown, ..looked },
                    _ => looked,
                };
                said(marked(outcome, &error))
            }
        }
    }

    /// Writes the text of an issue, and gives the text that the reply tells.
    async fn put_body(&self, key: &IssueKey, body: &str) -> Result<String, ForgeError> {
        let repo = self.name_now(&key.repo).await?;
        let url = self.url(&repo, &["issues", &key.number.to_string()], &[])?;
        let reply = self.client.write(Method::PATCH, &url, &json!({ "body": body })).await?;
        Ok(reply.json::<Issue>()?.body.unwrap_or_default())
    }

    /// GitHub takes a whole text and does not ask what it was: what somebody wrote between reading and writing is found
    /// among the edits, and written again with the ticks in it. None when nobody did; where the edits do not tell, that
    /// is said.
    async fn keep_theirs(&self, it: &TickTasks, base: &str, sent: &str) -> Option<Outcome> {
        let (mut base, mut sent, mut merged) = (base.to_owned(), sent.to_owned(), None);
        for _ in 0..MERGES {
            let edits = self.edits(&it.target).await.map(|(edits, _)| edits).unwrap_or_default();
            let theirs = match between(&edits, &base, &sent) {
                Between::Nobody => return merged,
                Between::Untold => return merged.or_else(|| Some(Outcome::noted(Status::Ok, UNTOLD))),
                Between::Somebody(theirs) => theirs,
            };
            let text = theirs.body.as_ref().map(Untrusted::raw).unwrap_or_default();
            // What was written after ours is somebody's who saw ours.
            let now = self.issue_now(&it.target).await.ok()?.body.unwrap_or_default();
            if !same(&now, &sent) {
                break;
            }
            let next = set(text, &it.ticks);
            let by = theirs.by.as_ref().map_or("somebody".to_owned(), Untrusted::line);
            if let Err(error) = self.put_body(&it.target, &next.body).await {
                let note = format!("{by} edited it at the same moment, and that edit could not be put back");
                return Some(marked(Outcome::noted(Status::Unknown, note), &error));
            }
            let note = format!("{by} edited it at the same moment: that edit was kept, with the ticks in it");
            merged = Some(Outcome::noted(Status::Ok, note));
            (base, sent) = (sent, next.body);
        }
        merged
    }

    /// Looks whether ticks were set: they are there, or an edit since then set them and somebody changed them after.
    pub(super) async fn look_for_ticks(&self, it: &TickTasks, since: DateTime<Utc>) -> Outcome {
        let issue = match self.issue_now(&it.target).await {
            Ok(issue) => issue,
            Err(error) => {
                let note = format!("it could not be looked for: {}", error.say());
                return marked(Outcome::noted(Status::Unknown, note), &error);
            }
        };
        let body = issue.body.unwrap_or_default();
        let now = set(&body, &it.ticks);
        let there = now.changed == 0 && now.left.len() < it.ticks.len();
        let mut edits = self.edits(&it.target).await.map(|(edits, _)| edits).unwrap_or_default();
        // Where no edit left the text as it is, they are not told as texts.
        if !edits.iter().any(|edit| edit.body.as_ref().is_some_and(|it| same(it.raw(), &body))) {
            edits.clear();
        }
        // All ticks are written at once: an edit that has them all, where the one before it has not, is that write.
        let text = |at: usize| edits[at].body.as_ref().map(|body| (body.raw(), set(body.raw(), &it.ticks)));
        let new = |at: &usize| edits[*at].at >= since - TimeDelta::minutes(10);
        let has = |at: usize| text(at).is_some_and(|(_, set)| set.changed == 0);
        let ours = (1..edits.len()).filter(new).rfind(|at| has(*at) && !has(*at - 1));
        if there || ours.is_some() {
            let changed = if there { "" } else { ", and somebody has changed the task list since" };
            // Ours is the text before it with the ticks in it, unless that was written after ours was read.
            let over = ours.filter(|at| match (text(*at - 1), text(*at)) {
                (Some((_, before)), Some((body, _))) => !same(&before.body, body),
                _ => false,
            });
            let lost = over.and_then(|at| edits[at - 1].by.as_ref()).map(|by| {
                format!(
                    "; it was written over what {} wrote right before: the issue's history has it",
                    by.line()
                )
            });
            let note = format!("it was found done by looking{changed}{}", lost.unwrap_or_default());
            return told(Outcome::noted(Status::Ok, note).by_probe(), it, "", &now);
        }
        if Utc::now() - since > TimeDelta::minutes(2) {
            return Outcome::noted(Status::Failed, "it does not show: it did not happen").by_probe();
        }
        Outcome::noted(Status::Unknown, "looking shows it as before; it was not sent again")
    }
}

/// Whether a text has every tick that was set in another.
fn whole(written: &str, it: &TickTasks, edited: &Edited) -> bool {
    let now = set(written, &it.ticks);
    now.changed == 0 && now.left == edited.left
}

/// An outcome that tells which items had no line, and which were so already.
fn told(mut outcome: Outcome, it: &TickTasks, base: &str, edited: &Edited) -> Outcome {
    let mut add = |name: &str, items: Vec<&str>| {
        if !items.is_empty() {
            outcome.after.insert(name.into(), Untrusted::from(items.join(" ")));
        }
    };
    add("left", edited.left.iter().map(|item| &**item).collect());
    let was = |tick: &&crate::release::tasks::TaskTick| {
        let alone = set(base, std::slice::from_ref(*tick));
        alone.changed == 0 && alone.left.is_empty()
    };
    if !base.is_empty() {
        add("already", it.ticks.iter().filter(was).map(|tick| &*tick.item).collect());
    }
    let count = edited.left.len();
    if outcome.status == Status::Ok && count > 0 && outcome.note.is_none() {
        outcome.note = Some(Untrusted::from(format!("{count} without a line of its own, left alone")));
    }
    outcome
}
