//! What the cockpit shows itself on: a full screen, or lines.

use super::spoken::Spoken;
use super::terminal::Screenful;
use crate::turn::State;
use crate::view;
use crate::view::colour::Depth;
use crate::view::theme::Theme;
use std::io;

/// What the cockpit shows itself on.
pub(super) enum Face {
    /// A terminal, taken whole.
    Full(Box<Screenful>),
    /// Lines on standard output.
    Lines(Box<Spoken>),
}

impl Face {
    /// The face that the options ask for.
    ///
    /// # Errors
    /// When the terminal cannot be taken.
    pub fn new(accessible: bool, mouse: bool, depth: Depth) -> io::Result<Self> {
        if accessible {
            Ok(Self::Lines(Box::default()))
        } else {
            Ok(Self::Full(Box::new(Screenful::take(mouse, depth)?)))
        }
    }

    /// Another release is shown from now on: what is said in lines begins anew.
    pub fn begin_anew(&mut self) {
        if let Self::Lines(spoken) = self {
            **spoken = Spoken::default();
        }
    }

    /// Shows the state.
    ///
    /// # Errors
    /// When there is nothing to show it on any more.
    pub fn show(&mut self, state: &State, theme: &Theme) -> io::Result<()> {
        match self {
            Self::Full(screenful) => {
                screenful.draw(|frame| view::render(state.shown(), &state.screen, theme, frame))
            }
            Self::Lines(spoken) => spoken.say(state.shown(), &state.screen),
        }
    }

    /// Gives the terminal back for a while.
    pub fn lend(&mut self) {
        if let Self::Full(screenful) = self {
            // A terminal that cannot be set is found out at the next frame.
            let _ = screenful.lend();
        }
    }

    /// Says on the terminal that is lent what it is lent for.
    pub fn say_lent(&self, what: &str) {
        use std::io::Write as _;
        // A terminal that is gone is found out at the next frame.
        let _ = writeln!(io::stderr(), "{what}");
    }

    /// Takes the terminal again.
    ///
    /// # Errors
    /// When it cannot be set.
    pub fn take_back(&mut self) -> io::Result<()> {
        match self {
            Self::Full(screenful) => screenful.take_back(),
            Self::Lines(_) => Ok(()),
        }
    }

    /// Sends a copy to the terminal's clipboard.
    ///
    /// # Errors
    /// When the terminal is gone, or lines are shown, which must hold no escape sequence.
    pub fn copy(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Full(screenful) => screenful.write(bytes),
            Self::Lines(_) => {
                Err(io::Error::other("there is no clipboard in lines; select the text instead"))
            }
        }
    }

    /// The terminal's title: what is shown, for people who see only the title.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn title(&mut self, title: &str) -> io::Result<()> {
        match self {
            Self::Full(screenful) => screenful.write(format!("\x1b]2;{title}\x07").as_bytes()),
            Self::Lines(_) => Ok(()),
        }
    }
}
