//! GitHub behind the door: a file a resource.

mod assets;
mod checks;
mod comments;
mod dispatch;
mod issues;
mod jobs;
mod log;
mod milestones;
mod noted;
mod overview;
mod picks;
mod planned;
mod publish;
mod pulls;
mod refresh;
mod releases;
mod required;
mod rollup;
mod settle;
mod tasks;
mod told;
mod viewer;
mod writes;

use super::client::{Client, Setup};
use super::error::{ForgeError, Trail};
use super::reading::Reply;
use super::wire::Listed;
use super::{Forge, Look, NotesAsk, NotesMade, Rates, RefreshPlan, Seen, Sending, Source, Viewer};
use crate::release::cut::UploadAsset;
use crate::release::errand::{Errand, Outcome, Status};
use crate::release::ids::{IssueKey, OpId, Repo};
use crate::release::notes::Pull;
use crate::release::observe::Sighting;
use chrono::{DateTime, Utc};
use futures_util::future::{BoxFuture, FutureExt};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Most pages that one list may have: 50,000 rows. More is an error, not a shorter list.
const PAGES: usize = 500;
/// Rows a page: the most that GitHub gives.
const PER_PAGE: (&str, &str) = ("per_page", "100");

/// GitHub, github.com or an Enterprise server, through octocrab.
pub struct Github {
    client: Client,
    memory: Mutex<Memory>,
}

/// What is remembered for the session, so that it is asked but once. All of it may be forgotten without harm.
/// How often an issue left a milestone, and when it entered the one it is in.
type Rolls = (u32, Option<DateTime<Utc>>);

#[derive(Default)]
struct Memory {
    /// The names that repositories have now.
    names: HashMap<Repo, Repo>,
    /// How often an issue was taken out of a milestone, by node id and time of its last change; and when it last
    /// entered one, which is when it entered the one it is in.
    rolls: HashMap<(String, DateTime<Utc>), Rolls>,
    /// Whether GraphQL refuses to count them.
    no_rolls: bool,
    /// Merge commits by repository and number: a merged pull request stays merged.
    merges: HashMap<(Repo, u64), Option<crate::release::ids::Oid>>,
    /// What is known of picks.
    picks: picks::Known,
    /// The text of issues whose task lists are looked at.
    tasks: HashMap<IssueKey, tasks::Known>,
    /// What is known of checks.
    tips: checks::Known,
    /// What is known of required checks, picks and releases.
    lines: overview::Lines,
}

/// A list, whole.
struct Pages<T> {
    rows: Vec<T>,
    /// The commit, for a combined status.
    sha: Option<String>,
    /// Whether every page was confirmed by a 304.
    unchanged: bool,
    /// Tells what came from what came another time.
    seal: u64,
}

/// What a look read, before it is named.
struct Read {
    sighting: Sighting,
    unchanged: bool,
    note: Option<String>,
}

impl Read {
    fn new(sighting: Sighting, unchanged: bool) -> Self {
        Self { sighting, unchanged, note: None }
    }

    fn seen(self) -> Seen {
        let source = if self.unchanged { Source::Unchanged } else { Source::Live };
        Seen { sighting: self.sighting, source, note: self.note, until: None }
    }
}

impl Github {
    /// A door to GitHub. It needs a running tokio runtime; nothing is sent yet.
    ///
    /// # Errors
    /// When no HTTPS client can be made.
    pub fn new(setup: Setup) -> Result<Self, ForgeError> {
        Ok(Self { client: Client::new(setup)?, memory: Mutex::default() })
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The address of something in a repository.
    fn url(&self, repo: &Repo, path: &[&str], query: &[(&str, &str)]) -> Result<String, ForgeError> {
        let mut segments = vec!["repos", repo.owner(), repo.name()];
        segments.extend(path);
        self.client.api.url(&segments, query)
    }

    /// Every page of a list that is an array.
    async fn list<T: DeserializeOwned + Send + 'static>(&self, url: String) -> Result<Pages<T>, ForgeError> {
        self.pages(url, |reply| Ok(Listed { total_count: None, sha: None, rows: Some(reply.json()?) })).await
    }

    /// Every page of a list inside an object, checked against the count that the object gives.
    async fn listed<T: DeserializeOwned + Send + 'static>(
        &self,
        url: String,
    ) -> Result<Pages<T>, ForgeError> {
        self.pages(url, Reply::json::<Listed<T>>).await
    }

    async fn pages<T: Send + 'static>(
        &self,
        mut url: String,
        read: fn(&Reply) -> Result<Listed<T>, ForgeError>,
    ) -> Result<Pages<T>, ForgeError> {
        let mut pages = Pages { rows: Vec::new(), sha: None, unchanged: true, seal: 0 };
        let mut seal = std::hash::DefaultHasher::new();
        for _ in 0..PAGES {
            let reply = self.client.get(&url).await?;
            let next = self.client.next_page(&reply, &url)?;
            pages.unchanged &= reply.unchanged;
            reply.body.hash(&mut seal);
            pages.seal = seal.finish();
            let trail = reply.trail.clone();
            let page = parsed(reply, read).await?;
            pages.sha = pages.sha.or(page.sha);
            let Some(rows) = page.rows else { return Err(incomplete("a page without rows", trail)) };
            pages.rows.extend(rows);
            let Some(next) = next else {
                let got = pages.rows.len() as u64;
                return match page.total_count {
                    Some(total) if got < total => {
                        Err(incomplete(&format!("{got} of {total} rows came"), trail))
                    }
                    _ => Ok(pages),
                };
            };
            url = next;
        }
        Err(incomplete(&format!("it has more than {PAGES} pages"), Trail::default()))
    }

    async fn see(&self, look: &Look) -> Seen {
        let read = match look {
            Look::Milestones(repo) => self.see_milestones(repo).await,
            Look::Issues { repo, milestone } => self.see_issues(repo, milestone).await,
            Look::Checks { repo, branch } => {
                return self.see_checks(repo, std::slice::from_ref(branch), false).await.remove(0);
            }
            Look::Required { repo, branch } => self.see_required(repo, branch).await,
            Look::Releases(repo) => self.see_releases(repo).await,
            Look::Release(ask) => self.see_release(ask).await,
            Look::Picks { repo, gather } => self.see_picks(repo, gather).await,
            Look::Run { repo, run } => self.see_run(repo, *run).await,
            Look::Tasks(key) => self.see_tasks(key).await,
            Look::Log { repo, job } => self.see_log(repo, *job).await,
        };
        read.map_or_else(|error| Seen::failed(look.key(), &error), Read::seen)
    }
}

/// Reads a body as rows; a long one on another thread, so that a loop that draws is not held up.
async fn parsed<T: Send + 'static>(
    reply: Reply,
    read: fn(&Reply) -> Result<Listed<T>, ForgeError>,
) -> Result<Listed<T>, ForgeError> {
    if reply.body.len() < 16 * 1024 {
        return read(&reply);
    }
    let trail = reply.trail.clone();
    let parsed = tokio::task::spawn_blocking(move || read(&reply)).await;
    parsed.unwrap_or_else(|_| Err(incomplete("reading it was called off", trail)))
}

fn incomplete(why: &str, trail: Trail) -> ForgeError {
    ForgeError::Incomplete { why: why.to_owned(), trail: Box::new(trail) }
}

impl Forge for Github {
    fn refresh<'a>(&'a self, plan: &'a RefreshPlan) -> BoxFuture<'a, Vec<Seen>> {
        self.see_plan(plan).boxed()
    }

    fn look<'a>(&'a self, look: &'a Look) -> BoxFuture<'a, Seen> {
        self.see(look).boxed()
    }

    fn run<'a>(&'a self, op: &'a OpId, errand: &'a Errand) -> BoxFuture<'a, Outcome> {
        match errand {
            Errand::UploadAsset(_) => {
                let note = "nothing was sent: a file goes with its bytes";
                std::future::ready(Outcome::noted(Status::Refused, note)).boxed()
            }
            Errand::TickTasks(it) => self.tick_tasks(it).boxed(),
            _ => self.carry_out(op, errand).boxed(),
        }
    }

    fn probe<'a>(&'a self, op: &'a OpId, errand: &'a Errand, since: DateTime<Utc>) -> BoxFuture<'a, Outcome> {
        match errand {
            Errand::UploadAsset(it) => self.look_for_asset(it, since).boxed(),
            Errand::TickTasks(it) => self.look_for_ticks(it, since).boxed(),
            _ => self.look_for(op, errand, since).boxed(),
        }
    }

    fn upload<'a>(&'a self, it: &'a UploadAsset, file: File, sending: Sending) -> BoxFuture<'a, Outcome> {
        self.upload_asset(it, file, sending).boxed()
    }

    fn viewer<'a>(&'a self, repo: &'a Repo) -> BoxFuture<'a, Result<Viewer, ForgeError>> {
        self.see_viewer(repo).boxed()
    }

    fn notes<'a>(&'a self, ask: &'a NotesAsk) -> BoxFuture<'a, Result<NotesMade, ForgeError>> {
        self.written_notes(ask).boxed()
    }

    fn pulls<'a>(
        &'a self,
        repo: &'a Repo,
        numbers: &'a [u64],
    ) -> BoxFuture<'a, Result<BTreeMap<u64, Pull>, ForgeError>> {
        self.noted(repo, numbers).boxed()
    }

    fn rates(&self) -> Rates {
        self.client.rates()
    }
}
