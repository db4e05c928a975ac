//! Where nothing may be sent: a subscriber's address must not lead back into the house.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::http::Uri;

/// Hosts that the installation's own settings let through, whatever they resolve to.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    /// Small letters, without a port.
    allowed: Vec<String>,
}

/// Why nothing is sent to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressFault {
    #[error("the address can't be read")]
    Unreadable,
    #[error("the address must open with https://")]
    NotSecure,
    #[error("the address must hold no name or password")]
    Credentials,
    #[error("the address leads to this machine or a private network")]
    Private,
}

impl AddressFault {
    /// A stable word for messages.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NotSecure => "not-secure",
            Self::Credentials => "credentials",
            Self::Private => "private",
        }
    }
}

impl Guard {
    #[must_use]
    pub fn allowing(hosts: &[String]) -> Self {
        Self { allowed: hosts.iter().map(|host| host.to_ascii_lowercase()).collect() }
    }

    /// Whether the settings name this host.
    #[must_use]
    pub fn allows(&self, host: &str) -> bool {
        self.allowed.iter().any(|allowed| host.eq_ignore_ascii_case(allowed))
    }

    /// Goes on for an address that may be sent to, as far as its letters tell. What the name resolves to is looked at
    /// again at each delivery.
    ///
    /// # Errors
    /// The first thing that speaks against it.
    pub fn check(&self, address: &str) -> Result<(), AddressFault> {
        if address.len() > 400 || address.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(AddressFault::Unreadable);
        }
        let uri: Uri = address.parse().map_err(|_| AddressFault::Unreadable)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(AddressFault::Unreadable);
        };
        if authority.as_str().contains('@') {
            return Err(AddressFault::Credentials);
        }
        let host = bare(authority.host());
        if host.is_empty() {
            return Err(AddressFault::Unreadable);
        }
        if self.allows(host) {
            return if matches!(scheme, "https" | "http") { Ok(()) } else { Err(AddressFault::NotSecure) };
        }
        if scheme != "https" {
            return Err(AddressFault::NotSecure);
        }
        // Every way of writing an address of four bytes that a resolver may read, `127.1` or `0x7f000001` among them.
        let numeric = |part: &str| {
            let digits = part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")).unwrap_or(part);
            digits.bytes().all(|b| b.is_ascii_hexdigit()) && part.starts_with(|c: char| c.is_ascii_digit())
        };
        let private = match host.parse::<IpAddr>() {
            Ok(ip) => !is_public(ip),
            Err(_) => {
                let name = host.trim_end_matches('.').to_ascii_lowercase();
                let last = name.rsplit('.').next().unwrap_or_default();
                !name.contains('.') || numeric(last) || ["localhost", "local", "internal"].contains(&last)
            }
        };
        if private { Err(AddressFault::Private) } else { Ok(()) }
    }
}

fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// Whether an address belongs to the open network.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let reserved = a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19));
    !(reserved
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || ip.is_unspecified())
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(inner) = ip.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let s = ip.segments();
    let inner = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match s {
        // NAT64 and 6to4 carry an address of four bytes.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => is_public_v4(inner(high, low)),
        // Of the open network only 2000::/3, without documentation and Teredo.
        [first, second, ..] => {
            first & 0xe000 == 0x2000 && !(first == 0x2001 && (second == 0xdb8 || second == 0)) && !ip.is_multicast()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_lead_home_are_refused() {
        let guard = Guard::default();
        for (address, fault) in [
            ("http://example.org/x", AddressFault::NotSecure),
            ("ftp://example.org/x", AddressFault::NotSecure),
            ("/x", AddressFault::Unreadable),
            ("https://a b/", AddressFault::Unreadable),
            ("https://me:pw@example.org/", AddressFault::Credentials),
            ("https://localhost/", AddressFault::Private),
            ("https://LOCALHOST:8443/", AddressFault::Private),
            ("https://printer.local/", AddressFault::Private),
            ("https://metadata.internal/", AddressFault::Private),
            ("https://intranet/", AddressFault::Private),
            ("https://127.0.0.1/", AddressFault::Private),
            ("https://127.1/", AddressFault::Private),
            ("https://2130706433/", AddressFault::Private),
            ("https://0x7f000001/", AddressFault::Private),
            ("https://10.1.2.3/", AddressFault::Private),
            ("https://169.254.169.254/latest/meta-data", AddressFault::Private),
            ("https://192.168.0.9/", AddressFault::Private),
            ("https://100.64.0.1/", AddressFault::Private),
            ("https://[::1]/", AddressFault::Private),
            ("https://[fd00::1]/", AddressFault::Private),
            ("https://[fe80::1]/", AddressFault::Private),
            ("https://[::ffff:10.0.0.1]/", AddressFault::Private),
            ("https://[64:ff9b::a00:1]/", AddressFault::Private),
            ("https://[2002:a00:1::]/", AddressFault::Private),
        ] {
            assert_eq!(guard.check(address), Err(fault), "{address}");
        }
        for fine in ["https://example.org/hook?x=1", "https://8.8.8.8/", "https://[2606:4700::1111]:8443/a"] {
            assert_eq!(guard.check(fine), Ok(()), "{fine}");
        }
    }

    #[test]
    fn a_host_that_the_settings_name_may_be_reached_in_the_clear() {
        let guard = Guard::allowing(&["Intranet".to_owned(), "127.0.0.1".to_owned()]);
        assert_eq!(guard.check("http://intranet:8080/x"), Ok(()));
        assert_eq!(guard.check("http://127.0.0.1:9/x"), Ok(()));
        assert_eq!(guard.check("http://127.0.0.2:9/x"), Err(AddressFault::NotSecure));
        assert_eq!(guard.check("file://intranet/etc/passwd"), Err(AddressFault::NotSecure));
    }
}
