//! What is left of a name when nobody has asked to see it.

/// `王桂兰` → `王*兰`, `王兰` → `王*`, `阿依古丽·买买提` → `阿*丽·买*提`.
///
/// The number of hidden characters is not shown.
#[must_use]
pub fn name(full: &str) -> String {
    full.split(['·', '•', '‧', '・', ' ']).filter(|part| !part.is_empty()).map(part).collect::<Vec<_>>().join("·")
}

fn part(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next_back(), chars.next()) {
        (Some(first), Some(last), Some(_)) => format!("{first}*{last}"),
        (Some(first), Some(_), None) => format!("{first}*"),
        _ => "*".into(),
    }
}

/// The last four characters of an ID number with stars for the rest; nothing for someone without a number.
#[must_use]
pub fn id_number(full: &str) -> String {
    let count = full.chars().count();
    let last: String = full.chars().skip(count.saturating_sub(4)).collect();
    match count {
        0 => String::new(),
        1..=4 => "****".into(),
        _ => format!("****{last}"),
    }
}

/// `0908-1234567` → `****67`.
#[must_use]
pub fn phone(full: &str) -> String {
    let count = full.chars().count();
    if count < 6 { "****".into() } else { format!("****{}", full.chars().skip(count - 2).collect::<String>()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_only_their_ends() {
        for (full, masked) in [
            ("王桂兰", "王*兰"),
            ("王兰", "王*"),
            ("欧阳桂兰", "欧*兰"),
            ("阿依古丽·买买提", "阿*丽·买*提"),
            ("李", "*"),
            ("", ""),
        ] {
            assert_eq!(name(full), masked, "{full}");
        }
    }

    #[test]
    fn numbers_keep_their_last_digits() {
        assert_eq!(id_number("653001194403120028"), "****0028");
        assert_eq!(id_number("0028"), "****");
        assert_eq!(id_number(""), "");
        assert_eq!(phone("09081234567"), "****67");
        assert_eq!(phone("110"), "****");
    }
}
