//! Asks about picks answered: who may decide, what the process wants to know first, and the facts that follow.

use super::{
    Added, Attested, CellState, Decided, Decision as Decided_, Ordered, OrderedBy, PickAsk, PickKey, Place,
};
use crate::order::Order as _;
use crate::release::ask::{Decision, Refusal};
use crate::release::entry::{Note, Stamp};
use crate::release::ids::{Branch, IssueKey, Oid, Repo};
use crate::release::log::plural;
use crate::release::text::Untrusted;
use crate::release::{Fact, Release};

/// Longest reason or answer, in bytes.
const LONGEST: usize = 4096;
/// Most picks of one ask: their facts are written as one batch.
const MOST: usize = 1000;

impl Release {
    pub(crate) fn decide_pick(&self, ask: PickAsk, stamp: &Stamp) -> Result<Decision, Refusal> {
        let facts = match ask {
            PickAsk::Decide { picks, to, why, answers } => {
                let why = why.filter(|why| !why.raw().trim().is_empty());
                let batch = (picks.len() > 1).then(|| stamp.op(0));
                let decided = |(pick, line): Place| Decided {
                    from: self.decision(&pick, &line),
                    to,
                    why: why.clone(),
                    answers: answers.clone(),
                    batch: batch.clone(),
                    pick,
                    line,
                };
                self.triage(picks, decided)?
            }
            PickAsk::Add { what, line } => vec![self.add_pick(&what, line)?],
            PickAsk::TakeOff { picks } => self.take_off(picks)?,
            PickAsk::Attest { picks, on, why } => self.attest(picks, on, &why)?,
            PickAsk::Shift { pick, later } => vec![self.shift(&pick, later)?],
            PickAsk::PutNeedsFirst { pick } => self.put_needs_first(&pick, stamp)?,
            PickAsk::Order { line, order, by } => vec![self.order(line, order, by)?],
        };
        Ok(Decision { notes: facts.into_iter().map(Note::from).collect(), effects: vec![] })
    }

    /// What is decided about a pick on a line.
    #[must_use]
    pub fn decision(&self, pick: &PickKey, line: &Branch) -> Decided_ {
        let record = self.picks.decisions.get(&(pick.clone(), line.clone()));
        record.map(|record| record.decision).unwrap_or_default()
    }

    /// Whether the process asks for a reason when a pick is decided so.
    #[must_use]
    pub fn pick_reason_required(&self, to: Decided_) -> bool {
        let asked = self.process.iter().flat_map(|process| &process.picks.reason_required);
        to.triage().is_some_and(|to| asked.into_iter().any(|asked| *asked == to))
    }

    /// The questions that the process asks of who decides so.
    #[must_use]
    pub fn pick_questions(&self, to: Decided_) -> &[String] {
        match (&self.process, to) {
            (Some(process), Decided_::Accepted) => &process.picks.questions,
            _ => &[],
        }
    }

    fn triage(&self, picks: Vec<Place>, make: impl Fn(Place) -> Decided) -> Result<Vec<Fact>, Refusal> {
        let Some(first) = picks.first().cloned().map(&make) else { return Err(nothing("decide")) };
        let to = first.to;
        let about = if picks.len() == 1 {
            self.pick_name(&first.pick, &first.line)
        } else {
            format!("{} picks", picks.len())
        };
        let refuse = |why: String| Refusal::new(format!("set to {}", to.word()), about.clone(), why);
        few(&picks).map_err(refuse)?;
        if first.why.is_none() && self.pick_reason_required(to) {
            let hint = "type why; it goes into the journal";
            return Err(refuse("a reason is needed: the process asks for one".to_owned()).hint(hint));
        }
        for question in self.pick_questions(to) {
            let answered = first.answers.iter().find(|it| it.question.raw() == question);
            if answered.is_none_or(|it| it.answer.raw().trim().is_empty()) {
                let question = crate::release::text::shown(question, 200);
                return Err(refuse(format!("the process asks: {question}")).hint("answer it to accept"));
            }
        }
        let texts = first.why.iter().chain(first.answers.iter().map(|it| &it.answer));
        if texts.into_iter().any(|text| text.raw().len() > LONGEST) {
            let hint = "link to the long version";
            return Err(refuse("a text is longer than 4,096 bytes".to_owned()).hint(hint));
        }
        let mut facts = vec![];
        for place in picks {
            self.may_decide(&place, to)?;
            let fact = make(place);
            let same = self.picks.decisions.get(&(fact.pick.clone(), fact.line.clone()));
            let same = same.is_some_and(|it| it.decision == to && (fact.why.is_none() || it.why == fact.why));
            if !same && (fact.from, to) != (Decided_::Undecided, Decided_::Undecided) {
                facts.push(fact.into());
            }
        }
        if facts.is_empty() {
            return Err(refuse(format!("it is {} already", to.word())));
        }
        Ok(facts)
    }

    /// Whether a pick can be decided at all.
    fn may_decide(&self, (pick, line): &Place, to: Decided_) -> Result<(), Refusal> {
        let refuse =
            |why: String| Refusal::new(format!("set to {}", to.word()), self.pick_name(pick, line), why);
        let Some(cell) = self.picks.cell(pick, line) else {
            let why = format!("it is no longer wanted on {}", line.line());
            return Err(refuse(why).hint("press r to look again, = adds it by hand"));
        };
        if cell.state == CellState::Landed && to != Decided_::Undecided {
            let how = match (cell.landing, cell.attested) {
                (Some(it), _) => format!("{} {}", it.grade.word(), it.commit.short()),
                (None, Some((by, _))) => {
                    format!("{} vouches for it", crate::release::text::shown(by, 40))
                }
                (None, None) => "the forge shows it".to_owned(),
            };
            return Err(refuse(format!("it is on {} already: {how}", line.line())).hint("nothing is to do"));
        }
        Ok(())
    }

    fn add_pick(&self, what: &Untrusted, line: Branch) -> Result<Fact, Refusal> {
        let refuse = |why: String| Refusal::new("add a pick", what.line(), why);
        let pick = self.pick_of(what.raw().trim()).map_err(|why| {
            refuse(why).hint("type 17, owner/name#17, or a commit id of this clone: 9f31c02…")
        })?;
        let trunk =
            |it: &crate::release::branches::Line| it.kind == crate::release::branches::LineKind::Trunk;
        // The trunk takes what was fixed elsewhere.
        let fixed = matches!(&pick, PickKey::Commit(oid) if self.is_fix(*oid));
        if self.lines.0.get(&line).is_none_or(|it| trunk(it) && !fixed) {
            return Err(refuse(format!("{} is no release line", line.line())).hint("b shows another line"));
        }
        if let Some(cell) = self.picks.cell(&pick, &line) {
            let why = format!("it is on the queue of {} already: {}", line.line(), cell.state.word());
            return Err(refuse(why));
        }
        let title = self.title_of(&pick).unwrap_or_else(|| Untrusted::from("added by hand"));
        Ok(Added { pick, line, title, on: true, batch: None }.into())
    }

    /// What a text names: a pull request of this repository, or a commit.
    fn pick_of(&self, text: &str) -> Result<PickKey, String> {
        let own = self.opened.as_ref().and_then(|opened| opened.repo.clone());
        let bare = text.trim_start_matches('#');
        let address = address(text);
        let named = address.as_ref().map(|(repo, number)| (repo.as_str(), number.as_str()));
        let named = named.or_else(|| text.rsplit_once('#').filter(|(repo, _)| !repo.is_empty()));
        if let Some((repo, number)) = named {
            let repo = Repo::parse(repo).map_err(|bad| bad.to_string())?;
            let number = number.parse().map_err(|_| "what follows # is no number".to_owned())?;
            return match own {
                Some(own) if own == repo => Ok(PickKey::Pull(IssueKey { repo, number })),
                _ => Err(format!("picks are of this repository, and {} is another", repo.as_str())),
            };
        }
        if bare.len() <= 9
            && let Ok(number) = bare.parse::<u64>()
        {
            let repo = own.ok_or("this repository is on no forge, so a number names nothing")?;
            return match number {
                0 => Err("there is no pull request 0".to_owned()),
                _ => Ok(PickKey::Pull(IssueKey { repo, number })),
            };
        }
        if let Ok(oid) = Oid::parse(text) {
            return Ok(PickKey::Commit(oid));
        }
        let hex = text.len() >= 7 && text.bytes().all(|b| b.is_ascii_hexdigit());
        if !hex {
            return Err("it is neither a pull request nor a commit id".to_owned());
        }
        let known = self.lines.0.values().flat_map(|line| {
            [line.tip].into_iter().chain(line.commits.iter().chain(&line.drift).map(|it| it.oid))
        });
        let known =
            known.chain(self.picks.changes.values().flat_map(|it| it.commits.iter().map(|it| it.oid)));
        let found: std::collections::BTreeSet<Oid> =
            known.filter(|oid| oid.to_string().starts_with(&text.to_lowercase())).collect();
        match found.len() {
            1 => Ok(found.into_iter().next().map(PickKey::Commit).ok_or("nothing was found")?),
            0 => Err("no commit that was read begins so: give its full id".to_owned()),
            many => Err(format!("{many} commits begin so: give more of the id")),
        }
    }

    /// What a pick is called, by whatever was read of it.
    fn title_of(&self, pick: &PickKey) -> Option<Untrusted> {
        let elsewhere = self.picks.lines().into_iter().find_map(|line| self.picks.title(pick, line));
        let commits = || self.lines.0.values().flat_map(|line| line.commits.iter().chain(&line.drift));
        match pick {
            _ if elsewhere.is_some() => elsewhere.cloned(),
            PickKey::Pull(key) => self.milestones.issues.get(key).map(|issue| issue.title.clone()),
            PickKey::Commit(oid) => commits().find(|it| it.oid == *oid).map(|it| it.subject.clone()),
        }
    }

    fn take_off(&self, picks: Vec<Place>) -> Result<Vec<Fact>, Refusal> {
        if picks.is_empty() {
            return Err(nothing("take off the queue"));
        }
        let off = |place: Place| {
            let Some(title) = self.picks.added.get(&place).cloned() else {
                let name = self.pick_name(&place.0, &place.1);
                let hint = "reject it, or say that it is not needed";
                return Err(Refusal::new("take off the queue", name, "nobody added it by hand").hint(hint));
            };
            Ok(Added { pick: place.0, line: place.1, title, on: false, batch: None }.into())
        };
        picks.into_iter().map(off).collect()
    }

    fn attest(&self, picks: Vec<Place>, on: bool, why: &Untrusted) -> Result<Vec<Fact>, Refusal> {
        let ask = if on { "vouch that it is there" } else { "no longer vouch for it" };
        if picks.is_empty() {
            return Err(nothing(ask));
        }
        let vouch = |(pick, line): Place| {
            let refuse = |why: &str| Refusal::new(ask, self.pick_name(&pick, &line), why);
            let known = self.picks.attested.get(&(pick.clone(), line.clone()));
            let state = self.picks.cell(&pick, &line).map(|cell| cell.state);
            match (on, known, state) {
                (_, None, None) => return Err(refuse("it is no longer wanted there").hint("r looks again")),
                (true, Some(_), _) => return Err(refuse("somebody vouches for it already")),
                (false, None, _) => return Err(refuse("nobody vouches for it")),
                (true, None, Some(CellState::Landed)) => {
                    return Err(refuse("the clone shows that it is there already"));
                }
                _ => {}
            }
            if on && why.raw().trim().is_empty() {
                return Err(refuse("a reason is needed").hint("type what shows that it is there"));
            }
            if why.raw().len() > LONGEST {
                return Err(refuse("the reason is longer than 4,096 bytes").hint("link to the long version"));
            }
            let why = known.map_or_else(|| why.clone(), |(_, why)| why.clone());
            Ok(Attested { pick, line, on, why }.into())
        };
        picks.into_iter().map(vouch).collect()
    }

    fn shift(&self, (pick, line): &Place, later: bool) -> Result<Fact, Refusal> {
        let mut queue = self.picks.queue(line);
        let refuse = |why: &str| Refusal::new("order the queue", self.pick_name(pick, line), why);
        let Some(at) = queue.iter().position(|it| it == pick) else {
            return Err(refuse("it is not in the queue: only what is to be applied has a place in it"));
        };
        let to = if later { at + 1 } else { at.wrapping_sub(1) };
        if to >= queue.len() {
            return Err(refuse(if later { "it is the last already" } else { "it is the first already" }));
        }
        queue.swap(at, to);
        // What nobody ordered stays behind what somebody did, oldest first: it need not be named.
        let ordered = self.picks.order.get(line).map_or(0, Vec::len);
        queue.truncate((at.max(to) + 1).max(ordered));
        self.order(line.clone(), queue, OrderedBy::Hand)
    }

    fn order(&self, line: Branch, order: Vec<PickKey>, by: OrderedBy) -> Result<Fact, Refusal> {
        let refuse = |why: &str| Refusal::new("order the queue", line.line(), why);
        if order.len() > MOST {
            return Err(refuse("more than 1,000 picks cannot be ordered by hand"));
        }
        if self.picks.order.get(&line) == Some(&order) {
            return Err(refuse("it has this order already"));
        }
        if by == OrderedBy::Fix {
            let sorted = |mut keys: Vec<PickKey>| {
                keys.order();
                keys
            };
            if sorted(self.picks.queue(&line)) != sorted(order.clone()) {
                let why = "the queue has changed since the order was looked for";
                return Err(refuse(why).hint("look for it again"));
            }
        }
        Ok(Ordered { line, order, by, batch: None }.into())
    }
}

fn nothing(ask: &str) -> Refusal {
    Refusal::new(ask, "", "no pick is selected").hint("move to one, or mark some with space")
}

fn few(picks: &[Place]) -> Result<(), String> {
    if picks.len() > MOST {
        return Err(format!("{} {} at once are more than 1,000", picks.len(), plural(picks.len(), "pick")));
    }
    Ok(())
}

/// The repository and the number in the address of a pull request.
fn address(text: &str) -> Option<(String, String)> {
    let path = text.strip_prefix("https://")?.split_once('/')?.1;
    let mut parts = path.split(['/', '?', '#']);
    let (owner, name) = (parts.next()?, parts.next()?);
    let kind = parts.next()?;
    let number = parts.next()?;
    ["pull", "issues"].contains(&kind).then(|| (format!("{owner}/{name}"), number.to_owned()))
}
