//! A click finds the row that is drawn there.

use super::super::paper::dark;
use super::super::story::Story;
use super::on;
use gonogo::screen::TABS;
use gonogo::view::{layout, panes};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Rect;

#[test]
fn the_row_under_the_hardware_cursor_is_the_row_of_the_cursor() {
    let theme = dark();
    for story in [Story::full(), Story::opened(), Story::full().failing()] {
        for (columns, height) in [(80, 20), (120, 31), (200, 45)] {
            for present in [false, true] {
                for tab in TABS {
                    let mut screen = story.screen(columns, height);
                    screen.options.present = present;
                    let mut screen = on(screen, &story.release, tab);
                    let body = layout::body(Rect::new(0, 0, columns, height), &screen);
                    let mut terminal = Terminal::new(TestBackend::new(columns, height)).unwrap();
                    for at in 0..screen.list().rows.len() {
                        screen.list_mut().go(at);
                        let drawn = |frame: &mut ratatui::Frame| {
                            panes::draw(&story.release, &screen, &theme, &body, frame);
                        };
                        terminal.draw(drawn).unwrap();
                        let cursor = terminal.get_cursor_position().unwrap();
                        let found = panes::row_at(&story.release, &screen, &body, cursor.x + 3, cursor.y);
                        let heading = screen.list().rows[at].heading.is_some();
                        if heading && tab == gonogo::release::Pane::Overview {
                            // The heading of what blocks is the title of its part, and no row.
                            continue;
                        }
                        assert_eq!(
                            found,
                            Some(at),
                            "{tab:?} {columns}x{height} present {present} at {cursor:?}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn titles_and_blanks_are_no_rows() {
    let story = Story::full();
    for tab in TABS {
        let screen = on(story.screen(120, 31), &story.release, tab);
        let body = layout::body(Rect::new(0, 0, 120, 31), &screen);
        let at = |line| panes::row_at(&story.release, &screen, &body, 5, line);
        assert_eq!(at(0), None, "{tab:?}: the title");
        assert_eq!(at(30), if matches!(tab, gonogo::release::Pane::Ci) { at(30) } else { None }, "{tab:?}");
        assert_eq!(panes::row_at(&story.release, &screen, &body, 119, 3), None, "{tab:?}: the detail");
    }
}
