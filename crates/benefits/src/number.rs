//! The number by which a person follows a matter: year, running number, and five characters that can't be guessed.

use kernel::{Date, MatterId};
use store::Keys;

/// Letters and digits that are not mistaken for one another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The number of a new matter. It is kept, not made again: after a change of keys it would be another.
pub fn of(keys: &Keys, id: MatterId, on: Date) -> String {
    let year = on.format("%Y");
    let plain = format!("{year}-{:06}", id.0);
    let blind = keys.blind("matter_number", &plain);
    let check: String = blind.iter().take(5).map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect();
    format!("{plain}-{check}")
}

/// A number as someone typed it: without spaces, in capitals, `O` for `0`, `I` and `L` for `1`.
pub fn read(typed: &str) -> String {
    let plain = typed.trim().to_uppercase();
    plain
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            '－' | '—' | '–' => '-',
            other => other,
        })
        .collect()
}
