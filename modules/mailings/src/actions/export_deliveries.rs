//! The ledger of a campaign as a CSV file.

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_files::{File, FilesError};
use serde_json::json;

use crate::{
    Tools,
    domain::state::DeliveryState,
    permissions::View,
    store::{campaigns::PlacedCampaign, deliveries},
};

const PAGE: i64 = 5_000;

/// Writes the file and keeps it.
///
/// # Errors
/// [`FilesError`] when the object store or the database fails.
pub async fn export_deliveries(
    tx: &mut TenantTx,
    permit: Permit<View, PlacedCampaign>,
    tools: &Tools,
) -> Result<File, FilesError> {
    let id = permit.resource().campaign.id;
    // Excel takes a file with this mark for UTF-8.
    let mut csv = String::from("\u{feff}ФИО;Адрес;Состояние;Причина;Попыток;Время (UTC)\r\n");
    let mut after = None;
    loop {
        let page = deliveries::page(tx, id, &[], after, PAGE).await?;
        for line in &page {
            let at = line.finished_at.map(|at| at.format("%d.%m.%Y %H:%M:%S").to_string());
            let cells = [
                line.full_name.clone(),
                line.address.clone(),
                word(line.state).to_owned(),
                line.reason.clone().unwrap_or_default(),
                line.attempts.to_string(),
                at.unwrap_or_default(),
            ];
            csv.push_str(&cells.map(|cell| quoted(&cell)).join(";"));
            csv.push_str("\r\n");
        }
        match page.last() {
            Some(last) if page.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX) => after = Some(last.id),
            _ => break,
        }
    }
    let file = tools.files.keep(tx, "delivery.csv", "text/csv", csv.into_bytes().into()).await?;
    plenum_audit::record(tx, "mailings.export_deliveries", id, json!({}))
        .await
        .map_err(|error: StoreError| FilesError::Store(error))?;
    Ok(file)
}

fn word(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Pending => "ожидает",
        DeliveryState::Sending => "отправляется",
        DeliveryState::Sent => "отправлено",
        DeliveryState::Failed => "не удалось отправить",
        DeliveryState::Bounced => "возвращено",
        DeliveryState::Skipped => "не отправлялось",
        DeliveryState::Uncertain => "неизвестно",
    }
}

/// A cell; what a spreadsheet would take for a formula is neutralized (OWASP, CSV injection).
fn quoted(cell: &str) -> String {
    let cell =
        if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() };
    format!("\"{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_formula_is_neutralized_and_quotes_are_doubled() {
        assert_eq!(quoted("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(quoted("Анна; Белова"), "\"Анна; Белова\"");
    }
}
