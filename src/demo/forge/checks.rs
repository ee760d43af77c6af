//! Check runs, check suites and commit statuses of a commit.

use super::call::{Answer, Call, Refusal, Reply, Site};
use super::objects;
use super::run_state;
use super::state::{Check, Job, Repository, Run, Status};
use super::{repos, users};
use crate::demo::clock::stamp;
use serde_json::{Value, json};

/// The check suite of a workflow run.
pub(super) fn suite_of(run: u64) -> u64 {
    run + 1_000_000
}

fn app(site: &Site, name: &str) -> Value {
    let slug = name.to_lowercase().replace(' ', "-");
    json!({
        "id": users::number_of(name) % 100_000, "slug": slug, "node_id": users::node("A", name),
        "owner": users::simple(site, "octo"), "name": name, "description": "", "external_url": site.base.as_ref(),
        "html_url": format!("{}/apps/{slug}", site.base), "created_at": stamp(0), "updated_at": stamp(0),
        "permissions": { "checks": "write", "metadata": "read" }, "events": ["check_run"],
    })
}

fn output(site: &Site, repo: &Repository, id: u64, title: Option<&str>) -> Value {
    let url = format!("{}/check-runs/{id}/annotations", site.repo(repo));
    json!({ "title": title, "summary": null, "text": null, "annotations_count": 0, "annotations_url": url })
}

/// A job of a run, as the check run that it is too.
fn of_job(site: &Site, repo: &Repository, run: &Run, job: &Job) -> Value {
    let stand = run_state::job(job, run, site.now);
    let (id, html) = (job.id, format!("{}/actions/runs/{}/job/{}", site.html(repo), run.id, job.id));
    json!({
        "id": id, "node_id": users::node("CR", &id.to_string()), "head_sha": run.sha, "external_id": id.to_string(),
        "url": format!("{}/check-runs/{id}", site.repo(repo)), "html_url": html, "details_url": html,
        "status": stand.status(), "conclusion": stand.conclusion(), "started_at": stand.since().map(stamp),
        "completed_at": stand.until().map(stamp), "output": output(site, repo, id, None), "name": job.name,
        "check_suite": { "id": suite_of(run.id) }, "app": app(site, "GitHub Actions"), "pull_requests": [],
    })
}

/// A check run of another app.
fn of_other(site: &Site, repo: &Repository, check: &Check) -> Value {
    let (id, html) = (check.id, format!("{}/runs/{}", site.html(repo), check.id));
    json!({
        "id": id, "node_id": users::node("CR", &id.to_string()), "head_sha": check.sha, "external_id": "",
        "url": format!("{}/check-runs/{id}", site.repo(repo)), "html_url": html, "details_url": html,
        "status": check.status, "conclusion": check.conclusion, "started_at": stamp(check.started),
        "completed_at": check.completed.map(stamp), "output": output(site, repo, id, Some(&check.name)),
        "name": check.name, "check_suite": { "id": check.suite }, "app": app(site, &check.name), "pull_requests": [],
    })
}

/// Every check run of a commit with the suite it belongs to, newest first.
pub(super) fn of_commit(site: &Site, repo: &Repository, sha: &str) -> Vec<(u64, Value)> {
    let mut all = Vec::new();
    for run in repo.runs.iter().filter(|run| run.sha == sha).rev() {
        all.extend(run.jobs.iter().map(|job| (suite_of(run.id), of_job(site, repo, run, job))));
    }
    let others = repo.checks.iter().filter(|check| check.sha == sha);
    all.extend(others.map(|check| (check.suite, of_other(site, repo, check))));
    all
}

fn sha(call: &Call<'_>) -> Result<String, Refusal> {
    Ok(call.objects()?.commit(call.arg(0))?.id().to_string())
}

/// Leaves what `check_name` and `status` of the query ask for; `filter=latest` keeps one a name and app.
fn filtered(call: &Call<'_>, mut all: Vec<(u64, Value)>) -> Vec<(u64, Value)> {
    for (key, field) in [("check_name", "name"), ("status", "status")] {
        if let Some(wanted) = call.asked.query(key) {
            all.retain(|(_, value)| value[field] == wanted);
        }
    }
    if call.asked.query("filter") != Some("all") {
        let mut seen = std::collections::BTreeSet::new();
        all.retain(|(_, value)| seen.insert((value["name"].to_string(), value["app"]["id"].as_u64())));
    }
    all
}

/// `GET …/commits/{ref}/check-runs`
pub(super) fn runs(call: &mut Call<'_>) -> Answer {
    let all = of_commit(&call.site, call.repo(), &sha(call)?);
    Ok(call.wrapped("check_runs", &filtered(call, all), |(_, value)| value.clone()))
}

/// `GET …/check-suites/{check_suite_id}/check-runs`
pub(super) fn of_suite(call: &mut Call<'_>) -> Answer {
    let (suite, repo) = (call.number(0)?, call.repo());
    let run = repo.runs.iter().find(|run| suite_of(run.id) == suite).map(|run| &run.sha);
    let sha = run.or_else(|| repo.checks.iter().find(|check| check.suite == suite).map(|check| &check.sha));
    let mut all = of_commit(&call.site, repo, sha.ok_or_else(Refusal::not_found)?);
    all.retain(|(known, _)| *known == suite);
    Ok(call.wrapped("check_runs", &filtered(call, all), |(_, value)| value.clone()))
}

/// `GET …/check-runs/{check_run_id}`
pub(super) fn run(call: &mut Call<'_>) -> Answer {
    let (id, repo, site) = (call.number(0)?, call.repo(), &call.site);
    let job = repo.runs.iter().find_map(|run| run.jobs.iter().find(|job| job.id == id).map(|job| (run, job)));
    if let Some((run, job)) = job {
        return Ok(Reply::ok(of_job(site, repo, run, job)));
    }
    let check = repo.checks.iter().find(|check| check.id == id).ok_or_else(Refusal::not_found)?;
    Ok(Reply::ok(of_other(site, repo, check)))
}

/// `GET …/commits/{ref}/check-suites`
pub(super) fn suites(call: &mut Call<'_>) -> Answer {
    let (sha, objects) = (sha(call)?, call.objects()?);
    let (repo, site) = (call.repo(), &call.site);
    let commit = objects::simple(&objects, &sha);
    let suite = |id: u64,
                 branch: Option<&str>,
                 app: Value,
                 status: &str,
                 conclusion: Option<&str>,
                 at: i64,
                 count| {
        let url = format!("{}/check-suites/{id}", site.repo(repo));
        json!({
            "id": id, "node_id": users::node("CS", &id.to_string()), "head_branch": branch, "head_sha": sha,
            "status": status, "conclusion": conclusion, "url": url, "before": null, "after": sha, "pull_requests": [],
            "app": app, "repository": repos::minimal(site, repo), "created_at": stamp(at), "updated_at": stamp(at),
            "head_commit": commit, "latest_check_runs_count": count, "check_runs_url": format!("{url}/check-runs"),
        })
    };
    let mut all = Vec::new();
    for run in repo.runs.iter().filter(|run| run.sha == sha) {
        let stand = run_state::run(run, site.now);
        let (status, conclusion) = (stand.status(), stand.conclusion());
        let app = app(site, "GitHub Actions");
        all.push(suite(
            suite_of(run.id),
            Some(&run.branch),
            app,
            status,
            conclusion,
            run.created,
            run.jobs.len(),
        ));
    }
    for check in repo.checks.iter().filter(|check| check.sha == sha) {
        let app = app(site, &check.name);
        all.push(suite(check.suite, None, app, &check.status, check.conclusion.as_deref(), check.started, 1));
    }
    Ok(call.wrapped("check_suites", &all, Value::clone))
}

fn render_status(site: &Site, repo: &Repository, status: &Status) -> Value {
    let avatar = users::simple(site, &status.creator)["avatar_url"].clone();
    json!({
        "url": format!("{}/statuses/{}", site.repo(repo), status.sha), "avatar_url": avatar, "id": status.id,
        "node_id": users::node("SC", &status.id.to_string()), "state": status.state,
        "description": status.description, "target_url": status.target, "context": status.context,
        "created_at": stamp(status.created), "updated_at": stamp(status.created),
    })
}

/// The newest status of each context of a commit.
pub(super) fn newest<'a>(repo: &'a Repository, sha: &str) -> Vec<&'a Status> {
    let mut found: Vec<&Status> = Vec::new();
    for status in repo.statuses.iter().rev().filter(|status| status.sha == sha) {
        if !found.iter().any(|known| known.context == status.context) {
            found.push(status);
        }
    }
    found
}

/// `GET …/commits/{ref}/status`
pub(super) fn combined(call: &mut Call<'_>) -> Answer {
    let (sha, repo, site) = (sha(call)?, call.repo(), &call.site);
    let found = newest(repo, &sha);
    let has = |states: &[&str]| found.iter().any(|status| states.contains(&status.state.as_str()));
    let state = if has(&["failure", "error"]) {
        "failure"
    } else if found.is_empty() || has(&["pending"]) {
        "pending"
    } else {
        "success"
    };
    let all: Vec<Value> = found.iter().map(|status| render_status(site, repo, status)).collect();
    let page = call.wrapped("statuses", &all, Value::clone);
    let super::call::Content::Json(mut value) = page.body else { return Err(Refusal::not_found()) };
    let url = format!("{}/commits/{sha}", site.repo(repo));
    value["state"] = json!(state);
    value["sha"] = json!(sha);
    value["repository"] = repos::minimal(site, repo);
    value["commit_url"] = json!(url);
    value["url"] = json!(format!("{url}/status"));
    Ok(Reply { link: page.link, ..Reply::ok(value) })
}

/// `GET …/commits/{ref}/statuses`
pub(super) fn statuses(call: &mut Call<'_>) -> Answer {
    let (sha, repo) = (sha(call)?, call.repo());
    let found: Vec<&Status> = repo.statuses.iter().rev().filter(|status| status.sha == sha).collect();
    Ok(call.page(&found, |status| with_creator(&call.site, repo, status)))
}

fn with_creator(site: &Site, repo: &Repository, status: &Status) -> Value {
    let mut value = render_status(site, repo, status);
    value["creator"] = users::simple(site, &status.creator);
    value
}

/// `POST …/statuses/{sha}`
pub(super) fn set_status(call: &mut Call<'_>) -> Answer {
    let (sha, state) = (sha(call)?, call.needed("state", "Status")?);
    if !["error", "failure", "pending", "success"].contains(&state.as_str()) {
        return Err(Refusal::field("Status", "state", "invalid"));
    }
    let status = Status {
        id: call.world.id(),
        sha,
        context: call.text("context").unwrap_or_else(|| "default".into()),
        state,
        description: call.text("description"),
        target: call.text("target_url"),
        creator: call.login(),
        created: call.site.now,
    };
    let value = with_creator(&call.site, call.repo(), &status);
    call.repo_mut().statuses.push(status);
    Ok(Reply::created(value))
}
