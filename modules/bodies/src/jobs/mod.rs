//! Work that follows a step of the proceedings.

mod print_minutes;
mod send_cancellation;
mod send_notice;

pub use print_minutes::PrintMinutes;
pub use send_cancellation::SendCancellation;
pub use send_notice::SendNotice;

pub(crate) use print_minutes::print_minutes;
pub(crate) use send_cancellation::send_cancellation;
pub(crate) use send_notice::send_notice;
