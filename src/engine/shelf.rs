//! The files that a release is given: found below the clone or the directory that the user named, and read once more
//! before one leaves.

use super::opening::Setting;
use super::saying::saw;
use crate::forge::{Forge, Sending};
use crate::journal::line::hex;
use crate::release::Release;
use crate::release::cut::{BuiltFile, BuiltSeen, LARGEST, UploadAsset, fits_name};
use crate::release::errand::{Errand, Outcome, Status};
use crate::release::ids::OpId;
use crate::release::looks::{LookKey, Topic};
use crate::release::observe::Sighting;
use crate::release::text::{Untrusted, shown};
use crate::screen::fresh::Source;
use crate::spawn::Cancel;
use crate::turn::Event;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;

/// Most files that one look reads.
const MOST: usize = 200;

/// How often is told how far an upload is.
const PACE: Duration = Duration::from_millis(100);

/// What is known of a file that did not change since: its size, when it was written, its digest.
type Digests = BTreeMap<PathBuf, (u64, SystemTime, Box<str>)>;

/// Where the files lie.
pub(super) struct Shelf {
    dir: Option<PathBuf>,
    digests: Mutex<Digests>,
    /// Stops the upload under way.
    halt: Mutex<Cancel>,
}

impl Shelf {
    /// Below the directory that the user named, else where the clone is checked out. Nothing is read yet.
    pub fn new(setting: &Setting) -> Self {
        let dir = setting.assets.clone().or_else(|| setting.repository.work_tree.clone());
        Self { dir, digests: Mutex::default(), halt: Mutex::default() }
    }

    /// Looks at every file that the process names; the answer comes to the inbox.
    pub fn look(self: &Arc<Self>, inbox: UnboundedSender<Event>, release: &Release) -> JoinHandle<()> {
        let (shelf, patterns) = (Arc::clone(self), release.wanted_files());
        tokio::task::spawn_blocking(move || {
            let seen = match shelf.read(&patterns) {
                Ok(rows) => Sighting::Built(BuiltSeen { rows }),
                Err(why) => Sighting::Failed(LookKey::new(Topic::Built, ""), Untrusted::from(why)),
            };
            let _ = inbox.send(saw(seen, Source::Live));
        })
    }

    fn dir(&self) -> Result<&Path, String> {
        let none =
            "the clone has no files checked out; assets_dir of your configuration names where they lie";
        self.dir.as_deref().ok_or_else(|| none.to_owned())
    }

    fn read(&self, patterns: &[String]) -> Result<Vec<BuiltFile>, String> {
        let dir = self.dir()?;
        let paths: BTreeSet<String> = patterns.iter().flat_map(|pattern| found(dir, pattern)).collect();
        if paths.len() > MOST {
            return Err(format!("{} files fit cut.assets, more than {MOST}", paths.len()));
        }
        paths.into_iter().map(|path| self.file(dir, path)).filter_map(Result::transpose).collect()
    }

    /// A file with its digest, which is taken anew when it changed; none when it is gone by now.
    fn file(&self, dir: &Path, path: String) -> Result<Option<BuiltFile>, String> {
        let failed = |why: io::Error| format!("{}: {why}", shown(&path, 100));
        let mut file = match open(dir, &path) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(failed)?,
        };
        let about = file.metadata().map_err(failed)?;
        let (size, at) = (about.len(), about.modified().map_err(failed)?);
        let whole = dir.join(&path);
        let known = self.lock().get(&whole).filter(|(len, then, _)| (*len, *then) == (size, at)).cloned();
        let sha256 = match known {
            Some((_, _, digest)) => digest,
            // GitHub takes none so large: it is only said that it is there.
            None if size > LARGEST => Box::default(),
            None => digest(&mut file).map_err(failed)?,
        };
        self.lock().insert(whole, (size, at, sha256.clone()));
        Ok(Some(BuiltFile { path: Untrusted::from(path), size, sha256 }))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Digests> {
        self.digests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops the upload under way, because a person says so.
    pub fn halt(&self) {
        self.halt.lock().unwrap_or_else(PoisonError::into_inner).cancel();
    }

    fn fresh(&self) -> Cancel {
        let mut halt = self.halt.lock().unwrap_or_else(PoisonError::into_inner);
        *halt = Cancel::new();
        halt.clone()
    }

    /// Uploads a file, if it still is what the plan showed, and says how far it is; none when the errand is another.
    pub async fn upload(
        self: &Arc<Self>,
        forge: &dyn Forge,
        (op, errand): (&OpId, &Errand),
        inbox: &UnboundedSender<Event>,
    ) -> Option<Outcome> {
        let Errand::UploadAsset(it) = errand else { return None };
        let halt = self.fresh();
        let sending = Sending {
            told: pace(op.clone(), it.file.size, inbox.clone()),
            stop: {
                let halt = halt.clone();
                Box::pin(async move { halt.cancelled().await })
            },
        };
        (sending.told)(0);
        let (shelf, asked) = (Arc::clone(self), it.clone());
        let taken = tokio::task::spawn_blocking(move || shelf.take(&asked)).await;
        Some(match taken {
            Ok(Ok(_)) if halt.is_cancelled() => {
                Outcome::noted(Status::Failed, "stopped by ctrl-x; nothing was sent")
            }
            Ok(Ok(file)) => forge.upload(it, file, sending).await,
            Ok(Err(outcome)) => outcome,
            Err(_) => Outcome::noted(Status::Failed, "it could not be read; nothing was sent"),
        })
    }

    /// The file, opened once and read through: what is sent is what was compared.
    fn take(&self, it: &UploadAsset) -> Result<File, Outcome> {
        let path = it.file.path.raw();
        let failed = |why: String| {
            let note = format!("{}: {why}; nothing was sent", it.file.path.line());
            Outcome::noted(Status::Failed, note)
        };
        let dir = self.dir().map_err(failed)?;
        let mut file = open(dir, path).map_err(|why| match why.kind() {
            io::ErrorKind::NotFound => failed("it is not there any more".to_owned()),
            _ => failed(why.to_string()),
        })?;
        let size = file.metadata().map_err(|why| failed(why.to_string()))?.len();
        let now = if size == it.file.size { digest(&mut file) } else { Ok(Box::default()) };
        if now.map_err(|why| failed(why.to_string()))? != it.file.sha256 {
            let (path, before) = (it.file.path.line(), it.file.bytes());
            let note = format!(
                "{path} changed since the plan was shown ({before} then, {size} now); nothing was sent. Plan again"
            );
            return Err(Outcome::noted(Status::Conflict, note));
        }
        file.rewind().map_err(|why| failed(why.to_string()))?;
        Ok(file)
    }
}

/// Tells how far an upload is: at its begin and end, and in between no more often than anybody can see.
fn pace(op: OpId, all: u64, inbox: UnboundedSender<Event>) -> Box<dyn Fn(u64) + Send + Sync> {
    let last: Mutex<Option<Instant>> = Mutex::default();
    Box::new(move |sent| {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if sent == all || last.is_none_or(|last| last.elapsed() >= PACE) {
            *last = Some(Instant::now());
            let _ = inbox.send(Event::Uploading(op.clone(), sent, all));
        }
    })
}

/// SHA-256 of a file from where it stands, in hexadecimal digits.
fn digest(file: &mut File) -> io::Result<Box<str>> {
    let (mut sum, mut room) = (Sha256::new(), vec![0; 256 * 1024]);
    loop {
        match file.read(&mut room) {
            Ok(0) => return Ok(hex(&sum.finalize()).into()),
            Ok(count) => sum.update(&room[..count]),
            Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
            Err(why) => return Err(why),
        }
    }
}

/// Opens a regular file below a directory, which no link may lead out of.
fn open(dir: &Path, path: &str) -> io::Result<File> {
    let refused = |why: &str| io::Error::new(io::ErrorKind::PermissionDenied, why.to_owned());
    let whole = dir.join(path).canonicalize()?;
    if !whole.starts_with(dir.canonicalize()?) {
        return Err(refused("it is a link that leads out of the directory"));
    }
    // Without NONBLOCK a FIFO in the file's place would hold us for ever.
    let flags = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or(0);
    let file = std::fs::OpenOptions::new().read(true).custom_flags(flags).open(whole)?;
    if !file.metadata()?.is_file() {
        return Err(refused("it is no regular file"));
    }
    Ok(file)
}

/// The paths below a directory that fit a pattern, directories left out.
fn found(dir: &Path, pattern: &str) -> Vec<String> {
    let mut paths = vec![String::new()];
    let segments: Vec<&str> = pattern.split('/').collect();
    for (at, segment) in segments.iter().enumerate() {
        let last = at + 1 == segments.len();
        let mut next = vec![];
        for path in paths {
            let join = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
            if !segment.contains('*') {
                next.push(join(segment));
                continue;
            }
            let entries = std::fs::read_dir(dir.join(&path)).into_iter().flatten().flatten();
            let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
            let visible = |name: &String| !name.starts_with('.') || segment.starts_with('.');
            next.extend(
                names.filter(visible).filter(|name| fits_name(segment, name)).map(|name| join(&name)),
            );
            if next.len() > 50 * MOST {
                break;
            }
        }
        let wanted = |path: &String| {
            let whole = dir.join(path);
            if last { !whole.is_dir() && whole.exists() } else { whole.is_dir() }
        };
        paths = next.into_iter().filter(wanted).collect();
    }
    paths
}
