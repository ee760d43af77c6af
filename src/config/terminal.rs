//! What the environment says of the terminal: whether it shows Unicode, whether it shows colour.

/// The variables that name the character set, the weightiest first: POSIX, "Environment Variables", section 8.2.
const LOCALE: [&str; 3] = ["LC_ALL", "LC_CTYPE", "LANG"];

/// The locale in force, with the variable that names it; none when none does.
#[must_use]
pub fn locale(variable: &dyn Fn(&str) -> Option<String>) -> Option<(&'static str, String)> {
    LOCALE.into_iter().find_map(|name| Some((name, variable(name).filter(|text| !text.is_empty())?)))
}

/// Whether a locale has UTF-8: `de_DE.UTF-8`, `C.utf8`. `C`, `POSIX` and what names no character set have not.
#[must_use]
pub fn is_utf8(locale: &str) -> bool {
    let lower = locale.to_ascii_lowercase();
    lower.contains("utf-8") || lower.contains("utf8")
}

/// Whether `TERM` names a terminal that terminfo gives no colours: the VT series, and what says so in its name. What
/// `COLORTERM` promises counts for more.
#[must_use]
pub fn is_colourless(variable: &dyn Fn(&str) -> Option<String>) -> bool {
    let term = variable("TERM").unwrap_or_default();
    let name = term.split(['-', '+', '.']).next().unwrap_or_default();
    let number = name.strip_prefix("vt").filter(|it| it.starts_with(|c: char| c.is_ascii_digit()));
    // The VT525 is the one of them that has colours.
    let plain = number.is_some_and(|it| it != "525") || term.ends_with("-mono") || term.ends_with("-m");
    plain && variable("COLORTERM").is_none_or(|text| text.is_empty())
}
