//! Tags: made on a commit, pushed as new ones, taken away while nobody has them. None is ever moved.

mod make;
mod push;
mod signature;

pub(super) use make::is_about_signing;
pub use make::{MakeTag, Tagged, Untagged};
pub use push::{PushTag, RemoteTag, TagPushing, tag_words};
pub use signature::{Signature, SignatureKind};

use super::GitError;
use super::find::Repository;
use super::run::{Git, checked, lossy, text};
use crate::release::ids::{Oid, Tag};
use crate::spawn::Cancel;

/// A tag of this clone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTag {
    /// What the ref names: a tag object, or the commit itself.
    pub object: Oid,
    /// The commit, through any number of tag objects; none when it names something else.
    pub commit: Option<Oid>,
}

impl LocalTag {
    /// Whether it has a tag object.
    #[must_use]
    pub fn is_annotated(&self) -> bool {
        self.commit != Some(self.object)
    }
}

impl Git {
    /// A tag of this clone; none when there is none of this name.
    ///
    /// # Errors
    /// When git fails.
    pub async fn local_tag(&self, at: &Repository, tag: &Tag) -> Result<Option<LocalTag>, GitError> {
        let full = tag.full();
        let call = self.read(at, "for-each-ref").arg("--format=%(objectname) %(refname)");
        let answer = text(&call.args(["--end-of-options", &full]), "for-each-ref").await?;
        // A pattern also matches what is below it, so the name is compared.
        let exact = answer.lines().filter_map(|line| line.split_once(' ')).find(|(_, name)| *name == full);
        let Some((hex, _)) = exact else { return Ok(None) };
        let object = Oid::parse(hex)?;
        Ok(Some(LocalTag { object, commit: self.peeled(at, object).await? }))
    }

    /// The text of an annotated tag of this clone with its headers, as git keeps it; the inner one is none for a tag
    /// without annotation, the outer where there is no such tag.
    ///
    /// # Errors
    /// When git fails.
    pub async fn tag_text(&self, at: &Repository, tag: &Tag) -> Result<Option<Option<String>>, GitError> {
        let Some(found) = self.local_tag(at, tag).await? else { return Ok(None) };
        if !found.is_annotated() {
            return Ok(Some(None));
        }
        let object = found.object.to_string();
        let call = self.read(at, "cat-file").args(["tag", &object]);
        Ok(Some(Some(lossy(checked(call.run(&Cancel::new()).await?, "cat-file")?))))
    }

    /// The commit that an object is, or names through any number of tag objects; none when that is no commit, or the
    /// object is not here.
    async fn peeled(&self, at: &Repository, object: Oid) -> Result<Option<Oid>, GitError> {
        let call = self.read(at, "rev-parse").args(["--verify", "--quiet", "--end-of-options"]);
        let output = call.arg(format!("{object}^{{commit}}")).run(&Cancel::new()).await?;
        let text = lossy(output.stdout);
        Ok(text.lines().last().filter(|_| output.status.success()).map(Oid::parse).transpose()?)
    }
}
