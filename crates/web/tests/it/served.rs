//! What is granted between two nights: the published night stays as it was, the person is known at once, and the next
//! night finds it served.

use benefits::{About, By, Filing, Granting, Grounds, How, Office, Verdict, Written};
use cycle::World;
use policy::Outcome;
use policy::value::Value;
use worklist::{Filter, Hand, Kind, Scope};

use crate::night::{PACK, as_of, invent, open, packs, run};

const RULE: &str = "meal_delivery";

#[test]
fn an_award_counts_from_the_next_night_and_the_night_before_stays_as_it_was() {
    let (folder, database, keys) = open();
    invent(&folder.path().join("inbox"), 900);
    run(folder.path(), &database, &keys, as_of());
    let world = World::load(&database, &keys, &packs(), PACK).unwrap();
    let mut session = database.session().unwrap();
    let todo =
        Filter { kind: Kind::Unserved, scope: Scope(None), rule: Some(RULE.into()), fact: None, limit: 1, offset: 0 };
    let item = worklist::page(&mut session, &todo).unwrap().pop().expect("somebody is due meals and gets none");
    let (person, village) = (item.wanted.person, item.wanted.village);
    let at = as_of().and_hms_opt(6, 0, 0).unwrap().and_utc();
    let by = |actor| By { actor, how: How::Staff, on: as_of(), at };
    let grounds = || {
        let now = World::load(&database, &keys, &packs(), PACK).unwrap();
        let now = now.now(&mut database.session().unwrap(), &keys, person, as_of()).unwrap().unwrap();
        Grounds::of(&world.pack, now.as_of, now.answer(RULE).unwrap(), &now.lines)
    };
    let before = grounds();
    assert_eq!(before.outcome, "met");
    let office = Office { keys: &keys, catalogue: &world.catalogue, pack: &world.pack };
    let about = About { person, rule: RULE, village };
    session
        .transaction(|tx| {
            let filed = office.file(tx, &about, &by("U1"), &Filing::default())?;
            office.recommend(tx, filed.id, &by("U2"), Verdict::Grant, Written::default())?;
            let granting = Granting { from: as_of(), words: "", grounds: before.clone() };
            office.grant(tx, filed.id, &by("U3"), granting)
        })
        .unwrap();

    // The published night reads as before; the person is known at once.
    let again = World::load(&database, &keys, &packs(), PACK).unwrap();
    assert!(!again.lists_since, "no department sent a list");
    let row = again.row_of(person).unwrap();
    let served = |world: &World| {
        world.population.table("person").unwrap().get(world.row_of(person).unwrap(), "receives_meal_delivery")
    };
    assert_ne!(served(&again), Value::Bool(true));
    assert_eq!(again.determinations.rule(RULE).unwrap().outcome(row), Outcome::Met);
    let now = again.now(&mut session, &keys, person, as_of()).unwrap().unwrap();
    assert_eq!(now.answer(RULE).unwrap().served, Some(Outcome::Met));
    assert_eq!(now.changed, ["receives_meal_delivery"]);
    let in_hand = |hand| worklist::page_in_hand(&mut database.session().unwrap(), &todo, (hand, as_of())).unwrap();
    assert!(in_hand(Hand::Todo).iter().all(|item| item.wanted.person != person), "nobody offers it again meanwhile");

    run(folder.path(), &database, &keys, as_of().succ_opt().unwrap());
    let next = World::load(&database, &keys, &packs(), PACK).unwrap();
    assert_eq!(served(&next), Value::Bool(true));
    let items = worklist::of_person(&mut session, person).unwrap();
    assert!(items.iter().all(|item| &*item.wanted.rule != RULE || item.state == worklist::State::Closed));
    let once_more = next.now(&mut session, &keys, person, as_of()).unwrap().unwrap();
    assert!(once_more.changed.is_empty(), "{:?}", once_more.changed);
    let trail = store::audit::verify(&mut session, &keys).unwrap();
    assert!(trail.faults.is_empty());
}
