//! Cutting a version: what must hold before, the plan that does it, what became of it.

mod errands;

pub use errands::{
    BumpVersion, DeleteTag, DispatchWorkflow, DraftRelease, PublishRelease, PushTag, Signing, TagVersion,
};
