//! Completeness, validity, lateness and disagreement of every kind of list, month by month.

use axum::Json;
use axum::extract::State;
use registry::quality::{ColumnMonth, Share, SourceMonth};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::Asked;
use crate::api::doc::Doc;
use crate::api::shapes::{ListNumber, Month, count};
use crate::edge::{Ask, Problem};
use crate::opened::Opened;
use crate::pages::quality::{read, written};
use crate::state::AppState;

/// Which months.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Only this kind of list.
    source: Option<String>,
    /// Only this month, `YYYY-MM`.
    #[schemars(with = "Option<Month>")]
    month: Option<String>,
}

/// What the lists of one kind were like in a month.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Quality {
    source: String,
    label: String,
    department: Option<String>,
    #[schemars(with = "Month")]
    month: String,
    #[schemars(with = "Vec<ListNumber>")]
    lists: Vec<String>,
    rows: u64,
    /// Cells that say something.
    complete: Rate,
    /// Rows without a fault.
    valid: Rate,
    /// ID numbers that can't be right.
    false_ids: Rate,
    /// Rows that wait for a person.
    unlinked: Rate,
    /// Days on which the newest list was too old; null: no limit, or nothing sent before.
    late_days: Option<Rate>,
    /// Facts of which another source says something else; null: not compared.
    disputed: Option<Rate>,
    columns: Vec<Column>,
}

/// So many out of so many.
#[derive(Debug, Serialize, JsonSchema)]
struct Rate {
    part: u64,
    whole: u64,
    /// Per hundred; null: out of none.
    percent: Option<f64>,
}

/// One column.
#[derive(Debug, Serialize, JsonSchema)]
struct Column {
    /// Empty: the row as a whole.
    name: String,
    filled: Option<Rate>,
    faults: Vec<Counted>,
}

/// One kind of fault.
#[derive(Debug, Serialize, JsonSchema)]
struct Counted {
    code: String,
    cause: String,
    remedy: String,
    n: u64,
}

impl From<Share> for Rate {
    fn from(share: Share) -> Self {
        Self { part: share.part, whole: share.whole, percent: share.percent() }
    }
}

/// `GET /api/v1/quality`
pub async fn list(
    State(app): State<AppState>,
    ask: Ask,
    Asked(query): Asked<Query>,
) -> Result<Json<Vec<Quality>>, Problem> {
    let months = app.open_night(&ask, move |opened| {
        let wanted = |month: &&SourceMonth| {
            query.source.as_ref().is_none_or(|source| *source == month.source)
                && query.month.as_ref().is_none_or(|asked| *asked == written(month.month))
        };
        Ok(read(opened)?.iter().filter(wanted).map(|month| shown(opened, month)).collect())
    });
    months.await.map(Json)
}

fn shown(opened: &Opened<'_>, month: &SourceMonth) -> Quality {
    let source = opened.published.world.catalogue.get(&month.source);
    Quality {
        source: month.source.clone(),
        label: source.map_or_else(|| month.source.clone(), |s| opened.desk.voice.of(&s.label).to_owned()),
        department: source.map(|s| s.department.clone()),
        month: written(month.month),
        lists: month.lists.iter().map(ToString::to_string).collect(),
        rows: month.rows,
        complete: month.complete.into(),
        valid: month.valid.into(),
        false_ids: month.false_ids.into(),
        unlinked: month.unlinked.into(),
        late_days: month.late_days.map(Into::into),
        disputed: month.disputed.map(Into::into),
        columns: month.columns.iter().map(|column| of_column(opened, column)).collect(),
    }
}

fn of_column(opened: &Opened<'_>, column: &ColumnMonth) -> Column {
    let voice = opened.desk.voice;
    let counted = |(code, n): &(registry::rows::FaultCode, u64)| Counted {
        code: code.name().to_owned(),
        cause: voice.of(&code.cause()).to_owned(),
        remedy: voice.of(&code.remedy()).to_owned(),
        n: count(*n),
    };
    Column {
        name: column.name.clone(),
        filled: column.filled.map(Into::into),
        faults: column.faults.iter().map(counted).collect(),
    }
}

pub fn doc() -> Doc {
    Doc::of::<Vec<Quality>>("quality-months").query::<Query>()
}
