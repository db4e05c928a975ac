//! What the OpenAPI document says of an endpoint, declared beside its handler.
//!
//! The words stand with the other words of the service, as `api-<id>`; shapes come from the types that are read and
//! written. Refusals that every endpoint of its kind can give are added from the kind, so that none is forgotten.

use schemars::{JsonSchema, Schema, SchemaGenerator};

/// Makes the schema of a type in the book that all share.
pub type Shape = fn(&mut SchemaGenerator) -> Schema;

/// One endpoint in the document.
pub struct Doc {
    /// `people-search`: its name, its group before the dash, and its words.
    pub id: &'static str,
    /// The query as an object.
    pub query: Option<Shape>,
    pub takes: Option<Takes>,
    pub gives: Gives,
    /// Status of success.
    pub status: u16,
    /// Another status of success with the same shape.
    pub also: Option<u16>,
    /// Refusals of its own, by code.
    pub refuses: Vec<&'static str>,
    /// Takes an idempotency key.
    pub once: bool,
    /// Answers carry an ETag.
    pub tagged: bool,
    /// A change may name the state it knows in `If-Match`.
    pub matches: bool,
}

/// A request's body.
pub enum Takes {
    Json(Shape),
    /// A file as it is, of one of these types.
    Bytes(&'static [&'static str]),
}

/// An answer's body.
pub enum Gives {
    Nothing,
    Json(Shape),
    /// Of this type, without a schema.
    Text(&'static str),
}

impl Doc {
    /// An endpoint that gives JSON.
    #[must_use]
    pub fn of<T: JsonSchema>(id: &'static str) -> Self {
        Self::new(id, Gives::Json(|book| book.subschema_for::<T>()))
    }

    /// An endpoint that gives text of a type.
    #[must_use]
    pub fn text(id: &'static str, mime: &'static str) -> Self {
        Self::new(id, Gives::Text(mime))
    }

    /// An endpoint that gives nothing.
    #[must_use]
    pub fn silent(id: &'static str) -> Self {
        Self { status: 204, ..Self::new(id, Gives::Nothing) }
    }

    fn new(id: &'static str, gives: Gives) -> Self {
        Self {
            id,
            query: None,
            takes: None,
            gives,
            status: 200,
            also: None,
            refuses: Vec::new(),
            once: false,
            tagged: false,
            matches: false,
        }
    }

    /// Reads its query as this.
    #[must_use]
    pub fn query<T: JsonSchema>(self) -> Self {
        Self { query: Some(|book| T::json_schema(book)), ..self }
    }

    /// Reads a JSON body as this.
    #[must_use]
    pub fn takes<T: JsonSchema>(self) -> Self {
        Self { takes: Some(Takes::Json(|book| book.subschema_for::<T>())), ..self }
    }

    /// Reads a file.
    #[must_use]
    pub fn takes_bytes(self, mimes: &'static [&'static str]) -> Self {
        Self { takes: Some(Takes::Bytes(mimes)), ..self }
    }

    /// Makes something: 201, and an idempotency key is taken.
    #[must_use]
    pub fn makes(self) -> Self {
        Self { status: 201, once: true, ..self }
    }

    /// May also answer so, with the same shape.
    #[must_use]
    pub fn also(self, status: u16) -> Self {
        Self { also: Some(status), ..self }
    }

    /// Changes something for which an idempotency key is worth while.
    #[must_use]
    pub fn once(self) -> Self {
        Self { once: true, ..self }
    }

    /// Answers carry an ETag.
    #[must_use]
    pub fn tagged(self) -> Self {
        Self { tagged: true, ..self }
    }

    /// Takes `If-Match`.
    #[must_use]
    pub fn matches(self) -> Self {
        Self { matches: true, ..self }
    }

    /// Refusals of its own.
    #[must_use]
    pub fn refuses(mut self, codes: &[&'static str]) -> Self {
        self.refuses.extend(codes);
        self
    }
}
