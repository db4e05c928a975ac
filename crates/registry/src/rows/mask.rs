//! What may be shown of a cell, and what may be written into a spreadsheet.

use crate::sources::Gives;

/// The cell as a report shows it: enough to find it in the office's own file, not more.
#[must_use]
pub fn mask(gives: &[Gives], value: &str) -> String {
    let value = value.trim();
    let Some(first) = gives.first() else { return stars(value, 0, 0) };
    match first {
        Gives::IdNumber | Gives::KinIdNumber => stars(value, 2, 2),
        Gives::Name | Gives::KinName => stars(value, 1, 0),
        Gives::Phone => stars(value, 3, 2),
        Gives::Address | Gives::Ignore => stars(value, 0, 0),
        Gives::Fact(fact) if fact.sealed => stars(value, 0, 0),
        Gives::Fact(_) | Gives::ValidFrom | Gives::ValidUntil | Gives::EndedOn | Gives::KinRelation => {
            // Something else may have slipped into the cell: a long run of digits is never shown.
            if value.bytes().filter(u8::is_ascii_digit).count() > 12 { stars(value, 2, 2) } else { short(value) }
        }
    }
}

fn stars(value: &str, head: usize, tail: usize) -> String {
    let chars: Vec<char> = value.chars().collect();
    if chars.len() <= head + tail {
        return "*".repeat(chars.len().min(8));
    }
    let middle = "*".repeat((chars.len() - head - tail).min(16));
    let (open, close) = (&chars[..head], &chars[chars.len() - tail..]);
    open.iter().copied().chain(middle.chars()).chain(close.iter().copied()).collect()
}

fn short(value: &str) -> String {
    let mut chars = value.chars();
    let head: String = chars.by_ref().take(24).collect();
    if chars.next().is_some() { format!("{head}…") } else { head }
}

/// A text that no spreadsheet takes for a formula, for CSV exports; XLSX exports write texts as texts.
#[must_use]
pub fn neutral(value: &str) -> String {
    if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{value}") } else { value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_is_never_shown_whole() {
        assert_eq!(mask(&[Gives::IdNumber], "653001194403120028"), "65**************28");
        assert_eq!(mask(&[Gives::Name], "阿不都热合曼·买买提"), "阿*********");
        assert_eq!(mask(&[Gives::Name], "吴"), "*");
        assert_eq!(mask(&[Gives::Phone], "13999012345"), "139******45");
        assert_eq!(mask(&[Gives::ValidFrom], "653001194403120028"), "65**************28");
        assert_eq!(mask(&[Gives::ValidFrom], "1949-13-02"), "1949-13-02");
    }

    #[test]
    fn formulas_are_texts_in_exports() {
        for cell in ["=1+1", "+86", "-2", "@SUM(A1)"] {
            assert_eq!(neutral(cell), format!("'{cell}"));
        }
        assert_eq!(neutral("上湾村"), "上湾村");
    }
}
