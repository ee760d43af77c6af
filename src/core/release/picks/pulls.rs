//! The plan that brings picks to a line by pull requests, its texts filled from the process.

use super::{ApplyPicks, DressPull, Fork, OpenPull, PickKey, PickStep, PushBackport};
use crate::process::{Conflicting, PickBackport};
use crate::release::Release;
use crate::release::ask::Refusal;
use crate::release::draft::LONGEST;
use crate::release::entry::Stamp;
use crate::release::errand::Errand;
use crate::release::ids::{Branch, Oid, OpId, Repo};
use crate::release::log::plural;
use crate::release::plan::{Danger, Plan, Step};
use crate::release::text::{Untrusted, markdown, shown};

/// Most characters of a title that GitHub takes.
const TITLE: usize = 250;
/// Most characters of a body that are sent.
const BODY: usize = 16_000;
/// Picks that a branch's name tells.
const NAMED: usize = 4;

/// What a backport is made of.
struct Group<'a> {
    line: &'a Branch,
    picks: &'a [PickKey],
    repo: &'a Repo,
}

impl Release {
    /// The plan that opens backport pull requests: one for each pick, or one for all.
    pub(crate) fn draft_backport(
        &self,
        line: &Branch,
        only: &[PickKey],
        (each, fork): (bool, Option<&Fork>),
        stamp: &Stamp,
    ) -> Result<Plan, Refusal> {
        let ask = "open backport pull requests";
        self.may_write(ask, &line.line())?;
        let refuse = |why: String| Refusal::new(ask, line.line(), why);
        let repo = self.opened.as_ref().and_then(|opened| opened.repo.as_ref());
        let repo = repo.ok_or_else(|| refuse("this repository is on no forge".to_owned()))?;
        let (tip, queue, chosen) = self.chosen_picks(ask, line, only)?;
        let groups: Vec<&[PickKey]> = if each { chosen.chunks(1).collect() } else { vec![&chosen] };
        let (mut steps, mut taken) = (vec![], vec![]);
        for picks in &groups {
            let chosen: Vec<&PickKey> = picks.iter().collect();
            let commits =
                self.pick_steps(line, tip, &queue, &chosen).map_err(|(why, hint)| refuse(why).hint(hint))?;
            let group = Group { line, picks, repo };
            let target = self.backport_branch(&group, &taken).map_err(&refuse)?;
            taken.push(target.clone());
            let first = u32::try_from(steps.len() + 1).unwrap_or(u32::MAX);
            let errands = self.backport_errands(&group, (tip, commits), (target, fork), &stamp.op(first));
            steps.extend(errands.into_iter().zip(first..).map(|(it, at)| Step::new(stamp.op(at), it)));
        }
        if serde_json::to_string(&steps).map_or(usize::MAX, |json| json.len()) > LONGEST {
            let why = "the plan is longer than a line of the journal takes".to_owned();
            return Err(refuse(why).hint("mark fewer"));
        }
        let (many, pulls) = (chosen.len(), groups.len());
        let title = format!(
            "Open {pulls} backport pull {} to {} with {many} {}",
            plural(pulls, "request"),
            line.line(),
            plural(many, "pick")
        );
        Ok(Plan {
            id: stamp.op(0),
            title,
            steps,
            danger: Danger::Reversible,
            trust: !self.trusted,
            cut: None,
        })
    }

    /// What brings a group to the line: applied, pushed, opened, dressed.
    fn backport_errands(
        &self,
        group: &Group,
        (tip, picks): (Oid, Vec<PickStep>),
        (target, fork): (Branch, Option<&Fork>),
        of: &OpId,
    ) -> Vec<Errand> {
        let sign_off = self.process.as_ref().is_some_and(|process| process.picks.sign_off);
        let markers = self.backport_rules().conflicts == Conflicting::Draft;
        let push = PushBackport {
            target: target.clone(),
            line: group.line.clone(),
            from: tip,
            to: None,
            of: of.clone(),
            remote: fork.map(|fork| Untrusted::from(&*fork.remote)),
            attended: false,
        };
        let apply = ApplyPicks { target: group.line.clone(), tip, picks, sign_off, markers };
        let mut errands = vec![
            Errand::ApplyPicks(apply),
            Errand::PushBackport(push),
            Errand::OpenPull(self.open_pull(group, target, fork, of)),
        ];
        errands.extend(self.dress_pull(group, of).map(Errand::DressPull));
        errands
    }

    /// The branch of a backport: as the process calls it, and never one that is known to be used.
    fn backport_branch(&self, group: &Group, taken: &[Branch]) -> Result<Branch, String> {
        let template = self.process.as_ref().and_then(|process| process.picks.branch.as_deref());
        let name = self.filled(template.unwrap_or(PickBackport::BRANCH), group, false);
        let used = |branch: &Branch| {
            taken.contains(branch)
                || self.picks.used().contains(branch)
                || self.lines.0.contains_key(branch)
                || Some(branch) == self.trunk().as_ref()
        };
        for number in 1..100 {
            let name = if number == 1 { name.clone() } else { format!("{name}-{number}") };
            let branch =
                Branch::parse(&name).map_err(|why| format!("picks.branch gives no branch: {why}"))?;
            if !used(&branch) {
                return Ok(branch);
            }
        }
        Err(format!("{} and 98 names after it are used", shown(&name, 120)))
    }

    fn open_pull(&self, group: &Group, head: Branch, fork: Option<&Fork>, of: &OpId) -> OpenPull {
        let rules = self.backport_rules();
        let title = match group.picks {
            [_] => rules.title.as_deref().unwrap_or(PickBackport::TITLE),
            _ => rules.batch_title.as_deref().unwrap_or(PickBackport::BATCH),
        };
        let body = rules.body.as_deref().unwrap_or(PickBackport::BODY);
        let cap = |text: String, most: usize| Untrusted::from(text.chars().take(most).collect::<String>());
        OpenPull {
            target: group.repo.clone(),
            base: group.line.clone(),
            head,
            owner: fork.map(|fork| Untrusted::from(&*fork.owner)),
            title: cap(shown(self.filled(title, group, false).trim(), TITLE), TITLE),
            body: cap(self.filled(body, group, true), BODY),
            draft: rules.draft,
            picks: group.picks.to_vec(),
            conflicts: vec![],
            of: of.clone(),
        }
    }

    fn dress_pull(&self, group: &Group, of: &OpId) -> Option<DressPull> {
        let rules = self.backport_rules();
        let label = |text: &String| self.filled(text, group, false).trim().to_owned();
        let labels = once(rules.labels.iter().map(label));
        let assignees = once(rules.assignees.iter().flat_map(|who| self.people(who, group)));
        let mut reviewers = once(rules.reviewers.iter().flat_map(|who| self.people(who, group)));
        // Nobody reviews what they open themselves: GitHub refuses the whole request then.
        let me = self.session.as_ref().and_then(|session| session.login.clone());
        reviewers.retain(|who| me.as_ref().is_none_or(|me| !me.as_str().eq_ignore_ascii_case(who.raw())));
        let any = !(labels.is_empty() && assignees.is_empty() && reviewers.is_empty());
        any.then(|| DressPull {
            target: group.repo.clone(),
            number: None,
            of: of.clone(),
            labels,
            assignees,
            reviewers,
        })
    }

    fn backport_rules(&self) -> PickBackport {
        self.process.as_ref().map(|process| process.picks.backport.clone()).unwrap_or_default()
    }

    /// The logins that an entry of the process stands for.
    fn people(&self, who: &str, group: &Group) -> Vec<String> {
        let each = |of: &dyn Fn(&PickKey) -> Vec<Untrusted>| -> Vec<String> {
            group.picks.iter().flat_map(of).map(|who| who.raw().trim_start_matches('@').to_owned()).collect()
        };
        let facts = |key: &PickKey| {
            let pull = self.picks.pulls.get(&(key.clone(), group.line.clone()))?;
            pull.facts.clone()
        };
        let pull = |key: &PickKey| self.picks.pulls.get(&(key.clone(), group.line.clone()));
        match who {
            "{author}" => each(&|key| pull(key).and_then(|pull| pull.author.clone()).into_iter().collect()),
            "{approvers}" => each(&|key| facts(key).map(|facts| facts.approved_by).unwrap_or_default()),
            "{owners}" => each(&|key| {
                let owners = self.picks.changes.get(key).map(|change| change.owners.clone());
                // An address is an owner too, and nobody that GitHub could ask.
                owners.unwrap_or_default().into_iter().filter(|it| it.raw().starts_with('@')).collect()
            }),
            other => vec![self.filled(other, group, false).trim().trim_start_matches('@').to_owned()],
        }
    }

    /// A template with its placeholders filled; in Markdown what others wrote shows as it is and does nothing.
    fn filled(&self, template: &str, group: &Group, marks: bool) -> String {
        super::publish::fill(template, |name| match name {
            "picks" => {
                let each = group.picks.iter().map(|key| self.backport_row(key, group));
                Some(each.collect::<Vec<_>>().join("\n"))
            }
            // Links to what is picked are meant to be links.
            "number" | "numbers" | "commit" => self.backport_word(name, group),
            _ => self.backport_word(name, group).map(|it| if marks { markdown(&it, 400) } else { it }),
        })
    }

    fn backport_word(&self, name: &str, group: &Group) -> Option<String> {
        let numbers = || self.process.as_ref().and_then(|process| process.line_of(group.line.as_str()));
        let each = |of: fn(&PickKey) -> String, between: &str| {
            let mut words: Vec<_> = group.picks.iter().take(NAMED).map(of).collect();
            if group.picks.len() > NAMED {
                let rest = group.picks.len() - NAMED;
                words.push(if between == "-" { format!("and-{rest}") } else { format!("{rest} more") });
            }
            words.join(between)
        };
        let bare = |key: &PickKey| key.short().trim_start_matches('#').to_owned();
        let first = group.picks.first();
        Some(match name {
            "branch" | "line" => group.line.as_str().to_owned(),
            "major" => numbers().map(|it| it.major.to_string()).unwrap_or_default(),
            "minor" => numbers().and_then(|it| it.minor).map(|it| it.to_string()).unwrap_or_default(),
            "number" => each(bare, "-"),
            "numbers" => each(PickKey::short, ", "),
            "count" => group.picks.len().to_string(),
            "title" => {
                let title = first.and_then(|key| self.picks.title(key, group.line));
                title.map(Untrusted::line).unwrap_or_default()
            }
            "author" => {
                let author = first.and_then(|key| self.picks.author(key, group.line));
                author.map(Untrusted::line).unwrap_or_default()
            }
            "commit" => {
                let commit = first.and_then(|key| self.picks.commit(key, group.line));
                commit.map(|oid| oid.to_string()).unwrap_or_default()
            }
            "me" => {
                let login = self.session.as_ref().and_then(|session| session.login.clone());
                login.map(|login| login.as_str().to_owned()).unwrap_or_default()
            }
            _ => return None,
        })
    }

    /// A pick as a line of the list: its link, its title, its commit.
    fn backport_row(&self, key: &PickKey, group: &Group) -> String {
        let title = self.picks.title(key, group.line).map(|title| markdown(title.raw(), 300));
        let title = title.map(|title| format!(" {title}")).unwrap_or_default();
        let commit = self.picks.commit(key, group.line);
        match key {
            PickKey::Pull(it) => {
                let link = if it.repo == *group.repo { format!("#{}", it.number) } else { it.to_string() };
                let commit = commit.map(|oid| format!(" ({oid})")).unwrap_or_default();
                format!("- {link}{title}{commit}")
            }
            PickKey::Commit(oid) => format!("- {oid}{title}"),
        }
    }
}

/// Texts, each once, in order, the empty ones left out.
fn once(texts: impl Iterator<Item = String>) -> Vec<Untrusted> {
    let mut found: Vec<Untrusted> = vec![];
    for text in texts.filter(|text| !text.is_empty()).map(Untrusted::from) {
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}
