//! A Python package index: the JSON API, and the simple API where there is none.
//!
//! Sources: <https://docs.pypi.org/api/json/>, PEP 592 (yanked), PEP 691 (JSON of the simple API), PEP 440.

use super::client::{Client, Request};
use super::error::ProbeError;
use super::{Found, address, is_sha256, nothing, short_digest};
use crate::release::text::shown;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Most bytes of an answer: the page of a project with thousands of files is some MiB.
const PAGE: usize = 16 * 1024 * 1024;
const JSON: &str = "application/json";
const SIMPLE: &str = "application/vnd.pypi.simple.v1+json";

/// What the JSON API says of a version.
#[derive(Deserialize)]
struct Page {
    info: Option<Info>,
    urls: Option<Vec<Upload>>,
}

#[derive(Deserialize)]
struct Info {
    version: Option<String>,
    yanked: Option<bool>,
    yanked_reason: Option<String>,
}

#[derive(Deserialize)]
struct Upload {
    filename: Option<String>,
    yanked: Option<bool>,
    digests: Option<BTreeMap<String, Option<String>>>,
}

/// What the simple API says of a project.
#[derive(Deserialize)]
struct Project {
    files: Option<Vec<Listed>>,
}

#[derive(Deserialize)]
struct Listed {
    filename: Option<String>,
    /// A reason, or whether.
    yanked: Option<serde_json::Value>,
    hashes: Option<BTreeMap<String, Option<String>>>,
}

/// A file of a version.
struct File {
    name: String,
    yanked: bool,
    sha256: Option<String>,
}

/// Looks for a version of a package.
pub(super) async fn look(
    client: &Client,
    index: &str,
    package: &str,
    version: &str,
) -> Result<Found, ProbeError> {
    let wanted = normal(version).ok_or_else(|| {
        let why = format!("{} is no version of PEP 440", shown(version, 40));
        ProbeError::odd(index, why)
    })?;
    let url = address::below(index, &["pypi", package, &wanted.to_string(), "json"])?;
    let reply = client.send(Request::get(url, JSON, PAGE)).await?;
    if reply.is_absent() {
        return simple(client, index, package, &wanted).await;
    }
    if reply.status != 200 {
        return Err(reply.neither());
    }
    let page: Page = reply.json()?;
    let info = page.info.ok_or_else(|| ProbeError::odd(&reply.host(), "it holds no info"))?;
    let said = info.version.unwrap_or_default();
    if normal(&said).as_ref() != Some(&wanted) {
        return Ok(Found::wrong(format!("it says version {}, not {wanted}", shown(&said, 40))));
    }
    if info.yanked == Some(true) {
        let why = info.yanked_reason.filter(|why| !why.is_empty());
        let why = why.map(|why| format!(": {}", shown(&why, 120))).unwrap_or_default();
        return Ok(Found::wrong(format!("yanked{why}")));
    }
    let files = page.urls.unwrap_or_default().into_iter().map(|it| File {
        name: it.filename.unwrap_or_default(),
        yanked: it.yanked == Some(true),
        sha256: sha256(it.digests),
    });
    Ok(judged(files.collect()))
}

/// Looks in the simple API, for an index that has no other.
async fn simple(
    client: &Client,
    index: &str,
    package: &str,
    wanted: &pep440_rs::Version,
) -> Result<Found, ProbeError> {
    // With the slash at its end: without it an index redirects.
    let url = address::below(index, &["simple", &project(package)])?;
    let url = address::parse(&format!("{url}/"))?;
    let reply = client.send(Request::get(url, SIMPLE, PAGE)).await?;
    if reply.is_absent() {
        return Ok(nothing(reply.status, &reply.host()));
    }
    if reply.status != 200 {
        return Err(reply.neither());
    }
    let listed: Project = reply.json()?;
    let files = listed.files.unwrap_or_default().into_iter();
    let files = files.filter(|it| it.filename.as_deref().and_then(file_version).as_ref() == Some(wanted));
    let files: Vec<_> = files
        .map(|it| File {
            name: it.filename.unwrap_or_default(),
            yanked: !matches!(
                it.yanked,
                None | Some(serde_json::Value::Null | serde_json::Value::Bool(false))
            ),
            sha256: sha256(it.hashes),
        })
        .collect();
    if files.is_empty() {
        return Ok(Found::absent(format!("404 at {}, and the project lists no such version", reply.host())));
    }
    Ok(judged(files))
}

fn sha256(digests: Option<BTreeMap<String, Option<String>>>) -> Option<String> {
    digests?.remove("sha256").flatten().filter(|it| is_sha256(it))
}

/// What the files of a version come to.
fn judged(files: Vec<File>) -> Found {
    let count = files.len();
    let yanked = files.iter().filter(|file| file.yanked).count();
    if count == 0 {
        return Found::wrong("the version is there without a file");
    }
    if yanked > 0 {
        return Found::wrong(format!("{yanked} of {count} files yanked"));
    }
    if let Some(file) = files.iter().find(|file| file.sha256.is_none()) {
        return Found::wrong(format!("{} has no SHA-256", shown(&file.name, 80)));
    }
    let first = files.iter().find(|file| file.name.ends_with(".whl")).or(files.first());
    let first = first.map(|file| {
        let digest = file.sha256.as_deref().map(short_digest).unwrap_or_default();
        format!("{digest} {}", shown(&file.name, 80))
    });
    let word = if count == 1 { "file" } else { "files" };
    Found::present(format!("{count} {word}, {}", first.unwrap_or_default()))
}

fn normal(text: &str) -> Option<pep440_rs::Version> {
    text.parse().ok()
}

/// A project's name in the simple API, by PEP 503.
fn project(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// The version that a file's name says: the second part of a wheel's (PEP 427), the last of a source archive's.
fn file_version(name: &str) -> Option<pep440_rs::Version> {
    if let Some(stem) = name.strip_suffix(".whl") {
        return normal(stem.split('-').nth(1)?);
    }
    let stem = [".tar.gz", ".zip", ".tar.bz2"].iter().find_map(|end| name.strip_suffix(end))?;
    normal(stem.rsplit_once('-')?.1)
}
