//! What the cockpit does beside the ring: whose token it is, the browser, the clipboard, the screen lent to others.

use super::EngineError;
use super::cockpit::Cockpit;
use super::system::{edit_in, resized, resolve_with};
use super::terminal::copy_bytes;
use crate::release::ask::Tool;
use crate::release::errand::Errand;
use crate::release::ids::OpId;
use crate::release::picks::Resolving;
use crate::release::text::shown;
use crate::screen::notice::Tone;
use crate::turn::Event;

/// Whom the screen is lent to. It happens between two turns of the loop, when nobody reads the keyboard.
pub(super) enum Lend {
    /// The editor, on a text.
    Edit(String),
    /// A tool, on a conflict.
    Resolve(Box<Resolving>, Tool),
    /// git, for an errand in which it may ask for a passphrase.
    Git(OpId, Box<Errand>),
    /// The shell, until it continues us.
    Shell,
}

impl Cockpit {
    pub(super) fn identify(&mut self) {
        let inbox = self.inbox.clone();
        let how = self.setting.token.as_ref().map_or("none", |token| token.origin().word()).to_owned();
        self.runner.identify(move |viewer| {
            // Who it is goes into the journal like everything else; the envelope follows once it is there.
            let event = match viewer {
                Ok(viewer) => Event::Identified(how, viewer.login, viewer.scopes.unwrap_or_default()),
                Err(why) => Event::Notice(Tone::Warn, shown(&why.say(), 400)),
            };
            let _ = inbox.send(event);
        });
    }

    pub(super) fn browse(&mut self, url: &str) {
        let (tone, text) = match open::that_detached(url) {
            Ok(()) => (Tone::Good, format!("opened {url}")),
            Err(why) => (Tone::Warn, format!("no browser could be started ({why}); yy copies the address")),
        };
        self.handle(Event::Notice(tone, text));
    }

    pub(super) fn copy(&mut self, text: &str) {
        match copy_bytes(text) {
            Some(bytes) => {
                if let Err(why) = self.face.copy(&bytes) {
                    self.handle(Event::Notice(Tone::Warn, format!("not copied: {why}")));
                }
            }
            None => self.handle(Event::Notice(Tone::Warn, "too long to copy".to_owned())),
        }
    }

    /// Sends an errand: in the background, or with the terminal lent to git.
    pub(super) fn carry_out(&mut self, op: OpId, errand: Errand) {
        if errand.is_attended() {
            self.lends.push(Lend::Git(op, Box::new(errand)));
        } else {
            self.runner.run(op, errand);
        }
    }

    /// Lends the screen to whoever waits for it.
    pub(super) async fn lend(&mut self) {
        for lend in std::mem::take(&mut self.lends) {
            self.face.lend();
            match lend {
                Lend::Edit(text) => {
                    let edited = edit_in(&self.looks.editor, &text);
                    let _ = self.face.take_back();
                    self.handle(match edited {
                        Ok(text) => Event::Edited(Some(text)),
                        Err(why) => Event::Notice(Tone::Warn, format!("the editor: {}", shown(&why, 300))),
                    });
                }
                Lend::Resolve(it, tool) => {
                    let done = resolve_with(&self.looks.editor, &it, tool);
                    let _ = self.face.take_back();
                    let (tone, text) = match done {
                        Ok(()) => (
                            Tone::Plain,
                            "c goes on with the picks, skips this one or calls them off".to_owned(),
                        ),
                        Err(why) => (Tone::Warn, shown(&why, 300)),
                    };
                    self.handle(Event::Notice(tone, text));
                }
                Lend::Git(op, errand) => {
                    self.face.say_lent(&errand.line());
                    let outcome = self.runner.attend(&op, &errand).await;
                    let _ = self.face.take_back();
                    self.handle(Event::CameBack(op, outcome));
                }
                Lend::Shell => {
                    // Stops here; the shell's fg goes on here, and the signal that says so takes the screen back.
                    let _ = rustix::process::kill_process(
                        rustix::process::getpid(),
                        rustix::process::Signal::STOP,
                    );
                }
            }
            self.state.dirty = true;
        }
    }

    /// The process goes on after a stop that did not come from a key.
    pub(super) fn resume(&mut self) -> Result<(), EngineError> {
        self.face.take_back()?;
        self.handle(resized(&self.state.screen));
        Ok(())
    }
}
