//! Photos, voice notes and signatures: they come in chunks, are checked by what they are, and lie sealed.

mod content;
mod receive;
mod show;

use serde::Serialize;

pub use content::Kind;
pub(crate) use receive::belong_to;
pub use receive::{CHUNK, Chunk, Progress, digest, progress, receive};
pub use show::{Attachment, of_operation, open};

/// Why an attachment, or a part of one, is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// It is another account's.
    NotYours,
    /// Its head says something else than before.
    Changed,
    TooLarge,
    /// A chunk is empty, too long, or longer than what is missing.
    ChunkLength,
    /// What came is not what was announced.
    Digest,
    /// Neither of the types this kind may have.
    Content,
    /// Too many are on their way.
    TooMany,
}
