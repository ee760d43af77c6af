//! Where each artifact is asked for: its place, with every placeholder filled in.

use super::{ArtifactRow, ArtifactState};
use crate::process::{Artifact, ArtifactKind};
use crate::release::Release;
use crate::release::candidates::TagRow;
use crate::release::ids::{Repo, Tag};
use crate::release::looks::{LookKey, Topic};
use crate::release::text::Untrusted;
use crate::version::classify;

/// Where an artifact is asked for, with every placeholder filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A Python package index.
    Pypi {
        /// The index: scheme, host and what stands before `/pypi` and `/simple`.
        index: String,
        /// The package.
        package: String,
        /// The version, without the prefix of the tag.
        version: String,
    },
    /// An npm registry.
    Npm {
        /// The registry; none for npm's own.
        registry: Option<String>,
        /// The package, with its scope.
        package: String,
        /// The version.
        version: String,
    },
    /// The sparse index of a crate registry.
    Crate {
        /// The index; none for that of crates.io.
        registry: Option<String>,
        /// The crate.
        package: String,
        /// The version.
        version: String,
    },
    /// A container registry.
    Oci {
        /// The image.
        image: String,
        /// The tag.
        tag: String,
        /// The platforms that must be there.
        platforms: Vec<String>,
        /// Another image and its tag, whose digest this one must have.
        same: Option<(String, String)>,
    },
    /// A Helm repository, or an `oci://` registry.
    Helm {
        /// The repository.
        repo: String,
        /// The chart.
        chart: String,
        /// The version, without `v`.
        version: String,
    },
    /// A release of the forge with its files.
    Release {
        /// The repository.
        repo: Repo,
        /// Names of files that must be there, with `*`.
        assets: Vec<String>,
        /// Whether the files must have the checksums that a file among them says.
        checksums: bool,
    },
    /// An address.
    Url {
        /// The address.
        url: String,
        /// What the answer must hold.
        contains: Option<String>,
    },
}

/// A question to a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArtifactAsk {
    /// The artifact's id in the process.
    pub id: Box<str>,
    /// The tag it is asked for.
    pub tag: Tag,
    /// Where.
    pub place: Place,
}

impl ArtifactAsk {
    /// The look that asks.
    #[must_use]
    pub fn key(&self) -> LookKey {
        LookKey::new(Topic::Artifacts, self.id.clone())
    }

    /// An answer to it.
    #[must_use]
    pub fn row(&self, state: ArtifactState, evidence: impl Into<Untrusted>) -> ArtifactRow {
        ArtifactRow { id: self.id.clone(), tag: self.tag.clone(), state, evidence: evidence.into() }
    }
}

/// The index that a Python package is on, unless the process says another.
const PYPI: &str = "https://pypi.org";

impl Release {
    /// What is asked of the outside about an artifact; none while its tag does not exist, and for what the clone or a
    /// person answers.
    #[must_use]
    pub fn artifact_ask(&self, id: &str) -> Option<ArtifactAsk> {
        let artifact = self.artifact(id)?;
        let row = self.artifact_tag(artifact).ok()?;
        let place = self.place(artifact, row)?;
        Some(ArtifactAsk { id: artifact.id.as_str().into(), tag: row.tag.clone(), place })
    }

    fn place(&self, artifact: &Artifact, row: &TagRow) -> Option<Place> {
        let process = self.process.as_ref()?;
        let class = classify(&process.version, row.tag.as_str());
        let version = class.version?;
        let fill = |form: &str| process.fill(form, row.tag.as_str(), &version);
        let registry = |it: &Option<String>| it.as_deref().map(&fill);
        let number = version.to_string();
        Some(match &artifact.at {
            ArtifactKind::Pypi { package, index } => Place::Pypi {
                index: fill(index.as_deref().unwrap_or(PYPI)),
                package: fill(package),
                version: number,
            },
            ArtifactKind::Npm { package, registry: at } => {
                Place::Npm { registry: registry(at), package: fill(package), version: number }
            }
            ArtifactKind::Crate { package, registry: at } => {
                Place::Crate { registry: registry(at), package: fill(package), version: number }
            }
            ArtifactKind::Oci { image, tag, platforms, same_as } => {
                let same = match same_as {
                    None => None,
                    Some(id) => Some(self.image_of(id, &fill)?),
                };
                let tag = fill(tag.as_deref().unwrap_or("{version}"));
                Place::Oci { image: fill(image), tag, platforms: platforms.clone(), same }
            }
            ArtifactKind::Helm { repo, chart } => {
                Place::Helm { repo: fill(repo), chart: fill(chart), version: number }
            }
            ArtifactKind::GithubRelease { repository, assets, checksums } => Place::Release {
                repo: match repository {
                    Some(name) => Repo::parse(name).ok()?,
                    None => self.opened.as_ref()?.repo.clone()?,
                },
                assets: assets.iter().map(|name| fill(name)).collect(),
                checksums: *checksums,
            },
            ArtifactKind::Url { url, contains } => {
                Place::Url { url: fill(url), contains: contains.as_deref().map(fill) }
            }
            ArtifactKind::Branch | ArtifactKind::Tag | ArtifactKind::Attested => return None,
        })
    }

    /// The image and the tag of another artifact, for one that must have its digest.
    fn image_of(&self, id: &str, fill: &impl Fn(&str) -> String) -> Option<(String, String)> {
        match &self.artifact(id)?.at {
            ArtifactKind::Oci { image, tag, .. } => {
                Some((fill(image), fill(tag.as_deref().unwrap_or("{version}"))))
            }
            _ => None,
        }
    }

    /// Every question that is asked of the outside now.
    #[must_use]
    pub fn artifact_asks(&self) -> Vec<ArtifactAsk> {
        self.artifacts_wanted().filter_map(|artifact| self.artifact_ask(&artifact.id)).collect()
    }
}
