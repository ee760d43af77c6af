//! Notes in the cockpit: drafted from git and the forge, written in an editor, on record, the body of the release.

use super::backport::open_with;
use super::demo::{journal, printed};
use super::pty::ENTER;
use crate::git::yard::put_script;

#[test]
fn notes_are_drafted_written_in_an_editor_and_on_record() {
    let dir = tempfile::tempdir().unwrap();
    let editor = dir.path().join("editor");
    put_script(&editor, "printf '\\nWritten by hand.\\n' >> \"$1\"");
    let mut term = open_with(dir.path(), &[("VISUAL", editor.to_str().unwrap())]);
    let text = || std::fs::read_to_string(journal(dir.path()).join("seg-000001.jsonl")).unwrap();
    term.press("7");
    term.see("[7 ");
    term.see("next final version");
    term.see("Drafts without a tag");
    // On a heading: what comes next is meant.
    term.press("gg");
    term.press("e");
    term.see("Notes of v0.6.2,");
    term.meanwhile("the draft", || text().contains("\"notes.draft\""));
    term.see("drafted at ");
    let line = text().lines().find(|line| line.contains("\"notes.draft\"")).unwrap().to_owned();
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    let part = &line["body"]["parts"][0];
    let said = part["text"].as_str().unwrap();
    assert!(said.contains(" by @") && said.contains("**Full changelog**"), "the forge was asked: {part}");
    term.press(ENTER);
    term.meanwhile("the text", || text().contains("\"notes.write\""));
    term.see("written; the drafts are behind it");
    term.press("\t");
    term.see("drafted at ");
    term.press("q");
    term.see("▌ Tags of");
    term.press("z");
    term.meanwhile("the undo", || text().contains("\"undo\""));
    assert!(term.leave().success());
    assert!(text().contains("Written by hand."));
    printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
}
