//! A plan that is read page by page before it is sent: which page is shown, and what is known of the files by now.

use crate::release::cut::FilePreview;
use crate::release::errand::Errand;
use crate::release::plan::Plan;
use crate::release::text::Untrusted;

/// A page of a plan. All of them show the same plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// What is cut, where, why it is this version, and what must hold.
    Ready,
    /// What is written into files.
    Files,
    /// The tag.
    Tag,
    /// The release on the forge and what it says.
    Notes,
    /// Every step with its calls.
    Steps,
    /// The steps once more, and the way to say go.
    Go,
}

impl Page {
    /// Its title, in a word.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Ready => "Ready",
            Self::Files => "Files",
            Self::Tag => "Tag",
            Self::Notes => "Notes",
            Self::Steps => "Steps",
            Self::Go => "Go",
        }
    }
}

/// What is known of the files that a version is written into.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Files {
    /// They are being read, or there are none.
    #[default]
    Reading,
    /// What changes.
    Fit(Vec<FilePreview>),
    /// Why the version cannot be written into them.
    Unfit(Untrusted),
}

/// Where a person is in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paging {
    /// The page shown, by its place.
    pub at: usize,
    /// The files.
    pub files: Files,
}

/// The pages of a plan, the one that says go last. A plan that cuts nothing has that alone.
#[must_use]
pub fn pages(plan: &Plan) -> Vec<Page> {
    if plan.cut.is_none() {
        return vec![Page::Go];
    }
    let tags = plan.steps.iter().any(|step| matches!(step.errand, Errand::TagVersion(_)));
    if tags {
        vec![Page::Ready, Page::Files, Page::Tag, Page::Notes, Page::Steps, Page::Go]
    } else {
        vec![Page::Ready, Page::Steps, Page::Go]
    }
}

impl Paging {
    /// The page shown.
    #[must_use]
    pub fn page(&self, plan: &Plan) -> Page {
        pages(plan).get(self.at).copied().unwrap_or(Page::Go)
    }
}
