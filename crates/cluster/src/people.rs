//! The table `person` over the files of many lakes: every fact of the dictionary, and whose row it is.
//!
//! The files are named one by one, those that count on the day and no others; nothing is listed while a plan runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use async_trait::async_trait;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::ScalarValue;
use datafusion::datasource::TableType;
use datafusion::datasource::file_format::FileFormat as _;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::execution::context::SessionContext;
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;
use policy::Program;
use policy::value::ValueType;

use crate::province::{Province, Sheet};
use crate::told::{While as _, fault};

/// The column that says whose row it is.
pub const LAKE: &str = "lake";

const ID: &str = "person_id";
const FILES: &str = "person_files";

/// How many people each lake holds.
pub type Heads = BTreeMap<String, usize>;

/// Registers `person` as the printed statements read it, and says how many people there are to answer for.
///
/// # Errors
/// When a file can't be read, is of a newer schema, or holds a fact in another type than the dictionary's.
pub async fn register(
    session: &SessionContext,
    province: &Province,
    sheets: Vec<Sheet>,
    program: &Program,
) -> Result<Heads> {
    let facts: Vec<_> = program.fields("person").filter(|(key, _)| *key != ID).collect();
    let mut fields = vec![Field::new(ID, DataType::Int64, false)];
    fields.extend(facts.iter().map(|(key, ty)| Field::new(*key, stored_as(*ty), true)));
    let schema = Schema::new(fields);
    let mut heads = Heads::new();
    for sheet in &sheets {
        *heads.entry(sheet.lake.clone()).or_default() += check(session, province, sheet, &schema).await?;
    }
    heads.retain(|_, people| *people > 0);
    let lake = Arc::new(Field::new(LAKE, DataType::Utf8, false));
    let schema = TableSchema::builder(Arc::new(schema)).with_table_partition_cols(vec![lake]).build();
    let files = Files { province: province.clone(), sheets, schema };
    session.register_table(FILES, Arc::new(files))?;
    // A lake holds yuan; rules count fen.
    let told = facts.iter().map(|(key, ty)| match ty {
        ValueType::Fen => format!("CAST(\"{key}\" * 100 AS BIGINT) AS \"{key}\""),
        _ => format!("\"{key}\""),
    });
    let columns: Vec<_> = [LAKE, ID].map(str::to_owned).into_iter().chain(told).collect();
    let view = session.sql(&format!("SELECT {} FROM {FILES}", columns.join(", "))).await?;
    session.register_table("person", view.into_view())?;
    Ok(heads)
}

/// Columns a file lacks are unknown; those it has must be what they are taken for. Gives the number of rows.
async fn check(session: &SessionContext, province: &Province, sheet: &Sheet, wanted: &Schema) -> Result<usize> {
    let (format, state) = (ParquetFormat::default().with_skip_metadata(false), session.state());
    let place = &sheet.meta.location;
    let found = format.infer_schema(&state, &province.store, std::slice::from_ref(&sheet.meta)).await;
    let found = found.while_doing(|| (format!("读不了 {place}"), format!("could not read {place}")))?;
    let version = found.metadata().get("yilian.schema_version").and_then(|version| version.parse::<u32>().ok());
    let strange = || fault(format!("{place} 不是颐联写的"), format!("{place} was not written by yilian"));
    if version.ok_or_else(strange)? > lake::SCHEMA_VERSION {
        let words = (format!("{place} 的格式比本程序新"), format!("{place} was written under a newer schema"));
        return Err(fault(words.0, words.1));
    }
    for field in wanted.fields() {
        let Ok(own) = found.field_with_name(field.name()) else { continue };
        let text = matches!(own.data_type(), DataType::Utf8 | DataType::Utf8View);
        let same = own.data_type() == field.data_type() || text && field.data_type() == &DataType::Utf8;
        if !same {
            let (name, own, wanted) = (field.name(), own.data_type(), field.data_type());
            return Err(fault(
                format!("{place} 里 {name} 的类型是 {own}，应是 {wanted}"),
                format!("{place} holds {name} as {own}, not {wanted}"),
            ));
        }
    }
    let known = format.infer_stats(&state, &province.store, found, &sheet.meta).await?;
    let rows = known.num_rows.get_value().copied();
    rows.ok_or_else(|| fault(format!("{place} 没有写有多少行"), format!("{place} does not say how many rows it has")))
}

/// As docs/lake.md says.
fn stored_as(ty: ValueType) -> DataType {
    match ty {
        ValueType::Bool => DataType::Boolean,
        ValueType::Int => DataType::Int64,
        ValueType::Fen => DataType::Decimal128(18, 2),
        ValueType::Decimal(scale) => DataType::Decimal128(18, i8::try_from(scale).unwrap_or(i8::MAX)),
        ValueType::Float => DataType::Float64,
        ValueType::Date => DataType::Date32,
        ValueType::Text => DataType::Utf8,
    }
}

/// Files of known places, each with the lake it comes from.
#[derive(Debug)]
struct Files {
    province: Province,
    sheets: Vec<Sheet>,
    schema: TableSchema,
}

#[async_trait]
impl TableProvider for Files {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.schema.table_schema())
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        limit: Option<usize>,
    ) -> datafusion::common::Result<Arc<dyn ExecutionPlan>> {
        let source = Arc::new(ParquetSource::new(self.schema.clone()));
        let groups = self.sheets.iter().map(|sheet| {
            let mut file = PartitionedFile::from(sheet.meta.clone());
            file.partition_values = vec![ScalarValue::from(sheet.lake.as_str())];
            FileGroup::new(vec![file])
        });
        let config = FileScanConfigBuilder::new(self.province.url.clone(), source)
            .with_file_groups(groups.collect())
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }
}
