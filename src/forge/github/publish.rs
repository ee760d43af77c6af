//! Releases drafted and published: found by their mark, never made twice, and never before their tag is in its place.

use super::comments::{mark, marked_body};
use super::settle::{Found, Stand};
use super::writes::Send;
use super::{Github, PER_PAGE, Pages};
use crate::forge::error::ForgeError;
use crate::forge::reading::Reply;
use crate::forge::wire::release::{Named, Notes, Release};
use crate::forge::{NotesAsk, NotesMade};
use crate::release::cut::{DraftRelease, PublishRelease};
use crate::release::errand::{Outcome, Status};
use crate::release::ids::{Oid, OpId, Repo, Tag};
use crate::release::text::Untrusted;
use http::Method;
use serde_json::json;

/// Most tag objects that a tag is followed through.
const NESTED: usize = 5;
/// Most characters that GitHub takes as the text of a release.
const LONGEST: usize = 125_000;

impl Github {
    /// How the draft of a release stands, and the request that makes it.
    pub(super) async fn prepare_draft(
        &self,
        op: &OpId,
        it: &DraftRelease,
    ) -> Result<(Found, Vec<Send>), ForgeError> {
        let body = marked_body(op, &it.body);
        if body.chars().count() > LONGEST {
            let what = format!("the notes are longer than the {LONGEST} characters that GitHub takes");
            return Ok((Found::new(Stand::Other(what)), Vec::new()));
        }
        let found = self.draft_stand(op, it).await?;
        let body = json!({
            "tag_name": it.target.as_str(), "target_commitish": it.at.map(|at| at.to_string()),
            "name": it.title.raw(), "body": body, "draft": true, "prerelease": it.prerelease,
        });
        let url = self.url(&self.name_now(&it.repo).await?, &["releases"], &[])?;
        Ok((found, vec![Send { method: Method::POST, url, body, gone_is_done: false }]))
    }

    /// Whether the release is there: the one with our mark, else one of the tag that says the same. One that says
    /// something else is somebody else's.
    pub(super) async fn draft_stand(&self, op: &OpId, it: &DraftRelease) -> Result<Found, ForgeError> {
        let Some(commit) = it.at else { return Ok(other("the commit of the tag is not known")) };
        let repo = self.name_now(&it.repo).await?;
        let rows = self.releases_now(&repo, &it.target).await?;
        let mark = mark(op);
        let ours = |row: &&Release| row.body.as_deref().is_some_and(|body| body.trim_end().ends_with(&mark));
        let of_tag = |row: &&Release| row.tag_name.as_deref() == Some(it.target.as_str());
        if let Some(row) =
            rows.iter().find(ours).or_else(|| rows.iter().filter(of_tag).find(|row| says(row, it)))
        {
            return Ok(told(row, Stand::Done));
        }
        if let Some(row) = rows.iter().find(of_tag) {
            let kind = if row.draft == Some(true) { "draft" } else { "release" };
            let at = Untrusted::from(row.html_url.clone().unwrap_or_default()).line();
            let what = format!("a {kind} of {} that says something else is there: {at}", it.target.line());
            return Ok(told(row, Stand::Other(what)));
        }
        Ok(match self.tag_commit(&repo, &it.target).await? {
            Some(there) if there != commit => elsewhere(&it.target, there, commit),
            _ => Found::new(Stand::Before),
        })
    }

    /// Every release of the repository that may be the one of a tag: drafts are not found by their tag.
    pub(super) async fn releases_now(&self, repo: &Repo, tag: &Tag) -> Result<Vec<Release>, ForgeError> {
        let mut path = vec!["releases", "tags"];
        path.extend(tag.as_str().split('/'));
        let mut rows: Vec<Release> = match self.client.fresh(&self.url(repo, &path, &[])?).await {
            Ok(reply) => vec![reply.json()?],
            Err(ForgeError::NotFound { .. }) => vec![],
            Err(error) => return Err(error),
        };
        let listed: Pages<Release> = self.list(self.url(repo, &["releases"], &[PER_PAGE])?).await?;
        rows.extend(listed.rows);
        Ok(rows)
    }

    /// The commit that a tag of the repository names; none when there is no such tag.
    async fn tag_commit(&self, repo: &Repo, tag: &Tag) -> Result<Option<Oid>, ForgeError> {
        let mut path = vec!["git", "ref", "tags"];
        path.extend(tag.as_str().split('/'));
        let mut url = self.url(repo, &path, &[])?;
        for _ in 0..=NESTED {
            let reply = match self.client.fresh(&url).await {
                Ok(reply) => reply,
                Err(ForgeError::NotFound { .. }) => return Ok(None),
                Err(error) => return Err(error),
            };
            let object = reply.json::<Named>()?.object.unwrap_or_default();
            let sha = object.sha.as_deref().and_then(|sha| Oid::parse(sha).ok());
            let Some(sha) = sha else { return Err(super::incomplete("a tag without an id", reply.trail)) };
            if object.kind.as_deref() != Some("tag") {
                return Ok(Some(sha));
            }
            url = self.url(repo, &["git", "tags", &sha.to_string()], &[])?;
        }
        Err(super::incomplete("a tag of a tag of a tag, and so on", crate::forge::error::Trail::default()))
    }

    /// What the reply to drafting says; none when it cannot be read, or tells of no draft.
    pub(super) fn drafted(reply: Option<&Reply>) -> Option<Outcome> {
        let row: Release = reply?.json().ok()?;
        row.id?;
        row.draft?.then(|| told(&row, Stand::Done).tell(Outcome::new(Status::Ok)))
    }

    /// How a release that is to be published stands, and the request that publishes it.
    pub(super) async fn prepare_publish(
        &self,
        it: &PublishRelease,
    ) -> Result<(Found, Vec<Send>), ForgeError> {
        let found = self.publish_stand(it).await?;
        let Some(id) = it.release else { return Ok((found, Vec::new())) };
        // GitHub refuses to call a prerelease the latest.
        let latest = if it.latest && !it.prerelease { "true" } else { "false" };
        let mut body = json!({ "draft": false, "prerelease": it.prerelease, "make_latest": latest });
        if let Some(text) = &it.body {
            body["body"] = json!(text.raw());
        }
        let url = self.url(&self.name_now(&it.repo).await?, &["releases", &id.to_string()], &[])?;
        Ok((found, vec![Send { method: Method::PATCH, url, body, gone_is_done: false }]))
    }

    /// Whether a release is published. Its tag must be there first and at its commit: GitHub would make one.
    pub(super) async fn publish_stand(&self, it: &PublishRelease) -> Result<Found, ForgeError> {
        let (Some(id), Some(commit)) = (it.release, it.at) else {
            return Ok(other("the draft, or the commit of the tag, is not known"));
        };
        let repo = self.name_now(&it.repo).await?;
        let row: Release =
            match self.client.fresh(&self.url(&repo, &["releases", &id.to_string()], &[])?).await {
                Ok(reply) => reply.json()?,
                Err(ForgeError::NotFound { .. }) => {
                    return Ok(other(format!(
                        "the draft {id} is not there any more, or the token may not see it"
                    )));
                }
                Err(error) => return Err(error),
            };
        let tag = row.tag_name.as_deref().unwrap_or_default();
        if tag != it.target.as_str() {
            return Ok(told(
                &row,
                Stand::Other(format!("it is of the tag {} by now", Untrusted::from(tag).line())),
            ));
        }
        match self.tag_commit(&repo, &it.target).await? {
            Some(there) if there == commit => {}
            Some(there) => return Ok(elsewhere(&it.target, there, commit)),
            None => {
                let name = it.target.line();
                return Ok(other(format!("GitHub has no tag {name} and would make one: push it first")));
            }
        }
        let is_draft = row.draft.unwrap_or(row.published_at.is_none());
        if is_draft {
            return Ok(told(&row, Stand::Before));
        }
        if row.prerelease.unwrap_or_default() != it.prerelease {
            let kind = if it.prerelease { "a final release" } else { "a prerelease" };
            return Ok(told(&row, Stand::Other(format!("it is published as {kind}"))));
        }
        let latest = self.latest(&repo).await? == Some(id);
        Ok(told(&row, Stand::Done).with("latest", latest.to_string()))
    }

    /// The release that GitHub calls the latest.
    async fn latest(&self, repo: &Repo) -> Result<Option<u64>, ForgeError> {
        match self.client.fresh(&self.url(repo, &["releases", "latest"], &[])?).await {
            Ok(reply) => Ok(reply.json::<Release>()?.id),
            Err(ForgeError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Notes that GitHub writes.
    pub(super) async fn written_notes(&self, ask: &NotesAsk) -> Result<NotesMade, ForgeError> {
        let repo = self.name_now(&ask.repo).await?;
        let mut body = json!({ "tag_name": ask.tag.as_str() });
        if let Some(target) = &ask.target {
            body["target_commitish"] = json!(target.raw());
        }
        if let Some(previous) = &ask.previous {
            body["previous_tag_name"] = json!(previous.as_str());
        }
        let url = self.url(&repo, &["releases", "generate-notes"], &[])?;
        let made: Notes = self.client.ask_by_post(&url, &body).await?.json()?;
        let text = |it: Option<String>| Untrusted::from(it.unwrap_or_default());
        Ok(NotesMade { title: text(made.name), body: text(made.body) })
    }
}

fn other(what: impl Into<String>) -> Found {
    Found::new(Stand::Other(what.into()))
}

fn elsewhere(tag: &Tag, there: Oid, wanted: Oid) -> Found {
    let name = tag.line();
    other(format!(
        "the tag {name} is at {} there, not at {}: it is never moved",
        there.short(),
        wanted.short()
    ))
}

fn told(row: &Release, stand: Stand) -> Found {
    Found::new(stand)
        .with("release", row.id.unwrap_or_default().to_string())
        .with("url", row.html_url.clone().unwrap_or_default())
        .with("draft", row.draft.unwrap_or_default().to_string())
}

/// Whether a release says what a draft is to say, whoever made it.
fn says(row: &Release, it: &DraftRelease) -> bool {
    let lines = |text: &str| -> Vec<String> {
        let mark = |line: &&str| !line.starts_with("<!-- gonogo:op=");
        text.trim().lines().filter(mark).map(|line| line.trim_end().to_owned()).collect()
    };
    let text = |text: &str| lines(text).join("\n").trim().to_owned();
    row.name.as_deref().unwrap_or_default().trim() == it.title.raw().trim()
        && text(row.body.as_deref().unwrap_or_default()) == text(it.body.raw())
        && row.prerelease.unwrap_or_default() == it.prerelease
}
