//! Turns that are short, so that a key never waits long: what came in is taken in a little at a time.

use super::cockpit::Cockpit;
use crate::turn::Event;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedReceiver;

/// How long what came in is taken in before the keyboard is looked at again.
const TURNS: Duration = Duration::from_millis(2);

impl Cockpit {
    /// Takes in what came in. A key that is pressed meanwhile is next.
    pub(super) fn take_in(&mut self, arrivals: &mut UnboundedReceiver<Event>) {
        let begun = Instant::now();
        while begun.elapsed() < TURNS
            && let Ok(event) = arrivals.try_recv()
        {
            self.handle(event);
        }
    }
}
