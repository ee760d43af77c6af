//! Finding the token for a host: commands are asked beforehand, because they are waited for.

use crate::forge::Token;
use crate::forge::token::{self, Sources, TokenError};
use crate::spawn::{Call, Cancel, Program};
use std::time::Duration;

/// What commands said, asked beforehand, because they are waited for.
struct Asked {
    argv: Vec<String>,
    output: Result<Option<String>, String>,
}

impl Sources for Asked {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var_os(name).and_then(|text| text.into_string().ok())
    }

    fn run(&self, argv: &[String]) -> Result<Option<String>, String> {
        if argv == self.argv { self.output.clone() } else { Ok(None) }
    }
}

/// Runs a command for its output; none when there is no such program.
async fn output(argv: &[String]) -> Result<Option<String>, String> {
    let [program, args @ ..] = argv else { return Ok(None) };
    let Ok(program) = Program::find(program) else { return Ok(None) };
    let kept =
        &["DBUS_SESSION_BUS_ADDRESS", "GH_CONFIG_DIR", "GNUPGHOME", "GPG_TTY", "DISPLAY", "WAYLAND_DISPLAY"];
    let call =
        Call::new(&program).args(args).keep(kept).caps(64 << 10, 64 << 10).timeout(Duration::from_secs(20));
    let output = call.run(&Cancel::new()).await.map_err(|why| why.to_string())?;
    if !output.status.success() {
        return Err(format!("it ended with {}", output.status));
    }
    Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// Finds the token for a host: the command, else the environment, else `gh`. None when there is none.
///
/// # Errors
/// When a source that was named on purpose gives no usable token.
pub(super) async fn token_for(host: &str, command: Option<&[String]>) -> Result<Option<Token>, TokenError> {
    let gh = ["gh", "auth", "token", "--hostname", host].map(str::to_owned);
    let argv = command.map_or_else(|| gh.to_vec(), <[String]>::to_vec);
    let set = |name: &&str| std::env::var_os(name).is_some_and(|text| !text.is_empty());
    let in_environment = command.is_none() && token::variables(host).iter().any(set);
    let output = if in_environment { Ok(None) } else { output(&argv).await };
    token::find(host, command, &Asked { argv, output })
}
