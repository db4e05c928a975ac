//! Where something stands in a pack file, and texts that remember where their characters stand.

use std::sync::Arc;

/// A place in a pack file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Path below the packs folder: `kizilsu-2024/groups.toml`.
    pub file: Arc<str>,
    /// 1-based.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
}

/// An SQL expression as written in a pack file.
///
/// Equality compares the text only: the same condition at another line is the same condition.
#[derive(Clone, Debug, Default)]
pub struct SqlText {
    pub text: String,
    /// Where stretches of the text begin in the file, by byte offset into `text`; the first is at offset 0.
    pub(crate) anchors: Vec<Anchor>,
    pub(crate) file: Arc<str>,
}

/// From `offset` on, characters follow each other from `line`, `column` until the next anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Anchor {
    pub offset: usize,
    pub line: u32,
    pub column: u32,
}

impl SqlText {
    /// A text that stands in no file; for tests and texts made by the program.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), anchors: Vec::new(), file: "".into() }
    }

    /// Where the text begins.
    #[must_use]
    pub fn start(&self) -> Position {
        self.at_offset(0)
    }

    /// Where the character at a byte offset of the text stands in the file.
    #[must_use]
    pub fn at_offset(&self, offset: usize) -> Position {
        let after = self.anchors.partition_point(|a| a.offset <= offset);
        let Some(anchor) = after.checked_sub(1).and_then(|i| self.anchors.get(i)) else {
            return Position { file: self.file.clone(), line: 1, column: 1 };
        };
        let passed = self.text.char_indices().filter(|(i, _)| *i >= anchor.offset && *i < offset).count();
        let column = anchor.column + u32::try_from(passed).unwrap_or(0);
        Position { file: self.file.clone(), line: anchor.line, column }
    }

    /// Where the character at line and column of the text itself (both 1-based, as the SQL parser counts)
    /// stands in the file.
    #[must_use]
    pub fn at_line_column(&self, line: u64, column: u64) -> Position {
        let skip = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
        let mut begin = 0;
        for _ in 0..skip {
            match self.text[begin..].find('\n') {
                Some(i) => begin += i + 1,
                None => break,
            }
        }
        let along = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
        let rest = &self.text[begin..];
        let offset = rest.char_indices().nth(along).map_or(rest.len(), |(i, _)| i);
        self.at_offset(begin + offset)
    }
}

impl PartialEq for SqlText {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for SqlText {}
