//! What people say: consultations on a draft with their comments and the published reply, and messages that ask to be
//! called, correct a fact or tell what is hard to use.
//!
//! Owns the tables `consultation`, `consultation_comment`, `consultation_theme` and `message`. Words of people are
//! sealed. It knows accounts and persons by id only, and no page.

mod comments;
mod consultations;
mod content;
mod error;
mod messages;
mod themes;
mod time;

use store::keys::Resealer;
use store::{Migration, Value};

pub use comments::{Comment, CommentState, Decision, NewComment, comment, comments, decide};
pub use consultations::{Consultation, Counts, Opening, all, answer, counts, get, open};
pub use content::{Content, Entry, EntryChange, FieldTexts};
pub use error::{CommunityError, Field, TextFault};
pub use messages::{Message, MessageKind, NewMessage, done, message, messages, messages_of, send};
pub use themes::{NewTheme, Theme, Verdict, add_theme, themes};

/// The tables of this room.
pub const MIGRATIONS: &[Migration] = &[Migration {
    context: "community",
    id: 1,
    name: "consultations, comments, messages",
    sql: include_str!("../sql/migrations/0001_community.sql"),
}];

/// Where this room keeps sealed blobs, for key rotation.
pub const RESEALERS: &[Resealer] = &[
    Resealer {
        table: "consultation_comment",
        key: &["id"],
        blob: "words",
        context: |key| of("comment", key),
        indexes: &[],
    },
    Resealer { table: "message", key: &["id"], blob: "words", context: |key| of("message", key), indexes: &[] },
    Resealer {
        table: "message",
        key: &["id"],
        blob: "outcome",
        context: |key| of("message outcome", key),
        indexes: &[],
    },
];

fn of(what: &str, key: &[Value]) -> String {
    match key {
        [Value::Int(id)] => sealing(what, *id),
        _ => what.to_owned(),
    }
}

/// The sealing context of a row.
pub(crate) fn sealing(what: &str, id: i64) -> String {
    format!("{what} {id}")
}
