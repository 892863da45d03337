//! A campaign is written, or written anew while it is a draft.

use std::collections::HashSet;

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_files::{FileId, FilesError};
use plenum_mailings_api::CampaignId;
use plenum_members_api::Consent;

use crate::{
    Tools,
    actions::count_audience::{self, AudienceError},
    domain::{
        TextFault,
        content::{self, ContentBlock, LARGEST_PICTURES},
        required,
    },
    permissions::Edit,
    store::{
        campaigns::{self, Campaign, Draft, PlacedCampaign},
        lists::MailingList,
    },
};

const LONGEST_SENDER: usize = 120;
const MOST_CHANNELS: usize = 50;

/// Why it was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveCampaignError {
    /// Something typed cannot be taken.
    #[error("the campaign cannot be written so")]
    Texts(Vec<TextFault>),
    /// A unit, body, course, channel or file that is not there.
    #[error("the campaign names what is not there")]
    NotFound,
    /// It has been sent, or given to be sent.
    #[error("the campaign is no draft")]
    NotDraft,
    /// The object store failed.
    #[error("a picture could not be read")]
    Files(#[source] FilesError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AudienceError> for SaveCampaignError {
    fn from(error: AudienceError) -> Self {
        match error {
            AudienceError::NotFound => Self::NotFound,
            AudienceError::Ages => Self::Texts(vec![TextFault::new("input.audience.ageTo", "out_of_range")]),
            AudienceError::Store(error) => error.into(),
        }
    }
}

/// Writes a new draft on a list.
///
/// # Errors
/// [`SaveCampaignError`].
pub async fn create_campaign(
    tx: &mut TenantTx,
    permit: Permit<Edit, MailingList>,
    tools: &Tools,
    draft: Draft,
) -> Result<CampaignId, SaveCampaignError> {
    let draft = checked(tx, tools, permit.resource(), draft, &[]).await?;
    let id = CampaignId::new();
    campaigns::insert(tx, id, &draft).await?;
    plenum_audit::record(tx, "mailings.create_campaign", id, serde_json::json!({})).await?;
    Ok(id)
}

/// Writes a draft anew, perhaps on another list.
///
/// # Errors
/// [`SaveCampaignError`].
pub async fn update_campaign(
    tx: &mut TenantTx,
    permit: Permit<Edit, PlacedCampaign>,
    onto: Permit<Edit, MailingList>,
    tools: &Tools,
    draft: Draft,
) -> Result<(), SaveCampaignError> {
    let id = permit.resource().campaign.id;
    let campaign = campaigns::lock(tx, id).await?.ok_or(SaveCampaignError::NotFound)?;
    if !campaign.state.is_editable() {
        return Err(SaveCampaignError::NotDraft);
    }
    let known = pictures(&campaign);
    let draft = checked(tx, tools, onto.resource(), draft, &known).await?;
    campaigns::rewrite(tx, id, &draft).await?;
    super::tell(tx, id).await?;
    Ok(())
}

fn pictures(campaign: &Campaign) -> Vec<FileId> {
    files(&campaign.draft.blocks).collect()
}

fn files(blocks: &[ContentBlock]) -> impl Iterator<Item = FileId> {
    blocks.iter().filter_map(|block| match block {
        ContentBlock::Image { file, .. } => Some(*file),
        _ => None,
    })
}

async fn checked(
    tx: &mut TenantTx,
    tools: &Tools,
    list: &MailingList,
    mut draft: Draft,
    known: &[FileId],
) -> Result<Draft, SaveCampaignError> {
    content::check(&draft.subject, &draft.blocks).map_err(SaveCampaignError::Texts)?;
    draft.subject = draft.subject.split_whitespace().collect::<Vec<_>>().join(" ");
    draft.sender_name = required("input.senderName", &draft.sender_name, LONGEST_SENDER)
        .map_err(|fault| SaveCampaignError::Texts(vec![fault]))?;
    draft.list = list.id;
    count_audience::resolve(tx, tools, list, &draft.audience).await?;
    // Whoever did not consent can be counted, and cannot be written to.
    let unreachable = draft.audience.register.consent.is_some_and(|consent| consent != Consent::Given);
    if draft.by_mail && unreachable {
        let fault = TextFault::new("input.audience.consent", "letters_need_consent");
        return Err(SaveCampaignError::Texts(vec![fault]));
    }
    if draft.channels.len() > MOST_CHANNELS {
        return Err(SaveCampaignError::Texts(vec![TextFault::new("input.channels", "too_many")]));
    }
    let mut seen = HashSet::new();
    draft.channels.retain(|channel| seen.insert(*channel));
    for channel in &draft.channels {
        let chat = tools.chat.as_deref().ok_or(SaveCampaignError::NotFound)?;
        chat.channel(tx, *channel).await?.ok_or(SaveCampaignError::NotFound)?;
    }
    check_pictures(tx, tools, &draft.blocks, known).await?;
    Ok(draft)
}

/// A new picture is an upload of whoever writes; what it is tell its bytes, not its name.
async fn check_pictures(
    tx: &mut TenantTx,
    tools: &Tools,
    blocks: &[ContentBlock],
    known: &[FileId],
) -> Result<(), SaveCampaignError> {
    let missing = |error| match error {
        FilesError::NotFound => SaveCampaignError::NotFound,
        other => SaveCampaignError::Files(other),
    };
    let mut together = 0;
    for (at, block) in blocks.iter().enumerate() {
        let ContentBlock::Image { file, .. } = block else { continue };
        let fault = |reason| {
            SaveCampaignError::Texts(vec![TextFault::new(format!("input.blocks.{at}.file"), reason)])
        };
        if !known.contains(file) {
            let account = tx.viewer().account();
            tools.files.own(tx, *file, account).await.map_err(missing)?;
        }
        let stored = plenum_files::store::by_id(tx, *file).await?.ok_or(SaveCampaignError::NotFound)?;
        together += stored.size_bytes;
        if together > LARGEST_PICTURES {
            return Err(fault("file_too_large"));
        }
        if !known.contains(file) {
            let (_, bytes) = tools.files.fetch(tx, *file).await.map_err(missing)?;
            if content::picture_type(&bytes).is_none() {
                return Err(fault("not_an_image"));
            }
        }
    }
    Ok(())
}
