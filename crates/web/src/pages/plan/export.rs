//! The plan clause by clause as XLSX: who, what carries it, by when, how it stands.

use axum::extract::State;
use axum::response::Response;

use super::show::{Around, Open, tracked, view};
use crate::edge::{Ask, Problem};
use crate::sheet::{Cell, Sheet};
use crate::state::AppState;

/// `GET /d/plan/export.xlsx`
pub async fn download(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    app.open_night(&ask, |opened| {
        let desk = opened.desk;
        let tracked = tracked(opened)?;
        let today = opened.app.clock().today();
        let around = Around { tracked: &tracked, document: None, only: None, open: Open::All, today };
        let view = view(&desk, &around);
        let heads = [
            "plan-export-clause",
            "plan-export-section",
            "plan-export-title",
            "plan-export-summary",
            "plan-export-who",
            "plan-carried",
            "col-due",
            "col-state",
        ];
        let mut rows = Vec::new();
        for section in &view.sections {
            for group in &section.groups {
                for duty in &group.duties {
                    let imps: Vec<&str> = duty.imps.iter().map(|imp| imp.label.as_str()).collect();
                    let carried = duty
                        .awaits
                        .as_ref()
                        .map(|what| desk.voice.say("plan-awaits", &[("what", what.as_str().into())]));
                    rows.push(vec![
                        Cell::from(duty.id.as_str()),
                        Cell::from(section.title.as_str()),
                        Cell::from(duty.title.as_str()),
                        Cell::from(duty.summary.as_str()),
                        Cell::from(duty.who.clone().or_else(|| group.who.clone()).unwrap_or_default()),
                        Cell::from(carried.unwrap_or_else(|| desk.voice.join(&imps))),
                        Cell::from(duty.due.as_str()),
                        Cell::from(duty.state.text.as_str()),
                    ]);
                }
            }
        }
        let sheet = Sheet {
            title: view.title,
            note: desk
                .voice
                .say("sheet-note", &[("day", desk.as_of.to_string().into()), ("pack", desk.plan_name().into())]),
            heads: heads.iter().map(|key| desk.voice.word(key)).collect(),
            rows,
        };
        sheet.response(&format!("plan-{}.xlsx", desk.as_of))
    })
    .await
}
