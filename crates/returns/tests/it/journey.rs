//! Made, verified, loaded, asked; and what is refused.

use std::fs;
use std::path::{Path, PathBuf};

use kernel::Date;
use returns::{ReturnError, ReturnFault, Standing, Trust, Verdict};
use store::{Database, Keys};

use crate::{COUNTY, County, county, day};

fn trust_of(county: &County) -> Vec<Trust> {
    let public_key = county.signer.public_key();
    vec![Trust { county: crate::county(), public_key, trusted_on: day(), withdrawn_on: None }]
}

fn faults(county: &County, folder: &Path, trusted: &[Trust]) -> Vec<ReturnFault> {
    returns::verify(folder, &county.agreement, &county.pack.dictionary, trusted).err().unwrap_or_default()
}

fn copy_of(folder: &Path) -> (tempfile::TempDir, PathBuf) {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    let path = copy.path().to_owned();
    (copy, path)
}

#[test]
fn a_return_is_loaded_once_and_the_next_revision_takes_its_place() {
    let sender = County::new();
    let first = sender.make();
    assert_eq!((first.manifest.revision, first.unchanged), (1, false));
    assert!(sender.make().unchanged, "the same night is not made twice");
    sender.night(1);
    let second = sender.make();
    assert_eq!(second.manifest.revision, 2);
    testkit::each_database(returns::MIGRATIONS, |database| {
        let keys = testkit::keys_for(database);
        let kept = tempfile::tempdir().unwrap();
        let session = &mut database.session().unwrap();
        let when = (day(), chrono::DateTime::UNIX_EPOCH, "U1");
        returns::trust(session, &keys, (county(), &sender.signer.public_key()), when).unwrap();
        let trusted = returns::trusted(session).unwrap();
        let load = |folder: &Path| {
            let verified =
                returns::verify(folder, &sender.agreement, &sender.pack.dictionary, &trusted).expect("a sound return");
            returns::load(&mut database.session().unwrap(), &keys, &verified, kept.path(), when)
        };
        assert!(!returns::holds_any(session).unwrap());
        assert!(!load(&first.folder).unwrap().known);
        assert!(returns::holds_any(session).unwrap());
        assert!(load(&first.folder).unwrap().known);
        assert!(!load(&second.folder).unwrap().known);
        assert!(matches!(load(&first.folder), Err(ReturnError::Older { revision: 1, standing: 2, .. })));
        assert!(kept.path().join("county=653001/as_of=2026-11-20/revision=2/return_person.parquet").exists());
        asked(database, &sender);
        assert!(audited(database, &keys) >= 3, "trust and both loads stand in the audit trail");
    });
}

/// A table of `yilian-cluster measure` with these lines.
fn measured(folder: &Path, lines: &str) -> Result<returns::MeasuredLakes, ReturnError> {
    let head = "lake,indicator,division,period_start,period_end,numerator,denominator,unknown";
    let path = folder.join("indicators.csv");
    fs::write(&path, format!("{head}\n{lines}")).unwrap();
    returns::MeasuredLakes::read(&path)
}

fn held_against_lakes(session: &mut store::Session, mine: &returns::CountyLine, indicator: &str) {
    let folder = tempfile::tempdir().unwrap();
    let mut told = |lines: &str| {
        let lines = measured(folder.path(), lines).unwrap().beside(session, mine).unwrap();
        lines.iter().map(|line| (line.division.to_string(), line.verdict)).collect::<Vec<_>>()
    };
    let line =
        |lake: &str, division: &str, of: &str| format!("{lake},{indicator},{division},2026-11-20,2026-11-20,{of}\n");
    let county = |verdict| ("653001".to_owned(), verdict);
    assert_eq!(told(&line("653001", "653001", "60,150,0"))[0], county(Verdict::Same));
    for other in ["61,150,0", "60,151,0", "60,150,1", "60,,0"] {
        assert_eq!(told(&line("653001", "653001", other))[0], county(Verdict::Differs), "{other}");
    }
    // Another county's lake holds some of the same people: the county's own counts.
    let both = line("653022", "653001", "3,4,0") + &line("653001", "653001", "60,150,0");
    assert_eq!(told(&both)[0], county(Verdict::Same));
    let others = line("653022", "653001", "60,150,0") + &line("653023", "653001", "60,150,0");
    assert_eq!(told(&others)[0], county(Verdict::Unmeasured));
    assert_eq!(told(&line("*", "653001", "60,150,0"))[0], county(Verdict::Unmeasured));
    let township = told(&line("653001", "653001001", "57,145,0"));
    assert_eq!(township[1], ("653001001".to_owned(), Verdict::Untold), "what is too small stays untold");
    let broken = measured(folder.path(), "653001,I,here,2026-11-20,soon,many,150,0\n653001,I,653001,2026-11-20");
    let Err(ReturnError::Faults(faults)) = broken else { panic!("a broken table is refused") };
    let cells: Vec<_> = faults.iter().map(|fault| fault.cause().zh).collect();
    assert_eq!(cells.len(), 6, "{cells:?}");
    assert_eq!(cells[0], "indicators.csv 第 2 行 division：读不懂“here”");
    fs::write(folder.path().join("other.csv"), "lake,indicator\n").unwrap();
    let other = returns::MeasuredLakes::read(&folder.path().join("other.csv"));
    assert!(matches!(other, Err(ReturnError::Faults(faults)) if faults.len() == 6));
}

fn audited(database: &Database, keys: &Keys) -> usize {
    let report = store::audit::verify(&mut database.session().unwrap(), keys).unwrap();
    usize::try_from(report.entries).unwrap()
}

fn asked(database: &Database, sender: &County) {
    let session = &mut database.session().unwrap();
    let status = |session: &mut store::Session, on: &str| {
        let on: Date = kernel::parse_date(on).unwrap();
        let region = "6530".parse().unwrap();
        returns::status(session, &sender.pack.divisions, &sender.agreement, (region, on)).unwrap()
    };
    let lines = status(session, "2026-11-22");
    assert_eq!(lines.len(), 4, "every county of the prefecture has a line");
    let mine = lines.iter().find(|line| line.county == county()).unwrap();
    assert_eq!((mine.standing, mine.revision, mine.trusted), (Standing::Fresh, Some(2), true));
    assert!(lines.iter().filter(|line| line.county != county()).all(|line| line.standing == Standing::Missing));
    let late = status(session, "2026-11-30");
    assert_eq!(late.iter().find(|line| line.county == county()).unwrap().standing, Standing::Stale);

    let load = mine.load.unwrap();
    let rules = returns::rules(session, load).unwrap();
    let told = |division: &str, rule: &str| {
        rules
            .iter()
            .find(|l| l.division.to_string() == division && l.rule == rule)
            .map(|l| (l.met, l.not_met, l.unknown))
    };
    let rule = &sender.pack.rules.iter().find(|rule| rule.entity == "person").unwrap().id;
    assert!(told(COUNTY, rule).is_some());
    assert_eq!(told("653001002", rule), Some((None, None, None)), "seven people of a township are too few");
    assert_eq!(told("653001001", rule), Some((None, None, None)), "or the total would give them away");
    let indicators = returns::indicators(session, load).unwrap();
    let whole = indicators.iter().find(|i| i.division == county()).unwrap();
    assert_eq!((whole.numerator, whole.denominator), (Some(60.0), Some(150.0)));
    assert!(indicators.iter().filter(|i| i.division != county()).all(|i| i.value.is_none() && i.state == "small"));
    held_against_lakes(session, mine, &whole.indicator);
}

#[test]
fn people_leave_without_number_or_name_and_with_agreed_facts_only() {
    let sender = County::new();
    let made = sender.make();
    let people = lake::read_table("return_person", &[made.folder.join("return_person.parquet")]).unwrap();
    assert_eq!(people.rows(), 150, "whom no rule concerns stays in the county");
    assert_eq!(people.columns().len(), sender.agreement.person_facts.len() + 1);
    let name = people.get(0, "person");
    assert_eq!(name.as_text().unwrap().len(), 32);
    let again = County { folder: tempfile::tempdir().unwrap(), keys: store::Keys::generate(), ..County::new() };
    again.night(0);
    let other = lake::read_table("return_person", &[again.make().folder.join("return_person.parquet")]).unwrap();
    assert!((0..other.rows()).all(|row| other.get(row, "person") != name), "another installation names them otherwise");
}

#[test]
fn whatever_is_changed_on_the_way_is_found() {
    let sender = County::new();
    let made = sender.make();
    let trusted = trust_of(&sender);
    assert!(faults(&sender, &made.folder, &trusted).is_empty());
    let changed = |change: &dyn Fn(&Path)| {
        let (_copy, folder) = copy_of(&made.folder);
        change(&folder);
        faults(&sender, &folder, &trusted)
    };
    let file = |name: &str| name.to_owned();
    let flipped = changed(&|folder| {
        let path = folder.join("return_rule.parquet");
        let mut bytes = fs::read(&path).unwrap();
        let at = bytes.len() / 2;
        bytes[at] ^= 1;
        fs::write(path, bytes).unwrap();
    });
    assert_eq!(flipped, [ReturnFault::Changed { file: file("return_rule.parquet") }]);
    let several = changed(&|folder| {
        fs::remove_file(folder.join("return_place.parquet")).unwrap();
        fs::write(folder.join("note.txt"), "hello").unwrap();
        let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
        fs::write(folder.join("manifest.json"), manifest.replace("\"revision\": 1", "\"revision\": 9")).unwrap();
    });
    for fault in [
        ReturnFault::Signature,
        ReturnFault::Missing { file: file("return_place.parquet") },
        ReturnFault::Extra { file: file("note.txt") },
    ] {
        assert!(several.contains(&fault), "{fault} is not among {several:?}");
    }
    let unsigned = changed(&|folder| fs::remove_file(folder.join("manifest.sig")).unwrap());
    assert!(unsigned.contains(&ReturnFault::Missing { file: file("manifest.sig") }), "{unsigned:?}");
    let torn = changed(&|folder| fs::write(folder.join("manifest.json"), "{").unwrap());
    assert!(matches!(torn.as_slice(), [ReturnFault::Manifest { .. }]), "{torn:?}");
    for fault in flipped.iter().chain(&several) {
        assert!(!fault.cause().zh.is_empty() && !fault.remedy().en.is_empty());
    }
}

#[test]
fn a_key_that_is_not_believed_proves_nothing() {
    let sender = County::new();
    let made = sender.make();
    let (county, key) = (county(), sender.signer.public_key());
    assert_eq!(faults(&sender, &made.folder, &[]), [ReturnFault::Untrusted { county, key: key.clone() }]);
    let mut withdrawn = trust_of(&sender);
    withdrawn[0].withdrawn_on = Some(day());
    assert_eq!(faults(&sender, &made.folder, &withdrawn), [ReturnFault::Withdrawn { county, key: key.clone() }]);
    let mut elsewhere = trust_of(&sender);
    elsewhere[0].county = "653022".parse().unwrap();
    assert_eq!(faults(&sender, &made.folder, &elsewhere), [ReturnFault::Untrusted { county, key }]);
}
