//! What becomes of git's processes when a queue is predicted.

use super::{Predictors, Run, SharedPredictors};
use crate::release::picks::QueueAsk;
use std::time::Duration;

/// How long git's processes wait for the next change of a queue that somebody looks at. Starting them again takes some
/// milliseconds, and they hold memory.
const PATIENCE: Duration = Duration::from_secs(60);

/// Predicts a queue; a while after that git's processes go, unless another run has begun.
pub(in crate::engine) async fn run_and_rest(predictors: SharedPredictors, ask: QueueAsk, run: Run) {
    predictors.lock().await.run(ask, &run).await;
    if run.rests {
        return;
    }
    tokio::time::sleep(PATIENCE).await;
    if !run.cancel.is_cancelled() {
        predictors.lock().await.rest();
    }
}

impl Predictors {
    /// Lets git's processes go; what is remembered stays.
    fn rest(&mut self) {
        self.lines.values_mut().for_each(|(predictor, _)| predictor.rest());
    }
}
