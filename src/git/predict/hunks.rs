//! The places of a conflict: both sides and the base, bounded.

use super::objects::{Found, Objects};
use super::place::Place;
use crate::git::GitError;
use crate::git::run::failure;
use crate::release::predict::{ConflictFile, Detail, Hunk, Lines, Side};
use crate::release::text::Untrusted;

/// The largest file that is compared line by line, in bytes.
const FILE_CAP: u64 = 4 << 20;
/// Hunks of a file.
const HUNKS: usize = 50;
/// Lines of a side of a hunk.
const LINES: usize = 200;
/// So wide that no file has such a line by chance.
const MARKER: usize = 43;
/// How far git looks for a NUL to tell that a file has no lines.
const BINARY_HEAD: usize = 8000;

/// Reads a conflicting file.
pub(super) async fn detail(
    place: &Place,
    objects: &mut Objects,
    file: &ConflictFile,
) -> Result<Detail, GitError> {
    let is_file = |side: &Option<Side>| side.is_none_or(|side| side.mode & 0o170_000 == 0o100_000);
    let sides = [file.base, file.ours, file.theirs];
    if file.ours.is_none() || file.theirs.is_none() || !sides.iter().all(is_file) {
        return Ok(Detail::Sides);
    }
    let names: Vec<_> = sides.iter().flatten().map(|side| side.oid.to_string()).collect();
    let mut sizes = objects.read(place, "info", &names).await?.into_iter();
    let mut size = |side: &Option<Side>| match (side, side.and_then(|_| sizes.next())) {
        (None, _) => Ok(None),
        (_, Some(Found::Here { size, .. })) => Ok(Some(size)),
        _ => Err(missing(file)),
    };
    let sizes = [size(&sides[0])?, size(&sides[1])?, size(&sides[2])?];
    if let Some(large) = sizes.iter().flatten().find(|size| **size > FILE_CAP) {
        return Ok(Detail::TooLarge(*large));
    }
    let mut texts = Vec::new();
    let mut found = objects.read(place, "contents", &names).await?.into_iter();
    for side in sides {
        texts.push(match (side, side.and_then(|_| found.next())) {
            (None, _) => Vec::new(),
            (_, Some(Found::Here { bytes, .. })) => bytes,
            _ => return Err(missing(file)),
        });
    }
    if texts.iter().any(|text| text.iter().take(BINARY_HEAD).any(|b| *b == 0)) {
        return Ok(Detail::Binary(sizes));
    }
    let merged = merge_file(place, &texts).await?;
    Ok(hunks(&merged))
}

fn missing(file: &ConflictFile) -> GitError {
    let said = format!("a side of {} is not in this clone", file.path.line());
    GitError::Failed { command: "cat-file".into(), status: "missing".into(), said: said.into() }
}

/// The merged text with markers; the three texts are base, ours, theirs.
async fn merge_file(place: &Place, texts: &[Vec<u8>]) -> Result<Vec<u8>, GitError> {
    let mut paths = Vec::new();
    for (name, text) in ["base", "ours", "theirs"].into_iter().zip(texts) {
        let path = place.quarantine.file(name);
        std::fs::write(&path, text)
            .map_err(|why| GitError::File { path: path.display().to_string(), why })?;
        paths.push(path);
    }
    let mut call =
        place.read("merge-file").args(["-p", "-q", "--zdiff3"]).arg(format!("--marker-size={MARKER}"));
    if place.git.tier().version >= (2, 44, 0) {
        // What the merge itself goes by; merge-file alone would take another.
        let algorithm = place.settings.algorithm.as_deref().unwrap_or("histogram");
        call = call.arg(format!("--diff-algorithm={algorithm}"));
    }
    let call =
        call.args(["-L", "ours", "-L", "base", "-L", "theirs"]).args([&paths[1], &paths[0], &paths[2]]);
    let output = call.run(&place.cancel).await?;
    // The code is how many places conflict, up to 127; more than that is a failure.
    match output.status.code() {
        Some(0..=127) => Ok(output.stdout),
        _ => Err(failure(&output, "merge-file")),
    }
}

/// Which part of a hunk a line belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Outside,
    Ours,
    Base,
    Theirs,
}

fn hunks(merged: &[u8]) -> Detail {
    let (mut hunks, mut more, mut part, mut at) = (Vec::<Hunk>::new(), 0, Part::Outside, 1);
    for line in merged.split_inclusive(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match marker(line) {
            Some(Part::Ours) if hunks.len() < HUNKS => {
                let (ours, base, theirs) = (Lines::default(), Lines::default(), Lines::default());
                hunks.push(Hunk { at, ours, base, theirs });
                part = Part::Ours;
            }
            Some(Part::Ours) => {
                more += 1;
                part = Part::Outside;
            }
            Some(next) if more == 0 || next == Part::Outside => part = next,
            Some(_) => {}
            None => {
                at += usize::from(matches!(part, Part::Outside | Part::Ours));
                if let (Some(hunk), true) = (hunks.last_mut(), more == 0) {
                    match part {
                        Part::Outside => {}
                        Part::Ours => take(&mut hunk.ours, line),
                        Part::Base => take(&mut hunk.base, line),
                        Part::Theirs => take(&mut hunk.theirs, line),
                    }
                }
            }
        }
    }
    // Sides that merge line by line conflict in something else: their modes, or a driver that said so.
    if hunks.is_empty() { Detail::Sides } else { Detail::Hunks(hunks, more) }
}

/// What begins after a marker line.
fn marker(line: &[u8]) -> Option<Part> {
    let first = *line.first()?;
    let part = match first {
        b'<' => Part::Ours,
        b'|' => Part::Base,
        b'=' => Part::Theirs,
        b'>' => Part::Outside,
        _ => return None,
    };
    let run = line.iter().take_while(|b| **b == first).count();
    (run == MARKER).then_some(part)
}

/// Keeps a line of a side, or counts it where enough are kept.
fn take(side: &mut Lines, line: &[u8]) {
    if side.lines.len() < LINES {
        side.lines.push(Untrusted::from(String::from_utf8_lossy(line).into_owned()));
    } else {
        side.more += 1;
    }
}
