//! Whole-time equivalents as exact thousandths; hours as whole minutes. Never a float.

/// WTE in thousandths: contracted weekly minutes over full-time weekly minutes of the pay
/// framework at that date, rounded half up. Zero full-time minutes give zero.
pub fn thousandths(weekly_minutes: i32, full_time_minutes: i32) -> i32 {
    if full_time_minutes <= 0 {
        return 0;
    }
    let (part, whole) = (i64::from(weekly_minutes), i64::from(full_time_minutes));
    i32::try_from((part * 2000 + whole) / (2 * whole)).unwrap_or(i32::MAX)
}

/// Thousandths as a number with one decimal, rounded half up.
pub fn one_decimal(thousandths: i64) -> f64 {
    let tenths = (thousandths + if thousandths < 0 { -50 } else { 50 }) / 100;
    #[expect(clippy::cast_precision_loss, reason = "tenths of a WTE stay far below 2^52")]
    let value = tenths as f64 / 10.0;
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_over_the_full_time_hours_of_the_day() {
        assert_eq!(thousandths(2250, 2250), 1000);
        assert_eq!(thousandths(2250, 2220), 1014);
        assert_eq!(thousandths(1125, 2250), 500);
        assert_eq!(thousandths(600, 0), 0);
    }

    #[test]
    fn one_decimal_rounds_half_up() {
        assert!((one_decimal(1250) - 1.3).abs() < f64::EPSILON);
        assert!((one_decimal(1249) - 1.2).abs() < f64::EPSILON);
    }
}
