//! Roles × permissions × targets, whole and readable; and that decisions and scopes never disagree.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use accounts::authz::{Authz, Grant, Kind, Limit, Principal, Reason, Relation, Role, Target, Tie};
use kernel::{DivisionCode, Divisions, Lang, PersonId, PlaceId, UserId};
use proptest::prelude::*;

use crate::room::{cheap_authz, code};

const OWN: PersonId = PersonId(1);
const OTHER: PersonId = PersonId(2);
const PLACE: PlaceId = PlaceId(1);

/// Somebody who holds just this role, in division 653001 or the narrowest level inside it that the role has.
fn holder(authz: &Authz, role: &Role) -> Principal {
    let divisions = ["653001", "653001100", "653001100205", "6530"].map(code);
    let division = divisions.into_iter().find(|division| role.levels.contains(&division.level()));
    let tied = |relation: Relation| Tie {
        person: OWN,
        relation,
        scopes: authz.consent_scopes.iter().map(|scope| scope.id.clone()).collect(),
    };
    let (mut grants, mut ties) = (Vec::new(), Vec::new());
    match role.id.as_str() {
        "elder" => ties.push(tied(Relation::Own)),
        "family" => ties.push(tied(Relation::Child)),
        _ => grants.push(Grant { role: role.id.clone(), division, place: role.levels.is_empty().then_some(PLACE) }),
    }
    let assigned = if role.kind == Kind::Family { BTreeSet::new() } else { [OWN].into() };
    Principal { user: UserId(1), kind: role.kind, grants, ties, assigned, limit: None }
}

/// For each role and permission: what of the six kinds of target may be had. The table is the file to read when
/// somebody asks what a role may; it is made anew with `YILIAN_BLESS=1`.
#[test]
fn the_table_of_permissions_is_as_it_was_agreed() {
    let authz = cheap_authz();
    let inside = Some(code("653001100205"));
    let outside = Some(code("653022100205"));
    let targets = [
        ("nothing", Target::NOTHING),
        ("inside", Target { division: inside, person: Some(OTHER), place: None }),
        ("outside", Target { division: outside, person: Some(OTHER), place: None }),
        ("own", Target { division: outside, person: Some(OWN), place: None }),
        ("place", Target { division: outside, person: None, place: Some(PLACE) }),
        ("unknown", Target { division: None, person: Some(OTHER), place: None }),
    ];
    let mut table = String::from(
        "What each role may, by target. Columns: n nothing concerned · i a person inside the division of the grant ·\n\
         o a person outside · p the assigned, bound or own person, living outside · s the own place (site) ·\n\
         u a person of whom nobody knows where they live. A letter: allowed; a dot: refused.\n",
    );
    let nobody = Principal {
        user: UserId(9),
        kind: Kind::Staff,
        grants: vec![],
        ties: vec![],
        assigned: [].into(),
        limit: None,
    };
    for permission in &authz.permissions {
        for (_, target) in &targets {
            let decision = authz.decide(&nobody, &permission.id, target);
            assert_eq!(decision.allowed, permission.id == "account.own", "without a role: {}", permission.id);
            assert_eq!(authz.scope(&nobody, &permission.id).admits(target), decision.allowed);
        }
    }
    for role in &authz.roles {
        let _ = writeln!(table, "\n{}", role.id);
        let who = holder(&authz, role);
        for permission in &authz.permissions {
            let letters: String = targets
                .iter()
                .zip("niopsu".chars())
                .map(|((_, target), letter)| {
                    let decision = authz.decide(&who, &permission.id, target);
                    assert!(!decision.reasons.is_empty());
                    assert_eq!(authz.scope(&who, &permission.id).admits(target), decision.allowed);
                    if decision.allowed { letter } else { '.' }
                })
                .collect();
            let _ = writeln!(table, "  {:22} {letters}", permission.id);
        }
    }
    let path = testkit::repository().join("crates/accounts/tests/it/permissions.txt");
    if std::env::var_os("YILIAN_BLESS").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let agreed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(agreed == table, "the table of permissions changed; read it, then run with YILIAN_BLESS=1:\n{table}");
}

#[test]
fn a_refusal_says_why_and_who_may() {
    let authz = cheap_authz();
    let divisions =
        Divisions::from_csv("code,name,kind,settlement\n653001,阿图什市,city,\n653022,阿克陶县,county,\n").unwrap();
    let say = |role: &str, permission: &str, target: &Target, lang: Lang| {
        let who = holder(&authz, authz.role(role).unwrap());
        let decision = authz.decide(&who, permission, target);
        decision.reasons.iter().map(|reason| authz.say(reason, lang, &divisions)).collect::<Vec<_>>()
    };
    let outside = Target::person(OTHER, Some(code("653022100205")));
    assert_eq!(
        say("county_officer", "application.decide", &outside, Lang::En),
        ["County officer reaches 阿图什市 only; this lies elsewhere", "Who has this permission: County officer"]
    );
    assert_eq!(
        say("administrator", "person.see", &outside, Lang::Zh),
        [
            "系统管理员没有这项权限",
            "有这项权限的：县（市、区）、州（市）经办、乡镇（街道）协调员、村（社区）探访员、能力评估员、服务机构负责人、监管人员、审计员、家属、老年人本人"
        ]
    );
    assert_eq!(
        say("visitor", "person.see", &outside, Lang::Zh)[0],
        "村（社区）探访员只看分给自己的人，这一位没有分给您"
    );
}

#[test]
fn every_fault_of_a_file_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let source = testkit::repository().join("authz");
    for name in ["roles.toml", "purposes.toml", "consents.toml", "sign-in.toml"] {
        let mut text = std::fs::read_to_string(source.join(name)).unwrap();
        if name == "roles.toml" {
            text = text.replacen("  \"system.see\",", "  \"system.see\",\n  \"person.see\",\n  \"person.fly\",", 1);
            text = text.replacen("levels = [\"township\"]", "levels = []", 1);
            text.push_str("\n[[permission]]\nid = \"Nothing\"\nlabel = { zh = \"x\", en = \"\" }\nwhy = { zh = \"x\", en = \"x\" }\n");
        }
        if name == "sign-in.toml" {
            text = text.replace("memory_kib = 19456", "memory_kib = 1024");
        }
        if name == "purposes.toml" {
            text = text.replacen("roles = [\"county_officer\"", "roles = [\"administrator\"", 1);
        }
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let faults = Authz::load(folder.path()).unwrap_err();
    let causes: Vec<String> = faults.iter().map(|f| format!("{}: {}", f.file, f.cause)).collect();
    assert_eq!(
        causes,
        [
            "roles.toml: Nothing is not of the form resource.action",
            "roles.toml: Nothing lacks a word in one language",
            "roles.toml: the role is granted at no division",
            "roles.toml: administrator has no sight of personal data, person.see shows some",
            "roles.toml: person.see is about people and can't reach always",
            "roles.toml: there is no permission person.fly",
            "roles.toml: no role has Nothing",
            "purposes.toml: administrator is no role that may reveal",
            "sign-in.toml: the password hash is cheaper than OWASP's least",
        ]
    );
    assert!(faults.iter().all(|fault| fault.line >= 1 && !fault.remedy.is_empty()));
}

fn division() -> impl Strategy<Value = DivisionCode> {
    prop::sample::select(vec![
        "65",
        "6530",
        "653001",
        "653022",
        "653001100",
        "653001101",
        "653001100205",
        "653022100201",
    ])
    .prop_map(code)
}

fn principal() -> impl Strategy<Value = Principal> {
    let roles: Vec<String> = cheap_authz().roles.into_iter().map(|role| role.id).chain(["gone".to_owned()]).collect();
    let grant = (prop::sample::select(roles), prop::option::of(division()), prop::option::of(1_i64..3))
        .prop_map(|(role, division, place)| Grant { role, division, place: place.map(PlaceId) });
    let scope = prop::sample::subsequence(vec!["see".to_owned(), "order".to_owned(), "apply".to_owned()], 0..=3);
    let tie = (1_i64..4, prop::sample::select(Relation::ALL), scope).prop_map(|(person, relation, scopes)| Tie {
        person: PersonId(person),
        relation,
        scopes: scopes.into_iter().collect(),
    });
    (
        prop::sample::select(Kind::ALL),
        prop::collection::vec(grant, 0..4),
        prop::collection::vec(tie, 0..3),
        prop::collection::btree_set((1_i64..4).prop_map(PersonId), 0..3),
        prop::option::of(limit()),
    )
        .prop_map(|(kind, grants, ties, assigned, limit)| Principal {
            user: UserId(1),
            kind,
            grants,
            ties,
            assigned,
            limit,
        })
}

/// A token for about half of what there is, perhaps of one division only.
fn limit() -> impl Strategy<Value = Limit> {
    let all: Vec<String> = cheap_authz().permissions.into_iter().map(|permission| permission.id).collect();
    let some = all.len() / 3..=all.len();
    (prop::sample::subsequence(all, some), prop::option::of(division()))
        .prop_map(|(permissions, division)| Limit { permissions: permissions.into_iter().collect(), division })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// A list shows exactly what each of its rows would be allowed alone, in memory and by the ranges given to SQL.
    #[test]
    fn decisions_and_scopes_agree(
        who in principal(),
        there in prop::option::of(division()),
        person in prop::option::of(1_i64..4),
        place in prop::option::of(1_i64..3),
    ) {
        let authz = authz_once();
        let target = Target { division: there, person: person.map(PersonId), place: place.map(PlaceId) };
        for permission in &authz.permissions {
            let decision = authz.decide(&who, &permission.id, &target);
            let scope = authz.scope(&who, &permission.id);
            prop_assert_eq!(scope.admits(&target), decision.allowed, "{}", &permission.id);
            let has = decision.reasons.iter().any(|reason| matches!(reason, Reason::Has { .. } | Reason::Everyone));
            prop_assert_eq!(has, decision.allowed);
            prop_assert!(!decision.allowed || authz.holds(&who, &permission.id));
            let by_range = there.is_some_and(|there| {
                let there = there.to_string();
                scope.division_ranges().iter().any(|(low, high)| low <= &there && &there < high)
            });
            prop_assert_eq!(by_range, there.is_some_and(|there| scope.holds_division(there)));
            let whole = Principal { limit: None, ..who.clone() };
            let owner = authz.decide(&whole, &permission.id, &target).allowed;
            prop_assert!(!decision.allowed || owner, "a token opens what its owner may not: {}", &permission.id);
        }
    }
}

fn authz_once() -> &'static Authz {
    static ONCE: std::sync::OnceLock<Authz> = std::sync::OnceLock::new();
    ONCE.get_or_init(cheap_authz)
}
