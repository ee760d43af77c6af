//! Every size is drawn.

use super::paper::{dark, draw};
use super::story::Story;
use gonogo::screen::{TABS, rows};

#[test]
fn every_size_from_1x1_to_300x100_is_drawn() {
    let theme = dark();
    let columns = [1, 2, 3, 5, 9, 20, 59, 60, 61, 79, 80, 99, 100, 101, 139, 140, 300].into_iter();
    for story in [Story::full(), Story::opened(), Story::full().failing()] {
        for columns in columns.clone() {
            for rows_ in [1, 2, 15, 16, 17, 24, 100] {
                let mut screen = story.screen(columns, rows_);
                for tab in TABS {
                    screen.tab = tab;
                    draw(&story.release, &screen, &theme);
                }
                screen.options.present = true;
                rows::remake(&mut screen, &story.release);
                draw(&story.release, &screen, &theme);
            }
        }
    }
}
