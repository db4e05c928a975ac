//! A fault in the words of both languages, with what led to it.

use std::error::Error;
use std::fmt;

use crate::Bilingual;

/// Written as English, the language of logs; whoever speaks to a person takes [`Told::words`].
#[derive(Debug)]
pub struct Told {
    words: Bilingual,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Told {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { words: Bilingual { zh: zh.into(), en: en.into() }, cause: None }
    }

    /// The same, led to by another fault.
    #[must_use]
    pub fn because(self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { cause: Some(cause.into()), ..self }
    }

    #[must_use]
    pub const fn words(&self) -> &Bilingual {
        &self.words
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words.en)
    }
}

impl Error for Told {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}
