//! Schemes of base16 as themes: `baseXX: "rrggbb"` lines, flat or under `palette:`.
//!
//! Source: tinted-theming, base16 styling guidelines 0.3: base00 is the background, base01 lighter, base02 the
//! selection, base03 comments, base05 the text, base08 red, base09 orange, base0A yellow, base0B green, base0C cyan,
//! base0D blue, base0E magenta.

use super::colour::{Colour, contrast};
use super::palette::ROLES;

/// Which colour of the scheme each role takes, in the order of [`ROLES`].
const FROM: [usize; 12] = [0x0, 0x1, 0x2, 0x3, 0x5, 0x4, 0xd, 0xb, 0x8, 0xc, 0xa, 0xe];

/// A theme's TOML from a scheme's YAML. A colour that cannot be read on the scheme's background is moved towards its
/// text until it can, and says so in a comment.
///
/// # Errors
/// Which line is wrong or which colour is missing, in words.
pub fn import(yaml: &str) -> Result<String, String> {
    let mut found: [Option<[u8; 3]>; 16] = [None; 16];
    let mut name = "base16".to_owned();
    for (at, line) in yaml.lines().enumerate() {
        let Some((key, value)) = line.trim().split_once(':') else { continue };
        let value = value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        if matches!(key, "scheme" | "name") && !value.is_empty() {
            name = crate::release::text::shown(value, 40);
        }
        let Some(digit) = key.strip_prefix("base0").and_then(|digit| usize::from_str_radix(digit, 16).ok())
        else {
            continue;
        };
        let colour = Colour::parse(&format!("#{}", value.trim_start_matches('#'))).ok().and_then(Colour::rgb);
        match (found.get_mut(digit), colour) {
            (Some(place), Some(colour)) => *place = Some(colour),
            _ => {
                return Err(format!(
                    "line {}: {} is no colour; write base0{digit:X}: \"rrggbb\"",
                    at + 1,
                    crate::release::text::shown(line.trim(), 60)
                ));
            }
        }
    }
    let get = |digit: usize| found[digit].ok_or_else(|| format!("base0{digit:X} is missing"));
    let (bg, fg) = (get(0)?, get(5)?);
    let mut out = format!("# Made from the base16 scheme {name:?}.\nname = {name:?}\npaint = false\n");
    for (role, from) in ROLES.iter().zip(FROM) {
        let colour = get(from)?;
        let floor = match *role {
            "fg" | "dim" => 7.0,
            "bg" | "panel" | "sel" | "rule" => 0.0,
            _ => 4.5,
        };
        let readable = readable(colour, bg, fg, floor);
        let note = if readable == colour { "" } else { " # moved towards the text, to be readable" };
        let [r, g, b] = readable;
        out.push_str(&format!("{role} = \"#{r:02x}{g:02x}{b:02x}\"{note}\n"));
    }
    Ok(out)
}

/// A colour moved towards the text, and then towards black or white, until its contrast is enough.
fn readable(colour: [u8; 3], bg: [u8; 3], fg: [u8; 3], floor: f64) -> [u8; 3] {
    let end = if contrast([255; 3], bg) > contrast([0; 3], bg) { [255; 3] } else { [0; 3] };
    let steps = (0..=10).map(|step| mix(colour, fg, step)).chain((1..=10).map(|step| mix(fg, end, step)));
    let mut last = colour;
    for step in steps {
        last = step;
        if contrast(step, bg) >= floor {
            break;
        }
    }
    last
}

/// A colour so many tenths of the way to another.
fn mix(from: [u8; 3], to: [u8; 3], tenths: u16) -> [u8; 3] {
    let one = |at: usize| {
        let sum = u16::from(from[at]) * (10 - tenths) + u16::from(to[at]) * tenths;
        u8::try_from(sum / 10).unwrap_or(u8::MAX)
    };
    [one(0), one(1), one(2)]
}
