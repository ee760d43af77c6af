//! Finding the token for a host, on a thread that may wait for the programs that are asked.

use crate::cli::token::Outside;
use crate::forge::Token;
use crate::forge::token::{TokenError, find};
use crate::spawn::Cancel;

/// Finds the token for a host: the command, else the environment, else `gh`, else the keyring. None when there is none.
///
/// # Errors
/// When a source that was named on purpose gives no usable token.
pub(super) async fn token_for(host: &str, command: Option<&[String]>) -> Result<Option<Token>, TokenError> {
    let host = host.to_owned();
    let command = command.map(<[String]>::to_vec);
    let found = tokio::task::spawn_blocking(move || match Outside::new(Cancel::new()) {
        Ok(outside) => find(&host, command.as_deref(), &outside),
        Err(_) => Ok(None),
    })
    .await;
    found.unwrap_or(Ok(None))
}
