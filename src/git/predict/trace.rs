//! Which changes of a file touched given lines: ranges carried back from version to version.

use crate::release::ids::Oid;
use std::collections::HashMap;

/// Lines `from..to` of a text, from 0; empty where something stands between two lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub from: usize,
    pub to: usize,
}

/// A place that differs between two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hunk {
    old: Range,
    new: Range,
}

/// A change of one file: none for its absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub commit: Oid,
    pub old: Option<Oid>,
    pub new: Option<Oid>,
}

/// The texts of blobs.
pub(super) type Texts = HashMap<Oid, Vec<u8>>;

impl Range {
    /// Whether they share a line or stand beside each other: git merges no two changes that touch.
    fn meets(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    fn join(self, other: Self) -> Self {
        Self { from: self.from.min(other.from), to: self.to.max(other.to) }
    }
}

/// The places that differ; none when git cannot compare the texts by lines.
fn hunks(old: &[u8], new: &[u8]) -> Option<Vec<Hunk>> {
    let mut options = git2::DiffOptions::new();
    options.context_lines(0).interhunk_lines(0);
    let patch = git2::Patch::from_buffers(old, None, new, None, Some(&mut options)).ok()?;
    let range = |start: u32, lines: u32| {
        // git counts from 1, and an empty place is called by the line before it.
        let from = if lines == 0 { start } else { start.saturating_sub(1) };
        Range { from: from as usize, to: (from + lines) as usize }
    };
    let hunk = |at| {
        let (hunk, _) = patch.hunk(at).ok()?;
        Some(Hunk {
            old: range(hunk.old_start(), hunk.old_lines()),
            new: range(hunk.new_start(), hunk.new_lines()),
        })
    };
    (0..patch.num_hunks()).map(hunk).collect()
}

/// Where the changes from `base` to both sides touch: as lines of the base, and as lines of ours.
pub(super) fn contested(base: &[u8], ours: &[u8], theirs: &[u8]) -> Option<(Vec<Range>, Vec<Range>)> {
    let (own, picked) = (hunks(base, ours)?, hunks(base, theirs)?);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for own in own {
        let met: Vec<_> = picked.iter().filter(|picked| picked.old.meets(own.old)).collect();
        if !met.is_empty() {
            before.push(met.iter().fold(own.old, |all, picked| all.join(picked.old)));
            after.push(own.new);
        }
    }
    (!before.is_empty()).then_some((before, after))
}

/// Carries ranges of a text back to the text before it; whether the change between them touched one.
fn back(hunks: &[Hunk], ranges: &mut [Range]) -> bool {
    let mut touched = false;
    for range in ranges {
        let meets = |hunk: &&Hunk| hunk.new.meets(*range);
        let met: Vec<_> = hunks.iter().filter(meets).collect();
        touched |= !met.is_empty();
        let above = hunks.iter().take_while(|hunk| hunk.new.to < range.from).last();
        let shift = |at: usize, hunk: Option<&Hunk>| match hunk {
            Some(hunk) => hunk.old.to + at.saturating_sub(hunk.new.to),
            None => at,
        };
        let from = match met.first() {
            // A line of the range that stands above the change is where it was, counted from what is above.
            Some(first) => shift(range.from.min(first.new.from), above).min(first.old.from),
            None => shift(range.from, above),
        };
        let to = match met.last() {
            Some(last) => last.old.to + range.to.saturating_sub(last.new.to),
            None => shift(range.to, above),
        };
        *range = Range { from, to: to.max(from) };
    }
    touched
}

/// The commits among steps, the newest first, that touched ranges of the text `from`. Steps that do not lead to it are
/// those of another path through history and are passed over. None when a text is not at hand.
pub(super) fn trace(
    steps: &[Step],
    from: Oid,
    mut ranges: Vec<Range>,
    texts: &Texts,
    most: usize,
) -> Option<Vec<Oid>> {
    let (mut now, mut found) = (from, Vec::new());
    for step in steps.iter().filter(|step| step.new.is_some()) {
        if step.new != Some(now) {
            continue;
        }
        let Some(old) = step.old else {
            // It made the file.
            found.push(step.commit);
            break;
        };
        let hunks = hunks(texts.get(&old)?, texts.get(&now)?)?;
        if back(&hunks, &mut ranges) {
            found.push(step.commit);
        }
        if found.len() == most {
            break;
        }
        now = old;
    }
    Some(found)
}

/// Ranges of a text as ranges of the text that it was made from.
pub(super) fn carried(old: &[u8], new: &[u8], mut ranges: Vec<Range>) -> Option<Vec<Range>> {
    back(&hunks(old, new)?, &mut ranges);
    Some(ranges)
}
