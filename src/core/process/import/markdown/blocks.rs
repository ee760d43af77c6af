//! Blocks that are more than running text: headings, code, HTML, tables.

use super::Reader;
use crate::process::import::html;
use crate::process::import::piece::{Entry, Kind, Piece, Section};
use crate::process::import::task;
use std::ops::Range;

impl Reader<'_> {
    pub(super) fn end_heading(&mut self, range: &Range<usize>) {
        let level = self.heading.take().unwrap_or(1);
        let mut inline = std::mem::take(&mut self.inline);
        let parts = inline.finish();
        let piece = merged(parts.into_iter().map(|(piece, _, _)| piece));
        self.heading_of(piece, level, range);
        for (text, start, end) in inline.comments.drain(..) {
            self.put(
                Piece { kind: Kind::Comment, quote: text.clone(), text, ..Piece::default() },
                start,
                end,
            );
        }
    }

    fn heading_of(&mut self, mut piece: Piece, level: u8, range: &Range<usize>) {
        self.label = None;
        if !self.open.is_empty() {
            piece.kind = Kind::Label;
            let at = self.put(piece, range.start, range.end);
            self.detail(at);
            self.label = Some(at);
            return;
        }
        piece.kind = Kind::Heading;
        let mut parent = Some(self.section).filter(|at| *at > 0);
        while let Some(section) = parent.and_then(|at| self.document.sections.get(at)) {
            if section.level < level {
                break;
            }
            parent = section.parent;
        }
        self.section = self.document.sections.len();
        let title = piece.text.clone();
        let at = self.put(piece, range.start, range.end);
        self.document.sections.push(Section { title, heading: Some(at), level, parent });
    }

    pub(super) fn end_code(&mut self, range: &Range<usize>) {
        let Some((info, code)) = self.code.take() else { return };
        self.label = None;
        let quote = code.trim_end().to_owned();
        let piece =
            Piece { kind: Kind::Code, text: quote.clone(), quote, codes: vec![info], ..Piece::default() };
        let at = self.put(piece, range.start, range.end);
        self.detail(at);
    }

    pub(super) fn end_html(&mut self) {
        let Some(lines) = self.html.take() else { return };
        let mut all = String::new();
        let mut places = Vec::new();
        for (text, at) in lines {
            places.push((all.len(), at));
            all.push_str(&text);
        }
        let source = |at: usize| {
            let line = places.partition_point(|(start, _)| *start <= at).saturating_sub(1);
            places.get(line).map_or(0, |(start, source)| source + at - start)
        };
        let runs = html::scan(&all);
        let lines: Vec<(usize, usize)> = runs
            .iter()
            .map(|run| (source(run.at.0), source(run.at.1.saturating_sub(1).max(run.at.0)) + 1))
            .collect();
        for (run, (start, end)) in runs.into_iter().zip(lines) {
            self.run(run, start, end);
        }
        // Lines that hold tags alone.
        let tags = places.iter().map(|(_, source)| self.line(*source)).collect::<Vec<_>>();
        self.document.structure.extend(tags);
    }

    fn run(&mut self, run: html::Run, start: usize, end: usize) {
        let mut quote = run.text.clone();
        run.links.iter().for_each(|link| quote.push_str(&format!(" <{link}>")));
        let piece = Piece { quote, text: run.text, links: run.links, ..Piece::default() };
        let (task, ordered, note) = match run.what {
            html::What::Heading(level) => return self.heading_of(piece, level, &(start..end)),
            html::What::Comment | html::What::Code => {
                let kind = if run.what == html::What::Comment { Kind::Comment } else { Kind::Code };
                let at = self.put(Piece { kind, ..piece }, start, end);
                return self.detail(at);
            }
            html::What::Text | html::What::Summary => {
                let kind = if run.what == html::What::Summary { Kind::Label } else { Kind::Sentence };
                let at = self.put(Piece { kind, ..piece }, start, end);
                self.detail(at);
                self.label = (kind == Kind::Label).then_some(at);
                return;
            }
            html::What::Entry(ordered) => (None, ordered, ""),
            html::What::Task(done) => (Some(done), false, ""),
            html::What::Raw(done) => (Some(done), false, "inside HTML, where Markdown reads no list"),
        };
        let parent = self.open.last().copied();
        let (section, label) = (self.section, self.label);
        let mut entry = Entry { section, task, ordered, note, parent, label, ..Entry::default() };
        entry.lines = (self.line(start), self.line(end.saturating_sub(1).max(start)));
        self.document.entries.push(entry);
        self.open.push(self.document.entries.len() - 1);
        let at = self.put(piece, start, end);
        self.belongs(at);
        self.first_paragraph();
        self.open.pop();
    }

    pub(super) fn cell(&mut self) {
        let mut inline = std::mem::take(&mut self.inline);
        let piece = merged(inline.finish().into_iter().map(|(piece, _, _)| piece));
        let Some(table) = &mut self.table else { return };
        let marked = inline.checkbox.or_else(|| task::marker(&piece.text).map(|(done, _)| done));
        if let (Some(done), false) = (marked, table.head) {
            let skip = task::marker(&piece.text).map_or(0, |(_, skip)| skip);
            table.tasks.push((piece.text[skip..].trim().to_owned(), done));
        }
        let Some(row) = &mut table.row else { return };
        let bar = if row.cells.is_empty() { "" } else { " | " };
        row.text.push_str(&format!("{bar}{}", piece.text));
        row.quote.push_str(&format!("{bar}{}", piece.quote));
        row.cells.push(piece.text);
        row.codes.extend(piece.codes);
        row.links.extend(piece.links);
    }

    pub(super) fn end_row(&mut self, range: &Range<usize>) {
        let Some(table) = &mut self.table else { return };
        let Some(mut row) = table.row.take() else { return };
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            let line = self.line(range.start);
            return self.document.structure.push(line);
        }
        if table.head {
            table.columns = row.cells.clone();
        }
        row.columns = table.columns.clone();
        let tasks = std::mem::take(&mut table.tasks);
        let at = self.put(row, range.start, range.end);
        self.detail(at);
        for (text, done) in tasks {
            self.row_task(at, text, done);
        }
    }

    /// A task in a row: its cell, or all others where its cell holds the mark alone.
    fn row_task(&mut self, row: usize, text: String, done: bool) {
        let Some(piece) = self.document.pieces.get(row) else { return };
        let others = piece.cells.iter().filter(|cell| task::bare(cell).is_none() && !cell.trim().is_empty());
        let others = others.cloned().collect::<Vec<_>>().join(" – ");
        let text = if text.is_empty() { others } else { text };
        let fresh = Piece { text, lines: piece.lines, section: piece.section, ..piece.clone() };
        let (lines, section) = (piece.lines, piece.section);
        self.document.pieces.push(Piece { kind: Kind::Sentence, ..fresh });
        let text = [self.document.pieces.len() - 1, row];
        let parent = self.open.last().copied();
        let note = "a task in a table";
        let entry = Entry {
            lines,
            section,
            task: Some(done),
            parent,
            text: text[..1].to_vec(),
            details: text[1..].to_vec(),
            note,
            ..Entry::default()
        };
        self.document.entries.push(entry);
    }
}

/// Several pieces of one block as one.
fn merged(pieces: impl Iterator<Item = Piece>) -> Piece {
    pieces.fold(Piece::default(), |mut all, piece| {
        for (to, from) in [(&mut all.text, &piece.text), (&mut all.quote, &piece.quote)] {
            if !to.is_empty() {
                to.push(' ');
            }
            to.push_str(from);
        }
        all.codes.extend(piece.codes);
        all.links.extend(piece.links);
        all
    })
}

/// The lines of front matter, and where the document itself starts.
pub(super) fn front_matter(text: &str) -> (usize, usize) {
    let mut at = 0;
    let mut fence = None;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        at += line.len();
        let line = line.trim_end();
        match fence {
            None if number == 0 && matches!(line, "---" | "+++") => fence = Some(line),
            Some(fence) if line == fence || (fence == "---" && line == "...") => return (number + 1, at),
            Some(_) if number < 200 => {}
            _ => break,
        }
    }
    (0, 0)
}
