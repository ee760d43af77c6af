//! Registries that the forge stands in for: what a tag's build would have published appears some seconds after it.
//!
//! Below [`PREFIX`] the first part of a path is the registry's host, and the rest what is asked of it.

use super::call::{Asked, Content, Refusal, Reply};
use super::objects::Objects;
use super::releases::hex;
use super::run_state;
use super::state::Repository;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

/// Where registries are asked.
pub(in crate::demo) const PREFIX: &str = "/registry/";

/// Seconds from the end of a tag's build until each kind of registry has what it made.
const PYPI: i64 = 15;
const NPM: i64 = 30;
const IMAGES: i64 = 45;
const CHARTS: i64 = 60;
const PAGES: i64 = 75;

/// Answers for a registry.
pub(super) fn answer(repo: &Repository, asked: &Asked, now: i64) -> Reply {
    let published = match Published::read(repo, now) {
        Ok(published) => published,
        Err(refusal) => return refusal.reply(),
    };
    let path = asked.path.strip_prefix(PREFIX).unwrap_or_default();
    let parts: Vec<String> =
        path.split('/').map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let found = match parts[..] {
        [_, "pypi", package, version, "json"] => published.pypi(package, version),
        [_, "v2", .., "manifests", tag] => return published.image(tag),
        // Nothing is promoted to a channel here.
        [_, ref rest @ .., "index.yaml"] if !rest.contains(&"alpha") => return published.charts(),
        [host, package, version] if host.contains("npm") => published.npm(package, version),
        [host, ref rest @ ..] if !host.contains("pypi") && !host.contains("npm") => published.page(rest),
        _ => None,
    };
    found.map_or_else(|| Refusal::not_found().reply(), Reply::ok)
}

/// The tags that are published, each with when its build was over.
struct Published {
    tags: Vec<(String, i64)>,
    now: i64,
}

impl Published {
    fn read(repo: &Repository, now: i64) -> Result<Self, Refusal> {
        let objects = Objects::open(&repo.origin)?;
        let mut tags = Vec::new();
        for (name, oid) in objects.refs("refs/tags/")? {
            let name = name.trim_start_matches("refs/tags/").to_owned();
            let made = match objects.0.find_tag(oid) {
                Ok(tag) => tag.tagger().map_or(0, |by| by.when().seconds()),
                // A lightweight tag says no time: it counts as old.
                Err(_) => 0,
            };
            let builds = repo.runs.iter().filter(|run| run.branch == name);
            let ends: Vec<_> = builds.map(|run| run_state::run(run, now).until()).collect();
            if ends.iter().all(Option::is_some) {
                let over = ends.into_iter().flatten().max().unwrap_or(made);
                tags.push((name, over.max(made)));
            }
        }
        Ok(Self { tags, now })
    }

    /// The tag of a version, when it has been over for so many seconds. Versions are compared by their numbers and
    /// letters alone: `v0.6.0-rc.1` is `0.6.0rc1` to a package index.
    fn tag(&self, version: &str, after: i64) -> Option<&str> {
        let bare = |text: &str| -> String {
            let text = text.strip_prefix('v').unwrap_or(text);
            text.chars().filter(char::is_ascii_alphanumeric).collect()
        };
        let there = |(_, over): &&(String, i64)| self.now >= over + after;
        self.tags.iter().filter(there).map(|(tag, _)| tag.as_str()).find(|tag| bare(tag) == bare(version))
    }

    fn pypi(&self, package: &str, version: &str) -> Option<Value> {
        self.tag(version, PYPI)?;
        let stem = format!("{}-{version}", package.replace('-', "_"));
        let file = |name: String| {
            let digest = hex(name.as_bytes());
            json!({ "filename": name, "yanked": false, "digests": { "sha256": digest } })
        };
        let files = [file(format!("{stem}-py3-none-any.whl")), file(format!("{stem}.tar.gz"))];
        Some(json!({ "info": { "name": package, "version": version, "yanked": false }, "urls": files }))
    }

    fn npm(&self, package: &str, version: &str) -> Option<Value> {
        self.tag(version, NPM)?;
        // A digest of a made-up archive: the same for the same version.
        let integrity = format!("sha512-{}{}==", hex(package.as_bytes()), &hex(version.as_bytes())[..22]);
        let dist = json!({ "integrity": integrity, "fileCount": 214 });
        Some(json!({ "name": package, "version": version, "dist": dist }))
    }

    fn image(&self, tag: &str) -> Reply {
        let Some(tag) = self.tag(tag, IMAGES) else { return Refusal::not_found().reply() };
        let entry = |architecture: &str| {
            let digest = format!("sha256:{}", hex(format!("{tag} {architecture}").as_bytes()));
            json!({
                "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest, "size": 1024,
                "platform": { "os": "linux", "architecture": architecture }
            })
        };
        let kind = "application/vnd.oci.image.index.v1+json";
        let manifests = [entry("amd64"), entry("arm64")];
        let body = json!({ "schemaVersion": 2, "mediaType": kind, "manifests": manifests }).to_string();
        let headers = vec![
            ("content-type".to_owned(), kind.to_owned()),
            ("docker-content-digest".to_owned(), format!("sha256:{}", hex(body.as_bytes()))),
        ];
        Reply { status: 200, body: Content::Text(body), headers, ..Reply::default() }
    }

    /// An index of every chart that is asked for: it has one name, which the demo's processes share.
    fn charts(&self) -> Reply {
        let mut text = String::from("apiVersion: v1\nentries:\n  crossplane:\n");
        for (tag, over) in &self.tags {
            if self.now >= over + CHARTS {
                let version = tag.strip_prefix('v').unwrap_or(tag);
                text.push_str(&format!("  - version: {version:?}\n    digest: {}\n", hex(tag.as_bytes())));
            }
        }
        Reply { status: 200, body: Content::Text(text), ..Reply::default() }
    }

    /// A page: one that names a version is there once that is published; any other is always.
    fn page(&self, path: &[&str]) -> Option<Value> {
        let named = path.iter().find(|part| {
            part.trim_start_matches('v').split('.').next().is_some_and(|it| it.parse::<u64>().is_ok())
        });
        let fits = |part: &str| {
            let line = format!("{part}.");
            let there = |(tag, over): &&(String, i64)| {
                self.now >= over + PAGES && (tag == part || tag.starts_with(&line))
            };
            self.tags.iter().any(|it| there(&it))
        };
        match named {
            Some(part) if !fits(part) => None,
            _ => {
                let newest = self.tags.iter().filter(|(_, over)| self.now >= over + PAGES);
                let tags: Vec<_> = newest.map(|(tag, _)| tag).collect();
                Some(json!({ "page": path.join("/"), "versions": tags }))
            }
        }
    }
}
