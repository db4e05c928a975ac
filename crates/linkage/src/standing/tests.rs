//! Meeting by kept keys: the same pairs as a comparison of everyone, found without opening a record.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;

use super::score::score;
use super::*;
use crate::block::Index;
use crate::data::Data;
use crate::files::Loader;
use crate::model::Model;
use crate::train::{Effort, strangers};

const SPEC: &str = r#"
    split = ["name:first1", "birth_date:year"]
    largest_block = 6
    [[compare]]
    name = "id_number"
    kind = "id_number"
    frequency = false
    [[compare]]
    name = "name"
    kind = "name_chinese"
    [[compare]]
    name = "birth_date"
    kind = "date"
    [[compare]]
    name = "phone"
    kind = "phone"
    shared = true
    [[compare]]
    name = "address"
    kind = "address"
    [[compare]]
    name = "division"
    kind = "division"
    [[block]]
    on = ["id_number:last8"]
    [[block]]
    on = ["name", "birth_date"]
    [[block]]
    on = ["name:family", "division"]
    [[block]]
    on = ["phone"]
"#;

type Record = [String; 6];

fn record() -> impl Strategy<Value = Record> {
    let name = prop::sample::select(vec![
        "王小明",
        "王晓明",
        "王明",
        "古丽努尔·买买提",
        "古力努尔·买买提",
        "艾山·吐尔逊",
        "艾散·图尔荪",
        "",
    ]);
    let number = (0..3_u32, 1940..1944_u32, 1..4_u32, 0..4_u32).prop_map(|(region, year, day, n)| {
        ["", "653001194003071235", "65300119400307123", "65300119400307123X"]
            .get(n as usize)
            .filter(|_| n < 3 && day == 1)
            .map_or(format!("65300{region}{year}030{day}12{n}5"), ToString::to_string)
    });
    let date = prop::sample::select(vec!["1940-03-01", "1940-01-03", "1941-03-01", "1940-01-01", "soon", ""]);
    let phone = prop::sample::select(vec!["13999000001", "13999000010", "8613999000001", "0908-4222333", ""]);
    let address = prop::sample::select(vec![
        "帕米尔路5号院",
        "帕米尔路6号院",
        "帕米尔路a号院",
        "帕米尔路12号院",
        "友谊路5号院",
        "建外街道大北家园社区居民委员会25号楼4单元301室",
        "建外街道大北家园社区居民委员会25号楼4单元302室",
        "朝外街道大北家园社区居民委员会1号楼4单元9室",
        "1 osh st",
        "",
    ]);
    let division = prop::sample::select(vec!["653001101001", "653001101002", "653022102001", "6530", ""]);
    (number, name, date, phone, address, division)
        .prop_map(|(a, b, c, d, e, f)| [a, b.into(), c.into(), d.into(), e.into(), f.into()])
}

fn data(spec: &Spec, left: &[Record], right: &[Record]) -> Data {
    let mut loader = Loader::new(spec);
    for (is_left, rows) in [(false, right), (true, left)] {
        let header = ["id", "id_number", "name", "birth_date", "phone", "address", "division"];
        let rows = rows.iter().enumerate().map(|(at, row)| {
            let id = Cow::Owned(at.to_string());
            std::iter::once(id).chain(row.iter().map(|text| Cow::Borrowed(text.as_str()))).collect()
        });
        loader.table(Path::new("test"), is_left, &header, rows).unwrap();
    }
    loader.finish()
}

struct Made {
    plan: Plan,
    standing: Standing,
    rights: Vec<u32>,
}

fn made(spec: &Spec, left: &[Record], right: &[Record]) -> Made {
    let plan = Plan::of(&[spec]);
    let mut maker = KeyMaker::new(&plan, spec);
    let mut standing = Standing::new(&plan);
    standing.grow(left.len());
    left.iter().enumerate().for_each(|(at, row)| maker.write(row, standing.get_mut(at)));
    let mut rights = vec![0; right.len() * plan.width()];
    rights.chunks_exact_mut(plan.width()).zip(right).for_each(|(keys, row)| maker.write(row, keys));
    Made { plan, standing, rights }
}

fn query<'a>(spec: &'a Spec, made: &'a Made) -> Query<'a> {
    Query {
        spec,
        plan: &made.plan,
        standing: &made.standing,
        rights: &made.rights,
        counted: None,
        among: None,
        threads: 2,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_first_look_drops_no_pair_that_could_be_one_person(
        left in prop::collection::vec(record(), 1..30),
        right in prop::collection::vec(record(), 1..10),
    ) {
        let spec = Spec { largest_block: 1000, ..Spec::parse(SPEC).unwrap() };
        let (data, made) = (data(&spec, &left, &right), made(&spec, &left, &right));
        let model = Model::defaults(&spec, &data, &strangers(&spec, &data, Effort::default()));
        let least = 1e-2;
        let found = query(&spec, &made).run(&model, least, |_, _| false);
        let index = Index::build(&spec, &data);
        let (mut met, mut all) = (Vec::new(), Vec::new());
        for row in 0..right.len() as u32 {
            index.candidates(row, &mut met);
            all.extend(met.iter().map(|record| (*record, row)));
        }
        prop_assert_eq!(found.compared as usize, all.len());
        for pair in score(&query(&spec, &made), &data, &model, &found.frequencies, &all, |at| all[at]) {
            let both = (&left[pair.record as usize], &right[pair.row as usize]);
            let same = |other: &&Pair| (other.record, other.row) == (pair.record, pair.row);
            match (found.known.iter().find(same), found.open.iter().find(same)) {
                (Some(known), None) => prop_assert_eq!((known.odds, &known.levels), (pair.odds, &pair.levels)),
                (None, Some(open)) => prop_assert!(open.odds >= pair.odds, "{both:?}"),
                (None, None) => prop_assert!(pair.odds < least, "{both:?}"),
                _ => prop_assert!(false, "known and open: {both:?}"),
            }
        }
    }

    #[test]
    fn equal_values_have_equal_keys_and_rarity_is_counted_on_all_records(
        left in prop::collection::vec(record(), 1..30),
        right in prop::collection::vec(record(), 1..10),
    ) {
        let spec = Spec::parse(SPEC).unwrap();
        let (data, made) = (data(&spec, &left, &right), made(&spec, &left, &right));
        let model = Model::defaults(&spec, &data, &strangers(&spec, &data, Effort::default()));
        let found = query(&spec, &made).run(&model, 1e-3, |_, _| false);
        for field in 1..6 {
            for (row, keys) in made.rights.chunks_exact(made.plan.width()).enumerate() {
                let (value, key) = (data.right().row(row as u32)[field], made.plan.whole(field, keys));
                prop_assert_eq!(value == 0, key == 0);
                if value != 0 {
                    let rarity = found.frequencies.rarity(field, key);
                    prop_assert!((f64::from(rarity) - data.rarity(field, value)).abs() < 1e-3);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rows_meet_the_same_however_many_ask_at_a_time(
        left in prop::collection::vec(record(), 1..60),
        right in prop::collection::vec(record(), 1..30),
        at_once in 1_usize..10,
    ) {
        let spec = Spec::parse(SPEC).unwrap();
        let (data, all) = (data(&spec, &left, &right), made(&spec, &left, &right));
        let model = Model::defaults(&spec, &data, &strangers(&spec, &data, Effort::default()));
        let apart = |record: u32, row: u32| record.is_multiple_of(7) && row.is_multiple_of(3);
        let together = query(&spec, &all).run(&model, 1e-2, apart);
        let counted = Arc::new(Frequencies::of_everyone((&all.plan, &spec), &all.standing, 2));
        let (mut known, mut open) = (Vec::new(), Vec::new());
        for (first, some) in (0..).step_by(at_once).zip(right.chunks(at_once)) {
            let some = made(&spec, &left, some);
            // As often as not the values are those of everyone, counted before.
            let asking = Query { counted: (at_once % 2 == 0).then_some(&counted), ..query(&spec, &some) };
            let found = asking.run(&model, 1e-2, |record, row| apart(record, row + first));
            let weights = asking.weights(&model, &found.frequencies, found.known.iter());
            let placed = |pair: Pair| Pair { row: pair.row + first, ..pair };
            known.extend(found.known.into_iter().map(placed).zip(weights));
            open.extend(found.open.into_iter().map(placed));
        }
        let weights = query(&spec, &all).weights(&model, &together.frequencies, together.known.iter());
        prop_assert_eq!(known, together.known.into_iter().zip(weights).collect::<Vec<_>>());
        prop_assert_eq!(open, together.open);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rows_meet_some_records_as_they_meet_them_among_all(
        left in prop::collection::vec(record(), 1..60),
        right in prop::collection::vec(record(), 1..20),
        modulus in 1_i64..5,
    ) {
        let spec = Spec { largest_block: 1000, ..Spec::parse(SPEC).unwrap() };
        let (data, made) = (data(&spec, &left, &right), made(&spec, &left, &right));
        let model = Model::defaults(&spec, &data, &strangers(&spec, &data, Effort::default()));
        let all = query(&spec, &made).run(&model, 1e-2, |_, _| false);
        let some: Vec<i64> = (0..left.len() as i64).filter(|record| record % modulus == 0).collect();
        let counted = Some(&all.frequencies);
        let found = Query { counted, among: Some(&some), ..query(&spec, &made) }.run(&model, 1e-2, |_, _| false);
        let of_some = |pairs: Vec<Pair>| -> Vec<Pair> {
            pairs.into_iter().filter(|pair| some.contains(&i64::from(pair.record))).collect()
        };
        prop_assert_eq!(found.known, of_some(all.known));
        prop_assert_eq!(found.open, of_some(all.open));
    }
}

#[test]
fn a_block_too_large_is_split_by_what_the_row_has_and_then_met_in_part() {
    let spec = Spec::parse(SPEC).unwrap();
    let one = |name: &str, date: &str| -> Record {
        ["".into(), name.into(), date.into(), "13999000001".into(), "".into(), "".into()]
    };
    let left: Vec<Record> = (0..40).map(|n| one("王小明", &format!("19{}-03-01", 40 + n % 10))).collect();
    let right = [one("王小明", "1943-05-05"), one("王小明", ""), one("", "1943-05-05")];
    let made = made(&spec, &left, &right);
    let data = data(&spec, &left, &right);
    let model = Model::defaults(&spec, &data, &strangers(&spec, &data, Effort::default()));
    let found = query(&spec, &made).run(&model, 0.0, |_, _| false);
    let all: Vec<&Pair> = found.known.iter().chain(&found.open).collect();
    let of = |row: u32| all.iter().filter(|pair| pair.row == row).map(|pair| pair.record).collect::<Vec<_>>();
    assert_eq!(of(0), [3, 13, 23, 33]);
    assert_eq!(of(1).len(), 6, "nothing splits them any more");
    assert_eq!(of(2), [3, 13, 23, 33]);
    assert_eq!(found.cut_records, 40);
}
