//! Releases of a repository.

use super::{Github, PER_PAGE, Pages, Read, incomplete};
use crate::forge::error::{ForgeError, Trail};
use crate::forge::wire::release;
use crate::order::Order as _;
use crate::release::artifacts::{
    ArtifactAsk, ArtifactState, Asset, Place, Published, SUMS, is_sums, judge, sums,
};
use crate::release::candidates::ForgeRelease;
use crate::release::ids::Repo;
use crate::release::observe::Sighting;
use crate::release::text::Untrusted;

impl Github {
    /// Every release; drafts too, when the token may push.
    pub(super) async fn see_releases(&self, repo: &Repo) -> Result<Read, ForgeError> {
        let pages: Pages<release::Release> = self.list(self.url(repo, &["releases"], &[PER_PAGE])?).await?;
        let rows = pages.rows.into_iter().map(row).collect::<Option<Vec<_>>>();
        let rows = rows.ok_or_else(|| incomplete("a release without an id", Trail::default()))?;
        Ok(Read::new(Sighting::Releases(sorted(rows)), pages.unchanged))
    }
}

impl Github {
    /// The release of a tag with its files, judged by what the process wants of it. Its checksum files are read where
    /// they are to be compared.
    pub(super) async fn see_release(&self, ask: &ArtifactAsk) -> Result<Read, ForgeError> {
        let Place::Release { repo, checksums, .. } = &ask.place else {
            return Err(incomplete("it is no release", Trail::default()));
        };
        let url = self.url(repo, &["releases", "tags", ask.tag.as_str()], &[])?;
        let reply = match self.client.get(&url).await {
            Ok(reply) => reply,
            Err(ForgeError::NotFound { .. }) => {
                let why = format!("404: {} has no published release of it", repo.as_str());
                return Ok(Read::new(Sighting::Artifact(ask.row(ArtifactState::Absent, why)), false));
            }
            Err(error) => return Err(error),
        };
        let unchanged = reply.unchanged;
        let tagged: release::Tagged = reply.json()?;
        let assets = tagged.assets.unwrap_or_default();
        let sums = if *checksums { Some(self.sums(repo, &assets).await?) } else { None };
        let published = Published {
            draft: tagged.draft == Some(true),
            prerelease: tagged.prerelease == Some(true),
            assets: assets.into_iter().map(asset).collect(),
            sums,
        };
        Ok(Read::new(Sighting::Artifact(judge(ask, &published)), unchanged))
    }

    /// What the checksum files of a release say.
    async fn sums(
        &self,
        repo: &Repo,
        assets: &[release::Asset],
    ) -> Result<Vec<(Untrusted, Box<str>)>, ForgeError> {
        let mut all = Vec::new();
        let small = |it: &&release::Asset| it.size.is_some_and(|size| size <= SUMS);
        for it in assets.iter().filter(small) {
            let name = it.name.as_deref().filter(|name| is_sums(name));
            let (Some(id), Some(name)) = (it.id, name) else { continue };
            let url = self.url(repo, &["releases", "assets", &id.to_string()], &[])?;
            all.extend(sums(name, &self.client.file(&url).await?));
            if all.len() > MANY {
                break;
            }
        }
        Ok(all)
    }
}

/// Most checksums that are read of one release.
const MANY: usize = 10_000;

fn asset(it: release::Asset) -> Asset {
    Asset {
        name: Untrusted::from(it.name.unwrap_or_default()),
        size: it.size.unwrap_or_default(),
        digest: it.digest.map(String::into_boxed_str),
        whole: it.state.as_deref().is_none_or(|state| state == "uploaded"),
    }
}

/// Newest first by id: GraphQL and REST have orders of their own.
pub(super) fn sorted(mut rows: Vec<ForgeRelease>) -> Vec<ForgeRelease> {
    rows.order_by_key(|row| std::cmp::Reverse(row.id));
    rows
}

fn row(it: release::Release) -> Option<ForgeRelease> {
    Some(ForgeRelease {
        id: it.id?,
        tag: Untrusted::from(it.tag_name.unwrap_or_default()),
        name: it.name.filter(|name| !name.is_empty()).map(Untrusted::from),
        draft: it.draft.unwrap_or(it.published_at.is_none()),
        prerelease: it.prerelease.unwrap_or_default(),
        published: it.published_at,
        assets: u32::try_from(it.assets.map_or(0, |assets| assets.len())).unwrap_or(u32::MAX),
    })
}
