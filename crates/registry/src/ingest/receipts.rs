//! What is kept of files that changed nothing, and the audit trail of all.

use std::path::Path;

use kernel::ListId;
use store::Session;
use store::audit::Entry;
use store::events::Event;

use super::lists::{self, Receipt};
use super::{IngestOptions, Ingester, ListReport, ListState, Receiving, Refusal, blank};
use crate::RegistryError;
use crate::reading::{ListName, Probe, ReadFault, file_name};
use crate::sources::Mode;

impl Ingester<'_> {
    pub(super) fn record(&self, receiving: &Receiving<'_>, report: ListReport) -> Result<ListReport, RegistryError> {
        let mut session = self.database.session()?;
        session.transaction(|tx| {
            let list = lists::next_id(tx)?;
            let report = ListReport { list: Some(list), ..report };
            let receipt = Receipt { digest: &receiving.probe.digest, mode: receiving.source.mode, columns: &[] };
            lists::insert(tx, &report, &receipt)?;
            self.note(tx, "list.hold", &report, &receiving.probe.digest, receiving.options)?;
            Ok(report)
        })
    }

    pub(super) fn refuse(
        &self,
        path: &Path,
        name: Option<&ListName>,
        probe: Option<&Probe>,
        fault: &ReadFault,
        options: &IngestOptions,
    ) -> Result<ListReport, RegistryError> {
        let digest = probe.map(|p| p.digest.clone()).unwrap_or_default();
        let named = name.cloned().or_else(|| ListName::of(path).ok());
        let report = ListReport {
            file_name: file_name(path),
            source: named.as_ref().map(|n| n.source.clone()).unwrap_or_default(),
            list_date: named.as_ref().map_or(options.received_on, |n| n.date),
            scope: named.as_ref().and_then(|n| n.scope),
            state: ListState::Refused,
            encoding: probe.map(|p| p.encoding.name().to_owned()).unwrap_or_default(),
            refusal: Some(Refusal::of(fault)),
            ..blank(options)
        };
        if options.dry_run {
            return Ok(report);
        }
        let mut session = self.database.session()?;
        let known = lists::known(&mut session, &digest, &report.source, report.list_date, report.scope)?;
        if let Some(known) = known.filter(|k| k.refusal == report.refusal && k.file_name == report.file_name) {
            return Ok(known);
        }
        session.transaction(|tx| {
            let list = lists::next_id(tx)?;
            let report = ListReport { list: Some(list), ..report };
            let mode = self.catalogue.get(&report.source).map_or(Mode::Delta, |s| s.mode);
            lists::insert(tx, &report, &Receipt { digest: &digest, mode, columns: &[] })?;
            self.note(tx, "list.refuse", &report, &digest, options)?;
            Ok(report)
        })
    }

    pub(super) fn note(
        &self,
        tx: &mut Session,
        action: &str,
        report: &ListReport,
        digest: &str,
        options: &IngestOptions,
    ) -> Result<(), RegistryError> {
        let detail = serde_json::json!({
            "source": report.source, "date": report.list_date, "digest": digest, "rows": report.rows,
            "good": report.good, "faulty": report.faulty, "unlinked": report.unlinked, "opened": report.opened,
            "changed": report.changed, "closed": report.closed, "forced": options.force_close,
        });
        let subject = report.list.unwrap_or(ListId(0)).to_string();
        let entry = Entry { at: options.at, actor: &options.actor, action, subject: &subject, detail: &detail };
        store::audit::append(tx, self.keys, &entry)?;
        let name = match action {
            "list.hold" => "list.held",
            "list.refuse" => "list.refused",
            _ => "list.accepted",
        };
        let detail = serde_json::json!({ "list": subject, "source": report.source, "list_date": report.list_date });
        let event = Event { name: name.to_owned(), at: options.at, division: report.scope, detail };
        Ok(store::events::tell(tx, &event)?)
    }
}
