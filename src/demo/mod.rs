//! The embedded default: a GitHub-shaped server on loopback over a real repository.
//!
//! [`start`] makes the repositories in a directory, fills the forge from them and serves it until [`Demo`] is
//! dropped. With [`Options::repo`] it serves a bare copy of any other clone: branches, tags, commits and the merged
//! pull requests that commit subjects name are that clone's; milestones, issues, checks and releases are made up to
//! fit them. With [`Options::dir`] what was written to the forge is in `forge.json` there and shows again.

pub mod clock;
mod files;
mod forge;
mod history;
mod repository;
pub mod shape;

pub use clock::Clock;
pub use forge::access::{FINE_GRAINED, FULL, READ_ONLY};
pub use forge::{Fault, Faults};
pub use shape::Shape;

use crate::process::Process;
use crate::release::ids::{BadName, Branch, Repo};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The variable that names a file into which every exchange is written, for the contract tests.
pub const RECORD: &str = "GONOGO_RECORD_EXCHANGES";

/// What to make and serve.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to make it; a temporary directory, removed at the end, when none is given.
    pub dir: Option<PathBuf>,
    /// The process preset whose grammar names branches and tags.
    pub process: String,
    /// A clone to serve instead of the demo's own story.
    pub repo: Option<PathBuf>,
    /// The remote whose branches that clone knows; `origin` unless given.
    pub remote: Option<String>,
    /// The release in progress of that clone, by its tag; the patch after its newest tag unless given.
    pub release: Option<String>,
    /// The process of that clone, for the names of milestones, labels and lines.
    pub follows: Option<Arc<Process>>,
    /// More repositories that the process has milestones in, as it calls them: each is served, made up.
    pub beside: Vec<Repo>,
    /// What the forge reads the time from; also when the story ends.
    pub clock: Clock,
    /// Whether some titles hold escape sequences and characters that hide or turn lines round.
    pub hostile: bool,
    /// How many more issues and pull requests to make up.
    pub volume: usize,
    /// A file to write every exchange into; tests take it from the variable [`RECORD`].
    pub record: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        let (clock, process) = (Clock::machine(), "llama-stack".to_owned());
        let (release, follows) = (None, None);
        let (dir, repo, remote, record) = (None, None, None, None);
        Self {
            dir,
            process,
            repo,
            remote,
            release,
            follows,
            clock,
            beside: Vec::new(),
            hostile: false,
            volume: 0,
            record,
        }
    }
}

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The directory, the listener or the saved state.
    #[error("the demo cannot use {path}: {source}", path = path.display())]
    Io {
        /// What was to be read or written.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The repository could not be made or read.
    #[error("the demo's repository: {0}")]
    Git(#[from] git2::Error),
    /// The forge could not be filled from the repository.
    #[error("the demo's forge: {0}")]
    Forge(String),
    /// A name that is none.
    #[error(transparent)]
    Name(#[from] BadName),
}

/// A running demo. It stops, and its temporary directory goes, when this is dropped.
#[derive(Debug)]
pub struct Demo {
    /// The working clone.
    pub clone: PathBuf,
    /// Its bare `origin`, which the forge reads.
    pub origin: PathBuf,
    /// The repository's name on the forge.
    pub repo: Repo,
    /// The second repository, when there is one.
    pub second: Option<Repo>,
    /// The root of the forge's API.
    pub api_url: String,
    /// A token that may do everything.
    pub token: String,
    /// The process preset that the story plays.
    pub process: String,
    /// The release in progress, by its tag: `v0.6.2`.
    pub release: String,
    /// The branch that the release is made on.
    pub line: Option<Branch>,
    /// What stands in for the world, in one sentence, to be shown.
    pub note: String,
    faults: Faults,
    clock: Clock,
    _serving: forge::Serving,
    _filling: Filling,
    _kept: Option<tempfile::TempDir>,
}

impl Demo {
    /// The switchboard of faults.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The forge's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}

/// The thread that fills the forge: the directory is not taken away under it.
#[derive(Debug, Default)]
struct Filling(Option<std::thread::JoinHandle<()>>);

impl Drop for Filling {
    fn drop(&mut self) {
        if let Some(thread) = self.0.take() {
            // What it failed by is the answer to every request.
            let _ = thread.join();
        }
    }
}

#[derive(Clone)]
struct Made {
    full_name: String,
    clone: PathBuf,
    origin: PathBuf,
    second: Option<PathBuf>,
}

/// Makes the repositories, fills the forge and serves it on a free port of loopback.
///
/// The forge of another clone, whose history may be long, is filled in the background: requests wait for it.
///
/// # Errors
/// When the directory cannot be written, a given clone cannot be read, or no port can be had.
pub async fn start(options: Options) -> Result<Demo, DemoError> {
    let kept = match options.dir {
        Some(_) => None,
        None => {
            Some(tempfile::Builder::new().prefix("gonogo-demo-").tempdir().map_err(io(Path::new("/tmp")))?)
        }
    };
    let dir =
        options.dir.clone().or_else(|| kept.as_ref().map(|kept| kept.path().to_owned())).unwrap_or_default();
    std::fs::create_dir_all(&dir).map_err(io(&dir))?;
    let dir = dir.canonicalize().map_err(io(&dir))?;
    let shape = options.repo.is_none().then(|| Shape::of(&options.process));
    let now = options.clock.now();
    let made = make(&dir, &options, shape.as_ref(), now)?;
    let keep = dir.join("forge.json");
    let (world, filling) = fill(&keep, &made, &options, shape.as_ref(), now)?;
    let own = shape.as_ref().map(Shape::release);
    let release = own.or_else(|| options.release.clone()).unwrap_or_else(|| String::from("next"));
    let line = shape.as_ref().map(|shape| Branch::parse(&shape.line(shape::MINORS[2]))).transpose()?;
    let faults = Faults::default();
    let forge = forge::Forge {
        world,
        clock: options.clock.clone(),
        faults: faults.clone(),
        keep: options.dir.is_some().then_some(keep),
        record: options.record.clone().or_else(|| std::env::var_os(RECORD).map(PathBuf::from)),
    };
    let serving = forge::serve(forge).await.map_err(io(Path::new("127.0.0.1")))?;
    let second = made.second.is_some().then(|| Repo::parse(SECOND)).transpose()?;
    Ok(Demo {
        clone: made.clone,
        origin: made.origin,
        repo: Repo::parse(&made.full_name)?,
        second,
        api_url: serving.url.clone(),
        token: FULL.to_owned(),
        process: options.process,
        release,
        line,
        note: note(shape.is_some()).to_owned(),
        faults,
        clock: options.clock,
        _serving: serving,
        _filling: filling,
        _kept: kept,
    })
}

/// The forge's state: what was kept, or what is made to fit the repositories.
fn fill(
    keep: &Path,
    made: &Made,
    options: &Options,
    shape: Option<&Shape>,
    now: i64,
) -> Result<(forge::Filled, Filling), DemoError> {
    if let Ok(bytes) = std::fs::read(keep) {
        let world = serde_json::from_slice(&bytes).map_err(|error| DemoError::Forge(error.to_string()))?;
        return Ok((forge::Filled::with(world), Filling::default()));
    }
    if shape.is_some() {
        return Ok((forge::Filled::with(plant(made, options, shape, now)?), Filling::default()));
    }
    let filled = forge::Filled::default();
    let (made, options, tell) = (made.clone(), options.clone(), filled.clone());
    let thread = std::thread::Builder::new().name("demo-forge".to_owned()).spawn(move || {
        // Whoever waits for the forge is told, whatever becomes of it.
        let planted = std::panic::catch_unwind(|| plant(&made, &options, None, now));
        let stumbled = |_| Err(DemoError::Forge("it could not be filled".to_owned()));
        tell.fill(planted.unwrap_or_else(stumbled).map_err(|why| why.to_string()));
    });
    Ok((filled, Filling(Some(thread.map_err(io(keep))?))))
}

/// The name of the story's second repository.
const SECOND: &str = "octo/widget-client";

fn note(own: bool) -> &'static str {
    if own {
        "demo: a made-up repository and a forge on this machine; git is real"
    } else {
        "demo: branches, tags, commits and merged pull requests are the clone's; issues, milestones, checks are made up"
    }
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> DemoError + '_ {
    move |source| DemoError::Io { path: path.to_owned(), source }
}

/// Makes what is not there yet: origin, clone, second repository.
fn make(dir: &Path, options: &Options, shape: Option<&Shape>, now: i64) -> Result<Made, DemoError> {
    let origin = dir.join("origin.git");
    let (full_name, second) = match &options.repo {
        Some(path) => {
            let path = path.canonicalize().map_err(io(path))?;
            let name = path
                .file_name()
                .map_or_else(|| "clone".to_owned(), |name| name.to_string_lossy().into_owned());
            if !origin.exists() {
                repository::mirror(&path, options.remote.as_deref().unwrap_or("origin"), &origin)?;
            }
            (format!("octo/{name}"), None)
        }
        None => ("octo/widget".to_owned(), Some(dir.join("client.git"))),
    };
    if let Some(shape) = shape.filter(|_| !origin.exists()) {
        history::tell(&mut repository::Origin::create(&origin, shape.trunk)?, shape, now)?;
    }
    if let (Some(second), Some(shape)) = (second.as_ref().filter(|path| !path.exists()), shape) {
        history::tell_short(&mut repository::Origin::create(second, shape.trunk)?, shape, now)?;
    }
    let clone = dir.join(full_name.rsplit('/').next().unwrap_or("widget"));
    match (clone.exists(), &options.repo) {
        (true, _) => {}
        (false, Some(_)) => repository::clone_beside(&origin, &clone)?,
        (false, None) => repository::clone(&origin, &clone)?,
    }
    Ok(Made { full_name, clone, origin, second })
}

/// Fills a new forge from the repositories.
fn plant(made: &Made, options: &Options, shape: Option<&Shape>, now: i64) -> Result<forge::World, DemoError> {
    let mut world = forge::World::default();
    let mut sample = forge::Sample {
        full_name: made.full_name.clone(),
        origin: made.origin.clone(),
        shape: shape.cloned(),
        release: options.release.clone(),
        follows: options.follows.clone(),
        now,
        hostile: options.hostile,
        volume: options.volume,
        second: false,
    };
    forge::plant(&mut world, &sample).map_err(DemoError::Forge)?;
    let Some(second) = &made.second else { return Ok(world) };
    sample = forge::Sample { origin: second.clone(), hostile: false, volume: 0, second: true, ..sample };
    let mut names = vec![SECOND.to_owned()];
    for repo in &options.beside {
        let taken = |name: &String| name.eq_ignore_ascii_case(repo.as_str());
        if !names.iter().any(taken) && !taken(&made.full_name) {
            names.push(repo.as_str().to_owned());
        }
    }
    for full_name in names {
        sample = forge::Sample { full_name, ..sample };
        forge::plant(&mut world, &sample).map_err(DemoError::Forge)?;
    }
    Ok(world)
}
