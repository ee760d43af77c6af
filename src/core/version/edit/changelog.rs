//! A section put into a list of changes: where Keep a Changelog puts it, else above the newest version, else on top.

use super::{Change, Edited};

/// Puts a section with this heading into the text. A section that has it already stays as it is.
pub(super) fn insert(text: &str, heading: &str, body: &str) -> Edited {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let lines: Vec<&str> = text.lines().collect();
    let heading = &styled(&lines, heading);
    if lines.iter().any(|line| same(line, heading)) {
        return Edited { text: text.to_owned(), changes: vec![] };
    }
    let at = place(&lines);
    let mut section = vec![format!("## {heading}"), String::new()];
    section.extend(demoted(body.trim()));
    section.push(String::new());
    if at > 0 && !lines[at - 1].trim().is_empty() {
        section.insert(0, String::new());
    }
    let change = |(more, after): (usize, &String)| Change {
        line: at + more + 1,
        before: Box::default(),
        after: after.as_str().into(),
    };
    let changes = section.iter().enumerate().map(change).collect();
    let (before, after) = lines.split_at(at);
    let all = before.iter().copied().chain(section.iter().map(String::as_str)).chain(after.iter().copied());
    let mut out = all.collect::<Vec<_>>().join(end).trim_end().to_owned();
    out.push_str(end);
    Edited { text: out, changes }
}

/// The heading as the others of the list are written: in brackets and without a prefix, where they are.
fn styled(lines: &[&str], heading: &str) -> String {
    let (version, rest) = heading.split_once(' ').unwrap_or((heading, ""));
    let bracketed = |line: &&str| {
        line.strip_prefix("## [").is_some_and(|it| it.starts_with(|c: char| c.is_ascii_digit()))
    };
    if !lines.iter().any(bracketed) || version.starts_with('[') {
        return heading.to_owned();
    }
    format!("[{}] {rest}", version.trim_start_matches('v')).trim_end().to_owned()
}

fn is_section(line: &str) -> bool {
    line.starts_with("## ")
}

/// The line before which a new section goes: after what is not released yet, above the newest version.
fn place(lines: &[&str]) -> usize {
    let unreleased = |line: &str| is_section(line) && line.to_ascii_lowercase().contains("unreleased");
    let from = lines.iter().position(|line| unreleased(line)).map_or(0, |at| at + 1);
    let next = lines[from..].iter().position(|line| is_section(line)).map(|at| at + from);
    // Without any version it goes to the end of what is there: a title and what is not released.
    next.unwrap_or(if lines.iter().any(|line| line.starts_with("# ")) || from > 0 { lines.len() } else { 0 })
}

/// Whether a line is the heading of the same version: its first word, without brackets.
fn same(line: &str, heading: &str) -> bool {
    let version = |text: &str| {
        let word = text.split_whitespace().next().unwrap_or_default();
        word.trim_matches(['[', ']']).trim_start_matches('v').to_owned()
    };
    line.strip_prefix("## ").is_some_and(|line| version(line) == version(heading))
}

/// The text with every heading one level lower, outside of fenced code.
fn demoted(body: &str) -> Vec<String> {
    let mut fenced = false;
    let lower = |line: &str| {
        fenced ^= line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        if line.starts_with('#') && !fenced { format!("#{line}") } else { line.to_owned() }
    };
    body.lines().map(lower).collect()
}

#[cfg(test)]
mod tests {
    use super::insert;

    #[test]
    fn it_goes_below_what_is_not_released_and_above_the_newest_version() {
        let text = "# Changelog\n\n## [Unreleased]\n\n- soon\n\n## [1.0.0]\n\n- first\n";
        let made = insert(text, "[1.1.0] - 2026-11-21", "## Fixes\n\n- two (#2)\n");
        let wanted = "# Changelog\n\n## [Unreleased]\n\n- soon\n\n## [1.1.0] - 2026-11-21\n\n### Fixes\n\n- two (#2)\n\n\
                      ## [1.0.0]\n\n- first\n";
        assert_eq!(made.text, wanted);
        assert_eq!((made.changes[0].line, &*made.changes[0].after), (7, "## [1.1.0] - 2026-11-21"));
        assert_eq!(insert(text, "v1.1.0 - 2026-11-21", "## Fixes\n\n- two (#2)").text, wanted);
        // Once more it is found, however its date is written.
        assert!(insert(&made.text, "[1.1.0] - 2026-11-22", "else").changes.is_empty());
    }

    #[test]
    fn a_list_without_versions_or_without_a_title_gets_its_first() {
        assert_eq!(insert("# Changes\r\n", "1.0.0", "- a").text, "# Changes\r\n\r\n## 1.0.0\r\n\r\n- a\r\n");
        assert_eq!(insert("", "1.0.0", "- a").text, "## 1.0.0\n\n- a\n");
        let on_top = insert("## v0.9.0\n\n- old\n", "v1.0.0", "```\n# no heading\n```").text;
        assert_eq!(on_top, "## v1.0.0\n\n```\n# no heading\n```\n\n## v0.9.0\n\n- old\n");
    }
}
