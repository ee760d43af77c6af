//! One merge in memory: `git merge-tree`, in the form that the installed git can answer fastest.
//!
//! * git ≥ 2.49: one process for all merges (`--stdin`). Before, it does not flush its answers, which would
//!   deadlock.
//! * 2.45–2.48: a process a merge, told three trees.
//! * 2.38–2.44: a process a merge, told two commits that are made in the quarantine, since `--merge-base` does not
//!   take trees yet. Before 2.41 there is no `--attr-source`, so the line's `.gitattributes` are put into the
//!   quarantine's work tree.

use super::answer::{Answer, Reader};
use super::attributes::{self, Attributes};
use super::changes::Changes;
use super::objects::Objects;
use super::place::Place;
use crate::git::GitError;
use crate::git::run::{failure, said};
use crate::release::ids::Oid;
use crate::release::predict::Why;
use crate::release::text::Untrusted;
use crate::spawn::{Call, Output, SpawnError, Talk};
use std::os::unix::process::ExitStatusExt as _;

/// Merges, and the process that makes them where it stays.
#[derive(Debug, Default)]
pub(super) struct Merges {
    talk: Option<Talk>,
    pub attributes: Attributes,
}

/// What came of asking for a merge: the answer, or why it is not known.
pub(super) type Merged = Result<Result<Answer, Why>, GitError>;

/// Merges what `theirs` changed from `base` into `ours`: trees.
type Trees = [Oid; 3];

impl Merges {
    /// Ends the process.
    pub(super) fn rest(&mut self) {
        self.talk = None;
    }

    /// Merges. What is known of it comes with what the merge called the two sides.
    pub(super) async fn merge(
        &mut self,
        place: &Place,
        reads: (&mut Objects, &mut Changes),
        [ours, base, theirs]: Trees,
    ) -> Result<Result<(Answer, [Oid; 2]), Why>, GitError> {
        let tier = place.git.tier();
        if self.attributes.is_other(place, reads.1, ours).await? {
            self.talk = None;
            if !tier.attr_source {
                attributes::check_out(place, reads.0, ours).await?;
            }
        }
        let mut called = [ours, theirs];
        let answer = if tier.stdin_merge_tree {
            self.by_stream(place, [ours, base, theirs]).await?
        } else if tier.version >= (2, 45, 0) {
            let call = self.call(place).arg(format!("--merge-base={base}")).arg(ours.to_string());
            by_process(place, call.arg(theirs.to_string())).await?
        } else {
            called = commits(place, [ours, base, theirs]).await?;
            by_process(place, self.call(place).args(called.map(|oid| oid.to_string()))).await?
        };
        match place.settings.asked(&place.quarantine) {
            Some(why) => Ok(Err(why)),
            None => Ok(answer.map(|answer| (answer, called))),
        }
    }

    fn call(&self, place: &Place) -> Call {
        let source =
            self.attributes.source().filter(|_| place.git.tier().attr_source && !place.settings.attr_tree);
        let options: Vec<_> = source.map(|tree| format!("--attr-source={tree}")).into_iter().collect();
        let call = place.with(&options, "merge-tree").args(["--write-tree", "--messages", "-z"]);
        match &place.settings.algorithm {
            Some(name) => call.arg(format!("-Xdiff-algorithm={name}")),
            None => call,
        }
    }

    async fn by_stream(&mut self, place: &Place, [ours, base, theirs]: Trees) -> Merged {
        let mut talk = match self.talk.take() {
            Some(talk) => talk,
            None => self.call(place).arg("--stdin").talk()?,
        };
        let heard = match talk.say(format!("{base} -- {ours} {theirs}\n").as_bytes()).await {
            Ok(()) => hear(&mut talk, place).await,
            Err(why) => Err(why),
        };
        match heard {
            Ok(Some(Ok(answer))) => {
                self.talk = Some(talk);
                Ok(Ok(answer))
            }
            Ok(Some(Err(why))) => Err(unreadable(&why)),
            // A missing object ends the process; the next merge starts another.
            Ok(None) | Err(SpawnError::Pipe { .. }) => Ok(Err(reason(&talk.complaint().await))),
            Err(SpawnError::TimedOut { .. }) => Ok(Err(Why::TimedOut)),
            Err(why) => Err(why.into()),
        }
    }
}

async fn hear(talk: &mut Talk, place: &Place) -> Result<Option<Result<Answer, String>>, SpawnError> {
    let mut reader = Reader::of_stream();
    while let Some(field) = talk.hear(0, &place.cancel).await? {
        match reader.take(&field) {
            Ok(false) => {}
            Ok(true) => return Ok(Some(reader.finish())),
            Err(why) => return Ok(Some(Err(why))),
        }
    }
    Ok(None)
}

async fn by_process(place: &Place, call: Call) -> Merged {
    let output = match call.run(&place.cancel).await {
        Ok(output) => output,
        Err(SpawnError::TimedOut { .. }) => return Ok(Err(Why::TimedOut)),
        Err(why) => return Err(why.into()),
    };
    let clean = match output.status.code() {
        Some(0) => true,
        Some(1) => false,
        // SIGXFSZ, setrlimit(2): the limit on the size of files.
        None if output.status.signal() == Some(25) => {
            return Ok(Err(Why::NoRoom("the limit on the size of files is reached".into())));
        }
        _ => return Ok(Err(reason(&output.stderr))),
    };
    if output.truncated {
        return Err(GitError::TooLong("merge-tree".into()));
    }
    let mut reader = Reader::of_process(clean);
    for field in output.stdout.split(|b| *b == 0).take(count(&output)) {
        reader.take(field).map_err(|why| unreadable(&why))?;
    }
    reader.finish().map(Ok).map_err(|why| unreadable(&why))
}

/// Fields of an answer, each of which ends in NUL.
fn count(output: &Output) -> usize {
    output.stdout.iter().filter(|b| **b == 0).count()
}

fn unreadable(why: &str) -> GitError {
    GitError::Unreadable { command: "merge-tree".into(), why: why.to_owned() }
}

/// What git complained of, as the reason why a merge is not known.
pub(super) fn reason(stderr: &[u8]) -> Why {
    let said = said(stderr);
    let missing = [
        "unable to read",
        "could not fetch",
        "promisor",
        "lazy fetching",
        "not a valid object",
        "could not parse",
        "bad object",
        "Could not read",
        "could not get object info",
        "cannot read object",
    ];
    let full = ["No space left on device", "Disk quota exceeded", "File too large"];
    if full.iter().any(|word| said.contains(word)) {
        return Why::NoRoom(Untrusted::from(said));
    }
    if said.is_empty() {
        return Why::Failed("it ended without a word, as when it is killed".into());
    }
    let is_missing = missing.iter().any(|word| said.contains(word));
    let said = Untrusted::from(said);
    if is_missing { Why::MissingObject(said) } else { Why::Failed(said) }
}

/// Two commits whose only merge base has the tree `base`, in the quarantine: ours and theirs.
async fn commits(place: &Place, [ours, base, theirs]: Trees) -> Result<[Oid; 2], GitError> {
    let base = commit(place, base, None).await?;
    Ok([commit(place, ours, Some(base)).await?, commit(place, theirs, Some(base)).await?])
}

async fn commit(place: &Place, tree: Oid, parent: Option<Oid>) -> Result<Oid, GitError> {
    let parent = parent.map(|parent| format!("parent {parent}\n")).unwrap_or_default();
    let who = "gonogo <gonogo@localhost> 0 +0000";
    let text = format!("tree {tree}\n{parent}author {who}\ncommitter {who}\n\nA side of a merge\n");
    let call = place.read("hash-object").args(["-t", "commit", "-w", "--stdin"]).stdin(text);
    let output = call.run(&place.cancel).await?;
    if !output.status.success() {
        return Err(failure(&output, "hash-object"));
    }
    Ok(Oid::parse(String::from_utf8_lossy(&output.stdout).trim())?)
}
