//! The timeline of an issue: what happened to it, and its comments.

use super::call::{Answer, Call, Site};
use super::state::{Comment, Happening, Repository, World};
use super::{comments, users};
use crate::demo::clock::stamp;
use crate::order::Order as _;
use serde_json::{Value, json};

/// Writes something that happened into an issue's timeline.
pub(super) fn happened(
    world: &mut World,
    repo: usize,
    issue: u64,
    kind: &str,
    actor: &str,
    at: i64,
    detail: &str,
) {
    let (kind, actor, detail) = (kind.to_owned(), actor.to_owned(), detail.to_owned());
    let id = world.id();
    world.repositories[repo].events.push(Happening { id, issue, kind, actor, at, detail });
}

pub(super) fn render(site: &Site, repo: &Repository, event: &Happening) -> Value {
    let (id, detail) = (event.id, &event.detail);
    let mut value = json!({
        "id": id, "node_id": users::node("EV", &id.to_string()),
        "url": format!("{}/issues/events/{id}", site.repo(repo)), "actor": users::simple(site, &event.actor),
        "event": event.kind, "commit_id": null, "commit_url": null, "created_at": stamp(event.at),
        "performed_via_github_app": null,
    });
    let more = match event.kind.as_str() {
        "milestoned" | "demilestoned" => json!({ "milestone": { "title": detail } }),
        "labeled" | "unlabeled" => {
            let color =
                repo.labels.iter().find(|label| label.name == *detail).map_or("ededed", |label| &label.color);
            json!({ "label": { "name": detail, "color": color } })
        }
        "assigned" | "unassigned" => {
            json!({ "assignee": users::simple(site, detail), "assigner": users::simple(site, &event.actor) })
        }
        "closed" => json!({ "state_reason": if detail.is_empty() { Value::Null } else { json!(detail) } }),
        "review_requested" => json!({
            "review_requester": users::simple(site, &event.actor), "requested_reviewer": users::simple(site, detail),
        }),
        "renamed" => {
            let (from, to) = detail.split_once('\n').unwrap_or(("", detail));
            json!({ "rename": { "from": from, "to": to } })
        }
        "referenced" | "merged" => json!({
            "commit_id": detail, "commit_url": format!("{}/commits/{detail}", site.repo(repo)),
        }),
        _ => json!({}),
    };
    super::merge(&mut value, more);
    value
}

/// `GET …/issues/{issue_number}/events`
pub(super) fn events(call: &mut Call<'_>) -> Answer {
    let number = call.issue(0)?.number;
    let found: Vec<&Happening> = call.repo().events.iter().filter(|event| event.issue == number).collect();
    Ok(call.page(&found, |event| render(&call.site, call.repo(), event)))
}

enum Entry<'a> {
    Event(&'a Happening),
    Comment(&'a Comment),
}

/// `GET …/issues/{issue_number}/timeline`
pub(super) fn timeline(call: &mut Call<'_>) -> Answer {
    let number = call.issue(0)?.number;
    let repo = call.repo();
    let events =
        repo.events.iter().filter(|event| event.issue == number).map(|event| (event.at, Entry::Event(event)));
    let said = repo.comments.iter().filter(|comment| comment.issue == number);
    let said = said.map(|comment| (comment.created, Entry::Comment(comment)));
    let mut all: Vec<(i64, Entry<'_>)> = events.chain(said).collect();
    all.order_by_key(|(at, _)| *at);
    Ok(call.page(&all, |(_, entry)| match entry {
        Entry::Event(event) => {
            let mut value = render(&call.site, repo, event);
            if event.kind == "assigned" || event.kind == "unassigned" {
                // GitHub's schema wants an app here, and its server leaves the field away.
                value.as_object_mut().map(|map| map.remove("performed_via_github_app"));
            }
            value
        }
        Entry::Comment(comment) => {
            let mut value = comments::render(&call.site, repo, comment);
            value["event"] = json!("commented");
            value["actor"] = value["user"].clone();
            value
        }
    }))
}
