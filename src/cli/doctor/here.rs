//! What is here: configuration, process, editor, terminal.

use super::Findings;
use crate::cli::setup::Setup;
use crate::config::{Chosen, Loaded, Owner};
use crate::screen::Glyphs;
use crate::spawn::Program;
use std::io::IsTerminal as _;

pub(super) fn configuration(found: &mut Findings, loaded: &Loaded, setup: &Setup) {
    for file in &loaded.files {
        let wrong = loaded.findings.iter().filter(|finding| finding.file == file.name).count();
        match (&file.text, file.owner) {
            _ if wrong > 0 => found.bad("config", format!("{}: {wrong} wrong", file.name), "gonogo check"),
            (None, Owner::User) => found.ok("config", format!("{} is not there: defaults hold", file.name)),
            (None, Owner::Repository) => {
                found.warn("config", format!("{} is not there", file.name), "gonogo init drafts one");
            }
            (Some(_), _) => found.ok("config", &file.name),
        }
    }
    let files: Vec<_> = loaded.files.iter().map(|file| file.name.as_str()).collect();
    for finding in loaded.findings.iter().filter(|finding| !files.contains(&finding.file.as_str())) {
        found.bad("config", format!("{}: {}", finding.file, finding.message), finding.hint.clone());
    }
    match (setup.process(), &setup.chosen) {
        (Some(Ok(resolved)), _) if resolved.findings.is_empty() => {
            found.ok("process", &resolved.process.name)
        }
        (Some(Ok(resolved)), _) => {
            let text = format!("{}: {} contradictions", resolved.process.name, resolved.findings.len());
            found.warn("process", text, "gonogo check");
        }
        (Some(Err(findings)), _) => found.bad("process", format!("{} wrong", findings.len()), "gonogo check"),
        (None, Chosen::Nowhere | Chosen::Named(_) | Chosen::Written(_)) => {
            found.warn("process", "none is written for this repository", "gonogo init");
        }
    }
}

pub(super) fn editor(found: &mut Findings, loaded: &Loaded) {
    let variable = |name: &str| std::env::var(name).ok().filter(|text| !text.trim().is_empty());
    let words = match loaded.config.editor.as_slice() {
        [] => variable("VISUAL").or_else(|| variable("EDITOR")).unwrap_or_else(|| "vi".to_owned()),
        [program, ..] => return editor_program(found, program),
    };
    let program = crate::spawn::words(&words).and_then(|words| words.first().cloned()).unwrap_or_default();
    editor_program(found, &program.to_string_lossy());
}

fn editor_program(found: &mut Findings, program: &str) {
    match Program::find(program) {
        Ok(program) => found.ok("editor", program.line()),
        Err(why) => found.warn("editor", why.to_string(), "set editor in your config.toml, or EDITOR"),
    }
}

pub(super) fn terminal(found: &mut Findings, loaded: &Loaded) {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let term = variable("TERM");
    let shown_term = if term.is_empty() { "TERM is not set".to_owned() } else { format!("TERM={term}") };
    if term.is_empty() || term == "dumb" {
        let text = format!("{shown_term}: no full screen here");
        found.warn("terminal", text, "gonogo --accessible works in any terminal");
    } else {
        let colours = match variable("COLORTERM").as_str() {
            "truecolor" | "24bit" => "24-bit colours",
            _ if term.contains("direct") => "24-bit colours",
            _ if term.contains("256color") => "256 colours",
            _ if crate::config::is_colourless(&|name| std::env::var(name).ok()) => "no colours",
            _ => "16 colours",
        };
        let none = if variable("NO_COLOR").is_empty() { "" } else { ", NO_COLOR is set" };
        found.ok("terminal", format!("{shown_term}, {colours}{none}"));
    }
    if std::io::stdout().is_terminal() {
        match rustix::termios::tcgetwinsize(std::io::stdout()) {
            Ok(size) if size.ws_col < 60 || size.ws_row < 16 => {
                let text = format!("{}x{} is too small for lists", size.ws_col, size.ws_row);
                found.warn("size", text, "60x16 or more; 100x30 is comfortable");
            }
            Ok(size) => found.ok("size", format!("{}x{}", size.ws_col, size.ws_row)),
            Err(why) => found.warn("size", format!("the terminal does not say: {why}"), "80x24 is taken"),
        }
    } else {
        found.warn("size", "the output is no terminal", "the cockpit needs one; status and check do not");
    }
    let ascii = loaded.config.glyphs == Glyphs::Ascii;
    match crate::config::locale(&|name| std::env::var(name).ok()) {
        Some((_, locale)) if crate::config::is_utf8(&locale) => found.ok("locale", locale),
        locale => {
            let said = locale.map_or_else(String::new, |(_, text)| text);
            let text = format!("{said:?} does not say UTF-8: symbols ");
            if ascii {
                found.ok("locale", text + "are drawn in ASCII");
            } else {
                found.warn("locale", text + "may be broken", "glyphs = \"ascii\", or a UTF-8 locale");
            }
        }
    }
}
