//! Who the token belongs to, and the name that a repository has now.

use super::Github;
use crate::forge::Viewer;
use crate::forge::error::ForgeError;
use crate::forge::rate::text;
use crate::forge::wire::{User, repo};
use crate::release::ids::Repo;
use crate::release::text::Untrusted;

impl Github {
    /// The viewer, by `GET /user`, and the repository. A token without a user (an app's) leaves the login out.
    pub(super) async fn see_viewer(&self, at: &Repo) -> Result<Viewer, ForgeError> {
        let user = if self.client.has_token() {
            match self.client.fresh(&self.client.api.url(&["user"], &[])?).await {
                Ok(reply) => Some(reply),
                Err(ForgeError::Forbidden { .. }) => None,
                Err(error) => return Err(error),
            }
        } else {
            None
        };
        let repository: repo::Repository = self.client.fresh(&self.url(at, &[], &[])?).await?.json()?;
        let header = |name| user.as_ref().and_then(|reply| text(&reply.headers, name));
        let login = match &user {
            Some(reply) => reply.json::<User>()?.login.map(Untrusted::from),
            None => None,
        };
        let words = |list: &str| {
            list.split(',').map(str::trim).filter(|it| !it.is_empty()).map(Untrusted::from).collect()
        };
        Ok(Viewer {
            login,
            scopes: header("x-oauth-scopes").map(words),
            expires: header("github-authentication-token-expiration").map(Untrusted::from),
            full_name: repository.full_name.map(Untrusted::from),
            permissions: ranked(repository.permissions.unwrap_or_default()),
            default_branch: repository.default_branch.map(Untrusted::from),
        })
    }

    /// The name that a repository has now, asked once: a write to an old name would be redirected, and GitHub's
    /// redirects of writes lose the body.
    pub(super) async fn name_now(&self, repo: &Repo) -> Result<Repo, ForgeError> {
        if let Some(name) = self.memory().names.get(repo) {
            return Ok(name.clone());
        }
        let reply: repo::Repository = self.client.get(&self.url(repo, &[], &[])?).await?.json()?;
        let name = reply.full_name.and_then(|name| Repo::parse(&name).ok()).unwrap_or_else(|| repo.clone());
        self.memory().names.insert(repo.clone(), name.clone());
        Ok(name)
    }
}

/// What is allowed, the most first.
fn ranked(permissions: std::collections::BTreeMap<String, Option<bool>>) -> Vec<Untrusted> {
    let order = ["admin", "maintain", "push", "triage", "pull"];
    let held = |name: &&str| permissions.get(*name).copied().flatten() == Some(true);
    order.into_iter().filter(held).map(Untrusted::from).collect()
}
