//! Deciding pairs, taking decisions back, merging with money at stake, and where a merged number leads.

use kernel::PersonId;
use registry::linking::merge::{self, Merging};
use registry::linking::{self, By, State};

use crate::client::{get, post};
use crate::night::{as_of, desk, packs};

fn session() -> store::Session {
    desk().database.session().unwrap()
}

#[test]
fn a_pair_is_decided_with_grounds_and_taken_back() {
    let desk = desk();
    let queue = get(desk.address, "/d/linkage");
    assert_eq!(queue.status, 200);
    let open = linking::open_pairs(&mut session()).unwrap();
    let pair = open.iter().rev().find(|open| open.list.is_some()).expect("the night asks").pair.id;
    let page = format!("/d/linkage/{pair}");
    let shown = get(desk.address, &page).text();
    assert!(shown.contains("class=\"weigh\"") && shown.contains("名单这一行说的是这个人吗"), "{shown}");

    let by = "by=%E8%AE%B8";
    for (form, why) in [
        (format!("{by}&reason=x"), "先选一个决定"),
        (format!("verdict=same&{by}&reason=+"), "写上依据"),
        ("verdict=same&by=&reason=x".to_owned(), "写上谁来定"),
        (format!("verdict=same&{by}&reason=13999012345"), "不要写姓名"),
    ] {
        let refused = post(desk.address, &page, &form);
        assert_eq!(refused.status, 422, "{why}");
        assert!(refused.text().contains(why), "{why}");
    }
    let done = post(desk.address, &page, &format!("verdict=same&{by}&reason=%E9%97%AE%E8%BF%87"));
    assert_eq!(done.status, 303, "{}", done.text());
    let next = done.header("location").unwrap().to_owned();
    assert!(next.contains(&format!("done={pair}")), "{next}");
    assert!(get(desk.address, &next).text().contains("记下了"));
    assert_eq!(post(desk.address, &page, &format!("verdict=same&{by}&reason=x")).status, 422, "it is decided");

    let person = linking::pair(&mut session(), pair).unwrap().unwrap().person;
    let persons = get(desk.address, &format!("/d/people/{person}")).text();
    assert!(persons.contains(&format!("/d/linkage/{pair}\"")), "the person's page says so");
    let undone = post(desk.address, &format!("{page}/undo"), &format!("{by}&reason=%E7%9C%8B%E9%94%99"));
    assert_eq!(undone.status, 303, "{}", undone.text());
    assert_eq!(linking::pair(&mut session(), pair).unwrap().unwrap().state, State::Undone);
    assert!(!get(desk.address, &format!("/d/people/{person}")).text().contains(&format!("/d/linkage/{pair}\"")));
    let english = get(desk.address, &format!("/en{page}")).text();
    assert!(english.contains("Taken back") && english.contains("看错"), "what was said stays");
}

#[test]
fn a_merge_on_which_cash_hangs_waits_for_another_person_and_its_number_leads_on() {
    let desk = desk();
    let pack = policy::load(&packs(), crate::night::PACK).unwrap();
    let world = cycle::World::load(&desk.database, &desk.keys, &packs(), &pack.id).unwrap();
    let people: Vec<PersonId> =
        world.population.table("person").unwrap().ids().iter().map(|id| PersonId(*id)).collect();
    let paid = people.iter().copied().rev().find(|person| world.money_hangs_on(*person)).expect("someone is paid");
    let numbered = |person: PersonId| {
        let known = registry::people::identity(&mut session(), &desk.keys, person).unwrap();
        known.is_some_and(|known| !known.id_number.is_empty())
    };
    let other = people.iter().copied().rev().find(|person| *person != paid && numbered(*person)).unwrap();
    let rules = cycle::linking(&packs(), &world.catalogue).unwrap();
    let merging = Merging { kept: other, gone: paid, money: world.money_hangs_on(paid), pair: None };
    let at = as_of().and_hms_opt(9, 0, 0).unwrap().and_utc();
    let by = By { who: "Zhang", at, on: as_of(), reason: "both cards seen" };
    let proposed = session().transaction(|tx| merge::merge(tx, &desk.keys, &rules, merging, by)).unwrap();
    assert!(proposed.is_proposed());
    let gone = format!("/d/people/{paid}");
    assert_eq!(get(desk.address, &gone).status, 200, "a proposal changes nothing");

    let action = format!("/d/linkage/merges/{}", proposed.id);
    assert!(get(desk.address, "/en/d/linkage/merges").text().contains("Waits for a second person"));
    let same = post(desk.address, &action, "verdict=confirm&by=zhang&reason=yes");
    assert_eq!(same.status, 422);
    assert!(same.text().contains("不能自己确认"));
    assert_eq!(post(desk.address, &action, "verdict=confirm&by=Li&reason=called+them").status, 303);

    let led = get(desk.address, &gone);
    assert_eq!((led.status, led.header("location")), (303, Some(&*format!("/d/people/{other}?from={paid}"))));
    let page = get(desk.address, &format!("/d/people/{other}?from={paid}")).text();
    assert!(page.contains("已并入") && page.contains("both cards seen"), "{page}");
    let found = get(desk.address, &format!("/d/people?q={paid}"));
    assert_eq!(found.status, 303, "an old number in an export is still found");

    assert_eq!(post(desk.address, &action, "verdict=split&by=Li&reason=two+people").status, 303);
    assert_eq!(get(desk.address, &gone).status, 200, "split again, the number is its own");
    assert!(store::audit::verify(&mut session(), &desk.keys).unwrap().faults.is_empty());
}
