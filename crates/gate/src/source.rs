//! Where a request truly comes from. Only a proxy that was named is believed about it.

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use axum::http::{HeaderMap, HeaderName};

const FORWARDED: [HeaderName; 6] = [
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-port"),
    HeaderName::from_static("x-real-ip"),
    HeaderName::from_static("forwarded"),
];

/// A range of addresses, `10.0.0.0/8`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    network: Ipv6Addr,
    bits: u8,
}

/// Why a text is no range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give an address or a range, such as 10.0.0.5 or 10.0.0.0/8")]
pub struct CidrFault;

impl FromStr for Cidr {
    type Err = CidrFault;

    fn from_str(text: &str) -> Result<Self, CidrFault> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.trim().parse().map_err(|_| CidrFault)?;
        let own: u8 = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) => bits.trim().parse().ok().filter(|bits| *bits <= own).ok_or(CidrFault)?,
            None => own,
        };
        Ok(Self { network: widened(address), bits: bits + (128 - own) })
    }
}

impl Cidr {
    /// Whether the address lies in it; an IPv4 address written as IPv6 is the same address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0);
        u128::from(self.network) & mask == u128::from(widened(address)) & mask
    }
}

fn widened(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}

/// The proxies that are believed.
#[derive(Clone, Debug, Default)]
pub struct Proxies(pub Vec<Cidr>);

/// A request's origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub address: IpAddr,
    /// What the proxy says: whether the reader came by HTTPS.
    pub https: Option<bool>,
}

impl Proxies {
    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|range| range.contains(address))
    }

    /// Reads the origin and takes the headers away, so that nothing behind believes them by accident.
    ///
    /// The list grows to the right as a request passes proxies; the last one that is no proxy of ours is the source,
    /// whatever stands left of it was written by somebody else.
    pub(crate) fn origin(&self, peer: IpAddr, headers: &mut HeaderMap) -> Origin {
        let mut origin = Origin { address: peer.to_canonical(), https: None };
        if self.trusts(peer) {
            let all = headers.get_all(&FORWARDED[0]);
            let texts: Vec<&str> = all.iter().filter_map(|value| value.to_str().ok()).collect();
            for hop in texts.iter().flat_map(|text| text.split(',')).rev() {
                let Some(address) = read_hop(hop) else { break };
                origin.address = address.to_canonical();
                if !self.trusts(address) {
                    break;
                }
            }
            let proto = headers.get_all(&FORWARDED[1]).iter().next_back().and_then(|value| value.to_str().ok());
            origin.https = proto.and_then(|text| match text.rsplit(',').next().unwrap_or_default().trim() {
                "https" => Some(true),
                "http" => Some(false),
                _ => None,
            });
        }
        for name in &FORWARDED {
            headers.remove(name);
        }
        origin
    }
}

/// An address, with or without a port.
fn read_hop(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').map_or(text, |rest| rest.split(']').next().unwrap_or_default());
    bare.parse().ok().or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(peer: &str, headers: &[(&'static str, &str)]) -> Origin {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let proxies = Proxies(vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]);
        let origin = proxies.origin(peer.parse().unwrap(), &mut map);
        assert!(map.is_empty(), "the headers go no further");
        origin
    }

    fn address(peer: &str, headers: &[(&'static str, &str)]) -> String {
        origin(peer, headers).address.to_string()
    }

    #[test]
    fn only_a_named_proxy_is_believed() {
        let said = ("x-forwarded-for", "1.2.3.4");
        assert_eq!(address("10.1.1.1", &[said]), "1.2.3.4");
        assert_eq!(address("::ffff:10.1.1.1", &[said]), "1.2.3.4");
        assert_eq!(address("11.1.1.1", &[said]), "11.1.1.1");
        assert_eq!(address("10.1.1.1", &[]), "10.1.1.1");
        assert_eq!(origin("11.1.1.1", &[("x-forwarded-proto", "https")]).https, None);
        assert_eq!(origin("10.1.1.1", &[("x-forwarded-proto", "https")]).https, Some(true));
        assert_eq!(origin("10.1.1.1", &[("x-forwarded-proto", "http, https")]).https, Some(true));
    }

    #[test]
    fn what_a_reader_wrote_into_the_list_is_not_believed() {
        for (list, source) in [
            ("6.6.6.6, 1.2.3.4", "1.2.3.4"),
            ("6.6.6.6, 1.2.3.4, 10.2.2.2", "1.2.3.4"),
            ("127.0.0.1, 10.9.9.9, 1.2.3.4:5678", "1.2.3.4"),
            ("nonsense, 1.2.3.4", "1.2.3.4"),
            ("1.2.3.4, nonsense", "10.1.1.1"),
            ("1.2.3.4, ", "10.1.1.1"),
            ("[2001:db8::1]:80", "2001:db8::1"),
            ("10.5.5.5", "10.5.5.5"),
        ] {
            assert_eq!(address("10.1.1.1", &[("x-forwarded-for", list)]), source, "{list}");
        }
        let two = [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "1.2.3.4")];
        assert_eq!(address("10.1.1.1", &two), "1.2.3.4");
    }

    #[test]
    fn ranges_are_read_strictly() {
        for bad in ["", "10.0.0.0/33", "10.0.0", "10.0.0.0/-1", "::/129", "host", "10.0.0.0/8/8"] {
            assert_eq!(bad.parse::<Cidr>(), Err(CidrFault), "{bad}");
        }
        let everything: Cidr = "0.0.0.0/0".parse().unwrap();
        assert!(everything.contains("9.9.9.9".parse().unwrap()));
        assert!(!everything.contains("2001:db8::1".parse().unwrap()));
        assert!("::/0".parse::<Cidr>().unwrap().contains("2001:db8::1".parse().unwrap()));
    }
}
