//! What sources said is kept from night to night; what a snapshot says is what it says when everything is read.

use kernel::PersonId;
use policy::value::Value;
use registry::acts::{self, Act, Registers, Says};
use registry::ingest::{IngestOptions, Ingester, ListState};
use registry::linking::{self, State};
use registry::quarantine::Correction;
use registry::snapshot::{self, Moment, Snapshot};
use registry::sources::Catalogue;

use crate::desk::{COMMUNITY, Desk, ELSEWHERE, POPULATION, VILLAGE, birth, day, desks, number, pack, person, village};
use crate::imprints::Dice;
use crate::linking::{decide, link, mistyped, take_back};
use crate::merging::{join, split};

const SURVEY: &str = "公民身份号码,居住情况,姓名,子女数,摸排日期,居住地区划代码";
const LOW_INCOME: &str = "公民身份号码,姓名,享受起始日期";
const DOCTORS: &str = "公民身份号码,姓名,签约日期,协议到期日期";
const STAYS: &str = "公民身份号码,姓名,机构编码,入住日期,离院日期";
const DEATHS: &str = "公民身份号码,姓名,死亡日期";

/// Everything a snapshot says, a line a cell.
fn told(snapshot: &Snapshot) -> Vec<String> {
    let mut told = vec![format!("{:?}", snapshot.spoken)];
    told.extend(snapshot.conflicts.iter().map(|conflict| format!("{conflict:?}")));
    for table in snapshot.population.tables() {
        for (key, column) in table.columns() {
            let cells = table.ids().iter().enumerate().map(|(row, id)| (id, column.get(row)));
            told.extend(cells.map(|(id, value)| format!("{} {key} {id} {:?} {value:?}", table.entity(), column.ty())));
        }
    }
    told
}

/// Takes the snapshots of a night, and of later days, with what is kept; each says what it says without.
fn night(desk: &Desk<'_>, catalogue: &Catalogue, on: &str, about: &str) -> Snapshot {
    let mut session = desk.session();
    let pack = &pack().0;
    let last_list = acts::seal(&mut session).unwrap();
    let mut tonight = None;
    for later in [0, 1, 90, 700] {
        let as_of = day(on).checked_add_days(chrono::Days::new(later)).unwrap();
        let given = (&desk.keys, catalogue, pack);
        let whole = snapshot::load(&mut session, given.0, given.1, given.2, &Moment::on(as_of)).unwrap();
        let moment = Moment { last_list, ..Moment::on(as_of) };
        let load = if later == 0 { snapshot::load_and_keep } else { snapshot::load };
        let reused = load(&mut session, given.0, given.1, given.2, &moment).unwrap();
        for (one, other) in told(&reused).iter().zip(&told(&whole)) {
            assert_eq!(one, other, "{about} as of {as_of}");
        }
        assert_eq!(told(&reused).len(), told(&whole).len(), "{about} as of {as_of}");
        assert_eq!(whole.reuse.sources, 0);
        tonight.get_or_insert(reused);
    }
    let month_before = chrono::Datelike::with_day(&day(on), 1).unwrap().pred_opt().unwrap();
    measured(desk, catalogue, Moment { last_list, ..Moment::on(month_before) }, about);
    snapshot::keep_only(&mut session, &desk.keys, catalogue, pack, &[month_before, day(on)]).unwrap();
    tonight.unwrap()
}

/// Takes some facts of an earlier day with what is kept of it; they are those of a snapshot with all facts.
fn measured(desk: &Desk<'_>, catalogue: &Catalogue, moment: Moment, about: &str) {
    let mut session = desk.session();
    let (keys, pack) = (&desk.keys, &pack().0);
    let facts = ["low_income_allowance", "children_count", "death_date", "ability_level"];
    let only = facts.map(|key| ("person".to_owned(), key.to_owned())).into();
    let whole = snapshot::load(&mut session, keys, catalogue, pack, &Moment::on(moment.as_of)).unwrap().population;
    let some = snapshot::load_some_and_keep(&mut session, keys, catalogue, pack, (&moment, &only), None).unwrap();
    assert!(some.table("visit").is_none());
    let (whole, some) = (whole.table("person").unwrap(), some.table("person").unwrap());
    assert_eq!(some.ids(), whole.ids(), "{about} as of {}", moment.as_of);
    for key in facts.iter().chain(&["residence_division", "hukou_division"]) {
        for (row, id) in whole.ids().iter().enumerate() {
            assert_eq!(some.get(row, key), whole.get(row, key), "{about}: {key} of {id} as of {}", moment.as_of);
        }
    }
}

fn survey(n: u16, dice: &mut Dice, on: &str) -> String {
    let lives = ["独居", "和子女", ""][dice.below(3) as usize];
    let since = if dice.one_in(2) { on } else { "" };
    let name = if dice.one_in(9) { format!("乙{n}") } else { format!("甲{n}") };
    format!("{},{lives},{name},{},{since},{VILLAGE}", number(n), dice.below(3))
}

/// Some of the first people, each with a row.
fn some(dice: &mut Dice, of: u16, row: impl Fn(u16, &mut Dice) -> String) -> Vec<String> {
    let mut rows = Vec::new();
    for n in 1..=of {
        if !dice.one_in(4) {
            rows.push(row(n, dice));
        }
    }
    rows
}

/// What befell a list since it came last.
fn change(rows: &mut Vec<String>, dice: &mut Dice, row: impl Fn(u16, &mut Dice) -> String) {
    for at in (0..rows.len()).rev() {
        let n = u16::try_from(dice.below(34)).unwrap() + 1;
        match dice.below(25) {
            0 => drop(rows.remove(at)),
            1 => rows.insert(at, row(n, dice)),
            2 => rows[at] = rows[at].replacen(&number(n), &mistyped(n), 1),
            _ => {}
        }
    }
}

/// Something that is not a list: a word on a pair, a merge, a split, a correction, an act.
fn between(desk: &Desk<'_>, dice: &mut Dice, on: &str, lists: &[kernel::ListId]) {
    let mut session = desk.session();
    for pair in linking::open_pairs(&mut session).unwrap() {
        let verdict = [State::Same, State::Different][dice.below(2) as usize];
        let _ = decide(desk, pair.pair.id, verdict, on);
    }
    let mut standing = session.query("SELECT id FROM link_candidate WHERE state = 'same' ORDER BY id", &[]).unwrap();
    standing.retain(|_| dice.one_in(2));
    for pair in &standing {
        let _ = take_back(desk, pair.int(0).unwrap(), on);
    }
    let (kept, gone) = (dice.below(30) as i64 + 1, dice.below(30) as i64 + 1);
    if let Ok(merge) = join(desk, kept, gone, on).or_else(|_| join(desk, gone, kept, on)) {
        assert!(merge.kept != merge.gone);
    }
    if dice.one_in(2) {
        for merge in session.query("SELECT id FROM person_merge ORDER BY id", &[]).unwrap() {
            if dice.one_in(3) {
                let _ = split(desk, merge.int(0).unwrap(), on);
            }
        }
    }
    for list in lists {
        let row = dice.below(30) + 2;
        let n = u16::try_from(dice.below(34)).unwrap() + 1;
        let cells = [("公民身份号码", number(n)), ("出生日期", birth(n)), ("姓名", format!("正{n}"))];
        let cells = cells.map(|(column, cell)| (column.to_owned(), cell)).into();
        let _ = desk.ingester().correct(*list, vec![Correction { row, cells }], &IngestOptions::on(day(on)));
    }
    let (pack, catalogue) = pack();
    let registers = Registers { keys: &desk.keys, catalogue, dictionary: &pack.dictionary };
    let at = day(on).and_hms_opt(4, 0, 0).unwrap().and_utc();
    let facts = [("children_count", Value::Int(dice.below(4) as i64))];
    let says = Says::Facts { facts: &facts, from: day(on), until: None };
    let person = PersonId(dice.below(20) as i64 + 1);
    let key = format!("ask/{on}");
    let actor = "U00000007";
    let act = Act { source: "own_answers", person, key: &key, actor, on: day(on), at, says, corrects: None };
    let _ = desk.session().transaction(|tx| registers.record(tx, &act));
}

/// The national sources with one text put for another.
fn other_catalogue(from: &str, to: &str) -> Catalogue {
    let packs = testkit::repository().join("packs");
    let text = std::fs::read_to_string(packs.join("national/sources.toml")).unwrap();
    assert!(text.contains(from), "{from}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sources.toml");
    std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
    Catalogue::load(&path, &pack().0.dictionary).expect("sound")
}

fn nights(desk: &Desk<'_>, seed: u64) -> (usize, usize) {
    let (pack, national) = pack();
    let other = other_catalogue("gives = \"children_in_village\"", "gives = \"ignore\"");
    let mut dice = Dice(seed);
    let mut people = village(30);
    let mut lists = Vec::new();
    let (mut alone, mut poor) = (Vec::new(), Vec::new());
    let (mut reused, mut read) = (0, 0);
    for at in 1..9_u64 {
        let date = day("2026-09-20").checked_add_days(chrono::Days::new(at * 4)).unwrap();
        let (on, soon) =
            (date.to_string(), date.checked_add_days(chrono::Days::new(dice.below(9))).unwrap().to_string());
        // Another description of a source makes another layout, and of what was kept nothing holds.
        let catalogue = if at == 6 { &other } else { national };
        let mut take = |name: &str, header: &str, rows: &[String]| {
            let path = desk.list(name, header, rows);
            let options = IngestOptions { force_close: true, ..desk.options(&path) };
            let mut ingester = Ingester::new(desk.database, &desk.keys, catalogue, &pack.divisions, &pack.roots);
            let report = ingester.file(&path, &options).unwrap();
            lists.extend(report.list.filter(|_| report.state == ListState::Accepted));
        };
        change(&mut people, &mut dice, |n, dice| {
            person(n, &format!("甲{n}"), [VILLAGE, COMMUNITY, ELSEWHERE][dice.below(3) as usize])
        });
        if at == 1 {
            alone = some(&mut dice, 30, |n, dice| survey(n, dice, &on));
            poor = some(&mut dice, 20, |n, _| format!("{},甲{n},", number(n)));
        }
        change(&mut alone, &mut dice, |n, dice| survey(n, dice, &on));
        change(&mut poor, &mut dice, |n, _| format!("{},甲{n},{soon}", number(n)));
        let late = if dice.one_in(5) { day("2026-09-21").to_string() } else { on.clone() };
        take(&format!("population_{late}.csv"), POPULATION, &people);
        take(&format!("village_survey_{on}.csv"), SURVEY, &alone);
        if dice.one_in(2) {
            take(&format!("low_income_{on}.csv"), LOW_INCOME, &poor);
        }
        if dice.one_in(3) {
            let doctors = some(&mut dice, 30, |n, dice| {
                let until = date.checked_add_days(chrono::Days::new(dice.below(200))).unwrap();
                format!("{},甲{n},{on},{until}", number(n))
            });
            take(&format!("family_doctors_{on}.csv"), DOCTORS, &doctors);
        }
        if dice.one_in(3) {
            let stays = some(&mut dice, 9, |n, dice| {
                let left = if dice.one_in(2) { soon.as_str() } else { "" };
                format!("{},甲{n},J1,{on},{left}", number(n))
            });
            take(&format!("institution_stays_{on}.csv"), STAYS, &stays);
        }
        if dice.one_in(3) {
            let n = u16::try_from(dice.below(34)).unwrap() + 1;
            take(&format!("deaths_{on}.csv"), DEATHS, &[format!("{},甲{n},{on}", number(n))]);
        }
        link(desk, &on);
        if dice.one_in(2) {
            between(desk, &mut dice, &on, &lists);
        }
        let about = format!("seed {seed}, night {at}");
        let tonight = night(desk, catalogue, &on, &about);
        let anew = at == 1 || at == 6 || at == 7;
        assert_eq!(tonight.reuse.sources == 0, anew, "{about}");
        (reused, read) = (reused + tonight.reuse.sources * usize::from(!anew), read + tonight.reuse.people);
    }
    (reused, read)
}

#[test]
fn snapshots_say_the_same_with_what_is_kept_and_without() {
    for seed in 1..5 {
        desks(|desk| {
            let (sources, people) = nights(desk, seed);
            assert!(sources > 60, "{sources}");
            assert!(people < sources * 15, "{people} people of {sources} sources");
            let days = desk.session().query("SELECT DISTINCT as_of FROM snapshot_kept_head", &[]).unwrap().len();
            let parts = "SELECT made FROM snapshot_kept WHERE made NOT IN (SELECT made FROM snapshot_kept_head)";
            assert_eq!((days, desk.session().query(parts, &[]).unwrap().len()), (2, 0));
        });
    }
}

/// The number with its last digit but one changed: the checksum tells.
fn slipped(n: u16) -> String {
    let number = number(n);
    let digit = if number.as_bytes()[16] == b'0' { '1' } else { '0' };
    format!("{}{digit}{}", &number[..16], &number[17..])
}

#[test]
fn what_a_row_out_of_quarantine_ends_for_an_old_list_is_seen() {
    desks(|desk| {
        let catalogue = &pack().1;
        desk.population("2026-10-01", &village(31));
        let mut rows: Vec<String> = (1..=30).map(|n| format!("{},甲{n},", number(n))).collect();
        desk.accept("low_income_2026-10-02.csv", LOW_INCOME, &rows);
        rows[1] = format!("{},甲2,", slipped(2));
        let report = desk.accept("low_income_2026-11-02.csv", LOW_INCOME, &rows);
        assert_eq!(report.kept, 1);
        assert_eq!(night(desk, catalogue, "2026-11-03", "anew").reuse.sources, 0);
        let cells = [("公民身份号码".to_owned(), number(31)), ("姓名".to_owned(), "甲31".to_owned())].into();
        let options = IngestOptions::on(day("2026-11-04"));
        desk.ingester().correct(report.list.unwrap(), vec![Correction { row: 3, cells }], &options).unwrap();
        let tonight = night(desk, catalogue, "2026-11-05", "corrected");
        let person = tonight.population.table("person").unwrap();
        let receives = |n| person.get(person.row_of(desk.id(n).0).unwrap(), "low_income_allowance");
        assert_eq!((receives(2), receives(31)), (Value::Bool(false), Value::Bool(true)));
        assert!(tonight.reuse.sources > 0);
    });
}

#[test]
fn what_is_lost_or_damaged_is_read_and_kept_again() {
    desks(|desk| {
        let catalogue = &pack().1;
        desk.population("2026-10-01", &village(30));
        let rows: Vec<String> = (1..=30).map(|n| format!("{},独居,甲{n},1,,{VILLAGE}", number(n))).collect();
        desk.accept("village_survey_2026-10-02.csv", SURVEY, &rows);
        let mut session = desk.session();
        let damages = [
            "UPDATE snapshot_kept_head SET reading = ''",
            "DELETE FROM snapshot_kept WHERE source = ''",
            "DELETE FROM snapshot_kept WHERE part = 0",
            "DELETE FROM snapshot_kept WHERE part = 0 AND source = 'population'",
            "DELETE FROM snapshot_kept WHERE source = 'population' AND part = 2",
            "DELETE FROM snapshot_kept WHERE part > 0",
            "UPDATE snapshot_kept SET sealed = (SELECT identity FROM person WHERE id = 1) WHERE part = 1",
            "DELETE FROM snapshot_kept",
        ];
        let mut date = day("2026-10-03");
        let mut next = |about: &str| {
            date = date.succ_opt().unwrap();
            night(desk, catalogue, &date.to_string(), about)
        };
        next("first");
        let all = next("undisturbed").reuse.sources;
        assert!(all > 10, "{all}");
        for damage in damages {
            assert_eq!(next("undisturbed").reuse.sources, all, "before {damage}");
            session.exec(damage, &[]).unwrap();
            next(damage);
            next("kept anew");
        }
        assert_eq!(next("undisturbed").reuse.sources, all);
    });
}

#[test]
fn where_much_has_changed_everything_is_read_and_kept_anew() {
    desks(|desk| {
        let catalogue = &pack().1;
        desk.population("2026-10-01", &village(1_200));
        night(desk, catalogue, "2026-10-02", "first");
        let rows: Vec<String> = (1..=1_200).map(|n| format!("{},独居,甲{n},1,,{VILLAGE}", number(n))).collect();
        desk.accept("village_survey_2026-10-03.csv", SURVEY, &rows);
        assert_eq!(night(desk, catalogue, "2026-10-04", "a survey").reuse.sources, 0);
        let tonight = night(desk, catalogue, "2026-10-05", "nothing new").reuse;
        assert!(tonight.sources > 10 && tonight.people == 0, "{tonight:?}");
    });
}

#[test]
fn what_is_kept_can_be_read_by_the_keys_only_and_says_nothing_of_a_later_day() {
    desks(|desk| {
        let catalogue = &pack().1;
        desk.population("2026-10-01", &village(30));
        night(desk, catalogue, "2026-10-05", "first");
        assert_eq!(night(desk, catalogue, "2026-09-29", "earlier").reuse.sources, 0);
        assert!(night(desk, catalogue, "2026-10-05", "again").reuse.sources > 10, "an earlier day changes nothing");
        let mut session = desk.session();
        let kept = session.query("SELECT made, source, part, sealed FROM snapshot_kept", &[]).unwrap();
        assert!(kept.len() > 10);
        for row in &kept {
            let (made, source, part) = (row.int(0).unwrap(), row.text(1).unwrap(), row.int(2).unwrap());
            desk.keys.open(&format!("snapshot_kept {made} {source} {part}"), row.blob(3).unwrap()).unwrap();
            assert!(!row.blob(3).unwrap().windows(12).any(|some| some == VILLAGE.as_bytes()));
        }
    });
}
