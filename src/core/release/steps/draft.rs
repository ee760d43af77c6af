//! The plans of steps: what is run or asked exactly, or why not now.

use super::{Declared, Doing, ProbeUrl, RunCommand};
use crate::process::{Act, Item};
use crate::release::Release;
use crate::release::ask::Refusal;
use crate::release::entry::Stamp;
use crate::release::errand::{Errand, Status};
use crate::release::plan::{Danger, Plan, Step};
use crate::release::text::{Untrusted, shown};

/// Longest argument or address, in bytes.
const LONGEST: usize = 2000;

impl Release {
    /// The plan that does the step of an item. `barred`: why the programs of this process may not be run here.
    pub(crate) fn draft_step(&self, id: &str, barred: Option<&str>, stamp: &Stamp) -> Result<Plan, Refusal> {
        let ask = "do a step";
        let refuse = |why: &str| Refusal::new(ask, self.item_text(id), why);
        let item = self.process.as_ref().and_then(|process| process.item(id).cloned());
        let item = item.ok_or_else(|| refuse("the process has no such item"))?;
        if let Some(before) = self.comes_before(id, stamp.now) {
            let refusal = refuse(&format!("it comes after: {before}"));
            return Err(refusal.hint("this stage goes in order: settle that first"));
        }
        match self.doing(id) {
            Some(Doing::InDoubt) => {
                let refusal = refuse("it may have been run already, and is never run again by itself");
                return Err(refusal.hint("look what became of it, then gu says whether it happened"));
            }
            Some(Doing::Going) => return Err(refuse("it is under way")),
            Some(Doing::Stopped) => {
                return Err(refuse("its plan stands still").hint("gu goes on or calls it off"));
            }
            None => {}
        }
        let (errand, danger) = match &item.act {
            Some(Act::Command { repeatable, .. }) => {
                self.may_repeat(&item, *repeatable)?;
                let run = self.command(&item, barred)?;
                let danger = match run.argv.first().filter(|_| run.trust) {
                    Some(program) => Danger::Typed(last_part(program.raw())),
                    None => Danger::Lasting,
                };
                (Errand::RunCommand(run), danger)
            }
            Some(Act::Probe { .. }) => (Errand::ProbeUrl(self.question(&item)?), Danger::Reversible),
            _ => return Err(refuse("it is nothing that gonogo runs")),
        };
        let warns = item.irreversible.as_ref().map_or(String::new(), |it| format!(" ({})", shown(it, 80)));
        let title = format!("{}{warns}", self.item_text(id));
        let steps = vec![Step::new(stamp.op(1), errand)];
        Ok(Plan { id: stamp.op(0), title, steps, danger, trust: false, cut: None })
    }

    /// A program that was begun is begun again only where the process says that it may be.
    fn may_repeat(&self, item: &Item, repeatable: bool) -> Result<(), Refusal> {
        let Some(last) = self.steps.last.get(item.id.as_str()).filter(|it| it.begun && !repeatable) else {
            return Ok(());
        };
        let said = shown(last.said.raw(), 120);
        let why =
            format!("it was run already ({said}), and the process does not say that it may be repeated");
        let refusal = Refusal::new("do a step", self.item_text(&item.id), why);
        Err(refusal.hint(match last.status {
            Status::Ok => "it is done",
            _ => "finish it by hand, and w says so with a reason; or repeatable = true in the process",
        }))
    }

    fn command(&self, item: &Item, barred: Option<&str>) -> Result<RunCommand, Refusal> {
        let refuse = |why: String| Refusal::new("run a program", self.item_text(&item.id), why);
        let Some(Act::Command { argv, timeout, repeatable, env }) = &item.act else {
            return Err(refuse("the item names no program".to_owned()));
        };
        let text = |all: &[String]| all.iter().map(|it| Untrusted::from(it.as_str())).collect();
        let (timeout, repeatable) = (timeout.seconds, *repeatable);
        let declared = Declared { argv: text(argv), timeout, repeatable, env: text(env) };
        if let Some(why) = barred {
            let hint = "gonogo check shows the hash that trusted = [\"…\"] of your own configuration takes";
            return Err(refuse(why.to_owned()).hint(hint));
        }
        let mut words = vec![];
        for (at, word) in argv.iter().enumerate() {
            let filled = self.fill_in(word).map_err(&refuse)?;
            // What is filled in makes no option of an argument that is none.
            if at == 0 && filled != *word {
                return Err(refuse("the program itself must be written as it is, without braces".to_owned()));
            }
            if filled.starts_with('-') && !word.starts_with('-') {
                return Err(refuse(format!("{} would become an option", shown(&filled, 60))));
            }
            if filled.contains('\0') || filled.len() > LONGEST {
                return Err(refuse("an argument is longer than 2,000 bytes, or holds a zero".to_owned()));
            }
            words.push(Untrusted::from(filled));
        }
        let trust = !self.steps.trusted.contains(&declared);
        Ok(RunCommand { item: item.id.as_str().into(), declared, argv: words, trust })
    }

    fn question(&self, item: &Item) -> Result<ProbeUrl, Refusal> {
        let refuse = |why: String| Refusal::new("ask a URL", self.item_text(&item.id), why);
        let Some(Act::Probe { url, status, contains, tries, every }) = &item.act else {
            return Err(refuse("the item names no URL".to_owned()));
        };
        let filled = self.fill_in(url).map_err(&refuse)?;
        let contains = contains.as_deref().map(|text| self.fill_in(text)).transpose().map_err(&refuse)?;
        if filled.len() > LONGEST {
            return Err(refuse("the address is longer than 2,000 bytes".to_owned()));
        }
        Ok(ProbeUrl {
            item: item.id.as_str().into(),
            url: Untrusted::from(filled),
            status: *status,
            contains: contains.map(Untrusted::from),
            tries: (*tries).clamp(1, 100),
            every: every.seconds,
        })
    }

    /// A text with what stands in braces filled in.
    fn fill_in(&self, text: &str) -> Result<String, String> {
        let value = |name: &str| -> Result<String, String> {
            let known = match name {
                "version" => self.version().map(|version| version.to_string()),
                "tag" => self.tag_name(),
                "commit" => match self.final_tag() {
                    Some(row) => Some(row.oid.to_string()),
                    None => self.line().map(|line| line.tip.to_string()),
                },
                "branch" => self.line().map(|line| line.branch.as_str().to_owned()),
                // Whatever else stands in braces is the program's own.
                other => Some(format!("{{{other}}}")),
            };
            known.ok_or_else(|| format!("{{{name}}} is not known yet"))
        };
        crate::release::announce::fill(text, &value)
    }

    /// The tag of the final version, whether it is made or not.
    fn tag_name(&self) -> Option<String> {
        Some(self.process.as_ref()?.version.tag(&self.version()?))
    }
}

/// The name of a program without its directory.
fn last_part(program: &str) -> String {
    program.rsplit('/').next().unwrap_or(program).to_owned()
}
