//! A participant signs with a simple electronic signature.

use plenum_db::{Permit, TenantTx};
use plenum_documents_api::{DocumentSigned, SignatureId};
use plenum_events::Publish;
use plenum_identity::{Confirmation, store::accounts};
use plenum_kernel::AccountId;
use serde_json::json;

use crate::{
    Desk,
    actions::{Refused, decide_step, tell},
    domain::{
        card,
        route::{Act, Outcome},
        seal::{FIRST, Record},
    },
    jobs::PrintSheet,
    permissions::TakePart,
    store::{
        documents, history,
        signatures::{self, Signature},
        steps::OwnStep,
        versions,
    },
    verification,
};

/// Signs the latest version. The confirmation says that it is the account's holder who does; the signature binds the
/// bytes as they lie in the store at this moment.
///
/// # Errors
/// [`Refused::State`] when the step is not asked for, is over or asks for another act, when the version is flagged
/// (`version_flagged`) or its bytes are not those that arrived (`bytes_changed`).
pub async fn sign_step(
    tx: &mut TenantTx,
    permit: Permit<TakePart, OwnStep>,
    desk: &Desk,
    confirmation: Confirmation,
    intent: &str,
) -> Result<SignatureId, Refused> {
    let me = confirmation.account();
    if tx.viewer().account() != Some(me) {
        return Err(Refused::NotYours("people_only"));
    }
    let intent = card::required("intent", intent, card::LONGEST_TEXT)?;
    let own = permit.resource();
    let document = documents::lock(tx, own.document.id).await?;
    let version = versions::latest(tx, document.id).await?.ok_or(Refused::State("no_version"))?;
    if version.flag.is_some() {
        return Err(Refused::State("version_flagged"));
    }
    let outcome = decide_step::advance(tx, &document, own.step.id, Act::Sign, me, "").await?;
    let sha256 = desk.tools.files.digest(tx, version.file).await?;
    if sha256 != version.sha256 {
        return Err(Refused::State("bytes_changed"));
    }
    let before = signatures::of_document(tx, document.id).await?;
    let signer_name = name(tx, me).await?;
    let on_behalf_name = match own.on_behalf_of {
        Some(account) => Some(name(tx, account).await?),
        None => None,
    };
    let record = Record {
        tenant: tx.tenant(),
        id: SignatureId::new(),
        document: document.id,
        version: version.id,
        step: own.step.id,
        ordinal: i32::try_from(before.len()).unwrap_or(i32::MAX).saturating_add(1),
        signer: me,
        signer_name,
        on_behalf_of: own.on_behalf_of,
        on_behalf_name,
        signed_at: tx.now(),
        intent,
        sha256,
    };
    let seal = desk.seal.seal(&record, before.last().map_or(&FIRST, |last| &last.seal));
    let id = record.id;
    signatures::insert(tx, &Signature { record, seal }).await?;
    history::add(tx, document.id, "signed", &format!("{}", version.ordinal)).await?;
    let detail = json!({
        "signature": id,
        "version": version.ordinal,
        "sha256": hex::encode(sha256),
        "on_behalf_of": own.on_behalf_of,
    });
    plenum_audit::record(tx, verification::SIGNED, document.id, detail).await?;
    tx.publish(&DocumentSigned { document: document.id, signature: id, account: me }).await?;
    if outcome == Outcome::Completed {
        plenum_jobs::enqueue(tx, &PrintSheet { document: document.id }).await?;
    }
    tell(tx, document.id).await?;
    Ok(id)
}

async fn name(tx: &mut TenantTx, account: AccountId) -> Result<String, Refused> {
    Ok(accounts::by_id(tx.conn(), account).await?.ok_or(Refused::NotFound)?.display_name)
}
