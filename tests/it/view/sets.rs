//! The overview of a set whose releases stand everywhere: final, waiting, open elsewhere, never opened, unreadable.

use super::paper::{dark, draw, text};
use super::stories::{Shown, with};
use super::story::{ago, branch, now};
use gonogo::release::Pane;
use gonogo::release::ids::{ReleaseName, Tag};
use gonogo::release::poll::Verdict;
use gonogo::release::set::{ReleaseSet, Standing};
use gonogo::screen::Glyphs;
use gonogo::screen::dialog::Dialog;
use gonogo::screen::set::{Member, Stand};

fn name(name: &str) -> ReleaseName {
    ReleaseName::parse(name).expect("a release")
}

fn standing(line: &str) -> Standing {
    Standing {
        verdict: Verdict::Go,
        blocked: None,
        blockers: 0,
        line: Some(branch(line)),
        candidate: None,
        out: None,
        picks: Some(0),
        given_up: None,
        way: None,
        unfinished: 0,
        seen: Some(ago(7)),
    }
}

fn known(standing: Standing) -> Member {
    Member { stand: Stand::Known(Box::new(standing)), held: None, lacks: None }
}

/// The story's release as one of six.
pub fn set() -> Shown {
    let (mut release, mut screen) = with(Pane::Overview, Some(Dialog::Set(name("v0.5.4"))));
    let names = ["v0.3.9", "v0.4.6", "v0.5.4", "v0.6.0", "v0.7.1", "v1.0.0"].map(name);
    release.set = ReleaseSet { releases: names.to_vec(), since: Some(ago(41)), ..ReleaseSet::default() };
    let tag = |name: &str| Some(Tag::parse(name).expect("a tag"));
    let out = Standing { out: tag("v0.3.9"), candidate: tag("v0.3.9rc2"), ..standing("release-0.3.x") };
    let waits = Standing {
        verdict: Verdict::NoGo,
        blocked: Some("修复: 分页游标在空列表上返回错误，升级后无法继续读取下一页的内容".to_owned()),
        blockers: 4,
        picks: Some(3),
        candidate: tag("v0.5.4rc1"),
        way: Some(
            "Order of the set: v0.4.6 comes first in the set and is not final yet, and 2 more".to_owned(),
        ),
        unfinished: 1,
        seen: Some(ago(95)),
        ..standing("release-0.5.x")
    };
    let elsewhere = Member {
        held: Some("pid 4711 on seb-laptop since 2026-03-18T13:40:02Z".to_owned()),
        ..known(standing("release-0.4.x"))
    };
    let unread = Member {
        stand: Stand::Unread("line 311 was changed after it was written".to_owned()),
        held: None,
        lacks: Some("the journal is damaged".to_owned()),
    };
    screen.set.known.extend([
        (name("v0.3.9"), known(out)),
        (name("v0.4.6"), elsewhere),
        (name("v0.5.4"), known(waits)),
        (name("v0.7.1"), Member { stand: Stand::Unopened(Some(ago(41))), held: None, lacks: None }),
        (name("v1.0.0"), unread),
    ]);
    screen.set.read = Some(now());
    (release, screen)
}

/// What is drawn at a size.
fn drawn(columns: u16, rows: u16, change: impl FnOnce(&mut Shown)) -> String {
    let mut shown = set();
    shown.1.size = (columns, rows);
    change(&mut shown);
    text(&draw(&shown.0, &shown.1, &dark()).0)
}

#[test]
fn every_release_is_a_row_at_both_sizes_and_none_is_blank() {
    for (columns, rows) in [(80, 24), (120, 36), (200, 50)] {
        let screen = drawn(columns, rows, |_| {});
        let row = |name: &str| {
            let found = screen.lines().find(|line| line.contains(name) && !line.contains("in the way"));
            found.unwrap_or_else(|| panic!("{columns}x{rows}: no {name}:\n{screen}")).to_owned()
        };
        if rows > 24 {
            assert!(row("v0.3.9 ").contains("✓ final"), "{screen}");
            assert!(row("v1.0.0 ").contains("cannot be read"), "{screen}");
        }
        assert!(row("v0.5.4 ").contains("✗ NO-GO") && row("v0.5.4 ").contains("1h ago"), "{screen}");
        assert!(row("v0.7.1 ").contains("not opened yet") || rows == 24, "{screen}");
        assert!(screen.contains("修复"), "{screen}");
        assert!(screen.contains("comes first in the set"), "{screen}");
        assert!(screen.contains("1 unfinished"), "{screen}");
    }
}

#[test]
fn what_waits_elsewhere_says_so_whole_under_the_cursor() {
    for (columns, rows) in [(80, 24), (120, 36)] {
        let screen = drawn(columns, rows, |(_, screen)| {
            screen.dialogs = vec![Dialog::Set(name("v0.4.6"))];
        });
        assert!(screen.contains("open in another cockpit"), "{screen}");
        assert!(screen.contains("(pid 4711 on"), "{screen}");
        assert!(screen.contains("nothing") && screen.contains("of its final"), "{screen}");
    }
}

#[test]
fn the_row_under_the_cursor_is_in_sight_however_small_it_is() {
    for (columns, rows) in [(60, 16), (70, 18), (80, 24)] {
        for at in ["v0.3.9", "v0.6.0", "v1.0.0"] {
            let screen = drawn(columns, rows, |(_, screen)| screen.dialogs = vec![Dialog::Set(name(at))]);
            assert!(screen.contains(at), "{columns}x{rows} {at}:\n{screen}");
            assert!(screen.contains("enter go to it"), "{columns}x{rows} {at}:\n{screen}");
        }
    }
}

#[test]
fn the_mission_bar_says_the_place_where_there_is_room() {
    let bar =
        |columns| drawn(columns, 36, |(_, screen)| screen.dialogs.clear()).lines().next().unwrap().to_owned();
    assert!(bar(160).contains("4 of 6 in the set"), "{}", bar(160));
    assert!(bar(120).contains("4 of 6 in the set"), "{}", bar(120));
    // What is more wanted stays.
    assert!(bar(60).contains("v0.6.0"), "{}", bar(60));
}

#[test]
fn in_ascii_there_is_no_sign_that_is_none() {
    let screen = drawn(120, 36, |(_, screen)| screen.options.glyphs = Glyphs::Ascii);
    let ours: String =
        screen.chars().filter(|c| !c.is_ascii() && !('\u{3000}'..='\u{ffff}').contains(c)).collect();
    assert_eq!(ours, "", "{screen}");
}
