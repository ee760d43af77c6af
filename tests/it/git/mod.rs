//! Tests of the `git` room, on real repositories with pinned dates.
mod agreement;
mod apply;
mod branch;
mod commit;
mod fetch;
mod find;
mod history;
mod hostile;
mod init_evidence;
mod lines;
mod names;
pub mod predict;
mod push;
mod refs;
mod remote;
mod there;
mod tier;
pub mod yard;
