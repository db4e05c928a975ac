//! Randomness is an argument, as time is: secrets come from the operating system, tests bring their own.

/// Where secrets come from.
pub trait Entropy: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    /// # Panics
    /// When the operating system has no randomness to give: no secret may be made then.
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives randomness");
    }
}

/// `N` bytes.
pub(crate) fn bytes<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}

/// Letters and digits that are not taken for one another when read out: no 0 O 1 I L. 31 of them.
const SPOKEN: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// A code to be read out or typed, `groups` of four with dashes; each letter is worth 4.95 bits.
pub(crate) fn spoken(entropy: &dyn Entropy, groups: usize) -> String {
    let mut code = String::new();
    while code.len() < groups * 5 - 1 {
        if code.len() % 5 == 4 {
            code.push('-');
        }
        let [byte] = bytes::<1>(entropy);
        // Equal chances: what lies beyond the last whole multiple is thrown again.
        let most = (256 / SPOKEN.len()) * SPOKEN.len();
        if usize::from(byte) < most {
            code.push(char::from(SPOKEN[usize::from(byte) % SPOKEN.len()]));
        } else if code.ends_with('-') {
            code.pop();
        }
    }
    code
}

/// What was meant by a typed code: capitals, without dashes and blanks.
pub(crate) fn plain_code(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spoken_codes_come_in_fours_and_read_back() {
        let code = spoken(&SystemEntropy, 4);
        assert_eq!(code.len(), 19);
        assert!(code.split('-').all(|group| group.len() == 4 && group.bytes().all(|b| SPOKEN.contains(&b))), "{code}");
        assert_eq!(plain_code(&code.to_lowercase().replace('-', " ")).len(), 16);
    }
}
