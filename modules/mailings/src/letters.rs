//! What is the same in every letter: the way to leave the list.

use plenum_kernel::TenantId;
use plenum_mail::{Block, Body, Span};
use plenum_mailings_api::DeliveryId;
use url::Url;

use crate::{Tools, store::lists::MailingList};

/// The link by which a recipient leaves the list.
pub(crate) fn leave_url(tools: &Tools, tenant: TenantId, delivery: DeliveryId) -> Option<Url> {
    format!("{}/u/{}", tools.public_url, tools.signer.unsubscribe(tenant, delivery)).parse().ok()
}

/// The end of every letter: from which list it is, and how to leave it.
pub(crate) fn with_footer(body: Body, list: &MailingList, url: Option<Url>) -> Body {
    let mut spans = vec![Span::Text(format!("Рассылка «{}». ", list.name))];
    spans.extend(url.map(|url| Span::Link { text: "Отписаться".to_owned(), url }));
    body.block(Block::Divider).block(Block::Rich(spans))
}
