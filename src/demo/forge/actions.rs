//! Workflows, their runs and jobs: reading, dispatching, re-running, cancelling.

use super::call::{Answer, Call, Content, Refusal, Reply, Site};
use super::objects::{self, Objects};
use super::run_state::{self, Stand};
use super::state::{Job, Plan, Repository, Run, Workflow};
use super::{repos, users};
use crate::demo::clock::stamp;
use crate::order::Order as _;
use serde_json::{Value, json};

fn render_workflow(site: &Site, repo: &Repository, workflow: &Workflow) -> Value {
    let (id, path) = (workflow.id, &workflow.path);
    let file = path.rsplit('/').next().unwrap_or_default();
    json!({
        "id": id, "node_id": users::node("W", &id.to_string()), "name": workflow.name, "path": path, "state": "active",
        "created_at": stamp(repo.created), "updated_at": stamp(repo.created),
        "url": format!("{}/actions/workflows/{id}", site.repo(repo)),
        "html_url": format!("{}/blob/{}/{path}", site.html(repo), repo.trunk),
        "badge_url": format!("{}/workflows/{file}/badge.svg", site.html(repo)),
    })
}

pub(super) fn render_run(site: &Site, repo: &Repository, objects: &Objects, run: &Run) -> Value {
    let stand = run_state::run(run, site.now);
    let workflow = repo.workflows.iter().find(|workflow| workflow.id == run.workflow);
    let url = format!("{}/actions/runs/{}", site.repo(repo), run.id);
    let suite = super::checks::suite_of(run.id);
    let repository = repos::minimal(site, repo);
    json!({
        "id": run.id, "name": workflow.map(|workflow| &workflow.name), "node_id": users::node("WFR", &run.id.to_string()),
        "head_branch": run.branch, "head_sha": run.sha, "path": workflow.map_or("", |workflow| &workflow.path),
        "display_title": run.title, "run_number": run.number, "event": run.event, "status": stand.status(),
        "conclusion": stand.conclusion(), "workflow_id": run.workflow, "check_suite_id": suite,
        "check_suite_node_id": users::node("CS", &suite.to_string()), "url": url,
        "html_url": format!("{}/actions/runs/{}", site.html(repo), run.id), "pull_requests": [],
        "created_at": stamp(run.created), "updated_at": stamp(stand.until().unwrap_or(site.now).max(run.created)),
        "actor": users::simple(site, &run.actor), "run_attempt": run.attempt, "referenced_workflows": [],
        "run_started_at": stamp(run.started), "triggering_actor": users::simple(site, &run.actor),
        "jobs_url": format!("{url}/jobs"), "logs_url": format!("{url}/logs"),
        "check_suite_url": format!("{}/check-suites/{suite}", site.repo(repo)),
        "artifacts_url": format!("{url}/artifacts"), "cancel_url": format!("{url}/cancel"),
        "rerun_url": format!("{url}/rerun"), "previous_attempt_url": null,
        "workflow_url": format!("{}/actions/workflows/{}", site.repo(repo), run.workflow),
        "head_commit": objects::simple(objects, &run.sha), "repository": repository, "head_repository": repository,
    })
}

fn render_job(site: &Site, repo: &Repository, run: &Run, job: &Job) -> Value {
    let stand = run_state::job(job, run, site.now);
    let workflow = repo.workflows.iter().find(|workflow| workflow.id == run.workflow);
    let (root, html, id) = (site.repo(repo), site.html(repo), job.id);
    let steps: Vec<Value> = run_state::steps(job, run, site.now)
        .into_iter()
        .enumerate()
        .map(|(n, (name, stand))| {
            json!({
                "name": name, "status": stand.status(), "conclusion": stand.conclusion(), "number": n + 1,
                "started_at": stand.since().map(stamp), "completed_at": stand.until().map(stamp),
            })
        })
        .collect();
    let runs = stand != Stand::Queued;
    json!({
        "id": id, "run_id": run.id, "run_url": format!("{root}/actions/runs/{}", run.id), "run_attempt": job.attempt,
        "node_id": users::node("CR", &id.to_string()), "head_sha": run.sha, "url": format!("{root}/actions/jobs/{id}"),
        "html_url": format!("{html}/actions/runs/{}/job/{id}", run.id), "status": stand.status(),
        "conclusion": stand.conclusion(), "created_at": stamp(job.queued),
        "started_at": stamp(stand.since().unwrap_or(job.queued)), "completed_at": stand.until().map(stamp),
        "name": job.name, "steps": steps, "check_run_url": format!("{root}/check-runs/{id}"),
        "labels": ["ubuntu-latest"], "runner_id": runs.then_some(1), "runner_name": runs.then_some("GitHub Actions 1"),
        "runner_group_id": runs.then_some(0), "runner_group_name": runs.then_some("GitHub Actions"),
        "workflow_name": workflow.map(|workflow| &workflow.name), "head_branch": run.branch,
    })
}

/// `GET …/actions/workflows`
pub(super) fn workflows(call: &mut Call<'_>) -> Answer {
    let found = &call.repo().workflows;
    Ok(call.wrapped("workflows", found, |workflow| render_workflow(&call.site, call.repo(), workflow)))
}

/// A workflow by id or file name.
fn named<'a>(call: &'a Call<'_>) -> Result<&'a Workflow, Refusal> {
    let name = call.arg(0);
    let fits = |workflow: &&Workflow| {
        workflow.id.to_string() == name || workflow.path.rsplit('/').next().is_some_and(|file| file == name)
    };
    call.repo().workflows.iter().find(fits).ok_or_else(Refusal::not_found)
}

/// `GET …/actions/workflows/{workflow_id}`
pub(super) fn workflow(call: &mut Call<'_>) -> Answer {
    Ok(Reply::ok(render_workflow(&call.site, call.repo(), named(call)?)))
}

/// `GET …/actions/workflows/{workflow_id}/runs`
pub(super) fn workflow_runs(call: &mut Call<'_>) -> Answer {
    let id = named(call)?.id;
    list(call, Some(id))
}

/// `GET …/actions/runs`
pub(super) fn runs(call: &mut Call<'_>) -> Answer {
    list(call, None)
}

fn list(call: &Call<'_>, workflow: Option<u64>) -> Answer {
    let (asked, now) = (call.asked, call.site.now);
    let same = |key, value: &str| asked.query(key).is_none_or(|wanted| wanted == value);
    let mut found: Vec<&Run> = call
        .repo()
        .runs
        .iter()
        .filter(|run| workflow.is_none_or(|workflow| run.workflow == workflow))
        .filter(|run| same("branch", &run.branch) && same("event", &run.event) && same("actor", &run.actor))
        .filter(|run| same("head_sha", &run.sha))
        .filter(|run| {
            let stand = run_state::run(run, now);
            asked.query("status").is_none_or(|s| s == stand.status() || Some(s) == stand.conclusion())
        })
        .filter(|run| asked.query("created").is_none_or(|range| created(range, &stamp(run.created))))
        .collect();
    found.order_by_key(|run| std::cmp::Reverse((run.created, run.id)));
    let objects = call.objects()?;
    Ok(call.wrapped("workflow_runs", &found, |run| render_run(&call.site, call.repo(), &objects, run)))
}

/// GitHub's search syntax for dates: `>=X`, `<=X`, `X..Y`, `X`.
fn created(range: &str, at: &str) -> bool {
    let cut = |text: &str| at[..text.len().min(at.len())].to_owned();
    if let Some(from) = range.strip_prefix(">=") {
        cut(from).as_str() >= from
    } else if let Some(from) = range.strip_prefix('>') {
        cut(from).as_str() > from
    } else if let Some(to) = range.strip_prefix("<=") {
        cut(to).as_str() <= to
    } else if let Some(to) = range.strip_prefix('<') {
        cut(to).as_str() < to
    } else if let Some((from, to)) = range.split_once("..") {
        (from == "*" || cut(from).as_str() >= from) && (to == "*" || cut(to).as_str() <= to)
    } else {
        at.starts_with(range)
    }
}

fn at(call: &Call<'_>) -> Result<usize, Refusal> {
    let id = call.number(0)?;
    call.repo().runs.iter().position(|run| run.id == id).ok_or_else(Refusal::not_found)
}

/// `GET …/actions/runs/{run_id}`
pub(super) fn run(call: &mut Call<'_>) -> Answer {
    let run = &call.repo().runs[at(call)?];
    Ok(Reply::ok(render_run(&call.site, call.repo(), &call.objects()?, run)))
}

/// `GET …/actions/runs/{run_id}/jobs`
pub(super) fn jobs(call: &mut Call<'_>) -> Answer {
    let run = &call.repo().runs[at(call)?];
    Ok(call.wrapped("jobs", &run.jobs, |job| render_job(&call.site, call.repo(), run, job)))
}

/// `GET …/actions/runs/{run_id}/attempts/{attempt_number}/jobs`: the forge keeps each job's last attempt only.
pub(super) fn attempt_jobs(call: &mut Call<'_>) -> Answer {
    let (run, attempt) = (&call.repo().runs[at(call)?], call.number(1)?);
    let found: Vec<&Job> =
        run.jobs.iter().filter(|job| job.attempt == attempt || run.attempt == attempt).collect();
    Ok(call.wrapped("jobs", &found, |job| render_job(&call.site, call.repo(), run, job)))
}

fn find_job<'a>(call: &'a Call<'_>) -> Result<(&'a Run, &'a Job), Refusal> {
    let id = call.number(0)?;
    let find = |run: &'a Run| run.jobs.iter().find(|job| job.id == id).map(|job| (run, job));
    call.repo().runs.iter().find_map(find).ok_or_else(Refusal::not_found)
}

/// `GET …/actions/jobs/{job_id}`
pub(super) fn job(call: &mut Call<'_>) -> Answer {
    let (run, job) = find_job(call)?;
    Ok(Reply::ok(render_job(&call.site, call.repo(), run, job)))
}

/// `GET …/actions/jobs/{job_id}/logs`: a link that lasts a minute, as GitHub gives it.
pub(super) fn logs(call: &mut Call<'_>) -> Answer {
    let (run, job) = find_job(call)?;
    if run_state::job(job, run, call.site.now).since().is_none() {
        return Err(Refusal::not_found());
    }
    let url = format!("{}/actions/jobs/{}/raw-log", call.site.repo(call.repo()), job.id);
    Ok(Reply { status: 302, headers: vec![("location".into(), url)], ..Reply::default() })
}

/// Where the link leads: the log as far as the job has come.
pub(super) fn raw_log(call: &mut Call<'_>) -> Answer {
    let (run, job) = find_job(call)?;
    let text = log(run, job, call.site.now);
    Ok(Reply { status: 200, body: Content::Text(text), ..Reply::default() })
}

fn log(run: &Run, job: &Job, now: i64) -> String {
    let mut text = String::new();
    let mut say = |at: i64, line: &str| {
        let stamp = stamp(at);
        text.push_str(&format!("{}.{:07}Z {line}\n", stamp.trim_end_matches('Z'), job.id % 10_000_000));
    };
    for (name, stand) in run_state::steps(job, run, now) {
        let Some(since) = stand.since() else { continue };
        say(since, &format!("##[group]Run {name}"));
        say(since, "shell: /usr/bin/bash -e {0}");
        say(since, "##[endgroup]");
        match stand.conclusion() {
            Some("failure") => {
                for n in 0..12 {
                    say(
                        since + n,
                        &format!(
                            "tests/test_{}.py::test_case_{n} PASSED",
                            job.name.replace([' ', '(', ')'], "")
                        ),
                    );
                }
                let last = stand.until().unwrap_or(since);
                say(last, "tests/test_server.py::test_stream_order FAILED");
                say(last, "E       AssertionError: chunk 7 arrived before chunk 6");
                say(last, "==== 1 failed, 811 passed in 214.07s ====");
                say(last, "##[error]Process completed with exit code 1.");
            }
            Some(_) => say(stand.until().unwrap_or(since), "done"),
            None => say(since, "working"),
        }
    }
    text
}

/// `POST …/actions/workflows/{workflow_id}/dispatches`
pub(super) fn dispatch(call: &mut Call<'_>) -> Answer {
    let workflow = named(call)?.clone();
    let name = call.needed("ref", "WorkflowDispatch")?;
    let objects = call.objects()?;
    let short = name.trim_start_matches("refs/heads/").trim_start_matches("refs/tags/").to_owned();
    let commit = objects.commit(&short).map_err(|_| Refusal::invalid(format!("No ref found for: {name}")))?;
    let text = commit
        .tree()?
        .get_path(workflow.path.as_ref())
        .ok()
        .and_then(|entry| entry.to_object(&objects.0).ok());
    let text = text
        .and_then(|object| object.as_blob().map(|blob| String::from_utf8_lossy(blob.content()).into_owned()));
    let text = text.unwrap_or_default();
    if !text.is_empty() && !text.contains("workflow_dispatch") {
        return Err(Refusal::invalid("Workflow does not have 'workflow_dispatch' trigger"));
    }
    let inputs = super::inputs::given(call, &text)?;
    let title = super::inputs::title(&text, &inputs).unwrap_or_else(|| workflow.name.clone());
    let sha = commit.id().to_string();
    let actor = call.login();
    let id = start(call, &workflow, &short, &sha, "workflow_dispatch", &actor, &title);
    let makes = super::pipeline::order(&text, &inputs);
    if let Some(run) = call.repo_mut().runs.iter_mut().find(|run| run.id == id) {
        run.makes = makes;
    }
    if call.flag("return_run_details") != Some(true) {
        return Ok(Reply::empty(204));
    }
    let url = format!("{}/actions/runs/{id}", call.site.repo(call.repo()));
    let html = format!("{}/actions/runs/{id}", call.site.html(call.repo()));
    Ok(Reply::ok(json!({ "workflow_run_id": id, "run_url": url, "html_url": html })))
}

/// Starts a run of a workflow: queued now, its jobs going on with the clock.
fn start(
    call: &mut Call<'_>,
    workflow: &Workflow,
    branch: &str,
    sha: &str,
    event: &str,
    actor: &str,
    title: &str,
) -> u64 {
    let now = call.site.now;
    let number = call.repo().runs.iter().filter(|run| run.workflow == workflow.id).count() as u64 + 1;
    let id = call.world.id();
    let mut jobs = Vec::new();
    for (n, plan) in workflow.jobs.iter().enumerate() {
        let delay = 5 + 3 * i64::try_from(n).unwrap_or_default();
        jobs.push(planned(call.world.id(), plan, now, delay));
    }
    let run = Run {
        id,
        workflow: workflow.id,
        number,
        attempt: 1,
        branch: branch.to_owned(),
        sha: sha.to_owned(),
        event: event.to_owned(),
        actor: actor.to_owned(),
        title: title.to_owned(),
        created: now,
        started: now,
        cancelled: None,
        jobs,
        makes: None,
    };
    call.repo_mut().runs.push(run);
    id
}

/// A job that goes as its plan says, and well.
pub(super) fn planned(id: u64, plan: &Plan, queued: i64, delay: i64) -> Job {
    Job {
        id,
        name: plan.name.clone(),
        queued,
        delay,
        length: plan.length,
        conclusion: "success".into(),
        steps: plan.steps.clone(),
        failing: plan.steps.len().saturating_sub(1),
        attempt: 1,
    }
}

/// `POST …/actions/runs/{run_id}/rerun`
pub(super) fn rerun(call: &mut Call<'_>) -> Answer {
    again(call, |_| true)
}

/// `POST …/actions/runs/{run_id}/rerun-failed-jobs`
pub(super) fn rerun_failed(call: &mut Call<'_>) -> Answer {
    again(call, |conclusion| !matches!(conclusion, "success" | "skipped" | "neutral"))
}

fn again(call: &mut Call<'_>, wanted: fn(&str) -> bool) -> Answer {
    let (at, now) = (at(call)?, call.site.now);
    let run = &call.repo().runs[at];
    let Stand::Done { conclusion, .. } = run_state::run(run, now) else {
        return Err(Refusal::new(403, "This workflow is already running"));
    };
    if run.created < now - 30 * 86_400 {
        return Err(Refusal::new(
            403,
            "Unable to retry this workflow run because it was created over a month ago",
        ));
    }
    if conclusion == "success" && !wanted("success") {
        return Err(Refusal::new(403, "This workflow run has no failed jobs and cannot be re-run."));
    }
    let ended: Vec<String> = run
        .jobs
        .iter()
        .map(|job| run_state::job(job, run, now).conclusion().unwrap_or_default().to_owned())
        .collect();
    let mut ids = Vec::new();
    for _ in &ended {
        ids.push(call.world.id());
    }
    let run = &mut call.repo_mut().runs[at];
    run.attempt += 1;
    run.started = now;
    run.cancelled = None;
    let attempt = run.attempt;
    for ((job, ended), id) in run.jobs.iter_mut().zip(ended).zip(ids) {
        if wanted(&ended) {
            // A flaky failure goes well the second time; a job that never ran now does.
            *job = Job { id, queued: now, delay: 4, conclusion: "success".into(), attempt, ..job.clone() };
        }
    }
    Ok(Reply::created(json!({})))
}

/// `POST …/actions/runs/{run_id}/cancel`
pub(super) fn cancel(call: &mut Call<'_>) -> Answer {
    let (at, now) = (at(call)?, call.site.now);
    if matches!(run_state::run(&call.repo().runs[at], now), Stand::Done { .. }) {
        return Err(Refusal::new(409, "Cannot cancel a workflow run that is completed."));
    }
    call.repo_mut().runs[at].cancelled = Some(now);
    Ok(Reply::with(202, json!({})))
}
