//! Themes as files: twelve named colours, what is built in, and errors that say where.

use super::colour::Colour;
use crate::order::Order as _;
use toml::de::{DeTable, DeValue};

/// The names of the colours, in the order of [`Palette::colours`].
pub const ROLES: [&str; 12] =
    ["bg", "panel", "sel", "rule", "fg", "dim", "accent", "ok", "bad", "run", "warn", "hold"];

/// The themes that come with the program, and `auto`, which takes `dark` or `light` by the terminal's background.
pub const NAMES: [&str; 7] = ["auto", "dark", "light", "ansi16", "mono", "colourblind", "present"];

const FILES: [(&str, &str); 6] = [
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("ansi16", include_str!("../../themes/ansi16.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
    ("colourblind", include_str!("../../themes/colourblind.toml")),
    ("present", include_str!("../../themes/present.toml")),
];

/// The background that the terminal told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ground {
    /// Dark.
    Dark,
    /// Light.
    Light,
    /// The terminal did not say: a theme then paints its own, so that it can be read.
    #[default]
    Unknown,
}

/// The colours of a theme, for one background.
pub type Colours = [Colour; 12];

/// A theme as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Palette {
    /// Its name.
    pub name: String,
    /// Whether it paints its background even where the terminal's own would do.
    pub paint: bool,
    /// Its colours.
    pub colours: Colours,
    /// Its colours on a light background, for a theme that knows both.
    pub light: Option<Colours>,
}

/// A mistake in a theme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{origin}:{line}: {message} ({hint})")]
pub struct ThemeError {
    /// The file.
    pub origin: String,
    /// The line, from 1.
    pub line: usize,
    /// The key that is wrong, empty for a file that is no TOML.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

impl Palette {
    /// A theme that comes with the program, by its name; `auto` by the background.
    #[must_use]
    pub fn built_in(name: &str, ground: Ground) -> Option<Self> {
        let name = match (name, ground) {
            ("auto", Ground::Light) => "light",
            ("auto", _) => "dark",
            _ => name,
        };
        let (_, text) = FILES.iter().find(|(known, _)| *known == name)?;
        Self::parse(text, name).ok()
    }

    /// Reads a theme: overrides over `base`, which is `dark` unless it says so.
    ///
    /// # Errors
    /// Every mistake, each with its line and the nearest right name.
    pub fn parse(text: &str, origin: &str) -> Result<Self, Vec<ThemeError>> {
        let reader = Reader { text, origin };
        let document = DeTable::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            vec![reader.error(at, "", error.message().to_owned(), "see themes/dark.toml")]
        })?;
        let mut errors = vec![];
        let mut palette = reader.base(document.get_ref(), &mut errors);
        for (at, key, item) in in_order(document.get_ref()) {
            match key {
                "name" => match item.as_str() {
                    Some(name) => palette.name = crate::release::text::shown(name, 40),
                    None => errors.push(reader.error(
                        at,
                        key,
                        "the name is no text".to_owned(),
                        "name = \"mine\"",
                    )),
                },
                "paint" => match item.as_bool() {
                    Some(paint) => palette.paint = paint,
                    None => {
                        errors.push(reader.error(at, key, "paint is no yes or no".to_owned(), "paint = true"))
                    }
                },
                "base" => {}
                "light" => match item.as_table() {
                    Some(table) => {
                        let mut colours = palette.light.unwrap_or(palette.colours);
                        for (at, key, item) in in_order(table) {
                            reader.colour(at, key, item, &mut colours, &mut errors);
                        }
                        palette.light = Some(colours);
                    }
                    None => errors.push(reader.error(at, key, "light is no table".to_owned(), "[light]")),
                },
                _ => reader.colour(at, key, item, &mut palette.colours, &mut errors),
            }
        }
        if errors.is_empty() { Ok(palette) } else { Err(errors) }
    }

    /// The colours for a background.
    #[must_use]
    pub fn on(&self, ground: Ground) -> &Colours {
        match (ground, &self.light) {
            (Ground::Light, Some(light)) => light,
            (Ground::Dark | Ground::Light | Ground::Unknown, _) => &self.colours,
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    origin: &'t str,
}

impl Reader<'_> {
    /// The theme that the file starts from.
    fn base(&self, table: &DeTable<'_>, errors: &mut Vec<ThemeError>) -> Palette {
        let plain = Palette {
            name: self.origin.to_owned(),
            paint: false,
            colours: [Colour::Default; 12],
            light: None,
        };
        // The files that come with the program name every colour and need no base.
        let built_in = FILES.iter().any(|(name, text)| *name == self.origin && *text == self.text);
        let Some((at, _, item)) = in_order(table).find(|(_, key, _)| *key == "base") else {
            let dark = (!built_in).then(|| Palette::built_in("dark", Ground::Dark)).flatten();
            return dark.map_or(plain, |dark| Palette { name: self.origin.to_owned(), ..dark });
        };
        match item.as_str().and_then(|name| Palette::built_in(name, Ground::Dark)) {
            Some(base) => Palette { name: self.origin.to_owned(), ..base },
            None => {
                let wanted = item.as_str().unwrap_or_default();
                let hint = format!("did you mean {:?}?", nearest(wanted, &NAMES));
                errors.push(self.error(at, "base", "no theme of that name to start from".to_owned(), &hint));
                plain
            }
        }
    }

    fn colour(
        &self,
        at: usize,
        key: &str,
        item: &DeValue<'_>,
        colours: &mut Colours,
        errors: &mut Vec<ThemeError>,
    ) {
        let Some(role) = ROLES.iter().position(|role| *role == key) else {
            let key = crate::release::text::shown(key, 40);
            let hint = format!("did you mean {:?}?", nearest(&key, &ROLES));
            errors.push(self.error(at, &key, format!("no colour is called {key:?}"), &hint));
            return;
        };
        match item.as_str().map(Colour::parse) {
            Some(Ok(colour)) => colours[role] = colour,
            Some(Err(hint)) => {
                let wrong = crate::release::text::shown(item.as_str().unwrap_or_default(), 40);
                errors.push(self.error(at, key, format!("{key} = {wrong:?} is no colour"), &hint));
            }
            None => errors.push(self.error(at, key, format!("{key} is no text"), "a colour is \"#rrggbb\"")),
        }
    }

    fn error(&self, at: usize, key: &str, message: String, hint: &str) -> ThemeError {
        let line = self.text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
        ThemeError {
            origin: self.origin.to_owned(),
            line,
            key: key.to_owned(),
            message,
            hint: hint.to_owned(),
        }
    }
}

/// The keys of a table as they were written one after the other: where, which, what.
fn in_order<'t>(table: &'t DeTable<'_>) -> impl Iterator<Item = (usize, &'t str, &'t DeValue<'t>)> {
    let mut keys: Vec<_> = table.iter().collect();
    keys.order_by_key(|(key, _)| key.span().start);
    keys.into_iter().map(|(key, item)| (key.span().start, &**key.get_ref(), item.get_ref()))
}

/// The name that looks most like what was written.
#[must_use]
pub fn nearest<'n>(written: &str, names: &[&'n str]) -> &'n str {
    let distance = |name: &str| {
        let mut row: Vec<usize> = (0..=name.chars().count()).collect();
        for (i, a) in written.chars().enumerate() {
            let mut corner = row[0];
            row[0] = i + 1;
            for (j, b) in name.chars().enumerate() {
                let next = (corner + usize::from(a != b)).min(row[j] + 1).min(row[j + 1] + 1);
                corner = std::mem::replace(&mut row[j + 1], next);
            }
        }
        row[name.chars().count()]
    };
    // Of names as near as each other, the one of the same length was meant.
    let odd = |name: &str| name.len().abs_diff(written.len());
    names.iter().min_by_key(|name| (distance(name), odd(name))).copied().unwrap_or_default()
}
