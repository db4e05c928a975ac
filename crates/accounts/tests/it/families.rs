//! Families: bonds, one-time codes, consents.

use accounts::authz::{Kind, Relation, Target};
use accounts::family::{NewBond, Redeem, Spoke};
use accounts::{AccountsError, Actor};
use chrono::Duration;
use kernel::PersonId;

use crate::room::{PASSWORD, code, each, new_user};

const ELDER: PersonId = PersonId(7);

fn words(scopes: &[&str]) -> Vec<String> {
    scopes.iter().map(|&scope| scope.to_owned()).collect()
}

fn redeem(code: &str) -> Redeem<'_> {
    Redeem { code, relation: Relation::Child, source: "10.0.0.9" }
}

#[test]
fn the_township_binds_and_the_consent_stays() {
    each(|room| {
        let township = Some(code("653001100205"));
        let coordinator = room.open("coordinator", Kind::Staff, &[("township_coordinator", "653001100")]);
        let coordinator = room.principal(coordinator);
        let daughter = room.open("daughter", Kind::Family, &[]);
        let bond = NewBond {
            account: daughter,
            person: ELDER,
            division: township,
            relation: Relation::Child,
            scopes: words(&["apply", "see"]),
            means: "township".into(),
            spoke: Spoke::Elder,
        };
        let elsewhere = NewBond { division: Some(code("653022100205")), ..bond.clone() };
        let refused = room.accounts.bind(&mut room.db, Actor::User(&coordinator), &elsewhere);
        assert!(matches!(refused, Err(AccountsError::NotAllowed(_))));
        let id = room.accounts.bind(&mut room.db, Actor::User(&coordinator), &bond).unwrap();
        let again = room.accounts.bind(&mut room.db, Actor::User(&coordinator), &bond);
        assert!(matches!(again, Err(AccountsError::BoundAlready(ELDER))));

        let who = room.principal(daughter);
        let elder = Target::person(ELDER, township);
        assert!(room.accounts.authz().decide(&who, "application.file", &elder).allowed);
        assert!(!room.accounts.authz().decide(&who, "order.place", &elder).allowed, "ordering was not agreed to");
        assert!(!room.accounts.authz().decide(&who, "person.see", &Target::person(PersonId(8), township)).allowed);

        room.accounts.end_bond(&mut room.db, Actor::User(&who), (id, township), "online", Spoke::Family).unwrap();
        let who = room.principal(daughter);
        assert!(!room.accounts.authz().decide(&who, "person.see", &elder).allowed);
        let consents = room.accounts.consents_of(&mut room.db, Actor::User(&coordinator), (ELDER, township)).unwrap();
        let said: Vec<String> = consents
            .iter()
            .map(|c| {
                format!("{} {} {} {} {}", c.verdict.name(), c.scopes.join("+"), c.text_version, c.means, c.spoke.name())
            })
            .collect();
        assert_eq!(said, ["given see+apply 2026.1 township elder", "withdrawn see+apply 2026.1 online family"]);
    });
}

#[test]
fn an_elders_code_binds_once() {
    each(|room| {
        let daughter = room.open("daughter", Kind::Family, &[]);
        let son = room.open("son", Kind::Family, &[]);
        let (daughter, son) = (room.principal(daughter), room.principal(son));
        let issued =
            room.accounts.issue_elder_code(&mut room.db, Actor::Command, (ELDER, None), &words(&["see"])).unwrap();
        assert_eq!(issued.code.len(), 14);
        room.accounts.redeem_elder_code(&mut room.db, &daughter, &redeem(&issued.code.to_lowercase())).unwrap();
        let second = room.accounts.redeem_elder_code(&mut room.db, &son, &redeem(&issued.code));
        assert!(matches!(second, Err(AccountsError::WrongCode)));
        let bonds = room.accounts.bonds_of_person(&mut room.db, Actor::Command, (ELDER, None)).unwrap();
        assert_eq!(bonds.len(), 1);
        assert_eq!(bonds[0].scopes, ["see"]);
    });
}

#[test]
fn a_code_has_few_tries_and_ends() {
    each(|room| {
        let son = room.open("son", Kind::Family, &[]);
        let son = room.principal(son);
        let issued =
            room.accounts.issue_elder_code(&mut room.db, Actor::Command, (ELDER, None), &words(&["see"])).unwrap();
        let wrong = format!("{}-2222-3333", &issued.code[..4]);
        for _ in 0..5 {
            let tried = room.accounts.redeem_elder_code(&mut room.db, &son, &redeem(&wrong));
            assert!(matches!(tried, Err(AccountsError::WrongCode)));
        }
        let spent = room.accounts.redeem_elder_code(&mut room.db, &son, &redeem(&issued.code));
        assert!(matches!(spent, Err(AccountsError::WrongCode | AccountsError::Wait(_))));
        room.clock.forward(Duration::hours(1));
        let spent = room.accounts.redeem_elder_code(&mut room.db, &son, &redeem(&issued.code));
        assert!(matches!(spent, Err(AccountsError::WrongCode)), "five tries were all");

        let late =
            room.accounts.issue_elder_code(&mut room.db, Actor::Command, (ELDER, None), &words(&["see"])).unwrap();
        room.clock.forward(Duration::hours(72));
        let tried = room.accounts.redeem_elder_code(&mut room.db, &son, &redeem(&late.code));
        assert!(matches!(tried, Err(AccountsError::WrongCode)));
        for odd in ["", "ab", "阿依古丽古丽古丽", "----"] {
            assert!(room.accounts.redeem_elder_code(&mut room.db, &son, &redeem(odd)).is_err());
        }
    });
}

#[test]
fn who_has_a_code_needs_no_invitation() {
    each(|room| {
        let issued =
            room.accounts.issue_elder_code(&mut room.db, Actor::Command, (ELDER, None), &words(&["see"])).unwrap();
        let new = new_user("niece", Kind::Staff);
        let weak = room.accounts.register_with_elder_code(&mut room.db, &new, &redeem(&issued.code), "12345678");
        assert!(matches!(weak, Err(AccountsError::Password(_))));
        let niece =
            room.accounts.register_with_elder_code(&mut room.db, &new, &redeem(&issued.code), PASSWORD).unwrap();
        assert_eq!(room.accounts.user(&mut room.db, niece).unwrap().kind, Kind::Family, "never staff");
        let (session, _) = room.sign_in("niece");
        let signed = room.accounts.authenticate(&mut room.db, &session.token).unwrap().unwrap();
        assert_eq!(signed.principal.ties.len(), 1);
    });
}

#[test]
fn an_elder_runs_their_own_bonds() {
    each(|room| {
        let elder = room.open("elder", Kind::Family, &[]);
        let own = NewBond {
            account: elder,
            person: ELDER,
            division: None,
            relation: Relation::Own,
            scopes: words(&["see", "order", "apply"]),
            means: "township".into(),
            spoke: Spoke::Elder,
        };
        room.accounts.bind(&mut room.db, Actor::Command, &own).unwrap();
        let elder = room.principal(elder);
        let issued =
            room.accounts.issue_elder_code(&mut room.db, Actor::User(&elder), (ELDER, None), &words(&["see"])).unwrap();
        let other =
            room.accounts.issue_elder_code(&mut room.db, Actor::User(&elder), (PersonId(8), None), &words(&["see"]));
        assert!(matches!(other, Err(AccountsError::NotAllowed(_))));
        let son = room.open("son", Kind::Family, &[]);
        let son = room.principal(son);
        let bond = room.accounts.redeem_elder_code(&mut room.db, &son, &redeem(&issued.code)).unwrap();
        let daughter = room.open("daughter", Kind::Family, &[]);
        let sees = NewBond { account: daughter, relation: Relation::Child, ..own };
        room.accounts.bind(&mut room.db, Actor::Command, &sees).unwrap();
        let daughter = room.principal(daughter);
        let not_hers =
            room.accounts.end_bond(&mut room.db, Actor::User(&daughter), (bond, None), "online", Spoke::Family);
        assert!(matches!(not_hers, Err(AccountsError::NoBond(_))));
        room.accounts.end_bond(&mut room.db, Actor::User(&elder), (bond, None), "online", Spoke::Elder).unwrap();
    });
}
