//! Every list of a month side by side, by department.

use axum::extract::{Query, State};
use axum::response::Response;
use kernel::Date;
use registry::quality::SourceMonth;
use registry::sources::Source;
use serde::{Deserialize, Serialize};

use super::{Rate, chosen, month_chips, read};
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::parts::{Chip, Stamp, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    /// Said when the numbers are those of a part of the region.
    pub cut: Option<String>,
    pub chips: Vec<Chip>,
    pub export_href: String,
    pub departments: Vec<Department>,
}

/// The lists of one department.
#[derive(Clone, Debug, Serialize)]
pub struct Department {
    pub stamp: Stamp,
    pub name: String,
    pub rows: Vec<Row>,
}

/// One list in the month.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub label: String,
    pub href: String,
    pub received: i64,
    pub rows: i64,
    pub complete: Rate,
    pub valid: Rate,
    pub false_ids: Rate,
    pub unlinked: Rate,
    pub late: Rate,
    /// Days out of date.
    pub late_days: Option<i64>,
    pub disputed: Rate,
    /// Share of sound rows, month by month.
    pub trend: Vec<f64>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    pub month: String,
}

/// `GET /d/quality`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.night_page(ask, "quality/index.html", move |ask, opened| {
        let view = view(opened, &params.month)?;
        Ok((ask.shell(Rail::Lists, opened.desk.voice.word("quality-name")), view))
    })
    .await
}

fn view(opened: &Opened<'_>, asked: &str) -> Result<View, Problem> {
    let desk = opened.desk;
    let all = read(opened)?;
    let Some(month) = chosen(&all, asked) else {
        let headline = desk.voice.word("quality-empty");
        let cut = desk.cut_said();
        return Ok(View { headline, cut, chips: Vec::new(), export_href: String::new(), departments: Vec::new() });
    };
    let mut departments: Vec<Department> = Vec::new();
    for department in &desk.pack.dictionary.departments {
        let of_department = opened.published.world.catalogue.departmental().filter(|s| s.department == department.id);
        let rows: Vec<Row> = of_department.filter_map(|source| row(&desk, source, &all, month)).collect();
        if !rows.is_empty() {
            departments.push(Department {
                stamp: desk.stamp(&department.id, None, None, false).unwrap_or_else(Stamp::blank),
                name: desk.voice.of(&department.name).to_owned(),
                rows,
            });
        }
    }
    let this = || all.iter().filter(|m| m.month == month);
    let n = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let args = [
        ("month", super::written(month).into()),
        ("n", n(this().map(|m| m.lists.len() as u64).sum()).into()),
        ("rows", n(this().map(|m| m.rows).sum()).into()),
        ("faulty", n(this().map(|m| m.valid.whole - m.valid.part).sum()).into()),
        ("ids", n(this().map(|m| m.false_ids.part).sum()).into()),
    ];
    Ok(View {
        headline: desk.voice.say("quality-title", &args),
        cut: desk.cut_said(),
        chips: month_chips(&desk, &all, month, "/d/quality"),
        export_href: "/d/quality/export.xlsx".to_owned(),
        departments,
    })
}

fn row(desk: &Desk<'_>, source: &Source, all: &[SourceMonth], month: Date) -> Option<Row> {
    let mine = || all.iter().filter(|m| m.source == source.id);
    let found = mine().find(|m| m.month == month)?;
    let n = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    Some(Row {
        label: desk.voice.of(&source.label).to_owned(),
        href: address(&format!("/d/quality/{}", source.id), &[("month", &super::written(month))]),
        received: n(found.lists.len() as u64),
        rows: n(found.rows),
        complete: Rate::of(found.complete),
        valid: Rate::of(found.valid),
        false_ids: Rate::of(found.false_ids),
        unlinked: Rate::of(found.unlinked),
        late: Rate::maybe(found.late_days),
        late_days: found.late_days.map(|days| n(days.part)),
        disputed: Rate::maybe(found.disputed),
        trend: mine().filter(|m| m.month <= month).filter_map(|m| m.valid.percent()).collect(),
    })
}
