//! One layer laid over those below it: a file, the environment, the command line.

use super::bindings::Bindings;
use super::keys::{KEYS, Key, Scope, key, variable};
use super::origin::Origin;
use super::place::{Text, nearest, quoted};
use super::settings::Config;
use super::terminal::{is_colourless, is_utf8, locale};
use super::value::{Value, Wrong, address};
use crate::process::Finding;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Whose file it is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whose<'a> {
    /// The user's, or the default.
    User,
    /// The repository's: anybody who can change the repository wrote it.
    Repository {
        /// Its hash, as `trusted` lists it.
        hash: &'a str,
        /// Whether it does.
        trusted: bool,
        /// Where the user's file is, for hints.
        user: &'a str,
    },
}

/// The layers so far.
#[derive(Debug)]
pub(super) struct Stack {
    pub config: Config,
    pub origins: BTreeMap<&'static str, Origin>,
    pub bindings: Bindings,
    pub findings: Vec<Finding>,
}

impl Stack {
    pub fn new() -> Self {
        Self {
            config: Config::blank(),
            origins: BTreeMap::new(),
            bindings: Bindings::default(),
            findings: Vec::new(),
        }
    }

    /// Lays a file over what there is. Mistakes become findings, and what is right is taken all the same.
    pub fn file(&mut self, file: Text<'_>, whose: Whose<'_>) {
        let (table, errors) = DeTable::parse_recoverable(file.text);
        for error in errors.iter().take(20) {
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            let message: String = message.chars().flat_map(|c| c.escape_debug()).collect();
            let span = error.span().unwrap_or(0..0);
            self.findings.push(file.error(&span, message, "see https://toml.io for how TOML is written"));
        }
        self.table(table.get_ref(), "", file, whose);
    }

    fn table(&mut self, table: &DeTable<'_>, above: &str, file: Text<'_>, whose: Whose<'_>) {
        for (name, value) in table {
            let path = format!("{above}{}", name.get_ref());
            let inner = value.get_ref().as_table();
            if let Some(key) = key(&path) {
                if self.may(key.name, key.scope, &name.span(), file, whose) {
                    let (line, column) = file.place(name.span().start);
                    let origin = Origin::File { file: file.file.to_owned(), line, column };
                    self.set(key, value, origin, Some(file));
                }
            } else if path == "process" {
                // Read by the process room, which knows its keys.
            } else if path == "keys" {
                match inner {
                    Some(inner) if self.may("keys", Scope::Personal, &name.span(), file, whose) => {
                        self.bindings.read(inner, file, &mut self.findings);
                    }
                    Some(_) => {}
                    None => self.not_a_table("keys", &value.span(), file),
                }
            } else if KEYS.iter().any(|key| key.name.starts_with(&format!("{path}."))) {
                match inner {
                    Some(inner) => self.table(inner, &format!("{path}."), file, whose),
                    None => self.not_a_table(&path, &value.span(), file),
                }
            } else {
                self.findings.push(unknown(&path, above, &name.span(), file));
            }
        }
    }

    fn not_a_table(&mut self, path: &str, span: &Range<usize>, file: Text<'_>) {
        let message = format!("{path} is a table");
        self.findings.push(file.error(span, message, format!("write [{path}] and its keys below")));
    }

    /// Whether a file may set a key; if not, says where the key belongs.
    fn may(
        &mut self,
        name: &str,
        scope: Scope,
        span: &Range<usize>,
        file: Text<'_>,
        whose: Whose<'_>,
    ) -> bool {
        let Whose::Repository { hash, trusted, user } = whose else { return true };
        let why = match scope {
            Scope::Shared => return true,
            Scope::Personal | Scope::Guarded if trusted => return true,
            Scope::Personal => "each user decides that alone",
            Scope::Guarded => "a file that comes with the repository may not run programs or name hosts",
            Scope::Own if name == "trusted" => "a file cannot trust itself",
            Scope::Own => "where it is posted to is each user's own",
        };
        let or = match scope {
            Scope::Guarded => format!("; or trust this file as it is now, with trusted = [\"{hash}\"] there"),
            Scope::Shared | Scope::Personal | Scope::Own => String::new(),
        };
        let message = format!("{name} cannot be set by the repository");
        self.findings.push(file.error(span, message, format!("{why}: set it in {user}{or}")));
        false
    }

    fn set(&mut self, key: &'static Key, value: &Value<'_>, origin: Origin, file: Option<Text<'_>>) {
        match (key.set)(&mut self.config, value) {
            Ok(true) => {
                self.origins.insert(key.name, origin);
            }
            Ok(false) => {}
            Err(Wrong { span, found, hint }) => {
                let message = format!("{} cannot be {found}", key.name);
                let space = if hint.is_empty() { "" } else { "; " };
                let hint = format!("{hint}{space}expected {}", key.expected);
                self.findings.push(match file {
                    Some(file) => file.error(&span, message, hint),
                    None => origin.finding(message, hint),
                });
            }
        }
    }

    /// Lays the environment over what there is.
    pub fn variables(&mut self, variable_of: &dyn Fn(&str) -> Option<String>) {
        let given = |name: &str| variable_of(name).filter(|text| !text.is_empty());
        if given("NO_COLOR").is_some() {
            self.named("theme", "mono", &Origin::Variable("NO_COLOR".to_owned()));
        }
        // What nobody chose follows what the terminal can show.
        let unsaid = |stack: &Self, key| stack.origins.get(key).is_none_or(|it| *it == Origin::Default);
        if unsaid(self, "theme") && is_colourless(variable_of) {
            self.named("theme", "mono", &Origin::Variable("TERM".to_owned()));
        }
        let narrow = locale(variable_of).filter(|(_, text)| !is_utf8(text));
        if let Some((name, _)) = narrow.filter(|_| unsaid(self, "glyphs")) {
            self.named("glyphs", "ascii", &Origin::Variable(name.to_owned()));
        }
        if given("ACCESSIBLE").is_some_and(|text| text != "0") {
            self.named("accessible", "true", &Origin::Variable("ACCESSIBLE".to_owned()));
        }
        for key in KEYS.iter().filter(|key| key.scope != Scope::Own) {
            let name = variable(key);
            if let Some(text) = given(&name) {
                self.named(key.name, &text, &Origin::Variable(name));
            }
        }
        if let Some(text) = given("GONOGO_API_URL") {
            self.api_url(&text, &Origin::Variable("GONOGO_API_URL".to_owned()));
        }
    }

    /// Sets a key to a text as people write it outside of TOML: a word without quotes, 1 for true, or TOML.
    pub fn named(&mut self, name: &str, text: &str, origin: &Origin) {
        let Some(key) = key(name) else { return };
        let plain = Spanned::new(0..0, DeValue::String(text.into()));
        let mut forms = vec![plain];
        forms.extend(DeValue::parse(text).ok());
        match text {
            "1" => forms.push(Spanned::new(0..0, DeValue::Boolean(true))),
            "0" => forms.push(Spanned::new(0..0, DeValue::Boolean(false))),
            _ => {}
        }
        let fits = forms.iter().position(|form| (key.set)(&mut self.config.clone(), form).is_ok());
        // The plain text makes the best message when nothing fits.
        self.set(key, &forms[fits.unwrap_or(0)], origin.clone(), None);
    }

    /// Sets a key that takes a program and its arguments.
    pub fn command(&mut self, name: &str, words: &[String], origin: &Origin) {
        let Some(key) = key(name) else { return };
        let words = words.iter().map(|word| Spanned::new(0..0, DeValue::String(word.as_str().into())));
        let value = Spanned::new(0..0, DeValue::Array(words.collect()));
        self.set(key, &value, origin.clone(), None);
    }

    /// Sets the address of the API whatever the host.
    pub fn api_url(&mut self, text: &str, origin: &Origin) {
        match address(&Spanned::new(0..0, DeValue::String(text.into()))) {
            Ok(address) => self.config.api_url = Some(address),
            Err(bad) => {
                let message = format!("the address of the API cannot be {}", bad.found);
                self.findings.push(origin.finding(message, bad.hint));
            }
        }
    }
}

fn unknown(path: &str, above: &str, span: &Range<usize>, file: Text<'_>) -> Finding {
    let names = KEYS.iter().map(|key| key.name).chain(["keys", "process"]);
    let here = names.filter_map(|name| Some(name.strip_prefix(above)?.split('.').next().unwrap_or_default()));
    let mut here: Vec<&str> = here.collect();
    here.dedup();
    let last = path.strip_prefix(above).unwrap_or(path);
    let near = nearest(last, here.iter().copied());
    let near = near.map(|near| format!("did you mean {near:?}? ")).unwrap_or_default();
    let within =
        if above.is_empty() { String::new() } else { format!(" in {}", above.trim_end_matches('.')) };
    let message = format!("unknown key {}{within}", quoted(last));
    file.error(span, message, format!("{near}Keys here: {}", here.join(", ")))
}
