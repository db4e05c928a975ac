//! Recording that a duty was done, and taking such a record back.

use kernel::{Bilingual, Date, DivisionCode, DutyReportId};
use policy::model::{ClauseState, Pack};
use store::audit::Entry;
use store::{Keys, Session, Value};

use crate::record::PerformanceError;

/// The longest text of a report, in characters.
const LONGEST: usize = 1000;

/// What an officer says of a duty. Of departments, not of people: no name of an older person belongs here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReport {
    pub done_on: Date,
    pub done_by: String,
    pub evidence: String,
    pub file: String,
    pub note: String,
}

/// Who records, when, and for which division.
#[derive(Clone, Copy, Debug)]
pub struct Recording<'r> {
    pub division: DivisionCode,
    pub at: chrono::DateTime<chrono::Utc>,
    pub on: Date,
    pub by: &'r str,
}

/// What is wrong with a report or a withdrawal; all of it at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DutyFault {
    #[error("{clause} is no duty of the plan; `yilian duty list` names them")]
    NoDuty { clause: String },
    #[error("{done_on} lies ahead; report it once it is done")]
    Ahead { done_on: Date },
    #[error("{} is missing", field.en())]
    Missing { field: Field },
    #[error("{} is longer than {LONGEST} characters", field.en())]
    TooLong { field: Field },
}

/// A text of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    DoneBy,
    Evidence,
    File,
    Note,
    By,
    Reason,
}

impl Field {
    /// As forms and options name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DoneBy => "done_by",
            Self::Evidence => "evidence",
            Self::File => "file",
            Self::Note => "note",
            Self::By => "by",
            Self::Reason => "reason",
        }
    }

    const fn zh(self) -> &'static str {
        match self {
            Self::DoneBy => "谁办的",
            Self::Evidence => "凭证",
            Self::File => "文件或文号",
            Self::Note => "备注",
            Self::By => "登记人",
            Self::Reason => "撤回原因",
        }
    }

    const fn en(self) -> &'static str {
        match self {
            Self::DoneBy => "who did it",
            Self::Evidence => "the evidence",
            Self::File => "the file",
            Self::Note => "the note",
            Self::By => "who records it",
            Self::Reason => "the reason",
        }
    }
}

impl DutyFault {
    /// The field to mend, as forms name it.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::NoDuty { .. } => "clause",
            Self::Ahead { .. } => "done_on",
            Self::Missing { field } | Self::TooLong { field } => field.name(),
        }
    }

    /// In both languages.
    #[must_use]
    pub fn said(&self) -> Bilingual {
        let zh = match self {
            Self::NoDuty { clause } => format!("{clause} 不是方案里的责任事项；用 yilian duty list 看有哪些"),
            Self::Ahead { done_on } => format!("{done_on} 还没到，办成以后再登记"),
            Self::Missing { field } => format!("没写{}", field.zh()),
            Self::TooLong { field } => format!("{}超过 {LONGEST} 字", field.zh()),
        };
        Bilingual { zh, en: self.to_string() }
    }
}

/// Records evidence that a duty was done.
///
/// # Errors
/// `Duty` with every fault of the report; else those of the store and of the audit trail, and nothing is recorded.
pub fn report(
    session: &mut Session,
    keys: &Keys,
    pack: &Pack,
    clause: &str,
    new: &NewReport,
    how: &Recording<'_>,
) -> Result<DutyReportId, PerformanceError> {
    let mut faults = Vec::new();
    if pack.clause(clause).is_none_or(|c| c.state != ClauseState::Duty) {
        faults.push(DutyFault::NoDuty { clause: clause.to_owned() });
    }
    if new.done_on > how.on {
        faults.push(DutyFault::Ahead { done_on: new.done_on });
    }
    let fields = [
        (Field::DoneBy, new.done_by.as_str(), true),
        (Field::Evidence, &new.evidence, true),
        (Field::File, &new.file, false),
        (Field::Note, &new.note, false),
        (Field::By, how.by, true),
    ];
    faults.extend(fields.into_iter().filter_map(|(field, text, needed)| look(field, text, needed)));
    refuse(faults)?;
    session.transaction(|tx| {
        let id = DutyReportId(store::next_ids(tx, "duty_report", 1)?.start);
        let values: [Value; 11] = [
            id.0.into(),
            pack.id.as_str().into(),
            clause.into(),
            how.division.to_string().into(),
            new.done_on.into(),
            new.done_by.trim().into(),
            new.evidence.trim().into(),
            new.file.trim().into(),
            new.note.trim().into(),
            how.on.into(),
            how.by.trim().into(),
        ];
        tx.exec(include_str!("../sql/insert_duty_report.sql"), &values)?;
        let detail = serde_json::json!({ "pack": pack.id, "clause": clause, "done_on": new.done_on });
        note(tx, keys, how, "duty.report", id, &detail)?;
        Ok(id)
    })
}

/// Takes a report back: it stays on record with the reason and counts no more.
///
/// # Errors
/// `NoReport` when there is none of that number that still stands, `Duty` with what the withdrawal lacks.
pub fn withdraw(
    session: &mut Session,
    keys: &Keys,
    pack: &Pack,
    id: DutyReportId,
    reason: &str,
    how: &Recording<'_>,
) -> Result<String, PerformanceError> {
    refuse(vec![look(Field::Reason, reason, true), look(Field::By, how.by, true)].into_iter().flatten().collect())?;
    session.transaction(|tx| {
        let found =
            tx.query_opt(include_str!("../sql/duty_report_clause.sql"), &[id.0.into(), pack.id.as_str().into()])?;
        let clause = found.ok_or(PerformanceError::NoReport(id))?.text(0)?.to_owned();
        let values: [Value; 5] =
            [id.0.into(), pack.id.as_str().into(), how.on.into(), how.by.trim().into(), reason.trim().into()];
        if tx.exec(include_str!("../sql/withdraw_duty_report.sql"), &values)? == 0 {
            return Err(PerformanceError::NoReport(id));
        }
        note(tx, keys, how, "duty.withdraw", id, &serde_json::json!({ "pack": pack.id, "clause": clause }))?;
        Ok(clause)
    })
}

fn look(field: Field, text: &str, needed: bool) -> Option<DutyFault> {
    let text = text.trim();
    if needed && text.is_empty() {
        Some(DutyFault::Missing { field })
    } else if text.chars().count() > LONGEST {
        Some(DutyFault::TooLong { field })
    } else {
        None
    }
}

fn refuse(faults: Vec<DutyFault>) -> Result<(), PerformanceError> {
    if faults.is_empty() { Ok(()) } else { Err(PerformanceError::Duty(faults)) }
}

fn note(
    tx: &mut Session,
    keys: &Keys,
    how: &Recording<'_>,
    action: &str,
    id: DutyReportId,
    detail: &serde_json::Value,
) -> Result<(), PerformanceError> {
    let subject = id.to_string();
    let entry = Entry { at: how.at, actor: how.by.trim(), action, subject: &subject, detail };
    store::audit::append(tx, keys, &entry)?;
    Ok(())
}
