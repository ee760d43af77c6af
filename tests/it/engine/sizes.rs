//! Any size of terminal: nothing crashes, and what fits is shown.

use super::leaving::{opening, repository};
use super::pty::{ENTER, Term};

#[test]
fn it_lives_through_every_size() {
    let yard = repository();
    let mut term = Term::start(opening(&yard, &[]));
    term.see("Go / no-go");
    for (columns, rows) in [(1, 1), (2, 40), (10, 3), (40, 8), (300, 1), (80, 24), (300, 100), (79, 23)] {
        term.resize(columns, rows);
        for tab in ["2", "6", "8", "/", ENTER, "1"] {
            term.press(tab);
        }
    }
    term.resize(200, 50);
    term.see("Go / no-go");
    assert!(term.leave().success());
    assert_eq!(term.left_on(), Vec::<String>::new());
}
