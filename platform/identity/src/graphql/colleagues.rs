//! Who may enter the tenant: those who are chosen as assignees, signers and correspondents.

use async_graphql::{Context, ID, Object, SimpleObject};
use plenum_graph::{Answer, Doors, Paged, Paging, global, paged};
use plenum_kernel::{AccountId, TypedId};

use crate::{
    permissions,
    store::accounts::{self, Colleague},
};

/// A person who may enter the organization.
#[derive(SimpleObject, Clone)]
#[graphql(name = "Colleague")]
pub struct ColleagueNode {
    /// The account's id.
    pub id: ID,
    /// How the person is called.
    pub name: String,
}

impl From<Colleague> for ColleagueNode {
    fn from(colleague: Colleague) -> Self {
        Self { id: global(colleague.id), name: colleague.name }
    }
}

/// Root fields.
#[derive(Default)]
pub struct ColleaguesQuery;

#[Object]
impl ColleaguesQuery {
    /// The people who may enter the organization, by name; with `search`, only those whose name holds each of its
    /// words. That somebody is a member is not everybody's to know: only those who hold an office in the
    /// organization may ask.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn colleagues(
        &self,
        ctx: &Context<'_>,
        search: Option<String>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<ColleagueNode>> {
        let mut tx = ctx.read(permissions::COLLEAGUES).await?;
        let paging = Paging::new(first, after)?;
        let after = paging.after.as_deref().map(read_cursor).transpose()?;
        let search = search.unwrap_or_default();
        let rows = accounts::colleagues(&mut tx, &search, after, paging.limit()).await?;
        Ok(paged(&paging, rows.into_iter().map(|row| (format!("{}|{}", row.id, row.name), row.into()))))
    }
}

fn read_cursor(cursor: &str) -> Answer<(&str, AccountId)> {
    let (id, name) = cursor.split_once('|').ok_or_else(Paging::bad_cursor)?;
    Ok((name, AccountId::parse_global(id).map_err(|_| Paging::bad_cursor())?))
}
