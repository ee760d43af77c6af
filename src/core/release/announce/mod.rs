//! Announcements: what is said where, what was said, and that it is said once.

mod draft;
mod issue;
mod limits;
mod text;
mod told;

pub use draft::Letter;
pub use limits::{Measure, measure};
pub use text::{blanks, fill, preview, tame};
pub use told::{Announcements, Mark, Told, Underway};

use super::ask::Refusal;
use super::entry::Entry;
use super::errand::{CommentIssue, Errand, Outcome, Status};
use super::ids::{IssueKey, OpId, Repo, Tag};
use super::log::About;
use super::poll::Reading;
use super::text::{Untrusted, shown};
use super::words::Words;
use super::{Fact, Release, fact};
use crate::process::{Of, Venue};
use serde::{Deserialize, Serialize};

/// What a webhook belongs to, and so the shape of what is posted to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// An incoming webhook of Slack.
    Slack,
    /// A webhook of Discord.
    Discord,
    /// A workflow of Teams that begins when a webhook request is received.
    Teams,
    /// Anything that takes JSON.
    Webhook,
    /// The user's own mailer.
    Mail,
    /// A file.
    File,
    /// A comment on an issue of the forge.
    Issue,
    /// A discussion on the forge.
    Discussion,
    /// The text of the release on the forge, below what is there.
    Release,
}

impl Via {
    /// The shape of what is posted for a venue; none where a person writes, or the forge does.
    #[must_use]
    pub fn of(venue: &Venue) -> Option<Self> {
        match venue {
            Venue::Slack(_) => Some(Self::Slack),
            Venue::Discord(_) => Some(Self::Discord),
            Venue::Teams(_) => Some(Self::Teams),
            Venue::Webhook(_) | Venue::Twitter(_) | Venue::Forum(_) | Venue::Mail(_) => Some(Self::Webhook),
            Venue::TrackingIssue | Venue::Discussion(_) | Venue::Release | Venue::Clipboard => None,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Slack => "Slack",
            Self::Discord => "Discord",
            Self::Teams => "Teams",
            Self::Webhook => "the webhook",
            Self::Mail => "mail",
            Self::File => "a file",
            Self::Issue => "an issue",
            Self::Discussion => "a discussion",
            Self::Release => "the release on GitHub",
        }
    }
}

/// Posts an announcement to a webhook, whose address the user's own configuration knows and no journal does. It is
/// never posted again by itself: nobody can look whether it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announce {
    /// The announcement's id in the process, by which its address is known.
    pub id: Box<str>,
    /// The shape of what is posted.
    pub via: Via,
    /// Where it is read, as the process says: `Slack #announcements`.
    pub to: Untrusted,
    /// What is said, in full.
    pub text: Untrusted,
    /// The release in a few words.
    pub title: Untrusted,
    /// The version.
    pub version: Untrusted,
    /// The tag.
    pub tag: Untrusted,
    /// Where the notes are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Untrusted>,
    /// The title of the thread that it opens, for a webhook of a Discord forum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Untrusted>,
    /// Whether it is for the project or company alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub internal: bool,
    /// The issue that it is a comment on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<IssueKey>,
    /// The thread of Discord that it is posted into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_id: Option<Box<str>>,
    /// The repository of a discussion, or of a release whose text it goes below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repo: Option<Repo>,
    /// The category of a discussion, by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Untrusted>,
    /// Whether it is about the candidate that `tag` names, and so made again for the next one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub candidate: bool,
}

impl Announce {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        let (id, to) = (shown(&self.id, 60), shown(self.to.raw(), 100));
        let internal = if self.internal { ", internal" } else { "" };
        let thread =
            self.thread.as_ref().map_or(String::new(), |it| format!(", as the thread {}", it.line()));
        let thread = match &self.thread_id {
            Some(id) => format!(", in the thread {}", shown(id, 30)),
            None => thread,
        };
        let by = match (self.via, &self.issue) {
            (Via::Mail, _) => ", by your mailer".to_owned(),
            (Via::File, _) => ", as a file".to_owned(),
            (Via::Issue, Some(issue)) => format!(", {issue}"),
            (Via::Discussion | Via::Release, _) => {
                self.repo.as_ref().map_or(String::new(), |repo| format!(", {}", repo.as_str()))
            }
            _ => String::new(),
        };
        let count = self.text.raw().chars().count();
        format!("announce {id} on {to}{internal}{thread}{by}: {count} characters")
    }

    /// What people will read, line by line, below what it sets off.
    #[must_use]
    pub fn preview(&self) -> Vec<String> {
        let warns = match self.via {
            Via::Mail => Some("mail is not taken back: everybody on the list gets it"),
            Via::Issue => Some("everybody who follows the issue is told"),
            Via::Discussion => Some("everybody who watches the repository's discussions is told"),
            Via::Release => Some("it is written below the text of the release, which stays as it is"),
            Via::Slack | Via::Discord | Via::Teams | Via::Webhook | Via::File => None,
        };
        warns.map(str::to_owned).into_iter().chain(text::preview(self.text.raw())).collect()
    }

    /// Whether the forge carries it out.
    #[must_use]
    pub fn is_of_forge(&self) -> bool {
        self.comment().is_some()
            || (matches!(self.via, Via::Discussion | Via::Release) && self.repo.is_some())
    }

    /// The comment that it is, where the forge carries it out.
    #[must_use]
    pub fn comment(&self) -> Option<Errand> {
        let target = self.issue.clone().filter(|_| self.via == Via::Issue)?;
        Some(Errand::CommentIssue(CommentIssue { target, text: self.text.clone() }))
    }
}

/// A person says that an announcement was made, or takes that back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vouched {
    /// The announcement's id in the process.
    pub id: Box<str>,
    /// Whether it was made.
    pub on: bool,
    /// Where it is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Untrusted>,
    /// What was copied for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Untrusted>,
    /// The tag of the candidate that it is about, where it is made for each one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate: Option<Untrusted>,
}

/// How an address that the user's configuration knows is posted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Route {
    /// Whether the webhook belongs to a Discord forum, where each message opens a thread.
    pub thread: bool,
    /// By what it goes out.
    pub by: By,
}

/// By what an announcement goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// A webhook, or the forge.
    #[default]
    Webhook,
    /// The user's own mailer.
    Mailer,
    /// A file.
    File,
}

impl Release {
    /// What is on record of an announcement, when it was made: of one about candidates, for the newest of them.
    #[must_use]
    pub fn told(&self, id: &str) -> Option<&Told> {
        let candidate = match self.is_about_candidates(id) {
            true => Some(self.candidates_so_far().last()?.1.tag.clone()),
            false => None,
        };
        self.announcements.made(id, candidate.as_ref().map(Tag::as_str))
    }

    fn is_about_candidates(&self, id: &str) -> bool {
        let process = self.process.iter().flat_map(|process| &process.announcements);
        process.into_iter().any(|it| it.id == id && it.of == Of::Candidate)
    }

    /// Whether an announcement is under way.
    #[must_use]
    pub fn announcing(&self, id: &str) -> Option<Underway> {
        let is = |errand: &Errand| matches!(errand, Errand::Announce(it) if *it.id == *id);
        if let Some(open) = self.outbox.open.values().find(|open| is(&open.errand)) {
            return Some(if open.in_doubt { Underway::InDoubt } else { Underway::Going });
        }
        let waits = self.outbox.plans.iter().any(|plan| plan.waiting.iter().any(|step| is(&step.errand)));
        waits.then_some(Underway::Going)
    }

    /// Takes in how posting ended, while its errand is still open.
    pub(crate) fn take_announced(&mut self, op: &OpId, outcome: &Outcome, entry: &Entry) {
        let Some(Errand::Announce(it)) = self.outbox.open.get(op).map(|open| open.errand.clone()) else {
            return;
        };
        if outcome.status == Status::Ok {
            let link = ["link", "url", "comment"].iter().find_map(|name| outcome.after.get(*name)).cloned();
            let mark = Mark { at: entry.ts, by: entry.by.clone(), link, text: Some(it.text) };
            let candidate = Some(it.tag).filter(|_| it.candidate);
            self.announcements.0.entry((it.id, candidate)).or_default().sent = Some(mark);
        }
    }

    /// Takes in that a person vouches for an announcement.
    pub(crate) fn take_vouched(&mut self, fact: &Vouched, entry: &Entry) {
        let told = self.announcements.0.entry((fact.id.clone(), fact.candidate.clone())).or_default();
        let (link, text) = (fact.link.clone(), fact.text.clone());
        let mark = Mark { at: entry.ts, by: entry.by.clone(), link, text };
        told.vouched = fact.on.then_some(mark);
    }

    /// The fact that takes back what a person vouched for.
    pub(crate) fn vouched_before(&self, fact: &Vouched) -> Fact {
        let key = (fact.id.clone(), fact.candidate.clone());
        let before = self.announcements.0.get(&key).and_then(|told| told.vouched.as_ref());
        Vouched {
            id: fact.id.clone(),
            on: before.is_some(),
            link: before.and_then(|mark| mark.link.clone()),
            text: before.and_then(|mark| mark.text.clone()),
            candidate: fact.candidate.clone(),
        }
        .into()
    }

    pub(crate) fn announcement_words(&self, fact: &fact::Announcements) -> (About, Words) {
        let fact::Announcements::Vouched(it) = fact;
        let what = if it.on { "announced" } else { "not announced after all:" };
        let at = it.link.as_ref().map_or(String::new(), |link| format!(", {}", link.line()));
        (About::Checklist, Words::about(format!("{what} {}{at}", self.announcement_title(&it.id)), &*it.id))
    }

    /// The title of an announcement, or its id.
    #[must_use]
    pub fn announcement_title(&self, id: &str) -> String {
        let known =
            self.process.as_ref().and_then(|process| process.announcements.iter().find(|it| it.id == id));
        let title = known.map(|it| shown(&it.title, 80)).filter(|title| !title.is_empty());
        title.unwrap_or_else(|| shown(id, 80))
    }

    /// What an item says whose announcement must be made.
    pub(crate) fn read_announced(&self, id: &str) -> Reading {
        if let Some((told, mark)) = self.told(id).and_then(|told| Some((told, told.mark()?))) {
            let link = told.link();
            let link = link.map_or(String::new(), |link| format!(", {}", shown(link.raw(), 200)));
            return Reading::go(format!("{} by {}{link}", draft::when(mark.at), shown(&mark.by, 40)));
        }
        Reading::hold(match self.announcing(id) {
            Some(Underway::InDoubt) => "it may have been posted: look there, then gu says whether it was",
            Some(Underway::Going) => "it is on its way",
            None => "no announcement is on record",
        })
    }

    /// A person says that an announcement was made.
    pub(crate) fn decide_vouch(
        &self,
        id: Box<str>,
        link: Option<Untrusted>,
        text: Option<Untrusted>,
    ) -> Result<Fact, Refusal> {
        let refuse = |why: &str| Refusal::new("say that it was announced", self.announcement_title(&id), why);
        let link = link.filter(|link| !link.raw().trim().is_empty());
        let link = link.map(|link| Untrusted::from(link.raw().trim()));
        let plain = |link: &Untrusted| {
            let raw = link.raw();
            let scheme = raw.starts_with("https://") || raw.starts_with("http://");
            scheme && raw.len() <= 2048 && raw.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if link.as_ref().is_some_and(|link| !plain(link)) {
            return Err(refuse("this is no link").hint("paste the address that a browser shows: https://…"));
        }
        if self.told(&id).is_none() {
            self.may_announce(&id)?;
        } else if link.is_none() {
            return Err(refuse("it is on record already"));
        }
        let newest = || self.candidates_so_far().last().map(|(_, row)| Untrusted::from(row.tag.as_str()));
        let candidate = if self.is_about_candidates(&id) { newest() } else { None };
        Ok(Vouched { id, on: true, link, text, candidate }.into())
    }

    /// How many of the announcements of this release that must be made are made, and how many there are.
    #[must_use]
    pub fn announced_so_far(&self) -> (usize, usize) {
        let Some(process) = self.process.as_deref() else { return (0, 0) };
        let stream = self.stream().map(|stream| stream.id.as_str()).unwrap_or_default();
        let wanted: Vec<_> = process
            .announcements
            .iter()
            .filter(|it| it.required && crate::process::applies(&it.streams, stream))
            .collect();
        (wanted.iter().filter(|it| self.told(&it.id).is_some()).count(), wanted.len())
    }
}

/// The name of a venue: `Slack #announcements`.
#[must_use]
pub fn venue(to: &Venue) -> String {
    let named = |what: &str, name: &str| format!("{what} {}", shown(name, 80));
    match to {
        Venue::Discord(name) => named("Discord", name),
        Venue::Slack(name) => named("Slack", name),
        Venue::Teams(name) => named("Teams", name),
        Venue::Twitter(name) => named("X", name),
        Venue::Forum(name) => named("forum", name),
        Venue::Mail(name) => named("mail to", name),
        Venue::Webhook(name) => named("webhook", name),
        Venue::Discussion(name) => named("discussion in", name),
        Venue::TrackingIssue => "the tracking issue".to_owned(),
        Venue::Release => "the release on GitHub".to_owned(),
        Venue::Clipboard => "the clipboard".to_owned(),
    }
}
