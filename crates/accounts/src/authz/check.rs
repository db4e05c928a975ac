//! What must hold of the files in `authz/`, beside being readable.

use std::collections::{BTreeMap, BTreeSet};

use kernel::parse_date;
use toml::Spanned;

use super::load::Sheet;
use super::raw::{ConsentsFile, PurposesFile, RawPermission, RawRole, RolesFile};
use super::{Kind, Reach, Rules};

/// Roles that the program names itself: who runs accounts, and what a tie to an elder gives.
const NEEDED: [&str; 3] = ["administrator", "elder", "family"];

pub(super) fn roles(sheet: &mut Sheet<'_>, file: &RolesFile, rules: &Rules, consents: &ConsentsFile) {
    sheet.unique(file.permission.iter().map(|p| &p.id));
    sheet.unique(file.role.iter().map(|r| &r.id));
    let scopes: BTreeSet<&str> = consents.scope.iter().map(|s| s.id.get_ref().as_str()).collect();
    for permission in &file.permission {
        check_permission(sheet, permission, &scopes);
    }
    let permissions: BTreeMap<&str, &RawPermission> =
        file.permission.iter().map(|p| (p.id.get_ref().as_str(), p)).collect();
    let ids: BTreeSet<&str> = file.role.iter().map(|r| r.id.get_ref().as_str()).collect();
    for needed in NEEDED.iter().filter(|needed| !ids.contains(**needed)) {
        sheet.fault(0..0, format!("role {needed} is missing"), "the program asks for it by this name");
    }
    let mut used = BTreeSet::new();
    for role in &file.role {
        check_role(sheet, role, rules, &ids);
        check_pairs(sheet, role, &file.role);
        check_second_person(sheet, role, &file.role);
        check_reach(sheet, role, &permissions, &mut used);
    }
    for permission in file.permission.iter().filter(|p| !p.everyone && !used.contains(p.id.get_ref().as_str())) {
        sheet.fault(
            permission.id.span(),
            format!("no role has {}", permission.id.get_ref()),
            "give it to a role or remove it",
        );
    }
}

fn check_permission(sheet: &mut Sheet<'_>, permission: &RawPermission, scopes: &BTreeSet<&str>) {
    let id = permission.id.get_ref();
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if !id.split_once('.').is_some_and(|(noun, verb)| word(noun) && word(verb)) {
        sheet.fault(permission.id.span(), format!("{id} is not of the form resource.action"), "name the noun first");
    }
    if permission.everyone && (permission.personal || permission.consent.is_some()) {
        let cause = format!("{id} is about people and can't be everyone's");
        sheet.fault(permission.id.span(), cause, "take `everyone` away");
    }
    sheet.both(&permission.id, &permission.label);
    sheet.both(&permission.id, &permission.why);
    if let Some(consent) = permission.consent.as_ref().filter(|c| !scopes.contains(c.get_ref().as_str())) {
        sheet.fault(
            consent.span(),
            format!("{} is no scope of consents.toml", consent.get_ref()),
            "add the scope there or name another",
        );
    }
}

fn check_role(sheet: &mut Sheet<'_>, role: &RawRole, rules: &Rules, ids: &BTreeSet<&str>) {
    sheet.both(&role.id, &role.label);
    sheet.both(&role.id, &role.summary);
    if Kind::read(role.kind.get_ref()).is_none() {
        sheet.fault(
            role.kind.span(),
            format!("{} is no kind of account", role.kind.get_ref()),
            "write staff, family or volunteer",
        );
    }
    if !rules.session.contains_key(role.session.get_ref()) {
        sheet.fault(
            role.session.span(),
            format!("sign-in.toml has no session rule {}", role.session.get_ref()),
            "add it there or name another",
        );
    }
    let named = role.given_by.iter().chain(&role.confirmed_by).chain(&role.never_with);
    for other in named.filter(|o| !ids.contains(o.get_ref().as_str())) {
        sheet.fault(other.span(), format!("there is no role {}", other.get_ref()), "name a role of this file");
    }
}

/// What one role refuses the other must refuse, or it would hang on the order in which they are granted.
fn check_pairs(sheet: &mut Sheet<'_>, role: &RawRole, roles: &[RawRole]) {
    for other in &role.never_with {
        let Some(other_role) = roles.iter().find(|r| r.id.get_ref() == other.get_ref()) else { continue };
        if !other_role.never_with.iter().any(|back| back.get_ref() == role.id.get_ref()) {
            let cause = format!("{} does not refuse {} in turn", other.get_ref(), role.id.get_ref());
            sheet.fault(other.span(), cause, "name each role in the other's never_with");
        }
    }
}

/// Somebody without sight of people must not be able to make an account that has it, alone.
fn check_second_person(sheet: &mut Sheet<'_>, role: &RawRole, roles: &[RawRole]) {
    let of = |id: &Spanned<String>| roles.iter().find(|r| r.id.get_ref() == id.get_ref());
    let blind = |id: &&Spanned<String>| of(id).is_some_and(|giver| !giver.personal_data);
    if role.personal_data && role.confirmed_by.is_empty() && role.given_by.iter().any(|id| blind(&id)) {
        let cause = format!("{} sees people and is given by someone who does not", role.id.get_ref());
        sheet.fault(role.id.span(), cause, "name in confirmed_by who confirms it");
    }
    for other in &role.confirmed_by {
        let may = |r: &RawRole| r.may.values().flatten().any(|p| p.get_ref() == "user.confirm");
        if of(other).is_some_and(|r| !may(r)) {
            let cause = format!("{} is no role that may confirm", other.get_ref());
            sheet.fault(other.span(), cause, "name a role that has user.confirm");
        }
    }
}

fn check_reach<'r>(
    sheet: &mut Sheet<'_>,
    role: &'r RawRole,
    permissions: &BTreeMap<&str, &RawPermission>,
    used: &mut BTreeSet<&'r str>,
) {
    for (reach, list) in &role.may {
        let Some(known) = Reach::read(reach.get_ref()) else {
            let remedy = "write always, division, assigned, place, bound or own";
            sheet.fault(reach.span(), format!("{} is no reach", reach.get_ref()), remedy);
            continue;
        };
        if known == Reach::Division && role.levels.is_empty() {
            sheet.fault(reach.span(), "the role is granted at no division".to_owned(), "give its levels");
        }
        sheet.unique(list.iter());
        for id in list {
            used.insert(id.get_ref());
            match permissions.get(id.get_ref().as_str()) {
                Some(permission) => check_use(sheet, role, known, id, permission),
                None => sheet.fault(
                    id.span(),
                    format!("there is no permission {}", id.get_ref()),
                    "name a permission of this file",
                ),
            }
        }
    }
}

fn check_use(sheet: &mut Sheet<'_>, role: &RawRole, reach: Reach, id: &Spanned<String>, permission: &RawPermission) {
    let (name, who) = (id.get_ref(), role.id.get_ref());
    if permission.everyone {
        sheet.fault(id.span(), format!("everyone has {name}, {who} too"), "take the permission from the role");
    }
    if permission.personal && !role.personal_data {
        let cause = format!("{who} has no sight of personal data, {name} shows some");
        sheet.fault(id.span(), cause, "take the permission from the role");
    }
    if permission.personal && reach == Reach::Always {
        sheet.fault(id.span(), format!("{name} is about people and can't reach always"), "give it a narrower reach");
    }
    if reach == Reach::Bound && permission.consent.is_none() {
        let cause = format!("{name} names no consent, so a bound account can't hold it");
        sheet.fault(id.span(), cause, "give the permission its consent scope");
    }
}

pub(super) fn purposes(sheet: &mut Sheet<'_>, file: &PurposesFile, roles: &RolesFile) {
    sheet.unique(file.purpose.iter().map(|p| &p.id));
    for purpose in &file.purpose {
        sheet.both(&purpose.id, &purpose.label);
        for role in &purpose.roles {
            let reveals = |r: &RawRole| r.may.values().flatten().any(|p| p.get_ref() == "person.reveal");
            if !roles.role.iter().any(|r| r.id.get_ref() == role.get_ref() && reveals(r)) {
                let cause = format!("{} is no role that may reveal", role.get_ref());
                sheet.fault(role.span(), cause, "name a role that has person.reveal");
            }
        }
    }
}

pub(super) fn consents(sheet: &mut Sheet<'_>, file: &ConsentsFile) {
    sheet.unique(file.scope.iter().map(|s| &s.id));
    sheet.unique(file.means.iter().map(|m| &m.id));
    for one in file.scope.iter().chain(&file.means) {
        sheet.both(&one.id, &one.label);
    }
    let mut versions = BTreeSet::new();
    for text in &file.text {
        if !versions.insert((text.id.get_ref(), text.version.as_str())) {
            let cause = format!("{} has version {} twice", text.id.get_ref(), text.version);
            sheet.fault(text.id.span(), cause, "give a changed text a version of its own");
        }
        if parse_date(&text.in_use_from.to_string()).is_err() {
            sheet.fault(text.id.span(), "in_use_from is no date".to_owned(), "write it as 2026-11-22");
        }
        if text.zh.trim().is_empty() || text.en.trim().is_empty() {
            sheet.fault(text.id.span(), "the text lacks a language".to_owned(), "give both zh and en");
        }
    }
}

pub(super) fn rules(sheet: &mut Sheet<'_>, rules: &Rules) {
    let mut demand = |holds: bool, cause: &str, remedy: &str| {
        if !holds {
            sheet.fault(0..0, cause.to_owned(), remedy);
        }
    };
    let password = &rules.password;
    demand(
        password.memory_kib >= 19 * 1024 && password.passes >= 2 || password.memory_kib >= 46 * 1024,
        "the password hash is cheaper than OWASP's least",
        "take 19456 KiB and 2 passes or more",
    );
    demand(password.lanes >= 1 && password.memory_kib >= 8 * password.lanes, "lanes don't fit the memory", "take 1");
    demand(password.longest >= 64, "long passwords are refused", "let longest be 64 or more");
    for kind in Kind::ALL {
        let shortest = rules.shortest_password(*kind);
        demand((8..=password.longest).contains(&shortest), "a kind's shortest password is below 8 or absent", "set it");
    }
    for kind in &rules.second_factor.required {
        demand(Kind::read(kind).is_some(), "second_factor.required names no kind", "write staff, family or volunteer");
    }
    demand(rules.second_factor.steps_around <= 2, "codes live too long", "let steps_around be 1");
    for rule in [rules.attempts.account, rules.attempts.source, rules.attempts.number] {
        demand(
            rule.first_wait_seconds >= 1 && rule.longest_wait_seconds >= rule.first_wait_seconds,
            "waits of wrong attempts don't grow",
            "let longest_wait_seconds be at least first_wait_seconds",
        );
    }
    demand(
        rules.attempts.account.lock_after.is_some_and(|n| n <= 100 && n > rules.attempts.account.free),
        "an account is never locked",
        "let lock_after be 100 or less",
    );
    demand(rules.elder_code.tries >= 1 && rules.elder_code.tries <= 10, "an elder's code has no few tries", "take 5");
    for rule in rules.session.values() {
        demand(rule.idle_minutes >= 1 && rule.whole_hours >= 1, "a session ends before it begins", "lengthen it");
    }
}
