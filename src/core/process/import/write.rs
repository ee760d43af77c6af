//! The draft as text: comments that cite lines, values that TOML can hold.

use super::naming::{self, Form, Grown, Naming};
use super::outlets::Outlets;
use super::people::People;
use super::piece::{Document, Kind};
use super::plan::Plan;
use super::rules::{Asked, Rule};
use super::stages::Stage;
use super::{keys, lists, tables};
use crate::process::Span;
use crate::process::tree::forbidden;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// All that was found.
#[derive(Debug)]
pub(super) struct Parts {
    pub naming: Naming,
    pub plan: Plan,
    pub people: People,
    pub outlets: Outlets,
    pub rules: Vec<Rule>,
    pub gates: Vec<Asked>,
    pub stages: Vec<Stage>,
    pub file: String,
}

impl Parts {
    /// Pieces that became something other than an item: phases, and what roles do.
    pub fn spoken(&self) -> BTreeSet<usize> {
        let phases = self
            .plan
            .phases
            .iter()
            .flat_map(|phase| std::iter::once(phase.by).chain(phase.other.iter().map(|it| it.1)));
        let duties = self.people.roles.iter().flat_map(|role| role.duties.iter().copied());
        phases.chain(duties).collect()
    }

    /// What contradicts itself, with the pieces that do.
    pub fn contradictions(&self, document: &Document) -> Vec<(String, Vec<usize>)> {
        let line = |at: usize| document.pieces.get(at).map_or(0, |piece| piece.lines.0);
        let mut found = Vec::new();
        if let Some((text, said, seen)) = naming::grammar(&self.naming).contradiction {
            found.push((format!("{text}: lines {} and {}", line(said), line(seen)), vec![said, seen]));
        }
        if let Some((span, by)) = self.plan.cycle {
            let mut seen: Vec<Span> = Vec::new();
            for (other, at) in self.plan.cycles.iter().filter(|(other, _)| keys::apart(*other, span)) {
                if seen.contains(other) {
                    continue;
                }
                seen.push(*other);
                let text = format!(
                    "a release is due every {span} at line {} and every {other} at line {}",
                    line(by),
                    line(*at)
                );
                found.push((text, vec![by, *at]));
            }
            let phases: Vec<_> = self.plan.phases.iter().filter_map(|phase| phase.lasts).collect();
            if let Some(sum) = keys::sum(&phases, span) {
                let text =
                    format!("the phases add up to {sum}, while the cycle is {span} (line {})", line(by));
                found.push((text, vec![by]));
            }
        }
        self.phases_differ(document, &mut found);
        for (one, other) in self.outlets.twins() {
            let text = format!(
                "the channel is called {} at line {} and {} at line {}",
                one.name,
                line(one.by),
                other.name,
                line(other.by)
            );
            found.push((clean(&text), vec![one.by, other.by]));
        }
        found
    }

    /// Phases that take one time here and another there.
    fn phases_differ(&self, document: &Document, found: &mut Vec<(String, Vec<usize>)>) {
        let line = |at: usize| document.pieces.get(at).map_or(0, |piece| piece.lines.0);
        for phase in &self.plan.phases {
            let mut seen: Vec<Span> = Vec::new();
            for (other, at) in &phase.other {
                let (Some(lasts), Some(other)) = (phase.lasts, *other) else { continue };
                if !keys::apart(other, lasts) || seen.contains(&other) {
                    continue;
                }
                seen.push(other);
                let title = clean(&phase.title);
                let text = format!(
                    "{title:?} takes {lasts} at line {} and {other} at line {}",
                    line(phase.by),
                    line(*at)
                );
                found.push((text, vec![phase.by, *at]));
            }
        }
    }
}

/// How much a comment quotes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Fullness {
    /// Whole sentences.
    Whole,
    /// Their beginnings.
    Short,
    /// Lines alone.
    Lines,
}

/// The text that is being written.
pub(super) struct Out<'d> {
    pub document: &'d mut Document,
    pub text: String,
    pub fullness: Fullness,
    /// Whether optional tables become comments.
    bare: bool,
}

/// A text as a comment or a value can hold it: one line, nothing that moves a cursor or turns a line round.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' | '\r' => out.push(' '),
            c if forbidden(c) || c == '\u{feff}' => {
                let _ = write!(out, "⟨U+{:04X}⟩", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// A text as TOML writes it, on one line.
pub(super) fn quoted(text: &str) -> String {
    let text = clean(text);
    if text.contains(['\'', '"', '\\']) {
        // One form for all of them: the basic string, which never spans lines.
        return format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    }
    format!("\"{text}\"")
}

/// `line 4`, or `lines 4-6`.
pub(super) fn span(lines: (usize, usize)) -> String {
    if lines.0 == lines.1 { format!("line {}", lines.0) } else { format!("lines {}-{}", lines.0, lines.1) }
}

/// Numbers of lines in a row, at most 40 of them.
pub(super) fn numbers(lines: &[usize]) -> String {
    let shown: Vec<String> = lines.iter().take(40).map(usize::to_string).collect();
    let more = lines.len().saturating_sub(40);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

impl Out<'_> {
    /// A line of the file.
    pub fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A comment line.
    pub fn note(&mut self, text: &str) {
        let _ = writeln!(self.text, "{}", format!("# {}", clean(text)).trim_end());
    }

    /// A table that the process can do without.
    pub fn optional(&mut self, write: impl FnOnce(&mut Self)) {
        let before = self.text.len();
        write(self);
        if self.bare {
            let written = self.text.split_off(before);
            for line in written.lines() {
                let mark = if line.is_empty() || line.starts_with('#') { "" } else { "# " };
                let _ = writeln!(self.text, "{mark}{line}");
            }
        }
    }

    /// Cites a piece in a comment of its own.
    pub fn cite(&mut self, piece: usize) {
        self.cite_as(piece, "", "");
    }

    /// Cites a piece behind a word and an indent.
    pub fn cite_as(&mut self, piece: usize, indent: &str, word: &str) {
        let Some(it) = self.document.pieces.get_mut(piece) else { return };
        it.cited = true;
        let (lines, kind) = (span(it.lines), it.kind);
        let quote = it.quote.clone();
        let word = if word.is_empty() { String::new() } else { format!("{word}, ") };
        if self.fullness == Fullness::Lines {
            let _ = writeln!(self.text, "{indent}# {word}{lines}");
        } else if kind == Kind::Code && quote.contains('\n') {
            let _ = writeln!(self.text, "{indent}# {word}{lines}, code:");
            for line in quote.lines() {
                let _ = writeln!(self.text, "{indent}#   {}", clean(line).trim_end());
            }
        } else {
            let named = if matches!(kind, Kind::Sentence | Kind::Label) {
                String::new()
            } else {
                format!(", {}", kind.word())
            };
            let quote = self.cut(&quote);
            let _ = writeln!(self.text, "{indent}# {word}{lines}{named}: \"{quote}\"");
        }
    }

    /// A quote, as long as it may be.
    pub fn cut(&self, quote: &str) -> String {
        let most = if self.fullness == Fullness::Whole { 2000 } else { 80 };
        let quote = clean(quote);
        let count = quote.chars().count();
        if count <= most {
            return quote;
        }
        let start: String = quote.chars().take(most).collect();
        format!("{start}… ({} more characters)", count - most)
    }

    /// Names the lines at which a form is seen again.
    pub fn also(&mut self, form: &Form) {
        if let [_, rest @ ..] = form.also.as_slice()
            && !rest.is_empty()
        {
            self.note(&format!("also at line {}", numbers(rest)));
        }
    }

    /// The first line of a piece.
    pub fn at(&self, piece: usize) -> usize {
        self.document.pieces.get(piece).map_or(0, |piece| piece.lines.0)
    }
}

/// Writes the draft, and marks in the document what it cites.
pub(super) fn draft(document: &mut Document, parts: &Parts, fullness: Fullness, bare: bool) -> String {
    let grown: Grown = naming::grammar(&parts.naming);
    let mut out = Out { document, text: String::new(), fullness, bare };
    header(&mut out, parts);
    keys::title(&mut out, &parts.file);
    keys::branches(&mut out, parts);
    out.optional(|out| keys::more_branches(out, parts));
    keys::version(&mut out, &parts.naming, &grown);
    out.optional(|out| keys::support(out, parts));
    out.optional(|out| keys::streams(out, parts, &grown));
    out.optional(|out| keys::calendar(out, parts));
    out.optional(|out| tables::people(out, parts));
    out.optional(|out| tables::rules(out, parts));
    lists::stages(&mut out, parts, bare);
    out.optional(|out| lists::gates(out, parts));
    out.optional(|out| lists::artifacts(out, parts));
    out.optional(|out| lists::announcements(out, parts));
    out.optional(|out| lists::meetings(out, parts));
    lists::rest(&mut out, parts);
    out.text
}

fn header(out: &mut Out<'_>, parts: &Parts) {
    let (lines, written) = (out.document.lines, out.document.written.len());
    out.note(&format!(
        "A draft of a release process, made by `gonogo import` from {} ({lines} lines, {written} with text).",
        parts.file
    ));
    out.note(
        "Above each value stands the line it comes from; what nothing was made of is listed at the end.",
    );
    out.note("Nobody has checked it: change what is wrong, then run `gonogo check` on it.");
    if out.bare {
        out.note(
            "All but the checklist is a comment, because what the document says could not be put together.",
        );
    }
    let found = parts.contradictions(out.document);
    if !found.is_empty() {
        out.note("");
        out.note("The document contradicts itself:");
        for (text, pieces) in found {
            out.note(&format!("- {text}"));
            pieces.into_iter().for_each(|piece| out.mark(piece));
        }
    }
}

impl Out<'_> {
    /// Counts a piece as cited.
    pub fn mark(&mut self, piece: usize) {
        if let Some(piece) = self.document.pieces.get_mut(piece) {
            piece.cited = true;
        }
    }
}
