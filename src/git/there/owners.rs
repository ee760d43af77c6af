//! Who owns a path, by the CODEOWNERS file of the repository.
//!
//! The syntax is GitHub's ("About code owners"): patterns as in `.gitignore`, without `!`, `[` and `\#`; the last
//! pattern that matches a path wins, and one without owners says that nobody owns it.

/// Where the file lies, in the order in which GitHub looks.
pub const PLACES: [&str; 3] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// Rules that are read; more are passed over. The largest real files have some hundreds.
const RULES: usize = 4_000;
/// Bytes of a line that is read; a longer one is passed over.
const LINE: usize = 2_000;

/// The rules of a CODEOWNERS file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owners(Vec<Rule>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    pattern: Pattern,
    owners: Vec<Box<str>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    parts: Vec<Box<str>>,
    /// Whether it matches what is below a directory of this name too.
    below: bool,
    /// Whether it matches only what is below.
    only_below: bool,
}

impl Owners {
    /// Reads a file. A line that breaks the syntax is passed over, as GitHub does.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let rules = text.lines().filter(|line| line.len() <= LINE).filter_map(rule);
        Self(rules.take(RULES).collect())
    }

    /// The owners of a path, in the order of the file.
    #[must_use]
    pub fn of(&self, path: &str) -> &[Box<str>] {
        let parts: Vec<&str> = path.split('/').collect();
        let rule = self.0.iter().rev().find(|rule| rule.pattern.matches(&parts));
        rule.map_or(&[], |rule| &rule.owners)
    }
}

fn rule(line: &str) -> Option<Rule> {
    let line = line.trim();
    if line.is_empty() || line.starts_with(['#', '!']) {
        return None;
    }
    let (pattern, rest) = cut(line);
    let words = rest.split_whitespace().take_while(|word| !word.starts_with('#'));
    let owners = words.filter(|word| word.starts_with('@') || word.contains('@'));
    Some(Rule { pattern: Pattern::parse(&pattern)?, owners: owners.map(Into::into).collect() })
}

/// The pattern of a line, where a backslash keeps a blank, and what follows it.
fn cut(line: &str) -> (String, &str) {
    let mut pattern = String::new();
    let mut chars = line.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => pattern.extend(chars.next().map(|(_, c)| c)),
            c if c.is_whitespace() => return (pattern, &line[at..]),
            c => pattern.push(c),
        }
    }
    (pattern, "")
}

impl Pattern {
    fn parse(text: &str) -> Option<Self> {
        let only_below = text.ends_with('/');
        let body = text.trim_end_matches('/');
        if body.is_empty() && !only_below || text.contains('[') {
            return None;
        }
        let anchored = body.contains('/');
        let mut parts: Vec<Box<str>> = Vec::new();
        if !anchored {
            parts.push("**".into());
        }
        for part in body.split('/').filter(|part| !part.is_empty()) {
            // Several in a row say no more than one.
            if part != "**" || parts.last().map(|last| &**last) != Some("**") {
                parts.push(part.into());
            }
        }
        // `docs/*` is the files of docs, not those of its directories.
        let below = !(anchored && parts.last().is_some_and(|last| &**last == "*"));
        Some(Self { parts, below, only_below })
    }

    fn matches(&self, path: &[&str]) -> bool {
        let upto = path.len();
        if self.below || self.only_below {
            // Some leading part of the path is what the pattern names.
            let last = if self.only_below { upto.saturating_sub(1) } else { upto };
            return reach(&self.parts, path).iter().take(last + 1).skip(1).any(|it| *it);
        }
        reach(&self.parts, path)[upto]
    }
}

/// Of each length, whether that many leading parts of the path are matched by the whole pattern: one pass for each
/// part of the pattern, so that no text makes it slow.
fn reach(pattern: &[Box<str>], path: &[&str]) -> Vec<bool> {
    let mut now = vec![false; path.len() + 1];
    now[0] = true;
    for part in pattern {
        let mut next = vec![false; path.len() + 1];
        if &**part == "**" {
            let mut open = false;
            for (at, slot) in next.iter_mut().enumerate() {
                open |= now[at];
                *slot = open;
            }
        } else {
            for (at, name) in path.iter().enumerate() {
                next[at + 1] = now[at] && fits(part.as_bytes(), name.as_bytes());
            }
        }
        now = next;
    }
    now
}

/// Whether a name fits a pattern of `*` and `?`, going back to the last `*` only.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut on, mut star) = (0, 0, None);
    while on < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, on));
                at += 1;
            }
            Some(byte) if *byte == b'?' || *byte == name[on] => {
                at += 1;
                on += 1;
            }
            _ => match star {
                Some((back, from)) => {
                    at = back + 1;
                    on = from + 1;
                    star = Some((back, from + 1));
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}
