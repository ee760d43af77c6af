//! A line of text that a person types.

/// A line of text being typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Input {
    /// The text.
    pub text: String,
    /// Place of the cursor, in bytes, on a character's start.
    pub at: usize,
}

impl Input {
    /// A line that holds a text already, the cursor at its end.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self { text: text.to_owned(), at: text.len() }
    }

    /// Puts a character in at the cursor. Control characters are left out.
    pub fn insert(&mut self, c: char) {
        if !c.is_control() && self.text.len() < 8192 {
            self.text.insert(self.at, c);
            self.at += c.len_utf8();
        }
    }

    /// Takes the character before the cursor away.
    pub fn backspace(&mut self) {
        if let Some(c) = self.text[..self.at].chars().next_back() {
            self.at -= c.len_utf8();
            self.text.remove(self.at);
        }
    }

    /// Takes the word before the cursor away.
    pub fn kill_word(&mut self) {
        let kept = self.text[..self.at].trim_end().rfind(' ').map_or(0, |at| at + 1);
        self.text.replace_range(kept..self.at, "");
        self.at = kept;
    }

    /// Empties the line.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Moves the cursor by a character.
    pub fn step(&mut self, forward: bool) {
        if forward {
            self.at += self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        } else {
            self.at -= self.text[..self.at].chars().next_back().map_or(0, char::len_utf8);
        }
    }

    /// Moves the cursor to an end.
    pub fn end(&mut self, forward: bool) {
        self.at = if forward { self.text.len() } else { 0 };
    }
}
