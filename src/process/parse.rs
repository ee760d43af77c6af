//! From TOML text to a process, or to what is wrong with it.

use super::{Finding, Process, Severity};

impl Process {
    /// Parses a process file; `file` names it in the findings. The findings beside a process are warnings.
    ///
    /// # Errors
    /// All that is wrong with the file, at least one of [`Severity::Error`].
    pub fn parse(text: &str, file: &str) -> Result<(Self, Vec<Finding>), Vec<Finding>> {
        let process = toml::from_str::<Self>(text).map_err(|why| {
            vec![Finding {
                severity: Severity::Error,
                file: file.to_owned(),
                line: 1,
                column: 1,
                message: why.message().to_owned(),
                hint: String::new(),
            }]
        })?;
        Ok((process, Vec::new()))
    }
}
