//! Where a token is looked for: the command the user named, the environment, `gh`.

use crate::engine::opening::FindToken;
use crate::forge::token::{Sources, find};
use crate::spawn::{Call, Cancel, Program};
use std::time::Duration;

/// The environment and the programs of this machine.
pub struct Outside(tokio::runtime::Handle);

impl Outside {
    /// For a thread that may wait, while the runtime goes on elsewhere.
    #[must_use]
    pub fn here() -> Self {
        Self(tokio::runtime::Handle::current())
    }
}

impl Sources for Outside {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn run(&self, argv: &[String]) -> Result<Option<String>, String> {
        let [name, arguments @ ..] = argv else { return Ok(None) };
        let Ok(program) = Program::find(name) else { return Ok(None) };
        let call = Call::new(&program)
            .args(arguments)
            .keep(&["GH_CONFIG_DIR", "XDG_CONFIG_HOME", "DBUS_SESSION_BUS_ADDRESS"])
            .caps(16 * 1024, 16 * 1024)
            .timeout(Duration::from_secs(10));
        let output = self.0.block_on(call.run(&Cancel::new())).map_err(|why| why.to_string())?;
        if !output.status.success() {
            return Err(format!("it ended with {}", output.status));
        }
        Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned()))
    }
}

/// The search for a token of a host, to be run once the first frame is drawn.
#[must_use]
pub fn find_token(host: String, command: Option<Vec<String>>) -> FindToken {
    let outside = Outside::here();
    Box::new(move || match find(&host, command.as_deref(), &outside) {
        Ok(Some(token)) => Ok(token),
        Ok(None) => Err(format!("no token for {host} (gonogo doctor says where it is looked for)")),
        Err(why) => Err(why.to_string()),
    })
}
