//! Errors as the person at the terminal reads them, in their language.

use std::error::Error;

use anyhow::Result;
use kernel::{Lang, Told};

/// A fault with its words in both languages.
pub fn fault(zh: impl Into<String>, en: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(Told::new(zh, en))
}

/// Says in both languages what was not possible.
pub trait While<T> {
    fn while_doing(self, words: impl FnOnce() -> (String, String)) -> Result<T>;
}

impl<T, E: Into<anyhow::Error>> While<T> for std::result::Result<T, E> {
    fn while_doing(self, words: impl FnOnce() -> (String, String)) -> Result<T> {
        self.map_err(|cause| {
            let (zh, en) = words();
            // Reallocated, so that a fault of ours in it can be told apart.
            let cause = cause.into().reallocate_into_boxed_dyn_error_without_backtrace();
            anyhow::Error::new(Told::new(zh, en).because(cause))
        })
    }
}

/// An error with everything that led to it, in one line; what other people's crates say stays in their words.
pub fn told(error: &anyhow::Error, lang: Lang) -> String {
    let one = |cause: &(dyn Error + 'static)| match cause.downcast_ref::<Told>() {
        Some(told) => told.words().get(lang).to_owned(),
        None => cause.to_string(),
    };
    let mut causes: Vec<String> = error.chain().map(one).collect();
    causes.dedup();
    causes.join(if lang == Lang::Zh { "：" } else { ": " })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_possible_and_why_are_told_in_both_languages() {
        let inner = fault("没有桶", "no bucket");
        let outer = Err::<(), _>(inner).while_doing(|| ("读不了湖".into(), "could not read the lakes".into()));
        let error = outer.unwrap_err();
        assert_eq!(told(&error, Lang::Zh), "读不了湖：没有桶");
        assert_eq!(told(&error, Lang::En), "could not read the lakes: no bucket");
        let foreign = anyhow::anyhow!("socket closed");
        assert_eq!(told(&foreign, Lang::Zh), "socket closed");
    }
}
