//! Indicators as XLSX: all of them by place, or the rows of one.

use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::index::Params as IndexParams;
use super::rows::{Listed, Side, shown};
use super::said;
use super::show::Params;
use crate::edge::{Ask, Problem};
use crate::sheet::{Cell, Sheet};
use crate::state::AppState;

/// `GET /d/indicators/export.xlsx`: every value inside the region.
pub async fn all(
    State(app): State<AppState>,
    ask: Ask,
    Query(params): Query<IndexParams>,
) -> Result<Response, Problem> {
    app.open_night(&ask, move |opened| {
        let desk = opened.desk;
        let region = desk.region(&params.scope);
        let heads = [
            "ind-name",
            "sheet-place",
            "sheet-code",
            "ind-numerator",
            "ind-denominator",
            "key-value",
            "key-target",
            "col-state",
        ];
        let mut rows = Vec::new();
        for indicator in &desk.pack.indicators {
            let Some(by_division) = desk.measured.get(&indicator.id) else { continue };
            for (code, measured) in by_division.iter().filter(|(code, _)| region.contains(**code)) {
                rows.push(vec![
                    Cell::from(format!("{} {}", indicator.id, desk.voice.of(&indicator.label))),
                    Cell::from(desk.where_is(*code)),
                    Cell::from(code.to_string()),
                    Cell::from(measured.numerator),
                    Cell::from(measured.denominator),
                    Cell::from(measured.value),
                    Cell::from(said::target_said(&desk, indicator)),
                    Cell::from(said::mood(&desk, measured).text),
                ]);
            }
        }
        let sheet = Sheet {
            title: format!("{} · {}", desk.voice.word("ind-table"), desk.region_name(region)),
            note: desk
                .voice
                .say("sheet-note", &[("day", desk.as_of.to_string().into()), ("pack", desk.plan_name().into())]),
            heads: heads.iter().map(|key| desk.voice.word(key)).collect(),
            rows,
        };
        sheet.response(&format!("indicators-{}.xlsx", desk.as_of))
    })
    .await
}

/// `GET /d/indicators/{id}/export.xlsx`: the rows behind one indicator, names masked.
pub async fn one(
    State(app): State<AppState>,
    ask: Ask,
    Path(id): Path<String>,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    app.open_night(&ask, move |opened| {
        let desk = opened.desk;
        let indicator = desk.pack.indicator(&id).ok_or(Problem::NotFound)?;
        let drill = opened.try_ask(|session| opened.published.drill(session, opened.keys(), &id))?;
        let at = desk.region(&params.at).division().or_else(|| said::whole(&desk)).ok_or(Problem::NotFound)?;
        let listed = Listed::new(&desk, &drill, at);
        let heads = ["ind-name", "sheet-place", "col-state", "ind-rows-fact"];
        let mut rows = Vec::new();
        for side in Side::ALL {
            for row in listed.rows(side) {
                let row = shown(&desk, indicator, &listed, row);
                let facts: Vec<String> =
                    row.facts.iter().map(|fact| format!("{} {}", fact.label, fact.value)).collect();
                rows.push(vec![
                    Cell::from(row.name),
                    Cell::from(row.place),
                    Cell::from(desk.voice.word(&format!("ind-side-{}", side.name()))),
                    Cell::from(desk.voice.join(&facts)),
                ]);
            }
        }
        let sheet = Sheet {
            title: format!("{id} {} · {}", desk.voice.of(&indicator.label), desk.place(at)),
            note: desk
                .voice
                .say("sheet-note", &[("day", desk.as_of.to_string().into()), ("pack", desk.plan_name().into())]),
            heads: heads.iter().map(|key| desk.voice.word(key)).collect(),
            rows,
        };
        sheet.response(&format!("{id}-{}.xlsx", desk.as_of))
    })
    .await
}
