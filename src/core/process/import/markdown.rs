//! From Markdown to pieces.

mod blocks;

use super::inline::Inline;
use super::piece::{Document, Entry, Kind, Piece, Section};
use super::task;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Takes a document apart. Its lines end with a line feed.
pub(super) fn read(text: &str) -> Document {
    let (front, body) = blocks::front_matter(text);
    let mut reader = Reader::new(text);
    reader.front(front);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_GFM;
    // What is carved out leaves as many bytes, so that places stay what they are.
    let blanked: String = text[..body]
        .chars()
        .map(|c| if c == '\n' { "\n".to_owned() } else { " ".repeat(c.len_utf8()) })
        .collect();
    let source = blanked + &text[body..];
    let parser = Parser::new_ext(&source, options);
    let mut definitions: Vec<_> = parser
        .reference_definitions()
        .iter()
        .map(|(label, it)| (it.span.clone(), label.to_owned(), it.dest.to_string()))
        .collect();
    definitions.sort_by_key(|(span, _, _)| span.start);
    for (event, range) in parser.into_offset_iter() {
        reader.event(event, range);
    }
    reader.flush();
    for (span, label, address) in definitions {
        let quote = format!("[{label}]: {address}");
        let piece =
            Piece { kind: Kind::Definition, text: label, quote, links: vec![address], ..Piece::default() };
        reader.put(piece, span.start, span.end);
    }
    reader.finish()
}

/// What a table has come to.
#[derive(Default)]
struct Table {
    columns: Vec<String>,
    row: Option<Piece>,
    /// The tasks of a row: text, and whether it is ticked.
    tasks: Vec<(String, bool)>,
    head: bool,
}

struct Reader<'t> {
    text: &'t str,
    starts: Vec<usize>,
    document: Document,
    inline: Inline,
    /// The entries that are open.
    open: Vec<usize>,
    /// The lists that are open: whether numbered, and the label in front.
    lists: Vec<(bool, Option<usize>)>,
    section: usize,
    heading: Option<u8>,
    code: Option<(String, String)>,
    html: Option<Vec<(String, usize)>>,
    table: Option<Table>,
    /// The last piece, when it may be the label of a list.
    label: Option<usize>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let document = Document {
            lines: text.lines().count(),
            written: lines.map(|(at, _)| at + 1).collect(),
            sections: vec![Section::default()],
            ..Document::default()
        };
        Self {
            text,
            starts,
            document,
            inline: Inline::default(),
            open: Vec::new(),
            lists: Vec::new(),
            section: 0,
            heading: None,
            code: None,
            html: None,
            table: None,
            label: None,
        }
    }

    fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).max(1)
    }

    fn front(&mut self, lines: usize) {
        for (at, line) in self.text.lines().take(lines).enumerate() {
            let quote = line.trim().to_owned();
            if matches!(quote.as_str(), "---" | "+++" | "..." | "") {
                self.document.structure.push(at + 1);
                continue;
            }
            let lines = (at + 1, at + 1);
            let kind = Kind::FrontMatter;
            self.document.pieces.push(Piece { lines, kind, text: quote.clone(), quote, ..Piece::default() });
        }
    }

    /// Adds a piece, and gives its place.
    fn put(&mut self, mut piece: Piece, start: usize, end: usize) -> usize {
        let trimmed = self.text.get(start..end).map_or(end, |text| start + text.trim_end().len());
        piece.lines = (self.line(start), self.line(trimmed.saturating_sub(1).max(start)));
        piece.section = self.section;
        piece.entry = self.open.last().copied();
        self.document.pieces.push(piece);
        self.document.pieces.len() - 1
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => match &mut self.code {
                Some((_, code)) => code.push_str(&text),
                None => self.inline.text(&text, range.start),
            },
            Event::Code(code) => self.inline.code(&code, range.start, range.end),
            Event::Html(html) => match &mut self.html {
                Some(lines) => lines.push((html.to_string(), range.start)),
                None => self.inline.tag(&html, range.start, range.end),
            },
            Event::InlineHtml(html) => self.inline.tag(&html, range.start, range.end),
            Event::SoftBreak | Event::HardBreak => {
                let next = self.text.get(range.end..).unwrap_or_default().trim_start_matches([' ', '>']);
                if self.open.is_empty() && task::marker(next.lines().next().unwrap_or_default()).is_some() {
                    self.flush();
                }
                self.inline.blank();
            }
            Event::Rule => {
                self.flush();
                let line = self.line(range.start);
                self.document.structure.push(line);
            }
            Event::TaskListMarker(done) => {
                if let Some(entry) = self.open.last().and_then(|at| self.document.entries.get_mut(*at)) {
                    entry.task = Some(done);
                }
            }
            Event::FootnoteReference(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Emphasis | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {
                self.inline.emphasise(false)
            }
            Tag::Strong => self.inline.emphasise(true),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.inline.link(&dest_url, range.start, range.end);
            }
            Tag::TableCell => {}
            block => {
                self.flush();
                self.block(block, range);
            }
        }
    }

    fn block(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => self.heading = Some(rank(level)),
            Tag::List(first) => {
                self.lists.push((first.is_some(), self.label.take()));
            }
            Tag::Item => {
                let (ordered, label) = self.lists.last().copied().unwrap_or_default();
                let parent = self.open.last().copied();
                let lines = (self.line(range.start), self.line(range.end.saturating_sub(1)));
                let section = self.section;
                let entry = Entry { lines, section, parent, ordered, label, ..Entry::default() };
                self.document.entries.push(entry);
                self.open.push(self.document.entries.len() - 1);
            }
            Tag::CodeBlock(kind) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((info, String::new()));
            }
            Tag::HtmlBlock => self.html = Some(Vec::new()),
            Tag::Table(_) => {
                self.table = Some(Table::default());
                // The row of dashes below the head.
                let delimiter = self.line(range.start) + 1;
                self.document.structure.push(delimiter);
            }
            Tag::TableHead => self.row(true),
            Tag::TableRow => self.row(false),
            _ => {}
        }
    }

    fn row(&mut self, head: bool) {
        if let Some(table) = &mut self.table {
            table.row = Some(Piece { kind: if head { Kind::Head } else { Kind::Row }, ..Piece::default() });
            table.head = head;
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => {
                self.inline.calm(false)
            }
            TagEnd::Strong => self.inline.calm(true),
            TagEnd::Link | TagEnd::Image => self.inline.unlink(),
            TagEnd::TableCell => self.cell(),
            TagEnd::TableHead | TagEnd::TableRow => self.end_row(&range),
            TagEnd::Table => self.table = None,
            TagEnd::Heading(_) => self.end_heading(&range),
            TagEnd::CodeBlock => self.end_code(&range),
            TagEnd::HtmlBlock => self.end_html(),
            TagEnd::Item => {
                self.flush();
                self.open.pop();
                self.label = None;
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.label = None;
            }
            _ => self.flush(),
        }
    }

    /// Ends a paragraph, or the text of an entry.
    fn flush(&mut self) {
        if self.inline.is_empty() && self.inline.checkbox.is_none() {
            return;
        }
        let mut inline = std::mem::take(&mut self.inline);
        let mut done = inline.finish();
        if let Some(done) = inline.checkbox.take() {
            self.check(done);
        } else if let Some((first, _, _)) = done.first_mut()
            && let Some((ticked, skip)) = task::marker(&first.text)
            && self.loose(ticked)
        {
            first.text.drain(..skip);
            let mark = task::marker(&first.quote).map_or(0, |(_, skip)| skip);
            first.quote.drain(..mark);
            first.bold = first.bold.saturating_sub(skip);
        }
        let brief =
            self.open.last().is_some_and(|at| self.document.entries.get(*at).is_some_and(|it| it.brief));
        let mut last = None;
        for (piece, start, end) in done {
            let at = self.put(piece, start, end);
            self.belongs(at);
            last = Some(at);
        }
        self.first_paragraph();
        for (text, start, end) in inline.comments.drain(..) {
            let piece = Piece { kind: Kind::Comment, quote: text.clone(), text, ..Piece::default() };
            let at = self.put(piece, start, end);
            self.detail(at);
        }
        // A bold line names the list below it even with a paragraph between.
        let bold = |at: &usize| self.document.pieces.get(*at).is_some_and(|it| it.bold == it.text.len());
        let kept = self.label.filter(bold);
        self.label =
            last.filter(|at| self.document.pieces.get(*at).is_some_and(|it| it.kind == Kind::Label)).or(kept);
        if brief {
            self.open.pop();
        }
    }

    /// A task whose mark is not read as one: an entry that is there becomes a task, a paragraph becomes an entry.
    fn loose(&mut self, ticked: bool) -> bool {
        if let Some(entry) = self.open.last().and_then(|at| self.document.entries.get_mut(*at)) {
            if entry.task.is_some() || !entry.text.is_empty() {
                return false;
            }
            entry.task = Some(ticked);
            entry.note = "its mark is not one that Markdown reads as a task";
            return true;
        }
        self.check(ticked);
        if let Some(entry) = self.open.last().and_then(|at| self.document.entries.get_mut(*at)) {
            entry.note = "written as a paragraph, where Markdown reads no task";
        }
        true
    }

    /// Marks the open entry as a task, or opens one that lasts for a paragraph.
    fn check(&mut self, ticked: bool) {
        match self.open.last().and_then(|at| self.document.entries.get_mut(*at)) {
            Some(entry) => entry.task = entry.task.or(Some(ticked)),
            None => {
                let entry =
                    Entry { section: self.section, task: Some(ticked), brief: true, ..Entry::default() };
                self.document.entries.push(entry);
                self.open.push(self.document.entries.len() - 1);
            }
        }
    }

    /// Gives a piece to the entry it stands in.
    fn belongs(&mut self, piece: usize) {
        let Some(entry) = self.open.last().and_then(|at| self.document.entries.get_mut(*at)) else { return };
        if entry.closed { entry.details.push(piece) } else { entry.text.push(piece) }
    }

    fn detail(&mut self, piece: usize) {
        if let Some(entry) = self.open.last().and_then(|at| self.document.entries.get_mut(*at)) {
            entry.details.push(piece);
        }
    }

    /// The text of the open entry ends here: what follows in it are details.
    fn first_paragraph(&mut self) {
        let Some(entry) = self.open.last().and_then(|at| self.document.entries.get_mut(*at)) else { return };
        if entry.text.is_empty() {
            return;
        }
        if entry.brief {
            let lines = |at: &usize| self.document.pieces.get(*at).map_or((0, 0), |it| it.lines);
            let first = entry.text.first().map_or((0, 0), lines);
            let last = entry.text.last().map_or((0, 0), lines);
            entry.lines = (first.0, last.1);
        }
        entry.closed = true;
    }

    /// Lists what no piece holds, so that nothing of the document is lost.
    fn finish(mut self) -> Document {
        let mut held = vec![false; self.document.lines + 2];
        let spans = self.document.pieces.iter().map(|piece| piece.lines);
        for (from, to) in spans {
            held.get_mut(from..=to).into_iter().flatten().for_each(|held| *held = true);
        }
        let mut structure = std::mem::take(&mut self.document.structure);
        structure.retain(|line| held.get(*line) == Some(&false));
        structure.sort_unstable();
        structure.dedup();
        for line in &structure {
            held.get_mut(*line..=*line).into_iter().flatten().for_each(|held| *held = true);
        }
        self.document.structure = structure;
        let lines: Vec<&str> = self.text.lines().collect();
        for line in self.document.written.clone() {
            if held.get(line).is_some_and(|held| !held) {
                let quote = lines.get(line - 1).map_or("", |line| line.trim()).to_owned();
                let piece = Piece {
                    lines: (line, line),
                    kind: Kind::Other,
                    text: quote.clone(),
                    quote,
                    ..Piece::default()
                };
                self.document.pieces.push(piece);
            }
        }
        self.document
    }
}

fn rank(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
