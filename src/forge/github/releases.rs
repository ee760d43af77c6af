//! Releases of a repository.

use super::{Github, PER_PAGE, Pages, Read, incomplete};
use crate::forge::error::{ForgeError, Trail};
use crate::forge::wire::release;
use crate::order::Order as _;
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
