//! Finding the repository of a path, without running git.

use super::GitError;
use super::remote::{Address, Remote};
use crate::release::ids::{BadName, Login, Oid, RefName};
use crate::release::text::Untrusted;
use serde::Serialize;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Where HEAD points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Head {
    /// A branch that has commits.
    Branch(RefName),
    /// A branch that has no commit yet: a new repository.
    Unborn(RefName),
    /// A commit, no branch.
    Detached(Oid),
    /// It could not be told without git: a reftable repository, or a branch name that we do not take.
    Unknown,
}

/// The hash that names objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ObjectFormat {
    /// 20 bytes.
    Sha1,
    /// 32 bytes; libgit2 does not read it, git does.
    Sha256,
}

/// Something that git has begun here and not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// `git rebase` or `git am`
    Rebase,
    /// `git merge`
    Merge,
    /// `git cherry-pick`
    CherryPick,
    /// `git revert`
    Revert,
    /// `git bisect`
    Bisect,
}

/// A repository as its files say, read when it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repository {
    /// The git directory of this worktree.
    pub git_dir: PathBuf,
    /// The git directory that all worktrees share; the same unless this is a linked worktree.
    pub common_dir: PathBuf,
    /// The checked-out files; none when bare.
    pub work_tree: Option<PathBuf>,
    /// Where HEAD points.
    pub head: Head,
    /// The hash of its objects.
    pub object_format: ObjectFormat,
    /// Whether history is cut off (`git clone --depth`), so that counts may be unknown.
    pub shallow: bool,
    /// Whether objects are missing on purpose (`git clone --filter`).
    pub partial: bool,
    /// Whether refs are kept in a reftable, which libgit2 does not read.
    pub reftable: bool,
    /// What git has begun here and not finished.
    pub operation: Option<Operation>,
    /// Its remotes in the order of the configuration.
    pub remotes: Vec<Remote>,
    /// What `gonogo.remote` says in the configuration.
    pub chosen_remote: Option<String>,
    /// What `gonogo.fork` says in the configuration: the remote of the user's fork, for backport branches.
    pub fork_remote: Option<String>,
}

/// Finds the repository that a path is in, as git does: up through its parents to a `.git` directory, a `.git` file
/// that points to one, or a bare repository. `GIT_DIR` is not looked at. No process is started.
///
/// # Errors
/// When there is none, or a file of it cannot be read.
pub fn find(from: &Path) -> Result<Repository, GitError> {
    let start = from.canonicalize().map_err(|why| file(from, why))?;
    for dir in start.ancestors() {
        let dot_git = dir.join(".git");
        if dot_git.is_file() {
            let git_dir = pointed_to(&dot_git)?;
            return read(git_dir, Some(dir.to_owned()));
        }
        if is_git_dir(&dot_git) {
            return read(dot_git, Some(dir.to_owned()));
        }
        if is_git_dir(dir) {
            let work_tree = (dir.file_name() == Some(".git".as_ref())).then(|| dir.parent()).flatten();
            return read(dir.to_owned(), work_tree.map(Path::to_owned));
        }
    }
    Err(GitError::NotRepository(Untrusted::from(from.display().to_string()).line()))
}

fn is_git_dir(dir: &Path) -> bool {
    let shared = small(&dir.join("commondir")).ok().map(|text| dir.join(text.trim_end()));
    let shared = shared.as_deref().unwrap_or(dir);
    dir.join("HEAD").symlink_metadata().is_ok()
        && shared.join("objects").is_dir()
        && shared.join("refs").exists()
}

/// The directory that a `.git` file names: `gitdir: PATH`.
fn pointed_to(dot_git: &Path) -> Result<PathBuf, GitError> {
    let text = small(dot_git).map_err(|why| file(dot_git, why))?;
    let bad = || GitError::NotRepository(Untrusted::from(dot_git.display().to_string()).line());
    let named = text.strip_prefix("gitdir:").ok_or_else(bad)?.trim();
    let parent = dot_git.parent().unwrap_or(dot_git);
    parent.join(named).canonicalize().map_err(|why| file(dot_git, why))
}

fn read(git_dir: PathBuf, work_tree: Option<PathBuf>) -> Result<Repository, GitError> {
    let common_dir = match small(&git_dir.join("commondir")) {
        Ok(text) => git_dir.join(text.trim_end()).canonicalize().map_err(|why| file(&git_dir, why))?,
        Err(_) => git_dir.clone(),
    };
    let local = Settings::file(&common_dir.join("config"))?;
    let bare = local.flag("core.bare") && git_dir == common_dir;
    let refuse = |key: &str| local.last(key).map(str::to_ascii_lowercase);
    let reftable = refuse("extensions.refstorage").is_some_and(|kind| kind == "reftable");
    let sha256 = refuse("extensions.objectformat").is_some_and(|format| format == "sha256");
    Ok(Repository {
        head: head(&git_dir, &common_dir, reftable),
        object_format: if sha256 { ObjectFormat::Sha256 } else { ObjectFormat::Sha1 },
        shallow: common_dir.join("shallow").metadata().is_ok_and(|meta| meta.len() > 0),
        partial: local.last("extensions.partialclone").is_some() || local.any_ending("remote.", ".promisor"),
        reftable,
        operation: operation(&git_dir),
        remotes: remotes(&local),
        chosen_remote: local.last("gonogo.remote").map(str::to_owned),
        fork_remote: local.last("gonogo.fork").map(str::to_owned),
        work_tree: if bare { None } else { work_tree },
        git_dir,
        common_dir,
    })
}

fn head(git_dir: &Path, common_dir: &Path, reftable: bool) -> Head {
    let Ok(text) = small(&git_dir.join("HEAD")) else { return Head::Unknown };
    let text = text.trim_end();
    if reftable {
        return Head::Unknown;
    }
    let Some(name) = text.strip_prefix("ref:").map(str::trim_start) else {
        return Oid::parse(text).map_or(Head::Unknown, Head::Detached);
    };
    let Ok(name) = RefName::parse(name) else { return Head::Unknown };
    let loose = common_dir.join(name.as_str()).is_file();
    let packed = || {
        std::fs::read(common_dir.join("packed-refs")).is_ok_and(|bytes| {
            let lines = bytes.split(|b| *b == b'\n');
            lines
                .filter_map(|line| line.splitn(2, |b| *b == b' ').nth(1))
                .any(|it| it == name.as_str().as_bytes())
        })
    };
    if loose || packed() { Head::Branch(name) } else { Head::Unborn(name) }
}

fn operation(git_dir: &Path) -> Option<Operation> {
    let marks = [
        ("rebase-merge", Operation::Rebase),
        ("rebase-apply", Operation::Rebase),
        ("MERGE_HEAD", Operation::Merge),
        ("CHERRY_PICK_HEAD", Operation::CherryPick),
        ("REVERT_HEAD", Operation::Revert),
        ("BISECT_LOG", Operation::Bisect),
    ];
    marks.into_iter().find(|(mark, _)| git_dir.join(mark).exists()).map(|(_, operation)| operation)
}

fn remotes(local: &Settings) -> Vec<Remote> {
    // Only the user's files besides the repository's: nothing here is worth failing for.
    let user =
        git2::Config::open_default().ok().and_then(|config| Settings::read(&config).ok()).unwrap_or_default();
    let mut names: Vec<&str> = Vec::new();
    for (key, _) in &local.0 {
        let name = key.strip_prefix("remote.").and_then(|rest| rest.strip_suffix(".url"));
        names.extend(name.filter(|name| !names.contains(name)));
    }
    let remote = |name: &str| {
        let first = |key: &str| local.first(&format!("remote.{name}.{key}"));
        let url = first("url").unwrap_or_default();
        let fetch = instead(&[&user, local], ".insteadof", url);
        let push = match first("pushurl") {
            Some(pushurl) => instead(&[&user, local], ".insteadof", pushurl),
            None => instead(&[&user, local], ".pushinsteadof", url).or_else(|| fetch.clone()),
        };
        let address =
            |resolved: Option<String>, raw: &str| Address::parse(resolved.as_deref().unwrap_or(raw));
        Remote {
            name: name.to_owned(),
            fetch: address(fetch, url),
            push: address(push, first("pushurl").unwrap_or(url)),
        }
    };
    names.into_iter().map(remote).collect()
}

/// The address rewritten by the longest `url.BASE.insteadOf` that it starts with.
fn instead(files: &[&Settings], suffix: &str, url: &str) -> Option<String> {
    let all = files.iter().flat_map(|settings| &settings.0);
    let rules = all.filter_map(|(key, from)| {
        let base = key.strip_prefix("url.")?.strip_suffix(suffix)?;
        Some((base, from.as_str(), url.strip_prefix(from.as_str())?))
    });
    rules.max_by_key(|(_, from, _)| from.len()).map(|(base, _, rest)| format!("{base}{rest}"))
}

/// Settings in the order of their files; section and key in lower case, the middle part as written.
#[derive(Debug, Default)]
struct Settings(Vec<(String, String)>);

impl Settings {
    fn file(path: &Path) -> Result<Self, GitError> {
        if !path.exists() {
            return Ok(Self::default());
        }
        git2::Config::open(path)
            .and_then(|config| Self::read(&config))
            .map_err(|why| GitError::Config(Untrusted::from(why.message()).line()))
    }

    fn read(config: &git2::Config) -> Result<Self, git2::Error> {
        let mut all = Vec::new();
        let mut entries = config.entries(None)?;
        while let Some(entry) = entries.next() {
            let entry = entry?;
            let name = String::from_utf8_lossy(entry.name_bytes()).into_owned();
            let value = if entry.has_value() {
                String::from_utf8_lossy(entry.value_bytes()).into()
            } else {
                "true".into()
            };
            all.push((name, value));
        }
        Ok(Self(all))
    }

    fn first(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    fn last(&self, key: &str) -> Option<&str> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    fn flag(&self, key: &str) -> bool {
        let truths = ["true", "yes", "on", "1"];
        self.last(key).is_some_and(|value| truths.contains(&value.to_ascii_lowercase().as_str()))
    }

    fn any_ending(&self, start: &str, end: &str) -> bool {
        self.0.iter().any(|(name, value)| name.starts_with(start) && name.ends_with(end) && value == "true")
    }
}

/// A small text file; more than 64 KiB is none of ours.
fn small(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(path)?.take(64 << 10).read_to_string(&mut text)?;
    Ok(text)
}

fn file(path: &Path, why: std::io::Error) -> GitError {
    GitError::File { path: Untrusted::from(path.display().to_string()).line(), why }
}

impl Repository {
    /// A login by what git's settings say of whoever works here: that of the address that GitHub gives out
    /// (`1+ada@users.noreply.github.com`), else the name where it is a login as it stands. It proves nothing.
    #[must_use]
    pub fn login_by_settings(&self) -> Option<Login> {
        let config = git2::Repository::open(&self.git_dir).and_then(|it| it.config()?.snapshot()).ok()?;
        let said = |key: &str| config.get_string(key).ok();
        let given = said("user.email").and_then(|address| {
            let (name, host) = address.rsplit_once('@')?;
            let ours = host.eq_ignore_ascii_case("users.noreply.github.com");
            Login::parse(name.rsplit_once('+').map_or(name, |(_, name)| name)).ok().filter(|_| ours)
        });
        given.or_else(|| Login::parse(&said("user.name")?).ok())
    }

    /// The directory that git is run in.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.work_tree.as_deref().unwrap_or(&self.git_dir)
    }

    /// The tree without entries, which every repository has: by git hash-object.
    ///
    /// # Errors
    /// None: both ids are well formed.
    pub(crate) fn empty_tree(&self) -> Result<Oid, BadName> {
        Oid::parse(match self.object_format {
            ObjectFormat::Sha1 => "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
            ObjectFormat::Sha256 => "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
        })
    }

    /// Reads it again: remotes, HEAD and depth may have changed. The remote that was chosen for this run stays chosen.
    ///
    /// # Errors
    /// When it is gone, or a file of it cannot be read.
    pub fn again(&self) -> Result<Self, GitError> {
        let now = find(self.dir())?;
        let chosen_remote = self.chosen_remote.clone().or(now.chosen_remote);
        Ok(Self { chosen_remote, ..now })
    }

    /// Whether there are no checked-out files.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.work_tree.is_none()
    }

    /// Whether this is a linked worktree (`git worktree add`).
    #[must_use]
    pub fn is_linked(&self) -> bool {
        self.git_dir != self.common_dir
    }

    /// Whether libgit2 reads its objects; otherwise only git does.
    #[must_use]
    pub fn libgit2_reads_it(&self) -> bool {
        self.object_format == ObjectFormat::Sha1 && !self.reftable && !self.partial
    }
}
