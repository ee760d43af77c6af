//! Who holds which role: shown, given, taken away.

use super::State;
use super::prompts::{choose as offer, prompt};
use crate::release::ask::Ask;
use crate::release::roles::RoleAsk;
use crate::release::text::{Untrusted, shown};
use crate::screen::dialog::{Choice, Choosing, Purpose};
use crate::screen::notice::Tone;

/// Lists every role with its holders: one is named, or taken off.
pub(super) fn choose(state: &mut State) {
    let release = &state.release;
    let Some(process) = release.process.clone().filter(|process| !process.roles.is_empty()) else {
        return state.notice(Tone::Plain, "the process names no roles: [[roles]] lists them");
    };
    let mut choices = vec![];
    for role in &process.roles {
        let (title, held) = (release.role_title(&role.id), release.roles.of(&role.id));
        let names: Vec<String> = held.iter().map(|it| shown(it.login.as_str(), 40)).collect();
        let needs = if role.min > 1 { format!(" of {}", role.min) } else { String::new() };
        let note = match held.len() {
            0 => format!("nobody{needs}"),
            _ => names.join(", "),
        };
        choices.push(Choice { value: role.id.clone(), label: format!("name a {title}…"), note, ask: None });
        for (it, name) in held.iter().zip(names) {
            let ask = RoleAsk {
                role: role.id.as_str().into(),
                login: Untrusted::from(it.login.as_str()),
                on: false,
            };
            choices.push(Choice {
                value: format!("{} {name}", role.id),
                label: format!("{name} is {title} no more"),
                note: format!("since {}, said {}", it.since.format("%-d %b"), shown(&it.by, 40)),
                ask: Some(Ask::Role(ask)),
            });
        }
    }
    offer(state, "Who holds which role".to_owned(), choices, Choosing::Roles);
}

/// Asks who holds a role from now on.
pub(super) fn name(state: &mut State, role: &str) {
    let title = format!("Who is {}?", state.release.role_title(role));
    let known = state.release.process.as_ref().and_then(|process| process.role(role));
    let about = known.map(|role| shown(&role.about, 120)).filter(|it| !it.is_empty());
    let about = about.unwrap_or_else(|| "the login on the forge".to_owned());
    prompt(state, &title, about, Purpose::Holder(role.into()));
}
