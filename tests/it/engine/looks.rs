//! How it looks in a terminal: without colours, with another theme, and with rows that only git knows.

use super::leaving::{opening, repository};
use super::pty::{ENTER, Term, gonogo};
use std::process::Command;

/// The parameters of every sequence that sets how text looks.
fn graphics(raw: &[u8]) -> Vec<u32> {
    let text = String::from_utf8_lossy(raw).into_owned();
    let sequences = text.split("\u{1b}[").skip(1).filter_map(|part| {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ';' && c != ':')?;
        part[end..].starts_with('m').then(|| part[..end].to_owned())
    });
    sequences
        .flat_map(|it| it.split([';', ':']).filter_map(|it| it.parse().ok()).collect::<Vec<_>>())
        .collect()
}

/// Sets a colour, of the text or of the ground; 39 and 49 take them back, which is none.
fn is_colour(parameter: &u32) -> bool {
    matches!(parameter, 30..=38 | 40..=48 | 58 | 90..=107)
}

/// Goes through every tab and a dialog, and gives all that the terminal got.
fn tour(command: Command) -> Vec<u8> {
    let mut term = Term::start(command);
    term.see("Go / no-go");
    for tab in 1..=8 {
        term.press(&tab.to_string());
        term.see(&format!("[{tab} "));
        term.press("j");
    }
    term.press("?");
    term.settle();
    term.press("\u{1b}");
    term.settle();
    assert!(term.leave().success());
    term.raw.clone()
}

#[test]
fn with_no_color_no_colour_is_sent() {
    let yard = repository();
    let mut command = opening(&yard, &[]);
    command.env("NO_COLOR", "1").env("COLORTERM", "truecolor");
    let plain = graphics(&tour(command));
    assert!(plain.iter().any(|it| matches!(it, 1 | 7)), "bold and reversed stand for it: {plain:?}");
    assert_eq!(plain.iter().filter(|it| is_colour(it)).collect::<Vec<_>>(), Vec::<&u32>::new());
    let coloured = graphics(&tour(opening(&yard, &[])));
    assert!(coloured.iter().any(is_colour), "without it there are colours");
}

/// Chooses a theme by its name.
fn choose(term: &mut Term, theme: &str) {
    term.press("gt");
    term.see("colourblind");
    term.press(theme);
    term.press(ENTER);
    term.until("the dialog is closed", |screen| !screen.contains("colourblind"));
    term.settle();
}

#[test]
fn another_theme_is_in_the_next_frame_and_the_configured_one_in_the_next_session() {
    let yard = repository();
    let mut term = Term::start(opening(&yard, &[]));
    term.see("session started");
    term.settle();
    let dark = term.colours();
    choose(&mut term, "light");
    let light = term.colours();
    assert!(dark.intersection(&light).count() * 4 < light.len(), "{dark:?}\n{light:?}");
    choose(&mut term, "dark");
    assert_eq!(term.colours(), dark);
    choose(&mut term, "light");
    assert!(term.leave().success());
    // What was chosen was for that session; what is written stays.
    let mut again = Term::start(opening(&yard, &[]));
    again.see("session started");
    again.settle();
    assert!(again.colours().is_disjoint(&light) || again.colours() == dark, "{:?}", again.colours());
    assert!(again.leave().success());
    let file = yard.root().join("config/gonogo/config.toml");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "theme = \"light\"\n").unwrap();
    let mut kept = Term::start(opening(&yard, &[]));
    kept.see("session started");
    kept.settle();
    assert!(kept.colours().intersection(&light).count() * 4 > light.len() * 3, "{:?}", kept.colours());
    choose(&mut kept, "dark");
    assert!(kept.leave().success());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "theme = \"light\"\n");
}

#[test]
fn without_a_token_the_picks_that_git_knows_are_shown_and_the_forges_error_stands_above_them() {
    let bench = crate::cli::picks::bench();
    let path = bench.yard.path();
    let args = ["open", path.to_str().unwrap(), "--release", "v1.2.0"];
    // A remote on this disk, and a forge that nobody serves.
    bench.yard.git(&["remote", "set-url", "origin", path.to_str().unwrap()]);
    let forge = ["--api-url", "http://127.0.0.1:9/", "--repository", "octo/widget"];
    let mut term = Term::start(gonogo(&[&args[..], &forge].concat(), bench.yard.root()));
    term.press("5");
    term.see("[5 Picks");
    term.until("rows and the error", |screen| {
        let row = screen.contains("#13") || screen.contains("#40");
        row && screen.contains("not readable: ") && screen.contains("token")
    });
    assert!(!term.screen().contains("picks could not be read"), "{}", term.screen());
    assert!(term.leave().success());
}

#[test]
fn a_terminal_of_sixteen_colours_is_sent_their_own_numbers_and_no_palette() {
    let yard = repository();
    let mut command = opening(&yard, &[]);
    command.env("TERM", "xterm").env_remove("COLORTERM");
    let sent = graphics(&tour(command));
    assert!(sent.iter().any(|it| matches!(it, 30..=37 | 90..=97)), "it has colours: {sent:?}");
    assert!(!sent.iter().any(|it| matches!(it, 38 | 48)), "a colour of 256 or more: {sent:?}");
    let mut command = opening(&yard, &[]);
    command.env("TERM", "xterm-256color").env_remove("COLORTERM");
    assert!(graphics(&tour(command)).contains(&38), "with 256 the palette is used");
}

#[test]
fn a_replay_has_the_colours_of_the_ground_that_it_is_shown_on() {
    let yard = repository();
    let mut term = Term::start(opening(&yard, &[]));
    term.see("session started");
    assert!(term.leave().success());
    let journal = super::demo::journal(yard.root());
    let on = |ground: &str| {
        let mut command = gonogo(&["replay", journal.to_str().unwrap()], yard.root());
        command.env("COLORFGBG", ground);
        let mut replay = Term::start(command);
        replay.see("chain holds");
        replay.settle();
        let colours = replay.colours();
        assert!(replay.leave().success());
        colours
    };
    assert_ne!(on("15;0"), on("0;15"), "a light terminal has its own colours");
}
