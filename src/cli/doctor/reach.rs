//! What is reached: git, the repository, its remote, the forge.

use super::Findings;
use super::token::token_for;
use crate::cli::alias;
use crate::cli::args::DoctorArgs;
use crate::cli::open::forge_of;
use crate::cli::setup::Setup;
use crate::cli::token::api_of;
use crate::config::Config;

use crate::forge::token::variables;
use crate::forge::{Api, Forge as _, Github, Token};
use crate::git::find::Operation;
use crate::git::{Address, Git, Head, Refs, RemoteUrl, Repository};
use crate::release::ids::{Branch, Repo};
use crate::release::text::{Untrusted, shown};

pub(super) async fn git(found: &mut Findings) -> Option<Git> {
    let git = match Git::locate().await {
        Ok(git) => git,
        Err(why) => {
            found.bad("git", why.to_string(), "install git 2.38 or later");
            return None;
        }
    };
    let tier = git.tier();
    let lacks: Vec<_> = tier.report().into_iter().filter(|(_, there, _)| !there).collect();
    let text = format!("{} at {}", tier.text(), git.program().line());
    match lacks.as_slice() {
        [] => found.ok("git", format!("{text}: everything is used")),
        _ => {
            let lacks: Vec<_> = lacks.iter().map(|(name, _, why)| format!("{name} {why}")).collect();
            found.warn("git", format!("{text}: {}", lacks.join("; ")), "a newer git removes these limits");
        }
    }
    Some(git)
}

pub(super) async fn repository<'s>(
    found: &mut Findings,
    setup: &'s Setup,
    git: Option<&Git>,
) -> Option<&'s Repository> {
    let repository = match &setup.repository {
        Ok(repository) => repository,
        Err(why) => {
            found.bad("repository", why.to_string(), "run it in a clone, or name one: gonogo doctor PATH");
            return None;
        }
    };
    stand(found, repository);
    if let Some(git) = git {
        match git.refs(repository).await {
            Ok(refs) => {
                let left = match refs.left_out.len() {
                    0 => String::new(),
                    count => format!(", {count} refs with names that are not taken"),
                };
                found.ok("refs", format!("{} branches, {} tags{left}", refs.branches.len(), refs.tags.len()));
                trunk(found, setup, &refs);
            }
            Err(why) => found.bad("refs", why.to_string(), "git itself must be able to read this repository"),
        }
    }
    Some(repository)
}

/// Whether the trunk that the process names is a branch here.
fn trunk(found: &mut Findings, setup: &Setup, refs: &Refs) {
    let Some(Ok(resolved)) = setup.process() else { return };
    let branches = &resolved.process.branches;
    let here = |name: &str| refs.branches.keys().any(|branch| branch.as_str() == name);
    let name = branches.trunk_among(here);
    if here(name) {
        found.ok("trunk", format!("{name}, as the process says"));
    } else if !refs.branches.is_empty() {
        let why = branches.no_trunk(refs.default_branch.as_ref().map(Branch::as_str));
        let (text, next) = why.split_once("; ").unwrap_or((&why, ""));
        found.warn("trunk", text, next);
    }
}

/// Where the repository stands: its directory, its head, what is missing of it, what is unfinished in it.
fn stand(found: &mut Findings, repository: &Repository) {
    let dir = repository.dir().display().to_string();
    let head = match &repository.head {
        Head::Branch(name) => format!("on {}", name.line()),
        Head::Unborn(name) => format!("on {}, which has no commit yet", name.line()),
        Head::Detached(oid) => format!("HEAD is detached at {}", oid.short()),
        Head::Unknown => "HEAD is where only git can tell".to_owned(),
    };
    found.ok("repository", format!("{dir}, {head}"));
    if repository.shallow {
        let text = "history is cut off: ahead, behind and drift are unknown beyond the cut";
        found.warn("repository", text, "git fetch --unshallow");
    }
    if repository.partial {
        let text = "objects are missing on purpose: what needs them is asked of git, or not shown";
        found.warn("repository", text, "git fetch --refetch --no-filter brings them all");
    }
    if let Some(operation) = repository.operation {
        let word = match operation {
            Operation::Rebase => "rebase",
            Operation::Merge => "merge",
            Operation::CherryPick => "cherry-pick",
            Operation::Revert => "revert",
            Operation::Bisect => "bisect",
        };
        let text = format!("a {word} has begun here and is not finished");
        found.warn("repository", text, "finish or abort it; picks are applied in a worktree of their own");
    }
}

pub(super) async fn remote(found: &mut Findings, repository: &Repository, setup: &Setup, args: &DoctorArgs) {
    let named = args.target.repository.as_deref();
    let (host, repo) = match (url_of(found, repository, setup, named), forge_of(repository, &args.target)) {
        (_, Err(why)) => return found.bad("forge", why, "gonogo takes owner/name as GitHub allows them"),
        (None, Ok(_)) => return,
        (Some(Some(url)), Ok((_, repo))) => (host(found, url, &setup.loaded.config).await, repo),
        (Some(None), Ok((host, repo))) => (host.unwrap_or_default(), repo),
    };
    let api = match api_of(&setup.loaded.config, &host) {
        Ok(api) => api,
        Err(why) => return found.bad("forge", why, "set api_urls in your config.toml"),
    };
    let Some(token) = token(found, api.host(), setup.loaded.config.token_command()).await else {
        return;
    };
    if args.offline {
        return found.ok("forge", format!("{} was not asked (--offline)", api.origin()));
    }
    if let Some(repo) = repo {
        forge(found, api, token, &repo).await;
    }
}

/// The remote's address on a forge, or that it has none while the options name a repository there; nothing when there
/// is no forge to ask.
fn url_of<'r>(
    found: &mut Findings,
    repository: &'r Repository,
    setup: &Setup,
    named: Option<&str>,
) -> Option<Option<&'r RemoteUrl>> {
    let by_option = named.map(|name| format!("the forge knows it as {}", shown(name, 200)));
    let Some(remote) = repository.remote() else {
        return no_remote(found, repository, setup, by_option);
    };
    match (&remote.fetch, by_option) {
        (Address::Forge(url), by_option) => {
            let own = format!("{} is {}/{} on {}", remote.name, url.owner, url.name, url.host);
            found.ok(
                "remote",
                by_option.map_or_else(|| own.clone(), |it| format!("{own}; {it} (--repository)")),
            );
            Some(Some(url))
        }
        (Address::Local(path), by_option) => {
            let text = format!("{} is a directory: {}", remote.name, path.display());
            let Some(by_option) = by_option else {
                let next =
                    "without a forge there are no milestones and no CI; --repository OWNER/NAME names it";
                found.warn("remote", text, next);
                return None;
            };
            found.ok("remote", format!("{text}; {by_option} (--repository)"));
            Some(None)
        }
        (Address::Refused { raw, why }, _) => {
            let text = format!("{} is refused: {why}: {}", remote.name, raw.line());
            found.bad("remote", text, format!("git remote set-url {} URL", shown(&remote.name, 80)));
            None
        }
    }
}

/// That there is no remote, or that none of several is chosen.
fn no_remote<'r>(
    found: &mut Findings,
    repository: &Repository,
    setup: &Setup,
    by_option: Option<String>,
) -> Option<Option<&'r RemoteUrl>> {
    let names: Vec<_> = repository.remotes.iter().map(|remote| shown(&remote.name, 80)).collect();
    let next =
        if names.is_empty() { "git remote add origin URL" } else { "set remote = \"NAME\" in gonogo.toml" };
    let text = match (&setup.loaded.config.remote, names.as_slice()) {
        (Some(chosen), _) => format!("there is no remote {chosen:?}; there are: {}", names.join(", ")),
        (None, []) => "none: the cockpit works on git alone".to_owned(),
        (None, names) => format!("several, and none is called upstream or origin: {}", names.join(", ")),
    };
    let Some(by_option) = by_option else {
        found.warn("remote", text, next);
        return None;
    };
    found.warn("remote", format!("no remote is fetched or pushed to; {by_option} (--repository)"), next);
    Some(None)
}

/// The host of a remote; of an alias in the user's ssh configuration what it stands for.
async fn host(found: &mut Findings, url: &RemoteUrl, config: &Config) -> String {
    if !alias::may_be(url) || config.api_url(&url.host).is_some() {
        return url.host.clone();
    }
    match alias::host_of(&url.host).await {
        Some(host) => {
            found.ok("host", format!("{} is {host} to ssh", url.host));
            host
        }
        None => {
            let text = format!("{} has no dot, and ssh knows no other name for it", url.host);
            found.warn("host", text, alias::advice(&url.host));
            url.host.clone()
        }
    }
}

async fn forge(found: &mut Findings, api: Api, token: Token, repo: &Repo) {
    let origin = api.origin();
    let github = match Github::new(crate::forge::client::Setup::new(api, Some(token))) {
        Ok(github) => github,
        Err(why) => return found.bad("forge", why.say(), "the token must be for the host of the API"),
    };
    let viewer = match github.viewer(repo).await {
        Ok(viewer) => viewer,
        Err(why) => {
            return found.bad(
                "forge",
                format!("{origin}: {}", why.say()),
                "gonogo doctor --offline passes over it",
            );
        }
    };
    let line = |text: &Option<Untrusted>| text.as_ref().map(Untrusted::line);
    let lines = |texts: &[Untrusted]| texts.iter().map(Untrusted::line).collect::<Vec<_>>().join(", ");
    let login = line(&viewer.login).unwrap_or_else(|| "an app, without a login".to_owned());
    let scopes = match &viewer.scopes {
        Some(scopes) => format!("scopes {}", lines(scopes)),
        None => "a token that does not say its scopes".to_owned(),
    };
    let expires = line(&viewer.expires).map(|at| format!(", expires {at}")).unwrap_or_default();
    found.ok("login", format!("{login} at {origin}, {scopes}{expires}"));
    let renamed = line(&viewer.full_name).filter(|name| !name.eq_ignore_ascii_case(repo.as_str()));
    if let Some(name) = renamed {
        found.warn("forge", format!("{} is called {name} now", repo.as_str()), "git remote set-url");
    }
    let writes = ["admin", "maintain", "push"];
    if viewer.permissions.iter().any(|it| writes.contains(&it.raw())) {
        found.ok("permission", lines(&viewer.permissions));
    } else {
        let may =
            if viewer.permissions.is_empty() { "none said".to_owned() } else { lines(&viewer.permissions) };
        let text = format!("{may}: milestones, labels, branches and re-runs need push");
        found.warn("permission", text, "Issues, Pull requests, Contents, Actions: write; Metadata: read");
    }
}

async fn token(found: &mut Findings, host: &str, command: Option<&[String]>) -> Option<Token> {
    match token_for(host, command).await {
        Ok(Some(token)) => {
            found.ok("token", format!("{} from {}, for {host}", token.kind(), token.origin().word()));
            Some(token)
        }
        Ok(None) => {
            let text =
                format!("none for {host}: the cockpit opens on git and cached data, and GitHub is read-only");
            let names = variables(host).join(" or ");
            let next = format!("gh auth login --hostname {host}, or set {names}, or token_command");
            found.warn("token", text, next);
            None
        }
        Err(why) => {
            found.bad(
                "token",
                why.to_string(),
                "a source that is named must give a token: mend or remove it",
            );
            None
        }
    }
}
