//! Errors as the person at the terminal reads them, in their language.

use std::fmt;

use kernel::{Bilingual, Lang};

/// A fault of the command line itself.
#[derive(Debug)]
struct Told(Bilingual);

/// English: the language of logs.
impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.en)
    }
}

impl std::error::Error for Told {}

/// A fault with its words in both languages.
pub fn fault(zh: impl Into<String>, en: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(Told(Bilingual { zh: zh.into(), en: en.into() }))
}

/// An error with everything that led to it, in one line.
pub fn told(error: &anyhow::Error, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{error:#}"),
        Lang::Zh => {
            let causes = error
                .chain()
                .map(|cause| cause.downcast_ref::<Told>().map_or_else(|| cause.to_string(), |told| told.0.zh.clone()));
            causes.collect::<Vec<_>>().join("：")
        }
    }
}
