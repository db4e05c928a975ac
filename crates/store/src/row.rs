//! One answered row and typed access to its columns.

use std::sync::Arc;

use kernel::{Date, parse_date};

use crate::StoreError;
use crate::backend::{postgres_types::Cell, sqlite};
use crate::value::{Value, ValueRef};

/// A row of a result. Columns are counted from 0.
///
/// Every accessor fails with `StoreError::Column` when the column holds another kind of value;
/// `opt_…` gives `None` for null. An integer is also a real, as `SUM` and `AVG` differ between databases.
pub struct Row<'r> {
    data: Data<'r>,
    statement: Arc<str>,
}

enum Data<'r> {
    Owned(Vec<Value>),
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(tokio_postgres::Row),
}

impl<'r> Row<'r> {
    pub(crate) fn sqlite(row: &'r rusqlite::Row<'r>, statement: &Arc<str>) -> Self {
        Self { data: Data::Sqlite(row), statement: Arc::clone(statement) }
    }

    pub(crate) fn postgres(row: tokio_postgres::Row, statement: &Arc<str>) -> Self {
        Self { data: Data::Postgres(row), statement: Arc::clone(statement) }
    }

    /// Frees the row from the statement that is still running.
    pub(crate) fn into_owned(self) -> Result<Row<'static>, StoreError> {
        let data = match self.data {
            Data::Owned(values) => Data::Owned(values),
            Data::Postgres(row) => Data::Postgres(row),
            Data::Sqlite(_) => Data::Owned((0..self.len()).map(|i| self.value(i)).collect::<Result<_, _>>()?),
        };
        Ok(Row { data, statement: self.statement })
    }

    /// Number of columns.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.data {
            Data::Owned(values) => values.len(),
            Data::Sqlite(row) => row.as_ref().column_count(),
            Data::Postgres(row) => row.len(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The column as it is, borrowed.
    ///
    /// # Errors
    /// `Column` when there is no such column or its type is none of the five.
    pub fn get(&self, column: usize) -> Result<ValueRef<'_>, StoreError> {
        let value = match &self.data {
            Data::Owned(values) => values.get(column).map(Value::as_ref),
            Data::Sqlite(row) => row.get_ref(column).ok().and_then(sqlite::from_sqlite),
            Data::Postgres(row) => row.try_get::<_, Cell<'_>>(column).ok().map(|cell| cell.0),
        };
        value.ok_or_else(|| self.fault(column, "a known value", "nothing readable"))
    }

    /// The column as it is, owned.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn value(&self, column: usize) -> Result<Value, StoreError> {
        Ok(self.get(column)?.to_value())
    }

    fn fault(&self, column: usize, wanted: &'static str, found: &'static str) -> StoreError {
        StoreError::Column { column, wanted, found, statement: self.statement.to_string() }
    }

    fn required<T>(&self, column: usize, wanted: &'static str, value: Option<T>) -> Result<T, StoreError> {
        value.ok_or_else(|| self.fault(column, wanted, "null"))
    }
}

macro_rules! accessors {
    ($($name:ident, $opt:ident: $type:ty, $wanted:literal, { $($pattern:pat => $value:expr),+ });+ $(;)?) => {
        impl Row<'_> {
            $(
                /// # Errors
                /// `Column` when it is null or of another kind.
                pub fn $name(&self, column: usize) -> Result<$type, StoreError> {
                    self.required(column, $wanted, self.$opt(column)?)
                }

                /// # Errors
                /// `Column` when it is of another kind.
                pub fn $opt(&self, column: usize) -> Result<Option<$type>, StoreError> {
                    match self.get(column)? {
                        ValueRef::Null => Ok(None),
                        $($pattern => Ok(Some($value)),)+
                        other => Err(self.fault(column, $wanted, other.kind())),
                    }
                }
            )+
        }
    };
}

accessors! {
    int, opt_int: i64, "an integer", { ValueRef::Int(n) => n };
    bool, opt_bool: bool, "0 or 1", { ValueRef::Int(0) => false, ValueRef::Int(1) => true };
    text, opt_text: &str, "a text", { ValueRef::Text(t) => t };
    blob, opt_blob: &[u8], "a blob", { ValueRef::Blob(b) => b };
}

impl Row<'_> {
    /// # Errors
    /// `Column` when it is null or no number.
    pub fn real(&self, column: usize) -> Result<f64, StoreError> {
        self.required(column, "a number", self.opt_real(column)?)
    }

    /// # Errors
    /// `Column` when it is no number.
    #[expect(clippy::cast_precision_loss, reason = "a reader who asks for a real accepts a real's precision")]
    pub fn opt_real(&self, column: usize) -> Result<Option<f64>, StoreError> {
        match self.get(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Real(x) => Ok(Some(x)),
            ValueRef::Int(n) => Ok(Some(n as f64)),
            other => Err(self.fault(column, "a number", other.kind())),
        }
    }

    /// # Errors
    /// `Column` when it is null or no ISO date.
    pub fn date(&self, column: usize) -> Result<Date, StoreError> {
        self.required(column, "a date", self.opt_date(column)?)
    }

    /// # Errors
    /// `Column` when it is no ISO date.
    pub fn opt_date(&self, column: usize) -> Result<Option<Date>, StoreError> {
        let Some(text) = self.opt_text(column)? else { return Ok(None) };
        parse_date(text).map(Some).map_err(|_| self.fault(column, "a date", "a text"))
    }
}

/// Shows the statement and the number of columns, never what is in them.
impl std::fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Row").field("statement", &self.statement).field("columns", &self.len()).finish_non_exhaustive()
    }
}
