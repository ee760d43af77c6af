//! Milestones.

use super::call::{Answer, Call, Refusal, Reply, Site};
use super::state::{Milestone, Repository};
use super::users;
use crate::demo::clock::{parse, stamp};
use crate::order::Order as _;
use serde_json::{Value, json};

pub(super) fn render(site: &Site, repo: &Repository, milestone: &Milestone) -> Value {
    let (url, number) = (format!("{}/milestones/{}", site.repo(repo), milestone.number), milestone.number);
    let held = repo.issues.values().filter(|issue| issue.milestone == Some(number));
    let (open, all) = held.fold((0, 0), |(open, all), issue| (open + u64::from(issue.open()), all + 1));
    json!({
        "url": url, "html_url": format!("{}/milestone/{number}", site.html(repo)), "labels_url": format!("{url}/labels"),
        "id": milestone.id, "node_id": users::node("MI", &format!("{}:{number}", repo.id)), "number": number,
        "state": if milestone.closed.is_none() { "open" } else { "closed" }, "title": milestone.title,
        "description": milestone.description, "creator": users::simple(site, &milestone.creator),
        "open_issues": open, "closed_issues": all - open, "created_at": stamp(milestone.created),
        "updated_at": stamp(milestone.updated), "closed_at": milestone.closed.map(stamp),
        "due_on": milestone.due.map(stamp),
    })
}

/// `GET …/milestones`
pub(super) fn list(call: &mut Call<'_>) -> Answer {
    let state = call.asked.query("state").unwrap_or("open");
    let mut found: Vec<&Milestone> = call
        .repo()
        .milestones
        .iter()
        .filter(|milestone| state == "all" || (milestone.closed.is_none() == (state == "open")))
        .collect();
    found.order_by_key(|milestone| (milestone.due.unwrap_or(i64::MAX), milestone.number));
    if call.asked.query("direction") == Some("desc") {
        found.reverse();
    }
    Ok(call.page(&found, |milestone| render(&call.site, call.repo(), milestone)))
}

/// `GET …/milestones/{milestone_number}`
pub(super) fn get(call: &mut Call<'_>) -> Answer {
    let number = call.number(0)?;
    let milestone = call.repo().milestone(number).ok_or_else(Refusal::not_found)?;
    Ok(Reply::ok(render(&call.site, call.repo(), milestone)))
}

/// `POST …/milestones`
pub(super) fn create(call: &mut Call<'_>) -> Answer {
    let title = call.needed("title", "Milestone")?;
    if call.repo().milestones.iter().any(|milestone| milestone.title == title) {
        return Err(Refusal::field("Milestone", "title", "already_exists"));
    }
    let due = due(call)?.flatten();
    let number =
        call.repo().milestones.iter().map(|milestone| milestone.number).max().unwrap_or_default() + 1;
    let now = call.site.now;
    let made = Milestone {
        id: call.world.id(),
        number,
        title,
        description: call.text("description"),
        creator: call.login(),
        created: now,
        updated: now,
        closed: (call.text("state").as_deref() == Some("closed")).then_some(now),
        due,
    };
    let value = render(&call.site, call.repo(), &made);
    call.repo_mut().milestones.push(made);
    Ok(Reply::created(value))
}

/// The due date of the body: none said, null, or a moment.
fn due(call: &Call<'_>) -> Result<Option<Option<i64>>, Refusal> {
    match call.body.get("due_on") {
        None => Ok(None),
        Some(Value::Null) => Ok(Some(None)),
        Some(value) => {
            let at = value.as_str().and_then(parse);
            at.map(|at| Some(Some(at))).ok_or_else(|| Refusal::field("Milestone", "due_on", "invalid"))
        }
    }
}

/// `PATCH …/milestones/{milestone_number}`
pub(super) fn update(call: &mut Call<'_>) -> Answer {
    let (number, now, due) = (call.number(0)?, call.site.now, due(call)?);
    let (title, description, state) =
        (call.text("title"), call.body.get("description").cloned(), call.text("state"));
    let milestones = &mut call.repo_mut().milestones;
    if title.as_ref().is_some_and(|title| milestones.iter().any(|m| m.title == *title && m.number != number))
    {
        return Err(Refusal::field("Milestone", "title", "already_exists"));
    }
    let milestone = milestones.iter_mut().find(|m| m.number == number).ok_or_else(Refusal::not_found)?;
    milestone.title = title.unwrap_or_else(|| milestone.title.clone());
    if let Some(description) = description {
        milestone.description = description.as_str().map(str::to_owned);
    }
    milestone.due = due.unwrap_or(milestone.due);
    match state.as_deref() {
        Some("closed") => milestone.closed = milestone.closed.or(Some(now)),
        Some("open") => milestone.closed = None,
        Some(_) => return Err(Refusal::field("Milestone", "state", "invalid")),
        None => {}
    }
    milestone.updated = now;
    get(call)
}

/// `DELETE …/milestones/{milestone_number}`
pub(super) fn delete(call: &mut Call<'_>) -> Answer {
    let number = call.number(0)?;
    call.repo().milestone(number).ok_or_else(Refusal::not_found)?;
    let repo = call.repo_mut();
    repo.milestones.retain(|milestone| milestone.number != number);
    for issue in repo.issues.values_mut().filter(|issue| issue.milestone == Some(number)) {
        issue.milestone = None;
    }
    Ok(Reply::empty(204))
}
