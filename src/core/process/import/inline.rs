//! Running text in sentences, each with where it starts and ends in the source.

use super::piece::{Kind, Piece};

/// Words whose dot ends no sentence.
const ABBREVIATIONS: [&str; 12] =
    ["e.g.", "i.e.", "etc.", "vs.", "cf.", "approx.", "no.", "incl.", "resp.", "eg.", "ie.", "a.m."];

/// A sentence that is being read.
#[derive(Default)]
struct Open {
    piece: Piece,
    start: Option<usize>,
    end: usize,
}

/// The sentences of a paragraph.
#[derive(Default)]
pub(super) struct Inline {
    done: Vec<(Piece, usize, usize)>,
    open: Open,
    /// How many links and emphases are open: a sentence does not end in them.
    depth: usize,
    /// The links that are open: where they go, and how much of the quote stood before them.
    links: Vec<(String, usize)>,
    strong: usize,
    /// A full stop was read, and what follows decides whether it ends a sentence.
    stopped: bool,
    /// Comments inside the text.
    pub comments: Vec<(String, usize, usize)>,
    /// A checkbox of HTML inside the text, ticked or not.
    pub checkbox: Option<bool>,
}

impl Inline {
    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.done.is_empty() && self.open.start.is_none() && self.comments.is_empty()
    }

    fn spans(&mut self, start: usize, end: usize) {
        self.open.start.get_or_insert(start);
        self.open.end = self.open.end.max(end);
    }

    /// Text of the document; its bytes are those of the source from `start`.
    pub fn text(&mut self, text: &str, start: usize) {
        self.resume(text.chars().find(|c| !c.is_whitespace()));
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c.is_whitespace() && self.open.piece.text.is_empty() {
                continue;
            }
            self.spans(start + at, start + at + c.len_utf8());
            self.push(if c.is_whitespace() { ' ' } else { c });
            if self.depth > 0 {
                continue;
            }
            if matches!(c, '。' | '！' | '？' | '；') {
                self.close();
            } else if matches!(c, '.' | '!' | '?') {
                match chars.peek() {
                    Some((_, next)) if next.is_whitespace() => {
                        let after = text[at..].chars().skip(1).find(|c| !c.is_whitespace());
                        self.stopped = self.may_stop();
                        if after.is_some() {
                            self.resume(after);
                        }
                    }
                    Some(_) => {}
                    None => self.stopped = self.may_stop(),
                }
            }
        }
    }

    fn push(&mut self, c: char) {
        let piece = &mut self.open.piece;
        if c == ' ' && piece.text.ends_with(' ') {
            return;
        }
        piece.text.push(c);
        piece.quote.push(c);
        if self.strong > 0 && piece.bold + c.len_utf8() == piece.text.len() {
            piece.bold = piece.text.len();
        }
    }

    fn may_stop(&self) -> bool {
        let last = self.open.piece.text.rsplit(' ').next().unwrap_or_default().to_lowercase();
        let last = last.trim_start_matches(['(', '"', '\'']);
        let numbered = last.trim_end_matches('.').bytes().all(|b| b.is_ascii_digit());
        !(ABBREVIATIONS.contains(&last) || (numbered && self.open.piece.text.len() <= 4))
    }

    /// After a full stop: a capital, or anything that is no small letter, starts a sentence.
    fn resume(&mut self, next: Option<char>) {
        if !self.stopped {
            return;
        }
        let Some(next) = next else { return };
        self.stopped = false;
        if !next.is_lowercase() && !matches!(next, ')' | ',' | ';' | ':' | '.') {
            self.close();
        }
    }

    /// What stands in code.
    pub fn code(&mut self, code: &str, start: usize, end: usize) {
        self.resume(Some('`'));
        self.spans(start, end);
        let bold = self.strong > 0 && self.open.piece.bold == self.open.piece.text.len();
        self.open.piece.text.push_str(code);
        self.open.piece.quote.push_str(&format!("`{code}`"));
        self.open.piece.codes.push(code.to_owned());
        if bold {
            self.open.piece.bold = self.open.piece.text.len();
        }
    }

    /// A link or a picture starts.
    pub fn link(&mut self, address: &str, start: usize, end: usize) {
        self.resume(Some('['));
        self.spans(start, end);
        self.depth += 1;
        self.links.push((address.to_owned(), self.open.piece.quote.len()));
    }

    /// A link or a picture ends.
    pub fn unlink(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        let Some((address, from)) = self.links.pop() else { return };
        let piece = &mut self.open.piece;
        if piece.quote.get(from..) != Some(address.as_str()) && !address.is_empty() {
            piece.quote.push_str(&format!(" <{address}>"));
        }
        piece.links.push(address);
    }

    /// An emphasis starts.
    pub fn emphasise(&mut self, strong: bool) {
        self.resume(Some('*'));
        self.depth += 1;
        self.strong += usize::from(strong);
    }

    /// An emphasis ends.
    pub fn calm(&mut self, strong: bool) {
        self.depth = self.depth.saturating_sub(1);
        self.strong -= usize::from(strong && self.strong > 0);
        let text = &self.open.piece.text;
        if self.depth == 0 && text.ends_with(['.', '!', '?']) && self.open.piece.bold < text.len() {
            self.stopped = self.may_stop();
        }
    }

    /// A line ends inside the text.
    pub fn blank(&mut self) {
        if !self.open.piece.text.is_empty() {
            self.push(' ');
        }
    }

    /// A tag, or something between angle brackets that is none.
    pub fn tag(&mut self, html: &str, start: usize, end: usize) {
        if let Some(comment) = html.strip_prefix("<!--") {
            let comment = comment.strip_suffix("-->").unwrap_or(comment);
            self.comments.push((comment.trim().to_owned(), start, end));
            return;
        }
        let name: String =
            html.trim_start_matches(['<', '/']).chars().take_while(|c| c.is_alphanumeric()).collect();
        let name = name.to_ascii_lowercase();
        if name == "br" {
            return self.blank();
        }
        if name == "input"
            && html.to_ascii_lowercase().contains("checkbox")
            && self.open.piece.text.is_empty()
        {
            self.checkbox = Some(super::html::ticked(html));
            return self.spans(start, end);
        }
        if !super::html::KNOWN.contains(&name.as_str()) {
            // `release-<major>` is a placeholder and no tag.
            self.spans(start, end);
            html.chars().for_each(|c| self.push(c));
        }
    }

    /// Ends the sentence.
    fn close(&mut self) {
        self.stopped = false;
        let open = std::mem::take(&mut self.open);
        let mut piece = open.piece;
        piece.text.truncate(piece.text.trim_end().len());
        piece.quote.truncate(piece.quote.trim_end().len());
        piece.bold = piece.bold.min(piece.text.len());
        if let (Some(start), false) = (open.start, piece.quote.is_empty()) {
            self.done.push((piece, start, open.end));
        }
    }

    /// Every sentence with its place in bytes; a label stays one piece.
    pub fn finish(&mut self) -> Vec<(Piece, usize, usize)> {
        self.close();
        self.links.clear();
        (self.depth, self.strong) = (0, 0);
        let mut done = std::mem::take(&mut self.done);
        if let [(only, _, _)] = done.as_mut_slice() {
            let bold = only.bold == only.text.len() && !only.text.is_empty();
            if bold || only.text.ends_with([':', '：', ';']) {
                only.kind = Kind::Label;
            }
        }
        done
    }
}
