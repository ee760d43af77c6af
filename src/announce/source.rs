//! Where the address of a webhook is found: an environment variable, or a program that prints it.

use super::{Address, Reach};
use crate::release::text::shown;
use crate::spawn::{Call, Cancel, Program};
use std::time::Duration;

/// What programs that keep secrets may need of our environment beyond what every process gets.
const KEPT: &[&str] = &["DBUS_SESSION_BUS_ADDRESS", "GNUPGHOME", "GPG_TTY", "DISPLAY", "WAYLAND_DISPLAY"];

/// Where an address is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An environment variable, by its name.
    Variable(String),
    /// A program and its arguments, without a shell.
    Command(Vec<String>),
}

/// The environment that an address is found in.
pub type Outside<'a> = &'a (dyn Fn(&str) -> Option<String> + Send + Sync);

impl Source {
    /// Finds the address, now.
    ///
    /// # Errors
    /// Why there is none, in words and without what was found.
    pub async fn find(&self, outside: Outside<'_>, reach: Reach) -> Result<Address, String> {
        let (text, of) = match self {
            Self::Variable(name) => {
                let text = outside(name).filter(|text| !text.trim().is_empty());
                let name = shown(name, 100);
                (text.ok_or_else(|| format!("{name} is not set: it holds the address"))?, name)
            }
            Self::Command(argv) => (printed(argv).await?, shown(argv.first().map_or("", String::as_str), 80)),
        };
        Address::parse(&text, reach).map_err(|why| format!("{why} (from {of})"))
    }
}

/// What a program prints.
async fn printed(argv: &[String]) -> Result<String, String> {
    let [name, arguments @ ..] = argv else { return Err("no program prints the address".to_owned()) };
    let said = |why: String| format!("{} gave no address: {}", shown(name, 80), shown(&why, 160));
    let program = Program::find(name).map_err(|why| said(why.to_string()))?;
    let call = Call::new(&program)
        .args(arguments)
        .keep(KEPT)
        .caps(16 << 10, 16 << 10)
        .timeout(Duration::from_secs(60));
    let output = call.run(&Cancel::new()).await.map_err(|why| said(why.to_string()))?;
    if !output.status.success() {
        return Err(said(format!("it ended with {}", output.status)));
    }
    String::from_utf8(output.stdout).map_err(|_| said("its output is no text".to_owned()))
}
