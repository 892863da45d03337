//! Lists of members: filters, order, pages, the count.

use async_graphql::{
    Context, ID, InputObject, Object,
    connection::{Connection, Edge, EmptyFields},
};
use plenum_db::TenantTx;
use plenum_graph::{Answer, Doors, Paging, Refusal, parse_id};
use plenum_kernel::{TypedId, UnitId};
use plenum_members_api::MemberId;

use super::{
    member::{MemberNode, with_units},
    names::{ConsentState, MemberOfficeKind, MemberSort, MemberState, Sex},
};
use crate::{
    actions::find_members::{Found, find_members},
    permissions,
    store::{
        filters::{Filter, List, Query},
        tree,
    },
};

/// The most units that a filter names.
const MOST_UNITS: usize = 200;

/// Which members are shown. Every criterion that is set narrows.
#[derive(InputObject, Default)]
pub struct MemberFilter {
    /// Words of the name (ё as е), the card's number, a phone, an address, or of workplace and position; all are found.
    search: Option<String>,
    /// Of these units and below.
    units: Option<Vec<ID>>,
    /// Holding one of these offices now.
    offices: Option<Vec<MemberOfficeKind>>,
    /// With one of these consents.
    consent: Option<Vec<ConsentState>>,
    /// At least so many years old.
    age_from: Option<i32>,
    /// At most so many years old.
    age_to: Option<i32>,
    sex: Option<Sex>,
    has_email: Option<bool>,
    has_account: Option<bool>,
    /// Left out: only active ones.
    states: Option<Vec<MemberState>>,
}

/// What a list says besides its page.
pub struct MemberListFields {
    list: List,
    unit: Option<UnitId>,
    /// How many have names like it, when nobody was found as written.
    alike: Option<usize>,
}

#[Object]
impl MemberListFields {
    /// Whether nobody was found as written, and these are people with names like it, the nearest first. There is no
    /// further page of them.
    async fn approximate(&self) -> bool {
        self.alike.is_some()
    }

    /// How many the list has in all.
    async fn total_count(&self, ctx: &Context<'_>) -> Answer<i64> {
        if let Some(alike) = self.alike {
            return Ok(i64::try_from(alike).unwrap_or(i64::MAX));
        }
        let mut tx = ctx.read(permissions::VIEW).await?;
        let visible = tree::visible(&mut tx, self.unit).await?;
        let query = Query::new(&mut tx, &self.list, visible).await?;
        Ok(query.count(&mut tx).await?)
    }
}

/// A page of members.
pub type MemberConnection = Connection<String, MemberNode, MemberListFields, EmptyFields>;

/// A list as it is asked for.
pub(super) fn list_of(
    filter: Option<MemberFilter>,
    sort: MemberSort,
    descending: bool,
    path: &str,
) -> Answer<List> {
    let filter = filter.unwrap_or_default();
    let age = |age: Option<i32>, name: &str| {
        age.map(u8::try_from)
            .transpose()
            .map_err(|_| Refusal::invalid_field(format!("{path}.{name}"), "out_of_range"))
    };
    let units = filter.units.unwrap_or_default();
    if units.len() > MOST_UNITS {
        return Err(Refusal::invalid_field(format!("{path}.units"), "too_many"));
    }
    let units =
        units.iter().map(|unit| parse_id::<UnitId>(unit).map(TypedId::uuid)).collect::<Answer<_>>()?;
    fn all<F, T: From<F>>(values: Option<Vec<F>>) -> Vec<T> {
        values.unwrap_or_default().into_iter().map(T::from).collect()
    }
    Ok(List {
        filter: Filter {
            search: filter.search.unwrap_or_default(),
            units,
            offices: all(filter.offices),
            consent: all(filter.consent),
            age_from: age(filter.age_from, "ageFrom")?,
            age_to: age(filter.age_to, "ageTo")?,
            sex: filter.sex.map(Into::into),
            has_email: filter.has_email,
            has_account: filter.has_account,
            states: all(filter.states),
        },
        sort: sort.into(),
        descending,
    })
}

/// A page of a list.
pub(super) async fn page(
    ctx: &Context<'_>,
    tx: &mut TenantTx,
    paging: &Paging,
    list: List,
    unit: Option<UnitId>,
) -> Answer<MemberConnection> {
    let after = match paging.after.as_deref() {
        Some(cursor) => Some(MemberId::parse_global(cursor).map_err(|_| Paging::bad_cursor())?),
        None => None,
    };
    let visible = tree::visible(tx, unit).await?;
    let Found { mut people, alike } = find_members(tx, &list, visible, after, paging.limit()).await?;
    let wanted = usize::try_from(paging.limit() - 1).unwrap_or_default();
    let more = people.len() > wanted && alike.is_none();
    people.truncate(wanted);
    let looked = ctx.look_ahead();
    let with_offices = looked.field("nodes").field("offices").exists()
        || looked.field("edges").field("node").field("offices").exists();
    let cursors: Vec<String> = people.iter().map(|person| person.id.global()).collect();
    let nodes = with_units(tx, people, with_offices).await?;
    let fields = MemberListFields { list, unit, alike };
    let mut connection = Connection::with_additional_fields(paging.after.is_some(), more, fields);
    connection.edges = cursors.into_iter().zip(nodes).map(|(cursor, node)| Edge::new(cursor, node)).collect();
    Ok(connection)
}
