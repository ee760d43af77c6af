//! Cutting a version: what must hold before, the plan that does it, what became of it.

mod anchor;
mod calls;
mod draft;
mod errands;
mod outlook;
mod preview;
mod ready;
mod runs;
mod stages;
mod take;
mod uploads;

pub(crate) use draft::filled;
pub use errands::{
    BumpVersion, DeleteTag, DispatchWorkflow, DraftRelease, PublishRelease, PushTag, Signing, TagVersion,
};
pub use outlook::Outlook;
pub use preview::FilePreview;
pub use ready::{Condition, Ready, What};
pub use runs::{RunSeen, Runs, Started};
pub use stages::{Cuts, Made, Stage, Standing};
pub use uploads::{BuiltFile, BuiltSeen, LARGEST, UploadAsset, fits, fits_name};
