//! Rows that did not become statements: sealed as they came, with what is wrong with them.

use kernel::DivisionCode;
use serde::{Deserialize, Serialize};
use store::{Keys, Value};

use crate::RegistryError;
use crate::rows::RowFault;

/// What is kept of a row in quarantine. Sealed at rest.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct HeldContent {
    /// The sound ID number of the person it speaks of, for linking later.
    pub id: Option<String>,
    /// Header names and cells, side by side.
    pub names: Vec<String>,
    pub cells: Vec<String>,
    pub faults: Vec<RowFault>,
}

/// A row to be put into quarantine.
#[derive(Clone, Debug)]
pub(crate) struct HeldRow {
    pub row: u64,
    pub unlinked: bool,
    pub subject: Option<i64>,
    pub link: Option<super::prepare::Blind>,
    /// Where it belongs.
    pub division: Option<DivisionCode>,
    pub content: HeldContent,
}

impl HeldRow {
    pub fn state(&self) -> &'static str {
        if self.unlinked { "unlinked" } else { "faulty" }
    }

    /// Where it belongs, as the table has it.
    pub fn place(&self) -> String {
        self.division.map(|code| code.to_string()).unwrap_or_default()
    }

    /// The distinct codes, in code order.
    pub fn codes(&self) -> String {
        let mut codes: Vec<&str> = self.content.faults.iter().map(|f| f.code.name()).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.join(",")
    }

    pub fn seal(&self, keys: &Keys, id: i64) -> Vec<u8> {
        keys.seal(&context(id), &serde_json::to_vec(&self.content).expect("plain data becomes JSON"))
    }
}

impl HeldContent {
    pub fn open(keys: &Keys, id: i64, sealed: &[u8]) -> Result<Self, RegistryError> {
        let text = keys.open(&context(id), sealed).map_err(|cause| RegistryError::Seal { table: "held_row", cause })?;
        serde_json::from_slice(&text)
            .map_err(|_| RegistryError::Damaged { table: "held_row", cause: "a row of another form" })
    }
}

fn context(id: i64) -> String {
    format!("held_row {id}")
}

/// The sealing context of a row of the table, for key rotation.
pub(crate) fn context_of(key: &[Value]) -> String {
    format!("held_row {}", first_int(key))
}

/// The ID number inside an opened row, for key rotation.
pub(crate) fn id_of(plaintext: &[u8]) -> Option<String> {
    serde_json::from_slice::<HeldContent>(plaintext).ok().and_then(|content| content.id)
}

pub(crate) fn first_int(key: &[Value]) -> i64 {
    match key.first() {
        Some(Value::Int(id)) => *id,
        _ => 0,
    }
}
