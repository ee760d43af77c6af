//! HTML inside a document: its lists, checkboxes, headings and comments.

/// Names that are tags; anything else between angle brackets is a placeholder of the text.
pub(super) const KNOWN: [&str; 60] = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "col",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "picture",
    "pre",
    "s",
    "script",
    "section",
    "small",
    "source",
    "span",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tr",
    "ul",
];

/// Tags that end a run of text.
const BLOCKS: [&str; 28] = [
    "blockquote",
    "br",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "nav",
    "ol",
    "p",
    "section",
    "summary",
    "table",
    "td",
    "th",
    "tr",
    "ul",
];

/// Tags whose content is no text.
const SILENT: [&str; 4] = ["pre", "script", "style", "textarea"];

/// A run of text in HTML.
#[derive(Default, Debug)]
pub(super) struct Run {
    pub text: String,
    /// Where it starts and ends in the HTML, in bytes.
    pub at: (usize, usize),
    pub what: What,
    pub links: Vec<String>,
}

/// What a run of text is.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) enum What {
    #[default]
    Text,
    Heading(u8),
    /// An entry of a list, and whether it is numbered.
    Entry(bool),
    /// An entry with a checkbox, ticked or not.
    Task(bool),
    /// A task list of Markdown where none is read.
    Raw(bool),
    /// The summary of a part that folds.
    Summary,
    Comment,
    Code,
}

/// The runs of text of a block of HTML.
pub(super) fn scan(html: &str) -> Vec<Run> {
    let mut scan = Scan { html, runs: Vec::new(), run: Run::default(), lists: Vec::new(), silent: None };
    let mut at = 0;
    while let Some(rest) = html.get(at..).filter(|rest| !rest.is_empty()) {
        at += scan.step(rest, at);
    }
    scan.flush(html.len());
    scan.runs
}

struct Scan<'h> {
    html: &'h str,
    runs: Vec<Run>,
    run: Run,
    /// The lists that are open: whether each is numbered.
    lists: Vec<bool>,
    /// The tag whose content is no text.
    silent: Option<String>,
}

impl Scan<'_> {
    /// Takes one tag, comment, line end or stretch of text; gives how many bytes.
    fn step(&mut self, rest: &str, at: usize) -> usize {
        if rest.starts_with("<!--") {
            let len = rest.find("-->").map_or(rest.len(), |end| end + 3);
            self.flush(at);
            let text = rest[..len].trim_start_matches("<!--").trim_end_matches("-->").trim().to_owned();
            self.runs.push(Run { text, at: (at, at + len), what: What::Comment, links: Vec::new() });
            return len;
        }
        if let Some((name, end)) = tag_name(rest) {
            self.tag(&rest[..=end], &name, at);
            return end + 1;
        }
        if rest.starts_with('\n') {
            self.line_end(at);
            return 1;
        }
        let next = rest.char_indices().skip(1).find(|(_, c)| matches!(c, '<' | '\n'));
        let len = next.map_or(rest.len(), |(at, _)| at);
        if self.run.text.trim().is_empty() {
            let blank = rest[..len].len() - rest[..len].trim_start().len();
            self.run.at.0 = if self.run.what == What::Text { at + blank } else { self.run.at.0 };
        }
        self.run.text.push_str(&entities(&rest[..len]));
        len
    }

    /// A line of a list of Markdown ends with its line, and so does a line of code.
    fn line_end(&mut self, at: usize) {
        let raw = super::task::marker(self.run.text.trim_start());
        let next = self.html.get(at + 1..).unwrap_or_default().trim_start_matches([' ', '\t']);
        if self.silent.is_none() && (raw.is_some() || super::task::marker(next).is_some()) {
            self.flush(at);
        } else {
            self.run.text.push(if self.silent.is_some() { '\n' } else { ' ' });
        }
    }

    fn tag(&mut self, tag: &str, name: &str, at: usize) {
        let closes = tag.starts_with("</");
        if let Some(silent) = &self.silent {
            if closes && silent == name {
                self.run.what = What::Code;
                self.flush(at);
                self.silent = None;
            }
            return;
        }
        let lower = tag.to_ascii_lowercase();
        if SILENT.contains(&name) && !closes {
            self.flush(at);
            self.run.at.0 = at;
            self.silent = Some(name.to_owned());
            return;
        }
        if name == "input" && lower.contains("checkbox") {
            if !self.run.text.trim().is_empty() {
                self.flush(at);
            }
            self.run.at.0 = if self.run.what == What::Text { at } else { self.run.at.0 };
            self.run.what = What::Task(ticked(tag));
            return;
        }
        if matches!(name, "a" | "img") && !closes {
            self.run.links.extend(attribute(tag, "href").or_else(|| attribute(tag, "src")));
            return;
        }
        if !BLOCKS.contains(&name) {
            return;
        }
        self.flush(at);
        match (name, closes) {
            ("ul", false) => self.lists.push(false),
            ("ol", false) => self.lists.push(true),
            ("ul" | "ol", true) => drop(self.lists.pop()),
            ("li", false) => self.begin(What::Entry(self.lists.last().copied().unwrap_or(false)), at),
            ("summary", false) => self.begin(What::Summary, at),
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", false) => {
                self.begin(What::Heading(name.as_bytes().get(1).map_or(1, |digit| digit - b'0')), at);
            }
            _ => {}
        }
    }

    fn begin(&mut self, what: What, at: usize) {
        self.run = Run { what, at: (at, at), ..Run::default() };
    }

    fn flush(&mut self, end: usize) {
        let mut run = std::mem::take(&mut self.run);
        if run.what != What::Code {
            run.text = run.text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        if run.what == What::Text
            && let Some((done, skip)) = super::task::marker(&run.text)
        {
            run.what = What::Raw(done);
            run.text.drain(..skip);
        }
        if !run.text.is_empty() || !run.links.is_empty() || matches!(run.what, What::Task(_) | What::Raw(_)) {
            run.at.1 = end.max(run.at.0);
            self.runs.push(run);
        }
    }
}

/// The name of the tag that a text starts with, and where the tag ends.
fn tag_name(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix('<')?;
    inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/').then_some(())?;
    let name = inner.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric);
    let name = name.collect::<String>().to_ascii_lowercase();
    let known = [&KNOWN[..], &BLOCKS[..], &SILENT[..]].iter().any(|list| list.contains(&name.as_str()));
    known.then_some((name, text.find('>')?))
}

/// Whether a checkbox is ticked; people write `unchecked` as well.
pub(super) fn ticked(tag: &str) -> bool {
    let words = tag.split(|c: char| c.is_whitespace() || "=/>\"'".contains(c));
    words.into_iter().any(|word| word.eq_ignore_ascii_case("checked"))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.to_ascii_lowercase().find(&format!("{name}="))?;
    let rest = tag.get(at + name.len() + 1..)?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let value = match quote {
        Some(quote) => rest[1..].split(quote).next(),
        None => rest.split([' ', '>']).next(),
    };
    value.map(str::to_owned).filter(|value| !value.is_empty())
}

fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let pairs =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")];
    pairs.into_iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}
