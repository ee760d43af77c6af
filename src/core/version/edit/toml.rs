//! Values in TOML files.

use super::Splice;
use super::path::{joined, segments};
use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

/// The string that a key path leads to.
pub(super) fn find(text: &str, path: &str, to: &str) -> Result<Splice, String> {
    let path = segments(path)?;
    let table = DeTable::parse(text).map_err(|why| {
        let line = why.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        format!("line {line} is no TOML: {}", why.message())
    })?;
    let mut at: Option<&Spanned<DeValue<'_>>> = None;
    for (number, key) in path.iter().enumerate() {
        let next = match at.map(Spanned::get_ref) {
            None => table.get_ref().get(key.as_str()),
            Some(DeValue::Table(table)) => table.get(key.as_str()),
            Some(DeValue::Array(list)) => key.parse().ok().and_then(|at: usize| list.get(at)),
            Some(other) => {
                let (here, kind) = (joined(&path[..number]), other.type_str());
                return Err(format!("{here} is of the kind {kind}: expected a table that holds {key}"));
            }
        };
        at = Some(next.ok_or_else(|| format!("there is no {}", joined(&path[..=number])))?);
    }
    let value = at.ok_or("the path is empty")?;
    if !value.get_ref().is_str() {
        return Err(format!("the value is of the kind {}: expected a string", value.get_ref().type_str()));
    }
    let span = value.span();
    let written = text.get(span.clone()).unwrap_or_default();
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| written.starts_with(quote));
    let quote = quote.ok_or("the value stands in no quotes: expected a string")?;
    Ok(Splice { at: span, with: format!("{quote}{to}{quote}") })
}
