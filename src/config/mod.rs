//! What the user wrote: `config.toml`, `gonogo.toml` and key overrides, loaded and explained.
//!
//! [`load`] lays the layers over each other: the default ([`EXAMPLE`]), the user's file, the repository's file (which is
//! untrusted: it may set what is shared, but run nothing and name no host), the environment, the command line. Every
//! mistake becomes a [`Finding`](crate::process::Finding) with file, line, column and a hint, all of them in one run.

mod announce;
mod bindings;
mod explain;
mod keys;
mod layer;
mod load;
mod origin;
mod place;
mod process;
mod settings;
mod terminal;
mod value;

pub use bindings::tab_word;
pub use explain::{explain, explain_json};
pub use load::{FILE_CAP, File, Flag, Loaded, Owner, Places, REPOSITORY_FILE, hash, load, text_of};
pub use origin::Origin;
pub use process::{Chosen, followed, process};
pub use settings::{AddressFrom, AnnounceTo, Config, Zone};
pub use terminal::{is_colourless, is_utf8, locale};

/// The default configuration, every key explained.
pub const EXAMPLE: &str = include_str!("../../config.example.toml");

impl Default for Config {
    /// What [`EXAMPLE`] says.
    fn default() -> Self {
        load(&Places::default(), &|_| None, &[]).config
    }
}
