//! `[announce]`: where announcements are posted, by repository and announcement.

use super::place::quoted;
use super::settings::{AddressFrom, AnnounceTo, Config};
use super::value::{Taken, Value, Wrong, command, flag, text, written, written_list, wrong};

/// What is expected.
pub(super) const EXPECTED: &str = "repositories and their announcements: \"owner/name\" = { slack = { url_env = \"GONOGO_WEBHOOK_SLACK\" } }";

/// Reads the table.
pub(super) fn set(config: &mut Config, value: &Value<'_>) -> Taken<bool> {
    let Some(repositories) = value.get_ref().as_table() else { return wrong(value, "") };
    for (name, value) in repositories {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let is_repository = name.get_ref().split_once('/').is_some_and(|(owner, name)| {
            [owner, name].iter().all(|part| !part.is_empty() && part.chars().all(plain))
        });
        if !is_repository {
            let hint = "the key is a repository in quotes: \"owner/name\"".to_owned();
            return Err(Wrong { span: name.span(), found: quoted(name.get_ref()), hint });
        }
        let Some(announcements) = value.get_ref().as_table() else { return wrong(value, "") };
        let known = config.announce.entry(name.get_ref().to_ascii_lowercase()).or_default();
        for (id, value) in announcements {
            known.insert(id.get_ref().to_string(), one(value)?);
        }
    }
    Ok(true)
}

/// Reads how one announcement is posted.
fn one(value: &Value<'_>) -> Taken<AnnounceTo> {
    let Some(table) = value.get_ref().as_table() else {
        // Not said what it is: it may be the address itself.
        let hint = "the address is a secret: name where it is found, with url_env or url_command".to_owned();
        return Err(Wrong { span: value.span(), found: "a plain value".to_owned(), hint });
    };
    let (mut from, mut thread, mut to) = (None, false, None);
    for (key, value) in table {
        let found = match &**key.get_ref() {
            "thread" => {
                thread = flag(value)?;
                continue;
            }
            "to" => {
                to = Some(address(value)?);
                continue;
            }
            "mailer" => AddressFrom::Mailer(program(value)?, String::new()),
            "file" => AddressFrom::File(file(value)?),
            "url_env" => AddressFrom::Variable(variable(value)?),
            "url_command" => AddressFrom::Command(program(value)?),
            _ => {
                let hint = "known here: url_env, url_command, thread; mailer, to; file".to_owned();
                return Err(Wrong { span: key.span(), found: quoted(key.get_ref()), hint });
            }
        };
        if from.replace(found).is_some() {
            return wrong(value, "one of url_env, url_command, mailer and file");
        }
    }
    match (from, to) {
        (Some(AddressFrom::Mailer(words, _)), Some(to)) => {
            Ok(AnnounceTo { from: AddressFrom::Mailer(words, to), thread })
        }
        (Some(AddressFrom::Mailer(..)), None) => wrong(value, "to says whom the mailer writes to"),
        (Some(_), Some(_)) => wrong(value, "to belongs to mailer"),
        (Some(from), None) => Ok(AnnounceTo { from, thread }),
        (None, _) => wrong(value, "url_env or url_command says where its address is found"),
    }
}

/// The name of an environment variable. Anything else is not shown: it may be the address itself.
fn variable(value: &Value<'_>) -> Taken<String> {
    let name = text(value).unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || name.len() > 100 || !name.chars().all(plain) {
        let hint = "url_env is the name of a variable, not the address".to_owned();
        return Err(Wrong { span: value.span(), found: "what url_env says".to_owned(), hint });
    }
    Ok(name)
}

/// An address of mail.
fn address(value: &Value<'_>) -> Taken<String> {
    let to = text(value)?;
    let plain = |c: char| c.is_ascii_graphic() && !",;:<>()[]\\\"".contains(c);
    let one = to.split('@').count() == 2 && !to.starts_with(['-', '@', '.']) && !to.ends_with('@');
    if one && to.chars().all(plain) { Ok(to) } else { wrong(value, "one plain address: list@example.org") }
}

/// A path that begins at the root, with `{version}`.
fn file(value: &Value<'_>) -> Taken<String> {
    let path = text(value)?;
    match path.starts_with('/') && path.contains("{version}") {
        true => Ok(path),
        false => wrong(value, "an absolute path with {version}: \"/srv/news/{version}.md\""),
    }
}

fn program(value: &Value<'_>) -> Taken<Vec<String>> {
    let words = command(value)?;
    if words.is_empty() { wrong(value, "the program is missing") } else { Ok(words) }
}

/// The table in force, as TOML.
pub(super) fn shown(config: &Config) -> String {
    let one = |(id, to): (&String, &AnnounceTo)| {
        let from = match &to.from {
            AddressFrom::Variable(name) => format!("url_env = {}", written(name)),
            AddressFrom::Command(words) => format!("url_command = {}", written_list(words)),
            AddressFrom::Mailer(words, to) => {
                format!("mailer = {}, to = {}", written_list(words), written(to))
            }
            AddressFrom::File(path) => format!("file = {}", written(path)),
        };
        let thread = if to.thread { ", thread = true" } else { "" };
        format!("{} = {{ {from}{thread} }}", written(id))
    };
    let repository = |(name, all): (&String, &std::collections::BTreeMap<String, AnnounceTo>)| {
        let all: Vec<_> = all.iter().map(one).collect();
        format!("{} = {{ {} }}", written(name), all.join(", "))
    };
    let all: Vec<_> = config.announce.iter().map(repository).collect();
    if all.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", all.join(", ")) }
}
