//! Documents made at random from the parts that people use, with tasks that are known.

use super::{accounted, imported, only};
use proptest::prelude::*;

/// A part of a document.
#[derive(Debug, Clone)]
enum Part {
    Heading(u8, bool),
    Prose(usize),
    /// Tasks with how deep each stands, ticked or not.
    Tasks(usize, Vec<(u8, bool)>),
    Plain(Vec<u8>),
    Code(bool),
    Comment,
    Table(bool),
    Quote(bool),
    Folded(bool),
    Rule,
}

const PROSE: [&str; 9] = [
    "We release every 6 weeks. The branch is `release-X.Y`, and *nothing* else.",
    "Tags look like `v1.2.0-rc.1` (see [the rules][r]).\nThey are made from `main`.",
    "**Release lead:** speaks for the release.",
    "Stabilization (~2 weeks)\nand a line with \"quotes\" and \\ signs",
    "每两周发布，分支 `release-1.2`。角色：发布经理。",
    "Announce on Slack in #releases: \"it is out\".",
    "A line with <b>tags</b>, an <unknown-tag> and &amp; entities.  \nAnd a break.",
    "[r]: https://example.org/rules 'Rules'",
    "Odd: \u{202e}turned\u{202c} \u{1b}[1m, [ ] in the middle, a | b, `code with | and - [ ]`.",
];
const BULLETS: [&str; 5] = ["-", "*", "+", "1.", "1)"];

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        3 => (1..5u8, any::<bool>()).prop_map(|(level, setext)| Part::Heading(level, setext)),
        3 => (0..PROSE.len()).prop_map(Part::Prose),
        4 => (0..BULLETS.len(), prop::collection::vec((0..3u8, any::<bool>()), 1..6)).prop_map(|(bullet, all)| Part::Tasks(bullet, all)),
        2 => prop::collection::vec(0..3u8, 1..5).prop_map(Part::Plain),
        1 => any::<bool>().prop_map(Part::Code),
        1 => Just(Part::Comment),
        1 => any::<bool>().prop_map(Part::Table),
        1 => any::<bool>().prop_map(Part::Quote),
        1 => any::<bool>().prop_map(Part::Folded),
        1 => Just(Part::Rule),
    ]
}

/// The document, and its tasks: text, heading, ticked.
fn written(parts: &[Part]) -> (String, Vec<(String, String, bool)>) {
    let mut text = String::new();
    let mut tasks = Vec::new();
    let mut heading = "Checklist".to_owned();
    for (at, part) in parts.iter().enumerate() {
        let name = |n: usize| format!("Do the {at}th thing, {n}, with `care`");
        let plain = |n: usize| format!("Do the {at}th thing, {n}, with care");
        match part {
            Part::Heading(level, setext) => {
                heading = format!("Part {at}");
                if *setext && *level < 3 {
                    text.push_str(&format!("{heading}\n{}\n", if *level == 1 { "====" } else { "----" }));
                } else {
                    text.push_str(&format!("{} {heading}\n", "#".repeat(usize::from(*level))));
                }
            }
            Part::Prose(which) => text.push_str(&format!("{}\n", PROSE[*which])),
            Part::Tasks(bullet, all) => {
                let (bullet, mut before) = (BULLETS[*bullet], 0);
                for (n, (deep, done)) in all.iter().enumerate() {
                    let deep = if n == 0 { 0 } else { usize::from(*deep).min(before + 1) };
                    before = deep;
                    let indent = " ".repeat(deep * (bullet.len() + 1));
                    text.push_str(&format!(
                        "{indent}{bullet} [{}] {}\n",
                        if *done { 'x' } else { ' ' },
                        name(n)
                    ));
                    tasks.push((plain(n), heading.clone(), *done));
                }
                // Two lists in a row are one list unless something stands between.
                text.push_str("\n<!-- end -->\n");
            }
            Part::Plain(all) => {
                all.iter().enumerate().for_each(|(n, _)| text.push_str(&format!("- entry {at} {n}\n")));
                text.push_str("\n<!-- end -->\n");
            }
            Part::Code(true) => text.push_str(&format!("```sh\n- [ ] fake {at}\ngit tag v1.0.0\n```\n")),
            Part::Code(false) => text.push_str(&format!("\n    - [ ] fake {at}\n")),
            Part::Comment => text.push_str(&format!("<!--\n- [ ] fake {at}\n-->\n")),
            Part::Table(task) => {
                let mark = if *task { "[ ] " } else { "" };
                text.push_str(&format!("| Task | Why |\n|---|---|\n| {mark}{} | so |\n", plain(0)));
                if *task {
                    tasks.push((plain(0), heading.clone(), false));
                }
            }
            Part::Quote(done) => {
                text.push_str(&format!("> - [{}] {}\n", if *done { 'X' } else { ' ' }, name(0)));
                tasks.push((plain(0), heading.clone(), *done));
            }
            Part::Folded(done) => {
                let checked = if *done { " checked" } else { "" };
                text.push_str(&format!(
                    "<ul>\n<li><input type=\"checkbox\"{checked}> {}</li>\n</ul>\n",
                    plain(0)
                ));
                tasks.push((plain(0), heading.clone(), *done));
            }
            Part::Rule => text.push_str("\n---\n"),
        }
        text.push('\n');
    }
    (text, tasks)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_task_lands_once_under_its_heading_and_each_line_is_accounted_for(parts in prop::collection::vec(part(), 0..14), crlf in any::<bool>()) {
        let (text, tasks) = written(&parts);
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        let (imported, process) = imported(&text);
        accounted(&text, &imported.draft);
        prop_assert_eq!(imported.tasks, tasks.len(), "{}", text);
        for (task, heading, done) in tasks {
            let (stage, _, ticked) = only(&imported, &task);
            prop_assert!(stage == heading || stage.ends_with(&format!(": {heading}")), "{} under {}: {}", task, stage, text);
            prop_assert_eq!(ticked, Some(done));
        }
        prop_assert!(!process.items().any(|(_, item)| item.text.contains("fake")), "{}", imported.draft);
    }

    #[test]
    fn any_text_at_all_becomes_a_draft_that_loads(text in "(\\PC|[ \n#*+`<>|\\[\\]x-]){0,300}") {
        let (imported, _) = imported(&text);
        accounted(&text, &imported.draft);
    }
}
