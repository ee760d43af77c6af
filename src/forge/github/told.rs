//! Announcements that the forge carries out beside comments: a discussion, and what stands below a release's notes.

use super::comments::{mark, marked_body};
use super::settle::{Found, Stand, declined};
use super::writes::Send;
use super::{Github, incomplete};
use crate::forge::error::{ForgeError, Trail};
use crate::forge::graphql;
use crate::forge::reading::Reply;
use crate::forge::wire::release::Release;
use crate::release::announce::{Announce, Via};
use crate::release::errand::{Outcome, Status};
use crate::release::ids::{OpId, Repo, Tag};
use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

/// Most pages of discussions that are looked through for a mark, fifty each.
const PAGES: usize = 20;
/// Most characters of a discussion's body. Source: GraphQL answers "body is too long (maximum is 65536 characters)".
const DISCUSSION: usize = 65_536;
/// Most characters of a release's text.
const RELEASE: usize = 125_000;

/// What the forge says of a repository's discussions.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Room {
    id: Option<String>,
    has_discussions_enabled: Option<bool>,
    discussion_categories: Option<Nodes<Category>>,
    discussions: Option<Nodes<Talk>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Nodes<T> {
    nodes: Option<Vec<Option<T>>>,
    page_info: Option<PageInfo>,
}

impl<T> Nodes<T> {
    fn rows(&self) -> impl Iterator<Item = &T> {
        self.nodes.iter().flatten().flatten()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PageInfo {
    has_next_page: Option<bool>,
    end_cursor: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Category {
    id: Option<String>,
    name: Option<String>,
    slug: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Talk {
    url: Option<String>,
    body: Option<String>,
    created_at: Option<DateTime<Utc>>,
}

impl Github {
    /// How an announcement stands, and the requests that make it.
    pub(super) async fn prepare_told(
        &self,
        op: &OpId,
        it: &Announce,
        since: Option<DateTime<Utc>>,
    ) -> Result<(Found, Vec<Send>), ForgeError> {
        match (it.via, &it.repo) {
            (Via::Discussion, Some(repo)) => self.prepare_discussion(op, it, repo, since).await,
            (Via::Release, Some(repo)) => self.prepare_release_text(op, it, repo).await,
            _ => Ok((Found::new(Stand::Other("it is none of the forge's".to_owned())), vec![])),
        }
    }

    async fn prepare_discussion(
        &self,
        op: &OpId,
        it: &Announce,
        repo: &Repo,
        since: Option<DateTime<Utc>>,
    ) -> Result<(Found, Vec<Send>), ForgeError> {
        let other = |what: String| Ok((Found::new(Stand::Other(what)), vec![]));
        let (found, room) = self.discussed(op, repo, since).await?;
        if found.stand == Stand::Done {
            return Ok((found, vec![]));
        }
        let name = repo.as_str();
        if room.has_discussions_enabled == Some(false) {
            return other(format!("discussions are not enabled in {name}: its settings turn them on"));
        }
        let wanted = it.category.as_ref().map_or("", Untrusted::raw);
        let all: Vec<&Category> = room.discussion_categories.iter().flat_map(Nodes::rows).collect();
        let same = |text: &Option<String>| {
            text.as_deref().is_some_and(|it| it.to_lowercase() == wanted.to_lowercase())
        };
        let category = all.iter().find(|it| same(&it.name)).or_else(|| all.iter().find(|it| same(&it.slug)));
        let Some(category) = category.and_then(|it| it.id.clone()) else {
            let names = all.iter().filter_map(|it| it.name.as_deref());
            let names: Vec<_> = names.map(|name| Untrusted::from(name).line()).collect();
            let wanted = Untrusted::from(wanted).line();
            return other(format!("{name} has no category {wanted}; it has: {}", names.join(", ")));
        };
        let Some(id) = room.id else {
            return Err(incomplete("a repository without an id", Trail::default()));
        };
        let body = marked_body(op, &it.text);
        if body.chars().count() > DISCUSSION {
            return other(format!("it is longer than the {DISCUSSION} characters of a discussion"));
        }
        let variables =
            json!({ "repository": id, "category": category, "title": it.title.raw(), "body": body });
        let body = json!({ "query": graphql::DISCUSS, "variables": variables });
        let url = self.client.api.graphql().to_owned();
        Ok((found, vec![Send { method: Method::POST, url, body, gone_is_done: false }]))
    }

    /// Whether the discussion of an operation is there, among those begun since a moment; and what else is to be known
    /// for beginning one.
    async fn discussed(
        &self,
        op: &OpId,
        repo: &Repo,
        since: Option<DateTime<Utc>>,
    ) -> Result<(Found, Room), ForgeError> {
        let (repo, mark) = (self.name_now(repo).await?, mark(op));
        let mut after = None;
        for _ in 0..PAGES {
            let variables = json!({ "owner": repo.owner(), "name": repo.name(), "after": after });
            let mut data = self.client.query(graphql::DISCUSSIONS, variables).await?;
            let room: Option<Room> = serde_json::from_value(data["repository"].take()).ok().flatten();
            let Some(room) = room else { return Err(incomplete("no repository", Trail::default())) };
            let talks: Vec<&Talk> = room.discussions.iter().flat_map(Nodes::rows).collect();
            let ours = |it: &&&Talk| it.body.as_deref().is_some_and(|body| body.trim_end().ends_with(&mark));
            if let Some(talk) = talks.iter().find(ours) {
                let found = Found::new(Stand::Done).with("link", talk.url.clone().unwrap_or_default());
                return Ok((found, room));
            }
            // What is older was there before.
            let earlier = |it: &&Talk| since.is_some_and(|since| it.created_at.is_some_and(|at| at < since));
            let page = room.discussions.as_ref().and_then(|it| it.page_info.as_ref());
            let next = page.filter(|page| page.has_next_page == Some(true));
            match next.and_then(|page| page.end_cursor.clone()) {
                Some(cursor) if !talks.iter().any(earlier) => after = Some(cursor),
                _ => return Ok((Found::new(Stand::Before), room)),
            }
        }
        Err(incomplete("more discussions than are looked through", Trail::default()))
    }

    /// What the reply to beginning a discussion says; none where only looking tells.
    pub(super) fn discussed_by(reply: Option<&Reply>) -> Option<Outcome> {
        let reply = reply?;
        let body: Value = reply.json().ok()?;
        let url = body["data"]["createDiscussion"]["discussion"]["url"].as_str();
        if let Some(url) = url {
            return Some(Found::new(Stand::Done).with("link", url).tell(Outcome::new(Status::Ok)));
        }
        match graphql::data(reply) {
            // An error without a type is GitHub's own trouble, and says nothing of what became of the discussion.
            Err(error @ (ForgeError::Graphql { kind: Some(_), .. } | ForgeError::RateLimited { .. })) => {
                Some(declined(&error))
            }
            _ => None,
        }
    }

    async fn prepare_release_text(
        &self,
        op: &OpId,
        it: &Announce,
        repo: &Repo,
    ) -> Result<(Found, Vec<Send>), ForgeError> {
        let (found, row) = self.release_told(op, it, repo).await?;
        let row = row.filter(|_| found.stand == Stand::Before);
        let Some((id, before)) = row.and_then(|row| Some((row.id?, row.body.unwrap_or_default()))) else {
            return Ok((found, vec![]));
        };
        let body = format!("{}\n\n{}", before.trim_end(), marked_body(op, &it.text));
        if body.chars().count() > RELEASE {
            let what = format!("the notes would be longer than the {RELEASE} characters that GitHub takes");
            return Ok((Found::new(Stand::Other(what)), vec![]));
        }
        let url = self.url(&self.name_now(repo).await?, &["releases", &id.to_string()], &[])?;
        let body = json!({ "body": body.trim_start() });
        Ok((found, vec![Send { method: Method::PATCH, url, body, gone_is_done: false }]))
    }

    /// Whether the text of an operation stands in the release of its tag, and that release.
    async fn release_told(
        &self,
        op: &OpId,
        it: &Announce,
        repo: &Repo,
    ) -> Result<(Found, Option<Release>), ForgeError> {
        let other = |what: String| Ok((Found::new(Stand::Other(what)), None));
        let Ok(tag) = Tag::parse(it.tag.raw()) else { return other("the tag is none".to_owned()) };
        let repo = self.name_now(repo).await?;
        let rows = self.releases_now(&repo, &tag).await?;
        let of_tag = |row: &Release| row.tag_name.as_deref() == Some(tag.as_str());
        let Some(row) = rows.into_iter().find(of_tag) else {
            return other(format!("{} has no release of {}: publish it first", repo.as_str(), tag.line()));
        };
        let mark = mark(op);
        let done = row.body.as_deref().is_some_and(|body| body.lines().any(|line| line.trim() == mark));
        let stand = if done { Stand::Done } else { Stand::Before };
        Ok((Found::new(stand).with("link", row.html_url.clone().unwrap_or_default()), Some(row)))
    }

    /// Whether an announcement was made.
    pub(super) async fn told_stand(
        &self,
        op: &OpId,
        it: &Announce,
        since: Option<DateTime<Utc>>,
    ) -> Result<Found, ForgeError> {
        match (it.via, &it.repo) {
            (Via::Discussion, Some(repo)) => self.discussed(op, repo, since).await.map(|(found, _)| found),
            (Via::Release, Some(repo)) => self.release_told(op, it, repo).await.map(|(found, _)| found),
            _ => Ok(Found::new(Stand::Before)),
        }
    }
}
