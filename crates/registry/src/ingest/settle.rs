//! What someone decides about a list that would close too much: let it in, or send it back.
//!
//! Letting in touches no fact. The file waits where it was, and whoever takes it next, the night as a rule, takes it
//! without asking; a file with other bytes is judged anew.

use chrono::{DateTime, Utc};
use kernel::ListId;
use store::audit::Entry;
use store::{Keys, Session};

use super::{ListReport, ListState, get};
use crate::RegistryError;

/// The two ways out of [`ListState::Held`]; either can be changed until the list is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settling {
    Release,
    Reject,
}

impl Settling {
    const fn state(self) -> ListState {
        match self {
            Self::Release => ListState::Released,
            Self::Reject => ListState::Rejected,
        }
    }

    const fn action(self) -> &'static str {
        match self {
            Self::Release => "list.release",
            Self::Reject => "list.reject",
        }
    }
}

/// Notes the decision about a held list, in one transaction with its entry in the trail.
///
/// # Errors
/// `NoList`, `ListState` when nothing is left to decide; those of the database and of the keys.
pub fn settle(
    session: &mut Session,
    keys: &Keys,
    list: ListId,
    settling: Settling,
    (actor, at): (&str, DateTime<Utc>),
) -> Result<ListReport, RegistryError> {
    session.transaction(|tx| {
        let report = get(tx, list)?;
        let open = matches!(report.state, ListState::Held | ListState::Released | ListState::Rejected);
        let params = [list.into(), settling.state().name().into(), report.state.name().into()];
        if !open
            || report.state == settling.state()
            || tx.exec(include_str!("../../sql/list_set_state.sql"), &params)? == 0
        {
            return Err(RegistryError::ListState { list, state: report.state.name().to_owned() });
        }
        let detail = serde_json::json!({
            "source": report.source, "date": report.list_date,
            "would_close": report.closing.as_ref().map(|closing| closing.would_close), "in_scope": report.in_scope,
        });
        let entry = Entry { at, actor, action: settling.action(), subject: &list.to_string(), detail: &detail };
        store::audit::append(tx, keys, &entry)?;
        Ok(ListReport { state: settling.state(), ..report })
    })
}
