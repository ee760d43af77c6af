//! Backports that name a commit and no pull request: which pull request brought it to the trunk.

use super::super::Github;
use super::COMMITS;
use super::lists::Lists;
use crate::forge::error::ForgeError;
use crate::forge::wire::pull::Pull;
use crate::release::ids::{Oid, Repo};
use crate::release::picks::{BackportState, Gather, picked_from};
use crate::release::text::Untrusted;

impl Github {
    /// Finds what open pull requests bring that do not say so in branch, title or text, by the trailers of their
    /// commits.
    pub(super) async fn find_origins(
        &self,
        repo: &Repo,
        gather: &Gather,
        lists: &mut Lists,
    ) -> Result<(), ForgeError> {
        let mut left = COMMITS;
        for it in lists.incoming.iter_mut().flat_map(|(_, rows)| rows) {
            if !it.of.is_empty() || it.backport.state != BackportState::Open {
                continue;
            }
            let mut by = "a trailer in its text";
            if it.picked.is_empty() {
                by = "a trailer in its commits";
                let head = it.head.map(|oid| oid.to_string()).unwrap_or_default();
                let key = (repo.clone(), it.number, head);
                let known = self.memory().picks.picked.get(&key).cloned();
                it.picked = match known {
                    Some(known) => known,
                    None if left == 0 => continue,
                    None => {
                        left -= 1;
                        let found = self.picked_in(repo, it.number).await?;
                        self.memory().picks.picked.insert(key, found.clone());
                        found
                    }
                };
            }
            for oid in it.picked.clone() {
                let number = self.origin(repo, gather, oid).await?;
                it.of.extend(number.filter(|number| !it.of.contains(number) && *number != it.number));
            }
            if !it.of.is_empty() {
                it.backport.known_by = Untrusted::from(by);
            }
        }
        Ok(())
    }

    /// The commits that those of a pull request were picked from.
    async fn picked_in(&self, repo: &Repo, number: u64) -> Result<Vec<Oid>, ForgeError> {
        let commits = self.commits_in(repo, number).await?;
        let messages = commits.into_iter().filter_map(|it| it.commit?.message);
        let mut found: Vec<Oid> = messages.filter_map(|text| picked_from(&text).pop()).collect();
        found.truncate(COMMITS);
        Ok(found)
    }

    /// The pull request that brought a commit to the trunk.
    async fn origin(&self, repo: &Repo, gather: &Gather, oid: Oid) -> Result<Option<u64>, ForgeError> {
        if let Some(known) = self.memory().picks.origins.get(&oid) {
            return Ok(*known);
        }
        let url = self.url(repo, &["commits", &oid.to_string(), "pulls"], &[])?;
        let found: Vec<Pull> = match self.client.get(&url).await {
            Ok(reply) => reply.json()?,
            // The commit may be of another repository, or gone.
            Err(ForgeError::NotFound { .. } | ForgeError::Validation { .. }) => Vec::new(),
            Err(error) => return Err(error),
        };
        let trunk = gather.trunk.as_ref().map(|trunk| trunk.as_str());
        let fits = |it: &&Pull| {
            let base = it.base.as_ref().and_then(|base| base.name.as_deref());
            it.merged_at.is_some() && (trunk.is_none() || base == trunk)
        };
        let number = found.iter().find(fits).and_then(|it| it.number);
        self.memory().picks.origins.insert(oid, number);
        Ok(number)
    }
}
