//! Which passwords are refused, all reasons at once.

use kernel::Lang;
use unicode_normalization::UnicodeNormalization;

use super::breached::{BreachedFault, BreachedList};
use super::trivial;
use crate::authz::{Kind, Rules};

/// Why a password is refused; the password itself is in none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    TooShort {
        least: usize,
    },
    TooLong {
        most: usize,
    },
    /// Holds the user name, or a part of the own name.
    HoldsName,
    /// Made of words, runs, dates and repetitions that everybody tries first.
    Trivial,
    /// Stands in a list of passwords that became known.
    Breached,
}

impl PasswordFault {
    #[must_use]
    pub fn say(self, lang: Lang) -> String {
        match (self, lang) {
            (Self::TooShort { least }, Lang::Zh) => format!("至少{least}个字符，一句话最好记"),
            (Self::TooShort { least }, Lang::En) => format!("at least {least} characters; a sentence is easy to keep"),
            (Self::TooLong { most }, Lang::Zh) => format!("最多{most}个字符"),
            (Self::TooLong { most }, Lang::En) => format!("at most {most} characters"),
            (Self::HoldsName, Lang::Zh) => "不要包含用户名或自己的名字".to_owned(),
            (Self::HoldsName, Lang::En) => "leave out the user name and your own name".to_owned(),
            (Self::Trivial, Lang::Zh) => "太好猜：常用词、连续的键、日期、重复的字都不算数".to_owned(),
            (Self::Trivial, Lang::En) => {
                "too easy to guess: common words, runs of keys, dates and repetitions count for nothing".to_owned()
            }
            (Self::Breached, Lang::Zh) => "这个密码已经泄露过，请换一个".to_owned(),
            (Self::Breached, Lang::En) => "this password has become known somewhere; take another".to_owned(),
        }
    }
}

/// Whose password it is to be.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    pub kind: Kind,
    pub username: &'a str,
    pub display_name: &'a str,
}

/// Every reason to refuse it; none: it may be taken.
pub(crate) fn judge(
    rules: &Rules,
    breached: Option<&BreachedList>,
    about: About<'_>,
    password: &str,
) -> Result<Vec<PasswordFault>, BreachedFault> {
    let folded: String = password.nfkc().collect::<String>().to_lowercase();
    let length = folded.chars().count();
    let mut faults = Vec::new();
    let least = rules.shortest_password(about.kind);
    if length < least {
        faults.push(PasswordFault::TooShort { least });
    }
    if length > rules.password.longest {
        faults.push(PasswordFault::TooLong { most: rules.password.longest });
        return Ok(faults);
    }
    let names = own_words(about);
    if names.iter().any(|name| folded.contains(name.as_str())) {
        faults.push(PasswordFault::HoldsName);
    }
    if trivial::is_trivial(&folded, &names) {
        faults.push(PasswordFault::Trivial);
    }
    if let Some(list) = breached
        && list.holds(password)?
    {
        faults.push(PasswordFault::Breached);
    }
    Ok(faults)
}

/// The user name and its parts, and the name: three letters or two Chinese characters at least.
fn own_words(about: About<'_>) -> Vec<String> {
    let parts = about.username.split(['.', '-', '_', '@']).chain([about.username]);
    let parts = parts.chain(about.display_name.split_whitespace()).chain([about.display_name]);
    let long = |word: &str| word.chars().count() >= if word.is_ascii() { 4 } else { 2 };
    let mut words: Vec<String> = parts.map(str::to_lowercase).filter(|word| long(word)).collect();
    words.sort();
    words.dedup();
    words
}
