//! A theme at work: what each role of text looks like on this terminal.

use super::colour::{Colour, Depth, contrast, luminance, of_256, to_256, to_256_where};
use super::palette::{Colours, Ground, Palette, ROLES};
use ratatui::style::{Color, Modifier, Style};

const BG: usize = 0;
const PANEL: usize = 1;
const SEL: usize = 2;
const RULE: usize = 3;
const FG: usize = 4;
const DIM: usize = 5;
const ACCENT: usize = 6;
const OK: usize = 7;
const BAD: usize = 8;
const RUN: usize = 9;
const WARN: usize = 10;
const HOLD: usize = 11;

/// How something is meant; the colour repeats what the word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Plain text.
    Plain,
    /// Less important.
    Dim,
    /// Where the eye is, and what can be pressed.
    Accent,
    /// Good.
    Ok,
    /// Bad.
    Bad,
    /// Under way.
    Run,
    /// Needs a look.
    Warn,
    /// Waits for something else.
    Hold,
}

/// Styles by role.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// The theme's name.
    pub name: String,
    /// How many colours the terminal shows.
    pub depth: Depth,
    colours: [Color; 12],
    painted: bool,
    presenting: Option<Box<Theme>>,
}

impl Theme {
    /// A theme for a terminal. It paints its background where it must: when it says so, or when the terminal's own
    /// is not known to be of its kind.
    #[must_use]
    pub fn new(palette: &Palette, depth: Depth, ground: Ground) -> Self {
        let mut theme = Self::alone(palette, depth, ground);
        let presenting = Palette::built_in("present", ground);
        theme.presenting = presenting.map(|it| Box::new(Self::alone(&it, depth, ground)));
        theme
    }

    /// The same, with a theme of the user's own for presentation mode.
    #[must_use]
    pub fn presented_in(self, palette: &Palette, ground: Ground) -> Self {
        let presenting = Self::alone(palette, self.depth, ground);
        Self { presenting: Some(Box::new(presenting)), ..self }
    }

    fn alone(palette: &Palette, depth: Depth, ground: Ground) -> Self {
        let colours = palette.on(ground);
        let bg = colours[BG].rgb();
        let kind = bg.map(|bg| if luminance(bg) < 0.2 { Ground::Dark } else { Ground::Light });
        let painted = depth != Depth::Mono && kind.is_some_and(|kind| palette.paint || kind != ground);
        let against = bg.unwrap_or(if ground == Ground::Light { [255; 3] } else { [0; 3] });
        let mut at = [Color::Reset; 12];
        for (role, colour) in colours.iter().enumerate() {
            at[role] = match (depth, role) {
                (Depth::Ansi16, BG) => ground_16(*colour),
                // Sixteen colours have no shades of the background: panels go without, the selection is reversed.
                (Depth::Ansi16, PANEL | SEL | RULE) => Color::Reset,
                _ => colour.at(depth, against),
            };
        }
        if depth == Depth::Ansi256 {
            at = with_256(colours, at);
        }
        Self { name: palette.name.clone(), depth, colours: at, painted, presenting: None }
    }

    /// A theme that comes with the program; `dark` for a name that is none.
    #[must_use]
    pub fn built_in(name: &str, depth: Depth, ground: Ground) -> Self {
        let palette = Palette::built_in(name, ground).or_else(|| Palette::built_in("dark", ground));
        let plain =
            || Palette { name: "mono".to_owned(), paint: false, colours: [Colour::Default; 12], light: None };
        Self::new(&palette.unwrap_or_else(plain), depth, ground)
    }

    /// The theme of presentation mode.
    #[must_use]
    pub fn presenting(&self) -> &Self {
        self.presenting.as_deref().unwrap_or(self)
    }

    /// The colour of a role by its name in theme files, as this terminal is sent it.
    #[must_use]
    pub fn colour(&self, role: &str) -> Option<Color> {
        ROLES.iter().position(|it| *it == role).map(|at| self.colours[at])
    }

    fn of(&self, role: usize) -> Style {
        Style::new().fg(self.colours[role])
    }

    /// What lies under everything: the text colour, and the background where it is painted.
    #[must_use]
    pub fn ground(&self) -> Style {
        let bg = if self.painted { self.colours[BG] } else { Color::Reset };
        Style::new().fg(self.colours[FG]).bg(bg)
    }

    /// What lies under the mission bar, the footer and what floats.
    #[must_use]
    pub fn panel(&self) -> Style {
        match self.colours[PANEL] {
            Color::Reset => self.ground(),
            panel => Style::new().fg(self.colours[FG]).bg(panel),
        }
    }

    /// Plain text.
    #[must_use]
    pub fn text(&self) -> Style {
        self.of(FG)
    }

    /// Text that matters.
    #[must_use]
    pub fn strong(&self) -> Style {
        self.of(FG).add_modifier(Modifier::BOLD)
    }

    /// Text of less weight: ages, authors, units.
    #[must_use]
    pub fn dim(&self) -> Style {
        self.of(DIM)
    }

    /// Thin rules, which carry no meaning.
    #[must_use]
    pub fn rule(&self) -> Style {
        self.of(RULE)
    }

    /// Where the eye is.
    #[must_use]
    pub fn accent(&self) -> Style {
        self.of(ACCENT)
    }

    /// Good.
    #[must_use]
    pub fn ok(&self) -> Style {
        self.of(OK)
    }

    /// Bad.
    #[must_use]
    pub fn bad(&self) -> Style {
        self.of(BAD).add_modifier(Modifier::BOLD)
    }

    /// Under way.
    #[must_use]
    pub fn run(&self) -> Style {
        self.of(RUN)
    }

    /// Needs a look.
    #[must_use]
    pub fn warn(&self) -> Style {
        self.of(WARN).add_modifier(Modifier::BOLD)
    }

    /// Waits for something else.
    #[must_use]
    pub fn hold(&self) -> Style {
        self.of(HOLD)
    }

    /// The style of a tone.
    #[must_use]
    pub fn tone(&self, tone: Tone) -> Style {
        match tone {
            Tone::Plain => self.text(),
            Tone::Dim => self.dim(),
            Tone::Accent => self.accent(),
            Tone::Ok => self.ok(),
            Tone::Bad => self.bad(),
            Tone::Run => self.run(),
            Tone::Warn => self.warn(),
            Tone::Hold => self.hold(),
        }
    }

    /// The title of a pane; the focused one is bold and in the accent.
    #[must_use]
    pub fn title(&self, focused: bool) -> Style {
        if focused { self.accent().add_modifier(Modifier::BOLD) } else { self.strong() }
    }

    /// The heading of a group, or of a block in a detail.
    #[must_use]
    pub fn heading(&self) -> Style {
        self.strong()
    }

    /// The head of a column, and the name of a value.
    #[must_use]
    pub fn head(&self) -> Style {
        self.dim()
    }

    /// A key that can be pressed.
    #[must_use]
    pub fn key(&self) -> Style {
        self.accent().add_modifier(Modifier::BOLD)
    }

    /// The row under the cursor: a patch over the whole row.
    #[must_use]
    pub fn selection(&self) -> Style {
        match self.colours[SEL] {
            Color::Reset => Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD),
            sel => Style::new().bg(sel).add_modifier(Modifier::BOLD),
        }
    }

    /// A block of colour with a word in it: the verdict, the mode.
    #[must_use]
    pub fn badge(&self, tone: Tone) -> Style {
        let fill = self.tone(tone);
        match (fill.fg, self.colours[BG]) {
            (Some(fg), bg) if fg != Color::Reset && bg != Color::Reset => {
                Style::new().fg(bg).bg(fg).add_modifier(Modifier::BOLD)
            }
            _ => fill.add_modifier(Modifier::REVERSED | Modifier::BOLD),
        }
    }

    /// The filled part of a bar.
    #[must_use]
    pub fn filled(&self) -> Style {
        self.accent()
    }

    /// The empty part of a bar.
    #[must_use]
    pub fn hollow(&self) -> Style {
        self.rule()
    }
}

/// The colours of the cube that keep what the theme promises: grounds as near to the background as they were, text
/// of a contrast of 7 and status of 4.5, 4.5 for all of it on the selection.
fn with_256(colours: &Colours, mut at: [Color; 12]) -> [Color; 12] {
    let Some(bg) = colours[BG].rgb() else { return at };
    let ground = of_256(to_256(bg));
    let mut grounds = vec![(ground, false)];
    for role in [PANEL, SEL] {
        let Some(rgb) = colours[role].rgb() else { continue };
        let most = contrast(rgb, bg) * 1.1;
        let index = to_256_where(rgb, |it| contrast(it, ground) <= most);
        at[role] = Color::Indexed(index);
        grounds.push((of_256(index), role == SEL));
    }
    for role in FG..=HOLD {
        let Some(rgb) = colours[role].rgb() else { continue };
        let floor = if role <= DIM { 7.0 } else { 4.5 };
        let fits = |it: [u8; 3]| {
            grounds.iter().all(|(on, selected)| contrast(it, *on) >= if *selected { 4.5 } else { floor })
        };
        at[role] = Color::Indexed(to_256_where(rgb, fits));
    }
    at
}

/// Black or white, whichever the background is nearer to.
fn ground_16(colour: Colour) -> Color {
    match colour {
        Colour::Default => Color::Reset,
        Colour::Ansi(at) => Color::Indexed(at),
        Colour::Rgb(r, g, b) => Color::Indexed(if luminance([r, g, b]) < 0.2 { 0 } else { 15 }),
    }
}
