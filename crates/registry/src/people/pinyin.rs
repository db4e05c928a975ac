//! Names as people type them: full pinyin and initials, surnames read as surnames.

use pinyin::ToPinyin;

/// Surnames whose reading differs from the character's usual one.
const SURNAMES: [(&str, &str); 14] = [
    ("单", "shan"),
    ("曾", "zeng"),
    ("解", "xie"),
    ("仇", "qiu"),
    ("查", "zha"),
    ("区", "ou"),
    ("任", "ren"),
    ("朴", "piao"),
    ("盖", "ge"),
    ("乐", "yue"),
    ("翟", "zhai"),
    ("尉迟", "yuchi"),
    ("万俟", "moqi"),
    ("覃", "qin"),
];

/// A name's syllables without tones; letters and digits stay, dots and blanks part nothing.
pub(super) fn syllables(name: &str) -> Vec<String> {
    let (mut out, mut rest) = (Vec::new(), name);
    if let Some((surname, reading)) = SURNAMES.iter().filter(|(s, _)| name.starts_with(s)).max_by_key(|(s, _)| s.len())
    {
        out.push((*reading).to_owned());
        rest = &name[surname.len()..];
    }
    for c in rest.chars() {
        if let Some(reading) = c.to_pinyin() {
            // ü is typed v.
            out.push(reading.plain().replace('ü', "v"));
        } else if c.is_alphanumeric() {
            out.push(c.to_lowercase().collect());
        }
    }
    out
}

/// The first letter of each syllable.
pub(super) fn initials(syllables: &[String]) -> String {
    syllables.iter().filter_map(|s| s.chars().next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_are_read_as_surnames() {
        let read = |name: &str| syllables(name).concat();
        assert_eq!(read("单桂兰"), "shanguilan");
        assert_eq!(read("阿不都热合曼·买买提").as_str(), "abudourehemanmaimaiti");
        assert_eq!(initials(&syllables("周桂兰")), "zgl");
    }
}
