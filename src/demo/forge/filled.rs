//! The forge's state, which may still be on its way.

use super::state::World;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// The state once it is there, or why it could not be made.
type Slot = Option<Result<World, String>>;

/// What a forge remembers, for all who share it; whoever asks before it is there waits.
#[derive(Clone, Default)]
pub(in crate::demo) struct Filled(Arc<(Mutex<Slot>, Condvar)>);

/// The state, held by one request.
pub(super) struct Held<'f>(MutexGuard<'f, Slot>);

impl Filled {
    /// A state that is there.
    pub fn with(world: World) -> Self {
        Self(Arc::new((Mutex::new(Some(Ok(world))), Condvar::new())))
    }

    /// It is there now, or it never will be.
    pub fn fill(&self, world: Result<World, String>) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(world);
        self.0.1.notify_all();
    }

    /// Waits for it and holds it.
    pub(super) fn hold(&self) -> Held<'_> {
        let state = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        Held(self.0.1.wait_while(state, |it| it.is_none()).unwrap_or_else(PoisonError::into_inner))
    }
}

impl Held<'_> {
    /// The state, or why it could not be made.
    pub(super) fn world(&mut self) -> Result<&mut World, &str> {
        match &mut *self.0 {
            Some(Ok(world)) => Ok(world),
            Some(Err(why)) => Err(why),
            None => Err("the forge is not filled yet"),
        }
    }
}
