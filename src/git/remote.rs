//! Addresses of remotes: what host, owner and name they mean, and which of them are refused.

use super::GitError;
use super::find::Repository;
use super::run::{Git, text};
use crate::release::ids::Repo;
use crate::release::text::Untrusted;
use serde::Serialize;
use std::path::PathBuf;

/// How a remote is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// `https://`
    Https,
    /// `http://`
    Http,
    /// `ssh://` and `user@host:path`
    Ssh,
    /// `git://`
    Git,
}

/// The address of a repository on a forge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RemoteUrl {
    /// How it is reached.
    pub transport: Transport,
    /// The host in lower case, without port; `ssh.github.com` is `github.com`. An alias from the user's ssh
    /// configuration stays what it is.
    pub host: String,
    /// The port, when one is written and it is not that of GitHub's ssh over 443.
    pub port: Option<u16>,
    /// The account that owns the repository.
    pub owner: String,
    /// Its name, without `.git`.
    pub name: String,
    /// What is configured, without user name and password.
    pub raw: Untrusted,
}

impl RemoteUrl {
    /// `owner/name`.
    ///
    /// # Errors
    /// Never for an address that came from [`Address::parse`], which checks the same rules.
    pub fn repo(&self) -> Result<Repo, crate::release::ids::BadName> {
        Repo::parse(&format!("{}/{}", self.owner, self.name))
    }
}

/// What a configured address turned out to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Address {
    /// A repository on a forge.
    Forge(RemoteUrl),
    /// A directory on this machine.
    Local(PathBuf),
    /// Nothing that can be used, and why.
    Refused {
        /// What is configured, without user name and password.
        raw: Untrusted,
        /// The reason.
        why: &'static str,
    },
}

/// A remote of the repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remote {
    /// Its name, `origin`.
    pub name: String,
    /// Where it fetches from, `insteadOf` applied.
    pub fetch: Address,
    /// Where it pushes to, `pushurl`, `insteadOf` and `pushInsteadOf` applied.
    pub push: Address,
}

impl Remote {
    /// The forge that it fetches from.
    #[must_use]
    pub fn forge(&self) -> Option<&RemoteUrl> {
        match &self.fetch {
            Address::Forge(url) => Some(url),
            Address::Local(_) | Address::Refused { .. } => None,
        }
    }
}

impl Address {
    /// Reads an address as git would, and refuses those that run a program or could be read as an option.
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        parse(raw).unwrap_or_else(|why| Self::Refused { raw: without_secrets(raw).into(), why })
    }
}

fn parse(raw: &str) -> Result<Address, &'static str> {
    if raw.is_empty() {
        return Err("it is empty");
    }
    if raw.starts_with('-') {
        return Err("it starts with a dash, as an option does");
    }
    if raw.chars().any(char::is_control) {
        return Err("it holds a control character");
    }
    if let Some((scheme, rest)) = raw.split_once("://") {
        let transport = match scheme.to_ascii_lowercase().as_str() {
            "https" => Transport::Https,
            "http" => Transport::Http,
            "ssh" | "git+ssh" | "ssh+git" => Transport::Ssh,
            "git" => Transport::Git,
            "file" => return Ok(Address::Local(PathBuf::from(rest))),
            _ if scheme.contains("::") => return Err("it runs a helper program"),
            _ => return Err("the transport is none of https, http, ssh, git and file"),
        };
        let (authority, path) = rest.split_once('/').ok_or("it has no path")?;
        return forge(raw, transport, authority, path);
    }
    let colon = raw.find(':').filter(|colon| !raw[..*colon].contains('/'));
    match colon {
        Some(colon) if raw[colon..].starts_with("::") => Err("it runs a helper program"),
        // The port of the scp form does not exist: what follows the colon is the path.
        Some(colon) => forge(raw, Transport::Ssh, &raw[..colon], &raw[colon + 1..]),
        None => Ok(Address::Local(PathBuf::from(raw))),
    }
}

fn forge(raw: &str, transport: Transport, authority: &str, path: &str) -> Result<Address, &'static str> {
    let (user, place) = authority.rsplit_once('@').map_or((None, authority), |(user, at)| (Some(user), at));
    if user.is_some_and(|user| user.starts_with('-')) {
        return Err("the user name starts with a dash, as an option does");
    }
    let (host, port) = host_and_port(place)?;
    let (host, port) = match (host.as_str(), port) {
        ("ssh.github.com", None | Some(443)) => ("github.com".to_owned(), None),
        _ => (host, port),
    };
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let repo = Repo::parse(path).map_err(|_| "the path is not owner/name")?;
    let (owner, name) = (repo.owner().to_owned(), repo.name().to_owned());
    Ok(Address::Forge(RemoteUrl { transport, host, port, owner, name, raw: without_secrets(raw).into() }))
}

fn host_and_port(place: &str) -> Result<(String, Option<u16>), &'static str> {
    let (host, port) = match place.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) if address.chars().all(|c| c.is_ascii_hexdigit() || c == ':' || c == '.') => {
            (address, rest.strip_prefix(':'))
        }
        Some(_) => return Err("the host is no address"),
        None => {
            let (host, port) = place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port)));
            let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
            if host.starts_with('-') {
                return Err("the host starts with a dash, as an option does");
            }
            if host.is_empty() || !host.chars().all(fine) {
                return Err("the host is no host name");
            }
            (host, port)
        }
    };
    let port = match port {
        None | Some("") => None,
        Some(digits) => Some(digits.parse().map_err(|_| "the port is no number")?),
    };
    Ok((host.to_ascii_lowercase(), port))
}

/// The text with `user:password@` after every `://` taken out.
#[must_use]
pub fn without_secrets(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once("://") {
        out.push_str(before);
        out.push_str("://");
        let end = after.find(|c: char| c == '/' || c.is_whitespace() || c == '\'').unwrap_or(after.len());
        rest = after[..end].rfind('@').map_or(after, |at| &after[at + 1..]);
    }
    out.push_str(rest);
    out
}

impl Repository {
    /// The remote that the release lives on: the one that `gonogo.remote` names, else `upstream`, `origin`, or
    /// the only one. None when there is none, or several of other names.
    #[must_use]
    pub fn remote(&self) -> Option<&Remote> {
        let named = |name: &str| self.remotes.iter().find(|remote| remote.name == name);
        match &self.chosen_remote {
            Some(chosen) => named(chosen),
            None => named("upstream").or_else(|| named("origin")).or(match self.remotes.as_slice() {
                [only] => Some(only),
                _ => None,
            }),
        }
    }

    /// A remote by its name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Remote> {
        self.remotes.iter().find(|remote| remote.name == name)
    }

    /// The user's fork, where `gonogo.fork` names one that is on a forge.
    #[must_use]
    pub fn fork(&self) -> Option<(&Remote, &RemoteUrl)> {
        let remote = self.named(self.fork_remote.as_deref()?)?;
        match &remote.push {
            Address::Forge(url) => Some((remote, url)),
            Address::Local(_) | Address::Refused { .. } => None,
        }
    }
}

impl Git {
    /// The address of a remote as git itself resolves it; for checking what [`super::find`] read without git.
    ///
    /// # Errors
    /// When git fails; a remote without an address is such a failure.
    pub async fn remote_address(&self, at: &Repository, name: &str, push: bool) -> Result<Address, GitError> {
        let mut call = self.read(at, "remote").arg("get-url");
        if push {
            call = call.arg("--push");
        }
        let answer = text(&call.arg("--").arg(name), "remote get-url").await?;
        Ok(Address::parse(answer.lines().next().unwrap_or_default()))
    }
}
