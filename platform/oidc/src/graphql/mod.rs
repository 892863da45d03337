//! Sign-in by providers in the API.

mod settings;
mod sign_in;

use async_graphql::MergedObject;

/// Root fields that read.
#[derive(MergedObject, Default)]
pub struct OidcQuery(settings::ProviderSettingsQuery, sign_in::ProviderSignInQuery);

/// Root fields that change something.
#[derive(MergedObject, Default)]
pub struct OidcMutation(settings::ProviderSettingsMutation, sign_in::ProviderSignInMutation);
