//! Pull requests that bring picks to a line: opened once, found by their branch and their mark.

use super::comments::mark;
use super::settle::{Found, Stand, same_label};
use super::writes::Send;
use super::{Github, PER_PAGE, Pages};
use crate::forge::error::ForgeError;
use crate::forge::reading::Reply;
use crate::forge::wire::asked::{Dress, Requested};
use crate::forge::wire::pull::{End, Pull, Review};
use crate::release::errand::{Outcome, Status};
use crate::release::ids::{IssueKey, OpId};
use crate::release::picks::{DressPull, OpenPull};
use crate::release::text::Untrusted;
use http::Method;
use serde_json::json;

impl Github {
    /// How the pull request of a branch stands, and the request that opens it.
    pub(super) async fn prepare_pull(
        &self,
        op: &OpId,
        it: &OpenPull,
    ) -> Result<(Found, Vec<Send>), ForgeError> {
        let found = self.pull_stand(op, it).await?;
        let repo = self.name_now(&it.target).await?;
        let owner = it.owner.as_ref().map(|owner| format!("{}:", owner.raw())).unwrap_or_default();
        let body = json!({
            "title": it.title.raw(), "head": format!("{owner}{}", it.head.as_str()), "base": it.base.as_str(),
            "body": super::comments::marked_body(op, &it.body), "draft": it.draft,
            "maintainer_can_modify": true,
        });
        let url = self.url(&repo, &["pulls"], &[])?;
        Ok((found, vec![Send { method: Method::POST, url, body, gone_is_done: false }]))
    }

    /// Whether the pull request is there: the one with our mark, else one that is open or merged from this very
    /// branch, which was new when it was pushed.
    pub(super) async fn pull_stand(&self, op: &OpId, it: &OpenPull) -> Result<Found, ForgeError> {
        let repo = self.name_now(&it.target).await?;
        let owner = it.owner.as_ref().map_or(repo.owner(), Untrusted::raw);
        let head = format!("{owner}:{}", it.head.as_str());
        let query = [("head", &*head), ("base", it.base.as_str()), ("state", "all"), PER_PAGE];
        let url = self.url(&repo, &["pulls"], &query)?;
        let pulls: Pages<Pull> = self.list(url).await?;
        let mark = mark(op);
        let ours = |row: &&Pull| row.body.as_deref().is_some_and(|body| body.trim_end().ends_with(&mark));
        // GitHub answers a head that it does not understand with every pull request.
        let rows = || pulls.rows.iter().filter(|row| is_between(row, it.head.as_str(), it.base.as_str()));
        let alive = |row: &&Pull| row.state.as_deref() == Some("open") || row.merged_at.is_some();
        Ok(match rows().find(ours).or_else(|| rows().find(alive)) {
            Some(row) if row.number.is_some() => told(row),
            _ => Found::new(Stand::Before),
        })
    }

    /// What the reply to opening it says; none when it cannot be read.
    pub(super) fn opened(reply: Option<&Reply>) -> Option<Outcome> {
        let row: Pull = reply?.json().ok()?;
        row.number?;
        Some(told(&row).tell(Outcome::new(Status::Ok)))
    }

    /// How the labels and people of a pull request stand, and the requests for what is missing.
    pub(super) async fn prepare_dress(&self, it: &DressPull) -> Result<(Found, Vec<Send>), ForgeError> {
        let Some(key) = it.key() else { return Ok((Found::new(Stand::Before), Vec::new())) };
        let dress = self.dress_now(&key).await?;
        let missing = |wanted: &[Untrusted], held: &[&str]| -> Vec<String> {
            let lacks = |name: &&Untrusted| !held.iter().any(|held| same_label(held, bare(name)));
            wanted.iter().filter(lacks).map(|name| name.raw().to_owned()).collect()
        };
        let asked: Vec<_> = dress.asked.iter().map(String::as_str).collect();
        let labels = missing(&it.labels, &dress.issue.label_names());
        let assignees = missing(&it.assignees, &dress.issue.assigned());
        let reviewers = missing(&it.reviewers, &asked);
        let (teams, people): (Vec<_>, Vec<_>) = reviewers.into_iter().partition(|name| name.contains('/'));
        let teams: Vec<_> = teams.iter().map(|team| team.rsplit('/').next().unwrap_or(team)).collect();
        let repo = self.name_now(&key.repo).await?;
        let number = key.number.to_string();
        let mut sends = vec![];
        let mut send = |path: &[&str], body| -> Result<(), ForgeError> {
            let url = self.url(&repo, path, &[])?;
            sends.push(Send { method: Method::POST, url, body, gone_is_done: false });
            Ok(())
        };
        if !labels.is_empty() {
            send(&["issues", &number, "labels"], json!({ "labels": labels }))?;
        }
        if !assignees.is_empty() {
            send(&["issues", &number, "assignees"], json!({ "assignees": assignees }))?;
        }
        if !(people.is_empty() && teams.is_empty()) {
            let mut body = json!({ "reviewers": people });
            if !teams.is_empty() {
                body["team_reviewers"] = json!(teams);
            }
            send(&["pulls", &number, "requested_reviewers"], body)?;
        }
        let stand = if sends.is_empty() { Stand::Done } else { Stand::Before };
        Ok((Found::new(stand).with("labels", dress.issue.label_names().join(", ")), sends))
    }

    async fn dress_now(&self, key: &IssueKey) -> Result<Dress, ForgeError> {
        let repo = self.name_now(&key.repo).await?;
        let number = key.number.to_string();
        let issue = self.issue_now(key).await?;
        let url = self.url(&repo, &["pulls", &number, "requested_reviewers"], &[])?;
        let requested: Requested = self.client.fresh(&url).await?.json()?;
        let reviews: Pages<Review> =
            self.list(self.url(&repo, &["pulls", &number, "reviews"], &[PER_PAGE])?).await?;
        let people = requested.users.into_iter().flatten();
        let reviewed = reviews.rows.into_iter().filter_map(|review| review.user);
        let mut asked: Vec<String> = people.chain(reviewed).filter_map(|user| user.login).collect();
        asked.extend(requested.teams.into_iter().flatten().filter_map(|team| team.slug));
        Ok(Dress { issue, asked })
    }
}

/// A team without its organisation.
fn bare(name: &Untrusted) -> &str {
    name.raw().rsplit('/').next().unwrap_or_default()
}

fn told(row: &Pull) -> Found {
    Found::new(Stand::Done)
        .with("number", row.number.unwrap_or_default().to_string())
        .with("url", row.html_url.clone().unwrap_or_default())
        .with("state", row.state.clone().unwrap_or_default())
        .with("draft", row.draft.unwrap_or_default().to_string())
}

/// Whether a pull request goes from one branch to another.
fn is_between(row: &Pull, head: &str, base: &str) -> bool {
    let is = |end: &Option<End>, name: &str| end.as_ref().and_then(|end| end.name.as_deref()) == Some(name);
    is(&row.head, head) && is(&row.base, base)
}
