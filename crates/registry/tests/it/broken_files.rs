//! Files that are not what they say: a clear code each time, and nothing half done.

use std::io::Write;

use registry::ingest::{Arrival, IngestOptions, ListState};
use registry::reading::Limits;
use rust_xlsxwriter::Workbook;

use crate::desk::{Desk, POPULATION, desk, village};

fn text(rows: u16) -> String {
    format!("{POPULATION}\n{}\n", village(rows).join("\n"))
}

fn refused(desk: &Desk<'_>, name: &str, bytes: &[u8]) -> String {
    let report = desk.take(&desk.write(name, bytes));
    assert_eq!(report.state, ListState::Refused, "{name}");
    let refusal = report.refusal.expect("a refusal says why");
    assert!(!refusal.cause.zh.is_empty() && !refusal.remedy.en.is_empty());
    assert!(desk.snapshot("2026-12-31").population.table("person").unwrap().rows() == 0, "{name}: nothing half done");
    refusal.code
}

#[test]
fn broken_files_are_refused_with_their_reason() {
    desk(|desk| {
        let whole = text(50);
        let half = &whole.as_bytes()[..whole.len() / 2];
        let open_quote = whole.replacen("巷子 40 号", "\"巷子 40 号", 1);
        let xlsx = book(|_| {});
        for (name, bytes, code) in [
            ("population_2026-10-01.csv", b"".as_slice(), "file_empty"),
            ("population_2026-10-02.csv", half, "file_cut_off"),
            ("population_2026-10-03.csv", open_quote.as_bytes(), "quote_open"),
            ("population_2026-10-04.csv", "a,b,c\n1,2,3\n".as_bytes(), "no_header"),
            ("population_2026-10-05.csv", "公民身份号码,姓名,备注\n1,2,3\n".as_bytes(), "columns_missing"),
            ("population_2026-10-06.csv", &[0x7f, b'E', b'L', b'F', 0, 1, 2, 0, 255], "not_a_list"),
            ("population_2026-10-07.xlsx", b"PK\x03\x04 this is no archive", "workbook_broken"),
            ("population_2026-10-08.xlsx", &xlsx[..xlsx.len() / 2], "workbook_broken"),
            ("population_2026-10-09.xlsx", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1], "workbook_old_or_locked"),
            ("population_2026-10-10.csv", format!("{POPULATION},姓名\n").as_bytes(), "column_twice"),
            ("martians_2026-10-10.csv", b"a,b\n", "unknown_source"),
            ("population.csv", b"a,b\n", "file_name"),
            ("population_2026-10-11.xls", &[0xd0, 0xcf, 0x11, 0xe0], "workbook_other"),
            ("population_2026-10-12_999999.csv", whole.as_bytes(), "unknown_scope"),
            ("population_2026-10-13.xlsx", &sheets(&[true, true]), "worksheets_several"),
        ] {
            assert_eq!(refused(desk, name, bytes), code, "{name}");
        }
    });
}

/// A workbook with a sheet each: a whole population, or a cover.
fn sheets(tables: &[bool]) -> Vec<u8> {
    let mut book = Workbook::new();
    for is_table in tables {
        let sheet = book.add_worksheet();
        if !is_table {
            sheet.write_string(0, 0, "填报说明").unwrap();
            continue;
        }
        for (row, line) in text(3).lines().enumerate() {
            for (column, cell) in line.split(',').enumerate() {
                sheet.write_string(row as u32, column as u16, cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_table_behind_a_cover_sheet_and_one_parted_by_semicolons_are_read() {
    desk(|desk| {
        let report = desk.take(&desk.write("population_2026-10-01.xlsx", &sheets(&[false, true, false])));
        assert_eq!((report.state, report.good), (ListState::Accepted, 3), "{:?}", report.refusal);
        let parted = text(4).replace(',', ";");
        let report = desk.take(&desk.write("population_2026-10-02.csv", parted.as_bytes()));
        assert_eq!((report.state, report.good, report.opened), (ListState::Accepted, 4, 1), "{:?}", report.refusal);
    });
}

#[test]
fn a_list_ahead_of_its_day_is_left_and_taken_then() {
    desk(|desk| {
        let path = desk.write("population_2026-12-01.csv", text(3).as_bytes());
        let until = |day: &str| IngestOptions { until: Some(crate::desk::day(day)), ..desk.options(&path) };
        let early = desk.ingester().file(&path, &until("2026-11-30")).unwrap();
        assert_eq!((early.state, early.list), (ListState::Early, None));
        assert_eq!(early.refusal.map(|r| r.code).as_deref(), Some("list_ahead"));
        assert!(registry::ingest::all(&mut desk.session()).unwrap().is_empty(), "nothing is kept of it");
        assert_eq!(desk.ingester().file(&path, &until("2026-12-01")).unwrap().state, ListState::Accepted);
    });
}

#[test]
fn a_refused_file_is_recorded_once() {
    desk(|desk| {
        let path = desk.write("population_2026-10-01.csv", b"a,b\n1,2\n");
        let first = desk.take(&path).list;
        assert_eq!(desk.take(&path).list, first);
        desk.population("2026-10-01", &village(2));
        let states: Vec<_> = registry::ingest::all(&mut desk.session()).unwrap().iter().map(|l| l.state).collect();
        assert_eq!(states, [ListState::Superseded, ListState::Accepted]);
    });
}

fn book(fill: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "常住和户籍人口（2026 年 10 月）").unwrap();
    for (column, name) in POPULATION.split(',').enumerate() {
        sheet.write_string(2, column as u16, name).unwrap();
    }
    for (row, line) in village(3).iter().enumerate() {
        for (column, cell) in line.split(',').enumerate() {
            sheet.write_string(row as u32 + 3, column as u16, cell).unwrap();
        }
    }
    fill(sheet);
    book.save_to_buffer().unwrap()
}

#[test]
fn workbooks_are_read_below_their_title_rows() {
    desk(|desk| {
        let report = desk.take(&desk.write("population_2026-10-01.xlsx", &book(|_| {})));
        assert_eq!((report.state, report.good), (ListState::Accepted, 3));
        assert_eq!((report.header_row, report.encoding.as_str()), (3, "XLSX"));
    });
}

#[test]
fn dates_and_numbers_of_workbooks_are_understood() {
    desk(|desk| {
        let bytes = book(|sheet| {
            let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
            let born = rust_xlsxwriter::ExcelDateTime::parse_from_str(&crate::desk::birth(1)).unwrap();
            sheet.write_datetime_with_format(3, 3, &born, &date).unwrap();
            // A number loses the last digits of an ID number.
            sheet.write_number(4, 0, 653_001_194_403_140_028.0).unwrap();
        });
        let report = desk.take(&desk.write("population_2026-10-01.xlsx", &bytes));
        assert_eq!((report.good, report.unlinked), (2, 1));
        assert_eq!(report.faults[0].code.name(), "id_number_rounded");
        assert_eq!(report.faults[0].row, 5);
    });
}

#[test]
fn a_zip_bomb_is_not_opened() {
    desk(|desk| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut zip = zip::ZipWriter::new(&mut bytes);
        zip.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).unwrap();
        let zeros = vec![b' '; 1 << 20];
        (0..300).for_each(|_| zip.write_all(&zeros).unwrap());
        zip.finish().unwrap();
        let bytes = bytes.into_inner();
        assert!(bytes.len() < 2_000_000);
        assert_eq!(refused(desk, "population_2026-10-01.xlsx", &bytes), "workbook_too_large");
        // The size it says of itself may be a lie: in the directory and before the part.
        let mut lying = bytes;
        let real = (300_u32 << 20).to_le_bytes();
        for at in 0..lying.len() - 4 {
            if lying[at..at + 4] == real {
                lying[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
            }
        }
        let code = refused(desk, "population_2026-10-02.xlsx", &lying);
        assert!(["workbook_too_large", "workbook_broken"].contains(&code.as_str()), "{code}");
    });
}

#[test]
fn a_worksheet_full_to_its_last_row_is_refused() {
    desk(|desk| {
        let path = desk.write(
            "population_2026-10-01.xlsx",
            &book(|sheet| {
                sheet.write_string(1_048_575, 0, "x").unwrap();
            }),
        );
        assert_eq!(desk.take(&path).refusal.unwrap().code, "worksheet_full");
    });
}

#[test]
fn limits_can_be_set() {
    desk(|desk| {
        let path = desk.write("population_2026-10-01.xlsx", &book(|_| {}));
        let limits = Limits { sheet_rows: 5, ..Limits::default() };
        let report = desk.ingester().file(&path, &IngestOptions { limits, ..desk.options(&path) }).unwrap();
        assert_eq!(report.refusal.unwrap().code, "worksheet_full");
    });
}

#[test]
fn rows_are_counted_alike_with_any_line_end() {
    desk(|desk| {
        for (date, end) in [("2026-10-01", "\n"), ("2026-10-02", "\r\n"), ("2026-10-03", "\r")] {
            let faulty = text(3).replacen("653", "65x", 1).replace('\n', end);
            let report = desk.take(&desk.write(&format!("population_{date}.csv"), faulty.as_bytes()));
            let rows: Vec<u64> = report.faults.iter().map(|fault| fault.row).collect();
            assert_eq!(rows.first(), Some(&2), "{end:?}: {rows:?}");
        }
    });
}

#[test]
fn encodings_are_detected_and_said() {
    desk(|desk| {
        let text = text(3);
        let gb = encoding_rs::GB18030.encode(&text).0.into_owned();
        let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let windows = text.replace('\n', "\r\n").into_bytes();
        for (date, bytes, name) in [
            ("2026-10-01", text.as_bytes().to_vec(), "UTF-8"),
            ("2026-10-02", gb, "GB18030"),
            ("2026-10-03", marked, "UTF-8 BOM"),
            ("2026-10-04", wide, "UTF-16LE"),
            ("2026-10-05", windows, "UTF-8"),
            ("2026-10-06", text.replace(',', "\t").into_bytes(), "UTF-8"),
        ] {
            let report = desk.take(&desk.write(&format!("population_{date}.csv"), &bytes));
            assert_eq!((report.state, report.good, report.encoding.as_str()), (ListState::Accepted, 3, name));
            assert_eq!(report.unchanged, if date == "2026-10-01" { 0 } else { 3 }, "{name}: the same values");
        }
    });
}

#[test]
fn unknown_columns_are_left_out_and_said() {
    desk(|desk| {
        let rows: Vec<String> = village(2).into_iter().map(|row| format!("{row},随便")).collect();
        let report = desk.accept("population_2026-10-01.csv", &format!("{POPULATION},备注"), &rows);
        assert_eq!(report.unknown_columns, ["备注"]);
        assert_eq!(report.good, 2);
    });
}

#[test]
fn shifted_cells_are_a_fault_of_the_row() {
    desk(|desk| {
        let mut rows = village(3);
        rows[1] = rows[1].replace("巷子 2 号", "巷子,2 号");
        let report = desk.population("2026-10-01", &rows);
        assert!(report.fault_codes.contains_key(&registry::rows::FaultCode::TooManyCells));
        assert_eq!((report.good, report.faulty), (2, 1));
    });
}

#[test]
fn a_cell_like_a_formula_stays_a_text() {
    desk(|desk| {
        let rows = vec![crate::desk::person(1, "=HYPERLINK(1)", crate::desk::VILLAGE)];
        assert_eq!(desk.population("2026-10-01", &rows).good, 1);
        let who = registry::people::identity(&mut desk.session(), &desk.keys, desk.id(1)).unwrap().unwrap();
        assert_eq!(who.name, "=HYPERLINK(1)");
    });
}

#[test]
fn a_file_written_to_after_it_was_looked_at_is_looked_at_again() {
    desk(|desk| {
        let whole = text(50);
        let path = desk.write("population_2026-10-01.csv", &whole.as_bytes()[..whole.len() / 2]);
        let arrival = Arrival::of(&path);
        desk.write("population_2026-10-01.csv", whole.as_bytes());
        let report = desk.ingester().arrival(arrival, &desk.options(&path)).unwrap();
        assert_eq!((report.state, report.rows), (ListState::Accepted, 50));
        assert_eq!(desk.take(&path).state, ListState::Known, "by the digest of what was taken");
    });
}
