//! Live counts.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::door::{House, house};

fn open(house: &House, token: &str, path: &str) -> BufReader<TcpStream> {
    let mut line = TcpStream::connect(house.address).unwrap();
    line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\n\r\n", house.address);
    line.write_all(head.as_bytes()).unwrap();
    BufReader::new(line)
}

/// Lines up to the first that opens with this.
fn until(reader: &mut BufReader<TcpStream>, wanted: &str) -> String {
    let mut line = String::new();
    while reader.read_line(&mut line).unwrap() > 0 {
        if line.starts_with(wanted) {
            return line;
        }
        line.clear();
    }
    panic!("the line ended before {wanted}");
}

#[test]
fn counts_come_at_once_and_a_reader_holds_few_lines() {
    let (_turn, house) = house();
    let token = house.bearer("township_coordinator", &[], None).text();
    let mut lines: Vec<_> = (0..4).map(|_| open(house, &token, "/api/v1/stream")).collect();
    for line in &mut lines {
        assert!(until(line, "HTTP/1.1").contains("200"));
        assert!(until(line, "content-type").contains("text/event-stream"));
        until(line, "event: counts");
        let data = until(line, "data: ");
        let counts: serde_json::Value = serde_json::from_str(data.trim_start_matches("data: ")).unwrap();
        assert!(counts["work"].as_array().is_some_and(|work| !work.is_empty()), "{counts}");
    }
    let mut fifth = open(house, &token, "/api/v1/stream");
    assert!(until(&mut fifth, "HTTP/1.1").contains("429"));
    assert!(until(&mut fifth, "retry-after").contains("60"));
    let mut wrong = open(house, &token, "/api/v1/stream?division=653022");
    let refused = until(&mut wrong, "HTTP/1.1");
    assert!(refused.contains("403") || refused.contains("400"), "{refused}");
}
