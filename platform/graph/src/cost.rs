//! What a list costs: so many times what is below it, before anybody has counted its rows.
//!
//! The engine adds these up and refuses what is too much; `tests/guards/tests/costs.rs` sees to it that every list of
//! the API has one.

use crate::paging::LONGEST;

/// A page costs what is below it as many times as rows are asked for. More than the longest page is no page (the field
/// refuses it), and does not cost more: a product of any numbers an attacker sends would overflow.
#[must_use]
pub fn page(first: i32, child: usize) -> usize {
    list(usize::try_from(first.clamp(1, LONGEST)).unwrap_or(1), child)
}

/// A list without pages costs what is below it as many times as it usually has rows. What it has at most is known too,
/// and written in the guard; a cost by that would refuse pages that people open every day.
#[must_use]
pub fn list(rows: usize, child: usize) -> usize {
    rows.max(1).saturating_mul(child)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_makes_a_page_free_or_overflow() {
        assert_eq!((page(20, 3), page(0, 3), page(-5, 3)), (60, 3, 3));
        assert_eq!(page(i32::MAX, 3), page(LONGEST, 3));
        assert_eq!((list(0, 7), list(5, usize::MAX)), (7, usize::MAX));
    }
}
