//! `authz/*.toml` → [`Authz`], with all faults at once.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use kernel::{Bilingual, parse_date};
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::raw::{ConsentsFile, PurposesFile, RawLabelled, RawPermission, RawRole, RolesFile};
use super::{Authz, ConsentText, Kind, Labelled, Permission, Purpose, Reach, Role, Rules, check};

/// Something in `authz/` that can't stand, with its place and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {cause}; {remedy}")]
pub struct AuthzFault {
    pub file: String,
    /// From 1.
    pub line: usize,
    pub cause: String,
    pub remedy: String,
}

/// One file while it is read.
pub(super) struct Sheet<'f> {
    file: &'static str,
    text: String,
    faults: &'f mut Vec<AuthzFault>,
}

impl Sheet<'_> {
    pub(super) fn fault(&mut self, at: Range<usize>, cause: String, remedy: &str) {
        let line = self.text[..at.start.min(self.text.len())].matches('\n').count() + 1;
        self.faults.push(AuthzFault { file: self.file.to_owned(), line, cause, remedy: remedy.to_owned() });
    }

    pub(super) fn both(&mut self, at: &Spanned<String>, words: &Bilingual) {
        if words.zh.trim().is_empty() || words.en.trim().is_empty() {
            self.fault(at.span(), format!("{} lacks a word in one language", at.get_ref()), "give both zh and en");
        }
    }

    pub(super) fn unique<'w>(&mut self, ids: impl Iterator<Item = &'w Spanned<String>>) {
        let mut seen = std::collections::BTreeSet::new();
        let repeated: Vec<_> = ids.filter(|id| !seen.insert(id.get_ref())).collect();
        for id in repeated {
            self.fault(id.span(), format!("{} stands twice", id.get_ref()), "keep one of them");
        }
    }
}

impl Authz {
    /// Reads the four files of a folder.
    ///
    /// # Errors
    /// Every fault of every file.
    pub fn load(folder: &Path) -> Result<Self, Vec<AuthzFault>> {
        let mut faults = Vec::new();
        let roles = parse::<RolesFile>(folder, "roles.toml", &mut faults);
        let purposes = parse::<PurposesFile>(folder, "purposes.toml", &mut faults);
        let consents = parse::<ConsentsFile>(folder, "consents.toml", &mut faults);
        let rules = parse::<Rules>(folder, "sign-in.toml", &mut faults);
        let (Some(roles), Some(purposes), Some(consents), Some(rules)) = (roles, purposes, consents, rules) else {
            return Err(faults);
        };
        check::roles(&mut sheet(&roles.0, "roles.toml", &mut faults), &roles.1, &rules.1, &consents.1);
        check::purposes(&mut sheet(&purposes.0, "purposes.toml", &mut faults), &purposes.1, &roles.1);
        check::consents(&mut sheet(&consents.0, "consents.toml", &mut faults), &consents.1);
        check::rules(&mut sheet(&rules.0, "sign-in.toml", &mut faults), &rules.1);
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self {
            permissions: roles.1.permission.into_iter().map(permission).collect(),
            roles: roles.1.role.into_iter().map(role).collect(),
            purposes: purposes.1.purpose.into_iter().map(purpose).collect(),
            consent_scopes: consents.1.scope.into_iter().map(labelled).collect(),
            means: consents.1.means.into_iter().map(labelled).collect(),
            consent_texts: consents.1.text.into_iter().filter_map(text).collect(),
            rules: rules.1,
        })
    }
}

fn sheet<'f>(text: &str, file: &'static str, faults: &'f mut Vec<AuthzFault>) -> Sheet<'f> {
    Sheet { file, text: text.to_owned(), faults }
}

fn parse<T: DeserializeOwned>(folder: &Path, file: &'static str, faults: &mut Vec<AuthzFault>) -> Option<(String, T)> {
    let path = folder.join(file);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) => {
            let cause = format!("could not read {}: {e}", path.display());
            faults.push(AuthzFault { file: file.to_owned(), line: 1, cause, remedy: "put it back".to_owned() });
            return None;
        }
    };
    match toml::from_str(&text) {
        Ok(parsed) => Some((text, parsed)),
        Err(e) => {
            let at = e.span().unwrap_or(0..0);
            sheet(&text, file, faults).fault(at, e.message().to_owned(), "write it as the file's heading says");
            None
        }
    }
}

fn permission(raw: RawPermission) -> Permission {
    Permission {
        id: raw.id.into_inner(),
        label: raw.label,
        why: raw.why,
        personal: raw.personal,
        everyone: raw.everyone,
        consent: raw.consent.map(Spanned::into_inner),
    }
}

/// After the checks: what could not be read was a fault there.
fn role(raw: RawRole) -> Role {
    let mut may: BTreeMap<String, std::collections::BTreeSet<Reach>> = BTreeMap::new();
    for (reach, permissions) in raw.may {
        let Some(reach) = Reach::read(reach.get_ref()) else { continue };
        for id in permissions {
            may.entry(id.into_inner()).or_default().insert(reach);
        }
    }
    Role {
        id: raw.id.into_inner(),
        label: raw.label,
        summary: raw.summary,
        kind: Kind::read(raw.kind.get_ref()).unwrap_or(Kind::Volunteer),
        levels: raw.levels,
        session: raw.session.into_inner(),
        given_by: raw.given_by.into_iter().map(Spanned::into_inner).collect(),
        confirmed_by: raw.confirmed_by.into_iter().map(Spanned::into_inner).collect(),
        never_with: raw.never_with.into_iter().map(Spanned::into_inner).collect(),
        personal_data: raw.personal_data,
        may,
    }
}

fn purpose(raw: super::raw::RawPurpose) -> Purpose {
    Purpose {
        id: raw.id.into_inner(),
        label: raw.label,
        roles: raw.roles.into_iter().map(Spanned::into_inner).collect(),
        note: raw.note,
    }
}

fn labelled(raw: RawLabelled) -> Labelled {
    Labelled { id: raw.id.into_inner(), label: raw.label, text: raw.text }
}

fn text(raw: super::raw::RawText) -> Option<ConsentText> {
    Some(ConsentText {
        id: raw.id.into_inner(),
        version: raw.version,
        in_use_from: parse_date(&raw.in_use_from.to_string()).ok()?,
        words: Bilingual { zh: raw.zh, en: raw.en },
    })
}
