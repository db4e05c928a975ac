//! The order of values in statements. Statements keep the layout they were written with.

use store::Session;

use crate::RegistryError;
use crate::rows::{RowReader, SEPARATOR};
use crate::sources::{Entity, Source};

/// How the payloads of some statements of a source are laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    pub id: i64,
    pub source: String,
    pub entity: String,
    pub plain: Vec<String>,
    pub sealed: Vec<String>,
}

/// Sealed values of a person's row that are no facts, after the facts.
const SAID: [&str; 3] = ["phone", "address", "name"];
/// Sealed values of a relation.
const KIN: [&str; 2] = ["kin_name", "kin_id_number"];

impl Layout {
    /// What rows of this source look like today.
    pub(crate) fn of(source: &Source, reader: &RowReader<'_>) -> Self {
        let mut plain: Vec<String> = reader.plain_keys().map(str::to_owned).collect();
        let mut sealed: Vec<String> = reader.sealed_keys().map(str::to_owned).collect();
        match source.entity {
            Entity::Person => {
                plain.push("name_differs".into());
                if !source.creates {
                    sealed.extend(SAID.map(String::from));
                }
            }
            Entity::Kin => {
                plain.push("kin_person".into());
                sealed.extend(KIN.map(String::from));
            }
            Entity::Visit | Entity::Thing(_) => {}
        }
        Self { id: 0, source: source.id.clone(), entity: source.entity.name().to_owned(), plain, sealed }
    }

    /// The layout of the table that equals this one, made when there is none.
    pub(crate) fn settle(mut self, tx: &mut Session) -> Result<Self, RegistryError> {
        let known = all(tx)?;
        if let Some(same) = known.iter().find(|k| Self { id: self.id, ..(*k).clone() } == self) {
            self.id = same.id;
            return Ok(self);
        }
        self.id = known.iter().map(|k| k.id).max().unwrap_or(0) + 1;
        let join = |keys: &[String]| keys.join(",");
        let values = [
            self.id.into(),
            self.source.as_str().into(),
            self.entity.as_str().into(),
            join(&self.plain).into(),
            join(&self.sealed).into(),
        ];
        tx.exec(include_str!("../../sql/layout_insert.sql"), &values)?;
        Ok(self)
    }
}

/// Every layout, oldest first.
pub(crate) fn all(session: &mut Session) -> Result<Vec<Layout>, RegistryError> {
    let rows = session.query(include_str!("../../sql/layout_list.sql"), &[])?;
    let keys = |text: &str| text.split(',').filter(|k| !k.is_empty()).map(str::to_owned).collect();
    let layout = |row: &store::Row<'_>| -> Result<Layout, RegistryError> {
        Ok(Layout {
            id: row.int(0)?,
            source: row.text(1)?.to_owned(),
            entity: row.text(2)?.to_owned(),
            plain: keys(row.text(3)?),
            sealed: keys(row.text(4)?),
        })
    };
    rows.iter().map(layout).collect()
}

/// The values of a payload, in the layout's order.
pub(crate) fn values(payload: &str) -> impl Iterator<Item = &str> {
    payload.split(SEPARATOR)
}
