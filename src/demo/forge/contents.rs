//! Files of the repository: reading them, and committing one.

use super::call::{Answer, Call, Content, Refusal, Reply, Site};
use super::objects::{self, Objects};
use super::state::Repository;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use git2::{ObjectType, Oid};
use serde_json::{Value, json};

/// The fields that files and folders share.
fn entry(site: &Site, repo: &Repository, at: &str, path: &str, oid: Oid, kind: &str, size: usize) -> Value {
    let name = path.rsplit('/').next().unwrap_or(path);
    let safe: Vec<String> = path
        .split('/')
        .map(|part| {
            percent_encoding::utf8_percent_encode(part, percent_encoding::NON_ALPHANUMERIC).to_string()
        })
        .collect();
    let safe = safe.join("/");
    let url = format!("{}/contents/{safe}?ref={at}", site.repo(repo));
    let (tree, view) = if kind == "dir" { ("trees", "tree") } else { ("blobs", "blob") };
    let git = format!("{}/git/{tree}/{oid}", site.repo(repo));
    let html = format!("{}/{view}/{at}/{safe}", site.html(repo));
    let raw = (kind != "dir").then(|| format!("{}/raw/{at}/{safe}", site.html(repo)));
    json!({
        "type": kind, "size": size, "name": name, "path": path, "sha": oid.to_string(), "url": url, "git_url": git,
        "html_url": html, "download_url": raw, "_links": { "self": url, "git": git, "html": html },
    })
}

fn file(site: &Site, repo: &Repository, at: &str, path: &str, blob: &git2::Blob<'_>) -> Value {
    let mut value = entry(site, repo, at, path, blob.id(), "file", blob.size());
    // GitHub breaks the lines as MIME does.
    let packed = BASE64_STANDARD.encode(blob.content());
    let lines: Vec<&str> =
        packed.as_bytes().chunks(60).map(|line| std::str::from_utf8(line).unwrap_or_default()).collect();
    value["encoding"] = json!("base64");
    value["content"] = json!(lines.join("\n") + "\n");
    value
}

fn size(objects: &Objects, oid: Oid) -> usize {
    objects.0.find_blob(oid).map(|blob| blob.size()).unwrap_or_default()
}

/// `GET …/contents/{path}`
pub(super) fn get(call: &mut Call<'_>) -> Answer {
    let objects = call.objects()?;
    let (site, repo, path) = (&call.site, call.repo(), call.arg(0).trim_end_matches('/'));
    let at = call.asked.query("ref").unwrap_or(&repo.trunk);
    let missing = |_| Refusal::new(404, format!("No commit found for the ref {at}"));
    let tree = objects.commit(at).map_err(missing)?.tree()?;
    let found = tree.get_path(path.as_ref())?.to_object(&objects.0)?;
    if let Some(blob) = found.as_blob() {
        if call.asked.header("accept").is_some_and(|accept| accept.contains("raw")) {
            let text = String::from_utf8_lossy(blob.content()).into_owned();
            return Ok(Reply { status: 200, body: Content::Text(text), ..Reply::default() });
        }
        return Ok(Reply::ok(file(site, repo, at, path, blob)));
    }
    let folder = found.peel_to_tree()?;
    let listed: Vec<Value> = folder
        .iter()
        .map(|one| {
            let kind = if one.kind() == Some(ObjectType::Tree) { "dir" } else { "file" };
            let path = format!("{path}/{}", String::from_utf8_lossy(one.name_bytes()));
            entry(site, repo, at, &path, one.id(), kind, size(&objects, one.id()))
        })
        .collect();
    Ok(Reply::ok(Value::Array(listed)))
}

/// `PUT …/contents/{path}`: a commit on a branch, refused when the file is not as the caller last saw it.
pub(super) fn put(call: &mut Call<'_>) -> Answer {
    let (message, text) = (call.needed("message", "Commit")?, call.needed("content", "Commit")?);
    let packed: String = text.split_whitespace().collect();
    let bytes =
        BASE64_STANDARD.decode(packed).map_err(|_| Refusal::invalid("content is not valid Base64"))?;
    let branch = call.text("branch").unwrap_or_else(|| call.repo().trunk.clone());
    let (path, seen) = (call.arg(0).to_owned(), call.text("sha"));
    let objects = call.objects()?;
    let name = format!("refs/heads/{branch}");
    let tip = objects.target(&name).ok_or_else(|| Refusal::new(404, format!("Branch {branch} not found")))?;
    let parent = objects.0.find_commit(tip)?;
    let tree = parent.tree()?;
    let old = tree.get_path(path.as_ref()).ok().map(|entry| entry.id().to_string());
    match (&old, &seen) {
        (Some(_), None) => return Err(Refusal::invalid("Invalid request.\n\n\"sha\" wasn't supplied.")),
        (Some(old), Some(seen)) if old != seen => {
            return Err(Refusal::new(409, format!("{path} does not match {seen}")));
        }
        _ => {}
    }
    let blob = objects.0.blob(&bytes)?;
    let mut update = git2::build::TreeUpdateBuilder::new();
    update.upsert(path.as_str(), blob, git2::FileMode::Blob);
    let new = objects.0.find_tree(update.create_updated(&objects.0, &tree)?)?;
    let who = super::releases::committer(call)?;
    let made = objects.0.commit(None, &who, &who, &message, &new, &[&parent])?;
    objects.0.reference_matching(&name, made, true, tip, "api")?;
    let commit = objects.0.find_commit(made)?;
    let content = file(&call.site, call.repo(), &branch, &path, &objects.0.find_blob(blob)?);
    let body = json!({ "content": content, "commit": objects::bare(&call.site, call.repo(), &commit) });
    Ok(Reply::with(if old.is_some() { 200 } else { 201 }, body))
}
