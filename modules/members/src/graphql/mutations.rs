//! Root fields that change something.

use async_graphql::{Context, ID, InputObject, Object};
use plenum_db::{Permit, TenantTx};
use plenum_files::{FileId, Files};
use plenum_graph::{Answer, Doors, Finish, Refusal, parse_id};
use plenum_members_api::ImportId;

use super::{import::MemberImportNode, names::ImportField, queries::import_in};
use crate::{
    actions::{
        commit_import::commit_import, discard_import::discard_import, prepare_import::prepare_import,
        set_mapping::set_mapping,
    },
    domain::import::{Column, Field},
    permissions::{self, RunImport},
    store::imports::PlacedImport,
};

/// What a column means.
#[derive(InputObject)]
pub struct ColumnMappingInput {
    /// The column's place, the first is 0.
    index: i32,
    /// What it holds; null is ignored.
    field: Option<ImportField>,
}

/// Root fields.
#[derive(Default)]
pub struct ImportMutation;

#[Object]
impl ImportMutation {
    /// Reads an uploaded file and makes a trial run. A file that cannot be read becomes an import that says why.
    async fn prepare_member_import(&self, ctx: &Context<'_>, file: ID) -> Answer<MemberImportNode> {
        let mut tx = ctx.write(permissions::IMPORT).await?;
        let file: FileId = parse_id(&file)?;
        let outcome = prepare_import(&mut tx, ctx.data_unchecked::<Files>(), file).await;
        let outcome = match outcome {
            Ok(id) => shown(&mut tx, id).await,
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }

    /// Says what columns mean, and makes the trial run again; columns left out keep their meaning.
    async fn set_member_import_mapping(
        &self,
        ctx: &Context<'_>,
        import: ID,
        columns: Vec<ColumnMappingInput>,
    ) -> Answer<MemberImportNode> {
        let mut tx = ctx.write(permissions::IMPORT).await?;
        let (id, permit) = permitted(&mut tx, &import).await?;
        let columns = places(columns)?;
        let outcome = match set_mapping(&mut tx, permit, ctx.data_unchecked::<Files>(), &columns).await {
            Ok(()) => shown(&mut tx, id).await,
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }

    /// Adds the import to the register: all of it or nothing, in the background. Follow it by subscribing.
    async fn commit_member_import(&self, ctx: &Context<'_>, import: ID) -> Answer<MemberImportNode> {
        let mut tx = ctx.write(permissions::IMPORT).await?;
        let (id, permit) = permitted(&mut tx, &import).await?;
        let outcome = match commit_import(&mut tx, permit).await {
            Ok(()) => shown(&mut tx, id).await,
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }

    /// Puts an import away that is not added.
    async fn discard_member_import(&self, ctx: &Context<'_>, import: ID) -> Answer<MemberImportNode> {
        let mut tx = ctx.write(permissions::IMPORT).await?;
        let (id, permit) = permitted(&mut tx, &import).await?;
        let outcome = match discard_import(&mut tx, permit).await {
            Ok(()) => shown(&mut tx, id).await,
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }
}

async fn permitted(tx: &mut TenantTx, import: &ID) -> Answer<(ImportId, Permit<RunImport, PlacedImport>)> {
    let id: ImportId = parse_id(import)?;
    Ok((id, tx.permit(id).await?))
}

async fn shown(tx: &mut TenantTx, id: ImportId) -> Answer<MemberImportNode> {
    import_in(tx, id).await?.ok_or_else(Refusal::not_found)
}

fn places(columns: Vec<ColumnMappingInput>) -> Answer<Vec<(Column, Option<Field>)>> {
    let place = |(position, input): (usize, ColumnMappingInput)| {
        let index = u16::try_from(input.index)
            .map_err(|_| Refusal::invalid_field(format!("columns.{position}.index"), "no_such_column"))?;
        Ok((Column(index), input.field.map(Field::from)))
    };
    columns.into_iter().enumerate().map(place).collect()
}
