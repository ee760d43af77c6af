//! Notes on record: what was drafted, what a person wrote, and which text a release takes.

use super::range::{Mark, Since, before};
use super::{Draft, MOST_BYTES, missing};
use crate::process::{Audience, Process};
use crate::release::Release;
use crate::release::ask::Refusal;
use crate::release::cut::What;
use crate::release::entry::Stamp;
use crate::release::fact::{self, Fact};
use crate::release::ids::{Oid, Repo, Tag};
use crate::release::text::{Untrusted, shown};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes that a text may take in a line of the journal, as JSON writes it.
const LINE: usize = 50 * 1024;
/// The same for the notes since the last candidate, which stand beside the others.
const BESIDE: usize = 6 * 1024;
/// Warnings of a range that are kept, and the characters of each.
const WARNINGS: (usize, usize) = (12, 240);

/// Notes were drafted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafted {
    /// The version.
    pub tag: Tag,
    /// The commit that they reach to.
    pub at: Oid,
    /// Who they are for.
    #[serde(default)]
    pub audience: Audience,
    /// By what they begin at: the one that a release takes first.
    pub parts: Vec<Part>,
}

/// Notes since a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it begins at.
    pub since: Since,
    /// Its tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Tag>,
    /// How many entries there are.
    pub count: usize,
    /// The text.
    pub text: Untrusted,
    /// What should be looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Untrusted>,
}

/// A person wrote notes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The version.
    pub tag: Tag,
    /// Who they are for.
    #[serde(default)]
    pub audience: Audience,
    /// The text; empty where what was written is taken back.
    pub text: Untrusted,
}

/// All notes on record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// The last draft of each version.
    pub drafts: BTreeMap<(Tag, Audience), Drafted>,
    /// What a person wrote last.
    pub written: BTreeMap<(Tag, Audience), Untrusted>,
}

/// Notes that are to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// The version.
    pub tag: Tag,
    /// The commit that they reach to.
    pub at: Oid,
    /// What they begin at.
    pub starts: Vec<(Since, Option<(Tag, Oid)>)>,
    /// The process.
    pub process: Arc<Process>,
    /// The repository on the forge.
    pub repo: Option<Repo>,
    /// The same for browsers.
    pub web: Option<String>,
}

impl Part {
    /// A draft as it is kept: within what a line of the journal holds.
    #[must_use]
    pub fn of(since: Since, from: Option<Tag>, draft: &Draft, is_first: bool) -> Self {
        let count = draft.sections.iter().map(|it| it.entries.len()).sum();
        let warnings = draft.warnings.iter().take(WARNINGS.0);
        let mut warnings: Vec<_> = warnings.map(|it| Untrusted::from(shown(it, WARNINGS.1))).collect();
        let text = fit(&draft.text, if is_first { LINE } else { BESIDE });
        if text.len() < draft.text.len() {
            warnings.insert(0, Untrusted::from("only the first lines are kept: gonogo notes prints all"));
        }
        Self { since, from, count, text: text.into(), warnings }
    }
}

/// As many whole lines of a text as fit when JSON writes them.
fn fit(text: &str, most: usize) -> String {
    let mut left = most;
    let mut kept = String::new();
    for line in text.split_inclusive('\n') {
        let cost = written_length(line);
        if cost > left {
            break;
        }
        left -= cost;
        kept.push_str(line);
    }
    kept
}

fn written_length(text: &str) -> usize {
    serde_json::to_string(text).map_or(usize::MAX, |it| it.len().saturating_sub(2))
}

impl Kept {
    /// Takes in what is on record.
    pub(crate) fn take(&mut self, fact: &fact::Notes) {
        match fact {
            fact::Notes::Drafted(it) => {
                self.drafts.insert((it.tag.clone(), it.audience), it.clone());
            }
            fact::Notes::Written(it) if it.text.is_empty() => {
                self.written.remove(&(it.tag.clone(), it.audience));
            }
            fact::Notes::Written(it) => {
                self.written.insert((it.tag.clone(), it.audience), it.text.clone());
            }
        }
    }

    /// What stands before a text is taken in.
    pub(crate) fn back(&self, it: &Written) -> Written {
        let text = self.written.get(&(it.tag.clone(), it.audience)).cloned().unwrap_or_default();
        Written { text, ..it.clone() }
    }

    /// What there is for a version: what a person wrote, else the draft.
    #[must_use]
    pub fn text(&self, tag: &Tag, audience: Audience) -> Option<&Untrusted> {
        let key = (tag.clone(), audience);
        let draft = || self.drafts.get(&key)?.parts.first().map(|part| &part.text);
        self.written.get(&key).or_else(draft)
    }
}

impl Release {
    /// The text for a version: written for it, written for the version that it is a candidate of, drafted for it,
    /// drafted for that version.
    #[must_use]
    pub fn notes_text(&self, tag: &Tag, audience: Audience) -> Option<&Untrusted> {
        let base = self.process.as_ref().and_then(|process| {
            let version = process.version.parse(tag.as_str()).ok()?;
            Tag::parse(&process.version.tag(&version.base())).ok()
        });
        let tags: Vec<&Tag> = std::iter::once(tag).chain(base.as_ref().filter(|base| *base != tag)).collect();
        let written = |tag: &&Tag| self.notes.written.get(&((*tag).clone(), audience));
        let found = tags.iter().find_map(written);
        let drafted = || tags.iter().find_map(|tag| self.notes.text(tag, audience));
        found.or_else(drafted).or_else(|| self.notes.text(&self.last_told(tag, audience)?, audience))
    }

    /// The newest candidate of a final version that has notes: until the version has its own, they are its.
    fn last_told(&self, tag: &Tag, audience: Audience) -> Option<Tag> {
        let process = self.process.as_ref()?;
        let version = process.version.parse(tag.as_str()).ok().filter(|it| it.base() == *it)?;
        let told = self.notes.written.keys().chain(self.notes.drafts.keys());
        let ours = told.filter(|(_, whose)| *whose == audience).filter_map(|(tag, _)| {
            let of = process.version.parse(tag.as_str()).ok()?;
            (of.base() == version).then_some((of, tag))
        });
        ours.max_by(|a, b| a.0.cmp(&b.0)).map(|(_, tag)| tag.clone())
    }

    /// The sections that the process asks for and that the text for everybody does not have.
    pub fn notes_lack(&self, text: &Untrusted) -> Vec<String> {
        let Some(process) = &self.process else { return vec![] };
        missing(process, Audience::External, text.raw()).into_iter().map(|it| shown(it, 80)).collect()
    }

    /// What notes of a tag would be made of; without a tag, of what is cut next.
    ///
    /// # Errors
    /// Why there is nothing to make them of.
    pub fn notes_order(&self, tag: Option<&Tag>, stamp: &Stamp) -> Result<Order, Refusal> {
        let refuse = |why: &str| Refusal::new("draft notes", self.name().to_string(), why);
        let process = self.process.clone().ok_or_else(|| refuse("no process is known"))?;
        let row = tag
            .or_else(|| self.final_tag().map(|row| &row.tag))
            .and_then(|tag| self.candidates.tags.get(tag));
        let (tag, at, tagged) = match row {
            Some(row) => (row.tag.clone(), row.oid, row.at),
            None => {
                let ready = self
                    .ready_to_cut(What::Candidate, stamp.now)
                    .or_else(|_| self.ready_to_cut(What::Final, stamp.now))?;
                (ready.tag, ready.at, None)
            }
        };
        let version = process.version.parse(tag.as_str());
        let version = version.map_err(|why| refuse(&why.to_string()))?;
        let marks: Vec<Mark> =
            self.classes().map(|(class, row)| Mark { class, at: row.oid, tagged: row.at }).collect();
        let (candidate, last) = before(&version, tagged, &marks);
        let named = |mark: &Mark| Some((Tag::parse(&mark.class.tag).ok()?, mark.at));
        let first = last.map_or((Since::Start, None), |mark| (Since::Final, named(mark)));
        let starts: Vec<_> =
            [first].into_iter().chain(candidate.map(|mark| (Since::Candidate, named(mark)))).collect();
        let opened = self.opened.as_ref();
        let repo = opened.and_then(|opened| opened.repo.clone());
        let host = opened.and_then(|opened| opened.host.as_deref()).filter(|host| {
            host.contains('.') && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c))
        });
        let web = host.zip(repo.as_ref()).map(|(host, repo)| format!("https://{host}/{}", repo.as_str()));
        Ok(Order { tag, at, starts, process, repo, web })
    }

    pub(crate) fn decide_written(&self, it: Written) -> Result<Fact, Refusal> {
        let refuse = |why: String| Refusal::new("write notes", it.tag.line(), why);
        let bytes = it.text.raw().len();
        if it.text.raw().trim().is_empty() {
            return Err(refuse("they are empty".to_owned()));
        }
        if bytes > MOST_BYTES || written_length(it.text.raw()) > LINE {
            let why = format!("they take {bytes} bytes, and at most {MOST_BYTES} are kept");
            return Err(refuse(why).hint("shorten them, and link to the rest"));
        }
        Ok(it.into())
    }
}
