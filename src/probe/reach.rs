//! Whom the door asks: the registries themselves or a stand-in, and of a process that nobody trusts only those that
//! everybody knows.

use super::address;
use super::error::ProbeError;
use super::oci::Image;
use super::{crates, npm};
use crate::release::artifacts::Place;
use reqwest::Url;

/// Whom the door asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Every host that the process names: it is the user's own, or trusted.
    Any,
    /// Registries that everybody knows alone: the process came with a repository that nobody trusts, which may name
    /// no host.
    Known,
    /// One server that stands in for all of them, at this address: what is asked of a host is asked below
    /// `/registry/HOST/` there. The embedded demo asks nobody outside.
    StandIn(String),
}

/// Registries that everybody knows.
const KNOWN: &[&str] = &[
    "pypi.org",
    "test.pypi.org",
    "registry-1.docker.io",
    "ghcr.io",
    "quay.io",
    "gcr.io",
    "registry.k8s.io",
    "public.ecr.aws",
    "mcr.microsoft.com",
];

impl Reach {
    /// The address that is asked instead of one; the same where nothing stands in.
    pub(super) fn instead(&self, url: &Url) -> Result<Url, ProbeError> {
        let Self::StandIn(base) = self else { return Ok(url.clone()) };
        let host = address::host(url);
        let mut to = address::below(base, &["registry", &host])?;
        // The path is encoded already.
        to.set_path(&format!("{}{}", to.path(), url.path()));
        to.set_query(url.query());
        Ok(to)
    }

    /// Whether an address may be asked.
    pub(super) fn allows_url(&self, url: &str) -> Result<(), ProbeError> {
        self.allows(&Place::Url { url: url.into(), contains: None })
    }

    /// Whether all that a place names may be asked.
    pub(super) fn allows(&self, place: &Place) -> Result<(), ProbeError> {
        if *self != Self::Known {
            return Ok(());
        }
        for url in hosts(place)? {
            let host = address::host(&url);
            let own = [npm::NPM, crates::INDEX]
                .iter()
                .any(|it| Url::parse(it).is_ok_and(|it| it.host_str() == url.host_str()));
            if !own && !KNOWN.contains(&host.as_str()) {
                return Err(ProbeError::Untrusted { host });
            }
        }
        Ok(())
    }
}

/// The hosts that a place names.
fn hosts(place: &Place) -> Result<Vec<Url>, ProbeError> {
    let one = |url: &str| Ok(vec![address::parse(url)?]);
    match place {
        Place::Pypi { index, .. } => one(index),
        Place::Npm { registry, .. } => one(registry.as_deref().unwrap_or(npm::NPM)),
        Place::Crate { registry, .. } => {
            one(registry.as_deref().unwrap_or(crates::INDEX).trim_start_matches("sparse+"))
        }
        Place::Oci { image, same, .. } => {
            let all = std::iter::once(image).chain(same.iter().map(|(image, _)| image));
            all.map(|image| Image::parse(image).map(Image::registry)).collect()
        }
        Place::Helm { repo, .. } => match repo.strip_prefix("oci://") {
            Some(image) => Ok(vec![Image::parse(&format!("{image}/chart"))?.registry()]),
            None => one(repo),
        },
        Place::Url { url, .. } => one(url),
        // The forge's own door asks.
        Place::Release { .. } => Ok(Vec::new()),
    }
}
