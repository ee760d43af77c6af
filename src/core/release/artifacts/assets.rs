//! A release of the forge and its files, judged by what the process wants of them.

use super::{ArtifactAsk, ArtifactRow, ArtifactState, Place};
use crate::release::log::plural;
use crate::release::reading::matches;
use crate::release::text::{Untrusted, shown};

/// A file of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its name.
    pub name: Untrusted,
    /// Bytes.
    pub size: u64,
    /// `sha256:…`, where the forge says it.
    pub digest: Option<Box<str>>,
    /// Whether it was uploaded to its end.
    pub whole: bool,
}

/// A release as the forge has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Published {
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether it is a prerelease.
    pub prerelease: bool,
    /// Its files.
    pub assets: Vec<Asset>,
    /// What its checksum files say, each name with a SHA-256 in hexadecimal; none when they were not read.
    pub sums: Option<Vec<(Untrusted, Box<str>)>>,
}

/// Largest file that is read as one of checksums, in bytes.
pub const SUMS: u64 = 1024 * 1024;

/// Whether a file holds checksums of others, by its name.
#[must_use]
pub fn is_sums(name: &str) -> bool {
    let name = name.to_lowercase();
    let whole = ["checksums", "sha256sum", "sha256sums"];
    let stem = name.strip_suffix(".txt").unwrap_or(&name);
    name.ends_with(".sha256")
        || name.ends_with(".sha256sum")
        || whole
            .iter()
            .any(|it| stem == *it || stem.ends_with(&format!("_{it}")) || stem.ends_with(&format!("-{it}")))
}

/// The checksums that a file holds: `HEX  NAME` a line, as `sha256sum` writes them, or one alone for the file that
/// its own name says.
#[must_use]
pub fn sums(file: &str, text: &str) -> Vec<(Untrusted, Box<str>)> {
    let own = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let line = |line: &str| {
        let mut words = line.split_whitespace();
        let hex = words.next().filter(|it| it.len() == 64 && it.bytes().all(|it| it.is_ascii_hexdigit()))?;
        let name = words.next().unwrap_or(own).trim_start_matches(['*', '.', '/']);
        Some((Untrusted::from(name), hex.to_ascii_lowercase().into_boxed_str()))
    };
    text.lines().filter_map(line).collect()
}

/// What a release comes to.
#[must_use]
pub fn judge(ask: &ArtifactAsk, published: &Published) -> ArtifactRow {
    let wrong = |why: String| ask.row(ArtifactState::Wrong, shown(&why, 300));
    let Place::Release { assets: patterns, checksums, .. } = &ask.place else {
        return wrong("it is no release".to_owned());
    };
    if published.draft {
        return ask.row(ArtifactState::Absent, "a draft, not published");
    }
    let assets = &published.assets;
    let count = format!("{} {}", assets.len(), plural(assets.len(), "file"));
    let lacking = patterns.iter().find(|it| !assets.iter().any(|asset| matches(it, asset.name.raw())));
    if let Some(pattern) = lacking {
        return wrong(format!("{count}, none called {}", shown(pattern, 80)));
    }
    if let Some(asset) = assets.iter().find(|asset| !asset.whole || asset.size == 0) {
        let how = if asset.whole { "is empty" } else { "was not uploaded to its end" };
        return wrong(format!("{} {how}", shown(asset.name.raw(), 80)));
    }
    let mut evidence = format!("published, {count}");
    if *checksums {
        match compared(patterns, published) {
            Ok(compared) => evidence.push_str(&format!(", {compared} checksums match")),
            Err(why) => return wrong(why),
        }
    }
    if published.prerelease {
        evidence.push_str(", as a prerelease");
    }
    ask.row(ArtifactState::Present, evidence)
}

/// How many files have the checksum that is written of them; each that is asked for must be among them.
fn compared(patterns: &[String], published: &Published) -> Result<usize, String> {
    let sums = published.sums.as_deref().unwrap_or_default();
    if sums.is_empty() {
        return Err("no file holds checksums".to_owned());
    }
    let mut fit = 0;
    for asset in published.assets.iter().filter(|asset| !is_sums(asset.name.raw())) {
        let name = shown(asset.name.raw(), 80);
        let said = sums.iter().find(|(it, _)| it.raw() == asset.name.raw()).map(|(_, hex)| hex);
        let own = asset.digest.as_deref().and_then(|it| it.strip_prefix("sha256:"));
        match (said, own) {
            (Some(said), Some(own)) if own.eq_ignore_ascii_case(said) => fit += 1,
            (Some(_), Some(_)) => return Err(format!("{name} has another checksum than is written of it")),
            (Some(_), None) => return Err(format!("the forge says no digest of {name}")),
            (None, _) if patterns.iter().any(|it| matches(it, asset.name.raw())) => {
                return Err(format!("no checksum is written of {name}"));
            }
            (None, _) => {}
        }
    }
    if fit == 0 { Err("the checksums are of none of the files".to_owned()) } else { Ok(fit) }
}
