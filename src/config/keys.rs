//! The table of keys: name, what is expected, who may set it, how it is read and written.

use super::announce;
use super::place::quoted;
use super::settings::{Config, Zone};
use super::value::{
    Taken, Value, Wrong, address, command, flag, host, is_host, list, number, text, word, written,
    written_list, wrong,
};
use crate::screen::Glyphs;

/// Who may set a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Also the repository's file.
    Shared,
    /// The user: it is a matter of taste or of this machine.
    Personal,
    /// The user, because it runs a program or names a host.
    Guarded,
    /// The user's file alone, whatever is trusted.
    Own,
}

/// A key of the configuration.
pub(super) struct Key {
    /// Its name, with its table: `present.start`.
    pub name: &'static str,
    /// What is expected.
    pub expected: &'static str,
    /// Who may set it.
    pub scope: Scope,
    /// Reads a value; whether it took effect.
    pub set: fn(&mut Config, &Value<'_>) -> Taken<bool>,
    /// The value in force, as TOML.
    pub show: fn(&Config) -> String,
}

const GLYPHS: &[(&str, Glyphs)] =
    &[("unicode", Glyphs::Unicode), ("ascii", Glyphs::Ascii), ("nerd", Glyphs::Nerd)];
const ZONES: &[(&str, Zone)] = &[("local", Zone::Local), ("utc", Zone::Utc)];
const YES_NO: &str = "true or false";
const COMMAND: &str = "a program and its arguments, each a text: [\"pass\", \"show\", \"github\"]";
const THEME: &str = "auto, dark, light, ansi16, mono, colourblind, present, or the name of a file in themes/";

/// Sets a field and says that it took effect.
macro_rules! field {
    ($field:ident, $read:expr) => {
        |config, value| {
            config.$field = $read(value)?;
            Ok(true)
        }
    };
}

/// Switches a field on, never off.
macro_rules! only_on {
    ($field:ident) => {
        |config, value| {
            let before = config.$field;
            config.$field |= flag(value)?;
            Ok(!before)
        }
    };
}

/// Every key but `[keys]` and `[process]`, in the order of `config.example.toml`.
#[rustfmt::skip]
pub(super) const KEYS: &[Key] = &[
    Key { name: "theme", expected: THEME, scope: Scope::Personal, set: field!(theme, theme),
        show: |config| written(&config.theme) },
    Key { name: "glyphs", expected: "unicode, ascii or nerd", scope: Scope::Personal,
        set: field!(glyphs, |value| word(value, GLYPHS)), show: |config| named(GLYPHS, config.glyphs) },
    Key { name: "animations", expected: YES_NO, scope: Scope::Personal, set: field!(animations, flag),
        show: |config| config.animations.to_string() },
    Key { name: "mouse", expected: YES_NO, scope: Scope::Personal, set: field!(mouse, flag),
        show: |config| config.mouse.to_string() },
    Key { name: "accessible", expected: YES_NO, scope: Scope::Personal, set: field!(accessible, flag),
        show: |config| config.accessible.to_string() },
    Key { name: "time", expected: "local or utc", scope: Scope::Shared,
        set: field!(time, |value| word(value, ZONES)), show: |config| named(ZONES, config.time) },
    Key { name: "poll", expected: "0 to pause, or seconds from 10 to 3600", scope: Scope::Shared,
        set: field!(poll, poll), show: |config| config.poll.unwrap_or(0).to_string() },
    Key { name: "read_only", expected: YES_NO, scope: Scope::Shared, set: only_on!(read_only),
        show: |config| config.read_only.to_string() },
    Key { name: "dry_run", expected: YES_NO, scope: Scope::Shared, set: only_on!(dry_run),
        show: |config| config.dry_run.to_string() },
    Key { name: "remote", expected: "the name of a remote, as `git remote` lists them", scope: Scope::Shared,
        set: field!(remote, remote), show: |config| written(config.remote.as_deref().unwrap_or_default()) },
    Key { name: "editor", expected: COMMAND, scope: Scope::Guarded, set: field!(editor, command),
        show: |config| written_list(&config.editor) },
    Key { name: "token_command", expected: COMMAND, scope: Scope::Guarded, set: field!(token_command, command),
        show: |config| written_list(&config.token_command) },
    Key { name: "browser_hosts", expected: "a list of hosts: [\"ci.example.com\"]", scope: Scope::Guarded,
        set: field!(browser_hosts, |value| list(value, host)), show: |config| written_list(&config.browser_hosts) },
    Key { name: "user", expected: "your login on the forge, or \"\" for what the token says", scope: Scope::Own,
        set: field!(user, login), show: |config| written(config.user.as_deref().unwrap_or_default()) },
    Key { name: "assets_dir", expected: "an absolute path, or \"\" for the clone", scope: Scope::Own,
        set: field!(assets_dir, directory),
        show: |config| written(&config.assets_dir.iter().map(|dir| dir.to_string_lossy()).collect::<String>()) },
    Key { name: "trusted", expected: "a list of hashes, as `gonogo check` prints them: [\"sha256:…\"]",
        scope: Scope::Own, set: field!(trusted, |value| list(value, hash)),
        show: |config| written_list(&config.trusted) },
    Key { name: "api_urls", expected: "hosts and their addresses: \"git.example.com\" = \"https://git.example.com/api/v3\"",
        scope: Scope::Guarded, set: api_urls, show: shown_api_urls },
    Key { name: "announce", expected: announce::EXPECTED, scope: Scope::Own, set: announce::set,
        show: announce::shown },
    Key { name: "present.start", expected: YES_NO, scope: Scope::Personal, set: field!(present, flag),
        show: |config| config.present.to_string() },
    Key { name: "present.theme", expected: THEME, scope: Scope::Personal, set: field!(present_theme, theme),
        show: |config| written(&config.present_theme) },
];

/// The key of a name.
pub(super) fn key(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// The variable that sets a key.
pub(super) fn variable(key: &Key) -> String {
    format!("GONOGO_{}", key.name.to_ascii_uppercase().replace('.', "_"))
}

fn named<T: PartialEq>(words: &[(&str, T)], it: T) -> String {
    words.iter().find(|(_, other)| *other == it).map_or_else(String::new, |(word, _)| written(word))
}

/// A theme's name: it becomes a file name.
fn theme(value: &Value<'_>) -> Taken<String> {
    let name = text(value)?;
    let fine = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > 64 || !name.chars().all(fine) {
        return wrong(value, "a name takes letters, digits, dashes and underscores");
    }
    Ok(name)
}

fn poll(value: &Value<'_>) -> Taken<Option<u32>> {
    match number(value)? {
        0 => Ok(None),
        seconds @ 10..=3600 => Ok(u32::try_from(seconds).ok()),
        _ => wrong(value, ""),
    }
}

fn remote(value: &Value<'_>) -> Taken<Option<String>> {
    let name = text(value)?;
    if name.starts_with('-') || name.contains(char::is_whitespace) {
        return wrong(value, "");
    }
    Ok(Some(name).filter(|name| !name.is_empty()))
}

fn login(value: &Value<'_>) -> Taken<Option<String>> {
    let name = text(value)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.chars().all(plain) {
        return wrong(value, "without @");
    }
    Ok(Some(name).filter(|name| !name.is_empty()))
}

fn directory(value: &Value<'_>) -> Taken<Option<std::path::PathBuf>> {
    let path = std::path::PathBuf::from(text(value)?);
    match path {
        path if path.as_os_str().is_empty() => Ok(None),
        path if path.is_absolute() => Ok(Some(path)),
        _ => wrong(value, "from the root: \"/srv/build\""),
    }
}

fn hash(value: &Value<'_>) -> Taken<String> {
    let hash = text(value)?;
    let digits = hash.strip_prefix("sha256:").unwrap_or_default();
    if digits.len() != 64 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return wrong(value, "");
    }
    Ok(hash.to_ascii_lowercase())
}

fn api_urls(config: &mut Config, value: &Value<'_>) -> Taken<bool> {
    let Some(table) = value.get_ref().as_table() else { return wrong(value, "") };
    for (name, value) in table {
        if !is_host(name.get_ref()) {
            let hint = "the key is a host in quotes, without scheme and path".to_owned();
            return Err(Wrong { span: name.span(), found: quoted(name.get_ref()), hint });
        }
        let address = address(value)?;
        config.api_urls.insert(name.get_ref().to_ascii_lowercase(), address);
    }
    Ok(true)
}

fn shown_api_urls(config: &Config) -> String {
    let one = |(host, address): (&String, &String)| format!("{} = {}", written(host), written(address));
    let all: Vec<_> = config.api_urls.iter().map(one).collect();
    if all.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", all.join(", ")) }
}
