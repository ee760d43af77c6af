//! Steps that the cockpit could not do: a program that is none, an address that cannot be asked, braces that nothing
//! fills, an item that binds nobody.

use super::List;
use super::artifacts::unfit;
use super::texts::braces;
use crate::process::parse::nearest;
use crate::process::{Act, Item};

const FILLED: [&str; 4] = ["version", "tag", "commit", "branch"];

/// Reports programs and addresses of the checklist that cannot be used.
pub(super) fn done(list: &mut List<'_>) {
    let p = list.process;
    for (at, stage) in p.stages.iter().enumerate() {
        for (place, item) in stage.items.iter().enumerate() {
            let path = format!("stages[{at}].items[{place}]");
            if item.binding && item.role.is_none() {
                let message = format!("{:?} binds nobody: it names no role", item.id);
                list.warn(&format!("{path}.binding"), message, "role says who alone may settle it");
            }
            of_item(list, &format!("{path}.act"), item);
        }
    }
}

fn of_item(list: &mut List<'_>, path: &str, item: &Item) {
    match &item.act {
        Some(Act::Command { argv, .. }) => program(list, &format!("{path}.command.argv"), argv),
        Some(Act::Probe { url, contains, tries, .. }) => {
            let path = format!("{path}.probe");
            if let Some((why, hint)) = unfit(url, false) {
                list.error(&format!("{path}.url"), format!("{url:?} cannot be asked: {why}"), hint);
            }
            for (key, text) in [("url", url.as_str()), ("contains", contains.as_deref().unwrap_or_default())]
            {
                words(list, &format!("{path}.{key}"), text, true);
            }
            if !(1..=100).contains(tries) {
                let message = format!("{tries} is no number of tries");
                list.error(&format!("{path}.tries"), message, "it takes 1 to 100");
            }
        }
        _ => {}
    }
}

fn program(list: &mut List<'_>, path: &str, argv: &[String]) {
    let Some(first) = argv.first().filter(|first| !first.trim().is_empty()) else {
        list.error(path, "the program is missing", "such as [\"make\", \"deploy\", \"VERSION={version}\"]");
        return;
    };
    if first.contains('{') {
        let hint = "write its name, or its absolute path";
        list.error(path, "the program itself may hold no braces", hint);
    } else if first.contains('/') && !first.starts_with('/') {
        let hint = "write its name as PATH has it, or its absolute path";
        list.error(path, format!("{first:?} is a path that depends on where gonogo runs"), hint);
    } else if first.contains(char::is_whitespace) {
        let hint = "each argument is a text of its own: there is no shell that takes a line apart";
        list.warn(path, format!("{first:?} holds blanks"), hint);
    }
    for word in argv.iter().skip(1) {
        words(list, path, word, false);
    }
}

/// Words in braces that nothing fills. A program may have braces of its own: only what is nearly one of ours is told.
fn words(list: &mut List<'_>, path: &str, text: &str, all: bool) {
    for name in braces(text).filter(|name| !FILLED.contains(name)) {
        let near = nearest(name, FILLED.into_iter());
        if !all && near.is_none() {
            continue;
        }
        let near = near.map(|near| format!("did you mean {{{near}}}? ")).unwrap_or_default();
        let hint = format!("{near}Known here: {}", FILLED.join(", "));
        list.error(path, format!("{{{name}}} is no placeholder"), hint);
    }
}
