//! Slow, large, broken and forged requests.

use std::time::{Duration, Instant};

use gate::Proxies;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::client::{get_of, open, options, rest, send};

#[tokio::test]
async fn a_head_that_never_ends_is_let_go() {
    let gate = open(options()).await;
    let began = Instant::now();
    let mut stream = TcpStream::connect(gate.address).await.unwrap();
    stream.write_all(b"GET /from HTTP/1.1\r\nhost: x\r\nx-a").await.unwrap();
    rest(stream).await;
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    // Nor is one that says nothing at all, or nothing after its first request.
    let began = Instant::now();
    rest(TcpStream::connect(gate.address).await.unwrap()).await;
    let mut stream = TcpStream::connect(gate.address).await.unwrap();
    stream.write_all(b"GET /from HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    rest(stream).await;
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_body_that_pauses_or_drips_is_let_go() {
    let gate = open(options()).await;
    let head = b"POST /body HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 90000\r\n\r\nabc";
    let began = Instant::now();
    let answer = send(gate.address, head).await;
    assert!(answer.contains("400") && answer.contains("too slowly"), "{answer}");
    assert!(began.elapsed() < Duration::from_secs(1));

    let began = Instant::now();
    let mut stream = TcpStream::connect(gate.address).await.unwrap();
    stream.write_all(head).await.unwrap();
    let (reading, mut writing) = stream.into_split();
    let drip = tokio::spawn(async move {
        while writing.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let answer = rest(reading).await;
    assert!(answer.contains("400"), "{answer}");
    assert!(began.elapsed() < Duration::from_secs(3), "each piece is in time, the whole is not: {:?}", began.elapsed());
    drip.abort();
}

#[tokio::test]
async fn whoever_does_not_read_what_they_asked_for_is_let_go() {
    let gate = open(options()).await;
    let mut stream = TcpStream::connect(gate.address).await.unwrap();
    stream.write_all(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    // Longer than a piece of an answer may wait; then what was on the way is read, and no more comes.
    tokio::time::sleep(options().limits.pause * 3).await;
    let read = rest(stream.into_split().0).await.len();
    assert!(read < 64 << 20, "{read} bytes");
    assert!(send(gate.address, b"GET /large HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.len() > 64 << 20);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_not_read_to_its_end() {
    let gate = open(options()).await;
    let fits = [
        b"POST /body HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 100000\r\n\r\n",
        &[b'x'; 100_000][..],
    ];
    assert!(send(gate.address, &fits.concat()).await.ends_with("100000"));
    // Chunks, so that no length warns.
    let mut stream = TcpStream::connect(gate.address).await.unwrap();
    stream.write_all(b"POST /body HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n").await.unwrap();
    let chunk = [b"4000\r\n".as_slice(), &[b'x'; 0x4000], b"\r\n"].concat();
    let (reading, mut writing) = stream.into_split();
    let flood = tokio::spawn(async move { while writing.write_all(&chunk).await.is_ok() {} });
    let answer = rest(reading).await;
    assert!(answer.contains("400") && answer.contains("too large"), "{answer}");
    flood.abort();
}

#[tokio::test]
async fn what_is_no_http_or_two_requests_in_one_is_refused() {
    let gate = open(options()).await;
    let long = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(80_000));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(500));
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"[..],
        b"GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nabcde",
        b"GET /\x00 HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nx: a\x00b\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost : x\r\n\r\n",
        b"POST /body HTTP/1.1\r\nhost: x\r\ntransfer-encoding: x\r\n\r\n",
        b"POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        long.as_bytes(),
        many.as_bytes(),
    ] {
        let answer = send(gate.address, bytes).await;
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{shown}: {answer}");
    }
    // Smuggling: with both lengths the chunks count, and the rest is no second request of ours.
    let both = b"POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /from HTTP/1.1\r\nhost: x\r\n\r\n";
    let answer = send(gate.address, both).await;
    assert!(answer.matches("HTTP/1.1").count() <= 2, "{answer}");
}

#[tokio::test]
async fn only_a_named_proxy_says_where_a_request_comes_from() {
    let forged = get_of("/from", "x-forwarded-for: 192.0.2.7\r\n");
    let gate = open(options()).await;
    assert!(send(gate.address, &forged).await.ends_with("127.0.0.1"));
    let behind = gate::Options { proxies: Proxies(vec!["127.0.0.1".parse().unwrap()]), https: true, ..options() };
    let gate = open(behind).await;
    assert!(send(gate.address, &forged).await.ends_with("192.0.2.7"));
    let clear = send(gate.address, &get_of("/from?a=1", "x-forwarded-proto: http\r\n")).await;
    assert!(
        clear.starts_with("HTTP/1.1 308") && clear.contains("location: https://yilian.example/from?a=1"),
        "{clear}"
    );
    assert!(send(gate.address, &get_of("/from", "x-forwarded-proto: https\r\n")).await.starts_with("HTTP/1.1 200"));
}
