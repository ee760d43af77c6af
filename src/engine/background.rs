//! Whether the terminal is light or dark: asked once (OSC 11), after the first frame, without losing a key.

use super::cockpit::Cockpit;
use super::decode::Report;
use super::keyboard::Keyboard;
use super::{EngineError, input};
use crate::view::palette::Ground;
use std::io::Write;
use std::time::Duration;

/// How long the terminal may take to answer. One that is further away is heard when its answer comes.
const PATIENCE: Duration = Duration::from_millis(80);

/// Asks the terminal whether its background is light; none when it does not say. `COLORFGBG` answers without asking.
pub(super) fn ask(keyboard: &mut Keyboard, colorfgbg: Option<&str>) -> Option<bool> {
    if let Some(light) = colorfgbg.and_then(by_colorfgbg) {
        return Some(light);
    }
    let mut out = std::io::stdout();
    // The second question (primary device attributes) is one that every terminal answers: after it, the first
    // will not be answered any more.
    out.write_all(b"\x1b]11;?\x1b\\\x1b[c").and_then(|()| out.flush()).ok()?;
    is_light(&keyboard.answer(PATIENCE)?)
}

impl Cockpit {
    /// Asks once whether the terminal is light, and draws what was seen of the journal in its colours.
    pub(super) fn find_background(&mut self) -> Result<(), EngineError> {
        if self.state.screen.options.theme == "auto"
            && let Some(keyboard) = &mut self.keyboard
        {
            let light = ask(keyboard, self.looks.colorfgbg.as_deref());
            self.stand_on(light);
        }
        self.draw()
    }

    /// Takes the colours for the ground that the terminal says it has.
    fn stand_on(&mut self, light: Option<bool>) {
        if light == Some(true) && self.state.screen.options.theme == "auto" {
            self.ground = Ground::Light;
            self.theme = ("auto".to_owned(), self.looks.theme("auto", self.ground));
            self.state.dirty = true;
        }
    }

    /// Takes in what the terminal reports.
    pub(super) fn reported(&mut self, report: Report) {
        if let Report::Background(said) = &report {
            return self.stand_on(is_light(said));
        }
        if let Some(event) = input::event(report, self.state.shown(), &self.state.screen) {
            self.handle(event);
        }
    }
}

/// `15;0` is white on black: the last number is the background of the 16 colours.
fn by_colorfgbg(value: &str) -> Option<bool> {
    let background: u8 = value.rsplit(';').next()?.trim().parse().ok()?;
    Some(background == 7 || background == 15)
}

/// `rgb:ffff/ffff/ffff`: light when its luminance is over a half.
fn is_light(answer: &str) -> Option<bool> {
    let channels = answer.split_once(':')?.1;
    let values: Vec<f64> = channels
        .split('/')
        .take(3)
        .map(|hex| {
            let hex = hex.trim();
            let most = f64::from(16u32.pow(u32::try_from(hex.len().clamp(1, 4)).unwrap_or(4)) - 1);
            u32::from_str_radix(hex, 16).map(|value| f64::from(value) / most)
        })
        .collect::<Result<_, _>>()
        .ok()?;
    let [red, green, blue] = values[..] else { return None };
    Some(0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5)
}
