//! Milestones created and issues opened: found by their title or their mark, never made twice.

use super::comments::{mark, marked_body};
use super::settle::{Found, Stand};
use super::writes::Send;
use super::{Github, PER_PAGE, Pages};
use crate::forge::error::ForgeError;
use crate::forge::reading::Reply;
use crate::forge::wire::issue::Issue;
use crate::release::errand::{Outcome, Status};
use crate::release::ids::OpId;
use crate::release::planned::{CreateMilestone, OpenIssue};
use chrono::{DateTime, Utc};
use http::Method;
use serde_json::json;

/// Most characters of an issue's body.
const LONGEST: usize = 65_536;

impl Github {
    /// How a milestone stands, and the request that creates it.
    pub(super) async fn prepare_milestone(
        &self,
        it: &CreateMilestone,
    ) -> Result<(Found, Vec<Send>), ForgeError> {
        let found = self.milestone_stand(it).await?;
        let mut body = json!({ "title": it.title.raw() });
        if let Some(due) = it.due {
            // GitHub keeps the day alone, as it is on the west coast of America: at noon UTC it is the same day there.
            body["due_on"] = json!(format!("{due}T12:00:00Z"));
        }
        let url = self.url(&self.name_now(&it.target).await?, &["milestones"], &[])?;
        Ok((found, vec![Send { method: Method::POST, url, body, gone_is_done: false }]))
    }

    /// Whether the repository has a milestone of this title, open or closed.
    pub(super) async fn milestone_stand(&self, it: &CreateMilestone) -> Result<Found, ForgeError> {
        let rows = self.milestones(&self.name_now(&it.target).await?).await?.rows;
        let Some(row) = rows.iter().find(|row| row.title == it.title) else {
            return Ok(Found::new(Stand::Before));
        };
        let due = row.due.map_or("none".to_owned(), |due| due.format("%Y-%m-%d").to_string());
        Ok(Found::new(Stand::Done).with("milestone", row.number.to_string()).with("due", due))
    }

    /// How an issue that is to be opened stands, and the request that opens it.
    pub(super) async fn prepare_issue(
        &self,
        op: &OpId,
        it: &OpenIssue,
        since: Option<DateTime<Utc>>,
    ) -> Result<(Found, Vec<Send>), ForgeError> {
        let text = marked_body(op, &it.body);
        if text.chars().count() > LONGEST {
            let what = format!("it is longer than the {LONGEST} characters that GitHub takes");
            return Ok((Found::new(Stand::Other(what)), vec![]));
        }
        let found = self.opened_stand(op, it, since).await?;
        let mut body = json!({ "title": it.title.raw(), "body": text });
        if !it.labels.is_empty() {
            body["labels"] = it.labels.iter().map(|label| label.raw()).collect();
        }
        if let Some(milestone) = it.milestone {
            body["milestone"] = json!(milestone);
        }
        let url = self.url(&self.name_now(&it.target).await?, &["issues"], &[])?;
        Ok((found, vec![Send { method: Method::POST, url, body, gone_is_done: false }]))
    }

    /// Whether the issue of an operation is there; one of the same title that is open is somebody else's.
    pub(super) async fn opened_stand(
        &self,
        op: &OpId,
        it: &OpenIssue,
        since: Option<DateTime<Utc>>,
    ) -> Result<Found, ForgeError> {
        let repo = self.name_now(&it.target).await?;
        let since = since.map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        let mut query = vec![("state", "all"), PER_PAGE];
        query.extend(since.as_deref().map(|since| ("since", since)));
        let newest: Pages<Issue> = self.list(self.url(&repo, &["issues"], &query)?).await?;
        let mark = mark(op);
        let ours = |row: &&Issue| row.body.as_deref().is_some_and(|body| body.trim_end().ends_with(&mark));
        if let Some(row) = newest.rows.iter().find(ours) {
            return Ok(told(row, Stand::Done));
        }
        let number = it.milestone.map(|number| number.to_string());
        let same = |row: &&Issue| row.title.as_deref() == Some(it.title.raw()) && row.pull_request.is_none();
        let near: Pages<Issue> = match (&number, it.labels.first()) {
            (Some(number), _) => {
                let query = [("milestone", number.as_str()), PER_PAGE];
                self.list(self.url(&repo, &["issues"], &query)?).await?
            }
            (None, Some(label)) => {
                let query = [("labels", label.raw()), PER_PAGE];
                self.list(self.url(&repo, &["issues"], &query)?).await?
            }
            (None, None) => newest,
        };
        Ok(match near.rows.iter().filter(|row| row.state.as_deref() != Some("closed")).find(same) {
            Some(row) => {
                let number = row.number.unwrap_or_default();
                told(row, Stand::Other(format!("an open issue of that title is there: #{number}")))
            }
            None => Found::new(Stand::Before),
        })
    }

    /// What the reply to opening an issue says; none when it cannot be read.
    pub(super) fn issue_opened(reply: Option<&Reply>) -> Option<Outcome> {
        let row: Issue = reply?.json().ok()?;
        row.number?;
        Some(told(&row, Stand::Done).tell(Outcome::new(Status::Ok)))
    }
}

fn told(row: &Issue, stand: Stand) -> Found {
    Found::new(stand)
        .with("issue", row.number.unwrap_or_default().to_string())
        .with("url", row.html_url.clone().unwrap_or_default())
}
