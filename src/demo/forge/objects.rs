//! The forge's view of its bare git repository, opened anew for each request so that a push is seen.

use super::call::{Refusal, Site};
use super::state::Repository as Repo;
use super::users;
use crate::demo::clock::stamp;
use crate::order::Order as _;
use git2::{Commit, ObjectType, Oid, Repository, Sort};
use serde_json::{Value, json};
use std::path::Path;

pub(super) struct Objects(pub Repository);

impl Objects {
    pub(super) fn open(origin: &Path) -> Result<Self, Refusal> {
        Ok(Self(Repository::open_bare(origin)?))
    }

    /// Full name and target of every ref below `prefix`, in order of name.
    pub(super) fn refs(&self, prefix: &str) -> Result<Vec<(String, Oid)>, Refusal> {
        let mut all = Vec::new();
        for reference in self.0.references()? {
            let reference = reference?;
            let (Ok(name), Some(oid)) = (reference.name(), reference.target()) else { continue };
            if name.starts_with(prefix) {
                all.push((name.to_owned(), oid));
            }
        }
        all.order();
        Ok(all)
    }

    pub(super) fn target(&self, name: &str) -> Option<Oid> {
        self.0.find_reference(name).ok().and_then(|reference| reference.target())
    }

    /// The commit that a branch, a tag, a full ref or a (short) sha names.
    pub(super) fn commit(&self, name: &str) -> Result<Commit<'_>, Refusal> {
        for full in
            [format!("refs/heads/{name}"), format!("refs/tags/{name}"), format!("refs/{name}"), name.into()]
        {
            if let Ok(reference) = self.0.find_reference(&full) {
                return reference.peel_to_commit().map_err(Refusal::from);
            }
        }
        if name == "HEAD" {
            return Ok(self.0.head()?.peel_to_commit()?);
        }
        let hex = name.len() >= 7 && name.bytes().all(|b| b.is_ascii_hexdigit());
        let missing = || Refusal::invalid(format!("No commit found for SHA: {name}"));
        if !hex {
            return Err(missing());
        }
        let object = self.0.revparse_single(name).map_err(|_| missing())?;
        object.peel_to_commit().map_err(|_| missing())
    }

    /// Commits reachable from `tip` and not from `hidden`, newest first.
    pub(super) fn walk(&self, tip: Oid, hidden: Option<Oid>) -> Result<Vec<Oid>, Refusal> {
        let mut walk = self.0.revwalk()?;
        walk.set_sorting(Sort::TIME | Sort::TOPOLOGICAL)?;
        walk.push(tip)?;
        if let Some(hidden) = hidden {
            walk.hide(hidden)?;
        }
        walk.collect::<Result<_, _>>().map_err(Refusal::from)
    }

    /// The files that a commit changes against its first parent.
    pub(super) fn diff(&self, old: Option<Oid>, new: Oid) -> Result<Vec<FileDiff>, Refusal> {
        let tree = |oid: Oid| self.0.find_commit(oid).and_then(|commit| commit.tree());
        let old = old.map(tree).transpose()?;
        let mut diff = self.0.diff_tree_to_tree(old.as_ref(), Some(&tree(new)?), None)?;
        diff.find_similar(None)?;
        let mut files = Vec::new();
        for at in 0..diff.deltas().len() {
            let Some(delta) = diff.get_delta(at) else { continue };
            let mut patch = git2::Patch::from_diff(&diff, at)?;
            let (_, added, removed) = patch.as_ref().map_or(Ok((0, 0, 0)), git2::Patch::line_stats)?;
            let text = patch.as_mut().and_then(|patch| patch.to_buf().ok());
            let text = text.map(|buf| String::from_utf8_lossy(&buf).into_owned());
            let name = |file: git2::DiffFile<'_>| file.path().map(|p| p.to_string_lossy().into_owned());
            files.push(FileDiff {
                sha: if delta.new_file().id().is_zero() {
                    delta.old_file().id()
                } else {
                    delta.new_file().id()
                },
                path: name(delta.new_file()).unwrap_or_default(),
                before: name(delta.old_file()).unwrap_or_default(),
                status: delta.status(),
                added,
                removed,
                patch: text.and_then(|text| text.find("@@").map(|at| text[at..].trim_end().to_owned())),
            });
        }
        Ok(files)
    }
}

/// How one file differs.
pub(super) struct FileDiff {
    pub sha: Oid,
    pub path: String,
    pub before: String,
    pub status: git2::Delta,
    pub added: usize,
    pub removed: usize,
    pub patch: Option<String>,
}

impl FileDiff {
    /// `diff-entry`.
    pub(super) fn render(&self, site: &Site, repo: &Repo, at: &str) -> Value {
        let status = match self.status {
            git2::Delta::Added => "added",
            git2::Delta::Deleted => "removed",
            git2::Delta::Renamed => "renamed",
            git2::Delta::Copied => "copied",
            _ => "modified",
        };
        let mut value = json!({
            "sha": self.sha.to_string(), "filename": self.path, "status": status, "additions": self.added,
            "deletions": self.removed, "changes": self.added + self.removed,
            "blob_url": format!("{}/blob/{at}/{}", site.html(repo), self.path),
            "raw_url": format!("{}/raw/{at}/{}", site.html(repo), self.path),
            "contents_url": format!("{}/contents/{}?ref={at}", site.repo(repo), self.path),
        });
        if let Some(patch) = &self.patch {
            value["patch"] = json!(patch);
        }
        if status == "renamed" {
            value["previous_filename"] = json!(self.before);
        }
        value
    }
}

/// The login behind a name and an address: the demo's people by name, others by the address.
pub(super) fn login(name: &str, email: &str) -> String {
    if let Some((_, login)) = crate::demo::history::PEOPLE.iter().find(|(known, _)| *known == name) {
        return (*login).to_owned();
    }
    let local = email.split('@').next().unwrap_or_default();
    let local = local.split('+').next_back().unwrap_or_default();
    let clean: String = local.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let clean = clean.trim_matches('-').chars().take(39).collect::<String>();
    if clean.is_empty() { "ghost".into() } else { clean }
}

/// Name and login of the author of a commit.
pub(super) fn author(commit: &Commit<'_>) -> (String, String) {
    let author = commit.author();
    let name = String::from_utf8_lossy(author.name_bytes()).into_owned();
    let login = login(&name, &String::from_utf8_lossy(author.email_bytes()));
    (name, login)
}

fn person(signature: &git2::Signature<'_>) -> Value {
    json!({
        "name": String::from_utf8_lossy(signature.name_bytes()),
        "email": String::from_utf8_lossy(signature.email_bytes()),
        "date": stamp(signature.when().seconds()),
    })
}

pub(super) fn message(commit: &Commit<'_>) -> String {
    String::from_utf8_lossy(commit.message_bytes()).trim_end().to_owned()
}

fn unsigned() -> Value {
    json!({ "verified": false, "reason": "unsigned", "signature": null, "payload": null, "verified_at": null })
}

/// `commit`, as the REST API lists it.
pub(super) fn render(site: &Site, repo: &Repo, commit: &Commit<'_>) -> Value {
    let (sha, root, html) = (commit.id().to_string(), site.repo(repo), site.html(repo));
    let parents: Vec<Value> = commit
        .parent_ids()
        .map(|id| {
            let (url, html) = (format!("{root}/commits/{id}"), format!("{html}/commit/{id}"));
            json!({ "sha": id.to_string(), "url": url, "html_url": html })
        })
        .collect();
    let tree = commit.tree_id();
    let (_, login) = author(commit);
    json!({
        "sha": sha, "node_id": users::node("C", &sha), "url": format!("{root}/commits/{sha}"),
        "html_url": format!("{html}/commit/{sha}"), "comments_url": format!("{root}/commits/{sha}/comments"),
        "commit": {
            "author": person(&commit.author()), "committer": person(&commit.committer()),
            "message": message(commit), "tree": { "sha": tree.to_string(), "url": format!("{root}/git/trees/{tree}") },
            "url": format!("{root}/git/commits/{sha}"), "comment_count": 0, "verification": unsigned(),
        },
        "author": users::simple(site, &login), "committer": users::simple(site, &login), "parents": parents,
    })
}

/// `git-commit`, as the Git database API shows it.
pub(super) fn bare(site: &Site, repo: &Repo, commit: &Commit<'_>) -> Value {
    let full = render(site, repo, commit);
    let sha = commit.id().to_string();
    let inner = &full["commit"];
    let parents: Vec<Value> = commit
        .parent_ids()
        .map(|id| {
            let (url, html) = (site.repo(repo), site.html(repo));
            json!({ "sha": id.to_string(), "url": format!("{url}/git/commits/{id}"), "html_url": format!("{html}/commit/{id}") })
        })
        .collect();
    json!({
        "sha": sha, "node_id": full["node_id"], "url": inner["url"], "html_url": full["html_url"],
        "author": inner["author"], "committer": inner["committer"], "message": inner["message"],
        "tree": inner["tree"], "parents": parents, "verification": unsigned(),
    })
}

/// `simple-commit`, as runs and suites carry it; a commit that is gone leaves the fields it can.
pub(super) fn simple(objects: &Objects, sha: &str) -> Value {
    let commit = Oid::from_str(sha).and_then(|oid| objects.0.find_commit(oid));
    let Ok(commit) = commit else {
        return json!({ "id": sha, "tree_id": sha, "message": "", "timestamp": stamp(0), "author": null, "committer": null });
    };
    let name = |who: git2::Signature<'_>| {
        let full = person(&who);
        json!({ "name": full["name"], "email": full["email"] })
    };
    json!({
        "id": sha, "tree_id": commit.tree_id().to_string(), "message": message(&commit),
        "timestamp": stamp(commit.time().seconds()), "author": name(commit.author()), "committer": name(commit.committer()),
    })
}

/// The commit below a ref's target, and the target's type.
pub(super) fn kind(objects: &Objects, oid: Oid) -> &'static str {
    match objects.0.find_object(oid, None).ok().and_then(|object| object.kind()) {
        Some(ObjectType::Tag) => "tag",
        Some(ObjectType::Tree) => "tree",
        Some(ObjectType::Blob) => "blob",
        _ => "commit",
    }
}
