//! A document in pieces: headings, sentences, list entries, table rows, each with its lines.

use super::stages::Source;

/// The smallest part that is cited or listed: a sentence, a heading, a table row, a block of code.
#[derive(Clone, Default, Debug)]
pub(super) struct Piece {
    /// First and last line, from 1.
    pub lines: (usize, usize),
    pub kind: Kind,
    /// Its place in [`Document::sections`].
    pub section: usize,
    /// Its place in [`Document::entries`], when it stands in a list.
    pub entry: Option<usize>,
    /// As it is read: no markup, addresses of links left out.
    pub text: String,
    /// As it is cited: code between backticks, addresses behind their links.
    pub quote: String,
    /// What stands in code.
    pub codes: Vec<String>,
    /// Where its links go.
    pub links: Vec<String>,
    /// The cells of a row.
    pub cells: Vec<String>,
    /// The heading of each column, for a row.
    pub columns: Vec<String>,
    /// How much of the text, from its start, is printed bold.
    pub bold: usize,
    /// Whether something of the draft cites it.
    pub cited: bool,
}

/// What a piece is.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) enum Kind {
    /// A sentence, or a paragraph of one.
    #[default]
    Sentence,
    Heading,
    /// A line that names what follows it: it ends with a colon, or is bold as a whole.
    Label,
    /// A row of a table.
    Row,
    /// The head of a table.
    Head,
    Code,
    Comment,
    FrontMatter,
    /// Where a link of the document goes.
    Definition,
    /// What the parser gave no event for.
    Other,
}

impl Kind {
    /// What it is called in a list of what was not understood; nothing for plain text.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sentence | Self::Label => "",
            Self::Heading => "heading",
            Self::Row => "table row",
            Self::Head => "table head",
            Self::Code => "code",
            Self::Comment => "comment",
            Self::FrontMatter => "front matter",
            Self::Definition => "link",
            Self::Other => "other",
        }
    }

    /// Whether it is text that somebody reads as said by the document.
    pub fn says(self) -> bool {
        matches!(self, Self::Sentence | Self::Heading | Self::Label | Self::Row | Self::Head)
    }
}

/// What stands below a heading, up to the next one.
#[derive(Clone, Default, Debug)]
pub(super) struct Section {
    pub title: String,
    /// The piece of its heading; none before the first one.
    pub heading: Option<usize>,
    pub level: u8,
    /// The section that it is part of.
    pub parent: Option<usize>,
}

/// An entry of a list, or whatever else may become an item of a checklist.
#[derive(Clone, Default, Debug)]
pub(super) struct Entry {
    pub lines: (usize, usize),
    pub section: usize,
    /// The entry that it is nested in.
    pub parent: Option<usize>,
    /// Whether the task is ticked; none for an entry that is no task.
    pub task: Option<bool>,
    pub ordered: bool,
    /// The pieces of its first paragraph.
    pub text: Vec<usize>,
    /// All other pieces that stand in it and in no entry below.
    pub details: Vec<usize>,
    /// The label in front of its list.
    pub label: Option<usize>,
    /// What is unusual about how it is written.
    pub note: &'static str,
    /// Its first paragraph has ended: what follows in it are details.
    pub closed: bool,
    /// It is a paragraph and ends with it.
    pub brief: bool,
}

/// A document, taken apart.
#[derive(Clone, Default, Debug)]
pub(super) struct Document {
    /// How many lines it has.
    pub lines: usize,
    /// Lines with text on them.
    pub written: Vec<usize>,
    pub pieces: Vec<Piece>,
    pub sections: Vec<Section>,
    pub entries: Vec<Entry>,
    /// Lines that only separate: rules, rows of dashes, tags that hold no text.
    pub structure: Vec<usize>,
}

impl Document {
    /// What a heading and all above it are called, from the inside out.
    pub fn above(&self, section: usize) -> impl Iterator<Item = &Section> {
        let first = self.sections.get(section);
        std::iter::successors(first, |it| it.parent.and_then(|parent| self.sections.get(parent)))
    }

    /// The entry that became an item; a heading that did stands for one of its own.
    pub fn entry_of(&self, source: Source) -> Option<Entry> {
        match source {
            Source::Entry(at) => self.entries.get(at).cloned(),
            Source::Heading(at) => {
                let piece = self.pieces.get(at)?;
                Some(Entry { lines: piece.lines, section: piece.section, text: vec![at], ..Entry::default() })
            }
        }
    }

    /// The text of an entry: its first paragraph.
    pub fn text_of(&self, entry: &Entry) -> String {
        self.joined(entry, |piece| &piece.text)
    }

    /// The same as it is cited.
    pub fn quote_of(&self, entry: &Entry) -> String {
        self.joined(entry, |piece| &piece.quote)
    }

    fn joined<'d>(&'d self, entry: &Entry, part: fn(&'d Piece) -> &'d String) -> String {
        let parts = entry.text.iter().filter_map(|at| self.pieces.get(*at)).map(|it| part(it).as_str());
        parts.collect::<Vec<_>>().join(" ")
    }

    /// The pieces that say something, with their places.
    pub fn said(&self) -> impl Iterator<Item = (usize, &Piece)> {
        self.pieces.iter().enumerate().filter(|(_, piece)| piece.kind.says())
    }
}

/// Whether any of these words stands in a text as a word of its own; both in lower case. A word that is not ASCII is
/// found anywhere, because such scripts put no blanks.
pub(super) fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| place(text, word).is_some())
}

/// Where a word stands in a text as a word of its own.
pub(super) fn place(text: &str, word: &str) -> Option<usize> {
    let alike = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        !word.is_ascii()
            || (!alike(text[..*at].chars().next_back()) && !alike(text[at + word.len()..].chars().next()))
    })
}
