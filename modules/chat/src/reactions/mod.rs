//! What other modules tell, and what chat makes of it. Each takes what is true now, so that events may come again and in
//! any order.

mod bodies;
mod learning;
mod mailings;
mod members;

pub use bodies::on_bodies;
pub use learning::on_learning;
pub use mailings::on_mailings;
pub use members::on_members;
