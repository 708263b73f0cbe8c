//! Dates and lengths of time in words: the Persian calendar for Persian, the Gregorian for English.
//!
//! Owns the calendars. It must not know a clock or a time zone: days are given, counted from 1970-01-01, which is 0.

use crate::words::language::Language;
use crate::words::locale::Locale;
use crate::words::message::Message;

/// A date of some calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// The year.
    pub year: i32,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

/// The Gregorian date of a day (H. Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`).
///
/// ```
/// use barchasb::words::time::{Date, gregorian};
/// assert_eq!(gregorian(0), Date { year: 1970, month: 1, day: 1 });
/// ```
#[must_use]
pub fn gregorian(day: i32) -> Date {
    let shifted = i64::from(day) + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Years begin in March here: so the day of a leap year stands last.
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    date(year_of_era + era * 400 + next, month, day)
}

/// The date of the Persian calendar of a day, by the cycle of 33 years, which gives the official calendar of the years 1206 to 1498.
///
/// ```
/// use barchasb::words::time::{Date, persian};
/// // 2026-03-21 is the first of Farvardin 1405.
/// assert_eq!(persian(20_533), Date { year: 1405, month: 1, day: 1 });
/// ```
#[must_use]
pub fn persian(day: i32) -> Date {
    // 1970-01-01 is the 11th of Dey 1348, 1 075 195 days after a beginning of a cycle in the year −1595.
    let days = i64::from(day) + 1_075_195;
    let mut year = -1595 + 33 * days.div_euclid(12_053);
    let mut days = days.rem_euclid(12_053);
    year += 4 * (days / 1461);
    days %= 1461;
    if days > 365 {
        year += (days - 1) / 365;
        days = (days - 1) % 365;
    }
    // Six months of 31 days, then months of 30.
    let (month, day) =
        if days < 186 { (1 + days / 31, 1 + days % 31) } else { (7 + (days - 186) / 30, 1 + (days - 186) % 30) };
    date(year, month, day)
}

fn date(year: i64, month: i64, day: i64) -> Date {
    let small = |number: i64| u8::try_from(number).unwrap_or(1);
    Date { year: i32::try_from(year).unwrap_or(i32::MAX), month: small(month), day: small(day) }
}

/// The date of a day as it stands in tables: `2026-11-24`.
#[must_use]
pub fn iso_date(day: i32) -> String {
    let Date { year, month, day } = gregorian(day);
    format!("{year:04}-{month:02}-{day:02}")
}

impl Locale {
    /// The day and the month in words: «۳ آذر», «24 November».
    #[must_use]
    pub fn day_and_month(&self, day: i32) -> String {
        let date = self.date_of(day);
        let month = self.words(&format!("month-{}", date.month));
        self.message(&Message::new("date-day-month").number("day", date.day).text("month", month))
    }

    /// The day, the month and the year in words: «۳ آذر ۱۴۰۵», «24 November 2026».
    #[must_use]
    pub fn date(&self, day: i32) -> String {
        let date = self.date_of(day);
        let month = self.words(&format!("month-{}", date.month));
        let message = Message::new("date-full").number("day", date.day).text("month", month);
        self.message(&message.text("year", self.plain_number(&date.year.to_string())))
    }

    fn date_of(&self, day: i32) -> Date {
        match self.language() {
            Language::Persian => persian(day),
            Language::English => gregorian(day),
        }
    }

    /// A length of time as minutes and seconds, or hours, minutes and seconds: «۲:۰۵», «1:02:05».
    #[must_use]
    pub fn length_of_time(&self, seconds: u32) -> String {
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let plain =
            if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") };
        self.plain_number(&plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(day: i32, iso: &str, expected: (i32, u8, u8)) {
        let Date { year, month, day: of_month } = persian(day);
        assert_eq!((iso_date(day).as_str(), (year, month, of_month)), (iso, expected));
    }

    #[test]
    fn days_have_dates_in_both_calendars() {
        check(0, "1970-01-01", (1348, 10, 11));
        check(-1, "1969-12-31", (1348, 10, 10));
        // New Year's days and the ends of the leap years 1399 and 1403.
        check(18_706, "2021-03-20", (1399, 12, 30));
        check(18_707, "2021-03-21", (1400, 1, 1));
        check(19_802, "2024-03-20", (1403, 1, 1));
        check(20_167, "2025-03-20", (1403, 12, 30));
        check(20_168, "2025-03-21", (1404, 1, 1));
        check(20_781, "2026-11-24", (1405, 9, 3));
    }

    #[test]
    fn dates_and_times_have_the_words_and_digits_of_the_language() {
        let persian = Locale::new(Language::Persian);
        let bare = |text: String| text.replace(['\u{2068}', '\u{2069}'], "");
        assert_eq!(bare(persian.date(20_781)), "۳ آذر ۱۴۰۵");
        assert_eq!(bare(persian.day_and_month(20_781)), "۳ آذر");
        assert_eq!(persian.length_of_time(125), "۲:۰۵");
        let english = Locale::new(Language::English);
        assert_eq!(bare(english.date(20_781)), "24 November 2026");
        assert_eq!(english.length_of_time(3725), "1:02:05");
        assert_eq!((persian.decimal(0.876, 2), english.decimal(12.5, 1)), ("۰٫۸۸".into(), "12.5".into()));
    }
}
