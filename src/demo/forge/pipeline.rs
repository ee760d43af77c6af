//! What a pipeline makes once its run is over: a workflow whose file tags a commit leaves that tag behind.

use super::objects::Objects;
use super::run_state::{self, Stand};
use super::state::{Repository, TagOrder, World};
use git2::{ErrorCode, Signature, Time};
use std::collections::BTreeMap;

/// Who tags in a pipeline.
const WHO: (&str, &str) = ("Octo Release Bot", "bot@example.com");

/// The tag that a run of a workflow is asked to make: its file tags the commit of one input as another says.
pub(super) fn order(text: &str, inputs: &BTreeMap<String, String>) -> Option<TagOrder> {
    let tags = text.lines().any(|line| line.contains("git tag -a"));
    let given = |name: &str| inputs.get(name).filter(|value| !value.is_empty()).cloned();
    let order = || {
        let (tag, commit) = (given("version")?, given("commit")?);
        Some(TagOrder { message: given("message").unwrap_or_else(|| tag.clone()), tag, commit })
    };
    if tags { order() } else { None }
}

/// Makes what the runs that are over by now were asked for. Says whether anything was made.
pub(super) fn go_on(world: &mut World, now: i64) -> bool {
    let mut made = false;
    for repo in &mut world.repositories {
        let origin = repo.origin.clone();
        for at in 0..repo.runs.len() {
            let Some(order) = due(repo, at, now) else { continue };
            made = true;
            // A tag that is there stays, as git says: the step of the pipeline has failed.
            let went_well = tag(&origin, &order, now).unwrap_or(false);
            if let Some(job) = repo.runs[at].jobs.last_mut().filter(|_| !went_well) {
                job.conclusion = "failure".to_owned();
            }
        }
    }
    made
}

/// What a run is asked to make, when it has come to its end and was not stopped on the way.
fn due(repo: &mut Repository, at: usize, now: i64) -> Option<TagOrder> {
    let run = repo.runs.get_mut(at)?;
    run.makes.as_ref()?;
    let Stand::Done { conclusion, .. } = run_state::run(run, now) else { return None };
    let order = run.makes.take()?;
    (conclusion == "success").then_some(order)
}

fn tag(origin: &std::path::Path, order: &TagOrder, now: i64) -> Result<bool, git2::Error> {
    let Ok(objects) = Objects::open(origin) else { return Ok(false) };
    let Ok(commit) = objects.commit(&order.commit) else { return Ok(false) };
    let who = Signature::new(WHO.0, WHO.1, &Time::new(now, 0))?;
    match objects.0.tag(&order.tag, commit.as_object(), &who, &order.message, false) {
        Ok(_) => Ok(true),
        Err(why) if why.code() == ErrorCode::Exists => Ok(false),
        Err(why) => Err(why),
    }
}
