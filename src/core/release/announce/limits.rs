//! How long a text may be where it is read.

use crate::process::Venue;

/// The length of a text as a venue counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// How long it is.
    pub count: usize,
    /// How long it may be.
    pub most: usize,
    /// What is counted.
    pub unit: &'static str,
}

impl Measure {
    /// Whether it is too long.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.count > self.most
    }
}

/// What a Teams message may hold, less room for the card around the text, in bytes of JSON. Source: "Format cards in
/// Microsoft Teams", 28 KB.
const TEAMS: usize = 28 * 1024 - 1024;

/// Measures a text for a venue; none where no limit is known.
#[must_use]
pub fn measure(venue: &Venue, text: &str) -> Option<Measure> {
    // Discord's client counts as JavaScript does: that is never less than its server counts.
    let units = || text.encode_utf16().count();
    let (count, most, unit) = match venue {
        Venue::Discord(_) => (units(), 2_000, "characters"),
        // Longer texts are cut by Slack. Source: chat.postMessage, "truncating content".
        Venue::Slack(_) => (text.chars().count(), 40_000, "characters"),
        Venue::Teams(_) => (json(text), TEAMS, "bytes"),
        Venue::Twitter(_) => (weighted(text), 280, "characters as X counts them"),
        _ => return None,
    };
    Some(Measure { count, most, unit })
}

/// The bytes of a text in JSON.
fn json(text: &str) -> usize {
    serde_json::to_string(text).map_or(usize::MAX, |json| json.len())
}

/// The length of a text as X counts it: an address is 23, most of what is no Latin script is two. Source: twitter-text
/// 3.1, configuration v3.
fn weighted(text: &str) -> usize {
    let mut sum = 0;
    for (at, word) in text.split(' ').enumerate() {
        sum += usize::from(at > 0);
        match super::text::address_in(word) {
            Some(start) => sum += weigh(&word[..start]) + 23,
            None => sum += weigh(word),
        }
    }
    sum
}

fn weigh(text: &str) -> usize {
    let light = |c: char| matches!(c as u32, 0..=4351 | 8192..=8205 | 8208..=8223 | 8242..=8247);
    text.chars().map(|c| if light(c) { 1 } else { 2 }).sum()
}
