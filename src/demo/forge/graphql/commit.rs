//! Refs, commits, tags and releases in the graph.

use super::super::branches::protecting;
use super::super::objects::{self, Objects};
use super::super::state::{Release, Repository};
use super::super::{rules, users};
use super::query::{actor_value, open, repo};
use super::run::{Run, known};
use super::thing::{Fault, Found, Thing, leaf, plain};
use crate::demo::clock::{parse, stamp};
use git2::Oid;
use serde_json::{Value, json};

pub(super) fn reference(
    run: &Run<'_>,
    at: usize,
    full: &str,
    oid: Oid,
    name: &str,
    args: &Value,
) -> Result<Found, Fault> {
    let repo = repo(run, at);
    let cut = full.match_indices('/').nth(1).map_or(0, |(at, _)| at + 1);
    match name {
        "id" => leaf(users::node("REF", &format!("{}:{full}", repo.id))),
        "name" => leaf(&full[cut..]),
        "prefix" => leaf(&full[..cut]),
        "target" => {
            let objects = open(run, at)?;
            let tag = objects::kind(&objects, oid) == "tag";
            Ok(Found::One(Some(if tag { Thing::Tag(at, oid) } else { Thing::Commit(at, oid) })))
        }
        "repository" => Ok(Found::One(Some(Thing::Repository(at)))),
        "branchProtectionRule" | "refUpdateRule" => Ok(Found::One(protection(repo, &full[cut..], name))),
        "rules" => Ok(Found::List("RepositoryRule", rules_of(repo, &full[cut..]), json!({}))),
        "compare" => {
            let objects = open(run, at)?;
            let head = objects.commit(args["headRef"].as_str().unwrap_or_default())?;
            let base = super::super::branches::peeled(&objects, oid).unwrap_or(oid);
            let (ahead, behind) = objects.0.graph_ahead_behind(head.id(), base)?;
            let status = match (ahead, behind) {
                (0, 0) => "IDENTICAL",
                (_, 0) => "AHEAD",
                (0, _) => "BEHIND",
                _ => "DIVERGED",
            };
            Ok(Found::One(Some(plain(
                "Comparison",
                json!({ "aheadBy": ahead, "behindBy": behind, "status": status }),
            ))))
        }
        _ => known("Ref", &Value::Null, name),
    }
}

/// What protects a branch: for those who administer it, or as everyone may see it.
fn protection(repo: &Repository, branch: &str, name: &str) -> Option<Thing> {
    let rule = protecting(repo, branch)?;
    Some(if name == "refUpdateRule" {
        plain(
            "RefUpdateRule",
            json!({
                "pattern": rule.pattern, "requiredStatusCheckContexts": rule.contexts, "allowsDeletions": false,
                "allowsForcePushes": false, "requiredApprovingReviewCount": rule.reviews,
            }),
        )
    } else {
        plain(
            "BranchProtectionRule",
            json!({
                "id": users::node("BPR", &rule.pattern), "pattern": rule.pattern, "requiresStatusChecks": true,
                "requiredStatusCheckContexts": rule.contexts, "requiresApprovingReviews": rule.reviews > 0,
                "requiredApprovingReviewCount": rule.reviews, "requiresLinearHistory": false,
                "requiresCommitSignatures": false, "allowsForcePushes": false, "allowsDeletions": false,
                "isAdminEnforced": false,
            }),
        )
    })
}

/// The rules that hold for a branch, as GraphQL gives them.
fn rules_of(repo: &Repository, branch: &str) -> Vec<Thing> {
    let all = rules::covering(repo, branch)
        .flat_map(|set| rules::rules(set).into_iter().zip(1..).map(move |it| (set.id, it)));
    let thing = |(set, (rule, at)): (u64, (Value, u32))| {
        let checks: Option<Vec<Value>> = rule["parameters"]["required_status_checks"].as_array().map(|all| {
            all.iter().map(|it| json!({ "context": it["context"], "integrationId": null })).collect()
        });
        let parameters = checks.map(|checks| {
            json!({
                "__typename": "RequiredStatusChecksParameters", "requiredStatusChecks": checks,
                "strictRequiredStatusChecksPolicy": false, "doNotEnforceOnCreate": false,
            })
        });
        let kind = rule["type"].as_str().unwrap_or_default().to_uppercase();
        let id = users::node("RRU", &format!("{set}:{at}"));
        plain("RepositoryRule", json!({ "id": id, "type": kind, "parameters": parameters }))
    };
    all.map(thing).collect()
}

pub(super) fn commit(run: &Run<'_>, at: usize, oid: Oid, name: &str, args: &Value) -> Result<Found, Fault> {
    let (site, repo) = (&run.call.site, repo(run, at));
    let objects = open(run, at)?;
    let found = objects.0.find_commit(oid)?;
    let message = objects::message(&found);
    let (subject, body) = message.split_once('\n').unwrap_or((&message, ""));
    match name {
        "id" => leaf(users::node("C", &oid.to_string())),
        "oid" => leaf(oid.to_string()),
        "abbreviatedOid" => leaf(&oid.to_string()[..7]),
        "message" => leaf(message.as_str()),
        "messageHeadline" => leaf(subject),
        "messageBody" => leaf(body.trim()),
        "committedDate" | "pushedDate" => leaf(stamp(found.time().seconds())),
        "authoredDate" => leaf(stamp(found.author().when().seconds())),
        "url" | "commitUrl" => leaf(format!("{}/commit/{oid}", site.html(repo))),
        "author" | "committer" => {
            let who = if name == "author" { found.author() } else { found.committer() };
            let (said, email) =
                (String::from_utf8_lossy(who.name_bytes()), String::from_utf8_lossy(who.email_bytes()));
            let user = actor_value(run, &objects::login(&said, &email));
            let date = stamp(who.when().seconds());
            Ok(Found::One(Some(plain(
                "GitActor",
                json!({ "name": said, "email": email, "date": date, "user": user }),
            ))))
        }
        _ => near(run, at, &objects, &found, name, args),
    }
}

/// What a commit leads to.
fn near(
    run: &Run<'_>,
    at: usize,
    objects: &Objects,
    found: &git2::Commit<'_>,
    name: &str,
    args: &Value,
) -> Result<Found, Fault> {
    let (repo, oid) = (repo(run, at), found.id());
    match name {
        "parents" => {
            Ok(Found::List("Commit", found.parent_ids().map(|id| Thing::Commit(at, id)).collect(), json!({})))
        }
        "history" => {
            let since = args["since"].as_str().and_then(parse).unwrap_or(i64::MIN);
            let mut all = objects.walk(oid, None)?;
            all.retain(|oid| {
                objects.0.find_commit(*oid).is_ok_and(|commit| commit.time().seconds() >= since)
            });
            Ok(Found::List(
                "CommitHistory",
                all.into_iter().map(|oid| Thing::Commit(at, oid)).collect(),
                json!({}),
            ))
        }
        "associatedPullRequests" => {
            let sha = oid.to_string();
            let holds = |pull: &super::super::state::Pull| {
                pull.merge_sha.as_deref() == Some(&sha) || pull.head_sha == sha
            };
            let all = repo.issues.values().filter(|issue| issue.pull.as_ref().is_some_and(holds));
            Ok(Found::List(
                "PullRequest",
                all.map(|issue| Thing::Issue(at, issue.number)).collect(),
                json!({}),
            ))
        }
        "statusCheckRollup" => super::checks::of_commit(run, at, oid),
        "checkSuites" => super::checks::suites(run, at, oid),
        "repository" => Ok(Found::One(Some(Thing::Repository(at)))),
        _ => known("Commit", &Value::Null, name),
    }
}

pub(super) fn tag(run: &Run<'_>, at: usize, oid: Oid, name: &str) -> Result<Found, Fault> {
    let objects = open(run, at)?;
    let tag = objects.0.find_tag(oid)?;
    match name {
        "id" => leaf(users::node("TA", &oid.to_string())),
        "oid" => leaf(oid.to_string()),
        "name" => leaf(String::from_utf8_lossy(tag.name_bytes()).into_owned()),
        "message" => leaf(tag.message_bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned())),
        "tagger" => Ok(Found::One(tag.tagger().map(|who| {
            let name = String::from_utf8_lossy(who.name_bytes()).into_owned();
            plain("GitActor", json!({ "name": name, "date": stamp(who.when().seconds()) }))
        }))),
        "target" => {
            let target = tag.target_id();
            let tag = objects::kind(&objects, target) == "tag";
            Ok(Found::One(Some(if tag { Thing::Tag(at, target) } else { Thing::Commit(at, target) })))
        }
        _ => known("Tag", &Value::Null, name),
    }
}

pub(super) fn releases(run: &Run<'_>, at: usize, name: &str) -> Result<Found, Fault> {
    let repo = repo(run, at);
    let show = |release: &Release| {
        let assets: Vec<Value> = release
            .assets
            .iter()
            .map(
                |it| json!({ "name": it.name, "size": it.size, "contentType": it.kind, "digest": it.digest }),
            )
            .collect();
        plain(
            "Release",
            json!({
                "id": users::node("RE", &release.id.to_string()), "databaseId": release.id, "name": release.name,
                "tagName": release.tag, "description": release.body, "isDraft": release.draft,
                "isPrerelease": release.prerelease, "releaseAssets": { "totalCount": assets.len(), "nodes": assets },
                "isLatest": release.latest, "createdAt": stamp(release.created),
                "publishedAt": release.published.map(stamp), "author": actor_value(run, &release.author),
                "url": format!("{}/releases/tag/{}", run.call.site.html(repo), release.tag),
            }),
        )
    };
    if name == "latestRelease" {
        return Ok(Found::One(repo.latest().map(show)));
    }
    let drafts = run.call.caller.check(super::super::access::Takes::Write("contents")).is_ok();
    let all = repo.releases.iter().rev().filter(|release| drafts || !release.draft).map(show).collect();
    Ok(Found::List("Release", all, json!({})))
}
