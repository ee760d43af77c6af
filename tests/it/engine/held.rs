//! What waits for a batch leaves once, and is dropped with a batch that is never written.

use gonogo::engine::held::Held;
use gonogo::release::ask::Effect;

#[test]
fn what_waits_for_a_batch_leaves_once() {
    let mut held = Held::default();
    held.hold(1, vec![Effect::Fetch]);
    held.hold(2, vec![Effect::Identify]);
    held.hold(3, vec![]);
    assert_eq!(held.written(2), [Effect::Identify]);
    assert_eq!(held.written(2), []);
    assert_eq!(held.written(1), [Effect::Fetch]);
    assert!(held.is_empty(), "a batch that lets nothing leave keeps nothing");
}

#[test]
fn what_waits_for_a_batch_that_is_never_written_never_leaves_and_is_not_kept() {
    let mut held = Held::default();
    held.hold(7, vec![Effect::Fetch]);
    held.lost(7);
    assert!(held.is_empty());
    assert_eq!(held.written(7), []);
}
