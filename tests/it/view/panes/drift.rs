//! What a line has and the trunk has not: how much of it is shown, and what is not known of it.

use super::super::story::{Story, ago, branch, lines, oid, text as words};
use super::{on, text};
use gonogo::release::Pane;
use gonogo::release::branches::{Commit, Line, LinesSeen};
use gonogo::screen::rows::RowId;

const LINE: &str = "release-0.6.x";

/// The tab of branches on a line that has so many commits listed of so many in all.
fn beside(listed: u64, all: Option<u32>, ahead: Option<u32>) -> String {
    let mut story = Story::full();
    let line = lines().into_iter().find(|line| line.branch == branch(LINE)).expect("the line");
    let commit = |at| Commit {
        oid: oid(7000 + at),
        subject: words(&format!("own {at}")),
        author: words("ann"),
        at: ago(9),
    };
    let row = Line { drift: (0..listed).map(commit).collect(), drifting: all, ahead, alike: vec![], ..line };
    story.add("ann", ago(8), LinesSeen { rows: vec![row], gone: vec![] });
    let story = story.fold();
    let mut screen = on(story.screen(200, 50), &story.release, Pane::Branches);
    assert!(screen.list_mut().go_to(&RowId::Line(branch(LINE))));
    text(&story.release, &screen)
}

#[test]
fn a_list_that_is_cut_says_of_how_many_and_where_the_others_are() {
    let shown = beside(30, Some(212), Some(240));
    assert!(shown.contains("Here, not on the trunk: 212"), "{shown}");
    assert!(shown.contains("8 of 212 shown") && shown.contains("lists 30"), "{shown}");
    assert!(!beside(3, Some(3), Some(9)).contains(" shown;"), "all of it is");
}

#[test]
fn what_was_not_compared_is_not_called_none() {
    assert!(beside(0, None, Some(1200)).contains("not told yet: 1200 commits"));
    let cut = beside(30, None, Some(1200));
    assert!(cut.contains("of the newest of 1200") && cut.contains("8 of ? shown"), "{cut}");
    assert!(beside(0, None, None).contains("the clone may be shallow"));
    assert!(beside(0, Some(0), Some(4)).contains("none: all of it is on the trunk"));
}
