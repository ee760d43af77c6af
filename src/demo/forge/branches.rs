//! Branches, their protection, and tags, read from git.

use super::call::{Answer, Call, Refusal, Reply, Site};
use super::objects::{self, Objects};
use super::state::{Protection, Repository, fits};
use super::users;
use serde_json::{Value, json};

/// The classic protection that covers a branch.
pub(super) fn protecting<'a>(repo: &'a Repository, branch: &str) -> Option<&'a Protection> {
    repo.protections.iter().find(|protection| fits(&protection.pattern, branch))
}

/// Whether a classic protection or a ruleset covers a branch.
fn protected(repo: &Repository, branch: &str) -> bool {
    protecting(repo, branch).is_some() || super::rules::covering(repo, branch).next().is_some()
}

fn checks(protection: &Protection) -> Vec<Value> {
    protection.contexts.iter().map(|context| json!({ "context": context, "app_id": null })).collect()
}

/// The protection as a branch carries it.
fn brief(repo: &Repository, branch: &str) -> Value {
    match protecting(repo, branch) {
        Some(protection) => json!({
            "enabled": true,
            "required_status_checks": {
                "enforcement_level": "non_admins", "contexts": protection.contexts, "checks": checks(protection),
            },
        }),
        None => json!({
            "enabled": protected(repo, branch),
            "required_status_checks": { "enforcement_level": "off", "contexts": [], "checks": [] },
        }),
    }
}

fn protection_url(site: &Site, repo: &Repository, branch: &str) -> String {
    let branch = percent_encoding::utf8_percent_encode(branch, percent_encoding::NON_ALPHANUMERIC);
    format!("{}/branches/{branch}/protection", site.repo(repo))
}

/// `GET …/branches`
pub(super) fn list(call: &mut Call<'_>) -> Answer {
    let refs = call.objects()?.refs("refs/heads/")?;
    let wanted = call.asked.query("protected").and_then(|text| text.parse::<bool>().ok());
    let repo = call.repo();
    let found: Vec<(&str, git2::Oid)> = refs
        .iter()
        .filter_map(|(name, oid)| Some((name.strip_prefix("refs/heads/")?, *oid)))
        .filter(|(name, _)| wanted.is_none_or(|wanted| protected(repo, name) == wanted))
        .collect();
    Ok(call.page(&found, |(name, oid)| {
        json!({
            "name": name, "commit": { "sha": oid.to_string(), "url": format!("{}/commits/{oid}", call.site.repo(repo)) },
            "protected": protected(repo, name), "protection": brief(repo, name),
            "protection_url": protection_url(&call.site, repo, name),
        })
    }))
}

/// `GET …/branches/{branch}`
pub(super) fn get(call: &mut Call<'_>) -> Answer {
    let objects = call.objects()?;
    let (site, repo, name) = (&call.site, call.repo(), call.arg(0));
    let missing = || Refusal::new(404, "Branch not found");
    let oid = objects.target(&format!("refs/heads/{name}")).ok_or_else(missing)?;
    let commit = objects.0.find_commit(oid)?;
    Ok(Reply::ok(json!({
        "name": name, "commit": objects::render(site, repo, &commit),
        "_links": {
            "html": format!("{}/tree/{name}", site.html(repo)),
            "self": protection_url(site, repo, name).trim_end_matches("/protection"),
        },
        "protected": protected(repo, name), "protection": brief(repo, name),
        "protection_url": protection_url(site, repo, name),
    })))
}

/// `GET …/branches/{branch}/protection`
pub(super) fn protection(call: &mut Call<'_>) -> Answer {
    let (site, repo, name) = (&call.site, call.repo(), call.arg(0));
    call.objects()?
        .target(&format!("refs/heads/{name}"))
        .ok_or_else(|| Refusal::new(404, "Branch not found"))?;
    let protection = protecting(repo, name).ok_or_else(|| Refusal::new(404, "Branch not protected"))?;
    let url = protection_url(site, repo, name);
    let off = || json!({ "enabled": false });
    Ok(Reply::ok(json!({
        "url": url,
        "required_status_checks": {
            "url": format!("{url}/required_status_checks"), "strict": false, "contexts": protection.contexts,
            "contexts_url": format!("{url}/required_status_checks/contexts"), "checks": checks(protection),
        },
        "required_pull_request_reviews": {
            "url": format!("{url}/required_pull_request_reviews"), "dismiss_stale_reviews": true,
            "require_code_owner_reviews": true, "required_approving_review_count": protection.reviews,
            "require_last_push_approval": false,
        },
        "enforce_admins": { "url": format!("{url}/enforce_admins"), "enabled": false },
        "required_linear_history": off(), "allow_force_pushes": off(), "allow_deletions": off(),
        "block_creations": off(), "required_conversation_resolution": off(),
        "required_signatures": { "url": format!("{url}/required_signatures"), "enabled": false },
        "lock_branch": off(), "allow_fork_syncing": off(),
    })))
}

/// `GET …/tags`: newest name first, peeled to commits.
pub(super) fn tags(call: &mut Call<'_>) -> Answer {
    let objects = call.objects()?;
    let repo = call.repo();
    let mut found = Vec::new();
    for (name, oid) in objects.refs("refs/tags/")? {
        found.extend(
            peeled(&objects, oid).map(|commit| (name.trim_start_matches("refs/tags/").to_owned(), commit)),
        );
    }
    found.reverse();
    Ok(call.page(&found, |(name, oid)| {
        let root = call.site.repo(repo);
        json!({
            "name": name, "commit": { "sha": oid.to_string(), "url": format!("{root}/commits/{oid}") },
            "zipball_url": format!("{root}/zipball/refs/tags/{name}"),
            "tarball_url": format!("{root}/tarball/refs/tags/{name}"),
            "node_id": users::node("REF", &format!("{}:refs/tags/{name}", repo.id)),
        })
    }))
}

/// The commit that a tag's target leads to.
pub(super) fn peeled(objects: &Objects, oid: git2::Oid) -> Option<git2::Oid> {
    let object = objects.0.find_object(oid, None).ok()?;
    object.peel(git2::ObjectType::Commit).ok().map(|commit| commit.id())
}
