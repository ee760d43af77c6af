//! The process is changed in mid-release: it is shown, nothing changes until a person decides, and the decision stays.

use super::demo::{journal, printed};
use super::leaving::{opening, repository};
use super::pty::{ENTER, Term};

#[test]
fn another_process_is_shown_and_taken_by_a_decision_on_record() {
    let yard = repository();
    let mut first = Term::start(opening(&yard, &[]));
    first.see("session started");
    assert!(first.leave().success());
    let path = yard.path();
    let other = ["open", path.to_str().unwrap(), "--release", "v0.6.2", "--process", "crossplane"];
    let mut term = Term::start(super::pty::gonogo(&other, yard.root()));
    term.see("is not the process of this release");
    term.press("gc");
    term.see("keep the recorded one");
    term.see("is new");
    term.press("take");
    term.press(ENTER);
    term.see("Why take the new process?");
    term.press("we follow crossplane now");
    term.press(ENTER);
    term.until("the banner is gone", |screen| !screen.contains("is not the process of this release"));
    assert!(term.leave().success());
    let shown = printed(&["journal", "show", journal(yard.root()).to_str().unwrap()], yard.root());
    assert!(shown.contains("process changed") && shown.contains("we follow crossplane now"), "{shown}");
    let mut again = Term::start(super::pty::gonogo(&other, yard.root()));
    again.see("session started");
    assert!(!again.screen().contains("is not the process"), "{}", again.screen());
    assert!(again.leave().success());
}
