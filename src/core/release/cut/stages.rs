//! How far the version that is being cut has come, step by step, as the journal says.

use super::ready::What;
use crate::release::Release;
use crate::release::checks::CheckState;
use crate::release::errand::Errand;
use crate::release::ids::{Oid, OpId, Tag};
use crate::release::reading::state_word;
use crate::release::text::Untrusted;
use crate::version::TagKind;
use std::collections::BTreeMap;

/// How a tag that was cut from here came to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The operation that made it.
    pub op: OpId,
    /// The commit.
    pub at: Option<Oid>,
    /// Who signed it, and how, where it is signed.
    pub signed: Option<Untrusted>,
    /// Whether it is on the remote.
    pub pushed: bool,
}

/// Tags that were cut from here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cuts(pub BTreeMap<Tag, Made>);

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is done.
    Done,
    /// It is under way.
    Going,
    /// It stands still: a person must act.
    Stopped,
    /// It comes later.
    Later,
}

/// A step of cutting a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its name, in a word.
    pub title: &'static str,
    /// Where it stands.
    pub standing: Standing,
    /// What is to be said of it, safe to show.
    pub said: String,
}

impl Release {
    /// The tag that is being cut, else the newest candidate or the final tag of this release.
    #[must_use]
    pub fn cutting(&self) -> Option<Tag> {
        let waiting = self.outbox.plans.iter().flat_map(|plan| plan.waiting.iter().map(|step| &step.errand));
        let open = self.outbox.open.values().map(|open| &open.errand);
        let of_plan = open.chain(waiting).find_map(|errand| match errand {
            Errand::TagVersion(it) => Some(it.target.clone()),
            Errand::PushTag(it) => Some(it.target.clone()),
            Errand::DraftRelease(it) => Some(it.target.clone()),
            Errand::UploadAsset(it) => Some(it.target.clone()),
            Errand::PublishRelease(it) => Some(it.target.clone()),
            _ => None,
        });
        let newest = || {
            let row = self.final_tag().or_else(|| self.candidates_so_far().pop().map(|(_, row)| row));
            row.map(|row| row.tag.clone())
        };
        of_plan.or_else(|| self.by_pipeline()).or_else(newest)
    }

    /// The final tag, while only a pipeline that was started from here knows of it.
    fn by_pipeline(&self) -> Option<Tag> {
        let process = self.process.as_ref().filter(|_| self.final_tag().is_none())?;
        let tag = Tag::parse(&process.version.tag(&self.version()?)).ok()?;
        (!self.builds(&tag).is_empty()).then_some(tag)
    }

    /// The steps of cutting a tag, and how far each has come.
    #[must_use]
    pub fn stages_of(&self, tag: &Tag) -> Vec<Stage> {
        let made = self.cuts.0.get(tag);
        let row = self.candidates.tags.get(tag);
        let at = row.map_or(String::new(), |row| format!(" at {}", row.oid.short()));
        let is_final = self.process.as_ref().is_some_and(|process| {
            crate::version::classify(&process.version, tag.as_str()).kind == TagKind::Final
        });
        let what = if is_final { What::Final } else { What::Candidate };
        let step = |title, is: fn(&Errand, &Tag) -> bool| self.step(title, tag, is);
        let mut stages = vec![];
        if let Some(bump) = step("Files", |errand, _| matches!(errand, Errand::BumpVersion(_))) {
            stages.push(bump);
        }
        let tagged = step("Tag", |errand, tag| matches!(errand, Errand::TagVersion(it) if it.target == *tag));
        let signed = made.and_then(|made| made.signed.as_ref());
        let signed = signed.map_or(String::new(), |by| format!(", signed: {}", by.line()));
        stages.push(match (tagged, row) {
            (Some(stage), _) => stage,
            (None, Some(_)) => done("Tag", format!("{}{at}{signed}", tag.line())),
            (None, None) => later("Tag", self.who_tags(what)),
        });
        let push = step("Push", |errand, tag| matches!(errand, Errand::PushTag(it) if it.target == *tag));
        stages.push(match (push, made, row) {
            (Some(stage), ..) => stage,
            (None, Some(made), _) if !made.pushed => later("Push", "in this clone only".to_owned()),
            (None, _, Some(_)) => done("Push", "on the remote".to_owned()),
            (None, _, None) => later("Push", String::new()),
        });
        stages.extend(self.uploads(tag));
        stages.push(self.on_the_forge(tag, what));
        stages.extend(self.builds(tag));
        stages.extend(self.announcing_it(what));
        stages
    }

    /// Who makes a tag that is not there.
    fn who_tags(&self, what: What) -> String {
        self.tagged_by(what).map_or(String::new(), |item| format!("made by {}", self.item_text(&item.id)))
    }

    /// A step that is open or waits.
    fn step(&self, title: &'static str, tag: &Tag, is: fn(&Errand, &Tag) -> bool) -> Option<Stage> {
        if let Some(open) = self.outbox.open.values().find(|open| is(&open.errand, tag)) {
            let (standing, said) = if open.in_doubt {
                (Standing::Stopped, "in doubt: gu settles it")
            } else {
                (Standing::Going, "under way")
            };
            return Some(Stage { title, standing, said: said.to_owned() });
        }
        let plan = self.outbox.plans.iter().find(|plan| plan.waiting.iter().any(|it| is(&it.errand, tag)))?;
        let first = plan.waiting.front().is_some_and(|it| is(&it.errand, tag));
        Some(match &plan.stopped {
            Some(why) if first => {
                let said = format!("{}; gu goes on or calls it off", why.line());
                Stage { title, standing: Standing::Stopped, said }
            }
            _ => later(title, String::new()),
        })
    }

    /// The files of the release, while they are being uploaded.
    fn uploads(&self, tag: &Tag) -> Option<Stage> {
        let is = |errand: &Errand, tag: &Tag| matches!(errand, Errand::UploadAsset(it) if it.target == *tag);
        let mut stage = self.step("Upload", tag, is)?;
        let waiting = self.outbox.plans.iter().flat_map(|plan| &plan.waiting).map(|step| &step.errand);
        let open = self.outbox.open.values().map(|open| &open.errand);
        let left = waiting.chain(open).filter(|errand| is(errand, tag)).count();
        let files = crate::release::log::plural(left, "file");
        stage.said = format!("{left} {files} left {}", stage.said).trim_end().to_owned();
        Some(stage)
    }

    fn on_the_forge(&self, tag: &Tag, what: What) -> Stage {
        let title = if what == What::Final { "Release" } else { "Prerelease" };
        let is = |errand: &Errand, tag: &Tag| match errand {
            Errand::DraftRelease(it) => it.target == *tag,
            Errand::PublishRelease(it) => it.target == *tag,
            _ => false,
        };
        if let Some(stage) = self.step(title, tag, is) {
            return stage;
        }
        match self.candidates.release_of(tag) {
            Some(it) if it.draft => {
                Stage { title, standing: Standing::Stopped, said: "drafted; P publishes it".to_owned() }
            }
            Some(_) => done(title, "published".to_owned()),
            None => later(title, String::new()),
        }
    }

    /// The announcements of the final version.
    fn announcing_it(&self, what: What) -> Option<Stage> {
        let (made, all) = self.announced_so_far();
        let doubt = self
            .process
            .as_ref()?
            .announcements
            .iter()
            .any(|it| self.announcing(&it.id) == Some(crate::release::announce::Underway::InDoubt));
        let said = format!("{made} of {all}");
        match () {
            () if what != What::Final || all == 0 => None,
            () if doubt => {
                let said = format!("{said}, one in doubt: gu settles it");
                Some(Stage { title: "Announce", standing: Standing::Stopped, said })
            }
            () if made == all => Some(done("Announce", said)),
            () if made == 0 => Some(later("Announce", said)),
            () => Some(Stage { title: "Announce", standing: Standing::Going, said }),
        }
    }

    /// The runs that were started for this tag.
    fn builds(&self, tag: &Tag) -> Vec<Stage> {
        let of_it = |errand: &super::DispatchWorkflow| {
            errand.on.raw() == tag.as_str() || errand.inputs.values().any(|it| it.raw() == tag.as_str())
        };
        let runs = self.runs.0.iter().filter(|(_, it)| of_it(&it.errand));
        runs.map(|(id, run)| {
            let state = run.seen.as_ref().map_or(CheckState::Queued, |seen| seen.state);
            let standing = match state {
                state if state.is_green() => Standing::Done,
                state if state.is_running() => Standing::Going,
                _ => Standing::Stopped,
            };
            let file = Untrusted::from(&*run.errand.workflow).line();
            Stage { title: "Build", standing, said: format!("{file}, run {id}: {}", state_word(state)) }
        })
        .collect()
    }
}

fn done(title: &'static str, said: String) -> Stage {
    Stage { title, standing: Standing::Done, said }
}

fn later(title: &'static str, said: String) -> Stage {
    Stage { title, standing: Standing::Later, said }
}
