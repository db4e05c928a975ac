//! Just enough HTTP to ask the desk as a browser would.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

/// One answer.
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Every value of a header.
    pub fn headers(&self, name: &str) -> Vec<String> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).collect()
    }

    /// Addresses of links and forms, `&amp;` undone.
    pub fn links(&self) -> Vec<String> {
        let text = self.text();
        let found = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        found.map(|link| link.replace("&amp;", "&")).collect()
    }
}

pub fn get(to: SocketAddr, path: &str) -> Answer {
    ask(to, "GET", path, &[("host", &to.to_string())], &[])
}

/// A form sent from one of our own pages.
pub fn post(to: SocketAddr, path: &str, form: &str) -> Answer {
    let (host, origin) = (to.to_string(), format!("http://{to}"));
    let headers = [("host", host.as_str()), ("origin", &origin), ("content-type", "application/x-www-form-urlencoded")];
    ask(to, "POST", path, &headers, form.as_bytes())
}

/// Files sent from one of our own pages.
pub fn upload(to: SocketAddr, path: &str, files: &[(&str, &str)]) -> Answer {
    let (host, origin) = (to.to_string(), format!("http://{to}"));
    let mut body = String::new();
    for (name, text) in files {
        body += &format!(
            "--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/toml\r\n\r\n{text}\r\n"
        );
    }
    body += "--part--\r\n";
    let headers =
        [("host", host.as_str()), ("origin", &origin), ("content-type", "multipart/form-data; boundary=part")];
    ask(to, "POST", path, &headers, body.as_bytes())
}

pub fn ask(to: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(to).unwrap();
    let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    stream.write_all((head + "\r\n").as_bytes()).unwrap();
    // A body that is refused is not read to its end.
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or(answer.len());
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    Answer { status, head, body: answer.get(end + 4..).unwrap_or_default().to_vec() }
}
