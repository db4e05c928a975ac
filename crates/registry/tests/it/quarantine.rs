//! Waiting rows: seen, corrected, sent back.

use std::collections::BTreeMap;

use kernel::Lang;
use policy::value::Value;
use registry::quarantine::{Correction, counts, fault_report, of_list, whole};

use crate::desk::{Desk, birth, desks, number, pack, village};

/// A population of three, of which the second has an impossible ethnicity and the third a wrong number.
fn faulty(desk: &Desk<'_>) -> registry::ingest::ListReport {
    let mut rows = village(3);
    rows[1] = rows[1].replace("柯尔克孜族", "=火星族");
    rows[2] = rows[2].replace(&number(3), &number(3).replace("6530", "6531"));
    desk.population("2026-10-01", &rows)
}

fn correction(row: u64, column: &str, value: &str) -> Correction {
    Correction { row, cells: BTreeMap::from([(column.to_owned(), value.to_owned())]) }
}

#[test]
fn faulty_rows_wait_with_their_faults() {
    desks(|desk| {
        let report = faulty(desk);
        assert_eq!((report.good, report.faulty, report.unlinked), (1, 1, 1));
        let list = report.list.unwrap();
        let lines = of_list(&mut desk.session(), &desk.keys, list).unwrap();
        let told: Vec<_> = lines.iter().map(|l| (l.row, l.unlinked, l.faults[0].code.name())).collect();
        assert_eq!(told, [(3, false, "unknown_code"), (4, true, "id_number_checksum")]);
        let row = whole(&mut desk.session(), &desk.keys, lines[0].id).unwrap();
        assert_eq!(row.cells[1], "甲2");
        assert!(!format!("{row:?}").contains("甲2"));
        assert_eq!(counts(&mut desk.session()).unwrap()[&list], (1, 1));
    });
}

#[test]
fn corrected_rows_are_taken_and_the_rest_keeps_waiting() {
    desks(|desk| {
        let list = faulty(desk).list.unwrap();
        let options = registry::ingest::IngestOptions::on(crate::desk::day("2026-10-02"));
        let corrections =
            vec![correction(3, "民族", "汉族"), correction(4, "公民身份号码", "123"), correction(99, "民族", "汉族")];
        let done = desk.ingester().correct(list, corrections, &options).unwrap();
        assert_eq!((done.taken, done.still_held, done.not_waiting), (1, 1, 1));
        assert_eq!(done.faults[0].code.name(), "id_number_length");
        assert_eq!(desk.fact(2, "ethnicity", "2026-10-02"), Some(Value::text("01")));
        let done = desk.ingester().correct(list, vec![correction(4, "公民身份号码", &number(3))], &options).unwrap();
        assert_eq!(done.taken, 1);
        let report = registry::ingest::get(&mut desk.session(), list).unwrap();
        assert_eq!((report.good, report.faulty, report.unlinked, report.opened), (3, 0, 0, 3));
        assert!(of_list(&mut desk.session(), &desk.keys, list).unwrap().is_empty());
    });
}

#[test]
fn a_fault_report_goes_out_is_corrected_and_comes_back() {
    desks(|desk| {
        let list = faulty(desk).list.unwrap();
        let bytes = fault_report(&mut desk.session(), &desk.keys, &pack().1, list, Lang::Zh).unwrap();
        let path = desk.write("back.xlsx", &bytes);
        let options = registry::ingest::IngestOptions::on(crate::desk::day("2026-10-02"));
        let unchanged = desk.ingester().reimport(&path, &options).unwrap();
        assert_eq!((unchanged.taken, unchanged.still_held), (0, 2), "sent back as it was");
        let corrected = edit(&bytes, &[("=火星族", "汉族"), (&number(3).replace("6530", "6531"), &number(3))]);
        let path = desk.write("back.xlsx", &corrected);
        let done = desk.ingester().reimport(&path, &options).unwrap();
        assert_eq!((done.list, done.taken, done.still_held), (list, 2, 0), "{:?}", done.faults);
        let again = desk.ingester().reimport(&path, &options).unwrap();
        assert_eq!((again.taken, again.not_waiting), (0, 2), "twice changes nothing more");
        assert_eq!(desk.snapshot("2026-10-02").population.table("person").unwrap().rows(), 3);
    });
}

#[test]
fn a_report_marks_cells_under_other_headings_and_keeps_what_is_too_much_in_either_language() {
    desks(|desk| {
        let header = crate::desk::POPULATION.replace("公民身份号码", "身份证号");
        let wrong = number(2).replace("6530", "6531");
        let mut rows = village(3);
        rows[1] = rows[1].replace(&number(2), &wrong);
        rows[2] += ",多,了";
        let list = desk.accept("population_2026-10-01.csv", &header, &rows).list.unwrap();
        let options = registry::ingest::IngestOptions::on(crate::desk::day("2026-10-02"));
        for (lang, heading, extra) in
            [(Lang::En, "what is wrong", "extra cell 2"), (Lang::Zh, "错在哪里", "多出的格 2")]
        {
            let bytes = fault_report(&mut desk.session(), &desk.keys, &pack().1, list, lang).unwrap();
            let texts = shared_texts(&bytes);
            for wanted in [heading, extra, "身份证号", &wrong, "多", "了"] {
                assert!(texts.contains(&format!(">{wanted}<")), "{lang:?}: {wanted}");
            }
            assert_eq!(marked(&bytes), 3, "the number and the two cells too many");
        }
        let bytes = fault_report(&mut desk.session(), &desk.keys, &pack().1, list, Lang::En).unwrap();
        let path = desk.write("back.xlsx", &edit(&bytes, &[(&wrong, &number(2)), ("多", ""), ("了", "")]));
        let done = desk.ingester().reimport(&path, &options).unwrap();
        assert_eq!((done.taken, done.still_held), (2, 0), "{:?}", done.faults);
    });
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
    text
}

fn shared_texts(bytes: &[u8]) -> String {
    part(bytes, "xl/sharedStrings.xml")
}

/// Cells of the first sheet in the format that only marked cells have.
fn marked(bytes: &[u8]) -> usize {
    let sheet = part(bytes, "xl/worksheets/sheet1.xml");
    let styles = part(bytes, "xl/styles.xml");
    let formats = styles.split("<cellXfs").nth(1).unwrap().split("<xf ").skip(1);
    let filled = formats.enumerate().find(|(_, xf)| xf.contains("applyFill")).map(|(at, _)| at).unwrap();
    sheet.matches(&format!(" s=\"{filled}\"")).count()
}

/// Types other texts into the cells of a workbook's first sheet, as an office would.
fn edit(bytes: &[u8], changes: &[(&str, &str)]) -> Vec<u8> {
    use calamine::{Reader, Xlsx};
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes.to_vec())).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let mut out = rust_xlsxwriter::Workbook::new();
    let sheet = out.add_worksheet();
    let (top, left) = range.start().unwrap();
    for (row, column, cell) in range.used_cells() {
        let mut text = cell.to_string();
        if let Some((_, new)) = changes.iter().find(|(old, _)| *old == text) {
            text = (*new).to_owned();
        }
        sheet.write_string(top + row as u32, (left as usize + column) as u16, text).unwrap();
    }
    out.save_to_buffer().unwrap()
}

#[test]
fn no_cell_of_a_report_is_a_formula() {
    desks(|desk| {
        let list = faulty(desk).list.unwrap();
        let bytes = fault_report(&mut desk.session(), &desk.keys, &pack().1, list, Lang::Zh).unwrap();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut sheet = String::new();
        std::io::Read::read_to_string(&mut archive.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut sheet).unwrap();
        assert!(!sheet.contains("<f>"));
    });
}

#[test]
fn a_newer_full_list_speaks_for_the_rows_that_waited() {
    desks(|desk| {
        let list = faulty(desk).list.unwrap();
        desk.population("2026-11-01", &village(3));
        assert!(of_list(&mut desk.session(), &desk.keys, list).unwrap().is_empty());
        assert_eq!(desk.fact(2, "birth_date", "2026-11-02").unwrap().to_string(), birth(2));
    });
}
