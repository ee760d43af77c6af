//! The files that a release is given: found beside the clone, shown with size and digest, uploaded between draft and
//! publication.

use super::draft::filled;
use crate::release::Release;
use crate::release::ask::Refusal;
use crate::release::entry::Stamp;
use crate::release::errand::Errand;
use crate::release::ids::{OpId, Repo, Tag};
use crate::release::looks::Topic;
use crate::release::plan::Step;
use crate::release::text::{Untrusted, shown};
use crate::version::Version;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Largest file that GitHub takes: "under 2 GiB", in bytes.
pub const LARGEST: u64 = (2 << 30) - 1;
/// Most files that one release is given here: their digests stand in one line of the journal.
const MOST: usize = 100;
/// Operations of the steps before: those of uploads come after them.
const FIRST: u32 = 16;

/// A file that was found for a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltFile {
    /// Where it lies, below the directory of the files.
    pub path: Untrusted,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal digits.
    pub sha256: Box<str>,
}

/// Every file that fits a pattern of the process, whatever its version.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BuiltSeen {
    /// All of them, by path: few, so not only what changed.
    pub rows: Vec<BuiltFile>,
}

/// Uploads a file to the release that was drafted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadAsset {
    /// Where.
    pub repo: Repo,
    /// The tag of the release.
    pub target: Tag,
    /// The number of the release; none until it is drafted. An intent always says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<u64>,
    /// The operation that makes the tag, when the same plan drafts the release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<OpId>,
    /// The file, as it was when the plan was shown.
    pub file: BuiltFile,
    /// The number of an asset that was uploaded in part, and that a person said to replace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<u64>,
}

impl BuiltFile {
    /// Its name without directories: what the release calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        let path = self.path.raw();
        path.rsplit_once('/').map_or(path, |(_, name)| name)
    }

    /// Its size in bytes, in words.
    #[must_use]
    pub fn bytes(&self) -> String {
        format!("{} bytes", self.size)
    }
}

impl UploadAsset {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        let start: String = self.file.sha256.chars().take(12).collect();
        let (path, tag) = (self.file.path.line(), self.target.line());
        let over = if self.replaces.is_some() { ", in place of one that came in part" } else { "" };
        format!("upload {path} to {tag}: {}, sha256 {start}…{over}", self.file.bytes())
    }

    /// The whole digest, for the plan that is shown.
    #[must_use]
    pub fn preview(&self) -> Vec<String> {
        vec![format!("{}  sha256:{}", self.file.bytes(), self.file.sha256)]
    }

    /// The calls that it makes.
    pub(super) fn calls(&self) -> Vec<String> {
        let repo = self.repo.as_str();
        let number = self.release.map_or_else(|| "(the draft made before)".to_owned(), |id| id.to_string());
        let name = Untrusted::from(self.file.name()).line();
        vec![
            format!(
                "GET /repos/{repo}/releases/{number} and /assets   (looks: a draft, no file of this name)"
            ),
            format!("POST (the upload_url of the release)?name={name}   {}", self.file.bytes()),
            format!("     sha256:{}   (read once more before: changed, it stops)", self.file.sha256),
        ]
    }
}

/// Whether a path fits a pattern: segment by segment, `*` for any characters of one segment, letters as they are.
#[must_use]
pub fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len() && pattern.iter().zip(&path).all(|(pattern, name)| fits_name(pattern, name))
}

/// Whether one name fits a pattern without `/`.
#[must_use]
pub fn fits_name(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(last)
}

/// A pattern with `*` for each word that a version fills in.
fn loosened(pattern: &str) -> String {
    let words = ["{version}", "{tag}", "{major}", "{minor}", "{patch}"];
    words.iter().fold(pattern.to_owned(), |text, word| text.replace(word, "*"))
}

/// Whether GitHub keeps a name: it puts other letters than these in place of what it does not take.
fn is_kept(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    !name.starts_with('.') && !name.ends_with('.') && name.chars().all(plain)
}

impl Release {
    /// The patterns of the files that releases are given, for any version. Empty when the process names none.
    #[must_use]
    pub fn wanted_files(&self) -> Vec<String> {
        let process = self.process.iter().flat_map(|process| &process.cut.assets);
        process.map(|pattern| loosened(pattern)).collect()
    }

    /// The files that the release of a version is given.
    ///
    /// # Errors
    /// Why they cannot be uploaded, in words: one that is missing, too large, empty or twice there.
    pub fn files_of(&self, tag: &Tag, version: &Version) -> Result<Vec<BuiltFile>, String> {
        let Some(process) = self.process.as_ref().filter(|process| !process.cut.assets.is_empty()) else {
            return Ok(vec![]);
        };
        if let Some(unread) = self.unread(Topic::Built, "") {
            return Err(unread.reason);
        }
        let (mut files, mut names): (Vec<BuiltFile>, BTreeSet<&str>) = (vec![], BTreeSet::new());
        for pattern in &process.cut.assets {
            let wanted = filled(pattern, tag.as_str(), version);
            let mut of_it = self.built.rows.iter().filter(|it| fits(&wanted, it.path.raw())).peekable();
            if of_it.peek().is_none() {
                return Err(format!("there is no file {}", shown(&wanted, 100)));
            }
            for it in of_it.filter(|it| !files.contains(it)).collect::<Vec<_>>() {
                let name = it.path.line();
                match () {
                    () if it.size == 0 => return Err(format!("{name} is empty")),
                    () if it.size > LARGEST => {
                        return Err(format!("{name} is 2 GiB or more: GitHub takes less"));
                    }
                    () if !is_kept(it.name()) => {
                        return Err(format!("GitHub would give {name} another name"));
                    }
                    () if !names.insert(it.name()) => {
                        return Err(format!("two files have the name of {name}"));
                    }
                    () => files.push(it.clone()),
                }
            }
        }
        if files.len() > MOST {
            return Err(format!("{} files are more than the {MOST} that one plan takes", files.len()));
        }
        Ok(files)
    }

    /// The steps that upload the files of a version, between the draft and its publication.
    pub(super) fn steps_of_uploads(
        &self,
        (repo, tag, version): (&Repo, &Tag, &Version),
        (release, of): (Option<u64>, Option<&OpId>),
        stamp: &Stamp,
    ) -> Result<Vec<Step>, Refusal> {
        let refuse = |why: String| {
            let refusal = Refusal::new(format!("upload the files of {}", tag.line()), tag.line(), why);
            refusal.hint("put them where cut.assets of the process says; r looks again")
        };
        let files = self.files_of(tag, version).map_err(refuse)?;
        let upload = |file: BuiltFile| UploadAsset {
            repo: repo.clone(),
            target: tag.clone(),
            release,
            of: of.cloned(),
            file,
            replaces: None,
        };
        let step = |(at, file)| Step::new(stamp.op(FIRST + at), Errand::UploadAsset(upload(file)));
        Ok((0u32..).zip(files).map(step).collect())
    }
}
