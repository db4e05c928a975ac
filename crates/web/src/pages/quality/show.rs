//! One list over a month: column by column, fault by fault, and where others say something else.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use registry::quality::{ColumnMonth, Disagreement};
use registry::sources::Source;
use serde::Serialize;

use super::index::Params;
use super::{Rate, chosen, month_chips, read};
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::pages::lists;
use crate::parts::Chip;
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    /// Said when the numbers are those of a part of the region.
    pub cut: Option<String>,
    pub sub: String,
    pub chips: Vec<Chip>,
    pub export_href: String,
    pub columns: Vec<Column>,
    /// Whether a night of the month was published, so that disagreements were counted.
    pub compared: bool,
    pub disagreements: Vec<Row>,
    /// Its files of the month: name, address, rows, of them faulty or waiting.
    pub files: Vec<File>,
}

/// One column.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    /// Empty: the row as a whole.
    pub name: String,
    pub required: bool,
    pub filled: Rate,
    pub faults: Vec<Fault>,
}

/// One kind of fault in a column.
#[derive(Clone, Debug, Serialize)]
pub struct Fault {
    pub cause: String,
    pub remedy: String,
    pub n: i64,
}

/// One fact others say differently.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub fact: String,
    pub people: i64,
    pub overruled: i64,
}

/// One file.
#[derive(Clone, Debug, Serialize)]
pub struct File {
    pub name: String,
    pub href: String,
    pub as_of: String,
    pub rows: i64,
    pub faulty: i64,
    pub unlinked: i64,
}

/// `GET /d/quality/{source}`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path(source): Path<String>,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    app.night_page(ask, "quality/show.html", move |ask, opened| {
        let view = view(opened, &source, &params.month)?;
        Ok((ask.shell(Rail::Lists, opened.desk.voice.word("quality-name")), view))
    })
    .await
}

fn view(opened: &Opened<'_>, id: &str, asked: &str) -> Result<View, Problem> {
    let desk = opened.desk;
    let source = opened.published.world.catalogue.get(id).ok_or(Problem::NotFound)?;
    let mut all = read(opened)?;
    all.retain(|m| m.source == id);
    let month = chosen(&all, asked).ok_or(Problem::NotFound)?;
    let found = all.iter().find(|m| m.month == month).ok_or(Problem::NotFound)?;
    let n = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let mut files = Vec::new();
    for list in &found.lists {
        let report = lists::show::report(opened, "list.see", *list)?;
        files.push(File {
            name: report.file_name.clone(),
            href: format!("/d/lists/{list}"),
            as_of: report.list_date.to_string(),
            rows: n(report.rows),
            faulty: n(report.faulty),
            unlinked: n(report.unlinked),
        });
    }
    let department = desk.pack.dictionary.department(&source.department);
    let args = [
        ("list", desk.voice.of(&source.label).to_owned().into()),
        ("month", super::written(month).into()),
        ("faulty", n(found.valid.whole - found.valid.part).into()),
        ("rows", n(found.rows).into()),
    ];
    Ok(View {
        headline: desk.voice.say("quality-list-title", &args),
        cut: desk.cut_said(),
        sub: department.map(|d| desk.voice.of(&d.name).to_owned()).unwrap_or_default(),
        chips: month_chips(&desk, &all, month, &format!("/d/quality/{id}")),
        export_href: format!("/d/quality/{id}/export.xlsx"),
        columns: found.columns.iter().map(|c| column(&desk, source, c)).collect(),
        compared: found.disputed.is_some(),
        disagreements: found.disagreements.iter().map(|d| disagreement(&desk, d)).collect(),
        files,
    })
}

fn column(desk: &Desk<'_>, source: &Source, column: &ColumnMonth) -> Column {
    let fault = |(code, faults): &(registry::rows::FaultCode, u64)| Fault {
        cause: desk.voice.of(&code.cause()).to_owned(),
        remedy: desk.voice.of(&code.remedy()).to_owned(),
        n: i64::try_from(*faults).unwrap_or(i64::MAX),
    };
    Column {
        required: source.columns.iter().any(|c| c.name == column.name && c.required),
        name: column.name.clone(),
        filled: Rate::maybe(column.filled),
        faults: column.faults.iter().map(fault).collect(),
    }
}

fn disagreement(desk: &Desk<'_>, said: &Disagreement) -> Row {
    let n = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    Row { fact: desk.label("person", &said.fact), people: n(said.people), overruled: n(said.overruled) }
}
