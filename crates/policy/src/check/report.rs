//! What `pack check` found, as an official or an engineer reads it.

use std::fmt;
use std::fmt::Write as _;

use kernel::{Bilingual, Date, Lang};
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::fault::PackFault;

/// The result of a check; the pack may be used when there are no faults.
#[derive(Clone, Debug, Default)]
pub struct CheckReport {
    pub pack: String,
    pub version: String,
    pub counts: Counts,
    pub faults: Vec<PackFault>,
    /// Worth a look; they do not keep the pack from being used.
    pub warnings: Vec<PackFault>,
    /// Figures the sources do not settle.
    pub to_confirm: Vec<ToConfirm>,
}

/// How much of what the pack holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub clauses: usize,
    pub implemented: usize,
    pub duty: usize,
    pub awaiting: usize,
    pub groups: usize,
    pub benefits: usize,
    pub visits: usize,
    pub reminders: usize,
    pub standards: usize,
    pub queues: usize,
    pub indicators: usize,
    pub parameters: usize,
    pub cases: usize,
    pub cases_passed: usize,
}

/// A parameter or indicator flagged "to be confirmed".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToConfirm {
    pub id: String,
    pub label: Bilingual,
    /// The value in force when the pack comes into force, or last.
    pub value: Bilingual,
    pub since: Option<Date>,
    pub note: Option<Bilingual>,
}

impl CheckReport {
    #[must_use]
    pub fn passed(&self) -> bool {
        self.faults.is_empty()
    }

    /// The report for programs.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let faults = |faults: &[PackFault]| -> Vec<Json> {
            faults
                .iter()
                .map(|f| {
                    json!({ "file": f.file, "line": f.line, "column": f.column, "code": f.code,
                            "message": f.message, "remedy": f.remedy })
                })
                .collect()
        };
        let open: Vec<Json> = self
            .to_confirm
            .iter()
            .map(|open| json!({ "id": open.id, "label": open.label, "value": open.value, "note": open.note }))
            .collect();
        json!({
            "pack": self.pack,
            "version": self.version,
            "passed": self.passed(),
            "counts": self.counts,
            "faults": faults(&self.faults),
            "warnings": faults(&self.warnings),
            "to_confirm": open,
        })
    }

    /// The report in one language.
    #[must_use]
    pub fn to_text(&self, lang: Lang) -> String {
        let mut text = format!("{} {}\n", self.pack, self.version);
        self.numbers(&mut text, lang);
        let headed = |text: &mut String, zh: &str, en: &str, faults: &[PackFault]| {
            if !faults.is_empty() {
                let heading = if lang == Lang::Zh { zh } else { en };
                let _ = writeln!(text, "\n{heading} ({})", faults.len());
                for fault in faults {
                    let _ = writeln!(text, "  {}", fault.to_text(lang));
                }
            }
        };
        headed(&mut text, "错误", "Faults", &self.faults);
        headed(&mut text, "提醒", "Warnings", &self.warnings);
        if !self.to_confirm.is_empty() {
            let heading = if lang == Lang::Zh { "待确认的数" } else { "To be confirmed" };
            let _ = writeln!(text, "\n{heading} ({})", self.to_confirm.len());
            for open in &self.to_confirm {
                let note = open.note.as_ref().map(|n| format!(" — {}", n.get(lang))).unwrap_or_default();
                let _ = writeln!(text, "  {} {}: {}{note}", open.id, open.label.get(lang), open.value.get(lang));
            }
        }
        let verdict = match (lang, self.passed()) {
            (Lang::Zh, true) => "检查通过",
            (Lang::Zh, false) => "检查没有通过",
            (Lang::En, true) => "The pack passes.",
            (Lang::En, false) => "The pack does not pass.",
        };
        let _ = writeln!(text, "\n{verdict}");
        text
    }

    fn numbers(&self, text: &mut String, lang: Lang) {
        let Counts { clauses, implemented, duty, awaiting, cases, cases_passed, .. } = self.counts;
        let Counts { groups, benefits, visits, reminders, standards, queues, indicators, parameters, .. } = self.counts;
        let _ = match lang {
            Lang::Zh => writeln!(
                text,
                "条款 {clauses}：已落实 {implemented}，行政职责 {duty}，待建 {awaiting}\n人群 {groups}，待遇 {benefits}，\
                 探访 {visits}，提醒 {reminders}，标准 {standards}，排序 {queues}，指标 {indicators}，参数 {parameters}\n\
                 示例 {cases}，通过 {cases_passed}",
            ),
            Lang::En => writeln!(
                text,
                "{clauses} clauses: {implemented} implemented, {duty} duties, {awaiting} awaiting\n{groups} groups, \
                 {benefits} benefits, {visits} visits, {reminders} reminders, {standards} standards, {queues} queues, \
                 {indicators} indicators, {parameters} parameters\n{cases_passed} of {cases} cases pass",
            ),
        };
    }
}

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text(Lang::En))
    }
}
