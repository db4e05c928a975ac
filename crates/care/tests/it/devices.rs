//! What a phone holds: changes only, again after a lost answer, and nothing of people no longer in its owner's care.

use care::devices::{Contact, Delta, Met, Wanted, hold, is_lost, meet, of_account, set_lost};
use chrono::Duration;
use kernel::PersonId;

use crate::room::{GULNAR, Room, TURSUN, device, each};

fn wanted(people: &[(i64, u8, u8)]) -> Vec<Wanted> {
    let one = |(person, all, who): &(i64, u8, u8)| Wanted {
        person: PersonId(*person),
        digest: vec![*all],
        who_digest: vec![*who],
    };
    people.iter().map(one).collect()
}

fn greet(room: &mut Room, user: kernel::UserId) -> Met {
    let id = device(GULNAR);
    let contact = Contact { device: &id, user, label: "phone\n", now: room.now, sent_at: room.now + room.off };
    meet(&mut room.db, &contact).unwrap()
}

fn ask(room: &mut Room, people: &[(i64, u8, u8)], cursor: i64) -> Delta {
    hold(&mut room.db, &device(GULNAR), &wanted(people), cursor).unwrap()
}

fn ids(people: &[PersonId]) -> Vec<i64> {
    people.iter().map(|person| person.0).collect()
}

#[test]
fn a_device_is_one_accounts_and_its_clock_is_measured() {
    each(|room| {
        room.off = Duration::seconds(-90);
        assert_eq!(greet(room, GULNAR), Met::Known { clock_off_ms: -90_000 });
        assert_eq!(greet(room, TURSUN), Met::OfAnother);
        let known = of_account(&mut room.db, GULNAR).unwrap();
        assert_eq!((known.len(), known[0].label.as_str(), known[0].clock_off_ms), (1, "phone", -90_000));
    });
}

#[test]
fn a_lost_device_is_told_to_forget() {
    each(|room| {
        greet(room, GULNAR);
        assert_eq!(set_lost(&mut room.db, &device(GULNAR), true).unwrap(), GULNAR);
        assert_eq!(greet(room, GULNAR), Met::Lost);
        assert!(is_lost(&mut room.db, &device(GULNAR)).unwrap());
        assert!(!is_lost(&mut room.db, &device(TURSUN)).unwrap());
    });
}

#[test]
fn only_what_changed_is_sent_and_a_lost_answer_is_given_again() {
    each(|room| {
        greet(room, GULNAR);
        let first = ask(room, &[(1, 1, 1), (2, 1, 1)], 0);
        assert_eq!((ids(&first.send), ids(&first.shown)), (vec![1, 2], vec![1, 2]));
        // The answer never arrived.
        let again = ask(room, &[(1, 1, 1), (2, 1, 1)], 0);
        assert_eq!((ids(&again.send), ids(&again.shown)), (vec![1, 2], vec![1, 2]));
        let quiet = ask(room, &[(1, 1, 1), (2, 1, 1)], again.cursor);
        assert_eq!((quiet.send.len(), quiet.shown.len()), (0, 0));
        // A later visit is no new look at who they are; a new phone number is.
        let visit = ask(room, &[(1, 2, 1), (2, 1, 1)], quiet.cursor);
        assert_eq!((ids(&visit.send), ids(&visit.shown)), (vec![1], vec![]));
        let lost = ask(room, &[(1, 2, 1), (2, 1, 1)], quiet.cursor);
        assert_eq!(ids(&lost.send), [1]);
        let phone = ask(room, &[(1, 2, 1), (2, 2, 2)], lost.cursor);
        assert_eq!((ids(&phone.send), ids(&phone.shown)), (vec![2], vec![2]));
    });
}

#[test]
fn who_is_no_longer_in_care_is_forgotten_until_the_phone_heard_it() {
    each(|room| {
        greet(room, GULNAR);
        let first = ask(room, &[(1, 1, 1), (2, 1, 1)], 0);
        let gone = ask(room, &[(2, 1, 1)], first.cursor);
        assert_eq!((ids(&gone.forget), ids(&gone.send)), (vec![1], vec![]));
        assert_eq!(ids(&ask(room, &[(2, 1, 1)], first.cursor).forget), [1]);
        let heard = ask(room, &[(2, 1, 1)], gone.cursor);
        assert_eq!(heard.forget, []);
        let back = ask(room, &[(1, 1, 1), (2, 1, 1)], heard.cursor);
        assert_eq!((ids(&back.send), ids(&back.shown)), (vec![1], vec![1]));
    });
}
