//! The root of the graph, and repositories.

use super::super::branches::peeled;
use super::super::objects::{self, Objects};
use super::super::state::{Issue, Repository};
use super::super::users;
use super::run::{Run, known};
use super::thing::{Fault, Found, Thing, leaf, plain};
use crate::demo::clock::{parse, stamp};
use crate::order::Order as _;
use serde_json::{Value, json};

pub(super) fn repo<'a>(run: &'a Run<'_>, at: usize) -> &'a Repository {
    &run.call.world.repositories[at]
}

pub(super) fn open(run: &Run<'_>, at: usize) -> Result<Objects, Fault> {
    Ok(Objects::open(&repo(run, at).origin)?)
}

/// `User`, `Bot` or `Organization`.
pub(super) fn actor(run: &Run<'_>, login: &str) -> Thing {
    let value = actor_value(run, login);
    let kind = match value["__typename"].as_str() {
        Some("Bot") => "Bot",
        Some("Organization") => "Organization",
        _ => "User",
    };
    plain(kind, value)
}

pub(super) fn actor_value(run: &Run<'_>, login: &str) -> Value {
    let rest = users::simple(&run.call.site, login);
    let name = crate::demo::history::PEOPLE.iter().find(|(_, known)| *known == login).map(|(name, _)| *name);
    json!({
        "__typename": rest["type"], "id": rest["node_id"], "login": login, "name": name, "url": rest["html_url"],
        "avatarUrl": rest["avatar_url"], "databaseId": rest["id"], "email": "",
        "resourcePath": format!("/{login}"), "isViewer": run.call.caller.login == login,
    })
}

pub(super) fn root(run: &Run<'_>, name: &str, args: &Value) -> Result<Found, Fault> {
    match name {
        "viewer" => Ok(Found::One(Some(actor(run, &run.call.caller.login)))),
        "rateLimit" => {
            let (limit, used, reset) = run.call.meter.map_or((5000, 0, 0), |m| (m.limit, m.used, m.reset));
            let used = used + run.cost;
            Ok(Found::One(Some(plain(
                "RateLimit",
                json!({
                    "limit": limit, "cost": run.cost, "used": used, "remaining": limit.saturating_sub(used),
                    "resetAt": stamp(reset), "nodeCount": run.cost * 100,
                }),
            ))))
        }
        "repository" => {
            let wanted =
                format!("{}/{}", args["owner"].as_str().unwrap_or(""), args["name"].as_str().unwrap_or(""));
            let same = |repo: &Repository| {
                repo.full_name().eq_ignore_ascii_case(&wanted) || repo.formerly.contains(&wanted)
            };
            let at = run.call.world.repositories.iter().position(same);
            let missing = || format!("Could not resolve to a Repository with the name '{wanted}'.");
            at.map(|at| Found::One(Some(Thing::Repository(at))))
                .ok_or_else(|| Fault::new("NOT_FOUND", missing()))
        }
        "node" => node(run, args["id"].as_str().unwrap_or_default()).map(|thing| Found::One(Some(thing))),
        "nodes" => {
            let ids = args["ids"].as_array().cloned().unwrap_or_default();
            let all: Result<Vec<Thing>, Fault> =
                ids.iter().map(|id| node(run, id.as_str().unwrap_or_default())).collect();
            Ok(Found::Many(all?))
        }
        _ => known("Query", &Value::Null, name),
    }
}

fn node(run: &Run<'_>, id: &str) -> Result<Thing, Fault> {
    let missing =
        || Fault::new("NOT_FOUND", format!("Could not resolve to a node with the global id of '{id}'"));
    let (kind, key) = users::read_node(id).ok_or_else(missing)?;
    let split = key.split_once(':').and_then(|(repo, number)| {
        let repo: u64 = repo.parse().ok()?;
        let at = run.call.world.repositories.iter().position(|known| known.id == repo)?;
        Some((at, number.parse::<u64>().ok()?))
    });
    match (kind, split) {
        ("I" | "PR", Some((at, number))) if repo(run, at).issues.contains_key(&number) => {
            Ok(Thing::Issue(at, number))
        }
        ("MI", Some((at, number))) if repo(run, at).milestone(number).is_some() => {
            Ok(Thing::Milestone(at, number))
        }
        ("R", _) => {
            let at = run.call.world.repositories.iter().position(|known| known.id.to_string() == key);
            at.map(Thing::Repository).ok_or_else(missing)
        }
        ("U", _) => Ok(actor(run, &key)),
        _ => Err(missing()),
    }
}

pub(super) fn repository(run: &Run<'_>, at: usize, name: &str, args: &Value) -> Result<Found, Fault> {
    let repo = repo(run, at);
    match name {
        "id" => leaf(users::node("R", &repo.id.to_string())),
        "databaseId" => leaf(repo.id),
        "name" => leaf(repo.name.as_str()),
        "nameWithOwner" => leaf(repo.full_name()),
        "description" => leaf(repo.about.as_str()),
        "url" => leaf(run.call.site.html(repo)),
        "hasDiscussionsEnabled" => leaf(!repo.categories.is_empty()),
        "isPrivate" | "isArchived" | "isFork" | "isEmpty" => leaf(false),
        "viewerPermission" => leaf("WRITE"),
        "createdAt" => leaf(stamp(repo.created)),
        "updatedAt" | "pushedAt" => leaf(stamp(run.call.site.now - 3600)),
        _ => near(run, at, name, args),
    }
}

/// What a repository leads to.
fn near(run: &Run<'_>, at: usize, name: &str, args: &Value) -> Result<Found, Fault> {
    let repo = repo(run, at);
    match name {
        "owner" => Ok(Found::One(Some(actor(run, &repo.owner)))),
        "defaultBranchRef" => one_ref(run, at, &format!("refs/heads/{}", repo.trunk)),
        "ref" => {
            let wanted = args["qualifiedName"].as_str().unwrap_or_default();
            for full in [wanted.to_owned(), format!("refs/heads/{wanted}"), format!("refs/tags/{wanted}")] {
                if let Ok(Found::One(Some(found))) = one_ref(run, at, &full) {
                    return Ok(Found::One(Some(found)));
                }
            }
            Ok(Found::One(None))
        }
        "refs" => refs(run, at, args),
        "object" => object(run, at, args),
        "milestone" => {
            let number = args["number"].as_u64().filter(|number| repo.milestone(*number).is_some());
            Ok(Found::One(number.map(|number| Thing::Milestone(at, number))))
        }
        "milestones" => Ok(Found::List("Milestone", milestones(repo, at, args), json!({}))),
        "issue" | "pullRequest" | "issueOrPullRequest" => {
            let number = args["number"].as_u64().unwrap_or_default();
            let fits = |issue: &&Issue| match name {
                "issue" => issue.pull.is_none(),
                "pullRequest" => issue.pull.is_some(),
                _ => true,
            };
            let missing =
                || format!("Could not resolve to an issue or pull request with the number of {number}.");
            let known = repo.issues.get(&number).filter(fits);
            known
                .ok_or_else(|| Fault::new("NOT_FOUND", missing()))
                .map(|_| Found::One(Some(Thing::Issue(at, number))))
        }
        "issues" => Ok(Found::List("Issue", issues(repo, at, args, false, None), json!({}))),
        "pullRequests" => Ok(Found::List("PullRequest", issues(repo, at, args, true, None), json!({}))),
        "labels" => {
            Ok(Found::List("Label", repo.labels.iter().map(super::issue::label).collect(), json!({})))
        }
        "discussionCategories" | "discussions" => super::discussion::of_repository(run, at, name, args),
        "releases" | "latestRelease" => super::commit::releases(run, at, name),
        _ => known("Repository", &Value::Null, name),
    }
}

fn milestones(repo: &Repository, at: usize, args: &Value) -> Vec<Thing> {
    let states = super::issue::words(&args["states"]);
    let state = |closed: bool| if closed { "CLOSED" } else { "OPEN" };
    let wanted = |closed: bool| states.is_empty() || states.iter().any(|known| known == state(closed));
    let all = repo.milestones.iter().filter(|milestone| wanted(milestone.closed.is_some()));
    all.map(|milestone| Thing::Milestone(at, milestone.number)).collect()
}

/// Issues or pull requests that the arguments ask for, in the order they ask for.
pub(super) fn issues(
    repo: &Repository,
    at: usize,
    args: &Value,
    pulls: bool,
    milestone: Option<u64>,
) -> Vec<Thing> {
    let states = super::issue::words(&args["states"]);
    let labels = super::issue::words(&args["labels"]);
    let since = args["filterBy"]["since"].as_str().and_then(parse).unwrap_or(i64::MIN);
    let mut found: Vec<&Issue> = repo
        .issues
        .values()
        .filter(|issue| issue.pull.is_some() == pulls && milestone.is_none_or(|m| issue.milestone == Some(m)))
        .filter(|issue| states.is_empty() || states.iter().any(|state| state == super::issue::state(issue)))
        .filter(|issue| labels.is_empty() || labels.iter().any(|label| issue.labels.contains(label)))
        .filter(|issue| issue.updated >= since)
        .filter(|issue| {
            let same = |key: &str, value: Option<&String>| {
                args[key].as_str().is_none_or(|v| Some(v) == value.map(|s| s.as_str()))
            };
            let pull = issue.pull.as_ref();
            same("baseRefName", pull.map(|pull| &pull.base))
                && same("headRefName", pull.map(|pull| &pull.head))
        })
        .collect();
    if args["orderBy"]["field"] == "UPDATED_AT" {
        found.order_by_key(|issue| (issue.updated, issue.number));
    }
    if args["orderBy"]["direction"] == "DESC" {
        found.reverse();
    }
    found.into_iter().map(|issue| Thing::Issue(at, issue.number)).collect()
}

fn one_ref(run: &Run<'_>, at: usize, full: &str) -> Result<Found, Fault> {
    let target = open(run, at)?.target(full);
    Ok(Found::One(target.map(|oid| Thing::Ref(at, full.to_owned(), oid))))
}

fn refs(run: &Run<'_>, at: usize, args: &Value) -> Result<Found, Fault> {
    let objects = open(run, at)?;
    let wanted = args["query"].as_str().unwrap_or_default();
    let mut all = objects.refs(args["refPrefix"].as_str().unwrap_or("refs/heads/"))?;
    all.retain(|(name, _)| name.contains(wanted));
    if args["orderBy"]["field"] == "TAG_COMMIT_DATE" {
        let date = |oid| {
            peeled(&objects, oid).and_then(|oid| objects.0.find_commit(oid).ok()).map(|c| c.time().seconds())
        };
        all.order_by_key(|(_, oid)| date(*oid));
    }
    if args["orderBy"]["direction"] == "DESC" {
        all.reverse();
    }
    let all = all.into_iter().map(|(name, oid)| Thing::Ref(at, name, oid)).collect();
    Ok(Found::List("Ref", all, json!({})))
}

fn object(run: &Run<'_>, at: usize, args: &Value) -> Result<Found, Fault> {
    let objects = open(run, at)?;
    let wanted = args["oid"].as_str().or(args["expression"].as_str()).unwrap_or_default();
    let Ok(found) = objects.0.revparse_single(wanted) else { return Ok(Found::One(None)) };
    let oid = found.id();
    Ok(Found::One(Some(match objects::kind(&objects, oid) {
        "commit" => Thing::Commit(at, oid),
        "tag" => Thing::Tag(at, oid),
        "blob" => {
            let blob = objects.0.find_blob(oid)?;
            let text = std::str::from_utf8(blob.content()).ok();
            plain(
                "Blob",
                json!({ "oid": oid.to_string(), "text": text, "byteSize": blob.size(), "isBinary": text.is_none() }),
            )
        }
        _ => plain("Tree", json!({ "oid": oid.to_string() })),
    })))
}
