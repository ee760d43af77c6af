//! Themes by number: contrast, what is told apart, what is left with fewer colours, and errors that say where.

use super::paper::draw;
use super::stories;
use gonogo::view::base16;
use gonogo::view::colour::{Colour, Depth, contrast, deuteranopia_distance, distance, of_256, to_256};
use gonogo::view::palette::{Ground, NAMES, Palette, ROLES};
use gonogo::view::theme::Theme;
use ratatui::style::{Color, Modifier};

const STATUS: [&str; 6] = ["accent", "ok", "bad", "run", "warn", "hold"];

fn palettes() -> Vec<(String, Palette, Ground)> {
    let mut all = vec![];
    for name in NAMES {
        for ground in [Ground::Dark, Ground::Light] {
            let palette = Palette::built_in(name, ground).expect("a built-in theme");
            all.push((format!("{name} on {ground:?}"), palette, ground));
        }
    }
    all
}

/// The colour of a role as a terminal of this depth shows it; the terminal's own is black or white.
fn shown(palette: &Palette, ground: Ground, depth: Depth, role: &str) -> [u8; 3] {
    let own = if ground == Ground::Light { ([255; 3], [0; 3]) } else { ([0; 3], [255; 3]) };
    match Theme::new(palette, depth, ground).colour(role).expect("a role") {
        Color::Rgb(r, g, b) => [r, g, b],
        Color::Indexed(index) => of_256(index),
        _ if matches!(role, "bg" | "panel" | "sel") => own.0,
        _ => own.1,
    }
}

#[test]
fn every_theme_names_every_colour_and_parses() {
    for name in NAMES {
        assert!(Palette::built_in(name, Ground::Dark).is_some(), "{name}");
    }
}

#[test]
fn text_has_a_contrast_of_seven_and_status_of_four_and_a_half_also_on_the_selection() {
    let mut wrong = vec![];
    for (name, palette, ground) in palettes() {
        for depth in [Depth::TrueColor, Depth::Ansi256] {
            let at = |role| shown(&palette, ground, depth, role);
            for role in ["fg", "dim"] {
                for (on, floor) in [("bg", 7.0), ("panel", 7.0), ("sel", 4.5)] {
                    let found = contrast(at(role), at(on));
                    if found < floor {
                        wrong.push(format!("{name} {depth:?}: {role} on {on} is {found:.2}"));
                    }
                }
            }
            for role in STATUS {
                for on in ["bg", "panel", "sel"] {
                    let found = contrast(at(role), at(on));
                    if found < 4.5 {
                        wrong.push(format!("{name} {depth:?}: {role} on {on} is {found:.2}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn with_sixteen_colours_everything_can_still_be_read() {
    for (name, palette, ground) in palettes() {
        let at = |role| shown(&palette, ground, Depth::Ansi16, role);
        let bg = at("bg");
        for role in STATUS.iter().chain(&["fg", "dim"]) {
            let found = contrast(at(role), bg);
            assert!(found >= 4.5, "{name}: {role} is {found:.2}");
        }
    }
}

#[test]
fn the_colourblind_theme_is_told_apart_without_green_cones() {
    for ground in [Ground::Dark, Ground::Light] {
        let palette = Palette::built_in("colourblind", ground).expect("a theme");
        let at = |role| shown(&palette, ground, Depth::TrueColor, role);
        let roles = ["ok", "bad", "run", "warn", "hold"];
        for (i, a) in roles.iter().enumerate() {
            for b in &roles[i + 1..] {
                let found = deuteranopia_distance(at(a), at(b));
                assert!(found >= 20.0, "{ground:?}: {a} and {b} are {found:.1} apart");
            }
        }
    }
}

#[test]
fn simulated_deuteranopia_brings_red_and_green_together_and_leaves_blue() {
    let (red, green, blue) = ([200, 90, 0], [140, 130, 0], [0, 90, 255]);
    assert!(deuteranopia_distance(red, green) < distance(red, green) / 2.0);
    assert!(deuteranopia_distance(red, blue) > 60.0);
}

#[test]
fn contrast_is_that_of_the_standard() {
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 0.01);
    assert!((contrast([0x77; 3], [255; 3]) - 4.48).abs() < 0.01);
    assert_eq!(to_256([255, 0, 0]), 196);
    assert_eq!(to_256([8, 8, 8]), 232);
}

#[test]
fn without_colours_there_are_none_and_the_cursor_is_reversed() {
    for name in NAMES {
        let theme = Theme::built_in(name, Depth::Mono, Ground::Dark);
        for (_, (release, screen)) in stories::all() {
            let (buffer, _) = draw(&release, &screen, &theme);
            for cell in &buffer.content {
                assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset));
            }
        }
        assert!(theme.selection().add_modifier.contains(Modifier::REVERSED));
    }
}

#[test]
fn the_background_is_painted_only_where_it_must_be() {
    let bg = |name, depth, ground| Theme::built_in(name, depth, ground).ground().bg;
    assert_eq!(bg("dark", Depth::TrueColor, Ground::Dark), Some(Color::Reset));
    assert_eq!(bg("light", Depth::TrueColor, Ground::Light), Some(Color::Reset));
    assert_eq!(bg("dark", Depth::TrueColor, Ground::Light), Some(Color::Rgb(0x10, 0x14, 0x1c)));
    assert_eq!(bg("auto", Depth::TrueColor, Ground::Unknown), Some(Color::Rgb(0x10, 0x14, 0x1c)));
    assert_eq!(bg("auto", Depth::TrueColor, Ground::Light), Some(Color::Reset));
    assert_eq!(bg("present", Depth::Ansi16, Ground::Dark), Some(Color::Indexed(0)));
    assert_eq!(bg("ansi16", Depth::Ansi16, Ground::Unknown), Some(Color::Reset));
}

#[test]
fn a_users_theme_overrides_what_it_names() {
    let palette = Palette::parse("base = \"light\"\nok = \"#123456\"\n", "mine.toml").expect("a theme");
    let light = Palette::built_in("light", Ground::Light).expect("a theme");
    assert_eq!(palette.colours[7], Colour::Rgb(0x12, 0x34, 0x56));
    assert_eq!(palette.colours[8], light.colours[8]);
}

#[test]
fn errors_in_a_theme_say_line_key_and_the_nearest_name() {
    let text =
        "name = \"x\"\nbas = \"dark\"\nwran = \"#ffffff\"\nok = \"greenish\"\nbad = 3\nbase = \"drak\"\n";
    let errors = Palette::parse(text, "mine.toml").expect_err("five mistakes");
    let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let wanted = [
        "mine.toml:6: no theme of that name to start from (did you mean \"dark\"?)",
        "mine.toml:2: no colour is called \"bas\" (did you mean \"bad\"?)",
        "mine.toml:3: no colour is called \"wran\" (did you mean \"warn\"?)",
        "mine.toml:4: ok = \"greenish\" is no colour (a colour is \"#rrggbb\", \"default\" or a name such as \"red\" or \"bright-blue\")",
        "mine.toml:5: bad is no text (a colour is \"#rrggbb\")",
    ];
    assert_eq!(said, wanted);
    let broken = Palette::parse("name = \"x\"\nok = = 3\n", "mine.toml").expect_err("no TOML");
    assert_eq!((broken.len(), broken[0].line), (1, 2));
}

#[test]
fn a_base16_scheme_becomes_a_theme_flat_or_nested() {
    let digits = ["181818", "282828", "383838", "585858", "b8b8b8", "d8d8d8", "e8e8e8", "f8f8f8"];
    let more = ["ab4642", "dc9656", "f7ca88", "a1b56c", "86c1b9", "7cafc2", "ba8baf", "a16946"];
    let lines = |indent: &str| -> String {
        let all = digits.iter().chain(&more).enumerate();
        all.map(|(at, colour)| format!("{indent}base0{at:X}: \"{colour}\"\n")).collect()
    };
    let flat = format!("scheme: \"Example\"\nauthor: \"somebody\"\n{}", lines(""));
    let nested = format!(
        "system: base16\nname: Example\npalette:\n{}",
        lines("  ").replace('"', "\"#").replace("\"#\n", "\"\n")
    );
    let toml = base16::import(&flat).expect("a theme");
    assert_eq!(base16::import(&nested).as_deref(), Ok(&*toml));
    let palette = Palette::parse(&toml, "example.toml").expect("the theme parses");
    assert_eq!(palette.colours[0], Colour::Rgb(0x18, 0x18, 0x18));
    assert_eq!(palette.colours[7], Colour::Rgb(0xa1, 0xb5, 0x6c));
    let bg = palette.colours[0].rgb().expect("a colour");
    for (role, colour) in ROLES.iter().zip(palette.colours).skip(4) {
        let floor = if matches!(*role, "fg" | "dim") { 7.0 } else { 4.5 };
        assert!(contrast(colour.rgb().expect("a colour"), bg) >= floor, "{role}");
    }
    let missing = base16::import(&flat.replace("base0B", "base1B")).expect_err("a colour is missing");
    assert_eq!(missing, "base0B is missing");
    let wrong = base16::import(&flat.replace("181818", "18x818")).expect_err("no colour");
    assert!(wrong.starts_with("line 3:"), "{wrong}");
}
