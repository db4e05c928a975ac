//! Old keys can be thrown away, at once or after being interrupted, and nothing is lost.

use store::keys::{IndexColumn, Resealer, Rotation, rotate};
use store::{Database, KeyError, Keys, Migration, SealError, Value, audit};
use testkit::each_database;

use crate::session;

const OLD: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const NEW: &str = "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";
const COUNT: i64 = 4_500;

const PEOPLE: &[Migration] = &[Migration {
    context: "people",
    id: 1,
    name: "people",
    sql: "CREATE TABLE person (part BIGINT, id BIGINT, sealed BYTEA, phone BYTEA UNIQUE, PRIMARY KEY (part, id));",
}];

const RESEALER: Resealer = Resealer {
    table: "person",
    key: &["part", "id"],
    blob: "sealed",
    context: |key| format!("person {key:?}"),
    indexes: &[IndexColumn { column: "phone", kind: "phone", text: phone_of }],
};

fn phone_of(plaintext: &[u8]) -> Option<String> {
    Some(String::from_utf8(plaintext.to_vec()).ok()?).filter(|phone| !phone.is_empty())
}

/// Sealed phones for all, except that every tenth has none and every 100th nothing sealed at all.
fn fill(db: &Database, keys: &Keys) {
    let rows = (0..COUNT).map(|n| {
        let key = [Value::Int(n % 2), Value::Int(n)];
        let phone = phone(n);
        let index = phone.as_ref().map(|phone| keys.blind("phone", phone));
        let blob = (n % 100 != 0).then(|| keys.seal(&(RESEALER.context)(&key), phone.unwrap_or_default().as_bytes()));
        let [part, id] = key;
        [part, id, blob.into(), index.into()]
    });
    session(db).bulk_insert("person", &["part", "id", "sealed", "phone"], rows).unwrap();
}

fn phone(n: i64) -> Option<String> {
    (n % 10 != 0).then(|| format!("1390000{n:04}"))
}

fn both() -> Keys {
    Keys::parse(&format!("{OLD} {NEW}")).unwrap()
}

fn assert_all_on_new_key(db: &Database) {
    let mut s = session(db);
    let new = Keys::parse(NEW).unwrap().attach(&mut s).expect("the old key is needed no more");
    let rows = s.query("SELECT part, id, sealed, phone FROM person WHERE sealed IS NOT NULL", &[]).unwrap();
    assert_eq!(rows.len(), 4_455);
    for row in rows {
        let key = [row.value(0).unwrap(), row.value(1).unwrap()];
        let plaintext = new.open(&(RESEALER.context)(&key), row.blob(2).unwrap()).unwrap();
        let phone = phone(row.int(1).unwrap());
        assert_eq!(plaintext, phone.clone().unwrap_or_default().as_bytes());
        let index = phone.map(|phone| new.blind("phone", &phone));
        assert_eq!(row.opt_blob(3).unwrap(), index.as_ref().map(|index| &index[..]));
    }
    assert!(audit::verify(&mut s, &new).unwrap().faults.is_empty());
}

#[test]
fn rotation_moves_everything_to_the_new_key() {
    each_database(PEOPLE, |db| {
        let mut s = session(db);
        fill(db, &Keys::parse(OLD).unwrap().attach(&mut s).unwrap());
        let keys = both().attach(&mut s).unwrap();
        let mut told = Vec::new();
        let rotation = rotate(&mut s, &keys, &[RESEALER], &mut |_, done| told.push(done)).unwrap();
        assert_eq!(rotation, Rotation { resealed: 4_455, indexed: 4_455 });
        assert_eq!(told, [2_000, 4_000, 4_455]);
        assert_all_on_new_key(db);
        let keys = both().attach(&mut s).unwrap();
        let again = rotate(&mut s, &keys, &[RESEALER], &mut |_, _| {}).unwrap();
        assert_eq!(again.resealed, 0);
    });
}

#[test]
fn interrupted_rotation_keeps_lookups_right_and_goes_on() {
    each_database(PEOPLE, |db| {
        let mut s = session(db);
        fill(db, &Keys::parse(OLD).unwrap().attach(&mut s).unwrap());
        let keys = both().attach(&mut s).unwrap();
        // A row in the third batch that does not open stops the rotation there.
        let sealed = "UPDATE person SET sealed = $1 WHERE part = 1 AND id = 4499";
        s.exec(sealed, &[Keys::parse(OLD).unwrap().seal("elsewhere", b"13900004499").into()]).unwrap();
        let stopped = rotate(&mut s, &keys, &[RESEALER], &mut |_, _| {});
        assert_eq!(stopped, Err(KeyError::Blob { table: "person".to_owned(), cause: SealError::Tampered }));
        let found = s.query("SELECT id FROM person WHERE phone = $1", &[keys.blind("phone", "13900000001").into()]);
        assert_eq!(found.unwrap().len(), 1, "the index is still the old key's");
        let missing = Keys::parse(NEW).unwrap().attach(&mut s).unwrap_err();
        assert!(matches!(missing, KeyError::Missing { .. }), "the old key is still needed");
        let place = (RESEALER.context)(&[Value::Int(1), Value::Int(4_499)]);
        s.exec(sealed, &[keys.seal(&place, b"13900004499").into()]).unwrap();
        let rotation = rotate(&mut s, &keys, &[RESEALER], &mut |_, _| {}).unwrap();
        assert_eq!(rotation.resealed, 454, "what was done is not done again");
        assert_all_on_new_key(db);
    });
}
