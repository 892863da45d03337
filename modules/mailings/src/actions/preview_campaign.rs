//! A campaign as one reader gets it.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use plenum_db::{StoreError, TenantTx};
use plenum_files::FileId;
use plenum_mail::Picture;
use plenum_members_api::{Member, MemberId};
use plenum_tenancy::store::{settings, tenants, units};

use crate::{
    Tools,
    actions::count_audience::{self, AudienceError},
    domain::{content, person::Person},
    letters,
    store::{campaigns::PlacedCampaign, lists::MailingList},
};

/// A letter to look at.
#[derive(Debug, Clone)]
pub struct Preview {
    /// To whom it would go.
    pub to: Option<String>,
    /// The subject.
    pub subject: String,
    /// The HTML form, a whole page with its pictures inside.
    pub html: String,
    /// The plain text form.
    pub text: String,
}

/// The first members of the audience who would get it, for choosing one.
///
/// # Errors
/// [`AudienceError`].
pub async fn sample(
    tx: &mut TenantTx,
    tools: &Tools,
    placed: &PlacedCampaign,
) -> Result<Vec<(MemberId, String)>, AudienceError> {
    let register = count_audience::resolve(tx, tools, &placed.list, &placed.campaign.draft.audience).await?;
    let stretch = count_audience::walk(tx, tools, &placed.list, &register, None, 100).await?;
    let recipients = stretch.looked_at.into_iter().filter_map(Result::ok).take(20);
    Ok(recipients.map(|one| (one.member(), one.full_name().to_owned())).collect())
}

/// Renders it for a member of the audience, or for nobody in particular.
///
/// # Errors
/// [`AudienceError::NotFound`] when the member is not of the audience.
pub async fn preview_campaign(
    tx: &mut TenantTx,
    tools: &Tools,
    placed: &PlacedCampaign,
    member: Option<MemberId>,
) -> Result<Preview, AudienceError> {
    let mut reader = None;
    if let Some(id) = member {
        let mut register =
            count_audience::resolve(tx, tools, &placed.list, &placed.campaign.draft.audience).await?;
        let meant = register.only.as_ref().is_none_or(|only| only.contains(&id));
        register.only = Some(if meant { vec![id] } else { Vec::new() });
        let found = tools.members.select(tx, &register, None, 1).await?.pop();
        reader = Some(found.ok_or(AudienceError::NotFound)?);
    }
    let person = person(tx, reader.as_ref()).await?;
    let draft = &placed.campaign.draft;
    let pictures = pictures(tx, tools, &draft.blocks).await?;
    let inline = |file: FileId| {
        let picture: &Picture = pictures.get(&file)?;
        Some(format!("data:{};base64,{}", picture.content_type, STANDARD.encode(&picture.bytes)))
    };
    let body = content::body_for(&draft.blocks, &person, &inline);
    let url = letters::leave_url(tools, tx.tenant(), plenum_kernel::TypedId::from_uuid(uuid::Uuid::nil()));
    let body = letters::with_footer(body, &placed.list, url);
    let subject = content::subject_for(&draft.subject, &person);
    let language = settings::correspondence(tx).await?.language;
    Ok(Preview {
        to: reader.map(|member| member.full_name),
        html: body.to_html(&subject, language),
        text: body.to_text(),
        subject,
    })
}

/// What is known of a reader.
pub(crate) async fn person(tx: &mut TenantTx, member: Option<&Member>) -> Result<Person, StoreError> {
    let tenant = tx.tenant();
    let organization = tenants::by_id(tx.conn(), tenant).await?.map(|tenant| tenant.name).unwrap_or_default();
    let Some(member) = member else { return Ok(Person { organization, ..Person::default() }) };
    Ok(Person {
        full_name: member.full_name.clone(),
        given_names: member.given_names.clone(),
        unit: units::by_id(tx, member.unit).await?.map(|unit| unit.name),
        organization,
    })
}

/// The pictures of a content, by file. One that cannot be read is left out of the letter.
pub(crate) async fn pictures(
    tx: &mut TenantTx,
    tools: &Tools,
    blocks: &[content::ContentBlock],
) -> Result<HashMap<FileId, Picture>, StoreError> {
    let mut pictures = HashMap::new();
    for block in blocks {
        let content::ContentBlock::Image { file, .. } = block else { continue };
        match tools.files.fetch(tx, *file).await {
            Ok((_, bytes)) => {
                if let Some(content_type) = content::picture_type(&bytes) {
                    let id = format!("picture-{}", plenum_kernel::TypedId::uuid(*file).simple());
                    let content_type = content_type.to_owned();
                    pictures.insert(*file, Picture { id, content_type, bytes: bytes.to_vec() });
                }
            }
            Err(plenum_files::FilesError::Store(error)) => return Err(error),
            Err(error) => tracing::warn!(%error, file.id = %file, "a picture of a mailing could not be read"),
        }
    }
    Ok(pictures)
}

/// The list that a letter goes from, for its headers.
pub(crate) fn list_id(list: &MailingList, domain: &str) -> String {
    format!("{}.{domain}", plenum_kernel::TypedId::uuid(list.id).simple())
}
