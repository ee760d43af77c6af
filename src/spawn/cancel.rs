//! A word that stops work: said once, heard by every clone.

use std::sync::Arc;
use tokio::sync::watch;

/// Stops the work that holds a clone of it. It cannot be taken back.
#[derive(Debug, Clone)]
pub struct Cancel(Arc<watch::Sender<bool>>);

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}

impl Cancel {
    /// Nobody has cancelled yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Cancels, for every clone.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether somebody cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Comes back when somebody cancels, at once when that has happened already.
    pub async fn cancelled(&self) {
        let mut word = self.0.subscribe();
        if word.wait_for(|said| *said).await.is_err() {
            // The sender lives as long as `self`, so this is never reached; waiting is the honest answer.
            std::future::pending::<()>().await;
        }
    }
}
