//! A crate registry: the sparse index, a file for each crate with a line for each version.
//!
//! Source: <https://doc.rust-lang.org/cargo/reference/registry-index.html>.

use super::client::{Client, Request};
use super::error::ProbeError;
use super::{Found, address, is_sha256, nothing, short_digest};
use crate::release::text::shown;
use serde::Deserialize;

/// The index of crates.io; put together, as no file of the project names where packages are fetched from.
pub(super) const INDEX: &str = concat!("https://index", ".crates.io");
/// Most bytes of a crate's file.
const PAGE: usize = 16 * 1024 * 1024;

#[derive(Deserialize)]
struct Line {
    vers: Option<String>,
    cksum: Option<String>,
    yanked: Option<bool>,
}

/// Looks for a version of a crate.
pub(super) async fn look(
    client: &Client,
    registry: Option<&str>,
    package: &str,
    version: &str,
) -> Result<Found, ProbeError> {
    let registry = registry.unwrap_or(INDEX);
    let parts = path(package)
        .ok_or_else(|| ProbeError::odd(registry, format!("{} is no name of a crate", shown(package, 40))))?;
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let url = address::below(registry.trim_start_matches("sparse+"), &parts)?;
    let reply = client.send(Request::get(url, "text/plain, */*", PAGE)).await?;
    if reply.is_absent() || reply.status == 451 {
        return Ok(nothing(reply.status, &reply.host()));
    }
    if reply.status != 200 {
        return Err(reply.neither());
    }
    let mut found = None;
    for line in reply.body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let line: Line =
            serde_json::from_slice(line).map_err(|why| ProbeError::odd(&reply.host(), why.to_string()))?;
        if line.vers.as_deref() == Some(version) {
            found = Some(line);
        }
    }
    let Some(line) = found else {
        return Ok(Found::absent(format!("{} does not list it", reply.host())));
    };
    if line.yanked == Some(true) {
        return Ok(Found::wrong("yanked"));
    }
    Ok(match line.cksum.filter(|it| is_sha256(it)) {
        Some(digest) => Found::present(short_digest(&digest)),
        None => Found::wrong("the version has no SHA-256"),
    })
}

/// The path of a crate's file in the index.
fn path(name: &str) -> Option<Vec<String>> {
    let fine = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(fine) {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let parts = match name.len() {
        1 => vec!["1", &name],
        2 => vec!["2", &name],
        3 => vec!["3", &name[..1], &name],
        _ => vec![&name[..2], &name[2..4], &name],
    };
    Some(parts.into_iter().map(str::to_owned).collect())
}
