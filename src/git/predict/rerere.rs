//! Conflicts that were resolved before: what `git rerere` recorded.
//!
//! git names a recorded conflict by a hash over the two sides of each place, the smaller first (rerere.c). Equal
//! sides are equal names, so the sides themselves are compared and nothing is hashed as git does.

use super::Predictor;
use super::objects::Found;
use crate::git::GitError;
use crate::release::predict::{Conflict, ConflictKind};
use std::collections::HashSet;
use std::path::Path;

/// The width of markers unless an attribute says otherwise; files with other markers are not looked up.
const MARKER: usize = 7;
/// Recorded conflicts that are read, and the size of one.
const ENTRIES: usize = 5_000;
const ENTRY_CAP: u64 = 1 << 20;

/// The two sides of each place of a file, the smaller first.
type Places = Vec<[Vec<u8>; 2]>;

/// All conflicts whose resolution is recorded.
pub(super) type Resolved = HashSet<Places>;

/// Reads `rr-cache`.
fn read(dir: &Path) -> Resolved {
    let mut resolved = Resolved::new();
    for entry in dir.read_dir().into_iter().flatten().flatten().take(ENTRIES) {
        for file in entry.path().read_dir().into_iter().flatten().flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            // A variant has a number: `preimage.1` with `postimage.1`.
            let Some(variant) = name.strip_prefix("preimage") else { continue };
            let after = entry.path().join(format!("postimage{variant}"));
            let fits = file.metadata().is_ok_and(|meta| meta.len() <= ENTRY_CAP);
            if fits && after.is_file() {
                let text = std::fs::read(file.path()).unwrap_or_default();
                resolved.extend(places(&text, true));
            }
        }
    }
    resolved
}

/// The places of a file with markers; none when it has none, or they are nested. In what git recorded, markers have
/// no label.
fn places(text: &[u8], recorded: bool) -> Option<Places> {
    let (mut places, mut at, mut sides) = (Places::new(), None, [Vec::new(), Vec::new()]);
    for line in text.split_inclusive(|b| *b == b'\n') {
        match (marker(line, recorded), at) {
            (Some(b'<'), None) => at = Some(0),
            (Some(b'|'), Some(0)) => at = Some(2),
            (Some(b'='), Some(0 | 2)) => at = Some(1),
            (Some(b'>'), Some(1)) => {
                let [one, two] = std::mem::take(&mut sides);
                places.push(if one <= two { [one, two] } else { [two, one] });
                at = None;
            }
            (Some(b'<' | b'>'), _) => return None,
            (_, Some(side @ (0 | 1))) => sides[side].extend_from_slice(line),
            _ => {}
        }
    }
    (at.is_none() && !places.is_empty()).then_some(places)
}

fn marker(line: &[u8], recorded: bool) -> Option<u8> {
    let first = *line.first().filter(|b| b"<|=>".contains(b))?;
    let run = line.iter().take_while(|b| **b == first).count();
    let after = *line.get(MARKER)?;
    let fits = match first {
        b'<' | b'>' if !recorded => after == b' ',
        _ => after.is_ascii_whitespace(),
    };
    (run == MARKER && fits).then_some(first)
}

impl Predictor {
    /// Notes which files of a conflict have a recorded resolution.
    pub(super) async fn note_resolved(&mut self, conflict: &mut Conflict) -> Result<(), GitError> {
        if !self.place.settings.rerere {
            return Ok(());
        }
        let dir = self.place.at.common_dir.join("rr-cache");
        let resolved = self.resolved.get_or_insert_with(|| read(&dir));
        if resolved.is_empty() {
            return Ok(());
        }
        for file in &mut conflict.files {
            let lines = matches!(file.kind, ConflictKind::Content | ConflictKind::AddAdd);
            // The protocol of cat-file takes a name a line.
            if !lines || file.path.raw().contains('\n') {
                continue;
            }
            let name = format!("{}:{}", conflict.tree, file.path.raw());
            let found = self.objects.read(&self.place, "contents", &[name]).await?.pop();
            if let Some(Found::Here { bytes, .. }) = found {
                file.recorded = places(&bytes, false).is_some_and(|places| resolved.contains(&places));
            }
        }
        Ok(())
    }
}
