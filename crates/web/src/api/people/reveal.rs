//! Who someone is, in full, for a purpose that is written down first.

use axum::Json;
use axum::extract::{Path, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::Given;
use crate::api::doc::Doc;
use crate::edge::{Ask, FieldFault, Problem};
use crate::pages::people::reveal::{Given as Purpose, reveal};
use crate::state::AppState;

/// What for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RevealPurpose")]
pub struct Why {
    /// One of the purposes of `authz/purposes.toml` that is open to one's role.
    #[schemars(length(min = 1, max = 40))]
    purpose: String,
    /// A sentence of one's own, where the purpose asks for one.
    #[serde(default)]
    #[schemars(length(max = 500))]
    note: String,
}

/// Identity as the lists hold it. Nothing of it is to be stored.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Identity {
    name: String,
    id_number: String,
    phone: String,
    address: String,
}

/// `POST /api/v1/people/{person}/reveal`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path(asked): Path<String>,
    Given(why): Given<Why>,
) -> Result<Json<Identity>, Problem> {
    let shown = app.open_night(&ask, move |opened| {
        let person = super::reached(opened, "person.reveal", &asked)?;
        let given = Purpose { purpose: why.purpose, note: why.note };
        let Some(view) = reveal(opened, person, &given)? else {
            let cause = opened.desk.voice.word("api-fault-purpose");
            return Err(Problem::Invalid(vec![FieldFault { field: "purpose".into(), cause }]));
        };
        Ok(Identity { name: view.name, id_number: view.id_number, phone: view.phone, address: view.address })
    });
    shown.await.map(Json)
}

pub fn doc() -> Doc {
    Doc::of::<Identity>("people-reveal").takes::<Why>()
}
