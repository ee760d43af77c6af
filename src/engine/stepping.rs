//! Steps of the runbook, carried out: a program of the process without a shell, a URL that is asked until it answers.

use super::opening::Setting;
use crate::journal::line::{hex, sha256};
use crate::probe::Probe;
use crate::release::errand::{Errand, Outcome, Status};
use crate::release::steps::{ProbeUrl, RunCommand, duration};
use crate::release::text::{Untrusted, shown};
use crate::screen::notice::Tone;
use crate::spawn::{Call, Cancel, Output, Program, SpawnError};
use crate::turn::Event;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;

/// Most bytes of each output that are read; what comes after is not kept.
const OUTPUT: usize = 4 << 20;
/// Lines of the end of what it printed that are kept, and most bytes of them.
const TAIL: (usize, usize) = (40, 4096);

/// What carries steps out.
pub(super) struct Stepper {
    /// Where programs run.
    dir: PathBuf,
    /// Why programs may not be run here.
    barred: Option<String>,
    probe: Arc<dyn Probe>,
    inbox: UnboundedSender<Event>,
    /// Stops the step under way.
    halt: Mutex<Cancel>,
}

impl Stepper {
    /// Programs run where the clone is checked out, unless they are barred. Nothing is run yet.
    pub fn new(setting: &Setting, probe: Arc<dyn Probe>, inbox: UnboundedSender<Event>) -> Self {
        let repository = &setting.repository;
        let dir = repository.work_tree.clone().unwrap_or_else(|| repository.git_dir.clone());
        Self { dir, barred: setting.barred.clone(), probe, inbox, halt: Mutex::default() }
    }

    /// Stops the step under way, because a person says so.
    pub fn halt(&self) {
        self.halt.lock().unwrap_or_else(PoisonError::into_inner).cancel();
    }

    fn fresh(&self) -> Cancel {
        let mut halt = self.halt.lock().unwrap_or_else(PoisonError::into_inner);
        *halt = Cancel::new();
        halt.clone()
    }

    /// Carries a step out; none when the errand is another.
    pub async fn carry_out(&self, errand: &Errand) -> Option<Outcome> {
        Some(match errand {
            Errand::RunCommand(it) => self.run(it).await,
            Errand::ProbeUrl(it) => self.ask(it).await,
            _ => return None,
        })
    }

    /// Looks what became of a step in doubt; none when the errand is another. A program is not run again: nobody can
    /// look. A URL is asked, once.
    pub async fn looked_for(&self, errand: &Errand) -> Option<Outcome> {
        Some(match errand {
            Errand::RunCommand(_) => {
                let why = "it may have run, wholly or in part; only a person can look what became of it";
                Outcome::noted(Status::Unknown, why)
            }
            Errand::ProbeUrl(it) => self.ask(&ProbeUrl { tries: 1, ..it.clone() }).await.by_probe(),
            _ => return None,
        })
    }

    async fn run(&self, it: &RunCommand) -> Outcome {
        if let Some(why) = &self.barred {
            return Outcome::noted(Status::Refused, format!("{why}; nothing was run"));
        }
        let Some((name, arguments)) = it.argv.split_first() else {
            return Outcome::noted(Status::Failed, "the process names no program; nothing was run");
        };
        let program = match Program::find(name.raw()) {
            Ok(program) => program,
            Err(why) => return Outcome::noted(Status::Failed, format!("{why}; nothing was run")),
        };
        let mut call = Call::new(&program)
            .args(arguments.iter().map(Untrusted::raw))
            .dir(&self.dir)
            .caps(OUTPUT, OUTPUT)
            .timeout(Duration::from_secs(u64::from(it.declared.timeout)));
        for name in &it.declared.env {
            if let Some(value) = std::env::var_os(name.raw()) {
                call = call.env(name.raw(), value);
            }
        }
        let begun = Instant::now();
        let ended = call.run(&self.fresh()).await;
        let seconds = begun.elapsed().as_secs();
        match ended {
            Ok(output) => told(&output, seconds),
            Err(SpawnError::Start { .. } | SpawnError::NotFound(_)) => {
                Outcome::noted(Status::Failed, "it could not be started; nothing was run")
            }
            Err(SpawnError::TimedOut { after, .. }) => {
                let limit = duration(u32::try_from(after.as_secs()).unwrap_or(u32::MAX));
                begun_at(
                    Outcome::noted(Status::Failed, format!("stopped: it took longer than {limit}")),
                    seconds,
                )
            }
            Err(SpawnError::Cancelled(_)) => {
                let said = format!("stopped by ctrl-x after {seconds} s: what it did until then stays");
                begun_at(Outcome::noted(Status::Failed, said), seconds)
            }
            Err(SpawnError::Pipe { why, .. }) => {
                let said = format!("its output could not be read ({why}): it was stopped");
                begun_at(Outcome::noted(Status::Failed, shown(&said, 200)), seconds)
            }
        }
    }

    /// Asks until it answers as it should, a person stops it, or it was asked often enough.
    async fn ask(&self, it: &ProbeUrl) -> Outcome {
        let halt = self.fresh();
        let mut said = "it was not asked".to_owned();
        for at in 1..=it.tries {
            let heard = tokio::select! {
                heard = self.probe.health(it) => heard,
                () = halt.cancelled() => return stopped(&said),
            };
            match heard {
                Ok(found) if found.good => {
                    let many = if at == 1 { String::new() } else { format!(", at the {}. try", at) };
                    return Outcome::noted(Status::Ok, format!("{}{many}", found.said));
                }
                Ok(found) => said = found.said,
                Err(why) => said = why.say(),
            }
            if at < it.tries {
                let rest = duration(it.every);
                let text = format!("{at} of {} tries: {said}; again in {rest}", it.tries);
                let _ = self.inbox.send(Event::Notice(Tone::Plain, shown(&text, 300)));
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_secs(u64::from(it.every))) => {}
                    () = halt.cancelled() => return stopped(&said),
                }
            }
        }
        let many = if it.tries == 1 { String::new() } else { format!(", also at the {}. try", it.tries) };
        Outcome::noted(Status::Failed, shown(&format!("{said}{many}"), 300))
    }
}

fn stopped(said: &str) -> Outcome {
    Outcome::noted(Status::Failed, shown(&format!("stopped by ctrl-x; the last try: {said}"), 300))
}

/// It was begun, and so may have changed something.
fn begun_at(mut outcome: Outcome, seconds: u64) -> Outcome {
    outcome.after.insert("seconds".into(), seconds.to_string().into());
    outcome
}

/// How a program ended that came to its own end: with its exit code, the end of what it printed, and the digest of all.
fn told(output: &Output, seconds: u64) -> Outcome {
    let (said, status) = match (output.status.code(), output.status.signal()) {
        (Some(0), _) => ("exit 0".to_owned(), Status::Ok),
        (Some(code), _) => (format!("exit {code}"), Status::Failed),
        (None, signal) => (format!("ended by signal {}", signal.unwrap_or_default()), Status::Failed),
    };
    let mut outcome = begun_at(Outcome::noted(status, format!("{said} in {seconds} s")), seconds);
    let all: Vec<u8> = [&output.stdout[..], &output.stderr[..]].concat();
    if all.is_empty() {
        return outcome;
    }
    let cut = if output.truncated { " and more that was not kept" } else { "" };
    outcome.after.insert("output".into(), format!("{} bytes{cut}", all.len()).into());
    outcome.after.insert("sha256".into(), hex(&sha256(&all)).into());
    outcome.after.insert("tail".into(), tail(&String::from_utf8_lossy(&all)).into());
    outcome
}

/// The last lines of an output, each safe to show.
fn tail(text: &str) -> String {
    let mut lines: Vec<String> = vec![];
    let mut bytes = 0;
    let cleaned = text.trim_end().rsplit('\n').map(|line| shown(line.trim_end_matches('\r'), 300));
    for line in cleaned.take(TAIL.0) {
        bytes += line.len() + 1;
        if bytes > TAIL.1 {
            break;
        }
        lines.push(line);
    }
    lines.reverse();
    lines.join("\n")
}
