//! The contract of members: what other modules may import.
