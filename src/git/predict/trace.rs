//! Which changes of a file touched given lines: ranges carried back from version to version.

use super::desk::Asked;
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
pub(super) struct Hunk {
    old: Range,
    new: Range,
}

/// Says which places differ between two texts, from the first to the second; none where they cannot be compared by
/// lines.
pub(super) type Differ<'a> = dyn FnMut([Oid; 2]) -> Asked<Option<Arc<[Hunk]>>> + 'a;

/// Equal lines that are left at either end of what is compared, in bytes: a change can be told in several places where
/// lines repeat, and is told in the same as with all of the text.
const MARGIN: usize = 4 << 10;

/// A change of one file: none for its absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub commit: Oid,
    pub old: Option<Oid>,
    pub new: Option<Oid>,
}

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
pub(super) fn hunks(old: &[u8], new: &[u8]) -> Option<Arc<[Hunk]>> {
    let (start, end) = alike(old, new);
    let above = old[..start].iter().filter(|byte| **byte == b'\n').count();
    let (old, new) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    let mut options = git2::DiffOptions::new();
    options.context_lines(0).interhunk_lines(0);
    let patch = git2::Patch::from_buffers(old, None, new, None, Some(&mut options)).ok()?;
    let range = |start: u32, lines: u32| {
        // git counts from 1, and an empty place is called by the line before it.
        let from = above + if lines == 0 { start } else { start.saturating_sub(1) } as usize;
        Range { from, to: from + lines as usize }
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

/// How many bytes at the start and at the end of two texts are equal and need not be compared: whole lines.
fn alike(old: &[u8], new: &[u8]) -> (usize, usize) {
    const STEP: usize = 4 << 10;
    let most = old.len().min(new.len());
    let mut start = 0;
    while start + STEP <= most && old[start..start + STEP] == new[start..start + STEP] {
        start += STEP;
    }
    start += old[start..].iter().zip(&new[start..]).take_while(|(old, new)| old == new).count();
    let start =
        old[..start.saturating_sub(MARGIN)].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let (old, new) = (&old[start..], &new[start..]);
    let (most, mut end) = (old.len().min(new.len()), 0);
    while end + STEP <= most
        && old[old.len() - end - STEP..old.len() - end] == new[new.len() - end - STEP..new.len() - end]
    {
        end += STEP;
    }
    let left = [&old[..old.len() - end], &new[..new.len() - end]];
    end += left[0].iter().rev().zip(left[1].iter().rev()).take_while(|(old, new)| old == new).count();
    let end = end.saturating_sub(MARGIN);
    let below = &old[old.len() - end..];
    let end = below.iter().position(|byte| *byte == b'\n').map_or(0, |at| end - at - 1);
    (start, end)
}

/// Where the changes of both sides from the same text touch: as lines of that text, and as lines of ours.
pub(super) fn contested(own: &[Hunk], picked: &[Hunk]) -> Option<(Vec<Range>, Vec<Range>)> {
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

/// The pairs of texts that [`trace`] compares at most.
pub(super) fn pairs(steps: &[Step], from: Oid) -> Vec<[Oid; 2]> {
    let (mut now, mut pairs) = (from, Vec::with_capacity(steps.len()));
    for step in steps {
        let Some(new) = step.new else { continue };
        if new != now {
            pairs.push([new, now]);
        }
        let Some(old) = step.old else { break };
        pairs.push([old, new]);
        now = old;
    }
    pairs
}

/// The commits among steps, the newest first, that touched ranges of the text `from`. Where a step left another text
/// than the one that is traced, as where lines of history met, the ranges are those of its text. None when texts cannot
/// be compared.
pub(super) fn trace(
    steps: &[Step],
    from: Oid,
    mut ranges: Vec<Range>,
    differ: &mut Differ<'_>,
    most: usize,
) -> Asked<Option<Vec<Oid>>> {
    let (mut now, mut found) = (from, Vec::new());
    for step in steps {
        let Some(new) = step.new else { continue };
        if new != now {
            let Some(hunks) = differ([new, now])? else { return Ok(None) };
            back(&hunks, &mut ranges);
        }
        let Some(old) = step.old else {
            // It made the file.
            found.push(step.commit);
            break;
        };
        let Some(hunks) = differ([old, new])? else { return Ok(None) };
        if back(&hunks, &mut ranges) {
            found.push(step.commit);
        }
        if found.len() == most {
            break;
        }
        now = old;
    }
    Ok(Some(found))
}

/// The changes of both sides in the order of the text that they start from, each with its side.
fn together(own: &[Hunk], picked: &[Hunk]) -> Vec<(Hunk, usize)> {
    let of = |hunks: &[Hunk], side| hunks.iter().map(move |hunk| (*hunk, side)).collect::<Vec<_>>();
    let mut all = [of(own, 0), of(picked, 1)].concat();
    all.order_by_key(|(hunk, side)| (hunk.old.from, hunk.old.to, *side));
    all
}

/// Whether changes of both sides touch that cannot be the same, told without a look at the lines.
pub(super) fn conflict(own: &[Hunk], picked: &[Hunk]) -> bool {
    let all = together(own, picked);
    let lines = |hunk: &Hunk| hunk.new.to - hunk.new.from;
    let differ = |one: &Hunk, two: &Hunk| one.old != two.old || lines(one) != lines(two);
    let mut pairs = all.iter().zip(all.iter().skip(1));
    pairs.any(|((one, by), (two, of))| by != of && one.old.meets(two.old) && differ(one, two))
}

/// Merges the changes from `base` to both sides, each a text with its changes; none where they touch.
pub(super) fn merged(base: &[u8], sides: [(&[u8], &[Hunk]); 2]) -> Option<Vec<u8>> {
    let all = together(sides[0].1, sides[1].1);
    let lines = |text| <[u8]>::split_inclusive(text, |byte| *byte == b'\n').collect::<Vec<_>>();
    let (before, texts) = (lines(base), sides.map(|(text, _)| lines(text)));
    let (mut made, mut at) = (Vec::with_capacity(sides[0].0.len()), 0);
    let mut last: Option<(Hunk, usize)> = None;
    for (hunk, side) in all {
        let text = texts[side].get(hunk.new.from..hunk.new.to)?;
        if let Some((other, by)) = last
            && by != side
            && other.old.meets(hunk.old)
        {
            let same = other.old == hunk.old && texts[by].get(other.new.from..other.new.to)? == text;
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

/// Whether two texts can be akin, told without comparing them in order: what both have in any order is at least what both
/// have in the same.
pub(super) fn may_be_akin(old: &[u8], new: &[u8]) -> bool {
    let lines = |text| <[u8]>::split(text, |byte| *byte == b'\n');
    let mut left: HashMap<&[u8], usize> = HashMap::new();
    let (mut before, mut after, mut both) = (0usize, 0usize, 0usize);
    for line in lines(old) {
        before += 1;
        *left.entry(line).or_default() += 1;
    }
    for line in lines(new) {
        after += 1;
        if let Some(count) = left.get_mut(line).filter(|count| **count > 0) {
            *count -= 1;
            both += 1;
        }
    }
    // The piece behind the last line feed is counted here and is no line, so one more is allowed for.
    2 * both + 2 >= before.max(after)
}

/// Whether at least half of the larger of two texts is in both: what git takes for a renamed file.
pub(super) fn is_akin(old: &[u8], new: &[u8], hunks: &[Hunk]) -> bool {
    let count = |text: &[u8]| text.split_inclusive(|byte| *byte == b'\n').count();
    let gone: usize = hunks.iter().map(|hunk| hunk.old.to - hunk.old.from).sum();
    2 * count(old).saturating_sub(gone) >= count(old).max(count(new)).max(1)
}

/// Ranges of a text as ranges of the text that it was made from.
pub(super) fn carried(hunks: &[Hunk], mut ranges: Vec<Range>) -> Vec<Range> {
    back(hunks, &mut ranges);
    ranges
}
