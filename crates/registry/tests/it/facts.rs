//! What lists say becomes facts: absence, precedence, history, assessments, visits.

use policy::value::Value;
use registry::snapshot::Moment;

use crate::desk::{COMMUNITY, Desk, ELSEWHERE, POPULATION, VILLAGE, day, desk, desks, number, person, village};

const ASSESSMENTS: &str = "公民身份号码,姓名,评估日期,能力等级,有效期至,总分,自理能力";

fn assessed(n: u16, on: &str, level: &str, until: &str) -> String {
    format!("{},甲{n},{on},{level},{until},54,19", number(n))
}

fn stay(n: u16, since: &str, until: &str) -> String {
    format!("{},甲{n},653001-01,{since},{until},是,否", number(n))
}

const STAYS: &str = "公民身份号码,姓名,机构编码,入住日期,离院日期,服务协议,缴费凭证";

#[test]
fn absence_from_a_register_counts_where_and_when_the_list_was_heard() {
    desks(|desk| {
        let mut rows = village(2);
        rows.push(person(3, "丙", ELSEWHERE));
        desk.population("2026-10-01", &rows);
        let fact = |n, on| desk.fact(n, "low_income_allowance", on).unwrap();
        assert_eq!(fact(2, "2026-10-05"), Value::Null, "not heard yet");
        let row = format!("{},甲1,", number(1));
        desk.accept("low_income_2026-10-10_653001.csv", "公民身份号码,姓名,享受起始日期", &[row]);
        assert_eq!(fact(1, "2026-10-10"), Value::Bool(true));
        assert_eq!(fact(2, "2026-10-10"), Value::Bool(false));
        assert_eq!(fact(2, "2026-10-09"), Value::Null);
        assert_eq!(fact(3, "2026-10-10"), Value::Null, "the list of one county says nothing of another");
    });
}

#[test]
fn the_dead_who_are_listed_again_are_a_conflict_and_stay_dead() {
    desks(|desk| {
        desk.population("2026-10-01", &village(30));
        let death = format!("{},甲1,2026-09-20", number(1));
        desk.accept("deaths_2026-10-10.csv", "公民身份号码,姓名,死亡日期", &[death]);
        let said = |on: &str| {
            let conflicts = desk.snapshot(on).conflicts;
            conflicts.into_iter().map(|c| (c.person, c.key, c.values)).collect::<Vec<_>>()
        };
        assert!(said("2026-10-15").is_empty(), "the older list could not know");
        desk.population("2026-11-01", &village(30));
        let values =
            vec![("deaths".to_owned(), Value::Date(day("2026-09-20"))), ("population".to_owned(), Value::Null)];
        assert_eq!(said("2026-11-02"), [(desk.id(1), "death_date".to_owned(), values)]);
        assert_eq!(desk.fact(1, "death_date", "2026-11-02"), Some(Value::Date(day("2026-09-20"))));
        let (pack, catalogue) = crate::desk::pack();
        let subject = registry::snapshot::Subject::Person(desk.id(1));
        let about = (catalogue, pack);
        let moment = Moment::on(day("2026-11-02"));
        let lines = registry::snapshot::facts_of(&mut desk.session(), &desk.keys, about, subject, &moment).unwrap();
        let told = lines.iter().filter(|line| line.key == "death_date" && line.disputed);
        let told: Vec<_> = told.map(|line| (line.source.as_str(), line.current, line.list_date.to_string())).collect();
        assert_eq!(told, [("deaths", true, "2026-10-10".to_owned()), ("population", false, "2026-11-01".to_owned())]);
        desk.population("2026-12-01", &village(30)[1..]);
        assert!(said("2026-12-02").is_empty(), "the list agrees at last");
    });
}

#[test]
fn what_a_night_knew_leaves_out_lists_that_came_later() {
    desks(|desk| {
        desk.population("2026-10-01", &village(30));
        let known = registry::ingest::last_list(&mut desk.session()).unwrap();
        let mut rows = village(30);
        rows[0] = person(1, "甲1", COMMUNITY);
        desk.population("2026-10-01", &rows);
        let night = Moment { last_list: known, ..Moment::on(day("2026-10-02")) };
        let home = |moment: &Moment| {
            let table = desk.snapshot_at(moment).population;
            let people = table.table("person").unwrap();
            people.get(people.row_of(desk.id(1).0).unwrap(), "residence_division")
        };
        assert_eq!(home(&night), Value::text(VILLAGE));
        assert_eq!(home(&Moment::on(day("2026-10-02"))), Value::text(COMMUNITY));
    });
}

#[test]
fn absence_from_a_survey_says_nothing() {
    desks(|desk| {
        desk.population("2026-10-01", &village(2));
        let row = format!("{},甲1,独居,2,0,是,2026-01-10,无", number(1));
        let header = "公民身份号码,姓名,居住情况,子女数,同村（社区）子女数,子女是否全部外出,子女全部外出起始日期,身边有无有能力赡养人";
        desk.accept("village_survey_2026-10-02.csv", header, &[row]);
        assert_eq!(desk.fact(1, "children_count", "2026-10-03"), Some(Value::Int(2)));
        assert_eq!(desk.fact(1, "capable_supporter_nearby", "2026-10-03"), Some(Value::Bool(false)));
        assert_eq!(desk.fact(1, "children_all_away_since", "2026-10-03"), Some(Value::Date(day("2026-01-10"))));
        assert_eq!(desk.fact(2, "children_count", "2026-10-03"), Some(Value::Null));
    });
}

#[test]
fn a_faulty_row_is_neither_known_nor_absent() {
    desks(|desk| {
        desk.population("2026-10-01", &village(2));
        let rows = vec![format!("{},甲1,视力残疾,九级", number(1))];
        desk.accept("disability_2026-10-02.csv", "公民身份号码,姓名,残疾类别,残疾等级", &rows);
        assert_eq!(desk.fact(1, "disability_grade", "2026-10-03"), Some(Value::Null));
        assert_eq!(desk.fact(2, "disability_grade", "2026-10-03"), Some(Value::Int(0)));
    });
}

#[test]
fn codes_that_are_not_stated_enter_as_null() {
    desk(|desk| {
        let mut rows = village(3);
        rows[0] = rows[0].replace("丧偶", "未说明的婚姻状况").replace(",男,", ",9,");
        rows[1] = rows[1].replace("丧偶", "30").replace(",男,", ",女,");
        desk.population("2026-10-01", &rows);
        assert_eq!(desk.fact(1, "marital_status", "2026-10-01"), Some(Value::Null));
        assert_eq!(desk.fact(1, "sex", "2026-10-01"), Some(Value::Null));
        assert_eq!(desk.fact(2, "marital_status", "2026-10-01"), Some(Value::text("30")));
        assert_eq!(desk.fact(2, "sex", "2026-10-01"), Some(Value::text("2")));
    });
}

#[test]
fn precedence_decides_and_the_conflict_is_listed() {
    desks(|desk| {
        desk.population("2026-10-01", &village(2));
        let row = format!("{},甲乙,肢体残疾,二级,已婚", number(1));
        desk.accept("disability_2026-10-02.csv", "公民身份号码,姓名,残疾类别,残疾等级,婚姻状况", &[row]);
        let snapshot = desk.snapshot("2026-10-03");
        assert_eq!(desk.fact(1, "marital_status", "2026-10-03"), Some(Value::text("30")), "public security counts");
        let told: Vec<(&str, Vec<(&str, String)>)> = snapshot
            .conflicts
            .iter()
            .map(|c| (c.key.as_str(), c.values.iter().map(|(s, v)| (s.as_str(), v.to_string())).collect()))
            .collect();
        let marital = vec![("population", "30".to_owned()), ("disability", "20".to_owned())];
        assert_eq!(told, [("marital_status", marital), ("name", vec![("disability", "null".to_owned())])]);
    });
}

#[test]
fn yesterdays_answer_can_be_had_again() {
    desks(|desk| {
        desk.population("2026-10-01", &village(2));
        let mut rows = village(2);
        rows[0] = person(1, "甲1", COMMUNITY);
        desk.population("2026-11-01", &rows);
        let home = |as_of: &str, known_at: Option<&str>| {
            let moment = Moment { known_at: known_at.map(day), ..Moment::on(day(as_of)) };
            let snapshot = desk.snapshot_at(&moment);
            let table = snapshot.population.table("person").unwrap();
            table.get(table.row_of(1).unwrap(), "residence_division").to_string()
        };
        assert_eq!(home("2026-10-31", None), VILLAGE);
        assert_eq!(home("2026-11-01", None), COMMUNITY);
        assert_eq!(home("2026-11-05", Some("2026-10-31")), VILLAGE, "the change was not known then");
    });
}

#[test]
fn the_newest_valid_assessment_counts_and_the_one_on_entry_is_kept_apart() {
    desks(|desk| {
        desk.population("2024-01-01", &village(2));
        let rows = vec![
            assessed(1, "2024-02-01", "能力中度受损（中度失能）", "2025-01-31"),
            assessed(1, "2025-02-10", "4", ""),
            assessed(1, "2026-10-02", "重度失能", "2027-10-01"),
        ];
        desk.accept("ability_assessments_2026-10-03.csv", ASSESSMENTS, &rows);
        desk.accept("institution_stays_2026-10-03.csv", STAYS, &[stay(1, "2025-03-01", "")]);
        let fact = |key, on| desk.fact(1, key, on).unwrap();
        assert_eq!(fact("ability_level", "2025-01-31"), Value::Int(2), "its last valid day");
        assert_eq!(fact("ability_level", "2025-02-01"), Value::Null, "lapsed");
        assert_eq!(fact("ability_level", "2026-10-05"), Value::Int(3));
        assert_eq!(fact("ability_assessed_on", "2026-10-05"), Value::Date(day("2026-10-02")));
        assert_eq!(fact("entry_ability_level", "2026-10-05"), Value::Int(4), "valid by the parameter's period");
        assert_eq!(fact("ability_valid_until", "2026-09-01"), Value::Date(day("2028-02-09")), "36 months less a day");
        assert_eq!(fact("ability_total", "2026-10-05"), Value::Int(54));
        assert_eq!(desk.fact(2, "ability_level", "2026-10-05"), Some(Value::Null));
    });
}

#[test]
fn a_corrected_assessment_replaces_the_one_of_its_day() {
    desks(|desk| {
        desk.population("2026-01-01", &village(1));
        desk.accept("ability_assessments_2026-10-03.csv", ASSESSMENTS, &[assessed(1, "2026-10-02", "2", "")]);
        desk.accept("ability_assessments_2026-10-04.csv", ASSESSMENTS, &[assessed(1, "2026-10-02", "3", "")]);
        assert_eq!(desk.fact(1, "ability_level", "2026-10-05"), Some(Value::Int(3)));
    });
}

#[test]
fn a_stay_ends_on_the_day_of_leaving() {
    desks(|desk| {
        desk.population("2026-01-01", &village(1));
        desk.accept("institution_stays_2026-10-03.csv", STAYS, &[stay(1, "2026-03-01", "2026-09-01")]);
        let fact = |on| desk.fact(1, "in_institution", on).unwrap();
        assert_eq!(fact("2026-08-31"), Value::Bool(true));
        assert_eq!(fact("2026-10-03"), Value::Bool(false));
        assert_eq!(desk.fact(1, "institution_since", "2026-10-03"), Some(Value::Null));
        assert_eq!(desk.fact(1, "institution_paid", "2026-08-31"), Some(Value::Bool(false)));
    });
}

#[test]
fn visits_count_once_and_by_kind() {
    desks(|desk| {
        desk.population("2026-01-01", &village(2));
        let visit = |kind: &str, on: &str| format!("{},甲1,{kind},{on},网格员", number(1));
        let rows = vec![visit("上门探访", "2026-10-01"), visit("电话探访", "2026-10-20"), visit("上门", "2026-10-01")];
        let header = "公民身份号码,姓名,探访方式,探访日期,探访人员类别";
        let first = desk.accept("visit_returns_2026-10-31.csv", header, &rows);
        assert_eq!((first.good, first.repeated, first.opened), (2, 1, 2));
        let rows = vec![visit("上门探访", "2026-10-01"), visit("村（社区）帮扶", "2026-11-02")];
        let second = desk.accept("visit_returns_2026-11-05.csv", header, &rows);
        assert_eq!((second.opened, second.unchanged), (1, 1));
        let fact = |key, on| desk.fact(1, key, on).unwrap();
        assert_eq!(fact("last_contact_on", "2026-10-31"), Value::Date(day("2026-10-20")));
        assert_eq!(fact("last_home_visit_on", "2026-11-10"), Value::Date(day("2026-10-01")));
        assert_eq!(fact("last_contact_on", "2026-11-10"), Value::Date(day("2026-11-02")));
        assert_eq!(desk.fact(2, "last_contact_on", "2026-11-10"), Some(Value::Null));
        let snapshot = desk.snapshot("2026-11-10");
        let visits = snapshot.population.table("visit").unwrap();
        assert_eq!(visits.rows(), 3);
        assert_eq!(visits.get(2, "kind"), Value::text("village_help"));
        let lines = registry::snapshot::visits_of(&mut desk.session(), desk.id(1)).unwrap();
        assert_eq!(lines.iter().map(|l| l.row).collect::<Vec<_>>(), [2, 3, 3]);
    });
}

#[test]
fn the_dead_stay_in_the_snapshot_and_those_who_left_do_not() {
    desks(|desk| {
        desk.population("2026-01-01", &village(50));
        let died = |desk: &Desk<'_>| {
            desk.accept(
                "deaths_2026-10-05.csv",
                "公民身份号码,姓名,死亡日期",
                &[format!("{},甲1,2026-10-03", number(1))],
            )
        };
        assert_eq!(died(desk).good, 1);
        desk.population("2026-11-01", &village(50)[2..]);
        let snapshot = desk.snapshot("2026-11-02");
        assert_eq!(snapshot.population.table("person").unwrap().rows(), 49);
        assert_eq!(desk.fact(1, "death_date", "2026-11-02"), Some(Value::Date(day("2026-10-03"))));
        assert_eq!(desk.fact(1, "death_date", "2026-10-02"), Some(Value::Null), "alive the day before");
        assert_eq!(desk.fact(2, "sex", "2026-11-02"), None, "not in the population list any more");
    });
}

#[test]
fn places_and_things_become_tables() {
    desks(|desk| {
        let header = "机构编码,机构名称,类别,所在区划代码,经度,纬度,建筑面积,床位数,入住人数,所有制,营业执照日期";
        let rows = vec![
            format!("653001-01,县养老院,养老院,{COMMUNITY},76.17,39.71,1234.56,80,41,公办,2019-05-01"),
            format!("653001-02,幸福大院,农村幸福大院,{VILLAGE},,,300,20,0,集体,"),
        ];
        desk.accept("places_2026-10-01.csv", header, &rows);
        let header = "机构编码,机构名称,类别,所在区划代码,老年医学科";
        desk.accept("hospitals_2026-10-01.csv", header, &[format!("H-1,州医院,二级及以上综合性医院,{COMMUNITY},是")]);
        let header = "培训单位,区划代码,培训内容,培训日期,培训人次";
        desk.accept("training_2026-10-01.csv", header, &["民政局,653001,养老护理员,2026-05-01,40".to_owned()]);
        desk.accept("division_residents_2026-10-01.csv", "区划代码,常住人口", &["653001,270000".to_owned()]);
        let snapshot = desk.snapshot("2026-10-02");
        let place = snapshot.population.table("place").unwrap();
        assert_eq!(place.rows(), 3);
        assert_eq!(place.get(0, "kind"), Value::text("care_home"));
        assert_eq!(place.get(0, "area_m2"), Value::Decimal { units: 123_456, scale: 2 });
        assert_eq!(place.get(0, "lon"), Value::Float(76.17));
        assert_eq!(place.get(0, "name"), Value::text("县养老院"));
        assert_eq!(place.get(1, "kind"), Value::text("regional_centre"));
        assert_eq!(place.get(2, "geriatrics_dept"), Value::Bool(true));
        let training = snapshot.population.table("training").unwrap();
        assert_eq!(training.get(0, "person_times"), Value::Int(40));
        let division = snapshot.population.table("division").unwrap();
        let county = division.row_of(653_001).unwrap();
        assert_eq!(division.get(county, "residents"), Value::Int(270_000));
        assert_eq!(division.get(county, "level"), Value::text("county"));
        assert!(snapshot.population.table("housing_project").is_some());
    });
}

#[test]
fn town_and_country_follow_the_division_table() {
    desk(|desk| {
        let rows = vec![person(1, "甲1", VILLAGE), person(2, "甲2", COMMUNITY)];
        desk.population("2026-10-01", &rows);
        assert_eq!(desk.fact(1, "urban_rural", "2026-10-01"), Some(Value::text("rural")));
        assert_eq!(desk.fact(2, "urban_rural", "2026-10-01"), Some(Value::text("urban")));
        assert_eq!(desk.fact(2, "person_id", "2026-10-01"), Some(Value::text("P00000002")));
    });
}

#[test]
fn kin_are_linked_in_both_directions() {
    desks(|desk| {
        desk.population("2026-10-01", &village(3));
        let rows = vec![
            format!("{},甲1,{},甲2,儿子", number(1), number(2)),
            format!("{},甲1,{},远方,女儿", number(1), number(99)),
        ];
        let header = "公民身份号码,姓名,亲属公民身份号码,亲属姓名,与本人关系";
        assert_eq!(desk.accept("kin_2026-10-01.csv", header, &rows).good, 2);
        let kin = |n| registry::people::kin_of(&mut desk.session(), &desk.keys, desk.id(n)).unwrap();
        let own = kin(1);
        assert_eq!(own.len(), 2);
        assert_eq!((own[0].relation.as_str(), own[0].person), ("child", Some(desk.id(2))));
        assert_eq!((own[1].name.as_str(), own[1].person), ("远方", None));
        let other = kin(2);
        assert_eq!((other[0].relation.as_str(), other[0].person, other[0].inverse), ("parent", Some(desk.id(1)), true));
    });
}

#[test]
fn villages_may_be_written_by_name() {
    desk(|desk| {
        let (pack, _) = crate::desk::pack();
        let village_name = pack.divisions.name(VILLAGE.parse().unwrap());
        let town = pack.divisions.name("653001100".parse().unwrap());
        let rows = vec![person(1, "甲1", &format!("{town} {village_name}"))];
        let report = desk.accept("population_2026-10-01.csv", POPULATION, &rows);
        assert_eq!(report.good, 1, "{:?}", report.faults);
        assert_eq!(desk.fact(1, "residence_division", "2026-10-01"), Some(Value::text(VILLAGE)));
    });
}
