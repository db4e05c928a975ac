//! What is done to an application by a word alone: given back, notified, stopped or kept on by a second person, opened
//! anew, made void.

use axum::Json;
use axum::extract::{Path, State};

use super::{Application, Words, act};
use crate::api::Given;
use crate::api::doc::Doc;
use crate::edge::{Ask, Problem};
use crate::pages::matters::find;
use crate::state::AppState;

macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident, $permission:literal, $deed:ident, $id:literal;)+) => {
        $(
            pub mod $name {
                use super::*;

                $(#[$doc])*
                pub async fn save(
                    State(app): State<AppState>,
                    ask: Ask,
                    Path(number): Path<String>,
                    Given(given): Given<Words>,
                ) -> Result<Json<Application>, Problem> {
                    let done = app.open_night(&ask, move |opened| {
                        let matter = find(opened, &number, $permission)?;
                        act(opened, |office, tx, by| office.$deed(tx, matter.id, by, &given.words))
                    });
                    done.await.map(Json)
                }

                pub fn doc() -> Doc {
                    Doc::of::<Application>($id).takes::<Words>().once().refuses(&["conflict"])
                }
            }
        )+
    };
}

deeds! {
    /// `POST /api/v1/applications/{number}/withdrawal`
    withdraw, "application.file", withdraw, "applications-withdraw";
    /// `POST /api/v1/applications/{number}/return`
    give_back, "application.decide", give_back, "applications-return";
    /// `POST /api/v1/applications/{number}/notification`
    notify, "work_item.act", notify, "applications-notify";
    /// `POST /api/v1/applications/{number}/stop/confirmation`
    end, "application.decide", confirm_stop, "applications-end";
    /// `POST /api/v1/applications/{number}/stop/objection`
    keep_on, "application.decide", keep_on, "applications-keep";
    /// `POST /api/v1/applications/{number}/reopening`
    reopen, "application.file", reopen, "applications-reopen";
    /// `POST /api/v1/applications/{number}/annulment`
    void, "application.decide", void, "applications-void";
}
