//! Access in the API.

mod acceptance;
mod invitations;
mod mutations;
mod nodes;
mod queries;

use async_graphql::MergedObject;

/// Root fields that read.
#[derive(MergedObject, Default)]
pub struct AccessQuery(queries::PeopleQuery, invitations::InvitationQuery, acceptance::OfferQuery);

/// Root fields that change something.
#[derive(MergedObject, Default)]
pub struct AccessMutation(
    mutations::RoleMutation,
    invitations::InvitationMutation,
    acceptance::AcceptanceMutation,
);
