//! For those who listen, and for those who want nothing to move.

use super::paper::{dark, draw};
use super::stories;
use super::story::{Story, now};
use chrono::TimeDelta;
use gonogo::screen::{Glyphs, TABS};
use gonogo::view::{motion, plain};

#[test]
fn the_status_as_plain_text() {
    let story = Story::full();
    let screen = story.screen(120, 36);
    insta::assert_snapshot!("status", plain::status(&story.release, &screen).join("\n"));
}

#[test]
fn every_tab_as_sentences() {
    let story = Story::full();
    let mut screen = story.screen(120, 36);
    let mut said = vec![];
    for tab in TABS {
        screen.tab = tab;
        said.extend(plain::tab(&story.release, &screen).into_iter().take(9));
        said.push(plain::keys(&screen));
    }
    insta::assert_snapshot!("tabs_said", said.join("\n"));
}

#[test]
fn plain_text_has_no_boxes_no_braille_and_no_glyph_with_a_meaning() {
    let story = Story::full();
    let mut screen = stories::news().1;
    let mut lines = plain::status(&story.release, &screen);
    lines.extend(plain::news(&screen));
    lines.extend(plain::changes(&story.release, 0));
    for tab in TABS {
        screen.tab = tab;
        lines.extend(plain::tab(&story.release, &screen));
    }
    let drawn = |c: char| matches!(c, '\u{2190}'..='\u{2bff}');
    for line in &lines {
        assert!(!line.contains(drawn), "{line}");
        assert!(!line.contains('\n'), "{line}");
    }
    assert!(lines.iter().any(|line| line == "[busy] reading the milestone 14 of 22"), "{lines:#?}");
    assert!(lines.iter().any(|line| line.starts_with("[done] ticked")), "{lines:#?}");
}

#[test]
fn changes_are_a_line_each_and_only_what_people_did() {
    let story = Story::full();
    let all = plain::changes(&story.release, 0);
    let deeds = story.release.log.rows.iter().filter(|row| row.deed).count();
    assert_eq!(all.len(), deeds);
    let last = story.release.log.rows.last().expect("a row").seq;
    assert!(plain::changes(&story.release, last).is_empty());
}

#[test]
fn without_animations_nothing_moves_by_itself() {
    let (release, mut screen) = stories::news();
    screen.options.animations = false;
    screen.notices.clear();
    let seen: Vec<_> = (1..12)
        .map(|second| {
            // Ages step by themselves: they are news, and stand still here within their first step.
            screen.now = now() + TimeDelta::seconds(second);
            draw(&release, &screen, &dark()).0
        })
        .collect();
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(motion::next_step(&screen), None);
    screen.options.animations = true;
    let sign = |screen: &gonogo::screen::Screen| {
        let theme = dark();
        motion::busy(screen, &gonogo::view::ink::Ink::new(screen, &theme), now())
    };
    screen.now = now();
    let first = sign(&screen);
    screen.now = now() + TimeDelta::seconds(1);
    assert_ne!(first, sign(&screen));
    screen.options.glyphs = Glyphs::Ascii;
    assert_eq!(sign(&screen), "*");
}

#[test]
fn a_job_is_shown_after_a_fifth_of_a_second() {
    let (_, mut screen) = stories::news();
    screen.jobs[0].since = now() - TimeDelta::milliseconds(150);
    assert_eq!(plain::news(&screen).len(), 1);
    assert_eq!(motion::next_step(&screen), Some(now() + TimeDelta::milliseconds(50)));
    screen.now = now() + TimeDelta::milliseconds(50);
    assert_eq!(plain::news(&screen).len(), 2);
}

/// One place may move: no other file of the room looks at the option, or counts time finer than a shown age.
#[test]
fn only_one_file_may_move() {
    fn files(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { files(&path, found) } else { found.push(path) }
        }
    }
    let mut found = vec![];
    files(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/view"), &mut found);
    assert!(found.len() > 20);
    for path in found.iter().filter(|path| !path.ends_with("motion.rs")) {
        let text = std::fs::read_to_string(path).expect("a file");
        for word in ["animations", "timestamp", "subsec", "num_milliseconds"] {
            assert!(!text.contains(word), "{}: {word}", path.display());
        }
    }
}
