//! Each call of the disk fails in turn, in each way, alone and twice in a row; then the process dies or the power
//! goes (R4). What was acknowledged must be there afterwards, and three wrong policies must be noticed.

use super::disk::{Fault, MemDisk, World, Wrong};
use super::sample::{opening, paired, redactor, stamp};
use gonogo::journal::{JournalError, Line, Store, read_all};
use serde_json::json;

/// How it ends before the journal is opened again.
#[derive(Debug, Clone, Copy)]
enum End {
    Killed,
    /// Power lost: so many bytes of what was not synced survive, or zeros in their place.
    PowerCut(usize, bool),
}

const ENDS: [End; 4] =
    [End::Killed, End::PowerCut(0, false), End::PowerCut(150, false), End::PowerCut(9999, true)];
const FAULTS: [Fault; 4] = [Fault::Full, Fault::Io, Fault::SyncDrops, Fault::SyncKeeps];

/// Opens, appends four batches over two segments, and remembers what was acknowledged.
fn session(world: &World, acked: &mut Vec<String>, refused: &mut Vec<String>) -> Result<(), JournalError> {
    let disk = Box::new(MemDisk::of(world));
    let mut store = Store::on(disk, None, redactor(), &mut |_, _| {})?.rotating_at(700);
    let done = store.chain().seq;
    for round in 0..4 {
        let op = format!("01KAHQ{done:04}{round}A");
        let mut drafts = if store.chain().seq == 0 { vec![opening()] } else { Vec::new() };
        drafts.push(match round % 2 {
            0 => paired("tag.create.intent", &op, &json!({"to": round})),
            _ => paired("tag.create.outcome", &op, &json!({"status": "ok"})),
        });
        match store.append(&stamp(round), &drafts) {
            Ok(lines) => acked.extend(lines.iter().map(Line::text)),
            Err(JournalError::NotWritten(_)) => refused.push(op),
            Err(_) => {}
        }
    }
    Ok(())
}

/// Runs one case and says what is wrong with its end, if anything.
fn case(fault: Option<(u64, u64, Fault)>, end: End, wrong: Option<Wrong>) -> Result<(), String> {
    let world = World::default();
    let (mut acked, mut refused) = (Vec::new(), Vec::new());
    {
        let mut inner = world.0.lock().unwrap();
        inner.fault = fault;
        inner.wrong = wrong;
    }
    let _ = session(&world, &mut acked, &mut refused);
    if let End::PowerCut(kept, zeros) = end {
        world.cut_power(kept, zeros);
    }
    world.0.lock().unwrap().fault = None;
    check(&world, &acked, &refused)?;
    // A second session meets a fault while it recovers; a third must find everything all the same.
    if let Some((_, many, fault)) = fault {
        let calls = world.0.lock().unwrap().calls;
        world.0.lock().unwrap().fault = Some((calls + many, 1, fault));
        let _ = session(&world, &mut acked, &mut refused);
        world.0.lock().unwrap().fault = None;
        check(&world, &acked, &refused)?;
    }
    session(&world, &mut acked, &mut refused).map_err(|e| format!("does not open any more: {e}"))?;
    check(&world, &acked, &refused)
}

fn check(world: &World, acked: &[String], refused: &[String]) -> Result<(), String> {
    let mut lines = Vec::new();
    let walked =
        read_all(&MemDisk::of(world), &mut |line, _| lines.push(line.text())).map_err(|e| e.to_string())?;
    if !matches!(walked.verdict.word(), "clean" | "torn") {
        return Err(walked.verdict.to_string());
    }
    if let Some(lost) = acked.iter().find(|text| !lines.contains(text)) {
        return Err(format!("lost although acknowledged: {lost}"));
    }
    match refused.iter().find(|op| lines.iter().any(|line| line.contains(op.as_str()))) {
        Some(op) => Err(format!("{op} is there although it was refused")),
        None => Ok(()),
    }
}

fn calls_of_a_session() -> u64 {
    let world = World::default();
    session(&world, &mut Vec::new(), &mut Vec::new()).unwrap();
    world.0.lock().unwrap().calls
}

/// All cases; with a wrong policy, up to the first that notices it.
fn matrix(wrong: Option<Wrong>) -> (usize, Vec<String>) {
    let calls = calls_of_a_session();
    let full = wrong.is_some() || std::env::var_os("GONOGO_TEST_FULL").is_some();
    let mut cases = 0;
    let mut failures = Vec::new();
    for nth in 1..=calls {
        for many in [1, 2] {
            for fault in FAULTS {
                // Without the full run each call and fault meets one end of the four, in turn.
                let turn = (cases + cases / FAULTS.len()) % ENDS.len();
                let chosen = if full { 0..ENDS.len() } else { turn..turn + 1 };
                for end in &ENDS[chosen] {
                    cases += 1;
                    if let Err(why) = case(Some((nth, many, fault)), *end, wrong) {
                        failures.push(format!("call {nth} × {many}, {fault:?}, {end:?}: {why}"));
                        if wrong.is_some() {
                            return (cases, failures);
                        }
                    }
                }
            }
        }
    }
    (cases, failures)
}

#[test]
fn nothing_acknowledged_is_lost_whatever_call_fails() {
    for end in ENDS {
        case(None, end, None).unwrap();
    }
    let (cases, failures) = matrix(None);
    assert!(cases > 150, "{cases}");
    assert!(
        failures.is_empty(),
        "{} of {cases} failed:\n{}",
        failures.len(),
        failures[..failures.len().min(8)].join("\n")
    );
}

#[test]
fn wrong_policies_are_noticed() {
    for wrong in [Wrong::NoCut, Wrong::IgnoreSync, Wrong::RetrySync] {
        let (cases, failures) = matrix(Some(wrong));
        assert!(!failures.is_empty(), "{wrong:?} passed all {cases} cases");
    }
}
