//! `gonogo init`: a first gonogo.toml from what the repository shows.

use super::args::{InitArgs, Target};
use super::exit::{Exit, Said};
use super::setup::{Setup, no_repository, report};
use crate::config::{FILE_CAP, REPOSITORY_FILE};
use crate::git::init_evidence::{InitEvidence, TrunkEvidence};
use crate::git::{Git, GitError, Repository};
use crate::process::{RepositoryEvidence, Resolved, draft, resolve};
use crate::release::text::shown;
use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Reads the repository and writes, or prints, its gonogo.toml.
pub async fn init(args: &InitArgs) -> Said {
    let repository = match Setup::of(args.path.as_deref(), &Target::default(), Vec::new()) {
        Ok(setup) => setup.repository,
        Err(said) => return said,
    };
    let repository = match repository {
        Ok(repository) => repository,
        Err(why) => return Said::err(no_repository(&why), format!("{why}")),
    };
    let root = repository.work_tree.clone();
    let file = root.as_ref().map(|root| root.join(REPOSITORY_FILE));
    if let (Some(file), false) = (&file, args.stdout || args.force)
        && file.symlink_metadata().is_ok()
    {
        let name = shown(&file.display().to_string(), 400);
        return Said::err(
            Exit::Usage,
            format!("{name} is there already: look at it with `gonogo check`, or replace it with --force"),
        );
    }
    let drafted = match drafted(&repository).await {
        Ok(drafted) => drafted,
        Err(why) => return Said::err(Exit::Unread, format!("{why}")),
    };
    if args.stdout {
        return Said { err: drafted.found, ..Said::ok(drafted.text) };
    }
    let (Some(root), Some(file)) = (root, file) else {
        return Said::err(
            Exit::Usage,
            "this repository has no checked-out files; print the file with --stdout",
        );
    };
    if let Err(why) = write(&root, &file, &drafted.text, args.force) {
        let name = shown(&file.display().to_string(), 400);
        return Said::err(Exit::Unread, format!("{name} cannot be written: {why}"));
    }
    let mut out = drafted.found;
    let _ = writeln!(out, "\nwrote {}", shown(&file.display().to_string(), 400));
    let _ = writeln!(out, "next: read it, change what is wrong, run `gonogo check`, and commit it");
    Said::ok(out)
}

/// What a repository's gonogo.toml could be.
#[derive(Debug, Clone)]
pub struct Drafted {
    /// The file.
    pub text: String,
    /// What it rests on, for people.
    pub found: String,
}

impl Drafted {
    /// The process that the draft says: what an undescribed repository is opened with.
    ///
    /// # Errors
    /// As text, when the draft does not check; a draft that does not is a defect of ours.
    pub fn process(&self) -> Result<Resolved, String> {
        resolve(&self.text, "the drafted gonogo.toml", &|_| Err("a draft names no file".to_owned()))
            .map_err(|findings| report(&findings))
    }
}

/// Drafts a process from what the repository shows.
///
/// # Errors
/// When git fails.
pub async fn drafted(repository: &Repository) -> Result<Drafted, GitError> {
    drafted_as(repository, None).await
}

/// The same, for a repository that is called so where its remote says no name.
///
/// # Errors
/// When git fails.
pub async fn drafted_as(repository: &Repository, name: Option<&str>) -> Result<Drafted, GitError> {
    let git = Git::locate().await?;
    let refs = git.refs(repository).await?;
    let seen = git.init_evidence(repository, &refs).await?;
    let mut evidence = evidence(repository, &seen);
    evidence.repository = evidence.repository.or_else(|| name.map(str::to_owned));
    Ok(Drafted { text: draft(&evidence), found: found(&seen, &evidence) })
}

fn evidence(repository: &Repository, seen: &InitEvidence) -> RepositoryEvidence {
    let forge = repository.remote().and_then(|remote| remote.forge());
    let trunk = seen.trunk.as_ref().map(|(branch, why)| (branch.as_str().to_owned(), why_trunk(why)));
    let file = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    RepositoryEvidence {
        repository: forge.map(|url| format!("{}/{}", url.owner, url.name)),
        trunk,
        branches: seen.branches.iter().map(|branch| branch.as_str().to_owned()).collect(),
        tags: seen.tags.iter().map(|tag| tag.as_str().to_owned()).collect(),
        workflows: seen.workflows.iter().map(|workflow| file(workflow.path.raw())).collect(),
        codeowners: seen.codeowners.map(str::to_owned),
        ..RepositoryEvidence::default()
    }
}

fn why_trunk(why: &TrunkEvidence) -> String {
    match why {
        TrunkEvidence::RemoteHead { reference } => format!("{reference} points to it"),
        TrunkEvidence::UsualName => "it has a usual name, and no remote HEAD says otherwise".to_owned(),
        TrunkEvidence::CheckedOut => "it is checked out, and nothing better is known".to_owned(),
        TrunkEvidence::Only => "it is the only branch".to_owned(),
    }
}

/// What was found, a line each.
fn found(seen: &InitEvidence, evidence: &RepositoryEvidence) -> String {
    let mut out = String::new();
    let mut line = |what: &str, text: String| {
        let _ = writeln!(out, "{what:11} {}", shown(&text, 400));
    };
    line("repository", evidence.repository.clone().unwrap_or_else(|| "no remote on a forge".to_owned()));
    match &evidence.trunk {
        Some((trunk, why)) => line("trunk", format!("{trunk}: {why}")),
        None => line("trunk", "none found; the draft says main".to_owned()),
    }
    line("branches", seen.branches.len().to_string());
    let newest: Vec<_> = seen.tags.iter().take(3).map(|tag| tag.line()).collect();
    let newest = if newest.is_empty() { String::new() } else { format!(", newest {}", newest.join(", ")) };
    line("tags", format!("{}{newest}", seen.tags.len()));
    let names = |paths: &[String]| match paths {
        [] => "none".to_owned(),
        [.., last] if paths.len() > 8 => format!("{} files, {last} the last", paths.len()),
        _ => paths.join(", "),
    };
    line("workflows", names(&evidence.workflows));
    let documents: Vec<_> = seen.release_documents.iter().map(|path| path.line()).collect();
    line("documents", names(&documents));
    line("code owners", seen.codeowners.unwrap_or("none").to_owned());
    out.push_str(&format!(
        "{:11} labels, milestones and required checks are on the forge and were not asked for\n",
        "not read"
    ));
    out
}

/// Writes the file beside its place and puts it there, so that no half of it is ever seen.
pub(super) fn write(root: &Path, file: &Path, text: &str, force: bool) -> std::io::Result<()> {
    // Longer than what is read back would be a file that gonogo itself refuses.
    if text.len() as u64 > FILE_CAP {
        return Err(std::io::Error::other("the draft is longer than 1 MiB"));
    }
    let mode = std::fs::Permissions::from_mode(0o666);
    let mut fresh = tempfile::Builder::new().prefix(".gonogo.toml.").permissions(mode).tempfile_in(root)?;
    fresh.write_all(text.as_bytes())?;
    fresh.as_file().sync_all()?;
    let kept = if force { fresh.persist(file) } else { fresh.persist_noclobber(file) };
    kept.map(drop).map_err(|why| why.error)
}
