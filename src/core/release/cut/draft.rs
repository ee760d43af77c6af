//! The plans of cutting: what is written where, in which order, before anything leaves.

use super::ready::{FILES, Ready, What};
use super::{BumpVersion, DispatchWorkflow, DraftRelease, PublishRelease, PushTag, Signing, TagVersion};
use crate::process::{Act, Audience, EditsFor, FinalFrom, Item, OnForge, Process};
use crate::release::Release;
use crate::release::ask::Refusal;
use crate::release::entry::Stamp;
use crate::release::errand::Errand;
use crate::release::ids::{Oid, OpId, Repo, Tag};
use crate::release::picks::PushPicks;
use crate::release::plan::{Danger, Plan, Step};
use crate::release::text::{Untrusted, shown};
use crate::version::{Edit, Place, TagKind, Version, classify};
use std::collections::BTreeMap;

/// Most lines of notes that go into the list of changes.
const NOTES: usize = 4000;

impl Release {
    /// The plan that cuts a candidate or the final version.
    pub(crate) fn draft_cut(&self, what: What, stamp: &Stamp) -> Result<Plan, Refusal> {
        let ready = self.ready_to_cut(what, stamp.now)?;
        let ask = format!("cut {}", ready.tag.line());
        let open: Vec<_> = ready.open().collect();
        if let Some(first) = open.first() {
            let more = if open.len() > 1 { format!(", and {} more", open.len() - 1) } else { String::new() };
            let why = format!("{} is {}: {}{more}", first.title, first.verdict.word(), first.reason);
            let hint = match first.gate.as_deref() {
                Some(crate::release::set::ORDER) => {
                    "cut the lower one first, or waive the order with a reason: w in RC"
                }
                Some(_) => "settle it, or waive it with a reason: w in Overview",
                None if first.title == FILES => {
                    "build them where cut.assets of the process says; r looks again"
                }
                None => "what is tagged is never taken back: open the release under another version",
            };
            return Err(Refusal::new(ask, self.name().to_string(), why).hint(hint));
        }
        let Some(process) = self.process.clone() else {
            return Err(Refusal::new(ask, "", "no process is known"));
        };
        let title = format!("Cut {} at {} of {}", ready.tag.line(), ready.at.short(), ready.line.line());
        let steps = match self.tagged_by(what) {
            Some(item) => self.steps_of_a_pipeline(&ready, item, stamp)?,
            None => self.steps_of_a_tag(&ready, &process, stamp)?,
        };
        let danger = Danger::Typed(ready.tag.as_str().to_owned());
        Ok(Plan { id: stamp.op(0), title, steps, danger, trust: !self.trusted, cut: Some(Box::new(ready)) })
    }

    /// A bump, the tag, its push, the release on the forge.
    fn steps_of_a_tag(&self, ready: &Ready, process: &Process, stamp: &Stamp) -> Result<Vec<Step>, Refusal> {
        let mut steps: Vec<Step> = vec![];
        let bump = self.bump(ready, process, stamp).map(|bump| (stamp.op(1), bump));
        let from = Some(ready.line.clone()).filter(|_| ready.is_head);
        if let Some((op, bump)) = &bump {
            steps.push(Step::new(op.clone(), Errand::BumpVersion(bump.clone())));
            let push = PushPicks {
                target: ready.line.clone(),
                from: ready.at,
                to: None,
                of: op.clone(),
                beyond: vec![],
                attended: false,
            };
            steps.push(Step::new(stamp.op(2), Errand::PushPicks(push)));
        }
        let tag = stamp.op(3);
        let at = Some(ready.at).filter(|_| bump.is_none());
        let made = TagVersion {
            target: ready.tag.clone(),
            at,
            of: bump.map(|(op, _)| op),
            from: from.clone(),
            message: self.tag_message(ready, process),
            signing: if process.cut.signed { Signing::Required } else { Signing::AsConfigured },
            attended: false,
        };
        steps.push(Step::new(tag.clone(), Errand::TagVersion(made)));
        let push =
            PushTag { target: ready.tag.clone(), at, object: None, of: tag.clone(), from, attended: false };
        steps.push(Step::new(stamp.op(4), Errand::PushTag(push)));
        if let Some(repo) = self.own_repo().filter(|_| process.cut.release != OnForge::None) {
            steps.extend(self.steps_on_the_forge(ready, process, (repo, tag), stamp)?);
        }
        Ok(steps)
    }

    fn steps_on_the_forge(
        &self,
        ready: &Ready,
        process: &Process,
        (repo, tag): (Repo, OpId),
        stamp: &Stamp,
    ) -> Result<Vec<Step>, Refusal> {
        let prerelease = ready.what == What::Candidate;
        // A draft that somebody has written is kept, with what it says.
        let known = self.candidates.release_of(&ready.tag).map(|it| it.id);
        let draft = DraftRelease {
            repo: repo.clone(),
            target: ready.tag.clone(),
            at: None,
            of: Some(tag.clone()),
            title: Untrusted::from(ready.tag.as_str()),
            body: self.anchored(self.notes_for(ready), prerelease),
            prerelease,
        };
        let mut steps = vec![];
        if known.is_none() {
            steps.push(Step::new(stamp.op(5), Errand::DraftRelease(draft)));
        }
        if prerelease && process.cut.release == OnForge::Publish {
            let of = (&repo, &ready.tag, &ready.version);
            steps.extend(self.steps_of_uploads(of, (known, Some(&tag)), stamp)?);
            let publish = PublishRelease {
                repo,
                target: ready.tag.clone(),
                at: None,
                release: known,
                of: Some(tag),
                body: None,
                prerelease,
                latest: false,
            };
            steps.push(Step::new(stamp.op(6), Errand::PublishRelease(publish)));
        }
        Ok(steps)
    }

    /// A workflow that takes the version and the commit, and makes the tag itself.
    fn steps_of_a_pipeline(&self, ready: &Ready, item: &Item, stamp: &Stamp) -> Result<Vec<Step>, Refusal> {
        let errand = self.dispatch(item, Some((&ready.tag, &ready.version, ready.at)))?;
        Ok(vec![Step::new(stamp.op(1), errand)])
    }

    /// The errand that starts the workflow of an item.
    fn dispatch(&self, item: &Item, cut: Option<(&Tag, &Version, Oid)>) -> Result<Errand, Refusal> {
        let refuse = |why: String| Refusal::new("start a workflow", self.item_text(&item.id), why);
        let Some(Act::Workflow { file, inputs }) = &item.act else {
            return Err(refuse("the item names no workflow".to_owned()));
        };
        self.may_write("start a workflow", file)?;
        let repo = self.own_repo().ok_or_else(|| refuse("this repository is on no forge".to_owned()))?;
        let line = self.line().ok_or_else(|| refuse("the release branch does not exist".to_owned()))?;
        let last = || {
            let row = self.final_tag().or_else(|| self.candidates_so_far().pop().map(|(_, row)| row))?;
            let class = self.classes().find(|(_, it)| it.tag == row.tag)?.0;
            Some((row.tag.clone(), class.version?, row.oid))
        };
        let known = cut.map(|(tag, version, at)| (tag.clone(), version.clone(), at)).or_else(last);
        let (tag, version, at) = match known {
            Some((tag, version, at)) => (Some(tag), Some(version), at),
            None => (None, self.version(), line.tip),
        };
        let mut filled = BTreeMap::new();
        for (name, text) in inputs {
            let value = fill(text, &|key| {
                Some(match key {
                    "version" => version.as_ref()?.to_string(),
                    "tag" => tag.as_ref()?.as_str().to_owned(),
                    "commit" => at.to_string(),
                    "branch" => line.branch.as_str().to_owned(),
                    _ => return None,
                })
            })
            .map_err(|key| {
                let hint = "it is known once the version is cut";
                refuse(format!("{{{key}}} of its input {} is not known", shown(name, 40))).hint(hint)
            })?;
            filled.insert(name.as_str().into(), Untrusted::from(value));
        }
        // A pipeline that makes the tag runs on the branch; whatever follows a tag runs on it.
        let on = match (&cut, &tag) {
            (None, Some(tag)) => tag.as_str(),
            _ => line.branch.as_str(),
        };
        Ok(Errand::DispatchWorkflow(DispatchWorkflow {
            repo,
            workflow: file.as_str().into(),
            on: Untrusted::from(on),
            inputs: filled,
            of: None,
            item: Some(item.id.as_str().into()),
        }))
    }

    /// The plan that starts the workflow of an item.
    pub(crate) fn draft_workflow(&self, item: &str, stamp: &Stamp) -> Result<Plan, Refusal> {
        let found = self.process.as_ref().and_then(|process| process.item(item).cloned());
        let found =
            found.ok_or_else(|| Refusal::new("start a workflow", item, "the process has no such item"))?;
        let errand = self.dispatch(&found, None)?;
        let title = format!("Start {}", errand.target());
        let steps = vec![Step::new(stamp.op(1), errand)];
        Ok(Plan { id: stamp.op(0), title, steps, danger: Danger::Reversible, trust: false, cut: None })
    }

    /// The plan that publishes the release of a tag: drafted first where it is not yet.
    pub(crate) fn draft_publication(&self, tag: &Tag, stamp: &Stamp) -> Result<Plan, Refusal> {
        let ask = format!("publish {}", tag.line());
        let refuse = |why: &str| Refusal::new(ask.clone(), tag.line(), why);
        self.still_wanted(&ask).and_then(|()| self.may_write(&ask, ""))?;
        let repo = self.own_repo().ok_or_else(|| refuse("this repository is on no forge"))?;
        let Some(row) = self.candidates.tags.get(tag) else {
            return Err(refuse("it is not tagged yet").hint("a release is published once its tag is there"));
        };
        let class = self.classes().find(|(_, it)| it.tag == *tag).map(|(class, _)| class);
        let prerelease = class.as_ref().is_none_or(|class| class.kind != TagKind::Final);
        let version = class.and_then(|class| class.version);
        let known = self.candidates.release_of(tag);
        if known.is_some_and(|it| !it.draft) {
            return Err(refuse("it is published already"));
        }
        if !prerelease {
            self.needs_no_notes(tag, row.oid, &ask)?;
        }
        let root = stamp.op(1);
        let mut steps = vec![];
        if known.is_none() {
            let draft = DraftRelease {
                repo: repo.clone(),
                target: tag.clone(),
                at: Some(row.oid),
                of: None,
                title: Untrusted::from(tag.as_str()),
                body: self.notes_of(tag, row.oid),
                prerelease,
            };
            steps.push(Step::new(root.clone(), Errand::DraftRelease(draft)));
        }
        if let Some(version) = &version {
            let to = (known.map(|it| it.id), known.is_none().then_some(&root));
            steps.extend(self.steps_of_uploads((&repo, tag, version), to, stamp)?);
        }
        let publish = PublishRelease {
            repo,
            target: tag.clone(),
            at: Some(row.oid),
            release: known.map(|it| it.id),
            of: known.is_none().then_some(root),
            body: self.written_since(tag, known.is_some()),
            prerelease,
            latest: !prerelease && version.is_some_and(|version| self.is_newest(&version)),
        };
        steps.push(Step::new(stamp.op(2), Errand::PublishRelease(publish)));
        let (title, danger) = (self.publication_title(tag), Danger::Typed(tag.as_str().to_owned()));
        Ok(Plan { id: stamp.op(0), title, steps, danger, trust: false, cut: None })
    }

    fn publication_title(&self, tag: &Tag) -> String {
        let warns = self.process.as_ref().and_then(|process| process.notes.irreversible.clone());
        let warns = warns.unwrap_or_else(|| "everybody who watches the repository is told".to_owned());
        format!("Publish {}: {}", tag.line(), shown(&warns, 80))
    }

    /// Whether no final version is above this one, tagged here, published on the forge or still to come in the set: only
    /// then may it be the latest.
    #[must_use]
    pub fn is_newest(&self, version: &Version) -> bool {
        let Some(process) = &self.process else { return false };
        let out = self.candidates.releases.values().filter(|it| !it.draft && !it.prerelease);
        let out = out.map(|it| classify(&process.version, it.tag.raw()));
        let known = self.classes().map(|(class, _)| class).chain(out);
        let mut finals = known.filter(|class| class.kind == TagKind::Final);
        finals.all(|class| class.version.is_none_or(|other| other <= *version))
            && self.is_highest_in_set(version)
    }

    fn own_repo(&self) -> Option<Repo> {
        self.opened.as_ref().and_then(|opened| opened.repo.clone())
    }

    fn bump(&self, ready: &Ready, process: &Process, stamp: &Stamp) -> Option<BumpVersion> {
        // What was tested is tagged as it is: a commit on top of it would be another.
        if !ready.is_head {
            return None;
        }
        let cut = &process.cut;
        let applies = ready.what == What::Final || cut.edits_for != EditsFor::Final;
        let edits = cut.edits.iter().filter(|_| applies).map(|edit| crate::version::Edit {
            text: filled(&edit.text, ready.tag.as_str(), &ready.version),
            ..edit.clone()
        });
        let mut edits: Vec<Edit> = edits.collect();
        // Where what was tested is what is released, a list of changes alone is no reason for another commit.
        let tested = cut.final_from == FinalFrom::Candidate && !self.candidates_so_far().is_empty();
        if !edits.is_empty() || !tested {
            edits.extend(self.changelog(ready, process, stamp));
        }
        if edits.is_empty() {
            return None;
        }
        let message = cut.commit_message.as_deref().unwrap_or("Release {tag}");
        Some(BumpVersion {
            target: ready.line.clone(),
            tip: ready.at,
            edits,
            message: Untrusted::from(filled(message, ready.tag.as_str(), &ready.version)),
            sign_off: cut.sign_off,
            attended: false,
        })
    }

    /// The notes of a final version, for the list of changes that the process names.
    fn changelog(&self, ready: &Ready, process: &Process, stamp: &Stamp) -> Option<Edit> {
        let file = process.notes.changelog.clone().filter(|_| ready.what == What::Final)?;
        let heading = format!("{} - {}", ready.tag.as_str(), stamp.now.format("%Y-%m-%d"));
        let text = self.notes_for(ready).lines(NOTES).collect::<Vec<_>>().join("\n");
        Some(Edit { file, at: Place::Changelog(heading), all: false, text })
    }

    fn tag_message(&self, ready: &Ready, process: &Process) -> Untrusted {
        let head = self.journal_head().map_or(String::new(), |head| format!("\n{head}\n"));
        if let Some(message) = &process.cut.tag_message {
            let message = filled(message, ready.tag.as_str(), &ready.version);
            return Untrusted::from(format!("{}\n{head}", message.trim_end()));
        }
        let (tag, line) = (ready.tag.as_str(), ready.line.as_str());
        let about = match ready.what {
            What::Candidate => {
                format!("Candidate of {}, from {line}.", process.version.tag(&ready.version.base()))
            }
            What::Final => format!("Release of {tag}, from {line}."),
        };
        Untrusted::from(format!("{tag}\n\n{about}\n{head}"))
    }

    /// What the release of a version that is cut says.
    fn notes_for(&self, ready: &Ready) -> Untrusted {
        self.notes_of(&ready.tag, ready.at)
    }

    /// A note without the sections that the process asks for is not published.
    fn needs_no_notes(&self, tag: &Tag, at: Oid, ask: &str) -> Result<(), Refusal> {
        let lacks = self.notes_lack(&self.notes_of(tag, at));
        if lacks.is_empty() {
            return Ok(());
        }
        let why = format!("its notes lack what the process asks for: {}", lacks.join(", "));
        let refusal = Refusal::new(ask, tag.line(), why);
        Err(refusal.hint("e in RC drafts the notes, and opens your editor on them"))
    }

    /// What a person wrote of a tag, for a draft that may say something else.
    fn written_since(&self, tag: &Tag, is_drafted: bool) -> Option<Untrusted> {
        self.notes.written.get(&(tag.clone(), Audience::External)).filter(|_| is_drafted).cloned()
    }

    /// What the release of a tag says.
    pub(crate) fn notes_of(&self, tag: &Tag, at: Oid) -> Untrusted {
        if let Some(text) = self.notes_text(tag, Audience::External) {
            return text.clone();
        }
        let since = self.last_final().map(|(_, row)| row.tag.line());
        let since = since.map_or(String::new(), |tag| format!(", since {tag}"));
        Untrusted::from(format!("{} at {at}{since}.", tag.line()))
    }
}

/// `{version}`, `{tag}`, `{major}`, `{minor}` and `{patch}` of a text; another word in braces stays as it is.
pub(crate) fn filled(text: &str, tag: &str, version: &Version) -> String {
    let values = [
        ("{version}", version.to_string()),
        ("{tag}", tag.to_owned()),
        ("{major}", version.major().to_string()),
        ("{minor}", version.minor().to_string()),
        ("{patch}", version.patch().to_string()),
    ];
    values.iter().fold(text.to_owned(), |text, (key, value)| text.replace(key, value))
}

/// Fills words in braces; the first that is not known is the error. Braces around anything else stay.
fn fill(text: &str, value: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(open) = rest.find('{') {
        let (before, after) = rest.split_at(open);
        out.push_str(before);
        let word = after[1..].split_once('}').map(|(word, _)| word);
        match word.filter(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase())) {
            Some(word) => {
                out.push_str(&value(word).ok_or_else(|| word.to_owned())?);
                rest = &after[word.len() + 2..];
            }
            None => {
                out.push('{');
                rest = &after[1..];
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}
