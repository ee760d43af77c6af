//! Container registries: what a tag of an image is, and what it holds.
//!
//! Source: OCI Distribution Specification 1.1, OCI Image Specification 1.1.

use super::challenge::Tokens;
use super::client::{Client, Reply, Request};
use super::error::ProbeError;
use super::{Found, address, nothing, short_digest};
use crate::order::Order as _;
use crate::release::text::shown;
use http::Method;
use reqwest::Url;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// What is taken for a manifest: an index first, since it names the platforms.
const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, \
     application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, \
     application/vnd.docker.distribution.manifest.v2+json";
/// Most bytes of a manifest; the specification lets a registry refuse longer ones.
const MANIFEST: usize = 4 * 1024 * 1024;

/// An image index or a manifest.
#[derive(Deserialize)]
struct Document {
    manifests: Option<Vec<Entry>>,
    config: Option<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "mediaType")]
    kind: Option<String>,
    digest: Option<String>,
    platform: Option<Platform>,
}

/// What an image runs on.
#[derive(Deserialize)]
struct Platform {
    os: Option<String>,
    architecture: Option<String>,
    variant: Option<String>,
}

impl Platform {
    fn name(self) -> Option<String> {
        let (os, architecture) = (self.os?, self.architecture?);
        // Attestations are listed as a platform that nobody knows.
        if os == "unknown" || os.is_empty() {
            return None;
        }
        let variant = self.variant.filter(|it| !it.is_empty()).map(|it| format!("/{it}"));
        Some(format!("{os}/{architecture}{}", variant.unwrap_or_default()))
    }
}

/// What a tag is.
pub(super) enum Tagged {
    /// A manifest or an index.
    Manifest(Manifest),
    /// Nothing, or something that is not as it should be.
    Other(Found),
}

/// A manifest whose digest was checked.
pub(super) struct Manifest {
    /// In hexadecimal.
    pub digest: String,
    document: Document,
}

impl Manifest {
    /// The media type of the configuration, by which charts are told from images.
    pub fn config(&self) -> Option<&str> {
        self.document.config.as_ref()?.kind.as_deref()
    }
}

/// An image in its registry.
pub(super) struct Image {
    base: Url,
    name: String,
}

impl Image {
    /// Reads `host/owner/name`. Without a host it is on Docker Hub, as everywhere.
    pub fn parse(text: &str) -> Result<Self, ProbeError> {
        let (first, rest) = text.split_once('/').unwrap_or((text, ""));
        let is_host = !rest.is_empty() && (first.contains(['.', ':']) || first == "localhost");
        let (host, name) = if is_host { (first, rest) } else { ("docker.io", text) };
        let hub = matches!(host, "docker.io" | "index.docker.io" | "registry-1.docker.io");
        let name = if hub && !name.contains('/') { format!("library/{name}") } else { name.to_owned() };
        let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-/".contains(c);
        if !name.chars().all(fine) || name.split('/').any(str::is_empty) {
            return Err(ProbeError::odd(host, format!("{} is no name of an image", shown(&name, 80))));
        }
        let host = if hub { "registry-1.docker.io" } else { host };
        // Registries on this machine speak http, as container tools have it too.
        let local = address::parse(&format!("http://{host}"));
        let base = local.or_else(|_| address::parse(&format!("https://{host}")))?;
        Ok(Self { base, name })
    }

    /// Its registry.
    pub fn registry(self) -> Url {
        self.base
    }

    fn url(&self, what: &str, reference: &str) -> Result<Url, ProbeError> {
        let mut segments = vec!["v2"];
        segments.extend(self.name.split('/'));
        segments.extend([what, reference]);
        address::below(self.base.as_str(), &segments)
    }

    /// Asks, with a token for anybody where the registry wants one.
    async fn ask(
        &self,
        door: (&Client, &Tokens),
        method: Method,
        (what, reference): (&str, &str),
    ) -> Result<Reply, ProbeError> {
        let (client, tokens) = door;
        let url = self.url(what, reference)?;
        let known = tokens.kept(&self.base, &self.name);
        let make = |bearer| Request {
            method: method.clone(),
            bearer,
            ..Request::get(url.clone(), if what == "manifests" { MANIFESTS } else { "*/*" }, MANIFEST)
        };
        let reply = client.send(make(known.as_deref())).await?;
        if reply.status != 401 {
            return Ok(reply);
        }
        let token = tokens.fetch(client, &self.base, &self.name, &reply).await?;
        let reply = client.send(make(Some(&token))).await?;
        if reply.status == 401 {
            return Err(ProbeError::Denied { host: reply.host() });
        }
        Ok(reply)
    }

    /// Reads the manifest of a tag, and checks that it is what its digest says.
    pub async fn manifest(&self, door: (&Client, &Tokens), tag: &str) -> Result<Tagged, ProbeError> {
        // A HEAD first: it counts for no pull where pulls are counted.
        for method in [Method::HEAD, Method::GET] {
            let reply = self.ask(door, method.clone(), ("manifests", tag)).await?;
            match reply.status {
                200 if method == Method::HEAD => {}
                200 => return checked(&reply),
                // A registry that answers no HEAD is asked all the same.
                405 if method == Method::HEAD => {}
                _ if reply.is_absent() => return Ok(Tagged::Other(nothing(reply.status, &reply.host()))),
                403 => return Err(ProbeError::Denied { host: reply.host() }),
                _ => return Err(reply.neither()),
            }
        }
        Err(ProbeError::odd(&address::host(&self.base), "it gave no manifest"))
    }

    /// The platforms of a manifest: those of an index, or the one in the configuration of an image.
    async fn platforms(
        &self,
        door: (&Client, &Tokens),
        manifest: Manifest,
    ) -> Result<Vec<String>, ProbeError> {
        if let Some(entries) = manifest.document.manifests {
            let names = entries.into_iter().filter_map(|entry| entry.platform?.name());
            return Ok(names.collect());
        }
        let host = address::host(&self.base);
        let digest = manifest.document.config.and_then(|it| it.digest);
        let digest = digest.ok_or_else(|| ProbeError::odd(&host, "the manifest names no configuration"))?;
        let reply = self.ask(door, Method::GET, ("blobs", &digest)).await?;
        if reply.status != 200 {
            return Err(reply.neither());
        }
        if digest != format!("sha256:{}", hex(&reply.body)) {
            return Err(ProbeError::odd(
                &host,
                "the configuration has another digest than the manifest says",
            ));
        }
        let platform: Platform = reply.json()?;
        Ok(platform.name().into_iter().collect())
    }
}

/// Takes a manifest whose digest is what the registry says.
fn checked(reply: &Reply) -> Result<Tagged, ProbeError> {
    let digest = hex(&reply.body);
    if let Some(said) = reply.text("docker-content-digest") {
        let Some(said) = said.trim().strip_prefix("sha256:") else {
            let why = format!("its digest {} is no SHA-256", shown(said, 40));
            return Err(ProbeError::odd(&reply.host(), why));
        };
        if !said.eq_ignore_ascii_case(&digest) {
            let why = format!(
                "the registry says {} of a manifest that is {}",
                short_digest(said),
                short_digest(&digest)
            );
            return Ok(Tagged::Other(Found::wrong(why)));
        }
    }
    let document: Document = reply.json()?;
    if document.manifests.is_none() && document.config.is_none() {
        return Err(ProbeError::odd(&reply.host(), "it is neither an index nor a manifest"));
    }
    Ok(Tagged::Manifest(Manifest { digest, document }))
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a platform is the one that is wanted; without a variant any will do.
fn fits(wanted: &str, there: &str) -> bool {
    there == wanted || (wanted.matches('/').count() == 1 && there.starts_with(&format!("{wanted}/")))
}

/// Looks for a tag of an image, with its platforms, and whether another image has the same digest.
pub(super) async fn look(
    door: (&Client, &Tokens),
    (image, tag): (&str, &str),
    wanted: &[String],
    same: Option<&(String, String)>,
) -> Result<Found, ProbeError> {
    let at = Image::parse(image)?;
    let manifest = match at.manifest(door, tag).await? {
        Tagged::Manifest(manifest) => manifest,
        Tagged::Other(found) => return Ok(found),
    };
    let digest = manifest.digest.clone();
    if let Some((image, of)) = same {
        match Image::parse(image)?.manifest(door, of).await? {
            Tagged::Manifest(it) if it.digest == digest => {}
            Tagged::Manifest(it) => {
                let (own, other) = (short_digest(&digest), short_digest(&it.digest));
                return Ok(Found::wrong(format!("{own}, not {other} of {}", shown(of, 60))));
            }
            Tagged::Other(found) => {
                let why = format!("{} is not there to compare: {}", shown(of, 60), found.evidence);
                return Ok(Found::wrong(why));
            }
        }
    }
    let mut evidence = short_digest(&digest);
    if let Some((_, of)) = same {
        evidence.push_str(&format!(", the same as {}", shown(of, 60)));
    }
    // The configuration of a single image is read only for what is asked of it.
    if manifest.document.manifests.is_none() && wanted.is_empty() {
        return Ok(Found::present(evidence));
    }
    let mut there = at.platforms(door, manifest).await?;
    there.order();
    there.dedup();
    let missing: Vec<_> =
        wanted.iter().filter(|wanted| !there.iter().any(|it| fits(wanted, it))).cloned().collect();
    let list = shown(&there.join(" "), 160);
    Ok(if missing.is_empty() {
        Found::present(if list.is_empty() { evidence } else { format!("{evidence}, {list}") })
    } else {
        Found::wrong(format!("{} missing: {evidence}, {list}", shown(&missing.join(" and "), 80)))
    })
}
