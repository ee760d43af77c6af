//! Which changes of a file touched given lines: ranges carried back from version to version.

use crate::order::Order as _;
use crate::release::ids::Oid;
use std::collections::HashMap;
use std::sync::Arc;

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
pub(super) type Texts = HashMap<Oid, Arc<[u8]>>;

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

/// The commits among steps, the newest first, that touched ranges of the text `from`. Where a step left another text
/// than the one that is traced, as where lines of history met, the ranges are those of its text. None when a text is not
/// at hand.
pub(super) fn trace(
    steps: &[Step],
    from: Oid,
    mut ranges: Vec<Range>,
    texts: &Texts,
    most: usize,
) -> Option<Vec<Oid>> {
    let (mut now, mut found) = (from, Vec::new());
    for step in steps {
        let Some(new) = step.new else { continue };
        if new != now {
            back(&hunks(texts.get(&new)?, texts.get(&now)?)?, &mut ranges);
            now = new;
        }
        let Some(old) = step.old else {
            // It made the file.
            found.push(step.commit);
            break;
        };
        if back(&hunks(texts.get(&old)?, texts.get(&now)?)?, &mut ranges) {
            found.push(step.commit);
        }
        if found.len() == most {
            break;
        }
        now = old;
    }
    Some(found)
}

/// Merges the changes from `base` to both sides, each a text; none where they touch, or have no lines.
pub(super) fn merged(base: &[u8], ours: &[u8], theirs: &[u8]) -> Option<Vec<u8>> {
    let lines = |text| <[u8]>::split_inclusive(text, |byte| *byte == b'\n').collect::<Vec<_>>();
    let (before, sides) = (lines(base), [lines(ours), lines(theirs)]);
    let mut all: Vec<(Hunk, usize)> = hunks(base, ours)?.into_iter().map(|hunk| (hunk, 0)).collect();
    all.extend(hunks(base, theirs)?.into_iter().map(|hunk| (hunk, 1)));
    all.order_by_key(|(hunk, side)| (hunk.old.from, hunk.old.to, *side));
    let (mut made, mut at) = (Vec::with_capacity(ours.len()), 0);
    let mut last: Option<(Hunk, usize)> = None;
    for (hunk, side) in all {
        let text = sides[side].get(hunk.new.from..hunk.new.to)?;
        if let Some((other, by)) = last
            && by != side
            && other.old.meets(hunk.old)
        {
            let same = other.old == hunk.old && sides[by].get(other.new.from..other.new.to)? == text;
            if same {
                continue;
            }
            return None;
        }
        made.extend(before.get(at..hunk.old.from)?.iter().copied().flatten());
        made.extend(text.iter().copied().flatten());
        at = hunk.old.to;
        last = Some((hunk, side));
    }
    made.extend(before.get(at..)?.iter().copied().flatten());
    Some(made)
}

/// Whether at least half of the larger of two texts is in both: what git takes for a renamed file.
pub(super) fn is_akin(old: &[u8], new: &[u8]) -> bool {
    let count = |text: &[u8]| text.split_inclusive(|byte| *byte == b'\n').count();
    let Some(hunks) = hunks(old, new) else { return false };
    let gone: usize = hunks.iter().map(|hunk| hunk.old.to - hunk.old.from).sum();
    2 * count(old).saturating_sub(gone) >= count(old).max(count(new)).max(1)
}

/// Ranges of a text as ranges of the text that it was made from.
pub(super) fn carried(old: &[u8], new: &[u8], mut ranges: Vec<Range>) -> Option<Vec<Range>> {
    back(&hunks(old, new)?, &mut ranges);
    Some(ranges)
}
