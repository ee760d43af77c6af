//! The edits of an issue's text: what somebody wrote between a reading and a writing.
//!
//! GitHub documents `UserContentEdit.diff` as "a summary of the changes for this edit" and nothing more. Those who read it
//! find the whole text that the edit left there, the newest first and the newest equal to the text as it is. Nothing here
//! counts on that: a history that does not hold both texts, the one read and the one written, tells nothing.

use super::TaskEdit;

/// What a history tells of the moment between a reading and a writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between<'a> {
    /// What was written was written over what was read.
    Nobody,
    /// Somebody's text was written over.
    Somebody(&'a TaskEdit),
    /// It does not tell.
    Untold,
}

/// Two texts are the same whatever ends their lines.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    one.lines().eq(other.lines())
}

/// What the edits, oldest first, tell of the moment between reading `base` and writing `sent`.
#[must_use]
pub fn between<'a>(edits: &'a [TaskEdit], base: &str, sent: &str) -> Between<'a> {
    let last = |edits: &[TaskEdit], text: &str| {
        edits.iter().rposition(|edit| edit.body.as_ref().is_some_and(|it| same(it.raw(), text)))
    };
    let Some(ours) = last(edits, sent) else { return Between::Untold };
    // An edit right before ours by the same person may be told as one with it: what stands before that is not lost.
    let Some(read) = last(&edits[..ours], base) else { return Between::Untold };
    match &edits[read + 1..ours] {
        [] => Between::Nobody,
        [.., theirs] if theirs.body.is_some() => Between::Somebody(theirs),
        _ => Between::Untold,
    }
}
