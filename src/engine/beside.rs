//! A journal read on two threads: one verifies, one folds, and whoever is ahead decodes.

use crate::journal::read::Each;
use crate::journal::{Line, Progress};
use crate::release::entry::Entry;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Lines handed over at once: few enough to start early, many enough not to wait for each other.
const HANDED: usize = 64;
/// So many batches not yet taken mean that the thread that folds is behind.
const BEHIND: usize = 2;

/// A batch of verified lines, on its way from the thread that reads to the one that folds.
enum Handed {
    /// To be decoded by the one that folds.
    Lines(Vec<Line>),
    /// Decoded by the one that reads, which was ahead.
    Entries(Vec<Entry>),
}

/// Reads and verifies on a thread of its own while this one folds, and is told after each batch how far it is. Whoever
/// is ahead decodes the bodies, so that both end together: the first frame waits for the slower one.
pub(super) fn read_beside<T: Send>(
    read: impl FnOnce(&mut Each<'_>) -> T + Send,
    decode: impl Fn(&Line) -> Entry + Sync,
    mut fold: impl FnMut(Entry),
    mut told: impl FnMut(Progress),
) -> T {
    let (decode, waiting) = (&decode, &AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let (hand, handed) = std::sync::mpsc::channel::<(Handed, Progress)>();
        // Memory goes back to the thread that took it: freed elsewhere, the two would wait for one lock at every line.
        let (back, spent) = std::sync::mpsc::channel::<Vec<Line>>();
        let reading = scope.spawn(move || {
            let pass = |lines: Vec<Line>, progress: Progress| {
                spent.try_iter().for_each(drop);
                let ahead = waiting.fetch_add(1, Ordering::Relaxed) >= BEHIND;
                let batch = if ahead {
                    Handed::Entries(lines.iter().map(decode).collect())
                } else {
                    Handed::Lines(lines)
                };
                // The other end lives as long as the scope.
                let _ = hand.send((batch, progress));
            };
            let mut lines = Vec::with_capacity(HANDED);
            let mut last = Progress::default();
            let read = read(&mut |line, progress| {
                lines.push(line);
                last = progress;
                if lines.len() == HANDED {
                    pass(std::mem::replace(&mut lines, Vec::with_capacity(HANDED)), progress);
                }
            });
            pass(lines, last);
            read
        });
        for (batch, progress) in handed {
            waiting.fetch_sub(1, Ordering::Relaxed);
            match batch {
                Handed::Lines(lines) => {
                    lines.iter().for_each(|line| fold(decode(line)));
                    // When the reader has ended, they are freed here.
                    let _ = back.send(lines);
                }
                Handed::Entries(entries) => entries.into_iter().for_each(&mut fold),
            }
            told(progress);
        }
        reading.join().unwrap_or_else(|broken| std::panic::resume_unwind(broken))
    })
}
