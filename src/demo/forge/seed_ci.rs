//! The sample's workflow runs, other apps' checks and commit statuses: the last ten commits of each branch.

use super::actions::planned;
use super::call::Refusal;
use super::objects::{self, Objects};
use super::seed::{Aim, Sample};
use super::state::{Check, Repository, Run, Status, Workflow, World};
use crate::order::Order as _;
use git2::Oid;

/// Commits of a branch that have been checked.
const DEPTH: usize = 10;

/// Fills runs, checks and statuses of trunk and lines.
pub(super) fn fill(
    world: &mut World,
    objects: &Objects,
    repo: &mut Repository,
    sample: &Sample,
    aim: &Aim,
) -> Result<(), Refusal> {
    let newest = aim.lines.last().cloned();
    let mut branches = aim.lines.clone();
    branches.push(repo.trunk.clone());
    for branch in branches {
        let Some(tip) = objects.target(&format!("refs/heads/{branch}")) else { continue };
        let hot = newest.as_ref() == Some(&branch) && !sample.second;
        let commits: Vec<Oid> = first_parents(objects, tip)?;
        for (age, oid) in commits.iter().enumerate().rev() {
            let commit = objects.0.find_commit(*oid)?;
            ci(world, repo, sample, &branch, &commit, age, hot);
            others(world, repo, sample, &commit, hot && age == 0);
        }
        if let (Some(tip), true) = (commits.first(), sample.shape.is_some()) {
            nightly(world, repo, sample, &branch, *tip);
        }
    }
    repo.runs.order_by_key(|run| (run.created, run.id));
    let mut counts = std::collections::BTreeMap::new();
    for run in &mut repo.runs {
        let count: &mut u64 = counts.entry(run.workflow).or_default();
        *count += 1;
        run.number = *count;
    }
    Ok(())
}

fn first_parents(objects: &Objects, tip: Oid) -> Result<Vec<Oid>, Refusal> {
    let mut all = vec![tip];
    let mut commit = objects.0.find_commit(tip)?;
    while all.len() < DEPTH {
        let Ok(parent) = commit.parent(0) else { break };
        all.push(parent.id());
        commit = parent;
    }
    Ok(all)
}

fn push_run(
    world: &mut World,
    repo: &mut Repository,
    workflow: &Workflow,
    branch: &str,
    commit: &git2::Commit<'_>,
    event: &str,
    created: i64,
) -> usize {
    let message = objects::message(commit);
    let (_, actor) = objects::author(commit);
    let id = world.id();
    let mut jobs = Vec::new();
    for plan in &workflow.jobs {
        jobs.push(planned(world.id(), plan, created, 10));
    }
    repo.runs.push(Run {
        id,
        workflow: workflow.id,
        number: 1,
        attempt: 1,
        branch: branch.to_owned(),
        sha: commit.id().to_string(),
        event: event.to_owned(),
        actor,
        title: message.lines().next().unwrap_or_default().to_owned(),
        created,
        started: created,
        cancelled: None,
        jobs,
        makes: None,
    });
    repo.runs.len() - 1
}

/// The run of a push. The newest line is in trouble: red since three commits, one job at work, one skipped.
fn ci(
    world: &mut World,
    repo: &mut Repository,
    sample: &Sample,
    branch: &str,
    commit: &git2::Commit<'_>,
    age: usize,
    hot: bool,
) {
    let workflow = repo.workflows.iter().find(|workflow| workflow.path.ends_with("/ci.yml"));
    let Some(workflow) = workflow.or(repo.workflows.first()).cloned() else { return };
    // A commit dated in the future of the demo was pushed just now.
    let created = if hot && age == 0 {
        sample.now - 300
    } else {
        (commit.time().seconds() + 30).min(sample.now - 2000)
    };
    let at = push_run(world, repo, &workflow, branch, commit, "push", created);
    let seed = super::users::number_of(&commit.id().to_string());
    for job in &mut repo.runs[at].jobs {
        let flaky = !hot && age > 0 && seed % 9 == 4 && job.name.starts_with("integration");
        let broken = hot && age < 3 && job.name == "unit-tests (3.13)";
        let also = hot && age == 0 && job.name == "lint";
        if flaky || broken || also {
            job.conclusion = "failure".into();
            job.failing = 3;
        }
        if hot && age == 0 {
            match job.name.as_str() {
                "build" => (job.conclusion, job.length) = ("skipped".into(), 0),
                "integration" => job.length = 1500,
                _ => {}
            }
        }
    }
}

/// Another app's check run, and a commit status that the newest line's tip lacks.
fn others(
    world: &mut World,
    repo: &mut Repository,
    sample: &Sample,
    commit: &git2::Commit<'_>,
    missing: bool,
) {
    if sample.shape.is_none() || sample.second {
        return;
    }
    let (sha, at) = (commit.id().to_string(), commit.time().seconds() + 20);
    repo.checks.push(Check {
        id: world.id(),
        suite: world.id(),
        sha: sha.clone(),
        name: "DCO".into(),
        status: "completed".into(),
        conclusion: Some("success".into()),
        started: at,
        completed: Some(at + 2),
    });
    if !missing {
        repo.statuses.push(Status {
            id: world.id(),
            sha,
            context: "docs/build".into(),
            state: "success".into(),
            description: Some("The docs are built".into()),
            target: None,
            creator: "octo-release[bot]".into(),
            created: at + 300,
        });
    }
}

/// Last night's run; the long haul of the newest line is what it is.
fn nightly(world: &mut World, repo: &mut Repository, sample: &Sample, branch: &str, tip: Oid) {
    let Some(workflow) =
        repo.workflows.iter().find(|workflow| workflow.path.ends_with("/nightly.yml")).cloned()
    else {
        return;
    };
    let Ok(objects) = Objects::open(&repo.origin) else { return };
    let Ok(commit) = objects.0.find_commit(tip) else { return };
    push_run(world, repo, &workflow, branch, &commit, "schedule", sample.now - 5 * 3600);
}
