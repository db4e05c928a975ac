//! The same figures as XLSX: every list by month, or one list column by column and month by month.

use axum::extract::{Path, State};
use axum::response::Response;
use registry::quality::{Share, SourceMonth};

use super::{read, written};
use crate::edge::{Ask, Problem};
use crate::opened::Opened;
use crate::sheet::{Cell, Sheet};
use crate::state::AppState;

/// `GET /d/quality/export.xlsx`
pub async fn all(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    app.open_night(&ask, move |opened| {
        let desk = opened.desk;
        let catalogue = &opened.published.world.catalogue;
        let heads = [
            "quality-department",
            "col-list",
            "quality-month-head",
            "quality-received",
            "col-rows",
            "quality-complete",
            "quality-valid",
            "lists-faulty",
            "quality-false-ids",
            "quality-false-ids-n",
            "lists-unlinked",
            "quality-late",
            "quality-disputed",
        ];
        let percent = |share: Option<Share>| Cell::from(share.and_then(Share::percent));
        let row = |m: &SourceMonth| {
            let source = catalogue.get(&m.source)?;
            let department = desk.pack.dictionary.department(&source.department);
            Some(vec![
                Cell::from(department.map_or("", |d| desk.voice.of(&d.name))),
                Cell::from(desk.voice.of(&source.label)),
                Cell::from(written(m.month)),
                Cell::from(m.lists.len() as u64),
                Cell::from(m.rows),
                percent(Some(m.complete)),
                percent(Some(m.valid)),
                Cell::from(m.valid.whole - m.valid.part),
                percent(Some(m.false_ids)),
                Cell::from(m.false_ids.part),
                Cell::from(m.unlinked.part),
                m.late_days.map_or(Cell::Empty, |days| Cell::from(days.part)),
                percent(m.disputed),
            ])
        };
        let rows = read(opened)?.iter().filter_map(row).collect();
        sheet(opened, desk.voice.word("quality-name"), &heads, rows).response(&format!("quality-{}.xlsx", desk.as_of))
    })
    .await
}

/// `GET /d/quality/{source}/export.xlsx`
pub async fn one(State(app): State<AppState>, ask: Ask, Path(id): Path<String>) -> Result<Response, Problem> {
    app.open_night(&ask, move |opened| {
        let desk = opened.desk;
        let source = opened.published.world.catalogue.get(&id).ok_or(Problem::NotFound)?;
        let heads = [
            "quality-month-head",
            "faults-column",
            "quality-filled",
            "quality-filled-n",
            "col-rows",
            "col-why",
            "quality-cells",
            "faults-remedy",
        ];
        let mut rows = Vec::new();
        for month in read(opened)?.iter().filter(|m| m.source == id) {
            for column in &month.columns {
                let name = if column.name.is_empty() { desk.voice.word("quality-row") } else { column.name.clone() };
                let filled =
                    |cells: [Cell; 3]| if column.filled.is_some() { cells } else { [const { Cell::Empty }; 3] };
                let share = column.filled.unwrap_or_default();
                let head = [Cell::from(written(month.month)), Cell::from(name)];
                let line = filled([Cell::from(share.percent()), Cell::from(share.part), Cell::from(share.whole)]);
                let line: Vec<Cell> = head.into_iter().chain(line).collect();
                if column.faults.is_empty() {
                    rows.push(line.clone());
                }
                for (code, faults) in &column.faults {
                    let fault = [
                        Cell::from(desk.voice.of(&code.cause())),
                        Cell::from(*faults),
                        Cell::from(desk.voice.of(&code.remedy())),
                    ];
                    rows.push(line.iter().cloned().chain(fault).collect());
                }
            }
        }
        let title = format!("{} · {}", desk.voice.word("quality-name"), desk.voice.of(&source.label));
        sheet(opened, title, &heads, rows).response(&format!("quality-{id}-{}.xlsx", desk.as_of))
    })
    .await
}

fn sheet(opened: &Opened<'_>, title: String, heads: &[&str], rows: Vec<Vec<Cell>>) -> Sheet {
    let voice = opened.desk.voice;
    let note = voice.say("quality-note", &[("day", opened.desk.as_of.to_string().into())]);
    let note = std::iter::once(note).chain(opened.desk.cut_said()).collect::<Vec<_>>().join(" ");
    Sheet { title, note, heads: heads.iter().map(|key| voice.word(key)).collect(), rows }
}
