//! Comments that ask for a pick: `/cherry-pick release-1.2`, and whatever form a process gives.

use crate::release::ids::Branch;

/// Longest name that a command is shown with, in characters.
const NAME: usize = 100;
/// Most lines that one command may name.
const MOST: usize = 10;

/// How comments ask for a pick: literal words, and then lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The words in front, compared without regard to case.
    words: Vec<String>,
    /// What stands for each line; empty when the command names none.
    names: Vec<(String, Branch)>,
    /// The line that a command without a name is for.
    own: Option<Branch>,
}

/// A line, with the numbers in its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedLine {
    /// The line.
    pub branch: Branch,
    /// Its major version.
    pub major: String,
    /// Its minor version; empty when it has none.
    pub minor: String,
}

impl NamedLine {
    /// A text with the placeholders `{branch}`, `{major}` and `{minor}` filled.
    #[must_use]
    pub fn fill(&self, text: &str) -> String {
        let filled = text.replace("{major}", &self.major).replace("{minor}", &self.minor);
        filled.replace("{branch}", self.branch.as_str())
    }
}

/// What a comment asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The command as it was written.
    pub said: String,
    /// The line; none when what it names is none of the active ones.
    pub line: Option<Branch>,
}

impl Command {
    /// Reads a form such as `/cherry-pick {branch}` or `/backport v{major}.{minor}`: words, the last of which may hold
    /// placeholders. A form without any asks for the line of the release. None when it has no words of its own.
    #[must_use]
    pub fn new(form: &str, lines: &[NamedLine], own: Option<&Branch>) -> Option<Self> {
        let mut words: Vec<String> = form.split_whitespace().map(str::to_owned).collect();
        let last = words.last()?.clone();
        let placed = ["{branch}", "{major}", "{minor}"].iter().any(|place| last.contains(place));
        if placed {
            words.pop();
        }
        if words.is_empty() || words.iter().any(|word| word.contains('{')) {
            return None;
        }
        let names = lines.iter().filter(|_| placed).map(|line| (line.fill(&last), line.branch.clone()));
        let names: Vec<_> = names.collect();
        let own = own.filter(|_| !placed).cloned();
        Some(Self { words, names, own })
    }

    /// The line itself, when the command may name it.
    #[must_use]
    pub fn line(&self, line: &Branch) -> Option<&Branch> {
        self.names.iter().map(|(_, it)| it).chain(&self.own).find(|it| *it == line)
    }

    /// What a line of a comment asks for by this form.
    fn read(&self, text: &str) -> Vec<Wish> {
        let mut words = text.split_whitespace();
        let fits = self.words.iter().all(|it| words.next().is_some_and(|word| word.eq_ignore_ascii_case(it)));
        if !fits {
            return Vec::new();
        }
        let said = |name: &str| {
            let said = self.words.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join(" ");
            said.trim_end().chars().take(NAME).collect()
        };
        if let Some(own) = &self.own {
            let none = words.next().is_none();
            return none.then(|| Wish { said: said(""), line: Some(own.clone()) }).into_iter().collect();
        }
        let mut found: Vec<Wish> = Vec::new();
        for word in words.take(MOST) {
            let name = word.trim_matches(|c| matches!(c, ',' | ';' | '`' | '"' | '\''));
            let lines: Vec<_> = self.names.iter().filter(|(it, _)| it == name).collect();
            found.extend(lines.iter().map(|(_, line)| Wish { said: said(name), line: Some(line.clone()) }));
            if !lines.is_empty() {
                continue;
            }
            // What follows the first name may be a sentence: "… release-1.2 please".
            let is_name = name.contains(|c: char| c.is_ascii_digit()) && name.contains(['-', '.', '/']);
            if name.is_empty() || !found.is_empty() && !is_name {
                break;
            }
            found.push(Wish { said: said(name), line: None });
            if !is_name {
                break;
            }
        }
        found
    }
}

/// Everything that a comment asks for. Quotes, code and what Markdown hides ask for nothing.
#[must_use]
pub fn wishes(commands: &[Command], body: &str) -> Vec<Wish> {
    let mut found: Vec<Wish> = Vec::new();
    let (mut fence, mut hidden) = (false, false);
    for line in body.lines() {
        let text = line.trim_start();
        if text.starts_with("```") || text.starts_with("~~~") {
            fence = !fence;
            continue;
        }
        if text.starts_with("<!--") {
            hidden = true;
        }
        let quiet =
            fence || hidden || text.starts_with('>') || line.starts_with("    ") || line.starts_with('\t');
        if hidden && text.contains("-->") {
            hidden = false;
        }
        if quiet {
            continue;
        }
        for wish in commands.iter().flat_map(|command| command.read(text)) {
            if !found.iter().any(|known| known.line == wish.line && known.said == wish.said) {
                found.push(wish);
            }
        }
    }
    // Two forms of one command ask once.
    let mut lines = Vec::new();
    found.retain(|wish| {
        wish.line.is_none()
            || !lines.contains(&wish.line) && {
                lines.push(wish.line.clone());
                true
            }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(body: &str) -> Vec<(String, Option<String>)> {
        let line = |name: &str, minor: &str| NamedLine {
            branch: Branch::parse(name).expect("a branch"),
            major: "1".into(),
            minor: minor.into(),
        };
        let lines = [line("release-1.2", "2"), line("release-1.3", "3")];
        let forms = [
            "/cherry-pick {branch}",
            "/cherrypick {branch}",
            "/backport v{major}.{minor}",
            "@mergifyio backport {branch}",
            "/pick",
        ];
        let own = lines[0].branch.clone();
        let commands: Vec<_> =
            forms.iter().filter_map(|form| Command::new(form, &lines, Some(&own))).collect();
        assert_eq!(commands.len(), forms.len());
        let said = wishes(&commands, body).into_iter();
        said.map(|it| (it.said, it.line.map(|line| line.as_str().to_owned()))).collect()
    }

    fn lines(body: &str) -> Vec<Option<String>> {
        asked(body).into_iter().map(|(_, line)| line).collect()
    }

    #[test]
    fn each_form_names_its_lines() {
        let (two, three) = (Some("release-1.2".to_owned()), Some("release-1.3".to_owned()));
        assert_eq!(lines("/cherry-pick release-1.2"), std::slice::from_ref(&two));
        assert_eq!(
            lines("Thanks!\n\n  /CherryPick  release-1.3 please, soon\n"),
            std::slice::from_ref(&three)
        );
        assert_eq!(lines("/backport v1.2"), std::slice::from_ref(&two));
        assert_eq!(lines("@Mergifyio backport release-1.2, `release-1.3`"), [two.clone(), three]);
        assert_eq!(lines("/pick\n/cherry-pick release-1.2"), [two], "two forms ask once");
    }

    #[test]
    fn a_name_that_is_no_active_line_is_told() {
        assert_eq!(asked("/cherry-pick release-9.9 now"), [("/cherry-pick release-9.9".to_owned(), None)]);
        assert_eq!(asked("/cherry-pick everything everywhere").len(), 1);
        assert_eq!(asked(&format!("/cherry-pick {}", "x".repeat(500)))[0].0.len(), NAME);
    }

    #[test]
    fn quotes_code_and_talk_ask_for_nothing() {
        for body in [
            "> /cherry-pick release-1.2",
            "```\n/cherry-pick release-1.2\n```",
            "    /cherry-pick release-1.2",
            "<!-- /cherry-pick release-1.2 -->\n<!--\n/cherry-pick release-1.2\n-->",
            "please /cherry-pick release-1.2",
            "/cherry-pick",
            "/cherry-picker release-1.2",
            "/pick me",
        ] {
            assert_eq!(asked(body), [], "{body}");
        }
    }
}
