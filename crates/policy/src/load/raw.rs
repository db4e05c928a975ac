//! From byte spans in a file to lines and columns, through the quotes and escapes of TOML strings.

use std::ops::Range;
use std::sync::Arc;

use crate::model::{Anchor, Position, SqlText};

/// A file's text with the beginnings of its lines.
pub struct FileText<'a> {
    pub name: Arc<str>,
    pub text: &'a str,
    starts: Vec<usize>,
}

impl<'a> FileText<'a> {
    pub fn new(name: &str, text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        Self { name: name.into(), text, starts }
    }

    pub fn position(&self, offset: usize) -> Position {
        let (line, column) = self.line_column(offset);
        Position { file: self.name.clone(), line, column }
    }

    fn line_column(&self, offset: usize) -> (u32, u32) {
        let offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|s| *s <= offset);
        let start = self.starts[line.saturating_sub(1)];
        let column = self.text.get(start..offset).map_or(0, |passed| passed.chars().count()) + 1;
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
    }

    /// The decoded string at `span` (quotes included) with the place of each stretch of it.
    pub fn sql(&self, span: Range<usize>, decoded: &str) -> SqlText {
        let raw = self.text.get(span.clone()).unwrap_or("");
        let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|q| raw.starts_with(q)).unwrap_or("");
        let mut at = quote.len();
        if quote.len() == 3 {
            at += if raw[at..].starts_with("\r\n") { 2 } else { usize::from(raw[at..].starts_with('\n')) };
        }
        let end = raw.len().saturating_sub(quote.len()).max(at);
        let mut anchors = Vec::new();
        let mut offset = 0;
        self.anchor(&mut anchors, offset, span.start + at);
        while at < end {
            let rest = &raw[at..end];
            let Some(first) = rest.chars().next() else { break };
            let (taken, given) = if first == '\\' && quote.starts_with('"') {
                escape(rest)
            } else {
                (first.len_utf8(), first.len_utf8())
            };
            at += taken;
            offset += given;
            if first == '\n' || first == '\\' {
                self.anchor(&mut anchors, offset, span.start + at);
            }
        }
        SqlText { text: decoded.to_owned(), anchors, file: self.name.clone() }
    }

    fn anchor(&self, anchors: &mut Vec<Anchor>, offset: usize, at: usize) {
        let (line, column) = self.line_column(at);
        anchors.push(Anchor { offset, line, column });
    }
}

/// Bytes an escape takes in the file and gives in the text.
fn escape(rest: &str) -> (usize, usize) {
    let digits = match rest.as_bytes().get(1) {
        Some(b'x') => 2,
        Some(b'u') => 4,
        Some(b'U') => 8,
        Some(b' ' | b'\t' | b'\r' | b'\n') => {
            let blank = rest[1..].len() - rest[1..].trim_start().len();
            return (1 + blank, 0);
        }
        _ => return (2.min(rest.len()), 1),
    };
    let code = rest.get(2..2 + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
    (2 + digits, code.map_or(0, char::len_utf8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(file: &str, decoded: &str, needle: &str) -> (u32, u32) {
        let start = file.find(['"', '\'']).unwrap();
        let text = FileText::new("f.toml", file);
        let sql = text.sql(start..file.trim_end().len(), decoded);
        let at = sql.at_offset(decoded.find(needle).unwrap());
        (at.line, at.column)
    }

    #[test]
    fn plain_strings_keep_their_column() {
        assert_eq!(places("a = 1\nwhen = \"age >= wrong\"\n", "age >= wrong", "wrong"), (2, 16));
        assert_eq!(places("when = '独居 = wrong'", "独居 = wrong", "wrong"), (1, 14));
    }

    #[test]
    fn multi_line_strings_keep_line_and_column() {
        let file = "x = 1\nwhen = \"\"\"\n  a AND\n    wrong = 1\n\"\"\"\n";
        assert_eq!(places(file, "  a AND\n    wrong = 1\n", "wrong"), (4, 5));
        assert_eq!(places("when = '''a\nwrong'''", "a\nwrong", "wrong"), (2, 1));
    }

    #[test]
    fn escapes_do_not_shift_what_follows() {
        assert_eq!(places(r#"when = "a = '\u72ec' AND wrong""#, "a = '独' AND wrong", "wrong"), (1, 26));
        assert_eq!(places("when = \"\"\"a \\\n   wrong\"\"\"", "a wrong", "wrong"), (2, 4));
    }

    #[test]
    fn the_parsers_own_lines_are_translated() {
        let file = "when = \"\"\"\na\n  b\n\"\"\"";
        let sql = FileText::new("f", file).sql(7..file.len(), "a\n  b\n");
        let at = sql.at_line_column(2, 3);
        assert_eq!((at.line, at.column), (3, 3));
    }
}
