//! Argon2id, in the text form that other programs read too (`$argon2id$v=19$m=…,t=…,p=…$salt$hash`).

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use unicode_normalization::UnicodeNormalization;

use crate::authz::Rules;
use crate::entropy::{Entropy, bytes};
use crate::secret::same;

const SALT: usize = 16;
const HASH: usize = 32;

/// The hash to keep.
///
/// # Panics
/// When there is no memory for it: checked parameters don't fail otherwise.
pub(crate) fn hash(rules: &Rules, entropy: &dyn Entropy, password: &str) -> String {
    let cost = cost(rules);
    let salt = bytes::<SALT>(entropy);
    let hash = derive(cost, &salt, password).expect("checked parameters and memory for one hash");
    text(cost, &salt, &hash)
}

/// A hash that no password has, as costly to compare with as a real one: for names that nobody has.
pub(crate) fn decoy(rules: &Rules, entropy: &dyn Entropy) -> String {
    text(cost(rules), &bytes::<SALT>(entropy), &bytes::<HASH>(entropy))
}

/// Whether it is the password.
pub(crate) fn verify(kept: &str, password: &str) -> bool {
    let Some((cost, salt, hash)) = read(kept) else { return false };
    derive(cost, &salt, password).is_some_and(|derived| same(&hash, &derived))
}

/// Whether it was made with other figures than those stated now.
pub(crate) fn is_stale(rules: &Rules, kept: &str) -> bool {
    read(kept).is_none_or(|(made_with, _, _)| made_with != cost(rules))
}

/// Memory in KiB, passes, lanes.
type Cost = (u32, u32, u32);

const fn cost(rules: &Rules) -> Cost {
    (rules.password.memory_kib, rules.password.passes, rules.password.lanes)
}

/// The same letters may come composed or decomposed, wide or narrow: NFKC makes them one (NIST SP 800-63B).
fn derive((memory, passes, lanes): Cost, salt: &[u8], password: &str) -> Option<[u8; HASH]> {
    let password: String = password.nfkc().collect();
    let params = Params::new(memory, passes, lanes, Some(HASH)).ok()?;
    let mut hash = [0; HASH];
    let made = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    made.hash_password_into(password.as_bytes(), salt, &mut hash).ok()?;
    Some(hash)
}

fn text((memory, passes, lanes): Cost, salt: &[u8], hash: &[u8]) -> String {
    let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
    format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${hash}")
}

fn read(kept: &str) -> Option<(Cost, Vec<u8>, Vec<u8>)> {
    let mut parts = kept.strip_prefix("$argon2id$v=19$")?.split('$');
    let (figures, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
    let mut figures =
        figures.split(',').zip(["m=", "t=", "p="]).map(|(part, name)| part.strip_prefix(name)?.parse().ok());
    let mut next = || figures.next().flatten();
    let cost = (next()?, next()?, next()?);
    Some((cost, STANDARD_NO_PAD.decode(salt).ok()?, STANDARD_NO_PAD.decode(hash).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with the reference program: `echo -n "a quiet river bends" | argon2 somesaltsomesalt -id -m 12 -t 2`.
    const FORM: &str = "$argon2id$v=19$m=4096,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$";

    #[test]
    fn a_hash_opens_for_its_password_only() {
        let kept =
            text((4096, 2, 1), b"somesaltsomesalt", &derive((4096, 2, 1), b"somesaltsomesalt", "密码一二三").unwrap());
        assert!(kept.starts_with(FORM), "{kept}");
        assert!(verify(&kept, "密码一二三"));
        assert!(!verify(&kept, "密码一二四"));
        assert!(!verify("$argon2id$v=19$m=1,t=0,p=0$$", ""));
        assert!(!verify("nonsense", ""));
    }

    #[test]
    fn wide_and_narrow_letters_are_one_password() {
        let kept = text((4096, 1, 1), &[7; 16], &derive((4096, 1, 1), &[7; 16], "ＡＢＣ１２３é").unwrap());
        assert!(verify(&kept, "ABC123e\u{301}"));
    }
}
