//! How the terminal draws: colours, themes, the editor, lines instead of a screen.

use crate::turn;
use crate::view::colour::Depth;
use crate::view::palette::{Ground, Palette};
use crate::view::theme::Theme;

/// How the terminal draws, as the environment says.
#[derive(Debug, Clone)]
pub struct Looks {
    /// Colours.
    pub depth: Depth,
    /// `COLORFGBG`, where the terminal sets it.
    pub colorfgbg: Option<String>,
    /// The editor: `$VISUAL`, `$EDITOR`, or vi.
    pub editor: Vec<String>,
    /// A theme of the user's own, by name.
    pub custom: Option<Theme>,
    /// The theme of presentation mode, where the user set one.
    pub present: Option<Palette>,
    /// Lines instead of a full screen.
    pub accessible: bool,
}

impl Looks {
    /// The theme of a name on a ground.
    #[must_use]
    pub fn theme(&self, name: &str, ground: Ground) -> Theme {
        let theme = match &self.custom {
            Some(theme) if !turn::THEMES.contains(&name) => theme.clone(),
            _ => Theme::built_in(name, self.depth, ground),
        };
        match &self.present {
            Some(palette) => theme.presented_in(palette, ground),
            None => theme,
        }
    }
}
