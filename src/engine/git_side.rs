//! Looks and errands of git: one at a time, with the graph kept between them.

use super::comparing::{Comparing, SharedPatches, failed};
use super::foreseeing::SharedPredictors;
use super::{once, sightings};
use crate::git::{Created, Git, GitError, Graph, Lacking, Refs, Repository, Trust, Unpushed};
use crate::order::Order as _;
use crate::process::{GateKind, On, Process, SelfCheck};
use crate::release::Release;
use crate::release::checklist::{FileSeen, FilesSeen};
use crate::release::errand::{CreateBranch, Outcome, Status};
use crate::release::ids::Branch;
use crate::release::looks::{LookKey, Topic};
use crate::release::observe::Sighting;
use crate::release::text::Untrusted;
use crate::screen::fresh::Source;
use crate::spawn::Cancel;
use crate::turn::Event;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;

/// git, and what is kept between looks.
pub(super) struct GitSide {
    pub(super) repository: Repository,
    pub(super) git: Option<Git>,
    /// Where picks are applied.
    pub(super) applying: PathBuf,
    /// What predicts queues, and remembers what came of them.
    pub(super) predictors: SharedPredictors,
    /// Shared with the look at picks, which goes on while git is used for something else.
    graph: Arc<Graph>,
    /// How many commits of it are on disk.
    kept: usize,
    /// Where the graph is kept on disk, until it is read from there.
    graph_dir: Option<PathBuf>,
    /// Patch ids, to compare lines with the trunk.
    patches: SharedPatches,
    /// When the remote was last fetched.
    fetched: Option<Instant>,
    /// Why fetching last failed, so that it is said once.
    fetch_error: Option<String>,
    /// Commits of picks that are not in the clone.
    pub(super) lacking: Vec<Lacking>,
}

/// What a look stands on that is longer than git is held.
pub(super) struct Basis {
    pub git: Git,
    pub repository: Repository,
    pub refs: Refs,
    pub graph: Arc<Graph>,
}

/// Messages that may be read before anything is shown of the lines: some hundredths of a second.
const AT_ONCE: usize = 1_000;

/// How long what was fetched counts as new.
const FETCH_EVERY: Duration = Duration::from_secs(290);

/// What a look at files needs of the release: paths, where, and since which tag.
#[derive(Debug, Clone, Default)]
pub(super) struct FilesAsk {
    rows: Vec<(String, Option<Branch>)>,
    since: Option<(String, crate::release::ids::Oid)>,
}

impl FilesAsk {
    /// The files that items and gates of the process ask about.
    pub fn of(release: &Release) -> Self {
        let Some(process) = &release.process else { return Self::default() };
        let mut asked: Vec<(String, On)> = vec![];
        for (_, item) in process.items() {
            if let Some(SelfCheck::FileChanged { path, on }) = &item.check {
                asked.push((path.clone(), *on));
            }
        }
        for gate in &process.gates {
            if let GateKind::Documents { paths, on } = &gate.kind {
                asked.extend(paths.iter().map(|path| (path.clone(), *on)));
            }
        }
        let branch = |on| match on {
            On::Trunk => release.trunk(),
            On::Line | On::Candidate => release.line_name(),
        };
        let mut rows: Vec<_> = asked.into_iter().map(|(path, on)| (path, branch(on))).collect();
        rows.order();
        rows.dedup();
        let since = release.last_final().map(|(_, row)| (row.tag.as_str().to_owned(), row.oid));
        Self { rows, since }
    }
}

impl GitSide {
    pub fn new(
        repository: Repository,
        applying: PathBuf,
        predictors: SharedPredictors,
        (graph_dir, patches_dir): (Option<PathBuf>, Option<PathBuf>),
    ) -> Self {
        Self {
            repository,
            applying,
            predictors,
            git: None,
            graph: Arc::default(),
            kept: 0,
            graph_dir,
            patches: SharedPatches::kept_in(patches_dir),
            fetched: None,
            fetch_error: None,
            lacking: vec![],
        }
    }

    /// The graph, read from disk the first time.
    pub(super) async fn graph(&mut self) -> &mut Graph {
        if let Some(dir) = self.graph_dir.clone() {
            let repository = self.repository.clone();
            // Beside the loop that draws: it is a long file, and a disk may take its time.
            let opened = tokio::task::spawn_blocking(move || Graph::open(Some(&dir), &repository)).await;
            self.graph = opened.map(Arc::new).unwrap_or_default();
            self.kept = self.graph.len();
            self.graph_dir = None;
        }
        Arc::make_mut(&mut self.graph)
    }

    /// Writes the history that was read since the last time, beside the loop that draws. Where it cannot be written, the
    /// next start reads it again.
    pub async fn keep(&mut self) {
        let count = self.graph.len();
        if count == self.kept {
            return;
        }
        let graph = Arc::clone(&self.graph);
        let written = tokio::task::spawn_blocking(move || graph.save()).await;
        if matches!(written, Ok(Ok(()))) {
            self.kept = count;
        }
    }

    pub(super) async fn git(&mut self) -> Result<Git, GitError> {
        if self.git.is_none() {
            self.git = Some(Git::locate().await?);
        }
        // The remotes, HEAD and the depth of the clone may have changed since the last look.
        self.repository = self.repository.again()?;
        self.git.clone().ok_or(GitError::Missing)
    }

    /// git and the repository as it is now.
    pub(super) async fn at_hand(&mut self) -> Result<(Git, Repository), GitError> {
        Ok((self.git().await?, self.repository.clone()))
    }

    /// git, with the terminal lent to it or not.
    pub(super) async fn git_for(&mut self, attended: bool) -> Result<Git, GitError> {
        let git = self.git().await?;
        Ok(if attended { git.attended() } else { git })
    }

    /// What a look at picks stands on, for the trunk and the lines that it asks about.
    pub async fn basis(&mut self, lines: impl Iterator<Item = &Branch>) -> Result<Basis, GitError> {
        let git = self.git().await?;
        let refs = git.refs(&self.repository).await?;
        let tips: Vec<_> = lines.filter_map(|line| refs.branches.get(line)).map(|row| row.tip).collect();
        let repository = self.repository.clone();
        let graph = self.graph().await;
        graph.extend(&git, &repository, &tips).await?;
        self.keep().await;
        Ok(Basis { git, repository: self.repository.clone(), refs, graph: Arc::clone(&self.graph) })
    }

    /// Lines and tags. Where much is to be read before the lines can be compared with the trunk by patch, that is given
    /// beside them, to be done when git is not held. `first` is told them before their messages are read, where
    /// there are many.
    pub async fn lines(
        &mut self,
        process: &Process,
        own: Option<&Branch>,
        first: Option<&UnboundedSender<Event>>,
        cancel: &Cancel,
    ) -> (Sighting, Option<Comparing>) {
        self.read_lines(process, own, first, cancel).await.unwrap_or_else(|why| (failed(&why), None))
    }

    async fn read_lines(
        &mut self,
        process: &Process,
        own: Option<&Branch>,
        first: Option<&UnboundedSender<Event>>,
        cancel: &Cancel,
    ) -> Result<(Sighting, Option<Comparing>), GitError> {
        let git = self.git().await?;
        let refs = git.refs(&self.repository).await?;
        let (ask, tip) = match once::asked(process, &refs)? {
            Ok(asked) => asked,
            Err(no_trunk) => return Ok((no_trunk, None)),
        };
        let repository = self.repository.clone();
        let graph = self.graph().await;
        let outline = git.outline(&repository, graph, &refs, &ask).await?;
        if let Some(first) = first.filter(|_| outline.unread(graph) > AT_ONCE) {
            let seen = once::bare(process, &ask.trunk, &refs, &outline);
            let _ = first.send(Event::Saw(Box::new(seen), Source::Live));
        }
        let lines = git.dress(&repository, graph, outline).await?;
        let (graph, patches) = (Arc::clone(&self.graph), self.patches.clone());
        let mut all = Comparing {
            git,
            repository,
            graph,
            patches,
            lines,
            tags: sightings::tag_rows(&refs),
            process: process.clone(),
            trunk: (ask.trunk, tip),
            own: own.cloned(),
        };
        if all.is_long().await {
            return Ok((all.sighting(false), Some(all)));
        }
        all.compare(cancel).await?;
        Ok((all.sighting(true), None))
    }

    /// Whether the remote is due to be fetched.
    pub fn fetch_is_due(&self) -> bool {
        self.repository.remote().is_some() && self.fetched.is_none_or(|at| at.elapsed() > FETCH_EVERY)
    }

    /// Fetches the remote as its own refspecs say. A failure is told once; what is known stays.
    pub async fn fetch(&mut self, trusted: bool, cancel: &Cancel) -> Option<String> {
        self.fetched = Some(Instant::now());
        let fetched = async {
            let git = self.git().await?;
            let remote = self.repository.remote().cloned().ok_or(GitError::Missing)?;
            let trust = if trusted { Trust::Given } else { Trust::Unasked };
            git.fetch(&self.repository, &remote, trust, cancel, |_| {}).await
        };
        let error = fetched.await.err().map(|why| format!("git fetch: {why}"));
        let told = error.clone().filter(|_| error != self.fetch_error);
        self.fetch_error = error;
        told
    }

    /// Fetches the commits of picks that are not in the clone, by themselves. How many came, and of the others why not.
    pub async fn fetch_lacking(&mut self, trusted: bool, cancel: &Cancel) -> (usize, Vec<String>) {
        let trust = if trusted { Trust::Given } else { Trust::Unasked };
        let (mut came, mut not) = (0, vec![]);
        for it in std::mem::take(&mut self.lacking) {
            let fetched = async {
                let git = self.git().await?;
                let remote = self.repository.remote().cloned().ok_or(GitError::Missing)?;
                git.fetch_commit(&self.repository, &remote, (it.commit, it.pull), trust, cancel).await
            };
            match fetched.await {
                Ok(()) => came += 1,
                Err(why) => not.push(format!("{} was not fetched: {why}", it.commit.short())),
            }
        }
        (came, not)
    }

    /// Files that changed since the last final version.
    pub async fn files(&mut self, ask: &FilesAsk) -> Sighting {
        match self.read_files(ask).await {
            Ok(rows) => Sighting::Files(FilesSeen { rows }),
            Err(why) => Sighting::Failed(LookKey::new(Topic::Files, ""), Untrusted::from(why.to_string())),
        }
    }

    async fn read_files(&mut self, ask: &FilesAsk) -> Result<Vec<FileSeen>, GitError> {
        let git = self.git().await?;
        let refs = git.refs(&self.repository).await?;
        let mut rows = vec![];
        for (path, branch) in &ask.rows {
            let tip = branch.as_ref().and_then(|branch| refs.branches.get(branch)).map(|row| row.tip);
            let since = ask.since.as_ref().map(|(_, since)| *since);
            let changed = match tip {
                Some(tip) => git.changed_files(&self.repository, since, tip, &[path.as_str()]).await?,
                None => Vec::new(),
            };
            rows.push(FileSeen {
                path: path.as_str().into(),
                on: branch.as_ref().map_or("", |branch| branch.as_str()).into(),
                since: ask.since.as_ref().map(|(tag, _)| tag.as_str().into()),
                changed: changed.into_iter().take(5).map(Untrusted::from).collect(),
            });
        }
        Ok(rows)
    }

    /// Creates a branch on the remote.
    pub async fn create(&mut self, errand: &CreateBranch, cancel: &Cancel) -> Outcome {
        match self.push_branch(errand, cancel).await {
            Ok(created) => outcome(created),
            Err(why) => Outcome::noted(Status::Unknown, why.to_string()),
        }
    }

    async fn push_branch(&mut self, errand: &CreateBranch, cancel: &Cancel) -> Result<Created, GitError> {
        let git = self.git().await?;
        let Some(remote) = self.repository.remote().cloned() else {
            let said = Untrusted::from("this clone has no remote to push to");
            return Ok(Created::Not(Unpushed::NotSent { said }));
        };
        git.create_branch(&self.repository, &remote, &errand.target, errand.at, Trust::Given, cancel).await
    }

    /// Looks whether the remote has the branch. Sends nothing.
    pub async fn probe(&mut self, errand: &CreateBranch) -> Outcome {
        let found = async {
            let git = self.git().await?;
            let remote = self.repository.remote().cloned().ok_or(GitError::Missing)?;
            git.remote_tip(&self.repository, &remote, &errand.target, Trust::Given, &Cancel::new()).await
        };
        match found.await {
            Ok(Some(tip)) if tip == errand.at => {
                Outcome::by_probe(Outcome::noted(Status::Ok, format!("it is at {tip}")))
            }
            Ok(Some(tip)) => {
                Outcome::by_probe(Outcome::noted(Status::Conflict, format!("the remote has it at {tip}")))
            }
            Ok(None) => Outcome::by_probe(Outcome::noted(
                Status::Failed,
                "the remote does not have it: it did not happen",
            )),
            Err(why) => Outcome::noted(Status::Unknown, why.to_string()),
        }
    }
}

fn outcome(created: Created) -> Outcome {
    match created {
        Created::Done => Outcome::new(Status::Ok),
        Created::AlreadyThere => Outcome::noted(Status::Ok, "the remote had it already, at this commit"),
        Created::Taken { tip: Some(tip) } => Outcome::noted(
            Status::Conflict,
            format!("the remote has it already, at {tip}; nothing was changed"),
        ),
        Created::Taken { tip: None } => {
            Outcome::noted(Status::Conflict, "the remote has it already; nothing was changed")
        }
        Created::Not(why) => unpushed(why),
    }
}

/// A push that did not do what it should.
pub(super) fn unpushed(why: Unpushed) -> Outcome {
    let words = |said: &Untrusted| said.lines(6).collect::<Vec<_>>().join(" ");
    match why {
        Unpushed::Refused { why, said } => {
            Outcome::noted(Status::Refused, format!("{}: {}", why.line(), words(&said)))
        }
        Unpushed::Denied { said } => {
            Outcome::noted(Status::Refused, format!("the remote did not let us in: {}", words(&said)))
        }
        Unpushed::Unreachable { said } => {
            Outcome::noted(Status::Failed, format!("the remote was not reached: {}", words(&said)))
        }
        Unpushed::NotSent { said } => {
            Outcome::noted(Status::Failed, format!("nothing was sent: {}", words(&said)))
        }
        Unpushed::Unclear { said } => Outcome::noted(Status::Unknown, words(&said)),
    }
}

/// The git side, shared by the tasks that use it one after the other.
pub(super) type SharedGit = Arc<tokio::sync::Mutex<GitSide>>;

/// Keeps what was read, after it was shown, and lets go of git.
pub async fn keep(mut git: tokio::sync::MutexGuard<'_, GitSide>) {
    git.keep().await;
}
