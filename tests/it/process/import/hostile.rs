//! Documents that are long, odd, or written to do harm.

use super::{accounted, imported, only};
use gonogo::process::{Process, import};

#[test]
fn text_that_would_break_toml_or_a_terminal_is_only_text() {
    let items = [
        r#"say "yes" and 'no'"#,
        r#"three """ in a row ''' too"#,
        r"a back\slash and \u{1b} and C:\new",
        "# no comment, no [table] = {x}",
        "] }, { id = \"x\" }",
    ];
    let list: String = items.iter().map(|item| format!("- [ ] {item}\n")).collect();
    let (imported, process) = imported(&format!("# \"Quoted\" \\ title\n\n{list}"));
    for item in items {
        // Markdown takes the backslash in front of punctuation for itself, here there is none of it.
        assert!(process.items().any(|(_, it)| it.text == item), "{item}: {:#?}", imported.items);
    }
    assert_eq!(process.title, "\"Quoted\" \\ title");
}

#[test]
fn control_characters_and_bidi_are_shown_and_not_obeyed() {
    let bad = "a\u{1b}[31mb\u{202e}c\u{200b}d\u{9b}e\u{2028}f\u{0}g\u{7f}h&#x202e;i&ZeroWidthSpace;j";
    let text = format!(
        "# {bad}\n\n- [ ] {bad}\n  - detail {bad}\n\n{bad}\n\n```\n{bad}\n```\n\n<!-- {bad} -->\n\n| {bad} | b |\n|---|---|\n| {bad} | c |\n\n\
         <p>{bad}</p>\n\nIn `{bad}` a label `{bad}` and #channel on Slack, [x](https://pypi.org/project/{bad}/)\n"
    );
    let imported = import(&text, &format!("{bad}.md"));
    Process::parse(&imported.draft, "x").unwrap();
    let report = format!("{imported:?}");
    let _ = report;
    for (what, shown) in [
        ("draft", imported.draft.clone()),
        ("items", imported.items.iter().map(|it| format!("{}{}{}", it.id, it.text, it.stage)).collect()),
        ("patterns", imported.patterns.iter().map(|it| it.text.clone()).collect()),
        ("left", imported.not_understood.iter().map(|it| it.text.clone()).collect()),
        ("said", imported.contradictions.concat()),
    ] {
        let found = shown.chars().find(|c| {
            (c.is_control() && *c != '\n')
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        });
        assert_eq!(found, None, "{what}: {shown:?}");
    }
    assert!(imported.draft.contains("⟨U+202E⟩"), "{}", imported.draft);
}

#[test]
fn the_same_text_many_times_has_ids_of_its_own() {
    let text = format!("# A\n\n{}\n# A\n\n{}", "- [ ] Tag\n".repeat(300), "- [ ] Tag\n".repeat(300));
    let (imported, process) = imported(&text);
    assert_eq!((imported.tasks, process.items().count()), (600, 600));
    assert_eq!(process.stages.len(), 2, "each heading has a stage");
}

#[test]
fn headings_of_one_name_are_told_apart() {
    let (imported, _) = imported("# One\n\n## Steps\n\n- [ ] a\n\n# Two\n\n## Steps\n\n- [ ] b\n");
    assert_eq!(only(&imported, "a").0, "Steps");
    assert_eq!(only(&imported, "b").0, "Two: Steps");
}

#[test]
fn a_megabyte_stays_below_what_a_process_file_may_hold() {
    let mut text = String::from("# Release\n\n");
    let mut tasks = 0;
    while text.len() < 1 << 20 {
        let n = text.len();
        if n % 7 == 0 && tasks < 2000 {
            tasks += 1;
            text.push_str(&format!("- [ ] Task number {tasks} of the release\n\n"));
        }
        text.push_str(&format!("## Part {n}\n\nThis is what part {n} says of the branch `release-1.{n}`, at some length. It goes on for a while.\n\n"));
    }
    let (imported, process) = imported(&text);
    assert!(imported.draft.len() <= 1 << 20, "{}", imported.draft.len());
    assert_eq!((imported.tasks, process.items().count()), (tasks, tasks));
    accounted(&text, &imported.draft);
}

#[test]
fn deep_nesting_and_long_lines_end() {
    let deep: String = (0..400).map(|at| format!("{}- [ ] level {at}\n", "  ".repeat(at))).collect();
    let (imported, _) = imported(&deep);
    assert_eq!(imported.tasks, imported.items.len());
    accounted(&deep, &imported.draft);
    for odd in [
        ">".repeat(3000),
        "[".repeat(5000),
        "*".repeat(5000),
        "`".repeat(5001),
        "<".repeat(5000),
        "|".repeat(3000),
        "1. ".repeat(1000),
    ] {
        let (imported, _) = super::imported(&odd);
        accounted(&odd, &imported.draft);
    }
}
