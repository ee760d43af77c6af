//! Colours by number: contrast, distance, and what is left of them with 256 or 16 colours.

use ratatui::style::Color;

/// How many colours the terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Depth {
    /// 24 bits.
    #[default]
    TrueColor,
    /// The 6×6×6 cube and the greys.
    Ansi256,
    /// The sixteen named colours.
    Ansi16,
    /// None at all, as `NO_COLOR` asks: weight and reversal alone.
    Mono,
}

/// A colour of a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// What the terminal uses by itself.
    Default,
    /// One of the sixteen.
    Ansi(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// The names of the sixteen, in their order.
pub const ANSI_NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

/// What xterm shows for the sixteen by default. Source: XTerm-col.ad, `XTerm*color0` to `color15`.
pub const XTERM: [[u8; 3]; 16] = [
    [0, 0, 0],
    [205, 0, 0],
    [0, 205, 0],
    [205, 205, 0],
    [0, 0, 238],
    [205, 0, 205],
    [0, 205, 205],
    [229, 229, 229],
    [127, 127, 127],
    [255, 0, 0],
    [0, 255, 0],
    [255, 255, 0],
    [92, 92, 255],
    [255, 0, 255],
    [0, 255, 255],
    [255, 255, 255],
];

/// The steps of a channel in the 6×6×6 cube.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

impl Colour {
    /// Reads `#rrggbb`, `default` or one of [`ANSI_NAMES`].
    ///
    /// # Errors
    /// What would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == "default" {
            return Ok(Self::Default);
        }
        if let Some(at) = ANSI_NAMES.iter().position(|name| *name == text) {
            return Ok(Self::Ansi(u8::try_from(at).unwrap_or_default()));
        }
        let digits = text.strip_prefix('#').unwrap_or(text);
        let number = (digits.len() == 6).then(|| u32::from_str_radix(digits, 16));
        if let Some(Ok(number)) = number {
            let [_, r, g, b] = number.to_be_bytes();
            return Ok(Self::Rgb(r, g, b));
        }
        Err("a colour is \"#rrggbb\", \"default\" or a name such as \"red\" or \"bright-blue\"".to_owned())
    }

    /// Its red, green and blue; none for the terminal's own.
    #[must_use]
    pub fn rgb(self) -> Option<[u8; 3]> {
        match self {
            Self::Default => None,
            Self::Ansi(at) => XTERM.get(usize::from(at)).copied(),
            Self::Rgb(r, g, b) => Some([r, g, b]),
        }
    }

    /// What a terminal of this depth is sent. With sixteen colours the nearest is taken among those that keep a
    /// contrast of 4.5 to `ground`.
    #[must_use]
    pub fn at(self, depth: Depth, ground: [u8; 3]) -> Color {
        match (self, depth) {
            (_, Depth::Mono) | (Self::Default, _) => Color::Reset,
            (Self::Ansi(at), _) => Color::Indexed(at),
            (Self::Rgb(r, g, b), Depth::TrueColor) => Color::Rgb(r, g, b),
            (Self::Rgb(r, g, b), Depth::Ansi256) => Color::Indexed(to_256([r, g, b])),
            (Self::Rgb(r, g, b), Depth::Ansi16) => Color::Indexed(to_16([r, g, b], ground)),
        }
    }
}

/// Red, green and blue of an index of the cube or the greys.
#[must_use]
pub fn of_256(index: u8) -> [u8; 3] {
    match index {
        0..16 => XTERM[usize::from(index)],
        16..232 => {
            let at = usize::from(index - 16);
            [STEPS[at / 36], STEPS[at / 6 % 6], STEPS[at % 6]]
        }
        232.. => [8 + 10 * (index - 232); 3],
    }
}

/// The nearest of the cube and the greys; the sixteen are left out, for terminals change them.
#[must_use]
pub fn to_256(rgb: [u8; 3]) -> u8 {
    nearest(16..=255, rgb, of_256)
}

/// The nearest of the cube and the greys that fits.
#[must_use]
pub fn to_256_where(rgb: [u8; 3], fits: impl Fn([u8; 3]) -> bool) -> u8 {
    let fitting: Vec<u8> = (16..=255).filter(|at| fits(of_256(*at))).collect();
    if fitting.is_empty() { to_256(rgb) } else { nearest(fitting.into_iter(), rgb, of_256) }
}

/// The nearest of the sixteen that can be read on `ground`.
#[must_use]
pub fn to_16(rgb: [u8; 3], ground: [u8; 3]) -> u8 {
    let readable: Vec<u8> = (0..16).filter(|at| contrast(of_256(*at), ground) >= 4.5).collect();
    nearest(readable.into_iter(), rgb, of_256)
}

fn nearest(among: impl Iterator<Item = u8>, rgb: [u8; 3], of: impl Fn(u8) -> [u8; 3]) -> u8 {
    among.min_by(|a, b| distance(of(*a), rgb).total_cmp(&distance(of(*b), rgb))).unwrap_or(7)
}

/// The contrast of two colours, 1 to 21. Source: WCAG 2.2, definition of contrast ratio.
#[must_use]
pub fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance, 0 to 1. Source: WCAG 2.2.
#[must_use]
pub fn luminance(rgb: [u8; 3]) -> f64 {
    let [r, g, b] = linear(rgb);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// The channels without the gamma of sRGB. Source: IEC 61966-2-1.
#[must_use]
pub fn linear(rgb: [u8; 3]) -> [f64; 3] {
    rgb.map(|channel| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    })
}

/// The place of a colour in CIELAB under D65. Source: CIE 15:2004.
#[must_use]
pub fn lab(linear: [f64; 3]) -> [f64; 3] {
    let [r, g, b] = linear;
    let xyz = [
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
    ];
    let [x, y, z] =
        xyz.map(|t| if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// How different two colours look: the distance in CIELAB.
#[must_use]
pub fn distance(a: [u8; 3], b: [u8; 3]) -> f64 {
    apart(lab(linear(a)), lab(linear(b)))
}

/// The same for an eye without green cones. Source: Viénot, Brettel and Mollon 1999, deuteranopia, on linear sRGB.
#[must_use]
pub fn deuteranopia_distance(a: [u8; 3], b: [u8; 3]) -> f64 {
    let seen = |rgb| {
        let [r, g, b] = linear(rgb);
        [0.292_75 * r + 0.707_25 * g, 0.292_75 * r + 0.707_25 * g, -0.022_34 * r + 0.022_34 * g + b]
            .map(|channel| channel.clamp(0.0, 1.0))
    };
    apart(lab(seen(a)), lab(seen(b)))
}

fn apart(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}
