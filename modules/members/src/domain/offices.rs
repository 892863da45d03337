//! Offices as registers write them.

use plenum_members_api::Office;

use super::text::fold;

/// The words by which an office is told, longest first where one holds another.
const WORDS: [(&str, Office); 9] = [
    ("заместител", Office::DeputyChair),
    ("зам. председател", Office::DeputyChair),
    ("зам председател", Office::DeputyChair),
    ("председател", Office::Chair),
    ("секретар", Office::Secretary),
    ("казначе", Office::Treasurer),
    ("контрольно-ревизионн", Office::AuditMember),
    ("ревизионн", Office::AuditMember),
    ("комитет", Office::CommitteeMember),
];

/// The offices in the organization of a unit that a register's text names, each once: «председатель ППО, член комитета».
/// What is none of them («профорг») is no office here and stays a text of the record.
#[must_use]
pub fn named_in(text: &str) -> Vec<Office> {
    let mut found = Vec::new();
    for part in fold(text).split([',', ';', '/']) {
        // The chair of a commission does not chair the organization.
        let in_commission = part.contains("комисси");
        let office = WORDS.iter().find(|(word, _)| part.contains(word)).map(|(_, office)| *office);
        let office = match office {
            Some(Office::Chair | Office::DeputyChair | Office::Secretary) if in_commission => {
                part.contains("ревизионн").then_some(Office::AuditMember)
            }
            other => other,
        };
        if let Some(office) = office
            && !found.contains(&office)
        {
            found.push(office);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_registers_name_offices() {
        for (text, offices) in [
            ("председатель ППО", vec![Office::Chair]),
            ("Заместитель председателя", vec![Office::DeputyChair]),
            ("зам. председателя ППО", vec![Office::DeputyChair]),
            ("казначей", vec![Office::Treasurer]),
            ("член комитета", vec![Office::CommitteeMember]),
            ("член контрольно-ревизионной комиссии", vec![Office::AuditMember]),
            ("председатель контрольно–ревизионной комиссии", vec![Office::AuditMember]),
            ("Председатель, член комитета; председатель", vec![Office::Chair, Office::CommitteeMember]),
            ("председатель комиссии по охране труда", vec![]),
            ("профорг", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(named_in(text), offices, "{text}");
        }
    }
}
