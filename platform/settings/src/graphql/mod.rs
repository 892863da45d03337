//! What a tenant has set, in the API.

mod mutations;
mod nodes;
mod queries;
mod subscriptions;

pub use mutations::SettingsMutation;
pub use queries::SettingsQuery;
pub use subscriptions::SettingsSubscription;
