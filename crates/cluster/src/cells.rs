//! Cells of an answer, by row and column.

use anyhow::{Context, Result};
use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::arrow::record_batch::RecordBatch;

/// Rows that were answered together.
pub struct Cells<'b>(pub &'b RecordBatch);

impl Cells<'_> {
    pub fn bool(&self, column: usize, row: usize) -> Result<Option<bool>> {
        let array = self.0.column(column).as_boolean_opt().with_context(|| self.strange(column))?;
        Ok(array.is_valid(row).then(|| array.value(row)))
    }

    pub fn whole(&self, column: usize, row: usize) -> Result<Option<i64>> {
        let array = self.0.column(column).as_primitive_opt::<Int64Type>().with_context(|| self.strange(column))?;
        Ok(array.is_valid(row).then(|| array.value(row)))
    }

    pub fn float(&self, column: usize, row: usize) -> Result<Option<f64>> {
        let array = self.0.column(column).as_primitive_opt::<Float64Type>().with_context(|| self.strange(column))?;
        Ok(array.is_valid(row).then(|| array.value(row)))
    }

    pub fn text(&self, column: usize, row: usize) -> Result<Option<&str>> {
        let array = self.0.column(column);
        if array.is_null(row) {
            return Ok(None);
        }
        match array.data_type() {
            DataType::Utf8 => Ok(Some(array.as_string::<i32>().value(row))),
            DataType::Utf8View => Ok(Some(array.as_string_view().value(row))),
            _ => Err(anyhow::anyhow!(self.strange(column))),
        }
    }

    fn strange(&self, column: usize) -> String {
        let schema = self.0.schema();
        let field = schema.field(column);
        format!("the answer's column {} is {}", field.name(), field.data_type())
    }
}
