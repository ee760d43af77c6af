//! What the user wrote: `config.toml`, `gonogo.toml` and key overrides, loaded and explained.
