//! Who holds which role of the process, and what only the holders of a role may do.

use super::ask::{Ask, Proposal, Refusal};
use super::cut::What;
use super::entry::Entry;
use super::ids::Login;
use super::log::About;
use super::picks::PickAsk;
use super::planned::Planned;
use super::poll::Reading;
use super::setback::SetbackAsk;
use super::text::{Untrusted, shown};
use super::votes::Say;
use super::words::Words;
use super::{Fact, Release, fact};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A person holds a role of this release from now on, or does not any more. Who said so is who wrote the entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleAssigned {
    /// The role's id in the process.
    pub role: Box<str>,
    /// Who holds it.
    pub login: Login,
    /// Whether it is given, or taken away.
    pub on: bool,
    /// Since when, where it is not the moment of the entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
}

/// A holder of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub login: Login,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Who said so.
    pub by: Box<str>,
}

/// The holders of each role that has any, in the order in which they got it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holders(pub BTreeMap<Box<str>, Vec<Holder>>);

impl Holders {
    /// Whether nobody holds any role: then nothing is asked of anybody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Who holds a role.
    #[must_use]
    pub fn of(&self, role: &str) -> &[Holder] {
        self.0.get(role).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn has(&self, role: &str, login: &str) -> bool {
        self.of(role).iter().any(|it| it.login.as_str().eq_ignore_ascii_case(login))
    }

    pub(crate) fn take(&mut self, it: &RoleAssigned, entry: &Entry) {
        let held = self.0.entry(it.role.clone()).or_default();
        held.retain(|known| !known.login.as_str().eq_ignore_ascii_case(it.login.as_str()));
        if it.on {
            let since = it.since.unwrap_or(entry.ts);
            held.push(Holder { login: it.login.clone(), since, by: entry.by.clone() });
        }
        self.0.retain(|_, held| !held.is_empty());
    }
}

/// A person says who holds a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleAsk {
    /// The role's id.
    pub role: Box<str>,
    /// The login.
    pub login: Untrusted,
    /// Whether it is given, or taken away.
    pub on: bool,
}

/// What an act takes: its name, what it is about, and the roles that the process permits it.
pub(super) struct Permit {
    pub(super) ask: &'static str,
    pub(super) target: String,
    pub(super) roles: Vec<String>,
}

impl Release {
    /// Who sits here: the login of the token, else who the user's configuration says.
    #[must_use]
    pub fn person(&self) -> Option<&str> {
        let session = self.session.as_ref()?;
        session.login.as_ref().or(session.user.as_ref()).map(Login::as_str)
    }

    /// The roles with a right: what only they may do.
    pub(super) fn with_right(&self, right: &str) -> Vec<String> {
        let roles = self.process.iter().flat_map(|process| &process.roles);
        roles.filter(|role| role.rights.iter().any(|it| it == right)).map(|role| role.id.clone()).collect()
    }

    /// The same roles, with those that share their rights.
    fn sharing(&self, named: &[String]) -> Vec<String> {
        let roles = self.process.iter().flat_map(|process| &process.roles);
        let shares = roles.filter(|role| role.same_rights_as.as_ref().is_some_and(|it| named.contains(it)));
        named.iter().cloned().chain(shares.map(|role| role.id.clone())).collect()
    }

    /// Whether this person holds one of these roles, or one that shares their rights.
    pub(super) fn holds_one_of(&self, roles: &[String]) -> bool {
        let me = self.person();
        me.is_some_and(|me| self.sharing(roles).iter().any(|role| self.roles.has(role, me)))
    }

    /// Roles by title, each with who holds it.
    pub(super) fn who(&self, roles: &[String]) -> String {
        let one = |id: &String| {
            let held: Vec<&str> = self.roles.of(id).iter().map(|it| it.login.as_str()).collect();
            let title = self.role_title(id);
            if held.is_empty() {
                format!("{title} (nobody)")
            } else {
                format!("{title} ({})", held.join(", "))
            }
        };
        roles.iter().map(one).collect::<Vec<_>>().join(" or ")
    }

    /// The title of a role, safe to show.
    #[must_use]
    pub fn role_title(&self, id: &str) -> String {
        shown(self.process.as_ref().map_or(id, |process| process.role_title(id)), 60)
    }

    fn permit_of_ask(&self, ask: &Ask) -> Option<Permit> {
        let process = self.process.as_ref()?;
        let permit = |ask, target: String, roles: &[String]| Permit { ask, target, roles: roles.to_vec() };
        Some(match ask {
            // Who may cut the final version may cut it out of turn.
            Ask::Override { gate, .. } if **gate == *super::set::ORDER => {
                permit("waive the order of the set", self.name(), &self.with_right("final"))
            }
            Ask::Override { gate, .. } => {
                permit("waive a gate", self.gate_title(gate), &process.gate(gate)?.override_roles)
            }
            Ask::Tick { item, .. } => return self.permit_of_tick(item),
            Ask::Pick(PickAsk::Decide { .. }) => {
                permit("decide picks", String::new(), &process.picks.approved_by)
            }
            Ask::Say(Say::Decide { .. }) => {
                permit("decide", self.name().to_string(), &self.with_right("decide"))
            }
            Ask::Say(Say::Report { report, .. }) => {
                let known = process.reports.iter().find(|it| *it.id == **report)?;
                permit("report", self.report_title(report), std::slice::from_ref(&known.role))
            }
            Ask::Setback(SetbackAsk::Wrong { .. } | SetbackAsk::Over(_)) => {
                permit("decide on a rollback", self.name().to_string(), &process.rollback.decided_by)
            }
            _ => return None,
        })
    }

    fn permit_of(&self, proposal: &Proposal) -> Option<Permit> {
        let process = self.process.as_ref()?;
        let permit = |ask, target: String, roles: Vec<String>| Permit { ask, target, roles };
        Some(match proposal {
            Proposal::Cut(What::Candidate) => {
                permit("cut a candidate", self.name().to_string(), self.with_right("candidate"))
            }
            Proposal::Cut(What::Final) => {
                permit("cut the final version", self.name().to_string(), self.with_right("final"))
            }
            Proposal::PublishRelease(tag) => permit("publish", tag.line(), self.with_right("publish")),
            Proposal::CreateBranch { name, .. } => {
                permit("create a branch", name.line(), self.with_right("branch"))
            }
            Proposal::HotfixBranch => {
                permit("start a hotfix", self.name().to_string(), self.with_right("hotfix"))
            }
            Proposal::Move { .. }
            | Proposal::Planned(Planned::Milestone { .. } | Planned::Rollover { .. }) => {
                permit("move to another milestone", String::new(), process.milestone.managed_by.clone())
            }
            Proposal::Announce { id, .. } => {
                let it = process.announcements.iter().find(|it| *it.id == **id)?;
                permit("announce", shown(id, 60), it.role.iter().cloned().collect())
            }
            _ => return None,
        })
    }

    /// Refuses what the process permits to roles that this person holds none of. While nobody holds any, nothing is
    /// refused.
    pub(super) fn permitted(&self, permit: Option<Permit>) -> Result<(), Refusal> {
        let Some(Permit { ask, target, roles }) = permit.filter(|it| !it.roles.is_empty()) else {
            return Ok(());
        };
        if self.roles.is_empty() {
            return Ok(());
        }
        if self.holds_one_of(&roles) {
            return Ok(());
        }
        let (roles, me) = (self.sharing(&roles), self.person());
        let who = me.map_or_else(
            || "it is not known who you are".to_owned(),
            |me| format!("you are {}", shown(me, 40)),
        );
        let why = format!("it is for {}; {who}", self.who(&roles));
        Err(Refusal::new(ask, target, why).hint("they may do it; gr says who holds which role"))
    }

    /// Whether this person may ask it.
    pub(crate) fn may_ask(&self, ask: &Ask) -> Result<(), Refusal> {
        self.permitted(self.permit_of_ask(ask))?;
        self.may_go_on(ask)
    }

    /// Whether this person may have it planned.
    pub(crate) fn may_plan(&self, proposal: &Proposal) -> Result<(), Refusal> {
        self.permitted(self.permit_of(proposal))
    }

    /// What is said of an act that the process permits to some, while nobody holds a role.
    #[must_use]
    pub fn unnamed(&self, proposal: &Proposal) -> Option<String> {
        let permit = self.permit_of(proposal).filter(|it| !it.roles.is_empty() && self.roles.is_empty())?;
        let titles: Vec<_> = permit.roles.iter().map(|role| self.role_title(role)).collect();
        Some(format!(
            "no role holders named: it is for {}, and anybody may; gr names them",
            titles.join(" or ")
        ))
    }

    pub(crate) fn decide_role(&self, ask: &RoleAsk) -> Result<Fact, Refusal> {
        let verb = if ask.on { "give a role" } else { "take a role away" };
        let title = self.role_title(&ask.role);
        let refuse = |why: String| Refusal::new(verb, title.clone(), why);
        let role = self.process.as_ref().and_then(|process| process.role(&ask.role));
        let role = role.ok_or_else(|| {
            refuse("the process has no such role".to_owned()).hint("it lists them under [[roles]]")
        })?;
        let login = ask.login.raw().trim().trim_start_matches('@');
        let login = Login::parse(login).map_err(|bad| refuse(bad.to_string()))?;
        if self.roles.has(&ask.role, login.as_str()) == ask.on {
            let how = if ask.on { "holds it already" } else { "does not hold it" };
            return Err(refuse(format!("{} {how}", shown(login.as_str(), 40))));
        }
        let held = self.roles.of(&ask.role).len();
        if let Some(max) = role.max.filter(|max| ask.on && usize::try_from(*max).is_ok_and(|max| held >= max))
        {
            let why = format!("{} may hold it, and {} does", max, self.who(std::slice::from_ref(&role.id)));
            return Err(refuse(why).hint("take it from somebody first"));
        }
        Ok(RoleAssigned { role: ask.role.clone(), login, on: ask.on, since: None }.into())
    }

    /// Whether each of these roles, or every role where none is named, has as many holders as it needs.
    pub(crate) fn read_roles(&self, named: &[String]) -> Reading {
        let Some(process) = &self.process else { return Reading::hold("no process is known") };
        if self.roles.is_empty() {
            return Reading::hold("nobody is named yet");
        }
        let roles = process.roles.iter().filter(|role| named.is_empty() || named.contains(&role.id));
        let enough =
            |id: &str, min: u32| usize::try_from(min).is_ok_and(|min| self.roles.of(id).len() >= min);
        let (full, lacking): (Vec<_>, Vec<_>) = roles.partition(|role| enough(&role.id, role.min));
        match lacking.first() {
            None => Reading::go(format!("{} held", full.len())),
            Some(first) => {
                let all = full.len() + lacking.len();
                Reading::hold(format!("{} of {all} held, not {}", full.len(), self.role_title(&first.id)))
            }
        }
    }

    pub(crate) fn role_words(&self, fact: &fact::Roles) -> (About, Words) {
        let fact::Roles::Assigned(it) = fact;
        let (title, login) = (self.role_title(&it.role), shown(it.login.as_str(), 60));
        let what =
            if it.on { format!("{login} holds {title}") } else { format!("{login} holds {title} no more") };
        (About::Decision, Words::about(what, &*it.role))
    }
}
