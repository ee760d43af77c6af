//! Tables made from what the program knows of itself: keys, configuration, themes, completions, the manual page.

use super::args::{Cli, CompletionsArgs, ConfigArgs, KeysArgs, Target, ThemesArgs, ThemesCommand};
use super::exit::{Exit, Said};
use super::setup::{Setup, report};
use crate::config::{EXAMPLE, explain, explain_json, tab_word, text_of};
use crate::process::Pane;
use crate::release::text::shown;
use crate::screen::TABS;
use crate::screen::keymap::{ACTIONS, Def, Keymap, Place, Reach};
use crate::view::base16::import;
use clap::CommandFactory as _;
use std::fmt::Write as _;

/// `gonogo keys`: every action with its keys, as the configuration has them.
#[must_use]
pub fn keys(args: &KeysArgs) -> Said {
    let target = Target { config: args.config.clone(), ..Target::default() };
    let setup = match Setup::of(None, &target, Vec::new()).and_then(Setup::sound) {
        Ok(setup) => setup,
        Err(said) => return said,
    };
    Said::ok(key_table(&setup.loaded.config.keymap, args.markdown))
}

/// The key table as text, or as Markdown for documentation.
#[must_use]
pub fn key_table(keymap: &Keymap, markdown: bool) -> String {
    let mut out = String::new();
    if markdown {
        out.push_str("| Keys | Action | What it does | Where |\n|---|---|---|---|\n");
    }
    for def in ACTIONS {
        let keys = all_keys(keymap, def);
        let place = place(def);
        let mark = match def.reach {
            Reach::Out => " Leaves this machine: a plan is shown first.",
            Reach::Eye | Reach::Local => "",
        };
        let _ = if markdown {
            // A pipe would end the cell.
            let keys = keys.replace('|', "\\|").replace(" or ", "` or `");
            writeln!(out, "| `{keys}` | {} | {}{mark} | {place} |", def.name, def.help)
        } else {
            writeln!(out, "{keys:16} {:18} {}{mark} ({place})", def.name, def.help)
        };
    }
    out
}

/// The keys of an action; those of single tabs, where they differ, in brackets.
fn all_keys(keymap: &Keymap, def: &Def) -> String {
    let tabs: Vec<Pane> = match def.place {
        Place::Tabs(tabs) => tabs.to_vec(),
        Place::Everywhere | Place::Replay => TABS.to_vec(),
    };
    let texts: Vec<(Pane, String)> = tabs.iter().map(|tab| (*tab, keymap.text(def.action, *tab))).collect();
    let most = texts.iter().max_by_key(|(_, text)| texts.iter().filter(|(_, other)| other == text).count());
    let mut out = most.map(|(_, text)| text.clone()).unwrap_or_default();
    for (tab, text) in texts.iter().filter(|(_, text)| most.is_none_or(|(_, most)| most != text)) {
        let _ = write!(out, " ({}: {text})", tab_word(*tab));
    }
    out
}

fn place(def: &Def) -> String {
    match def.place {
        Place::Everywhere => "everywhere".to_owned(),
        Place::Replay => "replay".to_owned(),
        Place::Tabs(tabs) => tabs.iter().map(|tab| tab_word(*tab)).collect::<Vec<_>>().join(", "),
    }
}

/// `gonogo config`: the values in force with their origin, or the default with every key explained.
#[must_use]
pub fn config(args: &ConfigArgs) -> Said {
    if args.default {
        return Said::ok(EXAMPLE);
    }
    let target = Target { config: args.config.clone(), ..Target::default() };
    let setup = match Setup::of(args.path.as_deref(), &target, Vec::new()) {
        Ok(setup) => setup,
        Err(said) => return said,
    };
    let out = if args.json { format!("{:#}\n", explain_json(&setup.loaded)) } else { explain(&setup.loaded) };
    let wrong = &setup.loaded.findings;
    let exit = if wrong.is_empty() { Exit::Ok } else { Exit::Usage };
    Said { out, err: report(wrong), exit }
}

/// `gonogo completions SHELL`
#[must_use]
pub fn completions(args: &CompletionsArgs) -> Said {
    let mut out = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "gonogo", &mut out);
    Said::ok(String::from_utf8_lossy(&out).into_owned())
}

/// `gonogo man`: the manual page, with a section for each command and one for the keys.
#[must_use]
pub fn man() -> Said {
    let mut out = Vec::new();
    let page = clap_mangen::Man::new(Cli::command()).manual("gonogo manual");
    let written = page.render(&mut out).and_then(|()| {
        let mut command = Cli::command();
        command.build();
        sections(&command, &mut out)
    });
    if let Err(why) = written {
        return Said::err(Exit::Unread, format!("the manual page cannot be written: {why}"));
    }
    let mut text = String::from_utf8_lossy(&out).into_owned();
    text.push_str(".SH KEYS\n");
    for def in ACTIONS {
        let keys = all_keys(&Keymap::default(), def);
        let _ = writeln!(text, ".TP\n\\fB{}\\fR ({})\n{}", roff(&keys), def.name, roff(def.help));
    }
    Said::ok(text)
}

/// A section of options for each command that has some.
fn sections(command: &clap::Command, out: &mut Vec<u8>) -> std::io::Result<()> {
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let mut page = Vec::new();
        let man = clap_mangen::Man::new(sub.clone());
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
        let name = sub.get_bin_name().unwrap_or(sub.get_name()).to_uppercase();
        // Each rendered part begins with its own heading; below a command they are subsections.
        let text = String::from_utf8_lossy(&page).replace(".SH DESCRIPTION\n", "").replace(".SH ", ".SS ");
        let text: String = text
            .lines()
            .filter(|line| !line.starts_with(".ie ") && !line.starts_with(".el "))
            .fold(String::new(), |text, line| text + line + "\n");
        out.extend_from_slice(format!(".SH \"{name}\"\n{text}").as_bytes());
        sections(sub, out)?;
    }
    Ok(())
}

/// A text in roff: a backslash, a leading dot and a dash mean something there.
fn roff(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

/// `gonogo themes import FILE.yaml`: a base16 scheme as a theme.
#[must_use]
pub fn themes(args: &ThemesArgs) -> Said {
    let ThemesCommand::Import { file } = &args.command;
    let name = shown(&file.display().to_string(), 400);
    let text = match text_of(file, None) {
        Ok(Some(text)) => text,
        Ok(None) => return Said::err(Exit::Unread, format!("{name}: there is no such file")),
        Err(why) => return Said::err(Exit::Unread, format!("{name}: it cannot be read: {why}")),
    };
    match import(&text) {
        Ok(theme) => Said::ok(theme),
        Err(why) => Said::err(Exit::Usage, format!("{name}: {}", shown(&why, 400))),
    }
}
