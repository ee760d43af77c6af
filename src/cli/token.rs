//! Where a token is looked for: the command the user named, the environment, `gh`, the keyring.

use super::alias;
use crate::config::Config;
use crate::engine::opening::{FindToken, Reached};
use crate::forge::Api;
use crate::forge::token::{Sources, find};
use crate::spawn::{Call, Cancel, Program};
use std::time::Duration;

/// What programs that keep secrets may need of our environment beyond what every process gets.
const KEPT: &[&str] =
    &["DBUS_SESSION_BUS_ADDRESS", "GH_CONFIG_DIR", "GNUPGHOME", "GPG_TTY", "DISPLAY", "WAYLAND_DISPLAY"];

/// The environment and the programs of this machine, for a thread that may wait.
pub struct Outside {
    /// Its own: the one of the program may end while a program that was asked is still stopped.
    runtime: tokio::runtime::Runtime,
    cancel: Cancel,
}

impl Outside {
    /// Asks until it is cancelled.
    ///
    /// # Errors
    /// When the system has no more room for it.
    pub fn new(cancel: Cancel) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Ok(Self { runtime: runtime.map_err(|why| why.to_string())?, cancel })
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
            .keep(KEPT)
            .caps(64 << 10, 64 << 10)
            .timeout(Duration::from_secs(20));
        let output = self.runtime.block_on(call.run(&self.cancel)).map_err(|why| why.to_string())?;
        if !output.status.success() {
            return Err(format!("it ended with {}", output.status));
        }
        Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned()))
    }
}

/// The API of a host, as the configuration or the host itself says.
///
/// # Errors
/// When the address does not parse.
pub(super) fn api_of(config: &Config, host: &str) -> Result<Api, String> {
    let api = config.api_url(host).map_or_else(|| Api::of_host(host), Api::of_url);
    api.map_err(|why| why.to_string())
}

/// The search for the token of an API, to be run once the first frame is drawn. `alias` is the remote's host where it
/// may be one of the user's ssh configuration.
#[must_use]
pub fn find_token(api: &Api, alias: Option<String>, config: Config) -> FindToken {
    let host = api.host().to_owned();
    Box::new(move |cancel| {
        let outside = match Outside::new(cancel) {
            Ok(outside) => outside,
            Err(why) => return Reached { at: None, token: Err(why) },
        };
        let stands_for = alias.as_ref().and_then(|alias| outside.runtime.block_on(alias::host_of(alias)));
        let at = match stands_for.map(|host| api_of(&config, &host)).transpose() {
            Ok(api) => api.map(|api| (api.host().to_owned(), api)),
            Err(why) => return Reached { at: None, token: Err(why) },
        };
        let host = at.as_ref().map_or(host, |(host, _)| host.clone());
        let advice = alias.filter(|_| at.is_none()).map(|alias| format!("; {}", alias::advice(&alias)));
        let token = match find(&host, config.token_command(), &outside) {
            Ok(Some(token)) => Ok(token),
            Ok(None) => Err(format!(
                "no token for {host} (gonogo doctor says where it is looked for){}",
                advice.unwrap_or_default()
            )),
            Err(_) if outside.cancel.is_cancelled() => Err("looking for a token was stopped".to_owned()),
            Err(why) => Err(why.to_string()),
        };
        Reached { at, token }
    })
}
