//! How a version is cut: what is written into files, how the tag is made, what the forge gets.

use crate::version::Edit;
use serde::{Deserialize, Serialize};

/// `[cut]`.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cut {
    /// `[[cut.edits]]`: files that the version is written into, in a commit on the release branch before the tag.
    pub edits: Vec<Edit>,
    /// `edits_for`: which versions are written down: `"all"` (default) or `"final"`.
    pub edits_for: EditsFor,
    /// `commit_message`: of that commit, with `{version}` and `{tag}`; default `"Release {tag}"`.
    pub commit_message: Option<String>,
    /// `sign_off`: whether that commit is signed off; default no.
    pub sign_off: bool,
    /// `signed`: whether a tag must be signed; default as the git configuration of who tags says.
    pub signed: bool,
    /// `tag_message`: of the tag, with `{version}` and `{tag}`; default `"{tag}"` and where it comes from.
    pub tag_message: Option<String>,
    /// `final_from`: which commit becomes the final version: `"candidate"` (default: what was tested, where the
    /// stream has candidates) or `"head"` of the release branch.
    pub final_from: FinalFrom,
    /// `release`: what the forge gets with a candidate: `"publish"` (default), `"draft"` or `"none"`. A final version
    /// is drafted unless it says `"none"`, and always published by a step of its own.
    pub release: OnForge,
    /// `assets`: the files that a release of the forge is given between its draft and its publication, as paths below the
    /// clone or the directory that the user names, with `*`, `{version}` and `{tag}`; default none.
    pub assets: Vec<String>,
    /// `tagged_by`: what tags a final version: `"gonogo"` (default), or the checklist item whose workflow does, by its
    /// id.
    pub tagged_by: Option<String>,
}

/// Which versions are written into files.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EditsFor {
    /// Candidates and final versions.
    #[default]
    All,
    /// Final versions.
    Final,
}

/// Which commit becomes the final version.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FinalFrom {
    /// That of the last candidate, where there are candidates.
    #[default]
    Candidate,
    /// The head of the release branch.
    Head,
}

/// What the forge gets with a candidate.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnForge {
    /// A prerelease, drafted and then published.
    #[default]
    Publish,
    /// A draft.
    Draft,
    /// Nothing.
    None,
}
