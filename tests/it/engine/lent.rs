//! The terminal is lent and comes back: nothing that is typed meanwhile waits for another key.

use super::backport::open_with;

const CTRL_O: &str = "\x0f";
/// What takes the terminal.
const TAKEN: &str = "\x1b[?1049h";

#[test]
fn a_key_typed_as_the_editor_ends_is_seen_without_another() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open_with(dir.path(), &[("EDITOR", "true")]);
    term.hear(TAKEN);
    term.press("6");
    term.see("[6 Checklist");
    term.press("a");
    term.see("ctrl-o $EDITOR");
    let mut typed = String::new();
    // Whether a key is lost is a matter of moments: one time in three it was.
    for _ in 0..12 {
        term.press(CTRL_O);
        term.hear(TAKEN);
        term.press("z");
        typed.push('z');
        term.see(&format!("› {typed}"));
    }
    term.press("\x1b");
    term.until("the prompt is gone", |screen| !screen.contains("ctrl-o"));
    assert!(term.leave().success());
    assert_eq!(term.left_on(), Vec::<String>::new());
}
