//! The printed SELECT on DataFusion, through its Python package: tried where `YILIAN_DATAFUSION_PYTHON` names an
//! interpreter that has it (`pip install datafusion`). The crate itself takes half an hour to build.

use std::process::Command;

use policy::column::Population;
use policy::sql::{Dialect, columns, print};
use policy::value::{Value, ValueType};
use policy::{Determinations, Program};

use crate::compare::{Cell, compare};
use crate::packs::as_of;

const SCRIPT: &str = r#"
import json, sys, datetime
import pyarrow as pa
from datafusion import SessionContext
given = json.load(open(sys.argv[1]))
types = {"bool": pa.bool_(), "int": pa.int64(), "fen": pa.int64(), "decimal": pa.decimal128(18, 9), "float": pa.float64(),
         "date": pa.date32(), "text": pa.string()}
import decimal
def read(kind, v):
    if v is None: return None
    if kind == "date": return datetime.date.fromisoformat(v)
    if kind == "decimal": return decimal.Decimal(v)
    return v
names = [c["key"] for c in given["columns"]]
arrays = [pa.array([read(c["type"], v) for v in c["values"]], types[c["type"]]) for c in given["columns"]]
context = SessionContext()
context.register_record_batches("person", [[pa.RecordBatch.from_arrays(arrays, names=names)]])
for batch in context.sql(given["sql"]).collect():
    for row in zip(*[column.to_pylist() for column in batch.columns]):
        print(json.dumps([None if v is None else ("t" if v is True else "f" if v is False else str(v)) for v in row]))
"#;

/// Compares DataFusion's answers, where it can be asked.
pub fn on_datafusion(program: &Program, population: &Population, found: &Determinations) {
    let Ok(python) = std::env::var("YILIAN_DATAFUSION_PYTHON") else {
        eprintln!("SKIPPED on DataFusion: YILIAN_DATAFUSION_PYTHON names no interpreter");
        return;
    };
    let table = population.table("person").expect("people were generated");
    let mut facts = columns(program, "person", as_of());
    facts.retain(|(key, _)| key != "household_id");
    facts.push(("household_id".to_owned(), ValueType::Text));
    let mut given = Vec::new();
    given.push(serde_json::json!({ "key": "person_id", "type": "int", "values": table.ids() }));
    for (key, ty) in &facts {
        let values: Vec<_> = (0..table.rows()).map(|row| json(&table.get(row, key))).collect();
        given.push(serde_json::json!({ "key": key, "type": ty.name(), "values": values }));
    }
    let sql = print(program, Dialect::Datafusion, as_of());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (input, script) = (folder.path().join("input.json"), folder.path().join("run.py"));
    std::fs::write(&input, serde_json::json!({ "sql": sql, "columns": given }).to_string()).expect("written");
    std::fs::write(&script, SCRIPT).expect("written");
    let output = Command::new(python).arg(&script).arg(&input).output().expect("the interpreter runs");
    assert!(output.status.success(), "{}\n{sql}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("answers are text");
    let rows: Vec<Vec<Cell>> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON lines")).collect();
    compare(program, found, &rows, Dialect::Datafusion);
}

fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(b) => (*b).into(),
        Value::Int(n) | Value::Fen(n) => (*n).into(),
        Value::Float(x) => (*x).into(),
        other => other.to_string().into(),
    }
}
