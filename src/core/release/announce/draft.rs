//! What an announcement says, and the plan that posts it; or why it cannot be said yet.

use super::text::{blanks, fill, tame};
use super::{Announce, By, Route, Underway, Via, measure, venue};
use crate::process::{Announcement, Audience, Of, Process, Venue, applies};
use crate::release::Release;
use crate::release::ask::Refusal;
use crate::release::draft::LONGEST;
use crate::release::entry::Stamp;
use crate::release::errand::Errand;
use crate::release::plan::{Danger, Plan, Step};
use crate::release::text::{Untrusted, shown};
use crate::version::Version;
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// An announcement, ready to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What is said, in full.
    pub text: Untrusted,
    /// The release in a few words.
    pub title: String,
    /// The version.
    pub version: String,
    /// The tag.
    pub tag: String,
    /// Where the notes are, when they are somewhere.
    pub link: Option<String>,
    /// Where it is read.
    pub to: String,
}

/// What a person filled in: names of fields and their texts.
pub type Fields = [(Box<str>, Untrusted)];

/// What a person filled in for a field.
type Field<'a, 'f> = &'a dyn Fn(&str) -> Option<&'f str>;

/// What is asked for, as refusals say it.
const ASK: &str = "announce";

impl Release {
    fn announcement(&self, id: &str) -> Result<(Arc<Process>, Announcement), Refusal> {
        let found = self.process.as_ref().and_then(|process| {
            let it = process.announcements.iter().find(|it| it.id == id)?;
            Some((process.clone(), it.clone()))
        });
        found.ok_or_else(|| Refusal::new(ASK, shown(id, 80), "the process has no such announcement"))
    }

    /// The fields that a person must fill in before an announcement may be made, in order.
    ///
    /// # Errors
    /// Why it may not be made now.
    pub fn may_announce(&self, id: &str) -> Result<Vec<String>, Refusal> {
        let (process, it) = self.announcement(id)?;
        let refuse = |why: String| Refusal::new(ASK, self.announcement_title(id), why);
        let stream = self.stream().map(|stream| stream.id.clone()).unwrap_or_default();
        if !applies(&it.streams, &stream) {
            return Err(refuse(format!("it does not belong to a {} release", shown(&stream, 40))));
        }
        match self.announcing(id) {
            Some(Underway::InDoubt) => {
                let why =
                    "it may have been posted: its reply was lost, and it is never posted twice by itself";
                return Err(refuse(why.to_owned()).hint("look there, then gu says whether it happened"));
            }
            Some(Underway::Going) => return Err(refuse("it is on its way".to_owned())),
            None => {}
        }
        if let Some(mark) = self.told(id).and_then(|told| told.mark()) {
            let why = format!("it was made already, {} by {}", when(mark.at), shown(&mark.by, 40));
            let once = if it.of == Of::Candidate { "for each candidate" } else { "in a release" };
            return Err(refuse(why).hint(format!("it is made once {once}")));
        }
        for needed in it.uses.iter().chain(&it.thread_of).chain(&it.copy_of) {
            let title = self.announcement_title(needed);
            if self.told(needed).is_none() {
                let hint = "the process puts it first: make it, and come back";
                return Err(refuse(format!("it uses {title}, which was not made yet")).hint(hint));
            }
            let inner = process.announcements.iter().find(|other| other.id == *needed);
            let leaks = inner.is_some_and(|other| other.audience == Audience::Internal);
            if leaks && it.audience == Audience::External {
                return Err(refuse(format!("it is for everybody, and {title} is internal")));
            }
        }
        if it.copy_of.is_some() {
            return Ok(vec![]);
        }
        Ok(it.fields)
    }

    /// What an announcement says.
    ///
    /// # Errors
    /// Why it cannot be said: the field or link that is missing, or the length that it has.
    pub fn letter(&self, id: &str, fields: &Fields, now: DateTime<Utc>) -> Result<Letter, Refusal> {
        let wanted = self.may_announce(id)?;
        let (process, it) = self.announcement(id)?;
        let refuse = |why: String| Refusal::new(ASK, self.announcement_title(id), why);
        let field = |name: &str| {
            let given = fields.iter().find(|(known, _)| **known == *name).map(|(_, text)| text.raw().trim());
            given.filter(|text| !text.is_empty())
        };
        if let Some(name) = wanted.iter().find(|name| field(name).is_none()) {
            return Err(refuse(format!("the field “{}” is not filled in", shown(name, 60))));
        }
        let (tag, version) = self.announced(&process, it.of).map_err(&refuse)?;
        let text = self.said(&it, (&tag, &version), (&wanted, &field), now)?;
        let text = tame(&text);
        if text.trim().is_empty() {
            let refusal = refuse("it says nothing: the process gives it no template".to_owned());
            return Err(refusal.hint("write template = \"…\" under its [[announcements]]"));
        }
        if let Some(length) = measure(&it.to, &text).filter(|length| length.is_over()) {
            let why = format!(
                "it has {} {}, and {} takes {}",
                length.count,
                length.unit,
                venue(&it.to),
                length.most
            );
            return Err(refuse(why).hint("shorten what is filled in, or the template"));
        }
        Ok(Letter {
            text: Untrusted::from(text),
            title: self.release_title(&tag),
            link: self.notes_url(&tag, &version).ok(),
            version: version.to_string(),
            tag,
            to: venue(&it.to),
        })
    }

    /// The tag and version that an announcement is about: of this release, or of its newest candidate.
    fn announced(&self, process: &Process, of: Of) -> Result<(String, Version), String> {
        let version = self.version().ok_or("the version of this release is not known")?;
        if of == Of::Final {
            return Ok((process.version.tag(&version), version));
        }
        let candidates = self.candidates_so_far();
        let (number, row) = candidates.last().ok_or("it is about a candidate, and none is tagged yet")?;
        let version = process.version.candidate(&version, *number).map_err(|why| why.to_string())?;
        Ok((row.tag.as_str().to_owned(), version))
    }

    /// The thread of Discord that an announcement goes into, from the link of the one that opened it.
    fn thread(&self, it: &Announcement) -> Result<Option<Box<str>>, String> {
        let Some(of) = &it.thread_of else { return Ok(None) };
        let title = self.announcement_title(of);
        let link = self.told(of).and_then(|told| told.link());
        let link =
            link.ok_or_else(|| format!("the link of {title} is not known: X on its item asks for it"))?;
        let id = thread_in(link.raw());
        id.map(|id| Some(id.into())).ok_or_else(|| format!("the link of {title} names no thread of Discord"))
    }

    /// The text before it is tamed: that of another announcement, or the template filled in, and below it what a person
    /// filled in that the template does not name.
    fn said<'f>(
        &self,
        it: &Announcement,
        about: (&str, &Version),
        (wanted, field): (&[String], Field<'_, 'f>),
        now: DateTime<Utc>,
    ) -> Result<String, Refusal> {
        let refuse = |why: String| Refusal::new(ASK, self.announcement_title(&it.id), why);
        if let Some(of) = &it.copy_of {
            let copied = self.told(of).and_then(|told| told.text());
            let missing = || refuse(format!("what {} said is not on record", self.announcement_title(of)));
            return copied.map(|text| text.raw().to_owned()).ok_or_else(missing);
        }
        let value = |name: &str| self.blank(name, it, about, now, field).map_err(refuse);
        let mut text = fill(&it.template, &value)?;
        let named = blanks(&it.template);
        for name in wanted.iter().filter(|name| !named.contains(&&*format!("field:{name}"))) {
            let said = field(name).unwrap_or_default();
            text.push_str(&format!("{}{name}: {said}", if text.is_empty() { "" } else { "\n" }));
        }
        Ok(text)
    }

    /// What stands for a name in braces.
    fn blank<'f>(
        &self,
        name: &str,
        it: &Announcement,
        (tag, version): (&str, &Version),
        now: DateTime<Utc>,
        field: Field<'_, 'f>,
    ) -> Result<String, String> {
        if let Some(name) = name.strip_prefix("field:") {
            let text = field(name).map(str::to_owned);
            return text.ok_or_else(|| format!("the field “{}” is not filled in", shown(name, 60)));
        }
        if let Some(of) = name.strip_prefix("link:") {
            let used = it.uses.iter().any(|id| id == of);
            let link = self.told(of).filter(|_| used).and_then(|told| told.link());
            return link.map(|link| link.raw().to_owned()).ok_or_else(|| {
                let title = self.announcement_title(of);
                format!("the link of {title} is not known: X on its item asks for it")
            });
        }
        Ok(match name {
            "tag" => tag.to_owned(),
            "version" => version.to_string(),
            "major" => version.major().to_string(),
            "minor" => version.minor().to_string(),
            "patch" => version.patch().to_string(),
            "title" => self.release_title(tag),
            "notes_url" => self.notes_url(tag, version)?,
            "previous" => match self.last_final() {
                Some((_, row)) => row.tag.as_str().to_owned(),
                None => return Err("{previous} is not known: there is no final version before".to_owned()),
            },
            "date" => now.format("%Y-%m-%d").to_string(),
            other => return Err(format!("{{{}}} is nothing that gonogo knows", shown(other, 60))),
        })
    }

    /// The release in a few words: its title on the forge, else its tag.
    fn release_title(&self, tag: &str) -> String {
        let found = self.candidates.releases.values().find(|it| it.tag.raw() == tag && !it.draft);
        let name = found.and_then(|it| it.name.as_ref()).filter(|name| !name.raw().trim().is_empty());
        name.map_or_else(|| shown(tag, 100), |name| shown(name.raw(), 100))
    }

    /// Where the notes are: where the process keeps them, else the release that is published on the forge.
    fn notes_url(&self, tag: &str, version: &Version) -> Result<String, String> {
        let kept = self.process.as_ref().and_then(|process| process.notes.kept_at.clone());
        // Only final versions have notes of their own there.
        if let Some(kept) = kept.filter(|_| version.is_final()) {
            return Ok(crate::release::cut::filled(&kept, tag, version));
        }
        let published = self.candidates.releases.values().any(|it| it.tag.raw() == tag && !it.draft);
        let opened = self.opened.as_ref().and_then(|it| Some((it.host.as_ref()?, it.repo.as_ref()?)));
        match opened {
            Some((host, repo)) if published => {
                Ok(format!("https://{}/{}/releases/tag/{}", host, repo.as_str(), percent(tag)))
            }
            _ => Err("{notes_url} is not known: the release is not published yet".to_owned()),
        }
    }

    /// The plan that posts an announcement.
    pub(crate) fn draft_announcement(
        &self,
        id: &str,
        fields: &Fields,
        route: Route,
        stamp: &Stamp,
    ) -> Result<Plan, Refusal> {
        let letter = self.letter(id, fields, stamp.now)?;
        let (_, it) = self.announcement(id)?;
        let refuse = |why: &str| Refusal::new(ASK, self.announcement_title(id), why);
        let issue = self.tracking_issue().filter(|_| it.to == Venue::TrackingIssue);
        let repo = self.opened.as_ref().and_then(|opened| opened.repo.clone());
        let via = way(&it.to, route, issue.is_some(), repo.is_some());
        let Some(via) = via else {
            return Err(refuse("nothing is posted there by a webhook"));
        };
        let on_forge = matches!(via, Via::Discussion | Via::Release);
        if via == Via::Issue || on_forge {
            self.may_write(ASK, "")?;
        }
        let thread_id = self.thread(&it).map_err(|why| refuse(&why))?.filter(|_| via == Via::Discord);
        let thread =
            (route.thread && via == Via::Discord && thread_id.is_none()).then(|| shown(&letter.title, 99));
        let errand = Errand::Announce(Announce {
            id: id.into(),
            via,
            to: Untrusted::from(letter.to.as_str()),
            text: letter.text,
            title: Untrusted::from(letter.title),
            version: Untrusted::from(letter.version),
            tag: Untrusted::from(letter.tag),
            link: letter.link.map(Untrusted::from),
            thread: thread.map(Untrusted::from),
            internal: it.audience == Audience::Internal,
            issue: issue.filter(|_| via == Via::Issue),
            thread_id,
            repo: repo.filter(|_| on_forge),
            category: match &it.to {
                Venue::Discussion(name) if via == Via::Discussion => Some(Untrusted::from(name.as_str())),
                _ => None,
            },
            candidate: it.of == Of::Candidate,
        });
        let title = format!("Announce {} on {}", self.announcement_title(id), letter.to);
        let steps = vec![Step::new(stamp.op(1), errand)];
        if serde_json::to_string(&steps).map_or(usize::MAX, |json| json.len()) > LONGEST {
            return Err(refuse("it is longer than a line of the journal takes"));
        }
        Ok(Plan { id: stamp.op(0), title, steps, danger: Danger::Lasting, trust: false, cut: None })
    }
}

/// By what an announcement goes out.
fn way(to: &Venue, route: Route, is_tracked: bool, is_on_forge: bool) -> Option<Via> {
    match (route.by, to) {
        (By::Mailer, _) => Some(Via::Mail),
        (By::File, _) => Some(Via::File),
        (By::Webhook, Venue::TrackingIssue) if is_tracked => Some(Via::Issue),
        (By::Webhook, Venue::Discussion(_)) if is_on_forge => Some(Via::Discussion),
        (By::Webhook, Venue::Release) if is_on_forge => Some(Via::Release),
        (By::Webhook, to) => Via::of(to),
    }
}

/// The thread that a link of Discord is about: `https://discord.com/channels/SERVER/THREAD`, and the message below it.
fn thread_in(link: &str) -> Option<&str> {
    let rest = ["https://discord.com/channels/", "https://discordapp.com/channels/"];
    let rest = rest.iter().find_map(|start| link.strip_prefix(start))?;
    let id = rest.split(['/', '?', '#']).nth(1)?;
    let number = (1..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
    number.then_some(id)
}

/// A time in words.
pub(super) fn when(at: DateTime<Utc>) -> String {
    at.format("%-d %b %H:%M UTC").to_string()
}

/// A text as one segment of an address.
fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
