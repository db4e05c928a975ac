//! What is opened without an account, by a number and a few digits that go with it: each guess is counted before it is
//! judged, for the number and for the source, as wrong passwords are.

use store::{Keys, Session};

use super::attempts;
use crate::Accounts;
use crate::error::AccountsError;

/// A guess that was counted.
pub struct Guess {
    number: String,
    source: String,
}

impl Guess {
    fn new(keys: &Keys, number: &str, source: &str) -> Self {
        Self { number: attempts::subject(keys, "number", number), source: attempts::subject(keys, "source", source) }
    }
}

impl Accounts {
    /// Counts a guess at `number`, as it stands on record, from `source`.
    ///
    /// # Errors
    /// `Wait` while either has to; nothing is counted then, and nothing may be judged.
    pub fn count_guess(&self, db: &mut Session, number: &str, source: &str) -> Result<Guess, AccountsError> {
        let guess = Guess::new(&self.keys, number, source);
        let rules = &self.authz.rules.attempts;
        self.count_attempts(db, [(&guess.source, rules.source), (&guess.number, rules.number)])?;
        Ok(guess)
    }

    /// The guess was right: it is taken back, and others at the number are forgotten.
    ///
    /// # Errors
    /// Those of the database.
    pub fn guessed_right(&self, db: &mut Session, guess: &Guess) -> Result<(), AccountsError> {
        db.transaction(|tx| {
            attempts::take_back(tx, &guess.source)?;
            Ok(attempts::forget(tx, &guess.number)?)
        })
    }
}
