//! Commits and comparisons of commits.

use super::call::{Answer, Call, Refusal, Reply, Site};
use super::objects::{self, Objects};
use super::state::Repository;
use crate::demo::clock::parse;
use git2::Oid;
use serde_json::{Value, json};

/// `GET …/commits`
pub(super) fn list(call: &mut Call<'_>) -> Answer {
    let objects = call.objects()?;
    let repo = call.repo();
    let start = call.asked.query("sha").unwrap_or(&repo.trunk);
    let Ok(tip) = objects.commit(start) else {
        if objects.0.is_empty().unwrap_or(false) {
            return Err(Refusal::new(409, "Git Repository is empty."));
        }
        return Err(Refusal::not_found());
    };
    let tip = tip.id();
    let path = call.asked.query("path");
    let since = call.asked.query("since").and_then(parse).unwrap_or(i64::MIN);
    let until = call.asked.query("until").and_then(parse).unwrap_or(i64::MAX);
    let author = call.asked.query("author");
    let mut found = Vec::new();
    for oid in objects.walk(tip, None)? {
        let commit = objects.0.find_commit(oid)?;
        let at = commit.time().seconds();
        let (name, login) = objects::author(&commit);
        if at < since || at > until || author.is_some_and(|author| author != login && author != name) {
            continue;
        }
        if path.is_some_and(|path| !touches(&commit, path)) {
            continue;
        }
        found.push(oid);
    }
    Ok(call.page(&found, |oid| shown(&call.site, repo, &objects, *oid)))
}

/// Whether a commit changes what lies at `path`, against its first parent.
fn touches(commit: &git2::Commit<'_>, path: &str) -> bool {
    let at = |commit: &git2::Commit<'_>| {
        commit.tree().ok().and_then(|tree| tree.get_path(path.as_ref()).ok()).map(|entry| entry.id())
    };
    at(commit) != commit.parent(0).ok().and_then(|parent| at(&parent))
}

fn shown(site: &Site, repo: &Repository, objects: &Objects, oid: Oid) -> Value {
    objects.0.find_commit(oid).map_or(Value::Null, |commit| objects::render(site, repo, &commit))
}

/// `GET …/commits/{ref}`
pub(super) fn get(call: &mut Call<'_>) -> Answer {
    let objects = call.objects()?;
    let repo = call.repo();
    let commit = objects.commit(call.arg(0))?;
    let mut value = objects::render(&call.site, repo, &commit);
    let sha = commit.id().to_string();
    let files = objects.diff(commit.parent_id(0).ok(), commit.id())?;
    let (added, removed) = files.iter().fold((0, 0), |(a, r), file| (a + file.added, r + file.removed));
    value["stats"] = json!({ "total": added + removed, "additions": added, "deletions": removed });
    value["files"] = files.iter().map(|file| file.render(&call.site, repo, &sha)).collect();
    Ok(Reply::ok(value))
}

/// `GET …/compare/{basehead}`: `base...head`, each a branch, a tag or a sha, `owner:` before it allowed.
pub(super) fn compare(call: &mut Call<'_>) -> Answer {
    let objects = call.objects()?;
    let (repo, site) = (call.repo(), &call.site);
    let (base, head) = call.arg(0).split_once("...").ok_or_else(Refusal::not_found)?;
    let named = |name: &str| name.rsplit_once(':').map_or(name, |(_, name)| name).to_owned();
    let (base, head) = (named(base), named(head));
    let old = objects.commit(&base).map_err(|_| Refusal::not_found())?;
    let new = objects.commit(&head).map_err(|_| Refusal::not_found())?;
    let merge_base = objects.0.merge_base(old.id(), new.id());
    let merge_base = merge_base
        .map_err(|_| Refusal::new(404, format!("No common ancestor between {base} and {head}.")))?;
    let (ahead, behind) = objects.0.graph_ahead_behind(new.id(), old.id())?;
    let status = match (ahead, behind) {
        (0, 0) => "identical",
        (_, 0) => "ahead",
        (0, _) => "behind",
        _ => "diverged",
    };
    let mut commits = objects.walk(new.id(), Some(old.id()))?;
    commits.reverse();
    let page = call.page(&commits, |oid| shown(site, repo, &objects, *oid));
    let super::call::Content::Json(listed) = page.body else { return Err(Refusal::not_found()) };
    let head_sha = new.id().to_string();
    let files = objects.diff(Some(merge_base), new.id())?;
    let files: Vec<Value> = files.iter().take(300).map(|file| file.render(site, repo, &head_sha)).collect();
    let html = format!("{}/compare/{base}...{head}", site.html(repo));
    let mut value = json!({
        "url": format!("{}/compare/{base}...{head}", site.repo(repo)), "html_url": html,
        "permalink_url": format!("{}/compare/{}...{head_sha}", site.html(repo), old.id()),
        "diff_url": format!("{html}.diff"), "patch_url": format!("{html}.patch"),
        "base_commit": objects::render(site, repo, &old), "merge_base_commit": shown(site, repo, &objects, merge_base),
        "status": status, "ahead_by": ahead, "behind_by": behind, "total_commits": commits.len(), "commits": listed,
    });
    // GitHub gives the files with the first page only.
    value["files"] =
        if page.link.is_some_and(|(page, _, _)| page == 1) { Value::Array(files) } else { json!([]) };
    Ok(Reply { link: page.link, ..Reply::ok(value) })
}
