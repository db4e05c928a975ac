//! Sealing, blind indexes, key files, and whether a ring belongs to a database.

use std::collections::BTreeSet;
use std::time::Instant;

use store::keys::{add_key_to_file, create_key_file, keep_newest_in_file};
use store::{KeyError, Keys, SealError};
use testkit::each_database;

use crate::session;

const OLD: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const NEW: &str = "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";
/// `OLD` in base64.
const OLD_BASE64: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

#[test]
fn sealed_field_opens_in_its_own_place_only() {
    let keys = Keys::generate();
    let blob = keys.seal("person 12", "阿依古丽".as_bytes());
    assert_eq!(keys.open("person 12", &blob).unwrap(), "阿依古丽".as_bytes());
    assert_eq!(keys.open("person 13", &blob), Err(SealError::Tampered));
    assert_ne!(blob, keys.seal("person 12", "阿依古丽".as_bytes()), "a nonce is used once");
    assert!(keys.open("", &keys.seal("", b"")).unwrap().is_empty());
    for at in [5, 20, 30, blob.len() - 1] {
        let mut changed = blob.clone();
        changed[at] ^= 1;
        assert_eq!(keys.open("person 12", &changed), Err(SealError::Tampered));
    }
    assert_eq!(keys.open("person 12", &blob[..44]), Err(SealError::Malformed));
    assert!(matches!(Keys::generate().open("person 12", &blob), Err(SealError::UnknownKey(_))));
}

/// A blob and an index of the first version must open and match for ever.
#[test]
fn forms_of_the_first_version_stay_readable() {
    let keys = Keys::parse(OLD).unwrap();
    let blob = hex::decode(FIRST_BLOB).unwrap();
    assert_eq!(keys.open("person 1", &blob).unwrap(), b"first");
    assert_eq!(hex::encode(keys.blind("id_number", "11010519491231002X")), FIRST_BLIND);
}

const FIRST_BLOB: &str =
    "0156070c56fbbae7ff83423fe25ada495294de7781684f31cd6adbaf92c2c01407b67048a0bb7280b81705fc50ab4588c861";
const FIRST_BLIND: &str = "2629d563d443e26b8f280a1ba66c2e30";

#[test]
fn newest_key_seals_and_all_open() {
    let (old, both) = (Keys::parse(OLD).unwrap(), Keys::parse(&format!("{OLD},{NEW}")).unwrap());
    assert_eq!(both.open("x", &old.seal("x", b"1")).unwrap(), b"1");
    assert_eq!(Keys::sealed_with(&both.seal("x", b"1")).unwrap(), Keys::parse(NEW).unwrap().newest_id());
    assert_eq!(Keys::parse(OLD_BASE64).unwrap().ids(), old.ids());
}

#[test]
fn malformed_rings_are_refused_without_repeating_them() {
    for (text, wanted) in [
        ("", KeyError::Empty),
        ("# nothing", KeyError::Empty),
        ("abcd", KeyError::Malformed { number: 1 }),
        (&format!("{OLD} {}", &NEW[2..]), KeyError::Malformed { number: 2 }),
        (&format!("{OLD}\n{OLD_BASE64}"), KeyError::Twice { id: Keys::parse(OLD).unwrap().newest_id() }),
    ] {
        let fault = Keys::parse(text).unwrap_err();
        assert_eq!(fault, wanted);
        assert!(!format!("{fault} {fault:?}").contains("0405"));
    }
    assert!(!format!("{:?}", Keys::parse(OLD).unwrap()).contains("0405"));
}

#[test]
fn blind_index_differs_by_text_kind_and_key() {
    let (old, new) = (Keys::parse(OLD).unwrap(), Keys::parse(NEW).unwrap());
    let indexes = [
        old.blind("id_number", "1"),
        old.blind("id_number", "2"),
        old.blind("phone", "1"),
        old.blind("phone1", ""),
        new.blind("id_number", "1"),
    ];
    assert_eq!(indexes.iter().collect::<BTreeSet<_>>().len(), indexes.len());
    assert_eq!(old.blind("phone", "1"), Keys::parse(OLD).unwrap().blind("phone", "1"));
}

#[cfg(unix)]
#[test]
fn key_file_is_private_and_never_replaced() {
    use std::fs::{Permissions, metadata, read_dir, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("yilian.key");
    let made = create_key_file(&path).unwrap();
    assert_eq!(metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(Keys::from_file(&path).unwrap().ids(), made.ids());
    assert!(matches!(create_key_file(&path), Err(KeyError::Exists { .. })));
    let two = add_key_to_file(&path).unwrap();
    assert_eq!((two.ids().len(), two.ids()[0]), (2, made.newest_id()));
    assert_eq!(keep_newest_in_file(&path).unwrap().ids(), [two.newest_id()]);
    assert_eq!(read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
    for mode in [0o640, 0o604, 0o660] {
        set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        assert!(matches!(Keys::from_file(&path), Err(KeyError::Permissions { .. })));
    }
    assert!(matches!(Keys::from_file(&folder.path().join("none")), Err(KeyError::Read { .. })));
}

#[test]
fn database_refuses_a_ring_that_is_not_its_own() {
    each_database(&[], |db| {
        let (old, new) = (Keys::parse(OLD).unwrap(), Keys::parse(NEW).unwrap());
        let mut s = session(db);
        let attached = old.clone().attach(&mut s).unwrap();
        assert_eq!(new.clone().attach(&mut s).unwrap_err(), KeyError::Missing { id: old.newest_id() });
        // With a second key in the ring, new data are sealed with it; the index stays what the database has.
        let both = Keys::parse(&format!("{OLD}\n{NEW}")).unwrap().attach(&mut s).unwrap();
        assert_eq!(both.newest_id(), new.newest_id());
        assert_eq!(both.blind("phone", "1"), attached.blind("phone", "1"));
        assert_eq!(old.attach(&mut s).unwrap_err(), KeyError::Missing { id: new.newest_id() });
        s.exec(
            "UPDATE key_mark SET mark = $1 WHERE id = $2",
            &[both.seal("x", b"y").into(), both.newest_id().to_string().into()],
        )
        .unwrap();
        assert_eq!(both.attach(&mut s).unwrap_err(), KeyError::Seal(SealError::Tampered));
    });
}

/// Prints the speed; run with `--ignored --nocapture`.
#[test]
#[ignore = "a measurement, not a test"]
fn speed_of_sealing() {
    let keys = Keys::generate();
    let since = Instant::now();
    let blobs: Vec<_> = (0..160_000).map(|n| keys.seal(&format!("person {n}"), &[7; 120])).collect();
    eprintln!("160,000 sealed in {:?}", since.elapsed());
    let since = Instant::now();
    assert!(blobs.iter().enumerate().all(|(n, blob)| keys.open(&format!("person {n}"), blob).is_ok()));
    eprintln!("160,000 opened in {:?}", since.elapsed());
    let since = Instant::now();
    let odd = (0..160_000).filter(|n| keys.blind("id_number", &format!("65300119500101{n:04}"))[0] & 1 == 1).count();
    eprintln!("160,000 indexed in {:?} ({odd})", since.elapsed());
}
