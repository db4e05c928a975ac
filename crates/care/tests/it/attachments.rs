//! Photos come in chunks, are taken up after a break, and are what they say.

use care::attachments::{Chunk, Kind, Progress, Refused, of_operation, open, receive};
use care::journal::Outcome;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::room::{GULNAR, Room, TURSUN, device, each, id, visit};

fn photo(length: usize) -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe0".to_vec();
    bytes.extend((0..length).map(|n| u8::try_from(n % 251).unwrap()));
    bytes
}

fn send(
    room: &mut Room,
    user: kernel::UserId,
    (n, kind, whole): (u64, Kind, &[u8]),
    (from, to): (usize, usize),
) -> Result<Progress, Refused> {
    let chunk = Chunk {
        attachment: &id(n).parse().unwrap(),
        kind,
        bytes: i64::try_from(whole.len()).unwrap(),
        sha256: Sha256::digest(whole).into(),
        offset: i64::try_from(from).unwrap(),
        part: &whole[from..to],
    };
    receive(&mut room.db, &room.keys, (user, &device(user), room.now), &chunk).unwrap()
}

#[test]
fn chunks_come_again_and_out_of_turn_and_make_one_photo() {
    each(|room| {
        let whole = photo(1000);
        let part = (50, Kind::Photo, &whole[..]);
        assert_eq!(send(room, GULNAR, part, (0, 400)), Ok(Progress { received: 400, whole: false }));
        assert_eq!(send(room, GULNAR, part, (0, 400)), Ok(Progress { received: 400, whole: false }));
        assert_eq!(send(room, GULNAR, part, (800, 1004)), Ok(Progress { received: 400, whole: false }));
        // The visit comes in between.
        let mut with = visit(1, 7);
        with["body"]["attachments"] = json!([id(50)]);
        assert_eq!(room.one(GULNAR, with).outcome, Outcome::Applied);
        send(room, GULNAR, part, (400, 800)).unwrap();
        assert_eq!(send(room, GULNAR, part, (800, 1004)), Ok(Progress { received: 1004, whole: true }));
        assert_eq!(send(room, GULNAR, part, (800, 1004)), Ok(Progress { received: 1004, whole: true }));
        let (found, bytes) = open(&mut room.db, &room.keys, &id(1), &id(50)).unwrap().unwrap();
        assert_eq!((found.mime.as_str(), bytes == whole), ("image/jpeg", true));
    });
}

#[test]
fn a_visit_may_come_before_its_photo() {
    each(|room| {
        let mut with = visit(1, 7);
        with["body"]["attachments"] = json!([id(50)]);
        room.one(GULNAR, with);
        assert_eq!(of_operation(&mut room.db, &id(1)).unwrap()[0].state, "coming");
        let whole = photo(100);
        assert!(send(room, GULNAR, (50, Kind::Photo, &whole), (0, 104)).unwrap().whole);
        assert_eq!(of_operation(&mut room.db, &id(1)).unwrap()[0].state, "whole");
    });
}

#[test]
fn what_is_too_large_false_or_anothers_is_refused() {
    each(|room| {
        let page = b"<html><script>alert(1)</script></html>".to_vec();
        let end = page.len();
        assert_eq!(send(room, GULNAR, (51, Kind::Photo, &page), (0, end)), Err(Refused::Content));
        let chunks = room.db.query_one("SELECT COUNT(*) FROM care_chunk", &[]).unwrap().int(0).unwrap();
        assert_eq!(chunks, 0, "nothing of it is kept");
        let large = photo(300 << 10);
        assert_eq!(send(room, GULNAR, (52, Kind::Signature, &large), (0, 100)), Err(Refused::TooLarge));
        assert_eq!(send(room, GULNAR, (53, Kind::Photo, &large), (0, (256 << 10) + 1)), Err(Refused::ChunkLength));
        let whole = photo(100);
        send(room, GULNAR, (54, Kind::Photo, &whole), (0, 50)).unwrap();
        assert_eq!(send(room, TURSUN, (54, Kind::Photo, &whole), (50, 104)), Err(Refused::NotYours));
        assert_eq!(send(room, GULNAR, (54, Kind::Voice, &whole), (50, 104)), Err(Refused::Changed));
        // Another's visit does not take it.
        let mut theirs = visit(1, 7);
        theirs["body"]["attachments"] = json!([id(54)]);
        room.one(TURSUN, theirs);
        assert_eq!(of_operation(&mut room.db, &id(1)).unwrap(), []);
    });
}

#[test]
fn a_digest_that_does_not_fit_is_told() {
    each(|room| {
        let whole = photo(100);
        let chunk = Chunk {
            attachment: &id(55).parse().unwrap(),
            kind: Kind::Photo,
            bytes: 104,
            sha256: [7; 32],
            offset: 0,
            part: &whole,
        };
        let told = receive(&mut room.db, &room.keys, (GULNAR, &device(GULNAR), room.now), &chunk).unwrap();
        assert_eq!(told, Err(Refused::Digest));
    });
}
