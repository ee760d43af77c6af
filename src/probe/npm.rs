//! The npm registry: one document for each version.
//!
//! Source: <https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md>.

use super::client::{Client, Request};
use super::error::ProbeError;
use super::{Found, address, nothing};
use crate::release::text::shown;
use serde::Deserialize;
use serde_json::Value;

/// npm's own registry; put together, as no file of the project names where packages are fetched from.
pub(super) const NPM: &str = concat!("https://registry", ".npmjs.org");
/// Most bytes of a version's document.
const PAGE: usize = 4 * 1024 * 1024;

#[derive(Deserialize)]
struct Document {
    version: Option<String>,
    /// Why, or whether.
    deprecated: Option<Value>,
    dist: Option<Dist>,
}

#[derive(Deserialize)]
struct Dist {
    integrity: Option<String>,
    #[serde(rename = "fileCount")]
    files: Option<u64>,
}

/// Looks for a version of a package.
pub(super) async fn look(
    client: &Client,
    registry: Option<&str>,
    package: &str,
    version: &str,
) -> Result<Found, ProbeError> {
    let url = address::below(registry.unwrap_or(NPM), &[package, version])?;
    let reply = client.send(Request::get(url, "application/json", PAGE)).await?;
    if reply.is_absent() {
        return Ok(nothing(reply.status, &reply.host()));
    }
    if reply.status != 200 {
        return Err(reply.neither());
    }
    let document: Document = reply.json()?;
    let said = document.version.unwrap_or_default();
    if said != version {
        return Ok(Found::wrong(format!("it says version {}, not {}", shown(&said, 40), shown(version, 40))));
    }
    let Some(dist) = document.dist else {
        return Ok(Found::wrong("the version is there without an archive"));
    };
    // Subresource integrity: the name of a hash, a dash, Base64.
    let integrity = dist.integrity.filter(|it| it.starts_with("sha512-") || it.starts_with("sha256-"));
    let Some(integrity) = integrity else { return Ok(Found::wrong("the archive has no integrity")) };
    let mut evidence = shown(&integrity, 20);
    if let Some(files) = dist.files {
        evidence.push_str(&format!(", {files} files"));
    }
    match document.deprecated {
        Some(Value::String(why)) if !why.is_empty() => {
            evidence.push_str(&format!(", deprecated: {}", shown(&why, 120)));
        }
        Some(Value::Bool(true)) => evidence.push_str(", deprecated"),
        _ => {}
    }
    Ok(Found::present(evidence))
}
