//! What is asked at a visit and beside an assessment: data of a pack, checked when it is read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use kernel::Bilingual;
use serde::{Deserialize, Serialize};

/// Something to choose, with its name in both languages.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub id: String,
    pub label: Bilingual,
}

/// A kind of visit, and the checks that must be answered when the person was met.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    pub id: String,
    pub label: Bilingual,
    pub checks: Vec<String>,
}

/// Something looked at: in order, to be minded, or wrong.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    pub id: String,
    pub glyph: String,
    pub label: Bilingual,
    pub hint: Bilingual,
    pub signs: Vec<Sign>,
}

/// What may be wrong, and the need it points to.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    pub id: String,
    pub zh: String,
    pub en: String,
    #[serde(default)]
    pub need: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    pub id: String,
    pub label: Bilingual,
    /// The benefit that answers it, where the plan in force has it.
    #[serde(default)]
    pub benefit: Option<String>,
}

/// How the person or the family confirms; `drawn`: on the screen.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    pub id: String,
    pub label: Bilingual,
    #[serde(default)]
    pub drawn: bool,
}

/// What visitors keep of a person beside what departments say.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub id: String,
    pub label: Bilingual,
    pub format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Text,
    Phone,
}

/// The form of a visit.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct VisitForm {
    pub title: Bilingual,
    #[serde(rename(deserialize = "kind"))]
    pub kinds: Vec<Kind>,
    pub not_met: Vec<Choice>,
    #[serde(rename(deserialize = "check"))]
    pub checks: Vec<Check>,
    #[serde(rename(deserialize = "help"))]
    pub helps: Vec<Choice>,
    #[serde(rename(deserialize = "need"))]
    pub needs: Vec<Need>,
    #[serde(rename(deserialize = "confirm"))]
    pub confirms: Vec<Confirm>,
    #[serde(rename(deserialize = "field"))]
    pub fields: Vec<Field>,
}

/// A group of diagnoses that adjusts a level.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Diagnosis {
    /// As the scale's ranges read it.
    pub code: String,
    pub label: Bilingual,
}

/// Keys of the facts that a finished assessment tells.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ScaleFacts {
    pub assessed_on: String,
    pub level: String,
    pub valid_until: String,
    pub total: String,
    /// By group of the scale.
    pub groups: BTreeMap<String, String>,
    /// By code of a diagnosis: true when it is given.
    pub diagnosed: BTreeMap<String, String>,
}

/// What is filled in beside the items of a scale.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AssessmentForm {
    pub scale: String,
    pub assessors: u8,
    pub facts: ScaleFacts,
    #[serde(rename(deserialize = "event"))]
    pub events: Vec<Choice>,
    #[serde(rename(deserialize = "diagnosis"))]
    pub diagnoses: Vec<Diagnosis>,
    #[serde(rename(deserialize = "informant"))]
    pub informants: Vec<Choice>,
    pub known_by: Vec<Choice>,
}

/// Both forms and the scale.
#[derive(Clone, Debug)]
pub struct Forms {
    pub visit: VisitForm,
    pub assessment: AssessmentForm,
    pub scale: assess::Scale,
}

/// Why forms can't be used; every fault at once.
#[derive(Debug, thiserror::Error)]
#[error("{}", faults.join("\n"))]
pub struct FormsFault {
    pub faults: Vec<String>,
}

impl Forms {
    /// The forms of the pack, else of the national one.
    ///
    /// # Errors
    /// Every fault of the files.
    pub fn load(packs: &Path, pack: &str) -> Result<Self, FormsFault> {
        let mut faults = Vec::new();
        let visit: Option<VisitForm> = read(packs, pack, "visit.toml", &mut faults);
        let assessment: Option<AssessmentForm> = read(packs, pack, "assessment.toml", &mut faults);
        if let Some(visit) = &visit {
            faults.extend(visit.faults());
        }
        let scale = assessment.as_ref().and_then(|form| match assess::Scale::find(packs, &form.scale) {
            Ok(scale) => Some(scale),
            Err(found) => {
                faults.extend(found.iter().map(ToString::to_string));
                None
            }
        });
        match (visit, assessment, scale) {
            (Some(visit), Some(assessment), Some(scale)) if faults.is_empty() => Ok(Self { visit, assessment, scale }),
            _ => Err(FormsFault { faults }),
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(packs: &Path, pack: &str, file: &str, faults: &mut Vec<String>) -> Option<T> {
    let own = packs.join(pack).join("forms").join(file);
    let path: PathBuf = if own.exists() { own } else { packs.join("national").join("forms").join(file) };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(cause) => {
            faults.push(format!("{}: {cause}", path.display()));
            return None;
        }
    };
    toml::from_str(&text).map_err(|cause| faults.push(format!("{}: {cause}", path.display()))).ok()
}

impl VisitForm {
    /// Ids that stand twice, and references to nothing.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut once = |what: &str, ids: Vec<&str>| {
            let mut seen = BTreeSet::new();
            faults.extend(ids.into_iter().filter(|id| !seen.insert(*id)).map(|id| format!("{what} {id} stands twice")));
        };
        once("kind", self.kinds.iter().map(|k| k.id.as_str()).collect());
        once("check", self.checks.iter().map(|c| c.id.as_str()).collect());
        once("help", self.helps.iter().map(|h| h.id.as_str()).collect());
        once("need", self.needs.iter().map(|n| n.id.as_str()).collect());
        once("field", self.fields.iter().map(|f| f.id.as_str()).collect());
        for kind in &self.kinds {
            let lost = kind.checks.iter().filter(|id| self.check(id).is_none());
            faults.extend(lost.map(|id| format!("kind {} asks for check {id}, which is not there", kind.id)));
        }
        for sign in self.checks.iter().flat_map(|check| &check.signs) {
            let lost = sign.need.iter().filter(|id| self.need(id).is_none());
            faults.extend(lost.map(|id| format!("sign {} points to need {id}, which is not there", sign.id)));
        }
        faults
    }

    #[must_use]
    pub fn kind(&self, id: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.id == id)
    }

    #[must_use]
    pub fn check(&self, id: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.id == id)
    }

    #[must_use]
    pub fn need(&self, id: &str) -> Option<&Need> {
        self.needs.iter().find(|need| need.id == id)
    }

    #[must_use]
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_national_forms_are_sound() {
        let packs = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs"));
        let forms = Forms::load(packs, "kizilsu-2024").unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!((forms.visit.checks.len(), forms.visit.helps.len(), forms.scale.items.len()), (4, 5, 26));
    }

    #[test]
    fn every_fault_of_a_form_is_told_at_once() {
        let packs = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs"));
        let mut form = Forms::load(packs, "kizilsu-2024").unwrap().visit;
        form.helps.push(form.helps[0].clone());
        form.kinds[0].checks.push("nothing".into());
        assert_eq!(form.faults().len(), 2, "{:?}", form.faults());
    }
}
