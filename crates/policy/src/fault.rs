//! What is wrong with a pack: always with its place, its cause and what to do.

use std::fmt;

use crate::model::Position;

/// One fault of a pack. `code` is stable; `message` and `remedy` are for the author of the pack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackFault {
    pub file: String,
    /// 1-based; 0 when the fault belongs to the file as a whole.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
    pub code: &'static str,
    pub message: String,
    pub remedy: String,
}

impl PackFault {
    #[must_use]
    pub fn at(at: &Position, code: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            file: at.file.to_string(),
            line: at.line,
            column: at.column,
            code,
            message: message.into(),
            remedy: remedy.into(),
        }
    }

    /// A fault of a whole file: it is absent or cannot be read.
    #[must_use]
    pub fn of_file(
        file: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { file: file.into(), line: 0, column: 0, code, message: message.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for PackFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {}: {}", self.code, self.message)?;
        if !self.remedy.is_empty() {
            write!(f, " — {}", self.remedy)?;
        }
        Ok(())
    }
}
