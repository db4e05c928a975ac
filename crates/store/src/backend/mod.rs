//! The two drivers behind one face; nothing outside this folder names a driver's type.

pub(crate) mod postgres;
pub(crate) mod postgres_types;
pub(crate) mod sqlite;

use std::ops::ControlFlow;

use crate::{Dialect, Row, StoreError, Value};

pub(crate) enum Backend {
    Sqlite(Box<sqlite::Sqlite>),
    Postgres(Box<postgres::Postgres>),
}

macro_rules! either {
    ($backend:expr, $inner:ident => $call:expr) => {
        match $backend {
            Backend::Sqlite($inner) => $call,
            Backend::Postgres($inner) => $call,
        }
    };
}

impl Backend {
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    pub(crate) fn exec(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        either!(self, b => b.exec(sql, params))
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        either!(self, b => b.batch(sql))
    }

    pub(crate) fn prepare(&mut self, sql: &str) -> Result<(), StoreError> {
        either!(self, b => b.check(sql))
    }

    /// Calls `each` for every row until it breaks.
    pub(crate) fn query(
        &mut self,
        sql: &str,
        params: &[Value],
        each: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        either!(self, b => b.query(sql, params, each))
    }

    pub(crate) fn begin(&mut self, write: bool) -> Result<(), StoreError> {
        either!(self, b => b.begin(write))
    }

    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        either!(self, b => b.commit())
    }

    /// Best effort: a connection that can't roll back is not used again.
    pub(crate) fn rollback(&mut self) {
        either!(self, b => b.rollback());
    }

    /// Whether the other side is still there; asks it.
    pub(crate) fn answers(&mut self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres(postgres) => postgres.answers(),
        }
    }

    pub(crate) fn is_usable(&self) -> bool {
        either!(self, b => b.is_usable())
    }
}
