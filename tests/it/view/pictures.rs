//! The pictures in `screenshots/`. `GONOGO_PICTURES=1 cargo test --test it pictures` makes them anew; without it this
//! test fails when one is out of date. With the path of a folder for the 1, pictures of every screen at every size go
//! there, to be looked at.

use super::paper::draw;
use super::picture::{DARK, LIGHT, Paper, svg};
use super::stories;
use super::story::Story;
use gonogo::release::{Pane, Release};
use gonogo::screen::Screen;
use gonogo::view::colour::Depth;
use gonogo::view::palette::Ground;
use gonogo::view::theme::Theme;
use std::path::Path;

struct Picture {
    name: &'static str,
    title: &'static str,
    release: Release,
    screen: Screen,
    theme: &'static str,
    ground: Ground,
}

fn tab(name: &'static str, title: &'static str, pane: Pane, columns: u16, rows: u16, light: bool) -> Picture {
    let story = Story::full();
    let mut screen = story.screen(columns, rows);
    screen.tab = pane;
    let theme = if light { "light" } else { "dark" };
    let ground = if light { Ground::Light } else { Ground::Dark };
    Picture { name, title, release: story.release, screen, theme, ground }
}

fn picks(name: &'static str, title: &'static str, columns: u16, rows: u16, light: bool) -> Picture {
    let story = super::queue::story();
    let screen = super::queue::screen(&story, columns, rows);
    Picture { screen, release: story.release, ..tab(name, title, Pane::Picks, columns, rows, light) }
}

fn matrix() -> Picture {
    let mut picture = picks("picks-matrix", "Every pick on every line", 120, 36, false);
    picture.screen.matrix = true;
    gonogo::screen::rows::remake(&mut picture.screen, &picture.release);
    picture
}

fn pictures() -> Vec<Picture> {
    let mut all = vec![
        tab("overview", "The go/no-go poll of a release", Pane::Overview, 120, 36, false),
        tab("overview-80x24", "The poll in a small terminal", Pane::Overview, 80, 24, false),
        tab("overview-light", "The poll on a light background", Pane::Overview, 120, 36, true),
        tab("overview-200x50", "The poll on a wide screen", Pane::Overview, 200, 50, false),
        tab("milestone", "The issues of the milestone", Pane::Milestone, 120, 36, false),
        tab("milestone-80x24", "The issues in a small terminal", Pane::Milestone, 80, 24, false),
        tab("ci", "Checks by branch", Pane::Ci, 120, 36, false),
        tab("ci-light", "Checks on a light background", Pane::Ci, 120, 36, true),
        tab("branches", "The trunk and the release lines", Pane::Branches, 120, 36, false),
        picks("picks", "The pick queue, predicted in order", 120, 36, false),
        picks("picks-80x24", "The pick queue in a small terminal", 80, 24, false),
        matrix(),
        picks("picks-light", "The pick queue on a light background", 120, 36, true),
        tab("checklist", "The stages and their items", Pane::Checklist, 120, 36, false),
        tab("candidate", "Candidates and releases", Pane::Candidate, 120, 36, false),
        tab("journal", "What happened", Pane::Journal, 120, 36, false),
        tab("milestone-colourblind", "The issues in the colourblind theme", Pane::Milestone, 120, 36, false),
    ];
    if let Some(last) = all.last_mut() {
        last.theme = "colourblind";
    }
    for (name, title, (release, screen)) in [
        ("plan", "A plan, before anything leaves", stories::plan()),
        ("artifacts", "What the registries have of a version", stories::published()),
        ("typed", "A name typed before what cannot be taken back", stories::typed()),
        ("help", "The keys of a tab", stories::help()),
        ("palette", "Every action by name", stories::palette()),
        ("which-key", "The keys that may follow", stories::which_key()),
        ("replay", "A replay of the journal", stories::replay()),
        ("opening", "The journal is verified while it is read", stories::opening()),
        ("grounded", "The journal cannot be written", stories::grounded()),
        ("present", "Presentation mode", stories::present()),
        ("meeting", "A meeting, one item at a time", super::meetings::meeting()),
    ] {
        all.push(Picture { name, title, release, screen, theme: "dark", ground: Ground::Dark });
    }
    all
}

/// The picture itself.
fn made(picture: &Picture) -> String {
    let theme = Theme::built_in(picture.theme, Depth::TrueColor, picture.ground);
    let (buffer, _) = draw(&picture.release, &picture.screen, &theme);
    let paper: &Paper = match (picture.screen.options.present, picture.ground) {
        (true, _) => &Paper { back: "#05070b", text: "#ffffff" },
        (false, Ground::Light) => &LIGHT,
        (false, Ground::Dark | Ground::Unknown) => &DARK,
    };
    svg(&buffer, paper, picture.title)
}

/// Writes every screen of the story at every size, on both grounds, in colour and in ASCII.
fn gallery(folder: &Path) {
    let write = |name: String, picture: &Picture| {
        std::fs::write(folder.join(name), made(picture)).expect("a picture");
    };
    for (columns, rows) in [(60, 16), (80, 24), (100, 30), (120, 36), (200, 50), (300, 100)] {
        for light in [false, true] {
            let ground = if light { "light" } else { "dark" };
            for pane in gonogo::screen::TABS {
                let mut picture = match pane {
                    Pane::Picks => picks("", "", columns, rows, light),
                    pane => tab("", "", pane, columns, rows, light),
                };
                let name = format!("{pane:?}-{columns}x{rows}-{ground}").to_lowercase();
                write(format!("{name}.svg"), &picture);
                picture.screen.options.present = true;
                write(format!("{name}-present.svg"), &picture);
                picture.screen.options.present = false;
                picture.screen.options.glyphs = gonogo::screen::Glyphs::Ascii;
                picture.theme = "mono";
                write(format!("{name}-mono.svg"), &picture);
                picture.screen.options.glyphs = gonogo::screen::Glyphs::Unicode;
                picture.theme = "colourblind";
                write(format!("{name}-colourblind.svg"), &picture);
            }
            for (name, (release, mut screen)) in stories::all() {
                screen.size = (columns, rows);
                let theme = if light { "light" } else { "dark" };
                let picture =
                    Picture { release, screen, theme, ..tab("", "", Pane::Ci, columns, rows, light) };
                write(format!("{name}-{columns}x{rows}-{ground}.svg"), &picture);
            }
        }
    }
}

#[test]
fn pictures_are_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    let asked = std::env::var_os("GONOGO_PICTURES");
    let make = asked.as_ref().is_some_and(|it| it == "1");
    if let Some(elsewhere) = asked.filter(|_| !make) {
        return gallery(Path::new(&elsewhere));
    }
    let mut stale = vec![];
    for picture in pictures() {
        let made = made(&picture);
        let path = folder.join(format!("{}.svg", picture.name));
        if make {
            std::fs::create_dir_all(&folder).expect("the folder of the pictures");
            std::fs::write(&path, made).expect("a picture");
        } else if std::fs::read_to_string(&path).ok() != Some(made) {
            stale.push(picture.name);
        }
    }
    assert!(stale.is_empty(), "out of date: {stale:?}; run GONOGO_PICTURES=1 cargo test --test it pictures");
}
