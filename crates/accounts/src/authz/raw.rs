//! The files of `authz/` as they are written.

use std::collections::BTreeMap;

use kernel::{Bilingual, DivisionLevel};
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

type Words = Vec<Spanned<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolesFile {
    pub permission: Vec<RawPermission>,
    pub role: Vec<RawRole>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPermission {
    pub id: Spanned<String>,
    pub label: Bilingual,
    pub why: Bilingual,
    #[serde(default)]
    pub personal: bool,
    #[serde(default)]
    pub everyone: bool,
    pub consent: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRole {
    pub id: Spanned<String>,
    pub label: Bilingual,
    pub summary: Bilingual,
    pub kind: Spanned<String>,
    pub levels: Vec<DivisionLevel>,
    pub session: Spanned<String>,
    pub given_by: Words,
    #[serde(default)]
    pub confirmed_by: Words,
    pub never_with: Words,
    pub personal_data: bool,
    pub may: BTreeMap<Spanned<String>, Words>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurposesFile {
    pub purpose: Vec<RawPurpose>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPurpose {
    pub id: Spanned<String>,
    pub label: Bilingual,
    #[serde(default)]
    pub roles: Words,
    #[serde(default)]
    pub note: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentsFile {
    pub scope: Vec<RawLabelled>,
    pub text: Vec<RawText>,
    pub means: Vec<RawLabelled>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawLabelled {
    pub id: Spanned<String>,
    pub label: Bilingual,
    #[serde(default)]
    pub text: Bilingual,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawText {
    pub id: Spanned<String>,
    pub version: String,
    pub in_use_from: Datetime,
    pub zh: String,
    pub en: String,
}
