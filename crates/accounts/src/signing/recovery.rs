//! Recovery codes: for when the phone with the codes is lost. Each is good once; only its hash is kept.

use kernel::UserId;
use sha2::{Digest, Sha256};
use store::{Session, next_ids, stamp};

use crate::entropy::{plain_code, spoken};
use crate::{Accounts, AccountsError};

/// Six groups of four: 118 bits, too many to try, so a plain digest hides them.
const GROUPS: usize = 6;

impl Accounts {
    /// New codes in place of the old ones; shown once.
    pub(crate) fn make_recovery_codes(&self, tx: &mut Session, user: UserId) -> Result<Vec<String>, AccountsError> {
        tx.exec(include_str!("../../sql/recovery_code_drop.sql"), &[user.into()])?;
        let count = self.authz.rules.second_factor.recovery_codes;
        let codes: Vec<String> = (0..count).map(|_| spoken(self.entropy.as_ref(), GROUPS)).collect();
        for code in &codes {
            let id = next_ids(tx, "recovery_code", 1)?.start;
            let params = [id.into(), user.into(), hash(user, &plain_code(code)).into()];
            tx.exec(include_str!("../../sql/recovery_code_insert.sql"), &params)?;
        }
        Ok(codes)
    }

    /// Whether it is a code that was not used before; then it is used.
    pub(crate) fn take_recovery_code(&self, tx: &mut Session, user: UserId, code: &str) -> Result<bool, AccountsError> {
        let params = [user.into(), hash(user, code).into(), stamp(self.now()).into()];
        Ok(tx.exec(include_str!("../../sql/recovery_code_use.sql"), &params)? == 1)
    }

    /// How many are left.
    ///
    /// # Errors
    /// Those of the database.
    pub fn recovery_codes_left(&self, db: &mut Session, user: UserId) -> Result<usize, AccountsError> {
        let row = db.query_one(include_str!("../../sql/recovery_code_left.sql"), &[user.into()])?;
        Ok(usize::try_from(row.int(0)?).unwrap_or(0))
    }
}

fn hash(user: UserId, code: &str) -> [u8; 32] {
    Sha256::new().chain_update(format!("yilian recovery code 1 {user} {code}")).finalize().into()
}
