//! Key paths: the dotted keys of TOML.

/// The segments of a key path: bare (letters, digits, `_`, `-`), or in quotes.
pub(super) fn segments(path: &str) -> Result<Vec<String>, String> {
    let wrong = |why: &str| format!("{} is no key path: {why}", super::quoted(path));
    let mut segments = vec![];
    let mut rest = path.trim();
    loop {
        let (segment, after) = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let (inner, after) =
                    rest[1..].split_once(quote).ok_or_else(|| wrong("a quote is not closed"))?;
                if inner.contains('\\') {
                    return Err(wrong("a key in quotes takes no backslash"));
                }
                (inner.to_owned(), after)
            }
            _ => {
                let end = rest.find('.').unwrap_or(rest.len());
                let bare = &rest[..end];
                let fine = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '$' | '@');
                if bare.is_empty() || !bare.chars().all(fine) {
                    return Err(wrong(
                        "expected keys with dots between them; put a key with other marks in quotes",
                    ));
                }
                (bare.to_owned(), &rest[end..])
            }
        };
        segments.push(segment);
        match after.strip_prefix('.') {
            Some(more) => rest = more,
            None if after.is_empty() => return Ok(segments),
            None => return Err(wrong("expected a dot after a key in quotes")),
        }
    }
}

/// The first segments as a path, for saying how far it was found.
pub(super) fn joined(segments: &[String]) -> String {
    let quoted = |it: &String| {
        let bare = !it.is_empty() && it.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        if bare { it.clone() } else { super::quoted(it) }
    };
    segments.iter().map(quoted).collect::<Vec<_>>().join(".")
}
