//! pack.toml: what the pack is, where and when it is in force, and the table of divisions.

use std::path::Path;

use kernel::{Date, DivisionCode, Divisions};

use super::Loading;
use super::reader::Fields;
use crate::fault::PackFault;
use crate::model::{Consultation, Document, Position};

impl Loading {
    /// Reads pack.toml and gives the packs it builds on. Of a pack built on only that list counts. A pack below the
    /// packs folder bears its folder's name.
    pub(super) fn pack_file(
        &mut self,
        mut fields: Fields<'_>,
        main: bool,
        folder: Option<&str>,
    ) -> Vec<(String, Position)> {
        let id_item = fields.need("id");
        let id = id_item.and_then(|i| i.text()).unwrap_or_default();
        if let (Some(item), Some(folder)) = (id_item, folder.filter(|folder| *folder != id)) {
            item.fault(
                "wrong_id",
                format!("the pack in {folder}/ calls itself `{id}`"),
                format!("write id = \"{folder}\""),
            );
        }
        let version = fields.text("version");
        let title = fields.label("title");
        let base: Vec<_> =
            fields.items("builds_on").iter().filter_map(|item| Some((item.text()?, item.at()))).collect();
        let mut roots = Vec::new();
        for item in fields.items("divisions") {
            let Some(text) = item.text() else { continue };
            match text.parse::<DivisionCode>() {
                Ok(code) => roots.push(code),
                Err(cause) => {
                    item.fault("wrong_division", cause.to_string(), "write 2, 4, 6, 9 or 12 digits in quotes")
                }
            }
        }
        let stand_in = fields.opt_label("divisions_stand_in");
        let from = if main { fields.need("in_force_from") } else { fields.opt("in_force_from") };
        let from = from.and_then(|i| i.date());
        let until = fields.opt("in_force_until");
        let last = until.and_then(|i| i.date());
        if let (Some(item), Some(from), Some(last)) = (until, from, last)
            && last < from
        {
            item.fault("wrong_order", "the pack ends before it begins", "correct in_force_from or in_force_until");
        }
        let document = fields.opt("document").and_then(|i| i.fields("[document]")).map(document);
        let mut population = Vec::new();
        if let Some(mut inner) = fields.opt("population").and_then(|i| i.fields("[population]")) {
            population = self.parts(&mut inner, "the population");
            inner.finish();
        }
        let at = fields.at();
        fields.finish();
        if main {
            if roots.is_empty() {
                let remedy = "add divisions = [\"6530\"]";
                self.faults.borrow_mut().push(PackFault::at(&at, "missing_key", "the pack names no divisions", remedy));
            }
            let pack = &mut self.pack;
            (pack.id, pack.version, pack.title, pack.roots, pack.at) = (id, version, title, roots, at);
            pack.builds_on = base.iter().map(|(id, _)| id.clone()).collect();
            pack.in_force_from = from.unwrap_or(Date::MIN);
            pack.in_force_until = last;
            pack.document = document;
            pack.stand_in = stand_in;
        }
        // Of the pack nearest to the one asked for: it is read first.
        if self.pack.population.is_empty() {
            self.pack.population = population;
        }
        base
    }

    /// Reads divisions.csv of a folder, when it has one; the last table read counts.
    pub(super) fn divisions(&mut self, dir: &Path, id: &str) {
        let path = dir.join("divisions.csv");
        if !path.is_file() {
            return;
        }
        let shown = format!("{id}/divisions.csv");
        let Some(text) = self.text(&path, &shown) else { return };
        match Divisions::from_csv(&text) {
            Ok(divisions) => self.pack.divisions = divisions,
            Err(faults) => self.faults.borrow_mut().extend(faults.into_iter().map(|fault| {
                PackFault::of_file(&shown, "divisions", fault.to_string(), "derive the table again from its origin")
            })),
        }
    }

    /// Keeps the rows within the pack's divisions; a root the table lacks is a fault.
    pub(super) fn cut_divisions(&mut self) {
        if !self.pack.divisions.is_empty() {
            for root in &self.pack.roots {
                if self.pack.divisions.get(*root).is_none() {
                    let fault = PackFault::at(
                        &self.pack.at,
                        "unknown_division",
                        format!("division {root} is not in the table of divisions"),
                        "correct the code or add its rows to divisions.csv",
                    );
                    self.faults.borrow_mut().push(fault);
                }
            }
        }
        self.pack.divisions = self.pack.divisions.within(&self.pack.roots);
    }
}

fn document(mut fields: Fields<'_>) -> Document {
    let document = Document {
        publisher: fields.label("publisher"),
        index: fields.opt_text("index").unwrap_or_default(),
        number: fields.opt_text("number").unwrap_or_default(),
        published: fields.opt("published").and_then(|i| i.date()),
        url: fields.opt_text("url"),
        draft: fields.opt("draft").and_then(|i| i.boolean()).unwrap_or(false),
        consultation: fields.opt("consultation").and_then(|i| i.fields("consultation")).and_then(consultation),
        at: fields.at(),
    };
    fields.finish();
    document
}

fn consultation(mut fields: Fields<'_>) -> Option<Consultation> {
    let (from, until) = (fields.need("from"), fields.need("until"));
    let channels = fields.items("channels").iter().filter_map(|item| item.label()).collect();
    let note = fields.opt_label("note");
    fields.finish();
    let (from, last) = (from?.date()?, until?.date()?);
    if last < from {
        until?.fault("wrong_order", "the consultation ends before it begins", "correct from or until");
    }
    Some(Consultation { from, until: last, channels, note })
}
