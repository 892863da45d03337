//! One file per verb.

pub(crate) mod add_member;
pub(crate) mod carry_transfer;
pub(crate) mod commit_import;
pub(crate) mod decide_correction;
pub(crate) mod decide_transfer;
pub(crate) mod discard_import;
pub(crate) mod export_members;
pub(crate) mod find_members;
pub(crate) mod import_file;
pub(crate) mod invite_member;
pub(crate) mod link_account;
pub(crate) mod move_member;
pub(crate) mod prepare_import;
pub(crate) mod print_card;
pub(crate) mod record_consent;
pub(crate) mod reissue_card;
pub(crate) mod request_correction;
pub(crate) mod request_transfer;
pub(crate) mod set_mapping;
pub(crate) mod update_member;

mod check;
mod parse;
mod walk;
