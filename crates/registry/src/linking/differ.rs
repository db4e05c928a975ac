//! Two values side by side, masked except where they differ: what has to be judged is shown, the rest is not.

/// A piece of a value as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    /// The other side has something else here.
    pub differs: bool,
}

/// What of the common characters may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mask {
    /// All: a date, a code.
    None,
    /// First and last character of each part.
    Name,
    /// So many at the end.
    Tail(usize),
    /// Nothing.
    All,
}

/// So many characters of a number or an address are opened at most.
const OPENED: usize = 4;
/// Longer values are not aligned.
const LONGEST: usize = 80;

/// Both values in pieces, in order.
pub(super) fn beside(left: &str, right: &str, mask: Mask) -> [Vec<Piece>; 2] {
    let sides = [left, right].map(|text| text.trim().chars().collect::<Vec<char>>());
    let [a, b] = &sides;
    let one_is_empty = a.is_empty() || b.is_empty();
    let marks = if one_is_empty || a.len().max(b.len()) > LONGEST {
        [vec![false; a.len()], vec![false; b.len()]]
    } else {
        differing(a, b)
    };
    let differing = marks.iter().map(|m| m.iter().filter(|d| **d).count()).max().unwrap_or(0);
    // Values that have little in common are not two writings of one: nothing is opened, all is marked.
    let most = if matches!(mask, Mask::Tail(_) | Mask::All) { OPENED } else { LONGEST };
    let alike = differing * 2 <= a.len().min(b.len()) && differing <= most;
    let other = left.trim() != right.trim() && !one_is_empty;
    let hidden = if mask == Mask::Name { "*" } else { "****" };
    [0, 1].map(|side| {
        let (text, shown) = (&sides[side], shown(&sides[side], mask));
        if other && !alike {
            return vec![Piece { text: join(text, &shown, hidden), differs: true }];
        }
        pieces(text, &marks[side], &shown, hidden)
    })
}

/// Which characters of a value may be shown whatever the other side says.
fn shown(text: &[char], mask: Mask) -> Vec<bool> {
    let last = text.len().saturating_sub(1);
    let dot = |c: char| matches!(c, '·' | '•' | '‧' | '・' | ' ');
    (0..text.len())
        .map(|at| match mask {
            Mask::None => true,
            Mask::All => false,
            Mask::Tail(tail) => text.len() > tail && at + tail >= text.len(),
            Mask::Name if text.len() < 3 => at == 0 && text.len() > 1,
            Mask::Name => at == 0 || at == last || dot(text[at]) || dot(text[at - 1]) || dot(text[at + 1]),
        })
        .collect()
}

/// The value with hidden runs as stars; how long they are is not told.
fn join(text: &[char], shown: &[bool], hidden: &str) -> String {
    pieces(text, &vec![false; text.len()], shown, hidden).into_iter().map(|piece| piece.text).collect()
}

fn pieces(text: &[char], marks: &[bool], shown: &[bool], hidden: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut hiding = false;
    for ((c, differs), shown) in text.iter().zip(marks).zip(shown) {
        let hides = !*shown && !*differs;
        if hides && hiding {
            continue;
        }
        hiding = hides;
        let told = if hides { hidden.to_owned() } else { c.to_string() };
        match pieces.last_mut().filter(|piece| piece.differs == *differs) {
            Some(piece) => piece.text.push_str(&told),
            None => pieces.push(Piece { text: told, differs: *differs }),
        }
    }
    pieces
}

/// Per side, the characters outside the longest common subsequence.
fn differing(a: &[char], b: &[char]) -> [Vec<bool>; 2] {
    let width = b.len() + 1;
    let mut longest = vec![0_u8; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * width + j] = if a[i] == b[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let mut marks = [vec![true; a.len()], vec![true; b.len()]];
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            (marks[0][i], marks[1][j]) = (false, false);
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(left: &str, right: &str, mask: Mask) -> [String; 2] {
        beside(left, right, mask).map(|pieces| {
            pieces.iter().map(|p| if p.differs { format!("[{}]", p.text) } else { p.text.clone() }).collect()
        })
    }

    #[test]
    fn what_differs_is_shown_and_the_rest_is_masked() {
        for (left, right, mask, expected) in [
            ("周桂兰", "周贵兰", Mask::Name, ["周[桂]兰", "周[贵]兰"]),
            ("周桂兰", "周桂兰", Mask::Name, ["周*兰", "周*兰"]),
            ("周桂兰", "", Mask::Name, ["周*兰", ""]),
            ("王建国", "周桂兰", Mask::Name, ["[王*国]", "[周*兰]"]),
            ("阿依古丽·买买提", "阿依古力·买买提", Mask::Name, ["阿*[丽]·买*提", "阿*[力]·买*提"]),
            ("653001194403120028", "653001195403120028", Mask::Tail(4), ["****[4]****0028", "****[5]****0028"]),
            ("653001194403120028", "", Mask::Tail(4), ["****0028", ""]),
            ("653001194403120028", "653022195512070041", Mask::Tail(4), ["[****0028]", "[****0041]"]),
            ("13999012345", "13999012354", Mask::Tail(2), ["****[4]5", "****5[4]"]),
            ("安和里 2 号楼 301", "安和里 2 号楼 302", Mask::All, ["****[1]", "****[2]"]),
            ("1944-03-12", "1954-03-12", Mask::None, ["19[4]4-03-12", "19[5]4-03-12"]),
        ] {
            assert_eq!(told(left, right, mask), expected, "{left} {right}");
        }
    }
}
