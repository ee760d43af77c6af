//! Keys as people write them: `j`, `G`, `ctrl-d`, `enter`, `gg`.

use std::fmt;

/// The part of a key that is not a modifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A character as typed: an upper-case letter carries its shift.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key.
    F(u8),
}

/// A key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The key.
    pub code: Code,
    /// Whether control is held.
    pub ctrl: bool,
    /// Whether alt is held.
    pub alt: bool,
}

impl Key {
    /// A character.
    #[must_use]
    pub fn char(c: char) -> Self {
        Self { code: Code::Char(c), ctrl: false, alt: false }
    }

    /// A key without modifiers.
    #[must_use]
    pub fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false }
    }

    /// Control and a character.
    #[must_use]
    pub fn ctrl(c: char) -> Self {
        Self { code: Code::Char(c), ctrl: true, alt: false }
    }
}

const NAMES: &[(&str, Code)] = &[
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("shift-tab", Code::BackTab),
    ("backspace", Code::Backspace),
    ("del", Code::Delete),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("home", Code::Home),
    ("end", Code::End),
    ("pgup", Code::PageUp),
    ("pgdn", Code::PageDown),
    ("space", Code::Char(' ')),
];

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        if self.alt {
            f.write_str("alt-")?;
        }
        match NAMES.iter().find(|(_, code)| *code == self.code) {
            Some((name, _)) => f.write_str(name),
            None => match self.code {
                Code::Char(c) => write!(f, "{c}"),
                Code::F(n) => write!(f, "f{n}"),
                _ => Ok(()),
            },
        }
    }
}

/// Reads one key or a sequence of keys: `gg`, `ctrl-x`, `g p`, `space`.
///
/// # Errors
/// What is wrong with the text.
pub fn parse(text: &str) -> Result<Vec<Key>, String> {
    if text.trim().is_empty() {
        return Err("a key is empty".to_owned());
    }
    let mut keys = vec![];
    for word in text.split_whitespace() {
        match one(word) {
            Some(key) => keys.push(key),
            None if word.chars().count() <= 3 && word.chars().all(|c| c.is_ascii_graphic()) => {
                keys.extend(word.chars().map(Key::char));
            }
            None => return Err(format!("{word:?} is no key; write j, G, gg, ctrl-d, enter, space, f5")),
        }
    }
    Ok(keys)
}

fn one(word: &str) -> Option<Key> {
    if let Some(rest) = word.strip_prefix("ctrl-") {
        return one(rest).map(|key| Key { ctrl: true, ..key });
    }
    if let Some(rest) = word.strip_prefix("alt-") {
        return one(rest).map(|key| Key { alt: true, ..key });
    }
    if let Some((_, code)) = NAMES.iter().find(|(name, _)| *name == word) {
        return Some(Key::plain(*code));
    }
    if let Some(n) = word.strip_prefix('f').and_then(|n| n.parse().ok()).filter(|n| (1..=12).contains(n)) {
        return Some(Key::plain(Code::F(n)));
    }
    let mut chars = word.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => Some(Key::char(c)),
        _ => None,
    }
}
