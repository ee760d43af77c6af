//! Comments that carry the mark of their operation, so that one is never written twice.

use super::settle::{Found, Stand};
use super::{Github, PER_PAGE, Pages};
use crate::forge::error::ForgeError;
use crate::forge::wire::issue::Comment;
use crate::release::ids::{IssueKey, OpId};
use crate::release::text::Untrusted;
use chrono::{DateTime, TimeDelta, Utc};

/// The mark of an operation: invisible in what GitHub shows, readable in the body.
pub(super) fn mark(op: &OpId) -> String {
    format!("<!-- gonogo:op={} -->", op.as_str())
}

/// The body of a comment: what is said, and the mark on its last line.
pub(super) fn marked_body(op: &OpId, text: &Untrusted) -> String {
    format!("{}\n\n{}", text.raw().trim_end(), mark(op))
}

/// When an operation was made, by its ULID, less ten minutes for clocks that differ; none when it is no ULID.
pub(super) fn made_at(op: &OpId) -> Option<DateTime<Utc>> {
    let id: ulid::Ulid = op.as_str().parse().ok()?;
    let at = DateTime::from_timestamp_millis(i64::try_from(id.timestamp_ms()).ok()?)?;
    Some(at.min(Utc::now()) - TimeDelta::minutes(10))
}

impl Github {
    /// Whether the comment of an operation is there, among those written or changed since a moment.
    pub(super) async fn comment_stand(
        &self,
        op: &OpId,
        key: &IssueKey,
        since: Option<DateTime<Utc>>,
    ) -> Result<Found, ForgeError> {
        let repo = self.name_now(&key.repo).await?;
        let since = since.map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        let mut query = vec![PER_PAGE];
        query.extend(since.as_deref().map(|since| ("since", since)));
        let url = self.url(&repo, &["issues", &key.number.to_string(), "comments"], &query)?;
        let comments: Pages<Comment> = self.list(url).await?;
        let mark = mark(op);
        let ends = |it: &&Comment| it.body.as_deref().is_some_and(|body| body.trim_end().ends_with(&mark));
        Ok(match comments.rows.iter().find(ends) {
            Some(it) => Found::new(Stand::Done).with("comment", it.html_url.clone().unwrap_or_default()),
            None => Found::new(Stand::Before),
        })
    }
}
