//! Labels of repositories, and on issues.

use super::call::{Answer, Call, Refusal, Reply, Site};
use super::state::{Label, Repository};
use super::{timeline, users};
use serde_json::{Value, json};

pub(super) fn render(site: &Site, repo: &Repository, label: &Label) -> Value {
    let name = percent_encoding::utf8_percent_encode(&label.name, percent_encoding::NON_ALPHANUMERIC);
    json!({
        "id": label.id, "node_id": users::node("LA", &label.id.to_string()),
        "url": format!("{}/labels/{name}", site.repo(repo)), "name": label.name,
        "description": label.description, "color": label.color, "default": label.name == "bug",
    })
}

/// The labels of an issue, rendered.
pub(super) fn on(site: &Site, repo: &Repository, names: &[String]) -> Vec<Value> {
    let known = |name: &String| repo.labels.iter().find(|label| label.name == *name);
    names.iter().filter_map(known).map(|label| render(site, repo, label)).collect()
}

/// `GET …/labels`
pub(super) fn list(call: &mut Call<'_>) -> Answer {
    Ok(call.page(&call.repo().labels, |label| render(&call.site, call.repo(), label)))
}

/// `GET …/labels/{name}`
pub(super) fn get(call: &mut Call<'_>) -> Answer {
    let label = call.repo().labels.iter().find(|label| label.name.eq_ignore_ascii_case(call.arg(0)));
    Ok(Reply::ok(render(&call.site, call.repo(), label.ok_or_else(Refusal::not_found)?)))
}

/// `POST …/labels`
pub(super) fn create(call: &mut Call<'_>) -> Answer {
    let name = call.needed("name", "Label")?;
    if call.repo().labels.iter().any(|label| label.name.eq_ignore_ascii_case(&name)) {
        return Err(Refusal::field("Label", "name", "already_exists"));
    }
    let color = call.text("color").unwrap_or_else(|| "ededed".into());
    let label = Label { id: call.world.id(), name, color, description: call.text("description") };
    let value = render(&call.site, call.repo(), &label);
    call.repo_mut().labels.push(label);
    Ok(Reply::created(value))
}

/// `GET …/issues/{issue_number}/labels`
pub(super) fn of_issue(call: &mut Call<'_>) -> Answer {
    let labels = on(&call.site, call.repo(), &call.issue(0)?.labels);
    Ok(call.page(&labels, Value::clone))
}

/// The labels that a body names: `{"labels": […]}` or a bare list.
fn named(call: &Call<'_>) -> Result<Vec<String>, Refusal> {
    let list = call.body.get("labels").unwrap_or(&call.body);
    super::call::texts(list).ok_or_else(|| Refusal::field("Label", "labels", "missing_field"))
}

/// Makes labels that a repository does not have yet, as GitHub does.
pub(super) fn ensure(call: &mut Call<'_>, names: &[String]) {
    for name in names {
        if !call.repo().labels.iter().any(|label| label.name == *name) {
            let label =
                Label { id: call.world.id(), name: name.clone(), color: "ededed".into(), description: None };
            call.repo_mut().labels.push(label);
        }
    }
}

/// Sets the labels of an issue and writes what came and went into its timeline.
pub(super) fn put(call: &mut Call<'_>, number: u64, names: Vec<String>) -> Result<(), Refusal> {
    ensure(call, &names);
    let (now, actor) = (call.site.now, call.login());
    let issue = call.repo_mut().issues.get_mut(&number).ok_or_else(Refusal::not_found)?;
    let mut wanted: Vec<String> = Vec::new();
    for name in names {
        if !wanted.contains(&name) {
            wanted.push(name);
        }
    }
    let came: Vec<String> = wanted.iter().filter(|name| !issue.labels.contains(name)).cloned().collect();
    let went: Vec<String> = issue.labels.iter().filter(|name| !wanted.contains(name)).cloned().collect();
    if came.is_empty() && went.is_empty() {
        return Ok(());
    }
    issue.labels = wanted;
    issue.updated = now;
    for (kind, names) in [("labeled", came), ("unlabeled", went)] {
        for name in names {
            timeline::happened(call.world, call.repo, number, kind, &actor, now, &name);
        }
    }
    Ok(())
}

fn answer(call: &mut Call<'_>) -> Answer {
    Ok(Reply::ok(Value::Array(on(&call.site, call.repo(), &call.issue(0)?.labels))))
}

/// `POST …/issues/{issue_number}/labels`: adds to what is there.
pub(super) fn add(call: &mut Call<'_>) -> Answer {
    let number = call.number(0)?;
    let mut names = call.issue(0)?.labels.clone();
    names.extend(named(call)?);
    put(call, number, names)?;
    answer(call)
}

/// `PUT …/issues/{issue_number}/labels`: these and no others.
pub(super) fn set(call: &mut Call<'_>) -> Answer {
    let (number, names) = (call.number(0)?, named(call)?);
    put(call, number, names)?;
    answer(call)
}

/// `DELETE …/issues/{issue_number}/labels`
pub(super) fn clear(call: &mut Call<'_>) -> Answer {
    let number = call.number(0)?;
    put(call, number, Vec::new())?;
    Ok(Reply::empty(204))
}

/// `DELETE …/issues/{issue_number}/labels/{name}`
pub(super) fn remove(call: &mut Call<'_>) -> Answer {
    let (number, name) = (call.number(0)?, call.arg(1).to_owned());
    let mut names = call.issue(0)?.labels.clone();
    if !names.contains(&name) {
        return Err(Refusal::new(404, "Label does not exist"));
    }
    names.retain(|label| *label != name);
    put(call, number, names)?;
    answer(call)
}
