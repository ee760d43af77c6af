//! The version written into files, and committed on top of a tip in the worktree of ours.
//!
//! What the commit must come to is known before it is made: the tree of the tip with the edited files in it. So a run
//! that was killed finds what it made by its tree and its parent, and never makes it twice.

use super::io;
use super::pick::Made;
use super::worktree::{Workplace, keep_ref};
use crate::git::run::{checked, lossy, said};
use crate::git::tag::is_about_signing;
use crate::git::{Git, GitError, Repository};
use crate::release::ids::{Branch, Oid, OpId, RefName};
use crate::release::text::Untrusted;
use crate::spawn::{Call, Cancel, SpawnError};
use crate::version::{Change, Edit};
use std::path::Path;
use std::time::Duration;

/// How long the commit may take: hooks may be slow, and somebody may be asked for a passphrase.
const LONG: Duration = Duration::from_secs(10 * 60);

/// A version to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bump {
    /// The operation that it is recorded under; names the worktree and the ref.
    pub op: OpId,
    /// The branch that it is for.
    pub branch: Branch,
    /// The tip that the commit goes on top of.
    pub tip: Oid,
    /// What is written where, one after the other.
    pub edits: Vec<Edit>,
    /// The message of the commit, taken as it is.
    pub message: String,
    /// Whether it is signed off: `git commit --signoff`.
    pub sign_off: bool,
}

/// What edits make of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// The file, from the top of the repository.
    pub path: String,
    /// The lines that differ.
    pub changes: Vec<Change>,
}

/// What became of writing a version. No branch has moved in any case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bumped {
    /// The commit, kept by [`keep_ref`] until it has landed.
    Done {
        /// The commit.
        commit: Oid,
    },
    /// The tip has the version already: there is nothing to commit.
    AlreadyThere,
    /// An edit does not fit what is at the tip. Nothing was made.
    Unfit {
        /// The file, the value, what was expected.
        why: Untrusted,
    },
    /// It could not be signed: no key, a locked agent, nobody to ask. Nothing is left behind.
    NotSigned {
        /// What was said.
        said: Untrusted,
    },
    /// git stopped: a hook, no name to commit with, a full disk. The same may be tried again.
    Failed {
        /// What git said.
        said: Untrusted,
    },
    /// A hook put something else into the commit than the edits. Nothing goes on from it.
    Differs {
        /// What was to be committed.
        expected: Oid,
        /// What was committed.
        executed: Oid,
    },
    /// What is kept for the operation is not what it makes.
    Strange {
        /// What was found.
        said: Untrusted,
    },
}

/// A file with its new content.
struct File {
    path: String,
    mode: String,
    text: String,
    changes: Vec<Change>,
}

/// What the edits come to, or why they do not.
enum Foreseen {
    Files(Vec<File>),
    Unfit(String),
}

impl Git {
    /// What edits change at a commit, file by file, for a plan; nothing is written. The inner error says which edit
    /// does not fit.
    ///
    /// # Errors
    /// When git fails, or the commit is not in the clone.
    pub async fn foresee_bump(
        &self,
        at: &Repository,
        tip: Oid,
        edits: &[Edit],
    ) -> Result<Result<Vec<FileChange>, Untrusted>, GitError> {
        let call = |words: &[&str]| self.read(at, "--literal-pathspecs").args(words);
        Ok(match foresee(call, tip, edits, &Cancel::new()).await? {
            Foreseen::Unfit(why) => Err(why.into()),
            Foreseen::Files(files) => {
                let change = |it: File| FileChange { path: it.path, changes: it.changes };
                Ok(files.into_iter().map(change).collect())
            }
        })
    }

    /// Writes a version on top of a tip, below `root`, a directory of ours outside the repository: identity, signing and
    /// hooks are the user's, and the repository must be trusted. Asked for again after a crash, it goes on where it
    /// stood. [`Git::push_onto`] moves the branch to the commit, and [`Git::apply_off`] cleans up after it.
    ///
    /// On a [`Git::attended`] git the key may ask for its passphrase on the terminal.
    ///
    /// # Errors
    /// When the tip is not in the clone, the place cannot be made, another process works in it, git cannot be
    /// started, or `cancel` says so. In each case the same call may be made again.
    pub async fn bump(
        &self,
        at: &Repository,
        root: &Path,
        order: &Bump,
        cancel: &Cancel,
    ) -> Result<Bumped, GitError> {
        let place = Workplace::open(self, at, root, &order.op)?;
        if !place.is_ready() {
            place.make(order.tip, cancel).await?;
        }
        place.unlock();
        let call = |words: &[&str]| place.call(&["--literal-pathspecs".to_owned()]).args(words);
        let files = match foresee(call, order.tip, &order.edits, cancel).await? {
            Foreseen::Files(files) => files,
            Foreseen::Unfit(why) => return Ok(Bumped::Unfit { why: why.into() }),
        };
        if files.is_empty() {
            return Ok(Bumped::AlreadyThere);
        }
        let entries = place.stored(&files, cancel).await?;
        let expected = place.tree_with(order.tip, &entries, cancel).await?;
        if let Some(stop) = place.bumped_before(order, expected, cancel).await? {
            return Ok(stop);
        }
        place.clean(order.tip).await?;
        let index = place.call(&[]).args(["update-index", "-z", "--index-info"]).stdin(entries.clone());
        checked(index.run(cancel).await?, "update-index")?;
        // Hooks find the files as they are committed.
        let names: Vec<u8> = files.iter().flat_map(|it| [it.path.as_bytes(), b"\0"].concat()).collect();
        let out = place.call(&[]).args(["checkout-index", "-f", "-z", "--stdin"]).stdin(names);
        checked(out.run(cancel).await?, "checkout-index")?;
        place.commit(order, expected, cancel).await
    }
}

impl Workplace {
    /// Stores the files as they are, and gives the lines for `update-index -z --index-info`.
    async fn stored(&self, files: &[File], cancel: &Cancel) -> Result<Vec<u8>, GitError> {
        let mut entries = vec![];
        for file in files {
            let call = self.call(&[]).args(["hash-object", "-w", "--no-filters", "--stdin"]);
            let answer = lossy(checked(call.stdin(file.text.as_str()).run(cancel).await?, "hash-object")?);
            let oid = Oid::parse(answer.trim())?;
            entries.extend_from_slice(format!("{} {oid}\t{}\0", file.mode, file.path).as_bytes());
        }
        Ok(entries)
    }

    /// The tree of a commit with entries in place of its own; made in an index beside the worktree's.
    async fn tree_with(&self, tip: Oid, entries: &[u8], cancel: &Cancel) -> Result<Oid, GitError> {
        let index = self.git_dir().join("expected");
        let call = |words: &[&str]| self.call(&[]).env("GIT_INDEX_FILE", &index).args(words);
        checked(call(&["read-tree", &tip.to_string()]).run(cancel).await?, "read-tree")?;
        let put = call(&["update-index", "-z", "--index-info"]).stdin(entries.to_vec());
        checked(put.run(cancel).await?, "update-index")?;
        let tree = lossy(checked(call(&["write-tree"]).run(cancel).await?, "write-tree")?);
        std::fs::remove_file(&index).map_err(|why| io(&index, why))?;
        Ok(Oid::parse(tree.trim())?)
    }

    /// What an earlier run of the operation came to; none when it made no commit.
    async fn bumped_before(
        &self,
        order: &Bump,
        expected: Oid,
        cancel: &Cancel,
    ) -> Result<Option<Bumped>, GitError> {
        let kept = self.git.tip_of(&self.at, &RefName::parse(&keep_ref(&order.op))?).await?;
        let name = kept.map_or_else(|| "HEAD".to_owned(), |kept| kept.to_string());
        let made = self.made(&name, cancel).await?;
        if made.oid == order.tip {
            return Ok(None);
        }
        if is_it(&made, order, expected) {
            self.keep(&order.op, made.oid).await?;
            return Ok(Some(Bumped::Done { commit: made.oid }));
        }
        if kept.is_none() && made.parents == [order.tip] {
            // A hook changed what was committed, and the run was killed before it said so.
            self.clean(order.tip).await?;
            return Ok(Some(Bumped::Differs { expected, executed: made.tree }));
        }
        let said = format!(
            "what is kept is {}, which is not the version on top of {}",
            made.oid.short(),
            order.tip.short()
        );
        Ok(Some(Bumped::Strange { said: said.into() }))
    }

    /// Commits what is in the index.
    async fn commit(&self, order: &Bump, expected: Oid, cancel: &Cancel) -> Result<Bumped, GitError> {
        let mut call = self.call(&[]).args(["commit", "--quiet", "--cleanup=verbatim", "--file=-"]);
        if order.sign_off {
            call = call.arg("--signoff");
        }
        let message = format!("{}\n", order.message.trim_end_matches('\n'));
        let words = match self.finish(&call.stdin(message).timeout(LONG), cancel).await {
            Ok(output) => said(&output.stderr),
            Err(late @ SpawnError::TimedOut { .. }) => late.to_string(),
            Err(why) => return Err(why.into()),
        };
        // Whatever was said, what is there counts: a hook that runs after the commit may fail as well.
        let made = self.made("HEAD", cancel).await?;
        if made.oid == order.tip {
            self.clean(order.tip).await?;
            let unsigned = is_about_signing(&words);
            let said = words.into();
            return Ok(if unsigned { Bumped::NotSigned { said } } else { Bumped::Failed { said } });
        }
        if !is_it(&made, order, expected) {
            self.clean(order.tip).await?;
            return Ok(Bumped::Differs { expected, executed: made.tree });
        }
        self.keep(&order.op, made.oid).await?;
        Ok(Bumped::Done { commit: made.oid })
    }
}

fn is_it(made: &Made, order: &Bump, expected: Oid) -> bool {
    made.tree == expected && made.parents == [order.tip]
}

/// The files that edits change, with their new content. `call` makes a git process, its words literal.
async fn foresee(
    call: impl Fn(&[&str]) -> Call,
    tip: Oid,
    edits: &[Edit],
    cancel: &Cancel,
) -> Result<Foreseen, GitError> {
    let mut files: Vec<File> = vec![];
    for edit in edits {
        let place = match files.iter().position(|file| file.path == edit.file) {
            Some(place) => place,
            None => match read(&call, tip, &edit.file, cancel).await? {
                Ok(file) => {
                    files.push(file);
                    files.len() - 1
                }
                Err(why) => {
                    let file = Untrusted::from(edit.file.as_str()).line();
                    return Ok(Foreseen::Unfit(format!("{file}: {why}")));
                }
            },
        };
        let file = &mut files[place];
        match edit.apply(&file.text) {
            Ok(edited) => {
                file.text = edited.text;
                file.changes.extend(edited.changes);
            }
            Err(why) => return Ok(Foreseen::Unfit(why.to_string())),
        }
    }
    files.retain(|file| !file.changes.is_empty());
    Ok(Foreseen::Files(files))
}

/// A file of a commit. The inner error says why it is none that a version is written into.
async fn read(
    call: impl Fn(&[&str]) -> Call,
    tip: Oid,
    path: &str,
    cancel: &Cancel,
) -> Result<Result<File, String>, GitError> {
    let fine = |part: &str| !matches!(part, "" | "." | "..") && !part.eq_ignore_ascii_case(".git");
    if !path.split('/').all(fine) || path.contains('\0') {
        return Ok(Err(
            "expected the path of a file from the top of the repository, with / between its parts".to_owned(),
        ));
    }
    let tree = tip.to_string();
    let listed = call(&["ls-tree", "-z", "--full-tree", &tree, "--", path]).run(cancel).await?;
    let listed = lossy(checked(listed, "ls-tree")?);
    // What is behind a symbolic link is not listed: a tree holds the link alone.
    let entry = listed.split('\0').filter_map(|entry| entry.split_once('\t')).find(|(_, name)| *name == path);
    let Some((entry, _)) = entry else { return Ok(Err(format!("there is no such file at {}", tip.short()))) };
    let words: Vec<&str> = entry.split(' ').collect();
    let (mode, oid) = match words.as_slice() {
        [mode @ ("100644" | "100755"), "blob", oid] => (*mode, *oid),
        ["120000", ..] => return Ok(Err("it is a symbolic link: expected a file".to_owned())),
        ["160000", ..] => return Ok(Err("it is a submodule: expected a file".to_owned())),
        _ => return Ok(Err("it is a directory: expected a file".to_owned())),
    };
    let bytes = checked(call(&["cat-file", "blob", oid]).run(cancel).await?, "cat-file")?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => Ok(File { path: path.to_owned(), mode: mode.to_owned(), text, changes: vec![] }),
        Err(_) => Err("it is no UTF-8 text".to_owned()),
    })
}
