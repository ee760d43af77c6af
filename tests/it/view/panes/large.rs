//! Long lists: only what is visible is made, and what is visible is the right part.

use super::super::story::{Story, ago, branch, now, repo, text as outside};
use super::{on, text};
use gonogo::release::Pane;
use gonogo::release::checks::{Check, CheckState, ChecksSeen};
use gonogo::release::milestone::{Chosen, Issue, IssuesSeen};
use gonogo::screen::list::List;
use gonogo::screen::rows::{Row, RowId};
use gonogo::view::ink::Ink;
use gonogo::view::parts::{Column, Rows, Table, rows as draw_rows, window};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::text::Line;

fn issues(count: u64) -> Vec<Issue> {
    let issue = |number: u64| Issue {
        number,
        title: outside(&format!("Issue with the number {number}")),
        open: true,
        pull: false,
        labels: vec![outside("bug")],
        assignees: vec![outside("ali")],
        author: None,
        milestone: Some(21),
        created: ago(100_000 - i64::try_from(number).unwrap()),
        updated: now(),
        closed: None,
        comments: 0,
        rolls: None,
        entered: None,
    };
    (1..=count).map(issue).collect()
}

fn with_issues(count: u64) -> Story {
    let mut story = Story::opened();
    story.add("seb", ago(60), Chosen { title: outside("0.6.0") });
    story.add("seb", ago(59), IssuesSeen { repo: repo(), rows: issues(count), gone: vec![] });
    story.fold()
}

#[test]
fn hundreds_and_thousands_of_issues_show_the_part_around_the_cursor() {
    for count in [500, 5000, 10_000] {
        let story = with_issues(count);
        let mut screen = on(story.screen(120, 31), &story.release, Pane::Milestone);
        let middle = usize::try_from(count / 2).unwrap();
        screen.list_mut().go(middle);
        screen.list_mut().scroll(29);
        let shown = text(&story.release, &screen);
        let numbers: Vec<u64> = shown
            .lines()
            .filter_map(|line| line.split("number ").nth(1)?.split_whitespace().next()?.parse().ok())
            .collect();
        let list = screen.list();
        let top = list.top as u64;
        // The first row is the heading, so the row at `top` shows issue `top`.
        let wanted: Vec<u64> = (top..top + 29).collect();
        let (lines, rest) = numbers.split_at(numbers.len().min(29));
        assert!(lines.iter().all(|number| wanted.contains(number)), "{lines:?} {wanted:?}\n{shown}");
        assert!(lines.contains(&(count / 2)), "the cursor's row is shown\n{shown}");
        assert!(rest.len() <= 1, "{rest:?}");
        assert!(shown.contains(&format!("0/{count}")), "{shown}");
    }
}

#[test]
fn only_visible_rows_are_made() {
    let rows: Vec<Row> = (0..5000).map(|seq| Row::item(RowId::Entry(seq), false)).collect();
    let mut list = List::default();
    list.set(rows, 5000);
    list.go(4000);
    list.scroll(20);
    let story = Story::opened();
    let screen = story.screen(80, 24);
    let theme = super::super::paper::dark();
    let ink = Ink::new(&screen, &theme);
    let table = Table::fit(&[Column::rest("", 10)], 80);
    let mut made = vec![];
    let mut terminal = Terminal::new(TestBackend::new(80, 20)).unwrap();
    terminal
        .draw(|frame| {
            let drawn = Rows { list: &list, range: window(&list, 20), focused: true, table: &table };
            let area = frame.area();
            draw_rows(frame, area, &ink, &drawn, |row| {
                made.push(row.id.clone());
                vec![Line::from("x")]
            });
        })
        .unwrap();
    assert_eq!(made.len(), 20);
    assert!(made.contains(&RowId::Entry(4000)));
}

#[test]
fn wide_characters_keep_the_columns_to_their_right_in_place() {
    let story = Story::full();
    for (tab, chinese, plain) in [(Pane::Milestone, "#5639", "#5745"), (Pane::Picks, "5639", "5731")] {
        let screen = on(story.screen(80, 40), &story.release, tab);
        let buffer = super::draw(&story.release, &screen);
        let wide = usize::from(buffer.area.width);
        let row = |what: &str| {
            let rows = buffer.content.chunks(wide);
            let text =
                |row: &[ratatui::buffer::Cell]| row.iter().map(|cell| cell.symbol()).collect::<String>();
            rows.map(|row| &row[..80]).find(|row| text(row).contains(what)).expect("the row").to_vec()
        };
        let (chinese, plain) = (row(chinese), row(plain));
        // The age is the last column: its unit stands in the same cell, and the blanks before it in the same cells.
        let unit = |row: &[ratatui::buffer::Cell]| row.iter().rposition(|cell| cell.symbol() == "d");
        assert_eq!(unit(&chinese), unit(&plain), "{tab:?}");
        assert!(unit(&plain).is_some(), "{tab:?}");
        let at = unit(&plain).unwrap();
        assert_eq!(chinese[at - 2].symbol(), " ", "{tab:?}");
        assert_eq!(plain[at - 2].symbol(), " ", "{tab:?}");
    }
}

#[test]
fn five_thousand_checks_are_drawn() {
    let mut story = Story::full();
    let check = |number: u32| Check {
        name: outside(&format!("matrix / {number:04}")),
        state: CheckState::Passed,
        workflow: None,
        run: None,
        url: None,
        started: None,
        ended: None,
    };
    let branch = super::super::story::branch("release-0.6.x");
    let sha = super::super::story::oid(601);
    let rows = (0..5000).map(check).collect();
    story.add("seb", ago(1), ChecksSeen { branch, sha, rows, gone: vec![], history: vec![] });
    let story = story.fold();
    let mut screen = on(story.screen(120, 31), &story.release, Pane::Ci);
    screen.list_mut().go(4000);
    screen.list_mut().scroll(29);
    let shown = text(&story.release, &screen);
    assert!(shown.contains("matrix / 39"), "{shown}");
    assert!(!shown.contains("matrix / 0001"), "{shown}");
}

#[test]
fn branches_that_begin_alike_are_told_apart() {
    use gonogo::release::branches::{Line, LinesSeen};
    let mut story = Story::full();
    let known = Story::full().release.lines.0;
    let one = known.values().find(|it| it.last_tag.is_some()).cloned().unwrap();
    let names: Vec<String> = (20..26).map(|patch| format!("release-0.2.{patch}")).collect();
    let rows = names.iter().map(|name| Line { branch: branch(name), ..one.clone() }).collect();
    story.add("seb", ago(1), LinesSeen { rows, gone: vec![] });
    let story = story.fold();
    for (columns, height) in [(120, 36), (80, 30)] {
        let screen = on(story.screen(columns, height), &story.release, Pane::Branches);
        let shown = text(&story.release, &screen);
        for name in &names {
            assert!(shown.contains(&format!("{name} ")), "{name}\n{shown}");
        }
    }
}
