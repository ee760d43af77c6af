//! Issues: reading and changing them.

use super::call::{Answer, Call, Refusal, Reply, Site};
use super::state::{Edit, Issue, Repository};
use super::{labels, milestones, timeline, users};
use crate::demo::clock::{parse, stamp};
use crate::order::Order as _;
use serde_json::{Value, json};

/// How the author of something stands to the repository.
pub(super) fn association(login: &str) -> &'static str {
    let ours = crate::demo::history::PEOPLE.iter().any(|(_, known)| *known == login);
    if ours { "MEMBER" } else { "CONTRIBUTOR" }
}

pub(super) fn node(repo: &Repository, issue: &Issue) -> String {
    let kind = if issue.pull.is_some() { "PR" } else { "I" };
    users::node(kind, &format!("{}:{}", repo.id, issue.number))
}

pub(super) fn html(site: &Site, repo: &Repository, issue: &Issue) -> String {
    let kind = if issue.pull.is_some() { "pull" } else { "issues" };
    format!("{}/{kind}/{}", site.html(repo), issue.number)
}

/// `issue`; pull requests are issues too, with links to themselves.
pub(super) fn render(site: &Site, repo: &Repository, issue: &Issue) -> Value {
    let (root, number) = (site.repo(repo), issue.number);
    let url = format!("{root}/issues/{number}");
    let comments = repo.comments.iter().filter(|comment| comment.issue == number).count();
    let assignees: Vec<Value> = issue.assignees.iter().map(|login| users::simple(site, login)).collect();
    let milestone = issue.milestone.and_then(|number| repo.milestone(number));
    let mut value = json!({
        "id": repo.id * 1_000_000 + number, "node_id": node(repo, issue), "url": url, "repository_url": root,
        "labels_url": format!("{url}/labels{{/name}}"), "comments_url": format!("{url}/comments"),
        "events_url": format!("{url}/events"), "timeline_url": format!("{url}/timeline"),
        "html_url": html(site, repo, issue), "number": number, "state": issue.state(), "state_reason": issue.reason,
        "title": issue.title, "body": issue.body, "user": users::simple(site, &issue.author),
        "labels": labels::on(site, repo, &issue.labels), "assignee": assignees.first(), "assignees": assignees,
        "milestone": milestone.map(|milestone| milestones::render(site, repo, milestone)), "locked": issue.locked,
        "active_lock_reason": null, "comments": comments, "closed_at": issue.closed.map(stamp),
        "created_at": stamp(issue.created), "updated_at": stamp(issue.updated),
        "author_association": association(&issue.author), "performed_via_github_app": null,
    });
    if let Some(pull) = &issue.pull {
        value["draft"] = json!(pull.draft);
        value["pull_request"] = json!({
            "url": format!("{root}/pulls/{number}"), "html_url": value["html_url"],
            "diff_url": format!("{}.diff", html(site, repo, issue)),
            "patch_url": format!("{}.patch", html(site, repo, issue)), "merged_at": pull.merged.map(stamp),
        });
    }
    value
}

/// `GET …/issues`
pub(super) fn list(call: &mut Call<'_>) -> Answer {
    let asked = call.asked;
    let repo = call.repo();
    let state = asked.query("state").unwrap_or("open");
    let milestone = match asked.query("milestone") {
        None => Box::new(|_: &Issue| true) as Box<dyn Fn(&Issue) -> bool>,
        Some("*") => Box::new(|issue: &Issue| issue.milestone.is_some()),
        Some("none") => Box::new(|issue: &Issue| issue.milestone.is_none()),
        Some(number) => {
            let number = number.parse().ok().filter(|number| repo.milestone(*number).is_some());
            let number = number.ok_or_else(|| Refusal::field("Issue", "milestone", "invalid"))?;
            Box::new(move |issue: &Issue| issue.milestone == Some(number))
        }
    };
    let wanted: Vec<&str> = asked.query("labels").map(|text| text.split(',').collect()).unwrap_or_default();
    let since = asked.query("since").and_then(parse).unwrap_or(i64::MIN);
    let assignee = asked.query("assignee");
    let mut found: Vec<&Issue> = repo
        .issues
        .values()
        .filter(|issue| state == "all" || issue.state() == state)
        .filter(|issue| milestone(issue) && issue.updated >= since)
        .filter(|issue| {
            wanted.iter().all(|name| issue.labels.iter().any(|label| label.eq_ignore_ascii_case(name)))
        })
        .filter(|issue| match assignee {
            None => true,
            Some("*") => !issue.assignees.is_empty(),
            Some("none") => issue.assignees.is_empty(),
            Some(login) => issue.assignees.iter().any(|assignee| assignee == login),
        })
        .filter(|issue| asked.query("creator").is_none_or(|creator| issue.author == creator))
        .collect();
    sort(&mut found, asked.query("sort"), asked.query("direction"));
    Ok(call.page(&found, |issue| render(&call.site, repo, issue)))
}

/// Sorts as GitHub does: newest first, unless told otherwise.
pub(super) fn sort(found: &mut [&Issue], by: Option<&str>, direction: Option<&str>) {
    found.order_by_key(|issue| match by {
        Some("updated") => (issue.updated, issue.number),
        _ => (issue.created, issue.number),
    });
    if direction != Some("asc") {
        found.reverse();
    }
}

/// `GET …/issues/{issue_number}`
pub(super) fn get(call: &mut Call<'_>) -> Answer {
    let issue = call.issue(0)?;
    let mut value = render(&call.site, call.repo(), issue);
    value["closed_by"] =
        issue.closed_by.as_ref().map_or(Value::Null, |login| users::simple(&call.site, login));
    Ok(Reply::ok(value))
}

/// `POST …/issues`
pub(super) fn create(call: &mut Call<'_>) -> Answer {
    let title = call.needed("title", "Issue")?;
    let number = call.repo().next_number();
    let mut issue = Issue::new(number, &title, &call.login(), call.site.now);
    issue.body = call.text("body");
    call.repo_mut().issues.insert(number, issue);
    call.at = vec![number.to_string()];
    let changed = change(call);
    if let Err(refusal) = changed {
        call.repo_mut().issues.remove(&number);
        return Err(refusal);
    }
    let Reply { body, .. } = get(call)?;
    Ok(Reply { status: 201, body, ..Reply::default() })
}

/// `PATCH …/issues/{issue_number}`
pub(super) fn update(call: &mut Call<'_>) -> Answer {
    call.issue(0)?;
    change(call)?;
    get(call)
}

/// Applies what the body says: all of it, or nothing.
pub(super) fn change(call: &mut Call<'_>) -> Result<(), Refusal> {
    let (number, now, actor) = (call.number(0)?, call.site.now, call.login());
    let milestone = match call.body.get("milestone") {
        None => None,
        Some(Value::Null) => Some(None),
        Some(value) => {
            let known = value.as_u64().or_else(|| value.as_str()?.parse().ok());
            let known = known.filter(|number| call.repo().milestone(*number).is_some());
            Some(Some(known.ok_or_else(|| Refusal::field("Issue", "milestone", "invalid"))?))
        }
    };
    let state = call.text("state");
    if state.as_deref().is_some_and(|state| state != "open" && state != "closed") {
        return Err(Refusal::field("Issue", "state", "invalid"));
    }
    let (title, body, reason) =
        (call.text("title"), call.body.get("body").cloned(), call.text("state_reason"));
    let titles: Vec<(u64, String)> =
        call.repo().milestones.iter().map(|m| (m.number, m.title.clone())).collect();
    let issue = call.repo_mut().issues.get_mut(&number).ok_or_else(Refusal::not_found)?;
    let before = issue.clone();
    issue.title = title.unwrap_or_else(|| issue.title.clone());
    if let Some(body) = body {
        edit(issue, body.as_str().map(str::to_owned), (&actor, now));
    }
    issue.milestone = milestone.unwrap_or(issue.milestone);
    match state.as_deref() {
        Some("closed") if issue.open() => {
            issue.closed = Some(now);
            issue.closed_by = Some(actor.clone());
            issue.reason = Some(reason.unwrap_or_else(|| "completed".into()));
        }
        Some("open") if !issue.open() => {
            issue.closed = None;
            issue.closed_by = None;
            issue.reason = Some("reopened".into());
        }
        _ => {}
    }
    issue.updated = now;
    let after = issue.clone();
    tell(call, &before, &after, &titles, &actor);
    if let Some(names) = call.texts("labels") {
        labels::put(call, number, names)?;
    }
    if let Some(logins) = call.texts("assignees") {
        put_assignees(call, number, logins)?;
    }
    Ok(())
}

/// Gives an issue another text, and keeps what it was.
fn edit(issue: &mut Issue, body: Option<String>, (by, at): (&str, i64)) {
    if issue.body == body {
        return;
    }
    if issue.edits.is_empty() {
        let (by, at) = (issue.author.clone(), issue.created);
        issue.edits.push(Edit { id: 0, by, at, body: issue.body.clone().unwrap_or_default() });
    }
    let (id, text) = (issue.edits.len() as u64, body.clone().unwrap_or_default());
    issue.edits.push(Edit { id, by: by.to_owned(), at, body: text });
    issue.body = body;
}

/// Writes the difference of two states of an issue into its timeline.
fn tell(call: &mut Call<'_>, before: &Issue, after: &Issue, titles: &[(u64, String)], actor: &str) {
    let title =
        |number: Option<u64>| titles.iter().find(|(known, _)| Some(*known) == number).map(|(_, title)| title);
    let mut happened = Vec::new();
    if before.milestone != after.milestone {
        happened.extend(title(before.milestone).map(|title| ("demilestoned", title.clone())));
        happened.extend(title(after.milestone).map(|title| ("milestoned", title.clone())));
    }
    if before.title != after.title {
        happened.push(("renamed", format!("{}\n{}", before.title, after.title)));
    }
    match (before.open(), after.open()) {
        (true, false) => happened.push(("closed", after.reason.clone().unwrap_or_default())),
        (false, true) => happened.push(("reopened", String::new())),
        (true, true) | (false, false) => {}
    }
    for (kind, detail) in happened {
        timeline::happened(call.world, call.repo, after.number, kind, actor, call.site.now, &detail);
    }
}

fn put_assignees(call: &mut Call<'_>, number: u64, mut logins: Vec<String>) -> Result<(), Refusal> {
    logins.truncate(10);
    logins.dedup();
    let (now, actor) = (call.site.now, call.login());
    let issue = call.repo_mut().issues.get_mut(&number).ok_or_else(Refusal::not_found)?;
    let before = std::mem::replace(&mut issue.assignees, logins.clone());
    issue.updated = now;
    for login in logins.iter().filter(|login| !before.contains(login)) {
        timeline::happened(call.world, call.repo, number, "assigned", &actor, now, login);
    }
    for login in before.iter().filter(|login| !logins.contains(login)) {
        timeline::happened(call.world, call.repo, number, "unassigned", &actor, now, login);
    }
    Ok(())
}

/// `POST …/issues/{issue_number}/assignees`
pub(super) fn assign(call: &mut Call<'_>) -> Answer {
    let number = call.number(0)?;
    let mut logins = call.issue(0)?.assignees.clone();
    for login in call.texts("assignees").unwrap_or_default() {
        if !logins.contains(&login) {
            logins.push(login);
        }
    }
    put_assignees(call, number, logins)?;
    let Reply { body, .. } = get(call)?;
    Ok(Reply { status: 201, body, ..Reply::default() })
}

/// `DELETE …/issues/{issue_number}/assignees`
pub(super) fn unassign(call: &mut Call<'_>) -> Answer {
    let number = call.number(0)?;
    let gone = call.texts("assignees").unwrap_or_default();
    let logins = call.issue(0)?.assignees.iter().filter(|login| !gone.contains(login)).cloned().collect();
    put_assignees(call, number, logins)?;
    get(call)
}
