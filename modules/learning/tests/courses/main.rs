//! Learning through the whole API, on a real database.

mod attempts;
mod authoring;
mod certificates;
mod enrolling;
mod invitations;
mod progress;
mod quizzes;
mod reminders;
mod rights;
mod school;
mod trainings;
mod webinars;
