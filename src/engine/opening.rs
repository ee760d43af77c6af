//! Opening a release: its journal is found, locked, read and folded; the first frame needs neither git nor network.

use super::beside::read_beside;
use super::telling::Postings;
use super::{EngineError, entries};
use crate::forge::{Api, Token};
use crate::git::{Git, Repository};
use crate::journal::Blobs;
use crate::journal::dir::Dir;
use crate::journal::place::{Clone as Known, new_writer, repo_id};
use crate::journal::{Census, DirDisk, JournalError, Place, Progress, Stamp, Store, Tail, read_all};
use crate::probe::Reach;
use crate::process::Process;
use crate::release::entry::Note;
use crate::release::fact::{Fact, KINDS};
use crate::release::ids::{Login, Oid, ReleaseName, Repo};
use crate::release::profile::Offer;
use crate::release::session::{Opened, Started};
use crate::release::set::SetChosen;
use crate::release::{Errand, Release};
use crate::screen::Mode;
use crate::spawn::Cancel;
use chrono::Utc;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Finds the token, and the forge where the remote names it by an alias; it may start a program, so it runs after the
/// first frame.
pub type FindToken = Box<dyn FnOnce(Cancel) -> Reached + Send>;

/// What was found of the forge.
pub struct Reached {
    /// Its host and API, when the remote's host is another name for it.
    pub at: Option<(String, Api)>,
    /// The token, or why there is none.
    pub token: Result<Token, String>,
}

/// What the user and the repository say: everything that opening needs, found without git or network.
pub struct Setting {
    /// The repository.
    pub repository: Repository,
    /// Where journals lie.
    pub state: PathBuf,
    /// Where replies of the forge are kept; none to keep none.
    pub cache: Option<PathBuf>,
    /// The release.
    pub release: ReleaseName,
    /// The set of releases that it is to be in, the lowest first, and none to leave one; unsaid when that is not asked.
    pub set: Option<Vec<ReleaseName>>,
    /// The text of the process profile: what a new journal is folded under, and what is compared with an old one's.
    pub profile: String,
    /// What that profile says.
    pub process: Arc<Process>,
    /// Where that profile is written, in words; none when it was only guessed from the repository.
    pub written: Option<String>,
    /// What a person should know when it opens.
    pub note: Option<String>,
    /// Host of the forge as the journal names it, `demo` for the embedded one.
    pub host: Option<String>,
    /// The repository on the forge.
    pub repo: Option<Repo>,
    /// Where the forge's API is.
    pub api: Option<Api>,
    /// Whom artifacts are asked of.
    pub registries: Reach,
    /// Why programs of the process may not be run: it came with a repository that nobody trusts.
    pub barred: Option<String>,
    /// The token, or why there is none.
    pub token: Result<Token, String>,
    /// How the token is found, until it was looked for.
    pub find_token: Option<FindToken>,
    /// How announcements are posted, as the user's configuration says.
    pub postings: Postings,
    /// Who the user's configuration says sits here.
    pub user: Option<Login>,
    /// The directory that the files of a release lie below, when it is not the clone.
    pub assets: Option<PathBuf>,
    /// Whether this is the embedded demo.
    pub demo: bool,
    /// Whether the remote may be fetched, which moves remote-tracking refs and nothing else.
    pub fetches: bool,
}

/// A journal that is open, and the release folded from it.
pub struct Opening {
    /// The release.
    pub release: Release,
    /// How the cockpit may run.
    pub mode: Mode,
    /// Why it does not run as asked.
    pub note: Option<String>,
    /// The store, for a cockpit that writes.
    pub store: Option<Store>,
    /// The journal's directory.
    pub dir: Dir,
    /// Where the journal stands, for a cockpit that follows.
    pub walked: Option<crate::journal::Walked>,
}

impl Setting {
    /// Where patch ids are kept: beside the replies of the forge.
    #[must_use]
    pub fn patches_dir(&self) -> Option<PathBuf> {
        let replies = self.cache.as_ref()?;
        replies.parent().map(|dir| dir.join("patches"))
    }

    /// Where the history of lines is kept: beside the replies of the forge.
    #[must_use]
    pub fn history_dir(&self) -> Option<PathBuf> {
        self.patches_dir().map(|dir| dir.with_file_name("history"))
    }

    /// The process that is written down now, when it is not the one that a release is recorded under.
    #[must_use]
    pub fn offer(&self, release: &Release) -> Option<Offer> {
        release.offer(&self.profile, &self.hash(), self.written.as_deref()?)
    }

    /// `sha256:…` of the process that is written down now.
    #[must_use]
    pub fn hash(&self) -> String {
        use crate::journal::line::{hex, sha256};
        format!("sha256:{}", hex(&sha256(self.profile.as_bytes())))
    }

    /// What was remembered of the clone, none when it is new here.
    ///
    /// # Errors
    /// When the state directory is not safe to use.
    pub fn known(&self) -> Result<Option<Known>, EngineError> {
        Ok(Place::at(&self.state)?.lookup_clone(&self.repository.common_dir)?)
    }

    /// The clone's entry, made with git's help when it is new here.
    ///
    /// # Errors
    /// When git or the state directory fails.
    pub async fn introduce(&self) -> Result<Known, EngineError> {
        let place = Place::at(&self.state)?;
        let remote = self.repository.remote().and_then(|remote| remote.forge()).map(|url| url.raw.line());
        let known = self.known()?;
        let repo = match &known {
            Some(known) => known.repo.clone(),
            None => {
                let root = root(&self.repository).await?.map(|oid| oid.to_string()).unwrap_or_default();
                let local = self.repository.common_dir.to_string_lossy();
                let (host, name) = match (&self.host, &self.repo) {
                    (Some(host), Some(repo)) => (host.as_str(), repo.as_str()),
                    _ => ("local", &*local),
                };
                repo_id(host, name, &root)
            }
        };
        let writer = match known {
            Some(known) => known.writer,
            None => new_writer()?,
        };
        let entry = Known { repo, writer, release: Some(self.release.clone()), remote };
        place.remember_clone(&self.repository.common_dir, &entry)?;
        Ok(entry)
    }

    /// Opens the journal and folds it, and says how far it is after each line. A journal that cannot be written is
    /// followed or shown, read-only.
    ///
    /// # Errors
    /// When the state directory is not safe to use or the system refuses.
    pub fn open(
        &self,
        known: &Known,
        read_only: bool,
        read: &mut dyn FnMut(Progress),
    ) -> Result<Opening, EngineError> {
        let place = Place::at(&self.state)?;
        let dir = place.journal(&known.repo, &self.release, &known.writer)?;
        let blobs = Blobs::of(&dir).ok();
        let mut release = Release::expecting(&self.profile, self.process.clone());
        if read_only {
            return self.follow(place.journal(&known.repo, &self.release, &known.writer)?, None, read);
        }
        let secrets = self.secrets();
        let census = Mutex::new(Census::default());
        let opened = read_beside(
            |each| Store::read(dir, &secrets, each),
            |line| entries::counted(line, blobs.as_ref(), &census),
            |entry| release.apply_owned(entry),
            &mut *read,
        );
        let dir = place.journal(&known.repo, &self.release, &known.writer)?;
        // What a newer program wrote is left as it is, an unfinished line at its end too.
        let opened = opened.and_then(|read| may_write(census).and_then(|()| read.mend()));
        match opened {
            Ok(store) => {
                let mode = if self.demo { Mode::Demo } else { Mode::Live };
                Ok(Opening { release, mode, note: None, store: Some(store), dir, walked: None })
            }
            Err(held @ JournalError::Held { .. }) => self.follow(dir, Some(held.to_string()), read),
            Err(why @ (JournalError::Damaged(_) | JournalError::TooNew(_))) => {
                let next = match why {
                    JournalError::Damaged(_) => {
                        "what stands before that is shown; put a whole copy back, or move its directory away to begin \
                         anew; gonogo journal verify says more"
                    }
                    _ => "gonogo journal verify says more",
                };
                let note = format!("{why}; {next}");
                self.follow(dir, Some(note), read)
            }
            Err(other) => Err(other.into()),
        }
    }

    /// What may not stand in the journal.
    pub(super) fn secrets(&self) -> Vec<String> {
        let mut secrets = super::telling::secrets(&self.postings);
        secrets.extend(self.token.iter().map(|token| token.expose().to_owned()));
        secrets
    }

    fn follow(
        &self,
        dir: Dir,
        note: Option<String>,
        read: &mut dyn FnMut(Progress),
    ) -> Result<Opening, EngineError> {
        let blobs = dir.existing("blobs")?.and_then(|_| Blobs::of(&dir).ok());
        let mut release = Release::expecting(&self.profile, self.process.clone());
        let path = dir.path().to_owned();
        let disk = DirDisk::new(dir);
        let walked = read_all(&disk, &mut |line, progress| {
            release.apply_owned(entries::entry(&line, blobs.as_ref()));
            read(progress);
        })?;
        let dir = Dir::root(&path)?;
        Ok(Opening { release, mode: Mode::ReadOnly, note, store: None, dir, walked: Some(walked) })
    }
}

/// Refuses a journal with a line that only a newer program understands.
pub(super) fn may_write(census: Mutex<Census>) -> Result<(), JournalError> {
    let census = census.into_inner().unwrap_or_else(PoisonError::into_inner);
    census.read_only.map_or(Ok(()), |why| Err(JournalError::TooNew(why)))
}

async fn root(repository: &Repository) -> Result<Option<Oid>, EngineError> {
    let git = Git::locate().await?;
    let refs = git.refs(repository).await?;
    let first = refs.default_branch.as_ref().and_then(|name| refs.branches.get(name));
    let first = first.or_else(|| refs.branches.values().next());
    match first {
        Some(branch) => Ok(git.root_commit(repository, branch.tip).await?),
        None => Ok(None),
    }
}

/// The session: its id and its clock.
#[derive(Debug, Clone)]
pub struct Session {
    /// The id, a ULID.
    pub id: String,
    /// Who acts: `local` until the forge says whose token it is.
    pub by: Login,
    started: Instant,
    seed: u128,
    turns: u128,
}

impl Session {
    /// A session that starts now.
    #[must_use]
    pub fn start() -> Self {
        let seed = random();
        let ms = u64::try_from(Utc::now().timestamp_millis()).unwrap_or_default();
        let id = ulid::Ulid::from_parts(ms, seed & ((1 << 80) - 1)).to_string();
        let by = Login::parse("local").expect("a word of letters is a login");
        Self { id, by, started: Instant::now(), seed, turns: 0 }
    }

    /// The stamp of this moment.
    pub fn stamp(&mut self) -> crate::release::entry::Stamp {
        self.turns += 1;
        let now = Utc::now();
        let micros = now.timestamp_micros();
        let now = chrono::DateTime::from_timestamp_micros(micros).unwrap_or(now);
        // A turn takes at most some hundreds of ids; the step keeps those of two turns apart.
        let fresh = self.seed.wrapping_add(self.turns.wrapping_mul(0x1_0000_0001)) & ((1 << 80) - 1);
        crate::release::entry::Stamp {
            now,
            mono: u64::try_from(self.started.elapsed().as_millis()).unwrap_or_default(),
            fresh,
        }
    }

    /// The same as the journal takes it.
    #[must_use]
    pub fn envelope(&self, stamp: &crate::release::entry::Stamp) -> Stamp {
        Stamp { ts: stamp.now, mono: stamp.mono, ses: self.id.clone(), by: self.by.clone() }
    }
}

fn random() -> u128 {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        // Without randomness ids are still unique in time; they only have to differ, not to be secret.
        bytes.copy_from_slice(
            &Utc::now().timestamp_nanos_opt().unwrap_or_default().unsigned_abs().to_le_bytes().repeat(2),
        );
    }
    u128::from_le_bytes(bytes)
}

impl Opening {
    /// The notes with which this session starts: the journal's first line when it is new, and `session.start`.
    ///
    /// # Errors
    /// When the profile cannot be kept beside the journal.
    pub fn first_notes(
        &self,
        release: &Release,
        setting: &Setting,
        known: &Known,
    ) -> Result<Vec<Note>, EngineError> {
        let mut notes: Vec<Note> = vec![];
        if release.opened.is_none() {
            let hash = Blobs::of(&self.dir)?.put(setting.profile.as_bytes())?;
            notes.push(Fact::from(self.opened(setting, known, &crate::journal::line::hex(&hash))).into());
        }
        let tail = match self.store.as_ref().map(Store::tail) {
            Some(Tail::Torn { bytes, kept, .. }) => format!("torn: {bytes} bytes kept in {kept}"),
            Some(Tail::LineFeedAdded) => "torn: a line feed was added".to_owned(),
            Some(Tail::Clean) | None => "clean".to_owned(),
        };
        notes.push(Fact::from(started(release, setting, tail)).into());
        let set = setting.set.as_ref().filter(|set| **set != release.set.releases);
        notes.extend(set.map(|set| Fact::from(SetChosen { releases: set.clone() }).into()));
        Ok(notes)
    }

    /// The process that is written down now, when it is not the recorded one. Its profile is kept beside the journal:
    /// an entry that names it may follow.
    ///
    /// # Errors
    /// When the profile cannot be kept.
    pub fn offer(&self, release: &Release, setting: &Setting) -> Result<Option<Offer>, EngineError> {
        if self.store.is_none() {
            return Ok(None);
        }
        let offer = setting.offer(release);
        if offer.is_some() {
            Blobs::of(&self.dir)?.put(setting.profile.as_bytes())?;
        }
        Ok(offer)
    }

    /// What the journal of a release that was never opened would begin with; none when it was, or is opened now.
    pub fn unopened(&self, setting: &Setting, known: &Known) -> Option<Opened> {
        let never = self.store.is_none() && self.release.head.is_none();
        let profile = Some(setting.profile.as_str().into());
        never.then(|| Opened { profile, ..self.opened(setting, known, "") })
    }

    fn opened(&self, setting: &Setting, known: &Known, profile: &str) -> Opened {
        let kinds: Vec<&str> = KINDS.iter().chain(Errand::KINDS).copied().collect();
        let catalogue = crate::journal::line::hex(&crate::journal::line::sha256(kinds.join("\n").as_bytes()));
        Opened {
            format: "gonogo-journal/1".into(),
            tool: concat!("gonogo ", env!("CARGO_PKG_VERSION")).into(),
            writer: known.writer.as_str().into(),
            host: setting.host.as_deref().map(Into::into),
            repo: setting.repo.clone(),
            root: None,
            release: setting.release.clone(),
            kinds: format!("sha256:{catalogue}").into(),
            process: format!("sha256:{profile}").into(),
            profile: None,
            mode: if setting.demo { "demo" } else { "live" }.into(),
        }
    }
}

/// That a session begins on a release, given what was found at the end of its journal.
pub(super) fn started(release: &Release, setting: &Setting, tail: String) -> Started {
    let sealed = release.log.rows.last().is_none_or(|row| &*row.kind == "journal.seal");
    let auth = setting.token.as_ref().map_or("none".to_owned(), |token| token.origin().word().to_owned());
    Started {
        resumed: !sealed,
        tail: tail.into(),
        in_doubt: release.outbox.open.keys().map(|op| op.as_str().into()).collect(),
        tz: chrono::Local::now().offset().to_string().into(),
        auth: auth.into(),
        login: None,
        user: setting.user.clone(),
    }
}
