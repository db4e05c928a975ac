//! The files of `web/` inside the binary, and the addresses under which a browser may keep them for good.

use std::sync::OnceLock;

use flate2::Compression;

use crate::edge::gzip;

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// A style sheet or script as served: one text, one address that changes with the text.
#[derive(Debug)]
pub struct Asset {
    pub address: String,
    pub mime: &'static str,
    pub body: String,
    /// The same compressed, once and well.
    pub small: Vec<u8>,
    /// Tells a browser that what it has is still this.
    pub tag: String,
}

/// All style sheets of the desk in file order as one.
pub fn style() -> &'static Asset {
    static STYLE: OnceLock<Asset> = OnceLock::new();
    STYLE.get_or_init(|| join(STYLES.iter().filter(|(name, _)| !of_portal(name)), "css"))
}

/// All scripts of the desk in file order as one.
pub fn script() -> &'static Asset {
    static SCRIPT: OnceLock<Asset> = OnceLock::new();
    SCRIPT.get_or_init(|| join(SCRIPTS.iter().filter(|(name, _)| !of_portal(name)), "js"))
}

/// What the public pages need: tokens, base and parts, their own sheets, print.
pub fn portal_style() -> &'static Asset {
    const SHARED: [&str; 5] = ["10-tokens.css", "20-base.css", "40-parts.css", "90-print.css", "95-print-tokens.css"];
    static STYLE: OnceLock<Asset> = OnceLock::new();
    STYLE.get_or_init(|| {
        let shared = |early: bool| {
            let wanted = move |name: &str| SHARED.contains(&name) && (name < "90") == early;
            STYLES.iter().filter(move |(name, _)| wanted(name))
        };
        let own = STYLES.iter().filter(|(name, _)| of_portal(name));
        join(shared(true).chain(own).chain(shared(false)), "css")
    })
}

/// Reading aloud and printing, where the browser can.
pub fn portal_script() -> &'static Asset {
    static SCRIPT: OnceLock<Asset> = OnceLock::new();
    SCRIPT.get_or_init(|| join(SCRIPTS.iter().filter(|(name, _)| of_portal(name)), "js"))
}

fn of_portal(name: &str) -> bool {
    name.starts_with("portal/")
}

/// The mark as an icon for the browser's tab.
pub const ICON: &str = include_str!("../../../../web/static/icon.svg");

fn join<'a>(parts: impl Iterator<Item = &'a (&'a str, &'a str)>, ending: &str) -> Asset {
    let body = parts.map(|(_, text)| *text).collect::<Vec<_>>().join("\n");
    let mime = if ending == "css" { "text/css; charset=utf-8" } else { "text/javascript; charset=utf-8" };
    let mark = format!("{:016x}", fingerprint(&body));
    let small = gzip(body.as_bytes(), Compression::best());
    Asset { address: format!("/static/yilian-{mark}.{ending}"), mime, body, small, tag: format!("\"{mark}\"") }
}

/// FNV-1a: stable between builds, and enough to tell two versions of a file apart.
pub(crate) fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_fetched_from_elsewhere() {
        for (name, text) in STYLES.iter().chain(SCRIPTS).chain(TEMPLATES).chain(FIELD) {
            // The name of SVG is an address that nobody fetches.
            let text = text.replace("http://www.w3.org/2000/svg", "");
            for forbidden in ["http://", "https://", "@import", " style=\"", "onclick=", "<script>"] {
                assert!(!text.contains(forbidden), "{name} holds {forbidden}");
            }
        }
    }

    #[test]
    fn braces_of_the_style_sheets_close() {
        for (name, text) in STYLES {
            assert_eq!(text.matches('{').count(), text.matches('}').count(), "{name}");
        }
    }
}
