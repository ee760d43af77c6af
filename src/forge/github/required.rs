//! The checks that a branch requires, from branch protection and rulesets together.

use super::{Github, PER_PAGE, Pages, Read};
use crate::forge::error::ForgeError;
use crate::forge::wire::repo;
use crate::release::checks::RequiredSeen;
use crate::release::ids::{Branch, Repo};
use crate::release::observe::Sighting;
use crate::release::text::Untrusted;
use std::collections::BTreeSet;

/// What one source said.
struct Said {
    contexts: Vec<String>,
    unchanged: bool,
}

impl Github {
    /// The required contexts of a branch. When a source cannot be read the look fails: an empty list would say that
    /// nothing is required.
    pub(super) async fn see_required(&self, at: &Repo, branch: &Branch) -> Result<Read, ForgeError> {
        let reply = self.client.get(&self.url(at, &["branches", branch.as_str()], &[])?).await?;
        let seen: repo::Branch = reply.json()?;
        let rules = self.by_rules(at, branch).await?;
        let classic = match (seen.protected, seen.protection) {
            // The summary that everyone may read says it all.
            (_, Some(protection)) if protection.enabled == Some(false) => {
                Said { contexts: Vec::new(), unchanged: true }
            }
            (_, Some(repo::Protection { required_status_checks: Some(checks), .. })) => {
                Said { contexts: contexts(checks), unchanged: true }
            }
            (Some(false), _) => Said { contexts: Vec::new(), unchanged: true },
            // Protected, and the summary is silent: only the protection itself knows.
            _ => self.by_protection(at, branch).await?,
        };
        let unchanged = reply.unchanged && rules.unchanged && classic.unchanged;
        let protected = seen.protected.unwrap_or(false) || !rules.rows.is_empty();
        let ruled =
            rules.rows.into_iter().filter(|rule| rule.kind.as_deref() == Some("required_status_checks"));
        let ruled = ruled.filter_map(|rule| rule.parameters?.required_status_checks).flatten();
        let all: BTreeSet<_> =
            classic.contexts.into_iter().chain(ruled.filter_map(|check| check.context)).collect();
        let contexts = all.into_iter().map(Untrusted::from).collect();
        Ok(Read::new(
            Sighting::Required(RequiredSeen { branch: branch.clone(), contexts, protected }),
            unchanged,
        ))
    }

    async fn by_rules(&self, at: &Repo, branch: &Branch) -> Result<Pages<repo::Rule>, ForgeError> {
        let none = || Pages { rows: Vec::new(), sha: None, unchanged: true, seal: 0 };
        match self.list(self.url(at, &["rules", "branches", branch.as_str()], &[PER_PAGE])?).await {
            // An Enterprise server before 3.11 has no rulesets, so nothing is required by one.
            Err(ForgeError::NotFound { .. }) => Ok(none()),
            other => other,
        }
    }

    async fn by_protection(&self, at: &Repo, branch: &Branch) -> Result<Said, ForgeError> {
        let path = ["branches", branch.as_str(), "protection", "required_status_checks"];
        match self.client.get(&self.url(at, &path, &[])?).await {
            Ok(reply) => Ok(Said { contexts: contexts(reply.json()?), unchanged: reply.unchanged }),
            // GitHub's way to say that there is protection but no required check in it.
            Err(ForgeError::NotFound { trail, message }) => {
                let said = message.raw();
                let none = said.contains("Required status checks not enabled")
                    || said.contains("Branch not protected");
                if none { Ok(Said { contexts: Vec::new(), unchanged: true }) } else { Err(hidden(trail)) }
            }
            Err(ForgeError::Forbidden { needs, message, trail }) => Err(ForgeError::Forbidden {
                needs: needs.or_else(|| Some("administration=read".into())),
                message,
                trail,
            }),
            Err(error) => Err(error),
        }
    }
}

/// GitHub hides branch protection from those who may not administer the repository.
fn hidden(trail: Box<crate::forge::error::Trail>) -> ForgeError {
    let message = "which checks the branch requires is hidden from this token".into();
    ForgeError::Forbidden { needs: Some("administration=read".into()), message, trail }
}

fn contexts(checks: repo::RequiredChecks) -> Vec<String> {
    if checks.enforcement_level.as_deref() == Some("off") {
        return Vec::new();
    }
    let named = checks.checks.into_iter().flatten().filter_map(|check| check.context);
    checks.contexts.into_iter().flatten().chain(named).collect()
}
