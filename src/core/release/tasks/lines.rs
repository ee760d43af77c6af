//! Task lines of an issue's text: which line is which item's, whether it is ticked, and ticks set in it, so that nothing
//! else of the text changes.
//!
//! A line belongs to the item that the comment in it names, `<!-- gonogo:item-id -->`, which GitHub does not show; one
//! without such a comment to the item whose text it has. Lines in fenced or indented code, in comments and in quotes
//! are no task list, whatever they look like.

use super::TaskTick;
use crate::release::text::shown;
use std::collections::BTreeMap;

/// Characters of an item's text that its line shows.
pub const TEXT: usize = 300;

/// The comment that says whose line it is.
#[must_use]
pub fn marker(item: &str) -> String {
    format!("<!-- gonogo:{item} -->")
}

/// The task line of an item.
#[must_use]
pub fn task_line(item: &str, text: &str, on: bool) -> String {
    format!("- [{}] {} {}", if on { 'x' } else { ' ' }, shown(text, TEXT), marker(item))
}

/// Where an item stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// On one line.
    Once {
        /// Whether it is ticked.
        on: bool,
        /// The byte of the letter in its brackets.
        at: usize,
        /// What the line says, where that is not the item's text.
        reworded: Option<String>,
    },
    /// On several lines, or its text is also another's: nobody can say which is meant.
    Twice,
    /// On none.
    Gone,
}

/// A task line.
struct Line<'a> {
    at: usize,
    on: bool,
    text: String,
    item: Option<&'a str>,
}

/// Where each item stands, given its id and its text.
#[must_use]
pub fn find<'i>(body: &str, items: &[(&'i str, &str)]) -> BTreeMap<&'i str, Found> {
    let lines = lines(body);
    let texts: Vec<String> = items.iter().map(|(_, text)| plain(&shown(text, TEXT))).collect();
    let named = |item: &str| lines.iter().filter(|line| line.item == Some(item)).collect::<Vec<_>>();
    let one = |(item, text): (&str, &String)| {
        let marked = named(item);
        let same = || lines.iter().filter(|line| line.item.is_none() && line.text == *text);
        let shared = texts.iter().filter(|it| *it == text).count() > 1;
        match &marked[..] {
            [line] => {
                let reworded = (line.text != *text).then(|| line.text.clone());
                Found::Once { on: line.on, at: line.at, reworded }
            }
            [_, ..] => Found::Twice,
            [] => match &same().collect::<Vec<_>>()[..] {
                [] => Found::Gone,
                [line] if !shared => Found::Once { on: line.on, at: line.at, reworded: None },
                _ => Found::Twice,
            },
        }
    };
    items.iter().zip(&texts).map(|((item, _), text)| (*item, one((item, text)))).collect()
}

/// A text with ticks set in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The text: but for the letters in the brackets it is what it was, byte for byte.
    pub body: String,
    /// How many letters changed.
    pub changed: usize,
    /// Items that have no line of their own.
    pub left: Vec<Box<str>>,
}

/// Sets ticks in a text.
#[must_use]
pub fn set(body: &str, ticks: &[TaskTick]) -> Edited {
    let items: Vec<_> = ticks.iter().map(|tick| (&*tick.item, tick.text.raw())).collect();
    let found = find(body, &items);
    let mut edited = Edited { body: body.to_owned(), changed: 0, left: vec![] };
    for tick in ticks {
        match found.get(&*tick.item) {
            Some(Found::Once { on, at, .. }) => {
                if *on != tick.on {
                    // One byte of ASCII in place of another.
                    edited.body.replace_range(*at..*at + 1, if tick.on { "x" } else { " " });
                    edited.changed += 1;
                }
            }
            Some(Found::Twice | Found::Gone) | None => edited.left.push(tick.item.clone()),
        }
    }
    edited
}

/// Every task line of a text.
fn lines(body: &str) -> Vec<Line<'_>> {
    let mut found = vec![];
    let mut block = Block::default();
    let mut start = 0;
    for line in body.split_inclusive('\n') {
        let text = line.trim_end_matches(['\n', '\r']);
        if block.shows(text)
            && let Some((mark, rest)) = task(text)
        {
            let on = matches!(text.as_bytes()[mark], b'x' | b'X');
            found.push(Line { at: start + mark, on, text: plain(rest), item: item(rest) });
        }
        start += line.len();
    }
    found
}

/// What the lines before say of the next.
#[derive(Default)]
struct Block {
    /// The fence that is open: its letter, and how many.
    fence: Option<(char, usize)>,
    /// What ends the HTML that is open.
    html: Option<&'static str>,
    /// Whether a list goes on.
    list: bool,
    blank: bool,
}

impl Block {
    /// Whether a line is shown as what it is, and not as code or not at all.
    fn shows(&mut self, line: &str) -> bool {
        let inner = line.trim_start();
        let indent = columns(&line[..line.len() - inner.len()]);
        if let Some(end) = self.html {
            if line.contains(end) {
                self.html = None;
            }
            return false;
        }
        let letter = inner.chars().next().filter(|c| matches!(c, '`' | '~'));
        let many = letter.map_or(0, |letter| inner.chars().take_while(|c| *c == letter).count());
        if let Some((open, long)) = self.fence {
            if letter == Some(open) && many >= long && inner[many..].trim().is_empty() {
                self.fence = None;
            }
            return false;
        }
        if let Some(letter) =
            letter.filter(|letter| many >= 3 && !(*letter == '`' && inner[many..].contains('`')))
        {
            self.fence = Some((letter, many));
            return false;
        }
        self.html = opened(inner);
        if inner.is_empty() {
            self.blank = true;
            return false;
        }
        // Four columns are code, but in a list they are what belongs to it.
        let code = indent >= 4 && !self.list;
        if !code && bullet(inner).is_some() {
            self.list = true;
        } else if indent == 0 && self.blank {
            self.list = false;
        }
        self.blank = false;
        !code
    }
}

/// What ends the comment or the raw HTML that a line leaves open.
fn opened(line: &str) -> Option<&'static str> {
    let open = |start: &str, end: &'static str| {
        let at = line.rfind(start)?;
        (!line[at..].contains(end)).then_some(end)
    };
    let low = line.to_ascii_lowercase();
    open("<!--", "-->").or_else(|| {
        let raw = [("<pre", "</pre>"), ("<script", "</script>"), ("<style", "</style>")];
        raw.into_iter().find(|(start, end)| low.starts_with(start) && !low.contains(end)).map(|(_, end)| end)
    })
}

fn columns(space: &str) -> usize {
    space.chars().fold(0, |at, c| if c == '\t' { at / 4 * 4 + 4 } else { at + 1 })
}

/// Where what follows the bullet or the number of a list's item begins.
fn bullet(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let long = match line.as_bytes().get(digits)? {
        b'-' | b'*' | b'+' if digits == 0 => 1,
        b'.' | b')' if (1..=9).contains(&digits) => digits + 1,
        _ => return None,
    };
    let rest = &line[long..];
    let inner = rest.trim_start_matches([' ', '\t']);
    (rest.len() > inner.len()).then_some(line.len() - inner.len())
}

/// The place of the letter in the brackets of a task line, and what stands after them.
fn task(line: &str) -> Option<(usize, &str)> {
    let inner = line.trim_start();
    let from = line.len() - inner.len() + bullet(inner)?;
    let brackets = line.as_bytes().get(from..from + 3)?;
    let rest = line.get(from + 3..)?;
    let is = brackets[0] == b'[' && matches!(brackets[1], b' ' | b'x' | b'X') && brackets[2] == b']';
    (is && rest.starts_with([' ', '\t']) && !rest.trim().is_empty()).then_some((from + 1, rest))
}

/// The item that the comment in a line names, the last where there are several.
fn item(line: &str) -> Option<&str> {
    let named = |rest: &'_ str| -> Option<usize> { rest.find("-->") };
    let mut found = None;
    for (at, start) in line.match_indices("<!--") {
        let rest = &line[at + start.len()..];
        let Some(end) = named(rest) else { continue };
        let said = rest[..end].trim().strip_prefix("gonogo:");
        found = said.filter(|id| !id.is_empty() && !id.contains(['=', ' '])).or(found);
    }
    found
}

/// What a line says: without comments, without the joiners that keep it from calling anybody, spaces as one.
fn plain(line: &str) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while let Some((before, after)) = rest.split_once("<!--") {
        out.push_str(before);
        let Some((_, after)) = after.split_once("-->") else {
            rest = "";
            break;
        };
        rest = after;
    }
    out.push_str(rest);
    let out = out.replace('\u{2060}', "");
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}
