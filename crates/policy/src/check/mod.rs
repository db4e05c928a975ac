//! `pack check`: whether a pack as a whole makes sense, beyond each file being well formed.

mod clauses;
mod references;
mod report;
mod shape;
#[cfg(test)]
mod tests;

use std::path::Path;

use kernel::Bilingual;

use crate::describe::value_text;
use crate::fault::PackFault;
use crate::model::{ClauseState, Pack};
use crate::program::Program;
use crate::{cases, load};

pub(crate) use references::references;
pub use report::{CheckReport, Counts, ToConfirm};

/// Reads a pack with everything it builds on and reports what is wrong with it, all at once.
#[must_use]
pub fn check(packs_dir: &Path, pack_id: &str) -> CheckReport {
    let reading = load::read(packs_dir, pack_id);
    let pack = &reading.pack;
    let mut faults = reading.faults;
    faults.extend(references(pack, reading.whole));
    faults.extend(shape::shapes(pack));
    if reading.whole {
        faults.extend(clauses::clauses(pack));
    }
    let mut counts = counts(pack);
    match Program::compile(pack) {
        Ok(program) if reading.whole => {
            let run = cases::run(pack, &program);
            counts.cases_passed = run.passed;
            faults.extend(run.faults);
        }
        Ok(_) => {}
        Err(found) => faults.extend(found.into_iter().filter(|fault| is_news(fault, reading.whole))),
    }
    let (warnings, faults): (Vec<PackFault>, Vec<PackFault>) = faults.into_iter().partition(is_warning);
    CheckReport {
        pack: if pack.id.is_empty() { pack_id.to_owned() } else { pack.id.clone() },
        version: pack.version.clone(),
        counts,
        faults: load::sorted(faults),
        warnings: load::sorted(warnings),
        to_confirm: to_confirm(pack),
    }
}

/// Whether a fault of an expression tells something of its own. A parameter without a value is reported at the
/// parameter; a name may point nowhere only because its file could not be read.
fn is_news(fault: &PackFault, whole: bool) -> bool {
    fault.code != "missing_parameter_date" && (whole || !fault.code.starts_with("unknown_"))
}

/// Findings that do not keep a pack from being used.
fn is_warning(fault: &PackFault) -> bool {
    fault.code == "not_listed"
}

fn counts(pack: &Pack) -> Counts {
    let state = |state| pack.clauses.iter().filter(|c| c.state == state).count();
    Counts {
        clauses: pack.clauses.len(),
        implemented: state(ClauseState::Implemented),
        duty: state(ClauseState::Duty),
        awaiting: state(ClauseState::Awaiting),
        groups: pack.rules_of("group").count(),
        benefits: pack.rules_of("benefit").count(),
        visits: pack.rules_of("visit").count(),
        reminders: pack.rules_of("reminder").count(),
        standards: pack.rules_of("standard").count(),
        queues: pack.queues.len(),
        indicators: pack.indicators.len(),
        parameters: pack.parameters.len(),
        cases: pack.cases.len(),
        cases_passed: 0,
    }
}

/// Parameters and indicators the sources don't settle, in file order.
fn to_confirm(pack: &Pack) -> Vec<ToConfirm> {
    let parameters = pack.parameters.iter().filter(|p| p.to_confirm).map(|parameter| {
        let newest = parameter.values.last();
        ToConfirm {
            id: parameter.id.clone(),
            label: parameter.label.clone(),
            value: newest.map(|v| value_text(&v.value, parameter.unit.as_deref())).unwrap_or_default(),
            since: newest.map(|v| v.from),
            note: parameter.note.clone(),
        }
    });
    let indicators = pack.indicators.iter().filter(|i| i.to_confirm).map(|indicator| ToConfirm {
        id: indicator.id.clone(),
        label: indicator.label.clone(),
        value: Bilingual { zh: "指标".into(), en: "indicator".into() },
        since: None,
        note: indicator.note.clone(),
    });
    parameters.chain(indicators).collect()
}
