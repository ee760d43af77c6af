//! The block of artifacts in the Candidate tab.

use super::super::paper::styled;
use super::super::published::{screen, story};
use super::super::story::Story;
use super::{draw, on, text};
use gonogo::release::Pane;
use gonogo::screen::Part;

#[test]
fn each_artifact_says_what_its_registry_says() {
    let story = story();
    let mut out = String::new();
    for (columns, height) in [(80, 20), (120, 31), (200, 45)] {
        let screen = screen(&story, columns, height);
        out.push_str(&format!("{columns}x{height}\n{}\n", styled(&draw(&story.release, &screen))));
    }
    insta::assert_snapshot!("artifacts", out);
}

#[test]
fn the_whole_block_is_seen_in_a_small_terminal_when_the_detail_fills_it() {
    let story = story();
    let mut screen = screen(&story, 80, 20);
    (screen.part, screen.zoomed) = (Part::Detail, true);
    let seen = text(&story.release, &screen);
    for word in [
        "Artifacts: 2 of 7 there",
        "a draft, not published",
        "404 at pypi.org; asked 21 times in 11m",
        "gone: 404 at npm",
        "linux/arm64 missing",
        "could not be read: llamastack.github.io answers 502",
    ] {
        assert!(seen.contains(word), "{word}\n{seen}");
    }
}

#[test]
fn what_is_not_tagged_says_so_once() {
    let story = Story::full();
    let mut screen = on(story.screen(80, 40), &story.release, Pane::Candidate);
    (screen.part, screen.zoomed) = (Part::Detail, true);
    let seen = text(&story.release, &screen);
    assert_eq!(seen.matches("v0.6.0 is not tagged yet").count(), 1, "{seen}");
    assert!(seen.contains("not asked for by v0.6.0rc1 yet"), "{seen}");
}

/// Below a plan that fills the column it is said how many are there, and all of them are reached by scrolling.
#[test]
fn below_a_long_plan_the_artifacts_are_counted_in_sight_and_reached_by_scrolling() {
    for (columns, rows) in [(120, 36), (120, 24), (200, 24)] {
        let story = super::super::story::Story::full();
        let mut screen = story.screen(columns, rows);
        screen.tab = gonogo::release::Pane::Candidate;
        gonogo::screen::rows::remake(&mut screen, &story.release);
        let shown = |screen: &gonogo::screen::Screen| {
            super::super::paper::text(
                &super::super::paper::draw(&story.release, screen, &super::super::paper::dark()).0,
            )
        };
        let wanted: Vec<_> = story.release.artifacts_wanted().collect();
        let first = shown(&screen);
        let count = format!("of {} there", wanted.len());
        assert!(first.contains(&count), "{columns}x{rows}\n{first}");
        let mut all = first;
        for top in 0..80 {
            screen.detail_scroll = top;
            all.push_str(&shown(&screen));
        }
        for artifact in wanted {
            let title = if artifact.title.is_empty() { &artifact.id } else { &artifact.title };
            // A title goes on in the next line where it is long.
            assert!(title.split(' ').all(|word| all.contains(word)), "{columns}x{rows}: {title}");
        }
        assert!(!shown(&screen).contains("↓ "), "the end is reached at {columns}x{rows}");
    }
}
