//! Channels: a release is promoted by a workflow that is told where to, and verified there artifact by artifact.

use super::Release;
use super::ask::Refusal;
use super::candidates::TagRow;
use super::cut::DispatchWorkflow;
use super::entry::Stamp;
use super::errand::Errand;
use super::plan::{Danger, Plan, Step};
use super::poll::Reading;
use super::text::{Untrusted, shown};
use crate::process::Channel;
use std::collections::BTreeMap;

impl Release {
    fn channel(&self, id: &str) -> Option<Channel> {
        self.process.as_ref()?.channels.iter().find(|it| it.id == id).cloned()
    }

    /// The plan that promotes the final version to a channel.
    pub(crate) fn draft_promotion(&self, item: &str, id: &str, stamp: &Stamp) -> Result<Plan, Refusal> {
        let refuse = |why: String| Refusal::new("promote", shown(id, 40), why);
        let channel = self.channel(id).ok_or_else(|| refuse("the process has no such channel".to_owned()))?;
        let Some(file) = &channel.workflow else {
            let refusal = refuse("no workflow promotes to it".to_owned());
            return Err(refusal.hint("name it with workflow = \"promote.yml\" under its [[channels]]"));
        };
        self.may_write("promote", file)?;
        let tag = self.final_tag().ok_or_else(|| {
            refuse("the final version is not tagged yet".to_owned()).hint("F in RC cuts it")
        })?;
        if let Some(before) = &channel.after {
            let reading = self.read_channel(before);
            if reading.verdict != super::poll::Verdict::Go {
                return Err(refuse(format!("{} comes before it: {}", shown(before, 40), reading.reason)));
            }
        }
        if let Some(run) = self.promotion(id).filter(|run| run.is_going()) {
            return Err(refuse(format!("run {} promotes it already", run.id)));
        }
        let repo = self.opened.as_ref().and_then(|opened| opened.repo.clone());
        let repo = repo.ok_or_else(|| refuse("this repository is on no forge".to_owned()))?;
        let inputs = self.promotion_inputs(&channel, tag).map_err(refuse)?;
        let errand = Errand::DispatchWorkflow(DispatchWorkflow {
            repo,
            workflow: file.as_str().into(),
            on: Untrusted::from(tag.tag.as_str()),
            inputs,
            of: None,
            item: Some(item.into()),
        });
        let title = format!("Promote {} to {}", tag.tag.line(), title_of(&channel));
        let steps = vec![Step::new(stamp.op(1), errand)];
        Ok(Plan { id: stamp.op(0), title, steps, danger: Danger::Lasting, trust: false, cut: None })
    }

    fn promotion_inputs(
        &self,
        channel: &Channel,
        tag: &TagRow,
    ) -> Result<BTreeMap<Box<str>, Untrusted>, String> {
        let value = |name: &str| -> Result<String, String> {
            let known = match name {
                "version" => self.version().map(|version| version.to_string()),
                "tag" => Some(tag.tag.as_str().to_owned()),
                "commit" => Some(tag.oid.to_string()),
                "branch" => self.line().map(|line| line.branch.as_str().to_owned()),
                "channel" => Some(channel.id.clone()),
                _ => None,
            };
            known.ok_or_else(|| format!("{{{}}} is not known", shown(name, 40)))
        };
        let usual = || {
            let all = [("channel", "{channel}"), ("version", "{version}")];
            all.map(|(name, text)| (name.to_owned(), text.to_owned())).into_iter().collect()
        };
        let wanted: BTreeMap<String, String> =
            if channel.inputs.is_empty() { usual() } else { channel.inputs.clone() };
        let fill = |(name, text): (String, String)| {
            let text = super::announce::fill(&text, &value)?;
            Ok((Box::from(name.as_str()), Untrusted::from(text)))
        };
        wanted.into_iter().map(fill).collect()
    }

    /// The newest run that promotes the release to a channel.
    fn promotion(&self, id: &str) -> Option<Promotion> {
        let process = self.process.as_ref()?;
        let tag = self.final_tag()?.tag.as_str().to_owned();
        let promotes = |item: &str| {
            let act = process.item(item).and_then(|item| item.act.as_ref());
            matches!(act, Some(crate::process::Act::Promote { channel }) if channel == id)
        };
        let of_it = |errand: &DispatchWorkflow| {
            errand.item.as_deref().is_some_and(promotes) && errand.on.raw() == tag
        };
        let newest = self.runs.0.iter().rfind(|(_, it)| of_it(&it.errand));
        newest.map(|(id, run)| Promotion { id: *id, state: run.seen.as_ref().map(|seen| seen.state) })
    }

    /// What a channel says: how the run that promotes to it ended, then each artifact that must be seen in it.
    pub(crate) fn read_channel(&self, id: &str) -> Reading {
        let Some(channel) = self.channel(id) else {
            return Reading::hold(format!("the process has no channel {}", shown(id, 40)));
        };
        let run = self.promotion(id);
        match &run {
            Some(run) if run.is_going() => return Reading::hold(format!("run {} promotes it", run.id)),
            Some(run) if !run.is_green() => {
                let word = run.state.map_or("unknown", super::reading::state_word);
                return Reading::no_go(format!("run {}: {word}", run.id));
            }
            None if channel.artifacts.is_empty() => return Reading::hold("not promoted yet: X does it"),
            _ => {}
        }
        let mut seen = vec![];
        for artifact in &channel.artifacts {
            let reading = self.read_artifact(artifact);
            if reading.verdict != super::poll::Verdict::Go {
                let why = format!("{}: {}", self.artifact_title(artifact), reading.reason);
                return Reading { verdict: reading.verdict, reason: why, until: reading.until };
            }
            seen.push(self.artifact_title(artifact));
        }
        let run = run.map_or(String::new(), |run| format!("run {}", run.id));
        let parts: Vec<_> = [run, seen.join(", ")].into_iter().filter(|it| !it.is_empty()).collect();
        Reading::go(parts.join("; "))
    }

    fn artifact_title(&self, id: &str) -> String {
        let found = self.process.as_ref().and_then(|process| process.artifacts.iter().find(|it| it.id == id));
        let title = found.map(|it| it.title.as_str()).filter(|title| !title.is_empty()).unwrap_or(id);
        shown(title, 60)
    }
}

/// A run that promotes.
struct Promotion {
    id: u64,
    state: Option<super::checks::CheckState>,
}

impl Promotion {
    fn is_going(&self) -> bool {
        self.state.is_none_or(super::checks::CheckState::is_running)
    }

    fn is_green(&self) -> bool {
        self.state.is_some_and(super::checks::CheckState::is_green)
    }
}

fn title_of(channel: &Channel) -> String {
    shown(if channel.title.is_empty() { &channel.id } else { &channel.title }, 40)
}
