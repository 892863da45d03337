//! What is sent, and the same things as they are shown.

use async_graphql::{Enum, ID, InputObject, SimpleObject};
use plenum_bodies_api::BodyId;
use plenum_chat_api::ChannelId;
use plenum_files::FileId;
use plenum_graph::{Answer, Refusal, global, parse_id};
use plenum_kernel::TypedId;
use plenum_learning_api::CourseId;
use plenum_mailings_api::MailingListId;
use plenum_members_api::{Audience, Consent, MemberId, Office};

use crate::{
    domain::{
        audience::{CampaignAudience, CourseCriterion, CourseProgress},
        content::ContentBlock,
    },
    store::campaigns::Draft,
};

/// The most ids of one criterion.
const MOST_IDS: usize = 1_000;

/// An office by which an audience is chosen.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Office")]
pub enum AudienceOffice {
    /// Chairs.
    Chair,
    /// Stands in for the chair.
    DeputyChair,
    /// Keeps the papers.
    Secretary,
    /// Keeps the money.
    Treasurer,
    /// Sits in the committee.
    CommitteeMember,
    /// Sits in the audit commission.
    AuditMember,
    /// Sits in any other elected body.
    BodyMember,
}

/// A sex by which an audience is chosen.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum AudienceSex {
    /// Women.
    Female,
    /// Men.
    Male,
}

/// What is on record of the consent to the use of personal data.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Consent")]
pub enum AudienceConsent {
    /// Given and not withdrawn.
    Given,
    /// Refused or withdrawn. They can be counted; no letter goes to them.
    Refused,
    /// Nothing is on record. They can be counted; no letter goes to them.
    Missing,
}

/// How far in a course they have to be.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "CourseProgress")]
pub enum AudienceCourseProgress {
    /// Enrolled and not begun.
    NotStarted,
    /// Begun and not done.
    InProgress,
    /// Enrolled and not done.
    NotCompleted,
    /// Enrolled and not done, though the due date has passed.
    Overdue,
    /// Done.
    Completed,
    /// Not on the course: never enrolled, or taken off it.
    NotEnrolled,
}

/// Who is meant. Every criterion that is set narrows. Whatever it says, only who consented, has an address and did not
/// leave the list gets a letter.
#[derive(InputObject)]
pub struct MailingAudienceInput {
    /// On record in one of these units or below.
    #[graphql(default)]
    units: Vec<ID>,
    /// Holding one of these offices.
    #[graphql(default)]
    offices: Vec<AudienceOffice>,
    /// Only offices of primary organizations count.
    #[graphql(default)]
    of_primaries: bool,
    /// Holding a seat in one of these bodies.
    #[graphql(default)]
    bodies: Vec<ID>,
    /// At least so many years old.
    age_from: Option<u8>,
    /// At most so many years old.
    age_to: Option<u8>,
    /// Of this sex.
    sex: Option<AudienceSex>,
    /// With this consent on record. A campaign that goes by mail takes none but those who gave it.
    consent: Option<AudienceConsent>,
    /// So far in this course.
    course: Option<ID>,
    /// How far they are in it; left out, not done.
    course_progress: Option<AudienceCourseProgress>,
    /// Only these members.
    members: Option<Vec<ID>>,
}

/// Who is meant, as it was saved.
#[derive(SimpleObject)]
pub struct MailingAudience {
    units: Vec<ID>,
    offices: Vec<AudienceOffice>,
    of_primaries: bool,
    bodies: Vec<ID>,
    age_from: Option<u8>,
    age_to: Option<u8>,
    sex: Option<AudienceSex>,
    consent: Option<AudienceConsent>,
    course: Option<ID>,
    course_progress: Option<AudienceCourseProgress>,
    members: Option<Vec<ID>>,
}

fn ids<T: TypedId>(path: &str, ids: &[ID]) -> Answer<Vec<T>> {
    if ids.len() > MOST_IDS {
        return Err(Refusal::invalid_field(format!("input.audience.{path}"), "too_many"));
    }
    ids.iter().map(parse_id).collect()
}

impl MailingAudienceInput {
    pub(super) fn read(self) -> Answer<CampaignAudience> {
        let members = self.members.as_deref().map(|all| ids::<MemberId>("members", all)).transpose()?;
        let register = Audience {
            units: ids("units", &self.units)?,
            offices: self.offices.into_iter().map(Office::from).collect(),
            of_primaries: self.of_primaries,
            bodies: ids::<BodyId>("bodies", &self.bodies)?.into_iter().map(TypedId::uuid).collect(),
            age_from: self.age_from,
            age_to: self.age_to,
            sex: self.sex.map(|sex| match sex {
                AudienceSex::Female => "female".to_owned(),
                AudienceSex::Male => "male".to_owned(),
            }),
            consent: self.consent.map(Into::into),
            only: members,
            ..Audience::default()
        };
        if self.course.is_none() && self.course_progress.is_some() {
            return Err(Refusal::invalid_field("input.audience.courseProgress", "needs_course"));
        }
        let course = match &self.course {
            Some(id) => Some(CourseCriterion {
                course: parse_id::<CourseId>(id)?,
                progress: self.course_progress.map_or(CourseProgress::NotCompleted, Into::into),
            }),
            None => None,
        };
        Ok(CampaignAudience { register, course })
    }
}

impl From<&CampaignAudience> for MailingAudience {
    fn from(audience: &CampaignAudience) -> Self {
        let register = &audience.register;
        Self {
            units: register.units.iter().map(|id| global(*id)).collect(),
            offices: register.offices.iter().map(|office| (*office).into()).collect(),
            of_primaries: register.of_primaries,
            bodies: register.bodies.iter().map(|id| global(BodyId::from(*id))).collect(),
            age_from: register.age_from,
            age_to: register.age_to,
            sex: register.sex.as_deref().map(|sex| match sex {
                "female" => AudienceSex::Female,
                _ => AudienceSex::Male,
            }),
            consent: register.consent.map(Into::into),
            course: audience.course.map(|criterion| global(criterion.course)),
            course_progress: audience.course.map(|criterion| criterion.progress.into()),
            members: register.only.as_ref().map(|all| all.iter().map(|id| global(*id)).collect()),
        }
    }
}

/// What a block of the content is.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum CampaignBlockKind {
    /// A title: `text`.
    Heading,
    /// A paragraph: `text`, with `**bold**` and `[words](https://…)`.
    Paragraph,
    /// A list: `items`, written like paragraphs, perhaps `numbered`.
    List,
    /// A button: `label` and `url`.
    Button,
    /// A picture: `file` and `alt`.
    Image,
    /// A line across.
    Divider,
}

/// A part of the content. Texts may name personal fields: `{{имя_отчество|коллега}}`.
#[derive(InputObject)]
pub struct CampaignBlockInput {
    kind: CampaignBlockKind,
    text: Option<String>,
    items: Option<Vec<String>>,
    numbered: Option<bool>,
    label: Option<String>,
    url: Option<String>,
    /// A complete upload of the caller: PNG, JPEG or GIF.
    file: Option<ID>,
    alt: Option<String>,
}

/// A part of the content, as it was saved.
#[derive(SimpleObject)]
pub struct CampaignBlock {
    kind: CampaignBlockKind,
    text: Option<String>,
    items: Option<Vec<String>>,
    numbered: Option<bool>,
    label: Option<String>,
    url: Option<String>,
    file: Option<ID>,
    alt: Option<String>,
}

impl CampaignBlockInput {
    fn read(self, at: usize) -> Answer<ContentBlock> {
        let text = self.text.unwrap_or_default();
        Ok(match self.kind {
            CampaignBlockKind::Heading => ContentBlock::Heading { text },
            CampaignBlockKind::Paragraph => ContentBlock::Paragraph { text },
            CampaignBlockKind::List => ContentBlock::List {
                numbered: self.numbered.unwrap_or_default(),
                items: self.items.unwrap_or_default(),
            },
            CampaignBlockKind::Button => ContentBlock::Button {
                label: self.label.unwrap_or_default(),
                url: self.url.unwrap_or_default(),
            },
            CampaignBlockKind::Image => {
                let file = self
                    .file
                    .ok_or_else(|| Refusal::invalid_field(format!("input.blocks.{at}.file"), "empty"))?;
                ContentBlock::Image { file: parse_id::<FileId>(&file)?, alt: self.alt.unwrap_or_default() }
            }
            CampaignBlockKind::Divider => ContentBlock::Divider,
        })
    }
}

impl From<&ContentBlock> for CampaignBlock {
    fn from(block: &ContentBlock) -> Self {
        let empty = Self {
            kind: CampaignBlockKind::Divider,
            text: None,
            items: None,
            numbered: None,
            label: None,
            url: None,
            file: None,
            alt: None,
        };
        match block.clone() {
            ContentBlock::Heading { text } => {
                Self { kind: CampaignBlockKind::Heading, text: Some(text), ..empty }
            }
            ContentBlock::Paragraph { text } => {
                Self { kind: CampaignBlockKind::Paragraph, text: Some(text), ..empty }
            }
            ContentBlock::List { numbered, items } => {
                Self { kind: CampaignBlockKind::List, items: Some(items), numbered: Some(numbered), ..empty }
            }
            ContentBlock::Button { label, url } => {
                Self { kind: CampaignBlockKind::Button, label: Some(label), url: Some(url), ..empty }
            }
            ContentBlock::Image { file, alt } => {
                Self { kind: CampaignBlockKind::Image, file: Some(global(file)), alt: Some(alt), ..empty }
            }
            ContentBlock::Divider => empty,
        }
    }
}

/// A campaign as it is written.
#[derive(InputObject)]
pub struct CampaignInput {
    pub(super) list: ID,
    subject: String,
    sender_name: String,
    blocks: Vec<CampaignBlockInput>,
    audience: MailingAudienceInput,
    #[graphql(default = true)]
    by_mail: bool,
    /// Channels of chat to which it goes too.
    #[graphql(default)]
    channels: Vec<ID>,
}

impl CampaignInput {
    pub(super) fn read(self) -> Answer<Draft> {
        let blocks =
            self.blocks.into_iter().enumerate().map(|(at, block)| block.read(at)).collect::<Answer<_>>()?;
        Ok(Draft {
            list: parse_id::<MailingListId>(&self.list)?,
            subject: self.subject,
            sender_name: self.sender_name,
            blocks,
            audience: self.audience.read()?,
            by_mail: self.by_mail,
            channels: self.channels.iter().map(parse_id::<ChannelId>).collect::<Answer<_>>()?,
        })
    }
}

/// A list as it is described.
#[derive(InputObject)]
pub struct MailingListInput {
    pub(super) name: String,
    #[graphql(default)]
    pub(super) description: String,
    /// The unit whose list it is; left out, the apparatus. It stays.
    pub(super) unit: Option<ID>,
}
