//! What would come of picking a queue of commits onto a line: verdicts as data.
//!
//! A [`Prediction`] says of one queued commit what `git cherry-pick` would do with it where it stands in the queue.
//! The chain rule: each pick is tried on top of all before it that would change the line ([`Verdict::Clean`],
//! [`Verdict::CleanAfter`]). One that conflicts or cannot be told is *left out*: those behind it are tried as if it
//! were not queued. So the verdicts hold together for "apply the clean ones, in this order", and
//! [`Prediction::onto`] says which tree each was tried on.

use super::ids::Oid;
use super::text::Untrusted;
use serde::{Deserialize, Serialize};

/// A commit to pick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Picked {
    /// The commit.
    pub commit: Oid,
    /// Of a merge commit, which parent its change is taken against, from 1: `git cherry-pick -m`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mainline: Option<u8>,
}

impl From<Oid> for Picked {
    fn from(commit: Oid) -> Self {
        Self { commit, mainline: None }
    }
}

/// What would come of one pick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prediction {
    /// The commit.
    pub pick: Picked,
    /// The tree that it was tried on: the line's with all before it in the queue that apply. None when it was not
    /// tried.
    pub onto: Option<Oid>,
    /// What would come of it.
    pub verdict: Verdict,
}

impl Prediction {
    /// The tree that the line has after it: that of the pick, or the one before when it changes nothing.
    #[must_use]
    pub fn after(&self) -> Option<Oid> {
        self.verdict.applied().map(|applied| applied.tree).or(self.onto)
    }
}

/// What would come of a pick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It applies, alone on the tip too as far as was tried.
    Clean(Applied),
    /// It applies here and conflicts alone on the tip.
    CleanAfter(Applied, Needs),
    /// It conflicts, and is left out of what follows.
    Conflict(Conflict),
    /// It changes nothing here.
    Empty(Emptiness),
    /// It cannot be told, and the pick is left out of what follows.
    Unknown(Why),
}

impl Verdict {
    /// What a pick that applies leaves.
    #[must_use]
    pub fn applied(&self) -> Option<&Applied> {
        match self {
            Self::Clean(applied) | Self::CleanAfter(applied, _) => Some(applied),
            Self::Conflict(_) | Self::Empty(_) | Self::Unknown(_) => None,
        }
    }

    /// The conflict.
    #[must_use]
    pub fn conflict(&self) -> Option<&Conflict> {
        match self {
            Self::Conflict(conflict) => Some(conflict),
            _ => None,
        }
    }

    /// One word for tables and JSON.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Clean(_) => "clean",
            Self::CleanAfter(..) => "clean-after",
            Self::Conflict(_) => "conflict",
            Self::Empty(_) => "empty",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// What a pick that applies leaves. An executed pick must leave the same tree, or nothing moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// The tree afterwards.
    pub tree: Oid,
    /// What it changes there, by path; renames are not looked for, so one is a deletion and an addition.
    pub files: Vec<FileChange>,
}

/// A changed file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileChange {
    /// Its path from the top; bytes that are no UTF-8 are U+FFFD.
    pub path: Untrusted,
    /// How it changes.
    pub how: FileHow,
}

/// How a file changes: the letters of `git diff-tree --raw`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileHow {
    /// It is new.
    Added,
    /// It goes.
    Deleted,
    /// Its content or its mode.
    Modified,
    /// A file becomes a link or a submodule, or the other way.
    TypeChanged,
}

/// What a pick needs before it, verified by replay: on the tip with these applied, in the order of the queue, it is
/// clean; on the bare tip it conflicts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    /// The commits of the queue, in its order.
    pub picks: Vec<Oid>,
    /// Whether none of them can be spared, each tried. Otherwise the search was given up with a set that suffices.
    pub minimal: bool,
    /// The files that conflict when it is picked alone.
    pub alone: Vec<Untrusted>,
}

/// What would make a conflicting pick apply, as far as it was replayed: nothing is said here that was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// With these of the trunk put before it, each of which applies, it is clean.
    First(Missing),
    /// With every commit of the trunk that changed the conflicting lines and that applies put before it, it still
    /// conflicts: a commit of the line alone has changed them.
    Owned {
        /// The newest such commit.
        by: Candidate,
        /// The file.
        path: Untrusted,
        /// What was put before it: all of it, or what there was of it up to a cap.
        tried: Vec<Candidate>,
    },
    /// With these put before it, it still conflicts, and no commit of the line alone changed the lines.
    Nothing {
        /// What was put before it.
        tried: Vec<Candidate>,
        /// Whether the search came to its end. Otherwise it is not known whether others would help.
        whole: bool,
    },
}

/// What a conflicting pick needs that is neither on the line nor before it in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// The commits, in the order in which they are to be picked.
    pub picks: Vec<Candidate>,
    /// Whether none of them can be spared, each tried. Otherwise the search was given up with a set that suffices.
    pub minimal: bool,
}

/// A commit that matters to a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The commit.
    pub pick: Picked,
    /// The first line of its message.
    pub subject: Untrusted,
}

/// Why a pick changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Emptiness {
    /// What it changes is there already.
    AlreadyThere,
    /// The commit itself changes nothing.
    NoChange,
}

/// A pick that conflicts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// What cannot be merged, by path. Empty only where git reports none, as for a directory that was split.
    pub files: Vec<ConflictFile>,
    /// What git says of the merge beyond single files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub said: Vec<Untrusted>,
    /// The tree with conflict markers.
    pub tree: Oid,
}

impl Conflict {
    /// Whether rerere knows a resolution for every file, so that a cherry-pick stops with all of it resolved.
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        !self.files.is_empty() && self.files.iter().all(|file| file.recorded)
    }
}

/// A file that cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictFile {
    /// Its path from the top.
    pub path: Untrusted,
    /// What is the matter.
    pub kind: ConflictKind,
    /// It before the pick's change; none when it was not there.
    pub base: Option<Side>,
    /// It on the line.
    pub ours: Option<Side>,
    /// It after the pick's change.
    pub theirs: Option<Side>,
    /// What git says of it.
    pub said: Vec<Untrusted>,
    /// Whether rerere knows how it was resolved before.
    pub recorded: bool,
}

/// One version of a conflicting file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// Its mode as git writes it: `0o100644`, `0o120000` for a link, `0o160000` for a submodule.
    pub mode: u32,
    /// The blob, or the submodule's commit.
    pub oid: Oid,
}

/// What is the matter with a conflicting file: the stable names of git-merge-tree(1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictKind {
    /// Both changed the same lines.
    Content,
    /// Both added it, differently.
    AddAdd,
    /// One changed it, the other deleted it.
    ModifyDelete,
    /// Both renamed it, to different names, or two files to one name.
    RenameRename,
    /// One renamed it, the other deleted it.
    RenameDelete,
    /// Both changed it, and it has no lines.
    Binary,
    /// Both moved a submodule, and its history is not at hand to tell which is newer.
    Submodule,
    /// One made it a link, a file or a submodule, the other something else; or the modes differ.
    Mode,
    /// One has a directory where the other has a file.
    FileDirectory,
    /// A directory was renamed, and where its new files belong is a guess.
    DirectoryRename,
    /// Something that this version does not know by name; the words say what.
    Other,
}

impl ConflictKind {
    /// A word or two for the screen, as git says it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::AddAdd => "add/add",
            Self::ModifyDelete => "modify/delete",
            Self::RenameRename => "rename/rename",
            Self::RenameDelete => "rename/delete",
            Self::Binary => "binary",
            Self::Submodule => "submodule",
            Self::Mode => "mode",
            Self::FileDirectory => "file/directory",
            Self::DirectoryRename => "directory rename",
            Self::Other => "conflict",
        }
    }
}

/// Why it cannot be told what would come of a pick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The commit is not in this clone: fetch.
    NotHere,
    /// The id names something else than a commit.
    NotACommit,
    /// A merge commit, and nobody said against which parent: how many it has.
    NeedsMainline(usize),
    /// It has no such parent: how many it has.
    NoSuchParent(usize),
    /// A shallow clone ends at this commit, so what it changed is not known: `git fetch --unshallow`.
    Shallow,
    /// An object that the merge needs is not in this clone (`git clone --filter`, or a damaged one).
    MissingObject(Untrusted),
    /// A merge driver or filter, a command in the repository's configuration, decides; it runs only when the
    /// repository is trusted. Its name.
    Untrusted(Untrusted),
    /// The installed git cannot: what it takes.
    Tier(Untrusted),
    /// A setting makes cherry-pick do what cannot be predicted: which.
    Setting(Untrusted),
    /// There is no room for what the merge writes, or no leave to write so much: what git said.
    NoRoom(Untrusted),
    /// git failed on it.
    Failed(Untrusted),
    /// It took too long.
    TimedOut,
}

impl Why {
    /// The reason in a sentence, safe to show.
    #[must_use]
    pub fn line(&self) -> String {
        match self {
            Self::NotHere => "the commit is not in this clone: fetch it".to_owned(),
            Self::NotACommit => "the id names no commit".to_owned(),
            Self::NeedsMainline(parents) => {
                format!("a merge of {parents} parents: say against which one it is picked (mainline)")
            }
            Self::NoSuchParent(parents) => format!("no such parent: the commit has {parents}"),
            Self::Shallow => {
                "the clone is cut off at this commit, so its change is unknown: git fetch --unshallow"
                    .to_owned()
            }
            Self::MissingObject(what) => format!("an object is not in this clone: {}", what.line()),
            Self::Untrusted(what) => {
                format!(
                    "{} of the repository's configuration decides, and the repository is not trusted",
                    what.line()
                )
            }
            Self::Tier(what) | Self::Setting(what) => what.line(),
            Self::NoRoom(what) => format!(
                "no room to try it in the directory for temporary files (TMPDIR), so make some: {}",
                what.line()
            ),
            Self::Failed(what) => format!("git failed: {}", what.line()),
            Self::TimedOut => "the merge took too long".to_owned(),
        }
    }
}

/// A conflicting file, read for the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// The places that both changed, the first ones up to a cap, and how many more there are.
    Hunks(Vec<Hunk>, usize),
    /// It has no lines: sizes in bytes of base, ours, theirs.
    Binary([Option<u64>; 3]),
    /// There is nothing to compare line by line: a side is missing, or it is a submodule or a link.
    Sides,
    /// It is larger than is read: its size in bytes.
    TooLarge(u64),
}

/// A place in a file that both sides changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunk {
    /// The line's number in the merged text where it starts, from 1.
    pub at: usize,
    /// The line's text.
    pub ours: Lines,
    /// The text before the pick's change.
    pub base: Lines,
    /// The pick's text.
    pub theirs: Lines,
}

/// Lines of a hunk up to a cap.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lines {
    /// The lines without their ends; bytes that are no UTF-8 are U+FFFD.
    pub lines: Vec<Untrusted>,
    /// How many more there are.
    pub more: usize,
}
