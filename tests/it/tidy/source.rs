//! Reading the sources as text: files, lines without comments and strings, functions.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A source file.
pub struct Source {
    /// Its path from the root, with forward slashes.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Its text with comments and the insides of strings taken out, line by line.
    pub code: Vec<String>,
}

impl Source {
    /// The room it is in: the folder under `src` or `src/core`, or the file's name for those at their roots.
    pub fn room(&self) -> &str {
        let path = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let path = path.strip_prefix("core/").unwrap_or(path);
        path.split('/').next().unwrap().trim_end_matches(".rs")
    }
}

/// Every Rust file under a folder.
pub fn sources(folder: &str) -> Vec<Source> {
    let mut paths = vec![];
    walk(&root().join(folder), &mut paths);
    paths.sort();
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let path = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
        Source { path, code: code(&text), text }
    };
    paths.iter().map(read).collect()
}

fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, into);
        } else if path.extension().is_some_and(|it| it == "rs") {
            into.push(path);
        }
    }
}

/// Takes comments and the insides of strings and characters out, so that a word in them counts for nothing.
pub fn code(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < chars.len() {
        at += match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => {
                chars[at..].iter().position(|c| *c == '\n').unwrap_or(chars.len() - at)
            }
            'r' if raw_string(&chars[at..]).is_some() && !word_before(&out) => {
                let skip = raw_string(&chars[at..]).unwrap();
                out.push_str("\"\"");
                out.extend(chars[at..at + skip].iter().filter(|c| **c == '\n'));
                skip
            }
            '"' => {
                let mut end = at + 1;
                while end < chars.len() && chars[end] != '"' {
                    end += if chars[end] == '\\' { 2 } else { 1 };
                }
                out.push_str("\"\"");
                out.extend(chars[at..end.min(chars.len())].iter().filter(|c| **c == '\n'));
                end + 1 - at
            }
            '\'' => match character(&chars[at..]) {
                Some(skip) => {
                    out.push_str("' '");
                    skip
                }
                None => {
                    out.push('\'');
                    1
                }
            },
            c => {
                out.push(c);
                1
            }
        };
    }
    out.split('\n').map(str::to_owned).collect()
}

fn word_before(out: &str) -> bool {
    out.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_')
}

/// Length of a raw string that starts here.
fn raw_string(chars: &[char]) -> Option<usize> {
    let hashes = chars[1..].iter().take_while(|c| **c == '#').count();
    if chars.get(1 + hashes) != Some(&'"') {
        return None;
    }
    let mut at = 2 + hashes;
    while at < chars.len() {
        let closes = chars[at] == '"' && chars[at + 1..].iter().take_while(|c| **c == '#').count() >= hashes;
        if closes {
            return Some(at + 1 + hashes);
        }
        at += 1;
    }
    None
}

/// Length of a character literal that starts here; none for a lifetime.
fn character(chars: &[char]) -> Option<usize> {
    match (chars.get(1)?, chars.get(2)?) {
        ('\\', _) => Some(chars[3..].iter().position(|c| *c == '\'')? + 4),
        (_, '\'') => Some(3),
        _ => None,
    }
}

/// Name, first line (from 1) and number of lines of each function of a file.
pub fn functions(source: &Source) -> Vec<(String, usize, usize)> {
    let mut found = vec![];
    for (at, line) in source.code.iter().enumerate() {
        let Some(rest) = line.split("fn ").nth(1).filter(|_| is_fn(line)) else { continue };
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let mut depth = 0;
        let mut opened = false;
        for (offset, line) in source.code[at..].iter().enumerate() {
            for c in line.chars() {
                depth += i32::from(c == '{') - i32::from(c == '}');
                opened |= c == '{';
            }
            if (opened && depth <= 0) || (!opened && line.trim_end().ends_with(';')) {
                found.push((name, at + 1, offset + 1));
                break;
            }
        }
    }
    found
}

fn is_fn(line: &str) -> bool {
    let before = line.split("fn ").next().unwrap().trim();
    let words = ["pub", "const", "async", "unsafe", "extern"];
    before
        .split(|c: char| c.is_whitespace() || c == '(' || c == ')')
        .all(|word| word.is_empty() || words.contains(&word) || ["crate", "super", "in"].contains(&word))
}

#[test]
fn comments_and_strings_are_no_code() {
    let text = "let a = \"todo!(\"; // panic!(\nlet b = r#\"x\"y\"#; let c = '\"'; fn d<'a>(e: &'a str) {}\n";
    assert_eq!(code(text), ["let a = \"\"; ", "let b = \"\"; let c = ' '; fn d<'a>(e: &'a str) {}", ""]);
}

#[test]
fn functions_are_measured_by_their_braces() {
    let text = "impl X {\n    pub(crate) fn one(&self) -> u8 {\n        1\n    }\n\n    fn two();\n}\n";
    let source = Source { path: "src/x.rs".into(), text: text.into(), code: code(text) };
    assert_eq!(functions(&source), [("one".to_owned(), 2, 3), ("two".to_owned(), 6, 1)]);
}
