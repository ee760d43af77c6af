//! Comments on issues and pull requests.

use super::call::{Answer, Call, Refusal, Reply, Site};
use super::state::{Comment, Repository};
use super::{issues, users};
use crate::demo::clock::{parse, stamp};
use crate::order::Order as _;
use serde_json::{Value, json};

pub(super) fn render(site: &Site, repo: &Repository, comment: &Comment) -> Value {
    let (url, html) = (site.repo(repo), site.html(repo));
    let Comment { id, issue, .. } = comment;
    let kind =
        if repo.issues.get(issue).is_some_and(|issue| issue.pull.is_some()) { "pull" } else { "issues" };
    json!({
        "id": id, "node_id": users::node("IC", &id.to_string()), "url": format!("{url}/issues/comments/{id}"),
        "html_url": format!("{html}/{kind}/{issue}#issuecomment-{id}"), "body": comment.body,
        "user": users::simple(site, &comment.author), "created_at": stamp(comment.created),
        "updated_at": stamp(comment.updated), "issue_url": format!("{url}/issues/{issue}"),
        "author_association": issues::association(&comment.author), "performed_via_github_app": null,
    })
}

/// `GET …/issues/{issue_number}/comments`
pub(super) fn list(call: &mut Call<'_>) -> Answer {
    let number = call.issue(0)?.number;
    shown(call, Some(number))
}

/// `GET …/issues/comments`
pub(super) fn all(call: &mut Call<'_>) -> Answer {
    shown(call, None)
}

fn shown(call: &Call<'_>, number: Option<u64>) -> Answer {
    let since = call.asked.query("since").and_then(parse).unwrap_or(i64::MIN);
    let mut found: Vec<&Comment> = call
        .repo()
        .comments
        .iter()
        .filter(|comment| number.is_none_or(|number| comment.issue == number) && comment.updated >= since)
        .collect();
    // Only the comments of a repository can be sorted.
    if number.is_none() {
        match call.asked.query("sort") {
            Some("updated") => found.order_by_key(|comment| (comment.updated, comment.id)),
            _ => found.order_by_key(|comment| (comment.created, comment.id)),
        }
        if call.asked.query("direction") == Some("desc") {
            found.reverse();
        }
    }
    Ok(call.page(&found, |comment| render(&call.site, call.repo(), comment)))
}

fn at(call: &Call<'_>) -> Result<usize, Refusal> {
    let id = call.number(0)?;
    call.repo().comments.iter().position(|comment| comment.id == id).ok_or_else(Refusal::not_found)
}

/// `GET …/issues/comments/{comment_id}`
pub(super) fn get(call: &mut Call<'_>) -> Answer {
    let comment = &call.repo().comments[at(call)?];
    Ok(Reply::ok(render(&call.site, call.repo(), comment)))
}

/// `POST …/issues/{issue_number}/comments`
pub(super) fn create(call: &mut Call<'_>) -> Answer {
    let issue = call.issue(0)?;
    if issue.locked {
        return Err(Refusal::new(403, "Unable to create comment because issue is locked."));
    }
    let (number, body, now) = (issue.number, call.needed("body", "IssueComment")?, call.site.now);
    let id = call.world.id();
    let comment = Comment { id, issue: number, author: call.login(), body, created: now, updated: now };
    let value = render(&call.site, call.repo(), &comment);
    let repo = call.repo_mut();
    repo.comments.push(comment);
    if let Some(issue) = repo.issues.get_mut(&number) {
        issue.updated = now;
    }
    Ok(Reply::created(value))
}

/// `PATCH …/issues/comments/{comment_id}`
pub(super) fn update(call: &mut Call<'_>) -> Answer {
    let (at, body, now) = (at(call)?, call.needed("body", "IssueComment")?, call.site.now);
    let comment = &mut call.repo_mut().comments[at];
    comment.body = body;
    comment.updated = now;
    get(call)
}

/// `DELETE …/issues/comments/{comment_id}`
pub(super) fn delete(call: &mut Call<'_>) -> Answer {
    let at = at(call)?;
    call.repo_mut().comments.remove(at);
    Ok(Reply::empty(204))
}
