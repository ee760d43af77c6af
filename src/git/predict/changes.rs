//! Which files differ between two trees, in one long conversation with `git diff-tree`.

use super::place::Place;
use crate::git::GitError;
use crate::order::Order as _;
use crate::release::ids::Oid;
use crate::release::predict::{FileChange, FileHow};
use crate::release::text::Untrusted;
use crate::spawn::{SpawnError, Talk};

/// The conversation, started when it is needed.
#[derive(Debug, Default)]
pub(super) struct Changes {
    talk: Option<Talk>,
}

/// The files that differ, and whether one of them is a `.gitattributes`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Changed {
    pub files: Vec<FileChange>,
    pub attributes: bool,
}

/// No object id, so that git repeats it and with that ends its answer and flushes it.
const END: &str = "end";

impl Changes {
    /// Ends the process.
    pub(super) fn rest(&mut self) {
        self.talk = None;
    }

    /// What differs from one tree to another, by path.
    ///
    /// # Errors
    /// When a tree cannot be read: an object is missing.
    pub(super) async fn between(&mut self, place: &Place, from: Oid, to: Oid) -> Result<Changed, GitError> {
        let mut talk = match self.talk.take() {
            Some(talk) => talk,
            None => place
                .read("diff-tree")
                .args(["--stdin", "-r", "-z", "--raw", "--no-renames", "--ignore-submodules=none"])
                .args(["--no-ext-diff", "--no-textconv", "--no-relative"])
                .talk()?,
        };
        talk.say(format!("{from} {to}\n{END}\n").as_bytes()).await?;
        match hear(&mut talk, place).await {
            Ok(changed) => {
                self.talk = Some(talk);
                Ok(changed)
            }
            Err(SpawnError::Pipe { .. }) => {
                let said = crate::git::run::said(&talk.complaint().await);
                Err(GitError::Failed {
                    command: "diff-tree".into(),
                    status: "ended".into(),
                    said: said.into(),
                })
            }
            Err(why) => Err(why.into()),
        }
    }
}

async fn hear(talk: &mut Talk, place: &Place) -> Result<Changed, SpawnError> {
    let ended = |what: &str| SpawnError::Pipe {
        program: "git diff-tree".into(),
        why: std::io::Error::new(std::io::ErrorKind::UnexpectedEof, what.to_owned()),
    };
    let mut changed = Changed::default();
    // The two trees, then records of two fields, then the word of the end: the first line ends in a line feed, and
    // so does the last, which is why each record is told by its first byte.
    let _trees = talk.hear(b'\n', &place.cancel).await?.ok_or_else(|| ended("no answer"))?;
    loop {
        let Some(first) = talk.hear_exactly(1, &place.cancel).await? else { return Err(ended("cut off")) };
        if first != b":" {
            let rest = talk.hear(b'\n', &place.cancel).await?.ok_or_else(|| ended("cut off"))?;
            let word = [first, rest].concat();
            return if word == END.as_bytes() { Ok(changed.sorted()) } else { Err(ended("out of step")) };
        }
        let head = talk.hear(0, &place.cancel).await?.ok_or_else(|| ended("cut off"))?;
        let path = talk.hear(0, &place.cancel).await?.ok_or_else(|| ended("cut off"))?;
        let how = match head.last() {
            Some(b'A') => FileHow::Added,
            Some(b'D') => FileHow::Deleted,
            Some(b'T') => FileHow::TypeChanged,
            _ => FileHow::Modified,
        };
        changed.attributes |= path.rsplit(|b| *b == b'/').next() == Some(b".gitattributes");
        let path = Untrusted::from(crate::git::run::lossy(path));
        changed.files.push(FileChange { path, how });
    }
}

impl Changed {
    fn sorted(mut self) -> Self {
        self.files.order();
        self
    }
}
