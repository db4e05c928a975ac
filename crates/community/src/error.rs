//! What can be wrong with what somebody says, by the field to mend.

use store::StoreError;
use store::keys::SealError;

/// A field of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Title,
    Days,
    Why,
    Text,
    Name,
    Contact,
    Reply,
    Outcome,
}

impl Field {
    /// As forms name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Days => "days",
            Self::Why => "why",
            Self::Text => "text",
            Self::Name => "name",
            Self::Contact => "contact",
            Self::Reply => "reply",
            Self::Outcome => "outcome",
        }
    }
}

/// What is wrong with one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    #[error("{} is missing", .0.name())]
    Missing(Field),
    #[error("{} is longer than {most} characters", .field.name())]
    TooLong { field: Field, most: usize },
    #[error("{} is out of range", .0.name())]
    OutOfRange(Field),
}

impl TextFault {
    #[must_use]
    pub const fn field(self) -> Field {
        match self {
            Self::Missing(field) | Self::TooLong { field, .. } | Self::OutOfRange(field) => field,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum CommunityError {
    #[error("{} fields are to be mended", .0.len())]
    Texts(Vec<TextFault>),
    #[error("there is no such consultation, comment, theme or message")]
    NotFound,
    #[error("the time for comments has passed")]
    Closed,
    #[error("the time for comments has not passed yet")]
    StillOpen,
    #[error("{waiting} comments wait for a decision, {unthemed} for a theme")]
    NotAllDecided { waiting: usize, unthemed: usize },
    #[error("it is answered or done already")]
    Done,
    #[error("what is stored can't be read: {0}")]
    Damaged(&'static str),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error("{0}")]
    Audit(#[from] store::audit::AuditError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// A text of at most so many characters, without control characters but line breaks.
pub(crate) fn look(field: Field, text: &str, needed: bool, most: usize) -> Option<TextFault> {
    let text = text.trim();
    if needed && text.is_empty() {
        Some(TextFault::Missing(field))
    } else if text.chars().count() > most {
        Some(TextFault::TooLong { field, most })
    } else {
        None
    }
}

pub(crate) fn refuse(faults: Vec<TextFault>) -> Result<(), CommunityError> {
    if faults.is_empty() { Ok(()) } else { Err(CommunityError::Texts(faults)) }
}

/// As it is kept: trimmed, control characters and marks that turn the writing direction left out.
pub(crate) fn kept(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let text = text.replace("\r\n", "\n");
    text.trim().chars().filter(|c| *c == '\n' || !(c.is_control() || turns(*c))).collect()
}
