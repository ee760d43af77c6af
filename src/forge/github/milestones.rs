//! Milestones of a repository.

use super::{Github, PER_PAGE, Pages, Read, incomplete};
use crate::forge::error::{ForgeError, Trail};
use crate::forge::wire::issue;
use crate::release::ids::Repo;
use crate::release::milestone::Milestone;
use crate::release::observe::Sighting;
use crate::release::text::Untrusted;

impl Github {
    /// Every milestone, open and closed.
    pub(super) async fn see_milestones(&self, repo: &Repo) -> Result<Read, ForgeError> {
        let pages = self.milestones(repo).await?;
        Ok(Read::new(Sighting::Milestones(repo.clone(), pages.rows), pages.unchanged))
    }

    /// The number of the milestone with a title, none when the repository has no such one.
    pub(super) async fn milestone_number(
        &self,
        repo: &Repo,
        title: &Untrusted,
    ) -> Result<Option<u64>, ForgeError> {
        Ok(titled(&self.milestones(repo).await?.rows, title))
    }

    pub(super) async fn milestones(&self, repo: &Repo) -> Result<Pages<Milestone>, ForgeError> {
        let url = self.url(repo, &["milestones"], &[("state", "all"), PER_PAGE])?;
        let pages: Pages<issue::Milestone> = self.list(url).await?;
        let rows = pages.rows.into_iter().map(row).collect::<Option<Vec<_>>>();
        let rows = rows.ok_or_else(|| incomplete("a milestone without a number", Trail::default()))?;
        Ok(Pages { rows, sha: None, unchanged: pages.unchanged, seal: pages.seal })
    }
}

/// The number of the milestone with a title. Two of one title cannot be: GitHub refuses the second.
pub(super) fn titled(rows: &[Milestone], title: &Untrusted) -> Option<u64> {
    rows.iter().find(|it| it.title == *title).map(|it| it.number)
}

fn row(it: issue::Milestone) -> Option<Milestone> {
    Some(Milestone {
        number: it.number?,
        title: Untrusted::from(it.title.unwrap_or_default()),
        // What is not said to be closed may still hold work.
        open: it.state.as_deref() != Some("closed"),
        due: it.due_on,
        open_issues: it.open_issues.unwrap_or_default(),
        closed_issues: it.closed_issues.unwrap_or_default(),
    })
}
