//! Releases and their assets.

use super::call::{Answer, Call, Refusal, Reply, Site};
use super::state::{Asset, Release, Repository};
use super::{access::Takes, branches, users};
use crate::demo::clock::stamp;
use crate::order::Order as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The SHA-256 of some bytes, in hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn render_asset(site: &Site, repo: &Repository, tag: &str, asset: &Asset) -> Value {
    json!({
        "url": format!("{}/releases/assets/{}", site.repo(repo), asset.id),
        "browser_download_url": format!("{}/releases/download/{tag}/{}", site.html(repo), encoded(&asset.name)),
        "id": asset.id, "node_id": users::node("RA", &asset.id.to_string()), "name": asset.name, "label": asset.label,
        "state": if asset.whole { "uploaded" } else { "open" }, "content_type": asset.kind, "size": asset.size, "digest": asset.digest,
        "download_count": 0, "created_at": stamp(asset.at), "updated_at": stamp(asset.at),
        "uploader": users::simple(site, &asset.uploader),
    })
}

fn encoded(name: &str) -> String {
    percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn render(site: &Site, repo: &Repository, release: &Release) -> Value {
    let (url, html) = (format!("{}/releases/{}", site.repo(repo), release.id), site.html(repo));
    let tag = &release.tag;
    let page = if release.draft { format!("untagged-{}", release.id) } else { tag.clone() };
    let archive =
        |kind: &str| (!release.draft).then(|| format!("{}/{kind}/refs/tags/{tag}", site.repo(repo)));
    let assets: Vec<Value> =
        release.assets.iter().map(|asset| render_asset(site, repo, tag, asset)).collect();
    json!({
        "url": url, "html_url": format!("{html}/releases/tag/{page}"), "assets_url": format!("{url}/assets"),
        "upload_url": format!("{url}/assets{{?name,label}}"), "tarball_url": archive("tarball"),
        "zipball_url": archive("zipball"), "id": release.id, "node_id": users::node("RE", &release.id.to_string()),
        "tag_name": tag, "target_commitish": release.target, "name": release.name, "body": release.body,
        "draft": release.draft, "prerelease": release.prerelease, "immutable": false,
        "created_at": stamp(release.created), "published_at": release.published.map(stamp),
        "updated_at": stamp(release.published.unwrap_or(release.created)),
        "author": users::simple(site, &release.author), "assets": assets,
    })
}

/// Whether the caller sees drafts: who may push does.
fn sees_drafts(call: &Call<'_>) -> bool {
    call.caller.check(Takes::Write("contents")).is_ok()
}

/// `GET …/releases`
pub(super) fn list(call: &mut Call<'_>) -> Answer {
    let drafts = sees_drafts(call);
    let mut found: Vec<&Release> =
        call.repo().releases.iter().filter(|release| drafts || !release.draft).collect();
    found.order_by_key(|release| std::cmp::Reverse((release.draft, release.created, release.id)));
    Ok(call.page(&found, |release| render(&call.site, call.repo(), release)))
}

fn found(call: &Call<'_>, release: Option<&Release>) -> Answer {
    Ok(Reply::ok(render(&call.site, call.repo(), release.ok_or_else(Refusal::not_found)?)))
}

fn at(call: &Call<'_>) -> Result<usize, Refusal> {
    let (id, drafts) = (call.number(0)?, sees_drafts(call));
    let known =
        call.repo().releases.iter().position(|release| release.id == id && (drafts || !release.draft));
    known.ok_or_else(Refusal::not_found)
}

/// `GET …/releases/{release_id}`
pub(super) fn get(call: &mut Call<'_>) -> Answer {
    let at = at(call)?;
    found(call, call.repo().releases.get(at))
}

/// `GET …/releases/latest`
pub(super) fn latest(call: &mut Call<'_>) -> Answer {
    found(call, call.repo().latest())
}

/// `GET …/releases/tags/{tag}`: hides drafts.
pub(super) fn by_tag(call: &mut Call<'_>) -> Answer {
    found(call, call.repo().releases.iter().find(|release| !release.draft && release.tag == call.arg(0)))
}

/// `POST …/releases`
pub(super) fn create(call: &mut Call<'_>) -> Answer {
    let tag = call.needed("tag_name", "Release")?;
    if call.repo().releases.iter().any(|release| !release.draft && release.tag == tag) {
        return Err(Refusal::field("Release", "tag_name", "already_exists"));
    }
    let target = call.text("target_commitish").unwrap_or_else(|| call.repo().trunk.clone());
    let now = call.site.now;
    let mut release = Release {
        id: call.world.id(),
        tag,
        target,
        name: call.text("name"),
        body: call.text("body"),
        draft: true,
        prerelease: call.flag("prerelease").unwrap_or(false),
        author: call.login(),
        created: now,
        published: None,
        latest: false,
        assets: Vec::new(),
    };
    if call.flag("generate_release_notes") == Some(true) {
        let notes = generated(call, &release.tag, &release.target, None)?;
        release.body =
            Some(format!("{}{notes}", release.body.map(|body| format!("{body}\n\n")).unwrap_or_default()));
        release.name.get_or_insert_with(|| release.tag.clone());
    }
    check_latest(call, &release)?;
    if call.flag("draft") != Some(true) {
        publish(call, &mut release)?;
    }
    let value = render(&call.site, call.repo(), &release);
    call.repo_mut().releases.push(release);
    Ok(Reply::created(value))
}

/// Publishes a draft: its tag is made when it is not there, and it may take "latest".
fn publish(call: &mut Call<'_>, release: &mut Release) -> Result<(), Refusal> {
    let objects = call.objects()?;
    let name = format!("refs/tags/{}", release.tag);
    if objects.target(&name).is_none() {
        let commit = objects.commit(&release.target);
        let commit = commit.map_err(|_| Refusal::field("Release", "target_commitish", "invalid"))?.id();
        if !git2::Reference::is_valid_name(&name) {
            return Err(Refusal::field("Release", "tag_name", "invalid"));
        }
        objects.0.reference(&name, commit, false, "api")?;
    }
    release.draft = false;
    // Published again it keeps the day that it was published first.
    release.published = release.published.or(Some(call.site.now));
    take_latest(call, release, "true");
    Ok(())
}

/// What `make_latest` may not say: a draft or a prerelease is never the latest.
fn check_latest(call: &Call<'_>, release: &Release) -> Result<(), Refusal> {
    match call.body.get("make_latest").map(Value::as_str) {
        None | Some(Some("false" | "legacy")) => Ok(()),
        Some(Some("true")) if !release.draft_after(call) && !release.prerelease => Ok(()),
        Some(Some("true")) => Err(Refusal::invalid("Latest release cannot be draft or prerelease")),
        Some(_) => Err(Refusal::field("Release", "make_latest", "invalid")),
    }
}

impl Release {
    /// Whether it is a draft once the request is done.
    fn draft_after(&self, call: &Call<'_>) -> bool {
        call.flag("draft").unwrap_or(self.draft && call.asked.method == "PATCH")
    }
}

/// Makes a published release the latest, as `make_latest` or else `unsaid` says: `legacy` lets the newest by date be
/// it. One that is a prerelease is it no longer.
fn take_latest(call: &mut Call<'_>, release: &mut Release, unsaid: &str) {
    let said = call.text("make_latest").unwrap_or_else(|| unsaid.to_owned());
    if release.prerelease || release.draft {
        release.latest = false;
        return;
    }
    let newest = call.repo().latest().is_none_or(|known| known.created <= release.created);
    match said.as_str() {
        "true" => release.latest = true,
        "legacy" => release.latest = newest,
        "false" => release.latest = false,
        _ => {}
    }
    if release.latest {
        let id = release.id;
        for other in call.repo_mut().releases.iter_mut().filter(|other| other.id != id) {
            other.latest = false;
        }
    }
}

/// `PATCH …/releases/{release_id}`
pub(super) fn update(call: &mut Call<'_>) -> Answer {
    let at = at(call)?;
    let mut release = call.repo().releases[at].clone();
    if let Some(tag) = call.text("tag_name") {
        let taken = call
            .repo()
            .releases
            .iter()
            .any(|other| other.id != release.id && !other.draft && other.tag == tag);
        if taken {
            return Err(Refusal::field("Release", "tag_name", "already_exists"));
        }
        release.tag = tag;
    }
    release.target = call.text("target_commitish").unwrap_or(release.target);
    release.name = call.text("name").or(release.name);
    release.body = call.text("body").or(release.body);
    release.prerelease = call.flag("prerelease").unwrap_or(release.prerelease);
    check_latest(call, &release)?;
    match call.flag("draft") {
        Some(false) if release.draft => publish(call, &mut release)?,
        Some(draft) => release.draft = draft,
        None => {}
    }
    take_latest(call, &mut release, "");
    call.repo_mut().releases[at] = release;
    get(call)
}

/// `DELETE …/releases/{release_id}`: the tag stays.
pub(super) fn delete(call: &mut Call<'_>) -> Answer {
    let at = at(call)?;
    call.repo_mut().releases.remove(at);
    Ok(Reply::empty(204))
}

/// The notes that GitHub would write: merged pull requests since the tag before.
fn generated(call: &Call<'_>, tag: &str, target: &str, before: Option<&str>) -> Result<String, Refusal> {
    let objects = call.objects()?;
    let repo = call.repo();
    let tip = objects.commit(tag).or_else(|_| objects.commit(target))?.id();
    let mut before = before.map(str::to_owned);
    if before.is_none() {
        let mut tags = Vec::new();
        for (name, oid) in objects.refs("refs/tags/")? {
            let Some(commit) = branches::peeled(&objects, oid).filter(|commit| *commit != tip) else {
                continue;
            };
            if objects.0.graph_descendant_of(tip, commit).unwrap_or(false) {
                tags.push((objects.0.find_commit(commit)?.time().seconds(), name));
            }
        }
        before = tags.into_iter().max().map(|(_, name)| name.trim_start_matches("refs/tags/").to_owned());
    }
    let hidden = before.as_deref().map(|tag| objects.commit(tag).map(|commit| commit.id())).transpose()?;
    let mut text = String::from("## What's Changed\n");
    for oid in objects.walk(tip, hidden)? {
        let sha = oid.to_string();
        let of = |issue: &&super::state::Issue| {
            issue.pull.as_ref().is_some_and(|pull| pull.merge_sha.as_deref() == Some(&sha))
        };
        if let Some(issue) = repo.issues.values().find(of) {
            let url = format!("{}/pull/{}", call.site.html(repo), issue.number);
            text.push_str(&format!("* {} by @{} in {url}\n", issue.title, issue.author));
        }
    }
    let range = before.map_or_else(|| format!("commits/{tag}"), |before| format!("compare/{before}...{tag}"));
    text.push_str(&format!("\n**Full Changelog**: {}/{range}\n", call.site.html(repo)));
    Ok(text)
}

/// `POST …/releases/generate-notes`
pub(super) fn notes(call: &mut Call<'_>) -> Answer {
    let tag = call.needed("tag_name", "Release")?;
    let target = call.text("target_commitish").unwrap_or_else(|| call.repo().trunk.clone());
    let before = call.text("previous_tag_name");
    let body = generated(call, &tag, &target, before.as_deref())?;
    Ok(Reply::ok(json!({ "name": tag, "body": body })))
}

/// `GET …/releases/{release_id}/assets`
pub(super) fn assets(call: &mut Call<'_>) -> Answer {
    let release = &call.repo().releases[at(call)?];
    Ok(call.page(&release.assets, |asset| render_asset(&call.site, call.repo(), &release.tag, asset)))
}

/// `POST …/releases/{release_id}/assets`: the body is the asset.
pub(super) fn upload(call: &mut Call<'_>) -> Answer {
    let at = at(call)?;
    let name =
        call.asked.query("name").ok_or_else(|| Refusal::field("ReleaseAsset", "name", "missing_field"))?;
    if call.repo().releases[at].assets.iter().any(|asset| asset.name == name) {
        return Err(Refusal::field("ReleaseAsset", "name", "already_exists"));
    }
    // A body that breaks off leaves an asset behind that is not whole: GitHub's guide calls its state `starter`, its
    // schema `open`.
    let said = call.asked.header("content-length").and_then(|it| it.parse::<usize>().ok());
    let whole = said.is_none_or(|said| said == call.asked.raw.len());
    let asset = Asset {
        id: call.world.id(),
        name: name.to_owned(),
        label: call.asked.query("label").map(str::to_owned),
        kind: call.asked.header("content-type").unwrap_or("application/octet-stream").to_owned(),
        size: if whole { call.asked.raw.len() as u64 } else { 0 },
        digest: whole.then(|| format!("sha256:{}", hex(&call.asked.raw))),
        whole,
        uploader: call.login(),
        at: call.site.now,
    };
    let value = render_asset(&call.site, call.repo(), &call.repo().releases[at].tag, &asset);
    call.repo_mut().releases[at].assets.push(asset);
    Ok(if whole { Reply::created(value) } else { Reply::with(502, json!({ "message": "Bad Gateway" })) })
}

/// `DELETE …/releases/assets/{asset_id}`
pub(super) fn delete_asset(call: &mut Call<'_>) -> Answer {
    let id = call.number(0)?;
    let held = call.repo_mut().releases.iter_mut().find(|r| r.assets.iter().any(|asset| asset.id == id));
    held.ok_or_else(Refusal::not_found)?.assets.retain(|asset| asset.id != id);
    Ok(Reply::empty(204))
}

/// Who the caller is as the author of a commit, for files written through the API.
pub(super) fn committer(call: &Call<'_>) -> Result<git2::Signature<'static>, Refusal> {
    let login = call.login();
    let name = crate::demo::history::PEOPLE
        .iter()
        .find(|(_, known)| *known == login)
        .map_or(login.as_str(), |(n, _)| n);
    Ok(git2::Signature::new(name, &format!("{login}@example.com"), &git2::Time::new(call.site.now, 0))?)
}
