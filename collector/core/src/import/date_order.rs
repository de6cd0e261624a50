//! Order of day, month and year in dates such as `03/04/2026` or `26/01/05`.
//!
//! A date may fit more than one order. All dates of a file have the same, so it is one that all of
//! them fit.

/// Order of day, month and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// `%d/%m/%Y`, or `%d/%m/%y`.
    DayMonthYear = 1,
    /// `%m/%d/%Y`, or `%m/%d/%y`.
    MonthDayYear = 2,
    /// `%y/%m/%d`. A year of four digits in front needs no order.
    YearMonthDay = 4,
}

/// Number in a date, with how many digits it has.
pub(super) type Number = (u32, usize);

/// The earliest year of two digits that may stand in front: nobody asked for such scores before.
const FIRST_YEAR: u32 = 10;

/// Set of orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Orders(u8);

impl Orders {
    pub(super) const ALL: Self = Self(7);

    /// Returns the orders that a date fits. Of a year with two digits `last_year` is the latest.
    pub(super) fn of_date(numbers: [Number; 3], last_year: u32) -> Self {
        let [(first, digits), (second, _), (third, third_digits)] = numbers;
        let is_day = |number| (1..=31).contains(&number);
        let is_month = |number| (1..=12).contains(&number);
        let ends_with_year = third_digits == 4 || (third_digits == 2 && third <= last_year);
        let begins_with_year = digits == 2 && third_digits < 3 && (FIRST_YEAR..=last_year).contains(&first);
        let fits = [
            (DateOrder::DayMonthYear, is_day(first) && is_month(second) && ends_with_year),
            (DateOrder::MonthDayYear, is_month(first) && is_day(second) && ends_with_year),
            (DateOrder::YearMonthDay, begins_with_year && is_month(second) && is_day(third)),
        ];
        Self(fits.iter().fold(0, |bits, (order, fits)| if *fits { bits | *order as u8 } else { bits }))
    }

    /// Returns the order, if there is just one.
    pub(super) fn only(self) -> Option<DateOrder> {
        match self.0 {
            1 => Some(DateOrder::DayMonthYear),
            2 => Some(DateOrder::MonthDayYear),
            4 => Some(DateOrder::YearMonthDay),
            _ => None,
        }
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn has(self, order: DateOrder) -> bool {
        self.0 & order as u8 != 0
    }

    /// Keeps the orders that another date fits too. A date that fits none says nothing about them.
    pub(super) fn keep(&mut self, others: Self) {
        if !others.is_empty() {
            self.0 &= others.0;
        }
    }
}
