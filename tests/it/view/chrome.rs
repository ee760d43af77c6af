//! What stands around the panes, and what floats over them.

use super::paper::{dark, draw, styled, text};
use super::stories;
use super::story::{Story, now, oid};
use chrono::TimeDelta;
use gonogo::release::looks::{LookKey, Topic};
use gonogo::screen::dialog::{Dialog, Input};
use gonogo::screen::fresh::Source;
use gonogo::screen::{Glyphs, Mode, TABS};
use gonogo::view::hit::{Hit, hit};
use gonogo::view::{dialogs, ink::Ink, layout};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The rows of a buffer that are no pane.
fn chrome(buffer: &Buffer, body: Rect) -> String {
    let rows = buffer.area.rows().filter(|row| row.y < body.y || row.y >= body.bottom());
    let mut cut = Buffer::empty(Rect { height: buffer.area.height - body.height, ..buffer.area });
    for (y, row) in rows.enumerate() {
        for x in row.columns() {
            cut[(x.x, y as u16)] = buffer[(x.x, row.y)].clone();
        }
    }
    styled(&cut)
}

#[test]
fn the_chrome_at_three_sizes() {
    for (columns, rows) in [(80, 24), (120, 36), (200, 50)] {
        let (release, mut screen) = stories::news();
        screen.size = (columns, rows);
        let (buffer, _) = draw(&release, &screen, &dark());
        let areas = layout::areas(buffer.area, &screen).expect("room");
        insta::assert_snapshot!(format!("chrome_{columns}x{rows}"), chrome(&buffer, areas.body.all));
    }
}

/// How far the file is, in bytes, and how it is stopped are there at both sizes.
#[test]
fn an_upload_under_way_at_two_sizes() {
    for (columns, rows) in [(80, 24), (120, 36)] {
        let (release, screen) = stories::uploading(columns, rows);
        let (buffer, _) = draw(&release, &screen, &dark());
        let shown = text(&buffer);
        let line = shown.lines().find(|line| line.contains("uploading")).unwrap();
        assert!(line.contains("16.6/40.0 MiB") && line.contains("cancel"), "{line}");
        let areas = layout::areas(buffer.area, &screen).expect("room");
        insta::assert_snapshot!(format!("uploading_{columns}x{rows}"), chrome(&buffer, areas.body.all));
    }
}

#[test]
fn the_chrome_of_every_mode() {
    let story = Story::full();
    for mode in [Mode::Opening, Mode::Live, Mode::Demo, Mode::ReadOnly, Mode::Grounded, Mode::Replay] {
        let mut screen = story.screen(120, 30);
        screen.mode = mode;
        screen.options.dry_run = mode == Mode::Demo;
        if matches!(mode, Mode::ReadOnly | Mode::Grounded) {
            screen.mode_note = Some("held by seb on build-7, process 4711".to_owned());
        }
        screen.timeline = stories::replay().1.timeline.filter(|_| mode == Mode::Replay);
        let (buffer, _) = draw(&story.release, &screen, &dark());
        let areas = layout::areas(buffer.area, &screen).expect("room");
        insta::assert_snapshot!(format!("mode_{mode:?}").to_lowercase(), chrome(&buffer, areas.body.all));
    }
}

/// Every dialog alone, on an empty screen.
#[test]
fn every_dialog_at_two_sizes() {
    for (name, (release, screen)) in stories::all() {
        if screen.dialogs.is_empty() {
            continue;
        }
        for (columns, rows) in [(80, 20), (120, 33)] {
            let theme = dark();
            let ink = Ink::new(&screen, &theme);
            let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a terminal");
            let area = Rect::new(0, 0, columns, rows);
            terminal.draw(|frame| dialogs::draw(&release, &screen, &ink, area, frame)).expect("a frame");
            let buffer = terminal.backend().buffer().clone();
            insta::assert_snapshot!(format!("dialog_{name}_{columns}"), styled(&buffer));
        }
    }
}

#[test]
fn jobs_and_errors_say_the_whole_of_what_is_wrong_with_the_journal() {
    let story = Story::default();
    let shown = |mode: Mode, note: Option<&str>, change: &dyn Fn(&mut gonogo::screen::Screen)| {
        let mut screen = story.screen(80, 24);
        screen.mode = mode;
        screen.mode_note = note.map(str::to_owned);
        screen.dialogs.push(Dialog::Jobs { cursor: 0 });
        change(&mut screen);
        let text = text(&draw(&story.release, &screen, &dark()).0);
        let inside = text.lines().filter_map(|line| line.split('│').nth(1));
        inside.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
    };
    let fine = "nothing went wrong";
    assert!(shown(Mode::Live, None, &|_| ()).contains(fine));
    let note = "the journal is damaged: entry 12 is not what was written, its hash differs from the one that entry \
                13 was chained to; put a whole copy back; gonogo journal verify says more";
    let all = shown(Mode::ReadOnly, Some(note), &|_| ());
    assert!(all.contains(note) && !all.contains(fine), "{all}");
    let all = shown(Mode::Grounded, Some("the disk is full"), &|_| ());
    assert!(all.contains("the disk is full; nothing is recorded") && all.contains("r tries again"), "{all}");
    let replayed = stories::replay().1.timeline;
    for holds in [true, false] {
        let all = shown(Mode::Replay, None, &|screen| {
            screen.timeline = replayed.clone();
            let timeline = screen.timeline.as_mut().expect("a timeline");
            (timeline.holds, timeline.chain) = (holds, "entry 9 was edited".to_owned());
        });
        assert_eq!(all.contains("entry 9 was edited; what follows is not shown"), !holds, "{all}");
        assert_eq!(all.contains(fine), holds, "{all}");
    }
}

#[test]
fn opening_and_presentation_and_the_smallest() {
    let (release, screen) = stories::opening();
    insta::assert_snapshot!("opening", styled(&draw(&release, &screen, &dark()).0));
    let (release, mut screen) = stories::present();
    let (buffer, _) = draw(&release, &screen, &dark());
    let areas = layout::areas(buffer.area, &screen).expect("room");
    insta::assert_snapshot!("present", chrome(&buffer, areas.body.all));
    screen.options.present = false;
    screen.size = (40, 10);
    insta::assert_snapshot!("small", text(&draw(&release, &screen, &dark()).0));
}

#[test]
fn a_screen_is_never_blank() {
    let story = Story::default();
    for (columns, rows) in [(10, 3), (59, 15), (60, 16), (80, 24), (120, 36), (300, 100)] {
        let mut screen = story.screen(columns, rows);
        screen.mode = Mode::Opening;
        let shown = text(&draw(&story.release, &screen, &dark()).0);
        assert!(shown.split_whitespace().count() > 2, "{columns}x{rows}");
    }
}

#[test]
fn freshness_says_stale_offline_paused_and_from_the_journal() {
    let story = Story::full();
    let bar = |screen: &gonogo::screen::Screen| {
        let shown = text(&draw(&story.release, screen, &dark()).0);
        shown.lines().next().unwrap_or_default().to_owned()
    };
    let mut screen = story.screen(160, 30);
    assert!(bar(&screen).contains("⟳ 15s"), "{}", bar(&screen));
    screen.options.poll = None;
    assert!(bar(&screen).contains("15s, paused"));
    let key = LookKey::new(Topic::Git, "");
    let look = screen.fresh.0.get_mut(&key).expect("a look");
    look.error = Some("no route".to_owned());
    look.at = Some(now() - TimeDelta::minutes(4));
    assert!(bar(&screen).contains("stale 4m"), "{}", bar(&screen));
    screen.fresh.0.values_mut().for_each(|look| look.error = Some("no route".to_owned()));
    assert!(bar(&screen).contains("offline"), "{}", bar(&screen));
    for look in screen.fresh.0.values_mut() {
        look.error = None;
        look.source = Source::Journal;
    }
    screen.options.poll = Some(60);
    assert!(bar(&screen).contains("from the journal"), "{}", bar(&screen));
    screen.fresh.0.clear();
    assert!(bar(&screen).contains("not read yet"), "{}", bar(&screen));
    screen.held = Some(now() + TimeDelta::minutes(3));
    assert!(bar(&screen).contains("api held 3m"), "{}", bar(&screen));
    screen.rate = None;
    assert!(bar(&screen).contains("api held 3m"), "without any limits too: {}", bar(&screen));
}

#[test]
fn the_replay_says_so_in_several_places() {
    let (release, screen) = stories::replay();
    let shown = text(&draw(&release, &screen, &dark()).0);
    assert!(shown.lines().next().is_some_and(|bar| bar.contains("REPLAY 12:28:20Z 17/46")), "{shown}");
    assert!(shown.contains("REPLAY 17 of 46"), "{shown}");
    let footer = shown.lines().last().unwrap_or_default();
    assert!(footer.contains("play") && footer.contains("step"), "{footer}");
    assert!(!footer.contains("undo"), "{footer}");
}

#[test]
fn the_hardware_cursor_is_on_the_row_or_in_the_line_being_typed() {
    let story = Story::full();
    for tab in TABS {
        let mut screen = story.screen(120, 36);
        screen.tab = tab;
        screen.list_mut().step(1);
        let (buffer, cursor) = draw(&story.release, &screen, &dark());
        let style = dark().selection();
        assert_eq!(buffer[(cursor.x, cursor.y)].bg, style.bg.expect("a colour"), "{tab:?} {cursor}");
    }
    let (release, screen) = stories::prompt();
    let (buffer, cursor) = draw(&release, &screen, &dark());
    let before: String =
        (cursor.x - 4..cursor.x).map(|x| buffer[(x, cursor.y)].symbol().to_owned()).collect();
    assert_eq!(before, "date");
}

#[test]
fn a_click_finds_tabs_and_rows() {
    let story = Story::full();
    for (columns, rows) in [(80, 24), (120, 36), (200, 50)] {
        let mut screen = story.screen(columns, rows);
        let shown = text(&draw(&story.release, &screen, &dark()).0);
        let tabs = shown.lines().nth(1).expect("tabs");
        for (at, tab) in TABS.into_iter().enumerate() {
            let column =
                tabs.find(&format!("{} ", at + 1)).map(|at| tabs[..at].chars().count()).expect("a tab");
            let found = hit(&story.release, &screen, Position::new(column as u16, 1));
            assert_eq!(found, Some(Hit::Tab(tab)), "{columns}");
        }
        for tab in TABS {
            screen.tab = tab;
            for at in [0, 3, 5] {
                screen.list_mut().go(at);
                let id = screen.list().cursor.clone();
                let (_, cursor) = draw(&story.release, &screen, &dark());
                let found = hit(&story.release, &screen, cursor);
                let Some(Hit::Row(row)) = found else { panic!("{tab:?} {columns} {at}: {found:?}") };
                assert_eq!(screen.list().rows.get(row).map(|row| row.id.clone()), id, "{tab:?} {columns}");
            }
        }
        screen.dialogs.push(Dialog::Quit);
        assert_eq!(hit(&story.release, &screen, Position::new(1, 1)), None);
    }
}

#[test]
fn ascii_glyphs_leave_nothing_but_ascii() {
    let story = Story::opened();
    let mut all = stories::all();
    all.push(("opened", (story.release.clone(), story.screen(120, 36))));
    for (name, (release, mut screen)) in all {
        screen.options.glyphs = Glyphs::Ascii;
        // Notices are made elsewhere, and titles are other people's.
        screen.notices.clear();
        let (buffer, _) = draw(&release, &screen, &dark());
        let areas = layout::areas(buffer.area, &screen).expect("room");
        let shown = chrome(&buffer, areas.body.all);
        assert!(shown.replace('½', "").is_ascii(), "{name}: {shown}");
    }
}

#[test]
fn a_line_longer_than_its_field_keeps_its_cursor_in_sight() {
    let (release, mut screen) = stories::prompt();
    if let Some(Dialog::Prompt { input, .. }) = screen.dialogs.last_mut() {
        *input = Input::of(&format!("{} the end", "a very long rationale ".repeat(20)));
    }
    let (buffer, cursor) = draw(&release, &screen, &dark());
    let before: String =
        (cursor.x - 3..cursor.x).map(|x| buffer[(x, cursor.y)].symbol().to_owned()).collect();
    assert_eq!(before, "end");
}

#[test]
fn private_words_are_masked_while_the_room_looks_on() {
    let (release, mut screen) = stories::log();
    if let Some(Dialog::Text { lines, top, .. }) = screen.dialogs.last_mut() {
        *top = 0;
        *lines = vec![
            "by Seb Example <seb@example.org> with ghp_0123456789abcdef".to_owned(),
            "installed pkg@1.2.3 for @leseb".to_owned(),
        ];
    }
    let open = text(&draw(&release, &screen, &dark()).0);
    assert!(open.contains("seb@example.org") && open.contains("ghp_"), "{open}");
    screen.options.present = true;
    let shown = text(&draw(&release, &screen, &dark()).0);
    assert!(!shown.contains("example.org") && !shown.contains("ghp_"), "{shown}");
    assert!(shown.contains("pkg@1.2.3 for @leseb"), "{shown}");
}

#[test]
fn the_same_state_gives_the_same_cells() {
    for (name, (release, screen)) in stories::all() {
        assert_eq!(draw(&release, &screen, &dark()), draw(&release, &screen, &dark()), "{name}");
    }
    assert_eq!(oid(1), oid(1));
    assert_eq!(Story::full().entries, Story::full().entries);
}

#[test]
fn a_repository_on_no_forge_is_not_told_that_it_lacks_a_token() {
    let book = crate::release::ground::Book::blank("v1.2.0", None, "none");
    let mut screen = Story::full().screen(160, 30);
    screen.rate = None;
    let shown = text(&draw(&book.release, &screen, &dark()).0);
    let bar = shown.lines().next().unwrap_or_default();
    assert!(bar.contains("no forge") && !bar.contains("no token"), "{bar}");
}
