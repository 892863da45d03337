//! What an attempt to send a letter came to.

use chrono::TimeDelta;

/// After so many attempts a letter is given up.
const MOST_ATTEMPTS: i32 = 6;

/// What the mail server said, when it was not yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its code of three digits; none when it gave no answer.
    pub status: Option<u16>,
    /// Its words.
    pub words: String,
    /// Whether another attempt is pointless.
    pub permanent: bool,
    /// Whether the letter may have been taken all the same.
    pub may_have_left: bool,
}

/// What becomes of the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It left.
    Sent,
    /// It is tried again.
    Later {
        /// After so long.
        wait: TimeDelta,
        /// Whether this attempt counts: not, when the mail server itself was away.
        counts: bool,
        /// Why.
        reason: String,
    },
    /// Refused for good.
    Bounced {
        /// Whether the address itself is bad, so that no other letter is sent to it.
        hard: bool,
        /// Why.
        reason: String,
    },
    /// Given up.
    Failed {
        /// Why.
        reason: String,
    },
    /// It may have left; never tried again.
    Uncertain {
        /// Why that is not known.
        reason: String,
    },
}

/// What becomes of a letter after its `attempt`-th attempt failed.
#[must_use]
pub fn judge(failure: &Failure, attempt: i32) -> Outcome {
    let reason = match (failure.status, failure.words.trim()) {
        (Some(status), words) if words.starts_with(&status.to_string()) => words.to_owned(),
        (Some(status), words) => format!("{status} {words}").trim().to_owned(),
        (None, "") => "no_answer".to_owned(),
        (None, words) => words.to_owned(),
    };
    if failure.may_have_left {
        return Outcome::Uncertain { reason };
    }
    if failure.permanent {
        return Outcome::Bounced { hard: is_bad_address(failure.status, &failure.words), reason };
    }
    if failure.status.is_none_or(|status| status >= 500) {
        // Not reachable, or it did not let us in: that is no fault of this letter.
        return Outcome::Later { wait: TimeDelta::minutes(1), counts: false, reason };
    }
    if attempt >= MOST_ATTEMPTS {
        return Outcome::Failed { reason };
    }
    // 1, 4, 16, 64, 256 minutes: greylisting ends within minutes, a full disk within hours.
    let wait = TimeDelta::minutes(1 << (2 * (attempt - 1).clamp(0, 5)));
    Outcome::Later { wait, counts: true, reason }
}

/// RFC 3463 §3.2: a status 5.1.x is about the address. Without an enhanced status, 550, 551 and 553 are (RFC 5321
/// §4.2.3).
fn is_bad_address(status: Option<u16>, words: &str) -> bool {
    let enhanced = words.split_whitespace().take(2).find(|word| {
        let mut parts = word.split('.');
        parts.next() == Some("5")
            && parts.clone().count() == 2
            && parts.all(|part| part.parse::<u16>().is_ok())
    });
    match enhanced {
        Some(code) => code.starts_with("5.1."),
        None => matches!(status, Some(550 | 551 | 553)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, words: &str) -> Failure {
        Failure {
            status: Some(status),
            words: words.to_owned(),
            permanent: status >= 500,
            may_have_left: false,
        }
    }

    #[test]
    fn a_refusal_for_good_is_a_bounce_and_only_a_bad_address_is_hard() {
        for (status, words, hard) in [
            (550, "5.1.1 no such user", true),
            (550, "no such user", true),
            (550, "5.7.1 we do not like this", false),
            (552, "5.2.2 mailbox full", false),
            (554, "go away", false),
        ] {
            let reason = format!("{status} {words}");
            assert_eq!(judge(&answer(status, words), 1), Outcome::Bounced { hard, reason });
        }
    }

    #[test]
    fn a_refusal_for_now_is_tried_again_with_growing_pauses_and_in_the_end_given_up() {
        let waits: Vec<i64> = (1..7)
            .filter_map(|attempt| match judge(&answer(450, "4.2.1 later"), attempt) {
                Outcome::Later { wait, counts: true, .. } => Some(wait.num_minutes()),
                _ => None,
            })
            .collect();
        assert_eq!(waits, [1, 4, 16, 64, 256]);
        assert!(matches!(judge(&answer(450, "later"), 6), Outcome::Failed { .. }));
    }

    #[test]
    fn a_server_that_is_away_uses_up_no_attempt() {
        let away = Failure { status: None, words: String::new(), permanent: false, may_have_left: false };
        assert!(matches!(judge(&away, 6), Outcome::Later { counts: false, .. }));
        let login = Failure { permanent: false, ..answer(535, "wrong password") };
        assert!(matches!(judge(&login, 6), Outcome::Later { counts: false, .. }));
    }

    #[test]
    fn what_may_have_left_is_never_tried_again() {
        let broken = Failure { status: None, words: String::new(), permanent: false, may_have_left: true };
        assert!(matches!(judge(&broken, 1), Outcome::Uncertain { .. }));
    }
}
