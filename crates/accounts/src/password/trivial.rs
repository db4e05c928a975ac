//! How much there is to guess in a password, roughly.
//!
//! It is covered by the cheapest pieces: a common word (also in leet spelling), a run along the keyboard, the alphabet
//! or one key, a date, a repetition of what stood just before. Each piece costs one, as does each character that no
//! piece covers. Whoever guesses tries cheap covers first, whatever the length. The words are ours:
//! `data/words.txt`, written by rule.

/// Pieces at least.
const LEAST: usize = 6;

const WORDS: &str = include_str!("../../data/words.txt");

/// Rows of a keyboard, with shift and without; runs along them go both ways.
const ROWS: [&str; 10] = [
    "`1234567890-=",
    "~!@#$%^&*()_+",
    "qwertyuiop[]\\",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "zaq1xsw2cde3vfr4bgt5nhy6mju7,ki8.lo9/;p0",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
];

/// `password` in lower case; `own`: more words that are no secret here.
pub(super) fn is_trivial(password: &str, own: &[String]) -> bool {
    let chars: Vec<char> = password.chars().collect();
    let words: Vec<Vec<char>> = WORDS
        .lines()
        .filter(|l| !l.starts_with('#'))
        .flat_map(str::split_whitespace)
        .map(|w| w.chars().collect())
        .collect();
    let own: Vec<Vec<char>> = own.iter().map(|word| word.chars().collect()).collect();
    let mut cheapest = vec![usize::MAX; chars.len() + 1];
    cheapest[0] = 0;
    for at in 0..chars.len() {
        let so_far = cheapest[at] + 1;
        let rest = &chars[at..];
        let mut offer = |length: usize| cheapest[at + length] = cheapest[at + length].min(so_far);
        offer(1);
        words.iter().chain(&own).filter(|word| spells(rest, word)).for_each(|word| offer(word.len()));
        (3..=run_length(rest)).for_each(&mut offer);
        date_lengths(rest).for_each(&mut offer);
        repeated(&chars, at).for_each(&mut offer);
    }
    cheapest[chars.len()] < LEAST
}

fn spells(text: &[char], word: &[char]) -> bool {
    text.len() >= word.len() && text.iter().zip(word).all(|(&given, &meant)| given == meant || looks_like(given, meant))
}

/// Digits and signs that stand for letters.
fn looks_like(given: char, meant: char) -> bool {
    matches!(
        (given, meant),
        ('0', 'o')
            | ('1' | '!' | '|', 'i' | 'l')
            | ('2', 'z')
            | ('3', 'e')
            | ('4' | '@', 'a')
            | ('5' | '$', 's')
            | ('6' | '9', 'g')
            | ('7' | '+', 't')
            | ('8', 'b')
    )
}

/// How far it runs along one key or one row, in one direction.
fn run_length(text: &[char]) -> usize {
    let same = text.iter().take_while(|&&c| c == text[0]).count();
    let along = ROWS.iter().map(|row| {
        let row: Vec<char> = row.chars().collect();
        let forwards = along_row(text, &row);
        let backwards: Vec<char> = row.into_iter().rev().collect();
        forwards.max(along_row(text, &backwards))
    });
    along.max().unwrap_or(0).max(same)
}

fn along_row(text: &[char], row: &[char]) -> usize {
    let Some(start) = row.iter().position(|key| *key == text[0]) else { return 0 };
    row[start..].iter().zip(text).take_while(|(key, given)| key == given).count()
}

/// Lengths of dates and years that open the text.
fn date_lengths(text: &[char]) -> impl Iterator<Item = usize> {
    let digits = text.iter().take(8).map_while(|c| c.to_digit(10));
    let digits: Vec<u32> = digits.collect();
    let number = |from: usize, length: usize| digits[from..from + length].iter().fold(0, |n, d| n * 10 + d);
    let is_day = |month: u32, day: u32| (1..=12).contains(&month) && (1..=31).contains(&day);
    let is_year = |year: u32| (1900..2100).contains(&year);
    let year = digits.len() >= 4 && is_year(number(0, 4));
    let month = digits.len() >= 6 && (year && is_day(number(4, 2), 1) || is_day(number(2, 2), number(4, 2)));
    let day = digits.len() >= 8
        && (is_year(number(0, 4)) && is_day(number(4, 2), number(6, 2))
            || is_year(number(4, 4)) && is_day(number(0, 2), number(2, 2))
            || is_year(number(4, 4)) && is_day(number(2, 2), number(0, 2)));
    [(year, 4), (month, 6), (day, 8)].into_iter().filter_map(|(holds, length)| holds.then_some(length))
}

/// Lengths for which the text repeats what stood just before.
fn repeated(chars: &[char], at: usize) -> impl Iterator<Item = usize> {
    (2..=at.min(chars.len() - at)).filter(move |length| chars[at - length..at] == chars[at..at + length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_first_is_trivial() {
        let tried = [
            "password1234",
            "passw0rd2026!",
            "p@$$w0rdp@$$w0rd",
            "qwertyuiop12",
            "1qaz2wsx3edc4rfv",
            "aaaaaaaaaaaaaa",
            "abcabcabcabc",
            "administrator1",
            "admin@123456",
            "19491001198505",
            "20261122yilian",
            "iloveyou520520",
            "woaizhongguo2026",
            "yilian-kizilsu",
            "welcome2026!!",
            "minzheng123456",
            "1234567890-=",
            "zxcvbnm,./asdf",
            "letmein-letmein",
            "summer2026summer",
            "atushi20261122",
            "!@#$%^&*()_+",
            "changemeplease",
            "asdf;lkjasdf",
            "88888888888888",
            "5201314520131",
            "1q2w3e4r5t6y",
            "monkey.dragon1",
            "qazwsxedcrfv",
            "yanglao2024888",
        ];
        for password in tried {
            assert!(is_trivial(password, &[]), "{password}");
        }
    }

    #[test]
    fn what_has_to_be_guessed_is_not() {
        let good = [
            "a quiet river bends",
            "天山下面种了七棵杏树",
            "kd82-mquv-71xz",
            "correct horse battery staple",
            "seven apricots on the wall",
            "w3lsh-r4bbit-tea-urn",
        ];
        for password in good {
            assert!(!is_trivial(password, &[]), "{password}");
        }
    }

    #[test]
    fn ones_own_name_is_no_secret() {
        assert!(!is_trivial("guliram.tursun9", &[]));
        assert!(is_trivial("guliram.tursun9", &["guliram".into(), "tursun".into()]));
    }
}
