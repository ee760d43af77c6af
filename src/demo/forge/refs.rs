//! The Git database: refs, tags, commits, trees and blobs, read from and written to the bare repository.

use super::call::{Answer, Call, Refusal, Reply, Site};
use super::objects::{self, Objects};
use super::state::Repository;
use super::{rules, users};
use crate::demo::clock::{parse, stamp};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use git2::{ObjectType, Oid, Signature, Time};
use serde_json::{Value, json};

fn folder(kind: &str) -> &'static str {
    match kind {
        "tag" => "tags",
        "tree" => "trees",
        "blob" => "blobs",
        _ => "commits",
    }
}

fn object(site: &Site, repo: &Repository, objects: &Objects, oid: Oid) -> Value {
    let kind = objects::kind(objects, oid);
    let url = format!("{}/git/{}/{oid}", site.repo(repo), folder(kind));
    json!({ "type": kind, "sha": oid.to_string(), "url": url })
}

fn render(site: &Site, repo: &Repository, objects: &Objects, name: &str, oid: Oid) -> Value {
    json!({
        "ref": name, "node_id": users::node("REF", &format!("{}:{name}", repo.id)),
        "url": format!("{}/git/{name}", site.repo(repo)), "object": object(site, repo, objects, oid),
    })
}

/// `GET …/git/ref/{ref}`
pub(super) fn get(call: &mut Call<'_>) -> Answer {
    let objects = call.objects()?;
    let name = format!("refs/{}", call.arg(0));
    let oid = objects.target(&name).ok_or_else(Refusal::not_found)?;
    Ok(Reply::ok(render(&call.site, call.repo(), &objects, &name, oid)))
}

/// `GET …/git/matching-refs/{ref}`
pub(super) fn matching(call: &mut Call<'_>) -> Answer {
    let objects = call.objects()?;
    let found = objects.refs(&format!("refs/{}", call.arg(0)))?;
    Ok(call.page(&found, |(name, oid)| render(&call.site, call.repo(), &objects, name, *oid)))
}

fn oid(text: &str) -> Result<Oid, Refusal> {
    let full = text.len() == 40;
    let parsed = Oid::from_str(text).ok().filter(|_| full);
    parsed.ok_or_else(|| {
        Refusal::invalid("The sha parameter must be exactly 40 characters and contain only [0-9a-f].")
    })
}

/// `POST …/git/refs`
pub(super) fn create(call: &mut Call<'_>) -> Answer {
    let (name, sha) = (call.needed("ref", "Reference")?, oid(&call.needed("sha", "Reference")?)?);
    let objects = call.objects()?;
    if !name.starts_with("refs/") || name.matches('/').count() < 2 || !git2::Reference::is_valid_name(&name) {
        return Err(Refusal::invalid(
            "Reference name is not valid: it must start with 'refs/' and hold two slashes.",
        ));
    }
    if objects.0.find_object(sha, None).is_err() {
        return Err(Refusal::invalid("Object does not exist"));
    }
    if objects.target(&name).is_some() {
        return Err(Refusal::invalid("Reference already exists"));
    }
    if let Some(why) = rules::forbids(call.repo(), &name, "creation") {
        return Err(Refusal::invalid(why));
    }
    objects.0.reference(&name, sha, false, "api")?;
    Ok(Reply::created(render(&call.site, call.repo(), &objects, &name, sha)))
}

/// `PATCH …/git/refs/{ref}`
pub(super) fn update(call: &mut Call<'_>) -> Answer {
    let (name, sha) = (format!("refs/{}", call.arg(0)), oid(&call.needed("sha", "Reference")?)?);
    let objects = call.objects()?;
    let old = objects.target(&name).ok_or_else(|| Refusal::invalid("Reference does not exist"))?;
    let forward = old == sha || objects.0.graph_descendant_of(sha, old).unwrap_or(false);
    if !forward && call.flag("force") != Some(true) {
        return Err(Refusal::invalid("Update is not a fast forward"));
    }
    if let Some(why) = rules::forbids(call.repo(), &name, "non_fast_forward").filter(|_| !forward) {
        return Err(Refusal::invalid(why));
    }
    objects.0.reference(&name, sha, true, "api")?;
    Ok(Reply::ok(render(&call.site, call.repo(), &objects, &name, sha)))
}

/// `DELETE …/git/refs/{ref}`
pub(super) fn delete(call: &mut Call<'_>) -> Answer {
    let name = format!("refs/{}", call.arg(0));
    let objects = call.objects()?;
    if let Some(why) = rules::forbids(call.repo(), &name, "deletion") {
        return Err(Refusal::invalid(why));
    }
    let reference = objects.0.find_reference(&name);
    reference.map_err(|_| Refusal::invalid("Reference does not exist"))?.delete()?;
    Ok(Reply::empty(204))
}

/// Who the body says that wrote it; the caller, when it does not say.
fn person(call: &Call<'_>, key: &str) -> Result<Signature<'static>, Refusal> {
    let said = &call.body[key];
    let login = call.login();
    let name = said["name"].as_str().unwrap_or(&login);
    let email = said["email"].as_str().map_or_else(|| format!("{login}@example.com"), str::to_owned);
    let at = said["date"].as_str().and_then(parse).unwrap_or(call.site.now);
    Ok(Signature::new(name, &email, &Time::new(at, 0))?)
}

/// `POST …/git/tags`: makes the object; the ref is made by `POST …/git/refs`.
pub(super) fn create_tag(call: &mut Call<'_>) -> Answer {
    let (tag, target) = (call.needed("tag", "Tag")?, oid(&call.needed("object", "Tag")?)?);
    let (message, who) = (call.text("message").unwrap_or_default(), person(call, "tagger")?);
    let objects = call.objects()?;
    let target =
        objects.0.find_object(target, None).map_err(|_| Refusal::invalid("Object does not exist"))?;
    let made = objects.0.tag_annotation_create(&tag, &target, &who, &message)?;
    let value = annotated(&call.site, call.repo(), &objects, made)?;
    Ok(Reply::created(value))
}

fn annotated(site: &Site, repo: &Repository, objects: &Objects, oid: Oid) -> Result<Value, Refusal> {
    let tag = objects.0.find_tag(oid)?;
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let tagger = tag.tagger().map(|who| {
        json!({ "name": lossy(who.name_bytes()), "email": lossy(who.email_bytes()), "date": stamp(who.when().seconds()) })
    });
    let reason = json!({ "verified": false, "reason": "unsigned", "signature": null, "payload": null, "verified_at": null });
    Ok(json!({
        "node_id": users::node("TA", &oid.to_string()), "sha": oid.to_string(), "tag": lossy(tag.name_bytes()),
        "url": format!("{}/git/tags/{oid}", site.repo(repo)),
        "message": tag.message_bytes().map(lossy).unwrap_or_default(),
        "tagger": tagger.unwrap_or_else(|| json!({ "name": "", "email": "", "date": stamp(0) })),
        "object": object(site, repo, objects, tag.target_id()), "verification": reason,
    }))
}

/// `GET …/git/tags/{tag_sha}`
pub(super) fn get_tag(call: &mut Call<'_>) -> Answer {
    let objects = call.objects()?;
    Ok(Reply::ok(annotated(&call.site, call.repo(), &objects, oid(call.arg(0))?)?))
}

/// `POST …/git/commits`
pub(super) fn create_commit(call: &mut Call<'_>) -> Answer {
    let (message, tree) = (call.needed("message", "Commit")?, oid(&call.needed("tree", "Commit")?)?);
    let (author, committer) = (person(call, "author")?, person(call, "committer")?);
    let objects = call.objects()?;
    let missing = |_| Refusal::invalid("Tree SHA does not exist");
    let tree = objects.0.find_tree(tree).map_err(missing)?;
    let mut parents = Vec::new();
    for parent in call.texts("parents").unwrap_or_default() {
        let missing = |_| Refusal::invalid("Parent SHA does not exist or is not a commit object");
        parents.push(objects.0.find_commit(oid(&parent)?).map_err(missing)?);
    }
    let parents: Vec<_> = parents.iter().collect();
    let made = objects.0.commit(None, &author, &committer, &message, &tree, &parents)?;
    let commit = objects.0.find_commit(made)?;
    Ok(Reply::created(objects::bare(&call.site, call.repo(), &commit)))
}

/// `GET …/git/commits/{commit_sha}`
pub(super) fn get_commit(call: &mut Call<'_>) -> Answer {
    let objects = call.objects()?;
    let commit = objects.0.find_commit(oid(call.arg(0))?)?;
    Ok(Reply::ok(objects::bare(&call.site, call.repo(), &commit)))
}

/// `POST …/git/trees`: entries over a base tree; an entry whose sha is null is left out.
pub(super) fn create_tree(call: &mut Call<'_>) -> Answer {
    let objects = call.objects()?;
    let base = call.text("base_tree").map(|sha| oid(&sha)).transpose()?;
    let empty = objects.0.find_tree(objects.0.treebuilder(None)?.write()?)?;
    let base = base.map(|base| objects.0.find_object(base, None)?.peel_to_tree()).transpose()?;
    let mut update = git2::build::TreeUpdateBuilder::new();
    let entries = call.body["tree"].as_array().cloned().unwrap_or_default();
    for entry in entries {
        let path = entry["path"].as_str().ok_or_else(|| Refusal::field("Tree", "path", "missing_field"))?;
        let mode = match entry["mode"].as_str() {
            Some("100755") => git2::FileMode::BlobExecutable,
            Some("120000") => git2::FileMode::Link,
            Some("040000") => git2::FileMode::Tree,
            Some("160000") => git2::FileMode::Commit,
            _ => git2::FileMode::Blob,
        };
        match (&entry["sha"], entry["content"].as_str()) {
            (_, Some(text)) => update.upsert(path, objects.0.blob(text.as_bytes())?, mode),
            (Value::String(sha), None) => update.upsert(path, oid(sha)?, mode),
            _ => update.remove(path),
        };
    }
    let made = update.create_updated(&objects.0, base.as_ref().unwrap_or(&empty))?;
    Ok(Reply::created(tree(&call.site, call.repo(), &objects, made, false)?))
}

fn tree(site: &Site, repo: &Repository, objects: &Objects, oid: Oid, deep: bool) -> Result<Value, Refusal> {
    let found = objects.0.find_object(oid, None)?.peel_to_tree()?;
    let mut entries = Vec::new();
    let mut add = |folder: &str, entry: &git2::TreeEntry<'_>| {
        let kind = match entry.kind() {
            Some(ObjectType::Tree) => "tree",
            Some(ObjectType::Commit) => "commit",
            _ => "blob",
        };
        let mut value = json!({
            "path": format!("{folder}{}", String::from_utf8_lossy(entry.name_bytes())),
            "mode": format!("{:06o}", entry.filemode()), "type": kind, "sha": entry.id().to_string(),
            "url": format!("{}/git/{}/{}", site.repo(repo), self::folder(kind), entry.id()),
        });
        if let Ok(blob) = objects.0.find_blob(entry.id()) {
            value["size"] = json!(blob.size());
        }
        entries.push(value);
    };
    if deep {
        found.walk(git2::TreeWalkMode::PreOrder, |folder, entry| {
            add(folder, entry);
            git2::TreeWalkResult::Ok
        })?;
    } else {
        found.iter().for_each(|entry| add("", &entry));
    }
    let url = format!("{}/git/trees/{}", site.repo(repo), found.id());
    Ok(json!({ "sha": found.id().to_string(), "url": url, "tree": entries, "truncated": false }))
}

/// `GET …/git/trees/{tree_sha}`: a sha, or the name of a ref without slashes.
pub(super) fn get_tree(call: &mut Call<'_>) -> Answer {
    let objects = call.objects()?;
    let root = match oid(call.arg(0)) {
        Ok(oid) => oid,
        Err(_) => objects.commit(call.arg(0)).map_err(|_| Refusal::not_found())?.tree_id(),
    };
    let deep = call.asked.query("recursive").is_some();
    Ok(Reply::ok(tree(&call.site, call.repo(), &objects, root, deep)?))
}

/// `POST …/git/blobs`
pub(super) fn create_blob(call: &mut Call<'_>) -> Answer {
    let text = call.text("content").ok_or_else(|| Refusal::field("Blob", "content", "missing_field"))?;
    let bytes = match call.text("encoding").as_deref() {
        Some("base64") => {
            let packed: String = text.split_whitespace().collect();
            BASE64_STANDARD.decode(packed).map_err(|_| Refusal::field("Blob", "content", "invalid"))?
        }
        _ => text.into_bytes(),
    };
    let made = call.objects()?.0.blob(&bytes)?;
    let url = format!("{}/git/blobs/{made}", call.site.repo(call.repo()));
    Ok(Reply::created(json!({ "sha": made.to_string(), "url": url })))
}

/// `GET …/git/blobs/{file_sha}`
pub(super) fn get_blob(call: &mut Call<'_>) -> Answer {
    let objects = call.objects()?;
    let blob = objects.0.find_blob(oid(call.arg(0))?)?;
    let sha = blob.id().to_string();
    Ok(Reply::ok(json!({
        "sha": sha, "node_id": users::node("B", &sha), "size": blob.size(), "encoding": "base64",
        "url": format!("{}/git/blobs/{sha}", call.site.repo(call.repo())), "content": BASE64_STANDARD.encode(blob.content()),
    })))
}
